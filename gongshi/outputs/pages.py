"""The HTML pages, ledgers aside."""

import dataclasses
from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

import msgspec

from gongshi import text, urls
from gongshi.cache import decode
from gongshi.dates import PartialDate
from gongshi.derive.cards import AgencyCard, Issuer, NoticeCard, agency_card, issuer, notice_card
from gongshi.derive.lists import (
    NOTICES_A_PAGE,
    AgencyRow,
    PhaseView,
    RegionRow,
    paged,
    phase_states,
    phase_views,
)
from gongshi.derive.notice import Earlier, Related, Successor, Surroundings, article, notice_view
from gongshi.derive.pictures import Line, line, years
from gongshi.derive.reach import trouble
from gongshi.derive.rows import IssueRow, NoticeRow
from gongshi.derive.tally import Tally
from gongshi.history import COMPARED, Files, Past
from gongshi.model import Notice
from gongshi.outputs.ledger import IssuesPage, first_issues
from gongshi.outputs.publication import Copy, Output, Page, Publication, Ref, Tools
from gongshi.revisions import Historian, Record, State

LATEST = 6  # notices on the home page
FEW = 12  # of what the home page shows of long lists


class Rank(msgspec.Struct, frozen=True):
    """A line of a list of agencies or regions by their progress."""

    name: str
    path: str
    tally: Tally
    notices: int = 0


class Locality(msgspec.Struct, frozen=True):
    """A region and the agencies of its own."""

    code: str
    name: str
    whole_name: str
    path: str
    agencies: tuple[AgencyCard, ...]


class Plan(msgspec.Struct, frozen=True):
    """A notice with phases, in the list of plans."""

    notice: NoticeCard
    agency_path: str
    phases: tuple[PhaseView, ...]
    picture: Line | None


class OtherIssue(msgspec.Struct, frozen=True):
    """An issue of another notice, to be looked up when the page is made."""

    notice: str
    no: str
    title: str  # of the notice
    dated: PartialDate | None
    detail: Ref


class AgencyPage(IssuesPage, frozen=True, kw_only=True):
    """The page of an agency: its issues, and those that were found again, each with all that took it up."""

    repeated: tuple[tuple[OtherIssue, ...], ...]

    def body(self, tools: Tools) -> bytes:
        """The page."""
        repeated = [
            [
                (issue.title, issue.dated, urls.notice(issue.notice, f"issue-{issue.no}"), _row(issue, tools))
                for issue in chain
            ]
            for chain in self.repeated
        ]
        return tools.renderer.render(
            self.template, self.path, issues=self.cards(tools), repeated=repeated, **self.values
        )


class AttachedRef(msgspec.Struct, frozen=True):
    """A file that a notice publishes."""

    name: str
    size: int  # bytes
    rows: Ref


class VersionRef(msgspec.Struct, frozen=True):
    """A version of a notice."""

    day: date
    commit: str
    there: bool
    files: Files
    text: Ref | None


class PastRef(msgspec.Struct, frozen=True):
    """What is known of the versions of a notice, newest first."""

    versions: tuple[VersionRef, ...] = ()
    pending: bool = False
    cut: bool = False

    @classmethod
    def of(cls, past: Past | None) -> "PastRef":
        """The past of a notice, to be looked up when its page is made."""
        if past is None:
            return _NO_PAST
        refs = (
            VersionRef(each.day, each.commit, each.there, each.files, Ref(each.text) if each.text else None)
            for each in past.versions
        )
        return cls(tuple(refs), past.pending, past.cut)

    def record(self, notice: Notice, area_code: str | None, tools: Tools) -> Record:
        """What the page of a notice says of its versions."""
        states = [State(each.day, each.commit, each.there, each.files, tools.old(each.text)) for each in self.versions]
        standing = State(None, "", there=True, files=(), notice=notice)
        if self.pending:
            states.insert(0, standing)
        elif states:
            states[0] = dataclasses.replace(states[0], notice=notice)
        historian = Historian(notice, area_code, tools.words, tools.renderer.setting.site.statuses)
        return historian.record(states, COMPARED, cut=self.cut)


_NO_PAST = PastRef()


