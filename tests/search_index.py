"""Reads a published search index back, as a browser does: an implementation of the format of its own."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

BLOCK = 256


class Segment:
    def __init__(self, folder: Path, listed: dict) -> None:
        self.path = listed["path"]
        self.gone = set(listed["gone"])
        self.folder = folder / "search" / self.path
        self.head = json.loads(gzip.decompress((self.folder / "head.bin").read_bytes()))
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
            numbers = _Numbers(gzip.decompress((self.folder / f"{n}.bin").read_bytes()))
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
        from bisect import bisect

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
            if byte < 128:
                return value


class Index:
    """What is published in the `search` folder of a site."""

    def __init__(self, site: Path) -> None:
        manifest = json.loads((site / "search" / "manifest.json").read_bytes())
        self.segments = [Segment(site, listed) for listed in manifest["segments"]]

    def postings(self) -> dict[str, dict[str, Counter[str]]]:
        """Of each notice: how often each pair of characters stands in its title, its headings and the rest."""
        found: dict[str, dict[str, Counter[str]]] = {}
        for segment in self.segments:
            for n, notice_id in enumerate(segment.ids):
                if n not in segment.gone:
                    assert notice_id not in found
                    found[notice_id] = {
                        "title": Counter(),
                        "headings": Counter(),
                        "rest": Counter(),
                        "single": Counter(),
                    }
            for gram, positions in segment.lists():
                assert positions == sorted(set(positions))
                text = (gram >> 16).to_bytes(2, "big") + (gram & 0xFFFF).to_bytes(2, "big")
                pair = text.decode("utf-16-be", "surrogatepass")
                for position in positions:
                    n = position >> 1 if gram < 1 << 16 else segment.notice_at(position)
                    if n in segment.gone:
                        continue
                    if gram < 1 << 16:
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
