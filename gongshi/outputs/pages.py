"""The HTML pages."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from gongshi import urls
from gongshi.derive.lists import ISSUES_A_PAGE, ISSUES_OF_AN_AGENCY, NOTICES_A_PAGE, PHASE_STATES, paged, plans
from gongshi.derive.notice import notice_view
from gongshi.derive.rows import IssueRow
from gongshi.model import BUCKETS, KINDS, Bucket, Notice
from gongshi.outputs.publication import Output, Publication
from gongshi.totals import NAMES

LATEST = 6  # notices on the home page
FEW = 12  # of what the home page shows of long lists


def outputs(publication: Publication) -> Iterator[Output]:
    """Every page of the site."""
    made = _Pages(publication)
    yield made.home()
    yield from made.notice_lists()
    yield from made.notices()
    yield from made.directories()
    yield from made.ledgers()
    yield from made.own_pages()


def notice_page(publication: Publication, notice: Notice) -> bytes:
    """The page of one notice alone."""
    return _Pages(publication).notice(notice)


class _Pages:
    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.index = publication.index
        publication.renderer.environment.globals.update(
            index=self.index,
            kinds=KINDS,
            phase_states=PHASE_STATES,
            total_names=NAMES,
            buckets=BUCKETS,
        )

    def _page(self, template: str, path: str, origin: str, **values: Any) -> Output:
        return Output(path, origin, partial(self.publication.renderer.render, template, path, **values))

    def home(self) -> Output:
        notices = list(self.index.notices.values())
        declaring = [row for row in notices if row.totals]
        busy = sorted(
            (row for row in self.index.agencies.values() if row.tally.total), key=lambda row: -row.tally.total
        )
        rows = {"latest": notices[:LATEST], "declaring": declaring[:FEW], "agencies": busy[:FEW]}
        return self._page("home.html", urls.HOME, "首页", **rows)

    def notice_lists(self) -> Iterator[Output]:
        notices = list(self.index.notices.values())
        by_year = self.index.years
        years = {year: len(rows) for year, rows in by_year.items()}
        yield self._page(
            "notices.html", urls.NOTICES, "通报列表", rows=notices[:NOTICES_A_PAGE], years=years, year=None, pages=None
        )
        for year, rows in by_year.items():
            for pages, part in paged(len(rows), NOTICES_A_PAGE, partial(urls.notices_of, year)):
                yield self._page(
                    "notices.html",
                    pages.path,
                    "按年份的通报列表",
                    rows=rows[part],
                    years=years,
                    year=year,
                    pages=pages,
                )

    def notices(self) -> Iterator[Output]:
        for row in self.index.notices.values():
            notice = self.publication.corpus.notices[row.id]
            yield Output(row.path, notice.path, partial(self.notice, notice))
            for file in self.publication.corpus.files.get(row.id, {}).values():
                yield Output(urls.attachment(row.id, file.name), file.path, Path(file.path).read_bytes)

    def notice(self, notice: Notice) -> bytes:
        view = notice_view(notice, self.publication.corpus, self.index, self.publication.today)
        return self.publication.renderer.render("notice.html", view.row.path, view=view, notice=notice)

    def directories(self) -> Iterator[Output]:
        yield self._page("agencies.html", urls.AGENCIES, "单位列表")
        for agency in self.index.agencies.values():
            issues = agency.issues[:ISSUES_OF_AN_AGENCY]
            yield self._page(
                "agency.html",
                agency.path,
                agency.agency.path,
                row=agency,
                issues=issues,
                notices=agency.notices[:NOTICES_A_PAGE],
            )
        for region in self.index.regions.values():
            yield self._page(
                "region.html",
                region.path,
                f"地区 {region.region.code}",
                row=region,
                notices=region.notices[:NOTICES_A_PAGE],
            )
        plan_rows = plans(self.index, self.publication.today)
        yield self._page("plans.html", urls.PLANS, "方案列表", plans=plan_rows)
        yield self._page("supervision.html", urls.SUPERVISION, "监督方式")

    def ledgers(self) -> Iterator[Output]:
        issues = self.index.issues
        yield from self._ledger(issues, None)
        for bucket in BUCKETS:
            yield from self._ledger(tuple(row for row in issues if row.status.bucket == bucket), bucket)

    def _ledger(self, issues: tuple[IssueRow, ...], bucket: Bucket | None) -> Iterator[Output]:
        for pages, part in paged(len(issues), ISSUES_A_PAGE, partial(urls.ledger, bucket)):
            yield self._page(
                "ledger.html",
                pages.path,
                "问题台账",
                rows=issues[part],
                bucket=bucket,
                pages=pages,
                counts=self.index.tally,
            )

    def own_pages(self) -> Iterator[Output]:
        for page in self.publication.corpus.pages.values():
            path = urls.page(page.id)
            body = self.publication.renderer.page_body(page, path)
            yield self._page("page.html", path, page.path, page=page, body=body)
        yield self._page("404.html", urls.NOT_FOUND, "404 页")
