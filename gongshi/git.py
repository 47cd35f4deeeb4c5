"""What git knows of a folder: its commits, and what files were in each. Git is only asked, never told anything.

Git runs without a pager, hooks or any other program of a repository's configuration, fetches nothing, takes no locks
and speaks English. What it prints is bounded in time; names come with NUL, so they may hold anything.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LAST = 253_000_000_000  # seconds since 1970: a commit may say any time, and a calendar ends
SECONDS = 600  # that one question may take: the first log of a very long history
_KEPT = ("PATH", "HOME", "XDG_CONFIG_HOME", "SYSTEMROOT", "USERPROFILE", "TMPDIR", "TEMP")  # of our own environment
_FIXED = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",  # what older versions of git know instead
}
_SETTINGS = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "log.showSignature": "false",
    "log.diffMerges": "first-parent",
    "log.follow": "false",
    "gc.auto": "0",
}
_QUESTION = (
    "git",
    "--no-pager",
    "--no-replace-objects",
    "--literal-pathspecs",
    *(part for key, value in _SETTINGS.items() for part in ("-c", f"{key}={value}")),
)
_LOG = ("log", "--first-parent", "-m", "--raw", "-z", "--no-renames", "--no-abbrev", "--no-color", "--no-ext-diff",
        "--reverse", "--format=%x01%H %ct")  # fmt: skip


class GitError(Exception):
    """Git did not answer: it took too long, or the repository is damaged or of somebody else. The text is git's."""


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository that a folder lies in: the commit that is checked out, and where the folder is in it."""

    folder: Path
    head: str
    prefix: bytes  # of the folder in the repository: empty, or it ends with a slash
    shallow: bool  # it has not all of its history


@dataclass(frozen=True, slots=True)
class Touched:
    """A file that a commit changed: its path below the folder, and its blob before and after (None: none)."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit and the files that it changed."""

    name: str
    time: int  # seconds since 1970: when it was committed
    files: tuple[Touched, ...]


def find(folder: Path) -> Repository | None:
    """The repository of a folder; None if there is no git, no repository, or no commit in it.

    Raises GitError if git refuses to look at it, as it does when it belongs to somebody else.
    """
    asked = ("rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--show-prefix", "HEAD")
    try:
        done = subprocess.run(  # noqa: S603
            [*_QUESTION, *asked], cwd=folder, env=_environment(), capture_output=True, check=False, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        raise GitError(f"no answer in {SECONDS} s") from None
    except OSError:
        return None  # there is no git
    if done.returncode:
        said = done.stderr.decode(errors="replace")
        if "dubious ownership" in said or "unsafe repository" in said:
            raise GitError(said)
        return None
    inside, shallow, *prefix, head = done.stdout.rstrip(b"\n").split(b"\n")
    if inside != b"true":
        return None
    return Repository(folder, head.decode(), b"\n".join(prefix), shallow != b"false")


def commits(repository: Repository, below: str, since: str = "") -> Iterator[Commit]:
    """The commits that changed files in a folder, oldest first; with `since`, those after that commit.

    Of a merge only its first parent counts: what was merged came when it was merged, and drafts on a branch are
    nobody's business. Raises GitError.
    """
    span = f"{since}..{repository.head}" if since else repository.head
    with tempfile.TemporaryFile() as out:
        _run(repository, [*_LOG, span, "--", below], out)
        yield from _parsed(_fields(out), repository.prefix)


def leads_to(repository: Repository, commit: str) -> bool:
    """True if a commit is the head, or before it on its line of first parents."""
    with tempfile.TemporaryFile() as out:
        try:
            _run(repository, ["rev-list", "--first-parent", "--parents", f"{commit}..{repository.head}", "--"], out)
        except GitError:
            return False  # it is not there any more
        lines = out.read().split(b"\n")
    last = lines[-2].split() if len(lines) > 1 else []
    return repository.head == commit or (len(last) > 1 and last[1].decode() == commit)


def blobs(repository: Repository, names: Iterable[str], limit: int) -> Iterator[tuple[str, bytes]]:
    """The contents of blobs, without those that are not there or have more than `limit` bytes. Raises GitError."""
    began = time.monotonic()
    with subprocess.Popen(  # noqa: S603
        [*_QUESTION, "cat-file", "--batch"],
        cwd=repository.folder,
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            if process.stdin is None or process.stdout is None:
                raise GitError("no pipe")
            for name in names:
                process.stdin.write(f"{name}\n".encode())
                process.stdin.flush()
                head = process.stdout.readline().split()
                if not head or time.monotonic() - began > SECONDS:
                    raise GitError("it stopped" if not head else f"no answer in {SECONDS} s")
                if head[-1] == b"missing":
                    continue
                content = _read(process.stdout, int(head[2]), limit)
                if content is not None and head[1] == b"blob":
                    yield name, content
        except OSError as error:
            raise GitError(str(error)) from None
        finally:
            process.kill()


def _read(source: IO[bytes], size: int, limit: int) -> bytes | None:
    """An object and the line break behind it; None, having read past it, if it is too large."""
    if size <= limit:
        content = source.read(size + 1)
        if len(content) <= size:
            raise GitError("it stopped")
        return content[:-1]
    left = size + 1
    while left and (skipped := source.read(min(left, 2**16))):
        left -= len(skipped)
    return None


def _environment() -> dict[str, str]:
    """Nothing of git's own from outside: a hook sets `GIT_DIR`, and it would be another repository's."""
    return {name: os.environ[name] for name in _KEPT if name in os.environ} | _FIXED


def _run(repository: Repository, question: list[str], out: IO[bytes]) -> None:
    try:
        done = subprocess.run(  # noqa: S603
            [*_QUESTION, *question],
            cwd=repository.folder,
            env=_environment(),
            stdout=out,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise GitError(f"no answer in {SECONDS} s") from None
    except OSError as error:
        raise GitError(str(error)) from None
    if done.returncode:
        raise GitError(done.stderr.decode(errors="replace"))
    out.seek(0)


def _fields(out: IO[bytes]) -> Iterator[bytes]:
    """What stands between NULs."""
    rest = b""
    while block := out.read(2**20):
        *whole, rest = (rest + block).split(b"\0")
        yield from whole


def _parsed(fields: Iterator[bytes], prefix: bytes) -> Iterator[Commit]:
    name, when, files = "", 0, list[Touched]()
    for field in fields:
        field = field.lstrip(b"\n")  # noqa: PLW2901
        if field.startswith(b"\x01"):
            if files:
                yield Commit(name, when, tuple(files))
            written, _, seconds = field[1:].decode().partition(" ")
            name, when, files = written, min(max(int(seconds or 0), 0), LAST), []
        elif field.startswith(b":"):
            path = next(fields, b"")
            *modes, old, new, _ = field[1:].decode().split(" ")
            # Links and submodules are no files.
            before, after = (
                blob if mode.startswith("100") else None for mode, blob in zip(modes, (old, new), strict=True)
            )
            if path.startswith(prefix):
                files.append(Touched(path.removeprefix(prefix).decode(errors="replace"), before, after))
    if files:
        yield Commit(name, when, tuple(files))
