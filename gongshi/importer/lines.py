"""The words of the grammar: what one line can be — noise, a numbered line, a labelled line, a run of 一是."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gongshi.importer.facts import folded, number
from gongshi.importer.paragraph import Paragraph
from gongshi.model import Ordered
from gongshi.numbering import NUMERALS

HAN = "一二三四五六七八九十百零〇"
MAX_TITLE = 200  # characters of a heading; a longer “heading” is a paragraph that begins with a number
_LONG = 45  # characters from which a line with a full stop is text, not furniture of a page

# The levels of official numbering (GB/T 9704), outermost first, then what stands only before measures.
_LEVELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("section", re.compile(rf"([{HAN}]{{1,4}})\s?[、.．]|第([{HAN}]{{1,3}})部分\s?[、:：]?")),
    ("bracketed", re.compile(rf"[(（]\s?([{HAN}]{{1,4}})\s?[)）][、.．]?")),
    ("worded", re.compile(rf"(?:具体)?问题\s?([{HAN}]{{1,3}}|[0-9]{{1,3}}|[０-９]{{1,3}})\s?[:：、.．]")),
    ("digit", re.compile(r"([0-9]{1,3}|[０-９]{1,3})\s?(?:、|[.．](?![0-9０-９])|[.．](?=[12]\d{3}年))|([⒈-⒛])")),
    ("bracketed-digit", re.compile(r"[(（]\s?([0-9]{1,3}|[０-９]{1,3})\s?[)）][、.．]?|([⑴-⒇])")),
    ("circled", re.compile(r"([①-⑳㉑-㉟㊱-㊿])[、.．]?")),
    ("ordinal", re.compile(rf"([{HAN}]{{1,3}})是|第([{HAN}]{{1,3}})[,，、]")),
    ("dash", re.compile(r"(?:——|--|—)(?=[^—-])")),
)
LEVELS = tuple(name for name, _ in _LEVELS)
HEADINGS = LEVELS[:6]


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph with its printed number taken apart; `level` and `number` are empty for one without."""

    paragraph: Paragraph
    level: str = ""
    number: str = ""  # as printed, without white space at its end
    value: int = 0
    rest: str = ""  # behind the number

    @property
    def text(self) -> str:
        """The whole line."""
        return self.paragraph.text


def style_of(printed: str) -> str:
    """The printed number with its numeral set to one: 二、 is 一、, (12) is (1); empty if it has none."""
    if not (numeral := re.search(rf"[{HAN}]+|[0-9]+|[０-９]+|[①-⑳㉑-㉟㊱-㊿⑴-⒇⒈-⒛]", printed)):
        return ""
    ones = (
        (HAN, "一"),
        ("0123456789", "1"),
        ("０１２３４５６７８９", "１"),
        ("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇", "⑴"),
        ("⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛", "⒈"),
    )
    one = next((one for characters, one in ones if numeral[0][0] in characters), "①")
    style = printed[: numeral.start()] + one + printed[numeral.end() :]
    return style if sum(style.count(each) for each in NUMERALS) == 1 else ""


def line(paragraph: Paragraph) -> Line:
    """Take the number of a paragraph apart. Rows of tables have none."""
    for level, pattern in _LEVELS:
        match = None if paragraph.cells else pattern.match(paragraph.text)
        if match:
            rest = paragraph.text[match.end() :].lstrip()
            return Line(paragraph, level, match[0].rstrip(), _value(match), rest)
    return Line(paragraph, rest=paragraph.text)


# --- noise ---

_BUTTON = "(?:打印|关闭|分享|收藏|纠错|返回(?:顶部|首页|列表)?|微信|微博|QQ空间)(?:本页|窗口|此页|到)?"
_ANYWHERE = {
    "网页按钮": rf"[【\[(]?{_BUTTON}[】\])]?(?:[\s|/、【\[(]*{_BUTTON}[】\])]?)*[:：]?",
    "网页字号": r"[【\[(]?字[体号](?:大小)?[:：]?[\s【\[(]*(?:(?:特大|大|中|小|默认|[+A-])[\s|/、】\])]*)+"
    rf"(?:[\s|/、【\[(]*{_BUTTON}[】\])]?)*",
}
_AT_THE_ENDS = {
    "栏目导航": r"(?:您?(?:当前|现在)?(?:所在)?(?:的)?位置|首页)\s*[:：>»›/].{0,80}",
    "网站工具": "(?:扫一扫|微信公众号|官方微信|官方微博|政务微博|无障碍|长者模式|关怀版|适老化|智能问答|繁體|English|"
    "登录|注册|分享到|我要纠错|相关链接|相关附件下载).{0,30}",
    "发布信息": r"(?:信息|文章|稿件|内容)?来源\s*[:：].{1,80}"
    r"|(?:发布|发文|更新|成文|生成|公开|印发)(?:时间|日期)\s*[:：].{1,60}|(?:责任)?(?:编辑|编审|作者|审核|校对)\s*[:：].{0,20}",
    "目录信息": "(?:索引号|发布机构|发文机关|发文字号|文号|主题分类|体裁分类|信息分类|公开方式|公开范围|有效性|"
    r"组配分类|主题词|关键词)\s*[:：].{0,80}",
    "访问统计": r"(?:浏览|点击|阅读|访问)(?:次数|量|数)[:：]?\s*\d*\s*次?",
    "上下篇": r"[上下]一[篇条页]\s*[:：].{0,80}",
    "网站页脚": "(?:版权所有|主办单位|承办单位|技术支持|网站标识码|网站地图|备案号|[一-鿿]ICP备|"
    "[一-鿿]公网安备|COPYRIGHT|©).{0,100}",
}
_NOISE = tuple((reason, re.compile(pattern, re.IGNORECASE)) for reason, pattern in (_ANYWHERE | _AT_THE_ENDS).items())


