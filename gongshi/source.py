"""A file of bytes becomes text, and YAML text becomes nodes that know their line and column.

Nothing is typed here: every scalar stays the text that the editor wrote. What YAML would do silently to that text
(cut it at ` #`, keep the last of two equal keys, expand aliases) is a problem instead.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from gongshi.problems import Problem, Severity, Span

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 40
MAX_NODES = 200_000

_Loader: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_FULL_WIDTH_COLON = re.compile(r"^\s*(?:- )*([A-Za-z_]+)(：)")
_NO_SPACE = re.compile(r"^\s*(?:- )*([A-Za-z_]+):([^\x00-\x7f]|['\"\d])")
_ANY_SLIP = re.compile(  # no text without a match has a slip; some with one have none
    r"^[ ]*[\t\u3000]|^[ ]*(?:- )*[A-Za-z_]+(?:：|:(?:[^\x00-\x7f]|['\"\d]))", re.MULTILINE
)
_BLOCK_SCALAR = re.compile(r"(?:^|[\s:-])[|>][+-]?\d?[+-]?\s*(?:#.*)?$")
_COMMENT = re.compile(r"[ \t]+#(.*)")
# Han characters and the punctuation of Chinese text: between two of these a line break is no space.
WIDE = r"[\u2e80-\u9fff\u3000-\u303f\uf900-\ufaff\uff00-\uffef“”‘’…—\U00020000-\U0003ffff]"
# Characters that nobody sees and that YAML, browsers or readers take for something else: control characters, other line
# ends than LF, marks that turn the direction of writing around, and a BOM that is not at the beginning.
INVISIBLE = (  # what no file of the content may hold
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufdd0\ufffe\uffff\ud800-\udfff]"
)
_INVISIBLE = re.compile(INVISIBLE)

# libyaml's words, and what an editor can do about them.
_SYNTAX = {
    "mapping values are not allowed in this context": (
        "这里多了一个冒号；值里有“: ”或以冒号结尾时请给整个值加引号，否则请检查缩进"
    ),
    "could not find expected ':'": "这一行缺少半角冒号加空格（键: 值），或上一行的引号没有配对",
    "did not find expected key": (
        "这里不像“键: 值”；请检查缩进是否与同级的行对齐；值以引号或“[”开头时，请给整个值加单引号"
    ),
    "did not find expected '-' indicator": "这里应当是以“- ”开头的列表项；请检查缩进",
    "block sequence entries are not allowed in this context": "列表项“- ”不能写在这里；请另起一行并缩进",
    "found unexpected end of stream": "从这里开始的引号没有配对；请补上另一半，或去掉它",
    "did not find expected ',' or ']'": "方括号“[ ]”没有配对，或缺少半角逗号",
    "did not find expected ',' or '}'": "花括号“{ }”没有配对，或缺少半角逗号",
    "found character that cannot start any token": "这个字符不能作为值的开头；请给整个值加引号",
    "did not find expected alphabetic or numeric character": "“*”和“&”不能作为值的开头；请给整个值加引号",
    "did not find expected whitespace or line break": "引号或符号后面缺少空格；请给整个值加引号",
    "found unknown escape character": "双引号里的“\\”有特殊含义；请改用单引号",
    "did not find expected <document start>": "一个文件只能有一份内容；请检查开头的缩进，并删去多余的部分",
    "did not find expected comment or line break": "“|”或“>”后面不能再写内容；请另起一行并缩进",
}


@dataclass(slots=True)
class Scalar:
    """A piece of text. `lost` is what followed ` #` on the last line of a plain scalar: YAML drops it as a comment."""

    text: str
    line: int
    column: int
    plain: bool = True
    lost: str = ""


@dataclass(slots=True)
class Mapping:
    """Keys in the order of the file, each with its place; keys are unique."""

    line: int
    column: int
    items: dict[str, "tuple[Scalar, Node]"] = field(default_factory=dict)


@dataclass(slots=True)
class Sequence:
    """Items in the order of the file."""

    line: int
    column: int
    items: list["Node"] = field(default_factory=list)


Node = Scalar | Mapping | Sequence


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a YAML file holds (`root` is None if it could not be read) and what was wrong with it."""

    root: Node | None
    problems: tuple[Problem, ...]


