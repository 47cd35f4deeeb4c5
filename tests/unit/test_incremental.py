"""Building on what is there makes what building anew makes, and makes nothing again that has not changed.

The walk here is a sample; `python -m bench.walk --steps 300` is the whole.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bench.kill import SEALED, mixed, seen
from bench.search_index import is_part
from bench.walk import Walk, looks
from gongshi import joining, pipeline, read
from gongshi.bundle.binder import MADE
from gongshi.options import Options, Result
from gongshi.pipeline import build
from gongshi.press import Order, Press
from gongshi.problems import Severity
from gongshi.tables import OF_NOTICES
from tests.conftest import TODAY

DATA = {f"data/{table.name}.{kind}" for table in OF_NOTICES for kind in ("json", "csv")} | set(MADE)
OWN_PLANS = '{% extends "default/plans.html" %}{% block title %}我们的方案{% endblock %}'


class Site:
    """A content folder of a few dozen notices, and builds of it that tell what they made."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.content = folder / "content"
        self.output = folder / "site"
        mixed(self.content, 24)
        self.options = Options(
            self.content, output=self.output, cache=folder / "cache", today=date.fromisoformat(TODAY), jobs=1
        )
        self.made: set[str] = set()  # the pages that the last build rendered, as paths of the site
        self.written: set[str] = set()  # files that the last build put in place, or removed, but for the manifest
        print_one = Press._print

        def note(press: Press, order: Order, tools):
            self.made.add(order.output.path)
            return print_one(press, order, tools)

        monkeypatch.setattr(Press, "_print", note)
        self.build()
        self.notices = sorted(self.content.glob("notices/*/*.yaml"))

    def build(self, **changes) -> Result:
        before = looks(self.output)
        self.made = set()
        self.options = replace(self.options, **changes)
        result = build(self.options)
        assert [problem for problem in result.problems if problem.severity is Severity.ERROR] == []
        after = looks(self.output)
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        self.written = changed - {SEALED}
        return result

    def is_as_new(self) -> None:
        """What is there is what a clean build makes."""
        made = self.made
        new = self.output.with_name("new")
        build(replace(self.options, output=new, cache=None))
        self.made = made
        assert seen(self.output).differences(seen(new)) == []

    def rectification(self) -> Path:
        """A notice with issues that are done, of an agency that has others, with which no other notice has to do."""
        return next(path for path in self.notices if len(re.findall("(?m)^ +status: 已完成$", path.read_text())) > 3)


@pytest.fixture
def site(tmp_path: Path, monkeypatch) -> Site:
    return Site(tmp_path, monkeypatch)


def change(path: Path, pattern: str, new: str) -> None:
    text = path.read_text("utf-8")
    changed = re.sub(pattern, new, text, count=1, flags=re.MULTILINE)
    assert changed != text
    path.write_text(changed, "utf-8")


def value(path: Path, key: str) -> str:
    found = re.search(rf"(?m)^{key}: '?(.*?)'?$", path.read_text("utf-8"))
    assert found
    return found[1]


def pages(output: Path) -> set[str]:
    return {name.removesuffix("index.html") for name in seen(output).files}


def shown_by(site: Site, notice: Path) -> set[str]:
    """The pages of a notice, its agency, and its regions."""
    agency = value(notice, "agency")
    code = value(site.content / "agencies" / f"{agency}.yaml", "region")
    up = {f"regions/{each}/" for each in (code, code[:4] + "00", code[:2] + "0000")}
    return {f"notices/{notice.stem}/", f"agencies/{agency}/"} | (up & pages(site.output))


def told_of(site: Site, notice: Path) -> set[str]:
    """The feeds, calendars and months that name a notice."""
    link = f"notices/{notice.stem}/".encode()
    files = (path for kind in ("feed.xml", "calendar.ics", "index.html") for path in site.output.rglob(kind))
    names = {path.relative_to(site.output).as_posix() for path in files if link in path.read_bytes()}
    return {
        name.removesuffix("index.html")
        for name in names
        if name.endswith((".xml", ".ics")) or name.startswith("calendar/")
    }


