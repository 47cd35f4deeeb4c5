"""A small summary of each notice, and the records of its issues: all that other pages need to know of it.

`NoticeRow` stays in memory for every notice; `Detail` is kept in the cache and read by whoever prints its issues.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gongshi import urls
from gongshi.contact import is_local, mailto, tel
from gongshi.dates import PartialDate
from gongshi.derive.promises import Due, Promises, Standing, dues, promises
from gongshi.derive.tally import Tally, tally
from gongshi.model import Bucket, Contact, Issue, Notice, Phase
from gongshi.privacy import Finding
from gongshi.totals import (
    Comparison,
    Declarer,
    Words,
    bucket_of,
    compare,
    measures_of,
    parts,
    plain_wording,
)


@dataclass(frozen=True, slots=True)
class Status:
    """The wording of a status as printed (None: the notice gives none), and its bucket."""

    wording: str | None
    bucket: Bucket


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One issue in a list. `status` is the latest one that is known; `changed` is when it changed after the notice."""

    no: str
    ordinal: int  # its place in the notice, from 1
    title: str
    aspect: str | None
    group: str | None
    status: Status
    printed: Status  # as its own notice printed it
    changed: PartialDate | None
    measures: int
    has_cause: bool
    lead: tuple[str, ...]
    units: tuple[str, ...]
    due: PartialDate | None
    continues: str | None
    withheld: str | None

    @property
    def anchor(self) -> str:
        """Its anchor on the notice's page."""
        return f"issue-{self.no}"


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of a notice whose declared total is not what is counted. `part` is None for the notice as a whole."""

    part: str | None
    anchor: str
    total: Comparison


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """A phone as printed, and the link that dials it (None if it cannot be dialled)."""

    number: str
    label: str | None
    link: str | None
    area_code: str | None  # added to the link because the printed number lacks it


@dataclass(frozen=True, slots=True)
class EmailLine:
    address: str
    link: str | None


@dataclass(frozen=True, slots=True)
class ContactCard:
    """A contact ready to be shown: every line as printed, with a link where one works."""

    phones: tuple[PhoneLine, ...]
    emails: tuple[EmailLine, ...]
    address: str | None
    recipient: str | None
    postcode: str | None
    hours: str | None

    @property
    def usable(self) -> bool:
        """True if somebody can be reached by phone or e-mail."""
        return any(phone.link for phone in self.phones) or any(email.link for email in self.emails)


@dataclass(frozen=True, slots=True)
class DeliverableRow:
    title: str
    due: PartialDate | None
    attachment: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A phase of a plan without its text."""

    title: str
    start: PartialDate | None
    end: PartialDate | None
    deliverables: tuple[DeliverableRow, ...]


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice in a list, and what the rules about several files ask of it."""

    id: str
    kind: str
    title: str
    agency: str
    text: str
    published: PartialDate | None
    dated: PartialDate | None
    tally: Tally  # its issues by bucket of their latest status
    measures: int  # that its issues report
    declares: bool  # it states totals of itself
    phases: tuple[PhaseRow, ...]
    follows: tuple[str, ...]
    continues: tuple[tuple[str, str], ...]  # an issue (its number), and the earlier one that it takes up
    old_ids: tuple[str, ...]
    files: tuple[str, ...]  # that it publishes
    changed: date | None  # when the status of one of its issues changed last
    newest: date | None  # the latest day of a progress update
    has_contact: bool
    lacks_area: bool  # it prints a number that needs the agency's area code
    withheld: int  # parts of it that are left out
    dues: tuple[Due, ...]  # its promises by their last day
    withdrawn: bool  # it was taken back: nothing of it is known but its title
    attached: int  # attachments that are not withheld, with or without a file
    exempts: bool  # it says that some personal data may be published
    blob: str  # what git calls its file
    private: tuple[Finding, ...] = ()  # personal data in it that it does not allow itself

    @property
    def order(self) -> tuple[date, str]:
        """Sorts notices by date and then by id; those without a date come first."""
        return (self.dated.last if self.dated else date.min, self.id)

    @property
    def year(self) -> str:
        """The year that lists put the notice in."""
        return str(self.dated.year) if self.dated else urls.UNDATED

    @property
    def month(self) -> str:
        """The month that the ledger puts its issues in: `2024-05`, or the year alone where no month is known."""
        if self.dated is None:
            return urls.UNDATED
        return f"{self.dated.year:04d}" + (f"-{self.dated.month:02d}" if self.dated.month else "")

    @property
    def latest(self) -> date | None:
        """The latest day on which something is known to have been said in it."""
        return _latest(self.dated, self.newest)

    @property
    def issues(self) -> int:
        """How many issues it has."""
        return self.tally.total

    @property
    def path(self) -> str:
        """Its page."""
        return urls.notice(self.id)


@dataclass(frozen=True, slots=True)
class Detail:
    """What lists, ledgers and open data print of a notice and its issues."""

    id: str
    title: str
    agency: str
    sha256: str
    totals: tuple[Comparison, ...]
    differences: tuple[Difference, ...]
    contact: Contact | None
    phases: tuple[PhaseRow, ...]
    issues: tuple[IssueRow, ...]
    promised: Promises

    @property
    def anchors(self) -> frozenset[str]:
        """The anchors that other pages use and that the notice's page has to have."""
        places = [issue.anchor for issue in self.issues]
        places += [difference.anchor for difference in self.differences]
        return frozenset([*places, "totals"] if self.totals else places) | self.promised.anchors


