"""Internal links and anchors of the rendered pages: every one has to lead somewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from posixpath import normpath
from urllib.parse import unquote, urlsplit

from gongshi import urls

# Every attribute of our pages is quoted, and `<` never stands in text: patterns are enough to read tags back.
_TAGS = re.compile(rb'<[a-z](?:[^>"]|"[^"]*")*>')
_LINKS = re.compile(rb'\s(?:href|src)="(?!tel:|mailto:)([^"]*)"')
_IDS = re.compile(rb'\sid="([^"]*)"')


@dataclass(slots=True)
class Links:
    """Collects what pages link to and what can be linked to."""

    base_path: str = "/"  # where the site stands on its host, for links from the root
    _anchors: dict[str, frozenset[str]] = field(default_factory=dict)
    _wanted: dict[tuple[str, str], str] = field(default_factory=dict)  # (file, anchor) → the first page that wants it
    _doubled: list[tuple[str, str]] = field(default_factory=list)

    def add(self, path: str, file: str, body: bytes) -> None:
        """Note a file of the site and, if it is a page, its links and ids."""
        if not file.endswith(".html"):
            self._anchors[file] = frozenset()
            return
        tags = b"".join(_TAGS.findall(body))
        ids = [unescape(match.decode()) for match in _IDS.findall(tags)]
        self._anchors[file] = frozenset(ids)
        if len(ids) != len(self._anchors[file]):
            self._doubled.extend((path, name) for name in sorted({i for i in ids if ids.count(i) > 1}))
        for link in set(_LINKS.findall(tags)):
            target = self._resolve(path, unescape(link.decode()))
            if target is not None:
                self._wanted.setdefault(target, path)

    def doubled(self) -> Iterator[tuple[str, str]]:
        """Pages with the same id twice: page and id."""
        yield from self._doubled

    def broken(self) -> Iterator[tuple[str, str]]:
        """Links that lead nowhere: the page that holds one, and the target."""
        for (file, anchor), page in sorted(self._wanted.items()):
            anchors = self._anchors.get(file)
            if anchors is None or (anchor and file.endswith(".html") and anchor not in anchors):
                yield page, file + (f"#{anchor}" if anchor else "")

    def _resolve(self, path: str, link: str) -> tuple[str, str] | None:
        """The file and anchor that a link means, or None if it leaves the site."""
        try:
            parts = urlsplit(link)
        except ValueError:  # a host that cannot be taken apart leaves the site too
            return None
        if parts.scheme or parts.netloc:
            return None
        target = parts.path
        if target.startswith("/"):
            if not target.startswith(self.base_path):
                return unquote(target), ""
            whole = target[len(self.base_path) :]
        elif target:
            folder = path if path.endswith("/") or not path else path.rpartition("/")[0] + "/"
            whole = normpath(folder + target) + ("/" if target.endswith(("/", "..", ".")) else "")
            whole = "" if whole in ("./", ".") else whole
        else:
            whole = path
        return urls.output_file(whole), unquote(parts.fragment)
