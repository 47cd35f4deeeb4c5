"""Rules, one a file, listed here by hand. A rule yields problems and changes nothing.

Rules of a notice look at one notice and at nothing else, so what they found is remembered with it; so do rules of a
source, which see the bytes of its file, too. Rules of the site look at the summaries of all, and ask for a whole notice
only where something is wrong with it.
"""

from collections.abc import Callable, Iterator
from datetime import date

from gongshi.checks import (
    admin,
    contacts,
    dates,
    files,
    identity,
    privacy,
    references,
    statuses,
    structure,
    totals,
    verbatim,
)
from gongshi.corpus import Corpus
from gongshi.model import Located, Notice
from gongshi.problems import Problem
from gongshi.totals import Words

NoticeRule = Callable[[Notice, Words], Iterator[Problem]]
SourceRule = Callable[[Located, bytes], Iterator[Problem]]
SiteRule = Callable[[Corpus, date], Iterator[Problem]]

NOTICE_RULES: dict[str, NoticeRule] = {
    "identity": identity.check_notice,
    "structure": structure.check_notice,
    "references": references.check_notice,
    "dates": dates.check_notice,
    "statuses": statuses.check_notice,
    "contacts": contacts.check_notice,
    "verbatim": verbatim.check_notice,
}
COUNTING_RULES: dict[str, NoticeRule] = {  # what could not be read is not counted: only for files without errors
    "structure": structure.check_presence,
    "totals": totals.check_notice,
}
SOURCE_RULES: dict[str, SourceRule] = {  # these see any file of YAML, and its text, to name the very character
    "privacy": privacy.check_source,
}
SITE_RULES: dict[str, SiteRule] = {
    "identity": identity.check_site,
    "references": references.check_site,
    "files": files.check_site,
    "dates": dates.check_site,
    "statuses": statuses.check_site,
    "contacts": contacts.check_site,
    "privacy": privacy.check_site,
    "admin": admin.check_site,
}


def check_notice(notice: Notice, words: Words, *, damaged: bool) -> Iterator[Problem]:
    """The problems of one notice; `words` is the site's vocabulary of statuses."""
    if notice.withdrawn:  # there is nothing left of it but its dates
        yield from dates.check_notice(notice, words)
        return
    for rule in NOTICE_RULES.values():
        yield from rule(notice, words)
    if not damaged:
        for rule in COUNTING_RULES.values():
            yield from rule(notice, words)


def check_source(value: Located, source: bytes) -> Iterator[Problem]:
    """The problems of one file that are told at a character of it; `source` is its bytes."""
    for rule in SOURCE_RULES.values():
        yield from rule(value, source)


def check_site(corpus: Corpus, today: date) -> Iterator[Problem]:
    """The problems between files, and of the files that all others depend on."""
    for rule in SITE_RULES.values():
        yield from rule(corpus, today)
