"""Promised dates: what runs out runs out by the rule, on the day after its last; calendars are read by icalendar."""

import re
import shutil
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import icalendar
import pytest

from gongshi.contentlines import OCTETS
from gongshi.outputs import calendar
from gongshi.outputs.calendar import A_PAGE, IN_A_FILE
from tests.conftest import ROOT, TODAY

LATE = "已到期，未见更新"
ISSUE = """\
          - id: '9'
            title: 供水价格不公开
            status: 未完成
            due: 2025-08-31
            measures: [{text: '每季度**公开**一次。', due: 2025-09}]
            commitments: [{text: 公开全部价格, due: 2025-09-30}]
"""


def write(content: Path, more: str = "", issue: str = ISSUE) -> Path:
    notice = content / "notices/2025/water-2025.yaml"
    text = (ROOT / "tests/base/content/notices/2025/water-2025.yaml").read_text()
    notice.write_text(text + issue + more)
    return notice


def html(path: str) -> str:
    return Path("site", path, "index.html").read_text()


def late(path: str) -> list[str]:
    """What a page marks as run out: the parts of the notice that it names."""
    items = re.findall(r'<h\d><a href="[./]*notices/([^"]*)">.*?</li>', html(path), re.DOTALL)
    whole = re.findall(r'<li class="issue-item">.*?</li>', html(path), re.DOTALL)
    return [item for item, words in zip(items, whole, strict=True) if LATE in words]


