"""Which versions each notice has had: from git, remembered by commit and blob, so that no commit is read twice.

A notice is known by its id, wherever its file lay, and by the ids that it had before. A version is a commit that
changed its file, or one of those beside it; of versions that are compared the texts are kept as values of the model,
with what they withheld cut out. Where there is no history (no git, a clone that has not all of it) pages fall back on
the updates of issues.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from gongshi import git
from gongshi.cache import Cache, Place, encode, write_pack
from gongshi.corpus import Corpus
from gongshi.derive.rows import NoticeRow
from gongshi.executors import Workers
from gongshi.git import GitError, Repository, Touched
from gongshi.options import Progress
from gongshi.problems import Problem, Severity, Span
from gongshi.read import blob_of, read_notice

NOTE = "history"
FOLDER = "notices"
COMPARED = 20  # of the newest differences of a notice that its page shows
LISTED = 100  # of the newest versions
KEPT = 400  # of the newest versions of a file that are remembered, and its first
MAX_OLD = 2**20  # bytes of an old version that is compared
FEW = 8  # old versions in one piece of work: they may be large
_SHORT = 10  # characters of the name of a commit

How = Literal["added", "changed", "removed"]
Files = tuple[tuple[str, How], ...]  # beside a notice, by name
Entry = tuple[int, str | None, Files]  # number of the commit, the blob (None: the file was deleted), files beside it


class Old(msgspec.Struct, frozen=True, array_like=True):
    """An old version as it was read: the notice (None if it is none that can be used), and `blob_of` its bytes."""

    place: Place
    blob: str


class Remembered(msgspec.Struct, array_like=True):
    """What is known of the history up to a commit. Commits are numbered from the oldest."""

    head: str = ""
    prefix: bytes = b""
    commits: list[tuple[str, int]] = []  # name, and when
    entries: dict[str, list[Entry]] = {}  # by id of the notice
    old: dict[str, Old] = {}  # by blob


class Version(msgspec.Struct, frozen=True):
    """One version of a notice. Without a place its text is not known, or it is the one that stands."""

    day: date
    commit: str
    there: bool  # False: the file was deleted
    files: Files  # that changed beside it
    text: Place | None


@dataclass(frozen=True, slots=True)
class Past:
    """The versions of one notice, newest first; `pending` if the file has changed since."""

    versions: tuple[Version, ...]
    pending: bool
    cut: bool  # the oldest but the first are left out


@dataclass(slots=True)
class History:
    """The past of every notice, and what was wrong with the history as a whole."""

    past: Mapping[str, Past] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Elder:
    """Reads old versions into the cache."""

    cache: Path

    def __call__(self, items: Sequence[tuple[str, bytes]]) -> list[tuple[str, Old]]:
        """The versions, by blob."""
        places = write_pack(self.cache, [encode(read_notice(raw)) for _, raw in items])
        return [(name, Old(place, blob_of(raw))) for (name, raw), place in zip(items, places, strict=True)]


def history(
    corpus: Corpus, repository: Repository | GitError | None, cache: Cache, workers: Workers, progress: Progress
) -> History:
    """The history of all notices, as far as there is one."""
    if repository is None or corpus.site.revisions == "updates":
        return History()
    if isinstance(repository, GitError):
        return History(problems=[_trouble(corpus, repository)])
    if repository.shallow:
        message = (
            "git 的历史不全（浅克隆），各页没有列出以前的版本；请取回全部历史：GitHub 的 checkout 写 fetch-depth: 0，"
            'GitLab 写 GIT_DEPTH: "0"，本机运行 git fetch --unshallow'
        )
        return History(problems=[Problem(Span(corpus.root), Severity.WARNING, "shallow-history", message)])
    known = _recall(cache)
    try:
        known = _brought_up(known, repository)
        past = _Reader(known, corpus, cache, repository)
        past.read(workers, progress)
    except GitError as error:
        return History(problems=[_trouble(corpus, error)])
    cache.remember(NOTE, known)
    return History({row.id: each for row in corpus.notices.values() if (each := past.of(row))}, [], past.places)


def _trouble(corpus: Corpus, error: GitError) -> Problem:
    said = " ".join(str(error).split())[:200]
    how = "；请运行 git config --global --add safe.directory 加上仓库的路径" if "ownership" in said else ""
    message = f"读不了 git 的历史，各页没有列出以前的版本（{said}）{how}"
    return Problem(Span(corpus.root), Severity.WARNING, "no-history", message)


def _recall(cache: Cache) -> Remembered:
    known = cache.recall(NOTE, Remembered) or Remembered()
    packs = {old.place.pack for old in known.old.values()}
    there = {pack for pack in packs if (cache.folder / "packs" / pack).is_file()}
    known.old = {name: old for name, old in known.old.items() if old.place.pack in there}
    return known


def _brought_up(known: Remembered, repository: Repository) -> Remembered:
    """What is known, up to the head: what came since, or all if the head is on another line."""
    if known.head == repository.head and known.prefix == repository.prefix:
        return known
    on = bool(known.head) and known.prefix == repository.prefix and git.leads_to(repository, known.head)
    if not on:
        known = Remembered(old=known.old)
    for commit in git.commits(repository, FOLDER, known.head):
        number = len(known.commits)
        known.commits.append((commit.name, commit.time))
        texts, beside = _touched(commit.files)
        for notice_id in dict.fromkeys((*texts, *beside)):
            entries = known.entries.setdefault(notice_id, [])
            blob = texts[notice_id] if notice_id in texts else entries[-1][1] if entries else None
            entries.append((number, blob, tuple(beside.get(notice_id, ()))))
            if len(entries) > KEPT:
                del entries[1]
    known.head, known.prefix = repository.head, repository.prefix
    return known


def _touched(files: Sequence[Touched]) -> tuple[dict[str, str | None], dict[str, list[tuple[str, How]]]]:
    """The blobs of the notices that a commit changed, and what it changed beside notices, by id; to move is nothing."""
    texts: dict[str, str | None] = {}
    beside: dict[str, list[tuple[str, How]]] = {}
    attached = [(*_parted(each.path), each) for each in files if not each.path.endswith(".yaml")]
    gone = {(name, each.before) for _, name, each in attached if each.after is None}
    come = {(name, each.after) for _, name, each in attached if each.before is None}
    for each in files:
        if each.path.endswith(".yaml"):
            notice_id = _parted(each.path)[1].removesuffix(".yaml")
            texts[notice_id] = texts.get(notice_id) or each.after
    for notice_id, name, each in attached:
        if (name, each.before or each.after) not in gone & come:
            how: How = "added" if each.before is None else "removed" if each.after is None else "changed"
            beside.setdefault(notice_id, []).append((unicodedata.normalize("NFC", name), how))
    return texts, beside


def _parted(path: str) -> tuple[str, str]:
    """The names of a file's folder and of the file."""
    folder, _, name = path.rpartition("/")
    return folder.rpartition("/")[2], name


