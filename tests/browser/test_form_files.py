"""What the form writes: exactly what was edited, and nothing else. Node runs the published scripts, PyYAML judges."""

import copy
import difflib
import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongshi.decode import Report, decode
from gongshi.importer.write import write
from gongshi.model import Notice
from gongshi.source import parse_yaml
from tests.conftest import ROOT

FILES = sorted(
    path
    for folder in (ROOT / "content", ROOT / "tests" / "base", *(ROOT / "tests" / "good").iterdir())
    for path in folder.rglob("*.yaml")
    if path.name != "regions.yaml"
)
COMMENTED = """\
# 先看这里
title: '有引号'   # 标题后的话

# 种类前的话
kind: rectification
agency: water
published:
text: "verbatim"
source: {name: 水务局网站, note: '说明, 有逗号'}
sections:
  # 第一部分
  - title: 情况   # 尾注
    text: |
      第一段。

      第二段。


  - issues:
    - title: 不缩进的列表
      id: '1'
      # 措施前的话
      measures:
      - 一句话
      - {text: 花括号里的话, status: 已完成}
      - text: |
          两行
          的话
        due: 2024-05
      lead: [甲科, 乙科]
      units:
        - 丙科
        # 两项之间
        - 丁科
signed:
  by: 水务局
  date: 2024-04-18
"""


