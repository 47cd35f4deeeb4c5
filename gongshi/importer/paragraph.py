"""A paragraph of a source document, what a person should look at in it, and how it is printed again."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from gongshi.text import literal, literal_table


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: its text on one line without white space at its ends, and its place in the source, in Chinese.

    `origin` is 第 12 行 for text, 第 3 段 for a document, 表 1 第 2 行 for a row of a table; `cells` are set for rows.
    `aside` is what a web page shows beside the text: menus, footers, links.
    """

    text: str
    origin: str
    cells: tuple[str, ...] = ()
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that a person should look at: where it stands in the source, and in which issue of the notice."""

    origin: str
    message: str
    issue: str = ""  # its id; empty for the notice as a whole


def prose(paragraphs: Iterable[Paragraph]) -> str | None:
    """Markdown that prints paragraphs as they are; rows of a table become a table."""
    blocks: list[str] = []
    for in_table, group in groupby(paragraphs, lambda p: bool(p.cells)):
        members = list(group)
        if in_table and len({len(p.cells) for p in members}) == 1 and len(members[0].cells) > 1:
            blocks.append(literal_table([p.cells for p in members]))
        else:
            blocks += [text for p in members if (text := literal(p.text))]
    return "\n\n".join(blocks) or None
