"""Atom feeds, read by feedparser: valid, the same for the same content, and made again only where something is new."""

import re
import shutil
from pathlib import Path

import feedparser
import pytest

from gongshi.outputs.feeds import ENTRIES
from tests.conftest import ROOT, TODAY

BASE = ("--base-url", "https://gs.example/sub/")


def feed(path: str = "feed.xml"):
    found = feedparser.parse((Path("site") / path).read_bytes())
    assert not found.bozo, found.get("bozo_exception")
    return found


def entries(path: str = "feed.xml") -> list[str]:
    return [entry.link.rstrip("/").rpartition("/")[2] for entry in feed(path).entries]


def add(content: Path, name: str, published: str | None, more: str = "") -> Path:
    notice = content / f"notices/2025/{name}.yaml"
    text = (content / "notices/2025/water-2025.yaml").read_text()
    line = f"published: {published}\n" if published else ""
    notice.write_text(re.sub(r"published: .*\n", line, text) + more)
    return notice


def test_a_feed_says_what_is_new_and_where(content: Path, run):
    assert run("--today", TODAY, *BASE)[0] == 0
    found = feed()
    (entry,) = found.entries
    assert entry.link == "https://gs.example/sub/notices/water-2025/"
    assert entry.id.startswith("urn:uuid:")
    assert entry.published == entry.updated == "2025-05-20T00:00:00+08:00"
    assert re.search(r"1 个问题：已完成 1 个", entry.summary)
    (itself,) = (link.href for link in found.feed.links if link.rel == "self")
    assert itself == "https://gs.example/sub/feed.xml"
    assert entries("agencies/water/feed.xml") == ["water-2025"]
    ids = {feed(p.relative_to("site").as_posix()).feed.id for p in Path("site").rglob("feed.xml")}
    assert len(ids) == len(list(Path("site").rglob("feed.xml"))) > 2, "each feed has an id of its own"
    page = Path("site/agencies/water/index.html").read_text()
    assert 'type="application/atom+xml" title="' in page
    assert 'href="../../agencies/water/feed.xml"' in page


def test_without_a_host_there_are_no_feeds(content: Path, run):
    site = content / "site.yaml"
    site.write_text(re.sub(r"base_url: .*\n", "", site.read_text()))
    assert run("--today", TODAY)[0] == 0
    assert not list(Path("site").rglob("feed.xml"))
    assert "atom+xml" not in Path("site/index.html").read_text()


def test_days_that_are_not_known_make_valid_atom(content: Path, run):
    for name, published in (("nodate", None), ("month", "2024-03"), ("year", "2023"), ("third", "2022-06 中旬")):
        add(content, name, published)
    assert run("--today", TODAY, *BASE)[0] == 0
    found = {entry.link.rstrip("/").rpartition("/")[2]: entry for entry in feed().entries}
    assert list(found) == ["water-2025", "month", "year", "third", "nodate"]
    assert all(entry.updated_parsed for entry in found.values())
    assert [name for name, entry in found.items() if "published" in entry] == ["water-2025"]
    assert found["nodate"].updated == "1970-01-01T00:00:00Z"
    assert found["month"].updated == "2024-03-01T00:00:00+08:00"


def test_nothing_in_a_feed_is_of_the_build(content: Path, run):
    def feeds() -> dict[str, bytes]:
        return {path.as_posix(): path.read_bytes() for path in Path("site").rglob("feed.xml")}

    assert run("--today", TODAY, *BASE)[0] == 0
    before = feeds()
    shutil.rmtree("site")
    assert run("--today", "2031-07-08", "--no-cache", *BASE)[0] == 0
    assert feeds() == before


def test_an_entry_keeps_its_id_when_its_address_changes(content: Path, run):
    assert run("--today", TODAY, *BASE)[0] == 0
    (before,) = feed().entries
    notice = content / "notices/2025/water-2025.yaml"
    notice.write_text(notice.read_text() + "old_ids: [water-2025]\n")
    notice.rename(notice.with_name("water-new.yaml"))
    assert run("--today", TODAY, *BASE)[0] == 0
    (after,) = feed().entries
    assert after.id == before.id
    assert after.link != before.link


def test_a_feed_holds_the_newest_and_a_new_notice_changes_no_other_feed(content: Path, run):
    (content / "agencies/other.yaml").write_text((content / "agencies/water.yaml").read_text())
    for day in range(1, ENTRIES + 1):
        add(content, f"n{day}", f"2025-06-{day:02d}")
    assert run("--today", TODAY, *BASE)[0] == 0
    assert entries() == [f"n{day}" for day in range(ENTRIES, 0, -1)], "the oldest has left"
    before = Path("site/agencies/other/feed.xml").stat().st_mtime_ns
    add(content, "newest", "2025-07-01")
    assert run("--today", TODAY, *BASE)[0] == 0
    assert entries()[0] == entries("agencies/water/feed.xml")[0] == "newest"
    assert len(entries()) == ENTRIES
    assert Path("site/agencies/other/feed.xml").stat().st_mtime_ns == before
    assert entries("agencies/other/feed.xml") == [], "a feed without entries is a feed"


@pytest.mark.parametrize("case", ["hostile", "everything"])
def test_any_text_makes_a_valid_feed(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run):
    shutil.copytree(ROOT / "tests/good" / case / "content", tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    assert run("--today", TODAY, *BASE)[0] == 0
    feeds = [feed(path.relative_to("site").as_posix()) for path in Path("site").rglob("feed.xml")]
    assert feeds
    assert all(entry.title and entry.summary for each in feeds for entry in each.entries)
