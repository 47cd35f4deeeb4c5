"""What a page tells of the versions of its notice: from real repositories, made here with fixed days."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.repository import Repo
from gongshi import git, history, pipeline, read
from gongshi.press import Press
from tests.conftest import TODAY, tree
from tests.outline import outline

NOTICE = "notices/2025/water-2025.yaml"
PAGE = Path("site/notices/water-2025/index.html")


@pytest.fixture
def repo(content: Path) -> Repo:
    """The small good site, committed."""
    made = Repo(content.parent)
    (content.parent / ".gitignore").write_text("site*/\n.gongshi-cache/\n")
    made.commit("初次收录")
    return made


@pytest.fixture
def page(run, content: Path) -> Callable[..., str]:
    """Build; the part of the notice's page that tells of its versions, a block a line."""

    def build(*arguments: str) -> str:
        code, report, error = run("--today", TODAY, "--jobs", "1", *arguments)
        assert code == 0, report + error
        return versions()

    return build


def versions(place: Path = PAGE) -> str:
    html = place.read_text("utf-8")
    start = html.index('<section class="versions"')
    return outline(html[start : html.index("</section>", start) + 10], "section")


def edit(content: Path, old: str, new: str, name: str = NOTICE) -> None:
    file = content / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_a_notice_that_never_changed(repo: Repo, page):
    name = repo.git("rev-parse", "HEAD")[:10]
    assert f"首次收录\n2025年3月2日 {name}，以后没有改动" in page()


def test_every_version_with_its_day_and_what_it_changed(repo: Repo, content: Path, page):
    edit(content, "status: 已完成", "status: 正在整改")
    second = repo.commit("张三改了进度")
    edit(content, "改造老旧管网12公里", "改造老旧供水管网13公里")
    third = repo.commit()
    said = page()
    assert said.index(third) < said.index(second)
    assert "后来改动 2 次，最近一次：2025年3月4日" in said
    assert "[整改进度：问题 1 老旧管网改造滞后](#issue-1)\n原来 已完成\n改为 正在整改（未完成）" in said
    assert "[文字：问题 1 老旧管网改造滞后](#issue-1)\n原来 改造老旧管网12公里。\n改为 改造老旧供水管网13公里。" in said
    html = PAGE.read_text("utf-8")
    assert "改造老旧管网1<del>2</del>公里。" in html or "<ins>供水</ins>" in html
    for private in ("某编辑", "bianji", "张三", "2001"):
        assert private not in html


def test_what_is_not_committed_yet_is_said_to_be(repo: Repo, content: Path, page):
    edit(content, "12公里", "13公里")
    assert "尚未提交" in page()
    repo.commit()
    assert "尚未提交" not in page()


def test_line_ends_of_windows_are_no_change(repo: Repo, content: Path, page):
    file = content / NOTICE
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert "以后没有改动" in page()
    repo.commit()  # with the line ends of Windows in the repository
    assert "公开的内容没有变化，只改了文件的写法。" in page()
    file.write_bytes(file.read_bytes().replace(b"\r\n", b"\n"))
    assert "尚未提交" not in page()


def test_a_file_that_moves_and_an_id_that_changes_keep_their_history(repo: Repo, content: Path, page, run):
    (content / "notices/旧").mkdir()
    (content / NOTICE).rename(content / "notices/旧/water-2025.yaml")
    repo.commit()
    assert "以后没有改动" in page()
    new = content / "notices/旧/shuiwu-2025.yaml"
    (content / "notices/旧/water-2025.yaml").rename(new)
    new.write_text(new.read_text("utf-8").replace("12公里", "13公里") + "old_ids: [water-2025]\n", "utf-8")
    repo.commit()
    assert run("--today", TODAY, "--jobs", "1")[0] == 0
    said = versions(Path("site/notices/shuiwu-2025/index.html"))
    assert "后来改动 1 次" in said
    assert "12公里" in said
    assert "删去了这份通报" not in said


