"""Open data: the records of each table as JSON and CSV, and the page that leads to all files.

What tables hold is said in tables.py. Most are written notice by notice, so that a file of ten thousand can be put
together from what has not changed; the workbook, the database and the catalogue are made of these files (bundle/).
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import msgspec

from gongshi import text, urls
from gongshi.dates import PartialDate
from gongshi.derive.lists import AgencyRow, RegionRow
from gongshi.derive.notice import size_words
from gongshi.derive.rows import (
    ContactCard,
    Detail,
    IssueRow,
    NoticeRow,
    contact_card,
    part_anchors,
    status_of,
)
from gongshi.derive.tally import Tally
from gongshi.model import Issue, Notice
from gongshi.outputs.pages import attached
from gongshi.outputs.publication import Output, Publication, Ready, Ref, Tools
from gongshi.publish import Staged
from gongshi.tables import BY_NAME, OF_NOTICES, TABLES, TYPES, Field, Table
from gongshi.totals import NAMES, compare

Record = dict[str, Any]

BOM = b"\xef\xbb\xbf"
ORIGIN = "开放数据"
SAMPLE = 3  # rows of a table that the page shows
WORDS = 60  # characters of a cell that it shows

MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "sqlite": "application/vnd.sqlite3",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
WORKBOOK, DATABASE = "gongshi.xlsx", "gongshi.sqlite"
PACKAGE, CATALOGUE, DATASETTE = "datapackage.json", "catalog.jsonld", "datasette.json"
SUMS = "SHA256SUMS"


class File(msgspec.Struct, frozen=True):
    """A file of open data; without `size` (bytes) it is not known how it turns out."""

    name: str  # in the folder of open data
    title: str
    table: str = ""  # whose it is; none: it holds all of them
    size: int = 0
    sha256: str = ""

    @property
    def path(self) -> str:
        """Where it is."""
        return urls.data(self.name)

    def made(self, staged: Staged) -> "File":
        """The same file, with what is known of it now."""
        return msgspec.structs.replace(self, size=staged.size, sha256=staged.sha256.hex())

    @property
    def words(self) -> str:
        """How large it is, in words; empty if nobody knows."""
        return size_words(self.size) if self.sha256 else ""

    @property
    def media(self) -> str:
        """Its media type."""
        return MEDIA[self.name.rpartition(".")[2]]


TABLE_FILES = tuple(
    File(f"{table.name}.{suffix}", f"{table.title}（{suffix.upper()}）", table.name)
    for table in TABLES
    for suffix in ("json", "csv")
)
WHOLE_FILES = (File(WORKBOOK, "全部数据（Excel）"), File(DATABASE, "全部数据（SQLite）"))  # made of all tables
ABOUT_FILES = (
    File(PACKAGE, "数据包说明（Data Package）"),
    File(CATALOGUE, "数据目录（DCAT）"),
    File(DATASETTE, "Datasette 的设置"),
)  # made of what is known of the others


class Piece(msgspec.Struct, frozen=True):
    """What one notice gives to the tables."""

    notice: Ref
    detail: Ref
    region: str
    area_code: str | None
    superseded: tuple[tuple[str, str], ...]  # issues that later ones took up, and these
    sizes: tuple[tuple[str, int], ...]  # bytes of the files that it publishes, by name
    base_url: str | None

    def records(self, tools: Tools) -> dict[str, list[Record]]:
        """Its records, by table."""
        source = _Source(self, tools.notice(self.notice), tools.detail(self.detail), tools.words)
        return {table: list(records(source)) for table, records in _RECORDS.items()}


@dataclass(frozen=True, slots=True)
class Joined:
    """A file that is put together from pieces: what stands before them, and how each record is written.

    Every record ends with `end`; the last one has `last` instead. Without records the file is `empty`.
    """

    path: str
    origin: str
    table: str
    head: bytes
    end: bytes
    last: bytes
    empty: bytes
    write: Callable[[Iterable[Record]], bytes]


def joined() -> tuple[Joined, ...]:
    """The files that are put together from pieces."""
    return tuple(form(table) for table in OF_NOTICES for form in (_as_json, _as_csv))


def pieces(publication: Publication) -> Iterator[tuple[str, Piece]]:
    """What each notice gives, newest first."""
    return ((row.id, _piece(publication, row)) for row in publication.index.notices.values())


def _piece(publication: Publication, row: NoticeRow) -> Piece:
    index = publication.index
    agency = index.agencies[row.agency]
    return Piece(
        notice=publication.notices[row.id],
        detail=publication.details[row.id],
        region=agency.region.code,
        area_code=agency.area_code,
        superseded=tuple(index.superseded(row.id).items()) if row.id in index.taken_up else (),
        sizes=tuple((file.name, file.size) for file in attached(publication, row)),
        base_url=publication.setting.base_url,
    )


def outputs(publication: Publication) -> Iterator[Output]:
    """The data of agencies and regions."""
    for table, records in _places(publication).items():
        for form in (_as_json(BY_NAME[table]), _as_csv(BY_NAME[table])):
            body = form.write(records)
            whole = form.head + body[: len(body) - len(form.end)] + form.last if records else form.empty
            yield Ready(form.path, form.origin, whole)


def data_page(publication: Publication, files: Sequence[File]) -> "DataPage":
    """The page of open data; `files` are known from their making, or (nothing) not yet."""
    known = {file.name: file for file in files}
    whole = (*WHOLE_FILES, *ABOUT_FILES) if publication.setting.bundle else ()
    listed = [known.get(file.name, file) for file in (*TABLE_FILES, *whole)]
    return DataPage(
        path=urls.DATA,
        origin=ORIGIN,
        files=tuple(listed),
        until=until(publication),
        pieces={table.name: tuple(_samples(publication, table)) for table in OF_NOTICES},
        places=_places(publication, SAMPLE),
    )


def until(publication: Publication) -> str | None:
    """The last day of which the data tell."""
    days = [row.latest for row in publication.index.notices.values() if row.latest]
    return max(days).isoformat() if days else None


class DataPage(msgspec.Struct, frozen=True, kw_only=True):
    """The page that leads to all files, with the first rows of each table."""

    path: str
    origin: str
    files: tuple[File, ...]
    until: str | None
    pieces: Mapping[str, tuple[Piece, ...]]  # by table, the notices whose records come first in it
    places: Mapping[str, Sequence[Record]]
    template: str = "data.html"

    def body(self, tools: Tools) -> bytes:
        """The page."""
        first = dict(self.places)
        for table, found in self.pieces.items():
            first[table] = list(islice((row for piece in found for row in piece.records(tools)[table]), SAMPLE))
        files = {file.name: file for file in self.files}
        previews = {table.name: _preview(table, first[table.name]) for table in TABLES}
        return tools.renderer.render(
            self.template,
            self.path,
            tables=TABLES,
            types=TYPES,
            files=files,
            downloads=[(file.path, file.media, file.title) for file in self.files],
            until=self.until,
            previews=previews,
        )


def _preview(table: Table, records: Iterable[Record]) -> list[list[str]]:
    """The first rows, cut short: the titles of the fields that are shown, and what each record has there."""
    shown = [field for field in table.fields if field.shown]
    rows = [[_short(field, record[field.name]) for field in shown] for record in records]
    return [[field.title for field in shown], *rows]


def _short(field: Field, value: Any) -> str:
    told = " ".join(plain(field, value).split())
    return told if len(told) <= WORDS else told[: WORDS - 1] + "…"


def plain(field: Field, value: Any) -> str:
    """A value in words, for people to read."""
    if value is None:
        return ""
    if field.choices:
        return field.choices.get(value, value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return "；".join(map(str, _leaves(value)))


def _leaves(value: Any) -> Iterator[Any]:
    """What is not empty in a value, however deep."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif value is not None:
        yield value


