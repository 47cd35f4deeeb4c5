"""The ready workflows of `deploy/`: valid by the published schemas, pinned, and every command in them exists."""

import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from gongshi import cli
from tests.conftest import ROOT
from tests.schemas import core

DEPLOY = ROOT / "deploy"
FILES = sorted(DEPLOY.glob("*.yml"))
SCHEMAS = {"github-pages": "github-workflows", "plain-server": "github-workflows", "gitlab-pages": "gitlab-ci"}
HOOKS = ROOT / ".pre-commit-hooks.yaml"
COMMAND = re.compile(r"python build\.py(?: [^\n;|&>]*)?")


def _load(file: Path) -> dict[str, Any]:
    # YAML 1.2, as the hosts read it: `on` is a word.
    return core(file.read_text(encoding="utf-8"))


def _scripts(value: Any) -> Iterator[str]:
    """Every piece of shell in a workflow."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("run", "script", "before_script"):
                yield from [inner] if isinstance(inner, str) else inner
            else:
                yield from _scripts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _scripts(inner)


def test_all_three_hosts_are_there():
    assert {file.stem for file in FILES} == set(SCHEMAS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_passes_the_published_schema(file: Path):
    """The schemas of SchemaStore and GitLab, as check-jsonschema carries them."""
    package = importlib.util.find_spec("check_jsonschema").submodule_search_locations[0]
    folder = Path(package) / "builtin_schemas" / "vendor"
    schema = json.loads((folder / f"{SCHEMAS[file.stem]}.json").read_text(encoding="utf-8"))
    assert [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(_load(file))] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_command_exists(file: Path):
    commands = [found for script in _scripts(_load(file)) for found in COMMAND.findall(script)]
    words = [shlex.split(command)[2:] for command in commands]
    for arguments in words:
        # What the host puts in place of a variable.
        filled = ["https://gongshi.example/" if "URL" in each and each.startswith("$") else each for each in arguments]
        assert cli._parse(filled).command == arguments[0], arguments
    assert {arguments[0] for arguments in words} == {"check", "diff", "build"}
    formats = {"gitlab"} if file.stem.startswith("gitlab") else {"github"}
    assert formats <= {each for arguments in words for each in arguments}, "problems are shown beside their lines"
    assert any("preview" in arguments for arguments in words), "there is a preview"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_script_is_shell(file: Path):
    for script in _scripts(_load(file)):
        done = subprocess.run(["sh", "-n"], input=script, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), script
        assert "${{" not in script, "what a host puts into a script may hold commands: only by env"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_everything_foreign_is_pinned(file: Path):
    text = file.read_text(encoding="utf-8")
    for action in re.findall(r"uses: (.+)", text):
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action
    for image in re.findall(r"image: (.+)", text):
        assert re.fullmatch(r"python:3\.11\.\d+-\w+", image), image
    assert "--require-hashes -r requirements.txt" in text
    assert "pull_request_target" not in text, "code of strangers would run with our rights"


@pytest.mark.parametrize("stem", ["github-pages", "plain-server"])
def test_it_publishes_on_merge_and_every_night(stem: str):
    workflow = _load(DEPLOY / f"{stem}.yml")
    assert workflow["on"]["push"] == {"branches": ["main"]}
    assert workflow["on"]["schedule"][0]["cron"].split()[2:] == ["*", "*", "*"]
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["jobs"]["publish"]["needs"] == "check"
    assert "pull_request" in workflow["jobs"]["publish"]["if"]
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_all_of_the_history_is_there(file: Path):
    """Else pages cannot tell of earlier versions, and every build warns of it."""
    workflow = _load(file)
    if file.stem.startswith("gitlab"):
        assert workflow["variables"]["GIT_DEPTH"] == "0"
        return
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    checkouts = [step["with"] for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) == len(workflow["jobs"])
    assert all(given["fetch-depth"] == 0 for given in checkouts)


def _git(folder: Path, *arguments: str) -> str:
    who = [
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.cn",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "init.defaultBranch=main",
    ]
    return subprocess.run(
        ["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.mark.parametrize("stem", ["github-pages", "gitlab-pages"])
def test_the_review_step_runs(stem: str, content: Path, tmp_path: Path):
    """The step as it stands in the file, in a repository with a change."""
    for name in ("build.py", "gongshi", "templates"):
        (tmp_path / name).symlink_to(ROOT / name)
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", "content")
    _git(tmp_path, "commit", "-qm", "before")
    base = _git(tmp_path, "rev-parse", "HEAD")
    file = content / "notices/2025/water-2025.yaml"
    file.write_text(file.read_text().replace("status: 已完成", "status: 正在整改"))
    script = "\n".join(each for each in _review(stem))
    (tmp_path / "runner").mkdir()
    names = {
        "RUNNER_TEMP": "runner", "GITHUB_STEP_SUMMARY": "summary.md", "BASE": base, "CI_BUILDS_DIR": "runner",
        "CI_JOB_ID": "7", "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
    }  # fmt: skip
    done = subprocess.run(
        ["sh", "-euc", script], cwd=tmp_path, env=os.environ | names, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    report = tmp_path / ("summary.md" if stem == "github-pages" else "review.html")
    assert "正在整改（未完成）" in report.read_text(encoding="utf-8")


def _review(stem: str) -> list[str]:
    workflow = _load(DEPLOY / f"{stem}.yml")
    if stem == "gitlab-pages":
        return workflow["review"]["script"]
    return [step["run"] for step in workflow["jobs"]["check"]["steps"] if "diff" in step.get("run", "")]


def test_the_hook_of_pre_commit():
    (hook,) = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    assert set(hook) >= {"id", "name", "entry", "language"}, "what pre-commit asks for"
    program, *arguments = shlex.split(hook["entry"])
    assert f'{program} = "gongshi.cli:main"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert cli._parse(arguments).command == "check"
    assert not hook["pass_filenames"], "check looks at the whole folder"
