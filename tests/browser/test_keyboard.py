"""The whole site by keyboard: each link and control is reached, in the order of the page, seen, and left again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.conftest import Site
from tests.browser.views import VOICE, choose

LONG_NOTICE = "notices/linyi-transport-2023/"
New = Callable[..., BrowserContext]

# Every element that the keyboard has to reach, in the order of the document. Each gets a number to be known by.
REACHABLE = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, [tabindex="0"]')]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled)
  .map((e, n) => { e.dataset.walked = n; return n; })"""
FOCUSED = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
    && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return [e === document.body ? null : +e.dataset.walked, seen, e.outerHTML.slice(0, 90)];
}"""


@pytest.mark.parametrize(("width", "view"), [(1280, {}), (360, {"elderly": True})])
def test_tab_walks_through_every_kind_of_page(width: int, view: dict, demonstration: Site, open_browser: New):
    context = open_browser(width)
    choose(context, view)
    context.add_init_script(VOICE)
    page = context.new_page()
    walked = 0
    for path in demonstration.kinds:
        page.goto(demonstration.base + path)
        expected, reached = page.evaluate(REACHABLE), []
        for _ in expected:
            page.keyboard.press("Tab")
            number, seen, html = page.evaluate(FOCUSED)
            assert seen, (path, html)
            reached.append(number)
        assert reached == expected, path
        page.keyboard.press("Tab")  # and out of the page again: nothing holds the focus
        assert page.evaluate(FOCUSED)[0] != expected[-1], path
        walked += len(expected)
    assert walked > 1000


def test_skip_links_lead_to_text_contents_and_contact(demonstration: Site, open_browser: New):
    page = open_browser(360, java_script_enabled=False).new_page()
    page.goto(demonstration.base + LONG_NOTICE)
    for name, anchor in (("跳到正文", "main"), ("跳到目录", "contents"), ("跳到监督方式", "contact")):
        page.keyboard.press("Tab")
        link = page.get_by_role("link", name=name, exact=True)
        assert link.evaluate("e => e === document.activeElement")
        box = link.bounding_box()
        assert box
        assert (box["x"] >= 0, box["height"] >= 44) == (True, True)
        assert link.get_attribute("href") == f"#{anchor}"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#contact') !== null")


def test_views_filter_and_contents_work_by_keyboard(demonstration: Site, open_browser: New):
    page = open_browser(1280).new_page()
    page.goto(demonstration.base + LONG_NOTICE)
    page.get_by_role("button", name="高对比").focus()
    page.keyboard.press("Space")
    assert page.locator("html").get_attribute("data-contrast") == "high"
    page.get_by_role("button", name="未完成 7").focus()
    page.keyboard.press("Enter")
    assert page.locator(".issue:visible").count() == 7
    assert page.evaluate("document.activeElement.value") == "open"
    page.locator(".contents summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".contents details").first.get_attribute("open") is not None
