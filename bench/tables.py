"""Results become Markdown: medians, ratios to Hugo inside the same round, and the growth with the size."""

from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

Sample = dict[str, Any]
_BASE = "hugo"
_MIB = 2**20


def report(results: dict[str, Any]) -> str:
    """A page of results: the machine, and the newest run of each size."""
    newest = {run["size"]: run for run in results["runs"]}
    lines = [f"# Benchmark of {results['date']}", ""]
    lines += [f"- {name}: {value}" for name, value in results["machine"].items()]
    versions = {name: version for run in newest.values() for name, version in run["versions"].items()}
    lines += [f"- {name} {version}" for name, version in versions.items()]
    lines += [
        "",
        "Medians of the rounds. Times are seconds of the whole process tree; memory is the largest sampled sum of",
        "proportional set sizes (PSS). A ratio is the median of the ratios to Hugo, same scenario, inside each round.",
    ]
    for size in sorted(newest):
        run = newest[size]
        loads = sorted(sample["load"] for sample in run["samples"])
        title = f"## {size:,} notices, {run['rounds']} rounds"
        lines += ["", title, "", f"{run['when']}, load average {loads[0]} to {loads[-1]} before each build."]
        lines += _size_tables(run["samples"])
    if len(newest) > 1:
        lines += ["", *_growth(newest)]
    return "\n".join(lines) + "\n"


def _size_tables(samples: list[Sample]) -> Iterator[str]:
    generators = list(dict.fromkeys(sample["generator"] for sample in samples))
    for scenario, (name, *more) in _SCENARIOS.items():
        yield ""
        yield _row([name, "wall s", "CPU s", "MiB", "wall / Hugo", "CPU / Hugo", "MiB / Hugo", *more])
        yield _row(["---", *["---:"] * 6, *["---:" if scenario == "cold" else "---"] * len(more)])
        for generator in generators:
            if own := _of(samples, generator, scenario):
                wall, cpu, memory = (median(s[key] for s in own) for key in _KEYS)
                ratios = [_ratio(samples, generator, scenario, key) for key in _KEYS]
                cells = [f"{wall:.2f}", f"{cpu:.2f}", f"{memory / _MIB:,.0f}", *ratios]
                yield _row([generator, *cells, *_MORE[scenario](own)])


def _output(samples: list[Sample]) -> list[str]:
    files, size = (median(s[key] for s in samples) for key in ("files", "bytes"))
    return [f"{files:,.0f}", f"{size / 1e6:,.1f}"]


def _right(samples: list[Sample]) -> list[str]:
    return ["; ".join(sorted({problem for s in samples for problem in s["wrong"]})) or "all right"]


_KEYS = ("wall", "cpu", "memory")
_SCENARIOS = {
    "cold": ("cold", "files", "MB"),
    "unchanged": ("unchanged",),
    "edit": ("one edit", "pages after it"),
}
_MORE: dict[str, Callable[[list[Sample]], list[str]]] = {"cold": _output, "unchanged": lambda _: [], "edit": _right}


def _growth(newest: dict[int, Any]) -> Iterator[str]:
    *_, small, large = sorted(newest)
    yield f"## Growth from {small:,} to {large:,} notices"
    yield ""
    yield _row(["generator", f"cold CPU ms a notice at {small:,}", f"at {large:,}", "growth", "memory growth"])
    yield _row(["---", "---:", "---:", "---:", "---:"])
    for generator in newest[large]["versions"]:
        few, many = (_of(newest[size]["samples"], generator, "cold") for size in (small, large))
        if few and many:
            before, after = (1000 * median(s["cpu"] for s in own) / size for own, size in ((few, small), (many, large)))
            memory = median(s["memory"] for s in many) / median(s["memory"] for s in few)
            yield _row([generator, f"{before:.2f}", f"{after:.2f}", f"{after / before:.2f}", f"{memory:.1f}"])


def _of(samples: list[Sample], generator: str, scenario: str) -> list[Sample]:
    return [s for s in samples if s["generator"] == generator and s["scenario"] == scenario]


def _ratio(samples: list[Sample], generator: str, scenario: str, key: str) -> str:
    base = {s["round"]: s[key] for s in _of(samples, _BASE, scenario)}
    ratios = [s[key] / base[s["round"]] for s in _of(samples, generator, scenario) if base.get(s["round"])]
    return f"{median(ratios):.3f}" if ratios else "-"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
