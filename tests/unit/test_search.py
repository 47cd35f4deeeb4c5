"""The search index: what is folded, what is searched, what is written, and what a change costs."""

import gzip
import json
import shutil
import subprocess
import unicodedata
from datetime import date
from pathlib import Path
from urllib.parse import quote

import brotli
import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.corpus import write
from bench.kill import seen
from bench.queries import docs_of, naive
from bench.search_index import Index
from gongshi.options import Options
from gongshi.pipeline import build
from gongshi.search.fold import BREAK, fold, fold_all
from gongshi.search.postings import BLOCK, Run, _grams
from tests.conftest import ROOT

SCRIPT = ROOT / "templates" / "static" / "search-text.js"
INLINE = {"a", "b", "br", "code", "em", "mark", "span", "strong"}
SKIPPED = {"tools", "visually-hidden", "anchor", "jump", "label", "time-line", "instead", "report", "qr"}


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("〔2023〕9号", "20239号"),
        ("０５４６－８３２１９１８", "05468321918"),
        ("Wi-Fi、PM2.5", "wifipm25"),
        ("①（一）Ⅳ㎡", "1一ivm2"),
        ("É è ﬁ ß İ", "eefißi"),
        ("𬭎、㛃", "𬭎㛃"),
        ("“双随机、一公开”", "双随机一公开"),
        ("　\t\n，。——", ""),
    ],
)
def test_folding_keeps_letters_and_digits_in_one_form(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_folding_agrees_with_the_plain_rule_for_chinese() -> None:
    ranges = ((0x20, 0x7F), (0x3000, 0x3040), (0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0xFF00, 0xFF60))
    for first, last in (*ranges, (0x20000, 0x2A6E0), (0x2F800, 0x2FA1E)):
        for point in range(first, last):
            if unicodedata.category(chr(point)) != "Cn":
                assert fold(chr(point)) == naive(chr(point)), hex(point)


def test_a_text_folds_piece_by_piece() -> None:
    text = "中共东营市交通运输局党组 É①㈠ ΑΣ ½ 𬭎 e\u0301 ＡＢＣ"
    assert fold(text) == "".join(map(fold, text))
    assert fold_all(["一、", "，", "二"]) == f"一{BREAK}二"


def test_browsers_fold_every_code_point_as_python_does() -> None:
    """Over all of Unicode. Only what this Python does not know yet may differ: it has no letters there."""
    program = (
        SCRIPT.read_text(encoding="utf-8")
        + """
        const out = [];
        for (let point = 0; point < 0x110000; point++) {
          if (point >= 0xd800 && point < 0xe000) continue;
          const folded = gongshi.fold(String.fromCodePoint(point));
          if (folded) out.push([point, folded]);
        }
        console.log(JSON.stringify(out));"""
    )
    prelude = "const document = { querySelector: () => null };"
    done = subprocess.run(["node", "-e", prelude + program], capture_output=True, text=True, check=True)
    theirs = dict(json.loads(done.stdout))
    ours = {point: fold(chr(point)) for point in range(0x110000) if not 0xD800 <= point < 0xE000}
    differ = [point for point, folded in ours.items() if folded != theirs.get(point, "")]
    known = [hex(point) for point in differ if unicodedata.category(chr(point)) != "Cn"]
    assert not known
    assert len(theirs) > 130_000
    assert all(fold(chr(point)) for point in range(0x20000, 0x3FFFE))  # ideographs to come


def test_a_title_too_long_for_its_block_is_found_whole() -> None:
    run = Run("题" * 300, "标题", "正文")
    title, headings, body = run.zones()
    assert [length for _, length in (title, headings, body)] == [1, 2, 1]
    assert len(title[0]) == 2 * (BLOCK - 1)
    assert headings[0].decode("utf-16-be") == "题" * 300 + BREAK + "标题"
    fits, rest, _ = Run("题" * (BLOCK - 1), "", "").zones()
    assert len(fits[0]) == 2 * (BLOCK - 1)
    assert rest == (b"", 1)


@given(st.lists(st.text(st.characters(max_codepoint=0x2FFFF, exclude_categories=["Cs"])), max_size=6))
def test_grams_are_every_two_units_that_follow_each_other(texts: list[str]) -> None:
    units = fold_all(texts).encode("utf-16-be")
    pairs = [units[at : at + 4] for at in range(0, len(units) - 2, 2)]
    assert [gram.to_bytes(4, "big") for gram in _grams(units)] == pairs


def _pieces(page: Path, *skipped: str) -> list[tuple[str, str]]:
    """The folded pieces of text of a page with their parts, as a reader of `passages()` in the script would take them."""
    main = lxml.html.fromstring(page.read_bytes().decode()).get_element_by_id("main")
    found: list[list[str]] = []
    block: object = None

    def text(value: str | None, parent: object) -> None:
        nonlocal block
        if not value:
            return
        outer = parent
        while outer.tag in INLINE:
            outer = outer.getparent()
        if outer is not block:
            block = outer
            parts = [
                each for each in (outer, *outer.iterancestors()) if each.tag in ("section", "aside") and each.get("id")
            ]
            found.append([parts[0].get("id") if parts else "", ""])
        found[-1][1] += value

    def walk(element: object) -> None:
        nonlocal block
        text(element.text, element)
        for child in element:
            if isinstance(child.tag, str):
                classes = {*(child.get("class") or "").split()} - ({"added"} if child.tag.startswith("h") else set())
                if child.tag not in ("nav", "script", "svg", "form", "button") and not classes & {*SKIPPED, *skipped}:
                    if child.tag not in INLINE:
                        block = None
                    walk(child)
                    if child.tag not in INLINE:
                        block = None
            text(child.tail, element)

    walk(main)
    return [(anchor, naive(piece)) for anchor, piece in found]


def _sites(tmp_path: Path) -> dict[str, Path]:
    write(40, tmp_path / "corpus")
    return {
        "demonstration": ROOT / "content",
        "everything": ROOT / "tests" / "good" / "everything" / "content",
        "corpus": tmp_path / "corpus",
    }


@pytest.mark.parametrize("name", ["demonstration", "everything", "corpus"])
def test_what_is_searched_stands_on_the_page_in_the_part_that_is_named(name: str, tmp_path: Path) -> None:
    """So whoever is led there finds it marked; only a number with its area code added may not stand there."""
    content = _sites(tmp_path)[name]
    build(Options(content=content, output=tmp_path / "site", cache=tmp_path / "cache"))
    docs = docs_of(content, tmp_path / "cache")
    assert docs
    for doc in docs:
        pieces = _pieces(tmp_path / "site" / "notices" / doc.id / "index.html")
        assert any(doc.title in piece for _, piece in pieces)
        for anchor, text in doc.passages:
            there = any(text in piece for place, piece in pieces if place == anchor)
            assert there or (anchor == "contact" and text.isdigit()), (doc.id, anchor, text)


@pytest.mark.parametrize("name", ["demonstration", "everything", "corpus"])
def test_all_of_the_document_is_searched(name: str, tmp_path: Path) -> None:
    """Every piece of text inside the article that is the document's own can be found."""
    content = _sites(tmp_path)[name]
    build(Options(content=content, output=tmp_path / "site", cache=tmp_path / "cache"))
    for doc in docs_of(content, tmp_path / "cache"):
        for _, piece in _pieces(
            tmp_path / "site" / "notices" / doc.id / "index.html", "added", "note", "contact-card", "versions"
        ):
            assert piece in doc.text, (doc.id, piece)


def _site(content: Path, tmp_path: Path, **options: object) -> Index:
    result = build(Options(content=content, output=tmp_path / "site", cache=tmp_path / "cache", **options))
    assert result.published, result.problems
    return Index.of(tmp_path / "site")


def test_every_pair_is_listed_at_every_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gongshi.search.index.GROUP", 7)  # so that lists of several groups are joined
    write(30, tmp_path / "content")
    index = _site(tmp_path / "content", tmp_path)
    for doc in docs_of(tmp_path / "content", tmp_path / "cache"):
        assert sorted(index.grams_of(doc.id)) == sorted(
            piece[at : at + 2]
            for piece in (doc.title, *(text for _, text in doc.passages))
            for at in range(len(piece) - 1)
        )


def test_the_index_is_the_same_byte_for_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(70, tmp_path / "content")
    sites = []
    for name, jobs, group in (("one", 1, 512), ("two", 2, 7)):
        monkeypatch.setattr("gongshi.search.index.GROUP", group)
        build(Options(content=tmp_path / "content", output=tmp_path / name, cache=None, jobs=jobs))
        folder = tmp_path / name / "search"
        sites.append({path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()})
    assert sites[0] == sites[1]
    assert len(sites[0]) > 5


def test_a_change_costs_a_small_segment_and_answers_stay_those_of_a_new_index(tmp_path: Path) -> None:
    content = tmp_path / "content"
    write(60, content)
    first = _site(content, tmp_path)
    files = sorted((content / "notices").rglob("*.yaml"))
    files[3].write_text(files[3].read_text().replace("整改", "改正", 3))
    second = _site(content, tmp_path)
    assert [len(segment.ids) for segment in second.segments] == [60, 1]
    assert second.segments[0].path == first.segments[0].path
    assert _answers(second) == _answers(_anew(content, tmp_path))
    for file in files[10:14]:
        file.write_text(file.read_text().replace("整改", "改正", 2))
    third = _site(content, tmp_path)
    assert [len(segment.ids) for segment in third.segments] == [60]  # more than one in twenty: a new base
    assert _answers(third) == _answers(_anew(content, tmp_path))
    assert len(list((tmp_path / "site" / "search").glob("*/"))) == 1


def test_what_is_taken_back_is_in_no_file_any_more(tmp_path: Path) -> None:
    """A notice that is deleted, and a part that is withheld, at once; other old wordings on the next day."""
    content = tmp_path / "content"
    write(60, content)
    title = "- title: 整改工作组织情况"
    found = [file for file in sorted((content / "notices").rglob("*.yaml")) if title in file.read_text()]
    files = dict(zip(("deleted", "withheld", "reworded"), found, strict=False))
    planted = {"deleted": "龘", "withheld": "靐", "reworded": "爩"}
    for name, char in planted.items():
        files[name].write_text(files[name].read_text().replace(title, title + char))

    def left(day: str) -> set[str]:
        index = _site(content, tmp_path, offline=True, today=date.fromisoformat(day))
        bodies = [path.read_bytes() for path in (tmp_path / "site").rglob("*") if path.is_file()]
        units = {unit for segment in index.segments for gram, _ in segment.lists() for unit in divmod(gram, 1 << 16)}
        texts = b"".join(bodies).decode(errors="ignore")
        return {name for name, char in planted.items() if char in texts or ord(char) in units}

    assert left("2026-01-01") == set(planted)
    files["deleted"].unlink()
    assert left("2026-01-01") == {"withheld", "reworded"}
    files["reworded"].write_text(files["reworded"].read_text().replace("爩", ""))
    assert left("2026-01-01") == {"withheld", "reworded"}  # only in lists that do not count any more
    assert left("2026-01-02") == {"withheld"}
    notice = files["withheld"].read_text()
    withheld = notice.replace(title + "靐", "- withheld: {reason: privacy}\n    title: 整改工作组织情况")
    files["withheld"].write_text(withheld)
    assert left("2026-01-02") == set()


@pytest.mark.parametrize("steps", ["plain offline plain", "offline none offline", "none plain offline none"])
def test_a_site_changes_between_kinds_of_search(steps: str, tmp_path: Path) -> None:
    kinds = {"plain": {}, "offline": {"offline": True}, "none": {"search": False}}
    for step in steps.split():
        for output, cache in (("site", tmp_path / "cache"), ("anew", None)):
            shutil.rmtree(tmp_path / "anew", ignore_errors=True)
            options = Options(content=ROOT / "content", output=tmp_path / output, cache=cache, **kinds[step])
            assert build(options).published
        assert seen(tmp_path / "site").files == seen(tmp_path / "anew").files


def test_a_renamed_agency_is_renamed_in_search(tmp_path: Path) -> None:
    content = tmp_path / "content"
    write(100, content)
    _site(content, tmp_path)
    agency = content / "agencies" / "jiyu-education.yaml"
    agency.write_text(agency.read_text().replace("教育局", "文教局"))
    assert _answers(_site(content, tmp_path)) == _answers(_anew(content, tmp_path))


def _answers(index: Index) -> object:
    return index.postings(), index.facets()


def test_nothing_is_written_where_nothing_has_changed(tmp_path: Path) -> None:
    content = tmp_path / "content"
    write(60, content)
    _site(content, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "site" / "search").rglob("*")}
    (content / "site.yaml").write_text((content / "site.yaml").read_text().replace("测试站", "试验站"))
    _site(content, tmp_path)
    after = {
        path: path.stat().st_mtime_ns for path in (tmp_path / "site" / "search").rglob("*") if path.suffix == ".bin"
    }
    assert all(before[path] == changed for path, changed in after.items())


