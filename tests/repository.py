"""Git repositories for tests, with fixed names and days."""

import os
import subprocess
from pathlib import Path

_WHO = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "某编辑"), ("EMAIL", "bianji@example.cn"))}  # fmt: skip
_ALONE = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


class Repo:
    """A repository; every commit is made on the next day, at 20:00 UTC, which is the day after in China."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.day = 0
        self.git("init", "-q", "-b", "main", *options)

    def git(self, *arguments: str) -> str:
        when = f"2025-03-{self.day or 1:02d}T20:00:00+0000"
        environment = (
            os.environ | _WHO | _ALONE | {"GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z"}
        )
        done = subprocess.run(["git", *arguments], cwd=self.folder, env=environment, check=True, capture_output=True)
        return done.stdout.decode().strip()

    def commit(self, message: str = "改", *, paths: tuple[str, ...] = (".",)) -> str:
        """Commit what has changed; the short name of the commit."""
        self.day += 1
        self.git("add", "-A", "--", *paths)
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")[:10]
