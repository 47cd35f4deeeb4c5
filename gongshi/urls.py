"""Every public path, and nowhere else. A path is relative to the site's root and begins with no slash.

A path that ends in `/` (and the empty one, the home page) is a folder whose page is its `index.html`.
"""

from urllib.parse import quote, unquote, urlsplit

from gongshi.model import Bucket

HOME = ""
NOTICES = "notices/"
AGENCIES = "agencies/"
ISSUES = "issues/"
PLANS = "plans/"
SUPERVISION = "supervision/"
DATA = "data/"
NOT_FOUND = "404.html"
SEARCH = "search/"
SEARCH_MANIFEST = "search/manifest.json"
SEARCH_PINYIN = "search/pinyin.json"
SEARCH_TEXT = "static/search-text.js"
SEARCH_SCRIPT = "static/search.js"
SEARCH_OFFLINE = "static/search-offline.js"
TRADITIONAL = "static/traditional.json"
AGENCIES_BY_PINYIN = "agencies/pinyin/"
OPENSEARCH = "opensearch.xml"
SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"
STYLE = "static/style.css"
VIEW_SCRIPT = "static/view.js"
NOTICE_SCRIPT = "static/notice.js"
ICON = "static/icon.svg"

UNDATED = "undated"  # stands for the year or the month of what has no date


def notice(notice_id: str, anchor: str = "") -> str:
    """One notice, or a place in it."""
    return f"notices/{notice_id}/" + (f"#{anchor}" if anchor else "")


def notices_of(year: str, page: int = 1) -> str:
    """The notices of a year (`undated` for those without a date)."""
    return _paged(f"notices/{year}/", page)


def attachment(notice_id: str, name: str) -> str:
    """A file attached to a notice."""
    return f"notices/{notice_id}/{quote(name)}"


def agency(agency_id: str) -> str:
    """One agency."""
    return f"agencies/{agency_id}/"


def region(code: str) -> str:
    """One region."""
    return f"regions/{code}/"


def ledger(bucket: Bucket | None = None) -> str:
    """The ledger of issues, or of one bucket of them."""
    return f"issues/{bucket}/" if bucket else ISSUES


def ledger_of(bucket: Bucket, month: str, page: int = 1) -> str:
    """The ledger of one bucket of the notices of a month."""
    return _paged(f"issues/{bucket}/{month}/", page)


def data(name: str) -> str:
    """A file of open data."""
    return f"data/{name}"


def search_part(segment: str, name: str) -> str:
    """A file of the search index."""
    return f"search/{segment}/{name}.bin"


def search_script(name: str) -> str:
    """A script that brings a file of the search to a page that is read from a disk."""
    return f"search/{name}.js"


def sitemap(number: int) -> str:
    """A part of the sitemap of a site with very many pages."""
    return f"sitemap-{number}.xml"


def page(page_id: str) -> str:
    """A page of the site's own."""
    return f"{page_id}/"


def _paged(path: str, number: int) -> str:
    return path if number == 1 else f"{path}page-{number}/"


def output_file(path: str) -> str:
    """The file, relative to the output folder, that serves a path (whose characters may be %-encoded)."""
    return unquote(path) + "index.html" if path == "" or path.endswith("/") else unquote(path)


def relative(here: str, there: str) -> str:
    """A link from the page at one path to another path; it works from any sub-path of any host."""
    return "../" * here.count("/") + there or "./"


def with_file(link: str) -> str:
    """A link that names the file of a folder, as pages that are read from a disk need it."""
    place, mark, anchor = link.partition("#")
    return (place + "index.html" if place.endswith("/") else place) + mark + anchor


def absolute(base_url: str | None, path: str) -> str:
    """An address with its host, or from the root of the host if the site has no `base_url`."""
    return (base_url.rstrip("/") if base_url else "") + "/" + path


def rooted(base_url: str | None, path: str) -> str:
    """A link without a host that works from anywhere on the site's host: for the page that answers for any address."""
    base = urlsplit(base_url).path.rstrip("/") if base_url else ""
    return f"{base}/{path}"
