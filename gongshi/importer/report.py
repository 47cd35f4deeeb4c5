"""What an editor is told of an import: what was understood, what was left out, and what is to be checked."""

from collections.abc import Iterator, Sequence

from gongshi import model
from gongshi.dates import span_words
from gongshi.importer.intake import Imported
from gongshi.importer.paragraph import Paragraph
from gongshi.totals import NAMES, Words, bucket_of


def report(imported: Imported, words: Words, *, written: bool) -> str:
    """What was understood, what was left out, and what a person should look at; `words` are the site's statuses."""
    notice = imported.notice
    verb = "已导入" if written else "试导入"
    lines: list[str] = [f"{verb} {imported.source} → {imported.path.as_posix()}"]
    lines.append(f"  标题：{notice.title}" + ("（本站所加）" if notice.title_added else ""))
    new = f"，新建草稿 {imported.agency_path.as_posix()}" if imported.agency_path else ""
    lines.append(f"  单位：{imported.issuer.agency.name}（{imported.issuer.agency.id}{new}）")
    lines += [f"  {name}：{said}" for name, said in _understood(imported, words)]
    lines.append(f"  保真：{_fidelity(imported)}")
    lines += _listed("没有收入的网页文字", _noise(imported.noise))
    lines += _listed("请核对", [f"{doubt.origin} {doubt.message}".strip() for doubt in imported.doubts])
    for title, differs in (("与申报数对不上", True), ("检查提醒", False)):
        found = [p for p in imported.problems if (p.code == "totals-differ") == differs]
        lines += _listed(title, [f"YAML 第 {p.span.line} 行 {p.message}" for p in found])
    return "\n".join(lines) + "\n"


def _listed(title: str, items: Sequence[str]) -> list[str]:
    return [f"  {title}：", *(f"    {item}" for item in items)] if items else []


def _noise(noise: Sequence[tuple[Paragraph, str]]) -> list[str]:
    """Every line that was left out; what stands beside the text of a page in one."""
    beside = " / ".join(paragraph.text for paragraph, _ in noise if paragraph.aside)
    listed = [f"{paragraph.origin} {paragraph.text}（{reason}）" for paragraph, reason in noise if not paragraph.aside]
    return [*listed, *([f"网页其他部分 {beside}"] if beside else [])]


def _fidelity(imported: Imported) -> str:
    words = f"原文 {imported.characters:,} 字，照原样、按原来的顺序全部在文章里（100%）"
    if imported.unstructured:
        words += "；没有认出结构，整篇作为正文导入"
    return words


def _understood(imported: Imported, words: Words) -> Iterator[tuple[str, str]]:
    notice = imported.notice
    if inspection := notice.inspection:
        dates = span_words(inspection.started, inspection.ended)
        told = f"{inspection.feedback.chinese}反馈" if inspection.feedback else ""
        yield "巡察审计", "，".join(filter(None, (inspection.body, inspection.round, dates, told)))
    yield "结构", _structure(imported.notice, words)
    if declared := notice.declared:
        stated = [f"{name} {value}" for key, name in NAMES.items() if (value := getattr(declared, key)) is not None]
        yield "申报", " · ".join(stated)
    if notice.figures:
        yield "数字", " · ".join(f"{each.label} {each.value} {each.unit}" for each in notice.figures)
    yield "监督方式", _contact(notice.contact)
    if signed := notice.signed:
        yield "落款", " ".join(filter(None, (signed.by, signed.date.chinese if signed.date else "")))
    if notice.published or notice.source:
        name = notice.source.name if notice.source else ""
        yield "发布", " ".join(filter(None, (name, notice.published.chinese if notice.published else "")))


_ORDER: tuple[model.Bucket, ...] = ("done", "ongoing", "open", "unstated")  # the order of statuses in a report


def _structure(notice: model.Notice, vocabulary: Words) -> str:
    """6 个方面 · 12 类 · 40 个问题：17 已完成、16 长期任务已取得阶段性成效、7 未完成."""
    aspects = [aspect for section in notice.sections for aspect in section.aspects]
    issues = list(notice.all_issues())
    counted = (
        (sum(bool(section.title) for section in notice.sections), "个部分"),
        (len(aspects), "个方面"),
        (sum(len(aspect.groups) for aspect in aspects), "类"),
        (sum(len(section.tasks) for section in notice.sections), "项任务"),
        (len(list(notice.all_phases())), "个阶段"),
        (sum(len(phase.deliverables) for phase in notice.all_phases()), "项有期限的工作"),
        (len(notice.attachments), "个附件"),
        (len(issues), "个问题"),
    )
    words = " · ".join(f"{n} {name}" for n, name in counted if n) or "只有正文"
    statuses: dict[str, int] = {}
    for issue in issues:
        wording = (issue.status or "没有写进度").rstrip("。；;")
        statuses[wording] = statuses.get(wording, 0) + 1
    order = sorted(statuses, key=lambda wording: _ORDER.index(bucket_of(wording, vocabulary)))
    measures = sum(len(list(issue.all_measures())) for issue in issues)
    counted_words = "、".join(f"{statuses[wording]} {wording}" for wording in order)
    return f"{words}：{counted_words}；{measures} 条整改措施" if issues else words


def _contact(contact: model.Contact | None) -> str:
    if contact is None:
        return "没有认出"
    postal = contact.postal
    counted = (
        (len(contact.phones), "联系电话"),
        (len(contact.emails), "邮箱"),
        (int(bool(postal and (postal.address or postal.recipient))), "地址"),
    )
    return "，".join(f"{name} {n}" for n, name in counted if n)
