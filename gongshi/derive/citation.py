"""How a notice is cited (GB/T 7714, electronic resources): 责任者. 题名[EB/OL]. (发布日期)[引用日期]. 网址.

The day on which somebody looked it up is known to nobody but the reader: the page's script adds it to what is copied.
"""

from dataclasses import dataclass

from gongshi.model import Notice


@dataclass(frozen=True, slots=True)
class Citation:
    """The parts of a citation; what is not known is empty."""

    work: str  # who published it, and its title
    published: str
    address: str


def citation(notice: Notice, agency: str, address: str) -> Citation:
    """The citation of a notice, by who signed it or else by its agency."""
    by = notice.signed.by if notice.signed else agency
    published = str(notice.published).partition(" ")[0] if notice.published else ""
    return Citation(f"{by}. {notice.title}", published, address)
