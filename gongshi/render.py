"""The template environment: autoescape always on, undefined names are errors, HTML only from `text.py`.

A folder given by `--templates` is looked up first; a template there may `{% extends "default/notice.html" %}`.
"""

import re
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from gongshi import text, urls
from gongshi.model import Page, Site
from gongshi.problems import Problem, Severity, Span

DEFAULT_TEMPLATES = next(
    folder
    for folder in (Path(__file__).parent / "templates", Path(__file__).parent.parent / "templates")
    if folder.is_dir()
)


class Renderer:
    """Renders templates for one site. `base_url` overrides the site's own."""

    def __init__(self, site: Site, templates: Path, base_url: str | None, pages: Iterable[Page]) -> None:
        self.base_url = base_url or site.base_url
        self.templates = templates
        own = [jinja2.FileSystemLoader(templates)] if templates != DEFAULT_TEMPLATES else []
        default = jinja2.FileSystemLoader(DEFAULT_TEMPLATES)
        self.environment = jinja2.Environment(
            loader=jinja2.ChoiceLoader([*own, default, jinja2.PrefixLoader({"default": default})]),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.environment.globals.update(
            site=site, urls=urls, base_url=self.base_url, site_pages=list(pages), url=_url, absolute=self.absolute
        )
        self.environment.filters.update(prose=prose)

    def render(self, template: str, path: str, **values: Any) -> bytes:
        """The page at a path, as UTF-8. Raises TemplateError (of jinja2) if a template is wrong."""
        here = {"here": path, "links_from_root": self._rooted if path == urls.NOT_FOUND else None}
        html = self.environment.get_template(template).render(**here, **values)
        return _BLANK_LINES.sub("\n", html).encode()

    def page_body(self, page: Page, path: str) -> Markup:
        """The Markdown of a page of the site as HTML."""
        return text.page(page.body, lambda there: urls.relative(path, there))

    def absolute(self, path: str) -> str:
        """The whole address of a path of the site."""
        return urls.absolute(self.base_url, path)

    def _rooted(self, path: str) -> str:
        return urls.rooted(self.base_url, path)


_BLANK_LINES = re.compile(r"\n\s*\n")


@jinja2.pass_context
def _url(context: jinja2.runtime.Context, path: str) -> str:
    """A link from the page that is rendered to a path of the site."""
    rooted = context["links_from_root"]
    link: str = rooted(path) if rooted else urls.relative(context["here"], path)
    return link


def prose(source: str, lead: str = "", kind: str = "number") -> Markup:
    """Markdown as HTML; `lead` (a printed number or label, as text) begins its first paragraph."""
    html = text.prose(source)
    if not lead:
        return html
    span = f'<span class="{escape(kind)}">{escape(lead)}</span>'
    joined = f"<p>{span}{html[3:]}" if html.startswith("<p>") else f"<p>{span}</p>{html}"
    return Markup(joined)  # noqa: S704 - made of what `text` and `escape` made safe


def template_problem(error: Exception, templates: Path) -> Problem | None:
    """A template's error as a problem at its line; None if the error is not a template's but ours."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        name, line = error.name or "?", error.lineno
    elif isinstance(error, UnicodeDecodeError):
        return Problem(Span(templates.as_posix()), Severity.ERROR, "template", "有模板不是 UTF-8 编码；请另存为 UTF-8")
    else:
        frames = [(Path(f.filename).name, f.lineno or 0) for f in traceback.extract_tb(error.__traceback__)]
        in_templates = [frame for frame in frames if frame[0].endswith((".html", ".xml"))]
        if not in_templates or not (isinstance(error, jinja2.TemplateError) or frames[-1] == in_templates[-1]):
            return None
        name, line = in_templates[-1]
    message = f"模板有错：{error or type(error).__name__}；请改正模板"
    return Problem(Span(f"{templates.as_posix()}/{name}", line, 1), Severity.ERROR, "template", message)
