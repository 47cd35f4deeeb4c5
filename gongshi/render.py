"""The template environment: autoescape always on, undefined names are errors, HTML only from `text.py`.

A folder given by `--templates` is looked up first; a template there may `{% extends "default/notice.html" %}`.
"""

import json
import re
import traceback
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup, escape

from gongshi import qr, text, urls
from gongshi.cache import encode
from gongshi.derive.linked import Linked, Linker
from gongshi.derive.lists import PHASE_STATES
from gongshi.fingerprint import digest
from gongshi.model import BUCKETS, KINDS, Site
from gongshi.problems import Problem, Severity, Span
from gongshi.templates import DEFAULT_TEMPLATES
from gongshi.totals import NAMES, vocabulary

_EVERY_PAGE = {"kinds": KINDS, "phase_states": PHASE_STATES, "total_names": NAMES, "buckets": BUCKETS}


@dataclass(frozen=True, slots=True)
class Setting:
    """What every page of a site depends on: the site's own values, its address, and the pages in its foot."""

    site: Site
    templates: Path
    base_url: str | None
    pages: tuple[tuple[str, str], ...]  # path and title
    search: bool = True  # there is a search page
    offline: bool = False  # links name files
    bundle: bool = True  # open data come also as a workbook, a database and a catalogue
    templates_key: bytes = b""  # the hash of all templates: a renderer knows them as they were when it was made

    @property
    def key(self) -> bytes:
        """The hash of all that templates can see of it."""
        return digest(encode((self.site, self.base_url, self.pages, self.search, self.offline, self.bundle)))

    def absolute(self, path: str) -> str:
        """The whole address of a path of the site."""
        return urls.absolute(self.base_url, path)


class Renderer:
    """Renders templates for one site."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.words = vocabulary(setting.site)
        self._here = ""
        templates = setting.templates
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
            _EVERY_PAGE,
            site=setting.site,
            bucket_labels={bucket: setting.site.statuses.words(bucket).label for bucket in BUCKETS},
            urls=urls,
            base_url=setting.base_url,
            site_pages=setting.pages,
            searchable=setting.search,
            absolute=setting.absolute,
            url=self.url,
            qr_code=self.qr_code,
            offline=setting.offline,
            site_domain=urlsplit(setting.base_url or "").hostname,
            linker=Linker(setting.base_url, setting.site.operator.name),
        )
        self.environment.filters.update(prose=prose, labelled=labelled, linked=linked)

    def render(self, template: str, path: str, **values: Any) -> bytes:
        """The page at a path, as UTF-8. Raises TemplateError (of jinja2) if a template is wrong."""
        self._here = path
        html = self.environment.get_template(template).render(here=path, **values)
        return _BLANK_LINES.sub("\n", html).encode()

    def url(self, path: str) -> str:
        """The link to a path, from the page that is being rendered."""
        if self._here == urls.NOT_FOUND:
            return urls.rooted(self.setting.base_url, path)
        return self.link(self._here, path)

    def qr_code(self, path: str) -> qr.Code | None:
        """The code of a path's whole address, if the site has one."""
        return qr.code(self.setting.absolute(path)) if self.setting.base_url else None

    def link(self, here: str, there: str) -> str:
        """The link from one path to another."""
        link = urls.relative(here, there)
        return urls.with_file(link) if self.setting.offline else link


_BLANK_LINES = re.compile(r"\n\s*\n")


@lru_cache(maxsize=2)
def renderer(setting: Setting) -> Renderer:
    """The renderer of a setting, made once."""
    return Renderer(setting)


def prose(source: str, lead: str = "", kind: str = "number") -> Markup:
    """Markdown as HTML; `lead` (a printed number or label, as text) begins its first paragraph."""
    html = text.prose(source)
    if not lead:
        return html
    span = _span(lead, kind)
    # Plain strings are joined: Markup would look through each of them again.
    joined = f"<p>{span}{str(html)[3:]}" if html.startswith("<p>") else f"<p>{span}</p>{html}"
    return Markup(joined)  # noqa: S704 - made of what `text` and `escape` made safe


def labelled(value: str, label: str, kind: str) -> Markup:
    """A line of text behind its label."""
    return Markup(f"{_span(label, kind)}{escape(value)}")  # noqa: S704 - as above


def linked(value: Linked) -> Markup:
    """Linked data as the inside of a `<script>`: no text in it can end the element."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for mark in "<>&":
        written = written.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(written)  # noqa: S704 - no mark of HTML is left


@lru_cache(maxsize=1024)
def _span(lead: str, kind: str) -> str:
    return f'<span class="{escape(kind)}">{escape(lead)}</span>'


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
