"""The import of one file: read → recognise → prove → write.

Nothing is written before the YAML has been read back as the same value, its page has been compared with the source, and
every rule of `check` has been passed. Where the structure that was recognised does not pass, the notice is imported as
plain text, and the report says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from pathlib import Path

from gongshi import checks, model
from gongshi.cache import Cache
from gongshi.corpus import Corpus
from gongshi.decode import Report, check_id, decode, field_names
from gongshi.derive.rows import summarise
from gongshi.executors import Workers, cores
from gongshi.importer import grammar, proof
from gongshi.importer.issuer import Issuer, find_issuer
from gongshi.importer.paragraph import Doubt, Paragraph
from gongshi.importer.read import MAX_BYTES, UnreadableError, read
from gongshi.importer.write import write
from gongshi.load import load
from gongshi.problems import Problem, Severity, UsageError, has_errors
from gongshi.scan import scan
from gongshi.source import parse_yaml
from gongshi.totals import vocabulary


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
    characters: int  # of the source, without white space and noise; all of them are printed, in order
    noise: list[tuple[Paragraph, str]]
    doubts: list[Doubt]
    problems: list[Problem]
    unstructured: bool  # the structure that was recognised did not pass: imported as plain text


class Intake:
    """Imports files into one content folder; what it holds already is read once."""

    def __init__(self, content: Path, cache: Cache) -> None:
        if not content.is_dir():
            raise UsageError(f"找不到内容文件夹 {content}；请在项目的根目录运行，或用 --content 指定")
        self.content = content
        with Workers(cores()) as workers:
            loaded = load(content, cache, workers, scan(content))
        damaged = [p for p in loaded.problems if p.severity is Severity.ERROR and "/notices/" not in p.span.path]
        if loaded.corpus is None or damaged:
            where = f"（{damaged[0].span.path}：{damaged[0].message}）" if damaged else ""
            raise UsageError(f"导入前请先改正网站设置和单位文件里的错误，可运行 python build.py check 查看{where}")
        self.corpus = corpus = loaded.corpus
        self.agencies = dict(corpus.agencies)
        self.taken = {path.stem: path for path in (content / "notices").rglob("*.yaml")}
        self.words = vocabulary(corpus.site)
        self.kept: list[tuple[model.Notice, Path]] = []  # what was imported in this run

    def take(self, path: Path, *, notice_id: str = "", agency_id: str = "", force: bool = False) -> Imported:
        """Import one file without writing anything. Raises UsageError with a remedy if it cannot be."""
        paragraphs = _read(path)
        departures: list[int | None] = []
        for recognise in (grammar.recognise, grammar.as_text):
            draft = recognise(paragraphs)
            if not draft.kept:
                raise UsageError(f"{path} 里没有通报的文字；图片里的文字要先转成文本")
            source = proof.source_text(draft.kept)
            issuer = self._issuer(draft, paragraphs, agency_id)
            speaker = issuer.agency.party_body or issuer.agency.name if draft.untitled else ""
            notice = replace(draft.notice, agency=issuer.agency.id, title=speaker + draft.notice.title)
            place = self._place(notice, draft.year, notice_id, force=force)
            notice = replace(notice, id=place.stem)
            doubts = [*draft.doubts, *(Doubt("", message) for message in issuer.doubts)]
            text = write(notice, _comments(notice, draft.doubts if issuer.is_new else doubts))
            departure = proof.first_difference(source, proof.printed(notice))
            problems, same = self._checked(notice, text, issuer.agency, place)
            if departure is None and same and not has_errors(problems):
                break
            departures.append(departure)
        else:
            if departure is None and (wrong := next((p for p in problems if p.severity is Severity.ERROR), None)):
                raise UsageError(f"{path} 无法导入：{wrong.message}")
            at = departure or 0
            raise UsageError(f"{path} 无法导入：从“{source[at : at + 10]}”起与原文不一致；请把原文发给维护者")
        agency_path = self.content / "agencies" / f"{issuer.agency.id}.yaml" if issuer.is_new else None
        comments = {id(issuer.agency): [f"请核对：{doubt}" for doubt in issuer.doubts]}
        return Imported(
            source="".join(c if c.isprintable() else "?" for c in path.as_posix()),
            notice=notice,
            path=place,
            text=text,
            issuer=issuer,
            agency_path=agency_path,
            agency_text=write(issuer.agency, comments) if issuer.is_new else "",
            characters=len(source),
            noise=draft.noise,
            doubts=doubts,
            problems=sorted(set(problems)),
            unstructured=bool(departures),
        )

    def keep(self, imported: Imported, *, dry_run: bool) -> None:
        """Write what was imported, and take it for one that is there: the next one gets another id."""
        files = {imported.path: imported.text}
        if imported.agency_path:
            files[imported.agency_path] = imported.agency_text
        for place in files:
            if place.is_symlink() or not place.parent.resolve().is_relative_to(self.content.resolve()):
                raise UsageError(f"{place.as_posix()} 在链接的文件夹里，不在内容文件夹里；请换成真正的文件夹")
        if not dry_run:
            _write(files)
        self.agencies.setdefault(imported.issuer.agency.id, imported.issuer.agency)
        self.taken[imported.path.stem] = imported.path
        self.kept.append((imported.notice, imported.path))

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

    def _place(self, notice: model.Notice, year: int | None, notice_id: str, *, force: bool) -> Path:
        """Where the notice goes: to a free id, or to the one that is asked for.

        With `force` it takes the place of the file that has the id, or of the one that holds the same notice.
        """
        if notice_id and (problem := check_id(notice_id, "--id")):
            raise UsageError(f"--id 写的“{notice_id}”不对：{problem.message}")
        same = self._same(notice)
        if same and not (force and notice_id in ("", same.stem)):
            how = "去掉 --id，再加 --force" if notice_id not in ("", same.stem) else "加 --force"
            raise UsageError(f"这份通报已经在 {same.as_posix()} 里了；要重新导入并覆盖它，请{how}")
        there = same or self.taken.get(notice_id)
        if there and not force:
            raise UsageError(f"{there.as_posix()} 已经存在；请换一个 --id，要覆盖它请加 --force")
        if there:
            return there
        year = notice.dated.year if notice.dated else year
        usual = "-".join(filter(None, (notice.agency, str(year or ""), "plan" if notice.kind == "plan" else "")))
        free = (name for n in count(2) for name in (usual, f"{usual}-{n}") if name not in self.taken)
        return self.content / "notices" / str(year or "undated") / f"{notice_id or next(free)}.yaml"

    def _same(self, notice: model.Notice) -> Path | None:
        """The file that holds the same notice already; only those of the same day and size are looked into."""
        issues = sum(1 for _ in notice.all_issues())
        alike = [row.id for row in self.corpus.notices.values() if (row.dated, row.issues) == (notice.dated, issues)]
        there = [*((self.corpus.notice(each), self.taken[each]) for each in alike), *self.kept]
        identity = _identity(notice)
        return next((path for other, path in there if _identity(other) == identity), None)

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
        row, detail = summarise(decoded, self.words)
        alone = Corpus.of_one(self.corpus.site, self.corpus.regions, agency, decoded, row, detail)
        problems += checks.check_notice(decoded, self.words, damaged=has_errors(problems))
        problems += [p for p in checks.check_site(alone, date.max) if p.span.path == place.as_posix()]
        return problems, replace(decoded, path="") == notice


def _read(path: Path) -> tuple[Paragraph, ...]:
    if not path.is_file():
        raise UsageError(f"{path} 不是文件；请写出要导入的文件")
    if path.stat().st_size > MAX_BYTES:  # before it is read into memory
        raise UsageError(f"{path} 超过 {MAX_BYTES // 1024 // 1024} MiB；请拆成几个文件，每份通报一个")
    try:
        return read(path.name, path.read_bytes())
    except UnreadableError as error:
        raise UsageError(f"{path} 读不了：{error}") from None


def _identity(notice: model.Notice) -> tuple[object, ...]:
    """What tells a notice from a later one on the same issues: its text, its date, and how far each issue is."""
    fields = ((i.status, i.lead, i.units, i.due_text or i.due) for i in notice.all_issues())
    return notice.solid_text(), notice.dated, tuple(fields)


def _comments(notice: model.Notice, doubts: Sequence[Doubt]) -> dict[int, list[str]]:
    """Doubts as comments above what they are about."""
    issues = {issue.id: issue for issue in notice.all_issues()}
    comments: dict[int, list[str]] = {}
    for doubt in doubts:
        where = f"（原文{doubt.origin}）" if doubt.origin else ""
        comments.setdefault(id(issues.get(doubt.issue, notice)), []).append(f"请核对：{doubt.message}{where}")
    return comments


def _write(files: Mapping[Path, str]) -> None:
    """Write all of some files or, if one cannot be written, none of them."""
    new = {path: path.with_name(f".{path.name}.new") for path in files}
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            new[path].write_text(text, encoding="utf-8", newline="\n")
        for path, temporary in new.items():
            temporary.replace(path)
    finally:
        for temporary in new.values():
            temporary.unlink(missing_ok=True)
