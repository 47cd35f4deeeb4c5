"""The health report finds what it promises, at its place, and an ordinary check knows nothing of it."""

import json
import random
import shutil
from pathlib import Path

import pytest

from gongshi.health.alike import HASHES, Measures, Sketch, candidates, sketch
from gongshi.health.wording import BUILT_IN
from tests.conftest import ROOT, TODAY

LONG = "对全市城区老旧供水管网逐段排查，建立台账，明确责任人和完成时限，每月通报进度。"
CODES = {
    "alike-measures",
    "missing-identifier",
    "no-file",
    "stale-column",
    "stale-status",
    "unread-attachment",
    "wording",
}


def _notice(content: Path, name: str, body: str, published: str = "2025-05-20") -> Path:
    path = content / "notices" / "2025" / f"{name}.yaml"
    head = f"kind: rectification\ntitle: {name}\nagency: water\npublished: {published}\ntext: digest\n"
    path.write_text(head + body, "utf-8")
    return path


def _issue(number: int, measure: str, more: str = "") -> str:
    return f"      - {{id: '{number}', title: 问题{number}, measures: ['{measure}']{more}}}\n"


def _told(run, *arguments: str) -> list[dict[str, object]]:
    code, report, _ = run("check", "--site", "--today", TODAY, "--format", "json", *arguments)
    assert code in (0, 1)
    return [problem for problem in json.loads(report) if problem["code"] in CODES | {"bad-wording"}]


def _of(problems: list[dict[str, object]], code: str) -> list[dict[str, object]]:
    return [problem for problem in problems if problem["code"] == code]


def test_an_ordinary_check_knows_nothing_of_it(content: Path, run):
    _notice(content, "a", "opening: 截止目前已经坚绝整改。\n")
    (content / "wording.yaml").write_text("- 甲\n")
    assert run("check", "--today", TODAY)[:2] == (0, "")
    assert _told(run)


def test_wording_at_its_line_and_column(content: Path, run):
    path = _notice(content, "a", "opening: |\n  第一段。\n\n  截止目前，市委巡查组满意。\n# 坚绝\n")
    found = _of(_told(run), "wording")
    assert [(Path(str(p["path"])).name, p["line"], p["column"]) for p in found] == [
        (path.name, 9, 3),
        (path.name, 9, 8),
    ]
    assert "截至目前" in found[0]["message"]


def test_editors_add_words_and_take_some_away(content: Path, run):
    _notice(content, "a", "opening: 截止目前，贯彻落时到位，布署完毕。\n")
    (content / "wording.yaml").write_text("落时: 落实\n布署: 布署\n")
    assert sorted(p["message"][:4] for p in _of(_told(run), "wording")) == ["“截止目", "“落时”"]


@pytest.mark.parametrize(
    "text", ["- 甲\n", "甲: 乙\n", "坚绝:\n", "坚绝: [甲]\n", "错字: " + "长" * 30 + "\n", "a: b: c\n", "&a b: c\n"]
)
def test_a_bad_list_is_told_and_the_rest_goes_on(content: Path, run, text: str):
    _notice(content, "a", "opening: 截止目前。\n")
    (content / "wording.yaml").write_text(text)
    code, report, _ = run("check", "--site", "--today", TODAY)
    assert code == 1
    assert "content/wording.yaml:1:" in report
    assert "[wording]" in report


def test_no_correction_is_a_fault_itself():
    assert not [right for right in BUILT_IN.values() if any(wrong in right for wrong in BUILT_IN)]


def test_a_measure_that_is_reported_twice(content: Path, run):
    copy = LONG.replace("逐段", "分段").replace("每月", "按月")
    issues = (
        _issue(1, LONG)
        + _issue(2, copy)
        + _issue(3, "新建水源1处，购置应急供水车4台，组织供水应急演练两次，培训维修人员。")
    )
    _notice(content, "a", "sections:\n  - title: 甲\n    issues:\n" + issues)
    found = _of(_told(run), "alike-measures")
    assert [p["line"] for p in found] == [9, 10]
    assert "2 个问题" in found[0]["message"]


def test_a_problem_that_is_continued_is_one(content: Path, run):
    part = "sections:\n  - title: 甲\n    issues:\n"
    _notice(content, "a", part + _issue(1, LONG))
    _notice(content, "b", "follows: [a]\n" + part + _issue(1, LONG, ", continues: 'a#issue-1'"), "2025-06-20")
    assert _of(_told(run), "alike-measures") == []


