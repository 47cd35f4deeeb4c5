"""The importer on the golden corpus: what is written, what is reported, and how much of the truth is found."""

import shutil
from pathlib import Path

import pytest

from gongshi.importer import lines, proof
from gongshi.importer.grammar import as_text
from gongshi.importer.read import read
from tests.conftest import TODAY
from tests.import_truth import CASES, measure, source, table

# Invented places of the corpus; 白沙市 is left out on purpose: its agencies are drafted with a region to be checked.
REGIONS = ("青石县", "云溪县", "南湖县", "临江区", "松岚区")


@pytest.fixture
def desk(content: Path) -> Path:
    """A content folder without notices, from which the corpus is imported."""
    shutil.rmtree(content / "notices")
    (content / "notices").mkdir()
    with (content / "regions.yaml").open("a") as file:
        file.writelines(f"'99020{n}': {name}\n" for n, name in enumerate(REGIONS, 1))
    return content


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_golden(case: Path, desk: Path, golden, run):
    shutil.copy(source(case), source(case).name)
    code, report, _ = run("import", source(case).name)
    assert code == 0
    (written,) = (desk / "notices").rglob("*.yaml")
    golden(case / "notice.yaml", written.read_text())
    golden(case / "report.txt", report)
    drafted = [path for path in (desk / "agencies").iterdir() if path.name != "water.yaml"]
    for path in drafted:
        golden(case / "agency.yaml", path.read_text())
    code, problems, _ = run("check", "--today", TODAY)
    assert code == 0, problems
    assert run("build", "--today", TODAY)[0] == 0
    page = Path("site/notices") / written.stem / "index.html"
    paragraphs = read(source(case).name, source(case).read_bytes())
    kept, noise = lines.without_noise(paragraphs)
    assert proof.document(page.read_bytes()) == proof.source_text(kept)
    assert len(kept) + len(noise) == len(paragraphs)


def test_every_fact_of_the_corpus_is_found_and_no_other(capsys):
    counts, differences = measure()
    with capsys.disabled():
        print(f"\nimport: {len(CASES)} notices\n{table(counts)}")
    assert not differences
    for true, found, right in counts.values():
        assert true == found == right > 0


def test_the_corpus_measures_what_it_claims(monkeypatch):
    """A recogniser that finds nothing would not pass."""
    monkeypatch.setattr("tests.import_truth.recognise", as_text)
    counts, differences = measure()
    assert counts["issues"][0] > 0
    assert counts["issues"][2] == 0
    assert differences
