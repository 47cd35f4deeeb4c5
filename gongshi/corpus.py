"""Everything that was read from `content/`: summaries in memory, the notices themselves on request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gongshi.derive.rows import Detail, NoticeRow
from gongshi.inside import Inside
from gongshi.model import Agency, Notice, Page, Region, Site


@dataclass(frozen=True, slots=True)
class Corpus:
    """What the site consists of, by id.

    `known` also holds the ids ("agencies", "notices") of files that could not be read, and `damaged` the paths of files
    with errors, as messages show them.
    """

    site: Site
    regions: Mapping[str, Region]
    agencies: Mapping[str, Agency]
    notices: Mapping[str, NoticeRow]
    pages: Mapping[str, Page]
    root: str  # the content folder
    places: Mapping[str, str]  # the files of notices, below it
    beside: Mapping[str, tuple[str, ...]]  # the names of all files in a notice's folder
    known: Mapping[str, frozenset[str]]
    damaged: frozenset[str]
    files: Mapping[str, Mapping[str, str]]  # those that a notice publishes: by its id, name → file below the content
    notice: Callable[[str], Notice]
    detail: Callable[[str], Detail]
    inside: Callable[[str], Inside]  # what an attached file holds that is personal

    @classmethod
    def of_one(
        cls, site: Site, regions: Mapping[str, Region], agency: Agency, notice: Notice, row: NoticeRow, detail: Detail
    ) -> "Corpus":
        """A corpus of one notice and its agency, without files."""
        root, _, place = notice.path.rpartition("/")
        return cls(
            site=site,
            regions=regions,
            agencies={agency.id: agency},
            notices={notice.id: row},
            pages={},
            root=root,
            places={notice.id: place},
            beside={},
            known={"agencies": frozenset({agency.id}), "notices": frozenset({notice.id})},
            damaged=frozenset(),
            files={},
            notice=lambda _: notice,
            detail=lambda _: detail,
            inside=lambda _: Inside(),
        )

    def path(self, notice_id: str) -> str:
        """The file of a notice, as messages show it."""
        return f"{self.root}/{self.places[notice_id]}"

    def is_damaged(self, notice_id: str) -> bool:
        """True for a notice whose file has errors: what it holds is not all that was written."""
        return self.path(notice_id) in self.damaged
