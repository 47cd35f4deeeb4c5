"""The proof that nothing was lost: an imported notice is rendered as the public will see it, beside its source.

White space does not count, nor does what the page marks as added by the site (its class `added`).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import zip_longest

import lxml.etree
import lxml.html

from gongshi.derive.lists import index
from gongshi.importer.paragraph import Paragraph
from gongshi.model import Agency, Corpus, Notice, Operator, Region, Site, StatusWords, Vocabulary
from gongshi.outputs.pages import notice_page
from gongshi.outputs.publication import Publication
from gongshi.render import DEFAULT_TEMPLATES, Renderer
from gongshi.text import solid

_NO_WORDS = StatusWords(label="—")
_SITE = Site(
    schema="1",
    title="公示",
    description="公示",
    operator=Operator(name="公示"),
    statuses=Vocabulary(open=_NO_WORDS, unstated=_NO_WORDS, ongoing=_NO_WORDS, done=_NO_WORDS),
)
_REGION = Region("000000", "")
_TODAY = date(2000, 1, 1)  # nothing of the document depends on the day


def source_text(paragraphs: Iterable[Paragraph]) -> str:
    """The text of a source without white space."""
    return solid("".join(paragraph.text for paragraph in paragraphs))


def printed(notice: Notice) -> str:
    """The document as its page shows it, without white space and without what the site adds."""
    agency = Agency(name="单位", region=_REGION.code, id=notice.agency)
    alone = replace(notice, id="imported", follows=())
    corpus = Corpus.of_one(_SITE, {_REGION.code: _REGION}, agency, alone)
    publication = Publication(corpus, index(corpus), _TODAY, _renderer())
    return document(notice_page(publication, alone))


@cache
def _renderer() -> Renderer:
    return Renderer(_SITE, DEFAULT_TEMPLATES, None, ())


def document(page: bytes) -> str:
    """The text of a page's article, without white space and without what the site added to it."""
    root = lxml.html.fromstring(page, parser=lxml.html.HTMLParser(encoding="utf-8", huge_tree=True))
    (article,) = root.iter("article")
    pieces: list[str] = []
    added = 0  # how many open elements were added by the site
    for event, element in lxml.etree.iterwalk(article, events=("start", "end")):
        own = "added" not in element.get("class", "").split()
        if event == "start":
            added += not own
            pieces.append("" if added else element.text or "")
        else:
            added -= not own
            pieces.append("" if added or element is article else element.tail or "")
    return solid("".join(pieces))


def first_difference(source: str, shown: str) -> int | None:
    """Where what is printed departs from its source, in characters without white space; None if it does not."""
    pairs = enumerate(zip_longest(source, shown))
    return next((place for place, (one, other) in pairs if one != other), None)
