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
    day: date  # the last that its date can mean
    anchor: str
    issue: str | None  # the issue that it belongs to,
    ordinal: int  # its place in the notice (0: none)
    wording: str | None  # and its latest status
    bucket: Bucket | None
    answered: bool  # it cannot run out unseen: it is settled, or something was said after its date; or it has no status


@dataclass(frozen=True, slots=True)
class Promises:
    """The promises of a notice, kept by themselves: the pages of a month read those of very many."""

    id: str
    oldest_id: str  # that the notice ever had: the ids of events are made of it
    title: str
    latest: date | None  # on which something is known to have been said in it
    promises: tuple[Promise, ...]

    @property
    def anchors(self) -> frozenset[str]:
        """The anchors that the notice's page has to have."""
        return frozenset(promise.anchor for promise in self.promises)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an issue is, and which of its notice it is."""

    ordinal: int
    wording: str | None
    bucket: Bucket


@dataclass(frozen=True, slots=True)
class Due:
    """How many promises of a notice have one last day, and how many of them nothing was heard of."""

    day: date
    count: int
    unanswered: int


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
            counts[promise.day] += 1
            unanswered[promise.day] += not promise.answered
    return tuple(Due(day, counts[day], unanswered[day]) for day in sorted(counts))


def promises(notice: Notice, standings: Iterable[Standing], words: Words) -> Iterator[Promise]:
    """Every promised date of a notice, in its order; `standings` are those of its issues."""
    for issue, standing in zip(notice.all_issues(), standings, strict=True):
        yield from _of_issue(issue, standing, words)
    tasks = (task for section in notice.sections for task in section.tasks)
    for n, task in enumerate(tasks, 1):
        if task.due:
            yield _alone(f"task-{n}", "任务", task.title, task.due, f"task-{n}")
    for n, phase in enumerate(notice.all_phases(), 1):
        anchor = f"phase-{n}"
        for m, each in enumerate(phase.deliverables, 1):
            if each.due:
                yield _alone(f"{anchor}-{m}", "报送材料", each.title, each.due, anchor)
        if phase.end:
            yield _alone(anchor, "阶段结束", phase.title, phase.end, anchor)


def _alone(name: str, kind: str, text: str, due: PartialDate, anchor: str) -> Promise:
    """Something that belongs to no issue: nobody tells how far it is, so it never runs out unseen."""
    return Promise(name, kind, text, due, due.last, anchor, None, 0, None, None, answered=True)


def _of_issue(issue: Issue, at: Standing, words: Words) -> Iterator[Promise]:
    anchor = f"issue-{issue.id}"

    def promise(name: str, kind: str, text: str, due: PartialDate, place: str, *, settled: bool = False) -> Promise:
        said = settled or answered(issue, at.bucket, due)
        return Promise(
            name, kind, text, due, due.last, place, issue.id, at.ordinal, at.wording, at.bucket, answered=said
        )

    if issue.due:
        yield promise(anchor, "整改时限", issue.title, issue.due, anchor)
    for n, each in enumerate(issue.commitments, 1):
        yield promise(f"{anchor}-promise-{n}", "承诺", each.text, each.due, anchor)
    for n, measure in enumerate(issue.all_measures(), 1):
        if measure.due:
            name = f"{anchor}-measure-{n}"
            settled = bool(measure.status) and bucket_of(measure.status, words) in SETTLED
            yield promise(name, "措施时限", _beginning(measure), measure.due, name, settled=settled)


def _beginning(measure: Measure) -> str:
    text = " ".join(passages(measure.text)) if measure.text else ""
    return text if len(text) <= WORDS else text[: WORDS - 1] + _CUT
