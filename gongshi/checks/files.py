"""Every attachment that a notice names lies beside it, in the folder of the notice's name."""

from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath

from gongshi.checks.place import error
from gongshi.model import Corpus
from gongshi.problems import Problem, did_you_mean


def check(corpus: Corpus, today: date) -> Iterator[Problem]:
    """Yield an error for each file that is not there."""
    for notice in corpus.notices.values():
        present = corpus.files.get(notice.id, {})
        for attachment in notice.attachments:
            if attachment.file and attachment.file not in present:
                folder = PurePosixPath(notice.path).with_suffix("")
                hint = did_you_mean(attachment.file, present) or f"；请把文件放到 {folder}/"
                message = f"找不到可用的附件文件 {attachment.file}{hint}"
                yield error(notice.path, attachment, "file", "missing-file", message)
