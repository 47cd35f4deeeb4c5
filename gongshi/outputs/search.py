"""What search is made from: of every notice its text and its facets; and the pages that lead to it."""

from collections.abc import Iterator
from html import escape

import msgspec

from gongshi import urls
from gongshi.dates import PartialDate
from gongshi.derive.rows import NoticeRow
from gongshi.model import BUCKETS, KINDS, Contact
from gongshi.outputs.pages import AttachedRef, attached
from gongshi.outputs.publication import Output, Page, Publication, Ready, Ref, Tools

_KINDS = tuple(KINDS)


class Text(msgspec.Struct, frozen=True):
    """What of a notice is searched."""

    notice: Ref
    names: tuple[str, ...]  # of the agency and its region
    contact: Contact | None  # of the agency, where the notice has none
    area_code: str | None
    files: tuple[AttachedRef, ...]


class Facets(msgspec.Struct, frozen=True):
    """What search can be narrowed by."""

    id: str
    agency: str
    name: str  # of the agency
    region: tuple[tuple[str, str], ...]  # codes and names, from the province down
    sector: str
    kind: int  # its place among `KINDS`
    day: int  # see `day_of`
    buckets: int  # a bit for each of `BUCKETS` in which an issue is


class Entry(msgspec.Struct, frozen=True):
    """One notice in the index."""

    text: Text
    facets: Facets
    withheld: int  # parts of it


class ByPinyin(msgspec.Struct, frozen=True):
    """The agencies by the first letter of their names as they are spoken."""

    path: str
    origin: str
    agencies: tuple[tuple[str, str], ...]  # names and paths
    template: str = "agencies-pinyin.html"

    def body(self, tools: Tools) -> bytes:
        """The page."""
        spoken = sorted((_syllables(name), name, path) for name, path in self.agencies)
        letters: dict[str, list[tuple[str, str]]] = {}
        for syllables, name, path in spoken:
            initial = syllables[0][:1].upper() if syllables else ""
            letters.setdefault(initial if "A" <= initial <= "Z" else "其他", []).append((name, path))
        return tools.renderer.render(self.template, self.path, letters=list(letters.items()))


class Initials(msgspec.Struct, frozen=True):
    """The first letters of each syllable of the agencies' names, for those who type these."""

    path: str
    origin: str
    agencies: tuple[tuple[str, str], ...]  # ids and names
    template: str = ""

    def body(self, _: Tools) -> bytes:
        """A JSON object: initials by id."""
        found = {agency: "".join(syllable[:1] for syllable in _syllables(name)) for agency, name in self.agencies}
        return msgspec.json.encode(found)


class AsScript(msgspec.Struct, frozen=True):
    """A JSON file as a script."""

    path: str
    origin: str
    file: Initials | Ready
    template: str = ""

    def body(self, tools: Tools) -> bytes:
        """The script."""
        return as_script(self.file.body(tools))


def as_script(json: bytes) -> bytes:
    """A script that hands a value over to the page that asked for it (`search-offline.js`)."""
    return b"gongshi.take(" + json.strip() + b")\n"


def _syllables(name: str) -> list[str]:
    from pypinyin import lazy_pinyin

    return [syllable.lower() for syllable in lazy_pinyin(name)]


def outputs(publication: Publication) -> Iterator[Output]:
    """The pages that lead to notices: by search, if there is one, and by pinyin."""
    index, setting = publication.index, publication.setting
    agencies = [row.agency for row in index.agencies.values()]
    by_name = tuple((agency.name, urls.agency(agency.id)) for agency in agencies)
    yield ByPinyin(urls.AGENCIES_BY_PINYIN, "单位列表", by_name)
    if not setting.search:
        return
    regions = [(row.path, row.whole_name) for row in index.regions.values() if row.own]
    yield Page(urls.SEARCH, "搜索", "search.html", {"regions": regions, "years": list(index.years)})
    initials = Initials(urls.SEARCH_PINYIN, "搜索", tuple((agency.id, agency.name) for agency in agencies))
    yield initials
    if setting.offline:
        table = publication.templates.static[urls.TRADITIONAL].read_bytes()
        yield AsScript(urls.search_script("pinyin"), "搜索", initials)
        yield AsScript(urls.search_script("traditional"), "搜索", Ready("", "", table))
    if setting.base_url:
        yield Ready(urls.OPENSEARCH, "搜索", _opensearch(publication).encode())


def _opensearch(publication: Publication) -> str:
    """The description by which browsers add the search of a site to theirs (OpenSearch 1.1)."""
    site, absolute = publication.setting.site, publication.setting.absolute
    name = escape(site.title[:16])  # as long as the format lets it be
    target = escape(absolute(urls.SEARCH)) + "?q={searchTerms}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{name}</ShortName>\n<Description>{escape(site.description[:1024])}</Description>\n"
        "<InputEncoding>UTF-8</InputEncoding>\n<Language>zh-CN</Language>\n"
        f'<Url type="text/html" template="{target}"/>\n</OpenSearchDescription>\n'
    )


def entries(publication: Publication) -> Iterator[Entry]:
    """Every notice, by its id."""
    index = publication.index
    regions = {
        code: tuple((region.code, region.name) for region in (*row.ancestors, row.region))
        for code, row in index.regions.items()
    }
    for row in sorted(index.notices.values(), key=lambda row: row.id):
        issued = index.agencies[row.agency]
        agency = issued.agency
        names = (agency.name, index.regions[agency.region].whole_name)
        contact = None if row.has_contact else agency.contact
        text = Text(publication.notices[row.id], names, contact, issued.area_code, attached(publication, row))
        places = regions[agency.region]
        kind, sector = _KINDS.index(row.kind), agency.sector or ""
        yield Entry(
            text,
            Facets(row.id, agency.id, agency.name, places, sector, kind, day_of(row.dated), _buckets(row)),
            row.withheld,
        )


def day_of(dated: PartialDate | None) -> int:
    """A day as a number, from which year, month and day are read back; 0 for none."""
    if dated is None:
        return 0
    last = dated.last
    return (last.year * 12 + last.month - 1) * 31 + last.day - 1


def _buckets(row: NoticeRow) -> int:
    return sum(1 << n for n, bucket in enumerate(BUCKETS) if getattr(row.tally, bucket))
