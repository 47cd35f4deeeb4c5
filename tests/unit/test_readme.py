"""The README's example gives the line that the README shows."""

import re
from pathlib import Path

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example(content: Path, run):
    block = re.search(r"```yaml\n# (content/\S+)\n(.*?)```", README, re.DOTALL)
    path = Path(block[1])
    path.write_text(README[block.start() + len("```yaml\n") : block.end() - 3])
    (content / "agencies" / "shili-water.yaml").write_text((content / "agencies" / "water.yaml").read_text())
    shown = re.search(r"```console\n\$ .*?\n(.*?)\n```", README, re.DOTALL)[1]
    code, report, _ = run("check", "--today", "2026-01-01")
    assert code == 0
    assert shown in report.splitlines()
