"""What machines ask for: sitemap, robots.txt, redirects of old ids, and the static files of the templates."""

from collections.abc import Iterator
from html import escape

from gongshi import urls
from gongshi.derive.lists import Index
from gongshi.fingerprint import digest
from gongshi.outputs.publication import Copy, Output, Page, Publication, Ready, Script

MAX_ADDRESSES = 50_000  # in one file (sitemaps.org)
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def outputs(publication: Publication) -> Iterator[Output]:
    """The files for machines. Without a `base_url` there is no sitemap, since its addresses need a host."""
    if publication.setting.base_url:
        yield from _sitemaps(publication)
    yield Ready(urls.ROBOTS, "robots.txt", _robots(publication))
    yield from _redirects(publication)
    yield from _static(publication)


def _redirects(publication: Publication) -> Iterator[Output]:
    corpus = publication.corpus
    for notice in corpus.notices.values():
        for old in notice.old_ids:
            values = {"title": notice.title, "to": urls.notice(notice.id)}
            yield Page(urls.notice(old), corpus.path(notice.id), "moved.html", values)
    for agency in corpus.agencies.values():
        for old in agency.old_ids:
            values = {"title": agency.name, "to": urls.agency(agency.id)}
            yield Page(urls.agency(old), agency.path, "moved.html", values)


def _static(publication: Publication) -> Iterator[Output]:
    """Files of `static/` in the templates; those of an override folder win."""
    for path, file in sorted(publication.templates.static.items()):
        kind = Script if path.endswith(".js") else Copy
        yield kind(path, file.as_posix(), file.as_posix(), digest(file.read_bytes()))


def _addresses(publication: Publication) -> Iterator[tuple[str, str]]:
    """Every page worth finding, with the day on which its content changed last (empty if unknown)."""
    index: Index = publication.index
    columns = (urls.HOME, urls.NOTICES, urls.ISSUES, urls.PLANS, urls.CALENDAR, urls.AGENCIES, urls.SUPERVISION)
    for path in (*columns, urls.DATA, urls.SITE_MAP):
        yield path, ""
    for notice in index.notices.values():
        dated = notice.dated.last if notice.dated and notice.dated.day else None
        latest = max(filter(None, (notice.changed, dated)), default=None)
        yield notice.path, latest.isoformat() if latest else ""
    for agency in index.agencies.values():
        yield agency.path, ""
    for region in index.regions.values():
        yield region.path, ""
    for page_id in publication.corpus.pages:
        yield urls.page(page_id), ""


def _sitemaps(publication: Publication) -> Iterator[Output]:
    """One file, or, for more addresses than one may hold, several and a list of them."""
    absolute = publication.setting.absolute
    lines = []
    for path, modified in _addresses(publication):
        lastmod = f"<lastmod>{modified}</lastmod>" if modified else ""
        lines.append(f"<url><loc>{escape(absolute(path))}</loc>{lastmod}</url>")
    if len(lines) <= MAX_ADDRESSES:
        yield Ready(urls.SITEMAP, "网站地图", _xml("urlset", lines))
        return
    names: list[str] = []
    for start in range(0, len(lines), MAX_ADDRESSES):
        names.append(urls.sitemap(len(names) + 1))
        yield Ready(names[-1], "网站地图", _xml("urlset", lines[start : start + MAX_ADDRESSES]))
    listed = [f"<sitemap><loc>{escape(absolute(name))}</loc></sitemap>" for name in names]
    yield Ready(urls.SITEMAP, "网站地图", _xml("sitemapindex", listed))


def _xml(kind: str, lines: list[str]) -> bytes:
    head = ['<?xml version="1.0" encoding="UTF-8"?>', f"<{kind} {_NAMESPACE}>"]
    return "\n".join([*head, *lines, f"</{kind}>", ""]).encode()


def _robots(publication: Publication) -> bytes:
    setting = publication.setting
    sitemap = f"Sitemap: {setting.absolute(urls.SITEMAP)}\n" if setting.base_url else ""
    return f"User-agent: *\nAllow: /\n{sitemap}".encode()
