"""The making of the files of all data: the large ones in processes of their own, beside other work."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gongshi import urls
from gongshi.bundle import catalogue, database, workbook
from gongshi.bundle.source import About, Source
from gongshi.executors import Workers
from gongshi.outputs.data import (
    ABOUT_FILES,
    CATALOGUE,
    DATABASE,
    DATASETTE,
    PACKAGE,
    SUMS,
    WHOLE_FILES,
    WORKBOOK,
    File,
)
from gongshi.publish import Staged, stage_new

MADE = (*(file.path for file in (*WHOLE_FILES, *ABOUT_FILES)), urls.data(SUMS))

_ABOUT: dict[str, Callable[[About, Sequence[File]], bytes]] = {
    PACKAGE: catalogue.package,
    CATALOGUE: catalogue.catalogue,
    DATASETTE: catalogue.datasette,
}
_WRITERS: dict[str, Callable[[Source, Path], Staged]] = {WORKBOOK: workbook.write, DATABASE: database.write}


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes one of the large files."""

    source: Source
    staging: Path

    def __call__(self, name: str) -> Staged:
        """Stage it. Raises OSError if it cannot be written."""
        return _WRITERS[name](self.source, self.staging)


class Binder:
    """Makes the files of all data; the large ones are begun at once, if there are so `many` notices that it pays."""

    def __init__(self, source: Source, staging: Path, workers: Workers, *, many: bool) -> None:
        self.source = source
        self.staging = staging
        writer = Writer(source, staging)
        self._begun = [(file, workers.begin(writer, file.name, many=many)) for file in WHOLE_FILES]

    def finish(self, tables: Iterable[File]) -> tuple[dict[str, Staged], list[File]]:
        """Wait for what was begun, and describe all files: what is staged by path, and what is known of each file.

        `tables` are the files of the tables, which are made.
        """
        made = {file.path: wait() for file, wait in self._begun}
        files = [*tables, *(file.made(made[file.path]) for file, _ in self._begun)]
        described = tuple(files)
        for file in ABOUT_FILES:
            staged = made[file.path] = stage_new(self.staging, _ABOUT[file.name](self.source.about, described))
            files.append(file.made(staged))
        made[urls.data(SUMS)] = stage_new(self.staging, catalogue.sums(files))
        return made, files
