"""One file of the content becomes one value: a pure function of its bytes (and, for notices, of the status vocabulary).

This runs in worker processes. Problems of a file name no file: whoever asked knows which it is. What is large goes into
a pack of the cache and only its place comes back.
"""

import dataclasses
import hashlib
import os
import re
import stat
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from gongshi import model, text
from gongshi.cache import Place, encode, write_pack
from gongshi.checks import check_notice, check_source
from gongshi.checks.privacy import check_page, find
from gongshi.decode import Report, decode, decode_regions, field_names
from gongshi.derive.rows import summarise
from gongshi.fingerprint import digest
from gongshi.inside import look_inside
from gongshi.privacy import personal
from gongshi.problems import Problem, Severity, Span, first_of, has_errors, reason_in_chinese
from gongshi.registers import RegisterError, read_register
from gongshi.scan import Stamp, stamp
from gongshi.source import MAX_BYTES, Node, decode_text, parse_yaml
from gongshi.totals import Words

Kind = Literal["site", "regions", "agency", "page", "notice", "attachment"]
T = TypeVar("T")

MAX_ATTACHMENT = 32 * 1024 * 1024
TRIES = 3  # to read a file that changes meanwhile
UNCERTAIN: Stamp = (0, 0, 0, 0)  # of a file that may change again without looking different
_RECENT = 2 * 10**9  # ns: file systems tell times this far apart, and clocks differ


class Source(msgspec.Struct, array_like=True):
    """What was read from a file: how the file looked, the hash of its bytes, and what they say.

    `value` is encoded (empty: the file holds nothing that can be used), as are `problems` (empty: there are none).
    """

    stamp: Stamp
    digest: bytes
    value: bytes
    problems: bytes
    # of a notice: itself, its detail and its promises; of an attachment: its rows, and what in it is personal
    parts: tuple[Place, ...] = ()
    late: bool = False  # there was no time to read all of it: it is read again by the next build


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to read; `known` is the hash that its bytes had when it was read last, if it was."""

    file: str
    kind: Kind
    known: bytes = b""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one file: `source` is None if it has not changed, or if it cannot be read at all (then see why)."""

    file: str
    stamp: Stamp = UNCERTAIN
    source: Source | None = None
    unreadable: Problem | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """What the bytes of a file say; `parts` are values too large to stay in memory."""

    value: object
    problems: Sequence[Problem]
    parts: tuple[bytes, ...] = ()
    late: bool = False  # another time might have come to more


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads files of one content folder into one cache; `words` is the site's vocabulary."""

    content: Path
    cache: Path
    words: Words

    def __call__(self, wanted: Sequence[Wanted]) -> list[Reading]:
        """Read some files; what is large in all of them goes into one pack."""
        readings = []
        values: list[tuple[str, Stamp, bytes, Value]] = []
        for each in wanted:
            try:
                raw, looks = _read(self.content / each.file, MAX_ATTACHMENT if each.kind == "attachment" else MAX_BYTES)
            except _Unreadable as refusal:
                readings.append(Reading(each.file, unreadable=refusal.problem))
                continue
            found = digest(raw)
            if found == each.known:
                readings.append(Reading(each.file, looks))
            else:
                values.append((each.file, looks, found, READERS[each.kind](raw, each.file, self.words)))
        parts = [part for *_, value in values for part in value.parts]
        places = iter(write_pack(self.cache, parts) if parts else ())
        for file, looks, found, value in values:
            source = Source(
                stamp=looks,
                digest=found,
                value=b"" if value.value is None else encode(value.value),
                problems=encode(first_of(value.problems)) if value.problems else b"",
                parts=tuple(next(places) for _ in value.parts),
                late=value.late,
            )
            readings.append(Reading(file, looks, source))
        return readings


def _notice(raw: bytes, file: str, words: Words) -> Value:
    sha256 = hashlib.sha256(raw).hexdigest()
    made = partial(decode, model.Notice, id=Path(file).stem, sha256=sha256, blob=blob_of(raw))
    notice, problems = _typed(raw, made)
    if notice is None:
        return Value(None, problems)
    problems += check_notice(notice, words, damaged=has_errors(problems))
    row, detail = summarise(notice, words)
    row = dataclasses.replace(row, private=find(notice, raw))
    html = text.long_ones(filter(None, (getattr(value, key) for value, key in notice.prose())))
    return Value(row, problems, (encode((notice, html)), encode(detail), encode(detail.promised)))


def read_notice(raw: bytes) -> model.Notice | None:
    """A notice of another time, without id; None if its file has errors."""
    notice, problems = _typed(raw, partial(decode, model.Notice))
    return None if has_errors(problems) else notice