def test_a_file_that_was_deleted_and_came_back(repo: Repo, content: Path, page):
    text = (content / NOTICE).read_text("utf-8")
    (content / NOTICE).unlink()
    repo.commit()
    (content / NOTICE).write_text(text.replace("12公里", "15公里"), "utf-8")
    repo.commit()
    said = page()
    assert "删去了这份通报。" in said
    assert "改造老旧管网15公里" in said


def test_what_was_merged_came_when_it_was_merged(repo: Repo, content: Path, page):
    repo.git("checkout", "-qb", "draft")
    edit(content, "12公里", "草稿里写过的公里")
    repo.commit()
    edit(content, "草稿里写过的公里", "14公里")
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.day += 1
    repo.git("merge", "-q", "--no-ff", "-m", "合并", "draft")
    said = page()
    assert "后来改动 1 次，最近一次：2025年3月5日" in said
    assert "14公里" in said
    assert "草稿" not in said


def test_a_file_beside_a_notice_that_was_exchanged(repo: Repo, content: Path, page):
    folder = content / "notices/2025/water-2025"
    folder.mkdir()
    table = folder / "登记表.csv"
    table.write_text("序号,事项\n1,管网\n", "utf-8")
    with (content / NOTICE).open("a") as notice:
        notice.write("attachments: [{title: 登记表, file: 登记表.csv}]\n")
    repo.commit()
    table.write_text("序号,事项\n1,水表\n", "utf-8")
    (folder / "没有公开.csv").write_text("x", "utf-8")
    name = repo.commit()
    said = page()
    assert said.index(name) < said.index("附件：换过登记表.csv") < said.index("附件：放入了登记表.csv")
    assert "附件：放入了一个文件" in said
    assert "没有公开.csv" not in PAGE.read_text("utf-8")
    (content / "notices/旧").mkdir()
    folder.rename(content / "notices/旧/water-2025")
    (content / NOTICE).rename(content / "notices/旧/water-2025.yaml")
    repo.commit()
    assert "后来改动 2 次" in page()


# What may not be public


def test_what_is_withheld_now_is_in_no_difference(repo: Repo, content: Path, page):
    edit(content, "改造老旧管网12公里", "向举报人王某某道歉")
    repo.commit()
    edit(content, "向举报人王某某道歉", "向举报人王某某赔礼")
    repo.commit()
    file = content / NOTICE
    text = file.read_text("utf-8")
    file.write_text(
        text[: text.index("            title: 老旧")] + "            withheld: {reason: privacy}\n", "utf-8"
    )
    repo.commit()
    said = page()
    assert "后来改动 3 次" in said
    assert "是否公开：问题 1" in said
    assert "改为 涉及个人隐私" in said
    html = PAGE.read_text("utf-8")
    assert "王某某" not in html
    assert "老旧管网" not in html


def test_a_withheld_measure_or_section_is_in_no_difference(repo: Repo, content: Path, page):
    more = "              - 向举报人王某某道歉。\n  - title: 涉密事项\n    text: 某处涉密工程的位置。\n"
    file = content / NOTICE
    text = file.read_text("utf-8")
    file.write_text(text + more, "utf-8")
    repo.commit()
    hidden = "              - {withheld: {reason: privacy}}\n  - title: 涉密事项\n    withheld: {reason: secret}\n"
    file.write_text(text + hidden, "utf-8")
    repo.commit()
    page()
    html = PAGE.read_text("utf-8")
    assert "王某某" not in html
    assert "涉密工程" not in html


def test_an_issue_that_moved_into_a_withheld_section_is_in_no_difference(repo: Repo, content: Path, page):
    edit(content, "sections:", "sections:\n  - title: 另一部分\n    text: 这一部分公开。")
    edit(content, "  - title: 整改进展\n", "  - title: 整改进展\n    withheld: {reason: case}\n")
    text = (content / NOTICE).read_text("utf-8")
    (content / NOTICE).write_text(text[: text.index("    aspects:")], "utf-8")
    repo.commit()
    assert "后来改动 1 次" in page()
    assert "老旧管网" not in PAGE.read_text("utf-8")


