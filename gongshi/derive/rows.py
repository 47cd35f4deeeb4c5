"""A small summary of each notice: all that lists, agencies, regions and open data need to know of it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from gongshi import urls
from gongshi.contact import area_code_of, mailto, tel
from gongshi.dates import PartialDate
from gongshi.derive.tally import Tally, tally
from gongshi.model import Agency, Bucket, Contact, Corpus, Issue, Notice, Phase
from gongshi.totals import (
    Comparison,
    Declarer,
    Words,
    bucket_of,
    compare,
    measures_of,
    parts,
    plain_wording,
    vocabulary,
)


@dataclass(frozen=True, slots=True)
class Status:
    """The wording of a status as printed (None: the notice gives none), and its bucket."""

    wording: str | None
    bucket: Bucket


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One issue in a list. `status` is the latest one that is known; `changed` is when it changed after the notice."""

    id: str
    notice: str
    agency: str
    region: str
    published: PartialDate | None
    aspect: str | None
    group: str | None
    no: str
    ordinal: int  # its place in the notice, from 1
    title: str
    status: Status
    printed: Status  # as its own notice printed it
    changed: PartialDate | None
    measures: int
    has_cause: bool
    lead: tuple[str, ...]
    units: tuple[str, ...]
    due: PartialDate | None
    continues: str | None
    continued_by: str | None  # the issue of a later notice that took this one up; lists count only the last of a chain
    withheld: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of a notice whose declared total is not what is counted. `part` is None for the notice as a whole."""

    part: str | None
    path: str
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
    """One notice in a list."""

    id: str
    kind: str
    title: str
    agency: str
    region: str
    text: str
    published: PartialDate | None
    dated: PartialDate | None
    inspection_body: str | None
    inspection_round: str | None
    inspection_subject: str | None
    inspection_started: PartialDate | None
    inspection_ended: PartialDate | None
    inspection_feedback: PartialDate | None
    totals: tuple[Comparison, ...]
    differences: tuple[Difference, ...]
    signed_by: str | None
    signed_date: PartialDate | None
    contact: ContactCard | None
    phases: tuple[PhaseRow, ...]
    follows: tuple[str, ...]
    sha256: str
    issues: tuple[IssueRow, ...]
    path: str

    @property
    def order(self) -> tuple[date, str]:
        """Sorts notices by date and then by id; those without a date come first."""
        return (self.dated.last if self.dated else date.min, self.id)

    @property
    def year(self) -> str:
        """The year that lists put the notice in."""
        return str(self.dated.year) if self.dated else "undated"

    @property
    def measures(self) -> int:
        """How many measures its issues report."""
        return sum(issue.measures for issue in self.issues)

    @property
    def tally(self) -> Tally:
        """Its issues by bucket."""
        return tally(issue.status.bucket for issue in self.issues)


def notice_row(notice: Notice, agency: Agency, words: Words) -> NoticeRow:
    """The summary of one notice."""
    inspection = notice.inspection
    return NoticeRow(
        id=notice.id,
        kind=notice.kind,
        title=notice.title,
        agency=notice.agency,
        region=agency.region,
        text=notice.text,
        published=notice.published,
        dated=notice.dated,
        inspection_body=inspection.body if inspection else None,
        inspection_round=inspection.round if inspection else None,
        inspection_subject=inspection.subject if inspection else None,
        inspection_started=inspection.started if inspection else None,
        inspection_ended=inspection.ended if inspection else None,
        inspection_feedback=inspection.feedback if inspection else None,
        totals=tuple(compare(notice, words, notice)),
        differences=tuple(_differences(notice, words)),
        signed_by=notice.signed.by if notice.signed else None,
        signed_date=notice.signed.date if notice.signed else None,
        contact=contact_card(notice.contact, area_code_of(agency)),
        phases=tuple(map(_phase_row, notice.all_phases())),
        follows=notice.follows,
        sha256=notice.sha256,
        issues=tuple(_issue_rows(notice, agency, words)),
        path=urls.notice(notice.id),
    )


def notice_rows(corpus: Corpus) -> dict[str, NoticeRow]:
    """The summaries of all notices, newest first."""
    words = vocabulary(corpus.site)
    rows = [notice_row(notice, corpus.agencies[notice.agency], words) for notice in corpus.notices.values()]
    rows.sort(key=lambda row: row.order, reverse=True)
    later = {issue.continues: issue.id for row in rows for issue in row.issues if issue.continues}
    return {row.id: _continued(row, later) for row in rows}


def _continued(row: NoticeRow, later: Mapping[str, str]) -> NoticeRow:
    """The summary with its issues told which later ones took them up."""
    if not any(issue.id in later for issue in row.issues):
        return row
    return replace(row, issues=tuple(replace(issue, continued_by=later.get(issue.id)) for issue in row.issues))


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
                title = None if isinstance(part, Notice) else part.title
                yield Difference(title, urls.notice(notice.id, anchor), total)


def part_anchors(notice: Notice) -> Iterator[tuple[Declarer, str]]:
    """The notice and its sections, aspects and groups, each with its anchor; each kind runs on through the notice."""
    counts: Counter[str] = Counter()
    for part in parts(notice):
        kind = type(part).__name__.lower()
        counts[kind] += 1
        yield part, "totals" if isinstance(part, Notice) else f"{kind}-{counts[kind]}"


def _issue_rows(notice: Notice, agency: Agency, words: Words) -> Iterator[IssueRow]:
    for ordinal, (issue, aspect, group) in enumerate(_placed_issues(notice), 1):
        status, changed = _latest_status(issue, words)
        yield IssueRow(
            id=f"{notice.id}#issue-{issue.id}",
            notice=notice.id,
            agency=notice.agency,
            region=agency.region,
            published=notice.published,
            aspect=aspect,
            group=group,
            no=issue.id,
            ordinal=ordinal,
            title=issue.title,
            status=status,
            printed=status_of(issue.status, words),
            changed=changed,
            measures=measures_of(issue),
            has_cause=issue.cause is not None,
            lead=issue.lead,
            units=issue.units,
            due=issue.due,
            continues=issue.continues,
            continued_by=None,
            withheld=issue.withheld.reason if issue.withheld else None,
            path=urls.notice(notice.id, f"issue-{issue.id}"),
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