def test_every_planted_copy_with_a_tenth_of_it_changed_is_found():
    chance = random.Random(7)
    letters = [chr(0x4E00 + n) for n in range(800)]
    words = ["".join(chance.choices(letters, k=chance.choice((2, 2, 3, 4)))) for _ in range(3_000)]
    boilerplate = "".join(chance.choices(words, k=5))
    texts = [
        boilerplate * chance.randint(0, 1) + "".join(chance.choices(words, k=chance.randint(9, 30)))
        for _ in range(5_000)
    ]
    planted = []
    for original in chance.sample(range(5_000), 400):
        copy = list(texts[original])
        for at in chance.sample(range(len(copy)), len(copy) // 10):
            copy[at] = chance.choice(letters)
        planted.append((original, len(texts)))
        texts.append("".join(copy))
    measures = Measures()
    measures.add("a", "a", [Sketch(str(n), n, 1, text, sketch(text)) for n, text in enumerate(texts)])
    group_of = {measure: number for number, group in enumerate(measures._groups()) for measure in group}
    assert [pair for pair in planted if group_of.get(pair[0], -1) != group_of.get(pair[1], -2)] == []


def test_the_work_is_linear_even_if_all_are_alike():
    texts = [LONG + "甲" * (n % 50) for n in range(3_000)]
    pairs = list(candidates([sketch(text) for text in texts], texts))
    assert len(pairs) <= 4 * len(texts)
    assert all(len(sketch(text)) <= 4 * HASHES for text in texts)


def test_the_report_does_not_depend_on_who_came_first():
    texts = [LONG, LONG.replace("逐段", "分段"), LONG.replace("台账", "账册")]
    told = []
    for order in ([0, 1, 2], [2, 0, 1]):
        measures = Measures()
        for n in order:
            measures.add(f"n{n}", f"n{n}.yaml", [Sketch("1", 5, 1, texts[n], sketch(texts[n]))])
        told.append([[measures._place(m) for m in group] for group in measures._groups()])
    assert told[0] == told[1]
    assert len(told[0][0]) == 3


def test_what_is_stale(content: Path, run):
    late = (
        "sections:\n  - title: 甲\n    issues:\n"
        + _issue(1, "短。", ", status: 正在整改")
        + _issue(2, "短。", ", status: 已完成")
    )
    path = _notice(content, "a", late, "2022-05-20")
    found = _of(_told(run), "stale-status")
    assert [Path(str(p["path"])).name for p in found] == [path.name]
    assert "1 个问题（编号 1）" in found[0]["message"]
    assert _of(_told(run), "stale-column") == []
    assert {Path(str(p["path"])).name for p in _of(_told(run, "--stale-days", "30"), "stale-column")} == {
        "water.yaml",
        "regions.yaml",
        "notices",
    }


def test_what_a_government_site_prints_and_site_yaml_lacks(content: Path, run):
    assert len(_of(_told(run), "missing-identifier")) == 6


def test_attachments_that_need_a_person(content: Path, run):
    path = _notice(content, "a", "opening: 甲。\nattachments:\n  - {title: 甲, file: a.doc}\n  - {title: 乙}\n")
    path.with_suffix("").mkdir()
    (path.with_suffix("") / "a.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    assert [Path(str(p["path"])).name for p in _of(_told(run), "unread-attachment")] == ["a.doc"]
    assert [p["line"] for p in _of(_told(run), "no-file")] == [9]


def test_a_page_for_editors(content: Path, run):
    _notice(content, "a", "opening: 截止目前<script>。\n").rename(content / "notices/2025/a.yaml")
    code, report, _ = run("check", "--report", "体检.html", "--today", TODAY)
    assert code == 0
    page = Path("体检.html").read_text("utf-8")
    assert "用词（1）" in page
    assert "<script" not in page
    assert page.count("<tr><td>") == len(report.splitlines())
    assert not Path("site").exists()


@pytest.mark.parametrize("place", ["site/体检.html", "content/体检.html", "体检.yaml"])
def test_the_page_is_never_published_or_taken_for_content(content: Path, run, place: str):
    code, _, words = run("check", "--report", place, "--today", TODAY)
    assert code == 2
    assert "请" in words or "要写成" in words
    assert not Path(place).exists()


def test_a_site_that_cannot_be_read_has_no_health(content: Path, run):
    (content / "site.yaml").unlink()
    assert run("check", "--site", "--today", TODAY)[0] == 1


def test_without_a_cache_and_with_a_damaged_one(content: Path, run):
    plain = run("check", "--site", "--today", TODAY)[1]
    assert run("check", "--site", "--today", TODAY, "--no-cache")[1] == plain
    shutil.rmtree(".gongshi-cache/packs")
    assert run("check", "--site", "--today", TODAY)[1] == plain


def test_the_demonstration_is_healthy_in_its_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, run):
    shutil.copytree(ROOT / "content", tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    found = _told(run)
    assert [p for p in found if p["code"] in ("alike-measures", "wording", "unread-attachment")] == []
