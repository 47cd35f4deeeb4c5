"""The lists of an index: where in the folded texts of all notices each pair of characters stands.

Texts are laid out one after another in units of UTF-16, each notice from a multiple of `BLOCK` on: its title, which has
one block to itself, then its headings, then the rest. So a position tells the notice and the kind of text by itself.
Two characters make a *gram*, the first in its upper half; its list holds their positions. One character alone is a gram
whose upper half is 0; its list holds notices (twice the number, and one more if the title has it).

Lists are made for a group of notices at a time, sorted into slices by the upper byte, and then joined slice by slice:
neither step holds more than its group or its slice. A list is written as gaps, in groups of seven bits (LEB128), so
that the lists of two groups are joined by rewriting one gap.
"""

import secrets
import sys
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import sub
from pathlib import Path

import msgspec

from gongshi.cache import Place, decode, encode, fetch
from gongshi.fingerprint import digest
from gongshi.publish import Staged, stage_new
from gongshi.search.fold import BREAK

BLOCK = 256  # units
GROUP = 512  # notices whose lists are made at once
CHUNK = 16 * 1024  # bytes of lists in one file, before it is packed; a longer list has a file to itself
RANGE = 128 * CHUNK  # bytes of lists that one worker joins, if single slices are not longer
MORE = 0x80  # in a byte of a number: another one follows
SINGLE = 1 << 16  # grams below are one character


