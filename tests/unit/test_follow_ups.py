"""An issue that later notices take up: counted once, where it was last spoken of; its story told on its own page."""

import json
from pathlib import Path

from tests.conftest import TODAY
from tests.outline import outline

NOTICE = """\
kind: rectification
title: 通报{name}
agency: water
published: {published}
text: digest
sections:
  - title: 整改
    issues:
      - id: '1'
        title: 老旧管网改造滞后
        status: {status}
        {more}
        measures: [改造。]
"""


def write(content: Path, name: str, published: str, status: str, more: str = "") -> None:
    text = NOTICE.format(name=name, published=published, status=status, more=more)
    (content / "notices" / f"{name}.yaml").write_text(text)


def test_a_chain_of_three(content: Path, run):
    (content / "notices/2025/water-2025.yaml").unlink()
    write(content, "first", "2023-05-01", "未完成")
    later = "continues: first#issue-1\n        updates: [{date: 2024-09-01, status: 持续整改}]"
    write(content, "second", "2024-05-01", "正在整改", later)
    write(content, "third", "2025-05-01", "已完成", "continues: second#issue-1")
    assert run("--today", TODAY)[:2] == (0, "")

    issues = {record["notice"]: record for record in json.loads(Path("site/data/issues.json").read_text())}
    assert issues["first"]["continued_by"] == "second#issue-1"
    assert issues["second"]["continued_by"] == "third#issue-1"
    assert issues["third"]["continued_by"] is None
    agency = json.loads(Path("site/data/agencies.json").read_text())[0]
    assert (agency["issues"], agency["done"], agency["open"]) == (1, 1, 0)
    assert "没有这样的问题" in Path("site/issues/open/index.html").read_text()
    assert Path("site/issues/index.html").read_text().count('class="issue-item"') == 1

    page = outline(Path("site/notices/first/index.html").read_text())
    story = page[page.index("本通报公布") :]
    assert story.index("2024年5月1日 [后续通报：通报second](../../notices/second/#issue-1) <open>正在整改") > 0
    assert story.index("2024年9月1日 [后续通报的进展更新](../../notices/second/#issue-1) <ongoing>持续整改") > 0
    assert story.index("2025年5月1日 [后续通报：通报third](../../notices/third/#issue-1) <done>已完成") > 0


def test_withheld_measures_are_counted_and_never_told(content: Path, run):
    notice = content / "notices/2025/water-2025.yaml"
    hidden = (
        "          - id: secret\n"
        "            title: 隐情标题\n"
        "            withheld: {reason: case, measures: }\n"
        "            measures: [{withheld: {reason: case, measures: 3}}, 隐情措施]\n"
        "            parts: [{title: 隐情分项, measures: [隐情甲, 隐情乙]}]\n"
    )
    declared = "declared: {issues: 2, measures: 7}\nsections:"
    notice.write_text(notice.read_text().replace("sections:", declared) + hidden)
    code, report, _ = run("--today", TODAY)
    assert code == 0
    assert "totals-differ" not in report
    published = b"".join(path.read_bytes() for path in Path("site").rglob("*") if path.is_file())
    assert "隐情".encode() not in published
    assert "不予公开：涉及正在查办的案件".encode() in published


def test_withheld_sections_and_attachments_are_never_told(content: Path, run):
    notice = content / "notices/2025/water-2025.yaml"
    folder = notice.with_suffix("")
    folder.mkdir()
    (folder / "secret.csv").write_text("隐情表头\n隐情内容\n")
    hidden = (
        "  - title: 另一部分\n"
        "    withheld: {reason: case}\n"
        "    text: 隐情正文\n"
        "    aspects: [{title: 隐情方面, issues: [{id: '9', title: 隐情问题, status: 已完成, measures: [隐情措施]}]}]\n"
        "attachments:\n"
        "  - {number: 1, title: 附表, file: secret.csv, withheld: {reason: case}}\n"
    )
    notice.write_text(notice.read_text() + hidden)
    assert run("--today", TODAY)[0] == 0
    published = {path: path.read_bytes() for path in Path("site").rglob("*") if path.is_file()}
    assert [path for path, raw in published.items() if "隐情".encode() in raw or path.name == "secret.csv"] == []
    assert "涉及正在查办的案件".encode() in b"".join(published.values())
