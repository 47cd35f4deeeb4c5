"""What the importer finds in the golden corpus, measured against the truth written by hand (`facts.json`)."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gongshi import model
from gongshi.derive.notice import ordinals
from gongshi.importer.grammar import Draft, recognise
from gongshi.importer.read import read
from gongshi.numbering import printed

CORPUS = Path(__file__).parent / "import"
CASES = sorted(path.parent for path in CORPUS.glob("*/source.*"))
Found = Counter[tuple[str, ...]]


def source(case: Path) -> Path:
    return next(case.glob("source.*"))


def truth(case: Path) -> dict[str, Any]:
    return json.loads((case / "facts.json").read_text(encoding="utf-8"))


def draft(case: Path) -> Draft:
    path = source(case)
    return recognise(read(path.name, path.read_bytes()))


def _plain(text: str | None) -> str:
    return re.sub(r"[。；;：:，,]+$", "", (text or "").strip())


def _day(value: object) -> str | None:
    return str(value) if value else None


def as_facts(found: Draft) -> dict[str, Any]:
    """A draft in the shape of `facts.json`."""
    notice = found.notice
    inspection, contact, signed = notice.inspection, notice.contact, notice.signed
    postal = contact.postal if contact else None
    places = ordinals(notice)

    def number(issue: model.Issue) -> str | None:
        if issue.number:
            return None if issue.number == model.NOT_PRINTED else issue.number
        return printed(notice.numbering.issue, places[id(issue)]) if notice.numbering.issue else None

    def issue_facts(issue: model.Issue) -> dict[str, Any]:
        parts = [{"title": re.sub("整改情况[:：]$", "", p.title), "measures": len(p.measures)} for p in issue.parts]
        return {
            "number": number(issue), "title": issue.title, "status": issue.status, "has_cause": bool(issue.cause),
            "measures": len(list(issue.all_measures())), "lead": list(issue.lead), "units": list(issue.units),
            "due": _day(issue.due), "sub_issues": parts,
        }  # fmt: skip

    return {
        "title": None if found.untitled else notice.title,
        "kind": notice.kind,
        "published": _day(notice.published),
        "source": notice.source.name if notice.source else None,
        "inspection": {
            "body": inspection.body, "started": _day(inspection.started), "ended": _day(inspection.ended),
            "feedback": _day(inspection.feedback), "inferred": list(inspection.inferred),
        } if inspection else {},
        "signed": {"by": signed.by, "date": _day(signed.date)} if signed else {},
        "declared": _totals(notice.declared),
        "figures": [{"label": f.label, "value": str(f.value), "unit": f.unit} for f in notice.figures],
        "sections": [section.title for section in notice.sections if section.title],
        "aspects": sum(len(section.aspects) for section in notice.sections),
        "groups": sum(len(aspect.groups) for section in notice.sections for aspect in section.aspects),
        "aspects_declared": [_totals(aspect.declared) for section in notice.sections for aspect in section.aspects],
        "issues": [issue_facts(issue) for issue in notice.all_issues()],
        "tasks": [
            {"title": task.title, "lead": list(task.lead), "units": list(task.units)}
            for section in notice.sections for task in section.tasks
        ],
        "phases": [
            {"title": phase.title, "start": _day(phase.start), "end": _day(phase.end), "deliverables": [
                {"title": d.title, "due": _day(d.due), "attachment": int(d.attachment) if d.attachment else None}
                for d in phase.deliverables]}
            for phase in notice.all_phases()
        ],
        "attachments": [{"number": int(a.number or 0), "title": a.title} for a in notice.attachments],
        "contact": {
            "phones": [phone.number for phone in contact.phones], "emails": list(contact.emails),
            "address": postal and postal.address, "recipient": postal and postal.recipient,
            "postcode": postal and postal.postcode, "hours": contact.hours,
        } if contact else {},
        "noise": [paragraph.text for paragraph, _ in found.noise],
    }  # fmt: skip


def _totals(totals: model.Totals | None) -> dict[str, Any]:
    names = (f for f in totals.__dataclass_fields__ if f != "at") if totals else ()
    return {name: value for name in names if (value := getattr(totals, name))}


def items(facts: dict[str, Any], *, page: bool) -> Iterator[tuple[str, tuple[str, ...]]]:  # noqa: PLR0912
    """Every single fact of a notice as a kind and words; of a web page not what its reader drops before."""
    yield "titles", ("title", _plain(facts["title"]), facts["kind"])
    yield from (("titles", ("section", _plain(title))) for title in facts["sections"])
    yield "totals", ("aspects", str(facts["aspects"]), "groups", str(facts["groups"]))
    for key, value in (facts.get("declared") or {}).items():
        yield "totals", ("declared", key, str(value))
    for n, totals in enumerate(facts.get("aspects_declared", ())):
        yield from (("totals", (str(n), key, str(value))) for key, value in totals.items())
    for figure in facts.get("figures", ()):
        yield "totals", ("figure", *(str(value) for value in figure.values()))
    inspection, contact, signed = (facts.get(key) or {} for key in ("inspection", "contact", "signed"))
    for n, issue in enumerate(facts["issues"]):
        at = str(n)
        yield "issues", (at, issue["number"] or "", _plain(issue["title"]), str(issue["has_cause"]))
        yield "measures", (at, str(issue["measures"]))
        for part in issue.get("sub_issues", ()):
            yield "measures", (at, part["title"], str(part["measures"]))
        if issue["status"]:
            yield "statuses", (at, _plain(issue["status"]))
        yield "responsibility", (at, *issue["lead"], "|", *issue["units"])
        if issue["due"]:
            yield "dates", ("due", at, issue["due"])
    for key in ("started", "ended", "feedback"):
        if inspection.get(key):
            yield "dates", (key, inspection[key], "inferred" if key in inspection["inferred"] else "")
    if inspection.get("body"):
        yield "inspecting bodies", (inspection["body"],)
    for key in ("published", "source"):
        if facts.get(key):
            yield "dates", (key, facts[key])
    if signed.get("by"):
        yield "dates", ("signed", signed["by"], str(signed["date"]))
    for phase in facts.get("phases", ()):
        yield "dates", ("phase", phase["title"].split("（")[0], str(phase["start"]), str(phase["end"]))
        for given in phase["deliverables"]:
            yield "dates", ("deliverable", given["title"], given["due"], str(given["attachment"]))
    for task in facts.get("tasks", ()):
        yield "responsibility", (_plain(task["title"]), *task["lead"], "|", *task["units"])
    for attachment in facts.get("attachments", ()):
        yield "titles", ("attachment", str(attachment["number"]), attachment["title"])
    for key, value in contact.items():
        for each in value if isinstance(value, list) else [value] if value else []:
            yield "contacts", (key, each)
    if not page:
        yield from (("noise", (" ".join(text.split()),)) for text in facts.get("noise", ()))


def measure() -> tuple[dict[str, tuple[int, int, int]], list[str]]:
    """Of each kind of fact: how many are true, how many were found, how many of these are true; and every difference."""
    counts: dict[str, tuple[int, int, int]] = {}
    differences: list[str] = []
    for case in CASES:
        page = source(case).suffix == ".html"
        wanted, found = (Counter(items(facts, page=page)) for facts in (truth(case), as_facts(draft(case))))
        for kind in {kind for kind, _ in (*wanted, *found)}:
            want = Counter({item: n for item, n in wanted.items() if item[0] == kind})
            have = Counter({item: n for item, n in found.items() if item[0] == kind})
            old = counts.get(kind, (0, 0, 0))
            new = (want.total(), have.total(), (want & have).total())
            counts[kind] = tuple(map(sum, zip(old, new, strict=True)))  # type: ignore[assignment]
            differences += [f"{case.name}: missing {item}" for item in want - have]
            differences += [f"{case.name}: wrong {item}" for item in have - want]
    return counts, differences


def table(counts: dict[str, tuple[int, int, int]]) -> str:
    rows = [f"{'':20}{'true':>6}{'found':>7}{'recall':>9}{'precision':>11}"]
    for kind, (true, found, right) in sorted(counts.items()):
        rows.append(f"{kind:20}{true:>6}{found:>7}{right / max(true, 1):>9.3f}{right / max(found, 1):>11.3f}")
    return "\n".join(rows)


if __name__ == "__main__":
    measured, wrong = measure()
    print(table(measured), *wrong, sep="\n")
