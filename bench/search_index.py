"""Reads a published search index back, as a browser does: an implementation of the format of its own."""

import gzip
import json
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

BLOCK = 256
SINGLE = 1 << 16
MANIFEST = "search/manifest.json"
Zones = dict[str, Counter[str]]


def is_part(name: str) -> bool:
    """True for a file of the index: what changed lately stands in other files than in a new index."""
    return name == MANIFEST or (name.startswith("search/") and name.endswith(".bin"))


class Segment:
    """One segment; `read` gives the bytes of a file of the site."""

    def __init__(self, read: Callable[[str], bytes], listed: dict[str, Any]) -> None:
        self.path = f"search/{listed['path']}"
        self.gone = set(listed["gone"])
        self.read = lambda name: gzip.decompress(read(f"{self.path}{name}.bin"))
        self.head = json.loads(self.read("head"))
        agencies = [agency for agency, *_ in self.head["agencies"]]
        short = zip(self.head["ids"], self.head["agency"], strict=True)
        self.ids = [name.replace("~", agencies[agency], 1) for name, agency in short]
        self.starts = [0]
        for headings, rest in zip(self.head["headings"], self.head["rest"], strict=True):
            self.starts.append(self.starts[-1] + (1 + headings + rest) * BLOCK)

    def lists(self) -> Iterator[tuple[int, list[int]]]:
        """Every gram with its list."""
        first = 0
        for n, gap in enumerate(self.head["grams"]):
            first += gap
            numbers = _Numbers(self.read(str(n)))
            gram = first
            while numbers.at < len(numbers.body):
                gram += numbers.next()
                end = numbers.next() + numbers.at
                positions = [0]
                while numbers.at < end:
                    positions.append(positions[-1] + numbers.next())
                yield gram, positions[1:]

    def notice_at(self, position: int) -> int:
        """The notice that a position is in."""
        return bisect(self.starts, position) - 1


class _Numbers:
    def __init__(self, body: bytes) -> None:
        self.body = body
        self.at = 0

    def next(self) -> int:
        value = shift = 0
        while True:
            byte = self.body[self.at]
            self.at += 1
            value |= (byte & 127) << shift
            shift += 7
            if not byte & 128:
                return value


class Index:
    """What is published in the `search` folder of a site."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        manifest = json.loads(read(MANIFEST))
        self.segments = [Segment(read, listed) for listed in manifest["segments"]]

    @classmethod
    def of(cls, site: Path) -> "Index":
        """The index of an output folder."""
        return cls(lambda name: (site / name).read_bytes())

    @classmethod
    def among(cls, files: Mapping[str, bytes]) -> "Index":
        """The index among the files of a site."""
        return cls(files.__getitem__)

    def facets(self) -> dict[str, list[Any]]:
        """What is known of each notice besides its text."""
        found = {}
        for segment in self.segments:
            head = segment.head
            for n, notice_id in enumerate(segment.ids):
                if n not in segment.gone:
                    agency, name, region, sector = head["agencies"][head["agency"][n]]
                    places = [head["regions"][region], head["sectors"][sector]]
                    found[notice_id] = [agency, name, *places, *(head[key][n] for key in ("day", "kind", "buckets"))]
        return found

    def postings(self) -> dict[str, Zones]:
        """Of each notice: how often each pair of characters stands in its title, its headings and the rest."""
        found: dict[str, Zones] = {}
        for segment in self.segments:
            for n, notice_id in enumerate(segment.ids):
                if n not in segment.gone:
                    assert notice_id not in found
                    found[notice_id] = {name: Counter() for name in ("title", "headings", "rest", "single")}
            for gram, positions in segment.lists():
                assert positions == sorted(set(positions))
                text = (gram >> 16).to_bytes(2, "big") + (gram & 0xFFFF).to_bytes(2, "big")
                pair = text.decode("utf-16-be", "surrogatepass")
                for position in positions:
                    n = position >> 1 if gram < SINGLE else segment.notice_at(position)
                    if n in segment.gone:
                        continue
                    if gram < SINGLE:
                        found[segment.ids[n]]["single"][f"{pair}{position & 1}"] += 1
                        continue
                    block = (position - segment.starts[n]) // BLOCK
                    zone = "title" if block == 0 else "headings" if block <= segment.head["headings"][n] else "rest"
                    found[segment.ids[n]][zone][pair] += 1
        return found

    def grams_of(self, notice_id: str) -> list[str]:
        """Every pair of a notice, as often as it stands there."""
        zones = self.postings()[notice_id]
        return [pair for name in ("title", "headings", "rest") for pair in zones[name].elements()]