class NoticePage(msgspec.Struct, frozen=True, kw_only=True):
    """The page of one notice."""

    path: str
    origin: str
    template: str = "notice.html"
    notice: Ref
    detail: Ref
    agency: Issuer
    region: str
    states: tuple[str, ...]
    ran_out: date | None
    files: tuple[AttachedRef, ...]
    follows: tuple[Related, ...]
    followed_by: tuple[Related, ...]
    earlier: tuple[tuple[str, OtherIssue], ...]  # by the issue that takes it up
    later: tuple[tuple[str, tuple[OtherIssue, ...]], ...]  # by the issue that was taken up
    line: Line | None  # of its phases
    past: PastRef

    def body(self, tools: Tools) -> bytes:
        """The page."""
        notice, setting = tools.notice(self.notice), tools.renderer.setting
        around = Surroundings(
            words=tools.words,
            labels=setting.site.labels,
            agency=self.agency,
            region=self.region,
            address=setting.absolute(self.path) if setting.base_url else "",
            states=self.states,
            ran_out=self.ran_out,
            files={file.name: tools.attached(file.name, file.size, file.rows) for file in self.files},
            follows=self.follows,
            followed_by=self.followed_by,
            earlier={no: _earlier(issue, tools) for no, issue in self.earlier},
            later={no: tuple(_successor(issue, tools) for issue in issues) for no, issues in self.later},
            line=self.line,
        )
        view = notice_view(notice, tools.detail(self.detail), around)
        record = self.past.record(notice, self.agency.area_code, tools)
        return tools.renderer.render(self.template, self.path, view=view, notice=notice, record=record)


class WithdrawnPage(msgspec.Struct, frozen=True, kw_only=True):
    """The page of a notice that was taken back: that it was, why, and since when."""

    path: str
    origin: str
    template: str = "withdrawn.html"
    notice: Ref
    agency: Issuer
    region: str
    past: PastRef

    def body(self, tools: Tools) -> bytes:
        """The page."""
        notice = tools.notice(self.notice)
        labels = article(notice, self.agency.name, self.region)
        record = self.past.record(notice, self.agency.area_code, tools)
        return tools.renderer.render(
            self.template, self.path, notice=notice, agency=self.agency, article=labels, record=record
        )


class OwnPage(msgspec.Struct, frozen=True):
    """A page of the site's own, from Markdown."""

    path: str
    origin: str
    title: str
    markdown: str
    template: str = "page.html"

    def body(self, tools: Tools) -> bytes:
        """The page."""
        body = text.page(self.markdown, partial(tools.renderer.link, self.path))
        return tools.renderer.render(self.template, self.path, title=self.title, body=body)


def attached(publication: Publication, row: NoticeRow) -> tuple[AttachedRef, ...]:
    """The files that a notice publishes."""
    files = publication.corpus.files.get(row.id, {})
    sources = ((name, publication.source(file)) for name, file in files.items())
    return tuple(AttachedRef(name, decode(source.value, int), Ref(source.parts[0])) for name, source in sources)


def outputs(publication: Publication) -> Iterator[Output]:
    """Every page of the site but the ledgers."""
    made = _Pages(publication)
    yield made.home()
    yield from made.notice_lists()
    yield from made.notices()
    yield from made.directories()
    yield from made.own_pages()


