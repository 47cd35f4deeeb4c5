"""A web page (html) becomes paragraphs: what it shows, from its main text if that can be told from the rest.

lxml tells of tags and text as they come, and they are kept in a flat list in which every element knows its end: so the
main text is a slice of it. The tree that lxml would build takes the square of the size in time for tags with many
attributes, and ends without a word where it becomes too deep.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from gongshi.importer.lists import MAX_NUMBER, integer, numbered, numeral
from gongshi.importer.paragraph import Paragraph
from gongshi.importer.story import MAX_SPAN, Story, UnreadableError, clean
from gongshi.text import solid

MAX_DEPTH = 500  # browsers stop at 512; for every end tag, lxml looks at all that is open
_MAX_ROWS = 1000  # that one cell may take, as in browsers
_CHUNK = 1 << 16  # characters that lxml reads before it stops at a page that is too deep

_NOT_SHOWN = {
    "button", "datalist", "iframe", "noembed", "noframes", "noscript", "script", "select", "style", "svg", "template",
    "textarea", "title",
}  # fmt: skip
_APART = {"aside", "footer", "header", "nav"}  # from the text
_FAR_MORE = 10  # times
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "hr", "html", "legend", "li", "listing", "main", "menu", "nav", "ol", "p", "plaintext", "pre", "search",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "xmp",
}  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_NO_NUMBER = re.compile(r"list-style(?:-type)?\s*:[^;]{0,80}\bnone", re.IGNORECASE)
_PRINTED_NUMBER = re.compile(r"[(（]?(?:\d{1,3}|[一二三四五六七八九十百]{1,5})[)）、.．]|[①-⑳㉑-㉟㊱-㊿]")
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_WHITE = re.compile(r"[ \t\n\r\f]+")
# A browser breaks the line at an end tag that ends nothing; lxml does not tell of it.
_BREAKING_END = re.compile(r"</(?:p|br)(?=[\s/>])", re.IGNORECASE)

# Where the text of a notice stands on a page, the surest sign first: the ids and classes of the common editors of
# government sites, HTML's own elements, words of ids and classes. Of several with the same sign the one with the most
# Chinese counts, of equal ones the outer. One with less than half of the page's Chinese characters is not it.
_SIGNS = (
    "trs_editor", "trs_ueditor", "ucap-content", "zoom", "<article>", "article", "detail", "view", "<main>", "content",
)  # fmt: skip
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_TITLE_END = re.compile(r"[_|]|\s[-–—]+\s|-++(?=[^-]*$)(?!\d)")
_TITLE = re.compile(r"关于[^。；]{2,60}(?:通报|公告|公示|报告|通知|方案|情况)$")
_MAX_TITLE = 500
_LEAST_TITLE = 6  # a paragraph of so many characters that is a part of the title stands for it


def read_page(text: str) -> tuple[Paragraph, ...]:
    """What a page shows, beginning with its text. Raises UnreadableError if its tags are nested too deep."""
    page = _parsed(text, _APART)
    if (
        len(_CHINESE.findall("".join(page.apart))) > _FAR_MORE * page.chinese
    ):  # a <header> that does not end where it should holds the text as well
        page = _parsed(text, set())
    main, rest = page.main_text()
    paragraphs = _Walk().through(main)
    title = _missing_title(page, paragraphs)
    beside = [*(p.text for p in _Walk().through(rest)), *filter(None, map(clean, "".join(page.apart).split("\n")))]
    return (
        *((Paragraph(title, "网页标题"),) if title else ()),
        *paragraphs,
        *(Paragraph(text, "网页其他部分", aside=True) for text in beside if solid(text) != solid(title)),
    )


def _parsed(text: str, apart: set[str]) -> "_Page":
    page = _Page(apart)
    target: Any = page  # its stubs ask for methods that lxml does not ask for
    parser = etree.HTMLParser(target=target, encoding="utf-8")
    text = _BREAKING_END.sub(r"<br>\g<0>", text)
    for start in range(0, len(text) + 1, _CHUNK):
        parser.feed(text[start : start + _CHUNK].encode())
    parser.close()
    return page


@dataclass(slots=True)
class _Element:
    """An element: its start and end in the list of parts, and how many Chinese characters stand in it."""

    tag: str
    attributes: Mapping[str, str]
    start: int
    chinese: int
    end: int = 0


class _Page:
    """What a page shows: elements where they start, text, and None where the innermost open element ends.

    lxml calls `start`, `end`, `data` and `close`. Line breaks in the text are those that show.
    """

    def __init__(self, apart: set[str]) -> None:
        self.parts: list[_Element | str | None] = []
        self.title: list[str] = []
        self.chinese = 0  # characters that are shown
        self.apart: list[str] = []  # what is left out since it stands apart from the text
        self._apart = apart
        self._open: list[_Element] = []
        self._left_out: list[str] = []  # open elements
        self._inside: Counter[str] = Counter()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if len(self._open) + len(self._left_out) == MAX_DEPTH:
            raise UnreadableError(f"网页的标签嵌套超过 {MAX_DEPTH} 层，多半没有闭合；请把正文复制到 Word 文档里。")
        if self._left_out or self._leaves_out(tag, attributes):
            if tag in _BLOCKS:
                self.parts.append("\n")
                self.apart.append("\n")
            self._left_out.append(tag)
            return
        element = _Element(tag, attributes, len(self.parts), -self.chinese)
        self.parts.append(element)
        self._open.append(element)
        self._inside[tag] += 1

    def end(self, tag: str) -> None:
        if self._left_out:
            self.apart += ["\n"] * (self._left_out.pop() in _BLOCKS)
            return
        element = self._open.pop()
        element.end = len(self.parts)
        element.chinese += self.chinese
        self.parts.append(None)
        self._inside[tag] -= 1

    def data(self, text: str) -> None:
        if not self._left_out:
            self.chinese += len(_CHINESE.findall(text))
            self.parts.append(text if self._inside["pre"] else _WHITE.sub(" ", text))
        elif self._left_out[0] == "title":
            self.title.append(text)
        elif self._left_out[0] in self._apart and not _NOT_SHOWN & set(self._left_out):
            self.apart.append(_WHITE.sub(" ", text))

    def close(self) -> None:
        """Nothing is left to do at the end of the page."""

    def elements(self) -> Iterator[_Element]:
        return (part for part in self.parts if isinstance(part, _Element))

    def main_text(self) -> tuple[list[_Element | str | None], list[_Element | str | None]]:
        """The parts of the main text and all others; it is the whole page if it cannot be told from the rest."""
        best: dict[int, _Element] = {}  # of each sign
        for element in self.elements():
            sign = _sign(element)
            if sign not in best or element.chinese > best[sign].chinese:
                best[sign] = element
        for sign in range(len(_SIGNS)):
            if sign in best and 0 < self.chinese <= 2 * best[sign].chinese:
                start, end = best[sign].start, best[sign].end + 1
                return self.parts[start:end], [*self.parts[:start], "\n", *self.parts[end:]]
        return self.parts, []

    def titles(self) -> Iterator[str]:
        """What may be the title, the best first: ArticleTitle of the head, <h1>, <title> without the site's name."""
        for element in self.elements():
            if element.tag == "meta" and element.attributes.get("name", "").lower() == "articletitle":
                yield clean(element.attributes.get("content", ""))
        if h1 := next((element for element in self.elements() if element.tag == "h1" and element.chinese), None):
            yield clean("".join(part for part in self.parts[h1.start : h1.end] if isinstance(part, str)))
        title = clean("".join(self.title))
        yield clean(_TITLE_END.split(title)[0]) or title

    def _leaves_out(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if tag in self._apart:
            in_text = self._inside["article"] or self._inside["main"]  # whose header and footer are their own
            return not in_text or tag not in {"header", "footer"}
        return tag in _NOT_SHOWN or "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))


def _sign(element: _Element) -> int:
    found = {f"<{element.tag}>"}
    for name in f"{element.attributes.get('id', '')} {element.attributes.get('class', '')}".split():
        found |= {name.lower(), *(word.lower() for word in _WORD.findall(name))}
    return next((rank for rank, sign in enumerate(_SIGNS) if sign in found), len(_SIGNS))


def _missing_title(page: _Page, paragraphs: tuple[Paragraph, ...]) -> str:
    """The title of a page whose text does not begin with it."""
    title = next((title for title in page.titles() if len(title) <= _MAX_TITLE and _CHINESE.search(title)), "")
    compact = solid(title)
    texts = [solid(paragraph.text) for paragraph in paragraphs[: 2 * _LEAST_TITLE]]
    said = compact in "".join(texts) or any(len(text) >= _LEAST_TITLE and text in compact for text in texts)
    said = said or any(len(text) > len(compact) and _TITLE.search(text) for text in texts)  # a fuller one
    return "" if said else title


@dataclass(slots=True)
class _List:
    form: str  # of its numbers; empty if it shows none
    next: int


class _Walk:
    """A walk through parts of a page, that tells a story."""

    def __init__(self) -> None:
        self._story = Story(layout=True)
        self._text: list[str] = []
        self._lists: list[_List] = []
        self._number = ""

    def through(self, parts: list[_Element | str | None]) -> tuple[Paragraph, ...]:
        entered: list[_Element] = []
        for part in parts:
            if isinstance(part, str):
                self._text.append(part)
            elif part:
                self._enter(part)
                entered.append(part)
            else:
                self._leave(entered.pop().tag)
        self._end_paragraph()
        return self._story.paragraphs()

    def _enter(self, element: _Element) -> None:
        tag, attributes = element.tag, element.attributes
        if tag in _BLOCKS:
            self._end_paragraph()
        if tag == "br":
            self._text.append("\n")
        elif tag in {"ol", "ul"}:
            shown = tag == "ol" and not _NO_NUMBER.search(attributes.get("style", ""))
            first = integer(attributes.get("start"), 1, -MAX_NUMBER, MAX_NUMBER)
            self._lists.append(_List(attributes.get("type", "1") if shown else "", first))
        elif tag == "li" and self._lists:
            items = self._lists[-1]
            number = integer(attributes.get("value"), items.next, -MAX_NUMBER, MAX_NUMBER)
            items.next = number + 1
            self._number = f"{numeral(items.form, number)}." if items.form else ""
        elif tag == "table":
            self._story.start_table()
        elif tag == "tr":
            self._story.start_row()
        elif tag in {"td", "th"}:
            columns = integer(attributes.get("colspan"), 1, 1, MAX_SPAN)
            self._story.start_cell(columns, integer(attributes.get("rowspan"), 1, 1, _MAX_ROWS))

    def _leave(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._end_paragraph()
        if tag in {"ol", "ul"}:
            self._lists.pop()
        elif tag == "li":
            self._number = ""
        elif tag == "table":
            self._story.end_table()

    def _end_paragraph(self) -> None:
        """Ends the paragraph; it is of as many as it has lines."""
        for line in "".join(self._text).split("\n"):
            text = clean(_WHITE.sub(" ", line))
            if text and self._number:
                text = text if _PRINTED_NUMBER.match(text) else numbered(self._number, text)
                self._number = ""
            self._story.add(text)
        self._text.clear()
