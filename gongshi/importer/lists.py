"""Numbers of automatic lists: what Word and browsers put before a paragraph, and how it is put there."""

import re
from collections.abc import Callable
from functools import partial

from gongshi.numbering import chinese_numeral, circled, printed

MAX_NUMBER = 99_999


def numeral(form: str, n: int) -> str:
    """Number `n` in a form of Word (w:numFmt) or of `<ol type>`; in digits if the form is unknown or ends before."""
    if form == "none":
        return ""
    return _FORMS.get(form, str)(n) if n > 0 else str(n)


def numbered(number: str, text: str) -> str:
    """A number before its text, as typed by hand: 一、总体情况, 第一条 总体情况, 1. 5个项目 (not 1.5)."""
    if not number or not text:
        return number + text
    apart = number[-1].isalnum() or (number[-1] in ".．" and text[0].isdigit())
    return f"{number}{' ' if apart else ''}{text}"


def integer(text: str | None, otherwise: int, least: int, most: int) -> int:
    """A number out of a file, kept within bounds; `otherwise` if it is none."""
    if not text or not re.fullmatch(r"\s*-?[0-9]{1,9}\s*", text):
        return otherwise
    return min(max(int(text), least), most)


def _one_of(characters: str) -> Callable[[int], str]:
    return lambda n: characters[n - 1] if n <= len(characters) else str(n)


def _legal(n: int) -> str:
    text = chinese_numeral(n)
    return ("一" + text if text.startswith("十") else text).translate(_LEGAL)


def _roman(n: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (n // value)
        n %= value
    return text


_LEGAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_CHINESE_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_FORMS: dict[str, Callable[[int], str]] = {
    "a": _one_of(_LETTERS), "lowerLetter": _one_of(_LETTERS),
    "A": _one_of(_LETTERS.upper()), "upperLetter": _one_of(_LETTERS.upper()),
    "i": _roman, "lowerRoman": _roman,
    "I": lambda n: _roman(n).upper(), "upperRoman": lambda n: _roman(n).upper(),
    "decimalZero": lambda n: f"{n:02}", "decimalFullWidth": partial(printed, "１"),
    "decimalEnclosedCircle": circled, "decimalEnclosedCircleChinese": circled,
    "decimalEnclosedParen": partial(printed, "⑴"), "decimalEnclosedFullstop": partial(printed, "⒈"),
    "chineseCounting": chinese_numeral, "chineseCountingThousand": chinese_numeral, "japaneseCounting": chinese_numeral,
    "taiwaneseCounting": chinese_numeral, "taiwaneseCountingThousand": chinese_numeral,
    "chineseLegalSimplified": _legal, "ideographDigital": lambda n: str(n).translate(_CHINESE_DIGITS),
    "ideographTraditional": _one_of("甲乙丙丁戊己庚辛壬癸"), "ideographZodiac": _one_of("子丑寅卯辰巳午未申酉戌亥"),
    "ideographEnclosedCircle": _one_of("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"),
}  # fmt: skip
