"""A Word document (docx) becomes paragraphs as Word shows them: with automatic numbers, and footnotes at the end."""

import html
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import cast

from lxml import etree
from lxml.etree import _Element  # the only name that it has for its elements

from gongshi.importer.lists import MAX_NUMBER, integer, numbered, numeral
from gongshi.importer.paragraph import Paragraph
from gongshi.importer.story import MAX_SPAN, Story, UnreadableError, clean

MAX_UNPACKED = 16 * 1024 * 1024  # bytes of the parts with text; pictures do not count
_DOCUMENT = "word/document.xml"
_PARTS = (_DOCUMENT, "word/styles.xml", "word/numbering.xml", "word/footnotes.xml", "word/endnotes.xml")
_DAMAGED = "Word 文档已损坏，或不是普通的 .docx；请在 Word 或 WPS 里打开后另存为 .docx。"

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_ALTERNATES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_NAMES = {"w": _W[1:-1]}
_VALUE = f"{_W}val"
_OFF = (None, "0", "false", "off")
_NOT_SHOWN = [f"{_W}{name}" for name in ("del", "moveFrom", "rt", "tabs")]  # rt: pronunciation; tabs: where they stop
_HIDDEN_RUNS = etree.XPath(
    "descendant::w:r[w:rPr/w:vanish[not(@w:val = '0' or @w:val = 'false' or @w:val = 'off')]]", namespaces=_NAMES
)
_MARKS = {"tab": " ", "ptab": " ", "noBreakHyphen": "-", "br": "\n", "cr": "\n"}
_HEARD = [f"{_W}{name}" for name in ("p", "tbl", "tr", "tc", "gridBefore", "t", "sym", *_MARKS)] + [f"{_MATH}t"]

_PARSER = etree.XMLParser(
    resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
)

_LEVELS = 9
_MAX_PATTERN = 40  # characters of %1.%2 and the like; Word allows fewer
_MAX_INHERITED = 20  # styles that a style is based on; Word allows fewer
_NUMBER_PLACE = re.compile(r"%([1-9])")
# Bullets of Wingdings and Symbol, whose characters have no meaning outside these fonts.
_SYMBOLS = dict(
    zip("\uf06c\uf06e\uf06f\uf071\uf075\uf076\uf0a7\uf0a8\uf0b7\uf0d8\uf052\uf0fc\uf0fe", "●■□□◆❖▪□•➢☑✓☑", strict=True)
)


def read_document(raw: bytes) -> tuple[Paragraph, ...]:
    """What a document shows. Raises UnreadableError if it is none, is damaged, or is far too large."""
    parts = _unpacked(raw)
    document = _parsed(parts[_DOCUMENT])
    if document.tag != f"{_W}document":  # such as “Strict Open XML”
        raise UnreadableError(_DAMAGED)
    numbering = _Numbering(_parsed(parts.get("word/numbering.xml")), _parsed(parts.get("word/styles.xml")))
    found = _story(document, numbering)
    for number, note in enumerate(_notes(document, parts), start=1):
        found += tuple(replace(paragraph, origin=f"脚注 {number}") for paragraph in _story(note, numbering))
    return found


