"""Summaries of notices joined: tallies, years, regions, agencies, the ledger, plans."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from gongshi import urls
from gongshi.contact import area_code_of
from gongshi.dates import span_words
from gongshi.derive.rows import ContactCard, IssueRow, NoticeRow, PhaseRow, contact_card, notice_rows
from gongshi.derive.tally import Tally, tally
from gongshi.model import BUCKETS, Agency, Corpus, Phase, Region

PHASE_STATES = {"past": "已结束", "now": "进行中", "ahead": "未开始", "unknown": "时间未注明"}
NOTICES_A_PAGE = 50
ISSUES_A_PAGE = 60
ISSUES_OF_AN_AGENCY = 100  # on its page; its notices have them all


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
    def region_note(self) -> str:
        """What is to be said of its region; empty if it is certain."""
        return "（推定，待核实）" if self.agency.region_inferred else ""

    @property
    def issues(self) -> tuple[IssueRow, ...]:
        """Its issues, in the order of the ledger."""
        return in_ledger_order(issue for notice in self.notices for issue in notice.issues)


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One region with all below it."""

    region: Region
    ancestors: tuple[Region, ...]  # from the province down
    children: tuple[Region, ...]  # directly below, if anything is published there
    agencies: tuple[AgencyRow, ...]  # of this region and all below
    tally: Tally
    path: str

    @property
    def notices(self) -> tuple[NoticeRow, ...]:
        """Notices of the region and all below it, newest first."""
        return newest_first(notice for agency in self.agencies for notice in agency.notices)

    @property
    def own(self) -> tuple[AgencyRow, ...]:
        """Agencies of the region itself."""
        return tuple(row for row in self.agencies if row.region == self.region)

    @property
    def steps(self) -> list[tuple[str, str]]:
        """The way to it: paths and names."""
        above = [(urls.region(region.code), region.name) for region in self.ancestors]
        return [(urls.HOME, "首页"), (urls.AGENCIES, "单位"), *above]

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
class PlanRow:
    """A notice that has phases."""

    notice: NoticeRow
    phases: tuple[PhaseView, ...]


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

    notices: Mapping[str, NoticeRow]  # newest first
    agencies: Mapping[str, AgencyRow]  # by region, then id
    regions: Mapping[str, RegionRow]  # by code, those where something is published
    followed_by: Mapping[str, tuple[NoticeRow, ...]]
    continued_by: Mapping[str, tuple[IssueRow, ...]]
    tally: Tally

    @property
    def issues(self) -> tuple[IssueRow, ...]:
        """Every issue, in the order of the ledger."""
        return in_ledger_order(issue for notice in self.notices.values() for issue in notice.issues)

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


def index(corpus: Corpus) -> Index:
    """Join the summaries of all notices."""
    notices = notice_rows(corpus)
    by_agency: dict[str, list[NoticeRow]] = {agency_id: [] for agency_id in corpus.agencies}
    followed: dict[str, list[NoticeRow]] = {}
    continued: dict[str, list[IssueRow]] = {}
    for row in notices.values():
        by_agency[row.agency].append(row)
        for earlier in row.follows:
            followed.setdefault(earlier, []).append(row)
        for issue in row.issues:
            if issue.continues:
                continued.setdefault(issue.continues, []).append(issue)
    agencies = {
        agency.id: AgencyRow(
            agency=agency,
            region=corpus.regions[agency.region],
            contact=contact_card(agency.contact, area_code_of(agency)),
            notices=tuple(by_agency[agency.id]),
            tally=tally_of(by_agency[agency.id]),
            path=urls.agency(agency.id),
        )
        for agency in sorted(corpus.agencies.values(), key=lambda agency: (agency.region, agency.id))
    }
    return Index(
        notices=notices,
        agencies=agencies,
        regions=_regions(corpus, agencies),
        followed_by={key: tuple(reversed(rows)) for key, rows in followed.items()},
        continued_by={key: tuple(reversed(rows)) for key, rows in continued.items()},
        tally=tally_of(notices.values()),
    )


def tally_of(notices: Iterable[NoticeRow]) -> Tally:
    """The issues of several notices by bucket; an issue that a later notice took up counts once, there."""
    return tally(issue.status.bucket for row in notices for issue in row.issues if not issue.continued_by)


def ancestors_of(code: str, regions: Mapping[str, Region]) -> tuple[Region, ...]:
    """The registered regions above a code, from the province down (GB/T 2260: two digits a level)."""
    above = (code[:2] + "0000", code[:4] + "00")
    return tuple(regions[c] for c in dict.fromkeys(above) if c != code and c in regions)


def in_ledger_order(issues: Iterable[IssueRow]) -> tuple[IssueRow, ...]:
    """What is not done first, inside a bucket in the order given; what a later notice took up is left out."""
    rank = {bucket: place for place, bucket in enumerate(BUCKETS)}
    current = (issue for issue in issues if not issue.continued_by)
    return tuple(sorted(current, key=lambda issue: rank[issue.status.bucket]))


def newest_first(notices: Iterable[NoticeRow]) -> tuple[NoticeRow, ...]:
    """Notices by date, the newest first."""
    return tuple(sorted(notices, key=lambda row: row.order, reverse=True))


def plans(index: Index, today: date) -> tuple[PlanRow, ...]:
    """Notices with phases, newest first."""
    return tuple(PlanRow(row, phase_views(row.phases, today)) for row in index.notices.values() if row.phases)


def phase_views(phases: Iterable[PhaseRow | Phase], today: date) -> tuple[PhaseView, ...]:
    """Phases with their dates in words and their state today; they are numbered through the notice."""
    return tuple(
        PhaseView(phase, f"phase-{number}", span_words(phase.start, phase.end), _state(phase, today))
        for number, phase in enumerate(phases, 1)
    )


def _state(phase: PhaseRow | Phase, today: date) -> str:
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


def _regions(corpus: Corpus, agencies: Mapping[str, AgencyRow]) -> dict[str, RegionRow]:
    members: dict[str, list[AgencyRow]] = {}
    for row in agencies.values():
        for region in (*ancestors_of(row.region.code, corpus.regions), row.region):
            members.setdefault(region.code, []).append(row)
    below: dict[str, list[Region]] = {}
    for code in sorted(members):
        if above := ancestors_of(code, corpus.regions):
            below.setdefault(above[-1].code, []).append(corpus.regions[code])
    return {
        code: RegionRow(
            region=corpus.regions[code],
            ancestors=ancestors_of(code, corpus.regions),
            children=tuple(below.get(code, ())),
            agencies=tuple(rows),
            tally=tally_of(notice for row in rows for notice in row.notices),
            path=urls.region(code),
        )
        for code, rows in sorted(members.items())
    }
