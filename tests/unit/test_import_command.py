"""`build.py import`: what is written where, what is refused, and what an editor is told."""

from pathlib import Path

import pytest

from gongshi.decode import Report, decode
from gongshi.model import Agency, Notice
from gongshi.source import parse_yaml
from tests.import_formats import as_docx

TEXT = """\
中共示例市水务局党组关于巡察整改情况的通报
根据市委统一部署，2024年3月4日至5月10日，市委第一巡察组对市水务局党组开展了巡察，6月20日反馈了意见。
一、整改基本情况
共反馈2个问题，制定5条措施。
二、反馈问题整改情况
1.水费公开不及时。
整改情况：一是按季度公开水费。二是设立查询窗口。
整改进度：已完成
2.管网巡查不到位。
整改情况：一是每周巡查一次。二是建立巡查台账。
整改进度：基本销号
联系电话：0990-5550101；电子邮箱：sw@water.example。
中共示例市水务局党组
2024年9月1日
"""


@pytest.fixture
def text(content: Path) -> Path:
    path = Path("水务局.txt")
    path.write_text(TEXT)
    return path


def _notices() -> set[str]:
    return {path.as_posix() for path in Path("content/notices").rglob("*.yaml")}


def test_the_agency_is_found_and_the_id_made_of_it_and_the_year(text: Path, run):
    code, report, summary = run("import", str(text))
    assert code == 0
    assert "content/notices/2024/water-2024.yaml" in _notices()
    assert "单位：示例市水务局（water）" in report
    assert "2 个问题：1 已完成、1 基本销号" in report
    assert "与申报数对不上" in report
    assert "申报整改措施 5，实际列出 4" in report
    assert "不认识的整改进度“基本销号”" in report
    assert "反馈日期没有写年份，按上文推定为 2024年6月20日" in report
    assert f"原文 {len(''.join(TEXT.split()))} 字" in report
    assert "build.py check" in summary
    assert not (set(Path("content/agencies").iterdir()) - {Path("content/agencies/water.yaml")})


def test_what_is_written_reads_back_as_what_was_imported(text: Path, run):
    run("import", str(text))
    raw = Path("content/notices/2024/water-2024.yaml").read_bytes()
    assert raw.startswith(b"# yaml-language-server: $schema=../../../schema/notice.json\n")
    report = Report("a")
    notice = decode(Notice, parse_yaml(raw, "a").root, report)
    assert not report.problems
    assert [issue.status for issue in notice.all_issues()] == ["已完成", "基本销号"]
    assert run("check")[0] == 0


def test_a_dry_run_writes_nothing(text: Path, run):
    before = _notices()
    code, report, summary = run("import", "--dry-run", str(text))
    assert (code, _notices()) == (0, before)
    assert report.startswith("试导入")
    assert "没有写文件" in summary


def test_the_same_notice_is_not_imported_twice(text: Path, run):
    assert run("import", str(text))[0] == 0
    before = _notices()
    code, _, errors = run("import", str(text))
    assert (code, _notices()) == (2, before)
    assert "已经在" in errors
    assert "--force" in errors
    assert run("import", "--force", str(text))[0] == 0
    assert _notices() == before


def test_another_notice_of_the_year_gets_a_number(text: Path, run):
    run("import", str(text))
    text.write_text(TEXT.replace("每周巡查一次", "每天巡查一次"))
    assert run("import", str(text))[0] == 0
    assert "content/notices/2024/water-2024-2.yaml" in _notices()


def test_an_id_that_is_taken_is_not_overwritten_without_force(text: Path, run):
    there = Path("content/notices/2025/water-2025.yaml")
    before = there.read_bytes()
    code, _, errors = run("import", "--id", "water-2025", str(text))
    assert (code, there.read_bytes()) == (2, before)
    assert "已经存在" in errors
    assert run("import", "--id", "water-2025", "--force", str(text))[0] == 0
    assert there.read_bytes() != before
    assert not Path("content/notices/2024/water-2025.yaml").exists()


def test_id_and_agency_are_what_is_asked_for(text: Path, run):
    assert run("import", "--id", "shuiwu-xunCha", str(text))[0] == 2
    assert run("import", "--id", "../evil", str(text))[0] == 2
    assert run("import", "--agency", "No", str(text))[0] == 2
    code, report, _ = run("import", "--id", "shuiwu-xuncha", "--agency", "shuiwu", str(text))
    assert code == 0
    assert "content/notices/2024/shuiwu-xuncha.yaml" in _notices()
    assert "新建草稿 content/agencies/shuiwu.yaml" in report
    parsed = parse_yaml(Path("content/agencies/shuiwu.yaml").read_bytes(), "a")
    agency = decode(Agency, parsed.root, Report("a"))
    assert (agency.name, agency.party_body, agency.region) == ("示例市水务局", "中共示例市水务局党组", "990100")
    assert run("check")[0] == 0


