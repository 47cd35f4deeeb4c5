"""Nodes become values of the model; whatever does not fit is a problem at its line and column, in Chinese.

One decoder a type, made once from the annotations of `model.py`. Decoding never raises and never stops at the first
problem: what is wrong is left out (and with it whatever needs it), so that the rules can look at the rest in the same
run. A file with a problem is never published.
"""

import contextlib
import dataclasses
import re
import types
import typing
import unicodedata
import zoneinfo
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin
from urllib.parse import urlsplit

from gongshi import model
from gongshi.dates import PartialDate
from gongshi.numbering import NUMERALS
from gongshi.problems import Problem, Severity, Span, did_you_mean
from gongshi.source import Mapping, Node, Scalar, Sequence, invisible
from gongshi.text import marks_in, too_involved

T = TypeVar("T")

MAX_HINTS = 200  # problems in a file after which no hints are looked for
MAX_MARKS = 20_000  # of Markdown in one file
MAX_QUOTED = 40  # characters of the file quoted in a message
MAX_NAMED = 3  # fields that a message names
MAX_LINE = 500  # characters in a title or another text of one line
ATTACHMENT_SUFFIXES = frozenset({
    ".csv", ".xlsx", ".xls", ".doc", ".docx", ".pdf", ".ofd", ".wps", ".et", ".zip", ".txt", ".jpg", ".jpeg", ".png",
})  # fmt: skip


