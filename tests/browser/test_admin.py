"""The form at `/admin/` in Chromium, saving to a git repository through Decap's local server."""

import contextlib
import functools
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from gongshi.options import Options
from gongshi.pipeline import build, check
from gongshi.problems import Severity
from tests.browser.conftest import Site
from tests.conftest import ROOT

SERVER = Path(__file__).with_name("node_modules") / "decap-server" / "dist" / "index.js"


@dataclass
class Desk:
    """An editor's place: the page, the repository behind it, and what went wrong in the browser."""

    page: Page
    folder: Path
    wrong: list[str]
    asked: set[str]  # hosts

    def git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", "-c", "core.quotePath=false", *arguments], cwd=self.folder, check=True, capture_output=True, text=True
        ).stdout  # fmt: skip

    def field(self, label: str, last: bool = False) -> Locator:
        """The control of the first (or last) field that is to be seen with a label."""
        labels = self.page.locator("label:visible").filter(has_text=re.compile(rf"^{label}( |$)"))
        wanted = labels.last if last else labels.first
        return self.page.locator(f"#{wanted.get_attribute('for')}")

    def choose(self, label: str, words: str) -> None:
        self.field(label).click()
        self.field(label).type(words)
        self.page.locator('[class*="-option"]').filter(has_text=words).first.click()

    def publish(self) -> None:
        self.page.get_by_text("发布", exact=True).click()
        self.page.get_by_role("menuitem").filter(has_text="立即发布").click()
        expect(self.page.get_by_text("内容已保存")).to_be_visible()

    def changes(self) -> list[str]:
        """What the last commit took out and put in."""
        lines = self.git("show", "--unified=0", "--format=").splitlines()
        return [line for line in lines if re.match(r"[-+](?![-+]{2} )", line)]

    def errors(self) -> list[str]:
        found = check(Options(content=self.folder / "content", cache=None)).problems
        return [str(problem) for problem in found if problem.severity is Severity.ERROR]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def offices(
    tmp_path_factory: pytest.TempPathFactory, npm_cache: Path, host: Callable[[Path], str]
) -> Callable[[str], tuple[str, Path, int]]:
    """The demonstration with a form, by its way of saving: its address, its content, and the port that it saves to."""

    @functools.cache
    def office(review: str) -> tuple[str, Path, int]:
        folder = tmp_path_factory.mktemp("office")
        shutil.copytree(ROOT / "content", folder / "content")
        port = free_port()
        with (folder / "content" / "site.yaml").open("a") as settings:
            root = f"http://127.0.0.1:{port}/api/v1"
            settings.write(f"admin: {{backend: local, api_root: '{root}', review: {review}}}\n")
        options = Options(content=folder / "content", output=folder / "served" / "gs", cache=npm_cache)
        assert build(options).published
        return host(folder / "served"), folder / "content", port

    return office


