"""Facts that stand in running text: numbers, dates, who inspected whom, totals, statuses, who answers for what.

Everything is looked for in the folded text, which is as long as the printed one, and names are cut out of the latter.
No pattern reads any stretch of a text more than a fixed number of times: hostile text takes no longer than other text.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import islice

from gongshi import model
from gongshi.dates import PartialDate

_GENERAL = 100_000  # characters of a text in which facts about the whole notice are looked for

# --- numbers and dates ---

_HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " "}
_NUMERALS = "一二三四五六七八九十"
_VARIANTS = str.maketrans("○O两", "〇〇二")
_LONGEST, _TEN = 9, 10


def folded(text: str) -> str:
    """Full-width letters, digits and punctuation as half-width ones, for recognising only; same length."""
    return text.translate(_HALF_WIDTH)


def number(text: str) -> int:
    """A number in digits, circled digits or Chinese numerals (二〇二四, 二十四); 0 if it is none."""
    values = [int(unicodedata.numeric(c, -1)) for c in folded(text[: _LONGEST + 1]).translate(_VARIANTS)]
    if not 0 < len(values) <= _LONGEST or min(values) < 0:
        return 0
    if max(values) < _TEN:
        return int("".join(map(str, values)))
    total = digit = 0
    for value in values:
        total, digit = (total, value) if value < _TEN else (total + (digit or 1) * value, 0)
    return total + digit


_DAY = rf"(\d{{1,2}}|[{_NUMERALS}]{{1,3}})\s?日"
_DATE = (
    rf"(?:(\d{{4}}|[〇○零O0{_NUMERALS}]{{4}})\s?年\s?)?(?<!\d)(\d{{1,2}}|[{_NUMERALS}]{{1,2}})\s?月"
    rf"(?:\s?{_DAY}|\s?([上中下]旬))?"
)
_DATES = re.compile(_DATE)
_TO = r"起?\s?(?:至|到|[-~—–]{1,2})\s?"
_SPANS = re.compile(rf"{_DATE}(?:{_TO}(?:{_DATE}|{_DAY}))?")  # 4月26日至5月3日, 4月26日至30日, 4月
_IN_DIGITS = re.compile(r"(?<!\d)(\d{4})\s?[-./]\s?(\d{1,2})\s?[-./]\s?(\d{1,2})(?!\d)")
_BEFORE = re.compile(rf"{_DATE}\s?[底末]?(?:之前|以前|前)")
_SIGNED = re.compile(rf"([^。,;:\d]{{0,60}}?)\s?((?:{_DATE})|{_IN_DIGITS.pattern})")
_MAX_SIGNED = 100  # characters of a line that gives a date and at most a name


def _read(groups: Sequence[str | None], year: int | None, start: PartialDate | None = None) -> PartialDate | None:
    """The date of the groups of `_DATE`. A year left out is `year`, or the next one if it would lie before `start`."""
    printed, *rest = groups
    known = number(printed) if printed else year or 0
    month, of_month = (number(each or "") for each in rest[:2])
    third = f" {rest[2]}" if rest[2:] and rest[2] else ""
    value = f"{known:04d}" + (f"-{month:02d}" if month else "") + (f"-{of_month:02d}" if of_month else third)
    try:
        found = PartialDate.parse(value)
    except ValueError:
        return None
    late = not printed and start and found.last < start.first
    return _read([str(known + 1), *rest], None) if late else found


def _ends(match: re.Match[str], year: int | None) -> tuple[PartialDate | None, PartialDate | None]:
    """Both ends of a match of `_SPANS`; the second is None if there is but one date."""
    start = _read(match.groups()[:4], year)
    if not start or not (match[6] or match[9]):
        return start, None
    return start, _read(match.groups()[4:8] if match[6] else (None, str(start.month), match[9]), start.year, start)


def day(text: str) -> PartialDate | None:
    """The first date with a year in a text: 2024-06-08, 2024年6月8日, 二〇二四年六月八日, 2024年6月."""
    plain = folded(text)
    match = _IN_DIGITS.search(plain) or next((match for match in _DATES.finditer(plain) if match[1]), None)
    return _read(match.groups(), None) if match else None


def _signed(text: str) -> re.Match[str] | None:
    return _SIGNED.fullmatch(folded(text).strip()) if len(text) <= _MAX_SIGNED else None


def signed_date(text: str) -> PartialDate | None:
    """The date of a line that is nothing but a date, or a name and a date."""
    match = _signed(text)
    found = day(match[2]) if match else None
    return found if found and found.day else None


def before_date(text: str) -> str:
    """The name that stands before the date on one line."""
    match = _signed(text)
    return text.strip()[: match.end(1)].strip() if match else ""


def span(text: str, year: int | None) -> tuple[PartialDate | None, PartialDate | None, bool]:
    """A span of time such as 4月26日至30日, 6月至7月, 5月; and whether its year had to be taken from `year`."""
    match = _SPANS.search(folded(text))
    start, end = _ends(match, year) if match else (None, None)
    return start, end or start, bool(match and not match[1])


def deadline(text: str) -> PartialDate | None:
    """The date in a time limit such as 2024年6月底前, 2023年12月31日 or 2024年底; None if there is no year."""
    match = _DATES.search(folded(text))
    if match and match[1]:
        return _read(match.groups(), None)
    year = re.search(r"(?<!\d)(20\d\d)\s?年{1,2}[底末]", folded(text))
    return PartialDate(int(year[1])) if year else None


def due_before(sentence: str, year: int | None) -> tuple[PartialDate, str] | None:
    """The day before which something is to be done, and the words behind it: 于5月31日前报送…."""
    match = _BEFORE.search(folded(sentence))
    found = _read(match.groups(), year) if match else None
    return (found, sentence[match.end() :].strip()) if match and found else None


def phases(sections: Sequence[model.Section]) -> int:
    """How many phases a plan says it has (分为…七个阶段); 0 if it does not say."""
    text = "".join(section.text or "" for section in sections if section.phases)
    match = re.search(rf"([{_NUMERALS}]{{1,3}}|\d{{1,3}})个阶段", folded(text))
    return number(match[1]) if match else 0


# --- who inspected whom ---

_BODY = (
    rf"(?:(?<![一-鿿“”)\d])|(?<=[由被])|(?<=\d年))(?P<body>(?:[^\W\d_对由被各个等的]|[“”()]|第\d{{1,2}}){{0,30}}?"
    rf"(?:(?:巡[察视查]|审计|督[察查导]|检查|核查|考核|评估|暗访)(?:工作)?(?:第?(?:[{_NUMERALS}]{{1,3}}|\d{{1,2}}))?组|专班"
    r"|(?<=审计)[署厅局处](?!派|审计)|(?<=巡[察视])办|(?<=督[察查])室|特派员?办(?:事处)?))[,于自从在起止 ]{0,60}"
)
_TOLD = r"(?:反馈(?!问题|的|意见[后的整])|(?:出具|下达|印发|送达)(?!了?[《关]).{0,12}?(?:报告|意见|决定|通知)|[交转]办)"
_INSPECTS = re.compile(
    rf"{_BODY}(?:采[取用][^,。;\n对]{{1,30}},?)?(?:负责)?(?:对(?![照标于])|进驻)"
    r"(?P<whom>[^,。;\n]{2,80}?)(?:开展|进行|实施|[,。;\n]|$)"
)
_ONLY_TELLS = re.compile(rf"{_BODY}(?P<whom>)(?:[向将把][^,。;\n]{{2,60}}?)?{_TOLD}")
_OWN_WORK = "学习|研究|部署|落实|整改|传达|专题"  # 9月1日，局党组学习反馈意见: nobody tells anything
_TELLS = re.compile(rf"(?:(?!{_OWN_WORK})[^。;\n]){{0,60}}?{_TOLD}")
_ORDERED = re.compile(r".*(?:部署|安排|要求|计划|批准|同意|授权)")  # 根据县委部署县委第一巡察组
_YEAR = re.compile(r"(?<!\d)(20\d\d)\s?年(?!度)")
_ROUND = re.compile(rf"[{_NUMERALS}]{{1,3}}届[^,。]{{1,6}}委第?[{_NUMERALS}]{{1,3}}轮[^,。]{{0,6}}?巡[察视]")
_SUBJECT = re.compile(r"(?:开展|进行|实施)了?(?:为期[^的,]{1,8}的)?([^,。]{2,30}专项(?:巡[察视]|督[察查]|审计|检查))")
_INSPECTED = re.compile(
    r"(?![我本该全各]|.*(?:、|(?<!高)等))[^,]{2,40}?(?:党(?:[组委]|工委|总支|支部)(?!织)"
    r"|(?:局|委员会|委|办|厅|院|中心|公司|学校?|政府|镇|乡|街道)(?=\d|$))"
)
_FIRST_SECTION = re.compile(r"\n\s?(?:一、|\(一\))")
_MOST = 10  # inspections of which one text speaks
_TELLING = 2  # sentences behind an inspection in which it may stand when the findings were told


def inspection(text: str) -> model.Inspection | None:
    """Who inspected, when, and when it told; of several inspections the latest. Years left out are inferred.

    市委第三巡察组于2023年5月9日至8月4日对市水务局党组开展巡察，并于9月27日反馈意见。
    """
    return _latest(text)[0]


def inspected(text: str) -> str:
    """Who was inspected: 区交通运输局党组; empty if the text names nobody, or several."""
    match = _INSPECTED.match(_latest(text)[1])
    return match[0] if match else ""


def _latest(text: str) -> tuple[model.Inspection | None, str]:
    """The latest inspection that is spoken of before the first section, or else in it; and whom it inspected."""
    plain = folded(text[:_GENERAL])
    undated = _SPANS.sub(lambda match: "," * len(match[0]), plain)
    named = list(islice(_INSPECTS.finditer(undated), _MOST)) or list(islice(_ONLY_TELLS.finditer(undated), _MOST))
    section = _FIRST_SECTION.search(plain)
    opening = [match for match in named if not section or match.start() < section.start()]
    found: list[tuple[date, model.Inspection, str]] = []
    for match in opening or named:
        body, whom = (text[slice(*match.span(name))] for name in ("body", "whom"))
        said = replace(_dated(plain, match), body=_ORDERED.sub("", body))
        known = said.started or said.feedback
        if known or whom:
            found.append((known.first if known else date.min, said, whom))
    return max(found, key=lambda each: each[0])[1:] if found else (None, "")


def _dated(plain: str, match: re.Match[str]) -> model.Inspection:
    """What is said of an inspection in the sentence that names it and in the next ones; all but its name."""
    ends = [0, *(mark.end() for mark in re.finditer(r"[。;\n]+|$", plain))]
    place = bisect_right(ends, match.start())
    begins, behind, last = ends[place - 1], ends[place], ends[min(place + _TELLING, len(ends) - 1)]
    until = match.end() if match["whom"] else begins  # before it stands when it took place, behind it when it was told
    when = list(_SPANS.finditer(plain, begins, last))
    during = [each for each in when if each.start() < until]
    lasted = next((each for each in during if each[6] or each[9]), during[-1] if during else None)
    told = next((each for each in when if each.start() >= until and _TELLS.match(plain, each.end())), None)
    started, ended = _ends(lasted, _year_at(plain, lasted.start())) if lasted else (None, None)
    known = ended or started
    feedback = _read(told.groups()[:4], known.year if known else _year_at(plain, told.start()), known) if told else None
    given = lasted and (lasted[1] or lasted[5])
    dates = (("started", started, given), ("ended", ended, given), ("feedback", feedback, told and told[1]))
    round_ = _ROUND.search(plain, begins, behind) or _ROUND.search(plain)
    subject = _SUBJECT.search(plain, begins, behind)
    return model.Inspection(
        body="",
        round=round_[0] if round_ else None,
        subject=subject[1] if subject else None,
        started=started,
        ended=ended,
        feedback=feedback,
        inferred=tuple(name for name, value, printed in dates if value and not printed),  # type: ignore[misc]
    )


def _year_at(plain: str, place: int) -> int | None:
    """The year that a date without one is in: the last one given before it, or else the next."""
    years = _YEAR.findall(plain, 0, place)[-1:] or _YEAR.findall(plain, place)[:1]
    return int(years[0]) if years else None


# --- the wordings of a status, by what they mean ---

_GOES_ON = r"(?:并(?:长期|持续)(?:坚持|整改|推进))?"
_DONE = (
    rf"(?:(?:已经?|均已?|现已)?(?:全部)?(?:完成(?:整改|销号)?|整改(?:完成|完毕|到位)|办结|销号){_GOES_ON}"
    r"|(?:已经?|均已?|已?全部)整改)"
)
_ONGOING = (
    rf"(?:(?:已|均)?基本(?:完成(?:整改)?|整改(?:完成|到位)){_GOES_ON}|(?:持续|长期)(?:整改|坚持)"
    rf"|(?:长期任务)?(?:已?取得)?(?:初步|明显|阶段性)(?:成效|成果|进展){_GOES_ON}|长期任务)"
)
_OPEN = (
    r"(?:正在[^\W\d_]{0,8}?(?:推进|整改|落实|办理)(?:整改)?|(?:有序|持续|继续|加快)推进(?:整改)?|(?:推进|整改)中"
    r"|(?:尚|仍|暂|还)?未(?:完成|整改|办结|销号)(?:整改|到位)?|部分(?:整改|完成(?:整改)?))"
)
_AT_ONCE = r"(?:立[行整知]立改|即[行知]即改|边[巡查]边改)"
_STATUS = rf"(?:{_DONE}|{_ONGOING}|{_OPEN}|{_AT_ONCE})"
_THIS = r"(?:该|此|本|上述|以上)[项条]?(?:整改)?(?:问题|事项|任务|措施),?(?:目前|现)?,?"
_IN_BRACKETS = rf"[(【\[]\s?(?:[^\W\d_]{{2,6}}:)?({_STATUS})\s?[)】\]]"
_FIRST_STATUS = re.compile(rf"(?:截至)?(?:目前,?)?(?:{_THIS}({_STATUS})(?:[。;,]|$)|({_STATUS})[。;])")
_LAST_STATUS = re.compile(rf"(?:[。;)】\n]\s?(?:目前,?)?(?:{_THIS})?({_STATUS})|{_IN_BRACKETS})[。;]?$")
_TITLE_STATUS = re.compile(_IN_BRACKETS)
_CLAUSE = 60  # characters in which what is said of one thing has to end


def status_of_sentence(text: str) -> str:
    """The status in a first sentence such as “该问题已完成整改。”; empty if there is none."""
    match = _FIRST_STATUS.match(folded(text[:_CLAUSE]))
    return (match[1] or match[2]) if match else ""


def status_at_end(text: str) -> str:
    """The status in a last sentence such as “…已全部下达。已完成整改。”; empty if there is none."""
    match = _LAST_STATUS.search(folded(text[-_CLAUSE:]).strip())
    return (match[1] or match[2]) if match else ""


def status_of_title(text: str) -> str:
    """The status that a heading carries in brackets: 培训针对性不强（已完成）; empty if there is none."""
    match = _TITLE_STATUS.search(folded(text))
    return match[1] if match else ""


# --- totals ---

_BRACKET = re.compile(r"\((?:[^()\n]++|\([^()\n]*+\))*+\)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_NOUN = r"(?:问题(?!线索|清单|台账|导向|类型)|(?:措施|举措)(?!清单|台账))"
_NOUNS = {"问题": "issues", "措施": "measures", "举措": "measures", "方面": "aspects"}
_COUNTED = re.compile(  # 问题26个, 26个具体问题, and 26个 of what was counted last
    rf"(?:(?P<before>{_NOUN})(?:整改)?(?:共计?|合计)?)?"
    rf"(?P<number>(?<![第\d.])(?:\d{{1,5}}|[二三四五六七八九十百两][一二三四五六七八九十百]{{0,4}}))\s?[个项条](?![月人工])"
    rf"(?(before)|(?:[^\W\d_]{{0,8}}?(?P<after>方面|{_NOUN}))?)"
)
_STATES = re.compile(
    rf"(?:(?P<open>{_OPEN})|(?P<ongoing>{_ONGOING})|(?P<done>{_DONE}))"
    r"(?=[了的有共计约达为]{0,3}(?:整改|具体|反馈|巡察)?(?:问题|措施|举措|[\d二三四五六七八九十两]|$))"
)
_KEYS = {  # of model.Totals, by noun and state
    **{(noun, state): f"{noun}_{state}" for noun in ("issues", "measures") for state in ("done", "ongoing", "open")},
    **{(noun, ""): noun for noun in ("aspects", "issues", "measures")},
    ("measures", "ongoing"): "measures_long_term",
}
_GLUE = re.compile(r"[均都已经全部仍尚还需要现目前有的了共计约为达整改]{0,6}")
_ALL = re.compile(r"均|都|全部")
_ALL_DONE = re.compile(rf"[截至止目前现上述以所有各项反馈巡察指出的整改问题措施任务]{{0,16}}?{_DONE}")
_ENDS_WITH_NOUN = re.compile(rf"({_NOUN})$")
_LONG_TERM = re.compile(r"长期|阶段性|持续整改")
_FUTURE = re.compile(r"将|预计|力争|确保|拟")
_OTHER_ROUND = re.compile(r"上次|上轮|上一轮|前次|往年|历次|原通报")
_THIS_ROUND = re.compile(r"本次|本轮|此次|这次")
_ASIDE = re.compile(
    r"自查|排查|查摆|(?:解决|协调|化解|受理|领办|线索|信访|群众反映|(?:检查|督查)(?!组|反馈)|[立边][行巡查][立边]改)\D{0,30}\d"
)


def totals(text: str) -> dict[str, int]:
    """The totals that a text states of itself, by their keys in model.Totals: 12个问题已完成整改10个，正在推进2个."""
    found: dict[str, int] = {}
    for paragraph in _flat(text).split("\n"):
        ours, last = True, ""
        for sentence in re.split("[。;]", paragraph):
            ours = (ours or bool(_THIS_ROUND.search(sentence))) and not _OTHER_ROUND.search(sentence)
            for clause in sentence.split(",") if ours else ():
                if _ASIDE.search(clause):
                    break
                last = _add(found, clause, last)
    if not {"issues_done", "measures_done"} & found.keys():
        found.pop("done_includes_long_term", None)
    return found


def totals_of_part(title: str) -> dict[str, int]:
    """Totals that a heading states in brackets: (共2个具体问题、7条整改措施)."""
    return totals("\n".join(inside[1:-1] for inside in _BRACKET.findall(folded(title))))


def _flat(text: str) -> str:
    """Folded, with no mark inside a number or a bracket that could be taken for the end of a clause."""
    return _BRACKET.sub(lambda match: re.sub("[,。;]", "、", match[0]), _THOUSANDS.sub("", folded(text[:_GENERAL])))


def _add(found: dict[str, int], clause: str, last: str) -> str:
    """Add what a clause counts to what was `found`; what it counts last is what a number in the next one is of."""
    outside = _BRACKET.sub("", clause)
    counts = _counts(outside, last)
    exact = "具体" in clause  # what was told is broken down further
    certain, every = not _FUTURE.search(clause), _ALL.search(clause)
    nouns = {noun for noun, *_ in counts}
    for noun, state, value in counts:
        alone = noun == "aspects" and "issues" not in nouns
        if (key := _KEYS.get((noun, state))) and not alone and (certain or not state):
            known = found.setdefault(key, value)
            found[key] = max(known, value) if exact and not state else known
            if state == "done" and every:
                found.setdefault(noun, value)
            if state == "ongoing" and "其中" in clause:
                found["done_includes_long_term"] = True
    if every and _ALL_DONE.fullmatch(outside):
        nouns = {noun for word, noun in _NOUNS.items() if word in clause} or {"issues", "measures"}
        found |= {f"{noun}_done": found[noun] for noun in nouns & found.keys()}
    ends = _ENDS_WITH_NOUN.search(outside)
    last = _NOUNS[ends[1]] if ends else counts[-1][0] if counts else last
    for inside in filter(_LONG_TERM.search, _BRACKET.findall(clause)):
        found["done_includes_long_term"] = True
        for noun, _, value in _counts(_BRACKET.sub("", inside[1:-1]), last)[:1]:
            if key := _KEYS.get((noun, "ongoing")):
                found.setdefault(key, value)
    return last


def _counts(clause: str, last: str) -> list[tuple[str, str, int]]:
    """Noun, state and number of what a clause counts; without a noun it is what was counted `last`, or nothing known.

    A state stands before its number (已完成15条) or behind one or several (9个问题、20条措施已完成).
    """
    found: list[tuple[str, str, int]] = []
    waiting, handed_on = 0, ""  # the first count that may get a state from behind; the state that 、 hands on
    for part in clause.split("、"):
        tokens = sorted((*_STATES.finditer(part), *_COUNTED.finditer(part)), key=lambda token: token.end())
        places = [place for place, token in enumerate(tokens) if token.re is _COUNTED]
        stated = len(places) < len(tokens)
        for place in places:
            token = tokens[place]
            before = tokens[place - 1] if place and tokens[place - 1].re is _STATES else None
            behind = tokens[place + 1] if place == places[-1] and token is not tokens[-1] else None
            word = token["before"] or token["after"]
            last = _NOUNS[word] if word else last if _continues(part, before, token, behind) else ""
            state = before or behind
            name = (state.lastgroup or "") if state else "" if stated else handed_on
            found.append((last, name, number(token["number"])))
            if behind and word:
                found[waiting:] = [(noun, own or name, value) for noun, own, value in found[waiting:]]
        if stated:
            waiting, handed_on = len(found), (tokens[0].lastgroup or "") if places and places[0] else ""
    return found


def _continues(part: str, before: re.Match[str] | None, token: re.Match[str], behind: re.Match[str] | None) -> bool:
    """Whether a number without a noun goes on with what was counted last: right beside a state, or as a sum (共5条)."""
    if part.endswith(("共", "计", "为"), 0, token.start()):
        return True
    if before:
        return bool(_GLUE.fullmatch(part, before.end(), token.start()))
    return bool(behind and _GLUE.fullmatch(part, token.end(), behind.start()))


# --- figures of accountability ---

_AMOUNT = r"(?P<value>\d{1,9}(?:\.\d{1,4})?)"
_MAKES = r"(?:(?:新建|新制定|新增|制定|制订|修订|修改|完善|建立|健全|出台)(?:[、和及并与])?){1,4}+"
_RULES = r"[^\W\d_]{0,8}?(?:制度|机制|办法|规定)"
_DEALS_WITH = (
    r"(?:(?:党纪政务|党纪|政务)?处分|组织处理|诫勉(?:谈话)?|批评(?:教育|帮助)|谈话提醒|(?:提醒|警示)谈话|约谈|函询|通报批评"
    r"|责令检查|(?:追责)?问责|立案(?:审查|调查)?|免职|移送司法机关)"
)
_RECOVERS = r"(?:促进增收节支|挽回|清退|清缴|清收|追缴|追回|收缴|退缴|退还|退赔|上缴|补缴|收回|核减|节约)"
_FIGURES = (
    rf"(?P<label>{_MAKES}{_RULES})(?P<more>){_AMOUNT}(?P<unit>[项个条])",  # 修订完善制度5项
    rf"(?P<label>{_MAKES})了?{_AMOUNT}(?P<unit>[项个条])(?P<more>{_RULES})",  # 新建5项制度
    rf"(?P<label>(?:给予)?(?:{_DEALS_WITH}[、和及]?){{1,4}}+)(?P<more>(?:党员|干部){{0,2}}){_AMOUNT}(?P<unit>人次|[人名])",
    rf"(?P<label>{_RECOVERS}[^\W\d_]{{0,20}}?)(?P<more>){_AMOUNT}(?P<unit>[亿万千]?余?元)",
)


def figures(text: str) -> Iterator[model.Figure]:
    """Figures of accountability: rules made, people dealt with (人 and 人次 are not the same), money recovered."""
    plain = _THOUSANDS.sub("", folded(text[:_GENERAL]))
    matches = sorted(
        (match for each in _FIGURES for match in re.finditer(each, plain)), key=lambda match: match.start()
    )
    printed = ((match["label"] + match["more"], match["value"], match["unit"]) for match in matches)
    for label, value, unit in dict.fromkeys(printed):
        yield model.Figure(label=label, value=Decimal(value), unit=unit)


# --- who answers for it ---

_DUTY = re.compile(r"(牵头|主办|责任|配合|协办|承办)(部门|单位|领导|科室|股室|处室|人)\s?:")
_DUTIES = re.compile(
    r"[【(\[]\s?((?:牵头|主办|责任|承办)[^\W\d_]{1,2}\s?:(?:[^()【】\[\]。]|\([^()]{0,40}\)){1,300}+)[】)\]]\s?[。;]?\s*$"
)
_MAX_DUTIES = 500  # characters at the end of a line in which they are looked for
_NAME = re.compile(r"(?:\([^()]*+\)|[^、,;\s])++")


def responsibility(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who leads and who answers, from the last bracket that ends a line: 【牵头部门:办公室 责任部门:各科室】."""
    for line in reversed(text.split("\n")):
        end = line[-_MAX_DUTIES:]
        if match := _DUTIES.search(folded(end)):
            lead: list[str] = []
            units: list[str] = []
            inside = end[slice(*match.span(1))]
            duties = list(_DUTY.finditer(folded(inside)))
            for duty, following in zip(duties, [*(each.start() for each in duties[1:]), len(inside)], strict=True):
                leads = duty[1] in ("牵头", "主办") or duty[2] in ("领导", "人")
                (lead if leads else units).extend(names_in(inside[duty.end() : following]))
            return tuple(lead), tuple(units)
    return (), ()