class Report:
    """Collects the problems of one file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.marks = 0  # of Markdown in all texts so far

    def error(self, where: Node, code: str, message: str) -> None:
        """Note an error at a node."""
        self.problems.append(Problem(Span(self.path, where.line, where.column), Severity.ERROR, code, message))

    def warn(self, where: Node, code: str, message: str) -> None:
        """Note a warning at a node."""
        self.problems.append(Problem(Span(self.path, where.line, where.column), Severity.WARNING, code, message))


Decoder = Callable[[Node, Report], Any]


def decode(cls: type[T], node: Node | None, report: Report, **internal: str) -> T | None:
    """A value of a model class from a node, without what is wrong; None if something that it needs is. See `report`.

    `internal` are fields that do not come from YAML (id, path, sha256).
    """
    make: Any = cls
    value = _class_decoder(make)(node if node is not None else Mapping(1, 1), report)
    return None if value is None else typing.cast(T, dataclasses.replace(value, **internal))


# Kinds of text: a pattern, and what the editor is told if it does not match.

_ONES = "".join(NUMERALS)
_NUMBER_STYLE = f"[^{_ONES}]{{0,8}}[{_ONES}][^{_ONES}]{{0,8}}"
_PATTERNS: dict[str, tuple[str, str]] = {
    "id": (r"[a-z][a-z0-9-]{0,79}", "编号只能用小写字母、数字和连字符，以字母开头，最多 80 个字符"),
    "issue-id": (
        r"(?!.*-(?:title|measure-\d+)$)[A-Za-z0-9][A-Za-z0-9-]{0,39}",
        "问题编号只能用字母、数字和连字符，最多 40 个字符，不能以 -title、-measure-1 结尾",
    ),
    "issue-ref": (r"[a-z][a-z0-9-]{0,79}#issue-[A-Za-z0-9-]{1,40}", "应写成“通报编号#issue-问题编号”"),
    "region-code": (r"\d{6}", "地区代码是 6 位数字（GB/T 2260），例如 '370500'"),
    "area-code": (r"0\d{2,3}", "区号是 0 开头的 3 到 4 位数字，例如 '0546'"),
    "number-style": (
        _NUMBER_STYLE,
        "请写出第一个编号的样子，例如 '一、'、(一)、'1.'、(1)、一是、①",
    ),
    "url": (r"https?://[^\s<>\"'\\]+", "网址应以 http:// 或 https:// 开头，不含空格和引号"),
    "repo": (r"[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)+", "仓库写成“组织/仓库”，例如 shili/gongshi"),
    "branch": (r"[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)*", "分支只能用字母、数字、-、_、. 和 /，例如 main"),
    "service-url": (
        r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[\w./-]*)?",
        "网址只写到路径为止，例如 https://git.example.cn 或 https://git.example.cn/api/v1",
    ),
    "hotline": (r"\d[\d-]{2,19}", "热线号码只写数字和连字符，例如 '12345'"),
    "site-code": (r"\d{10}|bm\d{8}", "网站标识码是 10 位数字，或 bm 加 8 位数字"),
    "icp": (r"[一-鿿]ICP备\d{8}号(?:-\d+)?", "ICP备案号的写法如“鲁ICP备12345678号-1”"),
    "police": (r"\d{14}", "公安备案号是 14 位数字"),
}
CUTTING = frozenset(
    {"withheld", "withdrawn", "earlier_withheld"}
)  # keys that cut out others: one left empty is no slip to pass over
_KINDS_WITH_LOST_TEXT = frozenset({"line", "prose"})  # where ` #` cuts what the public was to read


def pattern_of(kind: str) -> tuple[str, str] | None:
    """What a kind of text has to match as a whole, and what the editor is told if it does not; None for free text."""
    return _PATTERNS.get(kind)


@cache
def _text_decoder(kind: str) -> Decoder:
    pattern, remedy = _PATTERNS.get(kind, ("", ""))
    matches = re.compile(pattern, re.ASCII).fullmatch

    def decode_text(node: Node, report: Report) -> str | None:
        if not isinstance(node, Scalar):
            report.error(
                node, "not-text", "这里应当是一段文字，却写成了列表或分级内容；含有“: ”或以“-[{”开头的文字请加引号"
            )
            return None
        text = "" if _is_blank(node) else node.text.strip()
        if node.lost and (kind in _KINDS_WITH_LOST_TEXT or (kind == "term" and node.lost[0] not in " \t")):
            message = f"“#”和后面的“{_short(node.lost)}”会被当作注释丢掉；要保留请给整个值加引号，是注释请另起一行"
            report.error(node, "lost-text", message)
            return None
        if not text:
            report.error(node, "empty", "这里是空的；请填写内容（选填的项目可以删去这一行）")
            return None
        if found := invisible(text):
            report.error(node, "control-character", f"这段文字里有看不见的字符（U+{ord(found):04X}）；请删去")
            return None
        if kind != "prose" and ("\n" in text or len(text) > MAX_LINE):
            report.error(node, "too-long", f"这里只能写一行，最多 {MAX_LINE} 个字符；长的内容请写到 text 里")
            return None
        if pattern and not matches(text):
            report.error(node, f"bad-{kind}", f"“{_short(text)}”不对：{remedy}")
            return None
        if kind == "prose":
            report.marks += marks_in(text)
            if too_involved(text) or report.marks > MAX_MARKS:
                report.error(node, "too-involved", "正文太长，或排版记号太多、嵌套太深；请分段，或删去多余的记号")
                return None
            _warn_of_swallowed_keys(text, node, report)
        return text

    return decode_text


_line, _word = _text_decoder("line"), _text_decoder("word")


def _warn_of_swallowed_keys(text: str, node: Node, report: Report) -> None:
    """A key indented too far below `text: |` is text to YAML."""
    for line in text.split("\n"):
        match = re.match(r"(?:- )?([a-z_]+):(?:\s|$)", line.strip())
        if match and match.group(1) in field_names():
            message = f"正文里的“{_short(line)}”像是一个字段；如果是，请减少它的缩进，与 text 对齐"
            report.warn(node, "key-in-text", message)


@cache
def field_names() -> frozenset[str]:
    """Every key of the content format."""
    classes = (cls for cls in vars(model).values() if isinstance(cls, type) and dataclasses.is_dataclass(cls))
    return frozenset(f.name for cls in classes for f in dataclasses.fields(cls) if f.metadata)


def _decode_file_name(node: Node, report: Report) -> str | None:
    name: str | None = _line(node, report)
    if name is None:
        return None
    name = unicodedata.normalize("NFC", name)
    if re.search(r"[/\\:\x00-\x1f]", name) or name.startswith("."):
        report.error(node, "bad-file-name", f"“{_short(name)}”不是文件名；只写文件名，文件放在与通报同名的文件夹里")
        return None
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    if suffix not in ATTACHMENT_SUFFIXES:
        allowed = "、".join(sorted(s[1:] for s in ATTACHMENT_SUFFIXES))
        report.error(node, "bad-file-type", f"“{_short(name)}”不是可以公开的文件类型；可用：{allowed}")
        return None
    return name


def _decode_url(node: Node, report: Report) -> str | None:
    text: str | None = _text_decoder("url")(node, report)
    if text is not None and not is_url(text):
        report.error(node, "bad-url", f"“{_short(text)}”不是可以打开的网址；请核对方括号和端口")
        return None
    return text


def _decode_base_url(node: Node, report: Report) -> str | None:
    text = _decode_url(node, report)
    if text is not None and (not is_base_url(text) or "//" in text.partition("://")[2]):
        report.error(
            node, "bad-url", f"“{_short(text)}”不对：网站的网址不能带“?”“#”“@”和连着的“/”，例如 https://example.cn/gs/"
        )
        return None
    return text


def is_url(text: str) -> bool:
    """True for a web address that can be taken apart: a scheme and a host."""
    try:
        parts = urlsplit(text)
        return bool(re.fullmatch(_PATTERNS["url"][0], text) and parts.hostname and (parts.port or 1) > 0)
    except ValueError:
        return False


def is_base_url(text: str) -> bool:
    """True for a web address that other addresses can be put behind."""
    return is_url(text) and not any(mark in text for mark in "?#@")


def _decode_timezone(node: Node, report: Report) -> str | None:
    name: str | None = _word(node, report)
    if name is None:
        return None
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        report.error(node, "bad-timezone", f"没有“{_short(name)}”这个时区；一般写 Asia/Shanghai")
        return None
    return name


def _decode_count(node: Node, report: Report) -> int | None:
    text = _word(node, report)
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        report.error(node, "bad-number", f"“{_short(text)}”不是数；请写 0、1、2 这样的整数，不带单位")
        return None
    return int(text)


def _decode_decimal(node: Node, report: Report) -> Decimal | None:
    text = _word(node, report)
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,15}(?:\.\d{1,6})?", text, re.ASCII):
        report.error(node, "bad-number", f"“{_short(text)}”不是数；请写 7 或 34.5 这样的数，单位写在 unit 里")
        return None
    return Decimal(text)


def _decode_bool(node: Node, report: Report) -> bool | None:
    text: str | None = _word(node, report)
    if text in (None, "true", "false"):
        return None if text is None else text == "true"
    report.error(node, "bad-choice", f"“{_short(text)}”不对：这里只能写 true（是）或 false（否）")
    return None


def _decode_partial_date(node: Node, report: Report) -> PartialDate | None:
    text = _word(node, report)
    if text is None:
        return None
    try:
        return PartialDate.parse(text)
    except ValueError:
        how = "请写成 2023-06-08；只知道月份写 2023-06，只知道旬写 2023-06 中旬"
        report.error(node, "bad-date", f"“{_short(text)}”不是日期，或没有这一天；{how}")
        return None


def _decode_date(node: Node, report: Report) -> date | None:
    text = _word(node, report)
    if text is None:
        return None
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        with contextlib.suppress(ValueError):
            return date.fromisoformat(text)
    report.error(node, "bad-date", f"“{_short(text)}”不是日期，或没有这一天；请写成 2023-06-08")
    return None


def _choice_decoder(choices: tuple[str, ...]) -> Decoder:
    def decode_choice(node: Node, report: Report) -> str | None:
        text: str | None = _word(node, report)
        if text is None or text in choices:
            return text
        listed = "、".join(c + (f"（{model.CHOICES[c]}）" if c in model.CHOICES else "") for c in choices)
        report.error(node, "bad-choice", f"“{_short(text)}”不对：这里只能写 {listed}{did_you_mean(text, choices)}")
        return None

    return decode_choice


def _list_decoder(item: Decoder) -> Decoder:
    def decode_list(node: Node, report: Report) -> tuple[Any, ...] | None:
        if not isinstance(node, Sequence):
            report.error(node, "not-list", "这里应当是列表：每项一行，以“- ”开头，或写成 [甲, 乙]")
            return None
        return tuple(value for child in node.items if (value := item(child, report)) is not None)

    return decode_list


class _ClassDecoder:
    """Decodes one class of the model: a mapping whose keys are its fields."""

    def __init__(self, cls: Any) -> None:
        hints = typing.get_type_hints(cls, include_extras=True)
        self.cls = cls
        self.fields = {f.name: f for f in dataclasses.fields(cls) if f.metadata}
        self.decoders = {name: _decoder(hints[name]) for name in self.fields}
        missing = dataclasses.MISSING
        self.required = [name for name, f in self.fields.items() if f.default is f.default_factory is missing]
        self.shorthand: str | None = getattr(cls, "SHORTHAND", None)
        self.kept: frozenset[str] | None = getattr(cls, "KEPT_WHEN_WITHHELD", None)
        self.left: frozenset[str] | None = getattr(cls, "KEPT_WHEN_WITHDRAWN", None)

    def __call__(self, node: Node, report: Report) -> Any:
        if self.shorthand and isinstance(node, Scalar):
            node = Mapping(node.line, node.column, {self.shorthand: (node, node)})
        if self.shorthand and isinstance(node, Mapping) and not node.items.keys() & self.fields.keys():
            report.error(node, "not-text", "这里应当是一段文字，其中的“: ”被当成了字段；请给整段加引号")
            return None
        if not isinstance(node, Mapping):
            keys = "、".join(list(self.fields)[:4])
            report.error(node, "not-mapping", f"这里应当是“键: 值”（{keys} 等），一行一个；冒号用半角，后面空一格")
            return None
        at = {"": (node.line, node.column)}
        if self.kept is not None and "withheld" in node.items:
            node = _redact(node, self.kept, report)
        if self.left is not None and "withdrawn" in node.items:
            node = _withdraw(node, self.left, report)
        values = self._values(node, report, at)
        for name in self.required:
            if name not in node.items:
                report.error(node, "missing-key", f"缺少 {name}（{self.fields[name].metadata['zh']}）；请补上这一行")
        if not values.keys() >= set(self.required):
            return None
        return self.cls(at=at, **values)

    def _values(self, node: Mapping, report: Report, at: dict[str, tuple[int, int]]) -> dict[str, Any]:
        """The fields that could be read; `at` learns where each key stands."""
        values: dict[str, Any] = {}
        for key, (key_node, value_node) in node.items.items():
            if "：" in key:
                report.error(key_node, "full-width-colon", f"“{_short(key)}”里是全角冒号；请改成半角冒号加一个空格“: ”")
                continue
            if key not in self.fields:
                hint = ""
                if len(report.problems) <= MAX_HINTS:
                    hint = did_you_mean(key, self.fields) or f"；这里可以用：{'、'.join(self.fields)}"
                report.error(key_node, "unknown-key", f"不认识“{_short(key)}”{hint}")
                continue
            if _is_blank(value_node) and key not in self.required and key not in CUTTING:
                continue  # a key left empty, as in a skeleton
            at[key] = (value_node.line, value_node.column)
            value = self.decoders[key](value_node, report)
            if value is not None:
                values[key] = value
        return values


_class_decoder = cache(_ClassDecoder)


def _redact(node: Mapping, kept: frozenset[str], report: Report) -> Mapping:
    """Cut out what is withheld before it is read: nothing behind this can print it. Measures are counted."""
    for key, (key_node, value) in node.items.items():
        if key not in kept and not _is_blank(value):
            message = f"{_short(key)} 在不予公开的内容里：网站不会公开它，但 git 的历史是公开的；请从文件中删去"
            report.warn(key_node, "withheld-text", message)
    items = {key: item for key, item in node.items.items() if key in kept}
    withheld = items["withheld"][1]
    count = _measures_in(node)
    told = withheld.items.get("measures") if isinstance(withheld, Mapping) else None
    if count and isinstance(withheld, Mapping) and (told is None or _is_blank(told[1])):
        counted = Scalar(str(count), withheld.line, withheld.column)
        items["withheld"] = (
            items["withheld"][0],
            Mapping(withheld.line, withheld.column, {**withheld.items, "measures": (counted, counted)}),
        )
    return Mapping(node.line, node.column, items)


def _withdraw(node: Mapping, left: frozenset[str], report: Report) -> Mapping:
    """Cut out all that a notice said before it was taken back: nothing behind this can print it."""
    gone = [(key, item[0]) for key, item in node.items.items() if key not in left and not _is_blank(item[1])]
    if gone:
        names = "、".join(_short(key) for key, _ in gone[:MAX_NAMED]) + (" 等" if len(gone) > MAX_NAMED else "")
        message = f"通报已经撤回，网站不会公开 {names}，但 git 的历史是公开的；请从文件中删去"
        report.warn(gone[0][1], "withheld-text", message)
    return Mapping(node.line, node.column, {key: item for key, item in node.items.items() if key in left})


def _measures_in(node: Node) -> int:
    """How many measures stand in an issue or a part of one; a withheld measure can stand for several."""
    if not isinstance(node, Mapping):
        return 0
    count = 0
    for measure in _items(node, "measures"):
        hidden = measure.items.get("withheld") if isinstance(measure, Mapping) else None
        told = hidden[1].items.get("measures") if hidden and isinstance(hidden[1], Mapping) else None
        text = told[1].text if told and isinstance(told[1], Scalar) else ""
        count += int(text) if re.fullmatch(r"[1-9]\d{0,8}", text, re.ASCII) else 1
    return count + sum(_measures_in(part) for part in _items(node, "parts"))


def _items(node: Mapping, key: str) -> list[Node]:
    found = node.items.get(key)
    return found[1].items if found and isinstance(found[1], Sequence) else []


def _is_blank(node: Node) -> bool:
    empty = isinstance(node, Scalar) and node.plain and node.text in ("", "~", "null")
    return empty and node.lost[:1] in ("", " ")  # type: ignore[union-attr]


_LEAVES: dict[Any, Decoder] = {
    Decimal: _decode_decimal,
    bool: _decode_bool,
    date: _decode_date,
    PartialDate: _decode_partial_date,
}
_SPECIAL: dict[str, Decoder] = {
    "count": _decode_count,
    "file-name": _decode_file_name,
    "timezone": _decode_timezone,
    "url": _decode_url,
    "base-url": _decode_base_url,
}


def _decoder(hint: Any) -> Decoder:
    """The decoder of a type as `model.py` writes it."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        kind = args[1]
        return _SPECIAL.get(kind) or _text_decoder(kind)
    if origin in (types.UnionType, typing.Union):
        return _decoder(next(arg for arg in args if arg is not type(None)))
    if origin is tuple:
        return _list_decoder(_decoder(args[0]))
    if origin is Literal:
        return _choice_decoder(args)
    if hint in _LEAVES:
        return _LEAVES[hint]
    return _class_decoder(hint)


