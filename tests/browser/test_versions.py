"""The versions of a notice on its page, with differences, in a real browser and before the validators."""

import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from bench.repository import Repo
from tests.browser.conftest import Site
from tests.browser.test_pages import CUT_OFF, WIDTHS, New, _checked
from tests.browser.views import VIEWS, choose
from tests.conftest import ROOT

PAGE = "notices/water-2025/"


@pytest.fixture(scope="module")
def changed(serve, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The small good site after some commits: a status, a text, a telephone, a very long word, and nothing at all."""
    folder = tmp_path_factory.mktemp("repository")
    shutil.copytree(ROOT / "tests" / "base" / "content", folder / "content")
    repo = Repo(folder)
    repo.commit()
    file = folder / "content/notices/2025/water-2025.yaml"
    for old, new in (
        ("status: 已完成", "status: 正在整改"),
        ("改造老旧管网12公里", "改造老旧供水管网13公里，按月公布进度"),
        ("\nsections:", "\ncontact: {phones: [{number: '2345678'}]}\nclosing: " + "w" * 300 + "\nsections:"),
        ("2345678", "2345679"),
        ("kind:", "# 注释\nkind:"),
    ):
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")
        repo.commit()
    return serve(folder / "content")


def _open(page, site: Site) -> None:
    page.goto(site.base + PAGE)
    page.locator("#versions summary").click()


def test_the_nu_html_checker_finds_no_error(changed: Site):
    assert [f"{m['url']}: {m['message']}" for m in _checked(changed.folder) if m["type"] != "info"] == []


@pytest.mark.parametrize("view", [None, *VIEWS])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_violation_and_nothing_is_cut_off(width: str, view: str | None, changed: Site, open_browser: New):
    context = open_browser(WIDTHS[width], bypass_csp=True)
    if view:
        choose(context, VIEWS[view])
    page = context.new_page()
    _open(page, changed)
    violations = Axe().run(page).response["violations"]
    assert [f"{v['id']}: {node['html'][:120]}" for v in violations for node in v["nodes"]] == []
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width]


def test_what_changed_is_seen_without_colour_too(changed: Site, open_browser: New):
    page = open_browser().new_page()
    _open(page, changed)
    decoration = "e => getComputedStyle(e).textDecorationLine"
    assert page.locator("#versions del").first.evaluate(decoration) == "line-through"
    assert page.locator("#versions ins").first.evaluate(decoration) == "underline"
    assert page.locator("#versions").inner_text().count("原来") == 3


def test_it_is_closed_at_first_and_opens_without_a_script(changed: Site, open_browser: New):
    page = open_browser(java_script_enabled=False).new_page()
    page.goto(changed.base + PAGE)
    assert not page.locator(".revisions").is_visible()
    page.locator("#versions summary").focus()
    page.keyboard.press("Enter")
    assert page.locator(".revisions").is_visible()
    page.get_by_role("link", name="怎样核对").click()
    assert page.url.endswith("data/#verify")


def test_it_is_not_printed(changed: Site, open_browser: New):
    page = open_browser().new_page()
    _open(page, changed)
    page.emulate_media(media="print")
    assert not page.locator("#versions").is_visible()


def test_the_manifest_names_what_is_served(changed: Site, open_browser: New):
    answer = open_browser().new_page().request.get(f"{changed.base}manifest.sha256")
    names = [line.partition("  ")[2] for line in answer.text().splitlines()]
    assert f"{PAGE}index.html" in names
    assert Path(changed.folder, names[-1]).is_file()
