"""Whom the public can call or write to: the block at the end of a notice, in one sentence or line by line."""

import re
from collections.abc import Iterator

from gongshi import contact as dial
from gongshi import model
from gongshi.importer.facts import folded
from gongshi.text import solid

_BLOCK = 20_000  # characters at the end of a text in which a contact is looked for


def _spread(words: str) -> str:
    """A pattern of words between whose characters there may be spaces: 电　话."""
    return "(?:" + "|".join(" {0,4}".join(word) for word in words.split()) + ")"


_TELEPHONE = _spread("电话 手机 热线 座机")
_WORDS = re.compile(rf"联系(?:方式|[人单部科地])|{_TELEPHONE}|{_spread('信箱 邮箱 邮编 邮政编码 邮件 地址')}|请寄")
_URL = re.compile(r"(?:https?://|www\.)[!-~]++")
_EMAIL = re.compile(r"(?<![\w.+*-])[\w.+*-]{1,64}+@[\w.*-]{0,79}[\w*-]", re.ASCII)
_WHOLE_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_POSTCODE = re.compile(rf"{_spread('邮政编码 邮编')}\s?:?\s?(\d{{6}}|\*{{1,6}})(?!\d)")
_TIME = r"(?:工作日|周[一二三四五六日]|每[天日周]|[上下]午|\d{1,2}[:时点])"
_OF_HOURS = r"(?:受理|接听|接待|接访|来访|办公|工作|值班|咨询|服务)(?:举报|信访)?(?:电话)?的?时间\s?[:为]?\s?"
_HOURS = re.compile(
    rf"{_OF_HOURS}((?=[^;。\n]{{0,20}}?{_TIME})[^;。\n]{{2,80}})"
    rf"|[请可][于在]({_TIME}[^;。\n(]{{0,40}}?(?:\([^()\n]{{1,60}}\))?)(?=及时|[向与拨来致通,;。\n]|$)"
    rf"|\((?:{_OF_HOURS})?([^()\n]{{0,20}}?{_TIME}[^()\n]{{0,60}})\)"  # behind a number
)

# A phone is known by its shape, or else by the word before it. Its digits may be masked: 0990-555****.
_D = r"[\d*×●xX]"
_SPACE = r"[^\S\n]"  # but not the end of a line
_DASH = rf"{_SPACE}?[-‐-―−]{{1,2}}{_SPACE}?"
_GAP = rf"(?:{_DASH}|{_SPACE})?"
_CHINA = rf"(?:\+|00)?86{_GAP}"
_LOCAL = rf"{_D}{{3,4}}[ -]?{_D}{{4}}"
_SURE = "|".join(
    (
        rf"(?:{_CHINA}(?:\(0?\d{{2,3}}\)|0?\d{{2,3}})|\(0\d{{2,3}}\)|0\d{{2,3}}){_GAP}{_LOCAL}",
        rf"(?:{_CHINA})?1[3-9]\d[ -]?{_D}{{4}}[ -]?{_D}{{4}}",
        r"[48]00[ -]?\d{3,4}[ -]?\d{3,4}",
        rf"0\d{{2,3}}{_DASH}{_D}{{1,7}}",
    )
)
_EXTENSION = rf"(?:{_SPACE}?\((?:转|分机){_SPACE}?\d{{1,6}}\)|{_SPACE}?(?:转|分机){_SPACE}?\d{{1,6}}|-\d{{1,5}})?"
_NUMBER = re.compile(
    rf"(?<![\w.@*+-])(?:(?P<sure>{_SURE})|(?P<local>{_LOCAL})|\d{{3,6}}){_EXTENSION}(?![\w*@]|\.\d|\s?[元万亿%年月号室楼层])",
    re.ASCII,
)
_CALLED = re.compile(
    rf"(?:(?P<word>{_spread('监督 举报 联系 投诉 咨询 值班 办公 受理 服务 反映 信访 公示 来电')}{{0,2}} {{0,4}}"
    rf"(?:(?P<fax>{_spread('传真')}(?:电话)?)|{_TELEPHONE}(?:[/、及和(]传真\)?)?))|联系方式)"
    r"(?:号码)?(?:\([^()\d]{1,12}\))?\s{0,4}[:为是]?\s{0,4}$"
)
_BEFORE = 40  # characters before a number in which the word is looked for
_NOTE = re.compile(r"\s?\(([^()\n\d]{1,20})\)")
_BETWEEN = re.compile(r"\s?[、,/;或和至]?\s?")  # two numbers under one word

