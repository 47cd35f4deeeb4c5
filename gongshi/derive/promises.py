"""Promised dates: what a notice says will be done by when, and whether anything was heard of it since."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from gongshi.dates import PartialDate
from gongshi.model import Bucket, Issue, Measure, Notice
from gongshi.text import passages
from gongshi.totals import Words, bucket_of

SETTLED: frozenset[Bucket] = frozenset({"done", "ongoing"})
WORDS = 60  # of a measure that are shown

_CUT = "…"


@dataclass(frozen=True, slots=True)
class Promise:
    """Something promised by a date; `name` tells it from the others of its notice."""

    name: str
    kind: str  # what is promised, in words
    text: str
    due: PartialDate
    anchor: str
    issue: str | None  # the issue that it belongs to
    answered: bool  # it cannot run out unseen: it is settled, or something was said after its date; or it has no status


@dataclass(frozen=True, slots=True)
class Due:
    """How many promises of a notice have one last day, and how many of them nothing was heard of."""

    day: date
    count: int
    unanswered: int


def ran_out(promise: Promise, today: date) -> bool:
    """True if its last day has passed and nothing was heard of it: 已到期，未见更新."""
    return not promise.answered and promise.due.last < today


def answered(issue: Issue, bucket: Bucket, due: PartialDate) -> bool:
    """True if an issue is done by its latest status, or if something was said of it after a day."""
    return bucket in SETTLED or any(update.date > due.last for update in issue.updates)


def dues(promises: Iterable[Promise], without: Iterable[str] = ()) -> tuple[Due, ...]:
    """Promises by their last day, but for those of some issues."""
    left_out = frozenset(without)
    counts: Counter[date] = Counter()
    unanswered: Counter[date] = Counter()
    for promise in promises:
        if promise.issue not in left_out:
            counts[promise.due.last] += 1
            unanswered[promise.due.last] += not promise.answered
    return tuple(Due(day, counts[day], unanswered[day]) for day in sorted(counts))


def promises(notice: Notice, buckets: Iterable[Bucket], words: Words) -> Iterator[Promise]:
    """Every promised date of a notice, in its order; `buckets` are those of its issues by their latest status."""
    for issue, bucket in zip(notice.all_issues(), buckets, strict=True):
        yield from _of_issue(issue, bucket, words)
    tasks = (task for section in notice.sections for task in section.tasks)
    for n, task in enumerate(tasks, 1):
        if task.due:
            yield Promise(f"task-{n}", "任务", task.title, task.due, f"task-{n}", None, answered=True)
    for n, phase in enumerate(notice.all_phases(), 1):
        anchor = f"phase-{n}"
        for m, each in enumerate(phase.deliverables, 1):
            if each.due:
                yield Promise(f"{anchor}-{m}", "报送材料", each.title, each.due, anchor, None, answered=True)
        if phase.end:
            yield Promise(anchor, "阶段结束", phase.title, phase.end, anchor, None, answered=True)


def _of_issue(issue: Issue, bucket: Bucket, words: Words) -> Iterator[Promise]:
    anchor = f"issue-{issue.id}"
    if issue.due:
        said = answered(issue, bucket, issue.due)
        yield Promise(anchor, "整改时限", issue.title, issue.due, anchor, issue.id, answered=said)
    for n, each in enumerate(issue.commitments, 1):
        said = answered(issue, bucket, each.due)
        yield Promise(f"{anchor}-promise-{n}", "承诺", each.text, each.due, anchor, issue.id, answered=said)
    for n, measure in enumerate(issue.all_measures(), 1):
        if measure.due:
            name = f"{anchor}-measure-{n}"
            said = measure_answered(issue, bucket, measure, words)
            yield Promise(name, "措施时限", _beginning(measure), measure.due, name, issue.id, answered=said)


def measure_answered(issue: Issue, bucket: Bucket, measure: Measure, words: Words) -> bool:
    """True if a measure is done, or its issue is, or something was said after the measure's date."""
    own = bucket_of(measure.status, words) if measure.status else None
    return measure.due is None or own in SETTLED or answered(issue, bucket, measure.due)


def _beginning(measure: Measure) -> str:
    text = " ".join(passages(measure.text)) if measure.text else ""
    return text if len(text) <= WORDS else text[: WORDS - 1] + _CUT