def ics(path: str = "calendar.ics") -> list[icalendar.Event]:
    raw = (Path("site") / path).read_bytes()
    assert all(len(line) <= OCTETS for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    return list(icalendar.Calendar.from_ical(raw).walk("VEVENT"))


def test_a_promise_runs_out_on_the_day_after_its_last(content: Path, run):
    write(content)
    assert run("--today", "2025-08-31")[0] == 0
    assert late("calendar") == late("calendar/2025-08") == []
    assert LATE not in html("notices/water-2025")
    assert run("--today", "2025-09-01")[0] == 0
    assert late("calendar") == late("calendar/2025-08") == ["water-2025/#issue-9"]
    assert html("notices/water-2025").count(LATE) == 1
    assert run("--today", "2025-10-01")[0] == 0
    assert late("calendar/2025-09") == ["water-2025/#issue-9", "water-2025/#issue-9-measure-1"]
    assert html("notices/water-2025").count(LATE) == 3, "the date of the issue, of its measure, and the commitment"
    assert "每季度公开一次。" in html("calendar/2025-09"), "a measure is shown without its marks"


@pytest.mark.parametrize(
    ("change", "count"),
    [
        ("", 3),
        ("updates: [{date: 2025-08-01, text: 正在办。}]", 3),
        ("updates: [{date: 2025-08-31, text: 正在办。}]", 3),
        ("updates: [{date: 2025-09-01, text: 正在办。}]", 2),
        ("updates: [{date: 2025-10-01, text: 正在办。}]", 0),
        ("updates: [{date: 2025-08-01, status: 已完成}]", 0),
        ("updates: [{date: 2025-08-01, status: 持续整改}]", 0),
        ("updates: [{date: 2025-08-01, status: 已完成}, {date: 2025-08-02, status: 未完成}]", 3),
    ],
)
def test_what_is_settled_or_spoken_of_has_not_run_out(content: Path, run, change: str, count: int):
    write(content, f"            {change}\n" if change else "")
    assert run("--today", "2025-12-31")[0] == 0
    assert len(late("calendar")) == len(late("calendar/2025-08")) + len(late("calendar/2025-09")) == count
    assert html("notices/water-2025").count(LATE) == count


def test_a_measure_that_is_done_has_not_run_out(content: Path, run):
    write(content, issue=ISSUE.replace("due: 2025-09}", "due: 2025-09, status: 已完成}"))
    assert run("--today", "2025-12-31")[0] == 0
    assert late("calendar/2025-09") == ["water-2025/#issue-9"]


def test_an_issue_that_a_later_notice_takes_up_is_waited_for_there(content: Path, run):
    write(content)
    later = (ROOT / "tests/base/content/notices/2025/water-2025.yaml").read_text().replace("2025-05-20", "2025-11-20")
    taken = "            continues: water-2025#issue-9\n"
    (content / "notices/2025/later.yaml").write_text(later.replace("已完成\n", "未完成\n" + taken))
    assert run("--today", "2025-12-31")[0] == 0
    assert late("calendar") == []
    assert LATE not in html("notices/water-2025")
    assert not Path("site/calendar.ics").exists(), "nothing is promised any more"
    assert not Path("site/agencies/water/calendar.ics").exists()


def test_phases_and_what_they_bring_have_no_status_and_never_run_out_unseen(tmp_path: Path, monkeypatch, run):
    shutil.copytree(ROOT / "tests/good/everything/content", tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    assert run("--today", "2026-02-01")[0] == 0
    assert "自查" in html("calendar/2025-06")
    assert "登记表" in html("calendar/2025-06")
    assert late("calendar/2025-06") == []


def test_a_page_of_a_month_is_made_again_when_one_of_its_days_passes(content: Path, run):
    write(content)

    def stamps() -> dict[str, int]:
        return {
            path.as_posix(): path.stat().st_mtime_ns
            for path in Path("site").rglob("*.*")
            if ".gongshi" not in path.parts and path.name != "manifest.sha256"
        }

    days = ("2025-08-29", "2025-08-30", "2025-09-01", "2025-09-02")
    seen = []
    for day in days:
        assert run("--today", day)[0] == 0
        seen.append(stamps())
    changed = [{name for name in after if after[name] != before.get(name)} for before, after in pairwise(seen)]
    first = "site/calendar/index.html"
    assert changed == [
        {first},
        {first, "site/calendar/2025-08/index.html", "site/notices/water-2025/index.html"},
        {first},
    ]


def test_calendars_hold_whole_days_and_nothing_of_the_build(content: Path, run):
    write(content, issue=ISSUE.replace("公开全部价格", r"'公开；价格, 分号;反斜\杠" + "很长的承诺" * 30 + "'"))
    assert run("--today", "2025-08-01")[0] == 0
    before = Path("site/calendar.ics").read_bytes()
    events = ics()
    assert [event["DTSTART"].dt for event in events] == [date(2025, 8, 31), date(2025, 9, 30), date(2025, 9, 30)]
    assert all(event["DTEND"].dt - event["DTSTART"].dt == timedelta(days=1) for event in events)
    assert r"公开；价格, 分号;反斜\杠很长的承诺很长的承诺" in str(events[1]["SUMMARY"])
    assert {event["DTSTAMP"].dt.date() for event in events} == {date(2025, 5, 20)}
    assert str(events[0]["URL"]) == "https://site.example/notices/water-2025/#issue-9"
    assert len({str(event["UID"]) for event in events}) == 3
    assert [event["UID"] for event in ics("agencies/water/calendar.ics")] == [event["UID"] for event in events]
    shutil.rmtree("site")
    assert run("--today", "2025-12-01", "--no-cache")[0] == 0
    assert Path("site/calendar.ics").read_bytes() == before


def test_events_keep_their_ids_when_the_address_of_the_notice_changes(content: Path, run):
    notice = write(content)
    assert run("--today", TODAY)[0] == 0
    before = [event["UID"] for event in ics()]
    notice.write_text(notice.read_text() + "old_ids: [water-2025]\n")
    notice.rename(notice.with_name("water-new.yaml"))
    assert run("--today", TODAY)[0] == 0
    assert [event["UID"] for event in ics()] == before


def test_a_long_month_is_paged_and_files_are_bounded(content: Path, run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(calendar, "IN_A_FILE", 150)
    assert IN_A_FILE > 150
    many = "".join(
        f"          - {{id: m{n}, title: 问题{n}, status: 未完成, due: 2025-0{1 + n % 2}-20}}\n" for n in range(240)
    )
    write(content, issue=many)
    assert run("--today", "2025-02-01", "--jobs", "1")[0] == 0
    pages = ["calendar/2025-01", "calendar/2025-01/page-2"]
    found = [item for page in pages for item in late(page)]
    assert found == [f"water-2025/#issue-m{n}" for n in range(0, 240, 2)]
    assert len(late(pages[0])) == A_PAGE
    assert html("calendar").count(LATE) == calendar.FIRST + 2, "and the words that explain it"
    assert len(ics()) == 120, "what has passed gives way to what comes"
    assert not [event for event in ics() if event["DTSTART"].dt < date(2025, 2, 1)]


@pytest.mark.parametrize("today", ["0001-01-01", "9999-12-31", "2024-02-29"])
def test_any_day_is_a_day(content: Path, run, today: str):
    write(content, issue=ISSUE.replace("2025-09-30", "9999-12-31"))
    assert run("--today", today)[0] == 0
    assert ics() or today == "9999-12-31"


def test_without_promises_there_is_a_page_that_says_so(content: Path, run):
    assert run("--today", TODAY)[0] == 0
    assert "没有一年内到期的承诺" in html("calendar")
    assert not list(Path("site").rglob("*.ics"))
