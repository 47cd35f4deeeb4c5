"""Plain values become YAML as an editor would write it: block style, quotes only where they are needed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

# Text that is safe without quotes. What YAML would take for a number or a date is never written as text here, except by
# fields that are typed by the reader (dates, counts).
_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=~<][^:#\n]*(?:[:#](?=\S)[^:#\n]*)*")
_WORDS = frozenset({"true", "false", "yes", "no", "null", "on", "off", "y", "n"})
_SHORT = 16  # characters of words that stand in a list of one line
_NUMBER = re.compile(r"[\d.+-]+")


class Quoted(str):
    """Text that looks like a number and is none: codes, ids and phone numbers."""

    __slots__ = ()


class Flow(dict[str, Any]):
    """A mapping that is written in one line, in braces."""

    __slots__ = ()


def dump(value: Mapping[str, Any]) -> str:
    """A mapping as a YAML document."""
    return "\n".join(_mapping(value, 0)) + "\n"


def _mapping(value: Mapping[str, Any], indent: int) -> Iterator[str]:
    pad = " " * indent
    for key, item in value.items():
        yield from _entry(f"{pad}{_scalar(key)}:", item, indent)


def _entry(head: str, item: Any, indent: int) -> Iterator[str]:
    if isinstance(item, Flow) or not isinstance(item, dict | list | tuple):
        if isinstance(item, str) and "\n" in item:
            yield f"{head} |"
            pad = " " * (indent + 2)
            yield from (pad + line if line else "" for line in item.split("\n"))
        else:
            yield f"{head} {_inline(item)}"
    elif isinstance(item, dict):
        yield head
        yield from _mapping(item, indent + 2)
    elif all(isinstance(each, str) and len(each) <= _SHORT for each in item):
        yield f"{head} [{', '.join(_flow_scalar(each) for each in item)}]"
    else:
        yield head
        yield from _sequence(item, indent + 2)


def _sequence(items: Sequence[Any], indent: int) -> Iterator[str]:
    pad = " " * indent
    for item in items:
        if isinstance(item, dict) and not isinstance(item, Flow):
            lines = _mapping(item, indent + 2)
            yield f"{pad}- {next(lines).lstrip()}"
            yield from lines
        else:
            yield from _entry(f"{pad}-", item, indent)


def _inline(item: Any) -> str:
    if isinstance(item, dict):
        return "{" + ", ".join(f"{key}: {_flow_scalar(each)}" for key, each in item.items()) + "}"
    return _scalar(item)


def _flow_scalar(item: Any) -> str:
    text = _scalar(item)
    return f"'{text}'" if any(mark in text for mark in ",[]{}") and not text.startswith("'") else text


def _scalar(item: Any) -> str:
    if isinstance(item, bool):
        return "true" if item else "false"
    if not isinstance(item, str):
        return str(item)
    # Dates are left plain, since whoever reads them gives them their type.
    if isinstance(item, Quoted):
        quoted = item.lower() in _WORDS or _NUMBER.fullmatch(item) or not _PLAIN.fullmatch(item)
    else:
        quoted = item.lower() in _WORDS or not _PLAIN.fullmatch(item) or item[-1] == " "
    return "'" + item.replace("'", "''") + "'" if quoted else item