def test_a_status_makes_again_the_pages_that_show_it_and_no_others(site: Site):
    notice = site.rectification()
    year, month = value(notice, "published")[:4], value(notice, "published")[:7]
    agency_region = value(site.content / "agencies" / f"{value(notice, 'agency')}.yaml", "region")
    neighbours = {
        f"agencies/{path.stem}/"
        for path in site.content.glob("agencies/*.yaml")
        if value(path, "region") == agency_region
    }
    there = pages(site.output)
    told = told_of(site, notice)
    change(notice, r"^( +status: )已完成$", r"\g<1>未完成")
    site.build()
    # Tallies: of the whole site, of the ledgers, of directories.
    tallies = {"", "issues/", "agencies/", "supervision/", "notices/", f"notices/{year}/", "data/agencies.json"}
    tallies |= {"data/agencies.csv", "data/regions.csv", "data/regions.json", "data/"}
    tallies |= {*(f"issues/{bucket}/" for bucket in ("open", "unstated", "ongoing", "done"))}
    months = {path for path in there | pages(site.output) if path.startswith("issues/") and path.endswith(f"/{month}/")}
    later = {path for path in there | pages(site.output) if path.startswith(tuple(f"{each}page-" for each in months))}
    allowed = shown_by(site, notice) | neighbours | tallies | months | later | told | {"calendar/"}
    assert site.made - allowed == set()
    must = shown_by(site, notice) | {"", "issues/", "issues/open/", "issues/done/", "agencies/", "data/agencies.json"}
    assert must - site.made == set()
    made = {path + "index.html" if path.endswith("/") or not path else path for path in site.made}
    assert {name for name in site.written if not is_part(name)} <= made | DATA
    assert {f"notices/{notice.stem}/index.html", "index.html", "data/issues.json", "data/issues.csv"} <= site.written
    assert not {name for name in site.written if name.startswith("notices/") and name.count("/") > 1} - {
        f"notices/{notice.stem}/index.html",
        f"notices/{year}/index.html",
    }
    site.is_as_new()


def test_touching_files_makes_nothing_again(site: Site):
    for path in site.content.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes())
    done = site.build().published
    assert (site.made, site.written) == (set(), set())
    assert done
    assert (done.changed, done.removed) == (0, 0)


def test_a_build_of_what_looks_as_it_did_does_not_even_begin(site: Site, monkeypatch):
    monkeypatch.setattr(read, "_RECENT", 0)  # else files that changed a moment ago are looked at again
    site.build()
    monkeypatch.setattr(pipeline, "_made", lambda *_: pytest.fail("nothing was to be done"))
    done = site.build().published
    assert done
    assert (done.changed, done.removed) == (0, 0)
    monkeypatch.undo()
    site.is_as_new()


def test_a_template_makes_again_the_pages_that_use_it(site: Site, tmp_path: Path):
    own = tmp_path / "own"
    own.mkdir()
    site.build(templates=own)
    assert site.made == set()
    (own / "plans.html").write_text(OWN_PLANS, "utf-8")
    site.build()
    assert site.made == {"plans/"}
    assert site.written == {"plans/index.html"}
    (own / "static").mkdir()
    (own / "static" / "style.css").write_text("a{}")
    (own / "static" / "extra.txt").write_text("x")
    site.build()
    assert site.made == site.written == {"static/style.css", "static/extra.txt"}
    (own / "plans.html").unlink()
    (own / "static" / "extra.txt").unlink()
    site.build()
    assert site.made == {"plans/"}
    assert site.written == {"plans/index.html", "static/extra.txt"}
    site.is_as_new()


@pytest.mark.parametrize("reference", ['"./part.html"', '"part.html"', '".part.html"', '"pa" ~ "rt.html"'])
def test_what_a_template_includes_makes_its_pages_again(site: Site, tmp_path: Path, reference: str):
    own = tmp_path / "own"
    own.mkdir()
    (own / "plans.html").write_text(OWN_PLANS.replace("我们的方案", f"{{% include {reference} %}}"), "utf-8")
    for name in ("part.html", ".part.html"):
        (own / name).write_text("一")
    site.build(templates=own)
    for name in ("part.html", ".part.html"):
        (own / name).write_text("二")
    site.build()
    assert site.made == {"plans/"}
    site.is_as_new()


