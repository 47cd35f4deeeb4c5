"""Make the output folder hold exactly the files of this build.

New files are staged inside the output folder and put in place only when all are good and nothing stands in their way.
Files that are already right are not touched. A list of what was written is kept, so that the next build removes what is
gone, and nothing else. Before the first file is put in place a journal says what is to be done: a build that is killed
on the way is completed by the next one, and one that fails on the way takes back what it did. A lock, which the system
gives up with the process, keeps two builds apart.
"""

import filecmp
import json
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import IO, Any, Self

from gongshi.fingerprint import digest
from gongshi.problems import UsageError

try:
    import fcntl
except ImportError:  # not on Windows, where an open lock file cannot be removed either
    fcntl = None  # type: ignore[assignment]

PRIVATE = ".gongshi"  # the folder of this module inside the output folder
MAX_NAME = 255  # bytes in one part of a path


@dataclass(frozen=True, slots=True)
class Published:
    """How many files the site has, and how many of them this build wrote and removed."""

    files: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class Staged:
    """A file as it will be published: its name in the staging folder (empty: it is in place), its looks and hash."""

    name: str
    size: int  # bytes
    mtime: int  # ns
    sha256: bytes


def stage_file(output: Path, staging: Path, file: str, body: bytes) -> Staged:
    """Stage a file, given by its path below the output folder; one that is already right is left alone."""
    target = output / file
    with suppress(OSError):
        found = target.lstat()
        if stat.S_ISREG(found.st_mode) and found.st_size == len(body) and target.read_bytes() == body:
            return Staged("", found.st_size, found.st_mtime_ns, sha256(body).digest())
    return stage_new(staging, body)


def stage_new(staging: Path, body: bytes) -> Staged:
    """Stage bytes for a file that cannot be in place yet."""
    with new_staged(staging) as staged:
        staged.write(body)
    return looks_of(staged)


def new_staged(staging: Path) -> IO[bytes]:
    """A new file of the staging folder, to be written and closed."""
    return (staging / secrets.token_hex(8)).open("xb")


def looks_of(staged: IO[bytes]) -> Staged:
    """A staged file that has been closed."""
    path = Path(staged.name)
    found = path.stat()
    with path.open("rb") as file:
        return Staged(path.name, found.st_size, found.st_mtime_ns, file_digest(file, "sha256").digest())


def unless_there(output: Path, staging: Path, file: str, staged: Staged) -> Staged:
    """A staged file, or the one that is in place if it is the same."""
    target = output / file
    with suppress(OSError):
        found = target.lstat()
        if stat.S_ISREG(found.st_mode) and filecmp.cmp(target, staging / staged.name, shallow=False):
            (staging / staged.name).unlink()
            return Staged("", found.st_size, found.st_mtime_ns, staged.sha256)
    return staged


