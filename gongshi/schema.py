"""JSON Schema of the content files, read from the model as `decode.py` reads it: editors complete and underline by it.

Draft 7: every version of yaml-language-server, and every other editor that knows schemas, reads it. Four schemas say
what the program accepts; a fifth file, `words.json`, holds what one content folder uses (status wordings, agencies,
regions, notices) and is only offered, never demanded: it may be older than the content, and a red line under a right
word would teach editors to overlook red lines. Unknown words are told by `check`.

Every scalar of the content is text, whatever YAML takes it for; so text may also be a number here.
"""

import dataclasses
import datetime as dt
import json
import types
import typing
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

from gongshi import model
from gongshi.dates import PartialDate
from gongshi.decode import (
    ATTACHMENT_SUFFIXES,
    CUTTING,
    MAX_LINE,
    Report,
    decode,
    decode_regions,
    field_names,
    pattern_of,
)
from gongshi.problems import UsageError
from gongshi.scan import REGIONS, SITE, scan
from gongshi.source import INVISIBLE, MAX_BYTES, Node, parse_yaml

Schema = dict[str, Any]

WORDS = "words.json"
_CLASSES: dict[str, tuple[type, str]] = {
    "notice": (model.Notice, "通报"),
    "agency": (model.Agency, "单位"),
    "site": (model.Site, "站点设置"),
}
_ABOVE = {"notice": "../../..", "agency": "../.."}  # from a file of the content to the folder that holds `schema/`
_COMMENT = "由 python build.py schema 写出，请不要手改"
_NULL: Schema = {"type": "null"}

# Of these keys one at most may have content, as checks/structure.py has it.
_EITHER: dict[type, tuple[tuple[str, ...], str]] = {
    model.Section: (model.Section.STRUCTURES, "一个部分里只能有其中一种内容；请拆成几个部分"),
    model.Aspect: (("groups", "issues"), "一个方面里，问题要么都放在 groups 里，要么都直接写 issues；请合并"),
    model.Issue: (("parts", "measures"), "分了 parts 的问题，措施请都写在各个分项里"),
}
# Of these keys there has to be one.
_SOME: dict[type, tuple[str, ...]] = {
    model.Notice: ("opening", "sections", "withdrawn"),
    model.Section: ("title", "text", *model.Section.STRUCTURES, "withheld"),
    model.Issue: ("title", "withheld"),
    model.Measure: ("text", "withheld"),
}

_UNSEEN = INVISIBLE[1:-1].replace(r"\ud800-\udfff", "")  # halves of characters are whole ones to some editors
_DAY = r"(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8])"
_LEAP = r"(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29"
_YEAR = r"(?!0000)\d{4}"
_WHEN = "请写成 2023-06-08"
_PARTLY = "请写成 2023-06-08；只知道月份写 2023-06，只知道旬写 2023-06 中旬，只知道年份写 2023"
_COUNT = "请写 0、1、2 这样的整数，不带单位"
_NUMBER = "请写 7 或 34.5 这样的数，单位写在 unit 里"
_ONE_LINE = f"这里要写一行文字，最多 {MAX_LINE} 个字符，不能有看不见的字符；长的内容请写到 text 里"

# What YAML may take a text of a kind for, besides a string.
_AS_NUMBER: dict[str, Schema] = {
    "line": {"type": "number"},
    "prose": {"type": "number"},
    "term": {"type": "number"},
    "number-style": {"type": "number"},
    "issue-id": {"type": "integer", "minimum": 0},
    "region-code": {"type": "integer", "minimum": 100_000, "maximum": 999_999},
    "area-code": {"type": "integer", "minimum": 0, "maximum": 999},
    "hotline": {"type": "integer", "minimum": 100},
    "site-code": {"type": "integer"},
    "police": {"type": "integer"},
    "partial-date": {"type": "integer", "minimum": 1_000, "maximum": 9_999},
    "count": {"type": "integer", "minimum": 0, "maximum": 999_999_999},
    "decimal": {"type": "number", "minimum": 0},
}
LEAVES: dict[Any, str] = {PartialDate: "partial-date", dt.date: "date", Decimal: "decimal", bool: "bool"}


def modeline(kind: Literal["notice", "agency"]) -> str:
    """The first line of a content file: it tells editors where the schema is."""
    return f"# yaml-language-server: $schema={_ABOVE[kind]}/schema/{kind}.json"


def schemas() -> dict[str, str]:
    """The text of each schema, by the name of its file: those that depend on the program alone."""
    found = {f"{name}.json": _Builder().whole(cls, title) for name, (cls, title) in _CLASSES.items()}
    found["regions.json"] = _regions()
    return {name: _text(schema) for name, schema in found.items()}


