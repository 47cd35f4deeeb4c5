"""Do the generators say the same? Facts of a sample of notices are looked for on pages, and pages counted by kind."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.run import build, content_of, installed, say, staged
from bench.staging import issues_of, read_notices

SAMPLE = 30
_KINDS = {
    "notice": r"notices/[a-z][^/]*/index\.html",
    "year of notices": r"notices/\d{4}/(?:page-\d+/)?index\.html",
    "agency": r"agencies/[^/]+/index\.html",
    "region": r"regions/[^/]+/index\.html",
    "bucket": r"issues/[a-z]+/index\.html",
    "month of a bucket": r"issues/[a-z]+/(?:\d{4}-\d\d|undated)/(?:page-\d+/)?index\.html",
}


def compare(size: int, names: list[str]) -> list[str]:
    """Every difference. What is not built yet is built."""
    content = content_of(size)
    notices = list(read_notices(content))
    sample = notices[:: max(1, len(notices) // SAMPLE)][:SAMPLE]
    differences: list[str] = []
    pages: dict[str, Counter[str]] = {}
    for generator in installed(names):
        work = staged(generator, size)
        build(generator, work)
        output = work / generator.output
        checked, missing = 0, []
        for notice_id, notice in sample:
            page = output / "notices" / notice_id / "index.html"
            if not page.exists():
                missing.append(f"{notice_id}: no page")
                continue
            for where, fact, text in _looked_for(notice, page.read_text(encoding="utf-8")):
                checked += 1
                if fact not in text:
                    missing.append(f"{notice_id} {where}: {fact[:40]}")
        say(f"{generator.name}: {checked} facts of {len(sample)} notices, {len(missing)} missing")
        differences += [f"{generator.name} lacks {fact}" for fact in missing]
        pages[generator.name] = Counter(map(_kind, _html_pages(output)))
        say("  " + ", ".join(f"{kind} {count}" for kind, count in sorted(pages[generator.name].items())))
    first, *others = pages
    for other in others:
        for kind in sorted({*pages[first], *pages[other]}):
            one, another = pages[first][kind], pages[other][kind]
            if one != another:
                differences.append(f"pages of kind {kind}: {first} {one}, {other} {another}")
    return differences


def _html_pages(output: Path) -> Iterator[str]:
    for path in output.rglob("*.html"):
        yield path.relative_to(output).as_posix()


def _kind(path: str) -> str:
    return next((kind for kind, pattern in _KINDS.items() if re.fullmatch(pattern, path)), path)


def _looked_for(notice: dict[str, Any], page: str) -> Iterator[tuple[str, str, str]]:
    """Each fact of a notice: where it belongs, as solid text, and the text in which it has to stand."""
    whole = _shown(page)
    yield "title", _solid(notice["title"]), whole
    for phone in notice["contact"]["phones"]:
        yield "phone", _solid(phone["number"]), whole
    for email in notice["contact"]["emails"]:
        yield "e-mail", _solid(email), whole
    for section in notice["sections"]:
        yield "section", _solid(section["title"]), whole
        for part in (*section.get("tasks", ()), *section.get("phases", ())):
            yield "part", _solid(part["title"]), whole
    for issue in issues_of(notice):
        own = _shown(page.partition(f'<section class="issue" id="issue-{issue["id"]}"')[2].partition("</section>")[0])
        where = f"issue {issue['id']}"
        yield where, _solid(issue["title"]), own
        yield where, _solid(issue.get("status", "未注明")), own
        for measure in issue["measures"]:
            for piece in _pieces(measure if isinstance(measure, str) else measure["text"]):
                yield where, piece, own
        if "cause" in issue:
            yield where, _solid(issue["cause"]), own
        for name in (*issue.get("lead", ()), *issue.get("units", ())):
            yield where, _solid(name), own


def _pieces(markdown: str) -> Iterator[str]:
    """What a Markdown text shows, in pieces, without marks."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown).replace("**", "")
    for line in plain.split("\n"):
        for cell in re.sub(r"^\s*(?:\d+\. )", "", line).split("|"):
            piece = _solid(cell)
            if piece and not set(piece) <= {"-"}:
                yield piece


def _shown(page: str) -> str:
    return _solid(html.unescape(re.sub(r"<[^>]*>", "", page)))


def _solid(text: str) -> str:
    return "".join(text.split())
