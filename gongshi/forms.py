"""model → the configuration of the form at `/admin/` (Decap CMS), read from the annotations as `schema.py` reads them.

A field has what Decap asks for (`widget`, `label`, `pattern` …), and a `kind` for our own script, which reads and
writes the files (templates/admin/splice.js). Three things differ from how a YAML file looks, because a form needs it:

- A part that may be missing is a list of at most one: fields that it must have are asked for only once it is there.
- A list of short texts is one text with a line for each: items that are opened and closed one by one tire.
- Below "问题进展" the issues of a notice stand in one list, however deep they lie: what editors do most is near.
"""

import dataclasses
import re
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin
from urllib.parse import urlsplit

from gongshi import model
from gongshi.decode import ATTACHMENT_SUFFIXES
from gongshi.schema import LEAVES, modeline, text_pattern

Form = dict[str, Any]

LOCAL = "http://127.0.0.1:8081/api/v1"  # where `npx decap-server` listens
_API_VERSIONS = {"gitlab": "v4", "gitea": "v1"}  # of hosts of one's own
_NUMBERS = {"count", "decimal"}
# What a closed item of a list shows; of others its first line of text.
_SUMMARIES: dict[type, str] = {
    model.Section: "{{number}} {{title}}",
    model.Aspect: "{{number}} {{title}}",
    model.Group: "{{number}} {{title}}",
    model.Issue: "{{id}} {{title}} · {{status}}",
    model.Measure: "{{number}} {{text | truncate(40, '…')}} {{status}}",
    model.Update: "{{date}} {{status}} {{text | truncate(30, '…')}}",
    model.Phone: "{{label}} {{number}}",
    model.Commitment: "{{due}} {{text}}",
    model.Verification: "{{date}} {{by}} {{result}}",
    model.Figure: "{{label}} {{value}} {{unit}}",
    model.Attachment: "{{number}} {{title}}",
    model.Signature: "{{by}} {{date}}",
    **dict.fromkeys((model.Contact, model.Postal, model.Totals, model.Labels, model.Numbering, model.Footer), "已填写"),
    model.SiteLabels: "已填写",
}
_PROGRESS = ("updates", "status", "due", "due_text", "verified")  # of an issue: what changes after it was published
# Where issues lie in a notice.
_ISSUES = (
    ("sections", "aspects", "groups", "issues"),
    ("sections", "aspects", "issues"),
    ("sections", "issues"),
)
_COMMITS = {
    "create": "新增{{collection}} {{slug}}",
    "update": "修改{{collection}} {{slug}}",
    "delete": "删除{{collection}} {{slug}}",
    "uploadMedia": "上传附件 {{path}}",
    "deleteMedia": "删除附件 {{path}}",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """The words of a site that the form offers: value and what it is called."""

    statuses: tuple[tuple[str, str], ...]
    regions: tuple[tuple[str, str], ...]


def connects_to(admin: model.Admin) -> tuple[str, ...]:
    """The origins that the form talks to, for the page's policy."""
    roots = {
        "github": ("https://api.github.com",),
        "gitlab": (admin.base_url or "https://gitlab.com",),
        "gitea": (admin.base_url or "",),
        "local": (LOCAL,),
    }[admin.backend]
    if admin.api_root:
        roots = (admin.api_root, *((admin.base_url,) if admin.base_url and admin.backend != "github" else ()))
    parts = (urlsplit(root) for root in roots if root)
    return tuple(dict.fromkeys(f"{part.scheme}://{part.netloc}" for part in parts))


def form(site: model.Site, admin: model.Admin, content: Path, offered: Offered) -> Form:
    """The whole configuration; `content` is the content folder as it lies in the repository."""
    folder = content.as_posix() if not content.is_absolute() else content.name
    notices = {"folder": f"{folder}/notices", "path": "{{year}}/{{slug}}", "extension": "yaml"}
    builder = _Builder(offered)
    listed = {
        "identifier_field": "title",
        "summary": "{{published | default('日期未注明')}}　{{title}}",
        "sortable_fields": ["published", "title"],
        "view_groups": [{"label": "年份", "field": "published", "pattern": r"\d{4}"}],
    }  # fmt: skip
    return {
        "backend": _backend(admin),
        **({"publish_mode": "editorial_workflow"} if admin.review else {}),
        "load_config_file": False,
        "locale": "zh_Hans",
        **({"display_url": site.base_url} if site.base_url else {}),
        "show_preview_links": False,
        "logo": {"src": "../static/icon.svg", "show_in_header": False},
        "media_folder": f"{folder}/uploads",
        "editor": {"preview": False},
        "collections": [
            {
                "name": "progress", "label": "问题进展", "label_singular": "问题进展",
                "description": "改一个问题的整改进度，或者写上新的进展。",
                "format": "gongshi-progress", "create": False, "delete": False, **notices, **listed,
                "filter": {"field": "kind", "value": "rectification"},
                "fields": builder.progress(),
            },
            {
                "name": "notices", "label": "通报", "label_singular": "通报",
                "description": "通报、方案和公告的全部内容。",
                "format": "gongshi-notice", "create": True, "delete": False, "slug": "{{agency}}-{{year}}",
                **notices, **listed,
                "media_folder": "{{filename}}", "public_folder": "",
                "head": [modeline("notice")],
                "fields": builder.fields(model.Notice),
            },
            {
                "name": "agencies", "label": "单位", "label_singular": "单位",
                "description": "单位的名称、地区和监督方式。新的单位请让网站管理员登记。",
                "format": "gongshi-agency", "create": False, "delete": False,
                "folder": f"{folder}/agencies", "extension": "yaml", "identifier_field": "name", "summary": "{{name}}",
                "fields": builder.fields(model.Agency),
            },
            {
                "name": "site", "label": "站点设置", "editor": {"preview": False}, "format": "gongshi-site",
                "files": [
                    {
                        "name": "site", "label": "站点设置", "file": f"{folder}/site.yaml",
                        "fields": builder.fields(model.Site, without=("schema", "admin")),
                    }
                ],
            },
        ],
    }  # fmt: skip


def _backend(admin: model.Admin) -> Form:
    known = {"branch": admin.branch, "commit_messages": _COMMITS}
    if admin.backend == "local":
        return {"name": "proxy", "proxy_url": admin.api_root or LOCAL, **known}
    found: Form = {"name": admin.backend, "repo": admin.repo, **known}
    root = admin.api_root
    if admin.backend != "github":
        found |= {"auth_type": "pkce", "app_id": admin.app_id}
        if admin.base_url and not root:
            root = f"{admin.base_url.rstrip('/')}/api/{_API_VERSIONS[admin.backend]}"
    given = {"base_url": admin.base_url, "api_root": root}
    return found | {key: value for key, value in given.items() if value}


class _Builder:
    def __init__(self, offered: Offered) -> None:
        self.offered = {"statuses": offered.statuses, "regions": offered.regions}

    def progress(self) -> list[Form]:
        """The fields of a notice that one sees whose issues are to be updated."""
        hidden = {"widget": "hidden", "kind": "line"}
        own = {f["name"]: f for f in self.fields(model.Issue)}
        own["updates"]["hint"] = "通报发布以后的进展，按日期从早到晚"
        own["status"]["hint"] = "通报当时的话，录错了才改；后来的进展加在上面"
        issues = {
            "name": "issues", "label": "问题", "widget": "list", "kind": "flat", "required": False,
            "paths": [list(path) for path in _ISSUES], "shown": ["id", "title"], "order": list(own),
            "allow_add": False, "allow_remove": False, "allow_reorder": False, "collapsed": True,
            "summary": _SUMMARIES[model.Issue], "fields": [own[name] for name in _PROGRESS],
        }  # fmt: skip
        return [{"name": name, "label": name, **hidden} for name in ("title", "kind", "published")] + [issues]

    def fields(self, cls: Any, without: tuple[str, ...] = ()) -> list[Form]:
        """The fields of a class of the model."""
        hints = typing.get_type_hints(cls, include_extras=True)
        short = getattr(cls, "SHORTHAND", None)
        own = (f for f in dataclasses.fields(cls) if f.metadata and f.name not in without)
        return [self._field(cls, f, hints[f.name]) | ({"short": True} if f.name == short else {}) for f in own]

    def _field(self, cls: Any, field: Any, hint: Any) -> Form:
        missing = dataclasses.MISSING
        required = field.default is field.default_factory is missing
        named = {
            "name": field.name,
            "label": _LABELS.get((cls, field.name)) or field.metadata["zh"],
            "required": required,
        }
        if get_origin(hint) in (types.UnionType, typing.Union):
            hint = next(arg for arg in get_args(hint) if arg is not type(None))
        widget = self._widget(hint, field.metadata["words"], field.metadata["zh"], required=required)
        said = _hint(cls, field, widget)
        return named | ({"hint": said} if said else {}) | widget

    def _widget(self, hint: Any, words: str | None, title: str, *, required: bool) -> Form:
        origin, args = get_origin(hint), get_args(hint)
        if origin is tuple:
            return self._list(args[0], words, title)
        if origin is Literal:
            return {"widget": "select", "kind": "line", "options": list(_choices(args))}
        if dataclasses.is_dataclass(hint) and hint not in LEAVES:
            part = {"fields": self.fields(hint), "collapsed": not required and hint is not model.Contact}
            if required:
                return {"widget": "object", "kind": "part", **part}
            return {"widget": "list", "kind": "one", "max": 1, **part, **_summary(hint), "allow_reorder": False}
        return self._leaf(args[1] if origin is Annotated else LEAVES[hint], words)

    def _leaf(self, kind: str, words: str | None) -> Form:
        if kind == "bool":
            return {"widget": "boolean", "kind": "flag"}
        if kind == "file-name":
            return {"widget": "file", "kind": "line", "allow_multiple": False, "choose_url": False,
                    "media_library": {"config": {"accept": ",".join(sorted(ATTACHMENT_SUFFIXES))}}}  # fmt: skip
        if kind == "prose":
            return {"widget": "text", "kind": "prose"}
        if words == "agencies":
            return {"widget": "relation", "kind": "line", "collection": "agencies", "value_field": "{{slug}}",
                    "search_fields": ["name"], "display_fields": ["name"]}  # fmt: skip
        line: Form = {"widget": "string", "kind": "line", "pattern": list(text_pattern(kind))}
        if kind in _NUMBERS:
            line["number"] = True
        if words in self.offered:
            offered = [{"value": value, "label": label} for value, label in self.offered[words]]
            line |= {"widget": "word", "options": offered}
        return line

    def _list(self, item: Any, words: str | None, title: str) -> Form:
        if get_origin(item) is Literal:
            return {"widget": "select", "kind": "several", "multiple": True, "options": list(_choices(get_args(item)))}
        if words == "notices":
            return {"widget": "relation", "kind": "several", "multiple": True, "collection": "notices",
                    "value_field": "{{filename}}", "search_fields": ["title"], "display_fields": ["title"]}  # fmt: skip
        if dataclasses.is_dataclass(item):
            fields = self.fields(item)
            deep = any(field["kind"] == "many" for field in fields)  # made only when it is opened: there may be many
            return {"widget": "list", "kind": "many", "label_singular": title, "collapsed": True,
                    "minimize_collapsed": deep, "fields": fields, **_summary(item)}  # fmt: skip
        return {"widget": "text", "kind": "lines"}


# What a description says that a form shows by itself, or that is about YAML alone.
_SHOWN = re.compile(
    r"^(?:列表|一行|正文|日期|数|true 或 false|不写是 \w+|见[“”\w]+|见下表|同上)(?:[，。；]|$)|，列表$"
    r"|。?只有内容时可以直接写 .*|^(?:任务和阶段|任务和报送材料|报送材料|任务|阶段)用(?:[，。]|$)"
    r"|[三两](?:项|种)都要写。?|，?例如 \[.*\]|每项有.*"
)
_NAME = re.compile(r" ?(?<![#\w.])\b([a-z_]+)\b(?![.]) ?")
_WHEN = "写成 2023-06-08；只知道月份写 2023-06，只知道年份写 2023"
_LABELS = {(model.Notice, "agency"): "单位"}  # where one chooses by name what the file names by its id
# What is said otherwise where one does not see the file.
_HINTS: dict[tuple[type, str], str] = {
    (model.Notice, "agency"): "没有要找的单位，请先让网站管理员登记",
    (model.Notice, "follows"): "更早的通报，它的问题这份通报又说到了",
    (model.Inspection, "subject"): "专项巡察用",
    (model.Provenance, "note"): "摘要、缺损、遮盖等情况写在这里",
    (model.Deliverable, "attachment"): "写附件的“附件序号”",
    (model.Issue, "labels"): "与全文的“原文用语”不同的写在这里；原文这里没印用语的，写 无",
    (model.Attachment, "file"): "文件放在与通报同名的文件夹里。原文列了附件而没有文件的，不加",
    (model.Signature, "text"): "原文不是先印单位、再印“2024年4月18日”这样的日期时写，见编辑手册 7.9",
    (model.Withdrawn, "reason"): "一行，会公开",
    (model.Withheld, "measures"): "写在不予公开的问题上：它有几条措施",
    (model.Totals, "measures"): "列出的措施，含不予公开的",
    (model.Figure, "value"): "写 7 或 34.5，不带单位和千分位逗号",
    (model.Figure, "label"): "",
    (model.Figure, "unit"): "",
    (model.Exemption, "text"): "照文中写；照片写文件名。只给编辑看，不公开",
    (model.Exemption, "reason"): "为什么可以公开。只给编辑看，不公开",
    (model.Agency, "region_inferred"): "地区核对过了就关掉；开着时页面注明“推定，待核实”",
    (model.Site, "statuses"): "",
    (model.Site, "labels"): "通报没有印时用的词",
}


def _hint(cls: Any, field: Any, widget: Form) -> str:
    """What the form says below a field."""
    said = _HINTS.get((cls, field.name))
    if said is None:
        said = "" if widget["widget"] == "select" else field.metadata["description"]
        while said != (shorter := _SHOWN.sub("", said, count=1).strip("，。；")):
            said = shorter
        own = {"status": "整改进度"} | {f.name: f.metadata["zh"] for f in dataclasses.fields(cls) if f.metadata}
        said = _NAME.sub(lambda match: f"“{own[match[1]]}”" if match[1] in own else match[0], said)
    first = {"lines": "一行写一个", "one": "没有就不加"}.get(widget["kind"], "")
    if widget.get("pattern") == list(text_pattern("partial-date")):
        first = _WHEN
    return "。".join(part for part in (first, said) if part)


def _choices(values: tuple[str, ...]) -> Iterator[Form]:
    for value in values:
        yield {"label": model.CHOICES.get(value, value), "value": value}


def _summary(cls: Any) -> Form:
    return {"summary": _SUMMARIES[cls]} if cls in _SUMMARIES else {}
