"""The alarm for rectification on paper: almost the same measure, reported for several problems or by several agencies.

Linear in the corpus. Of each measure the smallest hashes of its four-character pieces are kept (a bottom-k sketch:
Broder, "On the resemblance and containment of documents", 1997). A copy with a tenth of its characters changed still
has half of its pieces, and so some dozen of 24 hashes. Measures are numbered in the order of their sketches, every hash
lists the measures that have it in that order, and each measure is compared with those that follow it most often there;
a hash that few have counts twice. Only what then has six tenths of its pairs of characters in common is told.

Numbers do not count: `改造管网12公里` and `改造管网35公里` are the same words. A problem and the one that it continues
are the same problem.
"""

from __future__ import annotations  # array[int] is for readers and mypy; Python 3.11 does not know it

import re
import struct
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from gongshi.corpus import Corpus
from gongshi.model import Notice
from gongshi.problems import Problem, Severity, Span

SHORTEST = 20  # characters, without punctuation, of a measure that says something of its own
LONGEST = 2_000  # characters of one that are looked at
PIECE = 4  # characters
HASHES = 24  # of a sketch
ALIKE = 0.6  # of the pairs of characters that two measures have, both have (a tenth changed: two thirds)
NEAR = 6  # measures behind one in a list that it is compared with
BEST = 4  # of these, the ones with most hashes in common
RARE = 2  # times that a hash counts which few have; what has less in common is not compared
PARTS = 16  # in which hashes are sorted: memory
MAX_TOLD = 5  # places of one group
MAX_GROUPS = 5_000
_UNFOLDED = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Sketch:
    """One measure: its problem, its place in the file, its text as compared, its smallest hashes in order."""

    issue: str
    line: int
    column: int
    text: str
    hashes: bytes


def sketches(notice: Notice) -> Iterator[Sketch]:
    """Sketches of the measures of a notice that are long enough."""
    for issue in notice.all_issues():
        for measure in issue.all_measures():
            text = _NUMBER.sub("0", _UNFOLDED.sub("", measure.text))[:LONGEST]
            if len(text) >= SHORTEST:
                line, column = measure.at.get("text") or measure.at.get("") or (0, 0)
                yield Sketch(issue.id, line, column, text, sketch(text))


def sketch(text: str) -> bytes:
    """The smallest hashes of the pieces of a text, in order; the same in every process."""
    units = text.encode("utf-16-le", "replace")
    pieces = {zlib.crc32(units[at : at + 2 * PIECE]) for at in range(0, len(units) - 2 * PIECE + 2, 2)}
    smallest = sorted(pieces)[:HASHES]
    return struct.pack(f">{len(smallest)}I", *smallest)


def resemblance(one: str, other: str) -> float:
    """How many of the pairs of characters that two texts have both have."""
    ones, others = set(pairwise(one)), set(pairwise(other))
    return len(ones & others) / (len(ones | others) or 1)


