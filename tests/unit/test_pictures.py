"""Pictures: their lengths, and that they say nothing that is not also written."""

from datetime import date

import pytest

from gongshi.dates import PartialDate
from gongshi.derive.lists import PhaseView, phase_states
from gongshi.derive.pictures import line, years
from gongshi.derive.rows import NoticeRow, PhaseRow
from gongshi.derive.tally import Tally


def _row(notice_id: str, day: str | None, **tally: int) -> NoticeRow:
    dated = PartialDate.parse(day) if day else None
    empty = {"follows": (), "continues": (), "old_ids": (), "files": (), "phases": ()}
    known = {
        "kind": "rectification",
        "title": "通报",
        "agency": "a",
        "text": "digest",
        "published": dated,
        "dated": dated,
    }
    rest = {
        "measures": 0,
        "declares": False,
        "changed": None,
        "newest": None,
        "has_contact": False,
        "lacks_area": False,
        "withheld": 0,
        "dues": (),
        "withdrawn": False,
        "attached": 0,
        "exempts": False,
        "blob": "",
    }
    return NoticeRow(id=notice_id, tally=Tally(**tally), **known, **empty, **rest)


def test_a_year_is_as_long_as_it_has_issues():
    rows = [
        _row("a", "2025-05-20", open=3, done=1),
        _row("b", "2025-01", done=4),
        _row("c", "2024", open=2),
        _row("d", None),
    ]
    found = years(rows)
    assert [(year.year, year.notices, year.tally.total, year.length) for year in found] == [
        ("2025", 2, 8, 100.0),
        ("2024", 1, 2, 25.0),
        ("undated", 1, 0, 0.0),
    ]
    assert found[0].tally == Tally(open=3, done=5)


def test_one_year_is_no_progress():
    assert years([_row("a", "2025-05-20", open=3), _row("b", "2025-01", done=4)]) == ()
    assert years([]) == ()


def _views(*spans: tuple[str | None, str | None], today: date) -> list[PhaseView]:
    phases = [
        PhaseRow(f"阶段{n}", *(PartialDate.parse(day) if day else None for day in span), ())
        for n, span in enumerate(spans)
    ]
    return [
        PhaseView(phase, f"phase-{n}", "", state)
        for n, (phase, state) in enumerate(zip(phases, phase_states(phases, today), strict=True))
    ]


@pytest.mark.parametrize(
    ("today", "place"),
    [
        (date(2023, 12, 31), None),
        (date(2024, 1, 1), 0.0),
        (date(2024, 1, 6), 50.0),
        (date(2024, 1, 10), 90.0),
        (date(2024, 1, 11), None),
    ],
)
def test_today_stands_between_the_first_and_the_last_day(today: date, place: float | None):
    found = line(_views(("2024-01-01", "2024-01-05"), ("2024-01-06", "2024-01-10"), today=today), today)
    assert found
    assert (found.first, found.last, found.today) == ("2024年1月1日", "2024年1月10日", place)
    assert [(part.start, part.length) for part in found.stretches] == [(0.0, 50.0), (50.0, 50.0)]


def test_phases_may_overlap_lack_a_date_or_be_a_month():
    today = date(2020, 1, 1)
    found = line(_views(("2024-01", "2024-12"), (None, "2024-07"), (None, None), today=today), today)
    assert found
    assert [(part.start, part.length) for part in found.stretches] == [(0.0, 100.0), (49.73, 8.47), (0.0, 0)]


def test_one_dated_phase_is_no_line():
    today = date(2024, 1, 1)
    assert line(_views(("2024-01", "2024-02"), (None, None), today=today), today) is None
    assert line([], today) is None


def test_a_short_phase_can_be_seen():
    today = date(2024, 1, 1)
    found = line(_views(("2020-01-01", "2020-01-01"), ("2020-01-02", "2029-12-31"), today=today), today)
    assert found
    assert found.stretches[0].length == 1.0
