"""The ledgers: issues by how far they are, the newest first, and month by month where there are many.

A page holds the issues of one bucket and one month, so a new notice changes the pages of its own month and no others,
however long the ledger grows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from gongshi import urls
from gongshi.derive.cards import Byline, IssueCard, issue_card
from gongshi.derive.lists import ISSUES_A_PAGE, paged
from gongshi.derive.rows import NoticeRow
from gongshi.model import BUCKETS, Bucket
from gongshi.outputs.publication import Output, Publication, Ref, Tools, cut


class Slice(msgspec.Struct, frozen=True):
    """Some issues of one bucket of one notice, in the order of the notice: from one to before another."""

    detail: Ref
    byline: Byline
    bucket: Bucket
    superseded: tuple[str, ...]  # issues that later notices took up: they do not count here
    start: int
    stop: int


class IssuesPage(msgspec.Struct, frozen=True):
    """A page that lists issues: its template is given their cards."""

    path: str
    origin: str
    template: str
    values: Mapping[str, Any]
    slices: tuple[Slice, ...]

    def body(self, tools: Tools) -> bytes:
        """The page."""
        return tools.renderer.render(self.template, self.path, issues=self.cards(tools), **self.values)

    def cards(self, tools: Tools) -> list[IssueCard]:
        """The cards of its issues."""
        cards = []
        for part in self.slices:
            detail = tools.detail(part.detail)
            found = [
                issue
                for issue in detail.issues
                if issue.status.bucket == part.bucket and issue.no not in part.superseded
            ]
            cards += [issue_card(issue, part.byline) for issue in found[part.start : part.stop]]
        return cards


def outputs(publication: Publication) -> Iterator[Output]:
    """The ledger of what is not done first, and for each bucket its newest issues and its months."""
    index = publication.index
    notices = tuple(index.notices.values())
    values: dict[str, Any] = {"bucket": None, "years": {}, "month": None, "pages": None, "tally": index.tally}
    yield IssuesPage(urls.ISSUES, "问题台账", "ledger.html", values, first_issues(publication, notices))
    month_of = {row.id: row.month for row in notices}
    for bucket in BUCKETS:
        months: dict[str, list[Slice]] = {}
        if getattr(index.tally, bucket) > ISSUES_A_PAGE:
            for row, part in _slices(publication, notices, (bucket,)):
                months.setdefault(month_of[row.id], []).append(part)
        counts = {month: sum(part.stop for part in slices) for month, slices in months.items()}
        newest = first_issues(publication, notices, (bucket,))
        years: dict[str, dict[str, int]] = {}
        for month, count in counts.items():
            years.setdefault(month.partition("-")[0], {})[month] = count
        values = {"bucket": bucket, "years": years, "month": None, "pages": None, "tally": index.tally}
        yield IssuesPage(urls.ledger(bucket), "问题台账", "ledger.html", values, newest)
        for month, slices in months.items():
            # They say nothing of other months, and so do not depend on them.
            listed = paged(counts[month], ISSUES_A_PAGE, partial(urls.ledger_of, bucket, month))
            for (pages, _), listing in zip(listed, cut(slices, ISSUES_A_PAGE), strict=True):
                values = {"bucket": bucket, "years": {}, "month": month, "pages": pages, "tally": None}
                yield IssuesPage(pages.path, "问题台账", "ledger.html", values, listing)


def first_issues(
    publication: Publication, rows: Sequence[NoticeRow], buckets: Iterable[Bucket] = BUCKETS
) -> tuple[Slice, ...]:
    """As many issues of some notices as a page lists, in the order of the buckets."""
    return next(cut((part for _, part in _slices(publication, rows, buckets)), ISSUES_A_PAGE), ())


def _slices(
    publication: Publication, rows: Iterable[NoticeRow], buckets: Iterable[Bucket]
) -> Iterator[tuple[NoticeRow, Slice]]:
    """The issues of some notices, bucket by bucket."""
    current, taken_up = publication.index.current, publication.index.taken_up
    details, bylines = publication.details, publication.bylines
    for bucket in buckets:
        for row in rows:
            if count := getattr(current[row.id], bucket):
                superseded = tuple(taken_up[row.id]) if row.id in taken_up else ()
                yield row, Slice(details[row.id], bylines[row.id], bucket, superseded, 0, count)