def decode_regions(node: Node | None, report: Report) -> dict[str, model.Region]:
    """`regions.yaml`: codes and names."""
    regions: dict[str, model.Region] = {}
    if not isinstance(node, Mapping):
        report.error(node or Mapping(1, 1), "not-mapping", "这里应当是“'370500': 东营市”这样的地区代码和名称，一行一个")
        return regions
    for code, (key_node, value_node) in node.items.items():
        known = _text_decoder("region-code")(key_node, report)
        name = _line(value_node, report)
        if known and name:
            regions[code] = model.Region(code, name)
    return regions


_RESERVED = {"con", "prn", "aux", "nul", "undated", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


def check_id(stem: str, path: str) -> Problem | None:
    """A problem if a file's name cannot be an address."""
    pattern, remedy = _PATTERNS["id"]
    if re.fullmatch(pattern, stem, re.ASCII):
        if stem not in _RESERVED:
            return None
        remedy = "这个名字留作他用（Windows 的设备名，或网站自己的网址），请换一个"
    return Problem(Span(path), Severity.ERROR, "bad-id", f"文件名“{_short(stem)}”不能作为网址：{remedy}")


def _short(text: str) -> str:
    """Text quoted in a message: no longer than a line, no control characters."""
    line = " ".join(text.split())
    line = "".join(c if c.isprintable() else "?" for c in line)
    return line if len(line) <= MAX_QUOTED else line[: MAX_QUOTED - 1] + "…"
