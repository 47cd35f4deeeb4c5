"""Personal data in text: what must not be published about a private person, and where it stands in a text.

Sources: GB 11643-1999 (identity numbers and their check digit); ISO/IEC 7812-1 (Luhn) and the bank cards' own prefixes;
the number segments of Chinese mobiles; standards.md, "Personal data": mobiles are masked `138****1234`, identity
numbers `35*************123`, home addresses end at the 乡镇/街道. A number of documents, projects, dates or amounts is
none of these.

A number counts however its digits are parted for the eye (`138 0000 1234`, a line that ends in it, marks that no reader
sees). Every pattern is bounded, so the time is linear in the text, and a text without digits, @ or words of addresses
costs next to nothing. What is found is shown masked: a report is read by many.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["identity", "mobile", "card", "address", "email", "location"]

MAX_FOUND = 1_000  # in one text
APART = "\0"  # between texts that are searched at once: no number reaches over it


@dataclass(frozen=True, slots=True)
class Finding:
    """Something personal: what kind, the text as it stands there, and where (0 for a whole file, or counted from 1)."""

    kind: Kind
    text: str
    line: int = 0
    column: int = 0
    where: str = ""  # in words, where lines mean nothing to people: 第 2 页

    @property
    def key(self) -> tuple[Kind, str]:
        """What all ways of writing it have in common."""
        return self.kind, key(self.kind, self.text)


# What the heading of a column, or the words before a value, say of it.
_LIVES = r"住址|家庭地址|居住地|常住地|户籍(?:地|所在)|户口所在"
_CARD = r"卡号?|[账帐]号|[账帐]户|开户|银行|信用社|存折|存单|一[卡本折]通|card"
_PERSON = r"身份证|公民身份|证件号"
_CODE = (
    r"编号|编码|代码|文号|字号|标识码|条码|项目|合同|工单|订单|运单|快递|流水|信访件|案件|卷宗|宗地|图斑|发票|票据|备案"
    r"|批次|档案|凭证|序列|[电水气]表|表具|设备"
)
_SUM = r"金额|投资|资金|总[额价]|合计|产值|收入|支出|面积|数量|水量|电量"
_CALL = r"手机|电话|联系|拨打|致电|来电|热线|微信"
_HOME_WORDS = re.compile(_LIVES)
_CARD_WORDS = re.compile(_CARD, re.IGNORECASE)
_PERSON_WORDS = re.compile(_PERSON)
_CALL_WORDS = re.compile(_CALL)
_NO_CALL = re.compile(rf"(?:编[号码]|代码|条码|[^\s机话系信证账帐卡]号码?|{_SUM})(?:[（(][^()（）]*[)）])?(?:\s|\Z)")
HEADING = re.compile(rf"{_LIVES}|地址|{_CARD}|{_PERSON}|证件|{_CODE}|{_SUM}|单号|{_CALL}", re.IGNORECASE)

_SPACES = "\t\n\r \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_DASHES = "‐‑‒–—―−－"
_DIGITS = "0-9０-９\U0001d7ce-\U0001d7ff"
_FOLDS = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_FOLDS |= {0x1D7CE + n: 0x30 + n % 10 for n in range(50)}  # the bold digits of mathematics
_FOLDS |= dict(zip(map(ord, "＠．＿＋＃"), "@._+#", strict=True)) | dict.fromkeys(map(ord, _DASHES), "-")
_FOLDS |= dict.fromkeys(map(ord, "\u00a0\u202f\u3000"), " ")
_WIDE = re.compile(f"[{''.join(map(chr, _FOLDS))}]")


def _half(text: str) -> str:
    """Full-width letters, digits, spaces and the marks of addresses as half-width ones, one for one."""
    return text.translate(_FOLDS) if _WIDE.search(text) else text


def key(kind: Kind, text: str) -> str:
    """What two writings of the same number or address have in common: of a mobile the number without its country."""
    if kind in ("identity", "mobile", "card"):
        digits = re.sub(r"[^0-9X]", "", _half(text).upper())
        return digits[-11:] if kind == "mobile" else digits
    return re.sub(rf"[{_SPACES}{_UNSEEN}\\]", "", _half(text)).casefold()


def keys(line: str) -> Iterator[tuple[Kind, str]]:
    """The keys of all that is personal in a line."""
    return ((kind, key(kind, line[start:end])) for kind, start, end in personal(line))


def personal(text: str, label: str = "") -> Iterator[tuple[Kind, int, int]]:
    """Kind, beginning and end of each finding, in the order of kinds; `label` is the heading of a column."""
    links = [match.span() for match in _LINK.finditer(text)] if "://" in text else []
    begins = [first for first, _ in links]
    for kind, start, end in _numbers(text, label):
        first, last = links[bisect_left(begins, start) - 1] if links else (0, 0)
        if not first <= start < last or _ASKED.search(text, first, start):  # other numbers in an address are nobody's
            yield kind, start, end
    for mark in "@＠#＃":
        if mark in text:
            yield from (("email", *span) for span in _emails(text, mark))
    yield from (("address", *span) for span in _addresses(text, label))


def masked(kind: Kind, text: str) -> str:
    """A finding as a report may show it, and as an editor may write it."""
    if kind == "email":
        name, _, host = _half(text).replace("#", "@").partition("@")
        return f"{name[:1]}***@{host.strip()}"
    if kind == "address":
        ends = [match.end() for match in re.finditer("街道|[镇乡县市]|(?<![小社])区", text)]
        return f"{text[: max(ends, default=0)][-12:]}***"
    if kind == "location":
        return shown(text)
    plain = key(kind, text)
    return f"{plain[:3]}****{plain[-4:]}" if kind == "mobile" else f"{plain[:2]}{'*' * (len(plain) - 5)}{plain[-3:]}"


def shown(text: str) -> str:
    """A text as a report may quote it: what is personal in it is masked."""
    for kind, start, end in sorted(personal(text), key=lambda found: -found[1]):
        text = text[:start] + masked(kind, text[start:end]) + text[end:]
    return text


# Numbers: first runs of digits, which are rare, then their groups, then what some of these are together.

_LINK = re.compile(r"https?://[!-~]{1,2000}")
_ASKED = re.compile(r"[?&](?:tel|phone|mob|sj|dh|id_?card|sfz|card)\w{0,12}=(?:%2B|\+)?(?:86)?\Z", re.IGNORECASE)
_BETWEEN = rf"(?:[{_SPACES}{_UNSEEN}{_DASHES}.．*_＿`\\~-]|&(?:nbsp|e[nm]sp|thinsp|shy|zwn?j);)"
_LONGEST = 1_000  # digits that are looked at together
_RUN = re.compile(rf"[{_DIGITS}](?:{_BETWEEN}{{0,3}}[{_DIGITS}]){{10,{_LONGEST}}}")
_UNSEEN_MARKS = re.compile(f"[{_UNSEEN}]+")
_MARKS = frozenset({"", " ", "\n", "-"})
_FAR = 24  # characters before a number that say what it is
_GROUP = re.compile(rf"[{_DIGITS}]+(?:[{_UNSEEN}]+[{_DIGITS}]+)*")
_MOBILE = re.compile(r"(?:13\d|14[5-9]|15[0-35-9]|16[2567]|17[0-8]|18\d|19[0-35-9])\d{8}")
_IDENTITY = re.compile(r"[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")
_OLD_IDENTITY = re.compile(r"[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
_BANK = re.compile(r"(?:62|60)\d{14,17}|4\d{15}(?:\d|\d{3})?|5[1-5]\d{14}|35\d{14}|3[47]\d{13}|955[89]\d{12,15}")
_SURE_BANK = re.compile(r"62\d{14,17}|955[89]\d{12,15}")  # others only where a word says so, or in groups of four
_PROJECT = re.compile(r"62\d{4}(?:19|20)\d\d")  # a region of Gansu and a year: a number of a project
_CREDIT = re.compile(r"(?:信用代码|机构代码|统一代码)[^\d]{0,6}\Z")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
# What a run of digits must hold to be looked at, but for old identity numbers, which only a word tells from others.
_MAYBE = re.compile(r"1[3-9]\d{9}|[1-9]\d{5}(?:18|19|20)\d\d[01]\d[0-3]\d{4}|(?:62|60|4|5[1-5]|35|3[47]|955)\d{12}")
_SHORT = 11  # digits of a mobile without its country
_LENGTHS = (19, 18, 17, 16, 15, 13, 11)  # digits of what is looked for
# How people part the digits of a mobile, and how many digits of an identity number stand together.
_USUAL = (3, 4, 4)
_MOBILES = {(4, 4, 3), (4, 3, 4), (3, 3, 5), (3, 8), (8, 3), (7, 4), (4, 7), (5, 6), (6, 5), (1,) * _SHORT}
_WRAPPED = {(3, 8), (7, 4)}
_IDENTITIES = {(6, 8, 4), (6, 4, 4, 4), (6, 4, 2, 2, 4), (6, 4, 2, 2, 3), (3, 3, 4, 2, 2, 4), (3, 3, 4, 4, 4)}
_IDENTITIES |= {(4, 4, 4, 4, 2), (4, 4, 4, 6), (6, 2, 2, 2, 2, 4), (6, 8, 3), (6, 4, 4, 3), (1,) * 18, (1,) * 17}

_UNITS = re.compile(
    r"[ \u3000]?[（(]?(?:单位[:：])?[余多]?(?:[万亿美欧港日]?元|[万亿]|吨|股|份|件|米|亩|公[里斤顷升]|平方|立方|方量"
    r"|[千兆]瓦|千克|千米|毫升|度(?!假)|字节|(?:kg|kw|mw|km|kb|mb|gb|ms|ml|cm|mm)\b|%)(?![某×])|\.\d{1,2}(?!\d)",
    re.IGNORECASE | re.ASCII,
)
_CALLED_CODE = re.compile(
    rf"(?:{_CODE}|[^\W\dA-Za-z一二三四五六七八九十百零〇]号|第|[〕］]第?|[(（\[]20\d\d[)）\]]第?)[:：为是(（\s]{{0,3}}\Z"
)
_CALLED_NUMBER = re.compile(
    r"(?:手机|电话|联系|身份证|证件|微信|[账帐]|卡|抖音|快手|支付宝|钉钉|注册|登录|短|小|热线|监督|举报|值班|咨询|服务)号[:：为是(（\s]{0,3}\Z"
)
_NAMED = re.compile(
    r"(?:tel|phone|mobile|mob|cell|wx|vx|wechat|weixin|qq|img|dh|sj|m|call)[-_.]?\Z|[a-z][-_]\Z|[A-Za-z]_\Z|id\Z",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"[A-Z]-\Z")


def is_identity(number: str) -> bool:
    """True for 18 characters with a date of birth and the check digit of GB 11643."""
    number = number.upper()
    if not _IDENTITY.fullmatch(number):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return "10X98765432"[total % 11] == number[17]


def is_card(number: str) -> bool:
    """True for digits of a length and prefix that bank cards have, with the check digit of Luhn."""
    if not _BANK.fullmatch(number):
        return False
    doubled = (int(digit) * 2 for digit in number[-2::-2])
    return (sum(int(digit) for digit in number[::-2]) + sum(n - 9 if n > 9 else n for n in doubled)) % 10 == 0  # noqa: PLR2004


def _numbers(text: str, label: str) -> Iterator[tuple[Kind, int, int]]:
    """What the runs of digits in a text are."""
    match, told = _RUN.search(text), 0
    while match:
        run = _Run(text, label, match.start(), match.end())
        starts = [group.start for group in run.groups]
        again = match.end()
        if match.end() - match.start() > _LONGEST and len(starts) > 1:  # it may go on: begin anew before its end
            again = starts[max(1, len(starts) - _LENGTHS[0])]
        for at in range(bisect_left(starts, told), bisect_left(starts, again)) if run.may_say else ():
            if starts[at] >= told and (number := run.number(at)):
                yield number
                told = number[2]
        match = _RUN.search(text, again)


class _Group(NamedTuple):
    """Digits that stand together, what parts them from those before, and how many digits stand before in the run."""

    start: int
    end: int
    digits: str
    mark: str
    offset: int


class _Run:
    """Digits with nothing but spaces, dashes and marks between, and what is said of them."""

    def __init__(self, text: str, label: str, start: int, end: int) -> None:
        self.text = text
        self.label = label
        self.groups: list[_Group] = []
        last = offset = 0
        for match in _GROUP.finditer(text, start, end):
            digits = match[0] if match[0].isascii() else _UNSEEN_MARKS.sub("", match[0]).translate(_FOLDS)
            between = text[last : match.start()] if last else ""
            mark = between if between in _MARKS else _mark(between)
            self.groups.append(_Group(match.start(), match.end(), digits, mark, offset))
            last = match.end()
            offset += len(digits)
        self.digits = "".join(group.digits for group in self.groups)
        self.ends = {group.offset + len(group.digits): at for at, group in enumerate(self.groups, 1)}
        said = f"{label} {text[max(0, start - _FAR) : start]}"
        self.may_say = _MAYBE.search(self.digits) or _PERSON_WORDS.search(said)

    def number(self, at: int) -> tuple[Kind, int, int] | None:
        """What the group at a place is, alone or with those behind it: kind, beginning and end."""
        first = self.groups[at]
        if first.start and re.match(f"[{_DIGITS}]", self.text[first.start - 1]):
            return None  # the middle of digits without end
        for length in _LENGTHS:
            until = self.ends.get(first.offset + length)
            if until:
                digits = self.digits[first.offset : first.offset + length]
                end = self.groups[until - 1].end
                letter = self.text[end : end + 1] in {*"XxＸｘ"}
                if self._is_identity(at, until, digits + "X" * letter):
                    return "identity", first.start, end + letter
                if self._is_card(at, until, digits):
                    return "card", first.start, end
                if self._is_mobile(at, until, digits):
                    return "mobile", first.start, end
        return None

    def _is_identity(self, at: int, until: int, number: str) -> bool:
        if not (_IDENTITY.fullmatch(number) or _OLD_IDENTITY.fullmatch(number)):
            return False
        before = self._before(at)
        if _PERSON_WORDS.search(f"{self.label} {before}"):
            return True  # with a slip in it, it is still somebody's
        shape = self._shape(at, until)
        usual = len(shape) < 3 or shape in _IDENTITIES  # noqa: PLR2004 - two where the line ends in it
        return usual and is_identity(number) and not _CREDIT.search(before)

    def _is_card(self, at: int, until: int, digits: str) -> bool:
        if not is_card(digits):
            return False
        before = self._before(at)
        if _CARD_WORDS.search(f"{self.label} {before}"):
            return True
        if _CALLED_CODE.search(before) or _PROJECT.match(digits) or _NO_CALL.search(self.label):
            return False
        if until == at + 1:
            return bool(_SURE_BANK.fullmatch(digits))
        marks = {group.mark for group in self.groups[at + 1 : until]}
        return len(marks) == 1 and set(self._shape(at, until - 1)) == {4}

    def _is_mobile(self, at: int, until: int, digits: str) -> bool:
        country = next((each for each in ("0086", "86", "") if len(digits) == len(each) + _SHORT), None)
        if country is None or not _MOBILE.fullmatch(digits.removeprefix(country)):
            return False
        shape = self._shape(at, until)
        if country:
            shape = (shape[0] - len(country), *shape[1:])
        marks = [group.mark for group in self.groups[at + 1 : until]]
        if not shape[0]:
            shape, marks = shape[1:], marks[1:]
        return self._is_parted(at, until, shape, marks) and not self._is_code(at, until)

    def _is_parted(self, at: int, until: int, shape: tuple[int, ...], marks: list[str]) -> bool:
        """True if people part the digits of a mobile like this, and not those of several numbers in a row."""
        outer = self.groups[at].mark
        if len(shape) == 1:
            return not (outer and self._is_rest(at))
        if marks.count("\n") > 1 or (len(set(marks)) > 1 and set(marks) - {" ", "-", "\n"}):
            return False
        if shape == _USUAL:
            coded = outer and outer == marks[0] != " " and len(self.groups[at - 1].digits) < _SHORT
            return not coded and not self._goes_on(until)
        if shape not in _MOBILES or "." in marks or until - at < len(self.groups):
            return False
        if _CALL_WORDS.search(f"{self.label} {self._before(at)}"):
            return True
        if "\n" in marks:
            return shape in _WRAPPED
        rest = len(self.text) - (self.groups[-1].end - self.groups[0].start)
        return len(shape) == _SHORT or rest < len(shape)  # the figures of a table are parted like this, too

    def _goes_on(self, until: int) -> bool:
        """True if another figure follows in the line, as in a row of a table: no year, no other number."""
        after = self.groups[until : until + 3]
        if not after or after[0].mark != " " or self._shape(until, until + 3) == _USUAL:
            return False
        return len(after[0].digits) < _SHORT and not re.fullmatch(r"(?:19|20)\d\d", after[0].digits)

    def _is_rest(self, at: int) -> bool:
        """True for what follows the dot of a figure (not that of an item of a list), or the year of a code."""
        mark, before = self.groups[at].mark, self.groups[at - 1]
        if mark == ".":
            return len(before.digits) > 1 or bool(self.text[max(0, before.start - 9) : before.start].strip(" "))
        return mark == "-" and bool(re.fullmatch(r"(?:19|20)\d\d", before.digits))

    def _is_code(self, at: int, until: int) -> bool:
        """True for an amount, and for a number of documents, meters, projects."""
        text, before, end = self.text, self._before(at), self.groups[until - 1].end
        if _UNITS.match(text, end) or re.search(r"[¥￥$]\s?\Z", before):
            return True
        if _CALLED_CODE.search(before) and not _CALLED_NUMBER.search(before):
            return True
        if re.match("号(?:工单|诉求|来件|事项|信访|件|单)", text[end : end + 3]):
            return True
        if _CALL_WORDS.search(self.label):
            return False
        if _NO_CALL.search(self.label) or _CALL_WORDS.search(before):
            return bool(_NO_CALL.search(self.label))
        if re.match("号(?!码|电话|手机)|[A-Z]", text[end : end + 3]):
            return True
        named = not _NAMED.search(before) or _CAPITALS.search(before)
        return bool(named and re.search(r"[A-Za-z][-_.]?\Z", before))

    def _shape(self, at: int, until: int) -> tuple[int, ...]:
        return tuple(len(group.digits) for group in self.groups[at:until])

    def _before(self, at: int) -> str:
        """What stands before a number in its line, as far as it says what the number is."""
        start = self.groups[at].start
        return re.split(r"[\n\0]", self.text[max(0, start - _FAR) : start])[-1]


def _mark(between: str) -> str:
    """What parts two groups of digits: a space, the end of a line, or the first other mark."""
    between = re.sub(r"\\|&[^;]*;", "", _UNSEEN_MARKS.sub("", between))
    seen = between.strip().translate(_FOLDS)
    return seen[:1] or ("\n" if "\n" in between else " ")


# Addresses of e-mail that belong to persons, not to offices (which may use them, and then say so in `contact`).
_HOST = re.compile(
    r" ?(?:vip\.)?(?:qq\.com|foxmail\.com|163\.com|126\.com|263\.net|yeah\.net|188\.com|sina\.com(?:\.cn)?|sina\.cn"
    r"|sohu\.com|139\.com|189\.cn|wo\.cn|wo\.com\.cn|eyou\.com|aliyun\.com|21cn\.com|tom\.com|gmail\.com|outlook\.c(?:om|n)"
    r"|hotmail\.com|live\.c(?:om|n)|msn\.com|yahoo\.com(?:\.cn)?|yahoo\.cn|icloud\.com|me\.com|proton(?:mail)?\.(?:com|me))"
    r"(?![\w-])",
    re.ASCII | re.IGNORECASE,
)
_NAME = re.compile(r"(?<![\w.+*-])[\w.+-]{1,64} ?\Z", re.ASCII)


def _emails(text: str, mark: str) -> Iterator[tuple[int, int]]:
    at = text.find(mark)
    while at >= 0:
        host = _HOST.match(_half(text[at + 1 : at + 32]))
        name = _NAME.search(_half(text[max(0, at - 66) : at])) if host else None
        if host and name:
            yield at - len(name[0]), at + 1 + host.end()
        at = text.find(mark, at + 1)


# Home addresses: a flat of a housing estate, a house of a village, or what stands behind a word for home.
_N = r"(?:[0-9０-９]{1,4}|[一二三四五六七八九十百]{1,4}|[A-Za-z甲乙丙丁])"
_NOT_A_DOOR = r"(?![0-9０-９户人个套间家万元平分课节次米栋台年月日期兆千吨余多度%％kKMmW]|[.-][0-9])"
_ENDS = r"(?=[\s，。；、,;:：!！?？）)（(“”\"|\0]|\Z)"
_LIVED = rf"号(?:{_ENDS}|(?=的?(?:[住农]?户|居民|村民|群众|水表|家|院|室|宅|房屋|门口)|[\u4e00-\u9fff][某×]))"
_ROOM = (
    rf"(?:(?:[0-9０-９]{{1,4}}|[一二三四五六七八九十〇零]{{1,6}})(?:(?:号?室|号房|房)(?!间)|{_LIVED})|[东西中南北左右]户"
    rf"|[0-9０-９]{{1,2}}[0０][1-9１-９](?:户(?!居民|群众|村民)|{_NOT_A_DOOR})|[0-9０-９]{{3,4}}{_ENDS}"
    rf"|[一二三四五六七八九十][〇零][一二三四五六七八九]{_ENDS})"
)
_UNIT = re.compile(rf"{_N} ?单元 ?{_ROOM}")
_FLAT = re.compile(
    rf"(?<![0-9０-９]){_N}(?:号楼|栋|幢|座|[#＃]楼?)[ -]{{0,2}}(?:(?:[0-9０-９]{{1,2}}|[东西中])(?:门|-|楼|层))?[ -]?"
    + _ROOM
)
_DASHED = re.compile(r"-[0-9０-９]{3,4}(?![0-9０-９号年])")
_ESTATE_WORDS = "小区|花园|家园|公寓|新村|家属院|宿舍|[佳嘉雅花名御锦]苑|[华豪]庭|庄园|别墅|公馆|安置房|人家"
_ESTATE = re.compile(rf"{_ESTATE_WORDS}|[苑庭湾郡墅里]\Z")
_ESTATE_DOOR = re.compile(rf"(?:{_ESTATE_WORDS}|[苑庭湾郡墅里]) ?[0-9０-９]{{1,3}}(?:-[0-9０-９]{{1,2}})?\Z")
_OFFICE = re.compile(r"中心|办公|委员会|大厦|大楼|医院|学校|学院|政府|公司|机关|政务|广场|[局厅所馆院]\Z")
_SERVICE = re.compile(
    r"(?:居委会|村委会|服务[点站处部]|工作站|警务室|卫生[室站]|活动室|网格|驿站|物业|门市|超市|营业厅|中心)(?:现|均)?(?:[设地址位于在]{1,3})"
)
_HOUSE = re.compile(r"(?:组|队|社) ?(?:附)?[0-9０-９]{1,4}(?:-[0-9]{1,3})?" + _LIVED)
_VILLAGE_GROUP = re.compile(rf"[村屯庄寨坪][^，。；、,;\n]{{0,6}}?(?:第)?{_N}(?:村民)?小?\Z")
_OWN_HOUSE = re.compile(
    r"(?<=[\u4e00-\u9fff])[某×](?![省市县区镇乡街村屯庄社小单公局])"
    r"[某×甲乙丙丁]?(?:女士|先生|同志)?[（(，,、：: |]{0,2}[^，。；,;\n\0]{0,16}?[村屯庄寨]"
    r"(?:[0-9０-９]{1,4}|[一二三四五六七八九十]{1,3})号(?!、?[0-9])" + _ENDS
)
_HOME = re.compile(
    r"(家庭(?:住址|地址)|现住址|居住地址|住址|常住(?:地址|地)|(?:居住|户籍)地(?=[:：为在于是 ])|户籍(?:地址|所在地)"
    r"|户口所在地)([:：为在于是 ]{0,3})([^，。；;,\n\0)）]{4,40})"
    r"|(?:(?<!国)家住(?![户房宅])|[现租]住(?![户房宅院建所])|居住[在于]|住[在于]"
    r"|(?<=[，,。；;某×])住(?![房宅院户建所宿校保用改])|(?<=[某×其我他她，,。；;])家在)在?([^，。；;,\n\0)）]{4,40})"
)
_BELOW = re.compile(
    r"(?:镇|乡|街道|办事处)(?!老旧|部分|各|辖区|境内|范围)[^镇乡的]{1,16}?(?:村|社区|小区|路|街|巷|弄|里|号|组|队|苑|园)"
)
_STREET = r"(?:路|街|巷|弄|胡同|大道|村|屯|庄|寨|小区|苑|园|社区|里)[^，。的]{0,10}?"
_DOOR = re.compile(
    rf"{_STREET}(?:[0-9０-９]{{1,5}}|[一二三四五六七八九十]{{1,4}})"
    r"(?:(?:号(?!线|地块|院?整治)|弄|[栋幢](?!楼?外墙)|室|单元)|组(?![^，。]{0,6}的))"
)


def _addresses(text: str, label: str) -> Iterator[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for words, look in _LOOKS:
        if any(word in text for word in words):
            found += look(text)
    if _HOME_WORDS.search(label) and (_DOOR.search(text) or _BELOW.search(text)):
        found.append((0, len(text)))
    last = -1
    for start, end in sorted(found):
        if start >= last:  # one address is told once, however many patterns know it
            yield start, end
            last = end


def _units(text: str) -> Iterator[tuple[int, int]]:
    """A door in a unit of a block of flats."""
    for match in _UNIT.finditer(text):
        start, before = _clause(text, match.start())
        office = _OFFICE.search(before)
        if not (office and not _ESTATE.search(before, office.end())) and not _serves(text, start, match):
            yield start, match.end()


def _flats(text: str) -> Iterator[tuple[int, int]]:
    """A flat of a housing estate, and not of an office."""
    for match in _FLAT.finditer(text):
        start, before = _clause(text, match.start())
        if _ESTATE.search(before) and not _OFFICE.search(before) and not _serves(text, start, match):
            yield start, match.end()


def _dashed(text: str) -> Iterator[tuple[int, int]]:
    """A flat written as building, unit and door: 幸福小区3-2-501."""
    for match in _DASHED.finditer(text):
        if _ESTATE_DOOR.search(text, max(0, match.start() - 10), match.start()):
            yield _clause(text, match.start())[0], match.end()


def _houses(text: str) -> Iterator[tuple[int, int]]:
    """A house of a village group."""
    for match in _HOUSE.finditer(text):
        if _VILLAGE_GROUP.search(text, max(0, match.start() - 16), match.start()):
            yield _clause(text, match.start())[0], match.end()


def _own(text: str) -> Iterator[tuple[int, int]]:
    """A house of a village, of somebody who is named before it."""
    for match in _OWN_HOUSE.finditer(text):
        yield max(_clause(text, match.end() - 1)[0], match.start()), match.end()


def _homes(text: str) -> Iterator[tuple[int, int]]:
    """What stands behind a word for home, if it says more than the 乡镇 or 街道."""
    last = 0
    for hit in re.finditer("[住户]|家在", text):
        first = max(last, hit.start() - 2)
        found = next(filter(None, (_HOME.match(text, at) for at in range(first, hit.start() + 1))), None)
        if found is None:
            continue
        place = 3 if found[1] else 4
        if _DOOR.search(found[place]) or (found[2] and _BELOW.search(found[place])):
            yield found.span(place)
        last = found.end()


_LOOKS: tuple[tuple[tuple[str, ...], Callable[[str], Iterator[tuple[int, int]]]], ...] = (
    (("单元",), _units),
    (("号楼", "栋", "幢", "座", "#", "＃"), _flats),
    (("-",), _dashed),
    (("组", "队", "社"), _houses),
    (("某", "×"), _own),
    (("住", "户籍", "户口", "家在"), _homes),
)


def _serves(text: str, start: int, door: re.Match[str]) -> bool:
    """True for the door of an office that stands in a block of flats."""
    first = max(0, start - 16)
    said = re.split(r"[，。；,;\n\0]", text[first : door.start()])[-1]
    return bool(_SERVICE.search(said)) or text.startswith("办公", door.end())


def _clause(text: str, core: int) -> tuple[int, str]:
    """Where the address that leads to a door begins (behind the last mark), and the 16 characters before the door."""
    first = max(0, core - 30)
    marks = [
        match.end()
        for match in re.finditer(
            r"[，。；：、,;:!?\s（(“”\"\0|]|[地住]址|位于|住在|[某×]家?[住在]|(?<=[，。；,;])住|[寄送装]到",
            text[first:core],
        )
    ]
    start = first + (marks[-1] if marks else 0)
    return start, text[max(start, core - 16) : core]