def test_lists_that_were_tampered_with_are_made_anew(tmp_path: Path) -> None:
    content = tmp_path / "content"
    write(30, content)
    before = _site(content, tmp_path).postings()
    broken = next((tmp_path / "site" / "search").rglob("0.bin"))
    broken.write_bytes(b"")
    assert _site(content, tmp_path).postings() == before
    for pack in (tmp_path / "cache" / "packs").iterdir():
        pack.unlink()
    broken.unlink()
    assert _site(content, tmp_path).postings() == before


def test_a_site_without_search_has_no_trace_of_it(tmp_path: Path) -> None:
    content = ROOT / "content"
    _site(content, tmp_path)
    result = build(
        Options(
            content=content,
            output=tmp_path / "site",
            cache=tmp_path / "cache",
            search=False,
            base_url="https://gs.example/",
        )
    )
    assert result.published
    assert not (tmp_path / "site" / "search").exists()
    pages = list((tmp_path / "site").rglob("*.html"))
    assert pages
    assert not [page for page in pages if "search" in page.read_text()]


def test_what_is_withheld_is_in_no_file(tmp_path: Path) -> None:
    """Characters that stand nowhere else are planted in everything that is withheld, and every byte is looked at."""
    content = tmp_path / "content"
    shutil.copytree(ROOT / "tests" / "good" / "everything" / "content", content)
    notice = content / "notices/2025/water-2025.yaml"
    text = notice.read_text()
    planted = {
        "- withheld: {reason: case}": "- {text: 龘龘, withheld: {reason: case}}",
        "withheld: {reason: privacy, note": "title: 靐齉\n            cause: 靐齉\n            withheld: {reason: privacy, note",
        "    withheld: {reason: sensitive}": "    text: 爩灪\n    withheld: {reason: sensitive}",
        "title: 名单, withheld: {reason: privacy}": "title: 名单, file: 㤀㤁.csv, withheld: {reason: privacy}",
        "reason: 抢修队公开的值班手机": "reason: 㤄㤅",  # what is exempt is published; why, is for editors
    }
    for old, new in planted.items():
        assert old in text
        text = text.replace(old, new)
    notice.write_text(text)
    (notice.with_suffix("") / "㤀㤁.csv").write_text("㤂㤃\n")
    planted_characters = "龘靐齉爩灪㤀㤁㤂㤃㤄㤅"
    index = _site(content, tmp_path, offline=True, compress=("gz", "br"))
    found = {
        char for zones in index.postings().values() for counts in zones.values() for pair in counts for char in pair
    }
    assert "改" in found
    assert not found & set(planted_characters)
    unpack = {".gz": gzip.decompress, ".bin": gzip.decompress, ".br": brotli.decompress}
    kinds = set()
    for path in (path for path in (tmp_path / "site").rglob("*") if path.is_file()):
        kinds.add(path.suffix)
        whole = unpack.get(path.suffix, bytes)(path.read_bytes()) + path.name.encode()
        for char in planted_characters:
            code = ord(char)
            hidden = [char, f"\\u{code:04x}", f"\\u{code:04X}", f"&#{code};", f"&#x{code:x};", quote(char)]
            assert not any(form.encode() in whole for form in hidden), (path, char)
    assert {".html", ".json", ".csv", ".gz", ".br", ".bin"} <= kinds, "pages, data and search were looked at"


def test_a_site_without_notices_can_be_asked(tmp_path: Path) -> None:
    index = _site(ROOT / "tests" / "good" / "minimal" / "content", tmp_path)
    assert index.segments == []
    assert _site(ROOT / "tests" / "good" / "minimal" / "content", tmp_path).postings() == {}


def _anew(content: Path, tmp_path: Path) -> Index:
    build(Options(content=content, output=tmp_path / "anew", cache=None))
    return Index.of(tmp_path / "anew")


def test_files_are_gzip_with_no_time_in_it(tmp_path: Path) -> None:
    _site(ROOT / "content", tmp_path)
    files = list((tmp_path / "site" / "search").rglob("*.bin"))
    assert files
    for file in files:
        body = file.read_bytes()
        assert body[4:8] == bytes(4)
        assert gzip.decompress(body)
