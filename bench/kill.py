"""Builds killed at any moment: what is visible then is whole, and the next build makes everything good.

`python -m bench.kill --times 200`: builds of changing content are killed (SIGKILL) at a random time, when they begin
to publish, in the middle of it, or before a chosen step of it. What is visible then is, file by file, of the build
before or of the killed one. One more build makes exactly what a build into a new folder makes, empty folders included.
"""

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench import corpus
from bench.search_index import MANIFEST, Index, is_part

ROOT = Path(__file__).parent.parent
PRIVATE = ".gongshi"
SEALED = "manifest.sha256"
MOMENTS = ("time", "time", "time", "journal", "placing", "placing", "step", "step", "step")
PATIENCE = 60  # seconds for a build, on a machine that has other things to do
AGAIN, ELSE, ALONE = 0.15, 0.15, 0.2  # how often the next is killed too, has other content, the workers live on
_STATUS = re.compile(r"(?m)^( +status: ).*$")
_STEP = """
import os, signal, sys
from gongshi.cli import main
output, left, begun, me = sys.argv[1], int(sys.argv[2]), False, os.getpid()
EVENTS = {"os.rename", "os.link", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree"}
def look(event, arguments):
    global begun, left
    if event not in EVENTS or os.getpid() != me:
        return
    names = [os.fspath(each) for each in arguments[:2] if isinstance(each, (str, os.PathLike))]
    begun = begun or any(name.endswith("journal.json") for name in names)
    if begun and any(name.startswith(output) for name in names):
        left -= 1
        if left < 0:
            os.kill(me, signal.SIGKILL)
sys.addaudithook(look)
sys.exit(main(sys.argv[3:]))
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A folder, our private part aside."""

    files: dict[str, bytes]
    folders: frozenset[str]

    def differences(self, other: "Seen") -> list[str]:
        """Where two folders differ."""
        names = sorted(name for name in self.files.keys() | other.files.keys() if not is_part(name))
        found = [f"{name}: {_difference(self.plain(name), other.plain(name))}" for name in names]
        folders = [f"{name}/: 只有一边有这个文件夹" for name in sorted(_common(self.folders) ^ _common(other.folders))]
        said = [] if self.index == other.index or self.answers() == other.answers() else ["search/: 索引不同"]
        return [line for line in found if not line.endswith(": ")] + folders + said

    def plain(self, name: str) -> bytes | None:
        """A file; of the manifest, what it says of all others but the search index."""
        body = self.files.get(name)
        if name != SEALED or body is None:
            return body
        lines = body.decode().splitlines(keepends=True)
        return "".join(line for line in lines if not is_part(line.rstrip("\n").partition("  ")[2])).encode()

    @property
    def index(self) -> dict[str, bytes]:
        """The files of the search index."""
        return {name: body for name, body in self.files.items() if is_part(name)}

    def answers(self) -> object:
        """What the search index says: a change makes a segment beside the base, where a new index has one base."""
        if MANIFEST not in self.files:
            return sorted(self.index)
        index = Index.among(self.files)
        listed = {MANIFEST, *(f"{segment.path}head.bin" for segment in index.segments)}
        listed |= {f"{segment.path}{n}.bin" for segment in index.segments for n in range(len(segment.head["grams"]))}
        return index.postings(), index.facets(), listed ^ self.index.keys()


def _common(folders: Iterable[str]) -> frozenset[str]:
    return frozenset(folder for folder in folders if not folder.startswith("search/"))


def seen(folder: Path) -> Seen:
    """What is visible in an output folder."""
    files: dict[str, bytes] = {}
    folders: set[str] = set()
    for place, names, found in os.walk(folder):
        at = Path(place).relative_to(folder)
        if at == Path() and PRIVATE in names:
            names.remove(PRIVATE)
        folders.update((at / name).as_posix() for name in names)
        files.update(((at / name).as_posix(), Path(place, name).read_bytes()) for name in found)
    return Seen(files, frozenset(folders))


