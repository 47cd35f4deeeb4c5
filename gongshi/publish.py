"""Make the output folder hold exactly the files of this build.

Files are staged inside the output folder and put in place only when all are good and nothing stands in their way. Files
that are already right are not touched. A list of what was written is kept, so that the next build removes what is gone,
and nothing else: it is widened before the first file is put in place and narrowed after the last, so a build that is
cut off leaves nothing unknown. A lock, which the system gives up with the process, keeps two builds apart.
"""

import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

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


class Stage:
    """Collects the files of one build. Use it as a context manager: what is not committed leaves no trace."""

    def __init__(self, output: Path, sources: Iterable[Path]) -> None:
        """Raise UsageError if a build may not fill the folder; `sources` are folders that are only read."""
        self.output = output
        self.private = output / PRIVATE
        self.staging = self.private / "staging"
        self._manifest = self.private / "files.json"
        self._lock: IO[str] | None = None
        self._files: set[str] = set()
        self._changed: list[str] = []
        self._made = [folder for folder in (output, *output.parents) if not folder.exists()]
        self._before: set[str] = set()
        _refuse_unknown(output, self._manifest, sources)

    def __enter__(self) -> Self:
        self.private.mkdir(parents=True, exist_ok=True)
        self._take_lock()
        try:
            self._before = self._read_manifest()  # only now does nobody else change it
        except BaseException:
            self._give_lock_up()
            raise
        shutil.rmtree(self.staging, ignore_errors=True)
        self.staging.mkdir()
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.staging, ignore_errors=True)
        if not self._manifest.exists():
            shutil.rmtree(self.private, ignore_errors=True)
            for folder in self._made:
                _remove_if_empty(folder)
        self._give_lock_up()

    def add(self, file: str, body: bytes) -> None:
        """Stage a file, given by its path below the output folder; one that is already right is left alone."""
        self._files.add(file)
        if self._is_current(self.output / file, body):
            return
        staged = self.staging / file
        staged.parent.mkdir(parents=True, exist_ok=True)
        staged.write_bytes(body)
        self._changed.append(file)

    def commit(self) -> Published:
        """Put every staged file in place and remove what earlier builds wrote and this one did not.

        Raises UsageError, with the site as it was, if something that no build made stands in the way.
        """
        gone = self._before - self._files
        first = self._in_the_way(gone)
        if self._changed or self._before != self._files:
            self._write_manifest(self._before | self._files)
            for file in sorted(first):
                self._remove(file)
            for file in self._changed:
                target = self.output / file
                target.parent.mkdir(parents=True, exist_ok=True)
                if target.is_dir() and not target.is_symlink():  # empty by now, folders in folders aside
                    for folder in sorted(target.rglob("*"), reverse=True):
                        folder.rmdir()
                    target.rmdir()
                (self.staging / file).replace(target)
            for file in sorted(gone - first):
                self._remove(file)
            self._write_manifest(self._files)
        return Published(len(self._files), len(self._changed), len(gone))

    def _take_lock(self) -> None:
        self._lock = (self.private / "lock").open("a")
        if fcntl:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                self._give_lock_up()
                raise UsageError(f"另一个生成正在写入 {self.output}；请等它结束后再试") from None

    def _give_lock_up(self) -> None:
        if self._lock:
            self._lock.close()

    @staticmethod
    def _is_current(target: Path, body: bytes) -> bool:
        try:
            return not target.is_symlink() and target.stat().st_size == len(body) and target.read_bytes() == body
        except OSError:
            return False

    def _in_the_way(self, gone: set[str]) -> set[str]:
        """Files of earlier builds that stand where folders have to be, or in a folder where a file has to be."""
        first: set[str] = set()
        seen: set[Path] = set()
        for file in self._changed:
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

    def _remove(self, file: str) -> None:
        target = self.output / file
        if not target.parent.resolve().is_relative_to(self.output.resolve()):
            return
        if target.is_file() or target.is_symlink():
            target.unlink()
        for folder in target.relative_to(self.output).parents:
            if folder == Path() or not _remove_if_empty(self.output / folder):
                break

    def _read_manifest(self) -> set[str]:
        if not self._manifest.exists():
            return set()
        try:
            files = json.loads(self._manifest.read_bytes())["files"]
            if not isinstance(files, list) or not all(isinstance(file, str) for file in files):
                raise TypeError
        except (ValueError, KeyError, TypeError, RecursionError):
            message = f"{self._manifest} 损坏了，不知道以前生成过哪些文件；请清空 {self.output} 后重新生成"
            raise UsageError(message) from None
        return {file for file in files if _is_ours(file)}

    def _write_manifest(self, files: set[str]) -> None:
        temporary = self._manifest.with_suffix(".new")
        body = json.dumps({"version": 1, "files": sorted(files)}, ensure_ascii=False, indent=0)
        temporary.write_text(body, encoding="utf-8", newline="\n")
        temporary.replace(self._manifest)


def _is_ours(file: str) -> bool:
    """True for a path that a build can have written: below the output folder, and not in our own."""
    if "\\" in file or re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", file):
        return False
    parts = file.split("/")
    possible = all(part not in ("", ".", "..") and len(part.encode()) <= MAX_NAME for part in parts)
    return possible and parts[0] != PRIVATE


def _remove_if_empty(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False
    return True


def _refuse_unknown(output: Path, manifest: Path, sources: Iterable[Path]) -> None:
    resolved = output.resolve()
    for source in sources:
        other = source.resolve()
        if other.is_relative_to(resolved) or resolved.is_relative_to(other):
            raise UsageError(f"输出文件夹 {output} 与 {source} 重叠；请用 --output 指定另一个文件夹")
    if not output.exists():
        return
    if not output.is_dir():
        raise UsageError(f"{output} 不是文件夹；请用 --output 指定另一个")
    for own in (manifest.parent, manifest, manifest.parent / "staging", manifest.parent / "lock"):
        if own.is_symlink():
            raise UsageError(f"{own} 是链接；请删去后重试")
    if not manifest.exists() and any(path.name != PRIVATE for path in output.iterdir()):
        raise UsageError(
            f"{output} 里有不是本程序生成的文件，为免误删，没有写入；请清空它，或用 --output 指定另一个文件夹"
        )
