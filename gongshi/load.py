"""`content/` becomes a corpus: find the files, read each, type each; and all the problems on the way."""

import contextlib
import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from gongshi import model
from gongshi.decode import Report, check_id, decode, decode_regions, field_names
from gongshi.problems import Problem, Severity, Span, UsageError, has_errors, reason_in_chinese
from gongshi.registers import RegisterError, read_register
from gongshi.source import MAX_BYTES, Node, decode_text, parse_yaml

MAX_ATTACHMENT = 32 * 1024 * 1024
_IGNORED = re.compile(r"^(?:\.|~\$)|~$|\.(?:bak|swp|tmp)$|^(?:Thumbs\.db|README\.md)$")

T = TypeVar("T")


@dataclass(slots=True)
class Loaded:
    """A corpus (None if there is no usable `site.yaml` or `regions.yaml`) and what was wrong."""

    corpus: model.Corpus | None
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Parsed:
    """The nodes of a YAML file (None: it is empty) and the SHA-256 of its bytes."""

    root: Node | None
    sha256: str


@dataclass(slots=True)
class _Files:
    """What lies in the content folder, each as its path relative to it, in a fixed order."""

    agencies: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    beside: dict[str, list[str]] = field(default_factory=dict)  # folder of attachments → names


def load(content: Path) -> Loaded:
    """Read the content folder. Raises UsageError if there is none; everything else is a problem."""
    if not content.is_dir():
        raise UsageError(f"找不到内容文件夹 {content}；请在项目的根目录运行，或用 --content 指定")
    reader = _Reader(content)
    files = reader.scan()
    site = reader.yaml(model.Site, "site.yaml", path=reader.shown("site.yaml"))
    regions = reader.regions("regions.yaml")
    agencies = {a.id: a for path in files.agencies if (a := reader.identified(model.Agency, path))}
    notices: dict[str, model.Notice] = {}
    places: dict[str, str] = {}
    for path in files.notices:
        notice_id = Path(path).stem
        if notice_id in places:
            reader.error(
                path,
                "duplicate-id",
                f"编号与 {reader.shown(places[notice_id])} 重复；两份通报会用同一个网址，请改文件名",
            )
            continue
        places[notice_id] = path
        if notice := reader.identified(model.Notice, path):
            notices[notice_id] = notice
    beside = reader.beside(files, places)
    attached = reader.attachments(beside, places, notices)
    pages = {p.id: p for path in files.pages if (p := reader.page(path))}
    corpus = None
    if site and regions is not None:
        known = {"agencies": frozenset(Path(p).stem for p in files.agencies), "notices": frozenset(places)}
        damaged = frozenset(p.span.path for p in reader.problems if p.severity is Severity.ERROR)
        names = {notice_id: tuple(sorted(found)) for notice_id, found in beside.items()}
        corpus = model.Corpus(site, regions, agencies, notices, pages, attached, names, known, damaged)
    return Loaded(corpus, reader.problems)


