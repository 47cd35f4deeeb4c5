"""Open data: notices, issues and agencies as JSON and CSV, and the page that describes them.

The fields are part of the published contract (design.md §5): they are added to, never renamed or removed. Notices and
issues are written notice by notice, so that a file of ten thousand can be put together from what has not changed.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from gongshi import urls
from gongshi.derive.lists import AgencyRow
from gongshi.derive.rows import ContactCard, Detail, IssueRow, contact_card
from gongshi.model import KINDS, TEXTS
from gongshi.outputs.publication import Output, Page, Publication, Ready, Ref, Tools

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of record: its Chinese name, and what each field means."""

    name: str
    title: str
    fields: dict[str, str]


TABLES = (
    Table(
        "notices",
        "通报",
        {
            "id": "通报编号，也是网址的一部分",
            "kind": "种类：" + "、".join(f"{code} {name}" for code, name in KINDS.items()),
            "title": "标题",
            "agency": "单位编号",
            "published": "发布日期；原文未注明时为空",
            "text": "、".join(f"{code} {name}" for code, name in TEXTS.items()),
            "inspection": "巡察：body 机构、round 轮次、subject 事项、started 与 ended 起止、feedback 反馈日期",
            "declared": "通报自己申报的总数",
            "counted": "按列出的问题逐条清点的数，与 declared 的项目相同；原文没有逐条注明、无法清点的为空",
            "published_counts": "清点数减去不予公开的部分",
            "differences": "申报与清点不一致之处：part 所在部分、key 项目、declared、counted、url",
            "signed": "落款：by 单位、date 日期",
            "contact": "监督方式，按原文",
            "phases": "方案的阶段：title、start、end、deliverables（title、due、attachment）",
            "url": "网址",
            "sha256": "源文件的 SHA-256",
        },
    ),
    Table(
        "issues",
        "问题",
        {
            "id": "问题编号：通报编号#issue-序号",
            "notice": "通报编号",
            "agency": "单位编号",
            "region": "地区代码（GB/T 2260）",
            "published": "通报发布日期",
            "aspect": "所属方面",
            "group": "所属类",
            "no": "在通报内的编号，也是网址的一部分",
            "title": "问题；不予公开的为空",
            "status": "最新的整改进度，按原文；未注明的为空",
            "bucket": "归类：done 已完成、ongoing 长期坚持、open 未完成、unstated 未注明",
            "changed": "通报之后进度有更新的日期",
            "measures": "整改措施条数",
            "has_cause": "是否写明原因分析",
            "lead": "牵头部门",
            "units": "责任部门",
            "due": "整改时限",
            "continues": "承接的更早的问题",
            "continued_by": "后来承接它的问题；有的，以那一个的进度为准",
            "withheld": "不予公开的理由代码",
            "url": "网址",
        },
    ),
    Table(
        "agencies",
        "单位",
        {
            "id": "单位编号",
            "name": "单位名称",
            "party_body": "党组名称",
            "region": "地区代码（GB/T 2260）",
            "region_name": "地区",
            "sector": "领域",
            "contact": "监督方式",
            "notices": "通报数",
            "issues": "问题数",
            "done": "已完成",
            "ongoing": "长期坚持",
            "open": "未完成",
            "unstated": "未注明",
            "url": "网址",
        },
    ),
)


_FILES = tuple(
    (urls.data(f"{table.name}.{suffix}"), kind, f"{table.title}（{suffix.upper()}）")
    for table in TABLES
    for suffix, kind in (("json", "application/json"), ("csv", "text/csv"))
)

BOM = b"\xef\xbb\xbf"


class Piece(msgspec.Struct, frozen=True):
    """What one notice gives to the files of notices and issues."""

    detail: Ref
    region: str
    area_code: str | None
    superseded: tuple[tuple[str, str], ...]  # issues that later ones took up, and these
    base_url: str | None

    def records(self, tools: Tools) -> dict[str, list[Record]]:
        """Its records, by table."""
        detail = tools.detail(self.detail)
        later = dict(self.superseded)
        return {
            "notices": [_notice_record(self, detail)],
            "issues": [_issue_record(self, detail, issue, later.get(issue.no)) for issue in detail.issues],
        }


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
    write: Callable[[Sequence[Record]], bytes]


