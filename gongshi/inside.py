"""What is inside an attachment: every text that somebody who downloads it can read, searched for personal data.

Tables (csv, all sheets of xlsx), text, PDF, pictures (where they were taken, and what is written beside them),
documents and zips. Of a document every part is read, its texts and the values of its attributes: notes, deleted words,
charts, headers, names of sheets, addresses of links, and what is embedded in it. What cannot be looked into is said to
be unread; a check warns of it. Everything is bounded: files of strangers are hostile.
"""

import html
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from gongshi import pdf
from gongshi.images import SUFFIXES as PICTURES
from gongshi.images import has_location, is_picture
from gongshi.images import texts as texts_of_picture
from gongshi.privacy import APART, HEADING, MAX_FOUND, Finding, Kind, personal
from gongshi.registers import MAX_COLUMNS, RegisterError, Rows, read_register, read_text, sheets

MAX_UNPACKED = 128 * 1024 * 1024  # bytes of everything in one attachment
MAX_ENTRIES = 2_000
MAX_CHARACTERS = 8_000_000
MAX_PIECES = 500_000  # paragraphs, cells
MAX_ELEMENTS = 1_000_000  # of XML
MAX_PDF = 3  # in one zip: reading one may take long
MAX_DEPTH = 3  # a file in a document in a zip in a zip
MAX_REASONS = 3  # that are told
HEADINGS = 5  # rows at the beginning of a table that may hold the headings of its columns
SHORT = 30  # characters of a heading

_DAMAGED = (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, EOFError, OSError, struct.error)
_UNREADABLE = "损坏了，或加了密码"
_TOO_LARGE = "解压后太大"
_TOO_MUCH = "文字太多，只看了前面一部分"
_TEXTS = (".txt", ".md", ".htm", ".html", ".xml", ".json", ".svg", ".log", ".tsv", ".yaml", ".yml", ".eml")
_DOCUMENTS = (".docx", ".xlsx", ".ofd", ".pptx", ".docm", ".xlsm")
_MARKUP = (".htm", ".html", ".xml", ".svg", ".eml")
_NOTHING = re.compile(
    r"(?:.*/)?(?:printerSettings\d*\.bin|[^/]*\.(?:odttf|ttf|otf|esl)|SignedValue\.dat|thumbnail\.[ew]mf)|(?:.*/)?mimetype"
)
_BLOCK_TAGS = re.compile(
    r"</?(?:p|div|br|t[drh]|table|li|[uo]l|h\d|title|section|article)\b[^>]{0,2000}>", re.IGNORECASE
)
_TAGS = re.compile(r"<(?:!--.{0,9000}?-->|[^>]{1,9000}>)", re.DOTALL)
_PARAGRAPHS = frozenset({"p", "si", "is", "comment", "threadedComment"})
_RUNS = frozenset({"t", "delText", "instrText", "delInstrText", "TextCode"})  # texts that stand in one with the next
_SPACES = frozenset({"tab", "br", "cr"})
_DASHES = {"noBreakHyphen": "-", "softHyphen": ""}
_LONG = 9  # characters of an attribute that may say something personal


@dataclass(frozen=True, slots=True)
class Inside:
    """What was found in the contents of a file; `unread` says why they could not be looked at, or not all of them.

    `late` is True if that was for want of time: another machine, or another day, might do better. At most one finding
    more than MAX_FOUND: then there may be others.
    """

    findings: tuple[Finding, ...] = ()
    unread: str = ""
    late: bool = False

    @property
    def empty(self) -> bool:
        """True if there is nothing to tell."""
        return not (self.findings or self.unread)


class _Refused(Exception):  # noqa: N818 - no mistake of the program
    """A file, or the rest of it, cannot be read; the text says why, in Chinese."""


class _Exhausted(_Refused):
    """Nothing more may be looked at at all."""


