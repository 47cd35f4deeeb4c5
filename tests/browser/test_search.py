"""Search as the public uses it, in Chromium and in Debian's Firefox, against a scan of all texts."""

import gzip
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bench.corpus import write
from bench.queries import Doc, Query, docs_of, naive, queries, truth
from gongshi.options import Options
from gongshi.pipeline import build
from tests.browser.conftest import Site

New = Callable[..., BrowserContext]
FIREFOX = Path(__file__).parent / "firefox.mjs"
MAX_SCRIPT = 8 * 1024  # bytes, as they are sent
ASK = """async (asked) => {
  const answers = [];
  for (const query of asked) {
    const { hits, counts } = await gongshi.search(new URLSearchParams(query));
    const named = ([name, numbers]) => [name, Object.fromEntries(
      [...numbers].map((count, n) => [gongshi.facets[name].values[n].key, count]).filter(([, count]) => count))];
    answers.push({ ids: hits.map(({ segment, n }) => segment.id(n)), counts: Object.fromEntries(Object.entries(counts).map(named)) });
  }
  return answers;
}"""


@dataclass(frozen=True)
class Corpus:
    site: Site
    docs: list[Doc]
    queries: list[Query]

    def addresses(self) -> list[str]:
        """What the address of the search page is for each query."""
        return [
            urlencode({"q": query.typed} | ({} if ":" in query.typed or "：" in query.typed else query.filters))
            for query in self.queries
        ]

    def wrong(self, answers: list[dict]) -> list[str]:
        """Where answers are not what a scan finds."""
        found = []
        for query, answer in zip(self.queries, answers, strict=True):
            true = truth(self.docs, query)
            if sorted(answer["ids"]) != true["ids"]:
                found.append(f"{query.typed}: {sorted(set(answer['ids']) ^ set(true['ids']))}")
            if answer["counts"] != true["counts"]:
                found.append(f"{query.typed}: facets")
            if true["titled"] and answer["ids"][0] not in true["titled"]:
                found.append(f"{query.typed}: title hit is not first")
        return found


