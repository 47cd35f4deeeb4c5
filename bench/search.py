"""Search measured: what its index costs to build and to change, what it weighs, and what a browser does with it.

`python -m bench search 1000`: builds the corpus with and without search, asks every query of `queries.py` in Chromium,
holds the answers to a scan of all texts, and counts bytes and milliseconds. Pagefind, if `setup` has installed it,
indexes the same pages and is asked the same.
"""

import datetime as dt
import functools
import gzip
import http.server
import json
import os
import shutil
import statistics
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.edit import choose
from bench.generators import INSTALLED
from bench.measure import Figures, run, size_of
from bench.queries import Query, docs_of, queries, truth
from bench.results import FOLDER, machine
from bench.run import WORK, content_of, say

ROOT = Path(__file__).parent.parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; object-src 'none'; base-uri 'none'"
)
TYPED = ("疏浚", "防汛物资储备", "固定资产管理", "0999-2345008", "BIM系统", "台账 公开")  # each first in a fresh window
SPEED = 10e6 / 8  # bytes a second: 10 Mbit/s
SLOW = {"offline": False, "latency": 40, "downloadThroughput": SPEED, "uploadThroughput": SPEED}
SUBMIT = """(typed) => {
  const form = document.getElementById("search-form");
  form.q.value = typed;
  form.requestSubmit();
}"""
MOST_FOR_PAGEFIND = 1_000  # notices: beyond it takes more memory than this size of machine has to spare
ASK = """async (asked) => {
  const answers = [];
  for (const query of asked) {
    const start = performance.now(), { hits, counts } = await gongshi.search(new URLSearchParams(query));
    const named = ([name, numbers]) => [name, Object.fromEntries(
      [...numbers].map((count, n) => [gongshi.facets[name].values[n].key, count]).filter(([, count]) => count))];
    answers.push({ ms: performance.now() - start, ids: hits.map(({ segment, n }) => segment.id(n)),
      counts: Object.fromEntries(Object.entries(counts).map(named)) });
  }
  return answers;
}"""
ASK_PAGEFIND = """async (asked) => {
  const pagefind = await import("/pagefind/pagefind.js");
  await pagefind.init();
  const answers = [];
  for (const query of asked) {
    const start = performance.now(), { results } = await pagefind.search(query);
    const ms = performance.now() - start;
    const pages = await Promise.all(results.map((result) => result.data()));
    answers.push({ ms, ids: pages.map(({ url }) => url.split("/")[2]) });
  }
  return answers;
}"""


def measured(size: int) -> dict[str, Any]:
    """Everything about search at one size."""
    work = WORK / str(size) / "search"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    shutil.copytree(content_of(size), work / "content")
    say(f"building {size} with and without search …")
    plain = _build(work, "plain", "--no-search")
    whole = _build(work, "site")
    _, index = size_of(work / "site" / "search")
    say("scanning …")
    docs = docs_of(work / "content", work / "scan")
    asked = queries(docs)
    true = [truth(docs, query) for query in asked]
    found: dict[str, Any] = {
        "size": size,
        "when": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "load": os.getloadavg()[0],
        "text": sum(len(doc.raw.encode()) for doc in docs) / size,
        "queries": len(asked),
        "build": {
            "cpu": whole.cpu - plain.cpu,
            "plain": plain.cpu,
            "memory": whole.memory,
            "plain_memory": plain.memory,
        },
        "index": {"bytes": index, "files": sum(1 for _ in (work / "site" / "search").rglob("*.bin"))},
        "script": sum(len(gzip.compress((work / "site" / "static" / name).read_bytes(), 9)) for name in _SCRIPTS),
    }
    say("asking Chromium …")
    with _served(work / "site") as base:
        found["gongshi"] = _asked(base, "search/", ASK, [_address(query) for query in asked], true)
        found["first"] = _first(base)
    edit = choose(work / "content")
    source = next((work / "content" / "notices").rglob(f"{edit.notice}.yaml"))
    source.write_text(edit.apply(source.read_text(encoding="utf-8"), "（已核）"), encoding="utf-8")
    changed, unchanged = _build(work, "site"), _build(work, "plain", "--no-search")
    found["edit"] = {"cpu": changed.cpu - unchanged.cpu, "whole": changed.cpu}
    with _served(work / "site") as base:
        docs = docs_of(work / "content", work / "scan")
        answers = _asked(
            base, "search/", ASK, [_address(query) for query in asked], [truth(docs, query) for query in asked]
        )
        found["after edit"] = {key: answers[key] for key in ("recall", "precision", "facets")}
    if size <= MOST_FOR_PAGEFIND and (INSTALLED / "pagefind").is_dir():
        say("Pagefind …")
        found["pagefind"] = _pagefind(work, asked, true)
    return found


_SCRIPTS = ("search.js", "search-text.js")


