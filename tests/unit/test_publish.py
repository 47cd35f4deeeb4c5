"""The output folder holds exactly the files of the last build, and nothing is lost on the way there."""

import json
from pathlib import Path

import pytest

from gongshi.problems import UsageError
from gongshi.publish import PRIVATE, Stage
from tests.conftest import TODAY, tree


def publish(output: Path, files: dict[str, bytes]):
    with Stage(output, []) as stage:
        for file, body in files.items():
            stage.add(file, body)
        return stage.commit()


def site(output: Path) -> dict[str, bytes]:
    return {path: body for path, (body, _) in tree(output).items() if not path.startswith(PRIVATE)}


def test_unchanged_files_keep_their_time_and_gone_ones_go(tmp_path: Path):
    output = tmp_path / "site"
    publish(output, {"a.html": b"1", "b/index.html": b"2", "c/d/index.html": b"3"})
    before = tree(output)
    done = publish(output, {"a.html": b"1", "b/index.html": b"changed"})
    assert (done.files, done.changed, done.removed) == (2, 1, 1)
    assert site(output) == {"a.html": b"1", "b/index.html": b"changed"}
    assert tree(output)["a.html"] == before["a.html"]
    assert not (output / "c").exists()


def test_publishing_again_changes_nothing(tmp_path: Path):
    output = tmp_path / "site"
    publish(output, {"a.html": b"1"})
    before = tree(output)
    assert publish(output, {"a.html": b"1"}).changed == 0
    assert tree(output) == before


def test_a_damaged_or_deleted_file_comes_back(tmp_path: Path):
    output = tmp_path / "site"
    files = {"a.html": b"1", "b.html": b"2"}
    publish(output, files)
    (output / "a.html").write_bytes(b"x")
    (output / "b.html").unlink()
    publish(output, files)
    assert site(output) == files


def test_files_of_others_stay(tmp_path: Path):
    output = tmp_path / "site"
    publish(output, {"a.html": b"1"})
    (output / "CNAME").write_text("gs.example")
    publish(output, {"b.html": b"1"})
    assert site(output) == {"CNAME": b"gs.example", "b.html": b"1"}


def test_nothing_is_left_of_a_build_that_was_not_committed(tmp_path: Path):
    output = tmp_path / "site"
    with Stage(output, []) as stage:
        stage.add("a.html", b"1")
    assert not output.exists()
    publish(output, {"a.html": b"1"})
    before = tree(output)
    with pytest.raises(RuntimeError), Stage(output, []) as stage:
        stage.add("a.html", b"2")
        raise RuntimeError
    assert tree(output) == before


@pytest.mark.parametrize("placed", [0, 1, 2])
def test_a_build_cut_off_while_placing_is_completed_by_the_next(tmp_path: Path, monkeypatch, placed: int):
    output = tmp_path / "site"
    publish(output, {"a.html": b"1", "old.html": b"1"})
    files = {"a.html": b"2", "b.html": b"2", "c.html": b"2"}
    moves = 0
    replace = Path.replace

    def cut(self: Path, target: Path) -> Path:
        nonlocal moves
        if self.suffix == ".html":
            if moves == placed:
                raise KeyboardInterrupt
            moves += 1
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", cut)
    with pytest.raises(KeyboardInterrupt):
        publish(output, files)
    monkeypatch.undo()
    publish(output, {"a.html": b"3"})
    assert site(output) == {"a.html": b"3"}


def test_an_unknown_folder_is_refused(content: Path, run):
    other = Path("other")
    other.mkdir()
    (other / "thesis.docx").write_bytes(b"years of work")
    before = tree(other)
    code, _, error = run("--today", TODAY, "--output", "other")
    assert code == 2
    assert "没有写入" in error
    assert tree(other) == before
    for overlapping in (".", "content", "content/site"):
        assert run("--today", TODAY, "--output", overlapping)[0] == 2


def test_links_in_the_output_folder_do_not_lead_out_of_it(tmp_path: Path):
    output, outside = tmp_path / "site", tmp_path / "outside"
    outside.mkdir()
    publish(output, {"a.html": b"1"})
    (output / "notices").symlink_to(outside)
    with pytest.raises(UsageError):
        publish(output, {"a.html": b"1", "notices/x/index.html": b"2"})
    assert list(outside.iterdir()) == []


def test_a_list_of_files_that_was_tampered_with_removes_nothing_outside(tmp_path: Path):
    output = tmp_path / "site"
    publish(output, {"a.html": b"1"})
    precious = tmp_path / "precious"
    precious.write_text("x")
    listed = json.dumps({"version": 1, "files": ["../precious", str(precious), 7, "a.html"]})
    (output / PRIVATE / "files.json").write_text(listed)
    publish(output, {"b.html": b"1"})
    assert precious.exists()
    assert site(output) == {"b.html": b"1"}