def sync(source: Path, target: Path) -> None:
    """Make a folder hold what another holds; files that are the same already are not touched."""
    wanted = seen(source)
    there = seen(target)
    for name in there.files.keys() - wanted.files.keys():
        (target / name).unlink()
    for name in sorted(there.folders - wanted.folders, reverse=True):
        (target / name).rmdir()
    for name in sorted(wanted.folders):
        (target / name).mkdir(parents=True, exist_ok=True)
    for name, body in wanted.files.items():
        if there.files.get(name) != body:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(body)


def contents(folder: Path, size: int) -> None:
    """The tests' content with invented notices, by themselves and with other notices of the kinds that editors make."""
    whole = folder / "whole"
    mixed(whole, size)
    notices = sorted(whole.glob("notices/*/*.yaml"))
    for version, edit in (("edited", _edit), ("fewer", _remove), ("renamed", _rename)):
        shutil.copytree(whole, folder / version)
        for number, notice in enumerate(notices):
            edit(number, folder / version / notice.relative_to(whole))
    site = folder / "renamed" / "site.yaml"  # every page has the name of the site
    site.write_text(site.read_text("utf-8").replace("测试站", "改名站"), "utf-8")


def mixed(folder: Path, size: int) -> None:
    """The tests' own small content, and `size` invented notices."""
    corpus.write(size, folder)
    base = ROOT / "tests" / "base" / "content"
    for name in ("agencies", "notices"):
        shutil.copytree(base / name, folder / name, dirs_exist_ok=True)
    with (folder / "regions.yaml").open("a", encoding="utf-8") as regions:
        regions.write((base / "regions.yaml").read_text("utf-8"))


def _edit(number: int, notice: Path) -> None:
    if number % 6 == 0:
        notice.write_text(_STATUS.sub(r"\g<1>持续整改", notice.read_text("utf-8"), count=2), "utf-8")


def _remove(number: int, notice: Path) -> None:
    if number % 3 == 0:
        notice.unlink()
        shutil.rmtree(notice.with_suffix(""), ignore_errors=True)


def _rename(number: int, notice: Path) -> None:
    if number % 4 == 1:
        other = notice.with_name(f"{notice.stem}-b.yaml")
        notice.rename(other)
        with suppress(FileNotFoundError):
            notice.with_suffix("").rename(other.with_suffix(""))


