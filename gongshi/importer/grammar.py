"""The grammar of a notice: paragraphs become a notice, whatever its numbers look like.

    document = title? opening section* closing? signature?
    section  = a heading (一、), then phases or tasks (plan.py), findings (findings.py, issue.py) or prose
    closing  = what is said to the public at the end, and whom to call

Running text (dates, totals) is read in `facts.py`, whom to call in `contacts.py`, what a line can be in `lines.py`.

Nothing is lost: a paragraph without a place of its own goes on the prose before it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from gongshi import model
from gongshi.contact import is_masked
from gongshi.dates import PartialDate
from gongshi.importer import contacts, facts, findings, lines, plan
from gongshi.importer.issue import Heading, IssueReader
from gongshi.importer.lines import HEADINGS, MAX_STATUS, MAX_TITLE, Line
from gongshi.importer.paragraph import Doubt, Paragraph, prose
from gongshi.importer.shared import attachments_settled, labels_settled, numbers_settled
from gongshi.text import solid

_HEAD = 8  # lines in which the title is looked for
_SIGNERS = 5  # names under one notice; more than that are no signature
_FOOT = 30  # lines in which the signature is looked for, with the list of attachments that may follow it
_SHORT = 60  # characters of a line that may stand behind the signature
_LONG = 600  # characters of a paragraph that is more than words to the public
_LAST = 25  # lines in which the words to the public are looked for
_GENERAL = 40  # paragraphs of the first section in which a notice speaks of itself

_TITLE_END = re.compile(
    "(?:通报|公告|公示|通告|公报|报告|方案|计划|通知|意见|办法|说明|情况|结果|函|清单)(?:[（(][^（(]{1,20}[)）])?$"
)
_NAME = re.compile(
    "[一-鿿（）()、“” ]{2,50}(?:局|组|委|党总支|党支部|会|办公室|办|政府|院|中心|公司|部|厅|处|科|队|站|所|社|"
    "大学|学校|小学|中学|集团|街道|镇|乡|村)"
)
_FINDINGS = re.compile("(?:问题|反馈|意见|任务).*(?:整改|落实)|(?:整改|落实).*(?:问题|反馈意见)")
_NO_FINDINGS = re.compile(
    "基本情况|总体|概况|组织|部署|打算|下一?步|今后|不足|后续|长效|巩固|监督方式|联系方式|保障|安排|工作推进"
)
_TO_THE_PUBLIC = re.compile(
    "(?:真诚|热忱|热诚|诚恳|敬|诚|恳)?(?:欢迎|请|邀)(?:广大|社会|干部|群众|各界|各位|监督|对|公众)|特此|以上(?:整改)?(?:报告|情况)|公[示告]期"
    "|.{0,30}接受(?:社会|群众|广大|各界|公众).{0,12}监督|如有(?:意见|异议|问题)|附件?\\s*[:：]"
    "|(?:监督|举报|联系|咨询|受理|反映)(?:电话|方式|邮箱|单位|部门|科室|人)\\s*[:：]"
)
_ABOUT_SUPERVISION = re.compile("监督|联系|反映|征集")
_QUOTED_PROBLEM = re.compile("“([^“”]{2,100})”问题|关于“([^“”]{2,100})”")
_DATES = {"started": "巡察开始日期", "ended": "巡察结束日期", "feedback": "反馈日期"}
_ANOTHER = re.compile("(?:中共)?[^。；：]{2,30}关于[^。；：]{4,60}(?:通报|公告|公示|报告)")
_SHORT_LABEL = re.compile("[一-鿿]{2,8}[:：]")


@dataclass(slots=True)
class Draft:
    """What was understood of a document.

    `notice.agency` is still to be found, and the title of an `untitled` one still lacks the name of the agency before
    it. `issuer` is the name of whoever signed, as printed, and `inspected` of whoever was inspected; both may be empty.
    `year` is the one that the document speaks of most, `kept` what is no `noise`.
    """

    notice: model.Notice
    issuer: str
    inspected: str
    year: int | None
    untitled: bool
    kept: list[Paragraph]
    noise: list[tuple[Paragraph, str]]
    doubts: list[Doubt]


def recognise(paragraphs: Sequence[Paragraph]) -> Draft:
    """Understand a document. Never raises; takes time in proportion to its length."""
    return _Document(paragraphs).draft()


def as_text(paragraphs: Sequence[Paragraph]) -> Draft:
    """Every paragraph as one text, without any structure: what is left when the structure does not pass."""
    return _Document(paragraphs).plain()


class _Document:
    """One document on its way to a notice."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.kept, self.noise = lines.without_noise(paragraphs)
        self.lines = [lines.line(paragraph) for paragraph in self.kept]
        self.doubts: list[Doubt] = []
        labels = Counter(label.field for paragraph in self.kept if (label := lines.labelled(paragraph)))
        self.reader = IssueReader(labels, self.doubts)
        self.title = ""
        self.title_added = False

    def draft(self) -> Draft:
        """The whole document."""
        start, end, signed = self._frame()
        body = self.lines[start:end]
        opening, sections, closing = self._body(body)
        if not (opening or sections):
            opening, closing = closing, []
        general = "\n".join(p.text for p in self._general(opening, body, sections))
        inspection = facts.inspection(f"{self.title}\n{general}")
        published, source = self._publication()
        accounts = self._accounts(sections, general)
        notice = replace(
            self._notice(opening, sections, closing, signed),
            published=published,
            source=source,
            inspection=inspection,
            declared=self._declared(accounts, sections),
            figures=tuple(facts.figures(accounts)),
            attachments=tuple(plan.attachments(self.lines[start:])),
            contact=self._contact(closing, body),
        )
        notice = self._possible(notice, opening)
        self._doubt_years(notice.inspection, opening)
        self._doubt_titles(body)
        self._doubt_tables(body)
        self.reader.finish()
        settled = numbers_settled(labels_settled(attachments_settled(notice), self.reader.orders))
        return self._named(settled, facts.inspected(general))

    def plain(self) -> Draft:
        """The document without a look inside."""
        start, end, signed = self._frame()
        opening = [line.paragraph for line in self.lines[start:end]]
        return self._named(self._notice(opening, [], [], signed), "")

    def _notice(
        self,
        opening: Sequence[Paragraph],
        sections: Sequence[model.Section],
        closing: Sequence[Paragraph],
        signed: model.Signature | None,
    ) -> model.Notice:
        return model.Notice(
            kind=self._kind(sections),
            title=self.title,
            title_added=self.title_added,
            agency="agency",
            text="verbatim",
            opening=prose(opening),
            sections=tuple(sections),
            closing=prose(closing),
            signed=signed,
        )

    def _named(self, notice: model.Notice, inspected: str) -> Draft:
        untitled = not notice.title
        if untitled:
            about = f"关于{notice.inspection.body}反馈意见整改情况的通报" if notice.inspection else "的通报"
            notice = replace(notice, title=about)
            self.doubts.insert(0, Doubt(self._origin(), "原文没有标题，现在的标题是导入时拟的"))
        elif notice.title_added:
            self.doubts.insert(0, Doubt(self._origin(), "标题不在原文开头，页面上方另加了标题"))
        issuer = re.split(r"、|\s{2,}", notice.signed.by)[0] if notice.signed else self._party_of_title()
        return Draft(notice, issuer, inspected, self.year, untitled, self.kept, self.noise, self.doubts)

    def _origin(self) -> str:
        return self.lines[0].paragraph.origin if self.lines else ""

    # --- title and signature ---

    def _frame(self) -> tuple[int, int, model.Signature | None]:
        """Where the text begins and ends, and the sign-off; a document that has nothing else is all text."""
        start = self._find_title()
        end, signed = self._signature(start)
        if start < end:
            return start, end, signed
        self.title_added = True
        return 0, len(self.lines), None

    def _find_title(self) -> int:
        """Find the title; where the text begins. A title that is not at the head stays in the text, too."""
        numbered = (i for i, line in enumerate(self.lines[:_HEAD]) if line.level in HEADINGS)
        head = [line.paragraph for line in self.lines[: next(numbered, _HEAD)]]
        joined = ""
        for i, paragraph in enumerate(head):
            if not self._can_be_title(paragraph):
                break
            joined += paragraph.text.strip()
            if _TITLE_END.search(facts.folded(joined)) and not self._goes_on(head[i + 1 : i + 2]):
                self.title = joined
                return i + 1
        if joined and re.search("关于|整改", head[0].text):
            self.title = head[0].text.strip()
            return 1
        self.title_added = True
        ends = (p.text.strip() for p in head if self._can_be_title(p) and _TITLE_END.search(facts.folded(p.text)))
        self.title = next(ends, "")
        return 0

    @staticmethod
    def _can_be_title(paragraph: Paragraph) -> bool:
        text = paragraph.text.strip()
        return not paragraph.cells and len(text) <= MAX_TITLE // 2 and not text.endswith(tuple("。：:；，"))

    @staticmethod
    def _goes_on(following: Sequence[Paragraph]) -> bool:
        """Whether a title that could end goes on in the next line: …情况 / 的通报."""
        return any(p.text.strip().startswith("的") and _TITLE_END.search(facts.folded(p.text)) for p in following)

    def _party_of_title(self) -> str:
        return re.split("关于|“|《", self.title)[0].strip() if "关于" in self.title else ""

    def _signature(self, start: int) -> tuple[int, model.Signature | None]:
        """Where the sign-off begins, and what it says; only short lines may follow it."""
        end = len(self.lines)
        for i in range(end - 1, max(start, end - _FOOT), -1):
            text = self.lines[i].text
            if date := facts.signed_date(text):
                first, last = self._signers(i, start)
                names = [line.text.strip() for line in self.lines[first : last + 1] if line is not self.lines[i]]
                by = "、".join(names) or facts.before_date(text) or self._party_of_title()
                return (first, self._signed(by, date, first)) if by else (end, None)
            if len(text) > _SHORT or "。" in text or self._is_content(self.lines[i]):
                break
        last_line = self.lines[-1].text.strip() if self.lines else ""
        if end - 1 > start and self._is_name(end - 1) and last_line in self.title:
            return end - 1, self._signed(last_line, None, end - 1)
        return end, None

    @staticmethod
    def _is_content(line: Line) -> bool:
        """Whether a line cannot stand behind the signature, where only attachments are listed."""
        return (
            line.level in ("section", "bracketed", "worded", "bracketed-digit")
            or lines.labelled(line.paragraph) is not None
        )

    def _signers(self, at: int, start: int) -> tuple[int, int]:
        """The lines of names around the date: before it, or else one behind it."""
        first = at
        while first - 1 > start and at - first < _SIGNERS and self._is_name(first - 1):
            first -= 1
        behind = first == at and at + 1 < len(self.lines) and self._is_name(at + 1)
        return (at, at + 1) if behind else (first, at)

    def _is_name(self, at: int) -> bool:
        line = self.lines[at]
        return not line.level and not line.paragraph.cells and bool(_NAME.fullmatch(line.text.strip()))

    def _signed(self, by: str, date: PartialDate | None, first: int) -> model.Signature:
        block = [line.paragraph for line in self.lines[first:]]
        printed = solid("".join(p.text for p in block))
        usual = solid(by) + (date.chinese if date else "")
        return model.Signature(by=by, date=date, text=None if printed == usual else prose(block))

    # --- the body ---

    def _body(self, body: list[Line]) -> tuple[list[Paragraph], list[model.Section], list[Paragraph]]:
        """Opening, sections and closing."""
        end = self._closing_at(body)
        body, closing = body[:end], [line.paragraph for line in body[end:]]
        heads = [i for i, line in enumerate(body) if line.level == "section" and lines.is_heading(line)]
        first = heads[0] if heads else len(body)
        opening = [line.paragraph for line in body[:first]]
        if not heads:
            return *self._without_heads(body), closing
        parts = [
            (body[at], body[at + 1 : following]) for at, following in zip(heads, [*heads[1:], len(body)], strict=True)
        ]
        if findings.reports(body) and findings.level_of_issues(body, HEADINGS) == "section":
            return opening, self._issues_as_sections(parts), closing
        return opening, [section for head, below in parts for section in self._section(head, below)], closing

    def _closing_at(self, body: Sequence[Line]) -> int:
        """Where the words to the public begin: the last paragraphs, which ask for supervision and say whom to call."""
        at = len(body)
        for i in range(len(body) - 1, max(-1, len(body) - _LAST), -1):
            line = body[i]
            contact = len(line.text) < _LONG and contacts.is_contact(line.text)
            if lines.labelled(line.paragraph) or (line.level in HEADINGS and not contact) or line.level == "section":
                break
            if contact or _TO_THE_PUBLIC.match(facts.folded(line.text)):
                at = i
        # A section about supervision keeps its text.
        head = next((line.rest for line in reversed(body[:at]) if line.level == "section"), "")
        return len(body) if len(head) < MAX_STATUS and _ABOUT_SUPERVISION.search(head) else at

    def _without_heads(self, body: list[Line]) -> tuple[list[Paragraph], list[model.Section]]:
        """A document without 一、: its findings, if there are any, make one section without a title."""
        level = findings.level_of_issues(body, HEADINGS)
        if level and (findings.reports(body) or "整改" in self.title):
            first = next(i for i, line in enumerate(body) if line.level in HEADINGS)
            opening = [line.paragraph for line in body[:first]]
            return opening, findings.sections_of(model.Section(), body[first:], level, self.reader)
        first = next((i for i, line in enumerate(body) if lines.labelled(line.paragraph)), len(body))
        if not findings.reports(body[first:]):
            return [line.paragraph for line in body], []
        while first and _SHORT_LABEL.match(body[first - 1].text):
            first -= 1
        quoted = _QUOTED_PROBLEM.search(self.title)
        name = (quoted[1] or quoted[2]) if quoted else self.title or "整改情况"
        sections = self._only_issue(model.Section(), name, body[first:])
        return [line.paragraph for line in body[:first]], sections

    def _only_issue(self, section: model.Section, title: str, below: Sequence[Line]) -> list[model.Section]:
        """A section that reports on one issue without a heading for it."""
        line = Line(Paragraph(title, self._origin()), rest=title)
        heading = Heading(line, "issue", [line.paragraph for line in below])
        issue, tail = self.reader.read(heading, last=True, title_added=True)
        return [replace(section, issues=(issue,)), *([model.Section(text=prose(tail))] if tail else [])]

    def _section(self, head: Line, below: list[Line]) -> list[model.Section]:
        title, run_in = lines.titled(head, ())
        below = [*map(lines.line, run_in), *below]
        section = model.Section(title=title, number=head.number)
        if made := self._plan_section(section, title, below):
            return [made]
        level = findings.level_of_issues(below, HEADINGS[1:])
        reports = findings.reports(below)
        called = _FINDINGS.search(title) and not _NO_FINDINGS.search(title)
        if level and (reports or called):
            return findings.sections_of(section, below, level, self.reader)
        if reports and self.reader.labels["measures"]:
            return self._only_issue(section, title, below)
        return [replace(section, text=prose(line.paragraph for line in below))]

    def _plan_section(self, section: model.Section, title: str, below: Sequence[Line]) -> model.Section | None:
        """A section with phases or tasks; None if it has neither."""
        children = plan.children(below)
        text = prose(children[0])
        year = self.year
        phases, guessed = plan.phases(children, year)
        if phases:
            if guessed:
                self.doubts.append(
                    Doubt(children[1][0][0].paragraph.origin, f"各阶段没有写年份，按上文推定为 {year} 年")
                )
            return replace(section, text=text, phases=phases)
        if self.reader.labels["measures"] or self.reader.labels["status"] or findings.reports(below):
            return None
        planned = re.search("方案|计划", self.title) and re.search("任务|举措", title)
        tasks = plan.tasks(children, planned=bool(planned))
        return replace(section, text=text, tasks=tasks) if tasks else None

    def _issues_as_sections(self, parts: Sequence[tuple[Line, list[Line]]]) -> list[model.Section]:
        """一、 is an issue: those that report something make sections without a title, the others are prose."""
        sections: list[model.Section] = []
        run: list[Heading] = []
        for head, below in parts:
            if findings.reports([head, *below]):
                run.append(Heading(head, "issue", [line.paragraph for line in below]))
                continue
            sections += findings.grouped(model.Section(), run, self.reader) if run else []
            run = []
            sections += self._section(head, below)
        return sections + (findings.grouped(model.Section(), run, self.reader) if run else [])

    # --- what stands in running text ---

    @cached_property
    def year(self) -> int | None:
        """The year that the document speaks of most."""
        years = Counter(
            year for line in self.lines for year in re.findall(r"(?<!\d)(20\d\d)\s*年", facts.folded(line.text))
        )
        return int(years.most_common(1)[0][0]) if years else None

    def _general(
        self, opening: Sequence[Paragraph], body: Sequence[Line], sections: Sequence[model.Section]
    ) -> list[Paragraph]:
        """Where a notice speaks of itself: the opening and its first section, unless that reports on issues."""
        if any(True for section in sections[:1] for _ in section.all_issues()):
            return list(opening)
        heads = [i for i, line in enumerate(body) if line.level == "section"]
        first = [line.paragraph for line in body[heads[0] : heads[1] if len(heads) > 1 else None]] if heads else []
        return [*opening, *first[:_GENERAL]]

    def _declared(self, accounts: str, sections: Sequence[model.Section]) -> model.Totals | None:
        """The totals that the notice states: of a plan its phases, of others issues and measures."""
        if any(section.phases for section in sections):
            phases = facts.phases(sections)
            return model.Totals(phases=phases) if phases else None
        found = facts.totals(accounts)
        return model.Totals(**found) if found.keys() - {"done_includes_long_term"} else None  # type: ignore[arg-type]

    def _accounts(self, sections: Sequence[model.Section], general: str) -> str:
        """Text that may give totals and figures: where the notice speaks of itself, and all prose of a roll-up."""
        if any(True for section in sections for _ in section.all_issues()):
            return general
        return "\n".join([general, *(section.text or "" for section in sections)])

    def _contact(self, closing: Sequence[Paragraph], body: Sequence[Line]) -> model.Contact | None:
        """Whom to call, from the words to the public; else from the last section."""
        heads = [i for i, line in enumerate(body) if line.level == "section"]
        last = [line.paragraph for line in body[heads[-1] if heads else -_LAST :]]
        for place in (closing, last):
            text = "\n".join(p.text for p in place)
            if found := contacts.contact(text):
                masked = [phone.number for phone in found.phones if is_masked(phone.number)]
                self.doubts += [
                    Doubt(place[0].origin, f"电话“{number}”被遮盖，公众无法使用，请查实后补上") for number in masked
                ]
                return found
        return None

    def _publication(self) -> tuple[PartialDate | None, model.Provenance | None]:
        text = "\n".join(p.text for p, reason in self.noise if reason == "发布信息")
        published, source = facts.publication(text)
        return published, model.Provenance(name=source, published=published) if source else None

    def _kind(self, sections: Sequence[model.Section]) -> Literal["rectification", "plan", "announcement"]:
        if any(section.phases or section.tasks for section in sections):
            return "plan"
        has_issues = any(True for section in sections for _ in section.all_issues())
        if has_issues or ("整改" in self.title and "征集" not in self.title):
            return "rectification"
        return "plan" if re.search("方案|计划", self.title) else "announcement"

    def _possible(self, notice: model.Notice, opening: Sequence[Paragraph]) -> model.Notice:
        """The notice without dates that come before what they follow: they were misprinted or misread."""
        origin = opening[0].origin if opening else self._origin()
        if found := notice.inspection:
            late = [name for name in ("ended", "feedback") if _before(getattr(found, name), found.started)]
            inferred = tuple(name for name in found.inferred if name not in late)
            kept = replace(found, **dict.fromkeys(late, None), inferred=inferred)  # type: ignore[arg-type]
            notice = replace(notice, inspection=kept)
            self.doubts += [Doubt(origin, f"{_DATES[name]}早于巡察开始，没有登记") for name in late]
            if _before(notice.published, kept.feedback):
                self.doubts.append(Doubt(origin, f"发布日期早于反馈日期 {kept.feedback}，没有登记"))
                source = notice.source and replace(notice.source, published=None)
                notice = replace(notice, published=None, source=source)
        return notice

    def _doubt_titles(self, body: Sequence[Line]) -> None:
        """A title in the middle of the text: there may be another notice in the file."""
        for line in body[1:]:
            text = line.text.strip()
            if not line.level and len(text) <= _SHORT and text != self.title and _ANOTHER.fullmatch(text):
                self.doubts.append(Doubt(line.paragraph.origin, "像是另一份通报的标题；一个文件只能放一份通报"))

    def _doubt_tables(self, body: Sequence[Line]) -> None:
        """A table of issues is printed as a table: its rows are not issues of the ledger."""
        for line in body:
            head = "".join(line.paragraph.cells)
            if "问题" in head and re.search("措施|整改", head) and len(head) <= MAX_TITLE:
                self.doubts.append(Doubt(line.paragraph.origin, "表格里的问题按正文录入，没有分成台账里的问题"))
                return

    def _doubt_years(self, inspection: model.Inspection | None, opening: Sequence[Paragraph]) -> None:
        origin = opening[0].origin if opening else self._origin()
        for name in inspection.inferred if inspection else ():
            value: PartialDate = getattr(inspection, name)
            self.doubts.append(Doubt(origin, f"{_DATES[name]}没有写年份，按上文推定为 {value.chinese}"))


def _before(date: PartialDate | None, other: PartialDate | None) -> bool:
    """Whether a date is surely earlier than another."""
    return bool(date and other and date.last < other.first)
