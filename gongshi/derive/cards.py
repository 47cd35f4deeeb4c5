"""What a list prints of an agency, a notice or an issue: plain words, ready to be shown.

They are made by the ten thousand, and so of msgspec: it makes and encodes them much faster than dataclasses.
"""

import msgspec

from gongshi import urls
from gongshi.derive.lists import AgencyRow
from gongshi.derive.reach import Above
from gongshi.derive.rows import ContactCard, IssueRow, NoticeRow, Status
from gongshi.derive.tally import Tally
from gongshi.model import KINDS

NO_DATE = "日期未注明"


class AgencyCard(msgspec.Struct, frozen=True):
    name: str
    path: str
    sector: str | None
    region_note: str  # what is to be said of its region; empty if that is certain
    contact: ContactCard | None
    notices: int
    tally: Tally


class NoticeCard(msgspec.Struct, frozen=True):
    path: str
    title: str
    kind: str
    dated: str
    agency: str
    issues: int
    measures: int
    phases: int
    tally: Tally


class IssueCard(msgspec.Struct, frozen=True):
    path: str
    title: str
    status: Status
    changed: str  # empty if its status is the one that was printed
    agency: str
    agency_path: str
    place: str  # where it stands: date and kind of its notice, and its place in it
    measures: int
    due: str


class Issuer(msgspec.Struct, frozen=True):
    """What the page of a notice says of its agency: nothing that other notices change."""

    name: str
    path: str
    region_note: str
    contact: ContactCard | None
    area_code: str | None
    letter: str  # the path of the sheet for a letter to it
    vcard: str  # its card for the address book of a phone; empty if it cannot be reached
    above: Above | None  # if it cannot be reached


class Listed(msgspec.Struct, frozen=True):
    """An agency in the directory of whom to call: nothing that its notices change."""

    name: str
    path: str
    sector: str
    contact: ContactCard | None
    above: Above | None


class Byline(msgspec.Struct, frozen=True):
    """What the cards of a notice's issues say of the notice."""

    notice: str
    words: str  # its date and kind
    agency: str
    agency_path: str


def agency_card(row: AgencyRow) -> AgencyCard:
    """An agency in a list."""
    return AgencyCard(
        name=row.agency.name,
        path=row.path,
        sector=row.agency.sector,
        region_note=_region_note(row),
        contact=row.contact,
        notices=len(row.notices),
        tally=row.tally,
    )


def notice_card(row: NoticeRow, agency: str) -> NoticeCard:
    """A notice in a list; `agency` is the name of its agency."""
    return NoticeCard(
        path=row.path,
        title=row.title,
        kind=row.kind,
        dated=row.dated.chinese if row.dated else NO_DATE,
        agency=agency,
        issues=row.issues,
        measures=row.measures,
        phases=len(row.phases),
        tally=row.tally,
    )


def issuer(row: AgencyRow, above: Above | None = None) -> Issuer:
    """An agency beside one of its notices."""
    return Issuer(
        name=row.agency.name,
        path=row.path,
        region_note=_region_note(row),
        contact=row.contact,
        area_code=row.area_code,
        letter=urls.letter(row.agency.id),
        vcard=urls.vcard(row.agency.id) if row.contact and row.contact.usable else "",
        above=above,
    )


def listed(row: AgencyRow, above: Above | None) -> Listed:
    """An agency in the directory."""
    return Listed(row.agency.name, row.path, row.agency.sector or "", row.contact, above)


def _region_note(row: AgencyRow) -> str:
    return "（推定，待核实）" if row.agency.region_inferred else ""


def byline(row: NoticeRow, agency: AgencyRow) -> Byline:
    """What is said of a notice beside each of its issues."""
    words = (row.dated.chinese if row.dated else NO_DATE) + KINDS[row.kind]
    return Byline(row.id, words, agency.agency.name, agency.path)


def issue_card(issue: IssueRow, notice: Byline) -> IssueCard:
    """An issue in a list."""
    return IssueCard(
        path=urls.notice(notice.notice, issue.anchor),
        title="（不予公开的问题）" if issue.withheld else issue.title,
        status=issue.status,
        changed=issue.changed.chinese if issue.changed else "",
        agency=notice.agency,
        agency_path=notice.agency_path,
        place=f"{notice.words}，第{issue.ordinal}个问题",
        measures=issue.measures,
        due=issue.due.deadline if issue.due else "",
    )
