"""The output folder holds exactly the files of the last build, and nothing is lost on the way there."""

import json
import shutil
from pathlib import Path

import pytest

from gongshi.problems import UsageError
from gongshi.publish import PRIVATE, Stage, Staged, stage_file
from tests.conftest import TODAY, tree


def staged(stage: Stage, files: dict[str, bytes]) -> dict[str, Staged]:
    return {file: stage_file(stage.output, stage.staging, file, body) for file, body in files.items()}


def publish(output: Path, files: dict[str, bytes]):
    with Stage(output, []) as stage:
        return stage.commit(staged(stage, files))


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
        staged(stage, {"a.html": b"1"})
    assert not output.exists()
    publish(output, {"a.html": b"1"})
    before = tree(output)
    with pytest.raises(RuntimeError), Stage(output, []) as stage:
        staged(stage, {"a.html": b"2"})
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
        if target.suffix == ".html":
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
    (output / "kept").mkdir()
    listed = ["../precious", str(precious), "a.html", ".", "", "a\0b", "\ud800", "x" * 300, ".gongshi/lock", "kept"]
    (output / PRIVATE / "files.json").write_text(json.dumps({"version": 1, "files": listed}))
    publish(output, {"b.html": b"1"})
    assert precious.exists()
    assert (output / "kept").is_dir()
    assert site(output) == {"b.html": b"1"}


@pytest.mark.parametrize("damage", ['{"ver', "", "[" * 100_000, '{"files": 7}', '{"files": [7]}', "\xff"])
def test_a_damaged_list_of_files_is_told_and_not_taken_for_an_empty_one(tmp_path: Path, damage: str):
    output = tmp_path / "site"
    publish(output, {"withdrawn.html": b"1"})
    (output / PRIVATE / "files.json").write_text(damage, encoding="latin-1")
    before = tree(output)
    with pytest.raises(UsageError, match="损坏"):
        publish(output, {"b.html": b"1"})
    assert tree(output) == before


@pytest.mark.parametrize("own", [".gongshi", ".gongshi/staging", ".gongshi/files.json"])
def test_links_in_our_own_folder_are_refused(tmp_path: Path, own: str):
    output, outside = tmp_path / "site", tmp_path / "outside"
    publish(output, {"a.html": b"1"})
    (outside / "staging").mkdir(parents=True)
    (outside / "staging" / "precious").write_text("x")
    (outside / "files.json").write_text('{"files": []}')
    path = output / own
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.symlink_to(outside if own == ".gongshi" else outside / Path(own).name)
    with pytest.raises(UsageError):
        publish(output, {"a.html": b"2"})
    assert (outside / "staging" / "precious").exists()


def test_what_stands_in_the_way_is_seen_before_anything_changes(tmp_path: Path):
    output = tmp_path / "site"
    publish(output, {"a.html": b"1", "x": b"1", "d/e": b"1"})
    done = publish(output, {"a.html": b"1", "x/y": b"1", "d": b"1"})
    assert done.removed == 2
    assert site(output) == {"a.html": b"1", "x/y": b"1", "d": b"1"}
    (output / "mine").write_text("my file")
    (output / "theirs").mkdir()
    (output / "theirs" / "notes.txt").write_text("my notes")
    before = tree(output)
    for file in ("mine/index.html", "theirs"):
        with pytest.raises(UsageError, match="占用"):
            publish(output, {"a.html": b"changed", file: b"1"})
        assert tree(output) == before


def test_a_first_build_that_was_killed_does_not_block_the_next(tmp_path: Path):
    output = tmp_path / "site"
    stage = Stage(output, [])
    stage.__enter__()
    staged(stage, {"a.html": b"1"})
    stage._lock.close()  # as the system does when the process is killed
    publish(output, {"a.html": b"2"})
    assert site(output) == {"a.html": b"2"}


def test_names_with_any_space_are_removed_when_they_are_gone(tmp_path: Path):
    output = tmp_path / "site"
    publish(output, {"a.html": b"1", "附件\u3000一.pdf": b"1", "附件\u00a0二.pdf": b"1"})
    publish(output, {"a.html": b"1"})
    assert site(output) == {"a.html": b"1"}


def test_a_build_that_began_earlier_and_ends_later_forgets_nothing(tmp_path: Path):
    output = tmp_path / "site"
    publish(output, {"a.html": b"1"})
    late = Stage(output, [])
    publish(output, {"a.html": b"1", "withdrawn.html": b"x"})
    with late as stage:
        stage.commit(staged(stage, {"a.html": b"2"}))
    assert site(output) == {"a.html": b"2"}


def test_empty_folders_in_the_way_are_removed_and_files_of_others_are_not_overwritten(tmp_path: Path):
    output = tmp_path / "site"
    publish(output, {"a.html": b"1"})
    (output / "b.html" / "c" / "d").mkdir(parents=True)
    publish(output, {"a.html": b"2", "b.html": b"2"})
    assert site(output) == {"a.html": b"2", "b.html": b"2"}
    (output / "guide.html").write_text("by hand")
    with pytest.raises(UsageError, match="占用"):
        publish(output, {"a.html": b"3", "guide.html": b"3"})
    assert site(output) == {"a.html": b"2", "b.html": b"2", "guide.html": b"by hand"}


def test_two_builds_at_once_are_kept_apart(tmp_path: Path):
    output = tmp_path / "site"
    with Stage(output, []) as first:
        with pytest.raises(UsageError, match="另一个生成"), Stage(output, []):
            pass
        first.commit(staged(first, {"a.html": b"1"}))
    assert site(output) == {"a.html": b"1"}
