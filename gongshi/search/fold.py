"""One rule for text and query, here and in the browser (`templates/static/search-text.js`): what counts, and as what.

Each code point by itself becomes its compatibility form, decomposed (NFKD), in lower case, of which letters and digits
are kept: full-width ５ is 5, ① is 1, É is e, and punctuation, spaces and accents are nothing. Nothing depends on the
neighbours, so a folded text can be mapped back to the text, and a part of a text folds to a part of the folded text.
Ideographs of planes 2 and 3 are kept whether or not this Python's Unicode knows them yet.
"""

import unicodedata
from collections.abc import Iterable

BREAK = "\x01"  # stands between passages: no phrase crosses it
_PLANES = range(0x20000, 0x3FFFE)


def fold(text: str) -> str:
    """What of a text is searched."""
    return text.translate(_TABLE)


def fold_all(passages: Iterable[str]) -> str:
    """Passages folded, one after another; those of which nothing is left are left out."""
    return BREAK.join(filter(None, map(fold, passages)))


def _folded(point: int) -> str:
    small = "".join(char.lower() for char in unicodedata.normalize("NFKD", chr(point)))
    return "".join(char for char in unicodedata.normalize("NFKD", small) if _kept(char))


def _kept(char: str) -> bool:
    return unicodedata.category(char)[0] in "LN" or ord(char) in _PLANES


class _Table(dict[int, str]):
    """For `str.translate`: each code point is folded once."""

    def __missing__(self, point: int) -> str:
        self[point] = folded = _folded(point)
        return folded


_TABLE = _Table()
