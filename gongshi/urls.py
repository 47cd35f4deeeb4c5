"""Every public path, and nowhere else. A path is relative to the site's root and begins with no slash.

A path that ends in `/` (and the empty one, the home page) is a folder whose page is its `index.html`.
"""

import re
import unicodedata
from urllib.parse import quote, unquote, urlsplit

from gongshi.model import Bucket

HOME = ""
NOTICES = "notices/"
AGENCIES = "agencies/"
ISSUES = "issues/"
PLANS = "plans/"
CALENDAR = "calendar/"
CALENDAR_FILE = "calendar.ics"
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
FEED = "feed.xml"
OPENSEARCH = "opensearch.xml"
SITE_MAP = "map/"  # for people
SITEMAP = "sitemap.xml"  # for machines
ROBOTS = "robots.txt"
MANIFEST = "manifest.sha256"
STYLE = "static/style.css"
VIEW_SCRIPT = "static/view.js"
NOTICE_SCRIPT = "static/notice.js"
ICON = "static/icon.svg"
SUPERVISION_SCRIPT = "static/supervision.js"
PAGE_SCRIPT = "static/page.js"
MOVED_SCRIPT = "static/moved.js"
ADMIN = "admin/"  # the form, if the site has one
ADMIN_CONFIG = "admin/config.json"
ADMIN_SCRIPT = "admin/admin.js"

MAX_SLUG = 40  # characters
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


def letter(agency_id: str) -> str:
    """The sheet for a letter to an agency."""
    return f"agencies/{agency_id}/letter/"


def poster(agency_id: str) -> str:
    """The poster that an agency hangs up at its counter."""
    return f"agencies/{agency_id}/poster/"


def vcard(agency_id: str) -> str:
    """An agency for the address book of a phone."""
    return f"agencies/{agency_id}/contact.vcf"


def supervision_in(code: str, page: int = 1) -> str:
    """Whom to call in one region."""
    return _paged(f"supervision/{code}/", page)


def supervision_of(sector: str, page: int = 1) -> str:
    """Whom to call in one sector; sectors that differ in signs alone share a page."""
    return _paged(f"supervision/sector/{quote(slug(sector))}/", page)


def slug(name: str) -> str:
    """A name as a part of a path: letters and digits of any script, and hyphens."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\W_]+", "-", folded).strip("-")[:MAX_SLUG].strip("-") or "-"


def agency_calendar(agency_id: str) -> str:
    """The promised dates of one agency, for calendars."""
    return f"agencies/{agency_id}/calendar.ics"


def agency_feed(agency_id: str) -> str:
    """The feed of one agency."""
    return f"agencies/{agency_id}/feed.xml"


def region_feed(code: str) -> str:
    """The feed of one region."""
    return f"regions/{code}/feed.xml"


def calendar_of(month: str, page: int = 1) -> str:
    """The promises of a month (`2024-05`)."""
    return _paged(f"calendar/{month}/", page)


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
