"""The view of one notice's page: its parts in the document's order, with printed numbers and anchors."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from gongshi import urls
from gongshi.dates import PartialDate, span_words
from gongshi.derive.cards import NO_DATE, Issuer
from gongshi.derive.citation import Citation, citation
from gongshi.derive.lists import PhaseView, phase_views
from gongshi.derive.pictures import Line
from gongshi.derive.reach import Reach, reach, trouble
from gongshi.derive.rows import ContactCard, Detail, IssueRow, Status, contact_card, part_anchors, status_of
from gongshi.derive.tally import Tally, tally
from gongshi.model import (
    KINDS,
    NOT_PRINTED,
    REASONS,
    Aspect,
    AttachedFile,
    Attachment,
    Bucket,
    Commitment,
    Group,
    Inspection,
    Issue,
    Labels,
    Located,
    Measure,
    Notice,
    Phase,
    Section,
    SiteLabels,
    Task,
    Withheld,
)
from gongshi.numbering import printed
from gongshi.totals import Comparison, Words, compare


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents. `bucket` is set for issues."""

    number: str
    title: str
    anchor: str
    bucket: Bucket | None = None
    children: tuple["Entry", ...] = ()
    issues: int = 0  # in it and all below

    @property
    def folds(self) -> bool:
        """True for an entry right above issues: it opens and closes."""
        return any(child.bucket for child in self.children)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what is to be known at a glance."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an issue after it was found, newest last."""

    when: str
    what: str
    status: Status | None = None
    text: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class MeasureView:
    measure: Measure
    overdue: bool  # its date has passed, and nothing was heard of it
    anchor: str
    number: str
    status: Status | None
    withheld: str


@dataclass(frozen=True, slots=True)
class PartView:
    title: str
    measures: tuple[MeasureView, ...]


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of an issue or a task, with what is printed before it."""

    name: str
    label: str
    added: bool  # the label is the site's own: the notice prints none
    bare: bool  # the label has no colon of its own
    value: str

    @property
    def kind(self) -> str:
        """The classes of its label."""
        return "label" + (" added" if self.added else "") + (" bare" if self.bare else "")


@dataclass(frozen=True, slots=True)
class IssueView:
    issue: Issue
    fields: tuple[FieldView, ...]  # in the order of the notice
    anchor: str
    number: str
    level: int
    latest: Status  # the one that is known last
    measures: tuple[MeasureView, ...]
    parts: tuple[PartView, ...]
    events: tuple[Event, ...]
    origin: "Earlier | None"
    withheld: str
    ordinal: int  # its place in the notice, from 1
    mail: str  # the link for an e-mail about it; empty if there is no address
    overdue: bool  # as for a measure
    commitments: tuple[tuple[Commitment, bool], ...]  # and whether they are overdue
    before: str  # the anchor of the open issue before it, if it is open itself and others lie between
    after: str


@dataclass(frozen=True, slots=True)
class GroupView:
    group: Group
    anchor: str
    number: str
    level: int
    totals: tuple[Comparison, ...]
    issues: tuple[IssueView, ...]


@dataclass(frozen=True, slots=True)
class AspectView:
    aspect: Aspect
    anchor: str
    number: str
    level: int
    totals: tuple[Comparison, ...]
    groups: tuple[GroupView, ...]
    issues: tuple[IssueView, ...]


@dataclass(frozen=True, slots=True)
class TaskView:
    task: Task
    fields: tuple[FieldView, ...]
    anchor: str
    number: str
    level: int


@dataclass(frozen=True, slots=True)
class SectionView:
    section: Section
    anchor: str
    number: str
    totals: tuple[Comparison, ...]
    aspects: tuple[AspectView, ...]
    issues: tuple[IssueView, ...]
    tasks: tuple[TaskView, ...]
    phases: tuple[tuple[PhaseView, str], ...]  # with their printed numbers
    level: int
    withheld: str


@dataclass(frozen=True, slots=True)
class AttachmentView:
    attachment: Attachment
    said: bool  # the full text names it by itself
    anchor: str
    file: AttachedFile | None
    size: str
    path: str
    withheld: str


@dataclass(frozen=True, slots=True)
class Article:
    """The labels of an article (政府网站发展指引); an empty one is not printed."""

    title: str
    published: str  # 2024-04-15 00:00
    source: str
    keywords: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    notice: Notice
    agency: Issuer
    region: str
    contact: ContactCard | None  # as the notice prints it
    reach: Reach
    trouble: str  # why its contact cannot be used; empty if it can
    totals: tuple[Comparison, ...]
    facts: tuple[Fact, ...]
    tally: Tally
    measures: int
    contents: tuple[Entry, ...]
    sections: tuple[SectionView, ...]
    attachments: tuple[AttachmentView, ...]
    follows: tuple["Related", ...]
    followed_by: tuple["Related", ...]
    line: Line | None  # of its phases
    long: bool  # so many issues that the contents start folded
    article: Article
    citation: Citation
    dates: Mapping[str, PartialDate | None]  # as schema.org calls them
    unfinished: str  # the anchor of the first open issue

    @property
    def reachable(self) -> bool:
        """True if the notice or its agency gives a phone or an e-mail that works."""
        return not (self.reach.above or self.reach.nobody)

    def attachment_anchor(self, number: str) -> str:
        """The anchor of the attachment with a printed number."""
        return next(item.anchor for item in self.attachments if item.attachment.number == number)


@dataclass(frozen=True, slots=True)
class Related:
    """Another notice that this one follows, or that follows it."""

    title: str
    path: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """The issue of an earlier notice that one takes up."""

    title: str  # of the notice
    ordinal: int
    path: str


@dataclass(frozen=True, slots=True)
class Successor:
    """An issue of a later notice that took one up."""

    title: str  # of the notice
    dated: PartialDate | None
    path: str
    printed: Status
    status: Status
    changed: PartialDate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the page of a notice shows that is not in the notice."""

    words: Words
    labels: SiteLabels
    agency: Issuer
    region: str
    address: str  # of the page with its host; empty if the site has none
    states: tuple[str, ...]  # of its phases, today
    ran_out: date | None = None  # promises of which nothing was heard are overdue up to this day
    files: Mapping[str, AttachedFile] = field(default_factory=dict)  # by name
    follows: tuple[Related, ...] = ()
    followed_by: tuple[Related, ...] = ()
    earlier: Mapping[str, Earlier] = field(default_factory=dict)  # by issue
    later: Mapping[str, tuple[Successor, ...]] = field(default_factory=dict)  # by issue
    line: Line | None = None  # of its phases, with today


