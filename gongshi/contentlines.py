"""Content lines, which calendars and cards for phones are made of (RFC 5545, 3.1; RFC 2425, 5.8)."""

import re
from collections.abc import Iterable

OCTETS = 75  # of a line, without its end


def escaped(text: str) -> str:
    """A text as a value."""
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\n", "\\n")


def folded(lines: Iterable[str]) -> bytes:
    """Lines as bytes, each folded where it is too long; a character is never cut."""
    return b"".join(map(_folded, lines))


def _folded(line: str) -> bytes:
    rest = line.encode()
    pieces: list[bytes] = []
    size = OCTETS
    while len(rest) > size:
        end = size
        while rest[end] & 0b1100_0000 == _CONTINUES:
            end -= 1
        pieces.append(rest[:end])
        rest, size = rest[end:], OCTETS - 1
    return b"\r\n ".join([*pieces, rest]) + b"\r\n"


_CONTINUES = 0b1000_0000  # the first bits of a byte of UTF-8 that is not the first of its character
