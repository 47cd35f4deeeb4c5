"""Open data described once: tables, fields, keys. Files of every format and their descriptions come from here.

The names are part of the published contract (design.md §5): they are added to, never renamed or removed.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gongshi import model

# `when` is a date as exact as the notice (dates.py), `day` one to the day; `texts` is a list of lines.
Type = Literal["text", "when", "day", "count", "flag", "texts", "object", "array"]
TYPES: dict[Type, str] = {
    "text": "文字",
    "when": "日期，可能只到旬、月或年",
    "day": "日期",
    "count": "整数",
    "flag": "是或否",
    "texts": "文字，可以有几个",
    "object": "一组值",
    "array": "列表",
}
WHEN = r"\d{4}(-\d{2}(-\d{2}| [上中下]旬)?)?"  # a regular expression: how `when` is written

BUCKETS = {"done": "已完成", "ongoing": "长期坚持", "open": "未完成", "unstated": "未注明"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field. `refers` names the table whose key it holds; if it is `loose` that row may not be published."""

    name: str
    title: str
    type: Type = "text"
    description: str = ""
    required: bool = False
    choices: Mapping[str, str] = dataclasses.field(default_factory=dict)  # codes and their names
    refers: str = ""
    loose: bool = False
    shown: bool = False  # in the first rows on the page
    apart: bool = False  # another table has it, too, and sheets and the database leave it out

    @property
    def meaning(self) -> str:
        """Its description with what its codes stand for; empty if its title says all."""
        codes = "、".join(f"{code} {name}" for code, name in self.choices.items())
        return "；".join(filter(None, (self.description, codes)))

    @property
    def sought(self) -> bool:
        """True if people look for rows by it."""
        return bool(self.refers or self.choices) or self.type in ("when", "day")


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of record. The first field is the key; `words` are those whose text is searched."""

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    words: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name of its key."""
        return self.fields[0].name

    @property
    def flat(self) -> tuple[Field, ...]:
        """What sheets and the database have of it."""
        return tuple(field for field in self.fields if not field.apart)


def _title(cls: type, name: str) -> str:
    """The name of a field of the model, as editors know it."""
    title: str = next(f.metadata["zh"] for f in dataclasses.fields(cls) if f.name == name)
    return title


def _of(
    cls: type,
    key: str,
    name: str = "",
    kind: Type = "text",
    description: str = "",
    *,
    choices: Mapping[str, str] | None = None,
    required: bool = False,
    shown: bool = False,
    apart: bool = False,
) -> Field:
    """A field of the model, published as `name` or under its own."""
    title = _title(cls, key)
    return Field(name or key, title, kind, description, required, choices or {}, shown=shown, apart=apart)


def _key(title: str, how: str) -> Field:
    return Field("id", title, description=how, required=True)


def _refers(name: str, title: str, table: str, description: str = "", *, required: bool = False) -> Field:
    return Field(name, title, description=description, required=required, refers=table)


def _counts() -> tuple[Field, ...]:
    """Notices and issues counted; issues that a later notice took up count there alone."""
    by_bucket = (Field(code, name, "count", "按最新进度", required=True) for code, name in BUCKETS.items())
    return (
        Field("notices", "通报数", "count", required=True, shown=True),
        Field("issues", "问题数", "count", "被后来的通报承接的，只在后一份里算一次", required=True, shown=True),
        *by_bucket,
    )


_NOTICE = _refers("notice", "通报编号", "notices", required=True)
_AGENCY = _refers("agency", "单位编号", "agencies", required=True)
_URL = Field("url", "网址", required=True)
_BUCKET = Field("bucket", "归类", choices=BUCKETS, required=True, shown=True)
_WITHHELD = _of(model.Issue, "withheld", description="理由代码", choices=model.REASONS)

