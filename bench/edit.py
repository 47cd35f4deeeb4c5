"""One notice is edited (an open issue is done, with a new title), and then every page that shows it has to be right."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.corpus import OPEN_WORDINGS
from bench.staging import buckets_of, issues_of, read_notices

_STATUS = "已完成"


@dataclass(frozen=True, slots=True)
class Edit:
    """Which issue of which notice is edited, and how it is found on pages."""

    notice: str
    agency: str
    month: str
    issue: str
    title: str
    wording: str

    @property
    def link(self) -> str:
        """How lists link to the issue."""
        return f'notices/{self.notice}/#issue-{self.issue}"'

    def apply(self, source: str, token: str) -> str:
        """The source with the new title and status. Raises ValueError if the issue is not there."""
        old = re.compile(
            rf"^( *)- id: '{self.issue}'\n\1  title: {re.escape(self.title)}\n\1  status: {self.wording}$", re.MULTILINE
        )
        new = rf"\1- id: '{self.issue}'\n\1  title: {self.title}{token}\n\1  status: {_STATUS}"
        edited, count = old.subn(new, source)
        if count != 1:
            raise ValueError(f"{self.notice}#issue-{self.issue}")
        return edited


def choose(content: Path) -> Edit:
    """An open issue of the notice in the middle of the corpus, by date."""
    words = buckets_of(content)
    notices = sorted(read_notices(content), key=lambda each: (each[1]["published"], each[0]))
    taken = {issue.get("continues") for _, notice in notices for issue in issues_of(notice)}
    middle = len(notices) // 2
    for notice_id, notice in notices[middle:]:
        for issue in issues_of(notice):
            wording = issue.get("status", "")
            is_open = words.get(wording) == "open" and wording in OPEN_WORDINGS
            if is_open and f"{notice_id}#issue-{issue['id']}" not in taken:
                month = notice["published"][:7]
                return Edit(notice_id, notice["agency"], month, issue["id"], issue["title"], wording)
    raise LookupError("no open issue in the second half of the corpus")


def counts(output: Path, edit: Edit) -> tuple[int, int]:
    """How many issues of the site, and of the edited notice's agency, are done as the pages say."""
    home = re.search(r'issues/done/"[^>]*>.*?<b>(\d+)</b>', _text(output / "index.html"), re.DOTALL)
    page = _text(output / "agencies" / edit.agency / "index.html")
    agency = re.search(r'<li class="done">.*?<b>(\d+)</b>', page, re.DOTALL)
    return int(home.group(1)) if home else 0, int(agency.group(1)) if agency else 0


def wrong(output: Path, edit: Edit, token: str, before: tuple[int, int]) -> Iterator[str]:
    """What is not as it has to be after the edit. `before` is what `counts` said before it."""
    yield from _wrong_on_pages(output, edit, token)
    after = counts(output, edit)
    if after != (before[0] + 1, before[1] + 1):
        yield f"counts: {before} became {after}"
    for name in ("issues.json", "issues.csv"):
        if token not in _text(output / "data" / name):
            yield f"data/{name}"
    agencies = {each["id"]: each for each in json.loads(_text(output / "data" / "agencies.json"))}
    if agencies[edit.agency]["done"] != before[1] + 1:
        yield "data/agencies.json"


def _wrong_on_pages(output: Path, edit: Edit, token: str) -> Iterator[str]:
    page = _text(output / "notices" / edit.notice / "index.html")
    own = page.partition(f'<section class="issue" id="issue-{edit.issue}"')[2].partition("</section>")[0]
    if token not in own:
        yield "notice page: title"
    if _STATUS not in own:
        yield "notice page: status"
    if not any(edit.link in text and token in text for text in _ledger(output, "done", edit.month)):
        yield "ledger of done: new title"
    if any(edit.link in text for text in _ledger(output, "open", edit.month)):
        yield "ledger of open: still there"
    # Lists that need not show the issue must not show it with its old title.
    for path in ("issues/index.html", "issues/done/index.html", f"agencies/{edit.agency}/index.html"):
        text = _text(output / path)
        if edit.link in text and token not in text:
            yield f"{path}: old title"


def _ledger(output: Path, bucket: str, month: str) -> Iterator[str]:
    """The pages of the ledger that can hold an issue of a month."""
    yield _text(output / "issues" / bucket / "index.html")
    yield from map(_text, sorted((output / "issues" / bucket / month).rglob("index.html")))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig") if path.exists() else ""