class _Reader:
    """Finds which old versions are compared, and reads those that were not read before."""

    def __init__(self, known: Remembered, corpus: Corpus, cache: Cache, repository: Repository) -> None:
        self.known = known
        self.corpus = corpus
        self.cache = cache
        self.repository = repository
        zone = ZoneInfo(corpus.site.timezone)
        self.days: Callable[[int], date] = lambda seconds: datetime.fromtimestamp(seconds, zone).date()
        self.chains = {row.id: self._chain(row) for row in corpus.notices.values()}

    @property
    def places(self) -> tuple[Place, ...]:
        """What of the cache is used."""
        return tuple(old.place for old in self.known.old.values())

    def read(self, workers: Workers, progress: Progress) -> None:
        """Read what is wanted and not known, and forget what is not wanted."""
        wanted = dict.fromkeys(blob for row in self.corpus.notices.values() for blob in self._wanted(row))
        known = self.known.old
        self.known.old = {name: known[name] for name in wanted if name in known}
        new = [name for name in wanted if name not in known]
        if new:
            found = git.blobs(self.repository, new, MAX_OLD)
            for pairs in progress("读取历史", workers.map(Elder(self.cache.folder), found, size=FEW)):
                self.known.old.update(pairs)

    def of(self, row: NoticeRow) -> Past | None:
        """The past of a notice; None if it is in no commit."""
        chain = self.chains[row.id]
        if not chain:
            return None
        shown = chain[:LISTED]
        cut = len(chain) > len(shown)
        versions = [self._version(*entry, compared=n <= COMPARED) for n, entry in enumerate(shown)]
        if cut:
            versions.append(self._version(*chain[-1], compared=False))
        return Past(tuple(versions), self._pending(row), cut)

    def _chain(self, row: NoticeRow) -> list[Entry]:
        """The versions of a notice under all its ids, newest first; those that change nothing are left out."""
        by_commit: dict[int, Entry] = {}
        for each in (row.id, *row.old_ids):
            for number, blob, files in self.known.entries.get(each, ()):
                _, known, others = by_commit.get(number, (number, None, ()))
                by_commit[number] = (number, known or blob, others + files)
        chain: list[Entry] = []
        for entry in sorted(by_commit.values(), key=lambda entry: entry[0]):
            _, blob, files = entry
            same = bool(chain) and chain[-1][1] == blob
            if (blob and (files or not same)) or (chain and not same):
                chain.append(entry)
        return chain[::-1]

    def _wanted(self, row: NoticeRow) -> Iterator[str]:
        """The blobs of a notice that are compared with others, or with the file as it stands."""
        chain = self.chains[row.id]
        if chain and not row.withdrawn and (len(chain) > 1 or chain[0][1] != row.blob):
            yield from (blob for _, blob, _ in chain[: COMPARED + 1] if blob)

    def _version(self, number: int, blob: str | None, files: Files, *, compared: bool) -> Version:
        name, seconds = self.known.commits[number]
        old = self.known.old.get(blob) if blob and compared else None
        return Version(self.days(seconds), name[:_SHORT], blob is not None, files, old.place if old else None)

    def _pending(self, row: NoticeRow) -> bool:
        """True if the file is not what was committed last, line ends aside."""
        newest = self.chains[row.id][0][1]
        old = self.known.old.get(newest) if newest else None
        return row.blob not in (newest, old.blob if old else None)