def joined() -> tuple[Joined, ...]:
    """The files that are put together from pieces."""
    return tuple(form(table) for table in TABLES[:2] for form in (_as_json, _as_csv))


def pieces(publication: Publication) -> Iterator[tuple[str, Piece]]:
    """What each notice gives, newest first."""
    index = publication.index
    for row in index.notices.values():
        agency = index.agencies[row.agency]
        superseded = tuple(index.superseded(row.id).items()) if row.id in index.taken_up else ()
        region, base_url = agency.region.code, publication.setting.base_url
        yield row.id, Piece(publication.details[row.id], region, agency.area_code, superseded, base_url)


def outputs(publication: Publication) -> Iterator[Output]:
    """The data of agencies, and the description of all."""
    table = TABLES[2]
    records = [_agency_record(row, publication) for row in publication.index.agencies.values()]
    for form in (_as_json(table), _as_csv(table)):
        body = form.write(records)
        whole = form.head + body[: len(body) - len(form.end)] + form.last if records else form.empty
        yield Ready(form.path, form.origin, whole)
    yield Page(urls.DATA, "开放数据", "data.html", {"tables": TABLES, "files": _FILES})


def _as_json(table: Table) -> Joined:
    """A JSON list, one record a line, so that changes can be read."""
    path = urls.data(f"{table.name}.json")
    return Joined(path, "开放数据", table.name, b"[\n", b",\n", b"\n]\n", b"[]\n", _json_lines)


def _as_csv(table: Table) -> Joined:
    """The same records for spreadsheets: UTF-8 with BOM, lists joined, nested values as JSON, no formulas."""
    path = urls.data(f"{table.name}.csv")
    head = BOM + _csv_lines([{name: name for name in table.fields}])
    return Joined(path, "开放数据", table.name, head, b"\r\n", b"\r\n", head, _csv_lines)


def _notice_record(piece: Piece, detail: Detail) -> Record:
    """One notice as published in `notices.json`."""
    inspection = detail.inspection
    return {
        "id": detail.id,
        "kind": detail.kind,
        "title": detail.title,
        "agency": detail.agency,
        "published": _text(detail.published),
        "text": detail.text,
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
                "url": urls.absolute(piece.base_url, urls.notice(detail.id, difference.anchor)),
            }
            for difference in detail.differences
        ],
        "signed": {"by": detail.signed_by, "date": _text(detail.signed_date)} if detail.signed_by else None,
        "contact": _contact(contact_card(detail.contact, piece.area_code)),
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
        "url": urls.absolute(piece.base_url, urls.notice(detail.id)),
        "sha256": detail.sha256,
    }


def _issue_record(piece: Piece, notice: Detail, row: IssueRow, continued_by: str | None) -> Record:
    """One issue as published in `issues.json`."""
    return {
        "id": f"{notice.id}#{row.anchor}",
        "notice": notice.id,
        "agency": notice.agency,
        "region": piece.region,
        "published": _text(notice.published),
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
        "continued_by": continued_by,
        "withheld": row.withheld,
        "url": urls.absolute(piece.base_url, urls.notice(notice.id, row.anchor)),
    }


def _agency_record(row: AgencyRow, publication: Publication) -> Record:
    """One agency as published in `agencies.json`."""
    return {
        "id": row.agency.id,
        "name": row.agency.name,
        "party_body": row.agency.party_body,
        "region": row.region.code,
        "region_name": publication.index.regions[row.region.code].whole_name,
        "sector": row.agency.sector,
        "contact": _contact(row.contact),
        "notices": len(row.notices),
        "issues": row.tally.total,
        "done": row.tally.done,
        "ongoing": row.tally.ongoing,
        "open": row.tally.open,
        "unstated": row.tally.unstated,
        "url": publication.setting.absolute(row.path),
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


def _text(value: object) -> str | None:
    return None if value is None else str(value)


_json_line = msgspec.json.Encoder().encode


def _json_lines(records: Iterable[Record]) -> bytes:
    return b"".join([_json_line(record) + b",\n" for record in records])


def _csv_lines(records: Iterable[Record]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([list(map(_cell, record.values())) for record in records])
    return buffer.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        text = "；".join(value)
    elif isinstance(value, list | dict):
        text = _json_line(value).decode()
    else:
        text = str(value)
    # A spreadsheet would run such a cell as a formula.
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
