"""Attachments that need a person: titles without a file."""

from collections.abc import Iterator
from datetime import date

from gongshi.checks.place import warning
from gongshi.corpus import Corpus
from gongshi.problems import Problem


def look(corpus: Corpus, today: date, days: int) -> Iterator[Problem]:  # noqa: ARG001 - as all rules of the report
    """Yield a warning for each such attachment."""
    for row in corpus.notices.values():
        if row.attached > len(row.files):
            notice = corpus.notice(row.id)
            for attachment in notice.attachments:
                if not (attachment.file or attachment.withheld):
                    message = "只有标题，没有文件，公众打不开；有文件的请补上 file，原文没有公布的不用管"
                    yield warning(notice.path, attachment, "", "no-file", message)