def blob_of(raw: bytes) -> str:
    """What git calls a text file with these bytes, once their line ends are those of Unix."""
    plain = raw.replace(b"\r\n", b"\n")
    return hashlib.sha1(b"blob %d\0%b" % (len(plain), plain), usedforsecurity=False).hexdigest()


def _checked(raw: bytes, value: model.Agency | model.Site | None, problems: list[Problem]) -> Value:
    return Value(value, [*problems, *check_source(value, raw)] if value else problems)


def _agency(raw: bytes, file: str, words: Words) -> Value:
    return _checked(raw, *_typed(raw, partial(decode, model.Agency, id=Path(file).stem)))


def _site(raw: bytes, file: str, words: Words) -> Value:
    return _checked(raw, *_typed(raw, partial(decode, model.Site)))


def _regions(raw: bytes, file: str, words: Words) -> Value:
    regions, problems = _typed(raw, decode_regions)
    if any(next(personal(region.name), None) for region in (regions or {}).values()):
        problems += check_page("", raw.decode("utf-8-sig", "replace"))
    return Value(regions, problems)


def _page(raw: bytes, file: str, words: Words) -> Value:
    decoded, problems = decode_text(raw, "")
    if decoded is None:
        return Value(None, problems)
    heading, _, body = decoded.lstrip("\n").partition("\n")
    match = re.fullmatch(r"# (.+)", heading.strip())
    if text.too_involved(body.strip("\n")):
        message = "正文太长，或排版记号太多、嵌套太深；请分成几页，或删去多余的记号"
        return Value(None, [*problems, Problem(Span("", 2, 1), Severity.ERROR, "too-involved", message)])
    if not match:
        message = "第一行应是页面的标题，写成“# 标题”"
        return Value(None, [*problems, Problem(Span("", 1, 1), Severity.ERROR, "page-title", message)])
    problems += check_page(Path(file).stem, decoded)
    return Value(model.Page(Path(file).stem, match.group(1).strip(), body, ""), problems)


def _attachment(raw: bytes, file: str, words: Words) -> Value:
    name = Path(file).name
    try:
        rows = read_register(name, raw)
    except RegisterError as reason:
        message = f"{reason}；请重新导出后再放入"
        return Value(None, [Problem(Span(""), Severity.ERROR, "bad-register", message)])
    inside = look_inside(name, raw, rows)
    return Value(len(raw), [], (encode(rows),) if inside.empty else (encode(rows), encode(inside)), inside.late)


READERS: dict[Kind, Callable[[bytes, str, Words], Value]] = {
    "site": _site,
    "regions": _regions,
    "agency": _agency,
    "page": _page,
    "notice": _notice,
    "attachment": _attachment,
}


def _typed(raw: bytes, typed: Callable[[Node | None, Report], T]) -> tuple[T | None, list[Problem]]:
    """A YAML file as a value of the model, without what is wrong."""
    parsed = parse_yaml(raw, "", field_names())
    if parsed.root is None and has_errors(parsed.problems):
        return None, list(parsed.problems)
    report = Report("")
    value = typed(parsed.root, report)
    return value, [*parsed.problems, *report.problems]


class _Unreadable(Exception):  # noqa: N818 - no mistake of the program
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(Span(""), Severity.ERROR, code, message)


def _read(path: Path, limit: int) -> tuple[bytes, Stamp]:
    """The bytes of a regular file that is not too large, as they are at one time, and how it looks."""
    try:
        for _ in range(TRIES):
            now = time.time_ns()
            with open(path, "rb", opener=_open) as file:
                before = os.fstat(file.fileno())
                if not stat.S_ISREG(before.st_mode):
                    raise _Unreadable("unreadable", "这不是普通文件；请放入文件本身")
                if before.st_size > limit:
                    raise _Unreadable("too-large", f"文件超过 {limit // 1024 // 1024} MiB；请压缩或拆开")
                raw = file.read(limit + 1)
                looks = stamp(os.fstat(file.fileno()))
            if looks == stamp(before) and len(raw) == looks[0]:
                return raw, looks if max(looks[1:3]) < now - _RECENT else UNCERTAIN
    except FileNotFoundError:
        raise _Unreadable("missing-file", "缺少这个文件；请新建，写法见编辑手册") from None
    except OSError as error:
        raise _Unreadable("unreadable", f"读不了这个文件：{reason_in_chinese(error)}") from None
    raise _Unreadable("unreadable", "这个文件正在被改动；请等它写完后重试")


def _open(path: str, flags: int) -> int:
    """Open a file that is no link, and do not wait for one that is no file."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
