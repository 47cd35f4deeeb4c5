"""All open data as one workbook for Excel and WPS: a sheet that explains, and a sheet for each table.

XlsxWriter makes the workbook without the records, in memory; the rows are put into its sheets one by one, so that
neither memory nor temporary files grow with the corpus, and nothing is left behind when the disk is full. Cells are
texts, numbers and days, never formulas or links. What does not fit is said to be cut, on the first sheet.
"""

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from gongshi.bundle.source import Source
from gongshi.outputs.data import Record, plain
from gongshi.publish import Staged, looks_of, new_staged
from gongshi.tables import TABLES, TYPES, Field, Table

MAX_ROWS = 1_048_576  # of a sheet, and
MAX_TEXT = 32_767  # UTF-16 units of a cell: the limits of Excel
HEADS = 2  # rows above the records: names in Chinese, names of fields
ABOUT = "说明"
_WIDTHS = {"count": 9, "flag": 9, "day": 12, "when": 14, "texts": 24, "object": 30, "array": 30}  # characters
_WIDE = {"title": 50, "text": 60, "cause": 40, "url": 40, "id": 30, "name": 24, "whole_name": 24, "sha256": 20}
_FIRST_YEAR = 1901  # Excel counts days from 1900 on, and takes that year for a leap year
_ZERO = dt.date(1899, 12, 30)
_TIME = (1980, 1, 1, 0, 0, 0)  # no clock: the same data, the same bytes


def write(source: Source, staging: Path) -> Staged:
    """Stage the workbook. Raises OSError if it cannot be written."""
    counts = {table.name: sum(1 for _ in source.lines(table.name)) for table in TABLES}
    sheets = {f"xl/worksheets/sheet{n}.xml": table for n, table in enumerate(TABLES, 2)}
    with (
        ZipFile(io.BytesIO(_frame(source, counts))) as frame,
        new_staged(staging) as out,
        ZipFile(out, "w", ZIP_DEFLATED) as book,
    ):
        for name in frame.namelist():
            part = ZipInfo(name, _TIME)
            part.compress_type, part.create_system = ZIP_DEFLATED, 3
            body = frame.read(name)
            with book.open(part, "w", force_zip64=True) as target:
                if table := sheets.get(name):
                    target.writelines(filled(body.decode(), table, source.records(table.name)))
                else:
                    target.write(body)
    return looks_of(out)


@dataclass(frozen=True, slots=True)
class _Formats:
    """How cells look."""

    title: Any
    head: Any
    code: Any
    wrapped: Any
    day: Any


