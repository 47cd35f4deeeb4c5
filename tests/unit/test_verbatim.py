"""A notice entered verbatim comes out word for word: the article, without what the site adds, is the document."""

from pathlib import Path

import pytest

from gongshi.options import Options
from gongshi.pipeline import build
from tests.conftest import ROOT
from tests.outline import document

CASES = sorted(path.parent for path in (ROOT / "tests" / "good").glob("*/source.txt"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_article_is_the_document(case: Path, tmp_path: Path):
    assert build(Options(content=case / "content", output=tmp_path / "site", cache=None)).published
    page = (tmp_path / "site/notices/water-2025/index.html").read_text()
    assert document(page) == "".join((case / "source.txt").read_text().split())
