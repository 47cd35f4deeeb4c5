"""What the importer writes is read back as the same value, and looks as an editor would have written it."""

import datetime as dt
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongshi import model
from gongshi.dates import PartialDate
from gongshi.decode import CUTTING, Report, decode
from gongshi.importer.write import write
from gongshi.source import parse_yaml
from tests.conftest import ROOT, read_content

FOLDERS = [ROOT / "content", *(case / "content" for case in sorted((ROOT / "tests" / "good").iterdir()))]
NOTICE_LINE = "# yaml-language-server: $schema=../../../schema/notice.json\n"
HEAD = NOTICE_LINE + "kind: plan\ntitle: 方案\nagency: water\ntext: verbatim\n"


def notice(**given: Any) -> model.Notice:
    return model.Notice(kind="plan", title="方案", agency="water", text="verbatim", **given)


def read(text: str, like: model.Notice | model.Agency) -> tuple[Any, list[str]]:
    """The value of a file that was written, with what a file does not hold, and the problems."""
    report = Report("a.yaml")
    parsed = parse_yaml(text.encode(), "a.yaml")
    names = ("id", "path", "sha256", "blob") if isinstance(like, model.Notice) else ("id", "path")
    value = decode(type(like), parsed.root, report, **{name: getattr(like, name) for name in names})
    return value, [f"{p.span.line}: {p.code}" for p in (*parsed.problems, *report.problems)]


def check(value: model.Notice | model.Agency, comments: Mapping[int, Sequence[str]] | None = None) -> str:
    text = write(value, comments or {})
    assert read(text, value) == (value, [])
    return text


# Everything that the project has


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_good_content_survives_the_round_trip(folder):
    agencies, notices = read_content(folder)
    for value in (*agencies, *notices):
        assert read(write(value), value) == (value, [])


# Anything that the model can hold

ALPHABET = "甲乙一，。：；、（）“”《》｜＃①\u3000—aB01 '\":#-?*&!|>%@`\\[]{},.~=<_+/$^()"
raw = st.text(ALPHABET, max_size=12).map(str.strip)
awkward = st.sampled_from([
    "0546", "7", "1.", "1.5", "1e3", "0x1F", "no", "null", "~", "true", "12:30", "2024-04-15", "---", "...", "(1)",
    "A：甲", "GDP：增长", "a:甲", "a:1", "a:", "a: 1", "a : b", "a :b", 'a_b:"甲"', "'a'", "|", ">-", "甲 |", "甲: |",
    "甲 # 乙", "# 甲", "- 甲", "- - 甲：乙", "? a", "!!str", "<<", "=", "%a", "甲\\",
])  # fmt: skip
lines = st.one_of(
    raw.filter(bool), awkward, st.text("甲乙，:", min_size=50, max_size=130).map(lambda text: f"丙{text}丙")
)
indented = st.builds(lambda lead, line: lead + line, st.sampled_from(["", "", "  ", "    ", "\u3000\u3000"]), lines)
prose = (
    st.lists(st.one_of(indented, st.just("")), min_size=1, max_size=5)
    .map(lambda given: "\n".join(given).strip())
    .filter(bool)
)
partial_dates = st.sampled_from(["2027", "2023-06", "2023-06 中旬", "2023-06-08"]).map(PartialDate.parse)
TEXTS = {
    "line": lines,
    "term": lines,
    "prose": prose,
    "id": st.sampled_from(["water", "no", "a-1"]),
    "issue-id": st.sampled_from(["1", "1-2", "1e3", "no", "secret-4"]),
    "issue-ref": st.just("water-2024#issue-1"),
    "region-code": st.just("370500"),
    "area-code": st.sampled_from(["0546", "010"]),
    "file-name": st.sampled_from(["register.csv", "整改 台账, [1].xlsx"]),
    "url": st.sampled_from(["https://a.example/", "https://a.example/?a=[1],{b}&c#d:"]),
    "number-style": st.sampled_from(["一、", "(一)", "1.", "(1)", "一是", "①", "[1]", "第一，", "1"]),
    "count": st.integers(0, 999_999_999),
}
LEAVES = {
    PartialDate: partial_dates,
    bool: st.booleans(),
    dt.date: st.dates(dt.date(1000, 1, 1)),
    Decimal: st.decimals(0, 99_999, places=2) | st.sampled_from([Decimal(0), Decimal(7), Decimal("1E+3")]),
}


