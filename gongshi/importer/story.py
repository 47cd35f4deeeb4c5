"""What readers of files share: text on one line, and the paragraphs and tables of a page or document."""

import re
from dataclasses import dataclass, field
from itertools import count

from gongshi.importer.paragraph import Paragraph
from gongshi.source import INVISIBLE

MAX_SPAN = 100  # columns that one cell may take; Word has 63
MAX_CELLS = 500_000  # of a file, a merged one counted as those that it is merged of

_INVISIBLE = re.compile(rf"{INVISIBLE}|[\xad\u200b\u200e\u200f\u2060]")
_SPACE = re.compile(r"[\t-\r\x85\xa0\u2028\u2029]")


class UnreadableError(Exception):
    """The file cannot be read; the message is a Chinese sentence that tells the editor why, and what to do."""


def clean(text: str) -> str:
    """The text on one line: tabs and no-break spaces are spaces, what is invisible and white space at the ends goes."""
    return _INVISIBLE.sub("", _SPACE.sub(" ", text)).strip()


@dataclass(slots=True)
class _Cell:
    columns: int
    rows: int
    paragraphs: list[Paragraph] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    number: int
    rows: list[list[_Cell]] = field(default_factory=list)


class Story:
    """What a page or document says, in order: paragraphs, and tables of rows of cells that hold the same again.

    A row is one paragraph with its cells; merged cells leave empty ones, so that columns stay under their heads. A
    table that is there for layout becomes plain paragraphs: if it has one column, where a cell fills its row with
    several paragraphs, and if `layout` is set (for pages) where rows have whole tables in them. Elsewhere a table in a
    cell is text of the cell. Text between cells belongs to the cell before.
    """

    def __init__(self, *, layout: bool) -> None:
        self._layout = layout
        self._paragraphs: list[Paragraph] = []
        self._tables: list[_Table] = []  # the open ones, each in a cell of the one before
        self._numbers = count(1)
        self._cells = 0

    @property
    def in_cell(self) -> bool:
        """Whether what comes next stands in a table."""
        return self._here() is not self._paragraphs

    def add(self, text: str) -> None:
        """A paragraph; without text there is none."""
        if text := clean(text):
            self._here().append(Paragraph(text, ""))

    def start_table(self) -> None:
        """Begins a table, inside the open cell if there is one."""
        self._tables.append(_Table(next(self._numbers)))

    def start_row(self) -> None:
        """Begins a row of the innermost table, if there is one."""
        if self._tables:
            self._tables[-1].rows.append([])

    def start_cell(self, columns: int = 1, rows: int = 1) -> None:
        """Begins a cell, merged of so many columns and rows. Raises UnreadableError if these are far too many."""
        if not self._tables:
            return
        self._cells += columns * rows
        if self._cells > MAX_CELLS:
            raise UnreadableError(f"表格超过 {MAX_CELLS:,} 格；请拆成几个文件。")
        if not self._tables[-1].rows:
            self.start_row()
        self._tables[-1].rows[-1].append(_Cell(columns, rows))

    def end_table(self) -> None:
        """Ends the innermost table: its rows are paragraphs of where it stands."""
        if self._tables:
            table = self._tables.pop()
            self._here().extend(self._rows(table))

    def paragraphs(self) -> tuple[Paragraph, ...]:
        """All paragraphs; those outside tables are numbered."""
        while self._tables:
            self.end_table()
        numbers = count(1)
        return tuple(p if p.origin else Paragraph(p.text, f"第 {next(numbers)} 段") for p in self._paragraphs)

    def _here(self) -> list[Paragraph]:
        """Where paragraphs go: into the innermost open cell."""
        for table in reversed(self._tables):
            if table.rows and table.rows[-1]:
                return table.rows[-1][-1].paragraphs
        return self._paragraphs

    def _rows(self, table: _Table) -> list[Paragraph]:
        found: list[Paragraph] = []
        filled = [[cell for cell in row if cell.paragraphs] for row in table.rows]
        single = all(len(cells) <= 1 for cells in filled)
        hanging: dict[int, int] = {}  # column → rows that a cell from above still covers
        for number, (row, cells) in enumerate(zip(table.rows, filled, strict=True), start=1):
            columns, hanging = _columns(row, hanging)
            plain = single or (len(cells) == 1 and len(cells[0].paragraphs) > 1)
            if plain or (self._layout and any(p.cells for cell in cells for p in cell.paragraphs)):
                for cell in cells:
                    found += cell.paragraphs
            elif cells:
                texts = tuple(" ".join(p.text for p in cell.paragraphs) if cell else "" for cell in columns)
                found.append(Paragraph(" ".join(filter(None, texts)), f"表 {table.number} 第 {number} 行", texts))
        return found


def _columns(row: list[_Cell], hanging: dict[int, int]) -> tuple[list[_Cell | None], dict[int, int]]:
    """The cells of a row, each in its first column, and what hangs over the next row."""
    columns: list[_Cell | None] = []
    below = {column: rows - 1 for column, rows in hanging.items() if rows > 1}
    for cell in (*row, None):
        while len(columns) in hanging:
            columns.append(None)
        if cell:
            if cell.rows > 1:
                below |= dict.fromkeys(range(len(columns), len(columns) + cell.columns), cell.rows - 1)
            columns += [cell, *[None] * (cell.columns - 1)]
    return columns, below
