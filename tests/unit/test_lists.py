"""Long lists are paged, and a page links to few others however many there are."""

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


def test_the_ledger_of_many_issues_is_paged(content: Path, run):
    issues = "".join(f"          - {{id: '{n}', title: 问题{n}, status: 未完成}}\n" for n in range(2, MANY + 1))
    with (content / "notices/2025/water-2025.yaml").open("a") as file:
        file.write(issues)
    assert run("--today", TODAY)[0] == 0
    first = Path("site/issues/index.html").read_text()
    last = Path("site/issues/page-13/index.html").read_text()
    assert "问题2<" in first
    assert first.count('class="issue-item"') == ISSUES_A_PAGE
    assert last.count('class="issue-item"') == 1
    assert "老旧管网改造滞后" in last, "what is done stands last"
    assert "这里列出前 100 个" in Path("site/agencies/water/index.html").read_text()
