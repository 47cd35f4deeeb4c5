"""The template files: which there are, and what each page that is made from one depends on."""

import os
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from gongshi.fingerprint import digest

DEFAULT_TEMPLATES = next(
    folder
    for folder in (Path(__file__).parent / "templates", Path(__file__).parent.parent / "templates")
    if folder.is_dir()
)

_REFERENCE = re.compile(r"\{%[-+]?\s*(?:extends|import|from|include)\b(.*?)%\}", re.DOTALL)
_NAMED = re.compile(r"""\s*["']([^"']+)["']\s*(?:as\b[^"']*|import\b[^"']*|with(?:out)? context\s*)?[-+]?""")


class Templates:
    """The template files, own before default, and what each page made from one depends on."""

    def __init__(self, folder: Path) -> None:
        """Read them all. Raises OSError if one cannot be read."""
        self.static: dict[str, Path] = {}  # path of the site → file
        self._sources: dict[str, bytes] = {}
        for prefix, each in (("default/", DEFAULT_TEMPLATES), ("", DEFAULT_TEMPLATES), ("", folder)):
            for file in _files(each):
                name = file.relative_to(each).as_posix()
                if not name.startswith("static/"):
                    self._sources[prefix + name] = file.read_bytes()
                elif "/." not in name:
                    self.static[name] = file
        self._keys: dict[str, bytes] = {}

    @cached_property
    def whole(self) -> bytes:
        """The hash of all templates and static files, as they were when it was asked for first."""
        static = [part for name, file in sorted(self.static.items()) for part in (name.encode(), file.read_bytes())]
        return digest(
            *(part for name in sorted(self._sources) for part in (name.encode(), self._sources[name])), *static
        )

    def key(self, template: str) -> bytes:
        """The hash of a template and of all that it extends, imports or includes."""
        if template not in self._keys:
            self._keys[template] = digest(*(self._sources.get(name, b"") for name in self.used_by(template)))
        return self._keys[template]

    def used_by(self, template: str) -> list[str]:
        """The template and all that it extends, imports or includes."""
        found: set[str] = set()
        waiting = {template}
        while waiting:
            name = waiting.pop()
            found.add(name)
            source = self._sources.get(name, b"").decode(errors="replace")
            for reference in _REFERENCE.findall(source):
                named = _NAMED.fullmatch(reference)
                # A name that is only known when the page is made can be any.
                waiting |= ({_as_loaded(named[1])} if named else self._sources.keys()) - found
        return sorted(found)


def _as_loaded(name: str) -> str:
    """The name of a template as Jinja looks it up."""
    return "/".join(part for part in name.split("/") if part not in ("", "."))


def _files(folder: Path) -> Iterator[Path]:
    """Every file of a folder, in a fixed order; links are followed, as Jinja does, but not in circles."""
    seen: set[str] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        seen.add(os.path.realpath(place))
        folders[:] = sorted(name for name in folders if os.path.realpath(f"{place}/{name}") not in seen)
        printable = (name for name in sorted(names) if name.isprintable())  # no path of the site has any other
        yield from (path for name in printable if (path := Path(place, name)).is_file())
