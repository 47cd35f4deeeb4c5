"""The comparison: every generator in turn, round by round, so that a drift of the machine hits all alike."""

import contextlib
import datetime as dt
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import corpus
from bench.edit import Edit, choose, counts, wrong
from bench.generators import GENERATORS, HERE, Generator
from bench.measure import Figures, run, size_of

CORPORA, WORK = HERE / "corpora", HERE / "work"
SCENARIOS = ("cold", "unchanged", "edit")
Sample = dict[str, Any]


def content_of(size: int) -> Path:
    """The content folder of a corpus; it is made if it is not there."""
    folder = CORPORA / str(size)
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        say(f"corpus of {size} …")
        corpus.write(size, folder / "content")
        (folder / "complete").touch()
    return folder / "content"


def staged(generator: Generator, size: int) -> Path:
    """A fresh work folder of a generator."""
    work = WORK / str(size) / generator.name
    shutil.rmtree(work, ignore_errors=True)
    work.parent.mkdir(parents=True, exist_ok=True)
    say(f"staging {generator.name} {size} …")
    generator.stage(content_of(size), work)
    return work


def build(generator: Generator, work: Path) -> Figures:
    """Build once. Raises RuntimeError with the end of what the generator printed if it fails."""
    log = work.parent / f"{generator.name}.log"
    figures = run(generator.command(work), work, generator.environment, log)
    if figures.exit_code:
        raise RuntimeError(f"{generator.name}: {log.read_text(encoding='utf-8', errors='replace')[-1500:]}")
    return figures


def clean(generator: Generator, work: Path) -> None:
    """Remove what an earlier build left: output and cache."""
    for name in generator.clean:
        if (work / name).is_dir():
            shutil.rmtree(work / name)
        else:
            (work / name).unlink(missing_ok=True)


def installed(names: list[str]) -> list[Generator]:
    """Gongshi and the peers among `names` that can be started; the others are told of."""
    found = []
    for name in ("gongshi", *names):
        if GENERATORS[name].installed:
            found.append(GENERATORS[name])
        else:
            say(f"{name} is not installed and left out (python -m bench setup)")
    return found


def measured(size: int, rounds: int, names: list[str]) -> Sample:
    """All samples of one size."""
    generators = installed(names)
    edit = choose(content_of(size))
    works = {generator.name: staged(generator, size) for generator in generators}
    samples: list[Sample] = []
    for number in range(1, rounds + 1):
        for generator in list(generators):
            try:
                for sample in _round(generator, works[generator.name], edit, number):
                    samples.append(sample)
                    say(_line(size, sample))
            except RuntimeError as error:
                say(f"{error}\n{generator.name} fails at {size} and is left out from here")
                generators.remove(generator)
    return {
        "size": size,
        "rounds": rounds,
        "when": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "versions": {generator.name: generator.version() for generator in generators},
        "samples": samples,
    }


def _round(generator: Generator, work: Path, edit: Edit, number: int) -> Iterator[Sample]:
    clean(generator, work)
    output = work / generator.output
    for scenario in ("cold", "unchanged"):
        figures = build(generator, work)
        files, size = size_of(output)
        yield _sample(generator, number, scenario, figures, files=files, bytes=size)
    source = generator.notice(work, edit.notice)
    source = source / "index.md" if source.is_dir() else source
    original = source.read_text(encoding="utf-8")
    before = counts(output, edit)
    token = f"改{number}号"
    source.write_text(edit.apply(original, token), encoding="utf-8")
    try:
        figures = build(generator, work)
        yield _sample(generator, number, "edit", figures, wrong=list(wrong(output, edit, token, before)))
    finally:
        source.write_text(original, encoding="utf-8")


def _sample(generator: Generator, number: int, scenario: str, figures: Figures, **more: Any) -> Sample:
    return {
        "generator": generator.name,
        "round": number,
        "scenario": scenario,
        "wall": round(figures.wall, 3),
        "cpu": round(figures.cpu, 3),
        "memory": figures.memory,
        "load": figures.load,
        **more,
    }


def _line(size: int, sample: Sample) -> str:
    told = f"  WRONG: {'; '.join(sample['wrong'])}" if sample.get("wrong") else ""
    return (
        f"{size:>7} round {sample['round']} {sample['generator']:10} {sample['scenario']:9} "
        f"{sample['wall']:8.2f} s wall {sample['cpu']:8.2f} s CPU {sample['memory'] / 2**20:8.0f} MiB{told}"
    )


def say(text: str) -> None:
    """Tell whoever waits how far it is."""
    with contextlib.suppress(BrokenPipeError):
        print(text, file=sys.stderr, flush=True)  # noqa: T201 - progress