def _noise_reason(text: str, *, inside: bool) -> str:
    plain = folded(text).strip()
    patterns = _NOISE[: len(_ANYWHERE)] if inside else _NOISE
    return next((reason for reason, pattern in patterns if pattern.fullmatch(plain)), "")


def without_noise(paragraphs: Sequence[Paragraph]) -> tuple[list[Paragraph], list[tuple[Paragraph, str]]]:
    """What belongs to the notice, and what belongs to the web page around it with the reason.

    Inside the text only what cannot be meant otherwise is noise. Before its first and behind its last paragraph the
    furniture of pages is, too; and of what stands above a breadcrumb every short line.
    """
    text = [i for i, p in enumerate(paragraphs) if _is_text(p)]
    first, last = (text[0], text[-1]) if text else (len(paragraphs), -1)
    reasons = [_noise_reason(p.text, inside=first <= i <= last) for i, p in enumerate(paragraphs)]
    reasons = [reason or ("网页其他部分" if p.aside else "") for p, reason in zip(paragraphs, reasons, strict=True)]
    crumbs = max((i for i, reason in enumerate(reasons[:first]) if reason == "栏目导航"), default=-1)
    for i in range(crumbs):
        reasons[i] = reasons[i] or "栏目导航"
    kept = [p for p, reason in zip(paragraphs, reasons, strict=True) if not reason]
    return kept, [(p, reason) for p, reason in zip(paragraphs, reasons, strict=True) if reason]


def _is_text(paragraph: Paragraph) -> bool:
    if paragraph.aside:
        return False
    level = line(paragraph).level
    return level in HEADINGS or (len(paragraph.text) > _LONG and bool(re.search("[。；;]", paragraph.text)))


# --- labels ---

_WORDS: dict[Ordered, str] = {
    "cause": "原因分析 问题原因 原因剖析 产生原因 主要原因",
    "measures": "整改情况 整改措施 整改落实情况 整改进展情况 整改进展 整改成效 整改举措 整改结果及成效 整改措施及成效 "
    "整改措施和成效 整改落实措施 落实情况 采取的措施 具体措施 工作措施",
    "status": "整改进度 整改状态 整改完成情况 完成情况 整改结果 完成状态 进展状态 整改完成进度 销号情况",
    "lead": "牵头部门 牵头单位 责任领导 牵头领导 整改责任人 责任人",
    "units": "责任部门 责任单位 配合部门 配合单位 责任科室 整改责任单位",
    "due": "整改时限 完成时限 整改期限 完成时间 整改完成时限 办结时限",
}
_LABELS = {word: name for name, words in _WORDS.items() for word in words.split()}
_ANY_LABEL = "|".join(sorted(_LABELS, key=len, reverse=True))
_LABEL = re.compile(
    rf"(?:[(（][0-9０-９{HAN}]{{1,2}}[)）]|[①-⑳•●■◆])?\s?"
    rf"(?:(?:{_ANY_LABEL})\s?[:：]|[【\[]({_ANY_LABEL})[】\]][:：]?|(?:{_ANY_LABEL})(?=[。\s]*$))"
)
_NEXT_LABEL = re.compile(rf"(?<=\S)\s+(?=(?:{_ANY_LABEL})\s?[:：])")
_SUB_ISSUE = re.compile(r"(.{4,160}?(?:整改情况|整改措施|整改落实情况)\s?[:：])\s*(?=\S)")
MAX_STATUS = 40  # characters behind a label for the status; more than that is an account of what was done


@dataclass(frozen=True, slots=True)
class Labelled:
    """A paragraph that begins with a label: the field, the label as printed, and what follows it."""

    field: Ordered
    label: str
    rest: Paragraph


def labelled(paragraph: Paragraph) -> Labelled | None:
    """Take the label of a paragraph apart; None if it has none."""
    match = None if paragraph.cells else _LABEL.match(paragraph.text)
    if not match:
        return None
    word = re.search(_ANY_LABEL, match[0])
    rest = paragraph.text[match.end() :].strip()
    if word is None or (not rest and match[0][-1] not in ":：】]" and len(match[0]) != len(paragraph.text.strip())):
        return None
    named = _LABELS[word[0]]
    if named == "status" and len(rest) > MAX_STATUS:
        named = "measures"
    return Labelled(named, match[0].strip(), replace(paragraph, text=rest))