def decode_text(raw: bytes, path: str) -> tuple[str | None, list[Problem]]:
    """Bytes as text with LF line ends; BOM and CRLF are read and reported, other encodings than UTF-8 are errors."""

    def problem(severity: Severity, code: str, message: str, line: int = 1) -> Problem:
        return Problem(Span(path, line, 1), severity, code, message)

    if len(raw) > MAX_BYTES:
        size = f"文件有 {len(raw) / 1024 / 1024:.1f} MiB，超过 {MAX_BYTES // 1024 // 1024} MiB 的上限；请拆成几份通报"
        return None, [problem(Severity.ERROR, "too-large", size)]
    problems = []
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
        problems.append(problem(Severity.WARNING, "bom", "文件开头有 BOM；请另存为“UTF-8（无 BOM）”"))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        try:
            guess = "看来是 GB18030（GBK）编码"
            if b"\0" in raw:
                guess = "看来是 UTF-16 编码"
            else:
                raw.decode("gb18030")
        except UnicodeDecodeError:
            guess = "无法识别它的编码"
        message = f"文件不是 UTF-8 编码，{guess}；请用编辑器“另存为”UTF-8 后重新提交"
        return None, [*problems, problem(Severity.ERROR, "encoding", message, line)]
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        message = "换行符是 CRLF（Windows 格式），应为 LF；请在编辑器右下角把 CRLF 改成 LF 后保存"
        problems.append(problem(Severity.WARNING, "crlf", message, line))
    invisible = list(_invisible(text, path))
    return (None if invisible else text), [*problems, *invisible]


def invisible(text: str) -> str | None:
    """The first invisible character of a text."""
    match = _INVISIBLE.search(text)
    return match.group() if match else None


