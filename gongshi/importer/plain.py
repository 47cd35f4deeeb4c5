"""Text and Markdown become paragraphs, a line each."""

import re

from gongshi.importer.paragraph import Paragraph
from gongshi.importer.story import clean

_QUOTE = re.compile(r"(?:[ \t]*>)+[ \t]*")
_RULE = re.compile(r"(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|={3,}")
_BULLET = re.compile(r"[-*+][ \t]+")
_HEADING = re.compile(r"#{1,6}(?:[ \t]+|$)")
_HEADING_END = re.compile(r"(?:^|[ \t])#+$")
# Links and strong text, each with what stands in it; the first alternative keeps escaped marks out of both.
_LINK = re.compile(r"\\.|!?\[(?P<text>(?:\\.|[^\[\]\\])*+)\]\([^()\s]*+(?:[ \t]++(?:\"[^\"]*+\"|'[^']*+'))?+[ \t]*+\)")
_STARS = re.compile(r"\\.|(\*\*\*?+)(?=\S)(?P<text>(?:\\.|[^*\\])++)(?<=\S)\1(?!\*)")
_LINES = re.compile(r"\\.|(?<!\w)(___?+)(?=\S)(?P<text>(?:\\.|[^_\\])++)(?<=\S)\1(?!\w)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_CELL = re.compile(r"((?:\\.|[^|\\]|\\$)*+)(?:\||$)")


def read_text(text: str) -> tuple[Paragraph, ...]:
    """The lines that are not blank."""
    lines = enumerate(map(clean, text.splitlines()), start=1)
    return tuple(Paragraph(line, f"第 {number} 行") for number, line in lines if line)


def read_markdown(text: str) -> tuple[Paragraph, ...]:
    """The lines that are not blank, without the marks of Markdown; rows of tables with their cells."""
    found: list[Paragraph] = []
    lines = [clean(line) for line in text.splitlines()]
    table = False
    for number, line in enumerate(lines, start=1):
        table = "|" in line and (table or any(map(_separates, lines[number : number + 1])))
        cells = _cells(line) if table and not _separates(line) else ()
        shown = " ".join(filter(None, cells)) if table else _unmarked(_content(line))
        if shown:
            found.append(Paragraph(shown, f"第 {number} 行", cells))
    return tuple(found)


def _separates(line: str) -> bool:
    """Whether a line is the one between a table's head and its body: |---|:--:|."""
    return "|" in line and "-" in line and not line.strip("|:- \t")


def _cells(line: str) -> tuple[str, ...]:
    *cells, _ = _CELL.findall(line.removeprefix("|"))  # the last is what the pattern finds behind the end
    return tuple(_unmarked(cell.replace("\\|", "|")) for cell in cells)


def _content(line: str) -> str:
    """A line without what makes it a quotation, an item or a heading; nothing of a ruled line."""
    line = _QUOTE.sub("", line, count=1) if line.startswith(">") else line
    if _RULE.fullmatch(line):
        return ""
    bullet = _BULLET.match(line)
    line = line[bullet.end() :] if bullet else line
    heading = _HEADING.match(line)
    return _HEADING_END.sub("", line[heading.end() :]) if heading else line


def _unmarked(text: str) -> str:
    """The text without the marks of links and of strong text, and without backslashes before marks."""
    for marks in (_LINK, _STARS, _LINES):
        text = marks.sub(lambda found: found[0] if found["text"] is None else found["text"], text)
    return clean(_ESCAPED.sub(r"\1", text))