@dataclass(slots=True)
class _Search:
    """What was found so far, and how much more may be looked at."""

    name: str  # of the attachment
    findings: list[Finding] = field(default_factory=list)
    known: set[tuple[Kind, str]] = field(default_factory=set)
    reasons: dict[str, None] = field(default_factory=dict)
    late: bool = False
    characters: int = MAX_CHARACTERS
    unpacked: int = MAX_UNPACKED
    pieces: int = MAX_PIECES
    elements: int = MAX_ELEMENTS
    pdfs: int = MAX_PDF

    def spend(self, characters: int, pieces: int = 1) -> None:
        """Ask for so much text to be looked at."""
        self.characters -= characters
        self.pieces -= pieces
        if self.characters < 0 or self.pieces < 0:
            raise _Exhausted(_TOO_MUCH)

    def found(self, finding: Finding) -> None:
        """Keep a finding."""
        self.findings.append(finding)
        self.known.add(finding.key)
        if len(self.findings) > MAX_FOUND:
            raise _Exhausted("个人信息太多")

    def text(self, text: str, line: int = 0, column: int = 0, where: str = "", label: str = "") -> None:
        """Look through one piece of text that stands at a place."""
        self.spend(len(text))
        for kind, start, end in personal(text, label):
            self.found(Finding(kind, text[start:end], line, column or (start + 1 if line else 0), where))

    def aside(self, text: str, where: str) -> None:
        """Look through a text that may say once more what was found before."""
        self.spend(len(text))
        for kind, start, end in personal(text):
            finding = Finding(kind, text[start:end], where=where)
            if finding.key not in self.known:
                self.found(finding)

    def lines(self, text: str, where: str) -> None:
        """Look through a text of many lines at once."""
        looked = text[: max(0, self.characters)]
        line, begin = 1, 0
        for kind, start, end in sorted(personal(looked), key=lambda found: found[1]):
            if breaks := looked.count("\n", begin, start):
                line, begin = line + breaks, looked.rindex("\n", begin, start) + 1
            self.found(Finding(kind, looked[start:end], line, start - begin + 1, where))
        self.spend(len(text))

    def picture(self, name: str, raw: bytes, where: str) -> None:
        """Look at a picture: where it was taken, and what is written beside it."""
        if has_location(raw):
            self.found(Finding("location", name if name == self.name else f"{self.name}/{name}", where=where))
        self.aside(texts_of_picture(raw), f"{where}照片的说明")


def look_inside(name: str, raw: bytes, rows: Rows | None) -> Inside:
    """What of the contents of a file is personal; `rows` is the table that is shown of it, if it is one."""
    search = _Search(name)
    try:
        _file(search, name, raw, "", MAX_DEPTH, rows)
    except _Refused as refusal:
        search.reasons[str(refusal)] = None
    reasons = list(search.reasons)
    more = f"等 {len(reasons)} 种情况" if len(reasons) > MAX_REASONS else ""
    return Inside(tuple(search.findings), "；".join(reasons[:MAX_REASONS]) + more, search.late)


def _file(search: _Search, name: str, raw: bytes, where: str, depth: int, rows: Rows | None = None) -> None:
    """Look through a file; `where` says in which one it lies."""
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    if is_picture(raw):
        search.picture(name, raw, where)
    elif suffix in (".csv", ".xlsx"):
        _table(search, name, raw, where, depth, rows)
    elif suffix in _TEXTS:
        _text(search, suffix, raw, where)
    elif suffix == ".pdf":
        _pdf(search, raw, where, depth)
    elif suffix in _DOCUMENTS:
        _document(search, raw, where, depth)
    elif suffix == ".zip":
        _archive(search, raw, where, depth)
    elif suffix in PICTURES:
        raise _Refused("有的照片不是程序认得的格式")
    else:
        raise _Refused(f"程序读不了 {suffix or '没有扩展名的'} 文件")


def _text(search: _Search, suffix: str, raw: bytes, where: str) -> None:
    text = read_text(raw)
    if text is None:
        raise _Refused("有的文字不知道是什么编码")
    search.lines(text, where)
    if suffix in _MARKUP:
        search.aside(_unmarked(text), where)


def _unmarked(text: str) -> str:
    """What a reader sees of a text with tags."""
    return html.unescape(_TAGS.sub("", _BLOCK_TAGS.sub("\n", text)))


def _pdf(search: _Search, raw: bytes, where: str, depth: int) -> None:
    search.pdfs -= 1
    if search.pdfs < 0:
        raise _Refused("压缩包里的 PDF 太多")
    found = pdf.read(raw)
    search.late |= found.late
    if found.unread:
        search.reasons[found.unread] = None
    for number, text in enumerate(found.pages, 1):
        search.text(text, where=f"{where}第 {number} 页")
    search.aside(APART.join(found.asides), f"{where}批注、表单或文件属性")
    if found.photo:
        search.found(Finding("location", search.name, where=f"{where}里面的照片"))
    for name, content in found.files:
        _inner(search, name, content, where, depth)


