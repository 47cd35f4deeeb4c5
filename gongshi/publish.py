"""Make the output folder hold exactly the files of this build.

Files are staged inside the output folder and put in place only when all are good. Files that are already right are not
touched. A list of what was written is kept, so that the next build removes what is gone, and nothing else: it is
widened before the first file is put in place and narrowed after the last, so a build that is cut off leaves nothing
unknown.
"""

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from gongshi.problems import UsageError

PRIVATE = ".gongshi"  # the folder of this module inside the output folder


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
        self._files: set[str] = set()
        self._changed: list[str] = []
        self._safe_folders: set[Path] = set()
        self._made_output = not output.exists()
        _refuse_unknown(output, self._manifest, sources)

    def __enter__(self) -> Self:
        shutil.rmtree(self.staging, ignore_errors=True)
        self.staging.mkdir(parents=True)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.staging, ignore_errors=True)
        if not self._manifest.exists():
            shutil.rmtree(self.private, ignore_errors=True)
            if self._made_output:
                self.output.rmdir()

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
        """Put every staged file in place and remove what earlier builds wrote and this one did not."""
        before = self._read_manifest()
        gone = before - self._files
        if self._changed or gone or before != self._files:
            self._write_manifest(before | self._files)
            for file in self._changed:
                target = self.output / file
                self._make_folder(target.parent)
                (self.staging / file).replace(target)
            for file in gone:
                self._remove(file)
            self._write_manifest(self._files)
        return Published(len(self._files), len(self._changed), len(gone))

    @staticmethod
    def _is_current(target: Path, body: bytes) -> bool:
        try:
            return not target.is_symlink() and target.stat().st_size == len(body) and target.read_bytes() == body
        except OSError:
            return False

    def _make_folder(self, folder: Path) -> None:
        if folder in self._safe_folders:
            return
        # `resolve` follows links, also where the rest of the path does not exist yet.
        if not folder.resolve().is_relative_to(self.output.resolve()):
            raise UsageError(f"{folder} 指到了输出文件夹之外；请删去这个链接后重试")
        folder.mkdir(parents=True, exist_ok=True)
        self._safe_folders.add(folder)

    def _remove(self, file: str) -> None:
        target = self.output / file
        if not target.parent.resolve().is_relative_to(self.output.resolve()):
            return
        target.unlink(missing_ok=True)
        for folder in target.relative_to(self.output).parents:
            if folder == Path():
                break
            try:
                (self.output / folder).rmdir()
            except OSError:  # not empty
                break

    def _read_manifest(self) -> set[str]:
        try:
            files = json.loads(self._manifest.read_bytes())["files"]
            return {file for file in files if isinstance(file, str) and ".." not in file.split("/") and file[:1] != "/"}
        except (OSError, ValueError, KeyError, TypeError):
            return set()

    def _write_manifest(self, files: set[str]) -> None:
        temporary = self._manifest.with_suffix(".new")
        body = json.dumps({"version": 1, "files": sorted(files)}, ensure_ascii=False, indent=0)
        temporary.write_text(body, encoding="utf-8", newline="\n")
        temporary.replace(self._manifest)


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
    if any(output.iterdir()) and not manifest.exists():
        raise UsageError(
            f"{output} 里有不是本程序生成的文件，为免误删，没有写入；请清空它，或用 --output 指定另一个文件夹"
        )
