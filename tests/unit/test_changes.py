"""The review report: what of a change the public notices, and nothing that a title could do to the report."""

import shutil
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from gongshi import review
from gongshi.changes import KINDS, Change, changed_characters, differing, marked
from gongshi.problems import UsageError
from tests.conftest import ROOT
from tests.manual_fields import MANUAL

NOTICE = "notices/2025/water-2025.yaml"


def _edit(path: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(content: Path) -> None:
        file = content / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    return edit


def _add(path: str, text: str) -> Callable[[Path], None]:
    def add(content: Path) -> None:
        with (content / path).open("a") as file:
            file.write(text)

    return add


def _rename(old: str, new: str, text: str = "") -> Callable[[Path], None]:
    def rename(content: Path) -> None:
        (content / old).rename(content / new)
        with (content / new).open("a") as file:
            file.write(text)

    return rename


def _remove(path: str) -> Callable[[Path], None]:
    return lambda content: (content / path).unlink()


def _new_notice(content: Path) -> None:
    text = (content / NOTICE).read_text().replace("整改进展情况的通报", "另一件事的通报")
    (content / "notices/2025/roads-2025.yaml").write_text(text + "declared: {issues: 3}\n")


def _changes(content: Path, tmp_path: Path, *edits: Callable[[Path], None]) -> list[Change]:
    after = tmp_path / "after"
    shutil.copytree(content, after)
    for edit in edits:
        edit(after)
    return review.review(content, after, 1)


def _short(changes: list[Change]) -> list[tuple[str, str, str | None, str | None]]:
    return [(change.kind, change.what, change.before, change.after) for change in changes]


CASES = {
    "nothing": ([lambda _: None], []),
    "a comment": ([_add(NOTICE, "# 注释\n")], []),
    "status": (
        [_edit(NOTICE, "status: 已完成", "status: 正在整改")],
        [("status", "问题 1 老旧管网改造滞后", "已完成", "正在整改（未完成）")],
    ),
    "an update": (
        [_edit(NOTICE, "            measures:", "            updates: [{date: 2025-08-01, status: 正在整改}]\n            measures:")],
        [
            ("status", "问题 1 老旧管网改造滞后", "已完成", "正在整改（未完成）"),
            ("detail", "问题 1 老旧管网改造滞后", None, "进展更新"),
        ],
    ),
    "issue added": (
        [_add(NOTICE, "          - {id: '2', title: 水质公开不及时}\n")],
        [("issue-added", "问题 2 水质公开不及时", None, "未注明")],
    ),
    "issue gone": (
        [_edit(NOTICE, "id: '1'", "id: '9'")],
        [
            ("address-gone", "", "/notices/water-2025/#issue-1", None),
            ("issue-added", "问题 9 老旧管网改造滞后", None, "已完成"),
            ("issue-removed", "问题 1 老旧管网改造滞后", "已完成", None),
        ],
    ),
    "withheld": (
        [_edit(NOTICE, "            title: 老旧管网改造滞后\n", "            withheld: {reason: privacy}\n")],
        [("withheld", "问题 1", "公开", "涉及个人隐私"), ("text", "", None, "删去 11 字")],
    ),
    "totals": (
        [_add(NOTICE, "declared: {issues: 2}\n")],
        [("totals", "通报的问题", None, "申报 2，列出 1"), ("detail", "通报", None, "申报数")],
    ),
    "text": (
        [_edit(NOTICE, "改造老旧管网12公里", "改造老旧供水管网13公里")],
        [("text", "", None, "增加 3 字，删去 1 字")],
    ),
    "due": (
        [_edit(NOTICE, "status: 已完成", "status: 已完成\n            due: 2025-06 中旬")],
        [("due", "问题 1 老旧管网改造滞后", None, "2025年6月中旬")],
    ),
    "contact of a notice": (
        [_add(NOTICE, "contact: {phones: [{number: '2345678', label: 监督电话}], emails: [a@b.example]}\n")],
        [("contact", "监督电话", None, "2345678（拨 +869902345678）"), ("contact", "电子邮箱", None, "a@b.example")],
    ),
    "hotline": (
        [_edit("site.yaml", "12345", "12388")],
        [("contact", "政务服务便民热线", "12345", "12388")],
    ),
    "settings": (
        [_edit("site.yaml", "用来测试的网站。", "测试。"), _edit("site.yaml", "示例市政务公开办公室", "示例市政府办公室")],
        [("site", "网站简介", "用来测试的网站。", "测试。"), ("site", "主办单位", None, "主办单位")],
    ),
    "form": (
        [_add("site.yaml", "admin: {backend: local}\n")],
        [("site", "网页表单", None, "有")],
    ),
    "bucket of a word": (
        [_edit("site.yaml", "正在整改", "正在改")],
        [("site", "进度“正在整改”归入", "未完成", None), ("site", "进度“正在改”归入", None, "未完成")],
    ),
    "renamed with its old id": (
        [_rename(NOTICE, "notices/2025/shui-2025.yaml", "old_ids: [water-2025]\n")],
        [
            ("address-moved", "", "/notices/water-2025/", "/notices/shui-2025/"),
            ("notice-renamed", "编号", "water-2025", "shui-2025"),
        ],
    ),
    "renamed without": (
        [_rename(NOTICE, "notices/2025/shui-2025.yaml")],
        [("address-gone", "", "/notices/water-2025/", None), ("notice-renamed", "编号", "water-2025", "shui-2025")],
    ),
    "another title": (
        [_edit(NOTICE, "整改进展情况的通报", "整改情况的通报")],
        [("notice-renamed", "标题", "中共示例市水务局党组关于巡察整改进展情况的通报", "中共示例市水务局党组关于巡察整改情况的通报")],
    ),
    "removed": (
        [_remove(NOTICE)],
        [
            ("address-gone", "", "/notices/water-2025/", None),
            ("notice-removed", "", "示例市水务局，2025年5月20日，1 个问题，1 项措施", None),
        ],
    ),
    "withdrawn": (
        [_add(NOTICE, "withdrawn: {date: 2025-06-01, reason: 内容有误}\n")],
        [("notice-withdrawn", "", "公开", "2025年6月1日撤回：内容有误")],
    ),
    "added": (
        [_new_notice],
        [
            ("notice-added", "", None, "示例市水务局，2025年5月20日，1 个问题，1 项措施"),
            ("totals", "通报的问题", None, "申报 3，列出 1"),
        ],
    ),
    "agency renamed": (
        [
            _rename("agencies/water.yaml", "agencies/shuiwu.yaml", "old_ids: [water]\n"),
            _edit(NOTICE, "agency: water", "agency: shuiwu"),
        ],
        [("address-moved", "", "/agencies/water/", "/agencies/shuiwu/"), ("detail", "通报", None, "单位编号")],
    ),
    "page": ([_remove("pages/about.md")], [("address-gone", "", "/about/", None)]),
    "page text": ([_add("pages/about.md", "多了一句。\n")], [("text", "", None, "增加 5 字")]),
    "broken": (
        [_add(NOTICE, "titel: 一\n")],
        [("unread", "现在的文件有错误，没有比较；请先改正", None, None)],
    ),
    "not YAML": (
        [_add(NOTICE, "title: [\n")],
        [("unread", "现在的文件有错误，没有比较；请先改正", None, None)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("edits", "expected"), CASES.values(), ids=CASES)
def test_changes(edits, expected, content: Path, tmp_path: Path):
    assert _short(_changes(content, tmp_path, *edits)) == expected


def test_an_attachment_that_is_gone(content: Path, tmp_path: Path):
    shutil.rmtree(content)
    shutil.copytree(ROOT / "tests/good/everything/content", content)
    changes = _changes(content, tmp_path, _edit(NOTICE, ", file: note.pdf", ""))
    assert ("address-gone", "", "/notices/water-2025/note.pdf", None) in _short(changes)
    assert ("detail", "通报", None, "附件") in _short(changes)


@pytest.mark.parametrize("case", ["everything", "hostile", "layout", "minimal", "verbatim"])
def test_what_is_the_same_is_no_change(case: str, tmp_path: Path):
    folder = ROOT / "tests" / "good" / case / "content"
    assert review.review(folder, folder, 1) == []


BAD = sorted(path.parent for path in (ROOT / "tests" / "bad").glob("*/content"))


@pytest.mark.parametrize("folder", BAD, ids=lambda folder: folder.name)
def test_no_content_is_too_bad_to_be_compared(folder: Path, content: Path, tmp_path: Path):
    """Either there is a report, or the reason why not; what cannot be read is never told as removed."""
    shutil.copytree(content, tmp_path / "after")
    shutil.copytree(folder / "content", tmp_path / "after", dirs_exist_ok=True)
    for old, new in ((content, tmp_path / "after"), (tmp_path / "after", content)):
        try:
            changes = review.review(old, new, 1)
        except UsageError as error:
            assert "先运行 python build.py check" in str(error)  # noqa: PT017 - it need not be raised
            continue
        for write in review.FORMATS.values():
            assert write(changes)
        if any("notices/2025/water-2025.yaml" in change.where for change in changes if change.kind == "unread"):
            assert "notices/water-2025/" not in {
                c.path for c in changes if c.kind in ("notice-removed", "address-gone")
            }


def test_every_kind_has_a_heading_and_the_manual_explains_it():
    assert tuple(review.HEADINGS) == KINDS
    part = MANUAL[MANUAL.index("\n### 12.3 ") : MANUAL.index("\n### 12.4 ")]
    rows = [line.split("|")[1].strip() for line in part.splitlines() if line.startswith("| ")]
    assert rows[1:] == ["---", *(heading for heading, _ in review.HEADINGS.values())]


def test_an_old_id_that_is_dropped_is_an_address_that_is_gone(content: Path, tmp_path: Path):
    shutil.rmtree(content)
    shutil.copytree(ROOT / "tests/good/everything/content", content)
    changes = _changes(content, tmp_path, _edit(NOTICE, "old_ids: [water-huitoukan]", ""))
    assert ("address-gone", "", "/notices/water-huitoukan/", None) in _short(changes)


def test_changed_characters():
    assert changed_characters(["甲乙 丙"], ["甲乙丙"]) == (0, 0)
    assert changed_characters(["甲乙丙", "丁"], ["甲丙", "丁", "戊己"]) == (2, 1)
    assert changed_characters(["甲" * 9_000], ["甲" * 9_000 + "乙"]) == (1, 0)
    assert changed_characters([], []) == (0, 0)


# The writers.

HOSTILE = "| <script>alert(1)</script> [链接](javascript:x) **粗** `码` @all #1 ~~删~~ ![图](x) &lt; \\| $x$ https://evil.example :smile:"


class _Read(HTMLParser):
    """The tags of a page, and the text of its cells."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.cells: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "td":
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data


def _cells(change: Change) -> list[str]:
    return [f"{change.where}（/{change.path}）", change.what, change.before or "—", change.after or "—"]


def _rendered(changes: list[Change]) -> _Read:
    """The report as CommonMark with GitHub's tables, links, emphasis and raw HTML prints it."""
    return _Read(
        MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(review.as_markdown(changes))
    )


FORBIDDEN = {"a", "script", "img", "em", "strong", "code", "del", "s", "b", "i"}


@pytest.mark.parametrize("kind", ["status", "unread"])
def test_what_a_title_holds_is_text(kind: str):
    change = Change(kind, HOSTILE, "notices/x/", HOSTILE, HOSTILE, HOSTILE)
    page = _Read(review.as_html([change]))
    assert [cell.strip() for cell in page.cells] == _cells(change)
    markdown = _rendered([change])
    assert [cell.strip().replace("\u2060", "") for cell in markdown.cells] == _cells(change)
    assert not FORBIDDEN & {*page.tags, *markdown.tags}
    assert "@all" not in review.as_markdown([change]), "nobody is called"


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1).filter(str.strip))
def test_any_text_is_printed_as_it_is(text: str):
    change = Change("status", f"甲{text}乙", "x/", f"甲{text}乙", None, f"甲{text}乙")
    markdown = _rendered([change])
    printed = [" ".join(cell.replace("\u2060", "").split()) for cell in markdown.cells]
    assert printed == [" ".join(cell.split()) for cell in _cells(change)]
    assert not FORBIDDEN & set(markdown.tags)
    assert [cell.rstrip("\n") for cell in _Read(review.as_html([change])).cells] == _cells(change)


def test_lines_and_controls_cannot_leave_their_cell():
    change = Change("status", "甲\n\n# 乙\u202e", "x/", "丙\r\n| 丁", None, "戊")
    assert len(review.as_markdown([change]).splitlines()) == len(
        review.as_markdown([Change("status", "甲", "x/")]).splitlines()
    )


@pytest.mark.parametrize("write", review.FORMATS.values(), ids=review.FORMATS)
def test_a_report_stays_short(write: Callable[[list[Change]], str]):
    report = write([Change("status", "甲" * 500, "x/", "乙" * 500, "丙", "丁")] * 20_000)
    assert "还有 19900 处，没有列出" in report
    assert "（20000）" in report
    assert len(report.encode()) < 1024 * 1024, "GitHub refuses a summary of more than 1 MiB"


# The command.


def test_the_command(content: Path, tmp_path: Path, run):
    shutil.copytree(content, tmp_path / "after")
    _edit(NOTICE, "status: 已完成", "status: 正在整改")(tmp_path / "after")
    code, report, told = run("diff", "content", "after")
    assert (code, told) == (0, "")
    assert report.startswith("# 这次改动对公众的影响\n\n共 1 处变化。\n\n## 整改进度的变化（1）\n")
    code, report, _ = run("diff", "content", "after", "--format", "html")
    assert (code, report.startswith("<!DOCTYPE html>")) == (0, True)
    assert run("diff", "content", "content") == (0, "# 这次改动对公众的影响\n\n公众看到的内容没有变化。\n", "")


@pytest.mark.parametrize(("arguments", "words"), [
    (("content",), "缺少参数"),
    (("content", "nowhere"), "找不到内容文件夹 nowhere；请写两个内容文件夹"),
    (("content", "content", "--format", "pdf"), "不能写“pdf”"),
])  # fmt: skip
def test_a_wrong_call(arguments: tuple[str, ...], words: str, content: Path, run):
    code, out, told = run("diff", *arguments)
    assert (code, out) == (2, "")
    assert words in told


def test_content_that_cannot_be_used(content: Path, run):
    shutil.copytree(content, "after")
    Path("after/site.yaml").write_text("title: [")
    code, out, told = run("diff", "content", "after")
    assert (code, out) == (2, "")
    assert "after 的 site.yaml 或 regions.yaml 不能用" in told


# Differences of texts

LINES = st.lists(st.sampled_from(["甲", "乙", "丙丁", ""]), max_size=8)
WORDS = st.text(st.sampled_from("甲乙丙，。"), max_size=30)


@given(LINES, LINES)
def test_what_does_not_differ_is_the_same_on_both_sides(was: list[str], now: list[str]):
    found = list(differing(was, now))
    assert (found == []) == (was == now)
    left = list(was), list(now)
    for stretch in found:
        for side, lines in zip(left, stretch, strict=True):
            for line in lines:
                side.remove(line)
    assert sorted(left[0]) == sorted(left[1])


@given(WORDS, WORDS)
def test_pieces_are_the_texts_and_what_is_not_marked_is_in_both(was: str, now: str):
    before, after = marked(was, now)
    assert ("".join(piece.text for piece in before), "".join(piece.text for piece in after)) == (was, now)
    same = ["".join(piece.text for piece in side if not piece.changed) for side in (before, after)]
    assert same[0] == same[1]
    assert (was == now) == (not any(piece.changed for piece in (*before, *after)))


def test_what_was_moved_about_without_end_is_compared_in_bounded_time():
    started = time.monotonic()
    lines = [str(n % 7) for n in range(200_000)]
    assert list(differing(lines, lines[::-1])) in ([], [([], [])])
    (stretch,) = differing(lines, ["x", *lines[::-1]])
    assert stretch == ([], ["x"])
    before, after = marked("甲乙" * 100_000, "乙丙" * 100_000)
    assert [piece.changed for piece in (*before, *after)] == [True, True]
    assert time.monotonic() - started < 10