def words(content: Path) -> str:
    """The text of `words.json` for a content folder; what cannot be read there is left out.

    Raises UsageError if there is no such folder.
    """
    if not content.is_dir():
        raise UsageError(f"找不到内容文件夹 {content}；请在项目的根目录运行，或用 --content 指定")
    files = scan(content)
    site = _read(content / SITE, lambda node, report: decode(model.Site, node, report))
    regions = _read(content / REGIONS, decode_regions) or {}
    statuses = [
        (word, entry.label)
        for entry in (site.statuses.words(bucket) for bucket in model.BUCKETS if site)
        for word in entry.wordings
    ]
    agencies = []
    for file in files.agencies:
        agency = _read(content / file, lambda node, report: decode(model.Agency, node, report))
        agencies.append((Path(file).stem, agency.name if agency else ""))
    offered = {
        "statuses": statuses,
        "agencies": agencies,
        "regions": [(region.code, region.name) for region in regions.values()],
        "notices": [(stem, "") for stem in sorted(Path(file).stem for file in files.notices)],
    }
    definitions = {name: _offer(pairs) for name, pairs in offered.items()}
    return _text(
        {"$schema": "http://json-schema.org/draft-07/schema#", "$comment": _COMMENT, "definitions": definitions}
    )


def write(folder: Path, content: Path) -> list[Path]:
    """Write all schemas and the words of a content folder into a folder; the files that are there now.

    Raises UsageError if there is no such content folder, OSError if a file cannot be written.
    """
    texts = {**schemas(), WORDS: words(content)}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return [folder / name for name in texts]


def _read(file: Path, decoder: Any) -> Any:
    """What a file of the content holds, or None if that cannot be told."""
    try:
        raw = file.read_bytes() if file.stat().st_size <= MAX_BYTES else b""
    except OSError:
        return None
    node: Node | None = parse_yaml(raw, "", field_names()).root
    return decoder(node, Report("")) if node is not None else None


def _offer(pairs: Iterable[tuple[str, str]]) -> Schema:
    found = dict(pairs)
    return {"enum": list(found), "enumDescriptions": list(found.values())}


def _text(schema: Schema) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _regions() -> Schema:
    builder = _Builder()
    entry = builder.leaf("line", "地区名称", blank=False)
    pattern, remedy = pattern_of("region-code") or ("", "")
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$comment": _COMMENT,
        "title": "地区",
        "description": f"地区代码和名称，一行一个。{remedy}",
        "type": "object",
        "patternProperties": {f"^(?:{pattern})$": entry},
        "additionalProperties": False,
        "definitions": builder.definitions,
    }


