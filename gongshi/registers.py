"""Registers (登记表、台账): csv and xlsx files as rows of text, for the table that is shown beside the download."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

MAX_ROWS = 2_000
MAX_COLUMNS = 60
TOO_LARGE = f"表格超过 {MAX_ROWS} 行或 {MAX_COLUMNS} 列，请拆成几个文件"
MAX_SHEETS = 50
MAX_CHARACTERS = 4_000_000  # in all cells: each is shown in the page
MAX_UNPACKED = 64 * 1024 * 1024  # bytes of an unpacked xlsx: a small file may hold gigabytes
MAX_SHARED = 8_000_000  # characters of all cells of an xlsx: it writes a text once and names it in any number of cells
MAX_CELLS = 500_000  # of all sheets


Rows = tuple[tuple[str, ...], ...]


class RegisterError(Exception):
    """The file cannot be shown as a table; the text says why, in Chinese."""


def read_register(name: str, raw: bytes) -> Rows | None:
    """The rows of a csv or xlsx file, empty ones at the end left out; None for other kinds of file.

    Raises RegisterError if the file is not what its name says, or too large.
    """
    suffix = name[name.rfind(".") :].lower()
    if suffix == ".csv":
        rows = _read_csv(raw)
    elif suffix == ".xlsx":
        rows = _read_xlsx(raw)
    else:
        return None
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise RegisterError("表格是空的")
    if len(rows) > MAX_ROWS or max(map(len, rows)) > MAX_COLUMNS:
        raise RegisterError(TOO_LARGE)
    if sum(len(cell) for row in rows for cell in row) > MAX_CHARACTERS:
        raise RegisterError("表格里的文字太多，请拆成几个文件")
    width = max(map(len, rows))
    return tuple(tuple(row + [""] * (width - len(row))) for row in rows)


def read_text(raw: bytes) -> str | None:
    """Text in whatever encoding offices write it: UTF-8, GB18030, UTF-16 of Excel and Notepad; None if it is none."""
    encodings = ["utf-8-sig", "gb18030"]
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif b"\0" in raw:
        encodings = ["utf-16-le", "utf-16-be"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    return None


def _read_csv(raw: bytes) -> list[list[str]]:
    text = read_text(raw)
    if text is None:
        raise RegisterError("不是 CSV 文本，或不是 UTF-8、GB18030、UTF-16 编码")
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            if len(rows) > MAX_ROWS:
                raise RegisterError(TOO_LARGE)
            rows.append([cell.strip() for cell in row])
    except csv.Error as error:
        raise RegisterError("有一格太长" if "limit" in str(error) else "引号没有配对，读不成表格") from None
    return rows


def _read_xlsx(raw: bytes) -> list[list[str]]:
    from python_calamine import CalamineWorkbook  # only notices with such a file pay for it

    try:
        _refuse_bombs(raw)
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        rows = book.get_sheet_by_index(0).to_python()
    except (RegisterError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - a panic of the Rust library is no Exception
        raise RegisterError("不是可以读的 xlsx 文件") from None
    return [[_cell(value) for value in row] for row in rows]


def sheets(raw: bytes) -> Iterator[tuple[str, list[list[str]]]]:
    """Names and rows of the other sheets of an xlsx that could be read: not shown, but downloaded."""
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        names = book.sheet_names
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - as above
        raise RegisterError("有一张工作表读不成") from None
    for name in names[1:MAX_SHEETS]:
        yield name, _sheet(book, name)
    if len(names) > MAX_SHEETS:
        raise RegisterError(f"工作表超过 {MAX_SHEETS} 张，后面的没有看")


def _sheet(book: Any, name: str) -> list[list[str]]:
    try:
        return [[_cell(value) for value in row] for row in book.get_sheet_by_name(name).to_python()]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - as above; a sheet of charts has no rows
        return []


_SHARED_END = re.compile(rb"</(?:\w+:)?si\s*>")
_TAG = re.compile(rb"<[^>]{0,999}>")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_SHARED_CELL = re.compile(rb"""\bt\s*=\s*["']s["']""")
_SHARED_PLACE = re.compile(rb"""\bt\s*=\s*["']s["'][^<>]{0,999}>\s*<(?:\w+:)?v>\s*(\d{1,9})\s*<""")


def _refuse_bombs(raw: bytes) -> None:
    """What the library would need very much memory for: looked for in the parts, before it sees them."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise RegisterError("解压后太大")
        parts = [archive.read(entry) for entry in archive.infolist()]
    lengths = [len(_TAG.sub(b"", text)) for part in parts if b"sst" in part[:2_000] for text in _SHARED_END.split(part)]
    longest = max(lengths, default=0)
    cells = shared = 0
    for part in parts:
        if b"sheetData" in part:  # a sheet can have any name
            _refuse_far_cells(part)
            cells += sum(1 for _ in _CELL.finditer(part))
            places = [int(match[1]) for match in _SHARED_PLACE.finditer(part)]
            others = sum(1 for _ in _SHARED_CELL.finditer(part)) - len(places)
            shared += others * longest + sum(lengths[n] if n < len(lengths) else longest for n in places)
    if cells > MAX_CELLS or shared > 3 * MAX_SHARED:  # three bytes of UTF-8 for a character
        raise RegisterError("表格里的文字太多，请拆成几个文件")


_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,20})([0-9]{1,20})["']""")


def _refuse_far_cells(sheet: bytes) -> None:
    """One cell in the last corner makes the library ask for half a terabyte: look at where cells are first."""
    for match in _REFERENCE.finditer(sheet):
        column = 0
        for letter in match[1].upper():
            column = column * 26 + letter - 64
        if column > MAX_COLUMNS or int(match[2]) > MAX_ROWS + 1:
            raise RegisterError(TOO_LARGE)


def _cell(value: object) -> str:
    """A cell as people read it: whole numbers without `.0`, dates without midnight."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()
