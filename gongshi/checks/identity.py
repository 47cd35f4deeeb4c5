"""Two things never share an address: ids inside a notice, attachments, and the old ids that redirect.

Wrong: two issues with `id: '3'`; `old_ids: [a]` where a notice `a` still exists.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from gongshi.checks.place import error
from gongshi.corpus import Corpus
from gongshi.derive.rows import NoticeRow
from gongshi.model import Agency, Notice
from gongshi.problems import Problem
from gongshi.totals import Words


def check_notice(notice: Notice, words: Words) -> Iterator[Problem]:
    """Yield an error for each second use inside a notice."""
    yield from _issues(notice)
    yield from _attachments(notice)


def check_site(corpus: Corpus, today: date) -> Iterator[Problem]:
    """Yield an error for each old id that is an address already."""
    yield from _old_ids(corpus.agencies.values(), corpus.known["agencies"], corpus.agencies.__getitem__)
    yield from _old_ids(corpus.notices.values(), corpus.known["notices"], corpus.notice)


def _issues(notice: Notice) -> Iterator[Problem]:
    lines: dict[str, int] = {}
    for issue in notice.all_issues():
        if issue.id in lines:
            message = f"问题编号 {issue.id} 重复了（上一次在第 {lines[issue.id]} 行）；编号是问题的网址，请改成不同的"
            yield error(notice.path, issue, "id", "duplicate-issue", message)
        lines.setdefault(issue.id, issue.at["id"][0])


def _attachments(notice: Notice) -> Iterator[Problem]:
    for key in ("number", "file"):
        seen: set[str] = set()
        for attachment in notice.attachments:
            value: str | None = getattr(attachment, key)
            if value in seen:
                message = f"附件“{value}”重复了；请改正或删去一个"
                yield error(notice.path, attachment, key, "duplicate-attachment", message)
            elif value:
                seen.add(value)


def _old_ids(
    values: Iterable[Agency | NoticeRow], known: frozenset[str], whole: Callable[[str], Agency | Notice]
) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for value in values:
        for old in value.old_ids:
            other = old if old in known else taken.get(old)
            if other:
                message = f"曾用编号 {old} 已是 {other} 的网址；请删去其中一个"
                written = whole(value.id)
                yield error(written.path, written, "old_ids", "duplicate-id", message)
            taken[old] = value.id
