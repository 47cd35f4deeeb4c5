"""What is shown as a picture: progress over the years, and the phases of a plan on a line of time.

Lengths are in per cent of the whole; whoever prints them computes nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from gongshi import urls
from gongshi.derive.lists import PhaseView
from gongshi.derive.rows import NoticeRow
from gongshi.derive.tally import Tally, total

MANY = 1.0  # per cent: what is shorter could not be seen


class Year(msgspec.Struct, frozen=True):
    """The notices of a year: how many, their issues, and how long their bar is beside that of the largest year."""

    year: str
    path: str
    notices: int
    tally: Tally
    length: float


class Stretch(msgspec.Struct, frozen=True):
    """A phase on the line: where it begins and how long it is; without a length no date is known."""

    title: str
    anchor: str
    span: str
    state: str
    start: float
    length: float


class Line(msgspec.Struct, frozen=True):
    """The phases of a plan from its first day to its last, and where today is if it lies between."""

    first: str
    last: str
    stretches: tuple[Stretch, ...]
    today: float | None


def years(rows: Iterable[NoticeRow]) -> tuple[Year, ...]:
    """The issues of some notices by year, newest first; nothing if they are all of one year.

    An issue that a later notice takes up counts in both years: each was told of it.
    """
    found: dict[str, list[NoticeRow]] = {}
    for row in rows:
        found.setdefault(row.year, []).append(row)
    if len(found) < 2:  # noqa: PLR2004 - there is nothing to compare
        return ()
    tallies = {year: total(row.tally for row in some) for year, some in found.items()}
    most = max(tally.total for tally in tallies.values()) or 1
    return tuple(
        Year(year, urls.notices_of(year), len(some), tallies[year], _per_cent(tallies[year].total, most))
        for year, some in found.items()
    )


def line(views: Sequence[PhaseView], today: date) -> Line | None:
    """The phases on a line; None if fewer than two have dates."""
    known = [(view.phase.start or view.phase.end, view.phase.end or view.phase.start) for view in views]
    dated = [(start.first, end.last) for start, end in known if start and end]
    if len(dated) < 2:  # noqa: PLR2004 - one phase is no line
        return None
    first, last = min(start for start, _ in dated), max(end for _, end in dated)
    days = (last - first).days + 1
    stretches = []
    for view, (start, end) in zip(views, known, strict=True):
        at = (start.first - first).days if start else 0
        length = (end.last - start.first).days + 1 if start and end else 0
        place = _per_cent(at, days), max(_per_cent(length, days), MANY) if length else 0
        stretches.append(Stretch(view.phase.title, view.anchor, view.span, view.state, *place))
    now = _per_cent((today - first).days, days) if first <= today <= last else None
    return Line(_day(first), _day(last), tuple(stretches), now)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _per_cent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2)