def test_personal_data_of_old_texts_are_in_no_difference(repo: Repo, content: Path, page):
    """The build of that day would have refused it; the history has it all the same."""
    edit(content, "12公里。", "12公里，联系人李某，手机13800001234。")
    repo.commit()
    edit(content, "12公里，联系人李某，手机13800001234。", "12公里。")
    repo.commit()
    said = page()
    assert said.count("有一处改动：其中有不宜公开的个人信息，没有列出") == 2
    assert "1380000" not in PAGE.read_text("utf-8")
    assert "李某" not in PAGE.read_text("utf-8")


def test_an_old_number_of_the_contact_is_told_only_if_it_is_an_office(repo: Repo, content: Path, page):
    with (content / NOTICE).open("a") as file:
        file.write("contact: {phones: [{number: '13800001234'}, {number: '2345678'}]}\n")
    repo.commit()
    edit(content, "'13800001234'", "'2345679'")
    edit(content, "'2345678'", "'2345670'")
    repo.commit()
    said = page()
    assert "13800001234" not in said
    assert "2345678" in said


def test_a_decision_ends_what_is_shown_without_naming_a_commit(repo: Repo, content: Path, page):
    edit(content, "12公里。", "12公里，由王某某负责。")
    repo.commit()
    with (content / NOTICE).open("a") as file:
        file.write("earlier_withheld: {date: 2025-03-04, reason: privacy, note: 旧版写有姓名}\n")
    edit(content, "，由王某某负责", "")
    repo.commit()
    edit(content, "12公里", "13公里")
    repo.commit()
    said = page()
    assert "后来改动 3 次" in said
    assert said.count("这次改动的内容不予公开（涉及个人隐私：旧版写有姓名）。") == 2
    assert "原来 改造老旧管网12公里。" in said, "what came after the decision is shown"
    assert "王某某" not in PAGE.read_text("utf-8")
    edit(content, "2025-03-04", "2025-03-06")  # another decision
    repo.commit()
    assert "12公里" not in page()


def test_a_withdrawn_notice_tells_days_alone(repo: Repo, content: Path, page):
    edit(content, "12公里", "13公里")
    repo.commit()
    text = (content / NOTICE).read_text("utf-8")
    head = text[: text.index("sections:")]
    (content / NOTICE).write_text(f"{head}withdrawn: {{date: 2025-06-05, reason: 有误}}\n", "utf-8")
    repo.commit()
    said = page()
    assert said.count("通报已经撤回，不再列出改动的内容。") == 2
    assert "公里" not in PAGE.read_text("utf-8")


def test_a_site_may_keep_its_history_to_itself(repo: Repo, content: Path, page):
    edit(content, "12公里", "13公里")
    edit(
        content,
        "            measures:",
        "            updates: [{date: 2025-08-01, status: 正在整改}]\n            measures:",
    )
    repo.commit()
    (content / "site.yaml").write_text((content / "site.yaml").read_text("utf-8") + "revisions: updates\n", "utf-8")
    said = page()
    assert "12公里" not in said
    assert "进展更新 1 次，最近一次：2025年8月1日" in said
    assert "2025年8月1日 [问题 1 老旧管网改造滞后](#issue-1) <open>正在整改" in said


# Histories that are not what they should be


def test_without_a_repository_there_are_the_updates(content: Path, page):
    said = page()
    assert "源文件的 SHA-256" in said
    assert "首次收录" not in said


def test_an_old_version_that_cannot_be_read(repo: Repo, content: Path, page):
    text = (content / NOTICE).read_bytes()
    for broken in (
        b"kind: [",
        b"\x00\xff" * 100,
        b"kind: rectification\nunknown: 1\n",
        b"a" * (history.MAX_OLD + 1),
        b"",
    ):
        (content / NOTICE).write_bytes(broken)
        repo.commit()
    (content / NOTICE).write_bytes(text)
    repo.commit()
    said = page()
    assert said.count("有一版读不了，无法比较。") == 6


