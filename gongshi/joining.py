"""The large files of open data, put together notice by notice: what has not changed is copied from those published."""

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import IO

from gongshi.executors import Workers
from gongshi.fingerprint import digest, program
from gongshi.outputs.data import Joined, Piece, joined
from gongshi.outputs.publication import Tools, key_of
from gongshi.publish import Staged, looks_of, new_staged
from gongshi.records import Tables
from gongshi.render import Setting, renderer

BUFFER = 2**20  # bytes copied at once
FEW = 64  # changed notices up to which each file is looked at for changes before it is written anew


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


@dataclass(frozen=True, slots=True)
class _Run:
    """Pieces that follow each other in a file and in the new order: whose, and where they are in each file."""

    sources: tuple[Path, ...]
    starts: tuple[int, ...]
    stops: tuple[int, ...]


class Joiner:
    """Puts the files together. `before` is what the published files consist of (nothing, if they have changed)."""

    def __init__(self, pieces: Iterator[tuple[str, Piece]], before: Tables) -> None:
        self.before = before
        self.pieces = dict(pieces)
        # Another program may write other records.
        self.keys = {notice_id: digest(program(), key_of(piece)) for notice_id, piece in self.pieces.items()}
        known = dict(zip(self.before.notices, self.before.keys, strict=True))
        self.new = [notice_id for notice_id, key in self.keys.items() if known.get(notice_id) != key]
        self.tables = Tables(list(self.keys), list(self.keys.values()), self.before.lengths)

    @property
    def changed(self) -> bool:
        """True if the files have to be written anew."""
        return bool(self.new) or self.tables.notices != self.before.notices

    def write(self, setting: Setting, cache: Path, output: Path, staging: Path, workers: Workers) -> dict[str, Staged]:
        """Stage the files that are not what they were."""
        forms = joined()
        clerk = Clerk(setting, cache, staging)
        wanted = [(notice_id, self.pieces[notice_id]) for notice_id in self.new]
        published = _published(self.before, output, forms, frozenset(self.new))
        shelves = [published]
        shelves += [_spooled(spool, staging, len(forms)) for spool in workers.map(clerk, wanted)]
        places = {notice_id: (shelf, n) for shelf in shelves for n, notice_id in enumerate(shelf.notices) if notice_id}
        self.tables.lengths = [list(lengths) for lengths in zip(*self._lengths(places), strict=True)]
        runs = list(self._runs(places))
        same = self._same(published, places)
        return {form.path: _join(form, n, runs, staging) for n, form in enumerate(forms) if n not in same}

    def _same(self, published: "_Shelf", places: Mapping[str, "tuple[_Shelf, int]"]) -> set[int]:
        """The files of which no piece has changed, where it is quickly seen: few changes touch every table."""
        if not 0 < len(self.new) <= FEW or self.tables.notices != self.before.notices:
            return set()
        number = {notice_id: n for n, notice_id in enumerate(self.before.notices)}
        new = [(number[notice_id], *places[notice_id]) for notice_id in self.new]
        return {
            file
            for file, form in enumerate(joined())
            if all(published.piece(file, old, form) == shelf.piece(file, n, form) for old, shelf, n in new)
        }

    def _lengths(self, places: Mapping[str, "tuple[_Shelf, int]"]) -> Iterator[list[int]]:
        for notice_id in self.tables.notices:
            shelf, n = places[notice_id]
            yield [stops[n + 1] - stops[n] for stops in shelf.bounds]

    def _runs(self, places: Mapping[str, "tuple[_Shelf, int]"]) -> Iterator[_Run]:
        """The pieces in their order, those that follow each other on one shelf together."""
        order = [places[notice_id] for notice_id in self.tables.notices]
        at = 0
        while at < len(order):
            shelf, first = order[at]
            length = 1
            while at + length < len(order) and order[at + length] == (shelf, first + length):
                length += 1
            starts = tuple(bounds[first] for bounds in shelf.bounds)
            yield _Run(shelf.sources, starts, tuple(bounds[first + length] for bounds in shelf.bounds))
            at += length


@dataclass(frozen=True, slots=True, eq=False)
class _Shelf:
    """Where pieces are: in each of some files, those of one notice after another (None: not to be used)."""

    notices: tuple[str | None, ...]
    sources: tuple[Path, ...]
    bounds: tuple[list[int], ...]  # in each file: where the pieces begin, and where the last one ends

    def piece(self, file: int, number: int, form: Joined) -> bytes:
        """One piece in one of the files, without what ends its last record."""
        start, stop = self.bounds[file][number : number + 2]
        if start == stop:
            return b""
        with self.sources[file].open("rb") as source:
            source.seek(start)
            return source.read(stop - start - len(form.end))


def _published(before: Tables, output: Path, forms: Sequence[Joined], changed: frozenset[str]) -> _Shelf:
    """The pieces in the published files, without those that have changed."""
    notices = tuple(None if notice_id in changed else notice_id for notice_id in before.notices)
    lengths = before.lengths or [[] for _ in forms]
    bounds = tuple(
        list(accumulate(column, initial=len(form.head))) for form, column in zip(forms, lengths, strict=True)
    )
    return _Shelf(notices, tuple(output / form.path for form in forms), bounds)


def _spooled(spool: Spool, staging: Path, files: int) -> _Shelf:
    """The pieces that a clerk wrote: all of the first file, then all of the second."""
    columns = list(zip(*spool.lengths, strict=True))
    starts = accumulate((sum(column) for column in columns), initial=0)
    bounds = tuple(list(accumulate(column, initial=start)) for column, start in zip(columns, starts, strict=False))
    return _Shelf(spool.notices, (staging / spool.name,) * files, bounds)


def _join(form: Joined, number: int, runs: Sequence[_Run], staging: Path) -> Staged:
    """One file of its pieces. Only the end of the very last record is written in another way, as it was before."""
    filled = [run for run in runs if run.stops[number] > run.starts[number]]
    with new_staged(staging) as out:
        out.write(form.head if filled else form.empty)
        for run in filled:
            with run.sources[number].open("rb") as source:
                start = run.starts[number]
                _copy(source, out, start, run.stops[number] - start - len(form.end))
            out.write(form.last if run is filled[-1] else form.end)
    return looks_of(out)


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
