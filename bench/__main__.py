"""`python -m bench`: see README.md."""

import argparse
import os
import platform
import re
import sys
from pathlib import Path

from bench import alike, corpus, install, results, same, search
from bench.run import measured

PEERS = ("hugo", "eleventy", "pelican")


def main(arguments: list[str] | None = None) -> int:
    """Run a command; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Gongshi beside other generators")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("setup", help="install the peers below bench/.peers")
    made = commands.add_parser("corpus", help="write a corpus of N notices as a content folder")
    made.add_argument("size", type=int, metavar="N")
    made.add_argument("folder", type=Path, metavar="DIR")
    compared = commands.add_parser("run", help="measure, and write bench/results")
    compared.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 10000], metavar="N")
    compared.add_argument("--rounds", type=int, default=3, metavar="N")
    compared.add_argument("--machine", default=platform.node(), metavar="NAME", help="in the name of the results")
    searched = commands.add_parser("search", help="measure search, and write bench/results")
    searched.add_argument("sizes", type=int, nargs="+", metavar="N")
    searched.add_argument("--machine", default=platform.node(), metavar="NAME", help="in the name of the results")
    checked = commands.add_parser("same", help="do all generators say the same?")
    checked.add_argument("size", type=int, metavar="N")
    for command in (compared, checked):
        command.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS))
        command.add_argument("--jobs", type=int, default=2, metavar="N", help="processes of Gongshi")
        command.add_argument("--project", type=Path, metavar="DIR", help="measure the Gongshi of another folder")
    copied = commands.add_parser("alike", help="are all copies found among N measures of shared clauses?")
    copied.add_argument("size", type=int, metavar="N")
    copied.add_argument("--jobs", type=int, default=2, metavar="N", help="processes of Gongshi")
    given = parser.parse_args(arguments)
    if given.command in ("run", "same"):
        os.environ["BENCH_JOBS"] = str(given.jobs)
        if given.project:
            os.environ["BENCH_PROJECT"] = str(given.project)
    if given.command == "setup":
        install.install()
    elif given.command == "corpus":
        corpus.write(given.size, given.folder)
    elif given.command == "alike":
        lines, missed = alike.measured(given.size, given.jobs)
        print("\n".join(lines))  # noqa: T201 - its answer
        return 1 if missed else 0
    elif given.command == "same":
        differences = same.compare(given.size, given.peers)
        print("\n".join(differences) or "no differences")  # noqa: T201 - its answer
        return 1 if differences else 0
    else:
        name = re.sub(r"[^A-Za-z0-9-]+", "-", given.machine).strip("-") or "machine"
        for size in given.sizes:
            if given.command == "search":
                path = search.add(search.measured(size), name)
            else:
                path = results.add(measured(size, given.rounds, given.peers), name)
        print(path.read_text(encoding="utf-8"))  # noqa: T201 - its answer
    return 0


if __name__ == "__main__":
    sys.exit(main())
