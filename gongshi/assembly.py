"""One build, from what is known and what has changed to the files that have to be in place."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from urllib.parse import unquote, urlsplit

from gongshi import manifest, urls
from gongshi.bundle.binder import MADE, Binder
from gongshi.bundle.source import Source, about
from gongshi.cache import Cache, encode
from gongshi.checks import check_site
from gongshi.corpus import Corpus
from gongshi.derive.cards import byline
from gongshi.derive.lists import index
from gongshi.derive.reach import levels
from gongshi.executors import Workers
from gongshi.fingerprint import digest, program
from gongshi.history import History, history
from gongshi.joining import Joiner
from gongshi.links import has_id, hashes_of, page_links
from gongshi.load import Library, load
from gongshi.options import Known, Options, Progress, Result, state_of, today_of
from gongshi.outputs import outputs
from gongshi.outputs.data import ABOUT_FILES, TABLE_FILES, WHOLE_FILES, File, data_page, joined, pieces, until
from gongshi.outputs.publication import Output, Publication, Ref, key_of
from gongshi.outputs.search import entries
from gongshi.press import Order, Packer, Press, Printed, names_of
from gongshi.problems import Problem, Severity, Span, first_of, has_errors
from gongshi.publish import Stage, Staged, stage_new, unless_there
from gongshi.records import (
    GONE,
    UNCHANGED,
    UNKNOWN,
    Record,
    Records,
    Segments,
    Tables,
    key,
    reason,
    remember_records,
    stands,
)
from gongshi.render import Setting
from gongshi.search.index import Indexer, files_of, is_manifest, places_of_runs
from gongshi.templates import Templates
from gongshi.vendor import VendorError, vendored

MAX_SHOWN = 200  # characters of a link in a message
_DATA_PAGE = urls.output_file(urls.DATA)
MANY = 64  # notices from which on the files of all data are made beside other work


@dataclass(slots=True)
class _Plan:
    """The files of the site: those that stand as they are, and those that were made."""

    taken: dict[str, str]  # names, without regard to case since file systems may ignore it, and where they come from
    origins: dict[str, str] = field(default_factory=dict)  # of every page and file: where it comes from
    files: dict[str, Staged] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    anchors: dict[str, bytes] = field(default_factory=dict)  # of pages that were made: the hashes of their ids
    pages: int = 0


class Assembly:
    """One build; without a stage it makes what has changed and keeps nothing."""

    def __init__(self, options: Options, stage: Stage | None, cache: Cache, workers: Workers) -> None:
        self.options = options
        self.output = options.output.absolute()
        self.stage = stage
        self.cache = cache
        self.workers = workers
        self.records = Records()  # of the site as it stands
        self.problems: list[Problem] = []
        self.reasons: dict[str, str] = {}
        self.asked: dict[str, str] = {}  # pages that `--why` names, and their files

    def run(self, known: Known, progress: Progress) -> Result:
        """Do all of it."""
        self.records = known.records or self.records
        loaded = load(self.options.content, self.cache, self.workers, known.files, progress)
        self.problems = loaded.problems
        refused = Result(self.problems, reasons=dict.fromkeys(self.options.why, "没有生成：内容有错误"))
        if loaded.corpus is None:
            return refused
        today = today_of(self.options, loaded.corpus.site.timezone)
        self.problems += first_of(check_site(loaded.corpus, today))
        if has_errors(self.problems):
            return refused
        past = history(loaded.corpus, known.repository, self.cache, self.workers, progress)
        self.problems += past.problems
        if self._failed:
            return refused
        vendored = self._vendored(loaded.corpus)
        if self._failed:
            return refused
        publication = self._publication(loaded.corpus, loaded.library, known.templates, today, past, vendored)
        base_url = publication.setting.base_url
        self.asked = {path: _file_of(path, self.options.output, base_url) for path in self.options.why}
        result = Result(self.problems)
        plan = _Plan(dict.fromkeys((name.lower() for name in self._later()), "开放数据") | {urls.MANIFEST: "文件清单"})
        last = [data_page(publication, ())]
        if self.stage is None:
            self._print(plan, chain(outputs(publication), last), publication, None, progress)
            self._follow_links(plan)
            return result
        with self.stage as stage:
            staging = stage.staging.absolute()  # workers may run elsewhere
            at_once = outputs(publication) if self.options.bundle else chain(outputs(publication), last)
            self._print(plan, at_once, publication, staging, progress)
            self._follow_links(plan)
            if not self._failed:
                tables = self._join(publication, plan, staging)
                bind = self._bind(publication, plan, tables, staging)
                segments = self._index(publication, plan, staging)
                files = bind()
                if self.options.bundle:  # the page tells how large the files have become
                    self._print(plan, [data_page(publication, files)], publication, staging, progress)
                    self._follow_links(plan, _DATA_PAGE)
            if not self._failed:
                self._seal(plan, staging)
                result.published = stage.commit(plan.files)
                result.pages = plan.pages
                self._remember(plan, tables, segments, loaded.library, publication, known)
                if loaded.library.places is not None:
                    self.cache.tidy((*loaded.library.places, *places_of_runs(self.cache), *past.places))
        result.reasons = {path: self.reasons.get(file, "网站里没有这个页面") for path, file in self.asked.items()}
        return result

    @property
    def _failed(self) -> bool:
        return has_errors(self.problems, strict=self.options.strict)

    def _vendored(self, corpus: Corpus) -> dict[str, Path]:
        """What the form is made of, if the site has one; a mere check does without."""
        if corpus.site.admin is None or self.stage is None:
            return {}
        try:
            return vendored(self.cache.folder)
        except VendorError as error:
            line, column = corpus.site.at.get("admin", (0, 0))
            self.problems.append(Problem(Span(corpus.site.path, line, column), Severity.ERROR, "no-form", str(error)))
            return {}

    def _publication(
        self,
        corpus: Corpus,
        library: Library,
        templates: Templates,
        today: date,
        past: History,
        vendored: Mapping[str, Path],
    ) -> Publication:
        options = self.options
        pages = tuple((urls.page(page.id), page.title) for page in corpus.pages.values())
        base_url = options.base_url or corpus.site.base_url
        setting = Setting(
            corpus.site,
            options.templates,
            base_url,
            pages,
            options.search,
            options.offline,
            options.bundle,
            templates.whole,
        )
        joined_up = index(corpus.notices.values(), corpus.agencies, corpus.regions, corpus.detail)
        parts = {notice_id: library.source(corpus.places[notice_id]).parts for notice_id in corpus.notices}
        return Publication(
            corpus=corpus,
            index=joined_up,
            today=today,
            setting=setting,
            templates=templates,
            content=options.content,
            source=library.source,
            notices={notice_id: Ref(places[0]) for notice_id, places in parts.items()},
            details={notice_id: Ref(places[1]) for notice_id, places in parts.items()},
            promised={notice_id: Ref(places[2]) for notice_id, places in parts.items()},
            bylines={row.id: byline(row, joined_up.agencies[row.agency]) for row in corpus.notices.values()},
            past=past.past,
            above=levels(joined_up.agencies.values(), joined_up.regions),
            vendored=vendored,
        )

    def _print(
        self, plan: _Plan, wanted: Iterable[Output], publication: Publication, staging: Path | None, progress: Progress
    ) -> None:
        """Make every output whose key is new or whose file is gone."""
        press = Press(publication.setting, self.cache.folder, self.output, staging, self.options.compress)
        orders = self._orders(wanted, publication, plan)
        for printed_pages in progress("生成", self.workers.map(press, orders)):
            for printed in printed_pages:
                self._take(printed, plan)

    def _orders(self, wanted: Iterable[Output], publication: Publication, plan: _Plan) -> Iterator[Order]:
        """The outputs that have to be made; the others are noted as they stand."""
        program_key, setting_key, templates = program(), publication.setting.key, publication.templates
        taken = plan.taken
        asked = set(self.asked.values())
        for output in wanted:
            file = urls.output_file(output.path)
            names = names_of(file, self.options.compress)
            if first := next((taken[name.lower()] for name in names if name.lower() in taken), None):
                self.problems.append(_same_path(output, first))
                continue
            taken.update((name.lower(), output.origin) for name in names)
            plan.origins[file] = output.origin
            plan.pages += file.endswith(".html")
            template = templates.key(output.template) if output.template else b""
            now = key(program_key, setting_key if template else b"", template, key_of(output))
            record = self.records.files.get(file)
            there = record is not None and all(self._stands(name, now) for name in names)
            if file in asked:
                used = templates.used_by(output.template) if output.template else []
                self.reasons[file] = reason(record, now, output.origin, used, there=there)
            if not there:
                yield Order(output, now)
                continue
            for name in names:
                standing = plan.records[name] = self.records.files[name]
                plan.files[name] = standing.staged

    def _stands(self, name: str, now: bytes) -> bool:
        record = self.records.files.get(name)
        return record is not None and record.key == now and stands(self.options.output, name, record)

    def _take(self, printed: Printed, plan: _Plan) -> None:
        self.problems += printed.problems
        if printed.problems:
            return  # nothing came of it: nobody knows its links and ids
        file = urls.output_file(printed.path)
        for target, anchor in sorted(printed.broken):
            self.problems.append(_broken_link(plan.origins[file], file, target, anchor))
        for name in printed.doubled:
            message = f"页面 /{printed.path} 里有两处用了同一个锚点 #{name}；请改名"
            self.problems.append(Problem(_where(printed.origin, name), Severity.ERROR, "same-anchor", message))
        plan.files.update(printed.files)
        plan.anchors[file] = printed.anchors
        for name, staged in printed.files.items():
            plan.records[name] = Record(printed.key, staged.size, staged.mtime, staged.sha256)
        links = (f"{target}\t{anchor}" if anchor else target for target, anchor in sorted(printed.targets))
        targets = "\n".join(links)
        whole = printed.files.get(file, Staged("", 0, 0, b""))
        plan.records[file] = Record(printed.key, whole.size, whole.mtime, whole.sha256, targets)

    def _follow_links(self, plan: _Plan, late: str = "") -> None:
        """Every link from one page to another leads somewhere; a dead one is told of the first page that has it.

        `late` is a page that was made after the others: only its links and those to it are looked at.
        """
        later = {*self._later(), urls.MANIFEST, *([_DATA_PAGE] if self.options.bundle else [])}
        known = plan.origins.keys() | later
        gone = self.records.files.keys() - plan.records.keys() - {*later, *files_of(self.records.search)}
        wanted: dict[str, str] = {}
        new: set[str] = set()  # links of pages that were made
        for file, record in plan.records.items():
            made = file in plan.anchors
            # What a page that stands links to was there, and only what is gone or has anchors may not be there now.
            if record.targets and (made or gone or "\t" in record.targets):
                links = record.targets.split("\n")
                for link in links:
                    wanted[link] = min(file, wanted.get(link, file))
                if made:
                    new.update(links)
        for link, file in sorted(wanted.items()):
            target, _, anchor = link.partition("\t")
            if late and late not in (target, file):
                continue
            dead = target not in known
            if anchor and not dead and target.endswith(".html") and (link in new or target in plan.anchors):
                ids = plan.anchors.get(target)
                if ids is None and target in plan.records:
                    ids = self._published_ids(target)
                dead = ids is not None and not has_id(ids, anchor)
            if dead:
                self.problems.append(_broken_link(plan.origins[file], file, target, anchor))

    def _published_ids(self, file: str) -> bytes:
        return hashes_of(page_links(file, (self.options.output / file).read_bytes(), "/").ids)

    def _join(self, publication: Publication, plan: _Plan, staging: Path) -> Tables:
        """Put the large files of open data together, if anything in them has changed."""
        names = self._data_files()
        there = self._all_stand(names)
        joiner = Joiner(pieces(publication), self.records.tables if there else Tables())
        self._explain(names, there=there, changed=joiner.changed, what="其中通报的数据变了")
        if there and not joiner.changed:
            self._keep(names, plan)
            return joiner.tables
        made = joiner.write(publication.setting, self.cache.folder, self.output, staging, self.workers)
        made = self._packed(made, staging)
        self._put(made, plan, staging)
        self._keep((name for name in names if name not in made), plan)
        return joiner.tables

    def _packed(self, made: Mapping[str, Staged], staging: Path) -> dict[str, Staged]:
        """Files, and their compressed copies."""
        compress = self.options.compress
        wanted = [
            (file, staged, copy.rpartition(".")[2])
            for file, staged in made.items()
            for copy in names_of(file, compress)[1:]
        ]
        copies = chain.from_iterable(self.workers.map(Packer(staging), wanted, few=2, size=1))
        return {**made, **dict(copies)}

    def _bind(
        self, publication: Publication, plan: _Plan, tables: Tables, staging: Path
    ) -> Callable[[], Sequence[File]]:
        """Begin to make the files of all data anew, if anything in them has changed.

        What comes back waits for them, and tells what is known of every file of open data.
        """
        if not self.options.bundle:
            return tuple
        others = [plan.records[urls.data(f"{name}.json")].key for name in ("agencies", "regions")]
        known = about(publication.setting, until(publication))
        shown = digest(sqlite3.sqlite_version.encode(), encode((tables.notices, tables.keys)), *others)
        now = key(program(), digest(encode(known)), b"", shown)
        names = self._bound()
        there = self._all_stand(names)
        changed = there and any(self.records.files[name].key != now for name in names)
        self._explain(names, there=there, changed=changed, what="其中的数据或网站设置变了")
        if there and not changed:
            self._keep(names, plan)
            return lambda: [self._known(file) for file in (*TABLE_FILES, *WHOLE_FILES, *ABOUT_FILES)]
        json = {
            file.table: self._place(plan, file.path, staging) for file in TABLE_FILES if file.name.endswith(".json")
        }
        binder = Binder(Source(json, known), staging, self.workers, many=len(tables.notices) >= MANY)

        def finish() -> Sequence[File]:
            made, files = binder.finish(file.made(plan.files[file.path]) for file in TABLE_FILES)
            self._put(self._packed(made, staging), plan, staging, now)
            return files

        return finish

    def _place(self, plan: _Plan, file: str, staging: Path) -> Path:
        """Where a file is before it is published."""
        staged = plan.files[file]
        return staging / staged.name if staged.name else self.output / file

    def _known(self, file: File) -> File:
        """A file that stands, with what is known of it."""
        return file.made(self.records.files[file.path].staged)

    def _index(self, publication: Publication, plan: _Plan, staging: Path) -> Segments:
        """Bring the search index up to date."""
        if not self.options.search:
            return Segments()
        names = list(files_of(self.records.search))
        there = self._all_stand(names)
        before = self.records.search if there else Segments()
        indexer = Indexer(entries(publication), before, publication.today, offline=self.options.offline)
        self._explain(names, there=there, changed=indexer.changed, what="通报的文字变了")
        anew = indexer.changed or not there
        if there and indexer.segments.base:
            self._keep((name for name in files_of(indexer.segments) if not (anew and is_manifest(name))), plan)
        if anew:
            self._put(indexer.write(publication.setting, self.cache, staging, self.workers), plan, staging)
        return indexer.segments

    def _seal(self, plan: _Plan, staging: Path) -> None:
        """The manifest of all files: the last to be put in place."""
        made = stage_new(staging, manifest.written({name: record.sha256 for name, record in plan.records.items()}))
        before = self.records.files.get(urls.MANIFEST)
        there, changed = self._all_stand([urls.MANIFEST]), before is None or before.sha256 != made.sha256
        self._explain([urls.MANIFEST], there=there, changed=changed, what="有文件变了")
        self._put({urls.MANIFEST: made}, plan, staging)

    def _all_stand(self, names: Iterable[str]) -> bool:
        """True if all these files are published as they were recorded."""
        before = self.records.files
        return all(name in before and stands(self.options.output, name, before[name]) for name in names)

    def _explain(self, names: Iterable[str], *, there: bool, changed: bool, what: str) -> None:
        """Say why files that are made from all notices were made again, or not."""
        for file in set(names) & set(self.asked.values()):
            if not there:
                self.reasons[file] = GONE if file in self.records.files else UNKNOWN
            else:
                self.reasons[file] = f"重新生成了：{what}" if changed else UNCHANGED

    def _keep(self, names: Iterable[str], plan: _Plan) -> None:
        for name in names:
            record = plan.records[name] = self.records.files[name]
            plan.files[name] = record.staged

    def _put(self, made: Mapping[str, Staged], plan: _Plan, staging: Path, now: bytes = b"") -> None:
        """Note files that were made from all notices."""
        for name, new in made.items():
            staged = plan.files[name] = unless_there(self.output, staging, name, new)
            plan.records[name] = Record(now, staged.size, staged.mtime, staged.sha256)

    def _data_files(self) -> list[str]:
        return [name for form in joined() for name in names_of(form.path, self.options.compress)]

    def _bound(self) -> list[str]:
        """The files of all data together."""
        return [name for file in MADE for name in names_of(file, self.options.compress)] if self.options.bundle else []

    def _later(self) -> list[str]:
        """The files of open data that are made when all pages are good."""
        return [*self._data_files(), *self._bound()]

    def _remember(
        self,
        plan: _Plan,
        tables: Tables,
        segments: Segments,
        library: Library,
        publication: Publication,
        known: Known,
    ) -> None:
        """Note what is published now, and what it was made from."""
        state = state_of(self.options, known, library.looked_at, publication.today)
        problems = encode(sorted(set(self.problems)))
        timezone = publication.corpus.site.timezone
        records = Records(state, timezone, plan.pages, problems, plan.records, tables, segments)
        if records != self.records:
            remember_records(self.cache, self.options.output, records)


def _file_of(asked: str, output: Path, base_url: str | None) -> str:
    """The file of a page as somebody names it: an address, a path of the site, or a file with its output folder."""
    path = urlsplit(asked).path.removeprefix(f"{output.as_posix()}/")
    base = urls.rooted(base_url, "")
    path = path.removeprefix(base) if path.startswith(base) else path
    path = unquote(path).lstrip("/")
    return path if path.rpartition("/")[2].count(".") else urls.output_file(path.rstrip("/") + "/" if path else "")


def _same_path(output: Output, first: str) -> Problem:
    """Two files on one address: told of the one that is a file of the content."""
    one, other = (output.origin, first) if "/" in output.origin else (first, output.origin)
    message = f"与“{other}”用了同一个网址 /{output.path}；请给文件改名"
    return Problem(Span(one), Severity.ERROR, "same-path", message)


def _broken_link(origin: str, file: str, target: str, anchor: str) -> Problem:
    page = file.removesuffix("index.html")
    whole = "/" + target.removesuffix("index.html") + (f"#{anchor}" if anchor else "")
    shown = whole if len(whole) <= MAX_SHOWN else whole[: MAX_SHOWN - 1] + "…"
    message = f"页面 /{page} 里的链接指向不存在的 {shown}；请改正链接，要照印方括号请写成 \\[ \\]"
    written = whole.removeprefix(f"/{page}")
    return Problem(_where(origin, f"]({written}", whole), Severity.ERROR, "broken-link", message)


def _where(origin: str, *links: str) -> Span:
    """The place of a link in the file that a page comes from, as far as it is written there literally."""
    try:
        lines = Path(origin).read_text(encoding="utf-8").split("\n")
    except OSError:
        return Span(origin)
    places = ((n, line.find(link)) for link in links for n, line in enumerate(lines, 1))
    return next((Span(origin, n, at + 1) for n, at in places if at >= 0), Span(origin))