_ORGANISATION = re.compile(r"[局委科室办厅组部处院站所会队股社校司府心]$")
_POSTAL = re.compile(
    rf"(?:(?:{_spread('地址')}|(?<!电子){_spread('信箱 邮箱')})\s?:|(?:请寄|寄至)\s?:?)\s?(\S[^;。\n]{{1,100}}?)"
    r"(?=[,(、\s]{0,2}(?:联系|收[件信]人|受理|\s{3})|[;。\n]|$)"
)
_RECIPIENT = re.compile(
    r"(?:(?:联系|受理|承办|收件)(?:单位|部门|科室|处室|股室)|收[件信]人|联系方式)\s?:\s?([^\s,;。(:][^,;。\n(:]{1,40})"
)
_PLACE = re.compile(
    r"(.*(?:\d号(?:[楼院]|信箱)?|\d室|\d房间?|\d办公室|[\d一二三四五六七八九十][楼层]|大[厦楼院]|院内|路中段|路[东西南北]段"
    r"|交叉口|信箱))(.*)"
)


class _Rest:
    """What is left of a text when the facts that were recognised are taken out of it."""

    def __init__(self, text: str) -> None:
        self.printed = text
        self.plain = folded(text)

    def take(self, pattern: re.Pattern[str]) -> list[str]:
        """Take every match out; what its group holds, as printed."""
        matches = list(pattern.finditer(self.plain))
        self.blank([match.span() for match in matches])
        found = (self.printed[slice(*match.span(match.lastindex or 0))] for match in matches)
        return [value for each in found if (value := each.strip(" \u3000,，、"))]

    def blank(self, spans: list[tuple[int, int]]) -> None:
        """Put spaces in place of parts of the text."""
        kept, at = [], 0
        for start, end in spans:
            kept += [self.plain[at:start], " " * (end - start)]
            at = end
        self.plain = "".join(kept) + self.plain[at:]


def is_contact(text: str) -> bool:
    """True for a paragraph that says whom to call or write to."""
    return contact(text) is not None


def contact(text: str) -> model.Contact | None:
    """Every way to reach somebody that a text prints, exactly as printed; nothing that `check` would call an error."""
    rest = _Rest(text[-_BLOCK:])
    if not _WORDS.search(rest.plain):
        return None
    rest.take(_URL)
    emails = [each for each in rest.take(_EMAIL) if dial.is_masked(each) or _WHOLE_EMAIL.fullmatch(dial.folded(each))]
    postcode = next(iter(rest.take(_POSTCODE)), None)
    phones = {phone.number: phone for phone in reversed(list(_phones(rest)))}
    hours = next(iter(rest.take(_HOURS)), None)
    address, recipient = _address(next(iter(rest.take(_POSTAL)), ""))
    named = next((name for name in rest.take(_RECIPIENT) if _ORGANISATION.search(name)), None)
    postal = model.Postal(address=address or None, recipient=recipient or named, postcode=postcode)
    value = model.Contact(
        phones=tuple(reversed(phones.values())),
        emails=tuple(dict.fromkeys(emails)),
        postal=postal if postal != model.Postal() else None,
        hours=hours,
    )
    return None if value.empty else value


def _phones(rest: _Rest) -> Iterator[model.Phone]:
    """Take the phones out: 监督电话：0990-5551414（办公室）、5551415. Faxes are taken out as well, and not given."""
    taken: list[tuple[int, int]] = []
    called: re.Match[str] | None = None
    end = -1  # of the number before, with its note
    for match in _NUMBER.finditer(rest.plain):
        number = rest.printed[slice(*match.span())]
        word = _CALLED.search(rest.plain[max(0, match.start() - _BEFORE) : match.start()])
        follows = end >= 0 and _BETWEEN.fullmatch(rest.plain, end, match.start())
        called = word or (called if follows else None)
        sure = match["sure"] or word or (follows and match["local"])
        if not sure or not (dial.is_dialable(number) or dial.is_masked(number)):
            continue
        note = _NOTE.match(rest.plain, match.end())
        end = note.end() if note else match.end()
        taken.append((match.start() - len(word[0]) if word else match.start(), match.end()))
        if not (called and called["fax"]):
            label = note[1] if note else called["word"] or "" if called else ""
            yield model.Phone(number=number, label=solid(label) or None)
    rest.blank(taken)


def _address(printed: str) -> tuple[str, str]:
    """An address and, behind it, a recipient (清源路18号市水务局); a text without a street is one or the other."""
    match = _PLACE.fullmatch(folded(printed))
    if not match:
        return ("", printed) if _ORGANISATION.search(printed) else (printed, "")
    recipient = re.sub(r"\s?[(（]?收[)）]?$", "", printed[match.end(1) :].strip(" \u3000,，、"))
    return (printed[: match.end(1)].strip(), recipient) if _ORGANISATION.search(recipient) else (printed, "")