def _build(work: Path, name: str, *options: str) -> Figures:
    command = [sys.executable, str(ROOT / "build.py"), "build", *options, "--content", str(work / "content")]
    command += ["--output", str(work / name), "--cache", str(work / f"{name}-cache"), "--today", "2026-01-01"]
    figures = run(command, work, {}, work / f"{name}.log")
    if figures.exit_code:
        raise RuntimeError((work / f"{name}.log").read_text(encoding="utf-8")[-1500:])
    return figures


def _address(query: Query) -> str:
    filters = {} if ":" in query.typed or "：" in query.typed else query.filters
    return urlencode({"q": query.typed} | filters)


def _asked(base: str, page: str, script: str, asked: list[str], true: list[dict[str, Any]]) -> dict[str, Any]:
    """How right the answers are, and how long they take when everything has been loaded."""
    with _browser() as browser:
        window = browser.new_page()
        window.goto(base + page)
        answers = window.evaluate(script, asked)
        warm = sorted(answer["ms"] for answer in window.evaluate(script, asked))
    pairs = [(set(answer["ids"]), set(each["ids"])) for answer, each in zip(answers, true, strict=True)]
    wanted, given = sum(len(ids) for _, ids in pairs), sum(len(ids) for ids, _ in pairs)
    both = sum(len(ids & found) for ids, found in pairs)
    titled = [(answer["ids"][:1], each["titled"]) for answer, each in zip(answers, true, strict=True) if each["titled"]]
    faceted = [(answer.get("counts"), each["counts"]) for answer, each in zip(answers, true, strict=True)]
    return {
        "recall": both / wanted,
        "precision": both / given if given else 1,
        "whole": sum(ids == found for ids, found in pairs),
        "titles": sum(bool(first) and first[0] in names for first, names in titled) / len(titled),
        "facets": sum(one == other for one, other in faceted) / len(faceted),
        "warm": {"p50": statistics.median(warm), "p95": warm[int(len(warm) * 0.95)], "max": warm[-1]},
    }


def _first(base: str) -> dict[str, Any]:
    """A first query with ten excerpts in a fresh window: all that is loaded but the search page, and milliseconds.

    Typed: on the page that has been opened before, here and over a slow line. Linked: from the opening of an address
    that asks already, over a slow line.
    """
    sizes, requests, near, far, linked = [], [], [], [], []
    done = "#search-results[aria-busy=false]"
    with _browser() as browser:
        for typed in TYPED:
            for slow, times in ((False, near), (True, far)):
                context = browser.new_context()
                window = context.new_page()
                answers: list[Any] = []
                window.on("response", lambda answer, answers=answers: answers.append(answer))
                window.goto(base + "search/")
                window.wait_for_load_state("networkidle")
                if slow:
                    context.new_cdp_session(window).send("Network.emulateNetworkConditions", SLOW)
                start = window.evaluate("performance.now()")
                window.evaluate(SUBMIT, typed)
                window.wait_for_selector(done, state="attached")
                times.append(window.evaluate("performance.now()") - start)
                if not slow:
                    asked = [answer for answer in answers if _is_asked(answer.url.removeprefix(base))]
                    sizes.append(sum(answer.request.sizes()["responseBodySize"] for answer in asked))
                    requests.append(len(asked))
                context.close()
            context = browser.new_context()
            window = context.new_page()
            context.new_cdp_session(window).send("Network.emulateNetworkConditions", SLOW)
            window.goto(f"{base}search/?{urlencode({'q': typed})}")
            window.wait_for_selector(done, state="attached")
            linked.append(window.evaluate("performance.now()"))
            context.close()
    middle = statistics.median
    times = {"ms": middle(near), "slow": middle(far), "linked": middle(linked)}
    counts = {"requests": middle(requests), "most requests": max(requests)}
    return {"bytes": middle(sizes), "most": max(sizes), **counts, **times}


def _is_asked(path: str) -> bool:
    """True for what a query loads: the index, and the pages of what it finds."""
    return path.startswith("notices/") or (path.startswith("search/") and path != "search/")


def _pagefind(work: Path, asked: list[Query], true: list[dict[str, Any]]) -> dict[str, Any]:
    """The same pages by Pagefind as it is, restricted to notices and their main text."""
    command = ["node", str(INSTALLED / "pagefind" / "node_modules" / "pagefind" / "lib" / "runner" / "bin.cjs")]
    site = work / "plain"
    shutil.rmtree(site / "pagefind", ignore_errors=True)
    figures = run(
        [*command, "--site", str(site), "--glob", "notices/*/index.html", "--root-selector", "main"],
        work,
        {},
        work / "pagefind.log",
    )
    if figures.exit_code:
        raise RuntimeError((work / "pagefind.log").read_text(encoding="utf-8")[-1500:])
    plain = [(query, each) for query, each in zip(asked, true, strict=True) if query.group != "refined"]
    with _served(site) as base:
        found = _asked(base, "", ASK_PAGEFIND, [query.typed for query, _ in plain], [each for _, each in plain])
    found |= {"cpu": figures.cpu, "memory": figures.memory, "bytes": size_of(site / "pagefind")[1], "asked": len(plain)}
    return found


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


