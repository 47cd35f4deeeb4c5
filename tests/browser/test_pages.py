"""What the public sees, in a real browser and before other people's validators."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext

from tests.browser.conftest import Site
from tests.browser.views import VIEWS, VOICE, choose
from tests.conftest import ROOT

VNU = ROOT / "tests" / "browser" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
WIDTHS = {"desktop": 1280, "phone": 360}
LONG_NOTICE = "notices/linyi-transport-2023/"
New = Callable[..., BrowserContext]

# Boxes that hide a part of their text.
CUT_OFF = """() => [...document.querySelectorAll('body *')].filter((e) => !e.closest('svg, .visually-hidden, select, input')
  && /hidden|clip/.test(getComputedStyle(e).overflow) && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1))
  .map((e) => e.outerHTML.slice(0, 80))"""


def _checked(folder: Path) -> list[dict]:
    command = ["java", "-jar", str(VNU), "--skip-non-html", "--format", "json", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    return json.loads(done.stderr)["messages"]


@pytest.mark.parametrize("name", ["demonstration", "everything"])
def test_the_nu_html_checker_finds_no_error(name: str, request: pytest.FixtureRequest):
    site: Site = request.getfixturevalue(name)
    # The checker reads files, where the policy's 'self' stands for nothing; it says so as information.
    assert [f"{m['url']}: {m['message']}" for m in _checked(site.folder) if m["type"] != "info"] == []


def test_the_nu_html_checker_does_find_errors(tmp_path: Path):
    (tmp_path / "bad.html").write_text(
        "<!DOCTYPE html><html lang=zh-Hans><title>x</title><p><div id=a></div><p id=a></section>"
    )
    messages = _checked(tmp_path)
    assert {Path(m["url"]).name for m in messages if m["type"] == "error"} == {"bad.html"}


# Colours are the same at every width.
@pytest.mark.parametrize(("width", "scheme"), [("desktop", "light"), ("phone", "light"), ("phone", "dark")])
@pytest.mark.parametrize("name", ["demonstration", "everything"])
def test_axe_finds_no_violation(name: str, width: str, scheme: str, open_browser: New, request: pytest.FixtureRequest):
    site: Site = request.getfixturevalue(name)
    # axe has to be let in: the pages' own policy forbids scripts that they do not bring.
    page = open_browser(WIDTHS[width], color_scheme=scheme, bypass_csp=True).new_page()
    found = []
    for path in site.kinds:
        page.goto(site.base + path, wait_until="load")
        violations = Axe().run(page).response["violations"]
        found += [f"/{path}: {v['id']}: {node['html'][:120]}" for v in violations for node in v["nodes"]]
    assert found == []


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_violation_in_the_other_views(
    width: str, view: str, demonstration: Site, everything: Site, open_browser: New
):
    """One page of each kind, and the notices and registers of the site that has everything."""
    context = open_browser(WIDTHS[width], bypass_csp=True)
    choose(context, VIEWS[view])
    context.add_init_script(VOICE)
    page = context.new_page()
    found = []
    kinds = [path for path in demonstration.kinds if not path.startswith("notices/") or path == LONG_NOTICE]
    for site, paths in ((demonstration, kinds), (everything, ["notices/water-2025/", "agencies/water/"])):
        for path in paths:
            page.goto(site.base + path, wait_until="load")
            violations = Axe().run(page).response["violations"]
            found += [f"/{path}: {v['id']}: {node['html'][:120]}" for v in violations for node in v["nodes"]]
    assert found == []


@pytest.mark.parametrize("name", ["demonstration", "everything"])
def test_pages_load_nothing_from_elsewhere_and_break_no_policy(name: str, open_browser: New, request):
    site: Site = request.getfixturevalue(name)
    page = open_browser().new_page()
    requested: set[str] = set()
    said: list[str] = []
    page.on("request", lambda r: requested.add(r.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("response", lambda r: said.extend([f"{r.status} {r.url}"] if r.status >= 400 else []))
    for path in site.pages:
        page.goto(site.base + path, wait_until="load")
    assert [url for url in requested if not url.startswith(site.base)] == []
    assert said == []


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_no_page_scrolls_sideways(width: int, demonstration: Site, everything: Site, open_browser: New):
    page = open_browser(width).new_page()
    wide = []
    for site in (demonstration, everything):
        for path in site.kinds:
            page.goto(site.base + path, wait_until="load")
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wide.append(path)
    assert "\n".join(wide) == ""


@pytest.mark.parametrize("width", [360, 640, 1280])
def test_text_at_twice_the_size_loses_nothing(width: int, demonstration: Site, everything: Site, open_browser: New):
    page = open_browser(width, bypass_csp=True).new_page()
    wide = []
    for site in (demonstration, everything):
        for path in site.kinds:
            page.goto(site.base + path)
            page.evaluate("document.documentElement.style.fontSize = '212.5%'")
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wide.append(path)
            # Nor is any text cut off by the box that it stands in.
            cut = page.evaluate(CUT_OFF)
            assert cut == [], path
    assert "\n".join(wide) == ""


def test_without_javascript_a_phone_reader_reaches_an_agency_s_number_in_three_taps(
    demonstration: Site, open_browser: New
):
    page = open_browser(360, java_script_enabled=False).new_page()
    page.goto(demonstration.base)
    page.get_by_role("link", name="找监督电话").click()
    page.get_by_role("link", name="临沂市", exact=True).click()
    number = page.get_by_role("link", name="7877072")
    assert number.get_attribute("href") == "tel:+865397877072"
    assert number.is_visible()


def test_the_number_is_in_the_first_screen_of_a_notice_on_a_phone(demonstration: Site, open_browser: New):
    page = open_browser(360, java_script_enabled=False).new_page()
    page.goto(demonstration.base + LONG_NOTICE)
    call = page.get_by_role("link", name="拨打监督电话 7877072")
    box = call.bounding_box()
    assert box
    assert box["y"] + box["height"] < 640
    assert box["height"] >= 44


def test_an_issue_s_address_leads_to_the_issue_and_marks_it(demonstration: Site, open_browser: New):
    page = open_browser(java_script_enabled=False).new_page()
    page.goto(demonstration.base + LONG_NOTICE + "#issue-38")
    issue = page.locator("#issue-38")
    box = issue.bounding_box()
    assert box
    assert 0 <= box["y"] < 200
    marked, plain = (
        page.locator(s).evaluate("e => getComputedStyle(e).outlineStyle") for s in ("#issue-38", "#issue-37")
    )
    assert (marked, plain) == ("solid", "none")


@pytest.mark.parametrize(("script", "place"), [(True, "#issue-2"), (False, "")])
def test_an_old_address_leads_on_and_with_a_script_to_the_same_place(
    script: bool, place: str, everything: Site, open_browser: New
):
    page = open_browser(java_script_enabled=script).new_page()
    page.goto(everything.base + "notices/water-huitoukan/#issue-2")
    page.wait_for_url(everything.base + "notices/water-2025/" + place)


def test_print_has_the_document_and_not_what_the_site_added(demonstration: Site, open_browser: New):
    page = open_browser().new_page()
    page.goto(demonstration.base + LONG_NOTICE)
    page.emulate_media(media="print")
    assert not page.locator(".badge").first.is_visible()
    assert not page.locator(".contents").is_visible()
    assert not page.locator(".masthead").is_visible()
    assert page.locator("#issue-38 h5").is_visible()
    assert page.locator("h1").is_visible()


def test_declared_and_listed_totals_are_read_on_a_phone_without_scrolling(demonstration: Site, open_browser: New):
    page = open_browser(360).new_page()
    page.goto(demonstration.base + "notices/dongying-development-reform-2024/")
    box = page.locator("#totals .scroll")
    assert box.evaluate("e => e.scrollWidth <= e.clientWidth")


def test_no_layout_shifts_while_a_page_loads(demonstration: Site, open_browser: New):
    page = open_browser(360, bypass_csp=True).new_page()
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(l => l.getEntries().forEach(e => window.shift += e.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(demonstration.base + LONG_NOTICE)
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift") == 0
