"""Work spread over processes, through `concurrent.futures.Executor`: here, over all cores, or on a Dask cluster.

A piece of work is a function of one picklable value. Few pieces are done in this process: others would take longer to
start than the work takes.
"""

import gc
import itertools
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

from gongshi.problems import UsageError

A = TypeVar("A")
B = TypeVar("B")

FEW = 64  # items of work that are done in this process
CHUNK = 32  # items in one piece of work
LOOK = 0.2  # seconds between two looks of a worker for its parent
OFTEN = 16  # pieces of work done in this process, which holds much else, between two looks for cycles
AHEAD = 3  # pieces for each worker that wait to be done: memory does not grow with the work


class Workers:
    """Starts processes when there is enough to do, and keeps them until it is closed."""

    def __init__(self, jobs: int, address: str | None = None) -> None:
        """`jobs` processes; with `address` (`dask://host:port`) the workers of that cluster instead."""
        self.jobs = jobs
        self.address = address
        self._executor: Executor | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()

    def map(
        self, work: Callable[[Sequence[A]], B], items: Iterable[A], *, few: int = FEW, size: int = CHUNK
    ) -> Iterator[B]:
        """`work(some of the items)` for all of them, as each gets done; up to `size` items at once."""
        items = iter(items)
        first = list(itertools.islice(items, few))
        chunks = _chunks(itertools.chain(first, items), size)
        if (self.jobs == 1 and not self.address) or (len(first) < few and not self._executor):
            for number, chunk in enumerate(chunks):
                if number % OFTEN == OFTEN - 1:
                    gc.collect(0)  # what the pieces before have left
                with without_collector():
                    result = work(chunk)
                yield result
        else:
            yield from self._spread(work, chunks)

    def begin(self, work: Callable[[A], B], item: A, *, many: bool) -> Callable[[], B]:
        """Begin a piece of work beside others; what comes back waits for its result.

        It is done in this process, and only then, if it is not `many` things that it goes through.
        """
        if not many or (self.jobs == 1 and not self.address):
            return partial(_quietly, work, item)
        executor = self._executor = self._executor or self._start()
        return executor.submit(_quietly, work, item).result

    def _spread(self, work: Callable[[Sequence[A]], B], chunks: Iterator[list[A]]) -> Iterator[B]:
        executor = self._executor = self._executor or self._start()
        room = AHEAD * (self.jobs if not self.address else 16)
        waiting: set[Future[B]] = set()
        try:
            while True:
                waiting.update(executor.submit(_quietly, work, chunk) for chunk in itertools.islice(chunks, room))
                if not waiting:
                    return
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                room = len(done)
                yield from (future.result() for future in done)
        finally:
            for future in waiting:
                future.cancel()

    def _start(self) -> Executor:
        if self.address:
            client = self._open.enter_context(_dask(self.address))
            executor: Executor = self._open.enter_context(client.get_executor(pure=False))
            return executor
        # A fork takes nothing but is safe only where no other thread runs; elsewhere workers start from nothing.
        plain = sys.platform == "linux" and threading.active_count() == 1
        context = multiprocessing.get_context("fork" if plain else "spawn")
        pool = ProcessPoolExecutor(self.jobs, context, _end_with_parent, (os.getpid(),))
        return self._open.enter_context(pool)


def cores() -> int:
    """How many processes can run at once."""
    with suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _chunks(items: Iterator[A], size: int) -> Iterator[list[A]]:
    while chunk := list(itertools.islice(items, size)):
        yield chunk


def _quietly(work: Callable[[A], B], item: A) -> B:
    with without_collector():
        try:
            return work(item)
        finally:
            gc.collect(0)  # looks only at what this piece of work has made


@contextmanager
def without_collector() -> Iterator[None]:
    """Do not look for cycles again and again meanwhile: there are many objects to look through."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _end_with_parent(parent: int) -> None:
    """See to it that this process does not outlive a parent that is killed: it would keep the lock of the output."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _dask(address: str) -> Any:
    """A client of a cluster."""
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("没有装 dask；请先运行 pip install 'gongshi[dask]'，或去掉 --executor") from None
    scheduler = "tcp://" + address.removeprefix("dask://")
    try:
        connect: Any = Client  # dask has no types
        return connect(scheduler, timeout="5s", set_as_default=False)
    except OSError:
        raise UsageError(f"连不上 Dask 集群 {address}；请检查地址，或去掉 --executor") from None
