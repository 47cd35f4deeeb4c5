"""Attachments that need a person: titles without a file."""

from collections.abc import Iterator

from gongshi.checks.place import warning
from gongshi.corpus import Corpus
from gongshi.problems import Problem


def look(corpus: Corpus) -> Iterator[Problem]:
    """Yield a warning for each such attachment."""
    for row in corpus.notices.values():
        if row.attached > len(row.files):
            notice = corpus.notice(row.id)
            for attachment in notice.attachments:
                if not (attachment.file or attachment.withheld):
                    remedy = "有文件的请补上 file，原文没有公布的不用管"
                    message = f"附件“{attachment.title}”只有标题，没有文件，公众打不开；{remedy}"
                    yield warning(notice.path, attachment, "", "no-file", message)
