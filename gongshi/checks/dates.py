"""Dates stand in the order of the world: nothing ends before it starts, nothing was published tomorrow.

Wrong: `start: 2023-07` with `end: 2023-06`; feedback before the inspection began.
"""

from collections.abc import Iterator
from datetime import date

from gongshi.checks.place import error, warning
from gongshi.corpus import Corpus
from gongshi.dates import PartialDate
from gongshi.model import Issue, Located, Notice
from gongshi.problems import Problem
from gongshi.totals import Words


def check_notice(notice: Notice, words: Words) -> Iterator[Problem]:
    """Yield an error for each impossible order, and warnings for what is likely a slip."""
    if inspection := notice.inspection:
        yield from _ordered(notice, inspection, "ended", inspection.started, inspection.ended, "巡察结束早于开始")
        yield from _ordered(notice, inspection, "feedback", inspection.started, inspection.feedback, "反馈早于巡察开始")
        yield from _ordered(notice, notice, "published", inspection.feedback, notice.published, "发布早于巡察反馈")
    if notice.withdrawn:
        yield from _ordered(notice, notice.withdrawn, "date", notice.published, notice.withdrawn.date, "撤回早于发布")
        return
    for phase in notice.all_phases():
        yield from _ordered(notice, phase, "end", phase.start, phase.end, "阶段结束早于开始")
    if not notice.dated and "published" not in notice.at:
        message = "没有发布日期、落款日期和来源日期；页面会写“日期未注明”，查到后请补上 published"
        yield warning(notice.path, notice, "published", "no-date", message)
    for issue in notice.all_issues():
        yield from _updates(notice, issue)


def check_site(corpus: Corpus, today: date) -> Iterator[Problem]:
    """Yield a warning for each day that is still to come."""
    for row in corpus.notices.values():
        if (row.published and row.published.first > today) or (row.newest and row.newest > today):
            yield from _ahead(corpus.notice(row.id), today)


def _ahead(notice: Notice, today: date) -> Iterator[Problem]:
    if notice.published and notice.published.first > today:
        message = f"发布日期 {notice.published.chinese} 在今天（{today.isoformat()}）之后；请核对"
        yield warning(notice.path, notice, "published", "future-date", message)
    for update in (update for issue in notice.all_issues() for update in issue.updates):
        if update.date > today:
            message = f"进展更新的日期 {update.date.isoformat()} 在今天（{today.isoformat()}）之后；请核对"
            yield warning(notice.path, update, "date", "future-date", message)


def _ordered(
    notice: Notice, value: Located, key: str, first: PartialDate | None, then: PartialDate | None, words: str
) -> Iterator[Problem]:
    if first and then and then.last < first.first:
        message = f"{words}：{then.chinese}早于{first.chinese}；请改正其中一个"
        yield error(notice.path, value, key, "end-before-start", message)


def _updates(notice: Notice, issue: Issue) -> Iterator[Problem]:
    earlier: date | None = None
    for update in issue.updates:
        if earlier and update.date < earlier:
            message = (
                f"进展更新应按日期先后排列：{update.date.isoformat()} 早于上一条 {earlier.isoformat()}；请调整顺序"
            )
            yield error(notice.path, update, "date", "updates-order", message)
        if notice.dated and update.date < notice.dated.first:
            message = f"进展更新的日期 {update.date.isoformat()} 早于通报（{notice.dated.chinese}）；请核对"
            yield warning(notice.path, update, "date", "early-update", message)
        earlier = update.date
