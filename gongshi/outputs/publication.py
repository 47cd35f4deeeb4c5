"""What every kind of output is made of and makes.

An output is a plain value: everything that its bytes depend on stands in it, besides the site's setting and the
templates. So its hash tells whether it has to be made again, and any process can make it. What is large (a notice, its
issues) is referred to.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from gongshi import text
from gongshi.cache import Place, decode, fetch
from gongshi.corpus import Corpus
from gongshi.derive.cards import Byline
from gongshi.derive.lists import Index
from gongshi.derive.promises import Promises
from gongshi.derive.reach import Above
from gongshi.derive.rows import Detail
from gongshi.fingerprint import digest
from gongshi.history import Past
from gongshi.model import AttachedFile, Notice
from gongshi.read import Source
from gongshi.render import Renderer, Setting
from gongshi.templates import Templates

FEW = 64  # details that are kept in memory: neighbouring pages show the same
MANY = 1024  # promises of notices that are: they are small, and the months of a year show the same


class Ref:
    """A large value by its hash; where it is does not count."""

    __slots__ = ("place",)

    def __init__(self, place: Place) -> None:
        self.place = place


@dataclass(frozen=True, slots=True)
class Publication:
    """Everything that outputs are made from."""

    corpus: Corpus
    index: Index
    today: date
    setting: Setting
    templates: Templates
    content: Path
    source: Callable[[str], Source]  # what was read from a file of the content
    notices: Mapping[str, Ref]  # the notices themselves
    details: Mapping[str, Ref]  # what is printed of them elsewhere
    promised: Mapping[str, Ref]  # the promises in them
    bylines: Mapping[str, Byline]
    above: Mapping[str, Above]  # by agency that cannot be reached: who stands above it
    past: Mapping[str, Past]  # the versions of notices, as far as they are known
    vendored: Mapping[str, Path]  # files of others that the form is made of, by their path below it; empty without one


class Output(Protocol):
    """One file of the site: its public path, what it comes from (for messages), and how to make its bytes."""

    @property
    def path(self) -> str:
        """Where it is."""

    @property
    def origin(self) -> str:
        """The file, or the kind of page, that an editor would look at."""

    @property
    def template(self) -> str:
        """The template that it is made with, if it is."""

    def body(self, tools: "Tools") -> bytes:
        """Its bytes."""


class Tools:
    """What outputs are made with, in the process that makes them."""

    def __init__(self, renderer: Renderer, cache: Path) -> None:
        self.renderer = renderer
        self.words = renderer.words
        self.cache = cache
        self._details: dict[bytes, Detail] = {}
        self._promised: dict[bytes, Promises] = {}
        self.seen: dict[bytes, Detail | Promises] = {}  # what was read for the output that is being made

    def notice(self, ref: Ref) -> Notice:
        """A notice."""
        notice: Notice
        notice, html = _decode_notice(fetch(self.cache, ref.place))
        text.know(html)
        return notice

    def old(self, ref: Ref | None) -> Notice | None:
        """An old version of a notice, as far as it could be read."""
        version: Notice | None = decode(fetch(self.cache, ref.place), Notice | None) if ref else None
        return version

    def detail(self, ref: Ref) -> Detail:
        """What is printed of a notice elsewhere."""
        known = self._details.get(ref.place.digest)
        if known is None:
            if len(self._details) > FEW:
                self._details.clear()
            known = self._details[ref.place.digest] = _decode_detail(fetch(self.cache, ref.place))
        self.seen[ref.place.digest] = known
        return known

    def promises(self, ref: Ref) -> Promises:
        """What is promised in a notice."""
        known = self._promised.get(ref.place.digest)
        if known is None:
            if len(self._promised) > MANY:
                self._promised.clear()
            known = self._promised[ref.place.digest] = _decode_promises(fetch(self.cache, ref.place))
        self.seen[ref.place.digest] = known
        return known

    def attached(self, name: str, size: int, ref: Ref) -> AttachedFile:
        """An attached file, with its rows if it is a register."""
        return AttachedFile(name, size, decode(fetch(self.cache, ref.place), tuple[tuple[str, ...], ...] | None))


_decode_notice = msgspec.msgpack.Decoder(tuple[Notice, dict[str, str]]).decode
_decode_promises = msgspec.msgpack.Decoder(Promises).decode
_decode_detail = msgspec.msgpack.Decoder(Detail).decode


def _hashed(value: Any) -> Any:
    if isinstance(value, Ref):
        return value.place.digest
    raise TypeError(type(value))


_encode = msgspec.msgpack.Encoder(enc_hook=_hashed).encode


def key_of(output: object) -> bytes:
    """The hash of all that stands in an output, or in a part of one."""
    return digest(type(output).__name__.encode(), _encode(output))


class Part(Protocol):
    """Some of the things that one notice gives to a list: from one to before another. A frozen msgspec.Struct."""

    @property
    def start(self) -> int:
        """Where the part begins, among the things of its notice."""

    @property
    def stop(self) -> int:
        """What comes after its last."""


P = TypeVar("P", bound=Part)


def cut(parts: Iterable[P], size: int) -> Iterator[tuple[P, ...]]:
    """The pages of a list of so many things a page; nothing if there are none."""
    page: list[P] = []
    room = size
    for part in parts:
        start = part.start
        while start < part.stop:
            stop = min(start + room, part.stop)
            whole = (start, stop) == (part.start, part.stop)
            piece: Any = part if whole else msgspec.structs.replace(part, start=start, stop=stop)  # type: ignore[type-var]
            page.append(piece)
            room -= stop - start
            start = stop
            if not room:
                yield tuple(page)
                page, room = [], size
    if page:
        yield tuple(page)


class Page(msgspec.Struct, frozen=True):
    """A page that shows plain values."""

    path: str
    origin: str
    template: str
    values: Mapping[str, Any]

    def body(self, tools: Tools) -> bytes:
        """The page."""
        return tools.renderer.render(self.template, self.path, **self.values)


class Ready(msgspec.Struct, frozen=True):
    """A small file that is made already."""

    path: str
    origin: str
    content: bytes
    template: str = ""

    def body(self, _: Tools) -> bytes:
        """The file."""
        return self.content


class Copy(msgspec.Struct, frozen=True):
    """A copy of a file, which has to be what it was when it was looked at."""

    path: str
    origin: str
    file: str
    digest: bytes
    template: str = ""

    def body(self, _: Tools) -> bytes:
        """The file. Raises ChangedError if it is another one by now."""
        try:
            content = Path(self.file).read_bytes()
        except OSError:
            raise ChangedError(self.origin) from None
        if digest(content) != self.digest:
            raise ChangedError(self.origin)
        return content


class Script(Copy, frozen=True):
    """A script without its comments and indentation, which readers would only wait for."""

    def body(self, tools: Tools) -> bytes:
        """The script. Raises ChangedError as for any copy."""
        from rjsmin import jsmin

        small: str = jsmin(Copy.body(self, tools).decode())
        return small.encode()


class ChangedError(Exception):
    """A file changed or vanished while the site was built."""