@dataclass
class Form:
    """The published scripts, and the fields that they were made for."""

    process: "subprocess.Popen[str]"
    collections: dict[str, Any]

    def ask(self, **question: Any) -> dict[str, Any]:
        """What the scripts answer."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def fields(self, name: str) -> list[dict[str, Any]]:
        collection = self.collections[name]
        fields: list[dict[str, Any]] = collection.get("files", [collection])[0]["fields"]
        return fields


@pytest.fixture(scope="module")
def form(admin_site: Path) -> Iterator[Form]:
    config = json.loads((admin_site / "admin" / "config.json").read_text())
    with subprocess.Popen(
        ["node", Path(__file__).with_name("splice.mjs"), admin_site / "admin"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        yield Form(process, {each["name"]: each for each in config["collections"]})


def collection_of(path: Path) -> str:
    if path.name == "site.yaml":
        return "site"
    return "notices" if "notices" in path.parts else "agencies"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_saving_what_nobody_edited_changes_no_byte(form: Form, path: Path) -> None:
    text = path.read_text()
    name = collection_of(path)
    for each in (name, "progress") if name == "notices" else (name,):
        values = form.ask(name=each, text=text)["values"]
        assert form.ask(name=each, values=values)["text"] == text


@pytest.mark.parametrize("change", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
def test_a_file_of_windows_stays_one(form: Form, change: Callable[[str], str]) -> None:
    values = form.ask(name="notices", text=change(COMMENTED))["values"]
    assert form.ask(name="notices", values=values)["text"] == change(COMMENTED)
    values["opening"] = "第一段。\n\n第二段。"
    written = form.ask(name="notices", values=values)["text"]
    assert written == change(COMMENTED.replace("sections:\n", "opening: |\n  第一段。\n\n  第二段。\nsections:\n"))


def test_a_file_with_a_slip_is_not_written(form: Form) -> None:
    values = form.ask(name="notices", text="kind: plan\ntitle: 甲: 乙\n")["values"]
    assert values["title"] == "（这个文件有语法错误）"
    answer = form.ask(name="notices", values=values | {"title": "甲", "kind": "plan"})
    assert "第 2 行不是正确的 YAML" in answer["error"]


def test_what_was_not_read_is_not_written(form: Form) -> None:
    assert "没有读到原来的文件" in form.ask(name="progress", values={"title": "甲"})["error"]


# ---- one edit anywhere


def plain(text: str) -> Any:
    """A file as text, lists and mappings, without what is empty."""
    return stripped(of_node(yaml.compose(text, yaml.CBaseLoader)))


def of_node(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: of_node(held) for key, held in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [of_node(item) for item in node.value]
    return "" if node.value in {"~", "null"} and not node.style else node.value


def stripped(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return [stripped(item) for item in value]
    found = {key: stripped(held) for key, held in value.items()}
    return {key: held for key, held in found.items() if held not in ("", {}, [])}


def values_of(part: Any, fields: list[dict[str, Any]]) -> dict[str, Any]:
    """What the form holds for a plain value."""
    found = {}
    for field in fields:
        held = part.get(field["name"])
        if held is None:
            continue
        kind = field["kind"]
        if kind == "lines":
            held = "\n".join(held)
        elif kind == "flag":
            held = held == "true"
        elif kind in {"one", "part"}:
            held = values_of(held, field["fields"])
            held = [held] if kind == "one" else held
        elif kind == "many":
            short = next((f["name"] for f in field["fields"] if f.get("short")), "")
            held = [values_of({short: item} if isinstance(item, str) else item, field["fields"]) for item in held]
        found[field["name"]] = held
    return found


def longhand(value: Any, fields: list[dict[str, Any]]) -> Any:
    """A plain value in which a short form is written out, and a false that stands for nothing is gone."""
    found = {}
    for field in fields:
        held = value.get(field["name"])
        if held is None or (field["kind"] == "flag" and held == "false"):
            continue
        if field["kind"] in {"one", "part"}:
            held = longhand(held, field["fields"])
        elif field["kind"] == "many":
            short = next((f["name"] for f in field["fields"] if f.get("short")), "")
            held = [longhand({short: item} if isinstance(item, str) else item, field["fields"]) for item in held]
            held = [item for item in held if item]
        found[field["name"]] = held
    return {key: held for key, held in found.items() if held not in ("", {}, [])}


LINES = st.sampled_from(
    ["0546", "true", "null", "~", "1e3", "2023-05", "# 不是注释", "甲: 乙", "it's", '"引号"', "- 横线", "{花括号}", "[方]",
     "甲, 乙", "尾 #注", "*星", "&和", "!叹", "| 竖", "100%", "@某", "`代码`", "？问", "键：值", "key:值", "\\n 不是换行",
     "很长的一行" * 30, "末尾冒号:", "'单'", "a  b", "…", "=", "?"]
)  # fmt: skip
TEXTS = LINES | st.sampled_from(
    ["第一段。\n\n第二段。", "一\n  缩进的行\n三", "- 甲\n- 乙", "1. 甲", "甲。\n# 像注释", "长。" * 80]
)


@dataclass
class Edit:
    """One edit: the value after it, and where in the file it was (keys and places in lists)."""

    value: Any
    path: tuple[Any, ...]


@st.composite
def edits(draw: st.DrawFn, value: Any, fields: list[dict[str, Any]]) -> Edit:
    """One change somewhere in a value."""
    places = list(spots(value, fields, ()))
    path, field, held = draw(st.sampled_from(places))
    after = copy.deepcopy(value)
    parent: Any = after
    for step in path[:-1]:
        parent = parent[step]
    if isinstance(held, list):
        items = list(held)
        at = draw(st.integers(0, len(items) - 1))
        change = draw(st.sampled_from(["drop", "copy", "move", "new"]))
        if change == "drop":
            del items[at]
        elif change == "copy":
            items.insert(draw(st.integers(0, len(items))), copy.deepcopy(items[at]))
        elif change == "move":
            items.insert(draw(st.integers(0, len(items) - 1)), items.pop(at))
        else:
            new = draw(LINES) if isinstance(items[0], str) else {f["name"]: draw(LINES) for f in texts_of(field)[:2]}
            items.insert(at, new)
        parent[path[-1]] = items
    elif held is None or draw(st.booleans()):
        parent[path[-1]] = draw(TEXTS if field["kind"] == "prose" else LINES)
    else:
        del parent[path[-1]]
    return Edit(after, path)


def texts_of(field: dict[str, Any]) -> list[dict[str, Any]]:
    return [f for f in field["fields"] if f["kind"] in {"line", "prose"}]


def spots(value: Any, fields: list[dict[str, Any]], path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Every place where something can be edited: its path, its field, and what is there."""
    for field in fields:
        name, kind = field["name"], field["kind"]
        held = value.get(name)
        if kind in {"line", "prose"}:
            yield (*path, name), field, held
        elif held is None:
            continue
        elif kind in {"one", "part"}:
            yield from spots(held, field["fields"], (*path, name))
        elif kind in {"lines", "several", "many"}:
            yield (*path, name), field, held
            for n, item in enumerate(held if kind == "many" else ()):
                yield from spots(item, field["fields"], (*path, name, n))