@pytest.fixture
def desk(
    request: pytest.FixtureRequest, tmp_path: Path, open_browser: Callable[..., BrowserContext],
    offices: Callable[[str], tuple[str, Path, int]],
) -> Iterator[Desk]:  # fmt: skip
    base, content, port = offices(getattr(request, "param", "false"))
    shutil.copytree(content, tmp_path / "content")
    page = open_browser(locale="zh-CN").new_page()
    desk = Desk(page, tmp_path, [], set())
    for arguments in (
        ("init", "-q", "-b", "main"), ("config", "user.name", "test"), ("config", "user.email", "test@example.cn"),
        ("add", "."), ("commit", "-q", "-m", "start"),
    ):  # fmt: skip
        desk.git(*arguments)
    page.on("console", lambda said: desk.wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: desk.wrong.append(str(error)))
    page.on("request", lambda request: desk.asked.add(request.url.partition("/gs/")[0].partition("/api/")[0]))
    environment = {"MODE": "git", "PORT": str(port), "BIND_HOST": "127.0.0.1", "GIT_REPO_DIRECTORY": str(tmp_path)}
    with subprocess.Popen(
        ["node", SERVER], env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as server:  # fmt: skip
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        page.goto(f"{base}/gs/admin/")
        page.get_by_role("button", name="登录").click()
        page.get_by_role("heading", name="问题进展").wait_for()
        yield desk
        os.killpg(server.pid, signal.SIGTERM)  # `node` may be a script that starts it
    assert desk.wrong == []
    assert {address for address in desk.asked if not address.startswith(("data:", "blob:"))} == {
        base,
        f"http://127.0.0.1:{port}",
    }


def test_the_status_of_an_issue_is_one_line(desk: Desk) -> None:
    page = desk.page
    page.get_by_text("中共临沂市交通运输局党组").click()
    page.get_by_text(re.compile("^23 ")).click()
    desk.field("整改进度").fill("已完成并长期坚持")
    page.get_by_role("button", name="新增进展更新").locator("visible=true").click()
    desk.field("日期").fill("2026-08-01")
    desk.field("进展").fill("又查了一遍：没有新的问题。")
    desk.publish()
    assert desk.changes() == [
        "-                status: 已完成",
        "+                status: 已完成并长期坚持",
        "+                updates:",
        "+                  - date: 2026-08-01",
        "+                    text: 又查了一遍：没有新的问题。",
    ]
    assert desk.errors() == []


def test_a_telephone_number_is_one_line(desk: Desk) -> None:
    page = desk.page
    page.get_by_role("link", name="单位", exact=True).click()
    page.get_by_text("临沂市交通运输局").click()
    page.get_by_text("电话 7877072").click()
    desk.field("号码").fill("7877000")
    desk.publish()
    line = "  phones: [{number: '%s', label: 电话}]"
    assert desk.changes() == [f"-{line % 7877072}", f"+{line % 7877000}"]
    assert desk.errors() == []


def test_a_new_notice(desk: Desk) -> None:
    page = desk.page
    page.get_by_role("link", name="通报", exact=True).click()
    page.locator('a[href="#/collections/notices/new"]').click()
    desk.choose("种类", "整改通报")
    desk.field("标题").fill("示例：关于“整改”的通报 #1")
    desk.choose("单位", "临沂市交通运输局")
    desk.choose("全文或摘要", "摘要")
    desk.field("发布日期").fill("2026-11")
    desk.choose("承接的通报", "中共临沂市交通运输局党组")
    page.get_by_role("button", name="新增部分").click()
    desk.field("标题", last=True).fill("整改情况")
    page.get_by_role("button", name="新增问题").locator("visible=true").click()
    desk.field("编号").fill("1")
    desk.field("问题", last=True).fill("老旧设施没有及时换")
    desk.field("责任部门").fill("甲科\n乙科")
    page.get_by_role("button", name="新增整改措施").locator("visible=true").first.click()
    desk.field("措施内容").fill("已经换了。")
    desk.publish()
    path = desk.git("show", "--format=", "--name-only").strip()
    assert re.fullmatch(r"content/notices/\d{4}/linyi-transport-\d{4}\.yaml", path)
    assert (desk.folder / path).read_text() == (
        "# yaml-language-server: $schema=../../../schema/notice.json\n"
        "kind: rectification\n"
        "title: '示例：关于“整改”的通报 #1'\n"
        "agency: linyi-transport\n"
        "text: digest\n"
        "published: 2026-11\n"
        "follows: [linyi-transport-2023]\n"
        "sections:\n"
        "  - title: 整改情况\n"
        "    issues:\n"
        "      - id: '1'\n"
        "        title: 老旧设施没有及时换\n"
        "        measures:\n"
        "          - 已经换了。\n"
        "        units: [甲科, 乙科]\n"
    )
    assert desk.errors() == []


@pytest.mark.parametrize("desk", ["true"], indirect=True)
def test_what_is_to_be_reviewed_goes_to_a_branch(desk: Desk) -> None:
    page = desk.page
    page.get_by_text("中共临沂市交通运输局党组").click()
    page.get_by_text(re.compile("^23 ")).click()
    desk.field("整改进度").fill("未完成")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("内容已保存")).to_be_visible()
    page.get_by_text("状态: 草稿").click()
    page.get_by_role("menuitem").filter(has_text="审核中").click()
    expect(page.get_by_text("状态: 审核中")).to_be_visible()
    assert desk.git("log", "main", "--format=%s").split() == ["start"]
    branch = "cms/progress/2023/linyi-transport-2023"
    changed = desk.git("diff", "--unified=0", "main", branch).splitlines()[5:]
    assert changed == ["-                status: 已完成", "+                status: 未完成"]
    assert all("404" in said for said in desk.wrong)  # Decap asks for a branch to see whether it is there
    desk.wrong.clear()


def test_what_is_wrong_is_said_and_not_saved(desk: Desk) -> None:
    page = desk.page
    page.get_by_text("中共临沂市交通运输局党组").click()
    page.get_by_text(re.compile("^23 ")).click()
    desk.field("整改时限").fill("明年")
    page.get_by_text("发布", exact=True).click()
    page.get_by_role("menuitem").filter(has_text="立即发布").click()
    expect(page.get_by_text("请写成 2023-06-08").first).to_be_visible()
    assert desk.git("log", "--format=%s").split() == ["start"]
    assert set(desk.wrong) <= {"undefined"}  # what Decap says of it to the console
    desk.wrong.clear()


def test_the_page_stays_out_of_sight(demonstration: Site, admin_site: Path) -> None:
    page = (admin_site / "admin" / "index.html").read_text()
    assert '<meta name="robots" content="noindex">' in page
    assert "admin/" not in (admin_site / "sitemap.xml").read_text()
    same = {
        path.relative_to(demonstration.folder).as_posix() for path in demonstration.folder.rglob("*") if path.is_file()
    }
    also = {path.relative_to(admin_site).as_posix() for path in admin_site.rglob("*") if path.is_file()}
    assert {path.partition("/")[0] for path in also - same if not path.startswith("search/")} == {"admin"}
    assert "admin/" not in (admin_site / "index.html").read_text()
