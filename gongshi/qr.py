"""QR codes of addresses, as a path that an SVG draws."""

import re
from functools import lru_cache
from typing import NamedTuple

LONGEST = 500  # characters of an address: what is longer makes a code that no phone reads from paper
QUIET = 4  # modules of white around a code (ISO/IEC 18004)
MASK = 0  # one of eight, all valid: to weigh them all takes five times as long, on every page


class Code(NamedTuple):
    """A code ready to be drawn."""

    side: int  # in modules, with the white around it
    path: str  # lines one module wide, each through the middle of a row


@lru_cache(maxsize=16)
def code(address: str) -> Code | None:
    """The code of an address; None if it is too long for one."""
    import segno

    if len(address) > LONGEST:
        return None
    matrix = segno.make_qr(address, error="m", mode="byte", mask=MASK, boost_error=False).matrix
    rows = enumerate(map(bytes, matrix), QUIET)
    runs = ((y, run.start() + QUIET, run.end() - run.start()) for y, row in rows for run in re.finditer(b"\1+", row))
    return Code(len(matrix) + 2 * QUIET, "".join(f"M{x} {y}h{length}" for y, x, length in runs))
