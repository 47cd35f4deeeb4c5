"""All open data as one workbook for Excel and WPS: a sheet that explains, and a sheet for each table.

Cells are texts, numbers and days, never formulas or links. What does not fit is said to be cut, on the first sheet.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
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


@dataclass(slots=True)
class _Cut:
    """What of a table did not fit into its sheet."""

    rows: int = 0
    left_out: int = 0
    shortened: set[str] = field(default_factory=set)  # records with a text that was cut


def write(source: Source, staging: Path) -> Staged:
    """Stage the workbook. Raises OSError if it cannot be written."""
    settings = {
        "constant_memory": True,
        "tmpdir": str(staging),
        "default_date_format": "yyyy-mm-dd",
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with new_staged(staging) as out:
        book = Workbook(out, settings)
        try:
            book.use_zip64()
            made = dt.datetime.fromisoformat(source.until or "2000-01-01")  # no clock: the same data, the same bytes
            book.set_properties({"title": source.title, "author": source.setting.site.operator.name, "created": made})
            about = book.add_worksheet(ABOUT)
            cuts = {table.name: fill(book, table, source.records(table.name)) for table in TABLES}
            _explain(book, about, source, cuts)
            book.close()
        except FileCreateError as error:
            raise error.args[0] from None
        finally:
            book.fileclosed = True  # nothing is left to be done when it is collected
            for sheet in book.worksheets():
                sheet.row_data_fh.close()
    return looks_of(out)


def fill(book: Workbook, table: Table, records: Iterable[Record], rows: int = MAX_ROWS) -> _Cut:
    """A sheet with the records of a table, of which only one is looked at at a time; what did not fit."""
    sheet = book.add_worksheet(table.title)
    head = book.add_format({"bold": True, "bg_color": "#E8EDF2", "bottom": 1})
    code = book.add_format({"font_color": "#5B6671", "font_name": "Consolas", "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    for column, each in enumerate(table.flat):
        sheet.set_column(column, column, _WIDE.get(each.name) or _WIDTHS.get(each.type, 16))
        sheet.write_string(0, column, each.title, head)
    for column, each in enumerate(table.flat):
        sheet.write_string(1, column, each.name, code)
    sheet.freeze_panes(HEADS, 1)
    cut = _Cut()
    columns = [(column, each) for column, each in enumerate(table.flat)]
    for record in records:
        if cut.rows == rows - HEADS:
            cut.left_out += 1
            continue
        row = HEADS + cut.rows
        cut.rows += 1
        for column, each in columns:
            value = record[each.name]
            if value is not None and not _write(sheet, row, column, each, value, day):
                cut.shortened.add(each.title)
    sheet.autofilter(HEADS - 1, 0, HEADS - 1 + cut.rows, len(columns) - 1)
    return cut


def _write(sheet: Worksheet, row: int, column: int, each: Field, value: Any, day: Any) -> bool:
    """Write a cell; False if it had to be cut."""
    if each.type == "count":
        sheet.write_number(row, column, value)
        return True
    if each.type in ("day", "when") and (exact := _day(value)):
        sheet.write_datetime(row, column, exact, day)
        return True
    text = value if each.type == "text" and not each.choices else plain(each, value)
    fits = fitting(text)
    if fits:
        sheet.write_string(row, column, fits)
    return fits == text


def fitting(text: str) -> str:
    """As much of a text as a cell can hold: characters beyond the first plane count twice."""
    if 2 * len(text) <= MAX_TEXT:
        return text
    units = text.encode("utf-16-le")
    return text if len(units) <= 2 * MAX_TEXT else units[: 2 * (MAX_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


def _day(value: str) -> dt.date | None:
    """A date as Excel knows it; None for one that is less exact, or too early."""
    if len(value) != len("2024-01-01") or " " in value:
        return None
    day = dt.date.fromisoformat(value)
    return day if day.year >= _FIRST_YEAR else None


def _explain(book: Workbook, sheet: Worksheet, source: Source, cuts: dict[str, _Cut]) -> None:
    """The first sheet: where the data come from, what may be done with them, and what each column means."""
    title, head = book.add_format({"bold": True, "font_size": 16}), book.add_format({"bold": True, "bottom": 1})
    top = book.add_format({"valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for column, width in enumerate((14, 18, 18, 22, 70)):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, source.title, title)
    row = 2
    for name, value in _facts(source):
        sheet.write_string(row, 0, name, top)
        sheet.write_string(row, 1, value)
        row += 1
    row = _lines(sheet, row + 1, ("工作表", "行数", "", "", "内容"), _sheets(cuts), head, wrapped)
    lines = (
        (table.title, each.title, each.name, TYPES[each.type], _meaning(each))
        for table in TABLES
        for each in table.flat
    )
    _lines(sheet, row + 1, ("工作表", "列", "字段", "类型", "含义"), lines, head, wrapped)
    sheet.activate()


def _lines(
    sheet: Worksheet, row: int, heads: tuple[str, ...], lines: Iterable[tuple[str | int, ...]], head: Any, wrapped: Any
) -> int:
    """A table of the first sheet; the row below it."""
    for column, name in enumerate(heads):
        sheet.write_string(row, column, name, head)
    for line in lines:
        row += 1
        for column, value in enumerate(line):
            if isinstance(value, int):
                sheet.write_number(row, column, value, wrapped)
            elif value:
                sheet.write_string(row, column, value, wrapped)
    return row + 1


def _meaning(each: Field) -> str:
    """What a column means; here codes stand as their names."""
    return "；".join(filter(None, (each.description.replace("代码", ""), "、".join(each.choices.values()))))


def _facts(source: Source) -> Iterator[tuple[str, str]]:
    site = source.setting.site
    yield "主办单位", site.operator.name
    if source.page:
        yield "网址", source.page
    if source.until:
        yield "数据截至", source.until
    yield "许可", source.terms
    yield "日期", "到日的是日期；只到旬、月、年的是文字，照原文，例如 2023-06 中旬"
    yield "空格", "原文没有的留空；不予公开的部分不在这里"
    yield "相同的编号", "各表用编号相连，例如“问题”的“通报编号”就是“通报”的“通报编号”"


def _sheets(cuts: dict[str, _Cut]) -> Iterator[tuple[str | int, ...]]:
    for table in TABLES:
        found = cuts[table.name]
        words = [table.description]
        if found.left_out:
            words.append(f"这里放不下全部：还有 {found.left_out} 行没有列出，全部在 {table.name}.csv。")
        if found.shortened:
            words.append(f"{'、'.join(sorted(found.shortened))}里太长的文字只有开头，全文在 {table.name}.csv。")
        yield table.title, found.rows, "", "", "".join(words)