def strategy(hint: Any) -> Any:
    """Values of a type as `model.py` writes it. What withholds something is left out: it has rules of its own."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return TEXTS[args[1]]
    if origin in (types.UnionType, typing.Union):
        return st.none() | strategy(next(arg for arg in args if arg is not type(None)))
    if origin is tuple:
        return st.lists(strategy(args[0]), max_size=2).map(tuple)
    if origin is Literal:
        return st.sampled_from(args)
    return LEAVES[hint] if hint in LEAVES else records(hint)


def records(cls: Any) -> Any:
    hints = typing.get_type_hints(cls, include_extras=True)
    wanted = [f for f in fields(cls) if f.metadata and f.name not in CUTTING]

    @st.composite
    def build(draw: Any) -> Any:
        optional = [f.name for f in wanted if not f.default is f.default_factory is MISSING]
        some = draw(st.sets(st.sampled_from(optional), min_size=1, max_size=4)) if optional else set()
        if cls is model.Measure:
            some = some | {"text"}
        chosen = [f.name for f in wanted if f.name in some or f.name not in optional]
        return cls(**{name: draw(strategy(hints[name])) for name in chosen})

    return build()


def well_formed(text: str) -> None:
    assert "\t" not in text
    assert [line for line in text.split("\n") if line != line.rstrip(" ")] == []
    pure, fast = (yaml.load(text, Loader=loader) for loader in (yaml.BaseLoader, yaml.CBaseLoader))
    assert pure == fast


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(records(model.Notice) | records(model.Agency))
def test_random_values_survive_the_round_trip(value):
    well_formed(check(value))


@settings(deadline=None)
@given(lines, prose)
def test_text_survives_in_every_position(line, block):
    contact = model.Contact(phones=(model.Phone(number=line, label=line),), emails=(line, line), hours=line)
    issue = model.Issue(
        id="1",
        title=line,
        text=block,
        measures=(model.Measure(text=line), model.Measure(text=block), model.Measure(text=block, number=line)),
        lead=(line,),
        updates=(model.Update(date=dt.date(2025, 8, 1), text=block),),
    )
    value = notice(
        labels=model.Labels(lead=line, units="单位"),
        opening=line,
        sections=(model.Section(text=block, issues=(issue, issue)),),
        closing=block,
        contact=contact,
        signed=model.Signature(by=line),
    )
    comments = {id(part): (line, block) for part in (value, issue, *issue.measures, contact, contact.phones[0])}
    well_formed(check(value))
    well_formed(check(value, comments))


# How it looks


def test_short_mappings_stand_on_one_line():
    value = notice(
        published=PartialDate.parse("2024-04-15"),
        declared=model.Totals(measures=30, done_includes_long_term=True),
        figures=(model.Figure(label="投资", value=Decimal("1277.0856"), unit="万元"),),
        labels=model.Labels(status="整改进度", due="整改时限："),
        numbering=model.Numbering(section="一、", issue="1.", measure="(1)", restart=("issue",)),
        contact=model.Contact(
            phones=(model.Phone(number="8321918", area_code="0546", label="电话"),), emails=("a@b.example",)
        ),
        signed=model.Signature(by="示例市水务局", date=PartialDate.parse("2027")),
    )
    assert check(value) == HEAD + (
        "published: 2024-04-15\n"
        "declared: {measures: 30, done_includes_long_term: true}\n"
        "figures:\n"
        "  - {label: 投资, value: 1277.0856, unit: 万元}\n"
        "labels: {status: 整改进度, due: 整改时限：}\n"
        "numbering: {section: 一、, issue: '1.', measure: (1), restart: [issue]}\n"
        "contact:\n"
        "  phones:\n"
        "    - {number: '8321918', area_code: '0546', label: 电话}\n"
        "  emails: [a@b.example]\n"
        "signed: {by: 示例市水务局, date: '2027'}\n"
    )


def test_long_or_special_mappings_and_lists_stand_on_lines_of_their_own():
    value = notice(
        labels=model.Labels(lead="牵头部门:", units="单位"),
        sections=(model.Section(tasks=(model.Task(title="巡查", lead=("甲, 乙", "丙"), units=("工程科", "财务科")),)),),
        signed=model.Signature(by="示" * 90),
    )
    assert check(value) == HEAD + (
        "labels:\n"
        "  lead: '牵头部门:'\n"
        "  units: 单位\n"
        "sections:\n"
        "  - tasks:\n"
        "      - title: 巡查\n"
        "        lead:\n"
        "          - 甲, 乙\n"
        "          - 丙\n"
        "        units: [工程科, 财务科]\n"
        "signed:\n"
        f"  by: {'示' * 90}\n"
    )


def test_issues_and_measures():
    issue = model.Issue(
        id="1",
        title="“三重一大”不规范",
        measures=(
            model.Measure(text="建立台账。"),
            model.Measure(text="措" * 61),
            model.Measure(text="GDP：增长"),
            model.Measure(text="再改造8公里。", due=PartialDate.parse("2026-06")),
            model.Measure(withheld=model.Withheld(reason="case")),
        ),
        parts=(model.SubIssue(title="关于水源", measures=(model.Measure(text="新建。"),)),),
    )
    assert check(notice(sections=(model.Section(title="问题", issues=(issue,)),))) == HEAD + (
        "sections:\n"
        "  - title: 问题\n"
        "    issues:\n"
        "      - id: '1'\n"
        "        title: “三重一大”不规范\n"
        "        measures:\n"
        "          - 建立台账。\n"
        "          - |\n"
        f"            {'措' * 61}\n"
        "          - |\n"
        "            GDP：增长\n"
        "          - text: 再改造8公里。\n"
        "            due: 2026-06\n"
        "          - withheld: {reason: case}\n"
        "        parts:\n"
        "          - title: 关于水源\n"
        "            measures:\n"
        "              - 新建。\n"
    )


def test_prose_of_several_paragraphs_or_with_marks_is_a_block():
    value = notice(
        opening="第一段，\n接着写。\n\n    代码: # 1\n\n第二段。",
        sections=(model.Section(text="- 甲: 乙"), model.Section(text="一段。")),
        closing="止" * 60,
    )
    assert check(value) == HEAD + (
        "opening: |\n"
        "  第一段，\n"
        "  接着写。\n"
        "\n"
        "      代码: # 1\n"
        "\n"
        "  第二段。\n"
        "sections:\n"
        "  - text: |\n"
        "      - 甲: 乙\n"
        "  - text: 一段。\n"
        f"closing: {'止' * 60}\n"
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("0546", "'0546'"),
        ("7", "'7'"),
        ("1.", "'1.'"),
        ("null", "'null'"),
        ("no", "no"),
        ("12:30", "12:30"),
        ("2024-04-15", "2024-04-15"),
        ("(1)", "(1)"),
        ("一、", "一、"),
        ("甲#乙", "甲#乙"),
        ("甲 #乙", "'甲 #乙'"),
        ("甲: 乙", "'甲: 乙'"),
        ("甲:", "'甲:'"),
        ("'甲'", "'''甲'''"),
        ("it's", "it's"),
        ("-5%", "'-5%'"),
        ("[甲]", "'[甲]'"),
        ("100%", "100%"),
        ("a\\b", "a\\b"),
        ("甲 |", "甲 |"),
    ],
)
def test_text_is_quoted_only_where_it_has_to_be(text, written):
    value = model.Agency(name=text, region="370500")
    assert (
        check(value) == f"# yaml-language-server: $schema=../../schema/agency.json\nname: {written}\nregion: '370500'\n"
    )


def test_comments_stand_on_lines_of_their_own_above_their_value():
    measures = (model.Measure(text="甲。"), model.Measure(withheld=model.Withheld(reason="case")))
    issue = model.Issue(id="1", measures=measures)
    section = model.Section(issues=(issue,))
    signed = model.Signature(by="水务局")
    value = notice(sections=(section,), signed=signed)
    comments = {
        id(value): ["请核对全文"],
        id(section): ["第 3 段"],
        id(issue): ["第 4 段", "没有\t标题\r\n\x00 请补上", ""],
        id(measures[0]): ["第 5 段"],
        id(measures[1]): ["第 6 段"],
        id(measures[1].withheld): ["理由？"],
        id(signed): ["第 7 段"],
        1: ["不是这里的"],
    }
    assert check(value, comments) == HEAD.replace("kind", "# 请核对全文\nkind") + (
        "sections:\n"
        "  # 第 3 段\n"
        "  - issues:\n"
        "      # 第 4 段\n"
        "      # 没有 标题 请补上\n"
        "      #\n"
        "      - id: '1'\n"
        "        measures:\n"
        "          # 第 5 段\n"
        "          - 甲。\n"
        "          # 第 6 段\n"
        "          # 理由？\n"
        "          - withheld: {reason: case}\n"
        "# 第 7 段\n"
        "signed: {by: 水务局}\n"
    )
