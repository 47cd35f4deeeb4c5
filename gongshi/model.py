"""What a site is made of: plain typed values, as editors write them in `content/`.

The classes *are* the content format: `decode.py` reads their annotations, so a new field is one line here. A field's
metadata holds its Chinese name. Every value knows where each of its keys stands in the file (`at`), for messages.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, get_args

from gongshi.dates import PartialDate
from gongshi.text import solid

# Kinds of text; what each accepts is in decode.py.
Line = Annotated[str, "line"]  # one line for people to read
Prose = Annotated[str, "prose"]  # Markdown, one paragraph or more
Term = Annotated[str, "term"]  # one line of code-like text: a number as printed, a name of a scheme
Id = Annotated[str, "id"]  # a-z, 0-9 and hyphens, begins with a letter
IssueId = Annotated[str, "issue-id"]  # letters, digits and hyphens: the end of an issue's address
IssueRef = Annotated[str, "issue-ref"]  # <notice>#issue-<id>
RegionCode = Annotated[str, "region-code"]  # GB/T 2260, six digits
AreaCode = Annotated[str, "area-code"]  # 0 and two or three digits
FileName = Annotated[str, "file-name"]  # a file beside the notice, in the folder of its name
Url = Annotated[str, "url"]  # http or https
NumberStyle = Annotated[str, "number-style"]  # number one as printed: 一、 (一) 1. (1) 一是 ①
Count = Annotated[int, "count"]  # 0, 1, 2 …

Bucket = Literal["open", "unstated", "ongoing", "done"]
BUCKETS: tuple[Bucket, ...] = ("open", "unstated", "ongoing", "done")  # in the order in which the public reads them


# The Chinese names of fixed choices.
KINDS = {"rectification": "整改通报", "plan": "方案", "announcement": "公告"}
TEXTS = {"verbatim": "全文", "digest": "摘要"}
REASONS = {
    "secret": "涉及国家秘密",
    "case": "涉及正在查办的案件",
    "privacy": "涉及个人隐私",
    "sensitive": "涉及重大敏感事项",
    "stability": "涉及上访或群体性事件",
    "publicity": "可能引发负面炒作",
}
REVISIONS = {"git": "git 的历史", "updates": "进展更新"}
HOSTS = {"github": "GitHub", "gitlab": "GitLab", "gitea": "Gitea、Forgejo", "local": "本机试用"}
CHOICES = KINDS | TEXTS | REASONS | REVISIONS | HOSTS
Reason = Literal["secret", "case", "privacy", "sensitive", "stability", "publicity"]

NOT_PRINTED = "无"  # stands for a number or a label that the notice does not print at this place

Ordered = Literal["cause", "measures", "lead", "units", "due", "status"]
ORDER: tuple[Ordered, ...] = get_args(Ordered)  # in which the parts of an issue are printed unless its notice differs


Words = Literal["statuses", "agencies", "regions", "notices"]  # of a content folder, offered for a field


def zh(name: str, description: str = "", *examples: str, words: Words | None = None) -> dict[str, Any]:
    """Metadata of a field: its Chinese name; what to write, as 编辑手册 says it; examples; words of the site to offer."""
    return {"zh": name, "description": description, "examples": examples, "words": words}


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Anything read from a file. `at` maps a key to its line and column; the key "" stands for the value itself."""

    at: Mapping[str, tuple[int, int]] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone(Located):
    number: Term = field(metadata=zh("号码", "照印，见编辑手册 7.5"))
    area_code: AreaCode | None = field(default=None, metadata=zh("区号", "这个号码另有区号时写，例如 0500", "0500"))
    label: Line | None = field(default=None, metadata=zh("名称", "一行，例如：监督电话", "监督电话"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Postal(Located):
    address: Line | None = field(default=None, metadata=zh("地址", "一行"))
    recipient: Line | None = field(default=None, metadata=zh("收件人", "一行"))
    postcode: Term | None = field(default=None, metadata=zh("邮政编码", "一行"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Located):
    """How the public reaches somebody, as printed: numbers may lack their area code or be masked."""

    phones: tuple[Phone, ...] = field(default=(), metadata=zh("电话", "列表，一个号码一项"))
    emails: tuple[Term, ...] = field(
        default=(), metadata=zh("电子邮箱", "列表，例如 [shuiwu@example.cn]", "shuiwu@example.cn")
    )
    postal: Postal | None = field(default=None, metadata=zh("通信地址", "地址、收件人、邮政编码"))
    hours: Line | None = field(default=None, metadata=zh("受理时间", "一行"))

    @property
    def empty(self) -> bool:
        """True if nothing at all is given."""
        return not (self.phones or self.emails or self.postal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency(Located):
    name: Line = field(metadata=zh("单位名称", "一行，全称"))
    region: RegionCode = field(metadata=zh("地区代码", "6 位数字，要先登记在 regions.yaml", "370500", words="regions"))
    region_inferred: bool = field(
        default=False, metadata=zh("地区为推定", "导入时没有认出地区才写 true；页面会注明“推定，待核实”，核对后删去")
    )
    party_body: Line | None = field(default=None, metadata=zh("党组名称", "一行"))
    sector: Line | None = field(default=None, metadata=zh("领域", "一行，例如：水务", "水务"))
    area_code: AreaCode | None = field(default=None, metadata=zh("电话区号", "0 开头，3 到 4 位", "0546"))
    contact: Contact | None = field(default=None, metadata=zh("监督方式", "见编辑手册第 6 节"))
    old_ids: tuple[Id, ...] = field(default=(), metadata=zh("曾用编号", "列表"))
    id: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals(Located):
    """Totals that a notice states of itself, at any level."""

    aspects: Count | None = field(default=None, metadata=zh("方面", "列出的个数；写在通报或部分上才核对"))
    issues: Count | None = field(default=None, metadata=zh("问题", "列出的问题，含不予公开的"))
    issues_done: Count | None = field(default=None, metadata=zh("已完成的问题", "按问题的 status 归类后的个数"))
    issues_ongoing: Count | None = field(default=None, metadata=zh("长期坚持的问题", "按问题的 status 归类后的个数"))
    issues_open: Count | None = field(default=None, metadata=zh("未完成的问题", "按问题的 status 归类后的个数"))
    measures: Count | None = field(
        default=None, metadata=zh("整改措施", "列出的措施，含不予公开的和 withheld.measures")
    )
    measures_done: Count | None = field(
        default=None, metadata=zh("已完成的措施", "按措施自己的 status 归类；没写的随它的问题")
    )
    measures_long_term: Count | None = field(
        default=None, metadata=zh("长期任务取得阶段性成效的措施", "按措施自己的 status 归类；没写的随它的问题")
    )
    measures_open: Count | None = field(
        default=None, metadata=zh("未完成的措施", "按措施自己的 status 归类；没写的随它的问题")
    )
    tasks: Count | None = field(default=None, metadata=zh("任务", "列出的个数；写在通报或部分上才核对"))
    phases: Count | None = field(default=None, metadata=zh("阶段", "列出的个数；写在通报或部分上才核对"))
    done_includes_long_term: bool = field(
        default=False, metadata=zh("已完成数包括长期任务", "true 或 false，不写是 false")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Located):
    label: Line = field(metadata=zh("名称", "三项都要写。value 写 7 或 34.5，不带单位和千分位逗号"))
    value: Decimal = field(metadata=zh("数值", "三项都要写。value 写 7 或 34.5，不带单位和千分位逗号"))
    unit: Line = field(metadata=zh("单位", "三项都要写。value 写 7 或 34.5，不带单位和千分位逗号"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld(Located):
    """A part that is left out, and why. `measures` keeps the totals right without telling what they were."""

    reason: Reason = field(metadata=zh("理由", "六种之一，见编辑手册 7.6"))
    note: Line | None = field(default=None, metadata=zh("说明", "一行，会公开"))
    measures: Count = field(default=0, metadata=zh("未公开的措施数", "数，写在不予公开的问题上"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Located):
    """One action reported. A plain string in YAML is its text."""

    SHORTHAND: ClassVar[str] = "text"
    KEPT_WHEN_WITHHELD: ClassVar[frozenset[str]] = frozenset({"number", "status", "withheld"})
    text: Prose = field(default="", metadata=zh("措施内容", "正文。只有内容时可以直接写 - 措施内容"))
    number: Term | None = field(
        default=None, metadata=zh("编号", "只在与编号样式不符时写，例如 其三；原文没印编号的，写 无", "其三")
    )
    status: Line | None = field(
        default=None, metadata=zh("整改进度", "这条措施自己的进度，不写就随问题", words="statuses")
    )
    due: PartialDate | None = field(default=None, metadata=zh("时限", "日期"))
    withheld: Withheld | None = field(default=None, metadata=zh("不予公开", "这条措施不公开，此时不写 text"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SubIssue(Located):
    """A sub-issue inside an issue, with measures of its own."""

    title: Line = field(metadata=zh("标题", "一行"))
    measures: tuple[Measure, ...] = field(default=(), metadata=zh("整改措施", "列表，同上"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment(Located):
    text: Line = field(metadata=zh("承诺内容", "一行"))
    due: PartialDate = field(metadata=zh("承诺时限", "日期。两项都要写"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification(Located):
    by: Line = field(metadata=zh("核查单位", "一行"))
    date: PartialDate = field(metadata=zh("核查日期", "日期。两项都要写"))
    how: Line | None = field(default=None, metadata=zh("核查方式", "一行，例如：回头看", "回头看"))
    result: Line | None = field(default=None, metadata=zh("核查结论", "一行"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Update(Located):
    date: dt.date = field(metadata=zh("日期", "必须写到日，例如 2024-08-01", "2024-08-01"))
    status: Line | None = field(default=None, metadata=zh("整改进度", "到这一天的进度，一行", words="statuses"))
    text: Prose | None = field(default=None, metadata=zh("进展", "正文"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels(Located):
    """The words that a notice prints before a field, and in what order; a word that is given is part of the document.

    An issue has labels of its own where it departs from its notice.
    """

    status: Line | None = field(
        default=None, metadata=zh("整改进度", "原文印在这一项前面的字，连冒号一起写，例如：整改情况：", "整改进度：")
    )
    measures: Line | None = field(
        default=None, metadata=zh("整改措施", "原文印在这一项前面的字，连冒号一起写，例如：整改情况：", "整改情况：")
    )
    cause: Line | None = field(
        default=None, metadata=zh("原因分析", "原文印在这一项前面的字，连冒号一起写，例如：整改情况：", "原因分析：")
    )
    lead: Line | None = field(
        default=None, metadata=zh("牵头部门", "原文印在这一项前面的字，连冒号一起写，例如：整改情况：", "牵头部门：")
    )
    units: Line | None = field(
        default=None, metadata=zh("责任部门", "原文印在这一项前面的字，连冒号一起写，例如：整改情况：", "责任科室：")
    )
    due: Line | None = field(
        default=None, metadata=zh("整改时限", "原文印在这一项前面的字，连冒号一起写，例如：整改情况：", "整改时限：")
    )
    order: tuple[Ordered, ...] = field(
        default=(),
        metadata=zh(
            "各项先后",
            "列表，可用 cause、measures、lead、units、due、status。原文的先后与这个顺序不同时写；没有列出的，照这个顺序排在后面",
        ),
    )

    def but(self, own: "Labels | None") -> "Labels":
        """What is printed where a part has labels of its own: every word that is printed, and the whole order."""
        words: dict[str, str | None] = {}
        for name in ORDER:
            word = (getattr(own, name) if own else None) or getattr(self, name)
            words[name] = None if word == NOT_PRINTED else word
        first = (own.order if own else ()) or self.order
        return Labels(**words, order=tuple(dict.fromkeys((*first, *ORDER))))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue(Located):
    KEPT_WHEN_WITHHELD: ClassVar[frozenset[str]] = frozenset({"id", "number", "status", "withheld"})
    id: IssueId = field(metadata=zh("编号", "字母、数字、连字符，最多 40 个字符；在这份通报里不重复，定了不改"))
    number: Term | None = field(
        default=None, metadata=zh("原文序号", "例如 (7)，只在与编号样式不符时写；原文没印序号的，写 无", "(7)")
    )
    title: Line = field(default="", metadata=zh("问题", "一行。不予公开的问题不用写"))
    title_added: bool = field(
        default=False, metadata=zh("标题为本站所加", "true 或 false。原文没有给这个问题写标题，见编辑手册 7.9")
    )
    text: Prose | None = field(default=None, metadata=zh("问题说明", "正文"))
    status: Line | None = field(default=None, metadata=zh("整改进度", "原文的话，见编辑手册 7.3", words="statuses"))
    cause: Prose | None = field(default=None, metadata=zh("原因分析", "正文"))
    measures: tuple[Measure, ...] = field(default=(), metadata=zh("整改措施", "列表，见下表"))
    parts: tuple[SubIssue, ...] = field(
        default=(), metadata=zh("分项", "列表。一个问题分几个小问题、各有措施时用；用了就不再写 measures")
    )
    lead: tuple[Line, ...] = field(default=(), metadata=zh("牵头部门", "列表"))
    units: tuple[Line, ...] = field(default=(), metadata=zh("责任部门", "列表"))
    due: PartialDate | None = field(
        default=None, metadata=zh("整改时限", "日期", "2024-06-30", "2024-06", "2024-06 中旬", "2024")
    )
    due_text: Line | None = field(
        default=None,
        metadata=zh(
            "时限原文",
            "一行。日期写不出的话，例如：立行立改、长期坚持、2024年6月底前；页面印它，不印 due",
            "立行立改",
            "长期坚持",
            "2024年6月底前",
        ),
    )
    labels: Labels | None = field(
        default=None, metadata=zh("本条用语", "与全文的 labels 不同的，写法相同；原文这里没印用语的，写 无")
    )
    commitments: tuple[Commitment, ...] = field(default=(), metadata=zh("承诺", "列表"))
    continues: IssueRef | None = field(
        default=None, metadata=zh("承接的问题", "更早通报的编号#issue-问题编号", "shili-water-2022#issue-1")
    )
    verified: Verification | None = field(default=None, metadata=zh("核查", "见下表"))
    updates: tuple[Update, ...] = field(default=(), metadata=zh("进展更新", "列表，按日期从早到晚"))
    withheld: Withheld | None = field(default=None, metadata=zh("不予公开", "整个问题不公开"))

    def all_measures(self) -> Iterator[Measure]:
        """Measures of the issue and of its parts, in order."""
        yield from self.measures
        for part in self.parts:
            yield from part.measures


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Located):
    title: Line = field(
        metadata=zh("标题", "一行，不带序号。部分可以没有标题；里面没有方面、问题等内容的，title 和 text 至少写一个")
    )
    number: Term | None = field(
        default=None, metadata=zh("原文序号", "只在原文序号与编号样式不符时写；原文没印序号的，写 无")
    )
    text: Prose | None = field(default=None, metadata=zh("说明", "正文"))
    declared: Totals | None = field(default=None, metadata=zh("申报数", "这一部分、方面或类自己写明的总数"))
    issues: tuple[Issue, ...] = field(default=(), metadata=zh("问题", "列表"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspect(Located):
    title: Line = field(
        metadata=zh("标题", "一行，不带序号。部分可以没有标题；里面没有方面、问题等内容的，title 和 text 至少写一个")
    )
    number: Term | None = field(
        default=None, metadata=zh("原文序号", "只在原文序号与编号样式不符时写；原文没印序号的，写 无")
    )
    text: Prose | None = field(default=None, metadata=zh("说明", "正文"))
    declared: Totals | None = field(default=None, metadata=zh("申报数", "这一部分、方面或类自己写明的总数"))
    groups: tuple[Group, ...] = field(default=(), metadata=zh("类", "列表；用了它，就不再直接写 issues"))
    issues: tuple[Issue, ...] = field(default=(), metadata=zh("问题", "列表"))

    def all_issues(self) -> Iterator[Issue]:
        """Issues of the aspect, directly or in groups, in order."""
        for group in self.groups:
            yield from group.issues
        yield from self.issues


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Located):
    title: Line = field(metadata=zh("任务", "一行，三种都要写"))
    number: Term | None = field(
        default=None, metadata=zh("原文序号", "任务和阶段用，只在与编号样式不符时写；原文没印的，写 无")
    )
    text: Prose | None = field(default=None, metadata=zh("内容", "正文，任务和阶段用"))
    lead: tuple[Line, ...] = field(default=(), metadata=zh("牵头部门", "列表，任务用"))
    units: tuple[Line, ...] = field(default=(), metadata=zh("责任部门", "列表，任务用"))
    due: PartialDate | None = field(default=None, metadata=zh("时限", "日期，任务和报送材料用"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverable(Located):
    title: Line = field(metadata=zh("报送材料", "一行，三种都要写"))
    attachment: Term | None = field(default=None, metadata=zh("附件序号", "报送材料用，写 attachments 里的 number"))
    due: PartialDate | None = field(default=None, metadata=zh("报送时限", "日期，任务和报送材料用"))
    note: Line | None = field(default=None, metadata=zh("说明", "一行，报送材料用，例如：月底前报送", "月底前报送"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase(Located):
    title: Line = field(metadata=zh("阶段", "一行，三种都要写"))
    number: Term | None = field(
        default=None, metadata=zh("原文序号", "任务和阶段用，只在与编号样式不符时写；原文没印的，写 无")
    )
    start: PartialDate | None = field(default=None, metadata=zh("开始", "日期，阶段用"))
    end: PartialDate | None = field(default=None, metadata=zh("结束", "日期，阶段用"))
    text: Prose | None = field(default=None, metadata=zh("内容", "正文，任务和阶段用"))
    deliverables: tuple[Deliverable, ...] = field(default=(), metadata=zh("报送材料", "列表，阶段用"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Located):
    """A part of a notice: prose, and at most one of aspects, issues, tasks and phases."""

    KEPT_WHEN_WITHHELD: ClassVar[frozenset[str]] = frozenset({"title", "number", "declared", "withheld"})
    STRUCTURES: ClassVar[tuple[str, ...]] = ("aspects", "issues", "tasks", "phases")
    title: Line | None = field(
        default=None,
        metadata=zh("标题", "一行，不带序号。部分可以没有标题；里面没有方面、问题等内容的，title 和 text 至少写一个"),
    )
    number: Term | None = field(
        default=None, metadata=zh("原文序号", "只在原文序号与编号样式不符时写；原文没印序号的，写 无")
    )
    text: Prose | None = field(default=None, metadata=zh("正文", "正文"))
    declared: Totals | None = field(default=None, metadata=zh("申报数", "这一部分、方面或类自己写明的总数"))
    aspects: tuple[Aspect, ...] = field(default=(), metadata=zh("方面", "列表"))
    issues: tuple[Issue, ...] = field(default=(), metadata=zh("问题", "列表"))
    tasks: tuple[Task, ...] = field(default=(), metadata=zh("任务", "列表，方案用"))
    phases: tuple[Phase, ...] = field(default=(), metadata=zh("阶段", "列表，方案用"))
    withheld: Withheld | None = field(default=None, metadata=zh("不予公开", "整个部分不公开，见编辑手册 7.6"))

    def all_issues(self) -> Iterator[Issue]:
        """Issues of the section at any level, in order."""
        for aspect in self.aspects:
            yield from aspect.all_issues()
        yield from self.issues


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment(Located):
    KEPT_WHEN_WITHHELD: ClassVar[frozenset[str]] = frozenset({"title", "number", "withheld"})
    title: Line = field(metadata=zh("标题", "一行。全文里已经印了这个标题的，页面列出附件时算本站所加，不重复印"))
    number: Term | None = field(default=None, metadata=zh("附件序号", "例如 1，不重复", "1"))
    file: FileName | None = field(
        default=None, metadata=zh("文件名", "只写文件名，见编辑手册 7.7。原文列了附件而没有文件的，不写")
    )
    withheld: Withheld | None = field(default=None, metadata=zh("不予公开", "标题照印，文件不公开，见编辑手册 7.6"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection(Located):
    body: Line = field(metadata=zh("巡察机构", "一行，例如：市委第三巡察组", "市委第三巡察组"))
    round: Line | None = field(
        default=None, metadata=zh("巡察轮次", "一行，例如：六届市委第一轮巡察", "六届市委第一轮巡察")
    )
    subject: Line | None = field(default=None, metadata=zh("巡察事项", "subject 专项巡察用"))
    started: PartialDate | None = field(default=None, metadata=zh("开始", "日期"))
    ended: PartialDate | None = field(default=None, metadata=zh("结束", "日期"))
    feedback: PartialDate | None = field(default=None, metadata=zh("反馈日期", "日期"))
    inferred: tuple[Literal["started", "ended", "feedback"], ...] = field(
        default=(), metadata=zh("年份为推定的日期", "列表，可用 started、ended、feedback；页面会注明“年份为推定”")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance(Located):
    """Where the text of a notice was taken from."""

    name: Line = field(metadata=zh("来源", "一行，例如：示例市水务局网站", "示例市水务局网站"))
    url: Url | None = field(default=None, metadata=zh("原文网址", "以 http:// 或 https:// 开头"))
    published: PartialDate | None = field(default=None, metadata=zh("来源发布日期", "日期"))
    note: Line | None = field(default=None, metadata=zh("说明", "一行，摘要、缺损、遮盖等情况写在 note"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering(Located):
    """How the notice prints its numbers: number one of each level. Groups and issues run on unless in `restart`."""

    section: NumberStyle | None = field(default=None, metadata=zh("部分", "第一个编号的样子，见编辑手册 7.1", "一、"))
    aspect: NumberStyle | None = field(default=None, metadata=zh("方面", "第一个编号的样子，见编辑手册 7.1", "(一)"))
    group: NumberStyle | None = field(default=None, metadata=zh("类", "第一个编号的样子，见编辑手册 7.1", "1."))
    issue: NumberStyle | None = field(default=None, metadata=zh("问题", "第一个编号的样子，见编辑手册 7.1", "(1)"))
    measure: NumberStyle | None = field(default=None, metadata=zh("措施", "第一个编号的样子，见编辑手册 7.1", "一是"))
    task: NumberStyle | None = field(default=None, metadata=zh("任务", "第一个编号的样子，见编辑手册 7.1", "1."))
    phase: NumberStyle | None = field(default=None, metadata=zh("阶段", "第一个编号的样子，见编辑手册 7.1", "第一，"))
    restart: tuple[Literal["group", "issue"], ...] = field(
        default=(),
        metadata=zh("在上一级内重新编号", "列表，可用 group、issue；原文在上一级内重新编号的才写，见编辑手册 7.1"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature(Located):
    """Who signed and when; `text` is how it is printed where that is not the name and then the date."""

    by: Line = field(metadata=zh("落款单位", "一行"))
    date: PartialDate | None = field(default=None, metadata=zh("落款日期", "日期"))
    text: Prose | None = field(
        default=None,
        metadata=zh("落款原文", "正文。原文不是先印 by、再印“2024年4月18日”这样的日期时写，见编辑手册 7.9"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Located):
    """A notice that was taken back: its address stays and says so, its text is nowhere."""

    date: PartialDate = field(metadata=zh("撤回日期", "日期"))
    reason: Line = field(metadata=zh("撤回原因", "一行，会公开。两项都要写，见编辑手册 7.8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierWithheld(Located):
    """What earlier versions of a notice said that must not be shown any more: differences begin after this decision."""

    date: dt.date = field(metadata=zh("决定日期", "必须写到日。以后又有要收起的，改成新的日期", "2025-03-01"))
    reason: Reason = field(metadata=zh("理由", "六种之一，见编辑手册 7.6"))
    note: Line | None = field(default=None, metadata=zh("说明", "一行，会公开"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption(Located):
    """Personal data that may be published, as it stands in the notice or an attachment, and why."""

    text: Line = field(
        metadata=zh("原文", "一行。text 照文中写（照片写文件名），reason 写为什么可以公开；两项只给编辑看，不公开")
    )
    reason: Line = field(
        metadata=zh("理由", "一行。text 照文中写（照片写文件名），reason 写为什么可以公开；两项只给编辑看，不公开")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Located):
    KEPT_WHEN_WITHDRAWN: ClassVar[frozenset[str]] = frozenset({
        "kind", "title", "title_added", "agency", "text", "published", "old_ids", "withdrawn", "earlier_withheld",
    })  # fmt: skip
    kind: Literal["rectification", "plan", "announcement"] = field(
        metadata=zh("种类", "rectification 整改通报、plan 方案、announcement 公告")
    )
    title: Line = field(metadata=zh("标题", "一行"))
    agency: Id = field(metadata=zh("单位编号", "agencies 里的文件名，不带 .yaml", words="agencies"))
    text: Literal["verbatim", "digest"] = field(
        metadata=zh("全文或摘要", "verbatim 全文，一字不改照录；digest 摘要，自己概括")
    )
    title_added: bool = field(
        default=False, metadata=zh("标题为本站所加", "true 或 false。原文没有标题，或标题不在开头，见编辑手册 7.9")
    )
    published: PartialDate | None = field(
        default=None, metadata=zh("发布日期", "日期。没有时，列表用落款日期，再没有用来源日期", "2024-04-15", "2024-04")
    )
    source: Provenance | None = field(default=None, metadata=zh("来源", "见“来源”"))
    inspection: Inspection | None = field(default=None, metadata=zh("巡察", "见“巡察”"))
    follows: tuple[Id, ...] = field(default=(), metadata=zh("承接的通报", "更早通报的编号，列表", words="notices"))
    declared: Totals | None = field(default=None, metadata=zh("申报数", "通报自己写明的总数，见编辑手册 7.2"))
    figures: tuple[Figure, ...] = field(default=(), metadata=zh("其他数字", "列表，见“其他数字”"))
    labels: Labels = field(default_factory=Labels, metadata=zh("原文用语", "见“原文用语”"))
    numbering: Numbering = field(default_factory=Numbering, metadata=zh("编号样式", "见编辑手册 7.1"))
    opening: Prose | None = field(default=None, metadata=zh("导语", "正文。opening 和 sections 至少写一个"))
    sections: tuple[Section, ...] = field(default=(), metadata=zh("部分", "列表，按原文顺序"))
    attachments: tuple[Attachment, ...] = field(default=(), metadata=zh("附件", "列表"))
    closing: Prose | None = field(default=None, metadata=zh("结语", "正文"))
    contact: Contact | None = field(default=None, metadata=zh("监督方式", "照这份通报印的写，见“监督方式”"))
    signed: Signature | None = field(default=None, metadata=zh("落款", "见“落款”"))
    exempt: tuple[Exemption, ...] = field(default=(), metadata=zh("可以公开的个人信息", "列表，见编辑手册 7.10"))
    old_ids: tuple[Id, ...] = field(default=(), metadata=zh("曾用编号", "这份通报以前的编号，列表"))
    earlier_withheld: EarlierWithheld | None = field(
        default=None, metadata=zh("以前的版本不予公开", "不再显示这次和以前各次改动的内容，见编辑手册 7.12")
    )
    withdrawn: Withdrawn | None = field(
        default=None, metadata=zh("撤回", "整份撤回：网址还在，正文不再公开，见编辑手册 7.8")
    )
    id: str = ""
    path: str = ""
    sha256: str = ""  # of the source file's bytes, hexadecimal
    blob: str = ""  # what git calls them

    def all_issues(self) -> Iterator[Issue]:
        """Every issue of the notice, in order."""
        for section in self.sections:
            yield from section.all_issues()

    def all_phases(self) -> Iterator[Phase]:
        """Every phase of the notice, in order."""
        for section in self.sections:
            yield from section.phases

    def withholding(self) -> Iterator["Section | Issue | Measure | Attachment"]:
        """Every part of the notice that may be withheld."""
        yield from self.sections
        for issue in self.all_issues():
            yield issue
            yield from issue.all_measures()
        yield from self.attachments

    def prose(self) -> Iterator[tuple[Located, str]]:
        """Every text of the document that is Markdown: the value that holds it, and its key."""
        yield self, "opening"
        for section in self.sections:
            yield section, "text"
            for aspect in section.aspects:
                yield aspect, "text"
                for group in aspect.groups:
                    yield group, "text"
            for part in (*section.tasks, *section.phases):
                yield part, "text"
        for issue in self.all_issues():
            yield issue, "text"
            yield issue, "cause"
            for measure in issue.all_measures():
                yield measure, "text"
        yield self, "closing"
        if self.signed:
            yield self.signed, "text"

    def solid_text(self) -> str:
        """Headings and prose without white space and Markdown's backslashes, to look for words in."""
        aspects = [aspect for section in self.sections for aspect in section.aspects]
        groups = [group for aspect in aspects for group in aspect.groups]
        tasks = [task for section in self.sections for task in section.tasks]
        parts = [part for issue in self.all_issues() for part in issue.parts]
        titled = (self, *self.sections, *aspects, *groups, *self.all_issues(), *parts, *tasks, *self.all_phases())
        texts = [getattr(value, key) or "" for value, key in (*((part, "title") for part in titled), *self.prose())]
        return solid("".join(texts)).replace("\\", "")

    def saying(self) -> Callable[[str], bool]:
        """Tells whether headings or prose hold some words, white space and backslashes aside."""
        text = self.solid_text()
        return lambda words: solid(words).replace("\\", "") in text

    @property
    def dated(self) -> PartialDate | None:
        """The date that places the notice in lists: published, else signed, else what its source gives."""
        signed = self.signed.date if self.signed else None
        return self.published or signed or (self.source.published if self.source else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusWords(Located):
    """One bucket of statuses: its name on the page, and the notices' own wordings that fall into it."""

    label: Line = field(metadata=zh("名称", "一行，印在页面上"))
    wordings: tuple[Line, ...] = field(default=(), metadata=zh("说法", "列表，通报的原话，见编辑手册 7.3"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary(Located):
    """The four buckets. Wordings are matched whole, without the punctuation at their end."""

    open: StatusWords = field(metadata=zh("未完成", "页面上的名称和归入这一类的说法"))
    unstated: StatusWords = field(metadata=zh("未注明", "页面上的名称和归入这一类的说法"))
    ongoing: StatusWords = field(metadata=zh("长期坚持", "页面上的名称和归入这一类的说法"))
    done: StatusWords = field(metadata=zh("已完成", "页面上的名称和归入这一类的说法"))

    def words(self, bucket: Bucket) -> StatusWords:
        """The entry of a bucket."""
        entry: StatusWords = getattr(self, bucket)
        return entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator(Located):
    name: Line = field(metadata=zh("主办单位", "一行，印在页脚"))
    phone: Term | None = field(default=None, metadata=zh("电话", "一行，印在页脚"))
    email: Term | None = field(default=None, metadata=zh("电子邮箱", "一行，印在页脚"))
    address: Line | None = field(default=None, metadata=zh("地址", "一行，印在页脚"))


@dataclass(frozen=True, slots=True, kw_only=True)
class License(Located):
    """Under what terms the data may be used."""

    name: Line = field(metadata=zh("许可的名称", "两项都要写，例如：知识共享 署名 4.0", "知识共享 署名 4.0"))
    url: Url = field(metadata=zh("许可的网址", "两项都要写，例如：知识共享 署名 4.0"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Footer(Located):
    """Identifiers that a government site prints at its foot; what is not given is not printed."""

    site_code: Annotated[str, "site-code"] | None = field(
        default=None, metadata=zh("网站标识码", "10 位数字或 bm 加 8 位数字")
    )
    icp: Annotated[str, "icp"] | None = field(
        default=None, metadata=zh("ICP备案号", "例如：鲁ICP备12345678号-1", "鲁ICP备12345678号-1")
    )
    icp_url: Url | None = field(default=None, metadata=zh("ICP备案查询网址", "网址；写了，备案号才是链接"))
    police: Annotated[str, "police"] | None = field(default=None, metadata=zh("公安备案号", "14 位数字"))
    police_url: Url | None = field(default=None, metadata=zh("公安备案查询网址", "网址；写了，备案号才是链接"))
    mark_url: Url | None = field(
        default=None, metadata=zh("党政机关网站标识", "网址；页脚印出文字链接（标识的图片有版权，本站不带）")
    )
    report_error_url: Url | None = field(default=None, metadata=zh("我为政府网站找错", "网址"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotline(Located):
    number: Annotated[str, "hotline"] = field(metadata=zh("号码", "照印，只写数字和连字符", "12345"))
    name: Line = field(metadata=zh("名称", "一行", "政务服务便民热线"))
    note: Line | None = field(default=None, metadata=zh("受理事项", "一行"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLabels(Located):
    """The site's own words before a field, where the notice prints none."""

    status: Line = field(default="整改进度", metadata=zh("整改进度", "一行，通报没写时用的词"))
    measures: Line = field(default="整改措施", metadata=zh("整改措施", "一行，通报没写时用的词"))
    cause: Line = field(default="原因分析", metadata=zh("原因分析", "一行，通报没写时用的词"))
    lead: Line = field(default="牵头部门", metadata=zh("牵头部门", "一行，通报没写时用的词"))
    units: Line = field(default="责任部门", metadata=zh("责任部门", "一行，通报没写时用的词"))
    due: Line = field(default="整改时限", metadata=zh("整改时限", "一行，通报没写时用的词"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Admin(Located):
    """Where the form at `/admin/` saves: a host of git repositories, or (`local`) a repository on one's own computer."""

    backend: Literal["github", "gitlab", "gitea", "local"] = field(
        metadata=zh("保存到哪里", "github、gitlab、gitea；local 是本机试用，见编辑手册 13")
    )
    repo: Annotated[str, "repo"] | None = field(
        default=None, metadata=zh("仓库", "例如 shili/gongshi；local 不用写", "shili/gongshi")
    )
    branch: Annotated[str, "branch"] = field(default="main", metadata=zh("分支", "不写是 main", "main"))
    review: bool = field(
        default=False, metadata=zh("先审核", "true 或 false。true 时每次修改先成为合并请求，审核后才公开")
    )
    base_url: Annotated[str, "service-url"] | None = field(
        default=None, metadata=zh("登录网址", "github 写登录服务的网址，gitlab、gitea 写自己的网址")
    )
    api_root: Annotated[str, "service-url"] | None = field(
        default=None, metadata=zh("接口网址", "与常见的不同才写；local 不写是 http://127.0.0.1:8081/api/v1")
    )
    app_id: Term | None = field(default=None, metadata=zh("应用编号", "gitlab、gitea 登记应用后得到的编号"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Site(Located):
    schema: Literal["1"] = field(metadata=zh("格式版本", "1"))
    title: Line = field(metadata=zh("网站名称", "一行"))
    description: Line = field(metadata=zh("网站简介", "一行"))
    operator: Operator = field(metadata=zh("主办单位", "印在页脚"))
    statuses: Vocabulary = field(metadata=zh("整改进度的说法", "open、unstated、ongoing、done 四类都要有"))
    base_url: Annotated[str, "base-url"] | None = field(
        default=None,
        metadata=zh(
            "网站网址", "例如 https://gongshi.example/；不写就没有网站地图和二维码", "https://gongshi.example/"
        ),
    )
    timezone: Annotated[str, "timezone"] = field(default="Asia/Shanghai", metadata=zh("时区", "不写是 Asia/Shanghai"))
    footer: Footer = field(default_factory=Footer, metadata=zh("页脚标识", "依规定印在页脚的标识，没有的不写"))
    hotlines: tuple[Hotline, ...] = field(
        default=(), metadata=zh("监督热线", "列表，每项有 number 号码（必填）、name 名称（必填）、note 受理事项")
    )
    labels: SiteLabels = field(
        default_factory=SiteLabels,
        metadata=zh("用语", "通报没写 labels 时用的词：status、measures、cause、lead、units、due，不写用默认的"),
    )
    revisions: Literal["git", "updates"] = field(
        default="git", metadata=zh("版本记录的来源", "git（默认）或 updates；写 updates，就不公开 git 里以前的版本")
    )
    admin: Admin | None = field(default=None, metadata=zh("网页表单", "写了才有 /admin/，见编辑手册 13"))
    license: License | None = field(
        default=None, metadata=zh("数据的许可", "别人可以怎样使用开放数据；不写，页面说明“没有写明”")
    )
    path: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """A place of GB/T 2260: six digits and a name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site's own, from Markdown: its first line is the title (`# …`)."""

    id: str
    title: str
    body: str
    path: str


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file beside a notice. `rows` is its content as text if it is a register (csv, xlsx)."""

    name: str
    size: int
    rows: tuple[tuple[str, ...], ...] | None = None
