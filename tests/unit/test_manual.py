"""The editors' manual is true: its examples pass, its wrong lines give the messages it quotes, its tables are complete."""

import ast
import dataclasses
import re
import shutil
from itertools import takewhile
from pathlib import Path

import pytest

import gongshi
from gongshi import decode, model
from gongshi.checks import privacy
from gongshi.importer import proof
from gongshi.source import parse_yaml
from tests.conftest import ROOT, TODAY
from tests.import_truth import CASES, draft

MANUAL = (ROOT / "docs" / "编辑手册.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
NOTICE = """\
kind: announcement
title: 关于停水的公告
agency: water
published: 2024-04-18
text: verbatim
opening: 正文。
"""


def _part(beginning: str, end: str) -> str:
    """The manual between two headings."""
    return MANUAL[MANUAL.index(f"\n{beginning} ") : MANUAL.index(f"\n{end} ")]


def _table(text: str, heading: str) -> list[tuple[str, ...]]:
    """The rows of the table that begins with a heading."""
    table = text[text.index(f"| {heading} |") :].splitlines()[2:]
    lines = takewhile(lambda line: line.startswith("|"), table)
    return [
        tuple(cell.strip().strip("`").replace("\0", "|") for cell in line.replace("\\|", "\0").strip("|").split("|"))
        for line in lines
    ]


def _rows() -> list[tuple[str, ...]]:
    # The notices that the table speaks of are not in the content of the test: one that is there stands for them.
    return _table(MANUAL.replace("shili-water-2022", "water-2025"), "写错了")


def _with(line: str) -> str:
    """The notice with one line put in the place of the one with its key."""
    key = re.match(r"\w+", line)[0].replace("titel", "title")
    if re.search(rf"^{key}:", NOTICE, re.MULTILINE):
        return re.sub(rf"^{key}:.*$", lambda _: line, NOTICE, flags=re.MULTILINE)
    return NOTICE + line + "\n"


@pytest.mark.parametrize(("wrong", "message", "right"), _rows())
def test_wrong_and_right_lines(wrong: str, message: str, right: str, content: Path, run):
    file = content / "notices" / "example.yaml"
    file.write_text(_with(wrong))
    errors = [line for line in run("check", "--today", TODAY)[1].splitlines() if ": error: " in line]
    assert [error.split(": error: ")[1].rsplit(" [", 1)[0] for error in errors] == [message]
    file.write_text(_with(right))
    assert run("check", "--today", TODAY)[0] == 0


@pytest.fixture
def demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration content, in the current directory, for the examples to be put into."""
    shutil.copytree(ROOT / "content", tmp_path / "content")
    monkeypatch.chdir(tmp_path)


def _put_examples(manual: str) -> None:
    for language, block in BLOCK.findall(manual):
        named = re.match(r"# (content/\S+)\n", block)
        if named:
            path = Path(named[1])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block)
        elif language == "yaml" and "示例省" in block:
            with Path("content/regions.yaml").open("a") as file:
                file.write(block)
        elif language == "csv":
            named = re.search(r"file: (\S+\.csv)", MANUAL)
            folder = next(Path("content/notices").rglob("shili-water-2024.yaml")).with_suffix("")
            folder.mkdir(exist_ok=True)
            (folder / named[1]).write_text(block)
        elif language == "markdown":
            Path("content/pages/help.md").write_text(block)


@pytest.mark.usefixtures("demonstration")
def test_the_examples_pass(run):
    before = run("check", "--today", TODAY)[1]
    _put_examples(MANUAL)
    code, report, _ = run("check", "--today", TODAY)
    assert code == 0
    assert report == before, "the examples bring no warning of their own"


@pytest.mark.usefixtures("demonstration")
def test_the_import_reports_and_writes_what_the_manual_shows(run):
    example = _part("### 2.3", "### 2.4")
    _put_examples(MANUAL.replace(example, ""))
    source, report, written, drafted, mended, left = (block for _, block in BLOCK.findall(example))
    command = re.search(r"`python build\.py (import (\S+) .+? --dry-run)`", example)
    notice, agency = map(Path, re.findall(r"的 `(content/\S+)` 是：", example))
    Path(command[2]).write_text(source)
    assert run(*command[1].split())[:2] == (0, report)
    assert not notice.exists()
    assert run(*command[1].removesuffix(" --dry-run").split())[:2] == (0, report.replace("试导入", "已导入", 1))
    assert notice.read_text() == written
    assert agency.read_text() == drafted

    agency.write_text(mended)
    text = written
    for before, after in _table(example, "写出的"):
        assert text.count(before + "\n") == 1
        text = text.replace(before + "\n", "" if after == "删去" else after + "\n")
    notice.write_text(text)
    site = Path("content/site.yaml")
    words = re.search(r"不认识的进度“(.+?)”", example)[1]
    site.write_text(re.sub(r"(open:\n.*\n *wordings: \[)", rf"\1{words}, ", site.read_text()))
    code, problems, _ = run("check", "--today", TODAY)
    ours = [line for line in problems.splitlines(keepends=True) if agency.stem in line]
    assert (code, "".join(ours)) == (0, left)


def test_the_example_of_layout_prints_like_its_original():
    (_, original), (_, block) = BLOCK.findall(_part("### 7.9", "## 8"))
    notice = decode.decode(model.Notice, parse_yaml(block.encode(), "a").root, decode.Report("a"), id="a")
    assert proof.printed(notice) == "".join(original.split())


def _doubts() -> list[str]:
    """What an import may ask the editor to look at, as the manual quotes it; … stands for anything."""
    return [said.strip("“”") for said, _ in _table(_part("### 2.4", "### 2.5"), "报告说")]


def test_every_doubt_that_the_manual_quotes_is_one():
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "gongshi" / "importer").glob("*.py"))
    assert _doubts()
    assert [piece for said in _doubts() for piece in said.split("…") if piece not in code] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_doubt_is_explained(case: Path):
    known = [".*?".join(map(re.escape, said.split("…"))) for said in _doubts()]
    doubts = [doubt.message for doubt in draft(case).doubts]
    assert [message for message in doubts if not any(re.search(words, message) for words in known)] == []


# Where the code stands among the arguments of each call that makes a problem.
POSITIONS = {
    "tell": 2,
    "_Unreadable": 0,
    "error": 3,
    "warning": 3,
    "Problem": 2,
    "_Refused": 2,
    "problem": 1,
    ".error": 1,
    ".warn": 1,
}


def _codes() -> set[str]:
    found = {f"bad-{kind}" for kind in decode._PATTERNS} | {code for code, _ in privacy._TOLD.values()}
    for path in Path(gongshi.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            function = call.func
            name = "." + function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            position = POSITIONS.get(name)
            if position is not None and len(call.args) > position and isinstance(call.args[position], ast.Constant):
                found.add(call.args[position].value)
    return found


def test_every_code_is_explained():
    section = _part("## 10", "## 11")
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    explained = {code for cell in rows for code in re.findall(r"`([a-z]+(?:-[a-z]+)*)`", cell)}
    assert explained == _codes()


def test_every_field_is_explained():
    section = _part("## 6", "## 10")
    records = [value for value in vars(model).values() if dataclasses.is_dataclass(value)]
    fields = {(record.__name__, f.name) for record in records for f in dataclasses.fields(record) if f.metadata}
    assert {(record, name) for record, name in fields if not re.search(rf"[`.]{name}`", section)} == set()


def test_links_inside_the_manual_lead_somewhere():
    text = re.sub(r"```.*?```", "", MANUAL, flags=re.DOTALL)
    slugs = {
        re.sub(r"[^\w\- ]", "", h.strip().lower()).replace(" ", "-")
        for h in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) - slugs == set()
