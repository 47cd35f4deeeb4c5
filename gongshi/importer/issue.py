"""The grammar of an issue: a heading and the paragraphs below it become one issue of the notice.

    issue    = heading, then fields in any order: text, cause, measures, responsibility, due, status
    field    = a label and what follows it (整改情况:…), or what begins like a measure (一是…), or plain text
    measures = 一是…二是…, or lines numbered deeper than the heading, or prose (one measure), or sub-issues

Fields keep the order and the labels of the document (`labels`). What cannot be printed from a field, because it comes
twice or stands where a field of one line cannot hold it, goes on the prose before it; its value is then an annotation.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from gongshi import model
from gongshi.contact import is_masked
from gongshi.importer import facts, lines
from gongshi.importer.lines import LEVELS, Line, Marked
from gongshi.importer.paragraph import Doubt, Paragraph, prose
from gongshi.model import NOT_PRINTED
from gongshi.text import solid

_ONE_LINE = frozenset({"lead", "units", "due", "status"})


@dataclass(slots=True)
class Heading:
    """A heading of the findings with what stands below it, up to the next one and as children."""

    line: Line
    role: str  # aspect, group, issue
    body: list[Paragraph] = field(default_factory=list)
    children: list["Heading"] = field(default_factory=list)

    def titled(self) -> tuple[str, list[Paragraph]]:
        """The heading's own words, and the paragraphs below it; text that runs on behind the heading comes first."""
        return lines.titled(self.line, self.body)


@dataclass(slots=True)
class _Piece:
    """A field of an issue: its label as printed, its paragraphs without the label, and the same as they stand."""

    field: str  # text, one of model.ORDER, or more: what follows a field of one line without being any
    label: str
    paragraphs: list[Paragraph]
    whole: list[Paragraph]

    @property
    def value(self) -> str:
        """The first paragraph: all that a field of one line has."""
        return self.paragraphs[0].text.strip() if self.paragraphs else ""


class IssueReader:
    """Reads the issues of one document, in order; `labels` counts the labels that the whole document uses."""

    def __init__(self, labels: Counter[model.Ordered], doubts: list[Doubt]) -> None:
        self.labels = labels
        self.doubts = doubts
        self.orders: list[tuple[model.Ordered, ...]] = []  # of the fields of each issue read so far
        self._without_label: list[Doubt] = []

    def read(self, heading: Heading, *, last: bool, title_added: bool = False) -> tuple[model.Issue, list[Paragraph]]:
        """An issue; and of the last one of a section what stands behind its fields without belonging to it."""
        title, body = heading.titled()
        depth = LEVELS.index(heading.line.level) if heading.line.level else 0
        pieces = self._pieces(body, depth)
        tail: list[Paragraph] = []
        while last and len(pieces) > 1 and pieces[-1].field == "more":
            tail[:0] = pieces.pop().whole
        pieces, annotated = _settled(pieces)
        by_field = {piece.field: piece for piece in pieces}
        values = annotated | {name: piece.value for name, piece in by_field.items() if name in _ONE_LINE}
        text = by_field["text"].paragraphs if "text" in by_field else []
        done = _Done()
        if piece := by_field.get("measures"):
            before = pieces[: pieces.index(piece)]
            done = _measures(
                piece.paragraphs, depth, keep_lead_in=bool(piece.label) or any(p.field != "text" for p in before)
            )
        status = values.get("status") or _status_in(title, [*text, *done.lead_in], done.measures)
        lead, units = _names(values.get("lead", "")), _names(values.get("units", ""))
        if not values.keys() & {"lead", "units"}:
            lead, units = facts.responsibility("\n".join(p.text for p in body))
        due_words = values.get("due", "")
        due = facts.deadline(due_words) if due_words else None
        printed = tuple(piece.field for piece in pieces if piece.field in model.ORDER)
        given = {"status": status, "lead": lead, "units": units, "due": due_words}
        unprinted = {name: NOT_PRINTED for name, value in given.items() if value and name not in printed}
        labels = {name: by_field[name].label or NOT_PRINTED for name in printed} | unprinted
        own_id = str(len(self.orders) + 1)
        self.orders.append(printed)
        self._doubt(heading, own_id, pieces, status)
        issue = model.Issue(
            id=own_id,
            number=NOT_PRINTED if title_added else heading.line.number or NOT_PRINTED,
            title=title,
            title_added=title_added,
            text=prose([*text, *done.lead_in]),
            status=status or None,
            cause=prose(by_field["cause"].paragraphs) if "cause" in by_field else None,
            measures=done.measures,
            parts=done.parts,
            lead=lead,
            units=units,
            due=due,
            due_text=None if due and due.chinese == solid(due_words) else due_words or None,
            labels=model.Labels(**labels, order=printed) if labels else None,  # type: ignore[arg-type]
        )
        return issue, tail

    def _pieces(self, body: Iterable[Paragraph], depth: int) -> list[_Piece]:
        """The paragraphs of an issue as fields, in the order of the document."""
        pieces: list[_Piece] = []
        for paragraph in (part for whole in body for part in lines.unfolded(whole)):
            if label := lines.labelled(paragraph):
                rest = [label.rest] if label.rest.text else []
                pieces.append(_Piece(label.field, label.label, rest, [paragraph]))
                continue
            kind = _continuing(pieces, paragraph, depth)
            if pieces and kind == pieces[-1].field:
                pieces[-1].paragraphs.append(paragraph)
                pieces[-1].whole.append(paragraph)
            else:
                pieces.append(_Piece(kind, "", [paragraph], [paragraph]))
        known = {piece.field for piece in pieces}
        if "measures" not in known and not (self.labels["measures"] and known & {"cause", "status"}):
            for piece in pieces:
                if piece.field == "text":  # in a notice without a label for them, prose says what was done
                    piece.field = "measures"
        return pieces

    def _doubt(self, heading: Heading, own_id: str, pieces: Sequence[_Piece], status: str) -> None:
        origin = heading.line.paragraph.origin
        if is_masked(heading.line.rest):
            self.doubts.append(Doubt(origin, "标题里有被遮盖或漏掉的字", own_id))
        if self.labels["status"] and not status:
            self.doubts.append(Doubt(origin, "这个问题没有写整改进度", own_id))
        for piece in pieces:
            if piece.field == "measures" and not piece.label:
                message = "这里没有“整改情况”一类的用语，以下按整改措施录入"
                self._without_label.append(Doubt(piece.whole[0].origin, message, own_id))

    def finish(self) -> None:
        """When all issues are read: measures without a label are doubtful if most issues have one."""
        if len(self._without_label) * 2 < len(self.orders):
            self.doubts += self._without_label


