"""What a site is made of: plain typed values, as editors write them in `content/`.

The classes *are* the content format: `decode.py` reads their annotations, so a new field is one line here. A field's
metadata holds its Chinese name. Every value knows where each of its keys stands in the file (`at`), for messages.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, get_args

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
CHOICES = KINDS | TEXTS | REASONS

NOT_PRINTED = "无"  # stands for a number or a label that the notice does not print at this place

Ordered = Literal["cause", "measures", "lead", "units", "due", "status"]
ORDER: tuple[Ordered, ...] = get_args(Ordered)  # in which the parts of an issue are printed unless its notice differs


def zh(name: str) -> dict[str, str]:
    """Metadata of a field: its Chinese name."""
    return {"zh": name}


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Anything read from a file. `at` maps a key to its line and column; the key "" stands for the value itself."""

    at: Mapping[str, tuple[int, int]] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone(Located):
    number: Term = field(metadata=zh("号码"))
    area_code: AreaCode | None = field(default=None, metadata=zh("区号"))
    label: Line | None = field(default=None, metadata=zh("名称"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Postal(Located):
    address: Line | None = field(default=None, metadata=zh("地址"))
    recipient: Line | None = field(default=None, metadata=zh("收件人"))
    postcode: Term | None = field(default=None, metadata=zh("邮政编码"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Located):
    """How the public reaches somebody, as printed: numbers may lack their area code or be masked."""

    phones: tuple[Phone, ...] = field(default=(), metadata=zh("电话"))
    emails: tuple[Term, ...] = field(default=(), metadata=zh("电子邮箱"))
    postal: Postal | None = field(default=None, metadata=zh("通信地址"))
    hours: Line | None = field(default=None, metadata=zh("受理时间"))

    @property
    def empty(self) -> bool:
        """True if nothing at all is given."""
        return not (self.phones or self.emails or self.postal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency(Located):
    name: Line = field(metadata=zh("单位名称"))
    region: RegionCode = field(metadata=zh("地区代码"))
    region_inferred: bool = field(default=False, metadata=zh("地区为推定"))
    party_body: Line | None = field(default=None, metadata=zh("党组名称"))
    sector: Line | None = field(default=None, metadata=zh("领域"))
    area_code: AreaCode | None = field(default=None, metadata=zh("电话区号"))
    contact: Contact | None = field(default=None, metadata=zh("监督方式"))
    old_ids: tuple[Id, ...] = field(default=(), metadata=zh("曾用编号"))
    id: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals(Located):
    """Totals that a notice states of itself, at any level."""

    aspects: Count | None = field(default=None, metadata=zh("方面"))
    issues: Count | None = field(default=None, metadata=zh("问题"))
    issues_done: Count | None = field(default=None, metadata=zh("已完成的问题"))
    issues_ongoing: Count | None = field(default=None, metadata=zh("长期坚持的问题"))
    issues_open: Count | None = field(default=None, metadata=zh("未完成的问题"))
    measures: Count | None = field(default=None, metadata=zh("整改措施"))
    measures_done: Count | None = field(default=None, metadata=zh("已完成的措施"))
    measures_long_term: Count | None = field(default=None, metadata=zh("长期任务取得阶段性成效的措施"))
    measures_open: Count | None = field(default=None, metadata=zh("未完成的措施"))
    tasks: Count | None = field(default=None, metadata=zh("任务"))
    phases: Count | None = field(default=None, metadata=zh("阶段"))
    done_includes_long_term: bool = field(default=False, metadata=zh("已完成数包括长期任务"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Located):
    label: Line = field(metadata=zh("名称"))
    value: Decimal = field(metadata=zh("数值"))
    unit: Line = field(metadata=zh("单位"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld(Located):
    """A part that is left out, and why. `measures` keeps the totals right without telling what they were."""

    reason: Literal["secret", "case", "privacy", "sensitive", "stability", "publicity"] = field(metadata=zh("理由"))
    note: Line | None = field(default=None, metadata=zh("说明"))
    measures: Count = field(default=0, metadata=zh("未公开的措施数"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Located):
    """One action reported. A plain string in YAML is its text."""

    SHORTHAND: ClassVar[str] = "text"
    KEPT_WHEN_WITHHELD: ClassVar[frozenset[str]] = frozenset({"number", "status", "withheld"})
    text: Prose = field(default="", metadata=zh("措施内容"))
    number: Term | None = field(default=None, metadata=zh("编号"))
    status: Line | None = field(default=None, metadata=zh("整改进度"))
    due: PartialDate | None = field(default=None, metadata=zh("时限"))
    withheld: Withheld | None = field(default=None, metadata=zh("不予公开"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SubIssue(Located):
    """A sub-issue inside an issue, with measures of its own."""

    title: Line = field(metadata=zh("标题"))
    measures: tuple[Measure, ...] = field(default=(), metadata=zh("整改措施"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment(Located):
    text: Line = field(metadata=zh("承诺内容"))
    due: PartialDate = field(metadata=zh("承诺时限"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification(Located):
    by: Line = field(metadata=zh("核查单位"))
    date: PartialDate = field(metadata=zh("核查日期"))
    how: Line | None = field(default=None, metadata=zh("核查方式"))
    result: Line | None = field(default=None, metadata=zh("核查结论"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Update(Located):
    date: dt.date = field(metadata=zh("日期"))
    status: Line | None = field(default=None, metadata=zh("整改进度"))
    text: Prose | None = field(default=None, metadata=zh("进展"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels(Located):
    """The words that a notice prints before a field, and in what order; a word that is given is part of the document.

    An issue has labels of its own where it departs from its notice.
    """

    status: Line | None = field(default=None, metadata=zh("整改进度"))
    measures: Line | None = field(default=None, metadata=zh("整改措施"))
    cause: Line | None = field(default=None, metadata=zh("原因分析"))
    lead: Line | None = field(default=None, metadata=zh("牵头部门"))
    units: Line | None = field(default=None, metadata=zh("责任部门"))
    due: Line | None = field(default=None, metadata=zh("整改时限"))
    order: tuple[Ordered, ...] = field(default=(), metadata=zh("各项先后"))

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
    id: IssueId = field(metadata=zh("编号"))
    number: Term | None = field(default=None, metadata=zh("原文序号"))
    title: Line = field(default="", metadata=zh("问题"))
    title_added: bool = field(default=False, metadata=zh("标题为本站所加"))
    text: Prose | None = field(default=None, metadata=zh("问题说明"))
    status: Line | None = field(default=None, metadata=zh("整改进度"))
    cause: Prose | None = field(default=None, metadata=zh("原因分析"))
    measures: tuple[Measure, ...] = field(default=(), metadata=zh("整改措施"))
    parts: tuple[SubIssue, ...] = field(default=(), metadata=zh("分项"))
    lead: tuple[Line, ...] = field(default=(), metadata=zh("牵头部门"))
    units: tuple[Line, ...] = field(default=(), metadata=zh("责任部门"))
    due: PartialDate | None = field(default=None, metadata=zh("整改时限"))
    due_text: Line | None = field(default=None, metadata=zh("时限原文"))
    labels: Labels | None = field(default=None, metadata=zh("本条用语"))
    commitments: tuple[Commitment, ...] = field(default=(), metadata=zh("承诺"))
    continues: IssueRef | None = field(default=None, metadata=zh("承接的问题"))
    verified: Verification | None = field(default=None, metadata=zh("核查"))
    updates: tuple[Update, ...] = field(default=(), metadata=zh("进展更新"))
    withheld: Withheld | None = field(default=None, metadata=zh("不予公开"))

    def all_measures(self) -> Iterator[Measure]:
        """Measures of the issue and of its parts, in order."""
        yield from self.measures
        for part in self.parts:
            yield from part.measures


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Located):
    title: Line = field(metadata=zh("标题"))
    number: Term | None = field(default=None, metadata=zh("原文序号"))
    text: Prose | None = field(default=None, metadata=zh("说明"))
    declared: Totals | None = field(default=None, metadata=zh("申报数"))
    issues: tuple[Issue, ...] = field(default=(), metadata=zh("问题"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspect(Located):
    title: Line = field(metadata=zh("标题"))
    number: Term | None = field(default=None, metadata=zh("原文序号"))
    text: Prose | None = field(default=None, metadata=zh("说明"))
    declared: Totals | None = field(default=None, metadata=zh("申报数"))
    groups: tuple[Group, ...] = field(default=(), metadata=zh("类"))
    issues: tuple[Issue, ...] = field(default=(), metadata=zh("问题"))

    def all_issues(self) -> Iterator[Issue]:
        """Issues of the aspect, directly or in groups, in order."""
        for group in self.groups:
            yield from group.issues
        yield from self.issues


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Located):
    title: Line = field(metadata=zh("任务"))
    number: Term | None = field(default=None, metadata=zh("原文序号"))
    text: Prose | None = field(default=None, metadata=zh("内容"))
    lead: tuple[Line, ...] = field(default=(), metadata=zh("牵头部门"))
    units: tuple[Line, ...] = field(default=(), metadata=zh("责任部门"))
    due: PartialDate | None = field(default=None, metadata=zh("时限"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverable(Located):
    title: Line = field(metadata=zh("报送材料"))
    attachment: Term | None = field(default=None, metadata=zh("附件序号"))
    due: PartialDate | None = field(default=None, metadata=zh("报送时限"))
    note: Line | None = field(default=None, metadata=zh("说明"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase(Located):
    title: Line = field(metadata=zh("阶段"))
    number: Term | None = field(default=None, metadata=zh("原文序号"))
    start: PartialDate | None = field(default=None, metadata=zh("开始"))
    end: PartialDate | None = field(default=None, metadata=zh("结束"))
    text: Prose | None = field(default=None, metadata=zh("内容"))
    deliverables: tuple[Deliverable, ...] = field(default=(), metadata=zh("报送材料"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Located):
    """A part of a notice: prose, and at most one of aspects, issues, tasks and phases."""

    KEPT_WHEN_WITHHELD: ClassVar[frozenset[str]] = frozenset({"title", "number", "declared", "withheld"})
    STRUCTURES: ClassVar[tuple[str, ...]] = ("aspects", "issues", "tasks", "phases")
    title: Line | None = field(default=None, metadata=zh("标题"))
    number: Term | None = field(default=None, metadata=zh("原文序号"))
    text: Prose | None = field(default=None, metadata=zh("正文"))
    declared: Totals | None = field(default=None, metadata=zh("申报数"))
    aspects: tuple[Aspect, ...] = field(default=(), metadata=zh("方面"))
    issues: tuple[Issue, ...] = field(default=(), metadata=zh("问题"))
    tasks: tuple[Task, ...] = field(default=(), metadata=zh("任务"))
    phases: tuple[Phase, ...] = field(default=(), metadata=zh("阶段"))
    withheld: Withheld | None = field(default=None, metadata=zh("不予公开"))

    def all_issues(self) -> Iterator[Issue]:
        """Issues of the section at any level, in order."""
        for aspect in self.aspects:
            yield from aspect.all_issues()
        yield from self.issues


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment(Located):
    KEPT_WHEN_WITHHELD: ClassVar[frozenset[str]] = frozenset({"title", "number", "withheld"})
    title: Line = field(metadata=zh("标题"))
    number: Term | None = field(default=None, metadata=zh("附件序号"))
    file: FileName | None = field(default=None, metadata=zh("文件名"))
    withheld: Withheld | None = field(default=None, metadata=zh("不予公开"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection(Located):
    body: Line = field(metadata=zh("巡察机构"))
    round: Line | None = field(default=None, metadata=zh("巡察轮次"))
    subject: Line | None = field(default=None, metadata=zh("巡察事项"))
    started: PartialDate | None = field(default=None, metadata=zh("开始"))
    ended: PartialDate | None = field(default=None, metadata=zh("结束"))
    feedback: PartialDate | None = field(default=None, metadata=zh("反馈日期"))
    inferred: tuple[Literal["started", "ended", "feedback"], ...] = field(default=(), metadata=zh("年份为推定的日期"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance(Located):
    """Where the text of a notice was taken from."""

    name: Line = field(metadata=zh("来源"))
    url: Url | None = field(default=None, metadata=zh("原文网址"))
    published: PartialDate | None = field(default=None, metadata=zh("来源发布日期"))
    note: Line | None = field(default=None, metadata=zh("说明"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering(Located):
    """How the notice prints its numbers: number one of each level. Groups and issues run on unless in `restart`."""

    section: NumberStyle | None = field(default=None, metadata=zh("部分"))
    aspect: NumberStyle | None = field(default=None, metadata=zh("方面"))
    group: NumberStyle | None = field(default=None, metadata=zh("类"))
    issue: NumberStyle | None = field(default=None, metadata=zh("问题"))
    measure: NumberStyle | None = field(default=None, metadata=zh("措施"))
    task: NumberStyle | None = field(default=None, metadata=zh("任务"))
    phase: NumberStyle | None = field(default=None, metadata=zh("阶段"))
    restart: tuple[Literal["group", "issue"], ...] = field(default=(), metadata=zh("在上一级内重新编号"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature(Located):
    """Who signed and when; `text` is how it is printed where that is not the name and then the date."""

    by: Line = field(metadata=zh("落款单位"))
    date: PartialDate | None = field(default=None, metadata=zh("落款日期"))
    text: Prose | None = field(default=None, metadata=zh("落款原文"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption(Located):
    """Personal data that may be published, as it stands in the notice or an attachment, and why."""

    text: Line = field(metadata=zh("原文"))
    reason: Line = field(metadata=zh("理由"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Located):
    kind: Literal["rectification", "plan", "announcement"] = field(metadata=zh("种类"))
    title: Line = field(metadata=zh("标题"))
    agency: Id = field(metadata=zh("单位编号"))
    text: Literal["verbatim", "digest"] = field(metadata=zh("全文或摘要"))
    title_added: bool = field(default=False, metadata=zh("标题为本站所加"))
    published: PartialDate | None = field(default=None, metadata=zh("发布日期"))
    source: Provenance | None = field(default=None, metadata=zh("来源"))
    inspection: Inspection | None = field(default=None, metadata=zh("巡察"))
    follows: tuple[Id, ...] = field(default=(), metadata=zh("承接的通报"))
    declared: Totals | None = field(default=None, metadata=zh("申报数"))
    figures: tuple[Figure, ...] = field(default=(), metadata=zh("其他数字"))
    labels: Labels = field(default_factory=Labels, metadata=zh("原文用语"))
    numbering: Numbering = field(default_factory=Numbering, metadata=zh("编号样式"))
    opening: Prose | None = field(default=None, metadata=zh("导语"))
    sections: tuple[Section, ...] = field(default=(), metadata=zh("部分"))
    attachments: tuple[Attachment, ...] = field(default=(), metadata=zh("附件"))
    closing: Prose | None = field(default=None, metadata=zh("结语"))
    contact: Contact | None = field(default=None, metadata=zh("监督方式"))
    signed: Signature | None = field(default=None, metadata=zh("落款"))
    exempt: tuple[Exemption, ...] = field(default=(), metadata=zh("可以公开的个人信息"))
    old_ids: tuple[Id, ...] = field(default=(), metadata=zh("曾用编号"))
    id: str = ""
    path: str = ""
    sha256: str = ""  # of the source file's bytes, hexadecimal

    def all_issues(self) -> Iterator[Issue]:
        """Every issue of the notice, in order."""
        for section in self.sections:
            yield from section.all_issues()

    def all_phases(self) -> Iterator[Phase]:
        """Every phase of the notice, in order."""
        for section in self.sections:
            yield from section.phases

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

    label: Line = field(metadata=zh("名称"))
    wordings: tuple[Line, ...] = field(default=(), metadata=zh("说法"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary(Located):
    """The four buckets. Wordings are matched whole, without the punctuation at their end."""

    open: StatusWords = field(metadata=zh("未完成"))
    unstated: StatusWords = field(metadata=zh("未注明"))
    ongoing: StatusWords = field(metadata=zh("长期坚持"))
    done: StatusWords = field(metadata=zh("已完成"))

    def words(self, bucket: Bucket) -> StatusWords:
        """The entry of a bucket."""
        entry: StatusWords = getattr(self, bucket)
        return entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator(Located):
    name: Line = field(metadata=zh("主办单位"))
    phone: Term | None = field(default=None, metadata=zh("电话"))
    email: Term | None = field(default=None, metadata=zh("电子邮箱"))
    address: Line | None = field(default=None, metadata=zh("地址"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Footer(Located):
    """Identifiers that a government site prints at its foot; what is not given is not printed."""

    site_code: Annotated[str, "site-code"] | None = field(default=None, metadata=zh("网站标识码"))
    icp: Annotated[str, "icp"] | None = field(default=None, metadata=zh("ICP备案号"))
    police: Annotated[str, "police"] | None = field(default=None, metadata=zh("公安备案号"))
    report_error_url: Url | None = field(default=None, metadata=zh("我为政府网站找错"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotline(Located):
    number: Annotated[str, "hotline"] = field(metadata=zh("号码"))
    name: Line = field(metadata=zh("名称"))
    note: Line | None = field(default=None, metadata=zh("受理事项"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLabels(Located):
    """The site's own words before a field, where the notice prints none."""

    status: Line = field(default="整改进度", metadata=zh("整改进度"))
    measures: Line = field(default="整改措施", metadata=zh("整改措施"))
    cause: Line = field(default="原因分析", metadata=zh("原因分析"))
    lead: Line = field(default="牵头部门", metadata=zh("牵头部门"))
    units: Line = field(default="责任部门", metadata=zh("责任部门"))
    due: Line = field(default="整改时限", metadata=zh("整改时限"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Site(Located):
    schema: Literal["1"] = field(metadata=zh("格式版本"))
    title: Line = field(metadata=zh("网站名称"))
    description: Line = field(metadata=zh("网站简介"))
    operator: Operator = field(metadata=zh("主办单位"))
    statuses: Vocabulary = field(metadata=zh("整改进度的说法"))
    base_url: Annotated[str, "base-url"] | None = field(default=None, metadata=zh("网站网址"))
    timezone: Annotated[str, "timezone"] = field(default="Asia/Shanghai", metadata=zh("时区"))
    footer: Footer = field(default_factory=Footer, metadata=zh("页脚标识"))
    hotlines: tuple[Hotline, ...] = field(default=(), metadata=zh("监督热线"))
    labels: SiteLabels = field(default_factory=SiteLabels, metadata=zh("用语"))
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