def test_another_day_makes_again_what_depends_on_it(site: Site):
    plans = {f"notices/{path.stem}/" for path in site.notices if value(path, "kind") == "plan"}
    site.build(today=date(2019, 1, 1))  # before all phases and all promises
    assert plans
    made = {path for path in site.made if not path.startswith("calendar")}
    promising = {
        f"notices/{path.stem}/" for path in site.notices if re.search(r"(?m)^ +.*\bdue: ", path.read_text("utf-8"))
    }
    assert {"plans/"} | plans <= made <= {"plans/"} | plans | promising
    assert "已到期，未见更新" not in "".join(
        path.read_text("utf-8") for path in site.output.glob("notices/*/index.html")
    )
    site.is_as_new()
    site.build(today=date(2019, 1, 2))
    assert site.made == {"calendar/"}, "it says of what day it is"


def test_a_new_notice_leaves_other_months_and_other_notices_alone(site: Site):
    first = site.rectification()
    new = first.with_name(f"{first.stem}-new.yaml")
    new.write_text(re.sub(r"(?m)^published: .*", "published: 2024-02-29", first.read_text("utf-8")), "utf-8")
    before = pages(site.output)
    site.build()
    months = {path for path in before if re.fullmatch(r"issues/\w+/\d{4}-\d\d/(?:page-\d+/)?", path)}
    assert months
    assert {path for path in site.made & months if "2024-02" not in path} == set()
    others = {f"notices/{path.stem}/" for path in site.notices}
    assert site.made & others == set()
    years = {path for path in site.made if re.fullmatch(r"notices/\d{4}/.*", path)}
    assert years == {"notices/2024/"}
    assert {f"notices/{new.stem}/", "", "notices/", "issues/", "sitemap.xml"} <= site.made
    site.is_as_new()
    new.unlink()
    site.build()
    assert site.made & (months | others) <= {path for path in months if "2024-02" in path}
    site.is_as_new()


def test_a_notice_that_takes_issues_up_changes_the_page_of_the_earlier(site: Site):
    first = site.rectification()
    new = first.with_name(f"{first.stem}-new.yaml")
    text = re.sub(r"(?m)^published: .*", "published: 2025-12-20", first.read_text("utf-8"))
    text = re.sub(r"(?m)^( +)(- id: .*)$", rf"\g<1>\g<2>\n\g<1>  continues: {first.stem}#issue-1", text, count=1)
    new.write_text(f"{text}follows: [{first.stem}]\n", "utf-8")
    site.build()
    others = {f"notices/{path.stem}/" for path in site.notices}
    assert site.made & others == {f"notices/{first.stem}/"}
    site.is_as_new()
    new.unlink()
    site.build()
    assert site.made & others == {f"notices/{first.stem}/"}
    site.is_as_new()


def test_a_deleted_or_changed_file_of_the_site_comes_back_alone(site: Site):
    notice = f"notices/{site.notices[0].stem}/index.html"
    for damage in (Path.unlink, lambda path: path.write_bytes(b"x"), lambda path: path.write_text("")):
        damage(site.output / notice)
        site.build()
        assert site.made == {notice.removesuffix("index.html")}
        assert site.written == {notice}
    site.is_as_new()


def test_a_deleted_file_of_open_data_comes_back(site: Site):
    (site.output / "data" / "issues.json").unlink()
    site.build()
    assert site.made == set()
    assert site.written <= DATA
    site.is_as_new()


def test_a_deleted_file_of_open_data_leaves_the_others_alone(site: Site):
    (site.output / "data" / "issues.json").unlink()
    site.build()
    assert site.written == {"data/issues.json"}


def test_tables_that_an_edit_does_not_touch_are_not_written_anew(site: Site, monkeypatch: pytest.MonkeyPatch):
    written: list[str] = []
    join = joining._join

    def note(form, *arguments):
        written.append(form.path)
        return join(form, *arguments)

    monkeypatch.setattr(joining, "_join", note)
    notice = site.rectification()
    change(notice, "^title: (.*)$", r"title: \g<1>（二）")
    site.build()
    assert set(written) == {"data/notices.json", "data/notices.csv"}
    written.clear()
    change(notice, r"^( +status: )已完成$", r"\g<1>未完成")
    site.build()
    assert {"data/issues.json", "data/measures.csv"} <= set(written)
    assert not {"data/attachments.json", "data/totals.json"} & set(written)
    site.is_as_new()
    for path in (site.notices[0], site.notices[-1]):  # the last record of a file ends in another way
        written.clear()
        change(path, "^title: (.*)$", r"title: \g<1>（三）")
        site.build()
        assert set(written) == {"data/notices.json", "data/notices.csv"}
        site.is_as_new()


