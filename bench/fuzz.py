"""Mutated content never ends in a traceback, hangs, or takes all memory: there is a report, or a site.

`python -m bench.fuzz --examples 20000 --seed 1`: each example is a good or bad content folder of the tests (or one
notice of the demonstration) of which some files are changed at random; its number and the seed make it again
(`--only NUMBER --keep FOLDER`). The whole build runs in this process; of every tenth example in a child whose memory is
limited. What is no report and no site, or takes more than `SECONDS` of work or `MEMORY`, is printed; exit code 1.
"""

# ruff: noqa: PLR2004 - weights, and arms of a choice

import argparse
import io
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path, PurePosixPath

from gongshi import report
from gongshi.decode import field_names
from gongshi.options import Options
from gongshi.pipeline import build
from gongshi.problems import UsageError, has_errors
from gongshi.scan import REGIONS, SITE

ROOT = Path(__file__).parent.parent
SECONDS = 2.0  # of work, for one example
MEMORY = 512 * 2**20  # bytes above what the process has before
HANGING = 60  # seconds after which an example is given up
APART = 10  # one in so many examples runs in a child of its own
MAX_MESSAGE = 2_000  # characters of a message to an editor
LARGEST = 5 * 2**20  # bytes of a mutated file: a little above what is read
TODAY = date(2026, 1, 1)
LONG = 200  # characters of an answer that is printed

Tree = dict[str, bytes]
Change = Callable[[random.Random, bytes], bytes]

VALUES = (  # what editors, programs and attackers put where a value has to be
    "", "~", "null", "true", "no", "[]", "{}", "-", ":", "'", '"', "|", ">",
    "#", "&a x", "*a", "!!python/object:os.system x",
    "!tag x", "%", "@", "`", "0", "-1", "1e309", "999999999",
    "9" * 400, "0x7fffffffffffffff", ".inf", "nan", "0000-00-00",
    "9999-12-31", "0001-01-01", "2024-02-30", "2023-06 中旬", "2023-13", "2023",
    "12:30:45", "../../etc/passwd", "con", "a/b",
    "C:\\x", "javascript:alert(1)", "http://[", "http://a:99999/",
    "https://例.cn/%ff", "//x", "/", "?", "data:text/html,x",
    "<script>alert(1)</script>", "{{ 7*7 }}", "{% raw %}", "${x}", "%s%n",
    "\\", "\\*", "**", "*张**、李*", "[甲](/notices/x/#y)",
    "[甲](<", "![x](y)", "| a | b |\\n|---|---|", "1. 甲", "> 甲", "    甲",
    "# 甲", "甲\u202e乙", "\u200b", "\ufeff", "\u2028",
    "e\u0301", "\U0001f468\u200d\U0001f469", "\ufdd0", "\uffff",
    "一" * 600, "甲、" * 300, "=cmd|' /C calc'!A0", "water-2025",
    "water-2025#issue-1", "x#issue-", "已完成", "99", "Asia/../Shanghai",
    "Mars/Base", "verbatim", "rectification", "plan",
    "'370500'", "{reason: secret}", "{title: 甲, title: 乙}", "[[], {}, ~]",
    "\t", "\u3000", "：", "key：value", "a: b: c",
)  # fmt: skip
BYTES = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r\n", b"\r", b"\x1b[31m",
    b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\x85",
    b"\xd6\xd0\xce\xc4", b"\t", b"\xe3\x80\x80", b"\n---\n", b"\n...\n",
    b"\n%YAML 9.9\n", b"&a ", b"*a ", b"!!binary ", b"<<: ",
)  # fmt: skip
PIECES = (  # what is repeated
    "[", "{a: ", "- ", "? ", "*a ", "**", "_a ", "`", "`a", "[a](", "![", "<a ",
    "\\", "> ", "1. ", "|a", "&", "甲", "a", " ", "'",
    '"', "#", "- 甲\n", "甲\n\n", "*\n\n", "k: 1\n",
    "| a | b |\n", "[x][", "~", "$", "[a]: b\n", "=\n", "-\n", "***\n", "    a\n",
)  # fmt: skip
NAMES = (
    "con", "a b", "甲", "A", "undated", "a" * 90, "-", ".x", "x~", "index",
    "page-2", "a.b", "e\u0301", "x\u202ey", "index.html",
    "notices", "'", "%2e", "a\nb", "issue-1",
)  # fmt: skip
NUMBERS = (2, 3, 10, 45, 100, 700, 900, 3_000, 20_000, 250_000)