def _unpacked(raw: bytes) -> dict[str, bytes]:
    """The parts that have text or say how to number it."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = [entry for entry in archive.infolist() if entry.filename in _PARTS]
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise UnreadableError(f"Word 文档解压后超过 {MAX_UNPACKED:,} 字节；请拆成几个文件，或检查文件来源。")
            if any(entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for entry in entries):
                raise UnreadableError(_DAMAGED)  # Word writes no others, and they unpack without a limit
            parts = {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, EOFError, OSError, struct.error):
        reason = "文件不是 Word 文档（.docx），或已损坏、加了密码；请在 Word 或 WPS 里另存为 .docx。"
        raise UnreadableError(reason) from None
    if _DOCUMENT not in parts:
        raise UnreadableError("压缩包里没有 Word 文档的正文；如果是表格或演示文稿，请把文字复制到 Word 文档里。")
    return parts


def _parsed(xml: bytes | None) -> _Element:
    """The root of a part, without what is not shown; an empty one for a part that is not there."""
    if xml is None:
        return etree.Element("none")
    try:
        root = etree.fromstring(xml, _PARSER)
    except etree.XMLSyntaxError:
        raise UnreadableError(_DAMAGED) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableError("Word 文档里有 DOCTYPE，正常的文档没有；为安全起见不读取。")
    etree.strip_elements(root, *_NOT_SHOWN, with_tail=False)
    for run in cast("list[_Element]", _HIDDEN_RUNS(root)):
        run.clear()
    for alternates in root.iter(_ALTERNATES):  # the same text box for new and for old programs
        with_text = [branch for branch in alternates if next(branch.iter(f"{_W}t"), None) is not None]
        for branch in with_text[1:]:
            branch.clear()
    return root


def _notes(document: _Element, parts: dict[str, bytes]) -> Iterator[_Element]:
    """The notes that a document refers to, in its order."""
    notes = {
        (f"{_W}{kind}Reference", note.get(f"{_W}id")): note
        for kind in ("footnote", "endnote")
        for note in _parsed(parts.get(f"word/{kind}s.xml"))
        if note.get(f"{_W}type", "normal") == "normal"
    }
    references = document.iter(f"{_W}footnoteReference", f"{_W}endnoteReference")
    for key in dict.fromkeys((reference.tag, reference.get(f"{_W}id")) for reference in references):
        if key in notes:
            yield notes[key]


def _story(root: _Element, numbering: "_Numbering") -> tuple[Paragraph, ...]:
    story = Story(layout=False)
    texts: list[list[str]] = []  # of the open paragraphs: one in a text box comes before the one that the box hangs on
    for event, element in etree.iterwalk(root, events=("start", "end"), tag=_HEARD):
        name = element.tag.rpartition("}")[2]
        if event == "end":
            if name == "p":
                _end_paragraph(story, numbering.number(element), "".join(texts.pop()))
            elif name == "tbl":
                story.end_table()
        elif name == "p":
            texts.append([])
        elif name in {"tbl", "tr", "tc", "gridBefore"}:
            _start_in_table(story, name, element)
        elif texts:
            texts[-1].append(_text(name, element))
    return story.paragraphs()


def _start_in_table(story: Story, name: str, element: _Element) -> None:
    if name == "tbl":
        story.start_table()
    elif name == "tr":
        story.start_row()
    else:
        columns = _value(element, "w:tcPr/w:gridSpan") if name == "tc" else element.get(_VALUE)
        story.start_cell(integer(columns, 1, 1, MAX_SPAN))


def _text(name: str, element: _Element) -> str:
    if name == "t":
        return (element.text or "").replace("\n", " ")
    if name == "sym":
        char = html.unescape(f"&#x{element.get(f'{_W}char', '20')};")
        return _SYMBOLS.get(char, char)
    return _MARKS[name]


def _end_paragraph(story: Story, number: str, text: str) -> None:
    """Ends a paragraph; it is of as many as it has lines, of which the first is numbered."""
    lines = [line for line in map(clean, text.split("\n")) if line]
    if lines or story.in_cell:  # a column of numbers may have nothing but them
        lines[:1] = [numbered(number, lines[0] if lines else "")]
    for line in lines:
        story.add(line)


def _value(element: _Element, path: str) -> str | None:
    """What is said (w:val) by the first element at a path."""
    found = element.find(path, _NAMES)
    return None if found is None else found.get(_VALUE, "")


@dataclass(frozen=True, slots=True)
class _Level:
    """A level of a list. It begins anew behind each of the first `restart` levels."""

    start: int = 1
    form: str = "decimal"
    pattern: str = ""
    restart: int = _LEVELS
    legal: bool = False  # shows all numbers in digits


@dataclass(slots=True)
class _List:
    """A list, or a use of one, which may change levels, and have some begin anew, but goes on with its counts."""

    levels: dict[int, _Level]
    styles: dict[str | None, int]  # which level a style has
    counts: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)
    anew: set[int] = field(default_factory=set)

    def level(self, at: int) -> _Level:
        return self.levels.get(at, _Level())

    def number(self, at: int) -> str:
        """Counts on at a level, and gives the number as Word shows it."""
        while self.anew:
            self.counts[self.anew.pop()] = None
        level, count = self.level(at), self.counts[at]
        self.counts[at] = level.start if count is None else min(count + 1, MAX_NUMBER)
        for deeper in range(at + 1, _LEVELS):
            if at < self.level(deeper).restart:
                self.counts[deeper] = None
        if level.form == "bullet":
            return "".join(_SYMBOLS.get(char, char) for char in level.pattern)
        return _NUMBER_PLACE.sub(lambda place: self._numeral(int(place[1]) - 1, legal=level.legal), level.pattern)

    def _numeral(self, at: int, *, legal: bool) -> str:
        level, count = self.level(at), self.counts[at]
        return numeral("decimal" if legal else level.form, level.start if count is None else count)


class _Numbering:
    """The lists of a document, and the styles that number their paragraphs."""

    def __init__(self, numbering: _Element, styles: _Element) -> None:
        elements = {
            element.get(f"{_W}abstractNumId"): element for element in numbering.iterfind("w:abstractNum", _NAMES)
        }
        lists = {key: _List(_levels(element), _styles(element)) for key, element in elements.items()}
        linked = {_value(element, "w:styleLink") or "": lists[key] for key, element in elements.items()}
        for key, element in elements.items():  # a list may leave it to another one to say what it is
            if link := _value(element, "w:numStyleLink"):
                lists[key] = linked.get(link, lists[key])
        self._lists = {
            use.get(f"{_W}numId"): _use(use, lists[key])
            for use in numbering.iterfind("w:num", _NAMES)
            if (key := _value(use, "w:abstractNumId")) in lists
        }
        self._styles = {
            style.get(f"{_W}styleId"): _numbered_by(style, "w:basedOn") for style in styles.iterfind("w:style", _NAMES)
        }
        default = styles.find(f"w:style[@{_W}type='paragraph'][@{_W}default='1']", _NAMES)
        self._default = None if default is None else default.get(f"{_W}styleId")

    def number(self, paragraph: _Element) -> str:
        """Counts a paragraph, and gives the number that stands before it; of most there is none."""
        style, number, level = _numbered_by(paragraph, "w:pPr/w:pStyle")
        named = based_on = style or self._default
        for _ in range(_MAX_INHERITED):
            if based_on in self._styles:
                based_on, its_number, its_level = self._styles[based_on]
                number = its_number if number is None else number
                level = its_level if level is None else level
        if number not in self._lists:
            return ""
        one = self._lists[number]
        return one.number(one.styles.get(named, 0) if level is None else _at(level))


def _numbered_by(element: _Element, path: str) -> tuple[str | None, str | None, str | None]:
    """The style that a paragraph or a style goes by, and its own list and level."""
    return _value(element, path), _value(element, "w:pPr/w:numPr/w:numId"), _value(element, "w:pPr/w:numPr/w:ilvl")


def _at(level: str | None) -> int:
    return integer(level, 0, 0, _LEVELS - 1)


def _levels(element: _Element) -> dict[int, _Level]:
    return {
        _at(level.get(f"{_W}ilvl")): _Level(
            integer(_value(level, "w:start"), 1, 0, MAX_NUMBER),
            _value(level, "w:numFmt") or "decimal",
            (_value(level, "w:lvlText") or "")[:_MAX_PATTERN],
            integer(_value(level, "w:lvlRestart"), _LEVELS, 0, _LEVELS),
            _value(level, "w:isLgl") not in _OFF,
        )
        for level in element.iterfind("w:lvl", _NAMES)
    }


def _styles(element: _Element) -> dict[str | None, int]:
    return {_value(level, "w:pStyle"): _at(level.get(f"{_W}ilvl")) for level in element.iterfind("w:lvl", _NAMES)}


def _use(element: _Element, one: _List) -> _List:
    """A use of a list (w:num), with what it changes."""
    use = replace(one, levels=dict(one.levels), anew=set())
    for override in element.iterfind("w:lvlOverride", _NAMES):
        use.levels |= _levels(override)
        if (start := _value(override, "w:startOverride")) is not None:
            at = _at(override.get(f"{_W}ilvl"))
            use.levels[at] = replace(use.level(at), start=integer(start, 1, 0, MAX_NUMBER))
            use.anew.add(at)
    return use