def names_in(text: str) -> list[str]:
    """Names of departments written one after the other; a 、 inside brackets does not part them."""
    text = text.strip().strip("。;；")
    return [text[slice(*match.span())] for match in _NAME.finditer(folded(text))]


# --- around the text ---

_PUBLISHED = tuple(
    re.compile(rf"(?:{words})(?:时间|日期)\s?:\s?([^\n]{{6,40}})")
    for words in ("发布|公开|上网", "更新|发文|成文|印发|生成")
)
_NEXT = (
    r"(?:(?:发布|更新|公开|成文|印发|生成)?(?:时间|日期)|浏览|点击|阅读|访问|作者|编辑|责编|审核|字[体号]|打印|分享)"
)
_SOURCE = re.compile(rf"来源\s?:[ \t]*+(?!{_NEXT})([^\n]{{1,80}}?)(?=\s?{_NEXT}|\s{{2}}|\s?$)", re.MULTILINE)


def publication(text: str) -> tuple[PartialDate | None, str]:
    """When and by whom a page was published, by lines such as 来源:示例市政府网发布时间:2024-07-12, glued or not."""
    plain = folded(text[:_GENERAL])
    when = next((match for pattern in _PUBLISHED if (match := pattern.search(plain))), None)
    who = _SOURCE.search(plain)
    return day(when[1]) if when else None, text[slice(*who.span(1))].strip() if who else ""


def attached_thing(text: str) -> str:
    """What a paragraph says an attachment is about, where it does not give a title: 成立…工作领导小组(见附件1)."""
    match = re.search(r"(?:成立|组建)([^,，。;；]{2,80}?(?:领导小组|工作专班|指挥部|工作组))", text)
    return match[1] if match else ""
