"""What is too much is told in Chinese, at its place and in time; what is just not too much is built.

Bounds in seconds are for hanging, not for speed: these inputs took more than 20 s before there were limits.
"""

import csv
import io
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from gongshi import decode, read, registers, scan, source, text
from gongshi.checks import structure
from tests.conftest import ROOT, TODAY

MAX_PROBLEMS = 1_000  # told of one file
NOTICE = Path("content/notices/2025/water-2025.yaml")
PAGE = Path("content/pages/big.md")
PATIENCE = 20  # seconds of work
Told = Callable[[], list[str]]


@pytest.fixture
def told(content: Path, run) -> Told:
    """What is told of the content, a line each, less the name of the folder."""

    def call() -> list[str]:
        started = time.process_time()
        code, report, error = run("--today", TODAY, "--jobs", "1")
        assert time.process_time() - started < PATIENCE
        assert code in (0, 1), error
        assert code == (1 if ": error: " in report else 0)
        assert Path("site").exists() == (code == 0)
        lines = [line.removeprefix("content/") for line in report.splitlines()]
        assert [line for line in lines if len(line) > 600] == []
        return lines

    return call


def head() -> str:
    """The notice of the base up to its sections."""
    return (ROOT / "tests" / "base" / NOTICE).read_text("utf-8").partition("sections:")[0]


def write(body: str) -> None:
    NOTICE.write_text(head() + body, "utf-8")


def opening(prose: str) -> None:
    write("opening: |2\n" + "".join(f"  {line}\n" if line else "\n" for line in prose.split("\n")))


def issues(count: int, more: str = "") -> str:
    listed = "".join(f"      - {{id: '{n}', title: 问题{more}}}\n" for n in range(count))
    return f"sections:\n  - title: 甲\n    issues:\n{listed}"


def code_of(line: str) -> str:
    return line.rpartition("[")[2].removesuffix("]")


# Files


def test_the_size_of_a_file(content: Path, told: Told):
    body = NOTICE.read_bytes() + b"# "
    NOTICE.write_bytes(body + b"a" * (source.MAX_BYTES - len(body)))
    assert told() == []
    NOTICE.write_bytes(body + b"a" * (source.MAX_BYTES + 1 - len(body)))
    (line,) = told_again(told)
    assert line.startswith("notices/2025/water-2025.yaml:1:1: error: 文件超过 4 MiB；请")
    assert code_of(line) == "too-large"


def told_again(told: Told) -> list[str]:
    """As `told`, where a site stands already."""
    shutil.rmtree("site", ignore_errors=True)
    return told()


@pytest.mark.parametrize("name", ["登记.pdf", "register.csv"])
def test_the_size_of_an_attachment(content: Path, told: Told, name: str):
    folder = NOTICE.with_suffix("")
    folder.mkdir()
    with (folder / name).open("wb") as file:
        file.truncate(read.MAX_ATTACHMENT + 1)
    with NOTICE.open("a", encoding="utf-8") as notice:
        notice.write(f"attachments: [{{title: 登记表, file: {name}}}]\n")
    (line,) = told()
    assert line.startswith(f"notices/2025/water-2025/{name}:1:1: error: 文件超过 32 MiB；请")
    if name.endswith("pdf"):
        with (folder / name).open("wb") as file:
            file.truncate(read.MAX_ATTACHMENT)
        (line,) = told()
        assert line.endswith("[unread-attachment]"), "of reading it, not of its size"


def test_nodes(content: Path, told: Told):
    write(
        "sections:\n  - title: 甲\n    issues:\n      - id: a\n        title: 乙\n        measures:\n"
        + "          - 丙\n" * source.MAX_NODES
    )
    (line,) = told()
    assert "error: 内容多于 200000 项；请拆成几份通报 [too-many-nodes]" in line
    assert int(line.split(":")[1]) > source.MAX_NODES - 100, "at the first that is too much"


