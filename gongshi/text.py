"""Prose (Markdown) becomes safe HTML: content is data, so raw HTML is shown as text and never obeyed."""

import html
import re
from collections.abc import Callable
from functools import cache

import nh3
from markdown import Markdown
from markdown.extensions.toc import slugify_unicode
from markupsafe import Markup

_PROSE_TAGS = {
    "p", "br", "hr", "strong", "em", "code", "pre", "blockquote", "a", "ul", "ol", "li",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_PAGE_TAGS = _PROSE_TAGS | {"h2", "h3", "h4"}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"}}

# Han characters and the punctuation of Chinese text: between two of these a line break is no space.
_WIDE = r"[\u2e80-\u9fff\u3000-\u303f\uf900-\ufaff\uff00-\uffef“”‘’…—\U00020000-\U0003ffff]"
_BREAK_IN_CHINESE = re.compile(rf"(?<={_WIDE})[ \t]*\n[ \t]*(?={_WIDE})")
# A line that begins with a printed number, after a sentence has ended, is a paragraph of its own. “1. ” is left out: it
# is a list of Markdown.
_NUMBERED_LINE = re.compile(
    r"(?<=[。！？；：;:!?])[ \t]*\n(?=[ \t\u3000]*"
    r"(?:[一二三四五六七八九十]+[、是]|第[一二三四五六七八九十]+[，,、]|[（(](?:[一二三四五六七八九十]+|\d+)[）)]|\d+(?:、|\.\S)|[①-⑳]))"
)
_AMPERSAND = "\ufdd0"  # stands for "&" inside the converter, which would read "&amp;" in the text as one character
_ROOT_LINK = re.compile(r'href="/(?!/)([^"]*)"')


@cache
def _markdown(*, headings: bool) -> Markdown:
    extensions = ["tables", "sane_lists", *(["toc"] if headings else [])]
    configs = {"toc": {"slugify": slugify_unicode}} if headings else {}
    converter = Markdown(extensions=extensions, extension_configs=configs, output_format="html")
    converter.preprocessors.deregister("html_block")
    for inline in ("html", "entity", "image_link", "image_reference", "short_image_ref"):
        converter.inlinePatterns.deregister(inline)
    if not headings:  # in a notice the structure comes from the model, and “#3 泵站” is text
        converter.parser.blockprocessors.deregister("hashheader")
        converter.parser.blockprocessors.deregister("setextheader")
    return converter


def prose(source: str) -> Markup:
    """Markdown of a notice as safe HTML, without headings."""
    return _convert(source, headings=False)


def unprinted(source: str) -> str:
    """The first piece of a text that its HTML does not show, since Markdown took it for a mark; empty if there is none.

    White space does not count, nor do the lines that draw a table.
    """
    rows = re.sub(r"^[ \t]*\|?[ \t:|-]+\|[ \t:|-]*$", "", source, flags=re.MULTILINE)
    written = "".join((rows.replace("|", "") if "<table>" in prose(source) else source).split())
    shown = "".join(html.unescape(re.sub(r"<[^>]*>", "", prose(source))).split())
    if written == shown:
        return ""
    at = next(
        (i for i, (a, b) in enumerate(zip(written, shown, strict=False)) if a != b), min(len(written), len(shown))
    )
    return written[at : at + 10]


def page(source: str, address: Callable[[str], str]) -> Markup:
    """Markdown of a page of the site as safe HTML.

    Headings keep their level, from 2 on, and have ids. Links that begin with `/` mean the site's root: `address` turns
    what follows into an address that works from this page.
    """
    converted = _convert(source, headings=True)
    linked = _ROOT_LINK.sub(lambda m: f'href="{html.escape(address(html.unescape(m.group(1))))}"', converted)
    return Markup(linked)  # noqa: S704 - what `_convert` made is safe, and an escaped address keeps it so


def _convert(source: str, *, headings: bool) -> Markup:
    converter = _markdown(headings=headings)
    converter.reset()
    lines = _NUMBERED_LINE.sub("\n\n", source)
    converted = converter.convert(_BREAK_IN_CHINESE.sub("", lines).replace("&", _AMPERSAND))
    converted = converted.replace(_AMPERSAND, "&amp;")
    # The title of the page is the only heading of level 1.
    converted = converted.replace("<h1", "<h2").replace("</h1>", "</h2>")
    clean = nh3.clean(
        converted,
        tags=_PAGE_TAGS if headings else _PROSE_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
    )
    # A wide table scrolls inside its own box, which has to be reachable by keyboard.
    clean = clean.replace("<table>", '<div class="scroll" role="group" tabindex="0" aria-label="表格"><table>')
    return Markup(clean.replace("</table>", "</table></div>"))  # noqa: S704 - nh3 made it safe
