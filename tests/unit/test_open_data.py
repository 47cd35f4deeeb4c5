"""Open data as others read them: frictionless, Datasette, SQLite, openpyxl, calamine, rdflib, sha256sum."""

import asyncio
import csv
import io
import json
import re
import shutil
import sqlite3
import subprocess
import weakref
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from gongshi import urls
from gongshi.bundle import binder, database, workbook
from gongshi.cli import main
from gongshi.outputs.data import BOM, DATABASE, SUMS, WORKBOOK, _cell
from gongshi.serve import Preview
from gongshi.tables import BY_NAME, OF_NOTICES, TABLES
from tests.conftest import ROOT, TODAY, tree

CASES = {case: ROOT / "tests" / "good" / case / "content" for case in ("everything", "hostile", "minimal", "verbatim")}
CASES["demonstration"] = ROOT / "content"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of open data of a site that was built once."""
    folders: dict[str, Path] = {}

    def build(case: str) -> Path:
        if case not in folders:
            folder = tmp_path_factory.mktemp(case)
            command = ["--content", str(CASES[case]), "--output", str(folder / "site"), "--today", TODAY, "--no-cache"]
            assert main(command) == 0
            folders[case] = folder / "site" / "data"
        return folders[case]

    return build


@pytest.fixture
def everything(made: Callable[[str], Path]) -> Path:
    return made("everything")


def records(data: Path, table: str) -> list[dict]:
    return json.loads((data / f"{table}.json").read_text())


# One description


@pytest.mark.parametrize("case", CASES)
def test_every_format_has_the_fields_that_are_described(made, case: str):
    data = made(case)
    book = openpyxl.load_workbook(data / WORKBOOK, read_only=False)
    base = sqlite3.connect(data / DATABASE)
    package = {each["name"]: each for each in json.loads((data / "datapackage.json").read_text())["resources"]}
    for table in TABLES:
        names = [field.name for field in table.fields]
        flat = [field.name for field in table.flat]
        found = records(data, table.name)
        assert all(list(record) == names for record in found), table.name
        with (data / f"{table.name}.csv").open(encoding="utf-8-sig", newline="") as file:
            head, *rows = csv.reader(file)
        assert head == names
        assert [row[0] for row in rows] == [record[table.key] for record in found]
        assert len({row[0] for row in rows}) == len(rows)
        assert [field["name"] for field in package[table.name]["schema"]["fields"]] == names
        assert [row[1] for row in base.execute(f"PRAGMA table_info({table.name})")] == flat
        titles, codes, *lines = book[table.title].iter_rows(values_only=True)
        assert list(titles) == [field.title for field in table.flat]
        assert list(codes) == flat
        assert [line[0] for line in lines] == [record[table.key] for record in found]
    base.close()


def test_every_table_has_rows_where_every_field_is_used(everything: Path):
    empty = {"regions.parent", "notices.text"}  # stand in `minimal` and as codes
    for table in TABLES:
        found = records(everything, table.name)
        assert found, table.name
        unused = {f"{table.name}.{f.name}" for f in table.fields if all(r[f.name] in (None, [], {}) for r in found)}
        assert unused <= empty


def test_records_hold_what_they_are_described_to(everything: Path):
    for table in TABLES:
        for record in records(everything, table.name):
            for field in table.fields:
                value = record[field.name]
                if value is None:
                    assert not field.required, (table.name, field.name)
                elif field.choices:
                    assert value in field.choices
                else:
                    kinds = {"count": int, "flag": bool, "texts": list, "array": list, "object": dict}
                    assert type(value) is kinds.get(field.type, str), (table.name, field.name, value)


def test_what_the_new_tables_say(everything: Path):
    measures = {record["id"]: record for record in records(everything, "measures")}
    own = measures["water-2025#issue-1-measure-2"]
    assert (own["text"], own["status"], own["bucket"], own["due"]) == ("再改造8公里。", "正在整改", "open", "2026-06")
    assert measures["water-2025#issue-1-measure-1"]["bucket"] == "done", "that of its issue, as it is known last"
    hidden = measures["water-2025#issue-1-measure-4"]
    assert (hidden["text"], hidden["withheld"]) == (None, "case")
    assert measures["water-2025#issue-2-measure-1"]["part"] == "关于水源"
    (_, done) = (record for record in records(everything, "updates") if record["issue"] == "water-2025#issue-1")
    assert (done["date"], done["status"], done["bucket"], done["text"]) == (
        "2025-10-01",
        "已完成",
        "done",
        "全部完成。",
    )
    totals = {record["id"]: record for record in records(everything, "totals")}
    assert (totals["water-2025#totals-issues"]["declared"], totals["water-2025#totals-issues"]["part"]) == (5, None)
    assert any(record["part"] == "管网" for record in totals.values())
    assert {record["kind"] for record in records(everything, "promises")} >= {
        "整改时限",
        "承诺",
        "措施时限",
        "阶段结束",
    }
    for record in records(everything, "attachments"):
        file = record["file"] and everything.parent / "notices" / record["notice"] / record["file"]
        assert record["bytes"] == (file.stat().st_size if file else None)


@pytest.mark.parametrize("case", CASES)
def test_every_address_is_a_place_of_the_site(made, case: str):
    data = made(case)
    site = data.parent
    for table in TABLES:
        for record in records(data, table.name):
            for address in filter(None, (record["url"], record.get("file_url"))):
                path, _, anchor = re.sub("^https://[^/]+/(?:sub/)?|^/", "", address).partition("#")
                file = site / urls.output_file(path)
                assert file.is_file(), address
                if anchor:
                    assert f'id="{anchor}"' in file.read_text(), address


# CSV


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_of_csv_is_a_formula(mark: str):
    assert _cell(f"{mark}1+1") == f"'{mark}1+1"
    assert _cell([f"{mark}1", "b"]) == f"'{mark}1；b"
    assert _cell(f"a{mark}1") == f"a{mark}1"


def test_csv_of_hostile_content(made):
    for file in made("hostile").glob("*.csv"):
        body = file.read_bytes()
        assert body.startswith(BOM)
        assert body.count(BOM) == 1
        for row in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")):
            assert not [cell for cell in row if cell.startswith(tuple("=+-@\t\r\n"))]


# Data Package


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
class TestDataPackage:
    @staticmethod
    def report(data: Path):
        import frictionless

        return frictionless.validate(str(data / "datapackage.json"))

    @pytest.mark.parametrize("case", CASES)
    def test_frictionless_accepts_it(self, made, case: str):
        report = self.report(made(case))
        assert report.valid, report.flatten(["name", "type", "note"])
        assert {task.name for task in report.tasks} >= set(BY_NAME)

    @pytest.mark.parametrize(
        ("file", "old", "new", "error"),
        [
            ("issues.csv", "老旧管网", "老旧管道", "hash-count"),
            ("issues.csv", "water-2025#issue-1,water-2025,", "water-2025#issue-1,water-2029,", "foreign-key"),
            ("issues.csv", "water-2025#issue-2,", "water-2025#issue-1,", "primary-key"),
            ("issues.csv", ",ongoing,", ",onging,", "constraint-error"),
            ("updates.csv", "2025-10-01", "2025-10-1x", "type-error"),
        ],
    )
    def test_it_says_enough_to_tell_what_is_wrong(self, everything: Path, tmp_path: Path, file, old, new, error):
        data = shutil.copytree(everything, tmp_path / "data")
        text = (data / file).read_bytes().decode()
        if error == "constraint-error":
            old, new = ",done,", ",dne,"
        assert old in text
        (data / file).write_bytes(text.replace(old, new, 1).encode())
        report = self.report(data)
        assert error in {line[0] for line in report.flatten(["type"])}

    def test_it_names_licence_and_source(self, everything: Path):
        package = json.loads((everything / "datapackage.json").read_text())
        assert package["licenses"][0]["path"].startswith("https://creativecommons.org/licenses/by/4.0/")
        assert package["sources"] == [{"title": "示例市政务公开办公室", "path": "https://gs.example/sub/"}]
        for resource in package["resources"]:
            assert resource["bytes"] == (everything / resource["path"]).stat().st_size


# SQLite and Datasette


@pytest.mark.parametrize("case", CASES)
def test_the_database_is_sound(made, case: str):
    data = made(case)
    base = sqlite3.connect(f"file:{data / DATABASE}?mode=ro", uri=True)
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert base.execute("PRAGMA freelist_count").fetchone() == (0,)
    for table in TABLES:
        keys = {(row[3], row[2], row[4]) for row in base.execute(f"PRAGMA foreign_key_list({table.name})")}
        assert keys == {(f.name, f.refers, BY_NAME[f.refers].key) for f in table.flat if f.refers}
        for field in table.flat:
            kinds = {"null"} | ({"integer"} if field.type in ("count", "flag") else {"text"})
            found = base.execute(f'SELECT DISTINCT typeof("{field.name}") FROM {table.name}')
            assert {kind for (kind,) in found} <= kinds
        assert base.execute(f"SELECT count(*) FROM {table.name}").fetchone() == (len(records(data, table.name)),)
    base.close()


def test_what_a_withdrawn_notice_had_is_referred_to_by_nobody(content: Path, run: Run):
    notice = content / "notices/2025/water-2025.yaml"
    earlier = content / "notices/2024/water-2024.yaml"
    earlier.parent.mkdir()
    earlier.write_text(notice.read_text().replace("2025", "2024") + "withdrawn: {date: 2024-06-01, reason: 有误}\n")
    notice.write_text(
        re.sub("(?m)^( +)status: ", r"\1continues: water-2024#issue-1\n\1status: ", notice.read_text(), count=1)
    )
    code, report, _ = run("--today", TODAY)
    assert code == 0, report
    data = Path("site/data")
    assert records(data, "issues")[0]["continues"] == "water-2024#issue-1"
    base = sqlite3.connect(data / DATABASE)
    assert base.execute("SELECT DISTINCT continues FROM issues").fetchall() == [(None,)]
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    base.close()


class TestDatasette:
    @pytest.fixture
    def get(self, everything: Path) -> Iterator[Callable[[str], dict]]:
        from datasette.app import Datasette

        metadata = json.loads((everything / "datasette.json").read_text())
        shown = Datasette([str(everything / DATABASE)], metadata=metadata)

        def answer(path: str):
            response = asyncio.run(shown.client.get(path))
            assert response.status_code == 200, path
            return response.json() if ".json" in path else response.text

        yield answer
        for base in shown.databases.values():
            base.close()

    def test_it_opens_every_table(self, get):
        for table in TABLES:
            page = get(f"/gongshi/{table.name}")
            assert table.title in page
            assert table.description in page
        assert "知识共享 署名 4.0" in get("/gongshi")

    def test_keys_show_their_labels(self, get):
        (row, *_) = get("/gongshi/measures.json?_labels=on&_shape=objects")["rows"]
        assert row["agency"] == {"value": "water", "label": "示例市水务局"}
        assert row["notice"]["label"].startswith("中共示例市水务局党组")
        assert row["issue"]["label"]

    def test_its_search_box_finds_three_characters_in_the_middle_of_a_word(self, get):
        found = get(f"/gongshi/issues.json?_search={quote('管网改')}&_shape=objects")["rows"]
        assert [row["title"] for row in found] == ["老旧管网改造滞后"]
        found = get(f"/gongshi/measures.json?_search={quote('再改造8')}&_shape=objects")["rows"]
        assert [row["text"] for row in found] == ["再改造8公里。"]

    @pytest.mark.parametrize("word", ["网", "管网", "管网改", "老旧管网改造滞后"])
    def test_its_query_finds_words_of_any_length(self, get, word: str):
        assert "老旧管网改造滞后" in {
            row["标题"] for row in get(f"/gongshi/find.json?words={quote(word)}&_shape=array")
        }
        for none in (f"没有{word}", f'"{word}', "", "' or 1=1 --"):
            assert get(f"/gongshi/find.json?words={quote(none)}&_shape=array") == []

    def test_facets_are_suggested_in_the_settings(self, get):
        facets = get("/gongshi/issues.json")["facet_results"]
        assert facets["bucket"]["results"]

    def test_it_searches_the_words_of_measures_and_causes(self, get):
        assert get(f"/gongshi/find.json?words={quote('资金')}&_shape=array")[0]["编号"] == "water-2025#issue-1"
        assert any(row["表"] == "整改措施" for row in get(f"/gongshi/find.json?words={quote('台账')}&_shape=array"))


# The workbook


@pytest.mark.parametrize("case", CASES)
def test_the_workbook_has_texts_numbers_and_days(made, case: str):
    data = made(case)
    book = openpyxl.load_workbook(data / WORKBOOK)
    assert book.sheetnames == ["说明", *(table.title for table in TABLES)]
    for table in TABLES:
        sheet = book[table.title]
        assert sheet.freeze_panes == "B3"
        assert sheet.auto_filter.ref == f"A2:{sheet.cell(2, len(table.flat)).column_letter}{sheet.max_row}"
        for row, record in zip(sheet.iter_rows(min_row=3), records(data, table.name), strict=True):
            for cell, field in zip(row, table.flat, strict=True):
                assert cell.data_type != "f"
                assert cell.hyperlink is None
                value = record[field.name]
                if field.type == "count" and value is not None:
                    assert cell.value == value
                elif field.type in ("day", "when") and value and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                    assert cell.value == datetime.fromisoformat(value)
                    assert cell.number_format == "yyyy-mm-dd"
                elif field.type == "text" and not field.choices:
                    assert cell.value == value
    assert CalamineWorkbook.from_path(str(data / WORKBOOK)).sheet_names == book.sheetnames


def test_rows_are_what_xlsxwriter_would_write(tmp_path: Path):
    """The library writes the same cells; what we put into its sheets is read back alike, odd texts included."""
    texts = [
        "=1+1",
        " a ",
        "a\nb",
        "_x0041_",
        "<&>\"'",
        "\x07",
        "𠮷",
        "+86",
        "https://example.cn",
        "\ufffe",
        "_X0041_",
    ]
    table = BY_NAME["updates"]
    found = [
        dict.fromkeys([field.name for field in table.fields]) | {"id": text, "date": "2024-02-29"} for text in texts
    ]
    theirs = xlsxwriter.Workbook(tmp_path / "theirs.xlsx", {"constant_memory": True})
    sheet = theirs.add_worksheet()
    for n, record in enumerate(found):
        sheet.write_string(n, 0, record["id"])
    sheet.write_string(len(found), 0, "x")
    theirs.close()
    frame = xlsxwriter.Workbook(tmp_path / "frame.xlsx")
    frame.add_worksheet().write_datetime(
        2, 0, datetime.fromisoformat("2024-01-01"), frame.add_format({"num_format": "yyyy-mm-dd"})
    )
    frame.close()
    with zipfile.ZipFile(tmp_path / "frame.xlsx") as source, zipfile.ZipFile(tmp_path / "ours.xlsx", "w") as target:
        for name in source.namelist():
            body = source.read(name)
            if "sheet1" in name:
                body = b"".join(workbook.filled(body.decode(), table, iter(found)))
            target.writestr(name, body)
    ours = openpyxl.load_workbook(tmp_path / "ours.xlsx").active
    expected = openpyxl.load_workbook(tmp_path / "theirs.xlsx").active
    assert [ours.cell(n + 3, 1).value for n in range(len(texts))] == [
        expected.cell(n + 1, 1).value for n in range(len(texts))
    ]
    assert ours.cell(3, 5).value == datetime.fromisoformat("2024-02-29")


def test_what_does_not_fit_is_cut_and_said(content: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    long = "很长的措施" * 8_000
    notice = content / "notices/2025/water-2025.yaml"
    changed = re.sub("(?m)^( +)- 改造.*$", rf"\1- {long}\n\1- 𠮷一\n\1- 二\n\1- 三", notice.read_text(), count=1)
    assert long in changed
    notice.write_text(changed)
    monkeypatch.setattr(workbook, "MAX_ROWS", 5)
    assert run("--today", TODAY, "--jobs", "1")[0] == 0
    data = Path("site/data")
    book = openpyxl.load_workbook(data / WORKBOOK)
    column = [field.name for field in BY_NAME["measures"].flat].index("text") + 1
    cell = book["整改措施"].cell(3, column).value
    assert len(cell) == 32_767
    assert cell == long[:32_766] + "…"
    assert book["整改措施"].max_row == 5
    left = len(records(data, "measures")) - 3
    told = " ".join(str(value) for row in book["说明"].iter_rows(values_only=True) for value in row)
    assert f"最后 {left} 行没有列出；全部在 measures.csv 里" in told
    assert "32767" in told
    assert records(data, "measures")[0]["text"] == long


@pytest.mark.parametrize("text", ["字" * 32_767, "字" * 32_768, "𠮷" * 16_383, "𠮷" * 16_384, "a" + "𠮷" * 20_000])
def test_a_cell_holds_as_much_as_excel_lets_it(text: str):
    fits = workbook.fitting(text)
    assert len(fits.encode("utf-16-le")) // 2 <= 32_767
    assert (fits == text) == (len(text.encode("utf-16-le")) // 2 <= 32_767)
    assert fits == text or (fits.endswith("…") and text.startswith(fits[:-1]))


# DCAT


@pytest.mark.filterwarnings("ignore:.*ConjunctiveGraph:DeprecationWarning")
@pytest.mark.parametrize("case", ["everything", "minimal"])
def test_the_catalogue_is_dcat(made, case: str):
    import rdflib
    from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

    data = made(case)
    spdx = rdflib.Namespace("http://spdx.org/rdf/terms#")
    graph = rdflib.Graph()
    here = "https://gs.example/sub/data/"
    graph.parse(data / "catalog.jsonld", format="json-ld", publicID=here)
    ours = {spdx.checksum, spdx.algorithm, spdx.checksumValue, spdx.Checksum}
    terms = {*graph.predicates(), *graph.objects(None, RDF.type)} - ours
    assert [term for term in terms if not any(term in each for each in (DCAT, DCTERMS, FOAF, RDF))] == []
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    datasets = set(graph.objects(catalogue, DCAT.dataset))
    assert datasets == set(graph.subjects(RDF.type, DCAT.Dataset))
    assert len(datasets) == len(TABLES) + 1
    files = set()
    for dataset in datasets:
        for name in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher):
            assert graph.value(dataset, name) is not None
        for each in graph.objects(dataset, DCAT.distribution):
            address = str(graph.value(each, DCAT.downloadURL))
            file = data / address.removeprefix(here)
            files.add(file.name)
            assert int(graph.value(each, DCAT.byteSize)) == file.stat().st_size
            checksum = graph.value(graph.value(each, spdx.checksum), spdx.checksumValue)
            assert str(checksum) in (data / SUMS).read_text()
    assert files == {f"{t.name}.{kind}" for t in TABLES for kind in ("csv", "json")} | {WORKBOOK, DATABASE}
    licences = set(graph.objects(None, DCTERMS.license))
    assert {str(each) for each in licences} == (
        {"https://creativecommons.org/licenses/by/4.0/deed.zh-hans"} if case == "everything" else set()
    )


# Checksums, licence, page


def test_sha256sum_checks_every_file(everything: Path):
    done = subprocess.run(["sha256sum", "-c", SUMS], cwd=everything, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    listed = {line.split("  ")[1] for line in (everything / SUMS).read_text().splitlines()}
    assert listed == {file.name for file in everything.iterdir()} - {SUMS, "index.html"}


def test_the_page_tells_each_file_with_its_size_and_sum(everything: Path):
    page = (everything / "index.html").read_text()
    for line in (everything / SUMS).read_text().splitlines():
        sha256, name = line.split("  ")
        assert f"<code>{sha256}</code>" in page
        assert f'href="../data/{name}" download' in page
    assert "知识共享 署名 4.0 国际</a>" in page
    assert "老旧管网改造滞后" in page, "the first rows"


def test_without_a_licence_it_is_said_that_there_is_none(made):
    data = made("minimal")
    assert "没有写明数据的许可" in (data / "index.html").read_text()
    assert "licenses" not in json.loads((data / "datapackage.json").read_text())
    assert "license" not in (data / "datasette.json").read_text()
    cells = openpyxl.load_workbook(data / WORKBOOK)["说明"].iter_rows(values_only=True)
    assert ("许可", "网站没有写明数据的许可") in {row[:2] for row in cells}


# Nothing withheld


def test_nothing_withheld_is_in_any_byte(content: Path, run: Run):
    notice = content / "notices/2025/water-2025.yaml"
    notice.write_text(
        notice.read_text()
        + "          - {id: hidden, title: 隐情甲, text: 隐情乙, cause: 隐情丙, lead: [隐情丁], measures: [隐情戊],\n"
        "             commitments: [{text: 隐情己, due: 2026-01}], updates: [{date: 2025-06-01, text: 隐情庚}],\n"
        "             withheld: {reason: case}}\n"
        "          - {id: part, title: 公开的, measures: [{text: 隐情辛, due: 2026-01, withheld: {reason: case}}, 公开的措施]}\n"
        "  - {title: 标题, text: 隐情壬, withheld: {reason: secret}}\n"
        "attachments: [{title: 名单, file: names.csv, withheld: {reason: privacy}}]\n"
    )
    folder = notice.with_suffix("")
    folder.mkdir()
    (folder / "names.csv").write_text("隐情癸\n")
    code, report, _ = run("--today", TODAY)
    assert code == 0, report
    data = Path("site/data")
    assert [record["withheld"] for record in records(data, "measures") if record["issue"].endswith("-part")] == [
        "case",
        None,
    ]
    bodies = {file.name: file.read_bytes() for file in data.iterdir()}
    with zipfile.ZipFile(data / WORKBOOK) as book:
        bodies |= {name: book.read(name) for name in book.namelist()}
    assert {name for name, body in bodies.items() if "公开的措施".encode() in body} >= {"measures.csv", DATABASE}
    for name, body in bodies.items():
        for coding in ("utf-8", "utf-16-le", "utf-16-be"):
            assert "隐情".encode(coding) not in body, name
        assert rb"\u9690" not in body
    base = sqlite3.connect(data / DATABASE)
    base.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, measures_fts, row)")
    words = {word for (word,) in base.execute("SELECT term FROM words")}
    base.close()
    assert "公开的" in words
    assert not [word for word in words if "隐情" in word]


# Made when needed, and only then


def test_nothing_is_made_anew_when_nothing_has_changed(content: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    assert run("--today", TODAY, "--jobs", "1")[0] == 0
    before = tree(Path("site/data"))
    del before["index.html"]  # its foot names the pages

    def never(*_: object) -> None:
        raise AssertionError("made again")

    for name in (WORKBOOK, DATABASE):
        monkeypatch.setitem(binder._WRITERS, name, never)
    (content / "pages/about.md").write_text("# 关于本站\n\n另一句话。\n")  # a page, and no data
    assert run("--today", "2026-01-02", "--jobs", "1")[0] == 0
    assert {name: body for name, body in tree(Path("site/data")).items() if name in before} == before


@pytest.mark.parametrize("name", [WORKBOOK, DATABASE, "datapackage.json", SUMS])
def test_a_file_that_was_deleted_comes_back_alone(content: Path, run: Run, name: str):
    run("--today", TODAY)
    before = tree(Path("site"))
    Path("site/data", name).unlink()
    assert run("--today", TODAY)[0] == 0
    after = tree(Path("site"))
    assert {each for each in after if after[each] != before[each] and not each.startswith(".gongshi")} == {
        f"data/{name}"
    }
    assert after[f"data/{name}"][0] == before[f"data/{name}"][0]


def test_they_follow_the_data_and_the_site(content: Path, run: Run):
    run("--today", TODAY)
    before = tree(Path("site/data"))
    site = content / "site.yaml"
    site.write_text(site.read_text() + "license: {name: 某种许可, url: 'https://license.example/'}\n")
    run("--today", TODAY)
    after = tree(Path("site/data"))
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {WORKBOOK, "datapackage.json", "catalog.jsonld", "datasette.json", SUMS, "index.html"}
    assert "https://license.example/" in after["index.html"][0].decode()


def test_without_them_the_page_names_none(content: Path, run: Run):
    run("--today", TODAY)
    assert run("--today", TODAY, "--no-bundle")[0] == 0
    data = Path("site/data")
    assert {file.name for file in data.iterdir()} == {
        "index.html", *(f"{table.name}.{kind}" for table in TABLES for kind in ("csv", "json"))
    }  # fmt: skip
    page = (data / "index.html").read_text()
    names = (WORKBOOK, DATABASE, SUMS, "datapackage.json", "datasette.json", "catalog.jsonld")
    assert [name for name in names if name in page] == []
    assert "issues.csv" in page


def test_the_preview_does_without_them(content: Path, monkeypatch: pytest.MonkeyPatch):
    from gongshi import serve
    from gongshi.options import Options

    asked = []
    monkeypatch.setattr(Preview, "rebuild", lambda preview: asked.append(preview.options))
    monkeypatch.setattr(serve, "_Server", lambda *_: type("S", (), {"serve": lambda *_, **__: None})())
    serve.serve(Options(), "127.0.0.1", 8000, print, print)
    assert [options.bundle for options in asked] == [False]


def test_a_dead_link_to_a_file_of_data_is_told(content: Path, run: Run):
    (content / "pages/about.md").write_text("# 关于本站\n\n[数据](/data/gongshi.xlsx)、[表](/data/#table-issues)\n")
    assert run("--today", TODAY)[0] == 0
    code, report, _ = run("--today", TODAY, "--no-bundle")
    assert (code, report.count("broken-link")) == (1, 1)
    (content / "pages/about.md").write_text("# 关于本站\n\n[表](/data/#table-nothing)\n")
    for arguments in (("--today", TODAY), ("check", "--today", TODAY)):
        code, report, _ = run(*arguments)
        assert code == 1
        assert "指向不存在的 /data/#table-nothing" in report


@pytest.mark.parametrize("pages", [1, 20])
def test_a_full_disk_is_told_and_the_site_stays(content: Path, run: Run, monkeypatch: pytest.MonkeyPatch, pages: int):
    run("--today", TODAY, "--jobs", "1")
    before = tree(Path("site"))
    notice = content / "notices/2025/water-2025.yaml"
    notice.write_text(notice.read_text().replace("12公里", "13公里"))
    fill = database._fill

    def cramped(base: sqlite3.Connection, source: object) -> None:
        base.execute(f"PRAGMA max_page_count = {pages}")
        fill(base, source)

    with monkeypatch.context() as patch:
        patch.setattr(database, "_fill", cramped)
        code, _, error = run("--today", TODAY, "--jobs", "1")
    assert code == 2
    assert "请腾出空间后重试" in error
    assert {k: v for k, v in tree(Path("site")).items() if "lock" not in k} == {
        k: v for k, v in before.items() if "lock" not in k
    }
    assert run("--today", TODAY, "--jobs", "1")[0] == 0


# Memory


class Counted(dict):
    """A record that tells when it is forgotten."""

    __slots__ = ("__weakref__",)


class Stream:
    """Many records, and how many of them anybody still holds."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.most = 0

    def records(self, table: str) -> Iterator[Counted]:
        for n in range(self.number):
            record = Counted.fromkeys([field.name for field in BY_NAME[table].fields], None)
            for field in BY_NAME[table].fields:
                record[field.name] = {"count": n, "flag": True, "texts": [], "array": [], "object": {}}.get(
                    field.type, f"{n}"
                )
                if field.choices:
                    record[field.name] = next(iter(field.choices))
            _HELD.add(id(record))
            weakref.finalize(record, _HELD.discard, id(record))
            self.most = max(self.most, len(_HELD))
            yield record


_HELD: set[int] = set()


def test_the_workbook_holds_one_record_at_a_time():
    stream = Stream(3_000)
    frame = '<worksheet><dimension/><sheetData><row r="3"><c r="A3" s="1"><v>1</v></c></row></sheetData></worksheet>'
    table = BY_NAME["measures"]
    written = sum(piece.count(b"<row ") for piece in workbook.filled(frame, table, stream.records("measures")))
    assert written == 3_000
    assert stream.most <= 2


def test_the_database_holds_one_record_at_a_time(tmp_path: Path):
    stream = Stream(1_000)
    base = sqlite3.connect(tmp_path / "base", isolation_level=None)
    database._fill(base, stream)
    for table in TABLES:
        assert base.execute(f"SELECT count(*) FROM {table.name}").fetchone() == (1_000,)
    base.close()
    assert stream.most <= 2


def test_the_tables_of_notices_are_all_put_together_piece_by_piece():
    assert {table.name for table in TABLES} - {table.name for table in OF_NOTICES} == {"agencies", "regions"}
