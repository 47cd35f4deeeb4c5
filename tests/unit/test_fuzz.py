"""Content that is mutated at random gives a report or a site, and nothing else, in time.

This is a sample; `python -m bench.fuzz --examples 20000` is the whole.
"""

import sys
from pathlib import Path

import pytest

from bench import fuzz
from bench.fuzz import Fuzz, bases, example

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits the memory of its children")


@pytest.fixture
def slow_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long an example takes says something of the machine too: here only hanging counts."""
    monkeypatch.setattr(fuzz, "SECONDS", 20.0)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_mutated_content_gives_a_report_or_a_site(tmp_path: Path, slow_machine: None, seed: int):
    trial = Fuzz(tmp_path / "work", seed)
    assert trial.run(range(1_000_000, 1_000_100)) == []
    print(trial.counts, trial.slowest)
    assert trial.counts["site"] > 10, "or the mutations are so coarse that nothing gets through"
    assert trial.counts["report"] > 30


def test_content_that_is_not_mutated_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    good = [tree for tree in bases() if "notices/2025/water-2025.yaml" in tree][:1]
    monkeypatch.setattr(fuzz, "example", lambda *_: good[0])
    trial = Fuzz(tmp_path / "work", 0)
    assert trial.run(range(1, 2)) == []
    assert trial.run(range(10)[:1]) == [], "in a child, too"
    assert trial.counts == {"site": 2}


def test_an_example_comes_again():
    assert example(7, 3) == example(7, 3)
    assert example(7, 3) != example(7, 4)


@pytest.mark.parametrize("number", [10, 11])
def test_what_raises_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int):
    def broken(_):
        raise ZeroDivisionError

    monkeypatch.setattr(fuzz, "build", broken)
    found = Fuzz(tmp_path / "work", 0).run(range(number, number + 1))
    assert len(found) == 1
    assert "ZeroDivisionError" in found[0]


def test_what_takes_too_much_memory_or_time_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fuzz, "SECONDS", 0.5)
    for broken in (lambda _: bytearray(fuzz.MEMORY + 2**20), lambda _: sum(n for n in iter(int, 1))):
        monkeypatch.setattr(fuzz, "build", broken)
        assert len(Fuzz(tmp_path / "work", 0).run(range(10, 11))) == 1
