"""The demonstration content says what the five notices say: the acceptance of the foundation, on the published data."""

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from gongshi.pipeline import Options, build
from tests.conftest import ROOT, SEEDS

CONTENT = ROOT / "content"
TRANSPORT, LINYI, CHENGHAI = "dongying-transport-2024", "linyi-transport-2023", "chenghai-transport-2022"
PLAN, REFORM = "huludao-transport-2023-plan", "dongying-development-reform-2024"
SEED_OF = {TRANSPORT: "000", LINYI: "001", CHENGHAI: "002", PLAN: "003", REFORM: "004"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("demonstration") / "site"
    assert build(Options(content=CONTENT, output=output)).published
    return output


@pytest.fixture(scope="module")
def issues(site: Path) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for record in json.loads((site / "data/issues.json").read_text()):
        found.setdefault(record["notice"], []).append(record)
    return found


@pytest.fixture(scope="module")
def notices(site: Path) -> dict[str, dict]:
    return {record["id"]: record for record in json.loads((site / "data/notices.json").read_text())}


def test_000_ten_issues_with_thirty_measures(issues, notices, site):
    assert [issue["measures"] for issue in issues[TRANSPORT]] == [3, 3, 3, 3, 3, 4, 2, 3, 3, 3]
    assert notices[TRANSPORT]["declared"]["measures"] == notices[TRANSPORT]["counted"]["measures"] == 30
    assert [(d["key"], d["declared"], d["counted"]) for d in notices[TRANSPORT]["differences"]] == [
        ("issues", 5, 4),
        ("measures", 15, 11),
    ]
    page = (site / "notices" / TRANSPORT / "index.html").read_text()
    assert "本部分申报 5，逐条列出 4，相差 1" in page
    assert "本部分申报 15，逐条列出 11，相差 4" in page


def test_001_forty_issues_by_bucket(issues):
    found = issues[LINYI]
    assert [issue["no"] for issue in found] == [str(n) for n in range(1, 41)]
    assert Counter(issue["bucket"] for issue in found) == {"done": 17, "ongoing": 16, "open": 7}
    assert len({issue["group"] for issue in found}) == 12
    assert len({issue["aspect"] for issue in found}) == 6


def test_002_four_issues_done_and_kept_up(issues):
    assert [issue["status"] for issue in issues[CHENGHAI]] == ["已完成并长期坚持"] * 4
    assert all(issue["has_cause"] for issue in issues[CHENGHAI])


def test_003_seven_phases_and_every_dated_deliverable(notices):
    phases = notices[PLAN]["phases"]
    assert len(phases) == 7
    due = [d["due"] for phase in phases for d in phase["deliverables"] if d["due"]]
    assert due == [f"2023-{day}" for day in ("05-31", "06-05", "07-30", "08-31", "10-30", "11-30", "12-15")]


def test_004_declares_more_than_it_shows(issues, notices, site):
    assert len(issues[REFORM]) == 10
    assert sum(issue["measures"] for issue in issues[REFORM]) == 22
    record = notices[REFORM]
    assert (record["declared"]["issues"], record["declared"]["measures"]) == (14, 34)
    assert (record["counted"]["issues"], record["counted"]["measures"]) == (10, 22)
    assert record["declared"].keys() == record["counted"].keys()
    assert "相差 4" in (site / "notices" / REFORM / "index.html").read_text()


def test_contacts_are_shown_as_printed_and_dialled_with_the_area_code(site, notices):
    for notice, printed, link in (
        (TRANSPORT, "8321918", "tel:+865468321918"),
        (LINYI, "7877072", "tel:+865397877072"),
        (REFORM, "0546-8382481", "tel:+865468382481"),
    ):
        assert f'href="{link}">{printed}</a>' in (site / "notices" / notice / "index.html").read_text()
    masked = notices[CHENGHAI]["contact"]
    assert masked["phones"] == [{"number": "0754-*", "label": "电话", "tel": None}]
    assert masked["emails"] == ["*@*63.com"]


@pytest.mark.parametrize("notice", SEED_OF)
def test_digest_has_every_figure_of_the_notice(notice):
    """`figures.json` holds the figures of the five notices, printed numbers of headings aside."""
    figures = json.loads((Path(__file__).parent / "figures.json").read_text())
    digest = _figures(_folded(next(CONTENT.rglob(f"{notice}.yaml")).read_text()))
    assert set(figures[notice]) - digest == set()


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds are not beside the project")
@pytest.mark.parametrize("notice", SEED_OF)
def test_figures_are_those_of_the_seed(notice):
    figures = json.loads((Path(__file__).parent / "figures.json").read_text())
    seed = _folded(next(SEEDS.glob(SEED_OF[notice] + "_*")).read_text())
    assert _figures(re.sub(r"^\(?\d+[).、]", "", seed, flags=re.MULTILINE)) == set(figures[notice])


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds are not beside the project")
@pytest.mark.parametrize("notice", SEED_OF)
def test_digest_copies_no_sentence(notice):
    seed = _folded(next(SEEDS.glob(SEED_OF[notice] + "_*")).read_text())
    digest = _folded(next(CONTENT.rglob(f"{notice}.yaml")).read_text())
    # Titles of documents carry over.
    title = re.compile("《[^》]*》|^title: .*", re.MULTILINE)
    assert _shared_runs(title.sub("", seed), title.sub("", digest), 24) == set()


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _figures(text: str) -> set[str]:
    plain = re.sub(r"(\d{4})-0?(\d+)(?:-0?(\d+))?", r"\1 \2 \3", text)
    return set(re.findall(r"\d+(?:\.\d+)?%?", plain))


def _shared_runs(source: str, text: str, length: int) -> set[str]:
    """Maximal runs of at least `length` characters, punctuation aside, that a line of the text shares with a source."""
    source = re.sub(r"[\W_]+", "", source)
    known = {source[i : i + length] for i in range(len(source) - length + 1)}
    found = set()
    for raw in text.splitlines():
        line = re.sub(r"[\W_]+", "", raw.removeprefix("title: "))
        start = 0
        while start <= len(line) - length:
            end = start + length
            if line[start:end] not in known:
                start += 1
                continue
            while end < len(line) and line[end - length + 1 : end + 1] in known:
                end += 1
            found.add(line[start:end])
            start = end
    return found
