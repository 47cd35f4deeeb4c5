"""Declared totals are compared with what a notice holds; a difference is told, never hidden and never an error."""

from collections.abc import Iterator

from gongshi.checks.place import warning
from gongshi.model import Notice
from gongshi.problems import Problem
from gongshi.totals import NAMES, Words, compare, parts


def check_notice(notice: Notice, words: Words) -> Iterator[Problem]:
    """Yield a warning for each total that does not add up."""
    for part in parts(notice):
        for total in compare(part, words, notice):
            if total.differs and part.declared:
                name = NAMES[total.key]
                message = f"申报{name} {total.declared}，实际列出 {total.counted}；页面会如实并列，请核对是否漏录"
                yield warning(notice.path, part.declared, total.key, "totals-differ", message)