def test_an_unknown_agency_is_drafted_with_what_is_doubtful_above_it(text: Path, run):
    text.write_text(TEXT.replace("示例市水务局", "青石县林业局"))
    code, report, _ = run("import", str(text))
    assert code == 0
    drafted = Path("content/agencies/qingshixianlinyeju.yaml").read_text()
    assert "name: 青石县林业局" in drafted
    assert "单位名称里没有登记过的地区" in drafted
    assert "单位名称里没有登记过的地区" in report
    assert run("check")[0] == 0


def test_several_files_and_one_that_cannot_be_read(text: Path, run):
    Path("b.docx").write_bytes(as_docx(TEXT.replace("水费", "水价").splitlines()))
    Path("c.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    Path("d.txt").write_text("\n\n")
    code, report, errors = run("import", str(text), "b.docx", "c.doc", "d.txt", "e.txt")
    assert code == 2
    assert report.count("100%") == 2
    assert "c.doc 读不了" in errors
    assert "另存为 .docx" in errors
    assert "d.txt 里没有通报的文字" in errors
    assert "e.txt 不是文件" in errors
    assert "导入完毕：2 份；3 份没有导入" in errors
    assert run("import", "--id", "x", str(text), "b.docx")[0] == 2


def test_content_that_cannot_take_a_notice(text: Path, run):
    assert "找不到内容文件夹" in run("import", "--content", "nowhere", str(text))[2]
    Path("content/site.yaml").write_text("title: [")
    code, _, errors = run("import", str(text))
    assert code == 2
    assert "site.yaml" in errors


def test_a_later_notice_with_other_statuses_is_another_notice(text: Path, run):
    run("import", str(text))
    text.write_text(TEXT.replace("基本销号", "已完成").replace("2024年9月1日", "2024年12月1日"))
    assert run("import", str(text))[0] == 0
    assert {"content/notices/2024/water-2024.yaml", "content/notices/2024/water-2024-2.yaml"} <= _notices()


def test_force_never_makes_a_second_copy(text: Path, run):
    run("import", str(text))
    before = _notices()
    code, _, errors = run("import", "--force", "--id", "another", str(text))
    assert (code, _notices()) == (2, before)
    assert "去掉 --id" in errors


def test_what_cannot_be_written_leaves_nothing_behind(text: Path, run):
    text.write_text(TEXT.replace("示例市水务局", "青石县林业局"))
    before = set(Path("content").rglob("*"))
    Path("content/notices/2024").write_text("")  # where a folder is needed
    code, _, errors = run("import", str(text), str(text))
    assert code == 2
    assert "没有导入" in errors
    assert "2 份没有导入" in errors
    assert set(Path("content").rglob("*")) - before == {Path("content/notices/2024")}


def test_a_masked_contact_is_not_kept_for_the_agency(text: Path, run):
    masked = TEXT.replace("示例市水务局", "青石县林业局").replace("0990-5550101", "0990-555××××")
    text.write_text(masked)
    assert run("import", str(text))[0] == 0
    drafted = Path("content/agencies/qingshixianlinyeju.yaml").read_text()
    assert "emails: [sw@water.example]" in drafted
    assert "×" not in drafted
    assert run("check")[0] == 0


def test_nothing_is_written_through_a_link(text: Path, run):
    Path("outside").mkdir()
    Path("content/notices/2024").symlink_to("../../outside")
    code, _, errors = run("import", str(text))
    assert code == 2
    assert "链接" in errors
    assert not list(Path("outside").iterdir())


def test_what_stands_behind_the_signature_is_no_part_of_it_if_it_says_something(text: Path, run):
    text.write_text(TEXT + "二、另外的问题\n整改情况：修好了。\n")
    run("import", str(text))
    written = Path("content/notices/2024/water-2024.yaml").read_text()
    assert "signed:" not in written
    assert run("check")[0] == 0


def test_two_notices_in_one_file_are_told(text: Path, run):
    text.write_text(TEXT + TEXT.replace("水务局", "民政局"))
    report = run("import", str(text))[1]
    assert "像是另一份通报的标题" in report
    assert "100%" in report


def test_words_of_the_notice_are_no_furniture_of_a_page(text: Path, run):
    text.write_text(TEXT.replace("联系电话", "字号大小不统一、行距不一致。\n联系我们：联系电话"))
    report = run("import", str(text))[1]
    assert "没有收入" not in report


def test_a_file_name_cannot_command_the_terminal(text: Path, run):
    Path("a\x1b[31m.txt").write_text(TEXT)
    report = run("import", "--dry-run", "a\x1b[31m.txt")[1]
    assert "\x1b" not in report
