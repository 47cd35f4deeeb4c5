"""Long lists are paged, and a page links to few others however many there are."""

import re
from pathlib import Path

from gongshi.derive.lists import ISSUES_A_PAGE, PageOf, paged
from tests.conftest import TODAY

MANY = ISSUES_A_PAGE * 12 + 1


def test_pages_cover_the_list_once():
    parts = paged(MANY, ISSUES_A_PAGE, lambda n: f"page-{n}/")
    assert [i for _, part in parts for i in range(MANY)[part]] == list(range(MANY))
    assert len(paged(0, ISSUES_A_PAGE, str)) == 1


def test_a_page_links_to_the_ends_and_its_neighbours():
    paths = tuple(f"page-{n}/" for n in range(1, 401))
    assert [n for n, _ in PageOf(200, 400, paths).links] == [1, 198, 199, 200, 201, 202, 400]
    assert [n for n, _ in PageOf(1, 400, paths).links] == [1, 2, 3, 400]
    assert [n for n, _ in PageOf(1, 2, paths).links] == [1, 2]


def ids(page: str) -> list[str]:
    """The issues that a page of the site lists, in order."""
    html = Path("site", page, "index.html").read_text()
    return ["#".join(found) for found in re.findall(r'<h\d><a href="[./]*notices/([a-z0-9-]+)/#(issue-\d+)"', html)]


def test_a_long_ledger_shows_its_newest_and_leads_to_months_that_hold_all(content: Path, run):
    notice = content / "notices/2025/water-2025.yaml"
    many = "".join(f"          - {{id: '{n}', title: 问题{n}, status: 未完成}}\n" for n in range(2, MANY + 1))
    old = notice.read_text().replace("2025-05-20", "2024-03-01") + many
    (content / "notices/2025/older.yaml").write_text(old)
    (content / "notices/2025/nodate.yaml").write_text(old.replace("published: 2024-03-01\n", ""))
    assert run("--today", TODAY)[0] == 0
    assert ids("issues/open") == [f"older#issue-{n}" for n in range(2, 2 + ISSUES_A_PAGE)]
    assert ids("issues") == ids("issues/open"), "what is not done stands first"
    months = Path("site/issues/open/index.html").read_text()
    assert 'open/2024-03/"><span class="visually-hidden">2024年</span>3月 <span class="count">1200' in months
    assert 'open/undated/">日期未注明 <span class="count">1200' in months
    for month, name in (("2024-03", "older"), ("undated", "nodate")):
        pages = [f"issues/open/{month}", *(f"issues/open/{month}/page-{n}" for n in range(2, 13))]
        assert [each for page in pages for each in ids(page)] == [f"{name}#issue-{n}" for n in range(2, MANY + 1)]
    assert ids("issues/done") == ["water-2025#issue-1", "older#issue-1", "nodate#issue-1"], "short: all on one page"
    assert not Path("site/issues/done/2024-03").exists()
    assert "这里列出前 100 个" in Path("site/agencies/water/index.html").read_text()
