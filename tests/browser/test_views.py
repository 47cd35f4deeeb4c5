"""The switch of views: what it changes, what it keeps, what it follows; sizes and targets in each view."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import Site
from tests.browser.views import VIEWS, VOICE, choose

LONG_NOTICE = "notices/linyi-transport-2023/"
New = Callable[..., BrowserContext]


def _colour(page: Page) -> str:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def _state(page: Page) -> dict[str, str]:
    return page.evaluate("({ ...document.documentElement.dataset })")


def test_a_view_is_chosen_in_the_header_and_kept(demonstration: Site, open_browser: New):
    page = open_browser(360).new_page()
    page.goto(demonstration.base)
    elderly = page.get_by_role("button", name="长者模式")
    assert elderly.get_attribute("aria-pressed") == "false"
    assert not page.get_by_role("button", name="字大一点").is_visible()
    elderly.click()
    assert elderly.get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="字大一点").click()
    page.get_by_role("button", name="深色").click()
    page.goto(demonstration.base + LONG_NOTICE)
    state = _state(page)
    assert (state["view"], state["size"], state["theme"]) == ("elderly", "22", "dark")
    assert page.get_by_role("button", name="深色").get_attribute("aria-pressed") == "true"
    assert page.locator("output").inner_text() == "字号 22"
    for _ in range(4):
        page.get_by_role("button", name="字大一点").click(force=True)  # a disabled one does no harm
    assert _state(page)["size"] == "30"
    assert page.get_by_role("button", name="字大一点").get_attribute("aria-disabled") == "true"
    page.get_by_role("button", name="长者模式").click()
    assert _state(page)["view"] == "usual"


def test_what_was_not_chosen_follows_the_system_and_goes_on_following_it(demonstration: Site, open_browser: New):
    page = open_browser(color_scheme="dark", contrast="more", bypass_csp=True).new_page()
    page.goto(demonstration.base)
    assert (_state(page)["theme"], _state(page)["contrast"], _colour(page)) == ("dark", "high", "rgb(0, 0, 0)")
    page.emulate_media(color_scheme="light", contrast="no-preference")
    page.wait_for_function(
        "(({ theme, contrast }) => theme === 'light' && contrast === 'usual')(document.documentElement.dataset)"
    )
    page.get_by_role("button", name="深色").click()
    page.emulate_media(color_scheme="light", contrast="more")
    page.wait_for_function("document.documentElement.dataset.contrast === 'high'")
    assert (_state(page)["theme"], _colour(page)) == ("dark", "rgb(0, 0, 0)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("contrast", ["no-preference", "more"])
def test_without_javascript_the_system_is_followed_to_the_same_colours(
    scheme: str, contrast: str, demonstration: Site, open_browser: New
):
    names = [
        "--paper",
        "--sunken",
        "--ink",
        "--soft",
        "--line",
        "--link",
        "--seal",
        "--done",
        "--ongoing",
        "--open",
        "--mark",
    ]
    found = []
    for script in (True, False):
        page = open_browser(java_script_enabled=script, color_scheme=scheme, contrast=contrast).new_page()
        page.goto(demonstration.base)
        style = (
            "e => { const s = getComputedStyle(e); return %s.map(n => s.getPropertyValue(n)).concat(s.colorScheme) }"
        )
        found.append(page.locator("html").evaluate(style % names)[: len(names)])
        assert page.locator(".views").is_visible() == script
    assert found[0] == found[1]


def test_the_first_picture_of_a_page_is_in_the_chosen_view(demonstration: Site, open_browser: New):
    """When the body begins to be drawn, the view is there: the script in the head has run."""
    context = open_browser(bypass_csp=True)
    choose(context, {"elderly": True, "dark": True})
    context.add_init_script(
        "new MutationObserver((_, o) => { if (document.body) { o.disconnect();"
        " window.first = { ...document.documentElement.dataset } } }).observe(document, { childList: true, subtree: true })"
    )
    page = context.new_page()
    page.goto(demonstration.base + LONG_NOTICE)
    assert page.evaluate("[first.view, first.theme]") == ["elderly", "dark"]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_shifts_and_nothing_is_cut_off_in_any_view(
    view: str, width: int, demonstration: Site, open_browser: New
):
    context = open_browser(width, bypass_csp=True)
    choose(context, VIEWS[view])
    context.add_init_script(VOICE)
    context.add_init_script(
        "window.shift = 0; new PerformanceObserver(l => l.getEntries().forEach(e => window.shift += e.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page = context.new_page()
    wide = []
    for path in demonstration.pages:
        page.goto(demonstration.base + path)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)
    assert wide == []
    for address in (LONG_NOTICE, LONG_NOTICE + "?status=open"):
        page.goto(demonstration.base + address)
        page.wait_for_timeout(200)
        assert page.evaluate("window.shift") == 0


SMALL_TEXT = """(least) => {
  const small = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement, style = getComputedStyle(parent);
    if (!walk.currentNode.data.trim() || !parent.getClientRects().length || parent.closest('.visually-hidden, .skip')) continue;
    const size = parseFloat(style.fontSize), line = parseFloat(style.lineHeight) / size;
    if (size < least || (line < 1.69 && !parent.closest('h1, h2, h3, h4, h5, h6, b, .call, .brand')))
      small.add(`${parent.nodeName}.${parent.className}: ${size} / ${line}`);
  }
  return [...small];
}"""
FLOATING = """() => [...document.querySelectorAll('body *')].filter((e) => /fixed|sticky/.test(getComputedStyle(e).position))
  .map((e) => e.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize(("size", "points"), [(0, 18), (1, 22), (2, 26), (3, 30)])
def test_in_the_elderly_view_no_text_is_small_and_nothing_floats(
    size: int, points: int, demonstration: Site, everything: Site, open_browser: New
):
    context = open_browser(1280)
    choose(context, {"elderly": True, "size": size})
    page = context.new_page()
    for site in (demonstration, everything):
        for path in site.pages if size == 0 else ["", *(path for path in site.pages if path.startswith("notices/"))]:
            page.goto(site.base + path)
            assert page.evaluate(SMALL_TEXT, points * 4 / 3 - 0.01) == [], path
            assert page.evaluate(FLOATING) == [], path


# Every link and control, but links that stand in a line of text (WCAG 2.2, 2.5.8: "inline").
TARGETS = """(least) => {
  const small = [];
  let measured = 0;
  const words = (node) => node.textContent.replace(/[\\s·›，、：]/g, '');
  for (const target of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')) {
    const box = target.getBoundingClientRect();
    if (!box.height || target.closest('.skip') || getComputedStyle(target).visibility === 'hidden') continue;
    if (target.nodeName === 'A' && getComputedStyle(target).display === 'inline') {
      const line = target.closest('p, li, dd, td, h1, h2, h3, h4, h5, h6');
      if (line && words(line) !== words(target)) continue;
    }
    measured++;
    if (box.height < least - .5 || box.width < least - .5)
      small.push(`${target.outerHTML.slice(0, 90)} ${Math.round(box.width)}×${Math.round(box.height)}`);
  }
  return { small, measured };
}"""


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(("view", "least"), [({}, 44), ({"elderly": True}, 60)])
def test_every_target_is_large_enough(
    view: dict, least: int, width: int, demonstration: Site, everything: Site, open_browser: New
):
    context = open_browser(width)
    choose(context, view)
    context.add_init_script(VOICE)
    page = context.new_page()
    measured = 0
    small = set()
    for site in (demonstration, everything):
        for path in site.pages:
            page.goto(site.base + path)
            found = page.evaluate(TARGETS, least)
            measured += found["measured"]
            small |= {f"{path}: {each}" for each in found["small"]}
    assert sorted(small) == []
    assert measured > 1000


def test_nothing_moves_by_itself(demonstration: Site, open_browser: New):
    page = open_browser().new_page()
    for path in ("", LONG_NOTICE):
        page.goto(demonstration.base + path)
        moving = (
            "e => { const s = getComputedStyle(e); return s.animationName !== 'none' || s.transitionDuration !== '0s' }"
        )
        assert page.evaluate(f"[...document.querySelectorAll('*')].filter({moving}).length") == 0
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
