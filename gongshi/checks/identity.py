"""Two things never share an address: ids inside a notice, attachments, and the old ids that redirect.

Wrong: two issues with `id: '3'`; `old_ids: [a]` where a notice `a` still exists.
"""

from collections.abc import Iterator
from datetime import date

from gongshi.checks.place import error
from gongshi.model import Agency, Corpus, Notice
from gongshi.problems import Problem


def check(corpus: Corpus, today: date) -> Iterator[Problem]:
    """Yield an error for each second use."""
    for notice in corpus.notices.values():
        lines: dict[str, int] = {}
        for issue in notice.all_issues():
            if issue.id in lines:
                message = f"问题编号 {issue.id} 重复了（上一次在第 {lines[issue.id]} 行）；每个问题的编号是它的网址，请改成不同的编号"
                yield error(notice.path, issue, "id", "duplicate-issue", message)
            lines.setdefault(issue.id, issue.at.get("id", (0, 0))[0])
        numbers: set[str] = set()
        names: set[str] = set()
        for attachment in notice.attachments:
            for key, seen, value in (("number", numbers, attachment.number), ("file", names, attachment.file)):
                if value in seen:
                    yield error(notice.path, attachment, key, "duplicate-attachment", f"附件“{value}”重复了；请改正或删去一个")
                if value:
                    seen.add(value)
    yield from _old_ids(corpus.agencies, corpus.known.get("agencies", frozenset()))
    yield from _old_ids(corpus.notices, corpus.known.get("notices", frozenset()))


def _old_ids(values: "dict[str, Agency] | dict[str, Notice] | object", known: frozenset[str]) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for value in values.values():  # type: ignore[attr-defined]
        for old in value.old_ids:
            other = value.id if old == value.id else old if old in known else taken.get(old)
            if other:
                message = f"曾用编号 {old} 已是 {other} 的网址；请删去其中一个"
                yield error(value.path, value, "old_ids", "duplicate-id", message)
            taken[old] = value.id