class _Pages:
    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.index = publication.index
        above = publication.above
        self.issuers = {each: issuer(row, above.get(each)) for each, row in self.index.agencies.items()}
        self._cards: dict[str, NoticeCard] = {}
        self.regions = {code: row.whole_name for code, row in self.index.regions.items()}

    def _card(self, row: NoticeRow) -> NoticeCard:
        """The card of a notice, made once: several lists show it."""
        if row.id not in self._cards:
            self._cards[row.id] = notice_card(row, self.index.agencies[row.agency].agency.name)
        return self._cards[row.id]

    def home(self) -> Output:
        index = self.index
        notices = list(index.notices.values())
        busy = sorted((row for row in index.agencies.values() if row.tally.total), key=lambda row: -row.tally.total)
        declaring = [row for row in notices if row.declares][:FEW]
        details = ((row, self.publication.corpus.detail(row.id)) for row in declaring)
        values = {
            "counts": {"notices": len(notices), "agencies": len(index.agencies)},
            "tally": index.tally,
            "latest": [self._card(row) for row in notices[:LATEST]],
            "agencies": [_rank(row) for row in busy[:FEW]],
            "regions": [Rank(row.whole_name, row.path, row.tally) for row in index.top_regions if row.tally.total],
            "years": years(notices),
            "declaring": [(row.title, row.path, detail.totals, detail.differences) for row, detail in details],
        }
        return Page(urls.HOME, "首页", "home.html", values)

    def notice_lists(self) -> Iterator[Output]:
        notices = list(self.index.notices.values())
        by_year = self.index.years
        years = {year: len(rows) for year, rows in by_year.items()}
        latest = [self._card(row) for row in notices[:NOTICES_A_PAGE]]
        values: dict[str, Any] = {"rows": latest, "years": years, "year": None, "pages": None}
        yield Page(urls.NOTICES, "通报列表", "notices.html", values)
        for year, rows in by_year.items():
            for pages, part in paged(len(rows), NOTICES_A_PAGE, partial(urls.notices_of, year)):
                # Without the counts: a new notice would change the pages of all years.
                names = dict.fromkeys(years)
                values = {"rows": [self._card(row) for row in rows[part]], "years": names, "year": year, "pages": pages}
                yield Page(pages.path, "按年份的通报列表", "notices.html", values)

    def notices(self) -> Iterator[Output]:
        corpus = self.publication.corpus
        for row in self.index.notices.values():
            yield self.notice(row)
            for name, file in corpus.files.get(row.id, {}).items():
                path = urls.attachment(row.id, name)
                source = self.publication.source(file)
                whole = (self.publication.content / file).absolute().as_posix()
                yield Copy(path, f"{corpus.root}/{file}", whole, source.digest)
        for row in self.index.withdrawn.values():
            region = self.regions[self.index.agencies[row.agency].region.code]
            yield WithdrawnPage(
                path=row.path,
                origin=corpus.path(row.id),
                notice=self.publication.notices[row.id],
                agency=self.issuers[row.agency],
                region=region,
                past=PastRef.of(self.publication.past.get(row.id)),
            )

    def notice(self, row: NoticeRow) -> NoticePage:
        index, publication = self.index, self.publication
        agency = index.agencies[row.agency]
        taken_up = index.taken_up.get(row.id, {})
        states = phase_states(row.phases, publication.today)
        return NoticePage(
            path=row.path,
            origin=publication.corpus.path(row.id),
            notice=publication.notices[row.id],
            detail=publication.details[row.id],
            agency=self.issuers[row.agency],
            region=self.regions[agency.region.code],
            states=states,
            line=line(phase_views(row.phases, states), publication.today) if row.phases else None,
            ran_out=_ran_out(row, publication.today),
            files=attached(publication, row),
            past=PastRef.of(publication.past.get(row.id)),
            follows=tuple(_related(publication.corpus.notices[earlier]) for earlier in row.follows),
            followed_by=tuple(map(_related, index.followed_by.get(row.id, ()))),
            earlier=tuple(
                (no, self._issue(notice_id, issue))
                for no, (notice_id, issue) in ((no, _parted(earlier)) for no, earlier in row.continues)
                if notice_id in index.notices
            ),
            later=tuple(
                (no, tuple(self._issue(later.notice, later.no) for later in index.chain(row.id, no))) for no in taken_up
            ),
        )

    def _issue(self, notice_id: str, no: str) -> OtherIssue:
        row = self.index.notices[notice_id]
        return OtherIssue(notice_id, no, row.title, row.dated, self.publication.details[notice_id])

    def directories(self) -> Iterator[Output]:
        index = self.index
        places = [_locality(region) for region in index.regions.values() if region.own]
        yield Page(urls.AGENCIES, "单位列表", "agencies.html", {"places": places})
        yield Page(urls.PLANS, "方案列表", "plans.html", {"plans": list(self._plans())})
        for agency in index.agencies.values():
            yield self._agency(agency)
        for region in index.regions.values():
            yield self._region(region)

    def _plans(self) -> Iterator[Plan]:
        for row in self.index.notices.values():
            if row.phases:
                phases = phase_views(row.phases, phase_states(row.phases, self.publication.today))
                picture = line(phases, self.publication.today)
                yield Plan(self._card(row), self.index.agencies[row.agency].path, phases, picture)

    def _agency(self, agency: AgencyRow) -> Output:
        region = self.index.regions[agency.region.code]
        values = {
            "agency": agency_card(agency),
            "agency_id": agency.agency.id,
            "issuer": self.issuers[agency.agency.id],
            "trouble": trouble(agency.contact, "单位"),
            "poster": urls.poster(agency.agency.id),
            "party_body": agency.agency.party_body,
            "region": (region.path, region.region.name),
            "region_name": region.whole_name,
            "promises": any(row.id in self.index.dues for row in agency.notices),
            "notices": [self._card(row) for row in agency.notices[:NOTICES_A_PAGE]],
        }
        return AgencyPage(
            path=agency.path,
            origin=agency.agency.path,
            template="agency.html",
            values=values | {"years": years(agency.notices)},
            slices=first_issues(self.publication, agency.notices),
            repeated=tuple(islice(self._repeated(agency), FEW)),
        )

    def _repeated(self, agency: AgencyRow) -> Iterator[tuple[OtherIssue, ...]]:
        """The issues of an agency that later notices found again, each with those after it; newest notices first."""
        for row in agency.notices:
            later = {no for no, _ in row.continues}
            for no in self.index.taken_up.get(row.id, ()):
                if no not in later:  # else it stands with the one before it
                    after = (self._issue(each.notice, each.no) for each in self.index.chain(row.id, no))
                    yield (self._issue(row.id, no), *after)

    def _region(self, region: RegionRow) -> Output:
        below = (self.index.regions[child.code] for child in region.children)
        above = [(urls.region(each.code), each.name) for each in region.ancestors]
        notices = region.notices
        values = {
            "name": region.whole_name,
            "code": region.region.code,
            "steps": [(urls.HOME, "首页"), (urls.AGENCIES, "单位"), *above],
            "tally": region.tally,
            "years": years(region.notices),
            "children": [Rank(child.region.name, child.path, child.tally) for child in below],
            "own": [_rank(agency) for agency in region.own],
            "notices": [self._card(row) for row in notices[:NOTICES_A_PAGE]],
            "more": len(notices) > NOTICES_A_PAGE,
        }
        return Page(region.path, f"地区 {region.region.code}", "region.html", values)

    def own_pages(self) -> Iterator[Output]:
        for page in self.publication.corpus.pages.values():
            yield OwnPage(urls.page(page.id), page.path, page.title, page.body)
        yield Page(urls.NOT_FOUND, "404 页", "404.html", {})
        regions = [(row.path, row.whole_name) for row in self.index.regions.values() if row.own]
        yield Page(urls.SITE_MAP, "网站地图", "sitemap.html", {"regions": regions, "years": list(self.index.years)})


