"""Golden folders that read like the product.

`good/<case>/content` builds, and `expect/` holds the report, the data and an outline of pages; every file in `expect/`
has to be made. `bad/<case>/` lies over the good site of `base/`, does not build, and `report.txt` is what the editor is told; the
site that was there, and any other folder, stays as it was. `pytest --update-golden` refreshes both.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, TODAY, tree
from tests.outline import outline

GOOD = sorted(path.name for path in (ROOT / "tests" / "good").iterdir())
BAD = sorted(path.name for path in (ROOT / "tests" / "bad").iterdir())
Run = Callable[..., tuple[int, str, str]]
Golden = Callable[[Path, str], None]


@pytest.mark.parametrize("case", BAD)
def test_bad(case: str, content: Path, run: Run, golden: Golden) -> None:
    folder = ROOT / "tests" / "bad" / case
    assert run("--today", TODAY)[0] == 0
    shutil.copytree(folder, content.parent, dirs_exist_ok=True)
    before = {name: tree(Path(name)) for name in ("site", "other")}
    arguments = folder / "arguments"
    extra = arguments.read_text().split() if arguments.exists() else []
    code, report, summary = run("--today", TODAY, *extra)
    assert {name: tree(Path(name)) for name in ("site", "other")} == before
    if not (folder / "content").exists():  # the command is wrong, not the content
        golden(folder / "report.txt", summary)
        assert (code, report) == (2, "")
        return
    golden(folder / "report.txt", report)
    assert code == 1
    assert "没有生成" in summary
    checked = run("check", "--today", TODAY, *extra)
    assert checked[:2] == (1, report), "check finds what build finds"


@pytest.mark.parametrize("case", GOOD)
def test_good(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run, golden: Golden) -> None:
    folder = ROOT / "tests" / "good" / case
    shutil.copytree(folder / "content", tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    code, report, _ = run("--today", TODAY)
    assert code == 0
    golden(folder / "expect" / "report.txt", report)
    for expected in sorted((folder / "expect").rglob("*")):
        path = expected.relative_to(folder / "expect")
        if expected.is_dir() or path.name == "report.txt":
            continue
        made = tmp_path / "site" / path
        if path.suffix == ".outline":
            html = made.with_suffix(".html").read_text(encoding="utf-8")
            golden(expected, outline(html))
        else:
            golden(expected, made.read_text(encoding="utf-8-sig"))