TABLES = (
    Table(
        "notices",
        "通报",
        "每份通报、方案或公告一行，新的在前。",
        (
            _key("通报编号", "也是网址的一部分"),
            _of(model.Notice, "kind", required=True, choices=model.KINDS),
            _of(model.Notice, "title", required=True, shown=True),
            _AGENCY,
            _of(model.Notice, "published", kind="when", description="原文未注明时为空", shown=True),
            _of(model.Notice, "text", required=True, choices=model.TEXTS),
            _of(
                model.Notice,
                "inspection",
                "",
                "object",
                "body 机构、round 轮次、subject 事项、started 与 ended 起止、feedback 反馈日期",
            ),
            _of(model.Notice, "declared", "", "object", "通报自己申报的总数", apart=True),
            Field(
                "counted",
                "清点数",
                "object",
                "按列出的问题逐条清点的数，与 declared 的项目相同；原文没有逐条注明、无法清点的为空",
                apart=True,
            ),
            Field("published_counts", "公开数", "object", "清点数减去不予公开的部分", apart=True),
            Field(
                "differences",
                "不一致之处",
                "array",
                "申报与清点不一致的：part 所在部分、key 项目、declared、counted、url",
                apart=True,
            ),
            _of(model.Notice, "signed", "", "object", "by 单位、date 日期"),
            _of(model.Notice, "contact", "", "object", "按原文"),
            Field("phases", "阶段", "array", "方案的阶段：title、start、end、deliverables（title、due、attachment）"),
            _URL,
            Field("sha256", "源文件的 SHA-256", required=True),
            _of(model.Notice, "source", "", "object", "name 来源、url 原文网址、published 发布日期、note 说明"),
            _of(model.Notice, "follows", "", "texts", "更早通报的编号"),
            _of(model.Notice, "figures", "", "array", "label 名称、value 数值、unit 单位"),
        ),
        words=("title",),
    ),
    Table(
        "issues",
        "问题",
        "每个问题一行，按通报的先后和原文的次序。",
        (
            _key("问题编号", "通报编号#issue-序号"),
            _NOTICE,
            _AGENCY,
            _refers("region", "地区代码", "regions", "GB/T 2260", required=True),
            Field("published", "通报发布日期", "when"),
            Field("aspect", "所属方面"),
            Field("group", "所属类"),
            Field("no", "编号", description="在通报内不重复，也是网址的一部分", required=True),
            _of(model.Issue, "title", description="不予公开的为空", shown=True),
            _of(model.Issue, "status", description="最新的，按原文；未注明的为空", shown=True),
            _BUCKET,
            Field("changed", "进度更新日期", "when", "通报之后进度有更新的日期"),
            Field("measures", "整改措施条数", "count", "含不予公开的", required=True),
            Field("has_cause", "写明原因分析", "flag", required=True),
            _of(model.Issue, "lead", kind="texts"),
            _of(model.Issue, "units", kind="texts"),
            _of(model.Issue, "due", kind="when"),
            Field(
                "continues",
                _title(model.Issue, "continues"),
                description="更早的问题；那份通报撤回了的，数据库里为空",
                refers="issues",
                loose=True,
            ),
            _refers("continued_by", "后来承接它的问题", "issues", "有的，以那一个的进度为准"),
            _WITHHELD,
            _URL,
            Field("printed_status", "通报所印的进度", description="按原文；未注明的为空"),
            _of(model.Issue, "text"),
            _of(model.Issue, "cause"),
            _of(model.Verification, "date", "verified", "when"),
            _of(model.Verification, "by", "verified_by"),
            _of(model.Verification, "how", "verified_how"),
            _of(model.Verification, "result", "verified_result"),
        ),
        words=("title", "text", "cause"),
    ),
    Table(
        "measures",
        "整改措施",
        "每条措施一行。整个问题不予公开的，它的措施不在这里。",
        (
            _key("措施编号", "问题编号-measure-序号"),
            _refers("issue", "问题编号", "issues", required=True),
            _NOTICE,
            _AGENCY,
            Field("no", "序号", "count", "在问题内，从 1 起", required=True),
            Field("part", "所属分项"),
            _of(model.Measure, "text", description="不予公开的为空", shown=True),
            _of(model.Measure, "status", description="这条措施自己的，按原文；没有的为空", shown=True),
            Field(
                "bucket",
                "归类",
                description="没有自己的进度的，随问题的最新进度",
                choices=BUCKETS,
                required=True,
                shown=True,
            ),
            _of(model.Measure, "due", kind="when"),
            _of(model.Issue, "lead", kind="texts", description="所属问题的"),
            _of(model.Issue, "units", kind="texts", description="所属问题的"),
            _WITHHELD,
            _URL,
        ),
        words=("text",),
    ),
    Table(
        "updates",
        "进展更新",
        "通报之后每次进展一行。",
        (
            _key("更新编号", "问题编号-update-序号"),
            _refers("issue", "问题编号", "issues", required=True),
            _NOTICE,
            _AGENCY,
            _of(model.Update, "date", kind="day", required=True, shown=True),
            _of(model.Update, "status", description="到这一天的进度，按原文；没有变的为空", shown=True),
            Field("bucket", "归类", description="进度没有变的为空", choices=BUCKETS),
            _of(model.Update, "text", shown=True),
            _URL,
        ),
    ),
    Table(
        "promises",
        "承诺与期限",
        "通报和方案里写明日期的每一项一行：时限、承诺、任务、报送材料、阶段。",
        (
            _key("编号", "通报编号#所在位置"),
            _NOTICE,
            _AGENCY,
            _refers("issue", "问题编号", "issues", "不属于哪个问题的为空"),
            Field("kind", "种类", required=True, shown=True),
            Field("text", "内容", description="措施只取开头", required=True, shown=True),
            Field("due", "原文的日期", "when", required=True, shown=True),
            Field("day", "最后一天", "day", "日期所指的最后一天", required=True),
            Field("status", "整改进度", description="所属问题最新的，按原文", shown=True),
            Field("bucket", "归类", choices=BUCKETS),
            Field("answered", "已有交代", "flag", "已办结，或到期以后有过更新；没有进度可言的算是", required=True),
            _URL,
        ),
    ),
    Table(
        "totals",
        "申报数核对",
        "通报自己写明的每个总数一行，与逐条清点的数对照。",
        (
            _key("编号", "通报编号#所在部分-项目"),
            _NOTICE,
            _AGENCY,
            Field("part", "所在部分", description="整份通报的、没有标题的为空", shown=True),
            Field("key", "项目代码", required=True),
            Field("name", "项目", required=True, shown=True),
            Field("declared", "申报数", "count", required=True, shown=True),
            Field("counted", "清点数", "count", "无法清点的为空", shown=True),
            Field("published", "公开数", "count", "清点数减去不予公开的部分"),
            Field("differs", "不一致", "flag", required=True),
            _URL,
        ),
    ),
    Table(
        "attachments",
        "附件",
        "通报的每个附件一行。",
        (
            _key("编号", "通报编号#attachment-序号"),
            _NOTICE,
            _AGENCY,
            _of(model.Attachment, "number"),
            _of(model.Attachment, "title", required=True, shown=True),
            _of(model.Attachment, "file", description="没有文件的为空", shown=True),
            Field("bytes", "字节数", "count"),
            Field("file_url", "文件网址"),
            _WITHHELD,
            _URL,
        ),
    ),
    Table(
        "agencies",
        "单位",
        "每个单位一行。",
        (
            _key("单位编号", "也是网址的一部分"),
            _of(model.Agency, "name", required=True, shown=True),
            _of(model.Agency, "party_body"),
            _refers("region", "地区代码", "regions", "GB/T 2260", required=True),
            Field("region_name", "地区", required=True, shown=True),
            _of(model.Agency, "sector", shown=True),
            _of(model.Agency, "contact", "", "object"),
            *_counts(),
            _URL,
        ),
        words=("name",),
    ),
    Table(
        "regions",
        "地区",
        "有单位的地区和它们的上级，每个一行；数目包括下级。",
        (
            Field("code", "地区代码", description="GB/T 2260", required=True, shown=True),
            Field("name", "名称", required=True),
            Field("whole_name", "全名", required=True, shown=True),
            _refers("parent", "上级地区代码", "regions"),
            Field("agencies", "单位数", "count", required=True, shown=True),
            *_counts(),
            _URL,
        ),
    ),
)

OF_NOTICES = tuple(
    table for table in TABLES if table.name not in ("agencies", "regions")
)  # each notice has a part in them
BY_NAME = {table.name: table for table in TABLES}