# Mutations. Each takes bytes, and gives bytes that may be anything.


def _bytes(rng: random.Random, body: bytes) -> bytes:
    out = bytearray(body)
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        at = rng.randrange(len(out) + 1)
        kind = rng.randrange(4)
        if kind == 0:
            out[at:at] = rng.choice(BYTES)
        elif kind == 1:
            out[at : at + rng.choice((1, 1, 3, 40))] = b""
        elif kind == 2:
            out[at : at + 1] = rng.randbytes(1)
        else:
            out[at:at] = bytes([rng.randrange(32, 127)])
    return bytes(out)


def _cut(rng: random.Random, body: bytes) -> bytes:
    at = rng.randrange(len(body) + 1)
    return body[:at] if rng.random() < 0.7 else body[at:]


def _lines(rng: random.Random, body: bytes) -> bytes:
    lines = body.split(b"\n")
    for _ in range(rng.choice((1, 1, 2, 5))):
        at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        kind = rng.randrange(6)
        if kind == 0 and len(lines) > 1:
            del lines[at]
        elif kind == 1:
            lines.insert(other, lines[at])
        elif kind == 2:
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == 3:
            lines[at] = rng.choice((b" ", b"  ", b"    ", b"\t", b"- ", b"\xe3\x80\x80")) + lines[at]
        elif kind == 4:
            lines[at] = lines[at][rng.choice((1, 2, 4)) :]
        else:
            lines[at] = lines[at].rstrip() + rng.choice((b" ", b"  ", b" # x", b"#", b":", b": ", b",", b"\\"))
    return b"\n".join(lines)


