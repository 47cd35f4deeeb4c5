"""The proof that nothing was lost: an imported notice is rendered as the public will see it, beside its source.

White space does not count, nor does what the page marks as added by the site (its class `added`).
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import zip_longest

import lxml.etree
import lxml.html

from gongshi import urls
from gongshi.derive.cards import Issuer
from gongshi.derive.notice import Surroundings, notice_view
from gongshi.derive.rows import summarise
from gongshi.importer.paragraph import Paragraph
from gongshi.model import Notice, Operator, Site, StatusWords, Vocabulary
from gongshi.render import Renderer, Setting
from gongshi.revisions import UNKNOWN
from gongshi.templates import DEFAULT_TEMPLATES
from gongshi.text import solid
from gongshi.totals import vocabulary

_NO_WORDS = StatusWords(label="—")
_SITE = Site(
    schema="1",
    title="公示",
    description="公示",
    operator=Operator(name="公示"),
    statuses=Vocabulary(open=_NO_WORDS, unstated=_NO_WORDS, ongoing=_NO_WORDS, done=_NO_WORDS),
)
_WORDS = vocabulary(_SITE)
_ISSUER = Issuer("单位", urls.agency("unit"), "", None, None, urls.letter("unit"), "", None)


def source_text(paragraphs: Iterable[Paragraph]) -> str:
    """The text of a source without white space."""
    return solid("".join(paragraph.text for paragraph in paragraphs))


def printed(notice: Notice) -> str:
    """The document as its page shows it, without white space and without what the site adds."""
    alone = replace(notice, id="imported", follows=())
    _, detail = summarise(alone, _WORDS)
    phases = tuple("unknown" for _ in alone.all_phases())
    around = Surroundings(words=_WORDS, labels=_SITE.labels, agency=_ISSUER, region="", address="", states=phases)
    view = notice_view(alone, detail, around)
    values = {"view": view, "notice": alone, "record": UNKNOWN}
    return document(_renderer().render("notice.html", urls.notice(alone.id), **values))


@cache
def _renderer() -> Renderer:
    return Renderer(Setting(_SITE, DEFAULT_TEMPLATES, None, ()))


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