def test_depth(content: Path, told: Told):
    for depth, code in (
        (source.MAX_DEPTH - 1, "not-mapping"),
        (source.MAX_DEPTH + 1, "too-deep"),
        (500_000, "too-deep"),
    ):
        write("sections: " + "[" * depth + "]" * depth + "\n")
        assert code_of(told()[0]) == code
    for opener in ("[", "{", "- ", "? ", "&a ", "{a: "):
        write(opener * 400_000)
        lines = told()
        assert len(lines) == 1
        assert lines[0].startswith("notices/2025/water-2025.yaml:")
        assert ": error: 这" in lines[0] or "请" in lines[0]


def test_one_line(content: Path, told: Told):
    for length, expected in ((decode.MAX_LINE, []), (decode.MAX_LINE + 1, ["too-long"])):
        original = NOTICE.read_text("utf-8")
        NOTICE.write_text(original.replace("供水保障有短板", "短" * length), "utf-8")
        assert [code_of(line) for line in told_again(told)] == expected
        NOTICE.write_text(original, "utf-8")


def test_folders_in_folders(content: Path, told: Told):
    folder = content.joinpath("notices", *"a" * (scan.MAX_DEPTH - 1))
    folder.mkdir(parents=True)
    (folder / "deep.yaml").write_bytes(NOTICE.read_bytes())
    assert told() == []
    folder.joinpath(*"a" * 40).mkdir(parents=True)
    (line,) = told_again(told)
    assert f"error: 文件夹套了 {scan.MAX_DEPTH} 层以上；请往上移 [too-deep]" in line


# Registers


def table(rows: int, columns: int) -> bytes:
    made = io.StringIO()
    csv.writer(made).writerows([["甲"] * columns] * rows)
    return made.getvalue().encode()


def book(rows: int, columns: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for _ in range(rows):
        sheet.append(["甲"] * columns)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize(("name", "made"), [("a.csv", table), ("a.xlsx", book)])
def test_rows_and_columns_of_a_register(name: str, made: Callable[[int, int], bytes]):
    for rows, columns in ((registers.MAX_ROWS, 1), (1, registers.MAX_COLUMNS)):
        found = registers.read_register(name, made(rows, columns))
        assert found
        assert (len(found), len(found[0])) == (rows, columns)
    for rows, columns in ((registers.MAX_ROWS + 1, 1), (1, registers.MAX_COLUMNS + 1), (70_000, 1), (1, 10_000)):
        with pytest.raises(registers.RegisterError, match="超过 2000 行或 60 列，请拆"):
            registers.read_register(name, made(rows, columns))


def test_a_register_that_is_too_large_is_told_at_the_file(content: Path, told: Told):
    folder = NOTICE.with_suffix("")
    folder.mkdir()
    (folder / "a.csv").write_bytes(table(registers.MAX_ROWS + 1, 1))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(registers.MAX_UNPACKED + 1))
    (folder / "b.xlsx").write_bytes(packed.getvalue())
    with NOTICE.open("a", encoding="utf-8") as notice:
        notice.write("attachments: [{title: 甲, file: a.csv}, {title: 乙, file: b.xlsx}]\n")
    one, other = told()
    assert one.startswith("notices/2025/water-2025/a.csv:1:1: error: 表格超过 2000 行或 60 列，请拆成几个文件；请")
    assert other.startswith("notices/2025/water-2025/b.xlsx:1:1: error: 解压后太大；请")


# In a process of its own: what is not refused makes the library end the whole process.
READ = """
import sys
from pathlib import Path
from gongshi.registers import RegisterError, read_register
try:
    read_register("a.xlsx", Path(sys.argv[1]).read_bytes())
except RegisterError as refusal:
    print(refusal)
"""
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
FAR_CELLS = {
    "as usual": (FAR, "worksheets"),
    "single quotes": (FAR.replace('"', "'"), "worksheets"),
    "spaces": (FAR.replace("=", " = "), "worksheets"),
    "another folder": (FAR, "other"),
}


def workbook(rows: str, folder: str) -> bytes:
    plain, made = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(plain)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()
    with zipfile.ZipFile(plain) as parts, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in parts.namelist():
            body = sheet if name.endswith("sheet1.xml") else parts.read(name)
            target.writestr(
                name.replace("worksheets", folder), body.replace(b"worksheets/sheet1", f"{folder}/sheet1".encode())
            )
    return made.getvalue()