@dataclass(slots=True)
class Killing:
    """A folder where builds are killed one after another."""

    folder: Path
    seed: int
    size: int = 50
    say: Callable[[str], None] = print
    alone: float = ALONE
    failures: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    clean: dict[tuple[str, str], Seen] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    now: tuple[str, str] | None = None  # what is published: version and compression

    def run(self, times: int, first: int = 0) -> list[str]:
        """Kill so many builds; what was wrong. Each has its own random numbers, by `seed` and number."""
        contents(self.folder / "versions", self.size)
        for number in range(first, first + times):
            rng = random.Random(f"{self.seed}:{number}")  # noqa: S311
            before = len(self.failures)
            what = self._one(rng)
            self.failures[before:] = [f"#{number} {what}: {failure}" for failure in self.failures[before:]]
            self.say(f"#{number} {what}{' FAILED' if len(self.failures) > before else ''}")
            for failure in self.failures[before:]:
                self.say(f"  {failure}")
            if len(self.failures) > before:
                self._start_anew(cache=True)
        return self.failures

    @property
    def output(self) -> Path:
        """Where the killed builds publish."""
        return self.folder / "site"

    def _one(self, rng: random.Random) -> str:
        """A killed build, and the next."""
        kind = rng.choice(("cold", "edit", "edit", "removal", "removal"))
        if kind == "cold" or self.now is None:
            kind = "cold"
            self._start_anew(cache=rng.random() < 0.5)  # noqa: PLR2004
        elif kind == "removal" and self.now[0] == "fewer":
            kind = "edit"
        before = self.clean[self.now] if self.now else Seen({}, frozenset())
        version = "fewer" if kind == "removal" else self._other(rng)
        goal = (version, rng.choice(("", "", "gz")))
        jobs, moment = rng.choice((1, 2)), rng.choice(MOMENTS)
        alone = rng.random() < self.alone
        after = self._clean(goal)
        how = f"{kind} → {'+'.join(filter(None, goal))} jobs={jobs} {moment}{' alone' if alone else ''}"
        ended = self._kill(goal, jobs, moment, rng, (before, after), f"{kind}{jobs}", alone=alone)
        self._look(before, after, ended)
        if rng.random() < AGAIN:
            how += " again"
            ended += " " + self._kill(goal, jobs, rng.choice(MOMENTS), rng, (before, after), f"{kind}{jobs}")
            self._look(before, after, "again " + ended)
        if rng.random() < ELSE:
            goal = (self._other(rng), goal[1])
            how += f" then {goal[0]}"
        self._complete(goal, jobs)
        self.counts[ended.split()[0]] += 1
        return f"{how} [{ended}]"

    def _other(self, rng: random.Random) -> str:
        versions = ("whole", "edited", "renamed", "fewer")
        return rng.choice([version for version in versions if not self.now or version != self.now[0]])

    def _start_anew(self, *, cache: bool) -> None:
        shutil.rmtree(self.output, ignore_errors=True)
        if cache:
            shutil.rmtree(self.folder / "cache", ignore_errors=True)
        self.now = None

    def _command(self, goal: tuple[str, str], jobs: int) -> list[str]:
        folder = self.folder
        command = ["build", f"--content={folder / 'content'}", f"--output={self.output}", "--today=2026-01-01"]
        command += [f"--cache={folder / 'cache'}", f"--jobs={jobs}"]
        return [*command, f"--compress={goal[1]}"] if goal[1] else command

    def _clean(self, goal: tuple[str, str]) -> Seen:
        """What a build into a new folder makes of a version; the content becomes that version."""
        sync(self.folder / "versions" / goal[0], self.folder / "content")
        if goal not in self.clean:
            folder = self.folder / "clean"
            command = [*self._command(goal, 2), f"--output={folder}", "--no-cache"]
            _run([sys.executable, "-m", "gongshi", *command])
            self.clean[goal] = seen(folder)
            shutil.rmtree(folder)
        return self.clean[goal]

    def _kill(
        self,
        goal: tuple[str, str],
        jobs: int,
        moment: str,
        rng: random.Random,
        around: tuple[Seen, Seen],
        kind: str,
        *,
        alone: bool = False,
    ) -> str:
        """Begin a build and kill it; what it was at."""
        command = self._command(goal, jobs)
        before, after = around
        changed = [name for name in before.files | after.files if before.files.get(name) != after.files.get(name)]
        step = rng.randrange(3 * len(changed) + 12)
        program = ["-c", _STEP, str(self.output), str(step)] if moment == "step" else ["-m", "gongshi"]
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, *program, *command],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        while not self._is_time(moment, rng, started, kind):
            if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                break
        was = self._state()
        if moment != "step" or time.perf_counter() - started > PATIENCE:
            os.kill(process.pid, signal.SIGKILL)
        if alone:
            process.wait()
            self._wait_for_workers(process.pid, 2)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._wait_for_workers(process.pid, 2)
        if process.returncode != -signal.SIGKILL:
            self.seconds[kind] = time.perf_counter() - started
            return "finished"
        return f"{self._state()} (saw {was})" if moment != "step" else f"{self._state()} (step {step})"

    def _is_time(self, moment: str, rng: random.Random, started: float, kind: str) -> bool:
        """Wait a little; True if the moment has come."""
        if moment == "time":
            time.sleep(rng.uniform(0, self.seconds.get(kind, 1.2)))
            return True
        if time.perf_counter() - started > PATIENCE:
            return True
        journal = self.output / PRIVATE / "journal.json"
        if moment == "step" or not journal.exists():
            time.sleep(0.0005)
            return False
        if moment == "placing":
            staging = self.output / PRIVATE / "staging"
            left = rng.random() * _count(staging)
            until = time.perf_counter() + 0.05
            while journal.exists() and _count(staging) > left and time.perf_counter() < until:
                pass
        else:
            time.sleep(rng.choice((0, 0.0005, 0.002, 0.005)))
        return True

    def _state(self) -> str:
        """How far a build has come."""
        private = self.output / PRIVATE
        if (private / "journal.json").exists():
            return "publishing"
        return "making" if (private / "staging").exists() else "outside"

    def _wait_for_workers(self, group: int, seconds: float) -> None:
        """Until no process of a killed build runs any more: they hold its lock."""
        until = time.perf_counter() + seconds
        while _running(group):
            if time.perf_counter() > until:
                self.failures.append("工作进程在主进程死后没有结束")
                return
            time.sleep(0.005)

    def _look(self, before: Seen, after: Seen, ended: str) -> None:
        """What is visible after a kill is of the build before, or of the killed one, file by file."""
        there = seen(self.output)
        for name, body in there.files.items():
            if body not in (before.files.get(name), after.files.get(name)):
                self.failures.append(f"[{ended}] {name} 既不是之前的，也不是之后的（{len(body)} 字节）")
        missing = before.files.keys() & after.files.keys() - there.files.keys()
        self.failures += [f"[{ended}] {name} 不见了" for name in sorted(missing)]

    def _complete(self, goal: tuple[str, str], jobs: int) -> None:
        """Build once without killing, and compare."""
        wanted = self._clean(goal)
        started = time.perf_counter()
        code, said = _run([sys.executable, "-m", "gongshi", *self._command(goal, jobs)], check=False)
        self.seconds.setdefault(f"edit{jobs}", time.perf_counter() - started)
        if code:
            self.failures.append(f"下一次生成失败（{code}）：{said}")
        self.failures += seen(self.output).differences(wanted)[:5]
        left = sorted(path.name for path in (self.output / PRIVATE).iterdir())
        if left != ["files.json", "lock"]:
            self.failures.append(f"{PRIVATE} 里剩下 {left}")
        self.now = goal


