"""Problems as text for people, JSON for programs, and what GitHub, GitLab and code scanners show beside a line.

Only this module prints them.
"""

import json
import re
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gongshi import __version__
from gongshi.fingerprint import digest
from gongshi.problems import Problem, Severity

SARIF = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_text(problems: Sequence[Problem]) -> str:
    """One line a problem: `path:line:column: error: … [code]`; 1:1 where the whole file is meant."""
    return "".join(f"{place(p)}: {p.severity}: {_printable(p.message)} [{p.code}]\n" for p in problems)


def as_json(problems: Sequence[Problem]) -> str:
    """A list of objects; line and column are 0 where the whole file is meant."""
    records = [
        {
            "path": p.span.path,
            "line": p.span.line,
            "column": p.span.column,
            "severity": str(p.severity),
            "code": p.code,
            "message": p.message,
        }
        for p in problems
    ]
    return json.dumps(records, ensure_ascii=False, indent=2) + "\n"


_GITHUB = {Severity.NOTE: "notice"}  # the others are called as we call them


def as_github(problems: Sequence[Problem]) -> str:
    """Workflow commands that GitHub shows beside the line."""
    return "".join(
        f"::{_GITHUB.get(p.severity, p.severity)} "
        f"file={_property(p.span.path)},line={max(1, p.span.line)},col={max(1, p.span.column)},"
        f"title={_property(p.code)}::{_data(p.message)}\n"
        for p in problems
    )


_GITLAB = {"error": "critical", "warning": "minor"}  # all else is for information


def as_gitlab(problems: Sequence[Problem]) -> str:
    """A Code Quality report: GitLab shows it in a merge request, and what of it is new."""
    records = [
        {
            "description": p.message,
            "check_name": p.code,
            "fingerprint": fingerprint,
            "severity": _GITLAB.get(str(p.severity), "info"),
            "location": {"path": p.span.path, "lines": {"begin": max(1, p.span.line)}},
        }
        for p, fingerprint in _fingerprinted(problems)
    ]
    return json.dumps(records, ensure_ascii=False, indent=2) + "\n"


def as_sarif(problems: Sequence[Problem]) -> str:
    """A SARIF 2.1.0 log, as code scanning of GitHub and editors read it. Columns count characters, as ours do."""
    codes = sorted({p.code for p in problems})
    results = [
        {
            "ruleId": p.code,
            "ruleIndex": codes.index(p.code),
            "level": str(p.severity),
            "message": {"text": p.message},
            "locations": [{"physicalLocation": _physical(p)}],
            "partialFingerprints": {"gongshi/v1": fingerprint},
        }
        for p, fingerprint in _fingerprinted(problems)
    ]
    driver = {"name": "gongshi", "version": __version__, "rules": [{"id": code} for code in codes]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SARIF, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _physical(problem: Problem) -> dict[str, Any]:
    span = problem.span
    if Path(span.path).is_absolute():
        place: dict[str, Any] = {"artifactLocation": {"uri": "file://" + quote(span.path)}}
    else:
        place = {"artifactLocation": {"uri": quote(span.path), "uriBaseId": "%SRCROOT%"}}
    if span.line:
        place["region"] = {"startLine": span.line, "startColumn": max(1, span.column)}
    return place


def _fingerprinted(problems: Sequence[Problem]) -> Iterator[tuple[Problem, str]]:
    """Each problem with a name that it keeps when lines above it come and go; equal ones of a file are counted."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for problem in problems:
        same = (problem.span.path, problem.code, re.sub(r"第 \d+ [行组]", "", problem.message))
        seen[same] += 1
        yield problem, digest(*(part.encode() for part in (*same, str(seen[same])))).hex()


FORMATS: dict[str, Callable[[Sequence[Problem]], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "gitlab": as_gitlab,
    "sarif": as_sarif,
}


def counted(problems: Sequence[Problem]) -> str:
    """How many errors, warnings and notes there are, in words."""
    found = Counter(p.severity for p in problems)
    names = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.NOTE: "说明"}
    return "、".join(f"{found[severity]} 个{name}" for severity, name in names.items() if found[severity])


def bug(error: BaseException) -> str:
    """Write what the maintainers need to know of a bug to a file, and say in Chinese where it is."""
    with tempfile.NamedTemporaryFile("w", prefix="gongshi-", suffix=".log", delete=False, encoding="utf-8") as log:
        trace = "".join(traceback.format_exception(error))
        log.write(f"gongshi {__version__}, Python {sys.version}\n{' '.join(sys.argv)}\n\n{trace}")
    return f"程序出错了，这不是内容的错误；请把 {log.name} 发给维护者"


def place(problem: Problem) -> str:
    """Where a problem is, as `path:line:column`."""
    span = problem.span
    return f"{_printable(span.path)}:{max(1, span.line)}:{max(1, span.column)}"


def _printable(text: str) -> str:
    """Text that cannot move the cursor, begin a line or turn the direction of writing."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