@pytest.mark.parametrize(("seconds", "day"), [("99999999999999", "9987年"), ("0", "1970年1月1日")])
def test_a_commit_of_any_time(repo: Repo, content: Path, page, seconds: str, day: str):
    edit(content, "12公里", "13公里")
    repo.commit()
    written = repo.git("cat-file", "commit", "HEAD")
    raw = re.sub(r"^(committer .*> )\d+", rf"\g<1>{seconds}", written, flags=re.MULTILINE) + "\n"
    command = ["git", "hash-object", "-t", "commit", "-w", "--stdin", "--literally"]
    made = subprocess.run(command, cwd=repo.folder, input=raw.encode(), check=True, capture_output=True).stdout.decode()
    repo.git("reset", "-q", "--hard", made.strip())
    assert f"最近一次：{day}" in page()


def test_many_versions_are_bounded(repo: Repo, content: Path, page, monkeypatch):
    monkeypatch.setattr(history, "KEPT", 8)
    monkeypatch.setattr(history, "LISTED", 6)
    monkeypatch.setattr("gongshi.outputs.pages.COMPARED", 2)
    for n in range(13, 23):
        edit(content, f"{n - 1}公里", f"{n}公里")
        repo.commit()
    said = page()
    assert said.count("原来") == 2
    assert said.count("较早的版本，没有逐处列出。") == 4
    assert "更早的改动没有列出。" in said
    assert "首次收录\n2025年3月2日" in said


def test_a_shallow_clone_is_told_and_lists_no_versions(repo: Repo, content: Path, run, tmp_path: Path, monkeypatch):
    edit(content, "12公里", "13公里")
    repo.commit()
    clone = tmp_path / "clone"
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", f"file://{repo.folder}", str(clone)], check=True, capture_output=True
    )
    monkeypatch.chdir(clone)
    code, report, _ = run("--today", TODAY, "--jobs", "1")
    assert code == 0
    assert re.search(
        r"^content:1:1: warning: git 的历史不全（浅克隆）.*fetch-depth: 0.*\[shallow-history\]$", report, re.MULTILINE
    )
    assert "首次收录" not in versions()


def test_a_repository_of_somebody_else_is_told(repo: Repo, run, monkeypatch):
    refusal = git.GitError("fatal: detected dubious ownership in repository at '/x'")
    monkeypatch.setattr(pipeline, "find", lambda _: (_ for _ in ()).throw(refusal))
    code, report, _ = run("--today", TODAY, "--jobs", "1")
    assert code == 0
    assert "safe.directory" in report
    assert "[no-history]" in report
    assert "首次收录" not in versions()


@pytest.mark.parametrize(
    "kind", ["empty", "no git", "untracked", "detached", "worktree", "sha256", "below", "root", "submodule"]
)
def test_kinds_of_repositories(kind: str, content: Path, page, run, tmp_path: Path, monkeypatch):
    there = kind not in ("empty", "no git", "untracked")
    if kind == "empty":
        Repo(content.parent)
    elif kind == "no git":
        Repo(content.parent).commit()
        monkeypatch.setenv("PATH", "/nowhere")
    elif kind == "untracked":
        (content.parent / ".gitignore").write_text("content/\n")
        Repo(content.parent).commit()
    elif kind == "detached":
        repo = Repo(content.parent)
        repo.commit()
        repo.git("checkout", "-q", "--detach")
    elif kind == "worktree":
        repo = Repo(content.parent)
        repo.commit(paths=("content",))
        repo.git("worktree", "add", "-q", "--detach", str(tmp_path / "工作树"))
        monkeypatch.chdir(tmp_path / "工作树")
    elif kind == "root":
        Repo(content).commit()
    elif kind == "submodule":
        Repo(content).commit()
        whole = Repo(tmp_path / "whole")
        whole.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(content), "content")
        whole.commit()
        monkeypatch.chdir(whole.folder)
    elif kind == "sha256":
        Repo(content.parent, "--object-format=sha256").commit()
    else:
        inner = content.parent / "里 面"
        inner.mkdir()
        content.rename(inner / "content")
        Repo(content.parent).commit()
        monkeypatch.chdir(inner)
    assert ("首次收录" in page()) is there
    assert "尚未提交" not in versions()


