"""The command as editors and CI meet it: words in Chinese, exit codes, no traceback."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gongshi import pipeline, press
from tests.conftest import ROOT, TODAY, tree


def test_build_then_build_again_changes_nothing(content: Path, run):
    code, report, summary = run("--today", TODAY)
    assert (code, report) == (0, "")
    assert "改动" in summary
    assert "site/" in summary
    before = tree(Path("site"))
    assert "改动 0 个文件" in run("--today", TODAY)[2]
    assert tree(Path("site")) == before


def test_a_page_that_is_gone_is_removed(content: Path, run):
    run("--today", TODAY)
    (content / "notices/2025/water-2025.yaml").unlink()
    code, _, summary = run("--today", TODAY)
    assert code == 0
    assert "删除" in summary
    assert not Path("site/notices/water-2025").exists()
    assert Path("site/agencies/water/index.html").exists()


def test_check_writes_nothing(content: Path, run):
    assert run("check", "--today", TODAY)[0] == 0
    assert not Path("site").exists()


def test_strict_makes_warnings_errors(content: Path, run):
    (content / "stray.txt").write_text("x")
    assert run("check", "--today", TODAY)[0] == 0
    assert run("check", "--today", TODAY, "--strict")[0] == 1
    assert run("--today", TODAY, "--strict")[0] == 1
    assert not Path("site").exists()


def test_machine_formats_stand_alone_on_standard_output(content: Path, run):
    (content / "stray.txt").write_text("x")
    code, report, _ = run("--today", TODAY, "--format", "json")
    assert code == 0
    assert [p["code"] for p in json.loads(report)] == ["stray-file"]
    report = run("check", "--today", TODAY, "--format", "github")[1]
    assert report.startswith("::warning file=content/stray.txt,line=1,col=1,title=stray-file::")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["publish"], "不认识的参数"),
        (["--colour"], "不认识的参数"),
        (
            ["check", "--format", "xml"],
            "不能写“xml”；可用：text, json, github, gitlab, sarif；用法见 build.py check --help",
        ),
        (["serve", "--port", "99999"], "不是端口"),
        (["--today", "2024-13-01"], "不是日期"),
        (["--base-url", "javascript:x"], "不是网址"),
        (["--base-url", "/gs/"], "不是网址"),
        (["--content", "nowhere"], "找不到内容文件夹"),
        (["--templates", "nowhere"], "找不到模板文件夹"),
        (["new", "notice"], "缺少参数"),
        (["new", "notice", "../x"], "编号只能用"),
        (["new", "notice", "water-2025"], "已经存在"),
        (["new", "agency", "water"], "已经存在"),
    ],
)
def test_wrong_usage(content: Path, run, arguments: list[str], words: str):
    before = tree(content)
    code, report, error = run(*arguments)
    assert (code, report) == (2, "")
    assert words in error
    assert "Traceback" not in error
    assert tree(content) == before


def test_a_bug_is_told_without_a_traceback(content: Path, run, monkeypatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(pipeline, "Templates", broken)
    code, _, error = run("check")
    assert code == 3
    assert "Traceback" not in error
    log = Path(error.split("请把 ")[1].split(" 发给")[0])
    assert "ZeroDivisionError" in log.read_text()
    log.unlink()


def test_a_disk_that_cannot_be_written_is_told(content: Path, run, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "site/index.html")

    monkeypatch.setattr(press, "stage_file", full)
    code, _, error = run("--today", TODAY)
    assert code == 2
    assert "磁盘满了" in error
    assert not Path("site").exists()


def test_new_makes_files_that_say_what_is_missing(content: Path, run):
    assert run("new", "agency", "roads")[0] == 0
    code, _, _ = run("new", "notice", "roads-2026")
    assert code == 0
    made = next((content / "notices").rglob("roads-2026.yaml"))
    code, report, _ = run("check", "--today", "2030-01-01")
    assert code == 1
    assert {line.split(":")[0] for line in report.splitlines()} == {
        "content/agencies/roads.yaml",
        made.relative_to(Path.cwd()).as_posix(),
    }
    assert {line.rsplit("[", 1)[1] for line in report.splitlines()} <= {"empty]", "missing-key]"}


def test_new_notice_filled_in_passes(content: Path, run):
    run("new", "notice", "water-2026")
    made = next((content / "notices").rglob("water-2026.yaml"))
    filled = {
        "title:\n": "title: 通报\n",
        "agency:\n": "agency: water\n",
        "  name:\n": "  name: 水务局\n",
        "  body:\n": "  body: 市委巡察组\n",
        "    - number:\n": "    - number: '2345678'\n",
        "  欢迎监督。\n": "  欢迎监督，电话2345678。\n",
        "  by:\n": "  by: 水务局\n",
    }
    text = made.read_text()
    for blank, value in filled.items():
        assert blank in text
        text = text.replace(blank, value, 1)
    made.write_text(text)
    code, report, _ = run("check", "--today", "2030-01-01")
    assert (code, report) == (0, "")


def test_base_url_moves_the_site_to_a_sub_path(content: Path, run):
    assert run("--today", TODAY, "--base-url", "https://other.example/gs")[0] == 0
    page = Path("site/404.html").read_text()
    assert 'href="/gs/notices/"' in page
    assert "https://other.example/gs/notices/water-2025/" in Path("site/sitemap.xml").read_text()
    assert 'href="../../notices/"' in Path("site/notices/water-2025/index.html").read_text()
    assert '<link rel="canonical" href="https://other.example/gs/">' in Path("site/index.html").read_text()
    records = json.loads(Path("site/data/issues.json").read_text())
    assert records[0]["url"] == "https://other.example/gs/notices/water-2025/#issue-1"


def test_templates_can_be_overridden_and_extended(content: Path, run):
    own = Path("own")
    (own / "static").mkdir(parents=True)
    (own / "404.html").write_text('{% extends "default/404.html" %}{% block title %}迷路了{% endblock %}')
    (own / "static" / "style.css").write_text("body { color: red }")
    assert run("--today", TODAY, "--templates", "own")[0] == 0
    assert "<title>迷路了</title>" in Path("site/404.html").read_text()
    assert Path("site/static/style.css").read_text() == "body { color: red }"
    assert Path("site/static/icon.svg").exists()


@pytest.mark.parametrize(
    ("template", "place"),
    [
        ('{% extends "default/404.html" %}\n{% block main %}{{ nothing.here }}{% endblock %}', "own/404.html:2:1"),
        ("{% if %}", "own/404.html:1:1"),
        ('{% include "missing.html" %}', "own/404.html:1:1"),
    ],
)
def test_a_wrong_template_is_a_problem_at_its_line(content: Path, run, template: str, place: str):
    run("--today", TODAY)
    before = tree(Path("site"))
    Path("own").mkdir()
    Path("own/404.html").write_text(template)
    code, report, _ = run("--today", TODAY, "--templates", "own")
    assert code == 1
    assert report.startswith(place + ": error: 模板有错")
    assert tree(Path("site")) == before


def test_files_that_cannot_be_read_are_problems(content: Path, run):
    (content / "agencies" / "link.yaml").symlink_to("/etc/passwd")
    (content / "notices" / "loop").symlink_to("..")
    (content / "pages" / "folder.md").mkdir()
    os.mkfifo(content / "agencies" / "pipe.yaml")
    code, report, _ = run("--today", TODAY)
    assert code == 1
    assert "content/agencies/link.yaml:1:1: error: 不支持链接文件" in report
    assert "content/notices/loop:1:1: error: 不支持链接文件" in report
    assert "content/agencies/pipe.yaml:1:1: error: 这不是普通文件" in report


def test_missing_settings_are_told_once(content: Path, run):
    (content / "site.yaml").unlink()
    code, report, _ = run("--today", TODAY)
    assert code == 1
    assert report == "content/site.yaml:1:1: error: 缺少这个文件；请新建，写法见编辑手册 [missing-file]\n"


def test_the_door_says_what_is_missing(tmp_path: Path):
    shutil.copy(ROOT / "build.py", tmp_path)
    (tmp_path / "gongshi").mkdir()
    (tmp_path / "gongshi" / "cli.py").write_text("import a_library_that_is_not_there\n")
    done = subprocess.run([sys.executable, "build.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "缺少依赖" in done.stderr
    assert "Traceback" not in done.stderr
