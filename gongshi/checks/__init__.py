"""Rules over the corpus: one a file, listed here by hand. A rule yields problems and changes nothing."""

from collections.abc import Callable, Iterator
from datetime import date

from gongshi.checks import contacts, dates, files, identity, references, statuses, structure, totals, verbatim
from gongshi.model import Corpus
from gongshi.problems import Problem

Rule = Callable[[Corpus, date], Iterator[Problem]]

RULES: dict[str, Rule] = {
    "identity": identity.check,
    "structure": structure.check,
    "references": references.check,
    "files": files.check,
    "dates": dates.check,
    "statuses": statuses.check,
    "totals": totals.check,
    "contacts": contacts.check,
    "verbatim": verbatim.check,
}


def check(corpus: Corpus, today: date) -> Iterator[Problem]:
    """The problems that every rule finds."""
    for rule in RULES.values():
        yield from rule(corpus, today)
