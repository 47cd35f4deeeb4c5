"""A part of a notice holds one kind of things, and says something.

Wrong: a section with both `aspects` and `tasks`; an issue with both `measures` and `parts`; an issue without a title.
"""

from collections.abc import Iterator

from gongshi.checks.place import error, warning
from gongshi.model import Issue, Notice, Section, Task
from gongshi.problems import Problem
from gongshi.totals import Words

MAX_ISSUES = 2_000  # in one notice


def check_notice(notice: Notice, words: Words) -> Iterator[Problem]:
    """Yield an error for each part that the page could not show."""
    if (count := sum(1 for _ in notice.all_issues())) > MAX_ISSUES:
        message = f"一份通报里有 {count} 个问题，超过 {MAX_ISSUES} 个；请拆成几份通报"
        yield error(notice.path, notice, "sections", "too-many-issues", message)
    for section in notice.sections:
        yield from _section(notice, section)
    for issue in notice.all_issues():
        yield from _issue(notice, issue)
        yield from _units(notice, issue)
    for task in (task for section in notice.sections for task in section.tasks):
        yield from _units(notice, task)


def check_presence(notice: Notice, words: Words) -> Iterator[Problem]:
    """Yield an error for a notice that says nothing."""
    if not notice.sections and not notice.opening:
        yield error(notice.path, notice, "", "empty-notice", "通报没有正文；请写 opening（导语）或 sections（部分）")


def _section(notice: Notice, section: Section) -> Iterator[Problem]:
    used = [name for name in section.STRUCTURES if getattr(section, name)]
    if len(used) > 1:
        message = f"一个部分里只能有 {'、'.join(section.STRUCTURES)} 之一，这里有 {'、'.join(used)}；请拆成几个部分"
        yield error(notice.path, section, used[1], "mixed-section", message)
    if not section.at.keys() & {"title", "text", "withheld", *section.STRUCTURES}:
        yield error(notice.path, section, "", "empty-section", "这个部分是空的；请填写 title 或 text，或删去")
    for aspect in section.aspects:
        if aspect.groups and aspect.issues:
            message = "一个方面里，问题要么都放在 groups 里，要么都直接写 issues；请合并"
            yield error(notice.path, aspect, "issues", "mixed-aspect", message)


def _units(notice: Notice, thing: Issue | Task) -> Iterator[Problem]:
    for key in ("lead", "units"):
        for name in getattr(thing, key):
            if "、" in name:
                message = f"“{name}”像是几个部门写在了一起；请拆开，一个部门一项"
                yield warning(notice.path, thing, key, "joined-units", message)


def _issue(notice: Notice, issue: Issue) -> Iterator[Problem]:
    if not issue.withheld and "title" not in issue.at:
        message = "缺少 title（问题）；请补上，不予公开的请写 withheld 和理由"
        yield error(notice.path, issue, "title", "missing-key", message)
    if issue.measures and issue.parts:
        message = "分了 parts 的问题，措施请都写在各个分项里"
        yield error(notice.path, issue, "measures", "mixed-issue", message)
    for measure in issue.all_measures():
        if not measure.withheld and "text" not in measure.at:
            yield error(notice.path, measure, "text", "empty", "这条措施是空的；请填写 text，或删去")
