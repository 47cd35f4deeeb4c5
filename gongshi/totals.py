"""Declared and counted totals of any part of a notice, and where they differ (design.md §6).

Counts are of the statuses as printed in the notice, since that is what its totals speak of. A total that nobody can
count (the notice gives no status for what it sums up) is `None`, never a guess.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from gongshi.model import BUCKETS, Aspect, Bucket, Group, Issue, Notice, Section, Site, Totals

Declarer = Notice | Section | Aspect | Group  # what can state totals
Words = Mapping[str, Bucket]  # wording of a status → bucket

NAMES: dict[str, str] = {
    f.name: f.metadata["zh"] for f in fields(Totals) if f.name not in ("at", "done_includes_long_term")
}
_BY_STATUS: dict[str, tuple[str, Bucket]] = {
    "issues_done": ("issues", "done"),
    "issues_ongoing": ("issues", "ongoing"),
    "issues_open": ("issues", "open"),
    "measures_done": ("measures", "done"),
    "measures_long_term": ("measures", "ongoing"),
    "measures_open": ("measures", "open"),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One declared total beside what is in the file: `counted` in all, `published` less what is withheld."""

    key: str
    declared: int
    counted: int | None  # None: not countable
    published: int | None

    @property
    def differs(self) -> bool:
        """True if there is a count and it is another number."""
        return self.gap != 0

    @property
    def gap(self) -> int:
        """How far count and declared total are apart; 0 if nobody can count."""
        return 0 if self.counted is None else abs(self.counted - self.declared)


def vocabulary(site: Site) -> Words:
    """Every known wording of a status and its bucket."""
    return {plain_wording(word): bucket for bucket in BUCKETS for word in site.statuses.words(bucket).wordings}


def plain_wording(wording: str) -> str:
    """A status without the punctuation at its end."""
    return wording.rstrip("。.；;，, ")


def bucket_of(wording: str | None, words: Words) -> Bucket:
    """The bucket of a status as printed; wordings that the site does not know are `unstated` (a rule warns of them)."""
    return words.get(plain_wording(wording), "unstated") if wording else "unstated"


def compare(part: Declarer, words: Words, notice: Notice) -> list[Comparison]:
    """Each total that a part of a notice declares, beside its count, in the order of the model.

    What the notice says of its totals (`done_includes_long_term`) holds for its parts too.
    """
    if part.declared is None:
        return []
    declared = [each.declared for each in (part, notice) if each.declared]
    done: set[Bucket] = {"done", "ongoing"} if any(each.done_includes_long_term for each in declared) else {"done"}
    found = [(key, value) for key in NAMES if (value := getattr(part.declared, key)) is not None]
    return [Comparison(key, value, *_count(part, key, words, done)) for key, value in found]


def parts(notice: Notice) -> Iterator[Declarer]:
    """The notice and every part of it that can declare totals, in the order of the document."""
    yield notice
    for section in notice.sections:
        yield section
        for aspect in section.aspects:
            yield aspect
            yield from aspect.groups


def issues_of(part: Declarer) -> tuple[Issue, ...]:
    """Every issue in a part of a notice."""
    return part.issues if isinstance(part, Group) else tuple(part.all_issues())


def measures_of(issue: Issue) -> int:
    """How many measures an issue reports, withheld ones included."""
    hidden = issue.withheld.measures if issue.withheld else 0
    return hidden + sum(max(1, m.withheld.measures) if m.withheld else 1 for m in issue.all_measures())


def _count(part: Declarer, key: str, words: Words, done: set[Bucket]) -> tuple[int | None, int | None]:
    """Counted, and published."""
    sections = part.sections if isinstance(part, Notice) else (part,) if isinstance(part, Section) else ()
    if any(section.withheld for section in sections):
        return None, None  # nobody sees what a withheld section holds
    if key in ("aspects", "tasks", "phases"):
        count = None if not sections else sum(len(getattr(section, key)) for section in sections)
        return count, count
    issues = issues_of(part)
    if key == "issues":
        return len(issues), sum(not issue.withheld for issue in issues)
    if key == "measures":
        published = sum(sum(not m.withheld for m in issue.all_measures()) for issue in issues)
        return sum(map(measures_of, issues)), published
    unit, bucket = _BY_STATUS[key]
    buckets = done if bucket == "done" else {bucket}
    statuses = _statuses(issues, words, of_measures=unit == "measures")
    if not statuses or any(found == "unstated" for found, _ in statuses):
        return None, None
    return (
        sum(count for (found, _), count in statuses.items() if found in buckets),
        sum(count for (found, hidden), count in statuses.items() if found in buckets and not hidden),
    )


def _statuses(issues: tuple[Issue, ...], words: Words, *, of_measures: bool) -> Counter[tuple[Bucket, bool]]:
    """How many issues (or measures: of their own status, else their issue's) are in each bucket, withheld or not."""
    found: Counter[tuple[Bucket, bool]] = Counter()
    for issue in issues:
        own = bucket_of(issue.status, words)
        if not of_measures:
            found[own, issue.withheld is not None] += 1
            continue
        if issue.withheld and issue.withheld.measures:
            found[own, True] += issue.withheld.measures
        for measure in issue.all_measures():
            bucket = bucket_of(measure.status, words) if measure.status else own
            hidden = measure.withheld
            found[bucket, hidden is not None] += max(1, hidden.measures) if hidden else 1
    return found
