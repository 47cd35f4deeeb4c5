"""A build may be killed at any moment: nobody sees half a site, and the next build makes it whole.

This is a sample; `python -m bench.kill --times 200` is the whole.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from bench.kill import PATIENCE, PRIVATE, ROOT, Killing, mixed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


@pytest.mark.parametrize("seed", [1, 2])
def test_a_killed_build_leaves_a_whole_site_and_the_next_completes_it(tmp_path: Path, seed: int):
    assert Killing(tmp_path, seed, size=16, alone=0).run(5) == []


def test_workers_end_with_their_build(tmp_path: Path):
    """The system that runs out of memory kills one process, not all of a build."""
    mixed(tmp_path / "content", 80)
    time.sleep(2.1)  # files that changed a moment ago are read again, by workers from before the lock
    command = [sys.executable, "-m", "gongshi", "--today=2026-01-01", "--jobs=2"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    site = tmp_path / "content" / "site.yaml"  # every page has the name of the site, and workers make the pages
    site.write_text(site.read_text("utf-8").replace("测试站", "改名站"), "utf-8")
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as build:
        try:
            for _ in range(PATIENCE * 1_000):
                if any((tmp_path / "site" / PRIVATE).glob("staging/*")):  # a worker has made a page
                    break
                time.sleep(0.001)
            build.kill()
            build.wait()
            next_one = subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True)
            assert next_one.returncode == 0, next_one.stderr.decode()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(build.pid, signal.SIGKILL)
