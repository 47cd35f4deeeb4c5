"""Every attachment that a notice names lies in the folder of the notice's name, and every file there is named."""

from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath

from gongshi.checks.place import error
from gongshi.corpus import Corpus
from gongshi.problems import Problem, Severity, Span, did_you_mean


def check_site(corpus: Corpus, today: date) -> Iterator[Problem]:
    """Yield an error for each file that is not there, a warning for each that nobody names."""
    for row in corpus.notices.values():
        present = corpus.beside.get(row.id, ())
        if not present and not row.files:
            continue
        folder = PurePosixPath(corpus.path(row.id)).with_suffix("")
        if set(row.files) - set(present):
            notice = corpus.notice(row.id)
            for attachment in notice.attachments:
                if attachment.file and attachment.file not in present:
                    hint = did_you_mean(attachment.file, present) or f"；请把文件放到 {folder}/"
                    message = f"找不到附件文件 {attachment.file}{hint}"
                    yield error(notice.path, attachment, "file", "missing-file", message)
        for name in present:
            if name not in row.files:
                message = "通报的 attachments 没有提到这个文件，它不会公开；请补上，或删去"
                yield Problem(Span(f"{folder}/{name}"), Severity.WARNING, "unused-file", message)