def _continuing(pieces: Sequence[_Piece], paragraph: Paragraph, depth: int) -> str:
    """The field that a paragraph without a label belongs to, behind the pieces before it."""
    current = pieces[-1] if pieces else _Piece("text", "", [], [])
    begins = _deeper(lines.first_mark(paragraph.text), depth)
    if current.field == "text":
        return "measures" if begins else "text"
    if current.field == "cause":
        return "measures" if _numbered_again(current.paragraphs, paragraph) else "cause"
    if current.field in _ONE_LINE:
        if not current.paragraphs and len(paragraph.text) <= lines.MAX_STATUS and not begins:
            return current.field
        return "more" if any(piece.field == "measures" for piece in pieces) else "measures"
    return current.field


def _deeper(level: str, depth: int) -> bool:
    """Whether numbers of a level can stand below a heading at a depth; the level may be empty."""
    return level != "" and LEVELS.index(level) > depth


def _numbered_again(before: Sequence[Paragraph], paragraph: Paragraph) -> bool:
    """Whether a paragraph begins with a number (一是) that the paragraphs before it have had already."""
    found = lines.line(paragraph)
    return found.level == "ordinal" and any(found.number in p.text for p in before)


def _settled(pieces: list[_Piece]) -> tuple[list[_Piece], dict[str, str]]:
    """Pieces that can be printed in their order, one of each field; and values that only stand in the prose.

    What comes a second time, and what follows a field of one line without being one, goes on the prose before it, with
    all that stands between.
    """
    settled: list[_Piece] = []
    annotated: dict[str, str] = {}
    for piece in pieces:
        taken = {each.field for each in settled}
        if piece.field in _ONE_LINE:
            usable = len(piece.paragraphs) == 1 and 0 < len(piece.value) <= lines.MAX_TITLE
        else:
            usable = bool(piece.paragraphs) and piece.field != "more" and not (piece.field == "text" and settled)
        if usable and piece.field not in taken | annotated.keys():
            settled.append(piece)
            continue
        spilt = [piece]
        while settled and settled[-1].field in _ONE_LINE:
            spilt.insert(0, settled.pop())
            annotated[spilt[0].field] = spilt[0].value
        if not settled:
            settled.append(_Piece("text", "", [], []))
        for each in spilt:
            settled[-1].paragraphs += each.whole
            settled[-1].whole += each.whole
        if usable and piece.field in _ONE_LINE and piece.field not in taken:
            annotated.setdefault(piece.field, piece.value)
    return settled, annotated


