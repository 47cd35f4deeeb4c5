"""What a PDF says, read by pypdf in a process of its own, which may use so much time and memory and no more.

A PDF can ask for any amount of both, and be read from a thousand places at once; no limit inside a process holds. It
also says things beside its pages: notes, fields of forms, its title and author, bookmarks, files, photographs.
"""

import os
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gongshi.images import has_location

MAX_PAGES = 500
MAX_CHARACTERS = 4_000_000
SECONDS = 10  # of a processor, and one more for each MiB: a small file that takes longer means harm
MEMORY = 1024 * 1024 * 1024
PATIENCE = 120  # seconds, on a machine that does much else
MAX_OBJECTS = 20_000  # notes, fields, bookmarks, pictures
MAX_FILE = 32 * 1024 * 1024  # bytes of the files in it
_DONE, _MORE = 0, 3
_LATE = (-getattr(signal, "SIGXCPU", 24), -9)  # the system ended it
_PAGE, _ASIDE, _PHOTO, _FILE, _BLANK = b"p", b"a", b"g", b"f", b"b"
_HEAD = struct.Struct(">cI")


@dataclass(slots=True)
class Read:
    """What was read: the texts of pages, others, files by name, places of photos, and why it is not all (or "").

    `late` is True if the time was over: another machine might have read more.
    """

    pages: list[str] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    photo: bool = False
    unread: str = ""
    late: bool = False


def read(raw: bytes) -> Read:
    """All that can be read of a PDF."""
    paths = os.pathsep.join(os.path.abspath(path) for path in sys.path)  # noqa: PTH100 - an empty one is the current folder
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-W", "ignore", "-c", "from gongshi.pdf import main; main()"],
            input=raw,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            env=os.environ | {"PYTHONPATH": paths},
            check=False,
        )
        output, code = done.stdout, done.returncode
    except subprocess.TimeoutExpired as late:
        output, code = late.output or b"", _LATE[0]
    except OSError:
        return Read(unread="PDF 没有读成", late=True)
    found = Read(late=code in _LATE)
    blank = 0
    for kind, part in _parts(output):
        if kind == _FILE:
            name, _, content = part.partition(b"\0")
            found.files.append((name.decode("utf-8", "replace"), content))
        elif kind == _PHOTO:
            found.photo = True
        elif kind == _BLANK:
            blank += 1
            found.pages.append("")
        else:
            (found.pages if kind == _PAGE else found.asides).append(part.decode("utf-8", "replace"))
    if code == _MORE:
        found.unread = "PDF 太长，或有的地方损坏，只看了一部分"
    elif code != _DONE:
        found.unread = "读这个 PDF 太费时间" if found.late else "PDF 损坏，或加了密码"
    elif blank:
        whole = "" if blank == len(found.pages) else f"有 {blank} 页"
        found.unread = f"PDF {whole}没有文字，多半是扫描件"
    return found


def _parts(output: bytes) -> Iterator[tuple[bytes, bytes]]:
    """What the child wrote, as far as it came."""
    at = 0
    while at + _HEAD.size <= len(output):
        kind, length = _HEAD.unpack_from(output, at)
        at += _HEAD.size
        yield kind, output[at : at + length]
        at += length


def main() -> None:
    """Read a PDF from the standard input, and write what is in it; in a process of its own."""
    raw = sys.stdin.buffer.read()
    _limit(SECONDS + len(raw) // 1024 // 1024)
    from io import BytesIO

    from pypdf import PdfReader

    document = PdfReader(BytesIO(raw))
    if document.is_encrypted and not document.decrypt(""):
        raise SystemExit(1)
    more = _write_pages(document)
    for write in (_write_notes, _write_files):
        try:
            write(document)
        except Exception:  # noqa: BLE001 - what is damaged beside the pages ends what stands beside them
            more = True
    raise SystemExit(_MORE if more else _DONE)


def _write(kind: bytes, part: str | bytes) -> None:
    part = part.encode("utf-8", "replace") if isinstance(part, str) else part
    sys.stdout.buffer.write(_HEAD.pack(kind, len(part)) + part)
    sys.stdout.buffer.flush()


def _write_pages(document: Any) -> bool:
    """The texts of the pages, and which have none; True if there are too many."""
    written = 0
    for number, page in enumerate(document.pages):
        text = page.extract_text()
        written += len(text.strip())
        if number >= MAX_PAGES or written > MAX_CHARACTERS:
            return True
        contents = page.get_contents()
        drawn = contents is not None and bool(contents.get_data().strip())
        _write(_PAGE if text.strip() or not drawn else _BLANK, text)
    return False


def _write_notes(document: Any) -> None:
    """Every text and photograph that stands beside the pages: notes, fields, bookmarks, title and author, metadata."""
    from pypdf.generic import DictionaryObject, StreamObject

    words = {"/Contents", "/V", "/DV", "/T", "/TU", "/RC", "/Title", "/Author", "/Subject", "/Keywords", "/URI"}
    for value in (document.metadata or {}).values():
        _write(_ASIDE, str(value))
    numbers = [number for table in document.xref.values() for number in table]
    numbers += list(document.xref_objStm)
    for number in sorted(set(numbers))[:MAX_OBJECTS]:
        held = document.get_object(_reference(document, number))
        if not isinstance(held, DictionaryObject):
            continue
        for key in words & set(held):
            value = held[key]
            if isinstance(value, str | bytes):
                _write(_ASIDE, str(value))
        if isinstance(held, StreamObject):
            if held.get("/Subtype") == "/XML":
                _write(_ASIDE, held.get_data().decode("utf-8", "replace"))
            elif "/DCTDecode" in str(held.get("/Filter")) and has_location(held._data):  # noqa: SLF001 - the file of a photo, not its pixels
                _write(_PHOTO, b"")
    if len(set(numbers)) > MAX_OBJECTS:
        raise ValueError


def _reference(document: Any, number: int) -> Any:
    from pypdf.generic import IndirectObject

    return IndirectObject(number, 0, document)


def _write_files(document: Any) -> None:
    written = 0
    for name, contents in document.attachments.items():
        for content in contents:
            written += len(content)
            if written > MAX_FILE:
                raise ValueError
            _write(_FILE, name.replace("\0", "").encode("utf-8", "replace") + b"\0" + content)


def _limit(seconds: int) -> None:
    """Let the system end this process when it uses too much."""
    try:
        import resource
    except ImportError:  # Windows; there is the patience of who waits
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
