"""The import of one file: read → recognise → prove → write.

Nothing is written before the YAML has been read back as the same value, its page has been compared with the source, and
every rule of `check` has been passed. Where the structure that was recognised does not pass, the notice is imported as
plain text, and the report says so.
"""

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from gongshi import checks, model
from gongshi.dates import span_words
from gongshi.decode import Report, check_id, decode, field_names
from gongshi.importer import grammar, lines, proof
from gongshi.importer.issuer import Issuer, find_issuer
from gongshi.importer.paragraph import Doubt, Paragraph
from gongshi.importer.read import MAX_BYTES, UnreadableError, read
from gongshi.importer.write import write
from gongshi.load import load
from gongshi.problems import Problem, Severity, UsageError, has_errors
from gongshi.source import parse_yaml, without_invisible
from gongshi.totals import NAMES, bucket_of, vocabulary


@dataclass(slots=True)
class Imported:
    """What came of one file. Paths are where the files are (or would be) written."""

    source: str
    notice: model.Notice
    path: Path
    text: str
    issuer: Issuer
    agency_path: Path | None  # of a new agency
    agency_text: str
    fidelity: proof.Fidelity
    invisible: int  # characters that nobody sees and that YAML may not hold
    noise: list[tuple[Paragraph, str]]
    doubts: list[Doubt]
    problems: list[Problem]
    unstructured: bool = False
    words: Mapping[str, model.Bucket] = field(default_factory=dict)


