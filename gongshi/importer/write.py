"""A value of the model becomes the YAML that an editor would have written: the way back from `decode.py`.

As there, nothing is said about single fields: their order, defaults and kinds of text are read from `model.py`. Text is
never wrapped, because a line break would become part of it.
"""

import re
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from gongshi import model
from gongshi.schema import modeline

MAX_INLINE_PROSE = 60  # characters of prose that may stand behind their key
MAX_FLOW = 90  # characters of a mapping or a list on one line, with its brackets
STEP = 2  # columns of indentation

# What YAML would not read back as the same plain text, anywhere and inside of brackets.
_UNSAFE = re.compile(r"^[-?:,\[\]{}#&*!|>'\"%@`\s]|:\s|\s#|[:\s]\Z|^\Z")
_UNSAFE_IN_FLOW = re.compile(r"[,\[\]{}?]")
# A list item that `source.py` would take for a key with a wrong colon.
_LIKE_A_KEY = re.compile(r"[A-Za-z_]+(?:：|:[^\x00-\x7f]|:['\"\d])")
# Text that editors with the core schema of YAML 1.2 would take for a number or another value that is no text.
_NO_TEXT_ELSEWHERE = re.compile(
    r"[-+]?(?:\.\d+|\d+\.?\d*)(?:[eE][-+]?\d+)?|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
    re.ASCII,
)


def write(
    value: model.Notice | model.Agency, comments: Mapping[int, Sequence[str]] = types.MappingProxyType({})
) -> str:
    """The YAML text of a notice or an agency; read back, it gives an equal value.

    `comments` maps `id(part)` of any part of the value to lines that are written as comments directly above that part.
    """
    writer = _Writer(comments)
    writer.lines.append(modeline("notice" if isinstance(value, model.Notice) else "agency"))
    writer.comment(value, 0)
    writer.keys(value, 0, "")
    return "\n".join([*writer.lines, ""])


@dataclass(frozen=True, slots=True)
class _Field:
    """A field as it is written: `default` is left out; `prose` may take several lines."""

    name: str
    default: Any
    prose: bool


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the values of a class are written. `flat` ones hold no lists of parts: without prose they may fit a line."""

    fields: tuple[_Field, ...]
    shorthand: str | None
    flat: bool

    def given(self, value: Any) -> list[tuple[_Field, Any]]:
        """The fields that have to be written, with their values."""
        pairs = ((f, getattr(value, f.name)) for f in self.fields)
        return [(f, held) for f, held in pairs if f.default is MISSING or held != f.default]


def _shape(value: Any) -> _Shape:
    cls: Any = type(value)
    return _class_shape(cls)


@cache
def _class_shape(cls: Any) -> _Shape:
    hints = typing.get_type_hints(cls, include_extras=True)
    found: list[_Field] = []
    flat = True
    for f in fields(cls):
        if f.metadata:
            default = f.default if f.default_factory is MISSING else f.default_factory()
            prose = any(get_origin(h) is Annotated and get_args(h)[1] == "prose" for h in _inner(hints[f.name]))
            parts = get_origin(hints[f.name]) is tuple and any(is_dataclass(h) for h in _inner(hints[f.name]))
            found.append(_Field(f.name, default, prose))
            flat = flat and not parts
    return _Shape(tuple(found), getattr(cls, "SHORTHAND", None), flat)


def _inner(hint: Any) -> Iterator[Any]:
    """The types inside of `X | None` and `tuple[X, ...]`."""
    if get_origin(hint) in (types.UnionType, typing.Union, tuple):
        for arg in get_args(hint):
            yield from _inner(arg)
    else:
        yield hint


class _Writer:
    """Collects the lines of one file."""

    def __init__(self, comments: Mapping[int, Sequence[str]]) -> None:
        self.comments = comments
        self.lines: list[str] = []

    def comment(self, value: Any, column: int) -> None:
        """The comment lines of a part; they hold nothing that could end a comment or spoil the file."""
        if isinstance(value, model.Located):
            for line in self.comments.get(id(value), ()):
                words = "".join(c if c.isprintable() else " " for c in line).split()
                self.lines.append(" " * column + " ".join(["#", *words]))

    def keys(self, value: Any, column: int, lead: str) -> None:
        """A mapping in block style with its keys at `column`; the first one follows `lead`, which may be a dash."""
        for f, held in _shape(value).given(value):
            self.comment(held, len(lead) - len(lead.lstrip(" ")) if lead.strip() else column)
            self.value(held, f"{lead}{f.name}:", column, prose=f.prose)
            lead = " " * column

    def value(self, value: Any, lead: str, column: int, *, prose: bool) -> None:
        """A value behind `lead`, a key or a dash, which stands at `column`."""
        item = lead.endswith("-")
        if isinstance(value, model.Located):
            shape = _shape(value)
            given = shape.given(value)
            if len(given) == 1 and given[0][0].name == shape.shorthand:
                ((f, value),) = given
                prose = f.prose
        inner = column + STEP
        pad = " " * inner
        if not isinstance(value, model.Located | tuple):
            self._scalar(value, lead, pad, prose=prose, item=item)
        elif (flow := _flow(value)) is not None:
            self.lines.append(f"{lead} {flow}")
        elif isinstance(value, tuple):
            self.lines.append(lead)
            for part in value:
                self.comment(part, inner)
                self.value(part, f"{pad}-", inner, prose=prose)
        elif item:
            self.keys(value, inner, f"{lead} ")
        else:
            self.lines.append(lead)
            self.keys(value, inner, pad)

    def _scalar(self, value: Any, lead: str, pad: str, *, prose: bool, item: bool) -> None:
        text = _text(value)
        plain = _plain(value, text) and not (item and _LIKE_A_KEY.match(text))
        if "\n" in text or (prose and (len(text) > MAX_INLINE_PROSE or not plain)):
            self.lines.append(f"{lead} |")
            self.lines += [pad + line if line else "" for line in text.strip().split("\n")]
        else:
            self.lines.append(f"{lead} {text if plain else _quote(text)}")


def _flow(value: Any) -> str | None:
    """A mapping or a list on one line; None if it is too long, or holds more than simple values."""
    if isinstance(value, tuple):
        parts = [_flow_scalar(item) for item in value]
        brackets = "[]"
    else:
        shape = _shape(value)
        given = shape.given(value)
        if given and (not shape.flat or any(f.prose for f, _ in given)):
            return None
        held = [(f.name, _flow(v) if isinstance(v, tuple) else _flow_scalar(v)) for f, v in given]
        parts = [text and f"{name}: {text}" for name, text in held]
        brackets = "{}"
    texts = [text for text in parts if text is not None]
    line = brackets[0] + ", ".join(texts) + brackets[1]
    return line if len(texts) == len(parts) and len(line) <= MAX_FLOW else None


def _flow_scalar(value: Any) -> str | None:
    """A simple value between brackets; None if it is none, or if YAML would take a part of it for a mark of its own."""
    if isinstance(value, model.Located):
        return None
    text = _text(value)
    if _UNSAFE.search(text) or _UNSAFE_IN_FLOW.search(text) or "\n" in text:
        return None
    return text if _plain(value, text) else _quote(text)


def _text(value: Any) -> str:
    """A single value as `decode.py` reads it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _plain(value: Any, text: str) -> bool:
    """True if the text of a value can stand outside of brackets without quotes, and is what it seems to be."""
    if isinstance(value, bool | int | Decimal):
        return True
    return not _UNSAFE.search(text) and not _NO_TEXT_ELSEWHERE.fullmatch(text)


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
