"""A problem is a value: where it is, how bad it is, which rule found it, and what to do about it.

Functions yield problems; `report.py` alone prints them; `cli.py` alone exits.
"""

import errno
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from itertools import groupby


class Severity(StrEnum):
    """How bad a problem is: an error stops the build, a warning is told and shown, a note is only told."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file. Lines and columns count characters from 1; 0 stands for the whole file."""

    path: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that an editor has to mend (or to know of), in Chinese, with the remedy."""

    span: Span
    severity: Severity
    code: str
    message: str


class UsageError(Exception):
    """The command was called wrongly, or may not do what was asked of it (exit code 2); the text is for the user."""


_REASONS = {
    errno.ENOSPC: "磁盘满了，请腾出空间后重试",
    errno.EDQUOT: "磁盘配额满了，请腾出空间后重试",
    errno.EACCES: "没有权限，请检查文件和文件夹的权限",
    errno.EPERM: "没有权限，请检查文件和文件夹的权限",
    errno.EROFS: "文件夹是只读的，请换一个文件夹",
    errno.ENOENT: "文件不见了，请重试",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径里有一段是文件，不是文件夹",
    errno.EADDRINUSE: "端口已被占用，请用 --port 换一个",
    errno.EIO: "磁盘读写出错，请检查磁盘",
    errno.EEXIST: "这里已有同名的文件，请移走后重试",
    errno.ENOTEMPTY: "文件夹里有别的文件，请移走后重试",
    errno.ENAMETOOLONG: "文件名太长，请改短",
    errno.ELOOP: "链接绕成了圈，请删去",
    errno.EMFILE: "打开的文件太多，请关掉一些程序后重试",
    errno.EBUSY: "文件正被占用，请稍后重试",
    errno.ENOTSUP: "这个磁盘不支持这样写，请换一个文件夹",
}


def reason_in_chinese(error: OSError) -> str:
    """Why the system refused, in Chinese where editors meet it, with the remedy."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


MAX_CANDIDATES = 1_000  # to look through for the nearest word


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A clause that names the nearest known word, or nothing (also where there are too many to look through)."""
    # Words of very different lengths cannot be six tenths alike.
    alike = [each for each in known if 10 * min(len(each), len(word)) >= 3 * (len(each) + len(word))]
    near = get_close_matches(word, sorted(alike), n=1, cutoff=0.6) if len(alike) <= MAX_CANDIDATES else []
    return f"，是不是“{near[0]}”？" if near else ""


MAX_PROBLEMS = 1_000  # told of one file by what looks at it alone, and by what looks at all


def first_of(problems: Iterable[Problem]) -> list[Problem]:
    """The problems in order; of very many in one file the first, and how many more there are."""
    told: list[Problem] = []
    for path, group in groupby(sorted(set(problems)), key=lambda problem: problem.span.path):
        found = list(group)
        told += found[:MAX_PROBLEMS]
        if rest := found[MAX_PROBLEMS:]:
            worst = min((problem.severity for problem in rest), key=list(Severity).index)
            told.append(Problem(Span(path), worst, "more", f"这个文件还有 {len(rest)} 个问题；请先改正上面的"))
    return told


def has_errors(problems: Sequence[Problem], *, strict: bool = False) -> bool:
    """True if the problems forbid publishing; `strict` counts warnings too, but no notes."""
    wrong = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return any(problem.severity in wrong for problem in problems)
