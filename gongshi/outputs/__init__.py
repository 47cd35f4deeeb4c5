"""What a site consists of: one kind of output a module, listed here by hand."""

from collections.abc import Callable, Iterator

from gongshi.outputs import admin, calendar, data, feeds, ledger, meta, pages, search, supervision
from gongshi.outputs.publication import Output, Publication

OUTPUTS: dict[str, Callable[[Publication], Iterator[Output]]] = {
    "pages": pages.outputs,
    "supervision": supervision.outputs,
    "ledger": ledger.outputs,
    "calendar": calendar.outputs,
    "feeds": feeds.outputs,
    "search": search.outputs,
    "data": data.outputs,
    "meta": meta.outputs,
    "admin": admin.outputs,
}


def outputs(publication: Publication) -> Iterator[Output]:
    """Every file of the site, in a fixed order, apart from those that `data.joined` names."""
    for kind in OUTPUTS.values():
        yield from kind(publication)
