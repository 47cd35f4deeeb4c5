"""The schemas for editors: they say what the program accepts, in the words of 编辑手册."""

import dataclasses
import json
import time
from datetime import date, timedelta
from pathlib import Path

import jsonschema
import pytest

from gongshi import model, schema
from gongshi.dates import PartialDate
from tests.conftest import ROOT
from tests.manual_fields import rows
from tests.schemas import FOLDER, faults, kind_of, validator

GOOD = sorted(file for folder in ("good/*", "base") for file in (ROOT / "tests").glob(f"{folder}/content/**/*.yaml"))
IMPORTED = sorted((ROOT / "tests" / "import").glob("*/*.yaml"))
BAD = sorted(path.parent for path in (ROOT / "tests" / "bad").glob("*/content"))

# Folders of tests/bad whose fault no schema can say, and why.
FILE = "it is about bytes or the name of a file, which a schema does not see"
OTHER_FILES = "it is about what other files hold"
OTHER_PLACES = "it compares values in several places of a file"
COMMENTS = "YAML has dropped the text behind # before a schema sees the value"
RESOLVED = "YAML puts something else in its place before a schema sees the value"
MARKDOWN = "it is about what Markdown or the pages make of a text"
WARNING = "it is no fault, only something to look at"
NUMBERS = "whether a number is somebody's is told by its check digit and by what stands around it"
TEXT = "every part is well formed; how much there is of it can only be counted"
INEXPRESSIBLE = {
    "admin-incomplete": OTHER_PLACES,
    "alias": RESOLVED,
    "attachments": OTHER_FILES,
    "bad-file-name": FILE,
    "bom": FILE,
    "bracketed-citation": MARKDOWN,
    "broken-link": MARKDOWN,
    "circular": OTHER_FILES,
    "contact-warnings": WARNING,
    "continues-later": OTHER_FILES,
    "crlf": FILE,
    "deliverables": OTHER_PLACES,
    "duplicate-issue": OTHER_PLACES,
    "duplicate-notice": FILE,
    "encoding": FILE,
    "end-before-start": OTHER_PLACES,
    "follow-up-order": OTHER_PLACES,
    "follows-later": OTHER_FILES,
    "future-dates": OTHER_PLACES,
    "joined-units": WARNING,
    "lost-code": COMMENTS,
    "lost-text": COMMENTS,
    "markup-in-verbatim": MARKDOWN,
    "masked-digest": MARKDOWN,
    "missing-reference": OTHER_FILES,
    "page-title": MARKDOWN,
    "private-attachment": OTHER_FILES,
    "private-text": NUMBERS,
    "same-anchor": MARKDOWN,
    "same-path": FILE,
    "status-words": OTHER_PLACES,
    "subfolders": FILE,
    "swallowed-key": WARNING,
    "tag-mark": RESOLVED,
    "too-involved": TEXT,
    "totals-differ": OTHER_PLACES,
    "two-lines": RESOLVED,
    "unused-exempt": WARNING,
    "upper-case-suffix": FILE,
    "withheld-text": WARNING,
}