def _samples(publication: Publication, table: Table) -> Iterator[Piece]:
    """The newest notices that have something in a table: as many as may be needed."""
    has = _HAS[table.name]
    rows = islice(filter(has, publication.index.notices.values()), SAMPLE)
    return (_piece(publication, row) for row in rows)


_HAS: dict[str, Callable[[NoticeRow], object]] = {
    "notices": lambda _: True,
    "issues": lambda row: row.issues,
    "measures": lambda row: row.measures,
    "updates": lambda row: row.newest,
    "promises": lambda row: row.dues,
    "totals": lambda row: row.declares,
    "attachments": lambda row: row.attached,
}


def _as_json(table: Table) -> Joined:
    """A JSON list, one record a line, so that changes can be read."""
    path = urls.data(f"{table.name}.json")
    return Joined(path, ORIGIN, table.name, b"[\n", b",\n", b"\n]\n", b"[]\n", _json_lines)


def _as_csv(table: Table) -> Joined:
    """The same records for spreadsheets: UTF-8 with BOM, lists joined, nested values as JSON, no formulas."""
    path = urls.data(f"{table.name}.csv")
    head = BOM + _csv_lines([{field.name: field.name for field in table.fields}])
    return Joined(path, ORIGIN, table.name, head, b"\r\n", b"\r\n", head, _csv_lines)


@dataclass(frozen=True, slots=True)
class _Source:
    """One notice, of which records are made."""

    piece: Piece
    notice: Notice
    detail: Detail
    words: Mapping[str, Any]

    def url(self, anchor: str = "") -> str:
        """The address of the notice, or of a place in it."""
        return urls.absolute(self.piece.base_url, urls.notice(self.notice.id, anchor))

    def keys(self, issue: IssueRow) -> Record:
        """What every record that belongs to an issue begins with."""
        return {"issue": f"{self.notice.id}#{issue.anchor}", "notice": self.notice.id, "agency": self.notice.agency}

    @property
    def issues(self) -> Iterator[tuple[Issue, IssueRow]]:
        """Each issue, and what lists say of it."""
        return zip(self.notice.all_issues(), self.detail.issues, strict=True)