@pytest.mark.parametrize("kind", FAR_CELLS)
def test_far_cells_are_refused_however_they_are_written(tmp_path: Path, kind: str):
    (tmp_path / "a.xlsx").write_bytes(workbook(*FAR_CELLS[kind]))
    command = ["prlimit", f"--as={2**31}", sys.executable, "-c", READ, str(tmp_path / "a.xlsx")]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (0, registers.TOO_LARGE + "\n"), done.stderr[-300:]


def test_the_text_of_a_register():
    with pytest.raises(registers.RegisterError, match="太多"):
        registers.read_register("a.csv", (",".join(["<" * 270] * 60) + "\n").encode() * 1_990)


# Issues


def test_issues_of_a_notice(content: Path, told: Told):
    write(issues(structure.MAX_ISSUES + 1))
    (line,) = told()
    assert line.startswith("notices/2025/water-2025.yaml:7:3: error: 一份通报里有 2001 个问题，超过 2000 个；请")
    assert code_of(line) == "too-many-issues"
    write(issues(structure.MAX_ISSUES))
    assert told() == []


# Markdown


PROSE: dict[str, tuple[str, bool]] = {  # a text, and whether it is too much
    "800 marks a paragraph": ("*a " * text.MAX_MARKS, False),
    "801 marks a paragraph": ("*a " * (text.MAX_MARKS + 1), True),
    "800 marks in each of a few": (("*a " * text.MAX_MARKS + "\n\n") * 12, False),
    "10,000 marks": (("a*b\n\n") * 1_990, False),
    "10,001 marks": (("*a*b*c*d*e*f\n\n") * 1_700, True),
    "marks far apart": ("*" + "甲" * 5_000, False),
    "marks too far apart": (("*" + "甲" * 5_000) * 30, True),
    "4,000 lines": ("- 甲\n" * (text.MAX_LINES - 5), False),
    "4,001 lines": ("- 甲\n" * (text.MAX_LINES + 2), True),
    "very many plain lines": ("甲\n" * 50_000, False),
    "300,000 characters": ("甲" * (text.MAX_LENGTH - 5), False),
    "300,001 characters": ("甲" * (text.MAX_LENGTH + 1), True),
    "300,001 characters with marks": ("*甲*\n" + "甲" * text.MAX_LENGTH, True),
    "lists in lists": ("\n".join("    " * n + "- 甲" for n in range(9)), False),
    "too many lists in lists": ("\n".join("    " * n + "- 甲" for n in range(40)), True),
    "quotations in quotations": ("> " * 11 + "甲", False),
    "too many quotations in quotations": ("> " * 12 + "甲", True),
}


def test_a_long_line_of_bars_is_read_once():
    """The time may grow with the length of the line, not with its square."""
    times = []
    for length in (1_000, 8_000):
        started = time.process_time()
        text.unprinted("a|b\n-|-\n" + " |:" * length + "x\n")
        times.append(time.process_time() - started)
    assert times[1] < 24 * times[0] + 0.1


def test_very_many_short_texts_are_too_much_for_a_file(content: Path, told: Told):
    write("sections:\n" + "".join(f"- text: a&b{n}\n" for n in range(25_000)))
    assert {code_of(line) for line in told()} == {"too-involved", "more"}


@pytest.mark.parametrize("kind", PROSE)
def test_marks_of_a_notice(content: Path, told: Told, kind: str):
    prose, refused = PROSE[kind]
    opening(prose)
    found = told()
    if refused:
        (line,) = found
        assert line.startswith("notices/2025/water-2025.yaml:6:")
        assert "error: 正文太长，或排版记号太多、嵌套太深；请分段，或删去多余的记号 [too-involved]" in line
    else:
        assert [line for line in found if ": error: " in line] == []


