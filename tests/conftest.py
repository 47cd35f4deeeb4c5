"""Shared by all tests: golden files, and content folders to build from."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from gongshi.cache import Cache
from gongshi.cli import main
from gongshi.executors import Workers
from gongshi.load import load
from gongshi.model import Agency, Notice
from gongshi.scan import scan

ROOT = Path(__file__).parent.parent
SEEDS = ROOT.parent / "shared" / "seeds"
TODAY = "2026-01-01"
# What switches the form on, which no golden folder can have: a build with it needs npm.
FORM = """\
admin: {backend: gitlab, repo: shili/gongshi, branch: main, review: true, app_id: 1a2b3c,
  base_url: https://git.example.cn, api_root: https://git.example.cn/api/v4}
"""

settings.register_profile(
    "gongshi", deadline=None
)  # how long an example takes says something of the machine, not of us
settings.register_profile("long", deadline=None, max_examples=5_000)
settings.load_profile("gongshi")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write what was found as what is expected")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with a golden file, or refresh the file."""

    def compare(path: Path, found: str) -> None:
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(found, encoding="utf-8", newline="\n")
        expected = path.read_text(encoding="utf-8") if path.exists() else None
        assert found == expected, f"{path} differs; look at it, then refresh with pytest --update-golden"

    return compare


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small good content folder, in the current directory, to be changed by a test."""
    shutil.copytree(ROOT / "tests" / "base", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "content"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the command; exit code, standard output, standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def read_content(folder: Path) -> tuple[list[Agency], list[Notice]]:
    """The agencies and notices of a content folder that can be used."""
    cache = Cache(None)
    try:
        with Workers(1) as workers:
            corpus = load(folder, cache, workers, scan(folder)).corpus
        assert corpus
        return list(corpus.agencies.values()), [corpus.notice(notice_id) for notice_id in corpus.notices]
    finally:
        cache.close()


def tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder: content, and time of the last change."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
