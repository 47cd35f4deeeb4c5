"""Same input, same bytes: whatever the time zone, language, working directory, hash seed and order of the folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT, tree


def _build(copy: Path, output: Path, **environment: str) -> dict[str, bytes]:
    command = [sys.executable, str(ROOT / "build.py"), "--content", str(copy), "--output", str(output)]
    done = subprocess.run(
        [*command, "--today", "2025-07-01"],
        check=False,
        capture_output=True,
        cwd=output.parent,
        env={**os.environ, **environment},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()
    return {path: body for path, (body, _) in tree(output).items()}


def test_two_builds_are_byte_identical(tmp_path: Path):
    content = ROOT / "tests" / "good" / "everything" / "content"
    first, second = tmp_path / "one", tmp_path / "two" / "deeper"
    for folder in (first, second):
        folder.mkdir(parents=True)
    shutil.copytree(content, first / "content")
    # The second copy is written in the opposite order, which is the order that many file systems list.
    for path in sorted(content.rglob("*"), reverse=True):
        target = second / "content" / path.relative_to(content)
        if path.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    a = _build(first / "content", first / "site", TZ="Pacific/Kiritimati", LANG="C", PYTHONHASHSEED="1")
    b = _build(second / "content", second / "site", TZ="America/Adak", LANG="zh_CN.UTF-8", PYTHONHASHSEED="2")
    assert a == b
    assert any("index.html" in path for path in a)
