"""What editors of YAML see: the real yaml-language-server with the committed schemas."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.language_server import LanguageServer
from tests.conftest import ROOT

MODELINE = "# yaml-language-server: $schema=../../../schema/notice.json\n"
TEXT = """\
kind: rectification
title: 示例通报
agency:_
published: 2024-04-15
publised: 2024-04-15
text: verbatim
inspection: {body: 市委巡察组, started: 2023年6月}
sections:
  - title: 进展
    aspects:
      - title: 供水
        groups: [{title: 管网}]
        issues:
          - id: '1'
            title: 老旧管网
            status:_
            measures: [改造。, {text: 再改造。, statu: 已完成}]
____________
""".replace("_", " ")


HOVERS = {  # the beginning of a line, and of what is told of its key
    "kind:": "#### 种类\n\nrectification 整改通报",
    "agency:": "#### 单位编号\n\nagencies 里的文件名",
    "published:": "#### 发布日期\n\n日期。没有时，",
    "inspection:": "#### 巡察\n",
    "            title:": "#### 问题\n\n一行",
    "            status:": "#### 整改进度\n\n原文的话，见编辑手册 7.3",
    "            measures:": "#### 整改措施\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    for folder in ("schema", "content", ".vscode"):
        shutil.copytree(ROOT / folder, root / folder)
    return root


@pytest.fixture(scope="module")
def server(project: Path) -> Iterator[LanguageServer]:
    """A server that is told what `.vscode/settings.json` says."""
    settings = json.loads((project / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    yaml = {key.removeprefix("yaml."): value for key, value in settings.items() if key.startswith("yaml.")}
    started = LanguageServer(project, {"schemas": yaml["schemas"]})
    yield started
    started.close()


def _line(text: str, beginning: str) -> int:
    return next(n for n, line in enumerate(text.splitlines()) if line.startswith(beginning))


def _end(text: str, beginning: str) -> tuple[int, int]:
    number = _line(text, beginning)
    return number, len(text.splitlines()[number])


@pytest.mark.parametrize("first", [MODELINE, ""], ids=["by its first line", "by the settings"])
def test_a_notice_while_it_is_written(first: str, server: LanguageServer, project: Path):
    text = first + TEXT
    file = project / "content" / "notices" / "2024" / f"draft-{len(first)}.yaml"
    problems = server.open(file, text)
    lines = text.splitlines()
    marked = {
        lines[found["start"]["line"]][found["start"]["character"] : found["end"]["character"]]: problem["message"]
        for problem in problems
        for found in [problem["range"]]
        if found["start"]["line"] == found["end"]["line"]
    }
    assert "不被允许" in marked["publised"], "a wrong key is underlined, in Chinese"
    assert "statu" in marked
    assert marked["2023年6月"].startswith("请写成 2023-06-08")
    assert "问题要么都放在 groups 里" in " ".join(problem["message"] for problem in problems)

    assert {"已完成", "长期坚持", "正在整改"} <= set(server.complete(file, *_end(text, "            status:")))
    assert {"dongying-transport", "linyi-transport"} <= set(server.complete(file, *_end(text, "agency:")))
    assert {"cause", "lead", "due", "updates"} <= set(server.complete(file, len(lines) - 1, 12))
    hovers = {key: server.hover(file, _line(text, key), len(key) - 2) for key in HOVERS}
    assert {key: hover for key, hover in hovers.items() if not hover.startswith(HOVERS[key])} == {}
    assert "整改通报" in hovers["kind:"]
    assert "null" not in server.complete(file, *_end(text, "            status:"))


def test_a_wrong_id_is_told_how_to_be_written(server: LanguageServer, project: Path):
    file = project / "content" / "notices" / "2024" / "wrong.yaml"
    (problem,) = server.open(file, MODELINE + "kind: plan\ntitle: 甲\ntext: digest\nopening: 乙\nagency: 水务局\n")
    assert problem["message"] == "编号只能用小写字母、数字和连字符，以字母开头，最多 80 个字符"
    text = MODELINE + "kind: plan\ntitle: 甲\ntext: digest\nopening: 乙\nagency: not-yet-known\npublished:\n"
    assert server.open(file.with_name("right.yaml"), text) == []


def test_every_file_of_the_demonstration_is_without_a_red_line(server: LanguageServer, project: Path):
    files = sorted((project / "content").rglob("*.yaml"))
    assert len(files) > 8
    found = {file.name: server.open(file, file.read_text(encoding="utf-8")) for file in files}
    assert {name: problems for name, problems in found.items() if problems} == {}


def test_an_agency_gets_its_region(server: LanguageServer, project: Path):
    file = project / "content" / "agencies" / "draft.yaml"
    text = "name: 示例市水务局\nregion: \nphone: 1\n"
    problems = server.open(file, text)
    assert any("phone" in problem["message"] for problem in problems)
    assert any("370500" in label for label in server.complete(file, 1, 8))