def summarise(notice: Notice, words: Words) -> tuple[NoticeRow, Detail]:
    """The summary of one notice, and the records of its issues."""
    issues = tuple(_issue_rows(notice, words))
    declared = tuple(compare(notice, words, notice))
    phases = tuple(map(_phase_row, notice.all_phases()))
    standings = (Standing(issue.ordinal, issue.status.wording, issue.status.bucket) for issue in issues)
    promised = tuple(promises(notice, standings, words))
    newest = max((update.date for issue in notice.all_issues() for update in issue.updates), default=None)
    detail = Detail(
        id=notice.id,
        title=notice.title,
        agency=notice.agency,
        sha256=notice.sha256,
        totals=declared,
        differences=tuple(_differences(notice, words)),
        contact=notice.contact,
        phases=phases,
        issues=issues,
        promised=Promises(
            notice.id, oldest_id(notice.id, notice.old_ids), notice.title, _latest(notice.dated, newest), promised
        ),
    )
    row = NoticeRow(
        id=notice.id,
        kind=notice.kind,
        title=notice.title,
        agency=notice.agency,
        text=notice.text,
        published=notice.published,
        dated=notice.dated,
        tally=tally(issue.status.bucket for issue in issues),
        measures=sum(issue.measures for issue in issues),
        declares=bool(declared),
        phases=phases,
        follows=notice.follows,
        continues=tuple((issue.no, issue.continues) for issue in issues if issue.continues),
        old_ids=notice.old_ids,
        files=tuple(attachment.file for attachment in notice.attachments if attachment.file),
        changed=max((issue.changed.last for issue in issues if issue.changed), default=None),
        newest=newest,
        has_contact=bool(notice.contact and not notice.contact.empty),
        lacks_area=any(
            is_local(phone.number) and not phone.area_code
            for phone in (notice.contact.phones if notice.contact else ())
        ),
        withheld=sum(part.withheld is not None for part in notice.withholding()),
        dues=dues(promised),
        withdrawn=notice.withdrawn is not None,
        attached=sum(not attachment.withheld for attachment in notice.attachments),
        exempts=bool(notice.exempt),
        blob=notice.blob,
    )
    return row, detail


def oldest_id(notice_id: str, old_ids: tuple[str, ...]) -> str:
    """The id that a notice had first: a change of address changes nothing that is made of it."""
    return old_ids[0] if old_ids else notice_id


def _latest(dated: PartialDate | None, newest: date | None) -> date | None:
    days = [dated.first] if dated else []
    return max([*days, newest] if newest else days, default=None)


def _latest_status(issue: Issue, words: Words) -> tuple[Status, PartialDate | None]:
    """The status that is known last, and the day of the update that brought it (None: as printed in the notice)."""
    for update in reversed(issue.updates):
        if update.status:
            return status_of(update.status, words), PartialDate.of(update.date)
    return status_of(issue.status, words), None


def status_of(wording: str | None, words: Words) -> Status:
    """A status as a notice prints it, or the lack of one."""
    return Status(plain_wording(wording) if wording else None, bucket_of(wording, words))


def contact_card(contact: Contact | None, area_code: str | None) -> ContactCard | None:
    """A contact with its links, if there is one; the agency's area code completes numbers that lack theirs."""
    if contact is None or contact.empty:
        return None
    postal = contact.postal
    return ContactCard(
        phones=tuple(
            PhoneLine(
                phone.number,
                phone.label,
                link := tel(phone, area_code),
                (phone.area_code or area_code) if link and _lacks_area(phone.number, link) else None,
            )
            for phone in contact.phones
        ),
        emails=tuple(EmailLine(email, mailto(email)) for email in contact.emails),
        address=postal.address if postal else None,
        recipient=postal.recipient if postal else None,
        postcode=postal.postcode if postal else None,
        hours=contact.hours,
    )


def _phase_row(phase: Phase) -> PhaseRow:
    deliverables = tuple(DeliverableRow(d.title, d.due, d.attachment, d.note) for d in phase.deliverables)
    return PhaseRow(phase.title, phase.start, phase.end, deliverables)


def _lacks_area(number: str, link: str) -> bool:
    digits = "".join(c for c in number if c.isdigit())
    return link.startswith("tel:+86") and not digits.startswith(("0", "1", "86"))


def _differences(notice: Notice, words: Words) -> Iterator[Difference]:
    for part, anchor in part_anchors(notice):
        for total in compare(part, words, notice):
            if total.differs:
                yield Difference(None if isinstance(part, Notice) else part.title, anchor, total)


def part_anchors(notice: Notice) -> Iterator[tuple[Declarer, str]]:
    """The notice and its sections, aspects and groups, each with its anchor; each kind runs on through the notice."""
    counts: Counter[str] = Counter()
    for part in parts(notice):
        kind = type(part).__name__.lower()
        counts[kind] += 1
        yield part, "totals" if isinstance(part, Notice) else f"{kind}-{counts[kind]}"


def _issue_rows(notice: Notice, words: Words) -> Iterator[IssueRow]:
    for ordinal, (issue, aspect, group) in enumerate(_placed_issues(notice), 1):
        status, changed = _latest_status(issue, words)
        yield IssueRow(
            no=issue.id,
            ordinal=ordinal,
            title=issue.title,
            aspect=aspect,
            group=group,
            status=status,
            printed=status_of(issue.status, words),
            changed=changed,
            measures=measures_of(issue),
            has_cause=issue.cause is not None,
            lead=issue.lead,
            units=issue.units,
            due=issue.due,
            continues=issue.continues,
            withheld=issue.withheld.reason if issue.withheld else None,
        )


def _placed_issues(notice: Notice) -> Iterator[tuple[Issue, str | None, str | None]]:
    """Every issue with the titles of its aspect and group."""
    for section in notice.sections:
        for aspect in section.aspects:
            for group in aspect.groups:
                for issue in group.issues:
                    yield issue, aspect.title, group.title
            for issue in aspect.issues:
                yield issue, aspect.title, None
        for issue in section.issues:
            yield issue, None, None
