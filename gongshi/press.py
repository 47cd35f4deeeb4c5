"""The making of outputs, in whatever process: bytes, the links in them, compressed copies, and the staging of all.

A worker is given outputs, which are plain values, and gives back what became of each: never the bytes.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gongshi import urls
from gongshi.links import Target, hashes_of, page_links
from gongshi.outputs.publication import ChangedError, Output, Tools
from gongshi.problems import Problem, Severity, Span, UsageError
from gongshi.publish import Staged, looks_of, new_staged, stage_file
from gongshi.render import Setting, renderer, template_problem

# What gets smaller by compression.
TEXT = frozenset({".html", ".css", ".js", ".json", ".jsonld", ".csv", ".xml", ".svg", ".txt", ".ics"})


@dataclass(frozen=True, slots=True)
class Order:
    """An output that has to be made, and its key."""

    output: Output
    key: bytes


@dataclass(slots=True)
class Printed:
    """What became of an order: its files (the page and its compressed copies), and where it links to."""

    key: bytes
    path: str
    origin: str
    files: dict[str, Staged] = field(default_factory=dict)
    targets: frozenset[Target] = frozenset()  # in other files, less those that are known to be there
    broken: frozenset[Target] = frozenset()
    doubled: tuple[str, ...] = ()  # ids that it has more than once
    anchors: bytes = b""  # the hashes of its ids
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Press:
    """Makes outputs of one site; without a staging folder nothing is kept."""

    setting: Setting
    cache: Path
    output: Path
    staging: Path | None
    compress: tuple[str, ...]

    def __call__(self, orders: Sequence[Order]) -> list[Printed]:
        """Make some outputs. Raises what is no template's or editor's mistake."""
        tools = Tools(renderer(self.setting), self.cache)
        return [self._print(order, tools) for order in orders]

    def _print(self, order: Order, tools: Tools) -> Printed:
        output = order.output
        printed = Printed(order.key, output.path, output.origin)
        tools.seen.clear()
        try:
            body = output.body(tools)
        except ChangedError:
            message = "这个文件在生成过程中变了；请等它写完后重新生成"
            printed.problems.append(Problem(Span(output.origin), Severity.ERROR, "changed", message))
            return printed
        except Exception as error:
            problem = template_problem(error, self.setting.templates)
            if problem is None:
                raise
            printed.problems.append(problem)
            return printed
        self._follow(printed, body, tools)
        if self.staging:
            file = urls.output_file(output.path)
            for name, content in ((file, body), *compressed(file, body, self.compress)):
                printed.files[name] = stage_file(self.output, self.staging, name, content)
        return printed

    def _follow(self, printed: Printed, body: bytes, tools: Tools) -> None:
        """Look at the links of a page: those inside it, and those to what this process knows to be there."""
        found = page_links(printed.path, body, urls.rooted(self.setting.base_url, ""))
        printed.doubled = found.doubled
        anchors: dict[str, frozenset[str]] = {}
        for each in tools.seen.values():
            place = urls.output_file(urls.notice(each.id))
            anchors[place] = anchors.get(place, frozenset()) | each.anchors
        inside = {target for target in found.targets if target[0] == found.file}
        # What a notice's summary says of it other pages rely on, and so its own page has to have it.
        inside |= {(found.file, anchor) for anchor in anchors.get(found.file, ())}
        printed.broken = frozenset(target for target in inside if target[1] and target[1] not in found.ids)
        others = found.targets - inside
        promised = {target for target in others if target[1] in anchors.get(target[0], ())}
        printed.anchors = hashes_of(found.ids)
        printed.targets = (others - promised) | {(file, "") for file, _ in promised}


@dataclass(frozen=True, slots=True)
class Packer:
    """Makes compressed copies of files that are staged already."""

    staging: Path

    def __call__(self, wanted: Sequence[tuple[str, Staged, str]]) -> list[tuple[str, Staged]]:
        """The copies: the file, how it is staged, and the kind of each."""
        return [(f"{file}.{kind}", self._pack(staged, kind)) for file, staged, kind in wanted]

    def _pack(self, staged: Staged, kind: str) -> Staged:
        with (self.staging / staged.name).open("rb") as source, new_staged(self.staging) as out:
            out.writelines(_COMPRESS[kind](iter(lambda: source.read(2**20), b"")))
        return looks_of(out)


def names_of(file: str, compress: Sequence[str]) -> list[str]:
    """A file and its compressed copies."""
    return [file, *(f"{file}.{kind}" for kind in compress if _suffix(file) in TEXT)]


def _suffix(file: str) -> str:
    """The end of a file's name; a `Path` would tell it, too, for fourteen thousand files in a tenth of a second."""
    return file[file.rfind(".") :]


def compressed(file: str, body: bytes, compress: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """The compressed copies of a file, the same bytes for the same content."""
    for name in names_of(file, compress)[1:]:
        yield name, b"".join(_COMPRESS[name.rpartition(".")[2]]([body]))


def _gz(pieces: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    yield from map(packer.compress, pieces)
    yield packer.flush()


def _br(pieces: Iterable[bytes]) -> Iterator[bytes]:
    try:
        import brotli
    except ImportError:
        raise UsageError("没有装 brotli；请先运行 pip install 'gongshi[brotli]'，或只用 --compress gz") from None
    packer = brotli.Compressor(mode=brotli.MODE_TEXT, quality=9)
    yield from map(packer.process, pieces)
    yield packer.finish()


_COMPRESS: dict[str, Callable[[Iterable[bytes]], Iterator[bytes]]] = {"gz": _gz, "br": _br}
