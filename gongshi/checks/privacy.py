"""Nothing private slips out: identity numbers, mobiles, bank cards, home addresses, private e-mail, places of photos.

Source: standards.md, "Personal data". What stands under `contact`, of a notice or of its agency, is meant to be called
and is exempt wherever the notice prints it; anything else needs an entry of `exempt` with a reason, which is told in
every report. Withheld parts are not in the model, so nothing is looked for in them.

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
    Located,
    Notice,
    Numbering,
    Operator,
    Totals,
    Vocabulary,
)
from gongshi.privacy import APART, MAX_FOUND, Finding, Kind, key, keys, masked, personal, shown
from gongshi.problems import Problem, Severity, Span

_NO_TEXT = (Contact, Operator, Hotline, Exemption, Footer, Numbering, Totals, Vocabulary)
_AHEAD = 2_000  # characters of the file, beyond the length of a text, in which it is looked for
_EXEMPT = "在 exempt 里写明理由（text 写文件名）"
_END = 4  # characters at the end of an address, by which it is looked up
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


class _Allowed:
    """What may be published, however it is written; of an address also its end, or what leads to it."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.keys: set[tuple[Kind, str]] = set()
        self.addresses: dict[str, list[str]] = {}
        for line in lines:
            known = {*keys(line), *((kind, key(kind, line)) for kind in _TOLD)}
            self.keys |= known
            for kind, written in known:
                if kind == "address":
                    self.addresses.setdefault(written[-_END:], []).append(written)

    def __contains__(self, finding: Finding) -> bool:
        kind, written = finding.key
        if kind != "address" or finding.key in self.keys:
            return finding.key in self.keys
        alike = self.addresses.get(written[-_END:], ())
        return any(each.endswith(written) or (len(each) > _END and written.endswith(each)) for each in alike)


def find(notice: Notice, source: bytes) -> tuple[Finding, ...]:
    """What is personal in the texts of a notice and what it does not allow itself; `source` is its file.

    At most one more than MAX_FOUND: then there may be others.
    """
    found = _found(notice)
    if not found:
        return ()
    allowed = _allowed_by(notice)
    return _placed([each for each in found if each[1] not in allowed], source)


def check_source(value: Located, source: bytes) -> Iterator[Problem]:
    """Yield an error for each finding in the texts of an agency, a region or the site; `source` is its file."""
    found = _found(value)
    if found:
        allowed = _Allowed(_declared(value))
        for finding in _placed([each for each in found if each[1] not in allowed], source):
            yield _problem("", finding, exemptible=False)


def check_page(name: str, text: str) -> Iterator[Problem]:
    """Yield an error for each finding in a page of the site's own, and in its name."""
    for kind, start, end in personal(name):
        yield _problem("", Finding(kind, name[start:end]), exemptible=False)
    line, begin = 1, 0
    for kind, start, end in sorted(personal(text), key=lambda found: found[1]):
        if breaks := text.count("\n", begin, start):
            line, begin = line + breaks, text.rindex("\n", begin, start) + 1
        yield _problem("", Finding(kind, text[start:end], line, start - begin + 1), exemptible=False)


def check_site(corpus: Corpus, today: date) -> Iterator[Problem]:
    """Yield an error for each finding in a notice or inside its attachments, and a note for each exemption.

    An exemption that nothing needs is a warning, and so is an attachment that could not be looked into.
    """
    for row in corpus.notices.values():
        attached = {name: corpus.inside(file) for name, file in corpus.files.get(row.id, {}).items()}
        attached = {name: inside for name, inside in attached.items() if not inside.empty}
        if not (row.exempts or row.private or attached):
            continue
        notice = corpus.notice(row.id)
        declared = _Allowed([*_declared(notice), *_declared(corpus.agencies.get(row.agency))])
        excused = _Allowed(exemption.text for exemption in notice.exempt)
        seen = [finding for _, finding in _found(notice)] if row.exempts else []
        yield from _told(notice.path, [finding for finding in row.private if finding not in declared], len(row.private))
        for name, inside in attached.items():
            path = f"{corpus.root}/{corpus.files[row.id][name]}"
            found = [finding for finding in inside.findings if finding not in declared]
            seen += found
            yield from _told(path, [finding for finding in found if finding not in excused], len(inside.findings))
            if inside.unread:
                looked = Finding("location", name)
                seen.append(looked)
                if looked not in excused:
                    message = f"程序没有查完里面有没有个人信息：{shown(inside.unread)}；请打开看一遍，再{_EXEMPT}"
                    yield Problem(Span(path), Severity.WARNING, "unread-attachment", message)
        yield from _exemptions(notice, seen, damaged=corpus.is_damaged(row.id))


