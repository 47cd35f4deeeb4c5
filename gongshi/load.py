"""`content/` becomes a corpus: find the files, read those that changed since they were read last, join the rest."""

import dataclasses
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from gongshi import model
from gongshi.cache import Cache, LostError, Place, decode, fetch
from gongshi.corpus import Corpus
from gongshi.decode import check_id
from gongshi.derive.rows import Detail, NoticeRow
from gongshi.executors import Workers
from gongshi.fingerprint import digest
from gongshi.inside import Inside
from gongshi.options import Progress
from gongshi.problems import Problem, Severity, Span
from gongshi.read import Kind, Reader, Source, Wanted
from gongshi.scan import REGIONS, SITE, Files, shown
from gongshi.totals import Words, vocabulary

NOTE = "sources"


class Sources(msgspec.Struct, array_like=True):
    """The note of all that was read, and the hash of the vocabulary that the notices were read with."""

    words: bytes = b""
    files: dict[str, Source] = {}


@dataclasses.dataclass(slots=True)
class Loaded:
    """A corpus (None if `site.yaml` or `regions.yaml` cannot be used), what was wrong, and what was read."""

    corpus: Corpus | None
    problems: list[Problem]
    library: "Library"


def load(
    content: Path, cache: Cache, workers: Workers, files: Files, progress: Progress = lambda _, pieces: pieces
) -> Loaded:
    """Read the files of a content folder, as `scan` found them."""
    library = Library(content, cache, workers, files, progress)
    return Loaded(library.corpus(), library.problems, library)


