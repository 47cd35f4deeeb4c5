"""Prose (Markdown) becomes safe HTML: content is data, so raw HTML is shown as text and never obeyed."""

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise

import nh3
from markdown import Markdown
from markdown.extensions.toc import slugify_unicode
from markupsafe import Markup

from gongshi.source import WIDE

_PROSE_TAGS = {
    "p", "br", "hr", "strong", "em", "code", "pre", "blockquote", "a", "ul", "ol", "li",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_PAGE_TAGS = _PROSE_TAGS | {"h2", "h3", "h4"}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"}}

_CHINESE = re.compile(WIDE)
# A line that begins with a printed number, after a sentence has ended, is a paragraph of its own. “1. ” is left out: it
# is a list of Markdown.
_NUMBERED_LINE = re.compile(
    r"(?<=[。！？；：;:!?])[ \t]*\n(?=[ \t\u3000]*"
    r"(?:[一二三四五六七八九十]+[、是]|第[一二三四五六七八九十]+[，,、]|[（(](?:[一二三四五六七八九十]+|\d+)[）)]|\d+(?:、|\.\S)|[①-⑳]))"
)
MAX_MARKS = 800  # of inline Markdown in one paragraph
MAX_WORK = 4_000_000  # of a paragraph: its marks times its length, which is what Markdown may take
TEXT = 2  # marks that take as long as a text without any that is not plain
MAX_ALL_MARKS = 10_000  # in one text
MAX_LENGTH = 300_000  # characters of one text
MAX_LINES = 4_000  # of one text that is not plain
_INLINE_MARK = re.compile(r"[\[\]`*_<!\\]")
_DEEP = re.compile(r"^(?:[ \t]*(?:[-*+][ \t]|>|\d+\.[ \t])){12}|^[ \t]{60}", re.MULTILINE)
_AMPERSAND = "\ufdd0"  # stands for "&" inside the converter, which would read "&amp;" in the text as one character
_ROOT_LINK = re.compile(r'<a href="/(?!/)([^"]*)"')
# Without any of these a text is plain paragraphs, and nothing of it can be taken for a mark.
_MARKS = re.compile(r"[\\`*_\[\]<>|#~:]|^[ \t]*(?:\d+\.[ \t]|[-+=])", re.MULTILINE)
# What Markdown, its sanitiser or a browser could take for anything but a character of a paragraph. A text without any
# of these, as most of what notices report is, needs neither to become HTML.
_NOT_PLAIN = re.compile(
    r"[\\`*_\[\]<>&|\x00-\x09\x0b-\x1f\x7f-\xa0\u2028\u2029\ufdd0]"  # marks of lines and white space that HTML rewrites
    r"|^(?:[ \u3000]|\d+\.|[-+=#:])|[ \u3000]$"  # what begins a block, or white space at an end of a line
    r"|\A\n|\n\n\n|\n\Z|\A\Z",
    re.MULTILINE,
)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()>#+\-.!|])")
_BAR = re.compile(r"(?<!\\)\|")
_EXCERPT = 10  # characters of a text that a problem quotes


@cache
def _markdown(*, headings: bool) -> Markdown:
    extensions = ["tables", "sane_lists", *(["toc"] if headings else [])]
    configs = {"toc": {"slugify": slugify_unicode}} if headings else {}
    converter = Markdown(extensions=extensions, extension_configs=configs, output_format="html")
    converter.preprocessors.deregister("html_block")
    for inline in ("html", "entity", "image_link", "image_reference", "short_image_ref"):
        converter.inlinePatterns.deregister(inline)
    converter.parser.blockprocessors.deregister("reference")  # “[注]: 见附件” is text
    converter.inlinePatterns.deregister("reference")
    converter.inlinePatterns.deregister("short_reference")
    converter.parser.blockprocessors.deregister("code")  # a paragraph set in by four spaces is a paragraph
    if not headings:  # in a notice the structure comes from the model, and “#3 泵站” is text
        converter.parser.blockprocessors.deregister("hashheader")
        converter.parser.blockprocessors.deregister("setextheader")
    return converter


def prose(source: str) -> Markup:
    """Markdown of a notice as safe HTML, without headings."""
    if not _NOT_PLAIN.search(source):
        return _short(source)
    if source not in _known:
        if len(_known) > MAX_KNOWN:
            _known.clear()
        _known[source] = _long(source, headings=False)
    return _known[source]


_known: dict[str, Markup] = {}  # texts that took the long way, and what became of them
MAX_KNOWN = 1_000


def long_ones(sources: Iterable[str]) -> dict[str, str]:
    """What becomes of those texts that take the long way."""
    return {source: str(prose(source)) for source in sources if _NOT_PLAIN.search(source)}


def know(converted: Mapping[str, str]) -> None:
    """Take over what `long_ones` gave, so that these texts need not take the long way again."""
    if len(_known) > MAX_KNOWN:
        _known.clear()
    _known.update((source, Markup(html)) for source, html in converted.items())  # noqa: S704 - made by `prose`


# Emphasis that begins with the punctuation after a masked name, or in the middle of a word, was never meant as such.
_MISTAKEN = re.compile(
    r"<(?:strong|em)>[、，,。；;：:）)@-][^<]*|[\w*@]<em>[^<]*|\*<strong>[^<]*|[^<>]{0,20}[-@]</(?:strong|em)>"
)


def mistaken(source: str) -> str:
    """What Markdown took for emphasis or for a table in a text that may use both, but not here; empty if nothing."""
    if "*" in source and (match := _MISTAKEN.search(prose(source))):
        return _visible(match.group())[:_EXCERPT]
    lines = source.split("\n")
    width = 0  # of the table that these lines are in
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        cells = _cells(line)
        if cells and re.fullmatch(r"[ \t|:-]*-[ \t|:-]*", following) and "|" in following:
            width = len(cells)
        elif not cells:
            width = 0
        elif width and len(cells) > width:
            return cells[-1][:_EXCERPT]
    return ""


def _cells(line: str) -> list[str]:
    """The cells of a line of a table; none if it has no bar."""
    if not _BAR.search(line):
        return []
    return [cell.strip() for cell in _BAR.split(line.strip().removeprefix("|").removesuffix("|"))]


def solid(text: str) -> str:
    """A text without white space, which does not count where documents are compared."""
    return "".join(text.split())


def _visible(rendered: str) -> str:
    """The text that HTML shows."""
    return html.unescape(_TAG.sub("", rendered))


def unprinted(source: str) -> str:
    """The first piece of a text that its HTML does not show, since Markdown took it for a mark; empty if there is none.

    White space does not count, nor do the lines that draw a table.
    """
    if not _MARKS.search(source):
        return ""
    rendered = prose(source)
    rows = re.sub(r"^(?=[^\n]+\|)[ \t:|-]++$", "", source, flags=re.MULTILINE)
    written = _ESCAPE.sub(r"\1", rows if "<table>" in rendered else source)
    shown = _visible(rendered)
    if "<table>" in rendered:
        written, shown = written.replace("|", ""), shown.replace("|", "")
    written, shown = solid(written), solid(shown)
    if written == shown:
        return ""
    at = next(
        (i for i, (a, b) in enumerate(zip(written, shown, strict=False)) if a != b), min(len(written), len(shown))
    )
    return written[at : at + _EXCERPT]


_TAKEN_AS_MARK = re.compile(r"[\\`*_\[\]|>]|(?<![^\n])[-+#]|(?<=\d)\.(?=\s)")
_MANY_MARKS = re.compile(rf"(?:[^\[\]`*_<>!|\\]*+[\[\]`*_<>!|\\]){{{MAX_MARKS // 2 - 2}}}")


def literal(paragraph: str) -> str:
    """Markdown that shows a paragraph as it is, whatever it holds; one with very many marks is cut in several."""
    if not _TAKEN_AS_MARK.search(paragraph):
        return paragraph
    pieces = [piece.strip() for piece in _MANY_MARKS.sub("\\g<0>\n", paragraph).split("\n")]
    if len(pieces) == 1 and not ({"|", "\\"} & set(paragraph) or unprinted(paragraph)):
        return paragraph
    return "\n\n".join(_TAKEN_AS_MARK.sub(r"\\\g<0>", piece) for piece in pieces if piece)


def literal_table(rows: Sequence[Sequence[str]]) -> str:
    """Markdown of a table whose first row is its head; cells are shown as they are."""
    width = max(len(row) for row in rows)
    lines = [[literal(cell).replace("\n", " ") for cell in (*row, *[""] * (width - len(row)))] for row in rows]
    drawn = [lines[0], ["---"] * width, *lines[1:]]
    return "\n".join(f"| {' | '.join(line)} |" for line in drawn)


def page(source: str, address: Callable[[str], str]) -> Markup:
    """Markdown of a page of the site as safe HTML.

    Headings keep their level, from 2 on, and have ids. Links that begin with `/` mean the site's root: `address` turns
    what follows into an address that works from this page.
    """
    converted = _long(source, headings=True) if _NOT_PLAIN.search(source) else _short(source)
    linked = _ROOT_LINK.sub(lambda m: f'<a href="{html.escape(address(html.unescape(m.group(1))))}"', converted)
    return Markup(linked)  # noqa: S704 - what `_convert` made is safe, and an escaped address keeps it so


def _join_chinese_lines(source: str) -> str:
    """Take out line breaks inside Chinese text; those of Markdown (headings, tables, after two spaces) stay."""
    lines = source.split("\n")
    pieces = [lines[0]]
    for before, line in pairwise(lines):
        after = line.lstrip(" \t\u3000")
        marked = before.startswith("#") or before.endswith("  ") or (_BAR.search(before) and _BAR.search(line))
        if not marked and _CHINESE.match(before.rstrip()[-1:]) and _CHINESE.match(after):
            pieces[-1] = pieces[-1].rstrip()
            pieces.append(after)
        else:
            pieces.append("\n" + line)
    return "".join(pieces)


def too_involved(source: str) -> bool:
    """True for a text whose marks would take Markdown very long, or too deep; no real notice comes near."""
    if not _NOT_PLAIN.search(source):
        return len(source) > MAX_LENGTH
    if len(source) > MAX_LENGTH or source.count("\n") > MAX_LINES or _DEEP.search(source):
        return True
    paragraphs = re.split(r"\n[ \t]*\n", source)
    marks = [len(_INLINE_MARK.findall(paragraph)) for paragraph in paragraphs]
    work = max(count * len(paragraph) for count, paragraph in zip(marks, paragraphs, strict=True))
    return max(marks) > MAX_MARKS or sum(marks) > MAX_ALL_MARKS or work > MAX_WORK


def marks_in(source: str) -> int:
    """How much of Markdown's work a text takes: its marks and, if it is not plain, its lines."""
    return TEXT + len(_INLINE_MARK.findall(source)) + source.count("\n") if _NOT_PLAIN.search(source) else 0


def _short(source: str) -> Markup:
    """A plain text as paragraphs: what `_long` would make of it."""
    joined = _joined(source)
    return Markup("<p>" + joined.replace("\n\n", "</p>\n<p>") + "</p>")  # noqa: S704 - it holds no mark of HTML


def _joined(source: str) -> str:
    return _join_chinese_lines(_NUMBERED_LINE.sub("\n\n", source)) if "\n" in source else source


def passages(source: str, lead: str = "") -> list[str]:
    """The pieces of visible text that a page shows one below the other: paragraphs, items of lists, cells.

    `lead` (a printed number) begins the first paragraph; if the text begins with something else it stands by itself.
    """
    if not _NOT_PLAIN.search(source):
        return (lead + _joined(source)).split("\n\n")
    converted = prose(source)
    pieces = [html.unescape(_TAG.sub("", piece)) for piece in _BLOCK_TAG.split(converted) if piece.strip()]
    return [lead + pieces[0], *pieces[1:]] if converted.startswith("<p>") else [lead, *pieces]


_BLOCK_TAG = re.compile(r"</?(?:p|hr|pre|blockquote|ul|ol|li|div|table|thead|tbody|tr|th|td)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


def _long(source: str, *, headings: bool) -> Markup:
    """Markdown by Python-Markdown, made safe by nh3."""
    converter = _markdown(headings=headings)
    converter.reset()
    joined = _join_chinese_lines(_NUMBERED_LINE.sub("\n\n", source))
    converted = converter.convert(joined.replace("&", _AMPERSAND))
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