class _Builder:
    """Collects the definitions of one schema."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def whole(self, cls: type, title: str) -> Schema:
        """The schema of a file that holds one value of a class."""
        head = {"$schema": "http://json-schema.org/draft-07/schema#", "$comment": _COMMENT, "title": title}
        body = self._class(cls)
        return head | body | {"definitions": dict(sorted(self.definitions.items()))}

    def leaf(self, kind: str, title: str, *, blank: bool) -> Schema:
        """A kind of text; `blank` for a key that may be left empty."""
        self.definitions.setdefault(kind, _leaf(kind))
        filled = {"title": title, "$ref": f"#/definitions/{kind}"}
        # Not as one of several types: editors would offer `null` as a word.
        return {"title": title, "if": _NULL, "else": filled} if blank else filled

    def _class(self, cls: Any) -> Schema:
        hints = typing.get_type_hints(cls, include_extras=True)
        own = [f for f in dataclasses.fields(cls) if f.metadata]
        missing = dataclasses.MISSING
        required = [f.name for f in own if f.default is f.default_factory is missing]
        rules = list(_rules(cls))
        return {
            "type": "object",
            "properties": {f.name: self._field(f, hints[f.name], blank=f.name not in required) for f in own},
            "required": required,
            "additionalProperties": False,
            **({"allOf": rules} if rules else {}),
        }

    def _field(self, field: Any, hint: Any, *, blank: bool) -> Schema:
        name = field.metadata["zh"]
        told = {key: field.metadata[key] for key in ("description", "examples") if field.metadata[key]}
        typed = self._typed(hint, name, field.metadata["words"], blank=blank and field.name not in CUTTING)
        return {"title": name, **told, **typed}

    def _typed(self, hint: Any, title: str, offered: str | None, *, blank: bool) -> Schema:
        """The schema of a type as `model.py` writes it. Each part has the title: a server may take that of any."""
        origin, args = get_origin(hint), get_args(hint)
        if origin in (types.UnionType, typing.Union):
            hint = next(arg for arg in args if arg is not type(None))
            return self._typed(hint, title, offered, blank=blank)
        if origin is tuple:
            items = self._typed(args[0], title, offered, blank=False)
            return {"type": ["array", "null"] if blank else "array", "items": items}
        if origin is Literal:
            return _choice(args)
        kind = args[1] if origin is Annotated else LEAVES.get(hint)
        if kind:
            leaf = self.leaf(kind, title, blank=blank)
            offer = {"title": title, "$ref": f"{WORDS}#/definitions/{offered}"}
            return {"anyOf": [leaf, offer]} if offered else leaf
        return self._part(hint, title, blank=blank)

    def _part(self, cls: Any, title: str, *, blank: bool) -> Schema:
        name = cls.__name__
        if name not in self.definitions:
            self.definitions[name] = {}  # a class may hold itself
            self.definitions[name] = self._class(cls)
        forms: list[Schema] = [{"title": title, "$ref": f"#/definitions/{name}"}]
        if hasattr(cls, "SHORTHAND"):
            forms.append(self.leaf("prose", title, blank=False))
        if blank:
            forms.append(_NULL)
        return {"anyOf": forms} if len(forms) > 1 else forms[0]


def _rules(cls: type) -> Iterator[Schema]:
    """What a class asks of its keys together."""
    if some := _SOME.get(cls):
        yield {"anyOf": [{"required": [key]} for key in some]}
    either, message = _EITHER.get(cls, ((), ""))
    for n, first in enumerate(either):
        filled = {"required": [first], "properties": {first: {"type": "array", "minItems": 1}}}
        others = {other: {"type": "null", "errorMessage": message} for other in either[n + 1 :]}
        if others:
            yield {"if": filled, "then": {"properties": others}}


def _choice(choices: tuple[str, ...]) -> Schema:
    numbers = [int(choice) for choice in choices if choice.isdigit()]  # as YAML may take them
    named = [model.CHOICES.get(choice, "") for choice in choices]
    return {"enum": [*choices, *numbers], **({"enumDescriptions": named} if any(named) else {})}


def _leaf(kind: str) -> Schema:
    if kind == "bool":
        return {"type": "boolean"}
    pattern, message = text_pattern(kind)
    number = dict(_AS_NUMBER.get(kind, {}))
    kinds = ["string", number.pop("type")] if number else "string"
    found: Schema = {"type": kinds, "pattern": pattern, "patternErrorMessage": message}
    if kind != "prose":
        found["maxLength"] = MAX_LINE
    return found | number


def text_pattern(kind: str) -> tuple[str, str]:
    """A pattern in the common part of Python's and ECMAScript's, and what the editor is told."""
    if kind == "line" or (kind in ("term", "timezone") and not pattern_of(kind)):
        return rf"^(?![\s\S]*[{_UNSEEN}])\s*\S(?:[^\n]*\S)?\s*$", _ONE_LINE
    if kind == "prose":
        return rf"^(?![\s\S]*[{_UNSEEN}])[\s\S]*\S", "这里要写文字，不能是空的，也不能有看不见的字符"
    if kind == "partial-date":
        return rf"^(?:{_YEAR}(?:-(?:{_DAY}|(?:0[1-9]|1[0-2])(?: ?[上中下]旬)?))?|{_LEAP})$", _PARTLY
    if kind == "date":
        return rf"^(?:{_YEAR}-(?:{_DAY})|{_LEAP})$", _WHEN
    if kind == "count":
        return r"^\d{1,9}$", _COUNT
    if kind == "decimal":
        return r"^\d{1,15}(?:\.\d{1,6})?$", _NUMBER
    if kind == "base-url":
        return r"^https?://[^\s<>\"'\\?#@]+$", "网站的网址例如 https://example.cn/gs/，不能带“?”“#”“@”"
    if kind == "file-name":
        ends = "|".join("".join(f"[{c}{c.upper()}]" for c in suffix[1:]) for suffix in sorted(ATTACHMENT_SUFFIXES))
        allowed = "、".join(sorted(suffix[1:] for suffix in ATTACHMENT_SUFFIXES))
        return (
            rf"^(?!\.)[^/\\:\x00-\x1f]+\.(?:{ends})$",
            f"只写文件名，文件放在与通报同名的文件夹里；可用的类型：{allowed}",
        )
    pattern, message = pattern_of(kind) or (r"\S", "")
    return f"^(?:{pattern})$", message