class Run(msgspec.Struct, array_like=True):
    """The folded text of one notice."""

    title: str
    headings: str
    body: str

    def zones(self) -> list[tuple[bytes, int]]:
        """Title, headings and the rest in UTF-16, each with how many blocks it takes."""
        title, headings = self.title, self.headings
        units = _units(title)
        if len(units) // 2 >= BLOCK:  # too long for its block: as far as it goes there, and whole among the headings
            units, headings = units[: 2 * (BLOCK - 1)], BREAK.join(filter(None, (title, headings)))
        rest = [_units(headings), _units(self.body)]
        # One unit at least is left free at the end: no phrase goes from one zone into the next.
        return [(units, 1), *((zone, len(zone) // 2 // BLOCK + 1) for zone in rest)]


@dataclass(frozen=True, slots=True)
class Spooled:
    """The lists of a group in a file of the staging folder: where each slice is, and the blocks of each notice."""

    name: str
    first: int  # the number of the group's first notice
    slices: dict[int, tuple[int, int]]  # start and length in bytes
    blocks: list[tuple[int, int]]  # of headings and of the rest


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Makes the lists of some notices, which follow each other."""

    cache: Path
    staging: Path

    def __call__(self, runs: Sequence[tuple[int, Place]]) -> Spooled:
        """Write them: the numbers of the notices and their texts."""
        lists: defaultdict[int, array[int]] = defaultdict(partial(array, "I"))
        blocks = []
        start = 0
        for number, (_, place) in enumerate(runs):
            zones = decode(fetch(self.cache, place), Run).zones()
            for units, length in zones:
                for at, gram in enumerate(_grams(units), start):
                    lists[gram].append(at)
                start += length * BLOCK
            title, *others = (_set_of(units) for units, _ in zones)
            for unit in title.union(*others):
                lists[unit].append(2 * number + (unit in title))
            blocks.append((zones[1][1], zones[2][1]))
        name = f"lists-{secrets.token_hex(8)}"
        slices: defaultdict[int, list[int]] = defaultdict(list)
        for gram in sorted(lists):
            if gram & 0xFFFF != ord(BREAK) and gram >> 16 != ord(BREAK):
                slices[gram >> 24].append(gram)
        places = {}
        with (self.staging / name).open("wb") as out:
            for number, grams in slices.items():
                found = [lists[gram] for gram in grams]
                heads = [positions[0] for positions in found], [positions[-1] for positions in found]
                body = encode((grams, *heads, [b"".join(_gaps(positions)) for positions in found]))
                places[number] = out.tell(), len(body)
                out.write(body)
        return Spooled(name, runs[0][0], places, blocks)


@dataclass(frozen=True, slots=True)
class Packed:
    """One file of lists: its first gram, how it is staged, and its hash."""

    gram: int
    staged: Staged
    digest: bytes


@dataclass(frozen=True, slots=True)
class Joiner:
    """Joins slices of all groups; `starts` are the first positions of the groups."""

    staging: Path
    groups: tuple[Spooled, ...]
    starts: tuple[int, ...]

    def __call__(self, ranges: Sequence[Sequence[int]]) -> list[tuple[int, list[Packed]]]:
        """The files of some ranges of slices, each with the first slice of its range."""
        return [(slices[0], list(self._files(slices))) for slices in ranges]

    def _files(self, slices: Sequence[int]) -> Iterator[Packed]:
        lists: dict[int, list[bytes]] = {}
        ends: dict[int, int] = {}
        for group, start in zip(self.groups, self.starts, strict=True):
            with (self.staging / group.name).open("rb") as spool:
                for at, length in (group.slices[number] for number in slices if number in group.slices):
                    spool.seek(at)
                    grams, firsts, lasts, rests = _decode_slice(spool.read(length))
                    for gram, first, last, rest in zip(grams, firsts, lasts, rests, strict=True):
                        base = start if gram >= SINGLE else 2 * group.first
                        if gram in lists:
                            lists[gram] += (_NUMBERS[base + first - ends[gram]], rest)
                        else:
                            lists[gram] = [_NUMBERS[base + first], rest]
                        ends[gram] = base + last
        return _pack(self.staging, ((gram, b"".join(lists.pop(gram))) for gram in sorted(lists)))


def ranges_of(groups: Iterable[Spooled]) -> list[list[int]]:
    """The slices that are joined together, in order: as many as make up a worthwhile piece of work."""
    sizes: defaultdict[int, int] = defaultdict(int)
    for group in groups:
        for number, (_, length) in group.slices.items():
            sizes[number] += length
    ranges: list[list[int]] = []
    size = RANGE
    for number in sorted(sizes):
        if size >= RANGE:
            ranges.append([])
            size = 0
        ranges[-1].append(number)
        size += sizes[number]
    return ranges


def _pack(staging: Path, lists: Iterable[tuple[int, bytes]]) -> Iterator[Packed]:
    """Files of lists: in each the gap from gram to gram, the length of the list, the list."""
    parts: list[bytes] = []
    first = before = size = 0
    for gram, body in lists:
        if parts and size + len(body) > CHUNK:
            yield _written(staging, first, parts)
            parts, size = [], 0
        if not parts:
            first = before = gram
        parts += (_NUMBERS[gram - before], _NUMBERS[len(body)], body)
        before = gram
        size += len(body)
    if parts:
        yield _written(staging, first, parts)


def _written(staging: Path, gram: int, parts: Iterable[bytes]) -> Packed:
    body = packed(b"".join(parts))
    return Packed(gram, stage_new(staging, body), digest(body))


def packed(body: bytes) -> bytes:
    """The body of a file as browsers unpack it by themselves (gzip), the same for the same bytes."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


_decode_slice = msgspec.msgpack.Decoder(tuple[list[int], list[int], list[int], list[bytes]]).decode


def _units(text: str) -> bytes:
    return text.encode("utf-16-be")


def _grams(units: bytes) -> "array[int]":
    """Every two units that follow each other, the first in the upper half."""
    count = len(units) // 2 - 1
    grams = array("I", bytes(4 * max(count, 0)))
    if count > 0:
        grams[0::2] = array("I", units[: len(units) // 4 * 4])
        grams[1::2] = array("I", units[2 : 2 + (len(units) - 2) // 4 * 4])
    if sys.byteorder == "little":
        grams.byteswap()
    return grams


def _set_of(units: bytes) -> set[int]:
    values = array("H", units)
    if sys.byteorder == "little":
        values.byteswap()
    return set(values)


def _gaps(positions: "array[int]") -> Iterable[bytes]:
    """The gaps of a list, its first position aside."""
    return map(_NUMBERS.__getitem__, map(sub, positions[1:], positions))


class _Numbers(dict[int, bytes]):
    """Numbers in groups of seven bits, the lowest first; the eighth bit says that more follow."""

    def __missing__(self, number: int) -> bytes:
        out = bytearray()
        rest = number
        while rest >= MORE:
            out.append(rest % MORE | MORE)
            rest //= MORE
        out.append(rest)
        made = bytes(out)
        if number < SINGLE:
            self[number] = made
        return made


_NUMBERS = _Numbers()