@dataclass(slots=True)
class Measures:
    """All measures of a site, as little of each as will do: equal texts are kept once."""

    notices: list[tuple[str, str]] = field(default_factory=list)  # id and path
    texts: dict[str, int] = field(default_factory=dict)  # text → its number
    sketches: list[bytes] = field(default_factory=list)  # by number
    issues: list[str] = field(default_factory=list)  # of each measure, and so on
    of: array[int] = field(default_factory=lambda: array("I"))  # the number of its text
    where: array[int] = field(default_factory=lambda: array("I"))  # the notice
    lines: array[int] = field(default_factory=lambda: array("I"))
    columns: array[int] = field(default_factory=lambda: array("I"))

    def add(self, notice_id: str, path: str, found: Iterable[Sketch]) -> None:
        """Take in the measures of one notice."""
        self.notices.append((notice_id, path))
        for each in found:
            number = self.texts.setdefault(each.text, len(self.texts))
            if number == len(self.sketches):
                self.sketches.append(each.hashes)
            self.of.append(number)
            self.where.append(len(self.notices) - 1)
            self.lines.append(each.line)
            self.columns.append(each.column)
            self.issues.append(each.issue)

    def look(self, corpus: Corpus) -> Iterator[Problem]:
        """Yield a warning at the measures of each group of which not all are of one problem."""
        root = {f"{row.id}#issue-{no}": earlier for row in corpus.notices.values() for no, earlier in row.continues}
        groups = self._groups()
        count = 0
        for group in sorted(groups, key=lambda group: (-len(group), self._place(group[0]))):
            problems = {_first(root, f"{self.notices[self.where[m]][0]}#issue-{self.issues[m]}") for m in group}
            if len(problems) > 1 and count < MAX_GROUPS:
                count += 1
                yield from self._told(corpus, group, len(problems))

    def _told(self, corpus: Corpus, group: list[int], problems: int) -> Iterator[Problem]:
        agencies = {corpus.notices[self.notices[self.where[m]][0]].agency for m in group}
        by = f"{len(agencies)} 个单位的" if len(agencies) > 1 else ""
        for m in group[:MAX_TOLD]:
            other = group[1] if m == group[0] else group[0]
            path = self.notices[self.where[other]][1]
            message = (
                f"与 {path} 第 {self.lines[other]} 行的措施几乎相同，{by}{problems} 个问题都这样写；"
                "请向单位核实是不是真的做了"
            )
            span = Span(self.notices[self.where[m]][1], self.lines[m], self.columns[m])
            yield Problem(span, Severity.WARNING, "alike-measures", message)

    def _groups(self) -> list[list[int]]:
        """Groups of measures that are alike, each in the order of the corpus."""
        texts = list(self.texts)
        parent = list(range(len(texts)))
        for one, other in candidates(self.sketches, texts):
            if _top(parent, one) != _top(parent, other) and _alike(texts[one], texts[other]):
                parent[_top(parent, other)] = _top(parent, one)
        members: dict[int, list[int]] = {}
        for m, number in enumerate(self.of):
            members.setdefault(_top(parent, number), []).append(m)
        # Workers bring the notices in any order; the report is the same.
        return [sorted(group, key=self._place) for group in members.values() if len(group) > 1]

    def _place(self, measure: int) -> tuple[str, int, int]:
        return self.notices[self.where[measure]][1], self.lines[measure], self.columns[measure]


def candidates(kept: Sequence[bytes], texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of sketches that share hashes: for each the few that share most, of those next to it in each list."""
    order = sorted(range(len(kept)), key=lambda number: (kept[number], texts[number]))
    listed = _lists(kept, order)
    places = _places(listed, len(kept))
    for rank, own in enumerate(order):
        shared: dict[int, int] = {}
        for slot in range(rank * HASHES, (rank + 1) * HASHES):
            at = places[slot]
            if at == _NONE:
                break
            behind = [entry & _NONE for entry in listed[at + 1 : at + 1 + NEAR] if entry >> 32 == listed[at] >> 32]
            weight = RARE if len(behind) < NEAR else 1
            for other in behind:
                shared[other] = shared.get(other, 0) + weight
        likely = [other for other, weight in shared.items() if weight >= RARE]
        if len(likely) > BEST:
            likely = sorted(likely, key=lambda other: -shared[other])[:BEST]
        yield from ((own, order[other]) for other in likely)


_NONE = 0xFFFFFFFF


def _lists(kept: Sequence[bytes], order: Sequence[int]) -> array[int]:
    """Each hash with the rank of each sketch that has it, in order: hash and rank in one number."""
    parts = [array("Q") for _ in range(PARTS)]
    for rank, number in enumerate(order):
        for (hashed,) in struct.iter_unpack(">I", kept[number]):
            parts[hashed * PARTS >> 32].append(hashed << 32 | rank)
    listed = array("Q")
    for n, part in enumerate(parts):
        listed.extend(sorted(part))
        parts[n] = array("Q")
    return listed


def _places(listed: array[int], count: int) -> array[int]:
    """Where each rank stands in the lists: a row of places for each, the rest of it empty."""
    places = array("I", [_NONE]) * (count * HASHES)
    taken = array("B", bytes(count))
    for at, entry in enumerate(listed):
        rank = entry & _NONE
        places[rank * HASHES + taken[rank]] = at
        taken[rank] += 1
    return places


def _alike(one: str, other: str) -> bool:
    short, long = sorted((len(one), len(other)))
    return short >= ALIKE * long and resemblance(one, other) >= ALIKE


def _top(parent: list[int], at: int) -> int:
    while parent[at] != at:
        parent[at] = parent[parent[at]]
        at = parent[at]
    return at


def _first(earlier: dict[str, str], issue: str) -> str:
    """The first of the problems that continue each other."""
    seen = {issue}
    while (before := earlier.get(issue)) and before not in seen:
        seen.add(before)
        issue = before
    return issue
