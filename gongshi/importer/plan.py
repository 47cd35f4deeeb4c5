"""The grammar of a plan: phases, tasks, what is to be handed in by a day, and attachments."""

import re
from collections.abc import Iterator, Sequence

from gongshi import model
from gongshi.importer import facts, lines
from gongshi.importer.lines import HEADINGS, Line
from gongshi.importer.paragraph import Paragraph, prose

_ATTACHED = re.compile(r"《([^《》]{2,120})》\s*[(（]\s*(?:见|详见)?附件\s*(\d{1,2})\s*[)）]")
_LIST_BEGINS = re.compile(r"附件?\s*[:：]")
_LISTED = re.compile(r"(?:附件?\s*[:：]?\s*)?(\d{1,2})\s*[.．、]\s*([^。；]{2,120})")
_NUMBERED = re.compile(r"附件\s*(\d{1,2})(?!\d)")
_DONE_BY = re.compile(r"组织|开展|完成|召开|制定|形成|印发|建立")
_HANDED_IN = re.compile(
    r"(?:报送|上报|提交|报)(?:(?:至|给|到)?[一-鿿]{0,20}(?:政府|办公室|办|局|委|部|组|厅)$|至.*)?(.*)"
)
_MADE_BEFORE = re.compile(r"(?:形成|撰写|起草|编制|将|把)([^，,。；;]{2,40})[，,]?[^，,]{0,4}$")
Children = tuple[list[Paragraph], list[tuple[Line, list[Paragraph]]]]


def children(below: Sequence[Line]) -> Children:
    """What stands before the first heading of the outermost level, and each such heading with what is below it."""
    outer = min({line.level for line in below if lines.is_heading(line)}, key=HEADINGS.index, default="")
    before: list[Paragraph] = []
    found: list[tuple[Line, list[Paragraph]]] = []
    for line in below:
        if line.level == outer and lines.is_heading(line):
            found.append((line, []))
        else:
            (found[-1][1] if found else before).append(line.paragraph)
    return before, found


def phases(found: Children, year: int | None) -> tuple[tuple[model.Phase, ...], bool]:
    """The phases of a section, if most of its headings are called 阶段; and whether their year had to be inferred."""
    before, parts = found
    called = [line for line, _ in parts if "阶段" in lines.first_sentence(line.rest)[0]]
    if len(called) * 2 <= len(parts):
        return (), False
    stated = re.search(r"(?<!\d)(20\d\d)\s*年", facts.folded("".join(p.text for p in before)))
    year = int(stated[1]) if stated else year
    made, guessed = [], False
    for line, body in parts:
        title, text = lines.titled(line, body)
        start, end, inferred = facts.span(title, year)
        guessed = guessed or inferred
        end = None if start and end and end.last < start.first else end
        handed_in = tuple(deliverables(text, start.year if start else year))
        made.append(
            model.Phase(title=title, number=line.number, start=start, end=end, text=prose(text), deliverables=handed_in)
        )
    return tuple(made), guessed


def tasks(found: Children, *, planned: bool) -> tuple[model.Task, ...]:
    """The tasks of a section: of a plan, or where most headings say who answers (【牵头部门:… 责任部门:…】)."""
    _, parts = found
    owned = [facts.responsibility("\n".join([line.text, *(p.text for p in body)])) for line, body in parts]
    if not parts or not (planned or sum(any(owners) for owners in owned) * 2 > len(parts)):
        return ()
    made = []
    for (line, body), (lead, units) in zip(parts, owned, strict=True):
        title, text = lines.titled(line, body)
        made.append(model.Task(title=title, number=line.number, text=prose(text), lead=lead, units=units))
    return tuple(made)


def deliverables(body: Sequence[Paragraph], year: int | None) -> Iterator[model.Deliverable]:
    """What is to be handed in or done by a day: 填报《…》(附件2),于5月31日前报送."""
    for sentence in (part for paragraph in body for part in re.split(r"(?<=[。；;])", paragraph.text)):
        if (due := facts.due_before(sentence, year)) is None:
            continue
        date, after = due
        attached = _ATTACHED.search(sentence)
        title = attached[1] if attached else _promised(sentence, after)
        if title and len(title) <= lines.MAX_TITLE:
            number = facts.folded(attached[2]) if attached else None
            yield model.Deliverable(title=title, attachment=number, due=date)


def _promised(sentence: str, after: str) -> str:
    """What a sentence without a title promises: …前报送总结报告, 形成报告,于11月底前报市政府, …前组织检查."""
    words = re.split(r"[，,。；;]", after)[0].strip()
    handed_in = _HANDED_IN.match(words)
    if not handed_in:
        return words if _DONE_BY.match(words) else ""
    made = _MADE_BEFORE.search(sentence[: sentence.rfind(after)].rsplit("于", 1)[0])
    return handed_in[1] or (made[1].strip() if made else words)


def attachments(found: Sequence[Line]) -> Iterator[model.Attachment]:
    """Attachments that a text names: in a list behind 附件, as 《…》(附件2), or only by number (见附件1)."""
    titles: dict[str, str] = {}
    listing = False
    for line in found:
        plain = facts.folded(line.text)
        listing = listing or bool(_LIST_BEGINS.match(plain))
        listed = _LISTED.fullmatch(line.text.strip()) if listing else None
        if listed:
            titles[facts.folded(listed[1])] = listed[2].strip()
            continue
        listing = bool(_LIST_BEGINS.fullmatch(plain.strip()))
        for title, number in _ATTACHED.findall(line.text):
            titles.setdefault(facts.folded(number), title)
        if unnamed := set(_NUMBERED.findall(plain)) - titles.keys():
            titles |= dict.fromkeys(unnamed, facts.attached_thing(line.text))
    for number, title in sorted(titles.items(), key=lambda item: int(item[0])):
        yield model.Attachment(number=number, title=title or f"附件{number}")