def _told(path: str, findings: list[Finding], found: int) -> Iterator[Problem]:
    """An error for each finding, and one more if so many were found that the search was ended."""
    for finding in findings[:MAX_FOUND]:
        yield _problem(path, finding, exemptible=True)
    if found > MAX_FOUND:
        message = f"个人信息超过 {MAX_FOUND} 处，没有全部查出；请删去，或拆成几个文件"
        yield Problem(Span(path), Severity.ERROR, "more", message)


def unexcused(text: str, notice: Notice) -> bool:
    """True if a text holds something personal that a notice neither asks the public to use nor exempts."""
    found = [Finding(kind, text[start:end]) for kind, start, end in personal(text)]
    if not found:
        return False
    allowed = _allowed_by(notice)
    return any(finding not in allowed for finding in found)


def _allowed_by(notice: Notice) -> _Allowed:
    return _Allowed([*_declared(notice), *(exemption.text for exemption in notice.exempt)])


def _exemptions(notice: Notice, seen: list[Finding], *, damaged: bool) -> Iterator[Problem]:
    written = {finding.key for finding in seen}
    addresses = [finding for finding in seen if finding.kind == "address"]
    for exemption in notice.exempt:
        allowed = _Allowed([exemption.text])
        if allowed.keys & written or any(finding in allowed for finding in addresses):
            line, column = exemption.at.get("text") or exemption.at.get("") or (0, 0)
            message = f"“{shown(exemption.text)}”照样公开，理由：{shown(exemption.reason)}"
            yield Problem(Span(notice.path, line, column), Severity.NOTE, "exempt", message)
        elif not damaged:
            message = f"没有用到这一条：通报和附件里没有“{shown(exemption.text)}”这样的个人信息；请核对或删去"
            yield warning(notice.path, exemption, "text", "unused-exempt", message)


def _found(value: Located) -> list[tuple[_Text, Finding]]:
    """What is personal in the texts of a value, in their order, and in its name."""
    texts = [_Text(value, "", getattr(value, "id", "")), *_texts(value)]
    joined = APART.join(text.text for text in texts)
    found = sorted(personal(joined), key=lambda each: each[1])
    if not found:
        return []
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text.text) + 1)
    return [(texts[bisect_right(starts, start) - 1], Finding(kind, joined[start:end])) for kind, start, end in found]


def _placed(found: list[tuple[_Text, Finding]], source: bytes) -> tuple[Finding, ...]:
    """Findings with their lines and columns; of very many the first, and one more."""
    lines = _Lines(source.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n"))
    places = ((finding, lines.place(text, finding.text)) for text, finding in found[: MAX_FOUND + 1])
    return tuple(dataclasses.replace(finding, line=line, column=column) for finding, (line, column) in places)


def _declared(value: Located | None) -> list[str]:
    """All that the public is asked to call or to write to."""
    contact: Contact | None = value.contact if isinstance(value, Notice | Agency) else None
    if contact is None:
        return []
    lines = [
        *(part for phone in contact.phones for part in (phone.number, phone.label)),
        *contact.emails,
        *((contact.postal.address, contact.postal.recipient) if contact.postal else ()),
        contact.hours,
    ]
    return [line for line in lines if line]


def _texts(value: Located) -> Iterator[_Text]:
    """Every text of a value and of its parts, in the order of the file."""
    for name in value.at:  # what is not in the file is not looked at
        held = getattr(value, name) if name else None
        for item in held if isinstance(held, tuple) else (held,):
            if isinstance(item, str):
                yield _Text(value, name, item)
            elif isinstance(item, Located) and not isinstance(item, _NO_TEXT):
                yield from _texts(item)


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
    where = f"{shown(finding.where.strip())}：" if finding.where else ""
    message = told.format(masked(finding.kind, finding.text), _HOW if exemptible else "")
    return Problem(Span(path, finding.line, finding.column), Severity.ERROR, rule, where + message)