def _table(search: _Search, name: str, raw: bytes, where: str, depth: int, rows: Rows | None) -> None:
    """Look through a table; one that cannot be shown as such is still looked through as text."""
    xlsx = name.lower().endswith(".xlsx")
    try:
        if rows is None and xlsx:
            _spend(search, raw)
        _rows(search, (read_register(name, raw) if rows is None else rows) or (), where)
        if xlsx:
            for title, others in sheets(raw):
                _rows(search, others, f"{where}工作表“{title}”")
    except RegisterError as reason:
        search.reasons[str(reason)] = None
        if not xlsx:
            _text(search, "", raw, where)
    if xlsx:
        _document(search, raw, where, depth)


def _spend(search: _Search, raw: bytes) -> None:
    """What a packed file says that it unpacks to, before somebody else unpacks it."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            search.unpacked -= sum(entry.file_size for entry in archive.infolist())
    except _DAMAGED:
        raise _Refused(_UNREADABLE) from None
    if search.unpacked < 0:
        raise _Exhausted(_TOO_LARGE)


def _rows(search: _Search, rows: Iterable[Sequence[str]], where: str) -> None:
    """Look through a table, row by row; the heading of a column, or the cell to the left, counts for a cell."""
    headings: dict[int, str] = {}
    for number, row in enumerate(rows, 1):
        search.spend(sum(map(len, row)), len(row))
        named = {n for n, cell in enumerate(row[:MAX_COLUMNS]) if _is_heading(cell)}
        if number <= HEADINGS and len(row) - row.count("") > 1:
            headings = {n: row[n] for n in named} | headings
        if not (headings or named or next(personal(APART.join(row)), None)):
            continue
        for n, cell in enumerate(row):
            left = row[n - 1] if n - 1 in named else ""
            label = f"{headings.get(n, '')} {left}".strip()
            for kind, start, end in personal(cell, "" if n in named else label) if cell else ():
                search.found(Finding(kind, cell[start:end], number, n + 1, where))


def _is_heading(cell: str) -> bool:
    return 0 < len(cell) <= SHORT and bool(HEADING.search(cell)) and not re.search(r"\d{5}", cell)


def _archive(search: _Search, raw: bytes, where: str, depth: int) -> None:
    """Look through a zip: every file, and all names; what cannot be read of it does not end the search of the rest."""
    for name, content in _entries(search, raw, f"{where}压缩包里的文件名"):
        _inner(search, name, content, where, depth)


def _document(search: _Search, raw: bytes, where: str, depth: int) -> None:
    """Look through all parts of a document: texts, attributes, pictures, and what is embedded."""
    for name, content in _entries(search, raw, ""):
        if not content.strip():
            continue
        if is_picture(content):
            search.picture(name.rpartition("/")[2], content, where)
        elif name.lower().endswith((".xml", ".rels", ".vml")) or content.lstrip()[:5] == b"<?xml":
            sheet = name.startswith("xl/worksheets/") or name == "xl/sharedStrings.xml"
            _part(search, content, where, sheet=sheet, strict=not name.lower().endswith(".vml"))
        elif not _NOTHING.fullmatch(name):
            _inner(search, name, content, where, depth)


def _inner(search: _Search, name: str, content: bytes, where: str, depth: int) -> None:
    """Look through a file in another; what is refused of it is told, and the search goes on."""
    short = name.rpartition("/")[2]
    try:
        if depth <= 0:
            raise _Refused("压缩包里又有压缩包")
        _file(search, short, content, f"{where}{short} ", depth - 1)
    except _Exhausted:
        raise
    except _Refused as refusal:
        search.reasons[str(refusal)] = None


def _entries(search: _Search, raw: bytes, names: str) -> Iterable[tuple[str, bytes]]:
    """Names and contents of what is packed; with `names` they, and comments, are looked through, too."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                raise _Refused("压缩包里的文件太多")
            if names:
                search.aside(read_text(archive.comment) or "", names)
            for entry in entries:
                name = _name(entry)
                if names:
                    search.text(name, where=names)
                    search.aside(read_text(entry.comment) or "", names)
                search.unpacked -= entry.file_size
                if search.unpacked < 0:
                    raise _Exhausted(_TOO_LARGE)
                if entry.compress_type not in (
                    zipfile.ZIP_STORED,
                    zipfile.ZIP_DEFLATED,
                ):  # others unpack without a limit
                    search.reasons["压缩的方法不常见"] = None
                elif not entry.is_dir():
                    try:
                        content = archive.read(entry)
                    except _DAMAGED:
                        search.reasons[_UNREADABLE] = None
                        continue
                    yield name, content
    except _DAMAGED:
        raise _Refused(_UNREADABLE) from None


