"""Promised dates: what is due and what has run out, month by month, and as calendars that other programs subscribe to.

A page of a month holds what is due in it, so it changes when one of its days passes and at no other time; only the
first page, which says what comes next, is another one every day.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import msgspec

from gongshi import urls
from gongshi.contentlines import escaped, folded
from gongshi.dates import PartialDate
from gongshi.derive.cards import Byline
from gongshi.derive.lists import paged
from gongshi.derive.promises import Due, Promise, Promises
from gongshi.derive.rows import Status
from gongshi.outputs.publication import Output, Publication, Ref, Tools, cut

A_PAGE = 100  # promises
FIRST = 30  # of what comes, and of what ran out, on the first page
YEAR = 365  # days that the first page looks back and ahead
IN_A_FILE = 1000  # events of a calendar file

_NAMES = UUID("6f0a5d0c-5d0f-5b0e-9c55-8f2f4d9f6a11")  # of ours, for ids made of names


class Slice(msgspec.Struct, frozen=True):
    """Promises of one notice with the same last day: from one to before another."""

    promised: Ref
    byline: Byline
    day: date
    past: bool
    superseded: tuple[str, ...]  # issues that later notices took up: their promises are not waited for any more
    unanswered: bool  # of these alone
    start: int
    stop: int

    def promises(self, promised: Promises) -> list[Promise]:
        """The promises themselves."""
        found = (each for each in promised.promises if each.day == self.day and each.issue not in self.superseded)
        return [each for each in found if not (self.unanswered and each.answered)][self.start : self.stop]


class PromiseCard(msgspec.Struct, frozen=True):
    """A promise in a list, in words."""

    path: str
    text: str
    kind: str
    due: str
    overdue: bool
    status: Status | None
    agency: str
    agency_path: str
    place: str


class CalendarPage(msgspec.Struct, frozen=True):
    """A page that lists promises: `lists` by the name that the template knows them by."""

    path: str
    values: Mapping[str, Any]
    lists: Mapping[str, tuple[Slice, ...]]
    origin: str = "承诺日历"
    template: str = "calendar.html"

    def body(self, tools: Tools) -> bytes:
        """The page."""
        lists = {
            name: [card for part in slices for card in _cards(part, tools.promises(part.promised))]
            for name, slices in self.lists.items()
        }
        return tools.renderer.render(self.template, self.path, **lists, **self.values)


class CalendarFile(msgspec.Struct, frozen=True):
    """Promises as whole-day events (RFC 5545)."""

    path: str
    origin: str
    name: str
    base_url: str | None
    slices: tuple[Slice, ...]
    template: str = ""

    def body(self, tools: Tools) -> bytes:
        """The calendar. It names no day but those of the content."""
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Gongshi//Gongshi//ZH", "CALSCALE:GREGORIAN"]
        lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(self.name)}"]
        for part in self.slices:
            promised = tools.promises(part.promised)
            for promise in part.promises(promised):
                lines += _event(promise, part.byline, promised, self.base_url)
        return folded([*lines, "END:VCALENDAR"])


class _Dated(NamedTuple):
    """A slice of all promises of a notice for one day, with what is known of them."""

    due: Due
    agency: str
    slice: Slice

    @property
    def ran_out(self) -> Slice:
        """Those of them that ran out, if the day has passed."""
        return msgspec.structs.replace(self.slice, unanswered=True, stop=self.due.unanswered)


def outputs(publication: Publication) -> Iterator[Output]:
    """The first page, the months, and the calendar files of the site and its agencies."""
    dated = list(_dated(publication))
    months: dict[str, list[_Dated]] = {}
    for each in dated:
        months.setdefault(each.due.day.isoformat()[:7], []).append(each)
    files = list(_files(publication, dated))
    listed = any(file.path == urls.CALENDAR_FILE for file in files)
    yield _first_page(dated, months, publication.today, listed=listed)
    for month, found in months.items():
        total = sum(each.due.count for each in found)
        pages = paged(total, A_PAGE, partial(urls.calendar_of, month))
        for (page, _), shown in zip(pages, cut([each.slice for each in found], A_PAGE), strict=True):
            values = {"month": month, "years": {}, "pages": page, "total": total, "today": "", "late": 0, "file": False}
            yield CalendarPage(page.path, values, {"coming": shown, "gone": ()})
    yield from files


def _dated(publication: Publication) -> Iterator[_Dated]:
    """All promises, by their last day."""
    index, today = publication.index, publication.today
    found = [(due, row) for row in index.notices.values() for due in index.dues.get(row.id, ())]
    found.sort(key=lambda each: each[0].day)  # those of one day stay in the order of the notices
    for due, row in found:
        superseded = tuple(index.taken_up.get(row.id, ()))
        promised, byline = publication.promised[row.id], publication.bylines[row.id]
        past = due.day < today
        whole = Slice(promised, byline, due.day, past, superseded, unanswered=False, start=0, stop=due.count)
        yield _Dated(due, row.agency, whole)


def _first_page(
    dated: Sequence[_Dated], months: Mapping[str, Sequence[_Dated]], today: date, *, listed: bool
) -> CalendarPage:
    """What comes and what ran out within a year, the nearest first, and the way to every month.

    `listed` tells that there is a calendar file.
    """
    first, last = _moved(today, -YEAR), _moved(today, YEAR)
    coming = [each.slice for each in dated if today <= each.due.day <= last]
    late = [each for each in dated if first <= each.due.day < today and each.due.unanswered]
    gone = [each.ran_out for each in reversed(late)]
    years: dict[str, dict[str, tuple[int, int]]] = {}
    for month, found in months.items():
        count = sum(each.due.count for each in found)
        unanswered = sum(each.due.unanswered for each in found if each.slice.past)
        years.setdefault(month[:4], {})[month] = (count, unanswered)
    values = {
        "month": None,
        "pages": None,
        "years": years,
        "today": PartialDate.of(today).chinese,
        "total": sum(part.stop for part in coming),
        "late": sum(part.stop for part in gone),
        "file": listed,
    }
    lists = {"coming": next(cut(coming, FIRST), ()), "gone": next(cut(gone, FIRST), ())}
    return CalendarPage(urls.CALENDAR, values, lists)


def _files(publication: Publication, dated: Sequence[_Dated]) -> Iterator[CalendarFile]:
    """The calendar of the site, which begins a year ago, and those of the agencies that promised something."""
    setting = publication.setting
    start = _moved(publication.today.replace(day=1), -YEAR)
    if slices := _fitting([each.slice for each in dated if each.due.day >= start]):
        yield CalendarFile(urls.CALENDAR_FILE, "承诺日历", setting.site.title, setting.base_url, slices)
    by_agency: dict[str, list[Slice]] = {}
    for each in dated:
        by_agency.setdefault(each.agency, []).append(each.slice)
    for agency_id, found in by_agency.items():
        agency = publication.index.agencies[agency_id].agency
        path = urls.agency_calendar(agency_id)
        yield CalendarFile(path, agency.path, agency.name, setting.base_url, _fitting(found))


def _fitting(slices: Sequence[Slice]) -> tuple[Slice, ...]:
    """As many promises as a file may hold: of what has passed the oldest give way first, then what is far ahead."""
    excess = sum(part.stop for part in slices) - IN_A_FILE
    kept: list[Slice] = []
    for part in slices:
        if part.past and excess > 0:
            excess -= part.stop
        else:
            # Whether its day has passed is nothing that a calendar says, so it does not count for the file.
            kept.append(msgspec.structs.replace(part, past=False))
    return next(cut(kept, IN_A_FILE), ())


def _moved(day: date, days: int) -> date:
    """A day some days before or after another, as far as there are days."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def _cards(part: Slice, promised: Promises) -> Iterator[PromiseCard]:
    for promise in part.promises(promised):
        yield PromiseCard(
            path=urls.notice(promised.id, promise.anchor),
            text=promise.text,
            kind=promise.kind,
            due=promise.due.deadline,
            overdue=part.past and not promise.answered,
            status=Status(promise.wording, promise.bucket) if promise.bucket else None,
            agency=part.byline.agency,
            agency_path=part.byline.agency_path,
            place=part.byline.words + (f"，第{promise.ordinal}个问题" if promise.ordinal else ""),
        )


def _event(promise: Promise, byline: Byline, promised: Promises, base_url: str | None) -> Iterator[str]:
    """One event. It is stamped with the latest day on which the notice said something."""
    day, stamp = promise.day, promised.latest or promise.due.first
    said = f"{promised.title}（{byline.words}）"
    yield "BEGIN:VEVENT"
    yield f"UID:{uuid5(_NAMES, f'{promised.oldest_id}#{promise.name}')}"
    yield f"DTSTAMP:{_digits(stamp)}T000000Z"
    yield f"DTSTART;VALUE=DATE:{_digits(day)}"
    if day < date.max:
        yield f"DTEND;VALUE=DATE:{_digits(day + timedelta(days=1))}"
    yield f"SUMMARY:{escaped(f'{byline.agency}：{promise.text}（{promise.kind}，{promise.due.deadline}）')}"
    yield f"DESCRIPTION:{escaped(said)}"
    if base_url:
        yield f"URL:{urls.absolute(base_url, urls.notice(promised.id, promise.anchor))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _digits(day: date) -> str:
    return day.isoformat().replace("-", "")
