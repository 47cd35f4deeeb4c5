"""Prose (Markdown) becomes safe HTML: content is data, so raw HTML is shown as text and never obeyed."""

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import cache

import nh3
from markdown import Markdown
from markdown.extensions.toc import slugify_unicode
from markdown.treeprocessors import Treeprocessor
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
_AMPERSAND = "\ufdd0"  # stands for "&" inside the converter, which would read "&amp;" in the text as one character
_ROOT_LINK = re.compile(r'href="/(?!/)([^"]*)"')


class _HeadingsAsParagraphs(Treeprocessor):
    """In a notice the structure comes from the model, so a heading inside prose is a bold paragraph."""

    def run(self, root: ET.Element) -> None:
        for element in root.iter():
            if re.fullmatch(r"h[1-6]", element.tag):
                element.tag = "p"
                strong = ET.Element("strong")
                strong.text, element.text = element.text, ""
                strong.extend(list(element))
                for child in list(element):
                    element.remove(child)
                element.append(strong)


@cache
def _markdown(*, headings: bool) -> Markdown:
    extensions = ["tables", "sane_lists", *(["toc"] if headings else [])]
    configs = {"toc": {"baselevel": 2, "toc_depth": "2-4", "slugify": slugify_unicode}} if headings else {}
    converter = Markdown(extensions=extensions, extension_configs=configs, output_format="html")
    converter.preprocessors.deregister("html_block")
    for inline in ("html", "entity", "image_link", "image_reference", "short_image_ref"):
        converter.inlinePatterns.deregister(inline)
    if not headings:
        converter.treeprocessors.register(_HeadingsAsParagraphs(converter), "headings", 5)
    return converter


def prose(source: str) -> Markup:
    """Markdown of a notice as safe HTML, without headings."""
    return _convert(source, headings=False)


def page(source: str, address: Callable[[str], str]) -> Markup:
    """Markdown of a page of the site as safe HTML.

    Headings begin at level 2 and have ids. Links that begin with `/` mean the site's root: `address` turns what follows
    into an address that works from this page.
    """
    converted = _convert(source, headings=True)
    linked = _ROOT_LINK.sub(lambda m: f'href="{html.escape(address(html.unescape(m.group(1))))}"', converted)
    return Markup(linked)  # noqa: S704 - what `_convert` made is safe, and an escaped address keeps it so


def _convert(source: str, *, headings: bool) -> Markup:
    converter = _markdown(headings=headings)
    converter.reset()
    converted = converter.convert(_BREAK_IN_CHINESE.sub("", source).replace("&", _AMPERSAND))
    converted = converted.replace(_AMPERSAND, "&amp;")
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