def at_path(value: Any, path: tuple[Any, ...]) -> Any:
    """What stands at a path."""
    for step in path:
        value = value[step]
    return value


def lines_of(text: str, path: tuple[Any, ...]) -> range:
    """The lines of a file, from 0, of the value at a path, or of the innermost part of it that is there."""
    node = yaml.compose(text, yaml.CBaseLoader)
    start, end = node.start_mark, node.end_mark
    for step in path:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, held) for key, held in node.value if key.value == step), None)
            if pair is None:
                break
            start, end, node = pair[0].start_mark, pair[1].end_mark, pair[1]
        elif isinstance(node, yaml.SequenceNode):
            node = node.value[step]
            start, end = node.start_mark, node.end_mark
    return range(start.line, end.line + 2)  # where the first key of an item goes, the next one moves up to the dash


@pytest.mark.parametrize(
    "path", [None, *FILES], ids=lambda path: path.relative_to(ROOT).as_posix() if path else "commented"
)
def test_an_edit_changes_what_it_is_about(form: Form, path: Path | None) -> None:
    text = path.read_text() if path else COMMENTED
    name = collection_of(path) if path else "notices"
    fields = form.fields(name)
    before = longhand(plain(text), fields)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(edits(before, fields))
    def check(edit: Edit) -> None:
        wanted = longhand(stripped(edit.value), fields)
        result = form.ask(name=name, values=values_of(edit.value, fields) | {"_source": text})["text"]
        assert longhand(plain(result), fields) == wanted
        old, new = text.split("\n"), result.split("\n")
        steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        touched = {n for tag, start, end, *_ in steps if tag != "equal" for n in range(start, end)}
        path = edit.path
        while path[:-1] and len(at_path(before, path[:-1])) == 1:
            path = path[:-1]  # what holds nothing any more goes, too
        near = lines_of(text, path)
        assert touched <= set(near), (edit.path, result)

    check()


@pytest.mark.parametrize(
    "path", [None, *FILES], ids=lambda path: path.relative_to(ROOT).as_posix() if path else "commented"
)
def test_several_edits_at_once_come_to_what_was_meant(form: Form, path: Path | None) -> None:
    text = path.read_text() if path else COMMENTED
    name = collection_of(path) if path else "notices"
    fields = form.fields(name)
    before = longhand(plain(text), fields)

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        wanted = before
        for _ in range(4):
            wanted = longhand(stripped(data.draw(edits(wanted, fields)).value), fields)
        answer = form.ask(name=name, values=values_of(wanted, fields) | {"_source": text})
        assert longhand(plain(answer["text"]), fields) == wanted

    check()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_new_notice_is_written_as_the_importer_writes_it(form: Form, path: Path) -> None:
    raw = path.read_bytes()
    if collection_of(path) != "notices" or b"withheld" in raw or b"withdrawn" in raw:
        pytest.skip("the importer writes notices, and nothing that is left out")
    values = form.ask(name="notices", text=raw.decode())["values"]
    del values["_source"]
    notice = decode(Notice, parse_yaml(raw, "").root, Report(""))
    assert notice
    assert form.ask(name="notices", values=values)["text"] == write(notice)
