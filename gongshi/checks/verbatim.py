"""The full text of a notice is printed to the character: nothing of it is taken for a mark of Markdown unnoticed.

Wrong in a notice with `text: verbatim`: `对张**、李**等人` (bold, without its asterisks), `1. 自查` (a list).
"""

from collections.abc import Iterator

from gongshi.checks.place import warning
from gongshi.model import Notice
from gongshi.problems import Problem
from gongshi.text import mistaken, unprinted
from gongshi.totals import Words


def check_notice(notice: Notice, words: Words) -> Iterator[Problem]:
    """Yield a warning for each text of which something would not be shown."""
    for value, key in notice.prose():
        text = getattr(value, key) or ""
        # A digest may be set in Markdown; what it must not lose is what was never meant as such.
        if lost := (unprinted(text) if notice.text == "verbatim" else mistaken(text)):
            message = f"正文里的“{lost}…”有排版记号，不会照样显示；要照印请在记号前加“\\”，例如 \\*、1\\."
            yield warning(notice.path, value, key, "markup-in-text", message)