def _invisible(text: str, path: str) -> Iterator[Problem]:
    """The first invisible character of each line that has one."""
    if not _INVISIBLE.search(text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        if match := _INVISIBLE.search(line):
            message = f"这里有看不见的字符（U+{ord(match.group()):04X}）；请删去后重新输入前后几个字"
            yield Problem(Span(path, number, match.start() + 1), Severity.ERROR, "control-character", message)


def parse_yaml(raw: bytes, path: str, keys: frozenset[str] | None = None) -> Parsed:
    """Read one YAML document with positions. Never raises; whatever is wrong is a problem.

    `keys` are the words that can be keys: only behind them is a full-width colon a slip, and not text (“APP：”).
    """
    text, problems = decode_text(raw, path)
    if text is None:
        return Parsed(None, tuple(problems))
    lines = text.split("\n")
    slips = list(_slips(lines, path, keys)) if _ANY_SLIP.search(text) else []
    try:
        root = _fold(text, lines, path, problems)
    except _Refused as refusal:
        root = None
        problems.append(refusal.problem)
    except yaml.YAMLError as error:
        root = None
        if not slips:  # the slips found above are the cause, and say it better
            problems.append(_syntax_problem(error, path))
    return Parsed(root, (*problems, *slips))


class _Refused(Exception):  # noqa: N818 - a refusal is no mistake of the program
    """What ends the reading of a file at once."""

    def __init__(self, mark: Any, path: str, code: str, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(Span(path, mark.line + 1, mark.column + 1), Severity.ERROR, code, message)


def _slips(lines: list[str], path: str, keys: frozenset[str] | None) -> Iterator[Problem]:
    """Tabs in the indentation and full-width colons after a key: the slips that libyaml explains worst."""
    block_indent = -1  # inside a block scalar: the indentation of the line that opened it
    for number, line in enumerate(lines, 1):
        stripped = line.lstrip(" \t\u3000")
        if not stripped:
            continue
        lead = line[: len(line) - len(stripped)]
        if block_indent >= 0 and len(lead) - len(lead.lstrip(" ")) > block_indent:
            continue
        block_indent = -1
        if stripped.startswith("#"):
            continue
        if "\t" in lead:
            message = "缩进里有制表符（Tab）；请改成空格，每一级两个"
            yield Problem(Span(path, number, lead.index("\t") + 1), Severity.ERROR, "tab", message)
        elif "\u3000" in lead:
            message = "缩进里有全角空格；请改成半角空格，每一级两个"
            yield Problem(Span(path, number, lead.index("\u3000") + 1), Severity.ERROR, "full-width-space", message)
        elif (match := _FULL_WIDTH_COLON.match(line)) and (keys is None or match.group(1) in keys):
            message = "键后面是全角冒号“：”；请改成半角冒号加一个空格“: ”"
            yield Problem(Span(path, number, match.start(2) + 1), Severity.ERROR, "full-width-colon", message)
        elif (match := _NO_SPACE.match(line)) and (keys is None or match.group(1) in keys):
            message = "冒号后面缺一个半角空格；请写成“键: 值”"
            yield Problem(Span(path, number, match.start(2) + 1), Severity.ERROR, "no-space", message)
        if _BLOCK_SCALAR.search(line):
            dashes = re.match(r"(?:- +)*", stripped)
            block_indent = len(lead) + (dashes.end() if dashes and ":" in stripped else 0)


def _syntax_problem(error: yaml.YAMLError, path: str) -> Problem:
    words = getattr(error, "problem", "") or ""
    unclosed = words == "found unexpected end of stream"  # what matters then is where the quotation began
    mark = getattr(error, "context_mark" if unclosed else "problem_mark", None)
    fallback = "这里不符合 YAML 的写法；请检查缩进、冒号和引号，拿不准时给整个值加单引号"
    span = Span(path, mark.line + 1, mark.column + 1) if mark else Span(path)
    return Problem(span, Severity.ERROR, "yaml", _SYNTAX.get(words, fallback))


def _fold(text: str, lines: list[str], path: str, problems: list[Problem]) -> Node | None:  # noqa: C901 - one arm an event
    """Fold libyaml's events into nodes, without recursion, and refuse what a content file must not hold.

    The inner loop of all reading: it asks each event for its class and each mark for two numbers, and nothing twice.
    """
    hashed = {number for number, line in enumerate(lines) if "#" in line}  # where a comment may cut a text short
    tree = _Tree(path, problems)
    next_event = _Loader(text).get_event
    documents = 0
    while True:
        event = next_event()
        kind = event.__class__
        if kind is yaml.ScalarEvent:
            mark = event.start_mark
            if event.anchor or event.tag:
                raise _unsupported(event, path)
            tree.add(_scalar(event, mark, lines, hashed), mark)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            tree.close()
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            mark = event.start_mark
            if event.anchor or event.tag:
                raise _unsupported(event, path)
            collection = Mapping if kind is yaml.MappingStartEvent else Sequence
            tree.add(collection(mark.line + 1, mark.column + 1), mark)
        elif kind is yaml.AliasEvent:
            raise _unsupported(event, path)
        elif kind is yaml.DocumentStartEvent:
            documents += 1
            if documents > 1:
                message = "一个文件只能有一份内容；请删去单独成行的“---”之后的部分，或另存为一个文件"
                raise _Refused(event.start_mark, path, "yaml", message)
        elif kind is yaml.StreamEndEvent:
            return tree.root


class _Tree:
    """Nodes put together as they come: the open collections, each with the key that waits for its value."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems
        self.root: Node | None = None
        self.count = 0
        self.parent: Mapping | Sequence | None = None  # the innermost open collection
        self.key: Scalar | None = None  # in it, the key that waits for its value
        self.open: list[Mapping | Sequence | None] = []  # those around it

    def add(self, node: Node, mark: Any) -> None:
        """Put a node where it belongs and, if it is a collection, open it."""
        self.count += 1
        if self.count > MAX_NODES:
            raise _Refused(mark, self.path, "too-many-nodes", f"内容多于 {MAX_NODES} 项；请拆成几份通报")
        if len(self.open) > MAX_DEPTH:
            raise _Refused(mark, self.path, "too-deep", f"嵌套超过 {MAX_DEPTH} 层；请检查缩进")
        parent = self.parent
        if parent is None:
            self.root = node
        elif isinstance(parent, Sequence):
            parent.items.append(node)
        elif self.key is None:
            self._take_key(parent, node, mark)
            return
        else:
            parent.items.setdefault(self.key.text, (self.key, node))
            self.key = None
        if not isinstance(node, Scalar):
            self.open.append(parent)
            self.parent = node

    def close(self) -> None:
        """End the innermost collection."""
        self.parent = self.open.pop()

    def _take_key(self, parent: Mapping, node: Node, mark: Any) -> None:
        if not isinstance(node, Scalar):
            raise _Refused(mark, self.path, "yaml", "键必须是一个词；值以“{”或“[”开头时请加引号")
        if node.text in parent.items:
            first = parent.items[node.text][0]
            message = f"“{node.text}”重复了（上一次在第 {first.line} 行）；请合并或删去其中一个"
            span = Span(self.path, node.line, node.column)
            self.problems.append(Problem(span, Severity.ERROR, "duplicate-key", message))
        self.key = node


def _unsupported(event: Any, path: str) -> _Refused:
    """Anchors, aliases (which have an anchor too) and tags."""
    if event.anchor:
        message = "不支持 YAML 的锚点“&”和别名“*”；请写出完整内容，或给这个值加引号"
        return _Refused(event.start_mark, path, "alias", message)
    written = event.tag.replace("tag:yaml.org,2002:", "!!")
    message = f"不支持 YAML 的类型标记“{written}”；请删去，或给这个值加引号"
    return _Refused(event.start_mark, path, "tag", message)


def _scalar(event: Any, mark: Any, lines: list[str], hashed: set[int]) -> Scalar:
    text = event.value
    plain = not event.style
    end = event.end_mark
    line, last = mark.line, end.line
    if text and line != last and event.style != "|":
        text = _as_written(event, lines) if plain else _unfolded(text, block=event.style == ">")
    lost = _lost(event, lines) if plain and (last in hashed or last + 1 in hashed) else ""
    return Scalar(text, line + 1, mark.column + 1, plain, lost)


def _as_written(event: Any, lines: list[str]) -> str:
    """A plain scalar of several lines with its line breaks, which YAML would turn into spaces."""
    start, end = event.start_mark, event.end_mark
    first, *rest = lines[start.line : end.line + 1]
    rest[-1] = rest[-1][: end.column]
    return "\n".join([first[start.column :].rstrip(), *(line.strip() for line in rest)]).rstrip()


_FOLD_IN_CHINESE = re.compile(f"(?<={WIDE}) (?={WIDE})")


def _unfolded(text: str, *, block: bool) -> str:
    """Quoted text of several lines, or a `>` block: without the spaces that YAML puts between Chinese characters."""
    text = _FOLD_IN_CHINESE.sub("", text)
    return text.replace("\n", "\n\n") if block else text


def _lost(event: Any, lines: list[str]) -> str:
    """The comment that follows a plain scalar on its last line."""
    end = event.end_mark
    if end.line >= len(lines):
        return ""
    match = _COMMENT.match(lines[end.line], end.column)
    if not match and event.value and end.column >= len(lines[end.line].rstrip()) and end.line + 1 < len(lines):
        # `#第二行` on the next line, set in deeper than the key or dash of the text above it, is lost as well.
        opening = lines[event.start_mark.line]
        lead = re.match(r"[ ]*(?:- +)*", opening)
        at = lead.end() if lead else 0
        owner = at if event.start_mark.column > at else opening.rfind("-", 0, at)
        match = re.match(rf"[ ]{{{owner + 1},}}#([^ #].*)", lines[end.line + 1])
    if not match or (not event.value and match.group(1)[:1] in ("", " ")):
        return ""  # a key left empty may be commented: `title:  # fill in`
    return match.group(1)