LONG = 16
_KIB = 1024


def notice_view(notice: Notice, detail: Detail, around: Surroundings) -> NoticeView:
    """Everything that the page of one notice shows."""
    issuer = around.agency
    contact = contact_card(notice.contact, issuer.area_code)
    reached = reach((contact, issuer.contact), issuer.above, notice.title, around.address or None)
    sections = tuple(_Builder(notice, detail, around, reached).sections())
    issues = detail.issues
    unfinished = (issue.anchor for issue in issues if issue.status.bucket == "open")
    return NoticeView(
        notice=notice,
        agency=around.agency,
        region=around.region,
        contact=contact,
        reach=reached,
        trouble=_trouble(contact, issuer),
        totals=detail.totals,
        facts=tuple(_facts(notice)),
        tally=tally(issue.status.bucket for issue in issues),
        measures=sum(issue.measures for issue in issues),
        contents=tuple(_contents(sections)),
        sections=sections,
        attachments=tuple(_attachments(notice, around.files)),
        follows=around.follows,
        followed_by=around.followed_by,
        line=around.line,
        long=len(issues) > LONG,
        article=article(notice, around.agency.name, around.region),
        citation=citation(notice, around.agency.name, around.address),
        dates={"datePublished": notice.published, "dateModified": _modified(notice)},
        unfinished=next(unfinished, ""),
    )


def _trouble(contact: ContactCard | None, issuer: Issuer) -> str:
    if contact is None:
        return trouble(issuer.contact, "单位" if issuer.contact else "通报和单位都")
    if contact.usable:
        return ""
    if trouble(contact, "") == trouble(issuer.contact, ""):
        return trouble(contact, "通报和单位")
    return trouble(contact, "通报") + trouble(issuer.contact, "单位")


def article(notice: Notice, agency: str, region: str) -> Article:
    """The labels of a notice. The day is that of its publication, here or at its source, as far as one is known."""
    days = (notice.published, notice.source.published if notice.source else None)
    published = next((str(day) for day in days if day and day.day), "")
    return Article(
        title=notice.title,
        published=published and f"{published} 00:00",
        source=notice.source.name if notice.source else agency,
        keywords=",".join((KINDS[notice.kind], region, agency)),
    )


