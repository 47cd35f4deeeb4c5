"""A problem is a value: where it is, how bad it is, which rule found it, and what to do about it.

Functions yield problems; `report.py` alone prints them; `cli.py` alone exits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum


class Severity(StrEnum):
    """How bad a problem is: an error stops the build, a warning is told and shown."""

    ERROR = "error"
    WARNING = "warning"


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


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A clause that names the nearest known word, or nothing."""
    near = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"，是不是“{near[0]}”？" if near else ""


def has_errors(problems: Sequence[Problem], *, strict: bool = False) -> bool:
    """True if the problems forbid publishing; `strict` counts warnings too."""
    return any(strict or problem.severity is Severity.ERROR for problem in problems)
