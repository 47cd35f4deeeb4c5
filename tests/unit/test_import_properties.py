"""Whatever is imported: never a traceback, never a lost character, and what is written passes `check`."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gongshi.cache import Cache
from gongshi.importer import lines, proof
from gongshi.importer.grammar import recognise
from gongshi.importer.intake import Intake
from gongshi.importer.paragraph import Paragraph
from gongshi.importer.read import read
from gongshi.problems import UsageError, has_errors
from tests.conftest import ROOT
from tests.import_truth import CASES, source

TEXTS = [
    [paragraph.text for paragraph in read(source(case).name, source(case).read_bytes())]
    for case in CASES
    if source(case).suffix == ".txt"
]
LINES = sorted({line for text in TEXTS for line in text})
INTRUDERS = [
    "整改情况:", "整改进度:已完成", "整改进度:", "原因分析：", "一、", "（一）", "1.", "(1)", "一是", "二是好。三是坏。", "——", "责任单位：甲、乙；丙",
    "关于“甲”整改情况:一是做。二是查。", "附件:1.登记表", "2024年5月6日", "二〇二四年五月六日", "- 列表", "| 甲 | 乙 |", "> 引用", "# 标题", "1. 有序",
    "*星* _线_ `码` [链](http://a.example) <http://b.example> \\* &amp; ~~删~~", "***", "---", "监督电话：12345；邮箱：a@b.example。", "“", "（",
]  # fmt: skip
MARKS = st.text(alphabet="*_[]|<>#`\\-+.1一(）(“”：:。；、\u3000①⑴⒈&!~是1２①\u200b\ufeff", min_size=1, max_size=4)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A notice of the corpus, cut, joined, mixed with others and damaged."""
    text = list(draw(st.sampled_from(TEXTS)))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, max(0, len(text) - 1)))
        kind = draw(st.sampled_from(["cut", "move", "join", "split", "mark", "drop", "append", "unnumber", "intrude"]))
        line = text[at] if text else ""
        within = draw(st.integers(0, len(line)))
        if kind == "cut":
            text = text[at:] if draw(st.booleans()) else text[:at]
        elif kind == "move" and text:
            text.insert(draw(st.integers(0, len(text))), text.pop(at))
        elif kind == "join" and len(text) > at + 1:
            text[at : at + 2] = ["".join(text[at : at + 2])]
        elif kind == "split" and text:
            text[at : at + 1] = [line[:within], line[within:]]
        elif kind == "mark" and text:
            text[at] = line[:within] + draw(MARKS) + line[within:]
        elif kind == "drop":
            del text[at : at + draw(st.integers(1, 5))]
        elif kind == "append":
            text += draw(st.sampled_from(TEXTS))[draw(st.integers(0, 9)) :]
        elif kind == "unnumber" and text:
            text[at] = re.sub(r"^[^、.)）]*[、.)）]", "", line)
        else:
            text.insert(at, draw(st.sampled_from(INTRUDERS)))
    return "\n".join(text)


@pytest.fixture(scope="module")
def intake() -> Iterator[Intake]:
    cache = Cache(None)
    yield Intake(ROOT / "tests" / "base" / "content", cache)
    cache.close()


# Shrinking would take minutes; a notice that fails can be read as it is.
@settings(max_examples=400, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(text=damaged())
def test_nothing_is_lost_whatever_happened_to_the_text(text: str, intake: Intake, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "damaged.txt"
    path.write_text(text, encoding="utf-8", newline="\n")
    paragraphs = read(path.name, path.read_bytes())
    kept, noise = lines.without_noise(paragraphs)
    if not kept:
        with pytest.raises(UsageError, match="没有通报的文字"):
            intake.take(path)
        return
    imported = intake.take(path)
    article = proof.printed(imported.notice)
    assert article == proof.source_text(kept)
    assert [p for p, _ in imported.noise] == [p for p, _ in noise]
    assert not imported.unstructured
    assert not has_errors(imported.problems)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(LINES + INTRUDERS) | MARKS, max_size=12))
