"""Personal data in text: what must not be published about a private person, and where it stands in a text.

Sources: GB 11643-1999 (identity numbers and their check digit); ISO/IEC 7812-1 (Luhn) and the bank cards' own prefixes;
the number segments of Chinese mobiles; standards.md, "Personal data": mobiles are masked `138****1234`, identity
numbers `35*************123`, home addresses end at the 乡镇/街道. A number of documents, projects, dates or amounts is
none of these.

Every pattern is bounded, so the time is linear in the text. What is found is shown masked: a report is read by many.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["identity", "mobile", "card", "address", "email", "location"]

MAX_FOUND = 1_000  # in one text


@dataclass(frozen=True, slots=True)
class Finding:
    """Something personal: what kind, the text as it stands there, and where (0 for a whole file, or counted from 1)."""

    kind: Kind
    text: str
    line: int = 0
    column: int = 0
    where: str = ""  # in words, where lines mean nothing to people: 第 2 页


@dataclass(frozen=True, slots=True)
class Inside:
    """What was found in the contents of a file; `unread` says why they could not be looked at, or not all of them."""

    findings: tuple[Finding, ...] = ()
    unread: str = ""

    @property
    def empty(self) -> bool:
        """True if there is nothing to tell."""
        return not (self.findings or self.unread)


_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(map(ord, "\u3000\u00a0"), " ")
_WIDTH |= dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")


_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ＠．＿－＋\u3000\u00a0‐‑‒–—―−]")  # full-width marks alone change nothing


def _half(text: str) -> str:
    """Full-width letters and digits as half-width ones, one for one."""
    return text.translate(_WIDTH) if _WIDE.search(text) else text


def key(text: str) -> str:
    """What two writings of the same number or address have in common."""
    return re.sub(r"[\s\\()-]", "", _half(text)).casefold()


def same(kind: Kind, text: str) -> str:
    """The key of a finding: of a mobile the number itself, with or without the code of the country."""
    return key(text)[-11:] if kind == "mobile" else key(text)


def personal(text: str, label: str = "") -> Iterator[tuple[Kind, int, int]]:
    """Kind, beginning and end of each finding, in the order of kinds; `label` is the heading of a column."""
    folded = _half(text)
    if "://" in folded:
        folded = re.sub(r"https?://[!-~]{1,2000}", lambda match: "\0" * len(match[0]), folded)
    for match in _RUN.finditer(folded):
        yield from _numbers(folded, match, label)
    if "@" in folded:
        yield from (("email", *match.span()) for match in _EMAIL.finditer(folded))
    if any(word in folded for word in _ADDRESS_WORDS) or _HOME_LABEL.search(label):
        yield from _addresses(folded, label)


def masked(kind: Kind, text: str) -> str:
    """A finding as a report may show it, and as an editor may write it."""
    if kind == "email":
        name, _, host = text.partition("@")
        return f"{name[:1]}***@{host}"
    if kind == "address":
        ends = [match.end() for match in re.finditer("街道|[镇乡县市]|(?<![小社])区", text)]
        return f"{text[: max(ends, default=0)][-12:]}***"
    if kind == "location":
        return text
    plain = re.sub(r"[\s-]", "", _half(text))
    if kind == "mobile":
        return f"{plain[-11:-8]}****{plain[-4:]}"
    return f"{plain[:2]}{'*' * (len(plain) - 5)}{plain[-3:]}"


# Numbers: first runs of digits, which are rare, then what a run is.

_RUN = re.compile(r"[0-9](?:[ -]?[0-9]){10,2000}[Xx]?")
_MOBILE = re.compile(r"(?:13\d|14[5-9]|15[0-35-9]|16[2567]|17[0-8]|18\d|19[0-35-9])\d{8}")
_IDENTITY = re.compile(r"[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
_OLD_IDENTITY = re.compile(r"[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
_CARD = re.compile(r"(?:62|60)\d{14,17}|4\d{15}(?:\d|\d{3})?|5[1-5]\d{14}|35\d{14}|3[47]\d{13}|955[89]\d{12,15}")
_SURE_CARD = re.compile(r"62\d{14,17}|955[89]\d{12,15}")  # others only where a word says so, or in groups of four
_CARD_WORDS = re.compile(r"(?:卡|[账帐]号|[账帐]户|开户|银行|信用社|card)", re.IGNORECASE)
_AMOUNT = re.compile(r" ?(?:[万亿]?元|[万亿]|[吨股份件户人次米]|平方|立方|千瓦|美元|[.,]\d)")
_CODE_BEFORE = re.compile(
    r"(?:编号|编码|代码|文号|字号|单号|案号|票号|发票|项目号?|合同号?|订单|流水号?|宗地|图号|批号|序列号|条码|标识码|备案号?"
    r"|[〕\]】)）]第?|第)[:：为是(（\s]{0,3}\Z"
)
_CARD_CODES = re.compile(r"62[0-9]{4}(?:19|20)[0-9]{2}")  # a region of Gansu and a year: a number of a project
_LABELLED = re.compile(r"(?:tel|phone|mobile|mob|wx|vx|qq)\Z", re.IGNORECASE)
_CREDIT_CODE = re.compile(r"(?:信用代码|机构代码|统一代码)[^\d]{0,6}\Z")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_identity(number: str) -> bool:
    """True for 18 characters with a date of birth and the check digit of GB 11643."""
    if not _IDENTITY.fullmatch(number):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return "10X98765432"[total % 11] == number[17].upper()


def is_card(number: str) -> bool:
    """True for digits of a length and prefix that bank cards have, with the check digit of Luhn."""
    if not _CARD.fullmatch(number):
        return False
    doubled = (int(digit) * 2 for digit in number[-2::-2])
    return (sum(int(digit) for digit in number[::-2]) + sum(n - 9 if n > 9 else n for n in doubled)) % 10 == 0  # noqa: PLR2004


def _numbers(text: str, run: re.Match[str], label: str) -> Iterator[tuple[Kind, int, int]]:
    """What one run of digits is; several numbers may stand in it, apart by a space or a dash."""
    whole = re.sub(r"[ -]", "", run[0])
    if _alone(text, run.start(), run.end()) and (kind := _kind(text, run, whole, label)):
        yield kind, run.start(), run.end()
        return
    for match in _PART.finditer(run[0]):
        start, end = run.start() + match.start(), run.start() + match.end()
        if _alone(text, start, end) and (kind := _kind_of_part(text, start, end, label)):
            yield kind, start, end


_PART = re.compile(
    r"(?:(?:00)?86-?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)|\d{4}(?:[ -]\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)|\d{11,20}[Xx]?(?!\d)"
)


def _kind(text: str, run: re.Match[str], whole: str, label: str) -> Kind | None:
    before = _before(text, run.start())
    if is_identity(whole) and not _CREDIT_CODE.search(before):
        return "identity"
    digits = whole.rstrip("Xx")
    said = f"{label} {before}"
    if "身份证" in said and _OLD_IDENTITY.fullmatch(digits):
        return "identity"
    if is_card(digits) and _like_card(said, run[0], before, digits):
        return "card"
    return _mobile(text, run.start(), run.end(), digits, label)


def _kind_of_part(text: str, start: int, end: int, label: str) -> Kind | None:
    part = re.compile(r".+", re.DOTALL).match(text, start, end)
    return _kind(text, part, re.sub(r"[ -]", "", part[0]), label) if part else None


def _like_card(said: str, written: str, before: str, digits: str) -> bool:
    if _CARD_WORDS.search(said):
        return True
    if _CODE_BEFORE.search(before) or _CARD_CODES.match(digits):
        return False
    return bool(_SURE_CARD.fullmatch(digits) or re.fullmatch(r"\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?", written))


def _mobile(text: str, start: int, end: int, digits: str, label: str) -> Kind | None:
    for prefix in ("0086", "86"):
        if len(digits) == 11 + len(prefix):
            digits = digits.removeprefix(prefix)
    written = text[start:end]
    if not _MOBILE.fullmatch(digits) or not re.fullmatch(
        r"(?:(?:00)?86[ -]?)?\d{3}[ -]?\d{4}[ -]?\d{4}", written.rstrip("Xx")
    ):
        return None
    before = _before(text, start)
    if _AMOUNT.match(text, end) or _CODE_BEFORE.search(before) or re.search(r"[¥￥$]\s?\Z|\d[.,]\Z", before):
        return None
    return None if re.search("编号|编码|代码|文号|单号|金额", label) else "mobile"


def _before(text: str, start: int) -> str:
    """What stands before a number in its line, as far as it says what the number is."""
    return text[max(0, start - 24) : start].rpartition("\n")[2]


def _alone(text: str, start: int, end: int) -> bool:
    """True if a number is no part of a longer code, as in `YC13…`, `a_13…` or `13….5`."""
    before, after = _before(text, start), text[end : end + 2]
    if re.match(r"[0-9A-Za-z]|[-_.][0-9A-Za-z]", after) and not re.match(r"\.(?:[A-Za-z]|\Z)", after):
        return False
    if re.search(r"[0-9A-Za-z]\Z", before):
        return bool(_LABELLED.search(before))
    return not re.search(r"[0-9A-Za-z][-_.]\Z", before) or bool(re.search(r"(?:tel|qq|wx)\.\Z", before, re.IGNORECASE))


# Addresses of e-mail that belong to persons, not to offices (which may use them, and then say so in `contact`).
_EMAIL = re.compile(
    r"(?<![\w.+*-])[\w.+-]{1,64}@(?:vip\.)?(?:qq\.com|foxmail\.com|163\.com|126\.com|yeah\.net|188\.com|sina\.com(?:\.cn)?"
    r"|sina\.cn|sohu\.com|139\.com|189\.cn|wo\.cn|aliyun\.com|21cn\.com|tom\.com|gmail\.com|outlook\.com|hotmail\.com"
    r"|live\.c(?:om|n)|msn\.com|yahoo\.com(?:\.cn)?|yahoo\.cn|icloud\.com|me\.com|proton(?:mail)?\.(?:com|me))(?![\w-])",
    re.ASCII | re.IGNORECASE,
)

# Home addresses: a unit of a block of flats, a flat of a housing estate, a house of a village group, or what stands
# behind a word for home.
_ADDRESS_WORDS = ("单元", "号楼", "栋", "幢", "座", "组", "队", "社", "住", "户籍")
_N = r"(?:\d{1,4}|[一二三四五六七八九十百]{1,4}|[A-Za-z甲乙丙丁])"
_UNIT = re.compile(
    rf"{_N} ?单元 ?(?:\d{{1,4}}(?:室|号|房)"
    rf"|\d{{3,4}}(?![\d户人个套间家万元平分课节次米栋台]|[.-]\d)|[东西中南北左右]户)"
)
_FLAT = re.compile(
    r"\d{1,4}(?:号楼|栋|幢|座)[ -]{0,2}(?:(?:\d{1,2}|[东西中])(?:门|-|楼|层))?[ -]?\d{2,4}(?:室|号房?|房)(?!间)"
)
_ESTATE = re.compile(
    r"小区|花园|家园|公寓|新村|家属院|宿舍|[佳嘉雅花名御锦]苑|[华豪]庭|庄园|别墅|公馆|安置房|人家|[苑庭湾郡墅里]\Z"
)
_OFFICE = re.compile(r"中心|办公|委员会|大厦|大楼|医院|学校|学院|政府|公司|机关|政务|广场|[局厅所馆院]\Z")
_HOUSE = re.compile(r"(?:组|队|社) ?(?:附)?\d{1,4}(?:-\d{1,3})?号(?![楼线井泵桥路机站地坑库塘渠码文公段点标棚田])")
_GROUP = re.compile(rf"[村屯庄寨坪][^，。；、,;\n]{{0,6}}?(?:第)?{_N}(?:村民)?小?\Z")
_HOME = re.compile(
    r"(家庭(?:住址|地址)|现住址|居住地址?|住址|户籍(?:地址|所在地|地)|户口所在地)[:：为在于是 ]{0,3}"
    r"([^，。；;,\n)）]{4,40})"
    r"|(?:[家现租居]住(?:在|于)?|住[在于]|(?<=[，,。；;])住(?![房宅院户建所宿校保用改]))([^，。；;,\n)）]{4,40})"
)
_HOME_LABEL = re.compile(r"住址|家庭地址|居住地|户籍(?:地|所在)|户口所在")
_BELOW = re.compile(
    r"(?:镇|乡|街道|办事处)(?!老旧|部分|各|辖区|境内|范围)[^镇乡的]{1,16}?(?:村|社区|小区|路|街|巷|弄|里|号|组|队|苑|园)"
)
_DOOR = re.compile(
    r"(?:路|街|巷|弄|胡同|大道|村|屯|庄|寨|小区|苑|园|社区|里)[^，。的]{0,10}?(?:\d{1,5}|[一二三四五六七八九十]{1,4})(?:号|弄|栋|幢|组|室|单元)"
)


def _addresses(text: str, label: str) -> Iterator[tuple[Kind, int, int]]:
    found = [*_units(text), *_houses(text), *_homes(text)]
    if _HOME_LABEL.search(label) and (_DOOR.search(text) or _BELOW.search(text)):
        found.append((0, len(text)))
    last = -1
    for start, end in sorted(found):
        if start >= last:  # one address is told once, however many patterns know it
            yield "address", start, end
            last = end


def _units(text: str) -> Iterator[tuple[int, int]]:
    """A door in a unit of a block of flats."""
    if "单元" in text:
        for match in _UNIT.finditer(text):
            yield _beginning(text, match.start()), match.end()


def _homes(text: str) -> Iterator[tuple[int, int]]:
    """What stands behind a word for home, if it says more than the 乡镇 or 街道."""
    last = 0
    for hit in re.finditer("[住户]", text):
        first = max(last, hit.start() - 2)
        match = next(filter(None, (_HOME.match(text, at) for at in range(first, hit.start() + 1))), None)
        if match is None:
            continue
        number = 2 if match[2] else 3
        if _DOOR.search(match[number]) or (number == 2 and _BELOW.search(match[number])):  # noqa: PLR2004
            yield match.span(number)
        last = match.end()


def _houses(text: str) -> Iterator[tuple[int, int]]:
    """Flats of a housing estate (and not of an office), houses of a village group."""
    for match in _FLAT.finditer(text) if any(word in text for word in ("号楼", "栋", "幢", "座")) else ():
        start = _beginning(text, match.start())
        before = text[max(start, match.start() - 16) : match.start()]
        if _ESTATE.search(before) and not _OFFICE.search(before):
            yield start, match.end()
    for match in _HOUSE.finditer(text):
        if _GROUP.search(text, max(0, match.start() - 16), match.start()):
            yield _beginning(text, match.start()), match.end()


def _beginning(text: str, core: int) -> int:
    """Where the address that leads to a house begins: behind the last punctuation, at most 30 characters before."""
    first = max(0, core - 30)
    marks = [
        match.end()
        for match in re.finditer(r"[，。；：、,;:!?\s（(“”\"\0]|[地住]址|位于|住在|[寄送装]到", text[first:core])
    ]
    return first + (marks[-1] if marks else 0)
