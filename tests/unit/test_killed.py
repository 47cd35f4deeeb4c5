"""A build may be killed at any moment: nobody sees half a site, and the next build makes it whole.

This is a sample; `python -m bench.kill --times 200` is the whole.
"""

import sys
from pathlib import Path

import pytest

from bench.kill import Killing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


@pytest.mark.parametrize("seed", [1, 2])
def test_a_killed_build_leaves_a_whole_site_and_the_next_completes_it(tmp_path: Path, seed: int):
    assert Killing(tmp_path, seed, size=16, say=print).run(5) == []
