"""The numbers that a notice prints: 一、 (一) 1. (1) 一是 ①, from number one of a style."""

from collections.abc import Callable

_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")


def chinese_numeral(n: int) -> str:
    """An integer from 1 to 9999 in Chinese numerals: 10 is 十, 21 is 二十一, 105 is 一百零五; beyond, in digits."""
    if n >= 10_000:
        return str(n)
    text = ""
    digits = str(n)
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if digit != "0":
            text += _DIGITS[int(digit)] + _UNITS[place]
        elif text and not text.endswith("零"):
            text += "零"
    text = text.rstrip("零")
    return text[1:] if 10 <= n < 20 else text


def circled(n: int) -> str:
    """A number in a circle, ① to ㊿; beyond 50 there is none, and the number stands in brackets."""
    if n <= 20:
        return chr(0x2460 + n - 1)
    if n <= 35:
        return chr(0x3251 + n - 21)
    return chr(0x32B1 + n - 36) if n <= 50 else f"({n})"


def _full_width(n: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(n))


def _bracketed(n: int) -> str:
    return chr(0x2474 + n - 1) if n <= 20 else f"({n})"


def _dotted(n: int) -> str:
    return chr(0x2488 + n - 1) if n <= 20 else f"{n}."


# Number one of each kind, and how the others are written.
NUMERALS: dict[str, Callable[[int], str]] = {
    "一": chinese_numeral,
    "1": str,
    "１": _full_width,
    "①": circled,
    "⑴": _bracketed,
    "⒈": _dotted,
}


def printed(style: str, n: int) -> str:
    """Number `n` in a style given by its number one. Raises ValueError for a style without one."""
    for one, numeral in NUMERALS.items():
        if one in style:
            return style.replace(one, numeral(n), 1)
    raise ValueError(style)
