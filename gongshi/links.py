"""Internal links and anchors of the rendered pages: every one has to lead somewhere."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from posixpath import normpath
from urllib.parse import unquote, urlsplit
from zlib import crc32

from gongshi import urls

# Every attribute of our pages is quoted, and `<` never stands in text: patterns are enough to read tags back.
_TAGS = re.compile(rb'<[a-z][^>"]*(?:"[^"]*"[^>"]*)*>')
_LINKS = re.compile(rb'\s(?:href|src)="(?!tel:|mailto:)([^"]*)"')
_IDS = re.compile(rb'\sid="([^"]*)"')

Target = tuple[str, str]  # a file of the site, and an anchor in it or ""


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What one file of the site can be linked to by, and what it links to: a pure function of its bytes."""

    file: str
    ids: frozenset[str]
    doubled: tuple[str, ...]  # ids that stand there more than once
    targets: frozenset[Target]


def page_links(path: str, body: bytes, base_path: str) -> PageLinks:
    """The ids and internal links of a file; `base_path` is where the site stands on its host."""
    file = urls.output_file(path)
    if not file.endswith(".html"):
        return PageLinks(file, frozenset(), (), frozenset())
    tags = b"".join(_TAGS.findall(body))
    ids = [unescape(name) for name in b"\n".join(_IDS.findall(tags)).decode().split("\n")]
    once = frozenset(ids)
    doubled = tuple(name for name, count in Counter(ids).items() if count > 1) if len(once) < len(ids) else ()
    folder = path if path.endswith("/") or not path else path.rpartition("/")[0] + "/"
    found = (_target(file, folder, link, base_path) for link in set(_LINKS.findall(tags)))
    return PageLinks(file, once, doubled, frozenset(target for target in found if target))


def hashes_of(ids: Iterable[str]) -> bytes:
    """Ids in four bytes each: enough to see that one is missing."""
    return b"".join(crc32(name.encode()).to_bytes(4, "little") for name in ids)


def has_id(hashes: bytes, name: str) -> bool:
    """True if an id is (almost certainly) among some."""
    wanted = hashes_of([name])
    at = hashes.find(wanted)
    while at % 4 and at >= 0:
        at = hashes.find(wanted, at + 1)
    return at >= 0


def _target(file: str, folder: str, link: bytes, base_path: str) -> Target | None:
    """The file and anchor that a link in a file means, or None if it leaves the site."""
    place, mark, anchor = unescape(link.decode()).partition("#")
    if mark and not place:
        return file, unquote(anchor)
    there = _resolve(folder, place, base_path) if place else file
    return None if there is None else (there, unquote(anchor))


@lru_cache(maxsize=4096)
def _resolve(folder: str, link: str, base_path: str) -> str | None:
    """The file that a link without an anchor means, from a page in a folder."""
    try:
        parts = urlsplit(link)
    except ValueError:  # a host that cannot be taken apart leaves the site too
        return None
    if parts.scheme or parts.netloc:
        return None
    target = parts.path
    if target.startswith("/"):
        if not target.startswith(base_path):
            return unquote(target)
        whole = target[len(base_path) :]
    else:
        whole = normpath(folder + target) + ("/" if target.endswith(("/", "..", ".")) else "")
        whole = "" if whole in ("./", ".") else whole
    return urls.output_file(whole)