def _block(rng: random.Random, body: bytes) -> bytes:
    """Some lines many times: at once, or with ids that differ."""
    lines = body.split(b"\n")
    at = rng.randrange(len(lines))
    block = b"\n".join(lines[at : at + rng.choice((1, 2, 3, 10))])
    times = min(rng.choice(NUMBERS), LARGEST // (len(block) + 8))
    if rng.random() < 0.5:
        blocks = [re.sub(rb"\bid: \S+", b"id: x%d" % n, block) for n in range(times)]
    else:
        blocks = [block] * times
    return b"\n".join([*lines[:at], *blocks, *lines[at:]])


_ENTRY = re.compile(rb"^([ ]*(?:- +)*)([^\s:#'\"-][^:\n]{0,40}): ?(.*)$", re.MULTILINE)


def _entry(rng: random.Random, body: bytes) -> bytes:
    """A key or its value becomes another."""
    entries = list(_ENTRY.finditer(body))
    if not entries:
        return _bytes(rng, body)
    entry = rng.choice(entries)
    lead, key, value = entry.groups()
    kind = rng.randrange(7)
    if kind == 0:
        key = rng.choice(sorted(field_names())).encode()
    elif kind == 1:
        value = rng.choice(entries)[3]
    elif kind == 2:
        value = b"[" + value + b"]" if rng.random() < 0.5 else b"{" + key + b": " + value + b"}"
    elif kind == 3:
        value = _repeated(rng)
    elif kind == 4:
        indent = b" " * (len(lead) + 2)
        value = rng.choice((b"|", b">", b"|2-")) + b"\n" + b"\n".join(indent + x for x in _repeated(rng).split(b"\n"))
    else:
        value = rng.choice(VALUES).encode("utf-8", "surrogatepass")
        if rng.random() < 0.3:
            value = b"'" + value.replace(b"'", b"''") + b"'"
    return body[: entry.start()] + lead + key + b": " + value + body[entry.end() :]


_TEXTS = re.compile(rb"^([ ]*(?:- +)*)(title|text|label|name|note|summary|opening|closing|basis): (.*)$", re.MULTILINE)


def _wording(rng: random.Random, body: bytes) -> bytes:
    """What people write becomes another text, in quotes or as a block, as it may be."""
    entries = list(_TEXTS.finditer(body))
    if not entries:
        return _words(rng, body)
    entry = rng.choice(entries)
    lead, key, _ = entry.groups()
    words = [
        rng.choice((*VALUES, *PIECES, "甲", "乙丙")) * rng.choice((1, 1, 1, 2, 30))
        for _ in range(rng.choice((1, 2, 5, 20)))
    ]
    kind = rng.choice((" ", "", "\n", "\n\n"))
    lines = kind.join(words).split("\n")
    if len(lines) > 1 or rng.random() < 0.3:
        indent = " " * (len(lead) + 2)
        value = "|2\n" + "\n".join(indent + line for line in lines)
    else:
        value = "'" + lines[0].replace("'", "''") + "'"
    return body[: entry.start()] + lead + key + b": " + value.encode("utf-8", "surrogatepass") + body[entry.end() :]


def _words(rng: random.Random, body: bytes) -> bytes:
    """Characters of Chinese text become others."""
    text = body.decode("utf-8", "replace")
    places = [match.start() for match in re.finditer("[一-鿿]", text)]
    for _ in range(rng.choice((1, 2, 10))):
        if places:
            at = rng.choice(places)
            new = rng.choice(
                (*PIECES, "𠀀", "é", "ﬀ", "Ω", "１", "①", "〇", "\u00a0", "\u00ad", "\u200d", "<b>", "&amp;", '"', "'")
            )
            text = text[:at] + new + text[at + rng.choice((0, 1)) :]
            places = [place for place in places if place < at]
    return text.encode("utf-8", "surrogatepass")


def _repeated(rng: random.Random) -> bytes:
    piece = rng.choice(PIECES) + (rng.choice(PIECES) if rng.random() < 0.3 else "")
    encoded = piece.encode()
    return encoded * min(rng.choice(NUMBERS), LARGEST // len(encoded))


def _insert(rng: random.Random, body: bytes) -> bytes:
    at = rng.randrange(len(body) + 1)
    if rng.random() < 0.6:
        at = body.rfind(b"\n", 0, at) + 1
    return body[:at] + _repeated(rng) + body[at:]


def _new_key(rng: random.Random, body: bytes) -> bytes:
    key, value = rng.choice(sorted(field_names())), rng.choice(VALUES)
    return body + f"\n{key}: {value}\n".encode("utf-8", "surrogatepass")


def _encoding(rng: random.Random, body: bytes) -> bytes:
    text = body.decode("utf-8", "replace")
    return text.encode(rng.choice(("gb18030", "utf-16", "utf-16-be", "utf-8-sig", "utf-32", "big5")), "replace")


def _empty(rng: random.Random, _: bytes) -> bytes:
    return rng.choice((b"", b"\n", b"---\n", b"~\n", b"[]\n", b"{}\n", b"- a\n", b"a\n", b"a: b\n", b"\0" * 100))


def _splice(rng: random.Random, body: bytes) -> bytes:
    """Some lines of another file of the tests."""
    other = rng.choice(_texts()).split(b"\n")
    lines = body.split(b"\n")
    at, start = rng.randrange(len(lines) + 1), rng.randrange(len(other))
    shift = b" " * rng.choice((0, 0, 2, 4, 8))
    lines[at:at] = [shift + line for line in other[start : start + rng.choice((1, 3, 10, 40))]]
    return b"\n".join(lines)


def _workbook(rng: random.Random, body: bytes) -> bytes:
    """A workbook with one of its parts mutated."""
    made = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
            names = source.namelist()
            chosen = rng.choice(names)
            for name in names:
                part = source.read(name)
                target.writestr(name, _sheet(rng, part) if name == chosen else part)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        IndexError,
        EOFError,
        OSError,
        ValueError,
        UnicodeError,
        RuntimeError,
    ):
        return _bytes(rng, body)
    return made.getvalue()


def _sheet(rng: random.Random, part: bytes) -> bytes:
    if rng.random() < 0.5:
        return _bytes(rng, part)
    far = rng.choice((b"XFD1048576", b"A1048576", b"ZZZZZZZ1", b"A0", b"", b"a1", b"A99999999999999999999", b"AA3000"))
    changed = re.sub(rb'\br="[A-Z]+\d+"', b'r="' + far + b'"', part, count=rng.choice((1, 1, 0)))
    return re.sub(
        rb"<v>[^<]*</v>", b"<v>" + rng.choice((b"1e999", b"-1", b"99999999999", b"x", b"")) + b"</v>", changed
    )


TEXT: tuple[Change, ...] = (
    _bytes, _bytes, _cut, _lines, _lines, _lines, _block, _entry, _entry, _entry, _entry, _entry, _insert, _insert,
    _new_key, _encoding, _empty, _splice, _splice,
)  # fmt: skip
GENTLE: tuple[Change, ...] = (_words, _words, _words, _block, _wording, _wording, _splice, _lines, _entry)
BINARY: tuple[Change, ...] = (_bytes, _cut, _insert, _empty, _workbook, _workbook, _workbook)


def mutated(rng: random.Random, name: str, body: bytes, *, gently: bool = False) -> bytes:
    """A file changed in one way or several; gently: so that often the site can still be built."""
    changes = BINARY if name.endswith(".xlsx") else GENTLE if gently else TEXT
    for _ in range(rng.choice((1, 1, 1, 2) if gently else (1, 1, 1, 2, 3, 6))):
        body = rng.choice(changes)(rng, body)
        if len(body) > LARGEST:
            return body[:LARGEST]
    return body


# Examples


@cache
def bases() -> tuple[Tree, ...]:
    """The content folders to begin with. Of one with many notices each is a folder of its own."""
    base = _tree(ROOT / "tests" / "base" / "content")
    found = [base]
    found += [_tree(path) for path in sorted(ROOT.glob("tests/good/*/content"))]
    found += [base | _tree(path) for path in sorted(ROOT.glob("tests/bad/*/content"))]
    whole = _tree(ROOT / "content")
    for notice in sorted(name for name in whole if name.startswith("notices/") and name.endswith(".yaml")):
        own = (notice, notice.removesuffix(".yaml") + "/")
        found.append({name: body for name, body in whole.items() if name.startswith((*own, "agencies/", "pages/"))})
        found[-1] |= {name: whole[name] for name in (SITE, REGIONS)}
    return tuple(found)


@cache
def _good() -> tuple[Tree, ...]:
    """Those that build as they are."""
    bad = len(list(ROOT.glob("tests/bad/*/content")))
    good = 1 + len(list(ROOT.glob("tests/good/*/content")))
    return (*bases()[:good], *bases()[good + bad :])


def _tree(folder: Path) -> Tree:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@cache
def _texts() -> tuple[bytes, ...]:
    return tuple(body for tree in bases() for name, body in tree.items() if name.endswith((".yaml", ".md")))


def example(seed: int, number: int) -> Tree:
    """The files of an example."""
    rng = random.Random(f"{seed} {number}")  # noqa: S311 - an example has to come again
    tree = dict(rng.choice(_good() if rng.random() < 0.8 else bases()))
    gently = rng.random() < 0.6
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        name = _chosen(rng, tree)
        body = mutated(rng, name, tree[name], gently=gently)
        kind = rng.random()
        if kind < 0.03:
            del tree[name]
            if not tree:
                break
            continue
        if kind < 0.1:
            folder = rng.choice((str(PurePosixPath(name).parent), "notices", "notices/2024", "agencies", "pages", ""))
            other = rng.choice((*NAMES, PurePosixPath(name).stem))
            suffix = rng.choice((PurePosixPath(name).suffix, ".yaml", ".YAML", ".yml", ".md", ".csv", ""))
            name = f"{folder}/{other}{suffix}".removeprefix("./").lstrip("/")
        tree[name] = body
    return tree


def _chosen(rng: random.Random, tree: Tree) -> str:
    """A file to change: notices most often."""
    notices = [name for name in tree if name.startswith("notices/")]
    return rng.choice(notices if notices and rng.random() < 0.6 else sorted(tree))


# Trials


@dataclass
class Fuzz:
    """Builds examples in one folder."""

    folder: Path
    seed: int
    counts: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, 0)

    def run(self, numbers: range) -> list[str]:
        """What was wrong with some examples."""
        return [f"--seed {self.seed} --only {number}: {wrong}" for number in numbers for wrong in self.wrong(number)]

    def wrong(self, number: int) -> Iterator[str]:
        """What is wrong with an example."""
        place = self.folder / "content"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for name, body in example(self.seed, number).items():
            path = place / name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(body)
            except (OSError, ValueError):  # a file where a folder has to be, or no name of a file
                self.counts["no example"] += 1
        place.mkdir(exist_ok=True)
        started = time.process_time()
        told = self._apart() if number % APART == 0 else _told(self.folder)
        taken = time.process_time() - started
        if number % APART:
            self.slowest = max(self.slowest, (taken, number))
            if taken > SECONDS:
                yield f"{taken:.1f} s of work; {told}"
        kind, _, rest = told.partition("\n")
        self.counts[kind.partition(":")[0]] += 1
        if kind.startswith("!"):
            yield f"{kind}\n{rest}"

    def _apart(self) -> str:
        """The answer of a child that has little time and memory."""
        taking, giving = os.pipe()
        child = os.fork()
        if not child:
            os.close(taking)
            try:
                used = _data()
                for kind in (resource.RLIMIT_DATA, resource.RLIMIT_AS):
                    above = used if kind == resource.RLIMIT_DATA else _data("VmSize")
                    resource.setrlimit(kind, (above + MEMORY, above + MEMORY))
                signal.setitimer(signal.ITIMER_PROF, SECONDS)  # the system ends what takes longer
                signal.signal(signal.SIGPROF, signal.SIG_DFL)
                answer = _told(self.folder)
                os.write(giving, answer.encode("utf-8", "replace")[:60_000])
            finally:
                os._exit(0)
        os.close(giving)
        with open(taking, "rb") as answers:  # noqa: PTH123 - a pipe has no path
            answer = answers.read().decode("utf-8", "replace")
        status = os.waitpid(child, 0)[1]
        return answer if answer and not status else f"!apart: ended by {status}, {answer[:LONG]}"


