"""The alarm for rectification on paper: almost the same measure, reported for several problems or by several agencies.

A copy has at most a tenth of its characters changed, put in or left out (the edit distance of Levenshtein). Numbers and
kinds of punctuation do not count: `改造管网12公里` and `改造管网35公里` are the same words.

Official prose is made of a few hundred clauses, so that a piece of text, or a whole clause, says little of where it is
from; which clauses stand together does. Of each text the smallest hashes of its three-character pieces are kept (a
bottom-k sketch: Broder, "On the resemblance and containment of documents", 1997). Every hash lists the texts that
have it, in the order of the hashes that follow it there, round to the first; so each list is in an order of its own,
and texts that share several hashes stand together in many of them (as in the LSH forest of Bawa, Condie and Ganesan,
2005). A text is compared with the few that follow it in each of its lists: the work is linear, whatever the texts.

A problem and the one that it continues are the same problem.
"""

from __future__ import annotations  # array[int] is for readers and mypy; Python 3.11 does not know it

import re
import struct
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import extract

from gongshi.cache import Cache, Place, decode, encode, fetch, write_pack
from gongshi.corpus import Corpus
from gongshi.executors import Workers
from gongshi.model import Notice
from gongshi.problems import Problem, Severity, Span

SHORTEST = 20  # characters, without white space, of a measure that says something of its own
LONGEST = 1_000  # characters of one that are looked at
TENTH = 10  # of the characters of a copy one may have changed
PIECE = 3  # characters
HASHES = 40  # of a sketch
ORDERED = 5  # hashes by which a list is in order
NEAR = 6  # texts behind one in a list that it is compared with, if they share two hashes
LESS = 2  # if they share one
FULL = 200  # characters of a text that is compared with so many; a longer one has more to tell it by
PARTS = 32  # in which the lists are made: memory
AT_ONCE = 4  # parts that a worker does
MAX_TOLD = 5  # places of one group
MAX_GROUPS = 1_000
_SPACE = re.compile(r"\s+")
_DIGIT = re.compile(r"\d")
_MARK = re.compile(r"[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Sketch:
    """One measure: its problem, its place in the file, its text as compared, its smallest hashes in order."""

    issue: str
    line: int
    column: int
    text: str
    hashes: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """A measure of a group: its place, notice and problem, the measure it was found by, and how alike they are."""

    span: Span
    notice: str
    issue: str
    partner: Span
    likeness: str


@dataclass(frozen=True, slots=True)
class Group:
    """Measures that are alike, and how many measures, problems and agencies there are, also those that are not told."""

    told: tuple[Told, ...]
    measures: int
    problems: int
    agencies: int


def folded(text: str) -> str:
    """A text as it is compared: each character for itself, so that folding never makes two texts differ more."""
    return _MARK.sub("，", _DIGIT.sub("0", _SPACE.sub("", text)))[:LONGEST]


def sketches(notice: Notice) -> Iterator[Sketch]:
    """Sketches of the measures of a notice that are long enough."""
    for issue in notice.all_issues():
        for measure in issue.all_measures():
            text = folded(measure.text)
            if len(text) >= SHORTEST:
                line, column = measure.at.get("text") or measure.at.get("") or (0, 0)
                yield Sketch(issue.id, line, column, text, sketch(text))


def sketch(text: str) -> bytes:
    """The smallest hashes of the pieces of a text, in order; the same in every process."""
    units = text.encode("utf-16-le", "replace")
    pieces = {zlib.crc32(units[at : at + 2 * PIECE]) for at in range(0, len(units) - 2 * PIECE + 2, 2)}
    smallest = sorted(pieces)[:HASHES]
    return struct.pack(f">{len(smallest)}I", *smallest)


def most_changed(characters: int) -> int:
    """How many characters may be changed in a copy if the longer of two texts has so many: a tenth, rounded up."""
    return -(-characters // TENTH)


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

    def look(self, corpus: Corpus, cache: Cache, workers: Workers) -> list[Group]:
        """The groups of which not all measures are of one problem, the largest first. The sketches are used up."""
        joined = self.joined(cache, workers)
        texts = list(self.texts)
        members: dict[int, list[int]] = {}  # by the number of the text
        for m, number in enumerate(self.of):
            members.setdefault(number, []).append(m)
        earlier = {f"{row.id}#issue-{no}": before for row in corpus.notices.values() for no, before in row.continues}
        groups = []
        for numbers in _components(joined, members):
            measures = sorted((m for number in numbers for m in members[number]), key=self._place)
            problem = {m: _first(earlier, f"{self._notice(m)}#issue-{self.issues[m]}") for m in measures}
            problems = len(set(problem.values()))
            if problems > 1:
                near = {number: sorted(members[number], key=self._place) for number in numbers}
                told = self._told(measures[0], problem, near, joined, texts)
                agencies = {corpus.notices[self._notice(m)].agency for m in measures}
                groups.append(Group(told, len(measures), problems, len(agencies)))
        return sorted(groups, key=lambda group: (-group.problems, group.told[0].span))

    def joined(self, cache: Cache, workers: Workers) -> dict[int, list[int]]:
        """Of each text that has copies some of them: enough to hold each group together. Uses up the sketches."""
        # Workers bring the notices in any order; in the order of the texts the report is the same.
        order = sorted(self.texts)
        numbers = [self.texts[text] for text in order]
        kept = _shared([self.sketches[number] for number in numbers])
        self.sketches.clear()
        [place] = write_pack(cache.folder, [encode((order, kept))])
        del order, kept
        pairs: list[Pair] = []
        try:
            for found in workers.map(Finder(cache.folder, place), range(PARTS), size=AT_ONCE):
                pairs = _forest([*pairs, *found])
        finally:
            (cache.folder / "packs" / place.pack).unlink(missing_ok=True)
        joined: dict[int, list[int]] = {}
        for _, one, other in pairs:
            joined.setdefault(numbers[one], []).append(numbers[other])
            joined.setdefault(numbers[other], []).append(numbers[one])
        return joined

    def _told(
        self,
        first: int,
        problem: dict[int, str],
        near: dict[int, list[int]],
        joined: dict[int, list[int]],
        texts: list[str],
    ) -> tuple[Told, ...]:
        """One measure of each of the first problems, as they are joined to the first measure, with its partner."""
        partner = {first: first}
        told: dict[str, int] = {}
        waiting = [first]
        for m in waiting:
            told.setdefault(problem[m], m)
            if len(told) == MAX_TOLD:
                break
            number = self.of[m]
            for each in (each for text in (number, *joined.get(number, ())) for each in near[text]):
                if each not in partner:
                    partner[each] = m
                    waiting.append(each)
        measures = list(told.values())
        partner[first] = measures[1]
        return tuple(self._as_told(m, partner[m], texts) for m in measures)

    def _as_told(self, m: int, other: int, texts: list[str]) -> Told:
        same = likeness(texts[self.of[m]], texts[self.of[other]])
        return Told(Span(*self._place(m)), self._notice(m), self.issues[m], Span(*self._place(other)), same)

    def _notice(self, measure: int) -> str:
        return self.notices[self.where[measure]][0]

    def _place(self, measure: int) -> tuple[str, int, int]:
        return self.notices[self.where[measure]][1], self.lines[measure], self.columns[measure]


def problems_of(groups: Sequence[Group], root: str) -> Iterator[Problem]:
    """A warning at each measure that is told of the first groups, and how many groups more there are."""
    for number, group in enumerate(groups[:MAX_GROUPS], 1):
        head = f"第 {number} 组（{extent(group)}）"
        for told in group.told:
            other = f"{told.partner.path} 第 {told.partner.line} 行"
            message = f"{head}：与 {other}的措施{told.likeness}；请向单位核实是不是真的做了"
            yield Problem(told.span, Severity.WARNING, "alike-measures", message)
    if len(groups) > MAX_GROUPS:
        message = f"还有 {len(groups) - MAX_GROUPS} 组几乎相同的措施没有列出；请先核实列出的"
        yield Problem(Span(f"{root}/notices"), Severity.WARNING, "alike-measures", message)


def extent(group: Group) -> str:
    """How far a group reaches, in words."""
    by = f"{group.agencies} 个单位，" if group.agencies > 1 else ""
    return f"{by}{group.problems} 个问题，{group.measures} 条措施"


def likeness(one: str, other: str) -> str:
    """How much of two folded texts is the same, in words."""
    longer = max(len(one), len(other))
    distance = Levenshtein.distance(one, other)
    first = f"前 {LONGEST} 字" if longer == LONGEST else ""
    return first + (f"有 {100 * (longer - distance) // longer}% 的字相同" if distance else "除数字和标点外一字不差")


Pair = tuple[int, int, int]  # how many characters are changed, and the two texts


@dataclass(frozen=True, slots=True)
class Finder:
    """Looks for copies in some parts of the lists, in a worker; texts and sketches are in the cache."""

    cache: Path
    kept: Place

    def __call__(self, parts: Sequence[int]) -> list[Pair]:
        """Copies among the texts, enough to hold together what these parts show to be alike."""
        texts, kept = decode(fetch(self.cache, self.kept), tuple[list[str], list[bytes]])
        found: list[Pair] = []
        for part in parts:
            found = _forest([*found, *_copies(texts, kept, part)])
        return found


def _copies(texts: Sequence[str], kept: Sequence[bytes], part: int) -> list[Pair]:
    """Pairs of copies among texts that are near each other in the lists of the hashes of a part."""
    rows = []  # a hash, those that follow it in its sketch, and the number of the text
    of_part = bytes(last % PARTS == part for last in range(256))
    for number, hashes in enumerate(kept):
        ours = hashes[3::4].translate(of_part)
        at = ours.find(1)
        while at >= 0:
            row = (hashes + hashes)[4 * at : 4 * (at + ORDERED)]
            rows.append(row.ljust(4 * ORDERED, b"\0") + number.to_bytes(4))
            at = ours.find(1, at + 1)
    rows.sort()
    numbers = array("I", (int.from_bytes(row[-4:]) for row in rows))
    reach = _reach(rows)
    del rows
    beside = [texts[number] for number in numbers]
    parent: dict[int, int] = {}
    found: list[Pair] = []
    for at, own in enumerate(numbers):
        text = beside[at]
        many = reach[at] if len(text) <= FULL else -(-reach[at] * FULL // len(text))
        if not many or (own in parent and _together(parent, numbers[at : at + 1 + many])):
            continue
        behind = beside[at + 1 : at + 1 + many]
        most = most_changed(len(text) * (TENTH + 2) // TENTH)  # of a longer one; looked at again below
        for other, distance, place in extract(text, behind, scorer=Levenshtein.distance, score_cutoff=most, limit=many):
            near = numbers[at + 1 + place]
            if distance <= most_changed(max(len(text), len(other))) and _join(parent, own, near):
                found.append((distance, min(own, near), max(own, near)))
    return found


def _reach(rows: Sequence[bytes]) -> bytes:
    """With how many rows behind it each is compared: those with the same two hashes, and a few with the same one."""
    reach = bytearray(len(rows))
    first = second = len(rows)  # where the rows end that begin with the same hash, and the same two
    last = b""
    for at in range(len(rows) - 1, -1, -1):
        row = rows[at]
        if row[:8] != last:
            second = at + 1
            if row[:4] != last[:4]:
                first = at + 1
            last = row[:8]
        reach[at] = max(min(NEAR, second - at - 1), min(LESS, first - at - 1))
    return bytes(reach)


def _shared(sketches: Sequence[bytes]) -> list[bytes]:
    """Sketches without the hashes that no other has: what was changed in a copy, for the most part."""
    once, again = bytearray(_SEEN + 1), bytearray(_SEEN + 1)
    for hashes in sketches:
        for hashed in struct.unpack(f">{len(hashes) // 4}I", hashes):
            if once[hashed & _SEEN]:
                again[hashed & _SEEN] = 1
            else:
                once[hashed & _SEEN] = 1
    return [
        b"".join(
            hashes[at : at + 4] for at in range(0, len(hashes), 4) if again[int.from_bytes(hashes[at + 1 : at + 4])]
        )
        for hashes in sketches
    ]


_SEEN = 0xFFFFFF


def _forest(pairs: Iterable[Pair]) -> list[Pair]:
    """The nearest pairs that hold together what these pairs join; the same in whatever order they come."""
    parent: dict[int, int] = {}
    return [pair for pair in sorted(set(pairs)) if _join(parent, pair[1], pair[2])]


def _join(parent: dict[int, int], one: int, other: int) -> bool:
    """Put two together; False if they are together."""
    above, below = _top(parent, one), _top(parent, other)
    parent[below] = parent[above] = above
    return above != below


def _together(parent: dict[int, int], numbers: Iterable[int]) -> bool:
    return len({_top(parent, number) for number in numbers}) == 1


def _top(parent: dict[int, int], at: int) -> int:
    while (above := parent.get(at, at)) != at:
        parent[at] = at = parent.get(above, above)
    return at


def _components(joined: dict[int, list[int]], members: dict[int, list[int]]) -> Iterator[list[int]]:
    """The numbers of texts that are joined, and each text by itself that several measures have."""
    seen: set[int] = set()
    for number, measures in members.items():
        if number in seen or not (number in joined or len(measures) > 1):
            continue
        seen.add(number)
        together = [number]
        for each in together:
            beside = [other for other in joined.get(each, ()) if other not in seen]
            seen.update(beside)
            together += beside
        yield together


def _first(earlier: dict[str, str], issue: str) -> str:
    """The first of the problems that continue each other."""
    seen = {issue}
    while (before := earlier.get(issue)) and before not in seen:
        seen.add(before)
        issue = before
    return issue
