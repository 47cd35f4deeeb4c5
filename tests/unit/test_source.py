"""Reading with positions: scalars stay text, and no file, however broken, raises."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi import model
from gongshi.decode import Report, decode
from gongshi.source import MAX_BYTES, Mapping, Scalar, parse_yaml


def scalars(source: str) -> dict[str, str]:
    root = parse_yaml(source.encode(), "a.yaml").root
    assert isinstance(root, Mapping)
    return {key: node.text for key, (_, node) in root.items.items() if isinstance(node, Scalar)}


def test_scalars_stay_the_text_that_was_written():
    source = "电话: 05468381\nzero: 0755\nno: no\ntime: 12:30\ndate: 2024-13-45\nnull: ~\nhex: 0x1F\nfloat: 1e3\n"
    expected = ["05468381", "0755", "no", "12:30", "2024-13-45", "~", "0x1F", "1e3"]
    assert list(scalars(source).values()) == expected


def test_columns_count_characters_in_chinese_text():
    root = parse_yaml("标题: {编号: 甲, 𬭎字: 乙}\n".encode(), "a.yaml").root
    assert isinstance(root, Mapping)
    inner = root.items["标题"][1]
    assert isinstance(inner, Mapping)
    key, value = inner.items["𬭎字"]
    assert (key.line, key.column, value.column) == (1, 13, 17)


@pytest.mark.parametrize(
    ("source", "lost"),
    [
        ("a: 工程 #3", "3"),
        ("a: 工程#3", ""),
        ("a: '工程 #3'", ""),
        ("a: |\n  工程 #3", ""),
        ("a: 一行\n  又一行 # 注释", " 注释"),
        ("# 单独一行\na: 工程", ""),
        ("a:  # 待填", ""),
        ("a: 第一行\n  #第二行", "第二行"),
        ("a: 已完成\n#due: 2025-06", ""),
        ("a: #3 标段", "3 标段"),
    ],
)
def test_text_lost_as_a_comment_is_noticed(source: str, lost: str):
    root = parse_yaml(source.encode(), "a.yaml").root
    assert isinstance(root, Mapping)
    node = root.items["a"][1]
    assert isinstance(node, Scalar)
    assert node.lost == lost


@pytest.mark.parametrize(
    "source",
    [
        "a: |\n  标题：一\n  \t缩进\nb: 1",
        "a:\n  - |\n    标题：一\n    b：c\n  - x",
        "a: >-\n  title：折行\nb: 1",
        "a: |2\n    title：一\nb: 2",
        "# title：注释\na: 1",
        "a: 一二三\n  说明 甲：乙",
    ],
)
def test_full_width_colons_in_text_are_no_slips(source: str):
    assert parse_yaml(source.encode(), "a.yaml").problems == ()


def test_a_file_over_the_limit_is_refused_unread():
    parsed = parse_yaml(b"a: " + b"x" * MAX_BYTES, "a.yaml")
    assert [p.code for p in parsed.problems] == ["too-large"]


@pytest.mark.parametrize("opening", ["[", "{", "- ", "a: {"])
def test_nesting_is_bounded(opening: str):
    parsed = parse_yaml((opening * 100_000).encode(), "a.yaml")
    assert parsed.root is None
    assert [p.code for p in parsed.problems] in (["too-deep"], ["yaml"])


PIECES = ["a", ": ", ":", "：", "- ", "\n", "  ", "\t", "#", " #", "|", ">", "'", '"', "[", "]", "{", "}", ",", "&a",
          "*a", "!!str ", "---\n", "...\n", "%YAML 1.1\n", "? ", "title", "sections", "issues", "id", "公示", "\r\n",
          "\ufeff", "\x00", "\x85", "\u2028", "<<: ", "2024-01-01", "kind: plan\n"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=40).map("".join))
def test_reading_and_decoding_never_raise(source: str):
    for raw in (source.encode("utf-8", "surrogatepass"), source.encode("gb18030", "replace")):
        parsed = parse_yaml(raw, "a.yaml")
        report = Report("a.yaml")
        value = decode(model.Notice, parsed.root, report)
        problems = [*parsed.problems, *report.problems]
        assert value is not None or problems
        assert all(p.span.line >= 1 and p.span.column >= 1 for p in problems)


@given(st.dictionaries(st.sampled_from(["title", "kind", "agency", "text", "sections", "declared", "published"]),
                       st.recursive(st.text(max_size=5), lambda s: st.lists(s, max_size=2) | st.dictionaries(
                           st.sampled_from(["title", "id", "issues", "measures"]), s, max_size=2), max_leaves=6)))  # fmt: skip
def test_decoding_any_tree_gives_a_value_or_a_reason(data: dict):
    report = Report("a.yaml")
    parsed = parse_yaml(json.dumps(data).encode(), "a.yaml")  # JSON is YAML
    value = decode(model.Notice, parsed.root, report)
    assert value is not None or report.problems
