"""What the pages show: rows of notices, sums, the ledger by month, and the view of one notice."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from markdown import Markdown
from markupsafe import Markup, escape

HERE = Path(__file__).parents[2]
BASE = "https://bench.example"
TODAY = "2026-01-01"
BUCKETS = ("open", "unstated", "ongoing", "done")
KINDS = {"rectification": "整改通报", "plan": "方案", "announcement": "公告"}
WORDS = {
    "status": "整改进度",
    "measures": "整改措施",
    "cause": "原因分析",
    "lead": "牵头部门",
    "units": "责任部门",
    "due": "整改时限",
}
STATES = {"past": "已结束", "now": "进行中", "ahead": "未开始"}
TOTALS = {"aspects": "方面", "issues": "问题", "issues_done": "已完成的问题", "measures": "整改措施"}
NOTICES_A_PAGE = 50
ISSUES_A_PAGE = 100
LONG = 16
KIB = 1024
DAY = 10  # characters of a date that is exact to the day
Record = dict[str, Any]


def _read(name: str) -> Any:
    return json.loads((HERE / "data" / f"{name}.json").read_text(encoding="utf-8"))


site, regions, agencies, tables, numerals = map(_read, ("site", "regions", "agencies", "tables", "numerals"))
WORDINGS = {word: bucket for bucket, entry in site["statuses"].items() for word in entry.get("wordings", ())}
markdown = Markdown(extensions=["tables", "sane_lists"], output_format="html")


def bucket_of(status: str | None) -> str:
    """The bucket of a wording."""
    return WORDINGS[status] if status else "unstated"


def label(bucket: str) -> str:
    """The name of a bucket."""
    return site["statuses"][bucket]["label"]


def prose(text: str, lead: str = "", kind: str = "number") -> Markup:
    """Markdown as HTML; a number or a label begins its first paragraph."""
    html = markdown.reset().convert(text)
    if "<table>" in html:
        box = '<div class="scroll" role="group" tabindex="0" aria-label="表格"><table>'
        html = html.replace("<table>", box).replace("</table>", "</table></div>")
    if not lead:
        return Markup(html)  # noqa: S704 - the corpus is our own
    span = f'<p><span class="{kind}">{escape(lead)}</span>'
    return Markup(span + html[3:] if html.startswith("<p>") else f"{span}</p>{html}")  # noqa: S704


def chinese(date: str) -> str:
    """2023-06-08 as 2023年6月8日."""
    parts = date.split("-")
    return "".join(f"{int(part)}{unit}" for part, unit in zip(parts, "年月日", strict=False))


def deadline(date: str) -> str:
    """What is due by a date, in words."""
    return chinese(date) + ("前" if len(date) == DAY else "底前")


def span(start: str, end: str) -> str:
    """A span of time, without saying twice what both ends share."""
    if start == end:
        return chinese(start)
    text = chinese(end)
    if start[:4] == end[:4]:
        text = text[5:]
        if len(start) == len(end) == DAY and start[:7] == end[:7]:
            text = text.partition("月")[2]
    return f"{chinese(start)}至{text}"


def printed(style: str | None, n: int) -> str:
    """Number `n` in a style given by its number one."""
    if not style:
        return ""
    if "一" in style:
        return style.replace("一", numerals["chinese"][n])
    return style.replace("1", str(n)) if "1" in style else style.replace("①", numerals["circled"][n])


def tel(number: str) -> str:
    """The link that dials a number."""
    return f"tel:+86{number.replace('-', '')[1:]}" if number.startswith("0") else f"tel:+86999{number}"


def tally() -> Record:
    """Issues by bucket."""
    return {**dict.fromkeys(BUCKETS, 0), "total": 0}


def shares(counts: Record) -> list[Record]:
    """The pieces of a bar."""
    found = []
    before = 0
    for bucket in reversed(BUCKETS):
        if count := counts[bucket]:
            start, width = (f"{100 * part / counts['total']:.2f}" for part in (before, count))
            found.append({"bucket": bucket, "count": count, "start": start, "width": width})
            before += count
    return found


def tally_words(counts: Record) -> str:
    """Issues by bucket, in words."""
    return "，".join(f"{label(share['bucket'])} {share['count']} 个" for share in shares(counts))


def above(code: str) -> list[str]:
    """The codes of a region and of those above it, from the province down."""
    return list(dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code)))


def whole_name(code: str) -> str:
    """The name of a region with those above it."""
    return "".join(regions[each] for each in above(code))


def totals(declared: Record | None, counts: Record) -> list[Record]:
    """Declared totals beside counted ones."""
    found = []
    for key, name in TOTALS.items():
        if declared and key in declared:
            counted, value = counts[key], declared[key]
            gap = 0 if counted is None else abs(counted - value)
            found.append({"key": key, "name": name, "declared": value, "counted": counted, "gap": gap})
    return found


def _done(buckets: list[str]) -> int | None:
    return None if "unstated" in buckets else buckets.count("done")


def row(article: Any) -> Record:
    """What lists need to know of a notice."""
    issues: list[Record] = []
    counts = tally()
    for section in article.sections:
        for aspect in section.get("aspects", ()):
            for part in aspect.get("groups", [aspect]):
                for issue in part["issues"]:
                    bucket = bucket_of(issue.get("status"))
                    counts[bucket] += 1
                    counts["total"] += 1
                    issues.append({
                        "notice": article.slug,
                        "id": issue["id"],
                        "ordinal": len(issues) + 1,
                        "title": issue["title"],
                        "status": issue.get("status"),
                        "bucket": bucket,
                        "current": True,
                        "measures": len(issue["measures"]),
                        "due": issue.get("due"),
                        "aspect": aspect["title"],
                        "group": part["title"] if "groups" in aspect else None,
                        "lead": issue.get("lead", []),
                        "units": issue.get("units", []),
                        "cause": "cause" in issue,
                        "continues": issue.get("continues"),
                        "path": f"/notices/{article.slug}/#issue-{issue['id']}",
                    })  # fmt: skip
    measures = sum(issue["measures"] for issue in issues)
    counted = {
        "aspects": sum(len(section.get("aspects", ())) for section in article.sections),
        "issues": len(issues),
        "measures": measures,
        "issues_done": _done([issue["bucket"] for issue in issues]),
    }
    return {
        "id": article.slug,
        "path": f"/notices/{article.slug}/",
        "title": str(article.title),
        "kind": article.kind,
        "agency": article.agency,
        "date": article.published,
        "dated": chinese(article.published),
        "issues": issues,
        "measures": measures,
        "phases": [phase for section in article.sections for phase in section.get("phases", ())],
        "tally": counts,
        "totals": totals(getattr(article, "declared", None), counted),
        "article": article,
    }


class Index:
    """What is known of all notices together."""

    def __init__(self) -> None:
        self.rows: list[Record] = []

    def fill(self, articles: list[Any]) -> None:
        """Join the rows of all notices."""
        self.rows = sorted(map(row, articles), key=lambda each: (each["date"], each["id"]), reverse=True)
        taken = {issue["continues"] for each in self.rows for issue in each["issues"]}
        self.by_id = {each["id"]: each for each in self.rows}
        self.tally = tally()
        self.years: dict[str, list[Record]] = {}
        self.months: dict[str, dict[str, list[Record]]] = {}
        self.agencies = {
            key: {"id": key, "agency": agency, "notices": [], "tally": tally()} for key, agency in agencies.items()
        }
        self.regions: dict[str, Record] = {}
        for agency in self.agencies.values():
            for code in above(agency["agency"]["region"]):
                empty = {"code": code, "own": [], "notices": [], "tally": tally()}
                region = self.regions.setdefault(code, empty)
                if code == agency["agency"]["region"]:
                    region["own"].append(agency)
        self.regions = dict(sorted(self.regions.items()))
        for each in self.rows:
            agency = self.agencies[each["agency"]]
            places = [agency, *(self.regions[code] for code in above(agency["agency"]["region"]))]
            for place in places:
                place["notices"].append(each)
            self.years.setdefault(each["date"][:4], []).append(each)
            month = self.months.setdefault(each["date"][:7], {bucket: [] for bucket in BUCKETS})
            for issue in each["issues"]:
                issue["current"] = f"{each['id']}#issue-{issue['id']}" not in taken
                if issue["current"]:
                    month[issue["bucket"]].append(issue)
                    for counts in (self.tally, *(place["tally"] for place in places)):
                        counts[issue["bucket"]] += 1
                        counts["total"] += 1

    def busy(self) -> list[Record]:
        """The agencies with most issues."""
        found = [each for each in self.agencies.values() if each["tally"]["total"]]
        return sorted(found, key=lambda each: -each["tally"]["total"])[:12]

    def below(self, code: str) -> list[Record]:
        """The regions directly below one."""
        return [each for each in self.regions.values() if above(each["code"])[-2:-1] == [code]]

    def months_of(self, bucket: str) -> list[tuple[str, int]]:
        """The months of a bucket, newest first, with their counts."""
        return [(month, len(found[bucket])) for month, found in self.months.items() if found[bucket]]


def first_issues(rows: list[Record], most: int = 100, buckets: tuple[str, ...] = BUCKETS) -> list[Record]:
    """The first issues of notices in the order of the ledger."""
    found: list[Record] = []
    for bucket in buckets:
        for each in rows:
            if len(found) >= most:
                return found[:most]
            if each["tally"][bucket]:
                found += [issue for issue in each["issues"] if issue["current"] and issue["bucket"] == bucket]
    return found[:most]


def pager_links(number: int, count: int) -> list[int]:
    """The pages to link to: the first, the last, and those around this one."""
    return [n for n in sorted({1, count, *range(number - 2, number + 3)}) if 1 <= n <= count]


def numbered(path: str, number: int) -> str:
    """The path of a page of a long list."""
    return path if number == 1 else f"{path}page-{number}/"


def state(phase: Record) -> str:
    """Where today stands to a phase."""
    end = phase["end"] if len(phase["end"]) == DAY else f"{phase['end']}-99"
    start = phase["start"] if len(phase["start"]) == DAY else f"{phase['start']}-01"
    return "past" if end < TODAY else "ahead" if start > TODAY else "now"


def view(article: Any, known: Record) -> Record:
    """The page of one notice: its parts with printed numbers, anchors and levels."""
    style = article.numbering.get
    places = {"aspect": 0, "group": 0, "issue": 0}

    def next_place(kind: str) -> int:
        places[kind] += 1
        return places[kind]

    def issue_view(issue: Record, level: int) -> Record:
        n = next_place("issue")
        anchor = f"issue-{issue['id']}"
        measures = []
        for place, each in enumerate(issue["measures"], 1):
            measure = {"text": each, "status": None, "due": None} if isinstance(each, str) else each
            number = printed(style("measure"), place)
            measures.append({**measure, "anchor": f"{anchor}-measure-{place}", "number": number})
        return {
            "issue": issue,
            "anchor": anchor,
            "level": level,
            "number": printed(style("issue"), n),
            "bucket": known["issues"][n - 1]["bucket"],
            "measures": measures,
        }

    def aspect_view(aspect: Record, place: int) -> Record:
        own = [issue for part in aspect.get("groups", [aspect]) for issue in part["issues"]]
        return {
            "aspect": aspect,
            "anchor": f"aspect-{next_place('aspect')}",
            "number": printed(style("aspect"), place),
            "totals": totals(aspect.get("declared"), {"issues": len(own)}),
            "groups": [
                {
                    "group": group,
                    "anchor": f"group-{(n := next_place('group'))}",
                    "number": printed(style("group"), n),
                    "issues": [issue_view(issue, 5) for issue in group["issues"]],
                    "size": len(group["issues"]),
                }
                for group in aspect.get("groups", ())
            ],
            "issues": [issue_view(issue, 4) for issue in aspect.get("issues", ())],
        }

    sections = [
        {
            "section": section,
            "anchor": f"section-{s}",
            "number": printed(style("section"), s),
            "aspects": [aspect_view(aspect, place) for place, aspect in enumerate(section.get("aspects", ()), 1)],
            "tasks": [
                {"task": task, "anchor": f"task-{n}", "number": printed(style("task"), n)}
                for n, task in enumerate(section.get("tasks", ()), 1)
            ],
            "phases": [
                {"phase": phase, "anchor": f"phase-{n}", "number": printed(style("phase"), n), "state": state(phase)}
                for n, phase in enumerate(section.get("phases", ()), 1)
            ],
        }
        for s, section in enumerate(article.sections, 1)
    ]
    return {
        "sections": sections,
        "attachments": list(map(_attachment, [article] * 9, getattr(article, "attachments", ()), range(1, 9))),
        "tasks": sum(len(part["tasks"]) for part in sections),
        "long": len(known["issues"]) > LONG,
    }


def _attachment(article: Any, attachment: Record, place: int) -> Record:
    raw = (HERE / "content" / "notices" / article.slug / attachment["file"]).read_bytes()
    return {
        "attachment": attachment,
        "anchor": f"attachment-{place}",
        "path": f"/notices/{article.slug}/{attachment['file']}",
        "rows": list(csv.reader(io.StringIO(raw.decode()))),
        "size": f"{len(raw)} 字节" if len(raw) < KIB else f"{len(raw) / KIB:.0f} KB",
    }


def _contact(contact: Record) -> Record:
    phones = contact["phones"]
    return {
        "phones": [{"number": p["number"], "label": p.get("label"), "tel": tel(p["number"])} for p in phones],
        "emails": contact["emails"],
        "address": contact["postal"].get("address"),
        "recipient": contact["postal"].get("recipient"),
        "hours": contact.get("hours"),
    }


def notice_records(index: Index) -> list[Record]:
    """What `notices.json` holds."""
    return [
        {
            "id": each["id"],
            "kind": each["kind"],
            "title": each["title"],
            "agency": each["agency"],
            "published": each["date"],
            "text": each["article"].text,
            "inspection": getattr(each["article"], "inspection", None),
            "declared": {total["key"]: total["declared"] for total in each["totals"]},
            "counted": {total["key"]: total["counted"] for total in each["totals"]},
            "published_counts": {total["key"]: total["counted"] for total in each["totals"]},
            "differences": [
                {key: total[key] for key in ("key", "declared", "counted")} for total in each["totals"] if total["gap"]
            ],
            "signed": each["article"].signed,
            "contact": _contact(each["article"].contact),
            "phases": [
                {key: phase[key] for key in ("title", "start", "end", "deliverables")} for phase in each["phases"]
            ],
            "url": BASE + each["path"],
        }
        for each in index.rows
    ]


def issue_records(index: Index) -> list[Record]:
    """What `issues.json` holds."""
    return [
        {
            "id": f"{each['id']}#issue-{issue['id']}",
            "notice": each["id"],
            "agency": each["agency"],
            "region": agencies[each["agency"]]["region"],
            "published": each["date"],
            "aspect": issue["aspect"],
            "group": issue["group"],
            "no": issue["id"],
            "title": issue["title"],
            "status": issue["status"],
            "bucket": issue["bucket"],
            "changed": None,
            "measures": issue["measures"],
            "has_cause": issue["cause"],
            "lead": issue["lead"],
            "units": issue["units"],
            "due": issue["due"],
            "continues": issue["continues"],
            "withheld": None,
            "url": BASE + issue["path"],
        }
        for each in index.rows
        for issue in each["issues"]
    ]


def agency_records(index: Index) -> list[Record]:
    """What `agencies.json` holds."""
    return [
        {
            "id": key,
            "name": each["agency"]["name"],
            "party_body": each["agency"]["party_body"],
            "region": each["agency"]["region"],
            "region_name": whole_name(each["agency"]["region"]),
            "sector": each["agency"]["sector"],
            "contact": _contact(each["agency"]["contact"]),
            "notices": len(each["notices"]),
            "issues": each["tally"]["total"],
            "done": each["tally"]["done"],
            "ongoing": each["tally"]["ongoing"],
            "open": each["tally"]["open"],
            "unstated": each["tally"]["unstated"],
            "url": f"{BASE}/agencies/{key}/",
        }
        for key, each in index.agencies.items()
    ]


RECORDS = {"notices": notice_records, "issues": issue_records, "agencies": agency_records}


def as_json(records: list[Record]) -> str:
    """A JSON list, one record a line."""
    return "[\n" + ",\n".join(json.dumps(record, ensure_ascii=False) for record in records) + "\n]\n"


def as_csv(records: list[Record]) -> str:
    """The same as CSV."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(records[0])
    writer.writerows([_cell(value) for value in record.values()] for record in records)
    return buffer.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "；".join(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
