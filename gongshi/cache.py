"""What builds remember of the content, in a folder that may be deleted at any time.

Two kinds of files. A *note* holds one value; it is written whole under another name and then renamed, and it begins
with its hash, so nobody ever reads half of one, or one that was damaged. A *pack* holds the larger values of some files
one after another; it is written once by whoever read these files, in whatever process, and never changed; its place and
hash stand in a note. Notes are of this version of the program: those of another are not read.
"""

import os
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

T = TypeVar("T")
_encode = msgspec.msgpack.Encoder().encode
MAX_PACKS = 2_000
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
        self.folder = folder

    def close(self) -> None:
        """Delete what was only temporary."""
        if self.temporary:
            shutil.rmtree(self.folder, ignore_errors=True)

    def recall(self, name: str, kind: type[T]) -> T | None:
        """The value of a note; None if there is none that is whole and of this program."""
        try:
            raw = (self.folder / name).read_bytes()
        except OSError:
            return None
        seal, body = raw[:SIZE], raw[SIZE:]
        if seal != digest(program(), body):
            return None
        try:
            return msgspec.msgpack.decode(body, type=kind)
        except msgspec.DecodeError:
            return None

    def remember(self, name: str, value: object) -> None:
        """Write a note. One that cannot be written is left: the next build has more to do, and that is all."""
        body = _encode(value)
        with suppress(OSError):
            _write(self.folder / name, digest(program(), body) + body)

    def forget(self) -> None:
        """Delete everything that is remembered."""
        with suppress(OSError):
            for path in self.folder.iterdir():
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()
            _prepare(self.folder)

    def tidy(self, used: Iterable[Place]) -> None:
        """Delete packs of which nothing is used; if too little is used of too many bytes, delete those used least."""
        live: dict[str, int] = {}
        for place in used:
            live[place.pack] = live.get(place.pack, 0) + place.length
        with suppress(OSError):
            packs = {entry.name: entry.stat() for entry in os.scandir(self.folder / "packs")}
            old = time.time() - YOUNG
            size = 0
            for name, found in packs.items():
                if name not in live and not old < found.st_mtime <= time.time():
                    (self.folder / "packs" / name).unlink()
                else:
                    size += found.st_size
            wasteful = sorted(live.keys() & packs.keys(), key=lambda name: live[name] / packs[name].st_size)
            while wasteful and (size > UNUSED * sum(live.values()) + 2**24 or len(live) > MAX_PACKS):
                name = wasteful.pop(0)
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


def encode(value: object) -> bytes:
    """A value of the model as bytes, for notes and packs."""
    return _encode(value)


def decode(raw: bytes, kind: Any) -> Any:
    """The value that `encode` was given. Raises LostError if it is of another kind."""
    try:
        return msgspec.msgpack.decode(raw, type=kind)
    except msgspec.DecodeError:
        raise LostError(str(kind)) from None


def _prepare(folder: Path) -> bool:
    """Make the folder; True if it can be written. Git and backup programs are told to leave it alone."""
    try:
        (folder / "packs").mkdir(parents=True, exist_ok=True)
        for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n")):
            if not (folder / name).exists():
                _write(folder / name, text.encode())
        return os.access(folder / "packs", os.W_OK) and os.access(folder, os.W_OK)
    except OSError:
        return False


def _write(path: Path, body: bytes) -> None:
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        temporary.write_bytes(body)
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise
