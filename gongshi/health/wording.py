"""Faults of wording that editors make again and again, each with its correction; `content/wording.yaml` adds to them.

The list is short on purpose: what is wrong wherever it stands, or (`AMONG`) among certain words. Source: standards.md,
"Faults worth a warning" (巡查整改 in notice 004, 坚绝 in 003, 截止目前), and slips of input methods.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gongshi.corpus import Corpus
from gongshi.problems import Problem, Severity, Span, reason_in_chinese
from gongshi.scan import REGIONS, WORDING
from gongshi.source import MAX_BYTES, Scalar, parse_yaml
from gongshi.source import Mapping as Node

Corrections = Mapping[str, str]

BUILT_IN: Corrections = {
    "巡查整改": "巡察整改",
    "市委巡查": "市委巡察",
    "县委巡查": "县委巡察",
    "截止目前": "截至目前",
    "截止到目前": "截至目前",
    "坚绝": "坚决",
    "布署": "部署",
    "松驰": "松弛",
    "举一返三": "举一反三",
    "再接再励": "再接再厉",
    "一愁莫展": "一筹莫展",
    "应急予案": "应急预案",
}
# 巡查 is a patrol: `安全巡查整改` is right. After one of these, and where a sentence begins, the inspection is meant.
AMONG: Mapping[str, str] = {
    "巡查整改": r"(?:(?<!\w)|(?<=[委轮将把对就好实进]))巡查整改",
    "布署": r"(?<![公发])布署(?!名)",  # 公布署名文章
}
MAX_ENTRIES = 2_000
LENGTHS = range(2, 21)  # characters of a wrong word: one alone is wrong nowhere


@dataclass(frozen=True, slots=True)
class Words:
    """The faults to look for, and what was wrong with the editors' list of them."""

    corrections: Corrections
    patterns: Corrections = field(default_factory=lambda: dict(AMONG))  # of a word that is right elsewhere
    problems: list[Problem] = field(default_factory=list)


def read(content: Path, shown: str) -> Words:
    """The built-in list with what `wording.yaml` adds, changes or (a word corrected to itself) takes away."""
    corrections = dict(BUILT_IN)
    try:
        with (content / WORDING).open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return Words(corrections)
    except OSError as error:
        message = f"读不了这个文件：{reason_in_chinese(error)}"
        return Words(corrections, problems=[Problem(Span(shown), Severity.ERROR, "unreadable", message)])
    parsed = parse_yaml(raw, shown)
    problems = list(parsed.problems)
    patterns = dict(AMONG)
    root = parsed.root
    if root is not None and not isinstance(root, Node):
        message = "这里应当是“错的: 对的”，一行一个，例如 坚绝: 坚决"
        problems.append(Problem(Span(shown, root.line, root.column), Severity.ERROR, "bad-wording", message))
    for wrong, (at, value) in list(root.items.items() if isinstance(root, Node) else ())[:MAX_ENTRIES]:
        right = value.text.strip() if isinstance(value, Scalar) else ""
        if len(wrong) not in LENGTHS or not right or len(right) > LENGTHS.stop or "\n" in right:
            message = f"请写成“错的: 对的”，错的 {LENGTHS.start} 到 {LENGTHS.stop - 1} 个字，例如 坚绝: 坚决"
            problems.append(Problem(Span(shown, at.line, at.column), Severity.ERROR, "bad-wording", message))
        else:
            corrections[wrong] = right
            patterns.pop(wrong, None)  # what editors ask for is looked for everywhere
    return Words({wrong: right for wrong, right in corrections.items() if wrong != right}, patterns, problems)


def look(corpus: Corpus, content: Path, words: Words) -> Iterator[Problem]:
    """The faults in agencies, pages and the site's own files; those of notices are found by the workers."""
    paths = [value.path for value in corpus.agencies.values()] + [value.path for value in corpus.pages.values()]
    for path in (*paths, corpus.site.path, f"{corpus.root}/{REGIONS}"):
        yield from faults(content / path.removeprefix(f"{corpus.root}/"), path, words)


def faults(file: Path, shown: str, words: Words) -> Iterator[Problem]:
    """A warning at each fault in a file of the content; comments are for editors alone."""
    try:
        text = file.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return  # it was there a moment ago; the next check says more
    found = [wrong for wrong in words.corrections if wrong in text]
    if not found:
        return
    found.sort(key=len, reverse=True)
    pattern = re.compile("|".join(words.patterns.get(wrong, re.escape(wrong)) for wrong in found))
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("#") and not file.name.endswith(".md"):
            continue
        for match in pattern.finditer(line):
            right = words.corrections[match[0]]
            message = f"“{match[0]}”应为“{right}”；请核对，照录全文而原文如此的不改"
            yield Problem(Span(shown, number, match.start() + 1), Severity.WARNING, "wording", message)