def test_lines_in_any_order_are_printed_in_that_order(texts: list[str]):
    paragraphs = [Paragraph(text.strip(), f"第 {n} 行") for n, text in enumerate(texts, 1) if text.strip()]
    kept, _ = lines.without_noise(paragraphs)
    assert proof.printed(recognise(paragraphs).notice) == proof.source_text(kept)


@pytest.mark.parametrize(
    ("source", "shown", "place"),
    [("甲乙", "甲乙", None), ("甲乙", "甲", 1), ("甲", "甲乙", 1), ("甲乙", "甲丙", 1), ("", "", None)],
)
def test_the_proof_sees_what_is_missing_added_or_changed(source: str, shown: str, place: int | None):
    assert proof.first_difference(source, shown) == place


def test_time_grows_with_the_length_and_not_with_its_square():
    def seconds(times: int) -> float:
        paragraphs = read("a.txt", ("一、问题整改\n1.问题\n整改情况：甲，" + "一是乙，" * times).encode())
        started = time.process_time()
        recognise(paragraphs)
        return time.process_time() - started

    seconds(100)
    small, large = min(seconds(20_000) for _ in range(3)), min(seconds(80_000) for _ in range(3))
    assert large < 9 * small


HOSTILE = {
    "runs that begin again and again": "整改情况：甲，" + "一是乙，" * 50_000,
    "runs of several kinds": "1.问题\n整改情况：甲，" + "一是乙，(1)丙，①丁，" * 30_000,
    "a million brackets": "(" * 1_000_000,
    "full-width brackets": "（" * 300_000,
    "links that never are": "[" * 300_000,
    "quotation marks": "1." + "“" * 500_000,
    "numbers ten thousand deep": "\n".join("(" * min(n, 300) + "一" + ")" * min(n, 300) for n in range(10_000)),
    "sections": "\n".join("一、" for _ in range(50_000)),
    "issues": "一、问题整改\n" + "\n".join(f"{n % 999}.问题。\n整改进度：已完成" for n in range(20_000)),
    "labels": "\n".join("整改情况:" for _ in range(50_000)),
    "labels on a line": "整改情况:" + " 整改情况:" * 50_000,
    "measures on a line": "一、整改\n（一）问题\n" + "。一是" * 100_000,
    "measures that begin again": "一、问题整改\n1.问题\n整改情况：" + "一是做了。二是做。" * 30_000,
    "attachments": "附件1" * 100_000,
    "books": "《" * 300_000,
    "titles": "\n".join("关于" for _ in range(50_000)),
    "years": "2024年" * 100_000,
    "digits": "1" * 1_000_000,
    "phones": "联系电话:" + "0546-" * 100_000,
    "e-mails": "a@" * 300_000,
    "responsibility": "【牵头部门:" * 50_000,
    "statuses": "该问题已完成" * 100_000,
    "backslashes": "\\" * 300_000,
    "white space": " " * 1_000_000 + "字",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_in_bounded_time(name: str):
    """A bound that only an algorithm with the square of the length would break."""
    started = time.process_time()
    paragraphs = read("a.txt", HOSTILE[name].encode())
    kept, _ = lines.without_noise(paragraphs)
    notice = recognise(paragraphs).notice
    assert time.process_time() - started < 20
    assert proof.printed(notice) == proof.source_text(kept)


def test_two_megabytes_are_read_in_seconds():
    whole = "\n".join("\n".join(text) for text in TEXTS)
    text = (whole * (2_000_000 // len(whole.encode()) + 1)).encode()[:2_000_000].decode("utf-8", "ignore")
    started = time.process_time()
    paragraphs = read("a.txt", text.encode())
    notice = recognise(paragraphs).notice
    kept, _ = lines.without_noise(paragraphs)
    assert proof.printed(notice) == proof.source_text(kept)
    assert time.process_time() - started < 30


def test_what_is_too_large_is_refused(tmp_path: Path, intake: Intake):
    path = tmp_path / "large.txt"
    path.write_bytes(b"a" * (9 * 1024 * 1024))
    with pytest.raises(UsageError, match="拆成几个文件"):
        intake.take(path)
