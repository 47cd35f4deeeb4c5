"""A notice entered verbatim comes out word for word: the article, without what the site adds, is the document."""

from pathlib import Path

import pytest

from gongshi.pipeline import Options, build
from tests.conftest import ROOT
from tests.outline import document

CASE = ROOT / "tests" / "good" / "verbatim"


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> str:
    output = tmp_path_factory.mktemp("verbatim") / "site"
    assert build(Options(content=CASE / "content", output=output)).published
    return document((output / "notices/water-2025/index.html").read_text())


def test_the_article_is_the_document(article: str):
    source = "".join(Path(CASE / "source.txt").read_text().split())
    assert article == source