def _frame(source: Source, counts: Mapping[str, int]) -> bytes:
    """The workbook with one row in each sheet, which shows how a day looks."""
    whole = io.BytesIO()
    book = Workbook(whole, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    formats = _Formats(
        title=book.add_format({"bold": True, "font_size": 16}),
        head=book.add_format({"bold": True, "bg_color": "#E8EDF2", "bottom": 1}),
        code=book.add_format({"font_color": "#5B6671", "font_name": "Consolas", "bottom": 1}),
        wrapped=book.add_format({"text_wrap": True, "valign": "top"}),
        day=book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
    )
    made = dt.datetime.fromisoformat(source.about.until or "2000-01-01")
    book.set_properties({"title": source.about.title, "author": source.about.operator, "created": made})
    _explain(book.add_worksheet(ABOUT), formats, source, counts)
    for table in TABLES:
        sheet = book.add_worksheet(table.title)
        for column, each in enumerate(table.flat):
            sheet.set_column(column, column, _WIDE.get(each.name) or _WIDTHS.get(each.type, 16))
            sheet.write_string(0, column, each.title, formats.head)
            sheet.write_string(1, column, each.name, formats.code)
        sheet.write_datetime(HEADS, 0, made, formats.day)
        sheet.freeze_panes(HEADS, 1)
        rows = min(counts[table.name], MAX_ROWS - HEADS)
        sheet.autofilter(HEADS - 1, 0, HEADS - 1 + rows, len(table.flat) - 1)
    book.close()
    return whole.getvalue()


def filled(sheet: str, table: Table, records: Iterable[Record]) -> Iterator[bytes]:
    """The XML of a sheet with the records of its table, of which only one is looked at at a time."""
    row = re.search(rf'<row r="{HEADS + 1}".*?<c r="A{HEADS + 1}" s="(\d+)".*?</row>', sheet)
    assert row, "XlsxWriter writes a row in another way"
    yield re.sub("<dimension[^>]*>", "", sheet[: row.start()]).encode()
    cells = [(xl_col_to_name(column), each) for column, each in enumerate(table.flat)]
    for number, record in enumerate(islice(records, MAX_ROWS - HEADS), HEADS + 1):
        written = (
            _cell(f"{column}{number}", each, value, row[1])
            for column, each in cells
            if (value := record[each.name]) is not None
        )
        yield f'<row r="{number}">{"".join(written)}</row>'.encode()
    yield sheet[row.end() :].encode()


def _cell(place: str, each: Field, value: Any, day: str) -> str:
    if each.type == "count":
        return f'<c r="{place}"><v>{value}</v></c>'
    if each.type in ("day", "when") and (number := _day(value)):
        return f'<c r="{place}" s="{day}"><v>{number}</v></c>'
    text = fitting(value if each.type == "text" and not each.choices else plain(each, value))
    if not text:
        return ""
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{_xml(text)}</t></is></c>'


# What XML cannot hold, and what would be read as a sign for that (ECMA-376, ST_Xstring).
_SIGNS = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def _xml(text: str) -> str:
    return escape(_SIGNS.sub(lambda sign: f"_x{ord(sign[0]):04X}_", text), quote=False)


def fitting(text: str) -> str:
    """As much of a text as a cell can hold: characters beyond the first plane count twice."""
    if 2 * len(text) <= MAX_TEXT:
        return text
    units = text.encode("utf-16-le")
    return text if len(units) <= 2 * MAX_TEXT else units[: 2 * (MAX_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


def _day(value: str) -> int | None:
    """A date as Excel counts; None for one that is less exact, or too early."""
    if len(value) != len("2024-01-01") or " " in value:
        return None
    day = dt.date.fromisoformat(value)
    return (day - _ZERO).days if day.year >= _FIRST_YEAR else None


def _explain(sheet: Worksheet, formats: _Formats, source: Source, counts: Mapping[str, int]) -> None:
    """The first sheet: where the data come from, what may be done with them, and what each column means."""
    for column, width in enumerate((14, 18, 18, 22, 70)):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, source.about.title, formats.title)
    row = 2
    for name, value in _facts(source):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)
        row += 1
    tables = [(table.title, counts[table.name], _about(table, counts[table.name])) for table in TABLES]
    row = _lines(sheet, row + 1, ("工作表", "行数", "内容"), tables, formats)
    columns = (
        (table.title, each.title, each.name, TYPES[each.type], _meaning(each))
        for table in TABLES
        for each in table.flat
    )
    _lines(sheet, row + 1, ("工作表", "列", "字段", "类型", "含义"), columns, formats)


def _lines(
    sheet: Worksheet, row: int, heads: tuple[str, ...], lines: Iterable[tuple[str | int, ...]], formats: _Formats
) -> int:
    """A table of the first sheet, its last column at the right; the row below it."""
    columns = [*range(len(heads) - 1), 4]
    for column, name in zip(columns, heads, strict=True):
        sheet.write_string(row, column, name, formats.head)
    for line in lines:
        row += 1
        for column, value in zip(columns, line, strict=True):
            if isinstance(value, int):
                sheet.write_number(row, column, value, formats.wrapped)
            else:
                sheet.write_string(row, column, value, formats.wrapped)
    return row + 1


def _facts(source: Source) -> Iterator[tuple[str, str]]:
    yield "主办单位", source.about.operator
    if source.about.page:
        yield "网址", source.about.page
    if source.about.until:
        yield "数据截至", source.about.until
    yield "许可", source.about.terms
    yield "日期", "到日的是日期；只到旬、月、年的是文字，照原文，例如 2023-06 中旬"
    yield "空格", "原文没有的留空；不予公开的部分不在这里"
    yield "编号", "各表用编号相连，例如“问题”里的通报编号就是“通报”里的通报编号"
    yield "长文字", f"一格最多 {MAX_TEXT} 字，更长的只有开头，以“…”结尾；全文在同名的 CSV 里"


def _about(table: Table, count: int) -> str:
    left_out = max(0, count + HEADS - MAX_ROWS)
    cut = f"一页放不下全部，最后 {left_out} 行没有列出；全部在 {table.name}.csv 里。" if left_out else ""
    return table.description + cut


def _meaning(each: Field) -> str:
    """What a column means; here codes stand as their names."""
    return "；".join(filter(None, (each.description.replace("代码", ""), "、".join(each.choices.values()))))