def test_no_program_of_the_repository_is_run(repo: Repo, content: Path, page, tmp_path: Path):
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/sprung'\ncat\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "diff.external", "diff.x.textconv", "filter.x.clean", "filter.x.smudge", "core.pager",
                "gpg.program", "core.sshCommand", "diff.x.command"):  # fmt: skip
        repo.git("config", key, str(trap))
    repo.git("config", "log.showSignature", "true")
    repo.git("config", "core.hooksPath", str(tmp_path))
    (content.parent / ".gitattributes").write_text("*.yaml diff=x filter=x\n")
    edit(content, "12公里", "13公里")
    sprung = tmp_path / "sprung"
    repo.commit()
    sprung.unlink(missing_ok=True)
    page()
    assert not sprung.exists()


def test_variables_of_a_hook_do_not_lead_to_another_repository(repo: Repo, page, tmp_path: Path, monkeypatch):
    other = Repo(tmp_path / "other")
    other.commit()
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    assert "首次收录" in page()


# What is done again


def test_old_versions_are_read_once(repo: Repo, content: Path, page, monkeypatch):
    edit(content, "12公里", "13公里")
    repo.commit()
    page()
    asked: list[str] = []
    blobs = git.blobs
    monkeypatch.setattr(
        git, "blobs", lambda repository, names, limit: asked.extend(names) or blobs(repository, names, limit)
    )
    edit(content, "13公里", "14公里")
    repo.commit()
    assert "12公里" in page()
    assert len(asked) == 1, "the one that came"
    for pack in Path(".gongshi-cache/packs").iterdir():
        pack.unlink()
    assert "12公里" in page("--output", "site-2")
    assert len(asked) == 4, "all that are gone"


def test_a_commit_makes_again_the_pages_of_its_notices_alone(repo: Repo, content: Path, page, monkeypatch):
    second = content / "notices/2025/roads-2025.yaml"
    second.write_text((content / NOTICE).read_text("utf-8").replace("巡察整改", "另一次巡察整改"), "utf-8")
    repo.commit()
    page()
    made: list[str] = []
    asked: list[str] = []
    print_one, commits = Press._print, git.commits
    monkeypatch.setattr(
        Press, "_print", lambda self, order, tools: made.append(order.output.path) or print_one(self, order, tools)
    )
    monkeypatch.setattr(git, "commits", lambda *arguments: asked.append(arguments[2]) or commits(*arguments))
    head = repo.git("rev-parse", "HEAD")
    (content.parent / "别的.txt").write_text("x")
    repo.commit()
    page()
    assert made == []
    assert asked == [head], "only what came since"
    second.write_text(second.read_text("utf-8") + "# 注释\n", "utf-8")
    repo.commit()
    page()
    assert {path for path in made if path.startswith("notices/")} == {"notices/roads-2025/"}


def test_without_a_commit_git_is_asked_for_the_head_alone(repo: Repo, page, monkeypatch):
    monkeypatch.setattr(read, "_RECENT", 0)
    page()
    monkeypatch.setattr(pipeline, "_made", lambda *_: pytest.fail("nothing was to be done"))
    page()


def test_building_on_makes_what_building_anew_makes(repo: Repo, content: Path, page, tmp_path: Path):
    page()
    for n in range(13, 16):
        edit(content, f"{n - 1}公里", f"{n}公里")
        repo.commit()
        page()
    repo.git("checkout", "-q", "HEAD~2")  # another line of commits, that the one remembered is not on
    edit(content, "13公里", "30公里")
    repo.commit()
    page()
    page("--output", "site-new", "--no-cache")
    built, new = tree(Path("site")), tree(Path("site-new"))
    pages = {name for name in built.keys() | new.keys() if not name.startswith((".gongshi/", "search/", "manifest"))}
    assert {name for name in pages if built[name][0] != new[name][0]} == set()
    assert "30公里" in versions()
    assert "15公里" not in versions()