def _notice_records(of: _Source) -> Iterator[Record]:
    notice, detail, inspection = of.notice, of.detail, of.notice.inspection
    yield {
        "id": notice.id,
        "kind": notice.kind,
        "title": notice.title,
        "agency": notice.agency,
        "published": _text(notice.published),
        "text": notice.text,
        "inspection": inspection
        and {
            "body": inspection.body,
            "round": inspection.round,
            "subject": inspection.subject,
            "started": _text(inspection.started),
            "ended": _text(inspection.ended),
            "feedback": _text(inspection.feedback),
        },
        "declared": {total.key: total.declared for total in detail.totals},
        "counted": {total.key: total.counted for total in detail.totals},
        "published_counts": {total.key: total.published for total in detail.totals},
        "differences": [
            {
                "part": difference.part,
                "key": difference.total.key,
                "declared": difference.total.declared,
                "counted": difference.total.counted,
                "url": of.url(difference.anchor),
            }
            for difference in detail.differences
        ],
        "signed": notice.signed and {"by": notice.signed.by, "date": _text(notice.signed.date)},
        "contact": _contact(contact_card(notice.contact, of.piece.area_code)),
        "phases": [
            {
                "title": phase.title,
                "start": _text(phase.start),
                "end": _text(phase.end),
                "deliverables": [
                    {"title": d.title, "due": _text(d.due), "attachment": d.attachment} for d in phase.deliverables
                ],
            }
            for phase in detail.phases
        ],
        "url": of.url(),
        "sha256": notice.sha256,
        "source": notice.source
        and {
            "name": notice.source.name,
            "url": notice.source.url,
            "published": _text(notice.source.published),
            "note": notice.source.note,
        },
        "follows": list(notice.follows),
        "figures": [{"label": f.label, "value": f.value, "unit": f.unit} for f in notice.figures],
    }


def _issue_records(of: _Source) -> Iterator[Record]:
    later = dict(of.piece.superseded)
    for issue, row in of.issues:
        verified = issue.verified
        yield {
            "id": of.keys(row)["issue"],
            "notice": of.notice.id,
            "agency": of.notice.agency,
            "region": of.piece.region,
            "published": _text(of.notice.published),
            "aspect": row.aspect,
            "group": row.group,
            "no": row.no,
            "title": row.title or None,
            "status": row.status.wording,
            "bucket": row.status.bucket,
            "changed": _text(row.changed),
            "measures": row.measures,
            "has_cause": row.has_cause,
            "lead": list(row.lead),
            "units": list(row.units),
            "due": _text(row.due),
            "continues": row.continues,
            "continued_by": later.get(row.no),
            "withheld": row.withheld,
            "url": of.url(row.anchor),
            "printed_status": row.printed.wording,
            "text": _prose(issue.text),
            "cause": _prose(issue.cause),
            "verified": _text(verified.date if verified else None),
            "verified_by": verified and verified.by,
            "verified_how": verified and verified.how,
            "verified_result": verified and verified.result,
        }


def _measure_records(of: _Source) -> Iterator[Record]:
    for issue, row in of.issues:
        parts = [(part.title, measure) for part in issue.parts for measure in part.measures]
        for n, (part, measure) in enumerate([*((None, measure) for measure in issue.measures), *parts], 1):
            own = status_of(measure.status, of.words) if measure.status else None
            anchor = f"{row.anchor}-measure-{n}"
            yield {
                "id": f"{of.notice.id}#{anchor}",
                **of.keys(row),
                "no": n,
                "part": part,
                "text": _prose(measure.text),
                "status": own and own.wording,
                "bucket": own.bucket if own else row.status.bucket,
                "due": _text(measure.due),
                "lead": list(row.lead),
                "units": list(row.units),
                "withheld": measure.withheld and measure.withheld.reason,
                "url": of.url(anchor),
            }


def _update_records(of: _Source) -> Iterator[Record]:
    for issue, row in of.issues:
        for n, update in enumerate(issue.updates, 1):
            status = status_of(update.status, of.words) if update.status else None
            yield {
                "id": f"{of.notice.id}#{row.anchor}-update-{n}",
                **of.keys(row),
                "date": update.date.isoformat(),
                "status": status and status.wording,
                "bucket": status and status.bucket,
                "text": _prose(update.text),
                "url": of.url(row.anchor),
            }