def _modified(notice: Notice) -> PartialDate | None:
    days = [update.date for issue in notice.all_issues() for update in issue.updates]
    return PartialDate.of(max(days)) if days else None


def ordinals(notice: Notice) -> dict[int, int]:
    """The place of each part among its like, by `id(part)`: its number, unless it prints one of its own.

    Groups and issues run on through the notice unless it says that they begin anew (`numbering.restart`). Sections
    without a title have no place.
    """
    places: dict[int, int] = {}
    restart = notice.numbering.restart
    groups, issues = count(1), count(1)

    def number(parts: Iterable[Located], counter: Iterator[int]) -> None:
        places.update(zip(map(id, parts), counter, strict=False))

    number((section for section in notice.sections if section.title), count(1))
    for section in notice.sections:
        for parts in (section.aspects, section.tasks, section.phases):
            number(parts, count(1))
        issues = count(1) if "issue" in restart else issues
        for aspect in section.aspects:
            groups = count(1) if "group" in restart else groups
            issues = count(1) if "issue" in restart else issues
            number(aspect.groups, groups)
            for group in aspect.groups:
                issues = count(1) if "issue" in restart else issues
                number(group.issues, issues)
            number(aspect.issues, issues)
        number(section.issues, issues)
    for issue in notice.all_issues():
        for measures in (issue.measures, *(part.measures for part in issue.parts)):
            number(measures, count(1))
    return places


def numbers(notice: Notice) -> Callable[[str, Section | Aspect | Group | Issue | Measure | Task | Phase], str]:
    """Tells the number that a notice prints before a part of a level.

    It is the part's own where it departs from the rule, else by the notice's style for the level and the part's place.
    """
    places = ordinals(notice)

    def number(level: str, part: Section | Aspect | Group | Issue | Measure | Task | Phase) -> str:
        if part.number:
            return "" if part.number == NOT_PRINTED else part.number
        style: str | None = getattr(notice.numbering, level)
        place = places.get(id(part))
        return printed(style, place) if style and place else ""

    return number


