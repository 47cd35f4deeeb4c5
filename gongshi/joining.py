"""The large files of open data, put together notice by notice: what has not changed is copied from those published."""

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from gongshi.executors import Workers
from gongshi.outputs.data import Joined, Piece, joined
from gongshi.outputs.publication import Tools, key_of
from gongshi.publish import Staged
from gongshi.records import Tables
from gongshi.render import Setting, renderer

BUFFER = 2**20  # bytes copied at once


@dataclass(frozen=True, slots=True)
class Spool:
    """Pieces that were made, one file after another, in a file of the staging folder."""

    name: str
    notices: tuple[str, ...]
    lengths: tuple[tuple[int, ...], ...]  # by notice, in the order of `joined()`


@dataclass(frozen=True, slots=True)
class Clerk:
    """Writes the pieces of some notices into a file of the staging folder."""

    setting: Setting
    cache: Path
    staging: Path

    def __call__(self, pieces: Sequence[tuple[str, Piece]]) -> Spool:
        """Write them: all of the first file, then all of the second, so that neighbours stay together."""
        tools = Tools(renderer(self.setting), self.cache)
        records = [piece.records(tools) for _, piece in pieces]
        written = [[form.write(each[form.table]) for each in records] for form in joined()]
        name = f"pieces-{secrets.token_hex(8)}"
        (self.staging / name).write_bytes(b"".join(part for parts in written for part in parts))
        lengths = tuple(tuple(len(parts[n]) for parts in written) for n in range(len(pieces)))
        return Spool(name, tuple(notice_id for notice_id, _ in pieces), lengths)


_Range = tuple[str, int, int]  # a file, and where in it a piece begins and how long it is


class Joiner:
    """Puts the files together. `before` is what the published files consist of (nothing, if they have changed)."""

    def __init__(self, pieces: Iterator[tuple[str, Piece]], before: Tables) -> None:
        self.before = before
        self.pieces = dict(pieces)
        self.keys = {notice_id: key_of(piece) for notice_id, piece in self.pieces.items()}
        known = dict(zip(self.before.notices, self.before.keys, strict=True))
        self.new = [notice_id for notice_id, key in self.keys.items() if known.get(notice_id) != key]
        self.tables = Tables(list(self.keys), list(self.keys.values()), self.before.lengths)

    @property
    def changed(self) -> bool:
        """True if the files have to be written anew."""
        return bool(self.new) or self.tables.notices != self.before.notices

    def write(self, setting: Setting, cache: Path, output: Path, staging: Path, workers: Workers) -> dict[str, Staged]:
        """Stage the files."""
        forms = joined()
        places = self._published(output, forms)
        clerk = Clerk(setting, cache, staging)
        for spool in workers.map(clerk, [(notice_id, self.pieces[notice_id]) for notice_id in self.new]):
            at = 0
            for number in range(len(forms)):
                for notice_id, lengths in zip(spool.notices, spool.lengths, strict=True):
                    places.setdefault(notice_id, {})[number] = (str(staging / spool.name), at, lengths[number])
                    at += lengths[number]
        self.tables.lengths = [tuple(places[each][n][2] for n in range(len(forms))) for each in self.tables.notices]
        return {
            form.path: _join(form, [places[each][number] for each in self.tables.notices], staging)
            for number, form in enumerate(forms)
        }

    def _published(self, output: Path, forms: Sequence[Joined]) -> dict[str, dict[int, _Range]]:
        """Where in the published files the pieces are that have not changed."""
        at = [len(form.head) for form in forms]
        new = set(self.new)
        places: dict[str, dict[int, _Range]] = {}
        for notice_id, lengths in zip(self.before.notices, self.before.lengths, strict=True):
            if notice_id not in new:
                places[notice_id] = {
                    number: (str(output / form.path), at[number], lengths[number]) for number, form in enumerate(forms)
                }
            at = [start + length for start, length in zip(at, lengths, strict=True)]
        return places


def _join(form: Joined, ranges: Sequence[_Range], staging: Path) -> Staged:
    """One file of its pieces. The last piece loses the end of its last record, which is written in another way."""
    name = secrets.token_hex(8)
    size = sum(length for _, _, length in ranges)
    with (staging / name).open("xb") as out:
        if size == 0:
            out.write(form.empty)
        else:
            out.write(form.head)
            left = size - len(form.end)
            opened: dict[str, IO[bytes]] = {}
            for source, at, length in _runs(ranges):
                if source not in opened:
                    for each in opened.values():
                        each.close()
                    opened = {source: Path(source).open("rb")}  # noqa: SIM115 - closed when the next one is opened
                _copy(opened[source], out, at, min(length, left))
                left -= min(length, left)
            for each in opened.values():
                each.close()
            out.write(form.last)
    found = (staging / name).stat()
    return Staged(name, found.st_size, found.st_mtime_ns)


def _runs(ranges: Sequence[_Range]) -> Iterator[_Range]:
    """Pieces that follow each other in one file, as one."""
    run: _Range | None = None
    for source, at, length in ranges:
        if run and run[0] == source and run[1] + run[2] == at:
            run = (source, run[1], run[2] + length)
        else:
            if run:
                yield run
            run = (source, at, length)
    if run:
        yield run


def _copy(source: IO[bytes], out: IO[bytes], at: int, length: int) -> None:
    """Copy bytes of one file to the end of another, by the system itself where it can."""
    out.flush()
    with suppress(AttributeError, OSError):
        while length:
            done = os.copy_file_range(source.fileno(), out.fileno(), min(length, 2**30), at)
            if not done:
                break
            at, length = at + done, length - done
    out.seek(0, os.SEEK_END)
    source.seek(at)
    while length:
        body = source.read(min(BUFFER, length))
        if not body:
            raise OSError(f"{source.name} is shorter than it was")
        out.write(body)
        length -= len(body)
