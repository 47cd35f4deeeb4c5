"""Whom to call, without a server: the directory, and for each agency a letter, a poster and a card for phones.

None of these shows anything of a notice, so a new notice makes none of them again.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import msgspec

from gongshi import urls
from gongshi.derive.cards import Listed, listed
from gongshi.derive.lists import AgencyRow, PageOf, RegionRow, paged
from gongshi.derive.reach import Above, envelope, first_phone, levels, trouble
from gongshi.derive.vcard import vcard
from gongshi.outputs.publication import Output, Page, Publication, Ready

AGENCIES_A_PAGE = 100
SHOWN_AT_ONCE = 60  # a site with no more agencies shows them all on the first page of the directory

Steps = tuple[tuple[str, str], ...]  # paths and names of the pages above one


class Group(msgspec.Struct, frozen=True):
    """A part of a page of the directory."""

    anchor: str
    name: str
    path: str  # where there is more of it; empty for nowhere
    agencies: tuple[Listed, ...]


class Area(msgspec.Struct, frozen=True):
    """A region or a sector, and how many agencies can be called there."""

    anchor: str
    name: str
    path: str
    count: int


class Province(msgspec.Struct, frozen=True):
    """A region that stands in no other, with those in it where there are agencies."""

    name: str
    areas: tuple[Area, ...]


def outputs(publication: Publication) -> Iterator[Output]:
    """The directory, and what each agency has of its own."""
    made = _Directory(publication)
    yield made.index()
    yield from made.regions()
    yield from made.sectors()
    for row in publication.index.agencies.values():
        yield from _of_agency(publication, row, made.above.get(row.agency.id))


class _Directory:
    def __init__(self, publication: Publication) -> None:
        index = publication.index
        self.agencies = tuple(index.agencies.values())
        self.places = index.regions
        self.above = levels(self.agencies, self.places)
        self.by_sector: dict[str, list[AgencyRow]] = {}
        for row in self.agencies:
            if row.agency.sector:
                self.by_sector.setdefault(urls.slug(row.agency.sector), []).append(row)

    def index(self) -> Output:
        """The first page: all agencies, or the way to them."""
        few = len(self.agencies) <= SHOWN_AT_ONCE
        provinces: dict[str, list[Area]] = {}
        for region in self._own():
            path = urls.supervision_in(region.region.code)
            top = (*region.ancestors, region.region)[0].name
            area = Area(_anchor(region), region.region.name, path, len(region.own))
            provinces.setdefault(top, []).append(area)
        sectors = [
            Area("", _sector(rows), urls.supervision_of(_sector(rows)), len(rows)) for rows in self.by_sector.values()
        ]
        values = {
            "provinces": [Province(name, tuple(areas)) for name, areas in provinces.items()],
            "sectors": sorted(sectors, key=lambda area: (-area.count, area.name)),
            "groups": list(self._by_region(self.agencies)) if few else [],
        }
        return Page(urls.SUPERVISION, "监督方式", "supervision.html", values)

    def regions(self) -> Iterator[Output]:
        """The agencies of each region itself, by sector."""
        for region in self._own():
            rows = sorted(region.own, key=lambda row: (row.agency.sector is None, row.agency.sector, row.agency.id))
            pages = paged(len(rows), AGENCIES_A_PAGE, partial(urls.supervision_in, region.region.code))
            above = tuple((urls.supervision_in(r.code), r.name) for r in region.ancestors if self.places[r.code].own)
            for page, part in pages:
                groups = tuple(self._sectors(rows[part]))
                yield _page(region.whole_name, groups, page, above)

    def sectors(self) -> Iterator[Output]:
        """The agencies of each sector, by region."""
        for rows in self.by_sector.values():
            name = _sector(rows)
            for page, part in paged(len(rows), AGENCIES_A_PAGE, partial(urls.supervision_of, name)):
                yield _page(name, tuple(self._by_region(rows[part])), page, ())

    def _own(self) -> Iterator[RegionRow]:
        return (region for region in self.places.values() if region.own)

    def _by_region(self, rows: Iterable[AgencyRow]) -> Iterator[Group]:
        members: dict[str, list[Listed]] = {}
        for row in rows:
            members.setdefault(row.region.code, []).append(self._listed(row))
        for code, agencies in members.items():
            region = self.places[code]
            yield Group(_anchor(region), region.whole_name, urls.supervision_in(code), tuple(agencies))

    def _sectors(self, rows: Iterable[AgencyRow]) -> Iterator[Group]:
        members: dict[str, list[AgencyRow]] = {}
        for row in rows:
            members.setdefault(urls.slug(row.agency.sector) if row.agency.sector else "", []).append(row)
        for number, (slug, agencies) in enumerate(members.items(), 1):
            name = _sector(agencies) if slug else "其他"
            path = urls.supervision_of(name) if slug else ""
            yield Group(f"sector-{number}", name, path, tuple(map(self._listed, agencies)))

    def _listed(self, row: AgencyRow) -> Listed:
        return listed(row, self.above.get(row.agency.id))


def _anchor(region: RegionRow) -> str:
    return f"region-{region.region.code}"


def _sector(rows: Sequence[AgencyRow]) -> str:
    """The name of a sector, as its first agency has it."""
    return rows[0].agency.sector or ""


def _page(name: str, groups: tuple[Group, ...], page: PageOf, above: Steps) -> Page:
    values: dict[str, Any] = {"name": name, "groups": groups, "pages": page, "above": above}
    return Page(page.path, f"监督方式 {name}", "directory.html", values)


def _of_agency(publication: Publication, row: AgencyRow, above: Above | None) -> Iterator[Output]:
    agency, contact = row.agency, row.contact
    values = {
        "name": agency.name,
        "agency_path": row.path,
        "contact": contact,
        "envelope": envelope(agency.name, contact),
        "trouble": trouble(contact, "本单位"),
        "above": above,
    }
    yield Page(urls.letter(agency.id), agency.path, "letter.html", values)
    phone = first_phone((contact,)) if contact else None
    yield Page(urls.poster(agency.id), agency.path, "poster.html", values | {"phone": phone})
    if contact and contact.usable:
        page = publication.setting.absolute(row.path) if publication.setting.base_url else None
        yield Ready(urls.vcard(agency.id), agency.path, vcard(agency.name, contact, page))
