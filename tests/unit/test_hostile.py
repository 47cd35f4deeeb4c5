"""Hostile files are refused, or read in bounded time and memory; none ends in a traceback."""

import io
import os
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from gongshi import text
from gongshi.registers import MAX_ROWS, RegisterError, read_register
from tests.conftest import TODAY

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{cell}"><v>2</v></c></row></sheetData></worksheet>'
)


def workbook(sheet: str) -> bytes:
    plain = io.BytesIO()
    openpyxl.Workbook().save(plain)
    made = io.BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            body = sheet.encode() if entry.filename == "xl/worksheets/sheet1.xml" else source.read(entry)
            target.writestr(entry, body)
    return made.getvalue()


@pytest.mark.parametrize(
    ("row", "cell"), [(1048576, "XFD1048576"), (1048576, "CV1048576"), (9, "ZZZZZZZ9"), (99999999999, "A99999999999")]
)
def test_a_cell_in_the_last_corner_is_refused(row: int, cell: str):
    with pytest.raises(RegisterError):
        read_register("a.xlsx", workbook(SHEET.format(row=row, cell=cell)))


@pytest.mark.parametrize("raw", [b"", b"PK", b"\0" * 100, workbook("<worksheet>"), workbook("")])
def test_what_is_no_workbook_is_refused(raw: bytes):
    with pytest.raises(RegisterError):
        read_register("a.xlsx", raw)


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_unread():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (65 * 1024 * 1024))
    with pytest.raises(RegisterError, match="太大"):
        read_register("a.xlsx", made.getvalue())


def test_a_long_table_is_refused_before_it_is_read():
    with pytest.raises(RegisterError, match="超过"):
        read_register("a.csv", b"a\n" * (MAX_ROWS * 1000))
    with pytest.raises(RegisterError, match="太长"):
        read_register("a.csv", b"a" * 200_000)


@pytest.mark.parametrize("opening", ["- ", "> ", "1. ", "* "])
def test_lists_in_lists_without_end_are_refused(opening: str):
    assert text.too_involved(opening * 200 + "甲")
    assert text.too_involved("\n".join("    " * n + "- 甲" for n in range(200)))


@pytest.mark.parametrize("mark", ["[", "![", "`", "**", "_a", "<a ", "[a](", "\\", "<", "*a ", "[a]"])
def test_marks_without_end_are_refused_and_what_is_let_through_is_quick(mark: str):
    assert text.too_involved(mark * 10_000)
    source = mark * (text.MAX_MARKS // 4)
    assert not text.too_involved(source)
    started = time.process_time()
    text.prose(source)
    assert time.process_time() - started < 10  # a bound for hanging, not for speed: seconds against minutes


def test_settings_that_are_no_file_are_told_and_not_waited_for(content: Path, run):
    (content / "site.yaml").unlink()
    os.mkfifo(content / "site.yaml")
    code, report, _ = run("--today", TODAY)
    assert code == 1
    assert "content/site.yaml:1:1: error: 这不是普通文件" in report


def test_a_huge_file_is_refused_unread(content: Path, run):
    with (content / "agencies" / "huge.yaml").open("wb") as file:
        file.truncate(3 * 1024**3)
    code, report, _ = run("--today", TODAY)
    assert code == 1
    assert "content/agencies/huge.yaml:1:1: error: 文件超过 4 MiB" in report


def test_ten_thousand_unknown_keys_are_told_in_time(content: Path, run):
    with (content / "agencies" / "water.yaml").open("a") as file:
        file.writelines(f"key{n}: 1\n" for n in range(10_000))
    code, report, _ = run("check", "--today", TODAY)
    assert code == 1
    assert report.count("[unknown-key]") == 1_000
    assert "这个文件还有 9000 个问题" in report


def test_more_measures_than_chinese_numerals_are_numbered_in_digits(content: Path, run):
    notice = content / "notices/2025/water-2025.yaml"
    notice.write_text(notice.read_text() + "              - 甲\n" * 10_001 + "numbering: {measure: 一是}\n")
    assert run("--today", TODAY)[0] == 0
    assert "10001是" in Path("site/notices/water-2025/index.html").read_text()


def test_report_lines_cannot_be_forged(content: Path, run):
    name = "z\n::error::x\x1b[31m.txt"
    (content / name).write_text("x")
    report = run("check", "--today", TODAY)[1]
    assert report.count("\n") == 1
    assert "\x1b" not in report


def test_names_of_attachments_are_compared_as_people_see_them(content: Path, run):
    folder = content / "notices/2025/water-2025"
    folder.mkdir()
    (folder / "e\u0301登记.csv").write_text("序号\n1\n")
    with (content / "notices/2025/water-2025.yaml").open("a") as file:
        file.write("attachments: [{title: 登记表, file: \u00e9登记.csv}]\n")
    assert run("--today", TODAY)[:2] == (0, "")
