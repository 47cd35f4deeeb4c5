"""One run of a program: wall time, CPU and peak memory of all its processes, from the operating system."""

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

_LEAST_PAUSE = 0.05  # seconds between two samples of memory
_SHARE = 20  # a sample may take one part in so many of the time: looking must not slow down what is looked at


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run cost. `memory` is the largest sampled sum of the proportional set sizes (PSS) of its processes."""

    wall: float  # seconds
    cpu: float  # seconds, user and system, of the process and all that it waited for
    memory: int  # bytes
    load: float  # load average of the machine before the run: whoever else worked on it
    exit_code: int


def run(command: list[str], folder: Path, environment: dict[str, str], log: Path, timeout: float = 3600) -> Figures:
    """Run a command to its end and measure it. What it prints goes to `log`."""
    peak = 0
    load = round(os.getloadavg()[0], 2)
    ended = threading.Event()
    with log.open("wb") as out:
        start = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - commands of generators.py
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )

        def sample() -> None:
            nonlocal peak
            pause = 0.0
            while not ended.wait(pause):
                began = time.thread_time()
                peak = max(peak, sum(map(pss, family(process.pid))))
                pause = max(_LEAST_PAUSE, _SHARE * (time.thread_time() - began))

        sampler = threading.Thread(target=sample, daemon=True)
        sampler.start()
        alarm = threading.Timer(timeout, os.killpg, (process.pid, 9))
        alarm.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        alarm.cancel()
        ended.set()
        sampler.join()
        process.returncode = os.waitstatus_to_exitcode(status)  # or Popen would wait for it again
    # The kernel's own peak of the largest process is exact, where samples may have missed a short one.
    memory = max(peak, usage.ru_maxrss * 1024 if not peak else 0)
    return Figures(wall, usage.ru_utime + usage.ru_stime, memory, load, process.returncode)


def family(pid: int) -> list[int]:
    """A process and all below it, as far as they still run."""
    found = [pid]
    for each in found:
        try:
            for task in Path(f"/proc/{each}/task").iterdir():
                found += map(int, (task / "children").read_text(encoding="ascii").split())
        except OSError:
            continue
    return found


def pss(pid: int) -> int:
    """The proportional set size of a process in bytes; 0 if it has ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_bytes()
    except OSError:
        return 0
    at = text.find(b"\nPss:")
    return int(text[at + 5 : text.index(b"kB", at)]) * 1024 if at >= 0 else 0


def size_of(folder: Path) -> tuple[int, int]:
    """How many files lie in a folder, and their bytes."""
    files = total = 0
    for root, _, names in os.walk(folder):
        files += len(names)
        total += sum(os.path.getsize(os.path.join(root, name)) for name in names)  # noqa: PTH118, PTH202 - many files
    return files, total
