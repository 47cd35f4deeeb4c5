"""What machines ask for: sitemap, robots.txt, redirects of old ids, and the static files of the templates."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from xml.sax.saxutils import escape

from gongshi import urls
from gongshi.derive.lists import Index
from gongshi.outputs.publication import Output, Publication
from gongshi.render import DEFAULT_TEMPLATES


def outputs(publication: Publication) -> Iterator[Output]:
    """The files for machines. Without a `base_url` there is no sitemap, since its addresses need a host."""
    if publication.renderer.base_url:
        yield Output(urls.SITEMAP, "网站地图", partial(_sitemap, publication))
    yield Output(urls.ROBOTS, "robots.txt", partial(_robots, publication))
    yield from _redirects(publication)
    yield from _static(publication)


def _redirects(publication: Publication) -> Iterator[Output]:
    renderer = publication.renderer
    for notice in publication.corpus.notices.values():
        for old in notice.old_ids:
            path = urls.notice(old)
            make = partial(renderer.render, "moved.html", path, title=notice.title, to=urls.notice(notice.id))
            yield Output(path, notice.path, make)
    for agency in publication.corpus.agencies.values():
        for old in agency.old_ids:
            path = urls.agency(old)
            make = partial(renderer.render, "moved.html", path, title=agency.name, to=urls.agency(agency.id))
            yield Output(path, agency.path, make)


def _static(publication: Publication) -> Iterator[Output]:
    """Files of `static/` in the templates; those of an override folder win."""
    found: dict[str, Path] = {}
    for folder in (DEFAULT_TEMPLATES, publication.renderer.templates):
        for file in sorted((folder / "static").rglob("*")):
            if file.is_file() and not file.name.startswith("."):
                found["static/" + file.relative_to(folder / "static").as_posix()] = file
    for path, file in sorted(found.items()):
        yield Output(path, file.as_posix(), file.read_bytes)


def _addresses(index: Index) -> Iterator[tuple[str, str]]:
    """Every page worth finding, with the day on which its content changed last (empty if unknown)."""
    for path in (urls.HOME, urls.NOTICES, urls.ISSUES, urls.PLANS, urls.AGENCIES, urls.SUPERVISION, urls.DATA):
        yield path, ""
    for notice in index.notices.values():
        changes = [issue.changed.last for issue in notice.issues if issue.changed]
        dated = notice.dated.last if notice.dated and notice.dated.day else None
        latest = max([*changes, *([dated] if dated else [])], default=None)
        yield notice.path, latest.isoformat() if latest else ""
    for agency in index.agencies.values():
        yield agency.path, ""
    for region in index.regions.values():
        yield region.path, ""


def _sitemap(publication: Publication) -> bytes:
    pages = ((urls.page(page_id), "") for page_id in publication.corpus.pages)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for path, modified in (*_addresses(publication.index), *pages):
        lastmod = f"<lastmod>{modified}</lastmod>" if modified else ""
        lines.append(f"<url><loc>{escape(publication.renderer.absolute(path))}</loc>{lastmod}</url>")
    return "\n".join([*lines, "</urlset>", ""]).encode()


def _robots(publication: Publication) -> bytes:
    renderer = publication.renderer
    sitemap = f"Sitemap: {renderer.absolute(urls.SITEMAP)}\n" if renderer.base_url else ""
    return f"User-agent: *\nAllow: /\n{sitemap}".encode()