@pytest.fixture(scope="session")
def corpus(serve: Callable[[Path], Site], tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """100 notices, one of them changed after the first build: a base and a segment of what changed."""
    folder = tmp_path_factory.mktemp("corpus")
    write(100, folder / "content")
    site = serve(folder / "content")
    changed = sorted((folder / "content" / "notices").rglob("*.yaml"))[7]
    changed.write_text(changed.read_text().replace("整改", "改正", 5))
    for _ in range(2):
        build(Options(content=folder / "content", output=site.folder, cache=folder / "cache"))
        changed.write_text(changed.read_text().replace("整改", "改正", 5))
    build(Options(content=folder / "content", output=site.folder, cache=folder / "cache"))
    assert len(json.loads((site.folder / "search" / "manifest.json").read_text())["segments"]) == 2
    docs = docs_of(folder / "content", folder / "cache")
    return Corpus(site, docs, queries(docs))


def test_there_are_many_queries_of_many_kinds(corpus: Corpus):
    assert len(corpus.queries) >= 130
    assert len({query.group for query in corpus.queries}) == 15
    assert sum(bool(truth(corpus.docs, query)["ids"]) for query in corpus.queries) >= 130


def test_chromium_finds_what_a_scan_finds(corpus: Corpus, open_browser: New):
    page = open_browser().new_page()
    page.goto(corpus.site.base + "search/")
    first = page.evaluate(ASK, corpus.addresses())
    assert corpus.wrong(first) == []
    backwards = page.evaluate(ASK, corpus.addresses()[::-1])
    assert backwards[::-1] == first


def test_firefox_finds_what_a_scan_finds(corpus: Corpus):
    asked = [[corpus.site.base + "search/", f"({ASK})({json.dumps(corpus.addresses())})"]]
    done = subprocess.run(
        ["node", FIREFOX], input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert corpus.wrong(json.loads(done.stdout)[0]) == []


def test_the_scan_would_see_a_wrong_answer(corpus: Corpus, open_browser: New):
    page = open_browser().new_page()
    page.goto(corpus.site.base + "search/")
    answers = page.evaluate(ASK, corpus.addresses())
    answers[0]["ids"].pop()
    assert len(corpus.wrong(answers)) == 1


def _results(page: Page) -> None:
    expect(page.locator("#search-results")).to_have_attribute("aria-busy", "false")


def test_first_results_name_the_right_parts_and_mark_the_words(corpus: Corpus, open_browser: New):
    page = open_browser().new_page()
    docs = {doc.id: doc for doc in corpus.docs}
    seen = 0
    for query, address in list(zip(corpus.queries, corpus.addresses(), strict=True))[::4]:
        page.goto(f"{corpus.site.base}search/?{address}")
        _results(page)
        for card in page.locator("#search-results > li").all():
            notice = card.locator("h2 a").get_attribute("href").split("/notices/")[1].split("/")[0]
            named = [link.get_attribute("href").split("#")[1] for link in card.locator(".places a").all()]
            true = docs[notice].parts(query.words)
            more = card.locator("> .hint")
            assert set(named) <= true
            assert len(true) == len(named) + (int(naive(more.inner_text())[2:-1]) if more.count() else 0), query.typed
            for mark in card.locator("mark").all_inner_texts():
                assert any(word in naive(mark) for word in query.words), (query.typed, mark)
            for place in card.locator(".places > li").all():
                dialled = "区号" in place.inner_text()  # found with its area code, shown without it
                assert place.locator("mark").count() or dialled, (query.typed, place.inner_text())
            seen += len(named)
    assert seen > 100


def test_a_result_leads_to_the_issue_with_the_words_marked_in_view(demonstration: Site, open_browser: New):
    page = open_browser(390).new_page()
    page.goto(demonstration.base + "search/?q=港口 道路")
    _results(page)
    link = page.locator(".places a").first
    anchor = link.get_attribute("href").split("#")[1]
    link.click()
    expect(page.locator(f"[id='{anchor}'] mark").first).to_be_in_viewport()
    assert {naive(text) for text in page.locator("mark").all_inner_texts()} == {"港口", "道路"}


def test_results_come_while_typing_and_the_address_follows(demonstration: Site, open_browser: New):
    page = open_browser().new_page()
    page.goto(demonstration.base)
    page.locator("main [name=q]").fill("整改")
    page.locator("main [name=q]").press("Enter")
    expect(page.locator("#search-status")).to_have_text("找到 5 份通报")
    page.locator("#search-form [name=q]").press("End")
    page.keyboard.type(" 港口")
    expect(page.locator("#search-status")).to_have_text("找到 1 份通报")
    expect(page).to_have_url(f"{demonstration.base}search/?{urlencode({'q': '整改 港口'})}")
    page.locator("[name=q]").fill("整改")
    expect(page.locator("#search-status")).to_have_text("找到 5 份通报")
    page.locator("select[name=kind]").select_option("plan")
    expect(page.locator("#search-status")).to_have_text("找到 1 份通报")
    assert "kind=plan" in page.url
    page.go_back()
    expect(page.locator("#search-status")).to_have_text("找到 5 份通报")
    expect(page.locator("select[name=kind]")).to_have_value("")
    page.reload()
    expect(page.locator("#search-status")).to_have_text("找到 5 份通报")


def test_nothing_is_looked_for_while_a_word_is_composed(demonstration: Site, open_browser: New):
    page = open_browser().new_page()
    page.goto(demonstration.base + "search/")
    field = page.locator("#search-form [name=q]")
    field.focus()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "gang kou", "selectionStart": 8, "selectionEnd": 8})
    page.wait_for_timeout(400)
    expect(page.locator("#search-status")).to_be_empty()
    session.send("Input.insertText", {"text": "港口"})
    expect(page.locator("#search-status")).to_have_text("找到 1 份通报")


def test_search_goes_by_keyboard_alone(demonstration: Site, open_browser: New):
    page = open_browser().new_page()
    page.goto(demonstration.base + "search/")
    page.locator("#search-form [name=q]").focus()
    page.keyboard.type("铁路")
    page.keyboard.press("Enter")
    _results(page)
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#search-results') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/notices/**")


def test_numbers_are_found_however_they_are_typed(demonstration: Site, open_browser: New):
    page = open_browser().new_page()
    for typed in (
        "临交党字〔2023〕9号",
        "临交党字[2023]9号",
        "临交党字２０２３ 9号",
        "0546-8321918",
        "05468321918",
        "８３２１９１８",
    ):
        page.goto(f"{demonstration.base}search/?{urlencode({'q': typed})}")
        expect(page.locator("#search-status")).to_have_text("找到 1 份通报")