class _Builder:
    """Walks a notice once and keeps its counters."""

    def __init__(self, notice: Notice, detail: Detail, around: Surroundings, reached: Reach) -> None:
        self.notice = notice
        self.mail = reached.mail
        self.around = around
        self.words = around.words
        self.labels = notice.labels.but(None)  # where a part has none of its own
        self.task_count = 0
        self.printed = numbers(notice)
        self.rows = {issue.no: issue for issue in detail.issues}
        self.overdue = frozenset(
            promise.name
            for promise in detail.promised.promises
            if around.ran_out and promise.day <= around.ran_out
            if not promise.answered and promise.issue not in around.later
        )
        self.neighbours = dict(_neighbours(detail.issues))
        self.phases = iter(phase_views(notice.all_phases(), around.states))
        self.anchors = iter(anchor for _, anchor in part_anchors(notice))
        next(self.anchors)  # the notice's own

    def sections(self) -> Iterator[SectionView]:
        for section in self.notice.sections:
            below = 3 if section.title else 2
            yield SectionView(
                section=section,
                anchor=next(self.anchors),
                number=self.printed("section", section),
                totals=tuple(compare(section, self.words, self.notice)),
                aspects=tuple(self._aspect(aspect, below) for aspect in section.aspects),
                issues=tuple(self._issue(issue, below) for issue in section.issues),
                tasks=tuple(self._task(task, below) for task in section.tasks),
                phases=tuple((next(self.phases), self.printed("phase", phase)) for phase in section.phases),
                level=below,
                withheld=why_withheld(section.withheld),
            )

    def _task(self, task: Task, level: int) -> TaskView:
        self.task_count += 1
        fields = (self._field(self.labels, name, said(task, name)) for name in ("lead", "units", "due"))
        shown = tuple(field for field in fields if field.value)
        return TaskView(task, shown, f"task-{self.task_count}", self.printed("task", task), level)

    def _aspect(self, aspect: Aspect, level: int) -> AspectView:
        anchor = next(self.anchors)
        groups = tuple(self._group(group, level + 1) for group in aspect.groups)
        issues = tuple(self._issue(issue, level + 1) for issue in aspect.issues)
        return AspectView(
            aspect=aspect,
            anchor=anchor,
            number=self.printed("aspect", aspect),
            level=level,
            totals=tuple(compare(aspect, self.words, self.notice)),
            groups=groups,
            issues=issues,
        )

    def _group(self, group: Group, level: int) -> GroupView:
        anchor = next(self.anchors)
        return GroupView(
            group=group,
            anchor=anchor,
            number=self.printed("group", group),
            level=level,
            totals=tuple(compare(group, self.words, self.notice)),
            issues=tuple(self._issue(issue, level + 1) for issue in group.issues),
        )

    def _issue(self, issue: Issue, level: int) -> IssueView:
        anchor = f"issue-{issue.id}"
        before, after = self.neighbours.get(issue.id, ("", ""))
        ordinals = count(1)
        row = self.rows[issue.id]
        return IssueView(
            issue=issue,
            fields=tuple(self._fields(issue)),
            anchor=anchor,
            number=self.printed("issue", issue),
            level=level,
            latest=row.status,
            measures=self._measures(issue.measures, anchor, ordinals),
            parts=tuple(PartView(part.title, self._measures(part.measures, anchor, ordinals)) for part in issue.parts),
            events=tuple(self._events(issue)),
            origin=self.around.earlier.get(issue.id),
            withheld=why_withheld(issue.withheld),
            ordinal=row.ordinal,
            mail=self.mail.of_issue(row.ordinal, anchor) if self.mail else "",
            overdue=anchor in self.overdue,
            commitments=tuple(
                (each, f"{anchor}-promise-{n}" in self.overdue) for n, each in enumerate(issue.commitments, 1)
            ),
            before=before,
            after=after,
        )

    def _fields(self, issue: Issue) -> Iterator[FieldView]:
        labels = self.notice.labels.but(issue.labels) if issue.labels else self.labels
        for name in labels.order:
            value = said(issue, name)
            if value and (name != "status" or labels.status):
                yield self._field(labels, name, value)

    def _field(self, labels: Labels, name: str, value: str) -> FieldView:
        own: str | None = getattr(labels, name)
        label: str = own or getattr(self.around.labels, name)
        return FieldView(name, label, not own, not label.endswith((":", "：")), value)

    def _status(self, wording: str | None) -> Status | None:
        return status_of(wording, self.words) if wording else None

    def _measures(self, measures: Iterable[Measure], anchor: str, ordinals: Iterator[int]) -> tuple[MeasureView, ...]:
        """Printed numbers begin anew in each part; anchors run on through the issue."""
        named = ((f"{anchor}-measure-{next(ordinals)}", measure) for measure in measures)
        return tuple(
            MeasureView(
                measure=measure,
                overdue=name in self.overdue,
                anchor=name,
                number=self.printed("measure", measure),
                status=self._status(measure.status),
                withheld=why_withheld(measure.withheld),
            )
            for name, measure in named
        )

    def _events(self, issue: Issue) -> Iterator[Event]:
        later = self.around.later.get(issue.id, ())
        if not (issue.updates or issue.verified or later):
            return
        yield Event(_when(self.notice.dated), "本通报公布", self._status(issue.status))
        since: list[tuple[date, Event]] = []
        for update in issue.updates:
            when = PartialDate.of(update.date)
            since.append((update.date, Event(_when(when), "进展更新", self._status(update.status), update.text or "")))
        if verified := issue.verified:
            what = f"{verified.by}核查" + (f"（{verified.how}）" if verified.how else "")
            since.append((verified.date.last, Event(_when(verified.date), what, None, verified.result or "")))
        for row in later:
            event = Event(_when(row.dated), f"后续通报：{row.title}", row.printed, "", row.path)
            since.append((row.dated.last if row.dated else date.max, event))
            if row.changed:
                since.append(
                    (row.changed.last, Event(_when(row.changed), "后续通报的进展更新", row.status, "", row.path))
                )
        yield from (event for _, event in sorted(since, key=lambda entry: entry[0]))


def _neighbours(issues: Sequence[IssueRow]) -> Iterator[tuple[str, tuple[str, str]]]:
    """For each open issue the anchors of the open ones before and after it, where others lie between."""
    places = [n for n, issue in enumerate(issues) if issue.status.bucket == "open"]
    for before, place, after in zip([-1, *places], places, [*places[1:], -1], strict=False):
        yield (
            issues[place].no,
            (
                issues[before].anchor if 0 <= before < place - 1 else "",
                issues[after].anchor if after > place + 1 else "",
            ),
        )