class Library:
    """The files of one content folder and what was read from them; it collects their problems."""

    def __init__(self, content: Path, cache: Cache, workers: Workers, files: Files, progress: Progress) -> None:
        self.content = content
        self.cache = cache
        self.workers = workers
        self.progress = progress
        self.files = files
        self.problems = list(files.problems)
        self.before = cache.recall(NOTE, Sources) or Sources()
        self.sources = Sources()
        self._place = shown(content, "")
        # A pack that is gone takes what was read into it along.
        gone = {place.pack for source in self.before.files.values() for place in source.parts}
        gone = {pack for pack in gone if not (cache.folder / "packs" / pack).is_file()}
        self._lost = frozenset(
            file for file, source in self.before.files.items() if any(place.pack in gone for place in source.parts)
        )

    @property
    def looked_at(self) -> Files:
        """The files as they were when they were read: what the next build compares with."""
        read = {file: source.stamp for file, source in self.sources.files.items()}
        return dataclasses.replace(self.files, stamps=self.files.stamps | read)

    def shown(self, file: str) -> str:
        """The path of a file as messages print it."""
        return f"{self._place}/{file}"

    def corpus(self) -> Corpus | None:
        """Read everything, and join it."""
        files = self.files
        self._read("site", [SITE], {})
        self._read("regions", [REGIONS], {})
        site: model.Site | None = self._value(SITE, model.Site)
        regions: dict[str, model.Region] | None = self._value(REGIONS, dict[str, model.Region])
        self._read("agency", files.agencies, {})
        self._read("page", files.pages, {})
        self._check_ids([*files.agencies, *files.pages, *files.notices])
        places = self._places()
        words = vocabulary(site) if site else {}
        self.sources.words = digest(*(f"{word}={bucket}".encode() for word, bucket in words.items()))
        self._read("notice", places.values(), words)
        notices = self._values(places.values(), NoticeRow)
        beside = self._beside(places)
        attached = self._attached(beside, notices)
        agencies = self._values(files.agencies, model.Agency)
        pages = self._values(files.pages, model.Page)
        self._keep()
        if site is None or regions is None:
            return None
        return Corpus(
            site=dataclasses.replace(site, path=self.shown(SITE)),
            regions=regions,
            agencies={a.id: dataclasses.replace(a, path=self.shown(file)) for file, a in agencies.items()},
            notices={row.id: row for row in notices.values()},
            pages={page.id: dataclasses.replace(page, path=self.shown(file)) for file, page in pages.items()},
            root=self._place,
            places=places,
            beside={notice_id: tuple(sorted(found)) for notice_id, found in beside.items()},
            known={"agencies": frozenset(map(_id_of, files.agencies)), "notices": frozenset(places)},
            damaged=frozenset(p.span.path for p in self.problems if p.severity is Severity.ERROR),
            files=attached,
            notice=lambda notice_id: self._notice(places[notice_id]),
            detail=lru_cache(maxsize=16)(lambda notice_id: self._part(places[notice_id], 1, Detail)),
            inside=self._inside,
        )

    def source(self, file: str) -> Source:
        """What is known of a file."""
        return self.sources.files[file]

    def _notice(self, file: str) -> model.Notice:
        notice: model.Notice
        notice, _ = self._part(file, 0, tuple[model.Notice, dict[str, str]])
        return dataclasses.replace(notice, path=self.shown(file))

    def _inside(self, file: str) -> Inside:
        """What an attachment holds that is personal; most hold nothing, and then nothing was kept."""
        source = self.sources.files.get(file)
        found: Inside = self._part(file, 1, Inside) if source and len(source.parts) > 1 else Inside()
        return found

    def _part(self, file: str, number: int, kind: Any) -> Any:
        return decode(fetch(self.cache.folder, self.source(file).parts[number]), kind)

    def _value(self, file: str, kind: Any) -> Any:
        source = self.sources.files.get(file)
        return decode(source.value, kind) if source and source.value else None

    def _values(self, files: Iterable[str], kind: Any) -> dict[str, Any]:
        decoder = msgspec.msgpack.Decoder(kind)
        found = ((file, self.sources.files.get(file)) for file in files)
        try:
            return {file: decoder.decode(source.value) for file, source in found if source and source.value}
        except msgspec.DecodeError:
            raise LostError(str(kind)) from None

    def _read(self, kind: Kind, files: Iterable[str], words: Words) -> None:
        """Take what is known of files that look as they did, and read the others."""
        known = self.before.files
        same_words = kind != "notice" or self.before.words == self.sources.words
        wanted = []
        for file in files:
            old = known.get(file)
            if old is None or not same_words or old.late or file in self._lost:
                wanted.append(Wanted(file, kind))
            elif old.stamp == self.files.stamps.get(file):
                self.sources.files[file] = old
            else:
                wanted.append(Wanted(file, kind, old.digest))
        reader = Reader(self.content.absolute(), self.cache.folder, words)
        for readings in self.progress("读取", self.workers.map(reader, wanted)):
            for reading in readings:
                if reading.unreadable:
                    problem = reading.unreadable
                    self.problems.append(dataclasses.replace(problem, span=Span(self.shown(reading.file))))
                elif reading.source:
                    self.sources.files[reading.file] = reading.source
                else:
                    self.sources.files[reading.file] = msgspec.structs.replace(known[reading.file], stamp=reading.stamp)
        for file in files:
            source = self.sources.files.get(file)
            if source and source.problems:
                self.problems += self._told(file, source.problems)

    def _told(self, file: str, problems: bytes) -> Iterable[Problem]:
        """The problems of a file, with its name."""
        path = self.shown(file)
        found: list[Problem] = decode(problems, list[Problem])
        return (dataclasses.replace(p, span=dataclasses.replace(p.span, path=path)) for p in found)

    def _check_ids(self, files: Iterable[str]) -> None:
        """Files whose names are ids."""
        for file in files:
            if problem := check_id(_id_of(file), self.shown(file)):
                self.problems.append(problem)

    def _places(self) -> dict[str, str]:
        """The file of each notice, by id."""
        places: dict[str, str] = {}
        for file in self.files.notices:
            notice_id = _id_of(file)
            if notice_id in places:
                first = self.shown(places[notice_id])
                message = f"编号与 {first} 重复；两份通报会用同一个网址，请改文件名"
                self.problems.append(Problem(Span(self.shown(file)), Severity.ERROR, "duplicate-id", message))
            else:
                places[notice_id] = file
        return places

    def _beside(self, places: Mapping[str, str]) -> dict[str, dict[str, str]]:
        """The files that lie beside each notice: name → path."""
        folders = {path.removesuffix(".yaml"): notice_id for notice_id, path in places.items()}
        notices = set(self.files.notices)
        found: dict[str, dict[str, str]] = {}
        for folder, names in self.files.beside.items():
            for name in names:
                if notice_id := folders.get(folder):
                    found.setdefault(notice_id, {})[unicodedata.normalize("NFC", name)] = f"{folder}/{name}"
                elif f"{folder}.yaml" not in notices:  # else a notice whose id is taken, which is said already
                    message = "没有同名的通报，这个文件不会公开；文件夹应与通报文件同名"
                    path = self.shown(f"{folder}/{name}")
                    self.problems.append(Problem(Span(path), Severity.WARNING, "stray-file", message))
        return found

    def _attached(
        self, beside: Mapping[str, Mapping[str, str]], notices: Mapping[str, NoticeRow]
    ) -> dict[str, dict[str, str]]:
        """The files that notices publish: by notice, name → path; no other file beside them is ever read."""
        attached: dict[str, dict[str, str]] = {}
        for row in notices.values():
            for name in row.files:
                if path := beside.get(row.id, {}).get(name):
                    attached.setdefault(row.id, {})[name] = path
        self._read("attachment", [path for found in attached.values() for path in found.values()], {})
        return attached

    def _keep(self) -> None:
        """Remember what was read, if that is anything new."""
        if self.sources != self.before:
            self.cache.remember(NOTE, self.sources)

    @property
    def places(self) -> Iterator[Place] | None:
        """What of the cache is used; None if nothing of it has changed."""
        if self.sources == self.before:
            return None
        return (place for source in self.sources.files.values() for place in source.parts)


def _id_of(file: str) -> str:
    """The name of a file without its folder and its end."""
    return file.rpartition("/")[2].rpartition(".")[0]