class Stage:
    """Collects the files of one build. Use it as a context manager: what is not committed leaves no trace."""

    def __init__(self, output: Path, sources: Iterable[Path]) -> None:
        """Raise UsageError if a build may not fill the folder; `sources` are folders that are only read."""
        self.output = output
        self.private = output / PRIVATE
        self.staging = self.private / "staging"
        self._backup = self.private / "backup"
        self._journal = self.private / "journal.json"
        self._manifest = self.private / "files.json"
        self._lock: IO[str] | None = None
        self._made = [folder for folder in (output, *output.parents) if not folder.exists()]
        self._before: set[str] = set()
        _refuse_unknown(output, self._manifest, self._journal, sources)

    def __enter__(self) -> Self:
        self.private.mkdir(parents=True, exist_ok=True)
        self._take_lock()
        try:
            self._complete()
            self._before = self._read_manifest()  # only now does nobody else change it
            self._clear()
            self.staging.mkdir()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()

    @property
    def interrupted(self) -> bool:
        """True if a build left something behind: it was killed, or could not clean up."""
        return any(path.exists() for path in (self._journal, self.staging, self._backup))

    def commit(self, files: Mapping[str, Staged]) -> Published:
        """Put every staged file in place and remove what earlier builds wrote and this one did not.

        Raises UsageError, with the site as it was, if something that no build made stands in the way; OSError, with the
        site as it was, if the system refuses.
        """
        gone = set(filter(is_ours, self._before - files.keys()))
        changed = {file: staged.name for file, staged in files.items() if staged.name}
        first = self._in_the_way(changed, gone)
        if changed or self._before != files.keys():
            work = {"place": changed, "first": sorted(first), "gone": sorted(gone), "files": sorted(files)}
            _write_json(self._journal, work)
            try:
                self._carry_out(work)
            except OSError:
                if self._take_back(work):
                    self._journal.unlink()
                raise
            self._finish(work)
        return Published(len(files), len(changed), len(gone))

    def _complete(self) -> None:
        """Do what a build that was killed had begun to do."""
        if not self._journal.exists():
            return
        work = self._read(self._journal)
        self._carry_out(work)
        self._finish(work)

    def _carry_out(self, work: dict[str, Any]) -> None:
        """Put files in place, keeping those before them. What is done already is left: this can be repeated."""
        self._backup.mkdir(exist_ok=True)
        for file in work["first"]:
            self._set_aside(file)
        for file, name in work["place"].items():
            staged = self.staging / name
            target = self.output / file
            if not staged.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_dir() and not target.is_symlink():  # empty by now, folders in folders aside
                for folder in sorted(target.rglob("*"), reverse=True):
                    folder.rmdir()
                target.rmdir()
            elif target.exists():
                kept = self._backup / name
                kept.unlink(missing_ok=True)
                try:
                    os.link(target, kept)
                except OSError:  # not every file system knows links
                    shutil.copy2(target, kept)
            staged.replace(target)
        for file in work["gone"]:
            self._set_aside(file)

    def _take_back(self, work: dict[str, Any]) -> bool:
        """Undo what was carried out; False if the system does not let us: the next build has to complete it."""
        try:
            for file, name in work["place"].items():
                if not (self.staging / name).exists():
                    kept = self._backup / name
                    if kept.exists():
                        kept.replace(self.output / file)
                        continue
                    (self.output / file).replace(self.staging / name)
                self._remove_empty(file)  # also folders that were made for a file that never came
            for file in (*work["first"], *work["gone"]):
                aside = self._backup / _aside(file)
                if aside.exists():
                    (self.output / file).parent.mkdir(parents=True, exist_ok=True)
                    aside.replace(self.output / file)
        except OSError:
            return False
        return True

    def _finish(self, work: dict[str, Any]) -> None:
        _write_json(self._manifest, {"version": 1, "files": work["files"]})
        for file in work["gone"]:
            self._remove_empty(file)
        self._journal.unlink()

    def _set_aside(self, file: str) -> None:
        """Take a file that is gone out of the site."""
        target = self.output / file
        if not target.parent.resolve().is_relative_to(self.output.resolve()):
            return
        if target.is_file() or target.is_symlink():
            target.replace(self._backup / _aside(file))

    def _remove_empty(self, file: str) -> None:
        """Remove the folders that a file left empty."""
        for folder in Path(file).parents:
            if folder == Path() or not _remove_if_empty(self.output / folder):
                break

    def _take_lock(self) -> None:
        self._lock = (self.private / "lock").open("a")
        if fcntl:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                self._lock.close()
                self._lock = None
                raise UsageError(f"另一个生成正在写入 {self.output}；请等它结束后再试") from None

    def _leave(self) -> None:
        """Leave no trace but the list of files, and give the lock up."""
        if self._lock is None:
            return
        if not self._journal.exists():  # else the next build needs what is staged
            self._clear()
        if not self._manifest.exists() and not self._journal.exists():
            shutil.rmtree(self.private, ignore_errors=True)
            for folder in self._made:
                _remove_if_empty(folder)
        self._lock.close()
        self._lock = None

    def _clear(self) -> None:
        for folder in (self.staging, self._backup):
            shutil.rmtree(folder, ignore_errors=True)

    def _in_the_way(self, changed: Iterable[str], gone: set[str]) -> set[str]:
        """Files of earlier builds that stand where folders have to be, or in a folder where a file has to be."""
        first: set[str] = set()
        seen: set[Path] = set()
        for file in changed:
            target = self.output / file
            for folder in (self.output / parent for parent in Path(file).parents):
                if folder in seen or folder == self.output:
                    continue
                seen.add(folder)
                if folder.is_symlink():
                    raise UsageError(f"{folder} 是链接，会指到输出文件夹之外；请删去后重试")
                if folder.exists() and not folder.is_dir():
                    first.add(self._ours(folder, gone))
            if target.is_dir() and not target.is_symlink():
                first.update(self._ours(path, gone) for path in target.rglob("*") if not path.is_dir())
            elif target.exists():
                self._ours(target, self._before)
        return first

    def _ours(self, path: Path, known: set[str]) -> str:
        """The name of a file that stands in the way, if it is one of those that are known to be ours."""
        file = path.relative_to(self.output).as_posix()
        if file not in known:
            raise UsageError(f"{path} 占用了网页的位置，又不是本程序生成的；请移走后重试")
        return file

    def _read_manifest(self) -> set[str]:
        return set(self._read(self._manifest)["files"]) if self._manifest.exists() else set()

    def _read(self, path: Path) -> dict[str, Any]:
        """The list of files or the journal; in what is to be done no names that no build can have written."""
        try:
            if not path.is_file():
                raise TypeError
            found = json.loads(path.read_bytes())
            places = found.get("place", {})
            lists = {key: found.get(key, []) for key in ("first", "gone")} | {"files": found["files"]}
            if not all(isinstance(file, str) for files in lists.values() for file in files):
                raise TypeError
            if not all(re.fullmatch("[0-9a-f]{16}", name) for name in places.values()):
                raise TypeError
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            message = f"{path} 损坏了，不知道以前生成过哪些文件；请清空 {self.output} 后重新生成"
            raise UsageError(message) from None
        kept: dict[str, Any] = {key: list(filter(is_ours, lists[key])) for key in ("first", "gone")}
        placed = {file: name for file, name in places.items() if is_ours(file)}
        return kept | {"files": lists["files"], "place": placed}