def _promise_records(of: _Source) -> Iterator[Record]:
    for promise in of.detail.promised.promises:
        yield {
            "id": f"{of.notice.id}#{promise.name}",
            "notice": of.notice.id,
            "agency": of.notice.agency,
            "issue": f"{of.notice.id}#issue-{promise.issue}" if promise.issue else None,
            "kind": promise.kind,
            "text": promise.text,
            "due": str(promise.due),
            "day": promise.day.isoformat(),
            "status": promise.wording,
            "bucket": promise.bucket,
            "answered": promise.answered,
            "url": of.url(promise.anchor),
        }


def _total_records(of: _Source) -> Iterator[Record]:
    for part, anchor in part_anchors(of.notice):
        for total in compare(part, of.words, of.notice):
            yield {
                "id": f"{of.notice.id}#{anchor}-{total.key}",
                "notice": of.notice.id,
                "agency": of.notice.agency,
                "part": None if isinstance(part, Notice) else part.title,
                "key": total.key,
                "name": NAMES[total.key],
                "declared": total.declared,
                "counted": total.counted,
                "published": total.published,
                "differs": total.differs,
                "url": of.url(anchor),
            }


def _attachment_records(of: _Source) -> Iterator[Record]:
    sizes = dict(of.piece.sizes)
    for n, attachment in enumerate(of.notice.attachments, 1):
        file = attachment.file
        yield {
            "id": f"{of.notice.id}#attachment-{n}",
            "notice": of.notice.id,
            "agency": of.notice.agency,
            "number": attachment.number,
            "title": attachment.title,
            "file": file,
            "bytes": sizes[file] if file else None,
            "file_url": urls.absolute(of.piece.base_url, urls.attachment(of.notice.id, file)) if file else None,
            "withheld": attachment.withheld and attachment.withheld.reason,
            "url": of.url(f"attachment-{n}"),
        }


_RECORDS: dict[str, Callable[[_Source], Iterator[Record]]] = {
    "notices": _notice_records,
    "issues": _issue_records,
    "measures": _measure_records,
    "updates": _update_records,
    "promises": _promise_records,
    "totals": _total_records,
    "attachments": _attachment_records,
}


def _places(publication: Publication, limit: int | None = None) -> dict[str, list[Record]]:
    """The records of agencies and regions, or the first of them."""
    index = publication.index
    agencies = [_agency_record(row, publication) for row in islice(index.agencies.values(), limit)]
    regions = [_region_record(row, publication) for row in islice(index.regions.values(), limit)]
    return {"agencies": agencies, "regions": regions}


def _agency_record(row: AgencyRow, publication: Publication) -> Record:
    return {
        "id": row.agency.id,
        "name": row.agency.name,
        "party_body": row.agency.party_body,
        "region": row.region.code,
        "region_name": publication.index.regions[row.region.code].whole_name,
        "sector": row.agency.sector,
        "contact": _contact(row.contact),
        **_counted(row.notices, row.tally),
        "url": publication.setting.absolute(row.path),
    }


def _region_record(row: RegionRow, publication: Publication) -> Record:
    return {
        "code": row.region.code,
        "name": row.region.name,
        "whole_name": row.whole_name,
        "parent": row.ancestors[-1].code if row.ancestors else None,
        "agencies": len(row.agencies),
        **_counted(row.notices, row.tally),
        "url": publication.setting.absolute(row.path),
    }


def _counted(notices: Sequence[NoticeRow], tally: Tally) -> Record:
    return {
        "notices": len(notices),
        "issues": tally.total,
        "done": tally.done,
        "ongoing": tally.ongoing,
        "open": tally.open,
        "unstated": tally.unstated,
    }


def _contact(card: ContactCard | None) -> Record | None:
    if card is None:
        return None
    return {
        "phones": [{"number": p.number, "label": p.label, "tel": p.link} for p in card.phones],
        "emails": [email.address for email in card.emails],
        "address": card.address,
        "recipient": card.recipient,
        "postcode": card.postcode,
        "hours": card.hours,
    }


def _text(value: PartialDate | None) -> str | None:
    return None if value is None else str(value)


def _prose(markdown: str | None) -> str | None:
    """A text as it is read: one paragraph a line, without marks."""
    return "\n".join(text.passages(markdown)) if markdown else None


_json_line = msgspec.json.Encoder(decimal_format="number").encode


def _json_lines(records: Iterable[Record]) -> bytes:
    return b"".join([_json_line(record) + b",\n" for record in records])


def _csv_lines(records: Iterable[Record]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([list(map(_cell, record.values())) for record in records])
    return buffer.getvalue().encode()


# A spreadsheet would run a cell that begins with one of these as a formula (OWASP, CSV Injection).
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        cell = "；".join(value)
    elif isinstance(value, list | dict):
        cell = _json_line(value).decode()
    else:
        cell = str(value)
    return "'" + cell if cell.startswith(_FORMULA) else cell
