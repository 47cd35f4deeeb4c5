"""Internal links and anchors of the rendered pages: every one has to lead somewhere."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from posixpath import normpath
from urllib.parse import unquote, urlsplit

from gongshi import urls

# Every attribute of our pages is quoted, and `<` never stands in text: patterns are enough to read tags back.
_TAGS = re.compile(rb'<[a-z](?:[^>"]|"[^"]*")*>')
_LINKS = re.compile(rb'\s(?:href|src)="(?!tel:|mailto:)([^"]*)"')
_IDS = re.compile(rb'\sid="([^"]*)"')

Target = tuple[str, str]  # a file of the site, and an anchor in it or ""


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What one file of the site can be linked to by, and what it links to: a pure function of its bytes."""

    path: str
    file: str
    ids: tuple[str, ...]
    targets: frozenset[Target]


def page_links(path: str, body: bytes, base_path: str) -> PageLinks:
    """The ids and internal links of a file; `base_path` is where the site stands on its host."""
    file = urls.output_file(path)
    if not file.endswith(".html"):
        return PageLinks(path, file, (), frozenset())
    tags = b"".join(_TAGS.findall(body))
    ids = tuple(unescape(match.decode()) for match in _IDS.findall(tags))
    found = (_resolve(path, unescape(link.decode()), base_path) for link in set(_LINKS.findall(tags)))
    return PageLinks(path, file, ids, frozenset(target for target in found if target))


def doubled(pages: Sequence[PageLinks]) -> Iterator[tuple[str, str]]:
    """Pages with the same id twice: path and id."""
    for page in pages:
        if len(set(page.ids)) < len(page.ids):
            yield from ((page.path, name) for name, count in Counter(page.ids).items() if count > 1)


def broken(pages: Sequence[PageLinks]) -> Iterator[tuple[str, str]]:
    """Links that lead nowhere: the path of the first page that holds one, and the target."""
    anchors = {page.file: frozenset(page.ids) for page in pages}
    wanted: dict[Target, str] = {}
    for page in pages:
        for target in page.targets:
            wanted.setdefault(target, page.path)
    for (file, anchor), path in sorted(wanted.items()):
        known = anchors.get(file)
        if known is None or (anchor and file.endswith(".html") and anchor not in known):
            yield path, file + (f"#{anchor}" if anchor else "")


def _resolve(path: str, link: str, base_path: str) -> Target | None:
    """The file and anchor that a link means, or None if it leaves the site."""
    try:
        parts = urlsplit(link)
    except ValueError:  # a host that cannot be taken apart leaves the site too
        return None
    if parts.scheme or parts.netloc:
        return None
    target = parts.path
    if target.startswith("/"):
        if not target.startswith(base_path):
            return unquote(target), ""
        whole = target[len(base_path) :]
    elif target:
        folder = path if path.endswith("/") or not path else path.rpartition("/")[0] + "/"
        whole = normpath(folder + target) + ("/" if target.endswith(("/", "..", ".")) else "")
        whole = "" if whole in ("./", ".") else whole
    else:
        whole = path
    return urls.output_file(whole), unquote(parts.fragment)
