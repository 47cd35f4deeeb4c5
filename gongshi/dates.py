"""Dates as notices print them: a day, a third of a month (旬), a month or a year."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

_TEXT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})|[ ]?([上中下]旬))?)?", re.ASCII)
_THIRDS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date no more exact than the notice: `day` or `third` (上旬, 中旬, 下旬) or neither; no day without a month."""

    year: int
    month: int | None = None
    day: int | None = None
    third: str | None = None

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read `2023`, `2023-06`, `2023-06 中旬` or `2023-06-08`; ValueError for anything else, or no such day."""
        match = _TEXT.fullmatch(text)
        if not match:
            raise ValueError(text)
        year, month, day, third = match.groups()
        date(int(year), int(month or 1), int(day or 1))
        return cls(int(year), int(month) if month else None, int(day) if day else None, third)

    @classmethod
    def of(cls, day: date) -> "PartialDate":
        """A day as a date of this kind."""
        return cls(day.year, day.month, day.day)

    @property
    def first(self) -> date:
        """The first day that this can mean."""
        start = _THIRDS[self.third][0] if self.third else 1
        return date(self.year, self.month or 1, self.day or start)

    @property
    def last(self) -> date:
        """The last day that this can mean."""
        month = self.month or 12
        end = calendar.monthrange(self.year, month)[1]
        if self.third:
            end = min(end, _THIRDS[self.third][1])
        return date(self.year, month, self.day or end)

    def __str__(self) -> str:
        """The form used in content and in published data; without the third it is ISO 8601."""
        parts = [f"{self.year:04d}"]
        if self.month:
            parts.append(f"{self.month:02d}")
        if self.day:
            parts.append(f"{self.day:02d}")
        return "-".join(parts) + (f" {self.third}" if self.third else "")

    @property
    def deadline(self) -> str:
        """What is due by this date, in words: 2023年6月30日前, 2023年6月底前, 2023年6月中旬内, 2023年底前."""
        return self.chinese + ("前" if self.day else "内" if self.third else "底前")

    @property
    def chinese(self) -> str:
        """The form used on pages: 2023年6月8日, 2023年6月中旬, 2023年6月, 2023年."""
        text = f"{self.year}年"
        if self.month:
            text += f"{self.month}月"
        if self.day:
            text += f"{self.day}日"
        return text + (self.third or "")


def span_words(start: PartialDate | None, end: PartialDate | None) -> str:
    """A span of time in words, without saying twice what both ends share: 2023年4月26日至30日."""
    if not start or not end or start == end:
        only = start or end
        return only.chinese if only else ""
    words = end.chinese
    if start.year == end.year and start.month and end.month:
        words = words.removeprefix(f"{end.year}年")
        if start.day and end.day and start.month == end.month:
            words = words.removeprefix(f"{end.month}月")
    return f"{start.chinese}至{words}"
