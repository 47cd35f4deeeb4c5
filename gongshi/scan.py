"""What lies in the content folder: which files, of what kind, and how each looked (size, times) when it was seen."""

import contextlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gongshi.problems import Problem, Severity, Span, reason_in_chinese

MAX_DEPTH = 20  # folders in folders
SITE = "site.yaml"
REGIONS = "regions.yaml"
WORDING = "wording.yaml"  # for the health report alone
_IGNORED = re.compile(r"^(?:\.|~\$)|~$|\.(?:bak|swp|tmp)$|^(?:Thumbs\.db|README\.md)$")

_Tell = Callable[[Severity, str, str, str], None]
Stamp = tuple[int, int, int, int]  # size in bytes; times of the last change of content and of anything (ns); inode


def stamp(found: os.stat_result) -> Stamp:
    """What tells a file from itself after a change, as far as the system knows."""
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def shown(content: Path, file: str) -> str:
    """The path of a file of the content as messages print it: from where the command runs if it is below it."""
    whole = Path(os.path.abspath(content / file))  # noqa: PTH100 - a link is named, not followed
    with contextlib.suppress(ValueError):
        whole = whole.relative_to(Path.cwd())
    return whole.as_posix()


@dataclass(slots=True)
class Files:
    """What lies there: each file as its path below the content folder, with `/`, in a fixed order, and its stamp."""

    stamps: dict[str, Stamp] = field(default_factory=dict)  # of every regular file
    agencies: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    beside: dict[str, list[str]] = field(default_factory=dict)  # folder of attachments → names
    problems: list[Problem] = field(default_factory=list)


def scan(content: Path) -> Files:
    """Look through a content folder. Links, devices and files in the wrong place are problems."""
    files = Files()
    place = shown(content, "")

    def tell(severity: Severity, path: str, code: str, message: str) -> None:
        where = f"{place}/{path}" if path else place
        files.problems.append(Problem(Span(where), severity, code, message))

    for path, found in sorted(_walk(content, "", tell)):
        files.stamps[path] = found
        folder, _, name = path.rpartition("/")
        top = path.partition("/")[0]
        if path in (SITE, REGIONS, WORDING):
            continue
        if folder == "agencies" and name.endswith(".yaml"):
            files.agencies.append(path)
        elif folder == "pages" and name.endswith(".md"):
            files.pages.append(path)
        elif top == "notices" and name.endswith(".yaml"):
            files.notices.append(path)
        elif name.lower().endswith((".yml", ".yaml")):
            message = f"扩展名应是小写的 .yaml；请改名为 {Path(name).stem}.yaml"
            tell(Severity.ERROR, path, "stray-file", message)
        elif top == "notices" and folder != top:
            files.beside.setdefault(folder, []).append(name)
        elif top in ("agencies", "pages") and folder != top:
            message = f"{top} 里不能再分文件夹；请把文件直接放在 {top} 里"
            tell(Severity.ERROR, path, "stray-file", message)
        else:
            message = "这个文件不会公开；请移到 agencies、notices 或 pages 里，或删去"
            tell(Severity.WARNING, path, "stray-file", message)
    return files


def _walk(content: Path, folder: str, tell: _Tell) -> Iterator[tuple[str, Stamp]]:
    if folder.count("/") >= MAX_DEPTH:
        tell(Severity.ERROR, folder, "too-deep", f"文件夹套了 {MAX_DEPTH} 层以上；请往上移")
        return
    try:
        with os.scandir(content / folder) as found_there:
            entries = list(found_there)
    except OSError as error:
        tell(Severity.ERROR, folder, "unreadable", f"读不了这个文件夹：{reason_in_chinese(error)}")
        return
    for entry in entries:
        if _IGNORED.search(entry.name):
            continue
        path = f"{folder}/{entry.name}" if folder else entry.name
        if (printable := path.encode(errors="backslashreplace").decode()) != path:
            tell(Severity.ERROR, printable, "bad-file-name", "文件名不是 UTF-8 编码；请改名")
            continue
        try:
            found = entry.stat(follow_symlinks=False)
        except OSError:
            continue  # it vanished between two looks
        if stat.S_ISREG(found.st_mode):
            yield path, stamp(found)
        elif stat.S_ISDIR(found.st_mode):
            yield from _walk(content, path, tell)
        elif stat.S_ISLNK(found.st_mode):
            tell(Severity.ERROR, path, "symlink", "不支持链接文件；请放入文件本身")
        else:
            tell(Severity.ERROR, path, "unreadable", "这不是普通文件；请删去")
