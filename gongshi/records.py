"""What is known of each file of the published site: what it was made of, how it looks, and where it links to."""

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from gongshi.cache import Cache
from gongshi.fingerprint import digest

UNKNOWN = "重新生成了：没有上一次生成它的记录"
GONE = "重新生成了：输出文件夹里的文件不见了，或被别的程序改过"
UNCHANGED = "没有重新生成：它显示的内容、模板、网站设置和程序都没有变"
FORMAT = b"records 3"  # to be counted up when `Records` changes
PART = 8  # bytes of each of the four hashes in a key: of program, setting, template, and what is shown


class Record(msgspec.Struct, array_like=True):
    """One file. `targets` are the places that it links to: a file, or a file, a tab and an anchor, one a line."""

    key: bytes
    size: int
    mtime: int
    targets: str = ""


class Tables(msgspec.Struct, array_like=True):
    """What the files of open data consist of: the notices, their keys, and in each file how many bytes each has."""

    notices: list[str] = []
    keys: list[bytes] = []
    lengths: list[list[int]] = []  # a list for each of `outputs.data.joined()`


class Segment(msgspec.Struct, array_like=True):
    """A part of the search index: its folder, the notices in it with their keys, and how many files of lists it has."""

    name: str
    notices: list[str]
    keys: list[bytes]
    files: int


class Segments(msgspec.Struct, array_like=True):
    """The search index: the base, what has changed since it was made, and what of the base does not count any more."""

    base: Segment | None = None
    delta: Segment | None = None
    gone: list[int] = []
    offline: bool = False  # there are scripts beside the files
    since: str = ""  # the day from which on the base holds what does not count any more; empty if it does not
    withheld: int = 0  # parts of notices that are withheld


class Records(msgspec.Struct, array_like=True):
    """All files of one output folder. `state` is the hash of everything that the last build looked at."""

    state: bytes = b""
    timezone: str = ""
    pages: int = 0
    problems: bytes = b""
    files: dict[str, Record] = {}
    tables: Tables = msgspec.field(default_factory=Tables)
    search: Segments = msgspec.field(default_factory=Segments)
    sums: dict[str, str] = {}  # SHA-256 of the files of open data, by name


def recall_records(cache: Cache, output: Path) -> Records | None:
    """What is known of an output folder. Keys say which program made a file, so those of any program will do."""
    return cache.recall(_note_of(output), Records, of=FORMAT)


def remember_records(cache: Cache, output: Path, records: Records) -> None:
    """Note what is in an output folder now."""
    cache.remember(_note_of(output), records, of=FORMAT)


def _note_of(output: Path) -> str:
    return f"site-{digest(os.fsencode(os.path.realpath(output))).hex()}"


def key(program: bytes, setting: bytes, template: bytes, shown: bytes) -> bytes:
    """The key of a file."""
    return program[:PART] + setting[:PART] + template[:PART] + shown[:PART]


def stands(output: Path, file: str, record: Record) -> bool:
    """True if a file of the site is there and looks as it did when it was published."""
    try:
        found = os.lstat(f"{output}/{file}")
    except OSError:
        return False
    return found.st_size == record.size and found.st_mtime_ns == record.mtime


def reason(record: Record | None, now: bytes, origin: str, templates: Iterable[str], *, there: bool) -> str:
    """Why a page was made again, or why not, in a sentence."""
    if record is None:
        return UNKNOWN
    before = [record.key[at : at + PART] for at in range(0, 4 * PART, PART)]
    after = [now[at : at + PART] for at in range(0, 4 * PART, PART)]
    causes = (
        "程序、Python 或依赖的版本变了",
        "网站设置变了（site.yaml、pages 里的标题或 --base-url）",
        f"模板变了（{'、'.join(templates)}）",
        f"它显示的内容变了（{origin}，或其中提到的单位、地区、通报）",
    )
    changed = [cause for cause, one, other in zip(causes, before, after, strict=True) if one != other]
    if changed:
        return f"重新生成了：{'；'.join(changed)}"
    if not there:
        return GONE
    return UNCHANGED
