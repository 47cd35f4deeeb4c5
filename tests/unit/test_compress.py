"""Compressed copies on request: the same bytes inside, made anew only with what they copy, gone when nobody wants them."""

import gzip
from pathlib import Path

import brotli

from tests.conftest import TODAY, tree

UNPACK = {".gz": gzip.decompress, ".br": brotli.decompress}


def copies() -> dict[str, tuple[bytes, int]]:
    return {name: found for name, found in tree(Path("site")).items() if name.endswith((".gz", ".br"))}


def test_every_text_has_copies_that_say_the_same(content: Path, run):
    assert run("--today", TODAY, "--compress", "gz,br")[0] == 0
    found = copies()
    texts = [
        name
        for name in tree(Path("site"))
        if name.endswith((".html", ".js", ".json", ".jsonld", ".csv", ".xml", ".css", ".svg", ".txt"))
    ]
    texts.remove("search/manifest.json")  # as small as it is, and always asked for anew
    texts = [name for name in texts if not name.startswith(".gongshi")]
    assert set(found) == {name + kind for name in texts for kind in UNPACK}
    for name, (body, _) in found.items():
        plain, kind = name[:-3], name[-3:]
        assert UNPACK[kind](body) == Path("site", plain).read_bytes()


def test_only_what_changes_is_packed_again(content: Path, run):
    assert run("--today", TODAY, "--compress", "gz")[0] == 0
    before = copies()
    notice = content / "notices/2025/water-2025.yaml"
    notice.write_text(notice.read_text().replace("老旧管网改造滞后", "老旧管网改造缓慢"))
    assert run("--today", TODAY, "--compress", "gz")[0] == 0
    changed = {name for name, found in copies().items() if found != before[name]}
    assert "notices/water-2025/index.html.gz" in changed
    assert "data/issues.json.gz" in changed
    assert not changed & {"plans/index.html.gz", "supervision/index.html.gz", "static/style.css.gz", "404.html.gz"}


def test_a_copy_that_is_lost_comes_back_and_one_that_is_not_wanted_goes(content: Path, run):
    assert run("--today", TODAY, "--compress", "gz")[0] == 0
    before = copies()
    Path("site/index.html.gz").unlink()
    assert run("--today", TODAY, "--compress", "gz")[0] == 0
    assert {name: body for name, (body, _) in copies().items()} == {name: body for name, (body, _) in before.items()}
    assert run("--today", TODAY)[0] == 0
    assert copies() == {}


def test_an_unknown_kind_is_told(content: Path, run):
    code, _, error = run("--compress", "zip")
    assert code == 2
    assert "gz、br 或 gz,br" in error
