"""The health report finds what it promises, at its place, and an ordinary check knows nothing of it."""

import json
import re
import shutil
from pathlib import Path

import pytest

from bench.alike import KINDS, grouped, prose
from gongshi.cache import Cache
from gongshi.executors import Workers
from gongshi.health import alike
from gongshi.health.alike import Measures, Sketch, folded, sketch
from gongshi.health.page import GROUPS
from gongshi.health.wording import BUILT_IN
from tests.conftest import ROOT, TODAY

LONG = "对全市城区老旧供水管网逐段排查，建立台账，明确责任人和完成时限，每月通报进度。"
CODES = {
    "alike-measures",
    "missing-identifier",
    "missing-label",
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


@pytest.mark.parametrize("text", ["按装机容量、按装配式建筑计算", "安全巡查整改、河道巡查整改", "公布署名文章"])
def test_words_that_are_right_where_they_stand(content: Path, run, text: str):
    _notice(content, "a", f"opening: {text}。\n")
    assert _of(_told(run), "wording") == []


@pytest.mark.parametrize("text", ["现将巡查整改情况予以公布", "市委巡查整改", "部署任务，巡查整改", "重新布署工作"])
def test_the_same_words_where_they_are_wrong(content: Path, run, text: str):
    _notice(content, "a", f"opening: {text}。\n")
    assert len(_of(_told(run), "wording")) == 1


def test_what_editors_list_is_looked_for_everywhere(content: Path, run):
    _notice(content, "a", "opening: 河道巡查整改。\n")
    (content / "wording.yaml").write_text("巡查整改: 巡护整改\n")
    assert "巡护整改" in _of(_told(run), "wording")[0]["message"]


def test_wording_of_the_names_of_regions(content: Path, run):
    regions = content / "regions.yaml"
    regions.write_text(regions.read_text("utf-8") + "'990203': 坚绝区\n", "utf-8")
    [found] = _of(_told(run), "wording")
    assert str(found["path"]).endswith("regions.yaml")


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


def _levenshtein(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for n, a in enumerate(one, 1):
        last, row[0] = row[0], n
        for m, b in enumerate(other, 1):
            last, row[m] = row[m], min(last + (a != b), row[m] + 1, row[m - 1] + 1)
    return row[-1]


@pytest.mark.parametrize("kind", KINDS)
def test_every_copy_with_a_tenth_of_it_changed_is_found_and_nothing_else(kind: str):
    texts, planted = prose(kind, 3_000, seed=7, copies=300)
    measures = Measures()
    for n, text in enumerate(map(folded, texts)):
        measures.add(f"n{n}", f"n{n}.yaml", [Sketch("1", 1, 1, text, sketch(text))])
    numbered = list(measures.texts)
    joined = _joined(measures)
    assert len(numbered) == len(texts)
    assert [pair for pair in planted if pair[1] not in joined.get(pair[0], ())] == []
    pairs = {(one, other) for one, others in joined.items() for other in others if one < other}
    for one, other in pairs - set(planted):  # short ones, of few clauses, that are almost the same by chance
        assert 10 * _levenshtein(numbered[one], numbered[other]) < max(len(numbered[one]), len(numbered[other])) + 10
    assert len(pairs) <= 1.02 * len(planted)


def _joined(measures: Measures) -> dict[int, list[int]]:
    cache = Cache(None)
    try:
        with Workers(1) as workers:
            return measures.joined(cache, workers)
    finally:
        assert list((cache.folder / "packs").iterdir()) == []
        cache.close()


def test_long_boilerplate_about_different_things_is_no_copy(content: Path, run):
    boilerplate = "成立专项整治工作领导小组，召开专题会议研究部署，建立问题台账，明确责任人和完成时限，"
    other = "对全区农村生活污水处理设施"
    issues = _issue(1, f"{boilerplate}修订公务接待和差旅费报销管理办法。") + _issue(
        2, f"{boilerplate}{other}逐个排查。"
    )
    _notice(content, "a", "sections:\n  - title: 甲\n    issues:\n" + issues)
    assert _of(_told(run), "alike-measures") == []


def test_what_is_told_of_a_chain_is_true(content: Path, run):
    texts = [
        LONG,
        LONG.replace("逐段排查", "分批抽检"),
        LONG.replace("逐段排查", "分批抽检").replace("每月通报", "按旬公布"),
    ]
    issues = "".join(_issue(n, text) for n, text in enumerate(texts, 1))
    path = _notice(content, "a", "sections:\n  - title: 甲\n    issues:\n" + issues)
    found = _of(_told(run), "alike-measures")
    assert [p["line"] for p in found] == [9, 10, 11]
    lines = path.read_text("utf-8").split("\n")
    for problem in found:
        assert problem["message"].startswith("第 1 组（3 个问题，3 条措施）：与 ")
        other, share = map(int, re.search(r"第 (\d+) 行的措施有 (\d+)% 的字相同", problem["message"]).groups())
        one, two = (re.search(r"measures: \['(.*?)'", lines[at - 1])[1] for at in (problem["line"], other))
        assert share == 100 * (len(one) - _levenshtein(one, two)) // len(one) >= 89


def test_groups_that_are_not_told_are_counted(content: Path, run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(alike, "MAX_GROUPS", 1)
    second = "新建水源地一处，购置应急供水车，组织供水应急演练，培训维修人员。"
    issues = "".join(_issue(n, text) for n, text in enumerate((LONG, LONG, LONG, second, second), 1))
    _notice(content, "a", "sections:\n  - title: 甲\n    issues:\n" + issues)
    found = _of(_told(run), "alike-measures")
    assert [p["line"] for p in found] == [0, 9, 10, 11]
    assert "还有 1 组" in found[0]["message"]


def test_the_work_is_linear_even_if_all_are_alike():
    texts = [folded(LONG + "甲" * (n % 50) + chr(0x4E00 + n)) for n in range(3_000)]
    kept = alike._shared([sketch(text) for text in texts])
    assert max(map(len, kept)) <= 4 * alike.HASHES
    rows = sorted(hashes[at : at + 20] for hashes in kept for at in range(0, len(hashes), 4))
    assert max(alike._reach(rows)) == alike.NEAR
    assert max(alike._reach([bytes([n // 10, n % 10]) * 4 for n in range(100)])) <= alike.NEAR


def test_the_report_does_not_depend_on_who_came_first():
    texts = [LONG, LONG.replace("逐段", "分段"), LONG.replace("台账", "账册")]
    told = []
    for order in ([0, 1, 2], [2, 0, 1]):
        measures = Measures()
        for n in order:
            text = folded(texts[n])
            measures.add(f"n{n}", f"n{n}.yaml", [Sketch("1", 5, 1, text, sketch(text))])
        numbered = list(measures.texts)
        told.append({numbered[one]: {numbered[other] for other in beside} for one, beside in _joined(measures).items()})
    assert told[0] == told[1]
    assert len(told[0]) == 3


def test_processes_find_what_one_finds():
    texts, planted = prose("pool of 250 clauses", 1_500, seed=9, copies=100)
    first = []
    for jobs in (1, 2):
        group, _ = grouped(texts, jobs)
        first.append([group.index(each) for each in group])
        assert [pair for pair in planted if group[pair[0]] != group[pair[1]]] == []
    assert first[0] == first[1]


def test_what_is_stale(content: Path, run):
    late = (
        "sections:\n  - title: 甲\n    issues:\n"
        + _issue(1, "短。", ", status: 正在整改")
        + _issue(2, "短。", ", status: 已完成")
    )
    path = _notice(content, "a", late, "2022-05-20")
    found = _of(_told(run), "stale-status")
    assert [Path(str(p["path"])).name for p in found] == [path.name]
    assert "1 个问题还没有改完" in found[0]["message"]
    assert "：1“问题1”；" in found[0]["message"]
    assert found[0]["line"] == 9
    assert _of(_told(run), "stale-column") == []
    silent = _of(_told(run, "--stale-days", "30"), "stale-column")
    assert [(Path(str(p["path"])).name, p["line"]) for p in silent] == [("water.yaml", 1)]


def test_a_silence_is_told_once_and_says_which(content: Path, run):
    agency = (content / "agencies" / "water.yaml").read_text("utf-8")
    (content / "agencies" / "mute.yaml").write_text(re.sub("name: .*", "name: 示例局", agency), "utf-8")
    assert "没有通报；" in _of(_told(run), "stale-column")[0]["message"]
    _notice(content, "b", "opening: 甲。\n").write_text(
        "kind: announcement\ntitle: 乙\nagency: mute\ntext: digest\nopening: 甲。\n", "utf-8"
    )
    dateless = _of(_told(run), "stale-column")
    assert "有通报，但没有写日期" in dateless[0]["message"]
    [region] = _of(_told(run, "--stale-days", "30"), "stale-column")
    assert Path(str(region["path"])).name == "regions.yaml"
    assert region["line"] > 0
    assert "2 个单位都" in region["message"]


def test_a_notice_that_was_withdrawn_is_not_the_newest(content: Path, run):
    _notice(content, "a", "opening: 甲。\nwithdrawn: {date: 2025-12-20, reason: 有误}\n", "2025-12-01")
    assert len(_of(_told(run, "--stale-days", "30"), "stale-column")) == 1


def test_what_a_government_site_prints_and_site_yaml_lacks(content: Path, run):
    assert len(_of(_told(run), "missing-identifier")) == 6


def test_attachments_that_need_a_person(content: Path, run):
    path = _notice(content, "a", "opening: 甲。\nattachments:\n  - {title: 甲, file: a.doc}\n  - {title: 乙}\n")
    path.with_suffix("").mkdir()
    (path.with_suffix("") / "a.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    assert [Path(str(p["path"])).name for p in _of(_told(run), "unread-attachment")] == ["a.doc"]
    assert [p["line"] for p in _of(_told(run), "no-file")] == [9]


def test_labels_and_identifiers_on_the_published_pages(content: Path, run):
    assert [p["severity"] for p in _of(_told(run), "missing-label")] == ["note"]
    site = content / "site.yaml"
    site.write_text(site.read_text("utf-8") + "footer: {icp: 示ICP备12345678号-1}\n", "utf-8")
    assert run("build", "--today", TODAY)[0] == 0
    assert _of(_told(run), "missing-label") == []
    for page in (Path("site/index.html"), Path("site/notices/water-2025/index.html")):
        text = page.read_text("utf-8").replace("SiteName", "Name").replace("示ICP备12345678号-1", "")
        page.write_text(text, "utf-8")
    found = _of(_told(run), "missing-label")
    assert [p["path"] for p in found] == ["site/index.html", "site/notices/water-2025/index.html"]
    assert all("没有SiteName、示ICP备12345678号-1" in p["message"] for p in found)


def test_a_page_for_editors(content: Path, run):
    issues = _issue(1, LONG + "<b>") + _issue(2, LONG + "<i>") + _issue(3, LONG)
    _notice(content, "a", "opening: 截止目前<script>。\nsections:\n  - title: 甲\n    issues:\n" + issues)
    code, report, _ = run("check", "--report", "体检.html", "--today", TODAY)
    assert code == 0
    page = Path("体检.html").read_text("utf-8")
    assert "用词（1）" in page
    assert "纸面整改”（1 组）" in page
    assert "第 1 组：3 个问题，3 条措施" in page
    assert f"{LONG}&lt;b&gt;" in page
    assert "与第 2 条有" in page
    assert not re.search("<(script|b|i)>", page)
    assert page.count("<li><p>") + page.count('<p class="who">') == len(report.splitlines())
    assert not Path("site").exists()


def test_the_page_says_what_it_leaves_out(content: Path, run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("gongshi.health.page.MAX_BLOCKS", 0)
    monkeypatch.setattr("gongshi.health.page.MAX_ROWS", 1)
    _notice(
        content,
        "a",
        "opening: 坚绝。\nsections:\n  - title: 截止目前\n    issues:\n" + _issue(1, LONG) + _issue(2, LONG),
    )
    run("check", "--report", "体检.html", "--today", TODAY)
    page = Path("体检.html").read_text("utf-8")
    assert "还有 1 组没有列出" in page
    assert "还有 1 处没有列出" in page


def test_every_heading_is_of_codes_that_there_are():
    lines = (ROOT / "docs" / "编辑手册.md").read_text("utf-8").split("## 10 ")[1].split("\n")
    manual = {
        code for line in lines if line.startswith("| `") for code in re.findall("`([a-z-]+)`", line.split("|")[1])
    }
    grouped = {code for codes in GROUPS.values() for code in codes}
    assert grouped - manual == set()
    assert CODES - grouped == set()


@pytest.mark.parametrize(
    "place", ["site/体检.html", "content/体检.html", "体检.yaml", "没有/体检.html", "public/体检.html", "link.html"]
)
def test_the_page_is_never_published_or_taken_for_content(content: Path, run, place: str):
    assert run("build", "--output", "public", "--no-cache", "--today", TODAY)[0] == 0
    Path("site").mkdir()
    Path("link.html").symlink_to("public/index.html")
    home = Path("public/index.html").read_bytes()
    code, found, words = run("check", "--report", place, "--today", TODAY)
    assert (code, found) == (2, "")
    assert re.search("不公开|要写成|是链接|没有文件夹", words)
    assert not Path(".gongshi-cache").exists()  # told before the work
    assert Path("public/index.html").read_bytes() == home
    assert not Path(place).exists() or place == "link.html"


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
