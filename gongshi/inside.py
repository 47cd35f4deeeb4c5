"""What is inside an attachment: every text that somebody who downloads it can read, searched for personal data.

Tables (csv, all sheets of xlsx, notes on cells), Word documents (comments and deleted text, too), OFD, PDF, plain text,
pictures (where they were taken) alone or inside a document, and all of these in a zip. What cannot be looked into is
said to be unread; `check --site` lists it. Everything is bounded: files of strangers are hostile.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from gongshi import pdf
from gongshi.images import SUFFIXES as PICTURES
from gongshi.images import has_location
from gongshi.privacy import MAX_FOUND, Finding, Inside, personal
from gongshi.registers import MAX_COLUMNS, RegisterError, Rows, read_register, sheets

MAX_UNPACKED = 128 * 1024 * 1024  # bytes of everything in one attachment
MAX_ENTRIES = 2_000
MAX_CHARACTERS = 8_000_000
MAX_PIECES = 500_000  # paragraphs, cells
MAX_ELEMENTS = 1_000_000  # of XML
MAX_PDF = 3  # in one zip: reading one may take long
MAX_DEPTH = 2  # a document in a zip, and a picture in it
HEADINGS = 5  # rows at the beginning of a table that may hold the headings of its columns
SHORT = 30  # characters of a heading

_DAMAGED = (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, EOFError, OSError, struct.error)
_UNREADABLE = "损坏了，或加了密码"
_TOO_LARGE = "解压后太大"
_TOO_MUCH = "文字太多，只看了前面一部分"
_HEADING = re.compile(r"住址|地址|居住|户籍|户口|卡号|[账帐]号|身份证|证件|编号|编码|代码|文号|单号|金额")
_TEXT_PARTS = re.compile(
    r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments\w*)\.xml|docProps/(?:core|custom)\.xml"
    r"|xl/(?:comments\d*|threadedComments/[^/]+|comments/[^/]+|drawings/[^/]+)\.xml|(?:.*/)?(?:Content|Annotation[^/]*)\.xml"
)
_BLOCKS = frozenset({"p", "si", "comment", "threadedComment", "TextCode", "creator", "lastModifiedBy", "lpwstr"})
_SPACES = frozenset({"tab", "br", "cr"})


class _Refused(Exception):  # noqa: N818 - no mistake of the program
    """A file, or the rest of it, cannot be read; the text says why, in Chinese."""


@dataclass(slots=True)
class _Search:
    """What was found so far, and how much more may be looked at."""

    findings: list[Finding] = field(default_factory=list)
    unread: str = ""
    characters: int = MAX_CHARACTERS
    bytes: int = MAX_UNPACKED
    pieces: int = MAX_PIECES
    elements: int = MAX_ELEMENTS
    pdfs: int = MAX_PDF

    def text(self, text: str, line: int = 0, column: int = 0, where: str = "", label: str = "") -> None:
        """Look through one piece of text that stands at a place."""
        self.characters -= len(text)
        self.pieces -= 1
        if self.characters < 0 or self.pieces < 0 or len(self.findings) >= MAX_FOUND:
            raise _Refused(_TOO_MUCH)
        for kind, start, end in personal(text, label):
            self.findings.append(Finding(kind, text[start:end], line, column or (start + 1 if line else 0), where))

    def lines(self, text: str, where: str) -> None:
        """Look through a text of many lines at once."""
        looked = text[: max(0, self.characters)]
        self.characters -= len(text)
        line, begin = 1, 0
        for kind, start, end in sorted(personal(looked), key=lambda found: found[1])[:MAX_FOUND]:
            if breaks := looked.count("\n", begin, start):
                line, begin = line + breaks, looked.rindex("\n", begin, start) + 1
            self.findings.append(Finding(kind, looked[start:end], line, start - begin + 1, where))
        if len(looked) < len(text):
            raise _Refused(_TOO_MUCH)


def look_inside(name: str, raw: bytes, rows: Rows | None) -> Inside:
    """What of the contents of a file is personal; `rows` is the table that is shown of it, if it is one."""
    search = _Search()
    try:
        _file(search, name, raw, "", MAX_DEPTH, rows)
    except _Refused as refusal:
        search.unread = str(refusal)
    return Inside(tuple(search.findings[:MAX_FOUND]), search.unread)


def _file(search: _Search, name: str, raw: bytes, where: str, depth: int, rows: Rows | None = None) -> None:
    """Look through a file; `where` says in which one it lies."""
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    if suffix in (".csv", ".xlsx"):
        _table(search, name, raw, where, rows)
    elif suffix in (".txt", ".md", ".htm", ".html", ".xml"):
        search.lines(_decoded(raw), where)
    elif suffix == ".pdf":
        search.pdfs -= 1
        if search.pdfs < 0:
            raise _Refused("压缩包里的 PDF 太多")
        texts, unread = pdf.pages(raw)
        for number, text in enumerate(texts, 1):
            search.text(text, where=f"{where}第 {number} 页")
        search.unread = unread or search.unread
    elif suffix in PICTURES:
        if has_location(raw):
            search.findings.append(Finding("location", name, where=where))
    elif suffix in (".docx", ".ofd", ".zip"):
        _archive(search, raw, where, depth)
    else:
        search.unread = f"程序读不了 {suffix or '没有扩展名的'} 文件"


def _table(search: _Search, name: str, raw: bytes, where: str, rows: Rows | None) -> None:
    try:
        if rows is None and name.lower().endswith(".xlsx"):
            _spend(search, raw)
        shown = rows if rows is not None else read_register(name, raw)
        _rows(search, shown or (), where)
        if name.lower().endswith(".xlsx"):
            for title, others in sheets(raw):
                _rows(search, others, f"{where}工作表“{title}”")
            _archive(search, raw, where, 1)
    except RegisterError as reason:
        raise _Refused(str(reason)) from None


def _spend(search: _Search, raw: bytes) -> None:
    """What a packed file says that it unpacks to, before somebody else unpacks it."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            search.bytes -= sum(entry.file_size for entry in archive.infolist())
    except _DAMAGED:
        raise _Refused(_UNREADABLE) from None
    if search.bytes < 0:
        raise _Refused(_TOO_LARGE)


