"""The index of a site: a base of all notices, and a small segment of what has changed since the base was made.

A change of one notice changes nearly every file of lists, so a new base is a new index. The notices that have changed
therefore stand in a segment of their own, and what the base says of them is passed over. What is passed over can still
be read out of the base by who wants to, so it does not stay: a new base is made as soon as a notice is gone or a part
of one is withheld, on the first build of another day, and when more than one notice in `KEPT` has changed.
A segment is a folder that is named by the hash of what is in it and never changes; the manifest, which says what
counts, has to be asked for anew.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import msgspec

from gongshi import urls
from gongshi.cache import Cache, Place, encode, write_pack
from gongshi.derive.passages import Passage, contact_passages, passages
from gongshi.executors import Workers
from gongshi.fingerprint import digest, program
from gongshi.outputs.publication import Tools, key_of
from gongshi.outputs.search import Entry, Text, as_script
from gongshi.publish import Staged, looks_of, new_staged
from gongshi.records import Segment, Segments
from gongshi.render import Setting, renderer
from gongshi.search.fold import fold, fold_all
from gongshi.search.postings import BLOCK, GROUP, Gatherer, Joiner, Packed, Run, Spooled, packed, ranges_of

KEPT = 20
NOTE = "runs"


class Runs(msgspec.Struct, array_like=True):
    """The note of the folded texts: where each is, by the key of what it was made of."""

    places: dict[bytes, Place] = {}


@dataclass(frozen=True, slots=True)
class Folder:
    """Folds the texts of some notices, and keeps them in one pack."""

    setting: Setting
    cache: Path

    def __call__(self, wanted: Sequence[tuple[bytes, Text]]) -> list[tuple[bytes, Place]]:
        """Where each is, by its key."""
        tools = Tools(renderer(self.setting), self.cache)
        places = write_pack(self.cache, [encode(_run(text, tools)) for _, text in wanted])
        return [(key, place) for (key, _), place in zip(wanted, places, strict=True)]


def _run(text: Text, tools: Tools) -> Run:
    title, found = searched(text, tools)
    headings = (passage.text for passage in found if passage.heading)
    body = (passage.text for passage in found if not passage.heading)
    return Run(fold(title), fold_all(headings), fold_all(body))


@dataclass(frozen=True, slots=True)
class Teller:
    """Writes the texts of some notices for pages that are read from a disk."""

    setting: Setting
    cache: Path
    staging: Path

    def __call__(self, wanted: Sequence[tuple[int, Text]]) -> list[tuple[int, Staged, bytes]]:
        """The script of each with its hash, by its number."""
        tools = Tools(renderer(self.setting), self.cache)
        scripts = [(n, as_script(msgspec.json.encode(searched(text, tools)))) for n, text in wanted]
        return [(n, _stage(self.staging, script), digest(script)) for n, script in scripts]


def searched(text: Text, tools: Tools) -> tuple[str, list[Passage]]:
    """The title of a notice and all else that is searched: its text, and what its page says of who issued it."""
    notice = tools.notice(text.notice)
    found = [Passage("", name) for name in text.names]
    found += passages(notice, text.area_code)
    if text.contact:
        found += contact_passages(text.contact, text.area_code)
    anchors = {attachment.file: f"attachment-{n}" for n, attachment in enumerate(notice.attachments, 1)}
    for file in text.files:
        rows = tools.attached(file.name, file.size, file.rows).rows or ()
        found += (Passage(anchors[file.name], cell) for row in rows for cell in row)
    return notice.title, found


class Indexer:
    """Brings the index of a site up to date. `before` is what is published (nothing, if that has been touched)."""

    def __init__(self, entries: Iterable[Entry], before: Segments, day: date, *, offline: bool = False) -> None:
        self.before = before
        self.day = day.isoformat()
        self.offline = offline
        self.entries = {entry.facets.id: entry for entry in entries}
        self.withheld = sum(entry.withheld for entry in self.entries.values())
        # Another program may fold otherwise.
        self.texts = {notice_id: digest(program(), key_of(entry.text)) for notice_id, entry in self.entries.items()}
        self.keys = {
            notice_id: digest(self.texts[notice_id], key_of(entry.facets)) for notice_id, entry in self.entries.items()
        }
        self.segments, self.wanted = self._plan()

    @property
    def changed(self) -> bool:
        """True if anything has to be written."""
        return bool(self.wanted) or self.segments != self.before

    def _plan(self) -> tuple[Segments, list[str]]:
        """What of the index stays, and the notices of the segment that has to be made."""
        before, base, delta = self.before, self.before.base, self.before.delta
        anew = Segments(offline=self.offline, withheld=self.withheld), list(self.keys)
        if base is None or before.offline != self.offline or self.withheld > before.withheld:
            return anew
        known = dict(zip(base.notices, base.keys, strict=True))
        new = [notice_id for notice_id, key in self.keys.items() if known.get(notice_id) != key]
        gone = [n for n, (notice_id, key) in enumerate(known.items()) if self.keys.get(notice_id) != key]
        stale = gone and before.since not in ("", self.day)
        if stale or not known.keys() <= self.keys.keys() or len(new) > len(known) // KEPT:
            return anew
        stays = Segments(base, None, gone, self.offline, self.day if gone else "", self.withheld)
        if delta and (delta.notices, delta.keys) == (new, [self.keys[notice_id] for notice_id in new]):
            stays.delta = delta
            return stays, []
        return stays, new

    def write(self, setting: Setting, cache: Cache, staging: Path, workers: Workers) -> dict[str, Staged]:
        """Stage what is new, the manifest among it."""
        made: dict[str, Staged] = {}
        if self.wanted:
            segment, made = self._segment(setting, cache, staging, workers)
            if self.segments.base is None:
                self.segments.base = segment
            else:
                self.segments.delta = segment
        present = [(segment, gone) for segment, gone in _parts(self.segments) if segment]
        listed = [{"path": f"{segment.name}/", "gone": gone} for segment, gone in present]
        manifest = json.dumps({"version": 1, "segments": listed}).encode()
        made[urls.SEARCH_MANIFEST] = _stage(staging, manifest)
        if self.offline:
            made[urls.search_script("manifest")] = _stage(staging, as_script(manifest))
        return made

    def _segment(
        self, setting: Setting, cache: Cache, staging: Path, workers: Workers
    ) -> tuple[Segment, dict[str, Staged]]:
        places = self._runs(setting, cache, workers)
        spooled = workers.map(Gatherer(cache.folder, staging), enumerate(places), size=GROUP)
        groups = tuple(sorted(spooled, key=lambda group: group.first))
        lengths = (BLOCK * sum(1 + headings + rest for headings, rest in group.blocks) for group in groups)
        starts = tuple(accumulate(lengths, initial=0))[:-1]
        joiner = Joiner(staging, groups, starts)
        joined = sorted(
            result for results in workers.map(joiner, ranges_of(groups), few=2, size=1) for result in results
        )
        files = [file for _, files in joined for file in files]
        head = packed(json.dumps(self._head(groups, files), ensure_ascii=False, separators=(",", ":")).encode())
        texts = list(self._texts(setting, cache, staging, workers)) if self.offline else []
        name = digest(head, *(file.digest for file in files), *(found for _, _, found in texts)).hex()
        paths = [urls.search_part(name, str(n)) for n in range(len(files))]
        made = dict(zip(paths, (file.staged for file in files), strict=True))
        made[urls.search_part(name, "head")] = _stage(staging, head)
        for group in groups:
            (staging / group.name).unlink()
        if self.offline:
            made |= {_script_of(path): _as_script(staging, staged) for path, staged in made.items()}
            made.update((urls.search_script(f"{name}/t{n}"), staged) for n, staged, _ in texts)
        keys = [self.keys[notice_id] for notice_id in self.wanted]
        return Segment(name, self.wanted, keys, len(files)), made

    def _texts(
        self, setting: Setting, cache: Cache, staging: Path, workers: Workers
    ) -> Iterator[tuple[int, Staged, bytes]]:
        """The texts of the wanted notices as scripts: their numbers, how they are staged, and their hashes."""
        wanted = [(n, self.entries[notice_id].text) for n, notice_id in enumerate(self.wanted)]
        told = workers.map(Teller(setting, cache.folder, staging), wanted)
        return iter(sorted((each for some in told for each in some), key=lambda each: each[0]))

    def _runs(self, setting: Setting, cache: Cache, workers: Workers) -> list[Place]:
        """Where the folded texts of the wanted notices are; those that are not known are made."""
        known = cache.recall(NOTE, Runs) or Runs()
        gone = {place.pack for place in known.places.values()}
        gone = {pack for pack in gone if not (cache.folder / "packs" / pack).is_file()}
        found = {key: place for key, place in known.places.items() if place.pack not in gone}
        wanted = {self.texts[notice_id]: self.entries[notice_id].text for notice_id in self.wanted}
        missing = [(key, text) for key, text in wanted.items() if key not in found]
        for places in workers.map(Folder(setting, cache.folder), missing):
            found.update(places)
        if missing:
            cache.remember(NOTE, Runs({key: found[key] for key in self.texts.values() if key in found}))
        return [found[self.texts[notice_id]] for notice_id in self.wanted]

    def _head(self, groups: Iterable[Spooled], files: Sequence[Packed]) -> dict[str, Any]:
        """What is known of a segment before any list is read: the facets of its notices, and where lists are."""
        facets = [self.entries[notice_id].facets for notice_id in self.wanted]
        regions = sorted({region for each in facets for region in each.region})
        sectors = sorted({each.sector for each in facets})
        agencies = dict(sorted((each.agency, (each.name, each.region[-1], each.sector)) for each in facets))
        order = {agency: n for n, agency in enumerate(agencies)}
        places, topics = ({value: n for n, value in enumerate(values)} for values in (regions, sectors))
        blocks = [each for group in groups for each in group.blocks]
        grams = [file.gram for file in files]
        return {
            "regions": regions,
            "sectors": sectors,
            "agencies": [
                (agency, name, places[region], topics[sector]) for agency, (name, region, sector) in agencies.items()
            ],
            "ids": [_short(each.id, each.agency) for each in facets],
            "agency": [order[each.agency] for each in facets],
            "day": [each.day for each in facets],
            "kind": [each.kind for each in facets],
            "buckets": [each.buckets for each in facets],
            "headings": [headings for headings, _ in blocks],
            "rest": [rest for _, rest in blocks],
            "grams": [gram - before for before, gram in pairwise((0, *grams))],
        }


def _short(notice_id: str, agency: str) -> str:
    """An id with `~` for that of the agency, where it begins with it, as most do."""
    return "~" + notice_id.removeprefix(agency) if notice_id.startswith(agency) else notice_id


def places_of_runs(cache: Cache) -> Iterable[Place]:
    """The folded texts that the cache is to keep."""
    return (cache.recall(NOTE, Runs) or Runs()).places.values()


def _parts(segments: Segments) -> Iterator[tuple[Segment | None, list[int]]]:
    yield segments.base, segments.gone
    yield segments.delta, []


def files_of(segments: Segments) -> Iterator[str]:
    """The files of an index."""
    for segment, gone in _parts(segments):
        if segment:
            yield urls.search_part(segment.name, "head")
            yield from (urls.search_part(segment.name, str(n)) for n in range(segment.files))
            if segments.offline:
                texts = (f"t{n}" for n in range(len(segment.notices)) if n not in set(gone))
                parts = ("head", *range(segment.files), *texts)
                yield from (urls.search_script(f"{segment.name}/{part}") for part in parts)
    yield urls.SEARCH_MANIFEST
    if segments.offline:
        yield urls.search_script("manifest")


def is_manifest(name: str) -> bool:
    """True for the files that say what counts."""
    return name in (urls.SEARCH_MANIFEST, urls.search_script("manifest"))


def _script_of(path: str) -> str:
    return path.removesuffix(".bin") + ".js"


def _as_script(staging: Path, staged: Staged) -> Staged:
    return _stage(staging, as_script(b'"' + base64.b64encode((staging / staged.name).read_bytes()) + b'"'))


def _stage(staging: Path, body: bytes) -> Staged:
    with new_staged(staging) as out:
        out.write(body)
    return looks_of(out)