class _Reader:
    """Reads files of one content folder and collects their problems."""

    def __init__(self, content: Path) -> None:
        self.content = content
        self.problems: list[Problem] = []

    def shown(self, path: str) -> str:
        """A path as messages print it: from where the command runs if it is below it, with `/`."""
        whole = Path(os.path.abspath(self.content / path))  # noqa: PTH100 - a link is named, not followed
        with contextlib.suppress(ValueError):
            whole = whole.relative_to(Path.cwd())
        return whole.as_posix()

    def error(self, path: str, code: str, message: str) -> None:
        self.problems.append(Problem(Span(self.shown(path)), Severity.ERROR, code, message))

    def warn(self, path: str, code: str, message: str) -> None:
        self.problems.append(Problem(Span(self.shown(path)), Severity.WARNING, code, message))

    def scan(self) -> _Files:
        files = _Files()
        for path in sorted(self._walk("")):
            folder, _, name = path.rpartition("/")
            top = path.partition("/")[0]
            if path in ("site.yaml", "regions.yaml"):
                continue
            if folder == "agencies" and name.endswith(".yaml"):
                files.agencies.append(path)
            elif folder == "pages" and name.endswith(".md"):
                files.pages.append(path)
            elif top == "notices" and name.endswith(".yaml"):
                files.notices.append(path)
            elif name.lower().endswith((".yml", ".yaml")):
                self.error(path, "stray-file", f"扩展名应是小写的 .yaml；请改名为 {Path(name).stem}.yaml")
            elif top == "notices" and folder != top:
                files.beside.setdefault(folder, []).append(name)
            elif top in ("agencies", "pages") and folder != top:
                self.error(path, "stray-file", f"{top} 里不能再分文件夹；请把文件直接放在 {top} 里")
            else:
                self.warn(path, "stray-file", "这个文件不会公开；请移到 agencies、notices 或 pages 里，或删去")
        return files

    def _walk(self, folder: str) -> Iterator[str]:
        try:
            entries = sorted(os.scandir(self.content / folder), key=lambda entry: entry.name)
        except OSError as error:
            self.error(folder, "unreadable", f"读不了这个文件夹：{reason_in_chinese(error)}")
            return
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if _IGNORED.search(entry.name):
                continue
            if entry.is_symlink():
                self.error(path, "symlink", "不支持链接文件；请放入文件本身")
            elif entry.is_dir():
                yield from self._walk(path)
            elif entry.is_file():
                yield path
            else:
                self.error(path, "unreadable", "这不是普通文件；请删去")

    def read(self, path: str, limit: int = MAX_BYTES) -> bytes | None:
        """The bytes of a regular file that is not too large."""
        whole = self.content / path
        try:
            found = whole.lstat()
            if not stat.S_ISREG(found.st_mode):
                if "/" not in path:  # the walk has told of all others
                    self.error(path, "unreadable", "这不是普通文件；请放入文件本身")
                return None
            if found.st_size > limit:
                self.error(path, "too-large", f"文件超过 {limit // 1024 // 1024} MiB；请压缩或拆开")
                return None
            return whole.read_bytes()
        except FileNotFoundError:
            self.error(path, "missing-file", "缺少这个文件；请新建，写法见编辑手册")
        except OSError as error:
            self.error(path, "unreadable", f"读不了这个文件：{reason_in_chinese(error)}")
        return None

    def yaml(self, cls: type[T], file: str, **internal: str) -> T | None:
        found = self._parsed(file)
        if found is None:
            return None
        if cls is model.Notice:
            internal["sha256"] = found.sha256
        report = Report(self.shown(file))
        value = decode(cls, found.root, report, **internal)
        self.problems.extend(report.problems)
        return value

    def _parsed(self, file: str) -> _Parsed | None:
        """The nodes of a YAML file, or None if it cannot be read."""
        raw = self.read(file)
        if raw is None:
            return None
        parsed = parse_yaml(raw, self.shown(file), field_names())
        self.problems.extend(parsed.problems)
        if parsed.root is None and has_errors(parsed.problems):
            return None
        return _Parsed(parsed.root, hashlib.sha256(raw).hexdigest())

    def identified(self, cls: type[T], path: str) -> T | None:
        """A file whose name is its id."""
        stem = Path(path).stem
        if problem := check_id(stem, self.shown(path)):
            self.problems.append(problem)
        return self.yaml(cls, path, id=stem, path=self.shown(path))

    def regions(self, path: str) -> dict[str, model.Region] | None:
        found = self._parsed(path)
        if found is None:
            return None
        report = Report(self.shown(path))
        regions = decode_regions(found.root, report)
        self.problems.extend(report.problems)
        return regions

    def page(self, path: str) -> model.Page | None:
        shown = self.shown(path)
        stem = Path(path).stem
        if problem := check_id(stem, shown):
            self.problems.append(problem)
        raw = self.read(path)
        if raw is None:
            return None
        text, problems = decode_text(raw, shown)
        self.problems.extend(problems)
        if text is None:
            return None
        heading, _, body = text.lstrip("\n").partition("\n")
        match = re.fullmatch(r"# (.+)", heading.strip())
        if not match:
            message = "第一行应是页面的标题，写成“# 标题”"
            self.problems.append(Problem(Span(shown, 1, 1), Severity.ERROR, "page-title", message))
            return None
        return model.Page(stem, match.group(1).strip(), body, shown)

    def beside(self, files: _Files, places: dict[str, str]) -> dict[str, dict[str, str]]:
        """The files that lie beside each notice: name → path."""
        folders = {path.removesuffix(".yaml"): notice_id for notice_id, path in places.items()}
        found: dict[str, dict[str, str]] = {}
        for folder, names in files.beside.items():
            for name in names:
                if notice_id := folders.get(folder):
                    found.setdefault(notice_id, {})[unicodedata.normalize("NFC", name)] = f"{folder}/{name}"
                elif f"{folder}.yaml" not in files.notices:  # else a notice whose id is taken, which is said already
                    message = "没有同名的通报，这个文件不会公开；文件夹应与通报文件同名"
                    self.warn(f"{folder}/{name}", "stray-file", message)
        return found

    def attachments(
        self, beside: dict[str, dict[str, str]], places: dict[str, str], notices: dict[str, model.Notice]
    ) -> dict[str, dict[str, model.AttachedFile]]:
        """The files that notices publish; no other file beside them is ever read."""
        attached: dict[str, dict[str, model.AttachedFile]] = {}
        for notice_id in places:
            notice = notices.get(notice_id)
            for attachment in notice.attachments if notice else ():
                name = attachment.file or ""
                path = beside.get(notice_id, {}).get(name)
                if path and (raw := self.read(path, MAX_ATTACHMENT)) is not None:
                    attached.setdefault(notice_id, {})[name] = self._attached(name, path, raw)
        return attached

    def _attached(self, name: str, path: str, raw: bytes) -> model.AttachedFile:
        rows = None
        try:
            rows = read_register(name, raw)
        except RegisterError as reason:
            self.error(path, "bad-register", f"{reason}；请重新导出后再放入")
        return model.AttachedFile(name, str(self.content / path), len(raw), rows)
