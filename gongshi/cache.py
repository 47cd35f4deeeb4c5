"""What builds remember of the content, in a folder that may be deleted at any time.

Two kinds of files. A *note* holds one value; it is written whole under another name and then renamed, and it begins
with its hash, so nobody ever reads half of one, or one that was damaged. A *pack* holds the larger values of some files
one after another; it is written once by whoever read these files, in whatever process, and never changed; its place and
hash stand in a note. Notes are of this version of the program: those of another are not read.
"""

import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from gongshi.fingerprint import SIZE, digest, program
from gongshi.problems import UsageError

T = TypeVar("T")
_OURS = re.compile(
    r"(?:sources|history|site-[0-9a-f]{32}|[0-9a-f]{16})(?:\.[0-9a-f]{8}\.new)?"
)  # names of notes and packs
encode = msgspec.msgpack.Encoder().encode  # values of the model as bytes, for notes and packs
MANY = 1_000  # packs, and one for each sixteen values: more would be slow to look through
SITES = 8  # output folders of which something is known
UNUSED = 2  # how much larger than what is still used packs may get
YOUNG = 600  # seconds in which a pack may belong to a build that is still running


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a value is: bytes of a pack, and their hash."""

    pack: str
    at: int
    length: int
    digest: bytes


class LostError(Exception):
    """A value that was remembered is gone or damaged: the cache is not to be trusted any more."""


class Cache:
    """The folder. `temporary` is True if nothing of it outlives this build."""

    def __init__(self, folder: Path | None) -> None:
        """Use a folder, or (None, or one that cannot be written) a temporary one."""
        self.temporary = folder is None or not _prepare(folder)
        if folder is None or self.temporary:
            folder = Path(tempfile.mkdtemp(prefix="gongshi-cache-"))
            _prepare(folder)
        self.folder = folder.absolute()

    def close(self) -> None:
        """Delete what was only temporary."""
        if self.temporary:
            shutil.rmtree(self.folder, ignore_errors=True)

    def recall(self, name: str, kind: type[T], *, of: bytes | None = None) -> T | None:
        """The value of a note; None if there is none that is whole and of this program (or of what `of` names)."""
        try:
            raw = (self.folder / name).read_bytes()
        except OSError:
            return None
        seal, body = raw[:SIZE], raw[SIZE:]
        if seal != digest(program() if of is None else of, body):
            return None
        try:
            return msgspec.msgpack.decode(body, type=kind)
        except msgspec.DecodeError:
            return None

    def remember(self, name: str, value: object, *, of: bytes | None = None) -> None:
        """Write a note. One that cannot be written is left: the next build has more to do, and that is all."""
        body = encode(value)
        with suppress(OSError):
            _write(self.folder / name, digest(program() if of is None else of, body) + body)

    def forget(self) -> None:
        """Delete everything that is remembered, and nothing else that may lie there."""
        with suppress(OSError):
            for path in (*self.folder.iterdir(), *(self.folder / "packs").iterdir()):
                if _OURS.fullmatch(path.name) and not path.is_dir():
                    path.unlink()

    def tidy(self, used: Iterable[Place]) -> None:
        """Delete packs of which nothing is used; if too little is used of too many bytes, delete those used least.

        What is deleted is read again by the next build, so this comes at the end of one.
        """
        live: dict[str, int] = {}
        values = 0
        for place in used:
            values += 1
            live[place.pack] = live.get(place.pack, 0) + place.length
        with suppress(OSError):
            with os.scandir(self.folder / "packs") as there:
                files = [entry for entry in there if entry.is_file(follow_symlinks=False)]
            packs = {entry.name: entry.stat() for entry in files if _OURS.fullmatch(entry.name)}
            for path in self.folder.glob("*.new"):
                if _OURS.fullmatch(path.name) and not _young(path.stat()):
                    path.unlink()  # of a build that was killed
            notes = [path for path in self.folder.glob("site-*") if _OURS.fullmatch(path.name)]
            notes.sort(key=lambda path: path.stat().st_mtime)
            for path in notes[:-SITES]:
                path.unlink()
            size = 0
            for name, found in packs.items():
                if name in live or _young(found):
                    size += found.st_size
                else:
                    (self.folder / "packs" / name).unlink()
            wasteful = sorted(live.keys() & packs.keys(), key=lambda name: live[name] / (packs[name].st_size or 1))
            for name in wasteful:
                if size <= UNUSED * sum(live.values()) + 2**24 and len(live) <= MANY + values // 16:
                    break
                size -= packs[name].st_size
                del live[name]
                (self.folder / "packs" / name).unlink()


def write_pack(folder: Path, values: Sequence[bytes]) -> list[Place]:
    """Keep some values in a new pack; where they are."""
    name = secrets.token_hex(8)
    _write(folder / "packs" / name, b"".join(values))
    places = []
    at = 0
    for value in values:
        places.append(Place(name, at, len(value), digest(value)))
        at += len(value)
    return places


def fetch(folder: Path, place: Place) -> bytes:
    """A value from its pack. Raises LostError if it is not what was kept."""
    try:
        with (folder / "packs" / place.pack).open("rb") as pack:
            pack.seek(place.at)
            value = pack.read(place.length)
    except OSError:
        raise LostError(place.pack) from None
    if digest(value) != place.digest:
        raise LostError(place.pack)
    return value


def decode(raw: bytes, kind: Any) -> Any:
    """The value that `encode` was given. Raises LostError if it is of another kind."""
    try:
        return msgspec.msgpack.decode(raw, type=kind)
    except msgspec.DecodeError:
        raise LostError(str(kind)) from None


def _prepare(folder: Path) -> bool:
    """Make the folder; True if it can be written. Git and backup programs are told to leave it alone."""
    try:
        tag = folder / "CACHEDIR.TAG"
        if folder.is_dir() and not tag.exists() and any(map(_foreign, (*folder.iterdir(), *folder.glob("packs/*")))):
            raise UsageError(f"{folder} 里有别的文件，不能用作缓存；请用 --cache 指定一个空的或新的文件夹")
        (folder / "packs").mkdir(parents=True, exist_ok=True)
        for path, text in ((tag, "Signature: 8a477f597d28d172789f06886806bc55\n"), (folder / ".gitignore", "*\n")):
            if not path.exists():
                _write(path, text.encode())
        return os.access(folder / "packs", os.W_OK) and os.access(folder, os.W_OK)
    except OSError:
        return False


def _foreign(path: Path) -> bool:
    """True for what no build puts into its cache before the tag (which comes last but for `.gitignore`)."""
    return path.name not in ("packs", ".gitignore", "CACHEDIR.TAG") and path.suffix != ".new"


def _young(found: os.stat_result) -> bool:
    """True for a file that a build may be about to use; one from the future may not."""
    return 0 <= time.time() - found.st_mtime < YOUNG


def _write(path: Path, body: bytes) -> None:
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        temporary.write_bytes(body)
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise
