"""Nothing private slips out: identity numbers, mobiles, bank cards, home addresses, private e-mail, places of photos.

Source: standards.md, "Personal data". What stands under `contact` is meant to be called and is exempt wherever the same
notice prints it; anything else needs an entry of `exempt` with a reason, which is told in every report. Withheld parts
are not in the model, so nothing is looked for in them.

Wrong: `李某，手机13800001234` in a text; `身份证号` as a column of an attached table.
"""

import dataclasses
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from gongshi.checks.place import warning
from gongshi.corpus import Corpus
from gongshi.model import (
    Agency,
    Contact,
    Exemption,
    Footer,
    Hotline,
    Labels,
    Located,
    Notice,
    Numbering,
    Operator,
    Totals,
    Vocabulary,
)
from gongshi.privacy import MAX_FOUND, Finding, Kind, key, masked, personal, same
from gongshi.problems import Problem, Severity, Span

_NO_TEXT = (Contact, Operator, Hotline, Exemption, Footer, Labels, Numbering, Totals, Vocabulary)
_AHEAD = 2_000  # characters of the file, beyond the length of a text, in which it is looked for
_HOW = "，或在 exempt 里写明理由"
# Of each kind the rule, and what the editor is told: what was found, and (in a notice) that it can be exempted.
_TOLD: dict[Kind, tuple[str, str]] = {
    "identity": ("identity-number", "身份证号码 {} 会公开；请遮盖成这样，或删去{}"),
    "mobile": ("mobile-number", "手机号码 {} 会公开；请遮盖成这样，或删去{}；是监督电话的，请写进 contact"),
    "card": ("bank-card", "银行卡号 {} 会公开；请遮盖成这样，或删去{}"),
    "address": ("home-address", "像是家庭住址（{}）；请只写到乡镇、街道，或删去{}；是办公地址的，请写进 contact"),
    "email": ("private-email", "私人邮箱 {} 会公开；请遮盖成这样，或删去{}；是监督邮箱的，请写进 contact"),
    "location": (
        "photo-location",
        "照片 {} 里记着拍摄地点；请用看图软件删去位置信息后再放入{}（text 写文件名）",
    ),
}


class _Text(NamedTuple):
    """A text of a file: the value that holds it and its key there."""

    holder: Located
    key: str
    text: str


def check_source(value: Located, source: bytes) -> Iterator[Problem]:
    """Yield an error for each finding in the texts of a notice, an agency or the site; `source` is its file."""
    found = list(_found(value))
    if found:
        excused = _excused(value) if isinstance(value, Notice) else ""
        lines = _Lines(source.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n"))
        for text, finding in found:
            if same(finding.kind, finding.text) not in excused:
                line, column = lines.place(text, finding.text)
                yield _problem(
                    "",
                    dataclasses.replace(finding, line=line, column=column),
                    exemptible=bool(isinstance(value, Notice)),
                )


def check_page(text: str) -> Iterator[Problem]:
    """Yield an error for each finding in a page of the site's own."""
    for number, line in enumerate(text.split("\n"), 1):
        for kind, start, end in personal(line):
            yield _problem("", Finding(kind, line[start:end], number, start + 1), exemptible=False)


def check_site(corpus: Corpus, today: date) -> Iterator[Problem]:
    """Yield an error for each finding inside an attachment, a note for each exemption, a warning for an unused one."""
    for row in corpus.notices.values():
        attached = {name: corpus.inside(file).findings for name, file in corpus.files.get(row.id, {}).items()}
        if not (row.exempts or any(attached.values())):
            continue
        notice = corpus.notice(row.id)
        known = f"{_declared(notice)}\n{_declared(corpus.agencies.get(row.agency))}"
        excused = _excused(notice)
        seen = {same(finding.kind, finding.text) for _, finding in _found(notice)}
        for name, findings in attached.items():
            for finding in findings:
                written = same(finding.kind, finding.text)
                if written in known:
                    continue
                seen.add(written)
                if written not in excused:
                    yield _problem(f"{corpus.root}/{corpus.files[row.id][name]}", finding, exemptible=True)
        yield from _exemptions(notice, seen, damaged=corpus.is_damaged(row.id))


def unexcused(text: str, notice: Notice) -> bool:
    """True if a text holds something personal that a notice neither asks the public to use nor exempts."""
    known = f"{_declared(notice)}\n{_excused(notice)}"
    return any(same(kind, text[start:end]) not in known for kind, start, end in personal(text))


def _excused(notice: Notice) -> str:
    """All that a notice exempts, to look for findings in."""
    return "\n".join(key(exemption.text) for exemption in notice.exempt)


def _exemptions(notice: Notice, seen: set[str], *, damaged: bool) -> Iterator[Problem]:
    for exemption in notice.exempt:
        written = key(exemption.text)
        if written in seen or any(each in written for each in list(seen)[:MAX_FOUND]):
            line, column = exemption.at.get("text") or exemption.at.get("") or (0, 0)
            message = f"“{_shown(exemption.text)}”照样公开，理由：{exemption.reason}"
            yield Problem(Span(notice.path, line, column), Severity.NOTE, "exempt", message)
        elif not damaged:
            message = f"没有用到这一条：通报和附件里没有“{_shown(exemption.text)}”这样的个人信息；请核对或删去"
            yield warning(notice.path, exemption, "text", "unused-exempt", message)


def _shown(text: str) -> str:
    """An exempted text as a report may quote it: what is personal in it is masked."""
    for kind, start, end in sorted(personal(text), key=lambda found: -found[1]):
        text = text[:start] + masked(kind, text[start:end]) + text[end:]
    return text


def _found(value: Located) -> Iterator[tuple[_Text, Finding]]:
    """What is personal in the texts of a value, but for its contact."""
    texts = _texts(value, [])
    joined = "\n".join(text.text for text in texts)
    found = sorted(personal(joined), key=lambda each: each[1])
    if not found:
        return
    known = _declared(value)
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text.text) + 1)
    for kind, start, end in found[:MAX_FOUND]:
        written = joined[start:end]
        if same(kind, written) not in known:
            yield texts[bisect_right(starts, start) - 1], Finding(kind, written)


def _declared(value: Located | None) -> str:
    """All that the public is asked to call or to write to, to look for findings in."""
    contact: Contact | None = value.contact if isinstance(value, Notice | Agency) else None
    if contact is None:
        return ""
    lines: Iterable[str | None] = (
        *(part for phone in contact.phones for part in (phone.number, phone.label)),
        *contact.emails,
        *((contact.postal.address, contact.postal.recipient) if contact.postal else ()),
        contact.hours,
    )
    return "\n".join(key(line) for line in lines if line)


def _texts(value: Located, texts: list[_Text]) -> list[_Text]:
    """Every text of a value and of its parts, in the order of the file."""
    for name in value.at:  # what is not in the file is not looked at
        held = getattr(value, name) if name else None
        if not held or held is True:
            continue
        for item in held if held.__class__ is tuple else (held,):
            if isinstance(item, str):
                texts.append(_Text(value, name, item))
            elif isinstance(item, Located) and not isinstance(item, _NO_TEXT):
                _texts(item, texts)
    return texts


class _Lines:
    """The text of a file, in which findings are looked up where their value begins."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.starts = [0, *(match.end() for match in re.finditer("\n", source))]
        self.reached: dict[tuple[int, int], int] = {}  # by the place of a value: how far it was looked through

    def place(self, text: _Text, written: str) -> tuple[int, int]:
        """Line and column of a finding; those of its value if the file writes it in another way."""
        line, column = text.holder.at.get(text.key) or text.holder.at.get("") or (1, 1)
        start = self.starts[min(line, len(self.starts)) - 1] + column - 1
        start = max(start, self.reached.get((line, column), 0))
        pattern = r"[\s\\]*".join(map(re.escape, written))
        match = re.compile(pattern).search(self.source, start, start + 2 * len(text.text) + _AHEAD)
        if not match:
            return line, column
        self.reached[line, column] = match.end()
        number = bisect_right(self.starts, match.start())
        return number, match.start() - self.starts[number - 1] + 1


def _problem(path: str, finding: Finding, *, exemptible: bool) -> Problem:
    """An error at a finding, which it shows masked, with what the editor can do."""
    rule, told = _TOLD[finding.kind]
    where = f"{finding.where.strip()}：" if finding.where else ""
    message = told.format(masked(finding.kind, finding.text), _HOW if exemptible else "")
    return Problem(Span(path, finding.line, finding.column), Severity.ERROR, rule, where + message)
