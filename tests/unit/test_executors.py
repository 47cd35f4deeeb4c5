"""The same site, byte for byte, whoever does the work: this process, several, processes that start from nothing, Dask."""

import multiprocessing
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from distributed import LocalCluster

from gongshi.executors import FEW, Workers
from gongshi.options import Options
from gongshi.pipeline import build
from gongshi.problems import UsageError
from tests.conftest import ROOT, TODAY, tree
from tests.unit.test_follow_ups import write

MANY = 2 * FEW  # notices: more than one process would do alone


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "tests" / "good" / "everything" / "content", tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    for n in range(MANY):
        write(tmp_path / "content", f"water-{n}", f"20{n % 20:02}-05-01", "未完成")
    return tmp_path


def site(name: str, **options: object) -> dict[str, bytes]:
    """The files of a build in a folder of its own."""
    today = {"today": __import__("datetime").date.fromisoformat(TODAY)}
    result = build(Options(output=Path(name), cache=Path(f"cache-{name}"), **today, **options))
    assert result.published
    return {path: body for path, (body, _) in tree(Path(name)).items() if not path.startswith(".gongshi/")}


def test_several_processes_make_the_same_site(many: Path, monkeypatch: pytest.MonkeyPatch):
    alone = site("alone", jobs=1, compress=("gz", "br"))
    assert len(alone) > MANY
    assert site("together", jobs=2, compress=("gz", "br")) == alone
    monkeypatch.setattr(
        Workers, "_start", lambda self: ProcessPoolExecutor(self.jobs, mp_context=multiprocessing.get_context("spawn"))
    )
    assert site("spawned", jobs=2, compress=("gz", "br")) == alone


@pytest.fixture
def cluster(many: Path) -> Iterator[str]:
    options = {"processes": True, "dashboard_address": None, "local_directory": str(many / "dask"), "silence_logs": 50}
    with LocalCluster(n_workers=2, threads_per_worker=1, **options) as running:
        yield running.scheduler_address.replace("tcp://", "dask://")


@pytest.mark.filterwarnings("ignore")  # of dask's own
def test_a_dask_cluster_makes_the_same_site(many: Path, cluster: str):
    assert site("clustered", executor=cluster) == site("alone", jobs=1)


def test_a_cluster_that_is_not_there_is_told(many: Path, run):
    code, _, error = run("--today", TODAY, "--executor", "dask://127.0.0.1:1")
    assert code == 2
    assert "连不上 Dask 集群" in error
    assert not Path("site").exists()
    assert run("--executor", "tcp://127.0.0.1:1")[0] == 2


def test_work_is_handed_out_as_it_gets_done():
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for n in range(100_000):
            taken = n
            yield n

    with Workers(2) as workers:
        results = workers.map(_sum, items())
        assert next(results) >= 0
        assert taken < 1_000, "memory does not grow with the work"
        results.close()


def _sum(numbers: Sequence[int]) -> int:
    return sum(numbers)


def test_a_failure_in_a_process_is_told_as_it_is():
    with Workers(2) as workers, pytest.raises(UsageError, match="坏了"):
        list(workers.map(_fail, range(MANY)))


def _fail(numbers: Sequence[int]) -> int:
    raise UsageError(f"坏了 {len(numbers)}")
