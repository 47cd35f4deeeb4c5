"""What machines read of a page: labels of government sites, Open Graph, linked data, the footer; and withdrawn notices."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pyld import jsonld

from tests.conftest import ROOT, TODAY

SITE_LABELS = {"SiteName", "SiteDomain", "SiteIDCode"}
COLUMN_LABELS = {"ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"}
ARTICLE_LABELS = {"ArticleTitle", "PubDate", "ContentSource", "Keywords", "Author", "Description", "Image", "Url"}
ALL = SITE_LABELS | COLUMN_LABELS | ARTICLE_LABELS


class Page(HTMLParser):
    """The labels of a page, and the blocks of linked data in it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.blocks: list[str] = []
        self.inside = False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "meta":
            name = found.get("name") or found.get("property") or found.get("http-equiv")
            assert name not in self.meta or name is None, name
            self.meta[name or "charset"] = found.get("content") or ""
        self.inside = found.get("type") == "application/ld+json"
        if self.inside:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.blocks[-1] += data

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - called by the parser
        self.inside = False

    def linked(self, kind: str) -> list[dict]:
        return [block for block in map(json.loads, self.blocks) if block["@type"] == kind]


@pytest.fixture(params=["everything", "hostile", "minimal"])
def case(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run) -> str:
    shutil.copytree(ROOT / "tests/good" / request.param / "content", tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    assert run("--today", TODAY)[0] == 0
    return request.param


@pytest.fixture
def everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run) -> Path:
    shutil.copytree(ROOT / "tests/good/everything/content", tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    assert run("--today", TODAY)[0] == 0
    return Path("site")


def all_pages() -> dict[str, Page]:
    paths = Path("site").rglob("*.html")
    return {path.relative_to("site").as_posix(): Page(path) for path in paths}


def test_no_label_is_ever_empty(case: str):
    for path, page in all_pages().items():
        empty = {
            name for name, content in page.meta.items() if name in ALL or name.startswith("og:") if not content.strip()
        }
        assert not empty, path


def test_every_page_says_whose_it_is(everything: Path):
    for path, page in all_pages().items():
        found = {name: page.meta.get(name) for name in SITE_LABELS}
        assert found == {"SiteName": "示例市政务公开网", "SiteDomain": "gs.example", "SiteIDCode": "9900000001"}, path


def test_what_is_not_configured_is_not_printed(content: Path, run):
    site = content / "site.yaml"
    site.write_text(re.sub(r"base_url: .*\n", "", site.read_text()))
    assert run("--today", TODAY)[0] == 0
    for page in all_pages().values():
        assert not page.meta.keys() & {"SiteDomain", "SiteIDCode", "Url", "og:url"}
        assert not page.linked("BreadcrumbList"), "its addresses need a host"
        assert "http" not in "".join(page.blocks).replace("https://schema.org", "")
    footer = Path("site/index.html").read_text().partition("<footer")[2]
    assert not re.search("备案|标识码|标识|找错", footer)
    assert "网站地图" in footer


def test_columns_have_theirs_and_articles_all(everything: Path):
    pages = all_pages()
    types = {path: page.meta.get("ColumnType") for path, page in pages.items() if page.meta.keys() >= COLUMN_LABELS}
    assert types["index.html"] == "首页"
    assert types["data/index.html"] == "数据发布"
    assert types["supervision/index.html"] == "咨询投诉"
    lists = (
        "notices",
        "issues",
        "issues/open",
        "plans",
        "agencies",
        "agencies/water",
        "regions/990100",
        "calendar",
        "calendar/2026-06",
    )
    assert {types[f"{path}/index.html"] for path in lists} == {"信息公开目录"}
    article = pages["notices/water-2025/index.html"].meta
    assert article.keys() >= COLUMN_LABELS | {
        "ArticleTitle",
        "PubDate",
        "ContentSource",
        "Keywords",
        "Description",
        "Url",
    }
    assert article["PubDate"] == "2025-05-20 00:00"
    assert article["ContentSource"] == "示例市水务局"
    assert article["Url"] == article["og:url"] == "https://gs.example/sub/notices/water-2025/"
    assert article["og:type"] == "article"
    assert article["og:title"] == article["ArticleTitle"]
    for path, page in pages.items():
        assert ("ArticleTitle" in page.meta) == bool(re.fullmatch(r"notices/[a-z]+-\d{4}/index.html", path)), path


def test_a_day_that_is_not_known_is_no_label(everything: Path):
    pages = all_pages()
    assert "PubDate" not in pages["notices/donghu-2025/index.html"].meta, "it prints no date"
    assert pages["notices/water-2024/index.html"].meta["PubDate"] == "2024-03-18 00:00", (
        "a month here, a day at its source"
    )
    assert pages["notices/donghu-2025/index.html"].meta["ContentSource"] == "东湖区水务局"


def test_identifiers_are_links_if_they_have_addresses(everything: Path, run):
    footer = (everything / "index.html").read_text().partition("<footer")[2]
    assert '<a href="https://icp.example/" rel="noopener noreferrer">示ICP备12345678号-1</a>' in footer
    assert (
        '<a href="https://police.example/?code=99010002000001" rel="noopener noreferrer">公安备案：99010002000001</a>'
        in footer
    )
    assert '<a href="https://mark.example/"' in footer
    site = Path("content/site.yaml")
    site.write_text(re.sub(r"  (icp|police|mark)_url: .*\n", "", site.read_text()))
    assert run("--today", TODAY)[0] == 0
    footer = (everything / "index.html").read_text().partition("<footer")[2]
    assert "<li>示ICP备12345678号-1</li>" in footer
    assert "<li>公安备案：99010002000001</li>" in footer
    assert "党政机关" not in footer


def _context(url: str, options: dict) -> dict:
    """schema.org without a network: every word is a word of its vocabulary."""
    assert url.rstrip("/") == "https://schema.org"
    return {
        "contextUrl": None,
        "documentUrl": url,
        "contentType": "application/ld+json",
        "document": {"@context": {"@vocab": "https://schema.org/", "url": {"@type": "@id"}}},
    }


def test_a_processor_takes_all_linked_data(case: str):
    seen = set()
    for path, page in all_pages().items():
        for block in page.blocks:
            assert not set("<>&") & set(block), path
            (expanded,) = jsonld.expand(json.loads(block), {"documentLoader": _context})
            seen |= set(expanded["@type"])
            assert all(key.startswith(("@", "https://schema.org/")) for key in expanded)
    if case != "minimal":
        kinds = {"Report", "GovernmentOrganization", "Dataset"}
        assert seen - {"https://schema.org/BreadcrumbList"} == {f"https://schema.org/{kind}" for kind in kinds}


def test_linked_data_says_what_the_page_says(everything: Path):
    pages = all_pages()
    (agency,) = pages["agencies/water/index.html"].linked("GovernmentOrganization")
    assert agency["name"] == "示例市水务局"
    assert {"+869902345678", "jiandu@water.example"} <= {
        point.get("telephone") or point["email"] for point in agency["contactPoint"]
    }
    (report,) = pages["notices/water-2025/index.html"].linked("Report")
    assert (report["datePublished"], report["dateModified"]) == ("2025-05-20", "2025-10-01")
    assert report["publisher"]["url"] == "https://gs.example/sub/agencies/water/"
    (dataset,) = pages["data/index.html"].linked("Dataset")
    for each in dataset["distribution"]:
        assert (everything / each["contentUrl"].removeprefix("https://gs.example/sub/")).is_file()
    for path, page in pages.items():
        breadcrumb = 'class="breadcrumb"' in (everything / path).read_text()
        assert len(page.linked("BreadcrumbList")) == breadcrumb, path


def test_no_content_can_end_a_block_of_data(content: Path, run):
    evil = "</script><script>alert(1)</script><!-- &amp; -->"
    agency = content / "agencies/water.yaml"
    agency.write_text(re.sub(r"name: .*", f"name: '{evil}'", agency.read_text(), count=1))
    notice = content / "notices/2025/water-2025.yaml"
    notice.write_text(re.sub(r"title: 中共.*", f"title: '{evil}'", notice.read_text()))
    assert run("--today", TODAY)[0] == 0
    page = Page(Path("site/notices/water-2025/index.html"))
    assert page.linked("Report")[0]["name"] == evil
    assert page.linked("BreadcrumbList")[0]["itemListElement"][-1]["name"] == evil


def test_a_citation_has_what_is_known(everything: Path):
    def cited(name: str) -> str:
        page = (everything / "notices" / name / "index.html").read_text()
        return re.sub(r"<[^>]+>", "", re.search(r'<p class="cited">(.*?)</p>', page)[1])

    title = "中共示例市水务局党组关于“回头看”整改情况的通报"
    where = "https://gs.example/sub/notices"
    assert cited("water-2025") == f"中共示例市水务局党组. {title}[EB/OL]. (2025-05-20). {where}/water-2025/"
    assert cited("donghu-2025") == f"东湖区水务局. 东湖区水务局关于停水检修的公告[EB/OL]. {where}/donghu-2025/"


WITHDRAWN = "withdrawn: {date: 2025-06-01, reason: 内容有误。}\n"


def test_a_withdrawn_notice_keeps_its_address_and_nothing_else(content: Path, run):
    notice = content / "notices/2025/water-2025.yaml"
    assert run("--today", TODAY)[0] == 0
    notice.write_text(notice.read_text() + "opening: 独一无二的导语\n" + WITHDRAWN)
    code, report, _ = run("--today", TODAY)
    assert code == 0
    assert "通报已经撤回，网站不会公开 sections、opening" in report
    page = Path("site/notices/water-2025/index.html").read_text()
    assert "从2025年6月1日起不再公开" in page
    assert "内容有误。" in page
    assert '<meta name="robots" content="noindex">' in page
    assert "ArticleTitle" in page
    for path in Path("site").rglob("*"):
        if path.is_file() and ".gongshi" not in path.parts:
            raw = path.read_bytes()
            for words in ("独一无二的导语", "老旧管网改造滞后", "改造老旧管网12公里"):
                assert words.encode() not in raw, path
            if path not in (Path("site/notices/water-2025/index.html"), Path("site/manifest.sha256")):
                assert b"water-2025" not in raw, path
    assert json.loads(Path("site/data/notices.json").read_text()) == []
    assert "还没有通报" in Path("site/index.html").read_text()


def test_what_speaks_of_a_withdrawn_notice_goes_on(content: Path, run):
    notice = content / "notices/2025/water-2025.yaml"
    later = notice.with_name("later.yaml")
    taken = "            continues: water-2025#issue-1\n"
    text = notice.read_text().replace("published: 2025-05-20", "published: 2025-11-20\nfollows: [water-2025]")
    later.write_text(text.replace("            status: 已完成\n", "            status: 已完成\n" + taken))
    notice.write_text(notice.read_text().partition("sections:")[0] + "old_ids: [older]\n" + WITHDRAWN)
    code, report, _ = run("--today", TODAY)
    assert (code, "water-2025" in report) == (0, False)
    assert "整改进展情况的通报（已撤回）" in Path("site/notices/later/index.html").read_text()
    assert "../../notices/water-2025/" in Path("site/notices/older/index.html").read_text()


@pytest.mark.parametrize(
    "withdrawn",
    [
        "withdrawn:\n",
        "withdrawn: true\n",
        "withdrawn: {date: 2025-06-01}\n",
        "withdrawn: {date: 2024-01-01, reason: 早}\n",
    ],
)
def test_a_half_written_withdrawal_is_an_error(content: Path, run, withdrawn: str):
    notice = content / "notices/2025/water-2025.yaml"
    notice.write_text(notice.read_text() + withdrawn)
    assert run("--today", TODAY)[0] == 1
