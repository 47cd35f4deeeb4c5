"""`verify PLACE`: is a published copy, in a folder or on the web, what the manifest says?

Files are hashed as they come, a few at once, so neither their number nor their size needs memory. A server is asked for
every file under the address at which the public finds it, and never led to another host. What it sends packed is
unpacked; a file counts as the same if what was sent, or what it unpacks to, has its hash.
"""

import hashlib
import os
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from gongshi import manifest, urls
from gongshi.options import Progress
from gongshi.problems import UsageError
from gongshi.publish import PRIVATE

AT_ONCE = 8  # connections
SECONDS = 30  # without a byte from the server
SLOW = 900  # seconds that one file may take
REDIRECTS = 5
MAX_BODY = 2**32  # bytes of one file, sent or unpacked
BLOCK = 2**16
_FOUND, _NOT_FOUND, _GONE = 200, 404, 410
_MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(slots=True)
class Verdict:
    """What was compared: how many files, and those that are not as the manifest says."""

    files: int
    itself: bool  # it was compared with its own manifest alone
    missing: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)  # in a folder
    unread: dict[str, str] = field(default_factory=dict)  # and why

    @property
    def same(self) -> bool:
        """True if everything is there, and nothing else."""
        return not (self.missing or self.changed or self.extra or self.unread)


