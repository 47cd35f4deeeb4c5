"""Every status falls into a bucket by the vocabulary of `site.yaml`, and no wording falls into two."""

from collections.abc import Iterator
from datetime import date

from gongshi.checks.place import error, warning
from gongshi.corpus import Corpus
from gongshi.model import BUCKETS, Located, Notice
from gongshi.problems import Problem, did_you_mean
from gongshi.totals import Words, plain_wording

MAX_HINTS = 50  # unknown wordings in one notice for which the nearest one is looked for


def check_notice(notice: Notice, words: Words) -> Iterator[Problem]:
    """Yield a warning for each wording that the site does not know: its issue would count as 未注明."""
    hints: dict[str, str] = {}
    for value in _with_status(notice):
        yield from _status(notice, value, words, hints)


def check_site(corpus: Corpus, today: date) -> Iterator[Problem]:
    """Yield an error for each wording that the vocabulary puts into two buckets."""
    seen: dict[str, str] = {}
    for bucket in BUCKETS:
        words = corpus.site.statuses.words(bucket)
        for wording in map(plain_wording, words.wordings):
            if wording in seen:
                message = f"“{wording}”同时归入“{seen[wording]}”和“{words.label}”；请只留一处"
                yield error(corpus.site.path, words, "wordings", "ambiguous-status", message)
            seen[wording] = words.label


def _with_status(notice: Notice) -> Iterator[Located]:
    for issue in notice.all_issues():
        yield issue
        yield from issue.all_measures()
        yield from issue.updates


def _status(notice: Notice, value: Located, known: Words, hints: dict[str, str]) -> Iterator[Problem]:
    wording: str | None = getattr(value, "status", None)
    if wording and not plain_wording(wording):
        yield error(notice.path, value, "status", "empty", "整改进度只有标点；请填写原文的说法，或删去这一行")
    elif wording and known and plain_wording(wording) not in known:  # none are known where site.yaml cannot be read
        if wording not in hints:
            hints[wording] = did_you_mean(plain_wording(wording), known) if len(hints) < MAX_HINTS else ""
        hint = hints[wording]
        message = f"不认识的整改进度“{wording}”，会归入“未注明”{hint or '；'}请改正，或登记到 site.yaml 的 statuses"
        yield warning(notice.path, value, "status", "unknown-status", message)