class _HangingError(BaseException):
    """An example takes much too long."""


def _give_up(*_: object) -> None:
    raise _HangingError


def _told(folder: Path) -> str:
    """What became of a build: `site`, `report`, `refused`, or, with a `!`, what must not be."""
    options = Options(folder / "content", output=folder / "site", cache=None, jobs=1, today=TODAY)
    before = signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(HANGING)
    try:
        result = build(options)
        for form in report.FORMATS.values():
            form(result.problems).encode()
    except UsageError as error:
        return f"refused: {error}"
    except _HangingError:
        return "!hangs: " + traceback.format_exc()
    except BaseException:  # noqa: BLE001 - whatever it is, it is what is looked for
        return "!raises:\n" + traceback.format_exc(limit=-12)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    for problem in result.problems:
        if not problem.span.path or not re.search("[一-鿿]", problem.message) or len(problem.message) > MAX_MESSAGE:
            return f"!message: {problem!r}"[:MAX_MESSAGE]
    if bool(result.published) == has_errors(result.problems):
        return f"!neither: {result.published} with {len(result.problems)} problems"
    if bool(result.published) != (folder / "site" / "index.html").is_file():
        return "!neither: the site is not what was told"
    return "site" if result.published else "report"


def _data(what: str = "VmData") -> int:
    """Bytes that this process has asked for."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    found = re.search(rf"{what}:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 2**30


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz")
    parser.add_argument("--examples", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first example")
    parser.add_argument("--only", type=int, help="number of the only example")
    parser.add_argument("--keep", type=Path, help="where its files stay")
    arguments = parser.parse_args()
    first, count = (arguments.first, arguments.examples) if arguments.only is None else (arguments.only, 1)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="gongshi-fuzz-") as folder:
        fuzz = Fuzz(arguments.keep or Path(folder) / "work", arguments.seed)
        started = time.monotonic()
        for number in range(first, first + count):
            for wrong in fuzz.run(range(number, number + 1)):
                failed += 1
                print(wrong, flush=True)  # noqa: T201 - this is the answer
        taken = time.monotonic() - started
        slowest = f"slowest {fuzz.slowest[0]:.2f} s (--only {fuzz.slowest[1]})"
        print(f"{count} examples, {failed} wrong, {taken:.0f} s, {dict(fuzz.counts)}, {slowest}")  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