class _Host(http.server.SimpleHTTPRequestHandler):
    """A static host as they are: text is packed on the way, and a policy forbids what is not its own."""

    protocol_version = "HTTP/1.1"

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if path.suffix not in (".html", ".css", ".js", ".json", ".svg") or not path.is_file():
            super().do_GET()
            return
        body = _packed(path, path.stat().st_mtime_ns)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@functools.lru_cache(maxsize=4096)
def _packed(path: Path, _: int) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


@contextmanager
def _served(site: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Host, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def add(found: dict[str, Any], name: str) -> Path:
    """Add what was measured to today's results of a machine, and write the table anew; the Markdown file."""
    today = dt.datetime.now(dt.UTC).date().isoformat()
    path = FOLDER / f"{today}-search-{name}.json"
    results = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"machine": machine(), "runs": []}
    results["runs"] = [each for each in results["runs"] if each["size"] != found["size"]] + [found]
    results["runs"].sort(key=lambda each: each["size"])
    path.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    markdown = path.with_suffix(".md")
    markdown.write_text(_report(results), encoding="utf-8")
    return markdown


def _report(results: dict[str, Any]) -> str:
    runs = results["runs"]
    head = "; ".join(f"{key}: {value}" for key, value in results["machine"].items())
    sizes = " | ".join(f"{each['size']:,} notices" for each in runs)
    lines = ["# Search", "", head, "", f"| | {sizes} |", "| --- |" + " ---: |" * len(runs)]
    tables = [_rows(each) for each in runs]
    lines += [f"| {name} | {' | '.join(table[name] for table in tables)} |" for name in tables[0]]
    if beside := [each for each in runs if "pagefind" in each]:
        lines += ["", "## Pagefind, as it is, on the same pages", ""]
        lines.append(
            "| notices | queries | recall | precision | title first | CPU s | MiB | KB a notice | warm p95, ms |"
        )
        lines.append("| ---: |" + " ---: |" * 8)
        lines += map(_pagefind_row, beside)
    lines += ["", f"Load average when measured: {', '.join(format(each['load'], '.2f') for each in runs)}."]
    return "\n".join(lines) + "\n"


def _rows(found: dict[str, Any]) -> dict[str, str]:
    """The table of one size, by the names of its rows."""
    build, first, ours, after = found["build"], found["first"], found["gongshi"], found["after edit"]
    index, size = found["index"], found["size"]
    return {
        "text of a notice, KB": f"{found['text'] / 1e3:.1f}",
        "queries": str(found["queries"]),
        "recall, precision": f"{ours['recall']:.4f}, {ours['precision']:.4f}",
        "title hit first, facets right": f"{ours['titles']:.1%}, {ours['facets']:.1%}",
        "recall, precision, facets after an edit": (
            f"{after['recall']:.4f}, {after['precision']:.4f}, {after['facets']:.1%}"
        ),
        "build, CPU s (with search less without)": f"{build['cpu']:.1f}",
        "memory of the whole build, MiB (without search)": (
            f"{build['memory'] / 2**20:.0f} ({build['plain_memory'] / 2**20:.0f})"
        ),
        "one notice changed, CPU s (of the whole build)": f"{found['edit']['cpu']:.2f} ({found['edit']['whole']:.2f})",
        "index, KB a notice (files)": f"{index['bytes'] / 1e3 / size:.1f} ({index['files']:,})",
        "first query with ten excerpts, KB, median (most)": f"{first['bytes'] / 1e3:.0f} ({first['most'] / 1e3:.0f})",
        "requests of it, median (most)": f"{first['requests']:.0f} ({first['most requests']})",
        "first query, ms": f"{first['ms']:.0f}",
        "first query, 10 Mbit/s and 40 ms, ms (by a link)": f"{first['slow']:.0f} ({first['linked']:.0f})",
        "list of results, warm, ms: p50, p95, most": "{p50:.1f}, {p95:.1f}, {max:.1f}".format(**ours["warm"]),
        "script, KB gzipped": f"{found['script'] / 1e3:.1f}",
    }


def _pagefind_row(found: dict[str, Any]) -> str:
    other = found["pagefind"]
    right = f"{other['recall']:.3f} | {other['precision']:.3f} | {other['titles']:.0%}"
    cost = f"{other['cpu']:.1f} | {other['memory'] / 2**20:.0f} | {other['bytes'] / 1e3 / found['size']:.1f}"
    return f"| {found['size']:,} | {other['asked']} | {right} | {cost} | {other['warm']['p95']:.0f} |"