class Intake:
    """Imports files into one content folder; what it holds already is read once."""

    def __init__(self, content: Path) -> None:
        if not content.is_dir():
            raise UsageError(f"找不到内容文件夹 {content}；请在项目的根目录运行，或用 --content 指定")
        self.content = content
        loaded = load(content)
        damaged = [p for p in loaded.problems if p.severity is Severity.ERROR and "/notices/" not in p.span.path]
        if loaded.corpus is None or damaged:
            where = f"（{damaged[0].span.path}：{damaged[0].message}）" if damaged else ""
            raise UsageError(f"导入前请先改正网站设置和单位文件里的错误，可运行 python build.py check 查看{where}")
        self.corpus = corpus = loaded.corpus
        self.agencies = dict(corpus.agencies)
        self.taken = {path.stem: path for path in (content / "notices").rglob("*.yaml")}
        self.known = {notice.solid_text(): self.taken[notice.id] for notice in corpus.notices.values()}

    def take(self, path: Path, *, notice_id: str = "", agency_id: str = "", force: bool = False) -> Imported:
        """Import one file without writing anything. Raises UsageError with a remedy if it cannot be."""
        paragraphs, invisible = _read(path)
        kept, _ = lines.without_noise(paragraphs)
        if not kept:
            raise UsageError(f"{path} 里没有通报的文字；图片里的文字要先转成文本")
        source = proof.solid(kept)
        failed: list[str] = []
        for recognise in (grammar.recognise, grammar.as_text):
            draft = recognise(paragraphs)
            issuer = self._issuer(draft, paragraphs, agency_id)
            speaker = issuer.agency.party_body or issuer.agency.name if draft.untitled else ""
            notice = replace(draft.notice, agency=issuer.agency.id, title=speaker + draft.notice.title)
            place = self._place(notice, kept, notice_id, force=force)
            notice = replace(notice, id=place.stem)
            doubts = [*draft.doubts, *(Doubt("", message) for message in issuer.doubts)]
            text = write(notice, _comments(notice, draft.doubts if issuer.is_new else doubts))
            fidelity = proof.fidelity(source, proof.printed(notice))
            problems, same = self._checked(notice, text, issuer.agency, place)
            if fidelity.whole and same and not has_errors(problems):
                break
            failed.append(f"{fidelity.printed}/{fidelity.characters}")
        else:
            raise UsageError(f"{path} 无法导入：生成的通报与原文不一致（{'、'.join(failed)}）；请把原文发给维护者")
        agency_path = self.content / "agencies" / f"{issuer.agency.id}.yaml" if issuer.is_new else None
        comments = {id(issuer.agency): [f"请核对：{doubt}" for doubt in issuer.doubts]}
        return Imported(
            source=path.as_posix(),
            notice=notice,
            path=place,
            text=text,
            issuer=issuer,
            agency_path=agency_path,
            agency_text=write(issuer.agency, comments) if issuer.is_new else "",
            fidelity=fidelity,
            invisible=invisible,
            noise=draft.noise,
            doubts=doubts,
            problems=sorted(set(problems)),
            unstructured=bool(failed),
            words=vocabulary(self.corpus.site),
        )

    def keep(self, imported: Imported) -> None:
        """Write what was imported, and remember it for the files that follow."""
        if imported.agency_path:
            _put(imported.agency_path, imported.agency_text)
        _put(imported.path, imported.text)
        self.remember(imported)

    def remember(self, imported: Imported) -> None:
        """Take an imported notice for one that is there, so that the next one gets another id."""
        self.agencies.setdefault(imported.issuer.agency.id, imported.issuer.agency)
        self.taken[imported.path.stem] = imported.path
        self.known[imported.notice.solid_text()] = imported.path

    def _issuer(self, draft: grammar.Draft, paragraphs: Sequence[Paragraph], agency_id: str) -> Issuer:
        found = find_issuer(draft, paragraphs, self.agencies, self.corpus.regions)
        if not agency_id:
            return found
        if agency := self.agencies.get(agency_id):
            return Issuer(agency, is_new=False)
        if problem := check_id(agency_id, "--agency"):
            raise UsageError(f"--agency 写的“{agency_id}”不对：{problem.message}")
        doubts = found.doubts
        if not found.is_new:
            doubts = (f"原文的单位像是已有的 {found.agency.id}（{found.agency.name}），按要求另起草了 {agency_id}",)
        return Issuer(replace(found.agency, id=agency_id, old_ids=()), is_new=True, doubts=doubts)

    def _place(self, notice: model.Notice, kept: Sequence[Paragraph], notice_id: str, *, force: bool) -> Path:
        """Where the notice goes: to a free id, or to the one that is asked for.

        With `force` it takes the place of the file that has the id, or of the one that has the same text.
        """
        if notice_id and (problem := check_id(notice_id, "--id")):
            raise UsageError(f"--id 写的“{notice_id}”不对：{problem.message}")
        same = self.known.get(notice.solid_text())
        if same and not force:
            raise UsageError(f"这份通报已经在 {same.as_posix()} 里了；要重新导入并覆盖它，请加 --force")
        there = self.taken.get(notice_id) if notice_id else same
        if there and not force:
            raise UsageError(f"{there.as_posix()} 已经存在；请换一个 --id，要覆盖它请加 --force")
        if there:
            return there
        year = _year(notice, kept)
        usual = "-".join(filter(None, (notice.agency, year, "plan" if notice.kind == "plan" else "")))
        name = notice_id or next(name for name in _numbered(usual) if name not in self.taken)
        return self.content / "notices" / (year or "undated") / f"{name}.yaml"

    def _checked(
        self, notice: model.Notice, text: str, agency: model.Agency, place: Path
    ) -> tuple[list[Problem], bool]:
        """The problems of a notice as it would be read, and whether that is the same notice."""
        parsed = parse_yaml(text.encode(), place.as_posix(), field_names())
        report = Report(place.as_posix())
        decoded = decode(model.Notice, parsed.root, report, id=notice.id, path=place.as_posix())
        problems = [*parsed.problems, *report.problems]
        if decoded is None:
            return problems, False
        corpus = replace(
            self.corpus,
            agencies={agency.id: agency},
            notices={decoded.id: decoded},
            pages={},
            files={},
            beside={},
            known={"agencies": frozenset({agency.id}), "notices": frozenset({decoded.id})},
            damaged=frozenset(),
        )
        problems += [p for p in checks.check(corpus, date.max) if p.span.path == place.as_posix()]
        return problems, replace(decoded, path="") == notice


def _read(path: Path) -> tuple[tuple[Paragraph, ...], int]:
    """The paragraphs of a file without invisible characters, and how many of these there were."""
    if not path.is_file():
        raise UsageError(f"{path} 不是文件；请写出要导入的文件")
    if path.stat().st_size > MAX_BYTES:
        raise UsageError(f"{path} 超过 {MAX_BYTES // 1024 // 1024} MiB；请拆成几个文件，每份通报一个")
    try:
        found = read(path.name, path.read_bytes())
    except UnreadableError as error:
        raise UsageError(f"{path} 读不了：{error}") from None
    seen = [replace(p, text=without_invisible(p.text), cells=tuple(map(without_invisible, p.cells))) for p in found]
    lost = sum(len(before.text) - len(after.text) for before, after in zip(found, seen, strict=True))
    return tuple(p for p in seen if p.text.strip()), lost