def _name(entry: zipfile.ZipInfo) -> str:
    """The name of a packed file; Windows writes it in GBK without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return entry.filename


def _part(search: _Search, xml: bytes, where: str, *, sheet: bool, strict: bool) -> None:
    """Look through a part of a document; of a sheet what its cells, which were looked at, do not say."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    part = _Part(search, where, sheet=sheet)
    parser.StartElementHandler = part.start
    parser.EndElementHandler = part.end
    parser.CharacterDataHandler = part.say
    parser.StartDoctypeDeclHandler = part.refuse
    try:
        parser.Parse(xml, True)  # noqa: FBT003 - the whole of it
    except expat.ExpatError:
        if strict:  # drawings of old versions are no XML
            search.reasons["里面的文字读不成"] = None
        search.aside(_unmarked(read_text(xml) or ""), where)
    part.finish()


class _Part:
    """Hears of the elements of a part of a document, and looks through its paragraphs as they end.

    A paragraph in a table is looked at with the heading of its column, or with the cell to its left.
    """

    def __init__(self, search: _Search, where: str, *, sheet: bool) -> None:
        self.search = search
        self.where = where
        self.sheet = sheet
        self.pieces: list[str] = []
        self.asides: list[str] = []
        self.inner = ""  # the element that began last, and has not ended
        self.said = False  # it holds text
        self.paragraph = 0
        self.headings: dict[int, str] = {}
        self.row = 0
        self.column = -1  # outside of tables
        self.left = ""
        self.cell = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.search.elements -= 1
        if self.search.elements < 0:
            raise _Exhausted(_TOO_MUCH)
        self.inner, self.said = tag.rpartition(":")[2], False
        name = self.inner
        self.asides += [value for value in attributes.values() if len(value) >= _LONG]
        if name in _SPACES:
            self.pieces.append(" ")
        elif name in _DASHES:
            self.pieces.append(_DASHES[name])
        elif name == "tbl":
            self.headings, self.row = {}, 0
        elif name == "tr":
            self.column, self.left = -1, ""
            self.row += 1
        elif name == "tc":
            self.column += 1
            self.cell = ""

    def say(self, text: str) -> None:
        """Text, in an element or beside it."""
        if self.inner in _RUNS or not text.isspace():
            self.pieces.append(text)
            self.said = True

    def end(self, tag: str) -> None:
        """An element ends, and with it a paragraph, unless it is a run of one."""
        name = tag.rpartition(":")[2]
        if name == "TextCode":
            self.pieces.append("\n")
        if name in _PARAGRAPHS or (name == self.inner and self.said and name not in _RUNS):
            self._paragraph(name)
        if name == "tc":
            self.left = self.cell if _is_heading(self.cell) else ""
            if self.left and self.row <= HEADINGS:
                self.headings.setdefault(self.column, self.left)
        elif name == "tbl":
            self.column = -1
        self.inner = ""

    def refuse(self, *_: Any) -> None:
        """A part that defines words of its own is none of an office."""
        raise _Refused("里面的文字读不成")

    def finish(self) -> None:
        """The part ends."""
        self._paragraph("")
        if self.asides:
            self.search.aside(APART.join(self.asides), self.where)

    def _paragraph(self, name: str) -> None:
        if not self.pieces:
            return
        text = "".join(self.pieces).strip()
        self.pieces.clear()
        if self.sheet:
            if name != "v":
                self.asides.append(text)
        elif text:
            self.paragraph += 1
            label = ""
            if self.column >= 0:
                self.cell = (self.cell + text)[: SHORT + 1]
                label = f"{self.headings.get(self.column, '')} {self.left}".strip()
            self.search.text(text, where=f"{self.where}第 {self.paragraph} 段", label=label)