class Copy(Protocol):
    """A published copy."""

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a file. Raises UsageError if it cannot be had."""

    def hashes(self, name: str) -> set[str]:
        """The hashes that a file can be said to have; none if it is not there. Raises OSError or HTTPError."""


def verify(place: str, known: Path | None, progress: Progress) -> Verdict:
    """Compare a copy with a manifest, or with its own if there is none.

    Raises UsageError if the copy cannot be looked at, or the manifest is none.
    """
    copy: Copy = Web(place) if place.startswith(("http://", "https://")) else Folder(Path(place))
    if known is not None:
        with known.open("rb") as file:
            expected = manifest.read(_bounded(file), str(known))
            file.seek(0)
            expected[urls.MANIFEST] = hashlib.file_digest(file, "sha256").hexdigest()
        try:
            copy.hashes(urls.MANIFEST)
        except (OSError, HTTPError) as error:
            raise UsageError(_no_answer(place, error)) from None
    else:
        expected = manifest.read(_bounded(copy.lines(urls.MANIFEST)), f"{place} 的 {urls.MANIFEST}")
    verdict = Verdict(len(expected), itself=known is None)
    for name, found, why in progress("核对", _hashed(copy, expected)):
        if why:
            verdict.unread[name] = why
        elif not found:
            verdict.missing.append(name)
        elif expected[name] not in found:
            verdict.changed.append(name)
    verdict.missing.sort()
    verdict.changed.sort()
    if isinstance(copy, Folder):
        verdict.extra = sorted(copy.others(expected))
    return verdict


def _no_answer(place: str, error: Exception) -> str:
    return f"读不了 {place}（{_short(error)}）；请核对网址和网络"


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _bounded(lines: Iterable[bytes]) -> Iterator[bytes]:
    left = manifest.MAX_BYTES
    for line in lines:
        left -= len(line)
        if left < 0:
            raise UsageError(f"清单超过 {manifest.MAX_BYTES // 2**20} MiB；这不是本程序写的清单")
        yield line


def _hashed(copy: Copy, names: Iterable[str]) -> Iterator[tuple[str, set[str], str]]:
    """Every file with its hashes, and why it could not be read if so; few are waited for at once."""

    def look(name: str) -> tuple[str, set[str], str]:
        try:
            return name, copy.hashes(name), ""
        except (OSError, HTTPError) as error:
            return name, set(), _short(error)

    names = iter(names)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting: set[Future[tuple[str, set[str], str]]] = set()
        try:
            while True:
                waiting |= {pool.submit(look, name) for name in islice(names, 4 * AT_ONCE - len(waiting))}
                if not waiting:
                    return
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        finally:
            for future in waiting:
                future.cancel()


class Folder:
    """A copy in a folder."""

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise UsageError(f"找不到文件夹 {root}；请写网站所在的文件夹，或以 http:// 或 https:// 开头的网址")
        self.root = root

    def lines(self, name: str) -> Iterator[bytes]:
        """As for any copy."""
        try:
            with (self.root / name).open("rb") as file:
                yield from iter(lambda: file.readline(BLOCK), b"")
        except OSError:
            raise UsageError(f"{self.root} 里没有 {name}；请用 --manifest 指定一份清单") from None

    def hashes(self, name: str) -> set[str]:
        """As for any copy. A link, a folder or a device is no published file."""
        path = self.root / name
        if path.is_symlink() or not path.is_file():
            return set()
        with path.open("rb") as file:
            return {hashlib.file_digest(file, "sha256").hexdigest()}

    def others(self, known: Mapping[str, str]) -> Iterator[str]:
        """Files that are not known; what the program keeps for itself is no part of a copy."""
        for place, folders, names in os.walk(self.root):
            at = Path(place).relative_to(self.root)
            if at == Path():
                folders[:] = [folder for folder in folders if folder != PRIVATE]
            files = ((at / name).as_posix() for name in names)
            yield from (file for file in files if file not in known and file != urls.MANIFEST)


class Web:
    """A copy on the web."""

    def __init__(self, address: str) -> None:
        try:
            parts = urlsplit(address)
            right = bool(parts.hostname) and not (parts.query or parts.fragment or parts.username)
            self.host = (parts.hostname, parts.port)
        except ValueError:
            right = False
        if not right:
            raise UsageError(f"“{address}”不是网站的网址；请写成 https://example.cn/ 或 https://example.cn/gs/")
        self.base = address if address.endswith("/") else f"{address}/"
        timeout = urllib3.Timeout(connect=SECONDS, read=SECONDS)
        headers = {"Accept-Encoding": "identity", "User-Agent": "gongshi verify"}
        retries = urllib3.Retry(total=None, connect=1, read=1, redirect=0, status=0, other=0, raise_on_redirect=False)
        self.pool = urllib3.PoolManager(2, headers, maxsize=AT_ONCE, block=True, timeout=timeout, retries=retries)

    def lines(self, name: str) -> Iterator[bytes]:
        """As for any copy."""
        try:
            with self._get(name) as answer:
                if answer.status != _FOUND:
                    raise UsageError(
                        f"{self.base}{name} 打不开（{answer.status}）；请核对网址，或用 --manifest 指定一份清单"
                    )
                rest = b""
                for block in _unpacked(answer, _blocks(answer)):
                    *whole, rest = (rest + block).split(b"\n")
                    yield from (line + b"\n" for line in whole)
                    if len(rest) > BLOCK:
                        break  # no line is that long
                if rest:
                    yield rest
        except (OSError, HTTPError, zlib.error) as error:
            raise UsageError(_no_answer(self.base, error)) from None

    def hashes(self, name: str) -> set[str]:
        """As for any copy: of what was sent, and of what it unpacks to."""
        with self._get(name) as answer:
            if answer.status in (_NOT_FOUND, _GONE) and name != urls.NOT_FOUND:
                return set()
            if answer.status != _FOUND and name != urls.NOT_FOUND:
                raise HTTPError(f"服务器答复 {answer.status}")
            sent, unpacked = hashlib.sha256(), hashlib.sha256()

            def noted() -> Iterator[bytes]:
                for block in _blocks(answer):
                    sent.update(block)
                    yield block

            blocks = noted()
            try:
                for block in _unpacked(answer, blocks):
                    unpacked.update(block)
            except zlib.error:
                unpacked = sent  # it is not packed, whatever the server says
                for _ in blocks:
                    pass
            return {sent.hexdigest(), unpacked.hexdigest()}

    def _get(self, name: str) -> Any:
        """The answer to the request for a file, after redirects on the same host."""
        folder = name.removesuffix("index.html") if name.endswith("/index.html") or name == "index.html" else name
        address = self.base + quote(folder)
        for _ in range(REDIRECTS):
            answer = self.pool.request("GET", address, redirect=False, preload_content=False, decode_content=False)
            if answer.status not in _MOVED:
                return answer
            answer.drain_conn()
            answer.release_conn()
            address = urljoin(address, answer.headers.get("Location", ""))
            parts = urlsplit(address)
            if parts.scheme not in ("http", "https") or parts.hostname != self.host[0]:
                raise HTTPError(f"转到了别的网站：{address[:100]}")
        raise HTTPError("一再转到别处")


def _blocks(answer: Any) -> Iterator[bytes]:
    size, began = 0, time.monotonic()
    for block in answer.stream(BLOCK, decode_content=False):
        size += len(block)
        if size > MAX_BODY or time.monotonic() - began > SLOW:
            raise HTTPError("文件太大，或传得太慢")
        yield block


def _unpacked(answer: Any, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """What was sent, as a browser would have it. Raises zlib.error if it cannot be unpacked."""
    kind = answer.headers.get("Content-Encoding", "").strip().lower()
    if kind in ("", "identity"):
        yield from blocks
        return
    if kind not in ("gzip", "x-gzip", "deflate"):
        raise zlib.error(kind)
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    left = MAX_BODY
    for block in blocks:
        rest = block
        while rest:
            made = unpacker.decompress(rest, BLOCK)
            rest = unpacker.unconsumed_tail
            left -= len(made)
            if left < 0:
                raise HTTPError("文件太大")
            yield made
    yield unpacker.flush()


_REASONS: tuple[tuple[str, Callable[[Verdict], Iterable[str]]], ...] = (
    ("缺少", lambda verdict: verdict.missing),
    ("不同", lambda verdict: verdict.changed),
    ("多出", lambda verdict: verdict.extra),
    ("没能核对", lambda verdict: (f"{name}（{why}）" for name, why in sorted(verdict.unread.items()))),
)


def report(verdict: Verdict, place: str) -> str:
    """The verdict in words: one line for each file that is not as it should be, and what follows."""
    lines = [f"{what}：{_printable(name)}" for what, files in _REASONS for name in files(verdict)]
    counts = [f"{what} {n} 个" for what, files in _REASONS if (n := sum(1 for _ in files(verdict)))]
    if verdict.same:
        lines.append(f"{place} 与清单一致：{verdict.files} 个文件。")
    else:
        lines.append(f"{place} 与清单不一致：清单有 {verdict.files} 个文件，{'，'.join(counts)}。")
    if verdict.itself:
        lines.append(
            "注意：没有自己生成的网站，只好用这份副本自带的清单，只能说明它自己前后一致，不能说明没有被改过；"
            "请先用源文件生成网站，或用 --manifest 指定另外得到的清单。"
        )
    return "\n".join([*lines, ""])


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name)
