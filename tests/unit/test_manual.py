"""The editors' manual is true: its examples pass, its wrong lines give the messages it quotes, its tables are complete."""

import ast
import dataclasses
import re
import shutil
from pathlib import Path

import pytest

import gongshi
from gongshi import decode, model
from tests.conftest import ROOT, TODAY

MANUAL = (ROOT / "docs" / "编辑手册.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", MANUAL, re.DOTALL)
NOTICE = """\
kind: announcement
title: 关于停水的公告
agency: water
published: 2024-04-18
text: verbatim
opening: 正文。
"""


def _rows() -> list[tuple[str, ...]]:
    # The notices that the table speaks of are not in the content of the test: one that is there stands for them.
    table = MANUAL.replace("shili-water-2022", "water-2025")[MANUAL.index("| 写错了 |") :]
    lines = table[: table.index("\n\n")].splitlines()[2:]
    return [
        tuple(cell.strip().strip("`").replace("\0", "|") for cell in line.replace("\\|", "\0").strip("|").split("|"))
        for line in lines
    ]


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


def test_the_examples_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run):
    shutil.copytree(ROOT / "content", tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    before = run("check", "--today", TODAY)[1]
    for language, block in BLOCKS:
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
    code, report, _ = run("check", "--today", TODAY)
    assert code == 0
    assert report == before, "the examples bring no warning of their own"


# Where the code stands among the arguments of each call that makes a problem.
POSITIONS = {"error": 3, "warning": 3, "Problem": 2, "_Refused": 2, "problem": 1, ".error": 1, ".warn": 1}


def _codes() -> set[str]:
    found = {f"bad-{kind}" for kind in decode._PATTERNS}
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
    section = MANUAL[MANUAL.index("## 9 ") : MANUAL.index("## 10 ")]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    explained = {code for cell in rows for code in re.findall(r"`([a-z]+(?:-[a-z]+)*)`", cell)}
    assert explained == _codes()


def test_every_field_is_explained():
    section = MANUAL[MANUAL.index("## 5 ") : MANUAL.index("## 9 ")]
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