@pytest.mark.parametrize("kind", [kind for kind in PROSE if kind != "very many plain lines"])
def test_marks_of_a_page(content: Path, told: Told, kind: str):
    prose, refused = PROSE[kind]
    PAGE.write_text(f"# 甲\n\n{prose}\n", "utf-8")
    found = told()
    assert [line.partition(" ")[2] for line in found] == (
        ["error: 正文太长，或排版记号太多、嵌套太深；请分成几页，或删去多余的记号 [too-involved]"] if refused else []
    )
    assert all(line.startswith("pages/big.md:2:1:") for line in found)


def test_marks_and_lines_of_a_file(content: Path, told: Told):
    """Each text is allowed; together they are not, and the first that is too much is told, and all after it."""
    prose = ("      *a\n" * 100 + "\n") * 20
    write("sections:\n" + f"  - title: 甲\n    text: |2\n{prose}" * 7)
    lines = told()
    assert {code_of(line) for line in lines if ": error: " in line} == {"too-involved"}
    assert int(lines[0].split(":")[1]) > 4 * 2_020, "at the fifth"


# How much is told


def test_problems_of_a_notice_with_others(content: Path, told: Told):
    write(issues(1) + "follows:\n" + "".join(f"- b{n}\n" for n in range(5_000)))
    assert len(told()) <= MAX_PROBLEMS + 1


def test_a_long_dead_link_is_quoted_in_part(content: Path, told: Told):
    PAGE.write_text(f"# 甲\n\n[乙](/{'x' * 5_000})\n", "utf-8")
    (line,) = told()
    assert code_of(line) == "broken-link"


def test_problems_of_a_file(content: Path, told: Told):
    for count, expected in ((MAX_PROBLEMS, 0), (MAX_PROBLEMS + 1, 1), (50_000, 49_000)):
        write("".join(f"k{n}: 1\n" for n in range(count)) + issues(1))
        lines = told()
        assert len(lines) == MAX_PROBLEMS + bool(expected)
        more = [line for line in lines if code_of(line) == "more"]
        rest = [f"notices/2025/water-2025.yaml:1:1: error: 这个文件还有 {expected} 个问题；请先改正上面的 [more]"]
        assert more == (rest if expected else [])


def test_hints(content: Path, told: Told):
    write("".join(f"titel{n}: 1\n" for n in range(900)) + issues(1))
    hinted = [line for line in told() if "是不是“title”" in line or "这里可以用：" in line]
    assert 50 < len(hinted) <= decode.MAX_HINTS + 1
    listed = (f"      - {{id: '{n}', title: 甲, status: 已经完成了{n}}}\n" for n in range(1_900))
    write("sections:\n  - title: 甲\n    issues:\n" + "".join(listed))
    lines = told()
    assert len(lines) == MAX_PROBLEMS + 1
    assert len([line for line in lines if "是不是" in line]) <= 50


# What took minutes, or gigabytes


