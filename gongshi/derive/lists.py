"""Summaries of notices joined: tallies, years, regions, agencies, plans, and what later notices took up."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from gongshi import urls
from gongshi.contact import area_code_of
from gongshi.dates import PartialDate, span_words
from gongshi.derive.promises import Due, dues
from gongshi.derive.rows import ContactCard, Detail, NoticeRow, PhaseRow, contact_card
from gongshi.derive.tally import Tally, total
from gongshi.model import Agency, Bucket, Phase, Region

PHASE_STATES = {"past": "已结束", "now": "进行中", "ahead": "未开始", "unknown": "时间未注明"}
NOTICES_A_PAGE = 50
ISSUES_A_PAGE = 100  # of the ledger, and at most on the page of an agency


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency with its notices, newest first."""

    agency: Agency
    region: Region
    contact: ContactCard | None
    notices: tuple[NoticeRow, ...]
    tally: Tally
    path: str

    @property
    def area_code(self) -> str | None:
        """The area code for numbers that lack theirs."""
        return area_code_of(self.agency)


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One region with all below it."""

    region: Region
    ancestors: tuple[Region, ...]  # from the province down
    children: tuple[Region, ...]  # directly below, if anything is published there
    agencies: tuple[AgencyRow, ...]  # of this region and all below
    notices: tuple[NoticeRow, ...]  # of this region and all below, newest first
    tally: Tally
    path: str

    @property
    def own(self) -> tuple[AgencyRow, ...]:
        """Agencies of the region itself."""
        return tuple(row for row in self.agencies if row.region == self.region)

    @property
    def whole_name(self) -> str:
        """The name with those above it: 山东省东营市."""
        return "".join(region.name for region in (*self.ancestors, self.region))


@dataclass(frozen=True, slots=True)
class PhaseView:
    """A phase of a plan, and where today stands to it: past, now, ahead or unknown."""

    phase: PhaseRow | Phase  # the whole phase on the notice's own page
    anchor: str
    span: str
    state: str


@dataclass(frozen=True, slots=True)
class Later:
    """An issue of a later notice that took one up."""

    notice: str
    no: str
    title: str  # of the notice
    dated: PartialDate | None


@dataclass(frozen=True, slots=True)
class PageOf:
    """One page of a long list."""

    number: int
    count: int
    paths: tuple[str, ...]  # of every page of the list

    @property
    def path(self) -> str:
        """Where this page is."""
        return self.paths[self.number - 1]

    @property
    def links(self) -> list[tuple[int, str]]:
        """The pages to link to, by number: the first, the last, and those around this one."""
        near = range(self.number - 2, self.number + 3)
        return [(n, self.paths[n - 1]) for n in sorted({1, self.count, *near}) if 1 <= n <= self.count]


@dataclass(frozen=True, slots=True)
class Index:
    """What is known of all notices together."""

    notices: Mapping[str, NoticeRow]  # newest first, without those that were withdrawn
    withdrawn: Mapping[str, NoticeRow]
    agencies: Mapping[str, AgencyRow]  # by region, then id
    regions: Mapping[str, RegionRow]  # by code, those where something is published
    followed_by: Mapping[str, tuple[NoticeRow, ...]]
    taken_up: Mapping[str, Mapping[str, tuple[Later, ...]]]  # by notice and issue: the issues that took it up directly
    current: Mapping[str, Tally]  # by notice: its issues without those that were taken up
    dues: Mapping[str, tuple[Due, ...]]  # by notice: its promises by their last day, without those of such issues
    tally: Tally

    @property
    def years(self) -> dict[str, tuple[NoticeRow, ...]]:
        """Notices by year, newest first; those without a date at the end."""
        years: dict[str, list[NoticeRow]] = {}
        for row in self.notices.values():
            years.setdefault(row.year, []).append(row)
        return {year: tuple(rows) for year, rows in years.items()}

    @property
    def top_regions(self) -> tuple[RegionRow, ...]:
        """Regions that stand in no other region."""
        return tuple(row for row in self.regions.values() if not row.ancestors)

    def superseded(self, notice_id: str) -> dict[str, str]:
        """The issues of a notice that later ones took up, each with the one where it is counted now."""
        taken = self.taken_up.get(notice_id, {})
        return {no: f"{later[0].notice}#issue-{later[0].no}" for no, later in taken.items()}

    def chain(self, notice_id: str, no: str) -> Iterator[Later]:
        """The issues of later notices that took one up, and those that took them up."""
        waiting = list(reversed(self.taken_up.get(notice_id, {}).get(no, ())))
        while waiting:
            later = waiting.pop()
            yield later
            waiting += reversed(self.taken_up.get(later.notice, {}).get(later.no, ()))


def index(
    rows: Iterable[NoticeRow],
    agencies: Mapping[str, Agency],
    regions: Mapping[str, Region],
    detail: Callable[[str], Detail],
) -> Index:
    """Join the summaries of all notices; `detail` is asked only for notices whose issues were taken up."""
    ordered = sorted(rows, key=lambda row: row.order, reverse=True)
    notices = {row.id: row for row in ordered if not row.withdrawn}
    withdrawn = {row.id: row for row in ordered if row.withdrawn}
    followed: dict[str, list[NoticeRow]] = {}
    taken_up: dict[str, dict[str, list[Later]]] = {}
    for row in notices.values():
        for before in row.follows:
            followed.setdefault(before, []).append(row)
        for no, continued in row.continues:
            notice_id, _, issue = continued.partition("#issue-")
            if notice_id in withdrawn:
                continue
            later = Later(row.id, no, row.title, row.dated)
            taken_up.setdefault(notice_id, {}).setdefault(issue, []).append(later)
    current = {row.id: row.tally for row in notices.values()}
    promised = {row.id: row.dues for row in notices.values() if row.dues}
    for notice_id, taken in taken_up.items():
        earlier = detail(notice_id)
        gone: list[Bucket] = [row.status.bucket for row in earlier.issues if row.no in taken]
        if notice_id in promised:
            promised[notice_id] = dues(earlier.promised.promises, taken)
        current[notice_id] = current[notice_id].less(gone)
    by_agency: dict[str, list[NoticeRow]] = {agency_id: [] for agency_id in agencies}
    for row in notices.values():
        by_agency[row.agency].append(row)
    agency_rows = {
        agency.id: AgencyRow(
            agency=agency,
            region=regions[agency.region],
            contact=contact_card(agency.contact, area_code_of(agency)),
            notices=tuple(by_agency[agency.id]),
            tally=total(current[row.id] for row in by_agency[agency.id]),
            path=urls.agency(agency.id),
        )
        for agency in sorted(agencies.values(), key=lambda agency: (agency.region, agency.id))
    }
    return Index(
        notices=notices,
        withdrawn=withdrawn,
        agencies=agency_rows,
        regions=_regions(regions, agency_rows, notices.values()),
        followed_by={key: tuple(reversed(found)) for key, found in followed.items()},
        taken_up={
            notice_id: {no: tuple(reversed(found)) for no, found in taken.items()}
            for notice_id, taken in taken_up.items()
        },
        current=current,
        dues={notice_id: found for notice_id, found in promised.items() if found},
        tally=total(current.values()),
    )


def ancestors_of(code: str, regions: Mapping[str, Region]) -> tuple[Region, ...]:
    """The registered regions above a code, from the province down (GB/T 2260: two digits a level)."""
    above = (code[:2] + "0000", code[:4] + "00")
    return tuple(regions[c] for c in dict.fromkeys(above) if c != code and c in regions)


def phase_views(phases: Iterable[PhaseRow | Phase], states: Iterable[str]) -> tuple[PhaseView, ...]:
    """Phases with their dates in words and their states; they are numbered through the notice."""
    return tuple(
        PhaseView(phase, f"phase-{number}", span_words(phase.start, phase.end), state)
        for number, (phase, state) in enumerate(zip(phases, states, strict=True), 1)
    )


def phase_states(phases: Iterable[PhaseRow], today: date) -> tuple[str, ...]:
    """Where today stands to each phase."""
    return tuple(_state(phase, today) for phase in phases)


def _state(phase: PhaseRow, today: date) -> str:
    first, last = phase.start or phase.end, phase.end or phase.start
    if not first or not last:
        return "unknown"
    if last.last < today:
        return "past"
    return "ahead" if first.first > today else "now"


def paged(count: int, size: int, path: Callable[[int], str]) -> list[tuple[PageOf, slice]]:
    """The pages of a list of `count` things, each with the slice that it shows; an empty list has one page."""
    pages = max(1, -(-count // size))
    paths = tuple(path(number) for number in range(1, pages + 1))
    return [(PageOf(n, pages, paths), slice((n - 1) * size, n * size)) for n in range(1, pages + 1)]


def _regions(
    regions: Mapping[str, Region], agencies: Mapping[str, AgencyRow], notices: Iterable[NoticeRow]
) -> dict[str, RegionRow]:
    members: dict[str, list[AgencyRow]] = {}
    above_agency: dict[str, list[str]] = {}  # the regions that each agency stands in
    for row in agencies.values():
        above_agency[row.agency.id] = [*(r.code for r in ancestors_of(row.region.code, regions)), row.region.code]
        for code in above_agency[row.agency.id]:
            members.setdefault(code, []).append(row)
    published: dict[str, list[NoticeRow]] = {code: [] for code in members}
    for notice in notices:
        for code in above_agency[notice.agency]:
            published[code].append(notice)
    below: dict[str, list[Region]] = {}
    for code in sorted(members):
        if above := ancestors_of(code, regions):
            below.setdefault(above[-1].code, []).append(regions[code])
    return {
        code: RegionRow(
            region=regions[code],
            ancestors=ancestors_of(code, regions),
            children=tuple(below.get(code, ())),
            agencies=tuple(rows),
            notices=tuple(published[code]),
            tally=total(row.tally for row in rows),
            path=urls.region(code),
        )
        for code, rows in sorted(members.items())
    }
