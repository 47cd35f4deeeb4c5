"""What of a notice can be searched: the pieces of text that its page shows, each with the part that it stands in.

Every passage is a part of one piece of text on the page, so that whoever finds it there can mark it.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gongshi.dates import PartialDate, span_words
from gongshi.derive.notice import numbers, said, why_withheld
from gongshi.derive.rows import contact_card, part_anchors
from gongshi.model import ORDER, Contact, Inspection, Issue, Measure, Notice, Phase, Section, Task, Withheld
from gongshi.text import passages as paragraphs


class Passage(NamedTuple):
    """A piece of text, and the anchor of the part of the page that it stands in ("" for the notice as a whole)."""

    anchor: str
    text: str
    heading: bool = False


def passages(notice: Notice, area_code: str | None) -> Iterator[Passage]:
    """All of a notice but its title; what is withheld is not there. `area_code` is that of its agency."""
    yield from _opening(notice)
    yield from _Walk(notice).sections()
    yield from _prose("", notice.closing)
    if notice.signed and notice.signed.text:
        yield from _prose("", notice.signed.text)
    elif notice.signed:
        yield Passage("", notice.signed.by + (_date(notice.signed.date) or ""))
    for n, attachment in enumerate(notice.attachments, 1):
        anchor = f"attachment-{n}"
        number = f"附件{attachment.number}" if attachment.number else ""
        yield Passage(anchor, number + attachment.title, heading=True)
        yield from _reason(anchor, attachment.withheld)
    if notice.contact:
        yield from contact_passages(notice.contact, area_code)


def contact_passages(contact: Contact, area_code: str | None) -> Iterator[Passage]:
    """A contact; a number without its area code is also given with it, as people dial it."""
    card = contact_card(contact, area_code)
    if card is None:
        return
    for phone in card.phones:
        yield Passage("contact", phone.number)
        if phone.area_code:
            yield Passage("contact", f"{phone.area_code}-{phone.number}")
    emails = (email.address for email in card.emails)
    yield from _lines("contact", *emails, card.address, card.recipient, card.postcode, card.hours)


def _opening(notice: Notice) -> Iterator[Passage]:
    if notice.inspection:
        yield from _inspection(notice.inspection)
    for figure in notice.figures:
        yield from _lines("", figure.label, f"{figure.value} {figure.unit}")
    if notice.source:
        yield from _lines("", notice.source.name, notice.source.note, _date(notice.source.published))
    yield from _lines("", _date(notice.published))
    yield from _prose("", notice.opening)


def _inspection(inspection: Inspection) -> Iterator[Passage]:
    when = span_words(inspection.started, inspection.ended)
    yield from _lines("", inspection.body, inspection.round, inspection.subject, when, _date(inspection.feedback))


class _Walk:
    """Goes through a notice once, in the order of its page."""

    def __init__(self, notice: Notice) -> None:
        self.notice = notice
        self.number = numbers(notice)
        self.anchors = (anchor for _, anchor in part_anchors(notice))
        next(self.anchors)  # the notice's own
        self.tasks = self.phases = 0

    def sections(self) -> Iterator[Passage]:
        for section in self.notice.sections:
            anchor = next(self.anchors)
            if section.title:
                yield Passage(anchor, self.number("section", section) + section.title, heading=True)
            yield from _reason(anchor, section.withheld)
            yield from _prose(anchor, section.text)
            yield from self._aspects(section)
            yield from self._issues(section.issues)
            for task in section.tasks:
                yield from self._task(task)
            for phase in section.phases:
                yield from self._phase(phase)

    def _aspects(self, section: Section) -> Iterator[Passage]:
        for aspect in section.aspects:
            anchor = next(self.anchors)
            yield Passage(anchor, self.number("aspect", aspect) + aspect.title, heading=True)
            yield from _prose(anchor, aspect.text)
            for group in aspect.groups:
                anchor = next(self.anchors)
                yield Passage(anchor, self.number("group", group) + group.title, heading=True)
                yield from _prose(anchor, group.text)
                yield from self._issues(group.issues)
            yield from self._issues(aspect.issues)

    def _issues(self, issues: Iterable[Issue]) -> Iterator[Passage]:
        for issue in issues:
            anchor = f"issue-{issue.id}"
            shown = issue.title or why_withheld(issue.withheld)
            yield Passage(anchor, self.number("issue", issue) + shown, heading=True)
            yield from _prose(anchor, issue.text)
            yield from _prose(anchor, issue.cause)
            yield from _lines(anchor, *(said(issue, name) for name in ORDER if name not in ("cause", "measures")))
            yield from self._measures(anchor, issue.measures)
            for part in issue.parts:
                yield Passage(anchor, part.title)
                yield from self._measures(anchor, part.measures)
            yield from _lines(anchor, *(promise.text for promise in issue.commitments))
            yield from _since(anchor, issue)

    def _measures(self, anchor: str, measures: Iterable[Measure]) -> Iterator[Passage]:
        for measure in measures:
            number = self.number("measure", measure)
            if measure.text:
                yield from _lines(anchor, *paragraphs(measure.text, number))
            else:
                yield Passage(anchor, number + why_withheld(measure.withheld))
            yield from _lines(anchor, measure.status, measure.due.deadline if measure.due else None)

    def _task(self, task: Task) -> Iterator[Passage]:
        self.tasks += 1
        anchor = f"task-{self.tasks}"
        yield Passage(anchor, self.number("task", task) + task.title, heading=True)
        yield from _prose(anchor, task.text)
        yield from _lines(anchor, *(said(task, name) for name in ("lead", "units", "due")))

    def _phase(self, phase: Phase) -> Iterator[Passage]:
        self.phases += 1
        anchor = f"phase-{self.phases}"
        yield Passage(anchor, self.number("phase", phase) + phase.title, heading=True)
        yield from _lines(anchor, span_words(phase.start, phase.end))
        yield from _prose(anchor, phase.text)
        for deliverable in phase.deliverables:
            attachment = f"附件{deliverable.attachment}" if deliverable.attachment else ""
            due = deliverable.due.deadline if deliverable.due else ""
            yield Passage(anchor, f"{deliverable.title} {attachment} {due} {deliverable.note or ''}")


def _since(anchor: str, issue: Issue) -> Iterator[Passage]:
    """What happened to an issue after it was published."""
    if verified := issue.verified:
        yield from _lines(anchor, verified.by, verified.how, _date(verified.date))
        yield from _prose(anchor, verified.result)
    for update in issue.updates:
        yield from _lines(anchor, PartialDate.of(update.date).chinese, update.status)
        yield from _prose(anchor, update.text)


def _prose(anchor: str, source: str | None) -> Iterator[Passage]:
    if source:
        yield from _lines(anchor, *paragraphs(source))


def _lines(anchor: str, *lines: str | None) -> Iterator[Passage]:
    return (Passage(anchor, line) for line in lines if line)


def _reason(anchor: str, withheld: Withheld | None) -> Iterator[Passage]:
    return _lines(anchor, why_withheld(withheld))


def _date(date: PartialDate | None) -> str | None:
    return date.chinese if date else None