def _slow() -> dict[str, tuple[Callable[[], object], set[str]]]:
    """Content, and the problems that are told of it."""
    involved, phases = {"too-involved"}, "sections:\n- title: 乙\n  phases:\n  - title: 丙\n    deliverables:\n"
    digest = "opening: '*a {}'\n"

    def as_digest(body: str) -> None:
        NOTICE.write_text(head().replace("verbatim", "digest") + body, "utf-8")

    return {
        "emphasis far apart": (lambda: as_digest(digest.format("甲" * 290_000)), set()),
        "emphasis farther apart": (lambda: as_digest(digest.format("a" * 1_000_000)), involved),
        "marks in every paragraph": (lambda: opening(("[`" * 399 + "\n\n") * 4_000), involved),
        "brackets in every paragraph": (lambda: opening(("[" * 790 + "\n\n") * 4_500), involved),
        "links in every paragraph": (lambda: opening(("[a](b) " * 150 + "\n\n") * 3_000), involved),
        "stars in every paragraph": (lambda: opening(("**a" * 390 + "\n\n") * 3_000), involved),
        "brackets far apart": (lambda: opening(("[" + "a" * 5_000) * 700), involved),
        "very many paragraphs": (lambda: opening("甲*\n\n" * 400_000), involved),
        "a list": (lambda: opening("- 甲\n" * 400_000), involved),
        "a table": (lambda: opening("| a | b |\n|---|---|\n" + "| a | b |\n" * 300_000), involved),
        "a wide table": (lambda: opening("a|" * 300 + "\n" + "-|" * 300 + "\n" + ("a|" * 300 + "\n") * 3_999), involved),
        "quotations": (lambda: opening("> 甲\n\n" * 300_000), involved),
        "headings of a page": (lambda: PAGE.write_text("# 甲\n\n" + "## 同名\n\n" * 100_000, "utf-8"), involved),
        "marks of a page": (lambda: PAGE.write_text("# 甲\n\n" + "[" * 100_000, "utf-8"), involved),
        "quotations of a page": (lambda: PAGE.write_text("# 甲\n\n" + "> " * 5_000, "utf-8"), involved),
        "lists of a page": (
            lambda: PAGE.write_text("# 甲\n\n" + "\n".join("    " * n + "- 甲" for n in range(800)), "utf-8"),
            involved,
        ),
        "withheld measures": (
            lambda: write(
                "declared: {measures_done: 1}\nsections:\n- title: 甲\n  issues:\n"
                "  - {id: a, status: 已完成, withheld: {reason: secret, measures: 999999999}}\n"
            ),
            {"totals-differ"},
        ),
        "statuses": (
            lambda: write(issues(1_990, ", status: '" + "已经基本完成了整改，" * 40 + "'")),
            {"unknown-status", "more"},
        ),
        "phones": (
            lambda: write("contact: {phones: [" + "{number: '0546-8888888'}, " * 20_000 + "]}\nopening: " + "甲" * 290_000),
            {"more", "contact-not-in-text"},
        ),
        "attachments that are not there": (
            lambda: write(
                "attachments:\n" + "".join(f"- {{title: 甲, number: '{n}'}}\n" for n in range(3_000))
                + phases + "    - {title: 丁, attachment: x}\n" * 3_000
            ),
            {"more", "unknown-attachment", "missing-key", "no-file"},
        ),
        "issues that follow": (
            lambda: (
                NOTICE.with_name("later.yaml").write_text(
                    head().replace("2025-05-20", "2025-06-20")
                    + "".join([
                        "sections:\n  - title: 甲\n    issues:\n",
                        *(f"    - {{id: '{n}', title: 问题, continues: 'water-2025#issue-{n}'}}\n" for n in range(2_000)),
                    ]),
                    "utf-8",
                ),
                write(issues(2_000)),
            ),
            set(),
        ),
        "wordings of a site": (
            lambda: (
                Path("content/site.yaml").write_text(
                    Path("content/site.yaml").read_text("utf-8").replace(
                        "已完成并长期坚持]", "已完成并长期坚持, " + ", ".join(f"说法{n}" for n in range(30_000)) + "]"
                    ),
                    "utf-8",
                ),
                write(issues(1_990, ", status: 已经基本完成")),
            ),
            {"unknown-status", "more"},
        ),
        "a line of many values": (lambda: NOTICE.write_text("a: [" + "a, " * 190_000 + "a] #\n", "utf-8"), {"missing-key", "unknown-key"}),
        "duplicate keys": (lambda: write("title: 甲\n" * 99_000 + issues(1)), {"duplicate-key", "more"}),
        "duplicate issues": (
            lambda: write("sections:\n- title: 甲\n  issues:\n" + "  - {id: a, title: 甲}\n" * 39_000),
            {"duplicate-issue", "more", "too-many-issues"},
        ),
        "regions": (
            lambda: (
                Path("content/agencies/water.yaml").write_text("name: 甲\nregion: '999999'\n", "utf-8"),
                Path("content/regions.yaml").write_text("".join(f"'{n}': 甲\n" for n in range(100_000, 190_000)), "utf-8"),
            ),
            {"unknown-region", "no-contact"},
        ),
    }  # fmt: skip


@pytest.mark.parametrize("kind", _slow())
def test_what_took_minutes_is_told_in_time(content: Path, told: Told, kind: str):
    make, expected = _slow()[kind]
    make()
    lines = told()
    found = {code_of(line) for line in lines}
    assert found <= expected
    assert bool(found) == bool(expected)
    assert len(lines) <= MAX_PROBLEMS + 1
