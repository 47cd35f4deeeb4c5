"""A long notice is read: by status, from one open issue to the next, aloud, and on paper."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Site
from tests.browser.views import VOICE

LONG_NOTICE = "notices/linyi-transport-2023/"
New = Callable[..., BrowserContext]


def _open(site: Site, new: New, address: str = "", **options: object) -> Page:
    page = new(360, **options).new_page()
    page.goto(site.base + LONG_NOTICE + address)
    return page


def _shown(page: Page) -> int:
    return page.locator(".issue:visible").count()


def test_issues_of_one_status_are_shown_alone(demonstration: Site, open_browser: New):
    page = _open(demonstration, open_browser)
    assert _shown(page) == 40
    button = page.get_by_role("button", name="未完成 7")
    button.click()
    assert _shown(page) == 7
    assert button.get_attribute("aria-pressed") == "true"
    assert page.get_by_role("button", name="全部 40").get_attribute("aria-pressed") == "false"
    assert page.get_by_role("status").inner_text() == "显示 7 个，隐藏 33 个"
    assert page.url.endswith("?status=open")
    assert page.locator(".aspect:visible").count() < page.locator(".aspect").count()
    page.reload()
    assert _shown(page) == 7
    page.get_by_role("button", name="全部 40").click()
    assert _shown(page) == 40
    assert page.url.endswith(LONG_NOTICE)


def test_a_link_to_a_hidden_issue_shows_it(demonstration: Site, open_browser: New):
    page = _open(demonstration, open_browser, "?status=open")
    page.locator(".contents summary").first.click()
    page.locator(".contents details a[href='#issue-1']").click()
    assert (_shown(page), page.url.endswith(LONG_NOTICE + "#issue-1")) == (40, True)
    assert 0 <= (page.locator("#issue-1").bounding_box() or {"y": -1})["y"] < 200
    page.get_by_role("button", name="未完成 7").click()
    page.evaluate("location.hash = 'issue-38-measure-1'")
    expect(page).to_have_url(demonstration.base + LONG_NOTICE + "#issue-38-measure-1")
    assert page.locator("#issue-38-measure-1").is_visible()


@pytest.mark.parametrize(
    "address", ["?status=done#issue-3", "?q=港口&status=done#issue-3", "?status=nothing", "?status="]
)
def test_what_an_address_points_to_is_always_there(address: str, demonstration: Site, open_browser: New):
    page = _open(demonstration, open_browser, address)
    assert _shown(page) == 40
    assert "status" not in page.url
    assert ("q=" in page.url) == ("q=" in address)
    if "#" in address:
        assert 0 <= (page.locator("#issue-3").bounding_box() or {"y": -1})["y"] < 200


def test_marks_of_a_search_go_together_with_a_status(demonstration: Site, open_browser: New):
    page = _open(demonstration, open_browser, "?q=公路&status=open")
    assert page.locator(".issue:visible mark").count() > 0
    assert _shown(page) == 7


def test_without_javascript_all_is_shown_and_links_lead_from_open_issue_to_open_issue(
    demonstration: Site, open_browser: New
):
    page = _open(demonstration, open_browser, "?status=open", java_script_enabled=False)
    assert _shown(page) == 40
    assert not page.get_by_role("button", name="未完成 7").is_visible()
    assert not page.get_by_role("button", name="朗读全文").is_visible()
    page.get_by_role("link", name="跳到未完成的").click()
    every = page.locator(".issue").evaluate_all("all => all.map(e => [e.id, e.classList.contains('open')])")
    names = [name for name, _ in every]
    visited = [page.url.split("#")[1]]
    while True:
        link = page.locator(f"#{visited[-1]} .neighbours").get_by_role("link", name="下一个未完成的")
        if link.count():
            link.click()
            visited.append(page.url.split("#")[1])
            assert page.locator(f"#{visited[-1]} .neighbours").get_by_role("link", name="上一个未完成的").count()
        elif visited[-1] != names[-1] and every[names.index(visited[-1]) + 1][1]:
            visited.append(names[names.index(visited[-1]) + 1])  # it follows at once: no link is needed
        else:
            break
    assert visited == [name for name, unfinished in every if unfinished]


def test_a_notice_is_read_aloud_and_nothing_that_the_site_added(demonstration: Site, open_browser: New):
    context = open_browser(360, bypass_csp=True)
    context.add_init_script(VOICE)
    page = context.new_page()
    page.goto(demonstration.base + LONG_NOTICE)
    page.get_by_role("button", name="朗读全文").click()
    page.wait_for_function("said.length > 200 && document.querySelector('.tools .read').textContent === '朗读全文'")
    said = page.evaluate("said")
    text = "".join(said)
    assert said[0] == page.locator("h1").inner_text()
    assert "欢迎干部群众监督整改" in text
    for added in ("本条链接", "朗读", "下一个未完成", "个问题，", "跳到", "目录"):
        assert added not in text
    assert max(map(len, said)) <= 121


def test_one_issue_is_read_and_stopped(demonstration: Site, open_browser: New):
    context = open_browser(360)
    context.add_init_script(VOICE + "window.held = true;")
    page = context.new_page()
    page.goto(demonstration.base + LONG_NOTICE + "#issue-3")
    button = page.locator("#issue-3 .read")
    button.click()
    assert button.inner_text() == "停止朗读"
    assert page.evaluate("said") == ["(3)碳达峰、碳中和任务研究不主动"]
    cancelled = page.evaluate("cancelled")
    button.click()
    assert (button.inner_text(), page.evaluate("cancelled")) == ("朗读本条", cancelled + 1)


def test_without_a_chinese_voice_there_is_no_button(demonstration: Site, open_browser: New):
    for voices in ("[]", "[{ lang: 'en-US' }]", "[{ lang: 'zh-HK' }]"):
        context = open_browser(360)
        context.add_init_script(VOICE + f"speechSynthesis.getVoices = () => {voices};")
        page = context.new_page()
        page.goto(demonstration.base + LONG_NOTICE)
        assert not page.locator(".read:visible").count()
        assert not page.get_by_role("button", name="朗读全文").count()  # nor for those who do not see


def test_a_register_is_a_table_where_there_is_room_and_cards_where_there_is_none(everything: Site, open_browser: New):
    page = open_browser(360).new_page()
    notices = (path for path in everything.pages if path.startswith("notices/"))
    path = next(p for p in notices if 'class="register"' in (everything.folder / p / "index.html").read_text())
    page.goto(everything.base + path)
    scroll, cell = page.locator(".narrows").first, page.locator(".register td").first
    assert scroll.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert cell.evaluate("e => getComputedStyle(e, '::before').content.length") > 2
    page.set_viewport_size({"width": 1280, "height": 800})
    assert cell.evaluate("e => getComputedStyle(e).display") == "table-cell"
    page.evaluate("document.documentElement.style.fontSize = '300%'")
    assert cell.evaluate("e => getComputedStyle(e).display") == "grid"


# --- On paper --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def paper(demonstration: Site, chromium, tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = chromium.new_page()
    page.goto(demonstration.base + LONG_NOTICE + "?status=open")
    file = tmp_path_factory.mktemp("paper") / "notice.pdf"
    page.pdf(path=str(file), prefer_css_page_size=True)
    page.close()
    return file


def test_a_printed_notice_is_numbered_pages_of_a4_with_the_whole_text_alone(paper: Path):
    info = subprocess.run(["pdfinfo", paper], capture_output=True, text=True, check=True).stdout
    assert "(A4)" in info
    pages = subprocess.run(["pdftotext", "-layout", paper, "-"], capture_output=True, text=True, check=True).stdout
    sheets = pages.split("\f")[:-1]
    assert len(sheets) > 20
    for number, sheet in enumerate(sheets, 1):
        assert "".join(sheet.split()).endswith(f"—{number}—")
    text = "".join(pages.split())
    assert "(40)审计反馈问题仍未解决" in text  # hidden on the screen, not on paper
    for added in ("朗读", "本条链接", "跳到", "长者模式", "目录", "找监督电话"):
        assert added not in text


def test_a_printed_page_has_22_lines_of_28_characters_in_the_type_area(demonstration: Site, open_browser: New):
    page = open_browser(1280).new_page()
    page.goto(demonstration.base + LONG_NOTICE)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 590, "height": 850})  # 156 × 225 mm
    style = "e => { const s = getComputedStyle(e); return [s.fontSize, s.lineHeight, s.letterSpacing].map(parseFloat) }"
    size, line, spacing = page.locator(".body .issue > p").nth(1).evaluate(style)
    millimetre = 96 / 25.4
    assert size == pytest.approx(16 * 4 / 3, abs=0.01)
    assert int(225 * millimetre / line) == 22
    assert int(156 * millimetre / (size + spacing)) == 28
    assert page.locator("h1").evaluate(style)[0] == pytest.approx(22 * 4 / 3, abs=0.01)
    families = [
        page.locator(f".body {h}").first.evaluate("e => getComputedStyle(e).fontFamily")
        for h in ("h2", "h3", "h4", "p")
    ]
    assert ["SimHei" in families[0], "KaiTi" in families[1], "FangSong" in families[2], "FangSong" in families[3]] == [
        True
    ] * 4
    date = page.locator(".signature > :last-child").evaluate("e => parseFloat(getComputedStyle(e).paddingRight)")
    assert date == pytest.approx(4 * size, abs=0.1)
