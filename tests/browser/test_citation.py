"""The citation of a notice is copied with the reader's day; without a script there is no button that does nothing."""

import re

from playwright.sync_api import Browser

from tests.browser.conftest import Site

NOTICE = "notices/water-2025/"


def test_a_button_copies_the_citation_of_the_notice_and_of_an_issue(everything: Site, chromium: Browser):
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(everything.base + NOTICE)
    page.locator("#citation summary").click()
    page.locator("#citation button").click()
    page.locator("#citation [role=status]", has_text="已复制").wait_for()
    whole = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(
        r"中共示例市水务局党组\. .+\[EB/OL\]\. \(2025-05-20\)\[\d{4}-\d\d-\d\d\]\. http.+/notices/water-2025/", whole
    )
    page.locator("#issue-2 .cite").click()
    page.locator("#issue-2 .cite", has_text="已复制").wait_for()
    part = page.evaluate("navigator.clipboard.readText()")
    assert "：（3）应急供水能力弱[EB/OL]" in part
    assert part.endswith("/notices/water-2025/#issue-2")
    context.close()


def test_without_a_script_the_citation_is_there_and_no_button(everything: Site, chromium: Browser):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(everything.base + NOTICE)
    page.locator("#citation summary").click()
    assert "[EB/OL]" in page.locator("#citation").inner_text()
    assert page.locator("#citation button:visible, .cite").count() == 0
    context.close()
