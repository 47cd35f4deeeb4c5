"""What has not changed for long: columns without a new notice, problems whose status nobody has updated.

Source: 政府网站发展指引 asks for columns that are kept up; an unfinished rectification that is silent for a year is
what the public asks about first. A silence is told once: of a region if all of its agencies are silent, else of each
agency; of a kind of notice only if somebody still publishes others.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from gongshi.checks.place import warning
from gongshi.corpus import Corpus
from gongshi.dates import PartialDate
from gongshi.derive.rows import NoticeRow
from gongshi.model import KINDS
from gongshi.problems import Problem, Severity, Span
from gongshi.scan import REGIONS

MAX_NAMED = 5  # problems named in one message
_NEVER = date.min


def look(corpus: Corpus, content: Path, today: date, days: int) -> Iterator[Problem]:
    """Yield a warning for each column and each notice with nothing new for that many days."""
    yield from _agencies(corpus, content, today, days)
    yield from _kinds(corpus, today, days)
    yield from _statuses(corpus, today, days)


def _agencies(corpus: Corpus, content: Path, today: date, days: int) -> Iterator[Problem]:
    by_agency: dict[str, list[NoticeRow]] = {agency: [] for agency in corpus.agencies}
    for row in _standing(corpus):
        by_agency.setdefault(row.agency, []).append(row)
    regions: dict[str, list[str]] = {}
    for agency in corpus.agencies.values():
        regions.setdefault(agency.region, []).append(agency.id)
    for code, agencies in regions.items():
        silent = [each for each in agencies if (today - _newest(by_agency[each])).days > days]
        region = corpus.regions.get(code)
        if region and len(silent) == len(agencies) > 1:
            rows = [row for each in agencies for row in by_agency[each]]
            span = Span(f"{corpus.root}/{REGIONS}", _line(content / REGIONS, code), 1)
            yield _silent(span, f"{region.name}的 {len(agencies)} 个单位都", rows, days)
            continue
        for each in silent:
            at = corpus.agencies[each]
            message = _silent(Span(at.path), at.name, by_agency[each], days).message
            yield warning(at.path, at, "name", "stale-column", message)


def _kinds(corpus: Corpus, today: date, days: int) -> Iterator[Problem]:
    kinds: dict[str, list[NoticeRow]] = {}
    for row in _standing(corpus):
        kinds.setdefault(row.kind, []).append(row)
    silent = {kind: rows for kind, rows in kinds.items() if (today - _newest(rows)).days > days}
    if len(silent) < len(kinds):
        for kind, rows in silent.items():
            yield _silent(Span(f"{corpus.root}/notices"), f"“{KINDS[kind]}”一栏", rows, days)


def _standing(corpus: Corpus) -> Iterator[NoticeRow]:
    return (row for row in corpus.notices.values() if not row.withdrawn)


def _newest(rows: Iterable[NoticeRow]) -> date:
    return max((row.dated.last for row in rows if row.dated), default=_NEVER)


def _silent(span: Span, name: str, rows: list[NoticeRow], days: int) -> Problem:
    newest = _newest(rows)
    if newest > _NEVER:
        since = f"超过 {days} 天没有新的通报（最近一份是 {PartialDate.of(newest).chinese}）"
    else:
        since = "有通报，但没有写日期，不知道是不是新的" if rows else "没有通报"
    message = f"{name}{since}；请核对有没有该公开而没有公开的"
    return Problem(span, Severity.WARNING, "stale-column", message)


def _line(file: Path, code: str) -> int:
    """The line of a region, 0 if it is not found as editors write it."""
    lines = file.read_text("utf-8", "replace").split("\n")
    return next((number for number, line in enumerate(lines, 1) if line.lstrip(" '\"").startswith(code)), 0)


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
                silent.append(issue)
        if silent:
            named = "、".join(f"{issue.no}“{issue.title}”" for issue in silent[:MAX_NAMED])
            more = "等" if len(silent) > MAX_NAMED else ""
            message = (
                f"{len(silent)} 个问题还没有改完，超过 {days} 天没有更新进度：{named}{more}；"
                "请向单位了解，有进展的写进 updates"
            )
            notice = corpus.notice(row.id)
            first = next(issue for issue in notice.all_issues() if issue.id == silent[0].no)
            yield warning(notice.path, first, "status", "stale-status", message)
