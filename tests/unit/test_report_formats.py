"""Reports for GitLab and for code scanners: valid, and naming a problem alike when lines above it come and go.

GitLab publishes no JSON Schema of its Code Quality report; its documentation asks for the keys that are asserted here.
The schema of SARIF comes with @microsoft/jest-sarif (`tests/browser/package.json`); what needs it is in tests/browser.
"""

import json
from pathlib import Path

import pytest

from gongshi import report
from gongshi.problems import Problem, Severity, Span
from tests.conftest import TODAY

PROBLEMS = [
    Problem(Span("content/site.yaml"), Severity.ERROR, "missing-file", "找不到"),
    Problem(Span("content/notices/a b#.yaml", 3, 5), Severity.WARNING, "stray-file", "“%”|<b>\n"),
    Problem(Span("content/notices/a b#.yaml", 4, 5), Severity.WARNING, "stray-file", "“%”|<b>\n"),
    Problem(Span("/elsewhere/公告.yaml", 4, 5), Severity.ERROR, "duplicate-key", "重复了（上一次在第 4 行）"),
]


def test_gitlab_has_every_key_that_gitlab_asks_for():
    records = json.loads(report.as_gitlab(PROBLEMS))
    assert len(records) == len(PROBLEMS)
    for record in records:
        assert set(record) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert record["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert record["location"]["lines"]["begin"] >= 1
        assert not record["location"]["path"].startswith("./")
    assert len({record["fingerprint"] for record in records}) == len(PROBLEMS)


def test_nothing_wrong_is_a_report_too():
    assert json.loads(report.as_gitlab([])) == []
    assert json.loads(report.as_sarif([]))["runs"][0]["results"] == []


def _fingerprints(text: str) -> list[str]:
    found = json.loads(text)
    if isinstance(found, list):
        return [record["fingerprint"] for record in found]
    return [result["partialFingerprints"]["gongshi/v1"] for result in found["runs"][0]["results"]]


@pytest.mark.parametrize("name", ["gitlab", "sarif"])
def test_fingerprints_outlive_lines_above(name: str, content: Path, run):
    file = content / "notices/2025/water-2025.yaml"
    text = file.read_text()
    file.write_text(text + "publised: 1\nprogres: 1\n")
    before = _fingerprints(run("check", "--today", TODAY, "--format", name)[1])
    file.write_text("# 一行注释\n\n" + text + "publised: 1\nprogres: 1\n")
    after = _fingerprints(run("check", "--today", TODAY, "--format", name)[1])
    assert before == after
    assert len(set(before)) == 2


def test_sarif_places_of_files():
    results = json.loads(report.as_sarif(PROBLEMS))["runs"][0]["results"]
    whole, spaced, _, absolute = (result["locations"][0]["physicalLocation"] for result in results)
    assert "region" not in whole
    assert spaced["artifactLocation"]["uri"] == "content/notices/a%20b%23.yaml"
    assert absolute["artifactLocation"]["uri"].startswith("file:///elsewhere/%E5%85%AC")