def said(thing: Issue | Task, name: str) -> str:
    """A field as text; of measures only that there are some."""
    if name in ("lead", "units"):
        return "、".join(getattr(thing, name))
    if isinstance(thing, Issue):
        if name == "measures":
            return name if thing.measures or thing.parts else ""
        if name in ("cause", "status"):
            return getattr(thing, name) or ""
        if thing.due_text:
            return thing.due_text
    return thing.due.chinese if thing.due else ""


def _when(dated: PartialDate | None) -> str:
    return dated.chinese if dated else NO_DATE


def why_withheld(withheld: Withheld | None) -> str:
    """What is shown instead of a part that is left out; empty if it is not."""
    if withheld is None:
        return ""
    return f"不予公开：{REASONS[withheld.reason]}" + (f"（{withheld.note}）" if withheld.note else "")


def _facts(notice: Notice) -> Iterator[Fact]:
    if inspection := notice.inspection:
        yield Fact("巡察机构", inspection.body, inspection.round or "")
        if inspection.subject:
            yield Fact("巡察事项", inspection.subject)
        if when := span_words(inspection.started, inspection.ended):
            yield Fact("巡察时间", when, _inferred(inspection, "started", "ended"))
        if inspection.feedback:
            yield Fact("反馈日期", inspection.feedback.chinese, _inferred(inspection, "feedback"))
    if phases := list(notice.all_phases()):
        when = span_words(phases[0].start or phases[0].end, phases[-1].end or phases[-1].start)
        yield Fact("阶段", f"{len(phases)} 个", when)
    if tasks := sum(len(section.tasks) for section in notice.sections):
        yield Fact("任务", f"{tasks} 项")
    if notice.published:
        yield Fact("发布日期", notice.published.chinese)
    if notice.signed and notice.signed.date and notice.signed.date != notice.published:
        yield Fact("落款日期", notice.signed.date.chinese)
    if not notice.dated:
        yield Fact("发布日期", "原文未注明日期")


def _inferred(inspection: Inspection, *names: str) -> str:
    return "年份为推定" if set(names) & set(inspection.inferred) else ""


def _contents(sections: tuple[SectionView, ...]) -> Iterator[Entry]:
    for section in sections:
        children = (
            *(_aspect_entry(aspect) for aspect in section.aspects),
            *(_issue_entry(issue) for issue in section.issues),
            *(Entry(task.number, task.task.title, task.anchor) for task in section.tasks),
            *(Entry(number, view.phase.title, view.anchor) for view, number in section.phases),
        )
        if section.section.title:
            yield Entry(section.number, section.section.title, section.anchor, None, children, _issues_in(children))
        else:
            yield from children


def _aspect_entry(view: AspectView) -> Entry:
    # Groups themselves are left out: the contents stay two levels deep.
    groups: tuple[GroupView | AspectView, ...] = (*view.groups, view)
    children = tuple(_issue_entry(issue) for group in groups for issue in group.issues)
    return Entry(view.number, view.aspect.title, view.anchor, None, children, len(children))


def _issue_entry(view: IssueView) -> Entry:
    return Entry(view.number, view.issue.title or view.withheld, view.anchor, view.latest.bucket, (), 1)


def _issues_in(entries: Iterable[Entry]) -> int:
    return sum(entry.issues for entry in entries)


def _attachments(notice: Notice, files: Mapping[str, AttachedFile]) -> Iterator[AttachmentView]:
    says = notice.saying() if notice.attachments and notice.text == "verbatim" else None
    for n, attachment in enumerate(notice.attachments, 1):
        file = files.get(attachment.file) if attachment.file else None
        yield AttachmentView(
            attachment=attachment,
            said=says is not None and says(attachment.title),
            anchor=f"attachment-{n}",
            file=file,
            size=size_words(file.size) if file else "",
            path=urls.attachment(notice.id, file.name) if file else "",
            withheld=why_withheld(attachment.withheld),
        )


def size_words(size: int) -> str:
    """A size in words; `size` is in bytes."""
    if size < _KIB:
        return f"{size} 字节"
    return f"{size / _KIB:.0f} KB" if size < _KIB**2 else f"{size / _KIB**2:.1f} MB"
