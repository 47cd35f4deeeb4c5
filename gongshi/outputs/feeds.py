"""Atom feeds (RFC 4287) of the site, of each agency and of each region: their newest notices.

Nothing in a feed comes from the build: the same content gives the same bytes, and a new notice changes the feeds that
show it. Ids are made of the id that a notice had first, so they outlive a change of its address.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import msgspec

from gongshi import urls
from gongshi.derive.rows import NoticeRow, oldest_id
from gongshi.derive.tally import Tally
from gongshi.model import KINDS
from gongshi.outputs.publication import Output, Publication, Tools

ENTRIES = 30  # of a feed

_NAMES = UUID("2b3c7f0e-7a51-5c3d-8f64-0d1f5a9e4c37")  # of ours, for ids made of names
_UNKNOWN = "1970-01-01T00:00:00Z"  # Atom wants a time of everything, and a notice may have none


class Entry(msgspec.Struct, frozen=True):
    """A notice in a feed."""

    id: str
    title: str
    path: str
    agency: str
    kind: str
    published: str  # empty if the day is not known
    updated: str
    tally: Tally


class Feed(msgspec.Struct, frozen=True):
    """One feed."""

    path: str
    origin: str
    id: str
    title: str
    page: str  # what it is the feed of
    updated: str
    entries: tuple[Entry, ...]
    template: str = "feed.xml"

    def body(self, tools: Tools) -> bytes:
        """The feed."""
        return tools.renderer.render(self.template, self.path, feed=self)


def outputs(publication: Publication) -> Iterator[Output]:
    """Every feed. Without a `base_url` there is none, since their addresses need a host."""
    if publication.setting.base_url:
        yield from _Feeds(publication).feeds()


class _Feeds:
    def __init__(self, publication: Publication) -> None:
        self.index = publication.index
        self.site = publication.setting.site
        self.zone = ZoneInfo(self.site.timezone)
        self.known: dict[str, Entry] = {}  # several feeds show the same

    def feeds(self) -> Iterator[Feed]:
        index = self.index
        title = self.site.title
        yield self._feed(urls.FEED, urls.HOME, "订阅", "", title, index.notices.values())
        for row in index.agencies.values():
            agency = row.agency
            path, name = urls.agency_feed(agency.id), f"agency/{oldest_id(agency.id, agency.old_ids)}"
            yield self._feed(path, row.path, agency.path, name, f"{agency.name} - {title}", row.notices)
        for code, region in index.regions.items():
            whole = f"{region.whole_name} - {title}"
            yield self._feed(
                urls.region_feed(code), region.path, f"地区 {code}", f"region/{code}", whole, region.notices
            )

    def _feed(self, path: str, page: str, origin: str, name: str, title: str, rows: Iterable[NoticeRow]) -> Feed:
        entries = tuple(self._entry(row) for row, _ in zip(rows, range(ENTRIES), strict=False))
        # Two sites have a feed each of the same agency: what tells them apart is the site's own code, or its name.
        own = self.site.footer.site_code or self.site.title
        updated = max((entry.updated for entry in entries), default=_UNKNOWN)
        return Feed(path, origin, _urn(f"feed/{own}/{name}"), title, page, updated, entries)

    def _entry(self, row: NoticeRow) -> Entry:
        if row.id not in self.known:
            published = row.published.first if row.published and row.published.day else None
            self.known[row.id] = Entry(
                id=_urn(f"notice/{oldest_id(row.id, row.old_ids)}"),
                title=row.title,
                path=row.path,
                agency=self.index.agencies[row.agency].agency.name,
                kind=KINDS[row.kind],
                published=self._time(published) if published else "",
                updated=self._time(row.latest) if row.latest else _UNKNOWN,
                tally=row.tally,
            )
        return self.known[row.id]

    def _time(self, day: date) -> str:
        """The beginning of a day in the site's time zone, as RFC 3339 writes it: without seconds in the offset."""
        offset = datetime(day.year, day.month, day.day, tzinfo=self.zone).utcoffset()
        minutes = round(offset.total_seconds() / 60) if offset else 0
        sign = "-" if minutes < 0 else "+"
        return f"{day.isoformat()}T00:00:00{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _urn(name: str) -> str:
    return uuid5(_NAMES, name).urn
