"""From a page to somebody who answers, in a real browser."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from gongshi.outputs.supervision import SHOWN_AT_ONCE
from tests.browser.conftest import Site
from tests.conftest import ROOT

New = Callable[..., BrowserContext]
LONG_NOTICE = "notices/linyi-transport-2023/"
AGENCY = "agencies/linyi-transport/"
SECTORS = ("水务", "交通运输", "教育")


@pytest.fixture(scope="module")
def large(serve: Callable[[Path], Site], tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with more agencies than its directory shows at once."""
    content = tmp_path_factory.mktemp("large") / "content"
    (content / "agencies").mkdir(parents=True)
    (content / "notices").mkdir()
    base = ROOT / "tests" / "base" / "content"
    for name in ("site.yaml", "regions.yaml"):
        (content / name).write_text((base / name).read_text())
    for n in range(SHOWN_AT_ONCE + 30):
        text = f"name: 东湖区第{n}局\nregion: '99010{2 if n % 3 else 0}'\nsector: {SECTORS[n % 3]}\n"
        text += f"contact: {{phones: [{{number: '0990-{2000000 + n}'}}]}}\n"
        (content / "agencies" / f"a{n}.yaml").write_text(text.replace("region: '990100'", "region: '990000'"))
    return serve(content)


def _shown(page: Page) -> int:
    return page.locator("li.card:visible").count()


def test_in_a_large_directory_a_number_is_three_taps_away_without_javascript(large: Site, open_browser: New):
    page = open_browser(360, java_script_enabled=False).new_page()
    page.goto(large.base)
    page.get_by_role("link", name="找监督电话").click()
    page.get_by_role("link", name="东湖区", exact=True).click()
    number = page.get_by_role("link", name="0990-2000040")
    assert number.get_attribute("href") == "tel:+869902000040"
    assert number.is_visible()
    page.go_back()
    page.get_by_role("link", name="教育", exact=True).click()
    assert page.get_by_role("link", name="0990-2000002").is_visible()
    assert not page.locator("form.narrow").is_visible()


def test_the_directory_gets_shorter_while_somebody_types_or_chooses(large: Site, open_browser: New):
    page = open_browser(360).new_page()
    page.goto(large.base + "supervision/990102/")
    whole = _shown(page)
    page.get_by_label("单位或者电话").fill("0990 20000４０")
    assert _shown(page) == 1
    assert page.locator("form.narrow output").inner_text() == "找到 1 个"
    page.get_by_label("单位或者电话").fill("没有的")
    assert _shown(page) == 0
    assert page.locator("form.narrow output").inner_text() == "没有找到，换个说法试试"
    page.get_by_label("单位或者电话").fill("")
    assert _shown(page) == whole
    page.get_by_label("范围").select_option("教育")
    assert 0 < _shown(page) < whole
    page.get_by_label("单位或者电话").press("Enter")
    assert page.url.endswith("supervision/990102/")
    page.goto(large.base + "supervision/")
    page.get_by_label("地区名称").fill("东湖")
    assert page.locator(".narrowed li:visible").count() == 1


def test_a_small_directory_narrows_by_region_and_sector(demonstration: Site, open_browser: New):
    page = open_browser().new_page()
    page.goto(demonstration.base + "supervision/")
    assert _shown(page) == 5
    page.locator("select[name=sector]").select_option("交通运输")
    assert _shown(page) == 4
    page.locator("select[name=group]").select_option("山东省东营市")
    assert _shown(page) == 1
    assert page.get_by_role("link", name="8321918").is_visible()


def test_narrowing_shifts_nothing_while_the_page_loads(demonstration: Site, open_browser: New):
    page = open_browser(360, bypass_csp=True).new_page()
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(l => l.getEntries().forEach(e => window.shift += e.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(demonstration.base + "supervision/")
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift") == 0


def test_an_issue_opens_the_ways_to_tell_its_agency_without_javascript(demonstration: Site, open_browser: New):
    page = open_browser(360, java_script_enabled=False).new_page()
    page.goto(demonstration.base + LONG_NOTICE)
    issue = page.locator("#issue-38")
    issue.get_by_text("向该单位反映").click()
    assert issue.get_by_role("link", name="打电话 7877072").get_attribute("href") == "tel:+865397877072"
    link = urlsplit(issue.get_by_role("link", name="写邮件").get_attribute("href"))
    fields = parse_qs(link.query, strict_parsing=True)
    assert (link.scheme, link.path) == ("mailto", "lysjtjjcs@ly.shandong.cn")
    assert fields["subject"][0].endswith("的通报》第38个问题")
    assert f"{LONG_NOTICE}#issue-38\r\n" in fields["body"][0]
    issue.get_by_role("link", name="写信").click()
    assert page.url.endswith(f"{AGENCY}letter/")


def test_the_ways_to_tell_an_agency_are_large_enough(demonstration: Site, open_browser: New):
    page = open_browser(360).new_page()
    small, measured = [], 0
    for path in (LONG_NOTICE, AGENCY, "supervision/", "supervision/371300/"):
        page.goto(demonstration.base + path)
        page.evaluate("document.querySelectorAll('.report').forEach(e => e.open = true)")
        for target in page.locator(".report summary, .report a, .ways a, .more a, .narrow input, .narrow select").all():
            box = target.bounding_box()
            if box and box["height"] and not target.evaluate("e => e.closest('p.hint')"):
                measured += 1
                if box["height"] < 43.9:
                    small.append((path, target.inner_text(), box["height"]))
    assert small == []
    assert measured > 150


@pytest.mark.parametrize("path", ["letter/", "poster/"])
@pytest.mark.parametrize("agency", ["linyi-transport", "chenghai-transport", "huludao-transport", "water"])
def test_a_sheet_fills_one_page_of_a4(path: str, agency: str, request: pytest.FixtureRequest, open_browser: New):
    site: Site = request.getfixturevalue("everything" if agency == "water" else "demonstration")
    page = open_browser().new_page()
    page.goto(f"{site.base}agencies/{agency}/{path}")
    # Chromium's PDF names each of its pages.
    assert page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def test_on_paper_there_is_a_code_and_no_button(demonstration: Site, open_browser: New):
    page = open_browser().new_page()
    for path in (LONG_NOTICE, AGENCY):
        page.goto(demonstration.base + path)
        assert not page.locator(".qr").is_visible()
        page.emulate_media(media="print")
        box = page.locator(".qr svg").bounding_box()
        assert box
        assert box["width"] == box["height"] > 100
        assert not page.locator(".ways").is_visible()
        assert not page.locator(".report").first.is_visible() if path == LONG_NOTICE else True
        page.emulate_media(media="screen")