def test_a_template_that_is_wrong_is_told_on_a_new_site_too(site: Site, tmp_path: Path):
    """Pages that link to a place in the page of a notice do not look for it in a page that could not be made."""
    (site.content / "pages" / "more.md").write_text(f"# 看\n\n[问题](/notices/{site.notices[0].stem}/#issue-1)\n")
    own = tmp_path / "own"
    own.mkdir()
    (own / "notice.html").write_text("{{ nothing.at_all }}")
    for output in (site.output, tmp_path / "new"):
        result = build(replace(site.options, templates=own, output=output))
        assert {problem.code for problem in result.problems if problem.severity is Severity.ERROR} == {"template"}
        assert result.published is None


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_edits_building_on_makes_what_building_anew_makes(tmp_path: Path, seed: int):
    assert Walk(tmp_path, seed, size=8, apart=0).run(14) == []


# --why PATH


@pytest.fixture
def why(content: Path, run) -> Callable[..., str]:
    """The answer to `--why`."""

    def ask(path: str, *more: str) -> str:
        error = run("--today", TODAY, "--jobs", "1", "--why", path, *more)[2]
        found = [line for line in error.splitlines() if line.startswith(f"{path}：")]
        assert len(found) == 1, error
        return found[0].removeprefix(f"{path}：")

    return ask


NOTICE = "/notices/water-2025/"


def test_why_a_page_is_made_first_and_then_not(why):
    assert why(NOTICE) == "重新生成了：没有上一次生成它的记录"
    for asked in (NOTICE, "notices/water-2025", "site/notices/water-2025/index.html", f"https://site.example{NOTICE}"):
        assert why(asked) == "没有重新生成：它显示的内容、模板、网站设置和程序都没有变"


def test_why_a_page_is_made_again(content: Path, why, tmp_path: Path):
    why(NOTICE)
    change(content / "notices/2025/water-2025.yaml", "^ +status: 已完成$", "            status: 未完成")
    said = "它显示的内容变了（content/notices/2025/water-2025.yaml，或其中提到的单位、地区、通报）"
    assert why(NOTICE) == f"重新生成了：{said}"
    change(content / "site.yaml", "^title: .*", "title: 别的名字")
    assert why(NOTICE) == "重新生成了：网站设置变了（site.yaml、pages 里的标题或 --base-url）"
    own = tmp_path / "own"
    own.mkdir()
    (own / "notice.html").write_text('{% extends "default/notice.html" %}')
    said = why(NOTICE, "--templates", "own")
    assert said.startswith("重新生成了：模板变了（")
    assert "notice.html" in said
    assert "default/notice.html" in said
    Path("site/notices/water-2025/index.html").unlink()
    lost = "重新生成了：输出文件夹里的文件不见了，或被别的程序改过"
    assert why(NOTICE, "--templates", "own") == lost


def test_why_of_pages_that_there_are_not(content: Path, why):
    assert why("/notices/nothing/") == "网站里没有这个页面"
    (content / "notices/2025/water-2025.yaml").write_text("kind: [", "utf-8")
    assert why(NOTICE) == "没有生成：内容有错误"


def test_why_of_the_data_files(content: Path, why):
    assert why("data/notices.json").startswith("重新生成了：")
    assert why("data/notices.json").startswith("没有重新生成：")
    change(content / "notices/2025/water-2025.yaml", "^title: .*", r"\g<0>（二）")
    assert why("/data/issues.csv") == "重新生成了：其中通报的数据变了"
    assert why("data/agencies.json").startswith("没有重新生成")


def test_why_of_the_files_of_all_data(content: Path, why):
    assert why("data/gongshi.xlsx").startswith("重新生成了：没有上一次")
    assert why("data/gongshi.sqlite").startswith("没有重新生成：")
    change(content / "notices/2025/water-2025.yaml", "老旧管网改造滞后", "老旧管网改造缓慢")
    assert why("data/gongshi.sqlite") == "重新生成了：其中的数据或网站设置变了"
    assert why("data/").startswith("没有重新生成：")


def test_why_of_a_data_file_that_was_deleted(content: Path, why):
    why("data/issues.csv")
    Path("site/data/issues.csv").unlink()
    assert why("data/issues.csv") == "重新生成了：输出文件夹里的文件不见了，或被别的程序改过"
