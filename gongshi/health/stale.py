"""What has not changed for long: columns without a new notice, problems whose status nobody has updated.

Source: 政府网站发展指引 asks for columns that are kept up; an unfinished rectification that is silent for a year is
what the public asks about first.
"""

from collections.abc import Iterator
from datetime import date

from gongshi.corpus import Corpus
from gongshi.dates import PartialDate
from gongshi.model import KINDS
from gongshi.problems import Problem, Severity, Span

MAX_NAMED = 5  # problems named in one message


def look(corpus: Corpus, today: date, days: int) -> Iterator[Problem]:
    """Yield a warning for each column and each notice with nothing new for that many days."""
    yield from _columns(corpus, today, days)
    yield from _statuses(corpus, today, days)


def _columns(corpus: Corpus, today: date, days: int) -> Iterator[Problem]:
    newest: dict[tuple[str, str], date] = {}
    for row in corpus.notices.values():
        agency = corpus.agencies.get(row.agency)
        day = row.dated.last if row.dated else date.min
        for column in (("agency", row.agency), ("region", agency.region if agency else ""), ("kind", row.kind)):
            newest[column] = max(newest.get(column, date.min), day)
    for agency in corpus.agencies.values():
        newest.setdefault(("agency", agency.id), date.min)
    for (sort, each), day in newest.items():
        if (today - day).days > days and (named := _named(corpus, sort, each)):
            path, name = named
            since = f"最近一份是 {PartialDate.of(day).chinese}" if day > date.min else "没有通报，或都没有日期"
            message = f"{name}超过 {days} 天没有新的通报（{since}）；请核对有没有该公开而没有公开的"
            yield Problem(Span(path), Severity.WARNING, "stale-column", message)


def _named(corpus: Corpus, sort: str, each: str) -> tuple[str, str] | None:
    """The file that stands for a column, and what to call the column."""
    if sort == "kind":
        return f"{corpus.root}/notices", f"“{KINDS[each]}”一栏"
    if sort == "region":
        region = corpus.regions.get(each)
        return (f"{corpus.root}/regions.yaml", f"“{region.name}”") if region else None
    agency = corpus.agencies.get(each)
    return (agency.path, f"“{agency.name}”") if agency else None


def _statuses(corpus: Corpus, today: date, days: int) -> Iterator[Problem]:
    continued = {earlier for row in corpus.notices.values() for _, earlier in row.continues}
    for row in corpus.notices.values():
        if not (row.tally.open and row.dated):
            continue
        silent = []
        for issue in corpus.detail(row.id).issues:
            last = max(row.dated.last, issue.changed.last if issue.changed else date.min)
            quiet = (today - last).days > days
            if issue.status.bucket == "open" and quiet and f"{row.id}#issue-{issue.no}" not in continued:
                silent.append(issue.no)
        if silent:
            listed = "、".join(silent[:MAX_NAMED]) + (" 等" if len(silent) > MAX_NAMED else "")
            message = (
                f"{len(silent)} 个问题（编号 {listed}）还没有改完，超过 {days} 天没有更新进度；"
                "请向单位了解，有进展的写进 updates"
            )
            yield Problem(Span(corpus.path(row.id)), Severity.WARNING, "stale-status", message)
