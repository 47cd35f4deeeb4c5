"""Git repositories to try things with, with fixed names and days."""

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

_NAMES = {"NAME": "某编辑", "EMAIL": "bianji@example.cn"}
_WHO = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _NAMES.items()}
_ALONE = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


class Repo:
    """A repository; every commit is made on the next day, at 20:00 UTC, which is the day after in China."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.day = 0
        self.git("init", "-q", "-b", "main", *options)

    def git(self, *arguments: str) -> str:
        """What git says. Raises CalledProcessError."""
        when = f"{datetime(2025, 3, 1, 20, tzinfo=UTC) + timedelta(days=max(self.day, 1) - 1):%Y-%m-%dT%H:%M:%S%z}"
        environment = (
            os.environ | _WHO | _ALONE | {"GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z"}
        )
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=self.folder, env=environment, check=True, capture_output=True)  # noqa: S603
        return done.stdout.decode().strip()

    def commit(self, message: str = "改", *, paths: tuple[str, ...] = (".",)) -> str:
        """Commit what has changed; the short name of the commit."""
        self.day += 1
        self.git("add", "-A", "--", *paths)
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")[:10]
