"""Open data: notices, issues and agencies as JSON and CSV, and the page that describes them.

The fields are part of the published contract (design.md §5): they are added to, never renamed or removed.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from gongshi import urls
from gongshi.derive.lists import AgencyRow
from gongshi.derive.rows import ContactCard, IssueRow, NoticeRow
from gongshi.model import KINDS, TEXTS
from gongshi.outputs.publication import Output, Publication

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


def outputs(publication: Publication) -> Iterator[Output]:
    """The data files and their description."""
    makers: dict[str, Callable[[], list[Record]]] = {
        "notices": lambda: [notice_record(row, publication) for row in publication.index.notices.values()],
        "issues": lambda: [
            issue_record(issue, publication) for row in publication.index.notices.values() for issue in row.issues
        ],
        "agencies": lambda: [agency_record(row, publication) for row in publication.index.agencies.values()],
    }
    for table in TABLES:
        make = makers[table.name]
        yield Output(urls.data(f"{table.name}.json"), "开放数据", partial(_json, make))
        yield Output(urls.data(f"{table.name}.csv"), "开放数据", partial(_csv, table, make))
    render = publication.renderer.render
    yield Output(urls.DATA, "开放数据", partial(render, "data.html", urls.DATA, tables=TABLES))


def notice_record(row: NoticeRow, publication: Publication) -> Record:
    """One notice as published in `notices.json`."""
    inspection = {
        "body": row.inspection_body,
        "round": row.inspection_round,
        "subject": row.inspection_subject,
        "started": _text(row.inspection_started),
        "ended": _text(row.inspection_ended),
        "feedback": _text(row.inspection_feedback),
    }
    return {
        "id": row.id,
        "kind": row.kind,
        "title": row.title,
        "agency": row.agency,
        "published": _text(row.published),
        "text": row.text,
        "inspection": inspection if row.inspection_body else None,
        "declared": {total.key: total.declared for total in row.totals},
        "counted": {total.key: total.counted for total in row.totals},
        "published_counts": {total.key: total.published for total in row.totals},
        "differences": [
            {
                "part": difference.part,
                "key": difference.total.key,
                "declared": difference.total.declared,
                "counted": difference.total.counted,
                "url": publication.renderer.absolute(difference.path),
            }
            for difference in row.differences
        ],
        "signed": {"by": row.signed_by, "date": _text(row.signed_date)} if row.signed_by else None,
        "contact": _contact(row.contact),
        "phases": [
            {
                "title": phase.title,
                "start": _text(phase.start),
                "end": _text(phase.end),
                "deliverables": [
                    {"title": d.title, "due": _text(d.due), "attachment": d.attachment} for d in phase.deliverables
                ],
            }
            for phase in row.phases
        ],
        "url": publication.renderer.absolute(row.path),
        "sha256": row.sha256,
    }


def issue_record(row: IssueRow, publication: Publication) -> Record:
    """One issue as published in `issues.json`."""
    return {
        "id": row.id,
        "notice": row.notice,
        "agency": row.agency,
        "region": row.region,
        "published": _text(row.published),
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
        "continued_by": row.continued_by,
        "withheld": row.withheld,
        "url": publication.renderer.absolute(row.path),
    }


def agency_record(row: AgencyRow, publication: Publication) -> Record:
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
        "url": publication.renderer.absolute(row.path),
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


def _json(make: Callable[[], list[Record]]) -> bytes:
    """A JSON list, one record a line, so that changes can be read."""
    lines = ",\n".join(json.dumps(record, ensure_ascii=False) for record in make())
    return f"[\n{lines}\n]\n".encode() if lines else b"[]\n"


def _csv(table: Table, make: Callable[[], list[Record]]) -> bytes:
    """The same records as CSV for spreadsheets: UTF-8 with BOM, lists joined, nested values as JSON, no formulas."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(table.fields)
    for record in make():
        writer.writerow([_cell(record[name]) for name in table.fields])
    return buffer.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        text = "；".join(value)
    elif isinstance(value, list | dict):
        text = json.dumps(value, ensure_ascii=False)
    else:
        text = str(value)
    # A spreadsheet would run such a cell as a formula.
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
