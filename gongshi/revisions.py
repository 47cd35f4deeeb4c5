"""What a notice's page tells of its earlier versions: when each came, and what it changed, as people read it.

What may not be public now is in no difference: parts that are withheld now are compared as withheld, personal data of
old texts are left out, and a decision of the notice (`earlier_withheld`) or its withdrawal ends what is shown.
Everything is bounded: a history may be long, and an old version may be anything.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from gongshi import text
from gongshi.changes import Change, Kind, Piece, Side, differing, marked, notice_changes
from gongshi.checks.privacy import unexcused
from gongshi.dates import PartialDate
from gongshi.derive.rows import Status, status_of, summarise
from gongshi.model import REASONS, EarlierWithheld, Issue, Measure, Notice, Section, Vocabulary
from gongshi.totals import Words

MAX_EDITS = 30  # of one version that are shown
MAX_SHOWN = 600  # characters of one side of an edit
CONTEXT = 24  # characters that are shown before and after what changed
_ALIKE = 0.3  # of two paragraphs that are one changed paragraph: what they share at their ends, or in pieces
_ELLIPSIS = Piece("……", changed=False)
_KINDS: dict[Kind, str] = {
    "notice-withdrawn": "撤回",
    "notice-renamed": "通报改名",
    "issue-added": "新增",
    "issue-removed": "删去",
    "issue-renamed": "改了标题",
    "status": "整改进度",
    "due": "整改时限",
    "withheld": "是否公开",
    "totals": "申报与列出",
    "contact": "监督方式",
    "detail": "其他改动",
}
_HOW = {"added": "放入了", "changed": "换过", "removed": "删去了"}
_REMARKED: tuple[Kind, ...] = ("issue-renamed", "notice-renamed")  # changes of wording


@dataclass(frozen=True, slots=True)
class State:
    """A version that a page knows of; without a day it is not committed yet, without a notice it cannot be compared."""

    day: date | None
    commit: str
    there: bool
    files: tuple[tuple[str, str], ...]  # names of those that changed beside it, and how
    notice: Notice | None


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: what changed, the anchor of its issue ("" if it has none), and how it read before and after."""

    what: str
    anchor: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """One version: what it changed, or a sentence on why that is not shown."""

    day: date | None
    commit: str
    said: str
    edits: tuple[Edit, ...] = ()
    more: int = 0  # edits that are not listed

    @property
    def when(self) -> str:
        """Its day, as a page prints it."""
        return PartialDate.of(self.day).chinese if self.day else "尚未提交"


@dataclass(frozen=True, slots=True)
class Told:
    """A progress update as it is listed where no history is known: its day, its issue and the status."""

    when: str
    what: str
    anchor: str
    status: Status | None


@dataclass(frozen=True, slots=True)
class Record:
    """What the page says of its versions; `updates` stand for them where none are known (`first` is None then)."""

    sha256: str
    first: Revision | None
    later: tuple[Revision, ...]
    cut: bool  # versions between the listed ones and the first are left out
    updates: tuple[Told, ...]


UNKNOWN = Record("", None, (), cut=False, updates=())  # of a notice that is not published


@dataclass(frozen=True, slots=True)
class _Found:
    """A change as it was found, with whole texts; `worded` if it is one of wording."""

    what: str
    anchor: str
    before: str | None = None
    after: str | None = None
    note: str = ""
    worded: bool = False


class Historian:
    """Compares the versions of one notice, `now` as it stands."""

    def __init__(self, now: Notice, area_code: str | None, words: Words, statuses: Vocabulary) -> None:
        self.now = now
        self.area_code = area_code
        self.words = words
        self.statuses = statuses
        self.issues = {issue.id: issue for issue in now.all_issues()}
        self.open, self.closed = (
            {section.title for section in now.sections if bool(section.withheld) is withheld}
            for withheld in (False, True)
        )

    def record(self, states: Sequence[State], compared: int, *, cut: bool) -> Record:
        """What each version changed, newest first; of so many it is told what."""
        first = Revision(states[-1].day, states[-1].commit, "") if states else None
        updates = () if states else tuple(self._updates())
        return Record(self.now.sha256, first, tuple(self._revisions(states, compared)), cut, updates)

    def _updates(self) -> Iterator[Told]:
        dated = [(update.date, update, issue) for issue in self.now.all_issues() for update in issue.updates]
        for day, update, issue in sorted(dated, key=lambda each: each[0], reverse=True):
            status = status_of(update.status, self.words) if update.status else None
            what = f"问题 {issue.id} {issue.title}".rstrip()
            yield Told(PartialDate.of(day).chinese, what, f"issue-{issue.id}", status)

    def _revisions(self, states: Sequence[State], compared: int) -> Iterator[Revision]:
        decision = self.now.earlier_withheld
        hidden = "通报已经撤回，不再列出改动的内容。" if self.now.withdrawn else ""
        for n, state in enumerate(states[:-1]):
            older = next((each for each in states[n + 1 :] if each.there), None)
            before = older.notice if older else None
            if decision and (before is None or before.earlier_withheld != decision):
                hidden = hidden or _decided(decision)
            if not state.there:
                yield Revision(state.day, state.commit, "删去了这份通报。")
            elif hidden:
                yield Revision(state.day, state.commit, hidden)
            elif n >= compared:
                yield Revision(state.day, state.commit, "较早的版本，没有逐处列出。")
            elif state.notice is None or before is None:
                yield Revision(state.day, state.commit, "有一版读不了，无法比较。")
            else:
                found = [*self._found(before, state.notice), *self._beside(state)]
                said = "" if found else "公开的内容没有变化，只改了文件的写法。"
                edits = tuple(map(self._edit, found[:MAX_EDITS]))
                yield Revision(state.day, state.commit, said, edits, len(found) - len(edits))

    def _edit(self, found: _Found) -> Edit:
        """A change as it is shown: without its texts if they hold something personal, of which half might not tell."""
        if unexcused("\n".join((found.what, found.before or "", found.after or "")), self.now):
            return Edit("有一处改动", "", (), (), "其中有不宜公开的个人信息，没有列出")
        before, after = _marked(found.before or "", found.after or "", worded=found.worded)
        return Edit(found.what, found.anchor, tuple(_short(before)), tuple(_short(after)), found.note)

    def _found(self, was: Notice, now: Notice) -> Iterator[_Found]:
        old, new = self._public(was), self._public(now)
        masked = old != self._bare(was) or new != self._bare(now)
        for change in notice_changes(self._side(old), self._side(new), self.statuses):
            if change.kind != "text" and not (masked and change.kind == "totals"):
                yield self._told(change)
        if old.withdrawn or new.withdrawn:
            return
        yield from self._texts("正文", "", _body(old), _body(new))
        before, after = ({issue.id: issue for issue in notice.all_issues()} for notice in (old, new))
        for no, issue in before.items():
            other = after.get(no)
            if issue.withheld or (other and other.withheld):
                continue  # what is withheld on one side would stand on the other alone
            what = f"问题 {no} {(other or issue).title}".rstrip()
            anchor = f"issue-{no}" if other and no in self.issues else ""
            yield from self._texts(what, anchor, _of_issue(issue), _of_issue(other) if other else [])

    def _beside(self, state: State) -> Iterator[_Found]:
        """Attached files that changed: by name where it is published now."""
        public = {each.file for each in self.now.attachments if not each.withheld}
        for name, how in state.files:
            yield _Found("附件", "", note=f"{_HOW[how]}{name if name in public else '一个文件'}")

    def _side(self, notice: Notice) -> Side:
        row, detail = summarise(notice, self.words)
        return Side(row, detail, self.area_code, lambda: notice)

    def _told(self, change: Change) -> _Found:
        anchor = change.path.partition("#")[2]
        anchor = anchor if anchor.removeprefix("issue-") in self.issues else ""
        what = f"{_KINDS[change.kind]}：{change.what}" if change.what else _KINDS[change.kind]
        if change.kind == "detail":
            return _Found(what, anchor, note=f"改了{change.after}")
        return _Found(what, anchor, change.before, change.after, worded=change.kind in _REMARKED)

    def _texts(self, what: str, anchor: str, was: list[str], now: list[str]) -> Iterator[_Found]:
        for olds, news in differing(was, now):
            for old, new in zip_longest(olds, news):
                yield _Found(f"文字：{what}", anchor, old, new, worded=True)

    # What may not be public

    def _bare(self, notice: Notice) -> Notice:
        """A version under the address that the notice has now, without what is for editors alone."""
        given = {"id": self.now.id, "old_ids": self.now.old_ids, "exempt": (), "earlier_withheld": None, "sha256": ""}
        return dataclasses.replace(notice, **given)  # type: ignore[arg-type]

    def _public(self, notice: Notice) -> Notice:
        """A version without the parts that are withheld now; in doubt a part is taken for one of them."""
        bare = self._bare(notice)
        return dataclasses.replace(bare, sections=tuple(map(self._section, bare.sections)))

    def _section(self, section: Section) -> Section:
        if self.closed and (section.title in self.closed or section.title not in self.open):
            title = section.title if section.title in self.closed else None
            return Section(title=title, number=section.number, withheld=section.withheld)
        aspects = tuple(
            dataclasses.replace(
                aspect,
                groups=tuple(
                    dataclasses.replace(group, issues=tuple(map(self._issue, group.issues))) for group in aspect.groups
                ),
                issues=tuple(map(self._issue, aspect.issues)),
            )
            for aspect in section.aspects
        )
        return dataclasses.replace(section, aspects=aspects, issues=tuple(map(self._issue, section.issues)))

    def _issue(self, issue: Issue) -> Issue:
        now = self.issues.get(issue.id)
        doubtful = now is None and bool(self.closed or any(each.withheld for each in self.issues.values()))
        if doubtful or (now and now.withheld):
            return Issue(id=issue.id, number=issue.number, status=issue.status, withheld=issue.withheld)
        if now is None or not any(measure.withheld for measure in now.all_measures()):
            return issue
        public = {measure.text for measure in now.all_measures() if not measure.withheld}

        def kept(measures: Iterable[Measure]) -> tuple[Measure, ...]:
            return tuple(each for each in measures if each.withheld or each.text in public)

        parts = tuple(dataclasses.replace(part, measures=kept(part.measures)) for part in issue.parts)
        return dataclasses.replace(issue, measures=kept(issue.measures), parts=parts)


def _decided(decision: EarlierWithheld) -> str:
    note = f"：{decision.note}" if decision.note else ""
    return f"这次改动的内容不予公开（{REASONS[decision.reason]}{note}）。"


def _body(notice: Notice) -> list[str]:
    """The paragraphs of a notice outside its issues, as they are printed."""
    sources: list[str | None] = [notice.opening]
    for section in notice.sections:
        sources += [section.title, section.text]
        for aspect in section.aspects:
            sources += [aspect.title, aspect.text]
            for group in aspect.groups:
                sources += [group.title, group.text]
        for task in section.tasks:
            sources += [task.title, task.text]
        for phase in section.phases:
            sources += [phase.title, phase.text]
    signed = notice.signed.text if notice.signed else None
    return _paragraphs([*sources, notice.closing, signed])


def _of_issue(issue: Issue) -> list[str]:
    """The paragraphs of an issue, as they are printed."""
    sources: list[str | None] = [issue.text, issue.cause, *(measure.text for measure in issue.measures)]
    for part in issue.parts:
        sources += [part.title, *(measure.text for measure in part.measures)]
    for update in issue.updates:
        sources.append(f"{update.date} {update.status or ''} {update.text or ''}")
    return _paragraphs(sources)


def _paragraphs(sources: Iterable[str | None]) -> list[str]:
    return [paragraph for source in sources if source for paragraph in text.passages(source)]


def _marked(old: str, new: str, *, worded: bool) -> tuple[list[Piece], list[Piece]]:
    """Both sides in pieces; in one if they are not two wordings of the same."""
    before, after = marked(old, new) if worded else ([], [])
    same = sum(len(piece.text) for piece in before if not piece.changed)
    if not worded or same < _ALIKE * max(len(old), len(new)):
        before, after = ([Piece(side, changed=True)] if side else [] for side in (old, new))
    return before, after


def _short(pieces: list[Piece]) -> Iterator[Piece]:
    """A side without the middle of what did not change, and no longer than is shown."""
    left = MAX_SHOWN
    for n, piece in enumerate(pieces):
        head = CONTEXT if n else 0
        tail = CONTEXT if n < len(pieces) - 1 else 0
        parts = [piece]
        if not piece.changed and len(piece.text) > head + tail + len(_ELLIPSIS.text):
            start, end = piece.text[:head], piece.text[len(piece.text) - tail :] if tail else ""
            parts = [Piece(start, changed=False), _ELLIPSIS, Piece(end, changed=False)]
        for part in parts:
            if left <= 0:
                yield _ELLIPSIS
                return
            if part.text:
                yield dataclasses.replace(part, text=part.text[:left])
                left -= len(part.text)
    if left < 0:
        yield _ELLIPSIS