def test_the_committed_schemas_are_those_of_the_model():
    stale = [name for name, text in schema.schemas().items() if (FOLDER / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run python build.py schema"
    assert (FOLDER / "words.json").read_text(encoding="utf-8") == schema.words(ROOT / "content"), "the same"


@pytest.mark.parametrize("name", ["notice", "agency", "site", "regions", "words"])
def test_they_are_schemas(name: str):
    jsonschema.Draft7Validator.check_schema(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.relative_to(ROOT / "tests").as_posix())
def test_good_files_pass(file: Path):
    content = next(parent for parent in file.parents if parent.name == "content")
    assert kind_of(file, content)
    assert faults(file, content) == []


def test_the_demonstration_passes():
    content = ROOT / "content"
    files = sorted(content.rglob("*.yaml"))
    assert {file.name: faults(file, content) for file in files if faults(file, content)} == {}


@pytest.mark.parametrize("file", IMPORTED, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_what_import_writes_passes(file: Path, tmp_path: Path):
    copy = tmp_path / ("agencies" if file.stem == "agency" else "notices") / file.name
    copy.parent.mkdir()
    copy.write_bytes(file.read_bytes())
    assert faults(copy, tmp_path) == []


@pytest.mark.parametrize("folder", BAD, ids=lambda folder: folder.name)
def test_bad_folders_fail_if_a_schema_can_say_why(folder: Path):
    content = folder / "content"
    if folder.name == "encoding":
        assert INEXPRESSIBLE["encoding"]
        return
    found = [fault for file in sorted(content.rglob("*.yaml")) for fault in faults(file, content)]
    assert (found == []) == (folder.name in INEXPRESSIBLE), found


def test_the_list_of_what_cannot_be_said_names_folders():
    assert set(INEXPRESSIBLE) - {folder.name for folder in BAD} == set()


def _accepts(kind: str, text: object) -> bool:
    definition = json.loads((FOLDER / "notice.json").read_text(encoding="utf-8"))["definitions"][kind]
    return jsonschema.Draft7Validator(definition).is_valid(text)


def test_dates_are_as_exact_as_the_model():
    day = date(1999, 1, 1)
    texts = [
        f"{year}-{month:02d}-{n:02d}" for year in (1900, 2000, 2023, 2024) for month in range(14) for n in range(33)
    ]
    texts += [(day + timedelta(n)).isoformat() for n in range(0, 3000, 7)]
    texts += [
        "2023",
        "0000",
        "2023-06",
        "2023-13",
        "2023-06 中旬",
        "2023-06中旬",
        "2023-06 中",
        "2023-6",
        "二〇二三",
        "",
    ]
    for text in texts:
        try:
            known = bool(PartialDate.parse(text))
        except ValueError:
            known = False
        assert _accepts("partial-date", text) == known, text
        assert _accepts("date", text) == (known and text.count("-") == 2), text
    assert _accepts("partial-date", 2023)
    assert not _accepts("partial-date", 20230608)


@pytest.mark.parametrize("text", ["甲\n乙", "", "  ", "甲\u202e乙", "甲" * 501, None, ["甲"]])
def test_a_line_is_a_line(text: object):
    assert not _accepts("line", text)
    assert _accepts("line", "一行字𠮷\n")


@pytest.mark.parametrize("kind", ["line", "prose", "number-style", "url"])
@pytest.mark.parametrize(
    "text", ["甲" * 300_000 + "\u202e", " " * 300_000, "甲 " * 100_000 + "\n乙", "甲" + " " * 50_000 + "\n乙"]
)
def test_no_text_takes_long(kind: str, text: str):
    definition = json.loads((FOLDER / "notice.json").read_text(encoding="utf-8"))["definitions"][kind]
    started = time.monotonic()
    jsonschema.Draft7Validator(definition).is_valid(text)
    assert time.monotonic() - started < 5


def test_suggested_words_are_not_demanded():
    notice = {"kind": "plan", "title": "甲", "agency": "nobody-yet", "text": "digest", "opening": "乙"}
    assert validator("notice").is_valid(notice)
    issue = {
        "id": "1",
        "title": "丙",
        "status": "从来没有见过的说法",
        "measures": ["丁", {"text": "戊", "status": None}],
    }
    assert validator("notice").is_valid(notice | {"sections": [{"title": "己", "issues": [issue]}]})


def test_every_field_is_described_as_the_manual_does():
    explained = {}
    for row in rows():
        for owner, name in row.fields:
            explained.setdefault((owner, name), row)
    different = []
    for (owner, name), row in explained.items():
        told = {f.name: f.metadata for f in dataclasses.fields(owner)}[name]
        same = (
            told["description"] == row.words
            if len({n for _, n in row.fields}) == 1
            else told["description"] in row.words
        )
        if not (same and told["zh"] in row.names):
            different.append((owner.__name__, name, told["description"], row.words))
    assert different == [], "gongshi/model.py and 编辑手册 differ"
    records = [value for value in vars(model).values() if dataclasses.is_dataclass(value)]
    fields = {(record, f.name) for record in records for f in dataclasses.fields(record) if f.metadata}
    in_prose = {
        model.Numbering,
        model.Hotline,
        model.SiteLabels,
        model.Vocabulary,
    }  # explained without a row of their own
    left = {(record.__name__, name) for record, name in fields - explained.keys() if record not in in_prose}
    assert left == {("Notice", "withdrawn"), ("Contact", "postal"), ("Site", "operator"), ("Site", "footer")}
    assert all(f.metadata["description"] for record in records for f in dataclasses.fields(record) if f.metadata)


def test_examples_are_what_a_field_accepts():
    """An example that the schema refused would teach what is wrong."""
    for name in ("notice", "agency", "site"):
        whole = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        parts = [whole, *whole["definitions"].values()]
        for part in parts:
            for key, field in part.get("properties", {}).items():
                for example in field.get("examples", ()):
                    value = [example] if "array" in field.get("type", "") else example
                    bare = {k: v for k, v in field.items() if k != "title"}
                    if "words.json" in json.dumps(bare):
                        bare = bare["anyOf"][0]
                    checker = jsonschema.Draft7Validator({"definitions": whole["definitions"], "allOf": [bare]})
                    assert checker.is_valid(value), (name, key, example)


def test_the_command_writes_them(content: Path, run):
    code, said, _ = run("schema", "mine")
    assert (code, "mine/notice.json" in said) == (0, True)
    assert Path("mine/agency.json").read_text(encoding="utf-8") == (FOLDER / "agency.json").read_text(encoding="utf-8")
    offered = json.loads(Path("mine/words.json").read_text(encoding="utf-8"))["definitions"]
    assert "water" in offered["agencies"]["enum"]
    assert "已完成" in offered["statuses"]["enum"]
    assert "water-2025" in offered["notices"]["enum"]


def test_broken_content_still_gives_schemas(content: Path, run):
    (content / "site.yaml").write_text("statuses: [")
    (content / "agencies" / "water.yaml").write_bytes(b"\xff\xfe")
    (content / "regions.yaml").unlink()
    assert run("schema", "mine")[0] == 0
    offered = json.loads(Path("mine/words.json").read_text(encoding="utf-8"))["definitions"]
    assert offered["agencies"] == {"enum": ["water"], "enumDescriptions": [""]}
    assert (offered["statuses"]["enum"], offered["regions"]["enum"]) == ([], [])


def test_without_content_the_command_says_so(content: Path, run):
    code, _, said = run("schema", "--content", "nowhere")
    assert (code, "找不到内容文件夹 nowhere" in said) == (2, True)
    assert not Path("schema").exists()


@pytest.mark.parametrize("kind", ["notice", "agency"])
def test_new_files_point_to_their_schema(kind: str, content: Path, run):
    assert run("new", kind, "new-one")[0] == 0
    file = next(content.rglob("new-one.yaml"))
    target = file.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")[2]
    assert (file.parent / target).resolve() == (content.parent / "schema" / f"{kind}.json").resolve()