def _rows(search: _Search, rows: Iterable[Sequence[str]], where: str) -> None:
    """Look through a table, row by row; what the heading of a column says counts for its cells."""
    headings: dict[int, str] = {}
    for number, row in enumerate(rows, 1):
        if number <= HEADINGS:
            headings |= {
                n: cell for n, cell in enumerate(row[:MAX_COLUMNS]) if len(cell) <= SHORT and _HEADING.search(cell)
            }
        suspect = next(personal("\n".join(row)), None)
        for column, cell in enumerate(row):
            if cell and (suspect or column in headings):
                search.text(cell, number, column + 1, where, headings.get(column, ""))


def _archive(search: _Search, raw: bytes, where: str, depth: int) -> None:
    """Look through what is packed: parts with text, pictures, and in a plain zip every file and its name."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            names = {entry.filename for entry in entries}
            office = bool(names & {"[Content_Types].xml", "OFD.xml"})
            if len(entries) > MAX_ENTRIES:
                raise _Refused("压缩包里的文件太多")
            for entry in entries:
                if not office or _TEXT_PARTS.fullmatch(entry.filename) or _is_picture(entry.filename):
                    _entry(search, archive, entry, where, depth, office=office)
    except _DAMAGED:
        raise _Refused(_UNREADABLE) from None


def _is_picture(name: str) -> bool:
    return name.lower().endswith(PICTURES)


def _entry(
    search: _Search, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, where: str, depth: int, *, office: bool
) -> None:
    search.bytes -= entry.file_size
    if search.bytes < 0:
        raise _Refused(_TOO_LARGE)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others unpack without a limit
        raise _Refused("压缩的方法不常见")
    name = _name(entry)
    if not office:
        search.text(name, where=f"{where}压缩包里的文件名")
    if depth <= 0 and not office:
        search.unread = "压缩包里又有压缩包"
        return
    content = archive.read(entry)
    if office and not _is_picture(name):
        for number, text in enumerate(_paragraphs(search, content), 1):
            search.text(text, where=f"{where}第 {number} 段")
    else:
        short = name.rpartition("/")[2]
        _file(search, short, content, where if office else f"{where}{short} ", depth - 1)


def _name(entry: zipfile.ZipInfo) -> str:
    """The name of a packed file; Windows writes it in GBK without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return entry.filename


def _paragraphs(search: _Search, xml: bytes) -> Iterator[str]:
    """The texts of a part of a document; deleted and hidden ones too, since whoever downloads it can read them."""
    pieces: list[str] = []
    try:
        events: Any = etree.iterparse(io.BytesIO(xml), events=("end",), resolve_entities=False, no_network=True)
        for _, element in events:
            search.elements -= 1
            if search.elements < 0:
                raise _Refused(_TOO_MUCH)
            name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
            if name in _SPACES:
                pieces.append(" ")
            elif element.text and not len(element):
                pieces.append(element.text)
            if name in _BLOCKS:
                if text := "".join(pieces).strip():
                    yield text
                pieces.clear()
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError:
        raise _Refused("里面的文字读不成") from None
    if text := "".join(pieces).strip():
        yield text


def _decoded(raw: bytes) -> str:
    """Text in whatever encoding offices write it."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
