"""The grammar of the findings: numbered lines become aspects, groups and issues.

What a number stands for is decided from all the lines together, never from its shape: (1) is a measure in one notice
and an issue in the next.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from gongshi import model
from gongshi.importer import facts, lines
from gongshi.importer.issue import Heading, IssueReader
from gongshi.importer.lines import HEADINGS, Line
from gongshi.importer.paragraph import Paragraph, prose

_SURE = 0.5  # of the headings of a level have to own exactly one mark of an issue
_A_PARAGRAPH = 40  # characters on average behind the numbers of a level that are measures, not headings
_PROBLEM = re.compile(r"问题[”’]?[。；;]?(?:[(（].{0,40}[)）])?$")
_FIRST = re.compile(r"(?:^|[。；;：:，,])一是|^首先|^第一[,，、]")
_ROLES = ("aspect", "group", "issue")
_EVIDENCE = ("status", "measures", "cause", "title-status", "first-status", "last-status", "run")  # the surest first


def reports(below: Iterable[Line]) -> bool:
    """Whether something says that these lines report on issues: labels of measures, causes or statuses, or a status."""
    sure = {"measures", "status", "cause", "title-status", "first-status"}
    return any(mark in sure for line in below for mark in _marks(line))


def level_of_issues(below: Sequence[Line], levels: Sequence[str]) -> str:
    """The one of some levels whose headings are the issues; empty if there are no headings.

    Of each kind of evidence, the surest first, the level is taken whose headings most often own exactly one piece of
    it; of equal ones the deepest. Without evidence it is the deepest level whose headings speak of problems, or else
    the one above long paragraphs.
    """
    used = {line.level for line in below}
    present = [name for name in levels if name in used]
    if len(present) <= 1:
        return "".join(present)
    marks: dict[str, set[int]] = {}
    for i, line in enumerate(below):
        for kind in _marks(line):
            marks.setdefault(kind, set()).add(i)
    for found in (marks[kind] for kind in _EVIDENCE if kind in marks):
        scores = [(_exactness(below, name, found), depth) for depth, name in enumerate(present)]
        score, depth = max(scores)
        if score >= _SURE:
            return present[depth]
    for name in reversed(present):
        titles = [lines.first_sentence(line.rest)[0] for line in below if line.level == name]
        if sum(bool(_PROBLEM.search(title)) for title in titles) * 2 > len(titles):
            return name
    deepest = [len(line.rest) for line in below if line.level == present[-1]]
    return present[-2] if sum(deepest) > len(deepest) * _A_PARAGRAPH else present[-1]


def _marks(line: Line) -> Iterator[str]:
    """The kinds of evidence that a line gives of an issue."""
    if label := lines.labelled(line.paragraph):
        yield label.field
        return
    title, run_in = lines.first_sentence(line.rest)
    if facts.status_of_title(title):
        yield "title-status"
    if facts.status_of_sentence(line.text) or (run_in and facts.status_of_sentence(run_in)):
        yield "first-status"
    if facts.status_at_end(line.text):
        yield "last-status"
    if _FIRST.search(line.text):
        yield "run"


def _exactness(below: Sequence[Line], level: str, marks: set[int]) -> float:
    """How often a heading of a level has exactly one of the marks below it: 1 if always, and no mark is elsewhere."""
    depth = HEADINGS.index(level)
    counts: list[int] = []
    inside = False
    for i, line in enumerate(below):
        if line.level in HEADINGS and HEADINGS.index(line.level) <= depth:
            inside = line.level == level
            if inside:
                counts.append(0)
        if inside and i in marks:
            counts[-1] += 1
    exact = sum(count == 1 for count in counts)
    return exact / max(len(counts), len(marks))


def sections_of(section: model.Section, below: Sequence[Line], level: str, reader: IssueReader) -> list[model.Section]:
    """The section with its aspects and issues; `level` is that of the issues. More than one where its kind changes."""
    used = {line.level for line in below}
    upper = [name for name in HEADINGS[1 : HEADINGS.index(level)] if name in used]
    roles = dict(zip(upper, _ROLES, strict=False)) | {level: "issue"}
    before: list[Paragraph] = []
    top: list[Heading] = []
    for line in below:
        if (role := roles.get(line.level)) and lines.is_heading(line):
            _hang(top, Heading(line, role))
        elif top:
            _innermost(top).body.append(line.paragraph)
        else:
            before.append(line.paragraph)
    section = replace(section, text=prose(before))
    return grouped(section, top, reader) if top else [section]


def _hang(top: list[Heading], heading: Heading) -> None:
    """Hang a heading below the last one of an outer role."""
    at = top
    while at and _ROLES.index(at[-1].role) < _ROLES.index(heading.role):
        at = at[-1].children
    at.append(heading)


def _innermost(top: list[Heading]) -> Heading:
    heading = top[-1]
    while heading.children:
        heading = heading.children[-1]
    return heading


def grouped(section: model.Section, top: Sequence[Heading], reader: IssueReader) -> list[model.Section]:
    """The section with its headings; it holds either aspects or issues, so a change begins one without a title.

    What stands behind the last issue without belonging to it makes a section without a title, too.
    """
    made: list[model.Section] = []
    tail: list[Paragraph] = []
    for plain, run in groupby(top, lambda heading: heading.role == "issue"):
        headings = list(run)
        last = headings[-1] is top[-1]
        holder = model.Section() if made else section
        if plain:
            issues, tail = _issues(headings, reader, last=last)
            made.append(replace(holder, issues=issues))
        else:
            aspects = [_aspect(heading, reader, last=last and heading is headings[-1]) for heading in headings]
            tail = aspects[-1][1]
            made.append(replace(holder, aspects=tuple(aspect for aspect, _ in aspects)))
    return [*made, model.Section(text=prose(tail))] if tail else made


def _issues(
    headings: Sequence[Heading], reader: IssueReader, *, last: bool
) -> tuple[tuple[model.Issue, ...], list[Paragraph]]:
    read = [reader.read(heading, last=last and heading is headings[-1]) for heading in headings]
    return tuple(issue for issue, _ in read), read[-1][1] if read else []


def _aspect(heading: Heading, reader: IssueReader, *, last: bool) -> tuple[model.Aspect, list[Paragraph]]:
    title, text = heading.titled()
    groups: list[model.Group] = []
    issues: tuple[model.Issue, ...] = ()
    tail: list[Paragraph] = []
    if any(child.role == "issue" for child in heading.children):
        issues, tail = _issues(list(_without_groups(heading, text)), reader, last=last)
    else:
        for child in heading.children:
            inner, tail = _issues(child.children, reader, last=last and child is heading.children[-1])
            groups.append(_group(child, inner))
    aspect = model.Aspect(
        title=title,
        number=heading.line.number,
        text=prose(text),
        declared=_declared(title),
        groups=tuple(groups),
        issues=issues,
    )
    return aspect, tail


def _group(heading: Heading, issues: tuple[model.Issue, ...]) -> model.Group:
    title, text = heading.titled()
    return model.Group(
        title=title, number=heading.line.number, text=prose(text), declared=_declared(title), issues=issues
    )


def _without_groups(aspect: Heading, text: list[Paragraph]) -> Iterator[Heading]:
    """The issues of an aspect with some outside of groups: headings of groups become prose of what precedes them."""
    before: Heading | None = None
    for child in aspect.children:
        if child.role == "group":
            (before.body if before else text).extend([child.line.paragraph, *child.body])
        for issue in child.children if child.role == "group" else [child]:
            if before:
                yield before
            before = issue
    if before:
        yield before


def _declared(title: str) -> model.Totals | None:
    """Totals that a part states in its heading: (共2个具体问题、7条整改措施)."""
    found = facts.totals_of_part(title)
    return model.Totals(**found) if found else None  # type: ignore[arg-type]