@pytest.mark.parametrize(
    ("typed", "advice"),
    [("港口 龘", "去掉“龘”（1 份）"), ("港口龘", "只找“港口”（1 份）"), ("整改&year=1999", "去掉筛选条件（5 份）")],
)
def test_where_nothing_is_found_it_is_said_what_else_could_be_asked(
    typed: str, advice: str, demonstration: Site, open_browser: New
):
    page = open_browser().new_page()
    page.goto(f"{demonstration.base}search/?q={typed}")
    expect(page.locator("#search-status")).to_have_text("没有找到")
    help_line = page.locator("#search-help li").filter(has_text=advice)
    expect(help_line).to_have_count(1)
    help_line.locator("a").click()
    expect(page.locator("#search-status")).to_contain_text("找到")


def test_traditional_characters_and_initials_are_understood(demonstration: Site, open_browser: New):
    page = open_browser().new_page()
    page.goto(demonstration.base + "search/?q=疏港鐵路")
    expect(page.locator("#search-status")).to_have_text("找到 2 份通报（按简体“疏港铁路”查找）")
    page.goto(demonstration.base + "search/?q=dysjt")
    expect(page.locator("#search-agencies")).to_contain_text("东营市交通运输局")
    page.locator("#search-agencies a").first.click()
    expect(page.locator("h1")).to_have_text("东营市交通运输局")


def test_one_notice_and_one_agency_can_be_searched(demonstration: Site, open_browser: New):
    page = open_browser().new_page()
    page.goto(demonstration.base + "notices/linyi-transport-2023/")
    page.locator(".contents [name=q]").fill("整改")
    page.locator(".contents [name=q]").press("Enter")
    expect(page.locator("#search-status")).to_have_text("找到 1 份通报")
    _results(page)
    assert page.locator(".places > li").count() > 3
    expect(page.locator("#search-within")).to_be_visible()
    page.goto(demonstration.base + "agencies/dongying-transport/")
    page.locator("main [name=q]").fill("整改")
    page.locator("main [name=q]").press("Enter")
    expect(page.locator("#search-status")).to_have_text("找到 1 份通报")
    expect(page.locator("select[name=agency]")).to_have_value("dongying-transport")


def test_queries_are_text(demonstration: Site, open_browser: New):
    page = open_browser().new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for typed in (
        "<img src=x onerror=alert(1)>",
        "\"'><b>",
        "单位:",
        "-",
        "“",
        "constructor",
        "__proto__",
        "%E4%B8",
        "a" * 2000,
        "整" * 500,
        "，。、；：",
        "(.*)+[^a]\\",
        "$&",
        "\u202e整改",
        "\0",
    ):
        page.goto(f"{demonstration.base}search/?{urlencode({'q': typed, 'agency': '__proto__'})}")
        _results(page)
        page.goto(f"{demonstration.base}notices/linyi-transport-2023/?{urlencode({'q': typed})}#{typed[:50]}")
    page.goto(demonstration.base + "search/")
    page.locator("#search-form [name=q]").evaluate(
        "field => { field.value = '整改'.repeat(5000); field.form.requestSubmit(); }"
    )
    _results(page)
    expect(page.locator("#search-status")).to_have_text("没有找到")
    assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_no_violation_in_results(width: int, scheme: str, demonstration: Site, open_browser: New):
    page = open_browser(width, color_scheme=scheme, bypass_csp=True).new_page()
    found = []
    for address in (
        "search/?q=整改",
        "search/?q=港口 龘",
        "search/?q=疏港鐵路 交通",
        "notices/linyi-transport-2023/?q=铁路#issue-8",
    ):
        page.goto(demonstration.base + address)
        if address.startswith("search"):
            _results(page)
        violations = Axe().run(page).response["violations"]
        found += [f"{address}: {v['id']}: {node['html'][:120]}" for v in violations for node in v["nodes"]]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_first_result_is_seen_without_scrolling_past_the_filters(demonstration: Site, open_browser: New):
    page = open_browser(360).new_page()
    page.goto(demonstration.base + "search/?q=整改")
    _results(page)
    expect(page.locator("#search-results h2").first).to_be_in_viewport()


