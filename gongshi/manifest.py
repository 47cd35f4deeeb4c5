"""`manifest.sha256`: the SHA-256 of every published file but itself, as `sha256sum -c` reads it.

A manifest may come from anywhere: one that is too large, names a file twice or a place outside the site is refused.
"""

import re
from collections.abc import Iterable, Mapping

from gongshi.problems import UsageError
from gongshi.publish import is_ours

MAX_BYTES = 256 * 2**20  # a site of ten thousand notices has 2 MB
_LINE = re.compile(rb"([0-9a-f]{64})(?: [ *])([^\r\n]+)\r?\n?")
MAX_QUOTED = 80  # characters of a wrong line


def written(hashes: Mapping[str, bytes]) -> bytes:
    """The manifest of some files, in the order of their names."""
    return "".join(f"{hashes[name].hex()}  {name}\n" for name in sorted(hashes)).encode()


def read(lines: Iterable[bytes], place: str) -> dict[str, str]:
    """The hash of each file that a manifest names; `place` is where it comes from, for messages.

    Raises UsageError at the first line that no build can have written.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        name = match[2].decode(errors="replace") if match else ""
        if match is None or "\ufffd" in name or not is_ours(name):
            shown = line.decode(errors="replace").strip()[:MAX_QUOTED]
            shown = "".join(c if c.isprintable() else "?" for c in shown)
            raise UsageError(f"{place} 第 {number} 行“{shown}”不是“SHA-256  文件”；这不是本程序写的清单，或已经损坏")
        if name in found:
            raise UsageError(f"{place} 第 {number} 行：{name} 写了两次；这不是本程序写的清单，或已经损坏")
        found[name] = match[1].decode()
    if not found:
        raise UsageError(f"{place} 是空的；请重新生成网站，或换一份清单")
    return found