def _run(command: list[str], *, check: bool = True) -> tuple[int, str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if check and done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return done.returncode, (done.stdout + done.stderr).strip()


def _count(folder: Path) -> int:
    try:
        return len(os.listdir(folder))  # noqa: PTH208 - it has to be quick
    except OSError:
        return 0


def _running(group: int) -> bool:
    """True if a process of a group is alive."""
    return any(found == group and state not in "ZX" for found, state in _processes())


def _processes() -> Iterator[tuple[int, str]]:
    """Group and state of every process, as Linux tells them."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            state, _, group = stat.read_text("utf-8").rpartition(")")[2].split()[:3]
            yield int(group), state


def _difference(found: bytes | None, wanted: bytes | None) -> str:
    """What differs, in a few words; empty if nothing does."""
    if found == wanted:
        return ""
    if found is None or wanted is None:
        return "缺少" if found is None else "多出"
    at = next((n for n, (one, two) in enumerate(zip(found, wanted, strict=False)) if one != two), -1)
    excerpts = (body[max(at - 40, 0) : at + 60].decode(errors="replace") for body in (found, wanted))
    return f"第 {at} 字节起不同（{len(found)}，应为 {len(wanted)}）：" + " ≠ ".join(map(repr, excerpts))


def main() -> int:
    """Kill builds; the exit code is 1 if something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench.kill")
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="number of the first kill, to repeat a part")
    parser.add_argument("--size", type=int, default=50, help="invented notices")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    arguments = parser.parse_args()
    started = time.monotonic()
    print(f"seed {arguments.seed}", flush=True)  # noqa: T201
    with tempfile.TemporaryDirectory(prefix="gongshi-kill-") as folder:
        killing = Killing(Path(folder), arguments.seed, arguments.size, lambda line: print(line, flush=True))  # noqa: T201
        failures = killing.run(arguments.times, arguments.first)
    took = time.monotonic() - started
    ended = ", ".join(f"{count} {state}" for state, count in sorted(killing.counts.items()))
    print(f"seed {arguments.seed}: {arguments.times} kills ({ended}), {len(failures)} failures, {took:.0f} s")  # noqa: T201
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