def unfolded(paragraph: Paragraph) -> Iterator[Paragraph]:
    """A paragraph that holds several labelled fields, one a field: 责任单位：办公室　整改时限：长期坚持."""
    if paragraph.cells or not _LABEL.match(paragraph.text):
        yield paragraph
        return
    for part in _NEXT_LABEL.split(paragraph.text):
        yield replace(paragraph, text=part.strip())


def sub_issue(paragraph: Paragraph) -> tuple[str, Paragraph] | None:
    """The title of a sub-issue and what was done about it, if a paragraph inside the measures begins one."""
    match = None if paragraph.cells else _SUB_ISSUE.match(paragraph.text)
    if not match or not re.match("关于|针对|对于|“", match[1]):
        return None
    return match[1], replace(paragraph, text=paragraph.text[match.end() :])


# --- headings and runs ---

_CLOSING = {
    "“": "”",
    "‘": "’",
    "「": "」",
    "『": "』",
    "《": "》",
    "(": ")",
    "（": "）",
    "〈": "〉",
    "【": "】",
    "[": "]",
}
_ENDS = "。！？!?"
_BRACKET = re.compile(r"[（(【\[][^（()）【】\[\]]{1,40}[）)】\]]")


def first_sentence(text: str) -> tuple[str, str]:
    """The first sentence with its full stop, and the rest; quotations and brackets are not cut.

    A bracket that ends the text right behind the full stop belongs to the sentence: 物资储备不足。（已完成）
    """
    open_marks: list[str] = []
    for at, character in enumerate(text[: MAX_TITLE * 2]):
        if character in _CLOSING:
            open_marks.append(_CLOSING[character])
        elif open_marks and character == open_marks[-1]:
            open_marks.pop()
        elif character in _ENDS and not open_marks:
            rest = text[at + 1 :].lstrip()
            return (text, "") if _BRACKET.fullmatch(rest) else (text[: at + 1], rest)
    if open_marks:  # quotation marks that do not match are no reason to read on to the end
        match = re.search(rf"(?<=问题)[”’]?[{_ENDS}]|[{_ENDS}](?=一是|[(（][一1１])", text)
        if match:
            return text[: match.end()], text[match.end() :].lstrip()
    return text, ""


def is_heading(line: Line) -> bool:
    """Whether a numbered line can stand as a heading: its first sentence is no longer than one."""
    return line.level in HEADINGS and 0 < len(first_sentence(line.rest)[0]) <= 2 * MAX_TITLE


def titled(line: Line, body: Sequence[Paragraph]) -> tuple[str, list[Paragraph]]:
    """A heading's own words, and the paragraphs below it; text that runs on behind the heading comes first."""
    title, run_in = first_sentence(line.rest)
    return title, [*([replace(line.paragraph, text=run_in)] if run_in else []), *body]


# Where a measure can begin inside a paragraph: behind the end of a clause.
_BEGIN = re.compile(r"(?:^|(?<=[。；;：:，,！？!?”）)】]))\s*")
_STYLES = {level: pattern for level, pattern in _LEVELS if level in ("digit", "bracketed-digit", "circled", "ordinal")}


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of a paragraph that begins with a number (or with none, for what stands before the first)."""

    number: str
    value: int
    text: str


def marked(text: str, level: str, expected: int) -> list[Marked]:
    """Cut a paragraph where the numbers of one level go on in order from `expected`, as in 一是…二是…三是….

    A number at the very beginning need not be the expected one. What stands before the first number comes first.
    """
    pattern = next(pattern for name, pattern in _LEVELS if name == level)
    cuts: list[tuple[int, int, str, int]] = []
    for place in _BEGIN.finditer(text) if level in _STYLES else [_BEGIN.match(text)]:
        found = pattern.match(text, place.end()) if place else None
        if not found or not place:
            continue
        value = _value(found)
        if value == expected or place.end() == 0 or level == "dash":
            cuts.append((place.end(), found.end(), found[0].strip(), value))
            expected = value + 1
    if not cuts:
        return [Marked("", 0, text)]
    ends = [start for start, *_ in cuts[1:]] + [len(text)]
    pieces = [Marked("", 0, text[: cuts[0][0]].strip())]
    pieces += [
        Marked(printed, value, text[after:end].strip())
        for (_, after, printed, value), end in zip(cuts, ends, strict=True)
    ]
    return [piece for piece in pieces if piece.text or piece.number] or [Marked("", 0, text)]


def first_mark(text: str) -> str:
    """The level of the first run of numbers of a paragraph; empty without any."""
    if beginning := next((level for level, pattern in _LEVELS if pattern.match(text)), ""):
        return beginning
    firsts: dict[str, int] = {}  # level → where its number one stands first
    for level, pattern in _STYLES.items():
        begun = ((place.end(), pattern.match(text, place.end())) for place in _BEGIN.finditer(text))
        firsts |= next(({level: at} for at, match in begun if match and _value(match) == 1), {})
    for level in sorted(firsts, key=firsts.__getitem__):
        if len([piece for piece in marked(text, level, 1) if piece.number]) > 1:
            return level
    return ""


def _value(match: re.Match[str]) -> int:
    """The number that a pattern of a level found; 0 for a dash."""
    return number(next(filter(None, match.groups()), ""))