def _aside(file: str) -> str:
    """The name under which a file that is gone is kept until the end."""
    return f"gone-{digest(file.encode()).hex()}"


def _write_json(path: Path, value: dict[str, Any]) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8", newline="\n")
    temporary.replace(path)


def is_ours(file: str) -> bool:
    """True for a path that a build can have written: below the output folder, and not in our own."""
    if "\\" in file or re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", file):
        return False
    parts = file.split("/")
    possible = all(part not in ("", ".", "..") and len(part.encode()) <= MAX_NAME for part in parts)
    return possible and parts[0] != PRIVATE


def _remove_if_empty(folder: Path) -> bool:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True  # the one above may be empty as well
    except OSError:
        return False
    return True


def _refuse_unknown(output: Path, manifest: Path, journal: Path, sources: Iterable[Path]) -> None:
    resolved = Path(os.path.realpath(output))
    for source in sources:
        other = Path(os.path.realpath(source))
        if other.is_relative_to(resolved) or resolved.is_relative_to(other):
            raise UsageError(f"输出文件夹 {output} 与 {source} 重叠；请用 --output 指定另一个文件夹")
    if not output.exists():
        return
    if not output.is_dir():
        raise UsageError(f"{output} 不是文件夹；请用 --output 指定另一个")
    for name in ("", "staging", "backup", "lock", manifest.name, journal.name):
        if (manifest.parent / name).is_symlink():
            raise UsageError(f"{manifest.parent / name} 是链接；请删去后重试")
    known = manifest.exists() or journal.exists()
    if not known and any(path.name != PRIVATE for path in output.iterdir()):
        raise UsageError(
            f"{output} 里有不是本程序生成的文件，为免误删，没有写入；请清空它，或用 --output 指定另一个文件夹"
        )
