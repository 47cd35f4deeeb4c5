"""The SARIF report passes the published schema, which comes from npm."""

import json
from pathlib import Path

import jsonschema
import pytest

from gongshi import report
from gongshi.problems import Problem
from tests.conftest import TODAY
from tests.unit.test_report_formats import PROBLEMS

SCHEMA = Path(__file__).parent / "node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"


def _check(text: str) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    checker = kind(schema, format_checker=kind.FORMAT_CHECKER)
    assert [error.message for error in checker.iter_errors(json.loads(text))] == []


@pytest.mark.parametrize("problems", [PROBLEMS, []], ids=["problems", "none"])
def test_it_passes_the_schema(problems: list[Problem]):
    _check(report.as_sarif(problems))


def test_what_check_prints_passes(content: Path, run):
    (content / "notices/2025/water-2025.yaml").write_text("title: [")
    code, text, _ = run("check", "--today", TODAY, "--format", "sarif")
    assert code == 1
    _check(text)