def _related(row: NoticeRow) -> Related:
    return Related(row.title + ("（已撤回）" if row.withdrawn else ""), row.path)


def _ran_out(row: NoticeRow, today: date) -> date | None:
    """The last day that has passed on which something unanswered was due: the page changes on the days after these."""
    return max((due.day for due in row.dues if due.unanswered and due.day < today), default=None)


def _rank(row: AgencyRow) -> Rank:
    return Rank(row.agency.name, row.path, row.tally, len(row.notices))


def _locality(region: RegionRow) -> Locality:
    agencies = tuple(map(agency_card, region.own))
    return Locality(region.region.code, region.region.name, region.whole_name, region.path, agencies)


def _parted(issue: str) -> tuple[str, str]:
    notice_id, _, no = issue.partition("#issue-")
    return notice_id, no


def _row(issue: OtherIssue, tools: Tools) -> IssueRow:
    return next(row for row in tools.detail(issue.detail).issues if row.no == issue.no)


def _earlier(issue: OtherIssue, tools: Tools) -> Earlier:
    row = _row(issue, tools)
    return Earlier(issue.title, row.ordinal, urls.notice(issue.notice, row.anchor))


def _successor(issue: OtherIssue, tools: Tools) -> Successor:
    row = _row(issue, tools)
    return Successor(
        issue.title, issue.dated, urls.notice(issue.notice, row.anchor), row.printed, row.status, row.changed
    )