def _status_in(title: str, text: Sequence[Paragraph], measures: Sequence[model.Measure]) -> str:
    """A status that the notice gives without a label: in the heading, in the first sentence or in the last."""
    found = facts.status_of_title(title) or next((s for p in text[:1] if (s := facts.status_of_sentence(p.text))), "")
    if not found and measures:
        found = facts.status_of_sentence(measures[0].text) or facts.status_at_end(measures[-1].text)
    return found


def _names(value: str) -> tuple[str, ...]:
    """Names of departments that are printed one after the other; as one if they cannot be printed so again."""
    names = tuple(facts.names_in(value))
    same = solid("、".join(names)) == solid(value)
    return names if same else (value,) if value else ()


# --- measures ---


@dataclass(frozen=True, slots=True)
class _Done:
    """What was done about an issue: measures, or sub-issues with measures; and words that stand before the first."""

    lead_in: tuple[Paragraph, ...] = ()
    measures: tuple[model.Measure, ...] = ()
    parts: tuple[model.SubIssue, ...] = ()


def _measures(paragraphs: Sequence[Paragraph], depth: int, *, keep_lead_in: bool) -> _Done:
    """Cut what was done into measures. With `keep_lead_in` the words before the first measure stay with it."""
    cut = [(paragraph, lines.sub_issue(paragraph)) for paragraph in paragraphs]
    if cut[0][1]:
        return _Done(parts=tuple(_sub_issues(cut, depth)))
    return _listed(paragraphs, depth, keep_lead_in=keep_lead_in)


def _listed(paragraphs: Sequence[Paragraph], depth: int, *, keep_lead_in: bool) -> _Done:
    """Measures that are not parted by sub-issues."""
    marks = (lines.first_mark(p.text) for p in paragraphs if not p.cells)
    level = next((mark for mark in marks if _deeper(mark, depth)), "")
    lead_in, runs = _runs(paragraphs, level)
    if lead_in and keep_lead_in:
        number, text = runs[0]
        text[:1] = [replace(text[0], text=number + text[0].text)]
        runs[0] = ("", [*lead_in, *text])
        lead_in = []
    measures = (model.Measure(text=prose(text) or "", number=number or NOT_PRINTED) for number, text in runs)
    return _Done(tuple(lead_in), tuple(measures))


def _sub_issues(cut: Sequence[tuple[Paragraph, tuple[str, Paragraph] | None]], depth: int) -> Iterable[model.SubIssue]:
    parts: list[tuple[str, list[Paragraph]]] = []
    for paragraph, begun in cut:
        if begun:
            parts.append((begun[0], [begun[1]]))
        else:
            parts[-1][1].append(paragraph)
    for title, body in parts:
        yield model.SubIssue(title=title, measures=_listed(body, depth, keep_lead_in=True).measures)


def _runs(paragraphs: Sequence[Paragraph], level: str) -> tuple[list[Paragraph], list[tuple[str, list[Paragraph]]]]:
    """What stands before the first number of a level, and each number with its text; all as one without numbers.

    A number that goes back (下一步,一是…) is text of the measure that it stands in.
    """
    lead_in: list[Paragraph] = []
    runs: list[tuple[str, list[Paragraph]]] = []
    last = 0
    for paragraph in paragraphs:
        whole = [Marked("", 0, paragraph.text)]
        pieces = lines.marked(paragraph.text, level, last + 1) if level and not paragraph.cells else whole
        first = pieces[0]
        if first.number and level != "dash" and (first.value < last or (level == "ordinal" and first.value == last)):
            pieces = whole
        for piece in pieces:
            if piece.number and piece.text:
                runs.append((piece.number, [replace(paragraph, text=piece.text)]))
                last = piece.value
            else:
                (runs[-1][1] if runs else lead_in).append(replace(paragraph, text=piece.number + piece.text))
    return (lead_in, runs) if runs else ([], [("", list(paragraphs))])