def _year(notice: model.Notice, kept: Sequence[Paragraph]) -> str:
    """The year of a notice: of its date, else the latest one that its text speaks of."""
    if notice.dated:
        return str(notice.dated.year)
    years = [year for p in kept for year in re.findall(r"(?<!\d)20[0-4]\d(?=年)", p.text)]
    return max(years, default="")


def _numbered(name: str) -> Iterator[str]:
    yield name
    n = 2
    while True:
        yield f"{name}-{n}"
        n += 1


def _comments(notice: model.Notice, doubts: Sequence[Doubt]) -> dict[int, list[str]]:
    """Doubts as comments above what they are about."""
    issues = {issue.id: issue for issue in notice.all_issues()}
    comments: dict[int, list[str]] = {}
    for doubt in doubts:
        where = f"（原文{doubt.origin}）" if doubt.origin else ""
        comments.setdefault(id(issues.get(doubt.issue, notice)), []).append(f"请核对：{doubt.message}{where}")
    return comments


def _put(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=".import-", suffix=".tmp", delete=False, encoding="utf-8", newline="\n"
    ) as file:
        file.write(text)
    try:
        os.chmod(file.name, 0o644)  # noqa: PTH101 - as an editor's own files; temporary ones are private
        os.replace(file.name, path)  # noqa: PTH105
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(file.name)  # noqa: PTH108
        raise


# --- the report ---


def report_of_import(imported: Imported, *, written: bool) -> str:
    """What was understood, what was left out, and what a person should look at, in Chinese."""
    notice = imported.notice
    verb = "已导入" if written else "试导入"
    lines_of: list[str] = [f"{verb} {imported.source} → {imported.path.as_posix()}"]
    lines_of.append(f"  标题：{notice.title}" + ("（本站所加）" if notice.title_added else ""))
    new = f"，新建草稿 {imported.agency_path.as_posix()}" if imported.agency_path else ""
    lines_of.append(f"  单位：{imported.issuer.agency.name}（{imported.issuer.agency.id}{new}）")
    lines_of += [f"  {name}：{words}" for name, words in _understood(imported)]
    lines_of.append(f"  保真：{_fidelity(imported)}")
    lines_of += _listed("没有收入的网页文字", _noise(imported.noise))
    lines_of += _listed("请核对", [f"{doubt.origin} {doubt.message}".strip() for doubt in imported.doubts])
    for title, differs in (("与申报数对不上", True), ("检查提醒", False)):
        found = [p for p in imported.problems if (p.code == "totals-differ") == differs]
        lines_of += _listed(title, [f"YAML 第 {p.span.line} 行 {p.message}" for p in found])
    return "\n".join(lines_of) + "\n"


def _listed(title: str, items: Sequence[str]) -> list[str]:
    return [f"  {title}：", *(f"    {item}" for item in items)] if items else []


def _noise(noise: Sequence[tuple[Paragraph, str]]) -> list[str]:
    """Every line that was left out; what stands beside the text of a page in one."""
    beside = " / ".join(paragraph.text for paragraph, _ in noise if paragraph.aside)
    listed = [f"{paragraph.origin} {paragraph.text}（{reason}）" for paragraph, reason in noise if not paragraph.aside]
    return [*listed, *([f"网页其他部分 {beside}"] if beside else [])]


def _fidelity(imported: Imported) -> str:
    found = imported.fidelity
    words = f"原文 {found.characters:,} 字，照原样、按原来的顺序全部在文章里（100%）"
    if imported.unstructured:
        words += "；没有认出结构，整篇作为正文导入"
    if imported.invisible:
        words += f"；去掉看不见的字符 {imported.invisible} 个"
    return words


def _understood(imported: Imported) -> Iterator[tuple[str, str]]:
    notice = imported.notice
    if inspection := notice.inspection:
        dates = span_words(inspection.started, inspection.ended)
        told = f"{inspection.feedback.chinese}反馈" if inspection.feedback else ""
        yield "巡察审计", "，".join(filter(None, (inspection.body, inspection.round, dates, told)))
    yield "结构", _structure(imported)
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


_READ: tuple[model.Bucket, ...] = ("done", "ongoing", "open", "unstated")  # the order of statuses in a report


def _structure(imported: Imported) -> str:
    """6 个方面 · 12 类 · 40 个问题：17 已完成、16 长期任务已取得阶段性成效、7 未完成."""
    notice = imported.notice
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
    order = sorted(statuses, key=lambda wording: _READ.index(bucket_of(wording, imported.words)))
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
