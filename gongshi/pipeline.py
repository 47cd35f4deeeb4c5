"""build(): from `content/` to `site/`. The page to read first.

    load → check → derive → render → publish

Nothing is written before everything is good: problems of the content stop the build before the output folder is
touched, and problems of the rendered pages (two on one path, links that lead nowhere) before anything is put in place.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from gongshi import urls
from gongshi.checks import check as run_rules
from gongshi.derive.lists import index
from gongshi.links import PageLinks, broken, doubled, page_links
from gongshi.load import load
from gongshi.outputs import outputs
from gongshi.outputs.publication import Output, Publication
from gongshi.problems import Problem, Severity, Span, UsageError, has_errors
from gongshi.publish import Published, Stage
from gongshi.render import DEFAULT_TEMPLATES, Renderer, template_problem

Progress = Callable[[list[Output]], Iterable[Output]]


@dataclass(frozen=True, slots=True)
class Options:
    """What a build is asked to do. `today` is the site's today unless given; `base_url` overrides the site's own."""

    content: Path = Path("content")
    templates: Path = DEFAULT_TEMPLATES
    output: Path = Path("site")
    base_url: str | None = None
    today: date | None = None
    strict: bool = False


@dataclass(slots=True)
class Result:
    """What came of it: all problems in order; what was published, if it was."""

    problems: list[Problem]
    published: Published | None = None
    pages: int = 0
    seconds: float = 0.0


def check(options: Options) -> Result:
    """Everything but writing; all of it, however strict: the caller decides what the problems mean."""
    return _produce(replace(options, strict=False), _Nowhere(), lambda outputs: outputs)


def build(options: Options, progress: Progress = lambda outputs: outputs) -> Result:
    """Check everything and publish the site if it is good. Raises UsageError if the output folder may not be used."""
    sources = {options.content, options.templates, DEFAULT_TEMPLATES}
    return _produce(options, Stage(options.output, sources), progress)


def _produce(options: Options, stage: "Stage | _Nowhere", progress: Progress) -> Result:
    started = time.monotonic()
    publication, problems = _prepare(options)
    result = Result(problems)
    if publication and not has_errors(problems, strict=options.strict):
        files, found = _list_outputs(publication)
        with stage:
            found += list(_render(publication, files, stage.add, progress))
            if not has_errors(found, strict=options.strict):
                result.published = stage.commit()
        result.problems += found
        result.pages = sum(output.path.endswith(("/", ".html")) or not output.path for output in files)
    result.problems = sorted(set(result.problems))
    result.seconds = time.monotonic() - started
    return result


class _Nowhere:
    """Stands for a stage when only checking."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...

    def add(self, file: str, body: bytes) -> None: ...

    def commit(self) -> None: ...


def _prepare(options: Options) -> tuple[Publication | None, list[Problem]]:
    """Load, check and derive."""
    if not options.templates.is_dir():
        raise UsageError(f"找不到模板文件夹 {options.templates}；请用 --templates 指定")
    loaded = load(options.content)
    problems = loaded.problems
    corpus = loaded.corpus
    if corpus is None:
        return None, problems
    today = options.today or datetime.now(ZoneInfo(corpus.site.timezone)).date()
    problems = [*problems, *run_rules(corpus, today)]
    if has_errors(problems):
        return None, problems
    renderer = Renderer(corpus.site, options.templates, options.base_url, corpus.pages.values())
    return Publication(corpus, index(corpus), today, renderer), problems


def _list_outputs(publication: Publication) -> tuple[list[Output], list[Problem]]:
    """Every output of the site; two on one path are an error that names both (file systems may ignore case)."""
    files = list(outputs(publication))
    problems = []
    taken: dict[str, Output] = {}
    for output in files:
        first = taken.setdefault(output.path.lower(), output)
        if first is not output:
            one, other = (output, first) if "/" in output.origin else (first, output)  # the one that is a file
            message = f"与“{other.origin}”用了同一个网址 /{output.path}；请给文件改名"
            problems.append(Problem(Span(one.origin), Severity.ERROR, "same-path", message))
    return files, problems


def _render(
    publication: Publication,
    files: list[Output],
    keep: Callable[[str, bytes], None],
    progress: Progress,
) -> Iterator[Problem]:
    """Render every output and keep it; then check the links between them."""
    base_path = urls.rooted(publication.renderer.base_url, "")
    pages: list[PageLinks] = []
    for output in progress(files):
        try:
            body = output.body()
        except Exception as error:
            problem = template_problem(error, publication.renderer.templates)
            if problem is None:
                raise
            yield problem
            continue
        pages.append(page_links(output.path, body, base_path))
        keep(urls.output_file(output.path), body)
    if len(pages) < len(files):
        return
    origins = {output.path: output.origin for output in files}
    for page, target in broken(pages):
        shown = "/" + target.replace("index.html", "")
        message = f"页面 /{page} 里的链接指向不存在的 {shown}；请改正链接，要照印方括号请写成 \\[ \\]"
        written = shown.removeprefix(f"/{page}")
        yield Problem(_where(origins[page], f"]({written}", shown), Severity.ERROR, "broken-link", message)
    for page, name in doubled(pages):
        message = f"页面 /{page} 里有两处用了同一个锚点 #{name}；请改名"
        yield Problem(_where(origins[page], name), Severity.ERROR, "same-anchor", message)


def _where(origin: str, *links: str) -> Span:
    """The place of a link in the file that a page comes from, as far as it is written there literally."""
    try:
        lines = Path(origin).read_text(encoding="utf-8").split("\n")
    except OSError:
        return Span(origin)
    places = ((n, line.find(link)) for link in links for n, line in enumerate(lines, 1))
    return next((Span(origin, n, at + 1) for n, at in places if at >= 0), Span(origin))