def test_an_index_that_was_replaced_is_read_anew(corpus: Corpus, open_browser: New):
    """A page that stays open while the site is published: its index names files that are gone."""
    manifest = json.loads((corpus.site.folder / "search" / "manifest.json").read_text())
    context = open_browser()
    page = context.new_page()
    stale = {"version": 1, "segments": [{"path": "00000000000000000000000000000000/", "gone": []}]}
    answers = [stale, stale, manifest]
    context.route(
        "**/manifest.json", lambda route: route.fulfill(json=answers.pop(0) if len(answers) > 1 else manifest)
    )
    page.goto(corpus.site.base + "search/")
    page.wait_for_timeout(300)
    page.locator("#search-form [name=q]").fill("整改")
    expect(page.locator("#search-status")).to_contain_text("找到")


def test_a_notice_that_is_gone_gets_no_link(demonstration: Site, open_browser: New):
    context = open_browser()
    context.route("**/notices/*/", lambda route: route.fulfill(status=404, body="no"))
    page = context.new_page()
    page.goto(demonstration.base + "search/?q=港口")
    _results(page)
    expect(page.locator("#search-results li")).to_contain_text("这份通报刚刚有变动")
    expect(page.locator("#search-results a")).to_have_count(0)


def test_a_missing_file_is_told_and_directories_remain(demonstration: Site, open_browser: New):
    context = open_browser()
    context.route("**/search/*/**", lambda route: route.abort())
    page = context.new_page()
    page.goto(demonstration.base + "search/?q=整改")
    expect(page.locator("#search-status")).to_contain_text("检索用的文件没有取到")


def test_without_scripts_the_search_page_is_a_directory(demonstration: Site, open_browser: New):
    page = open_browser(360, java_script_enabled=False).new_page()
    page.goto(demonstration.base)
    page.locator("main [name=q]").fill("整改")
    page.locator("main button").click()
    expect(page.locator("#search-status")).to_contain_text("请用下面的目录查找")
    for name in ("按拼音排列", "山东省东营市", "2024年", "未完成"):
        page.goto(demonstration.base + "search/")
        page.locator(".directories").get_by_role("link", name=name, exact=True).click()
        expect(page.locator("h1")).to_be_visible()
    page.goto(demonstration.base + "agencies/pinyin/")
    expect(page.locator("#d li").first).to_have_text("东营市发展和改革委员会")


@pytest.mark.parametrize("browser", ["chromium", "firefox"])
def test_a_site_on_a_disk_can_be_searched(browser: str, tmp_path: Path, chromium: Browser):
    from tests.conftest import ROOT

    assert build(Options(content=ROOT / "content", output=tmp_path / "site", cache=None, offline=True)).published
    address = (tmp_path / "site" / "search" / "index.html").as_uri() + "?" + urlencode({"q": "港口"})
    look = """new Promise((done) => {
      const look = () => document.querySelector("#search-results[aria-busy=false] .places a")
        ? done([document.querySelector("#search-status").textContent, document.querySelector(".places a").href]) : setTimeout(look, 50);
      look();
    })"""
    if browser == "firefox":
        done = subprocess.run(
            ["node", FIREFOX],
            input=json.dumps([[address, look]]),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        status, link = json.loads(done.stdout)[0]
    else:
        page = chromium.new_page()
        page.goto(address)
        status, link = page.evaluate(look)
        page.goto(link)
        expect(page.locator("mark").first).to_be_in_viewport()
        page.locator(".masthead a").first.click()
        expect(page.locator("h1")).to_have_text("公示")
        page.goto((tmp_path / "site" / "search" / "index.html").as_uri() + "?" + urlencode({"q": "疏港鐵路"}))
        expect(page.locator("#search-status")).to_contain_text("按简体")
        page.goto((tmp_path / "site" / "search" / "index.html").as_uri() + "?q=dysjt")
        expect(page.locator("#search-agencies")).to_contain_text("东营市交通运输局")
        page.close()
    assert status == "找到 1 份通报"
    assert link.startswith((tmp_path / "site").as_uri())


def test_the_script_is_small(demonstration: Site):
    scripts = [demonstration.folder / "static" / name for name in ("search.js", "search-text.js")]
    assert sum(len(gzip.compress(script.read_bytes(), 9)) for script in scripts) <= MAX_SCRIPT
