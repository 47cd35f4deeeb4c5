"""Issues counted by bucket, and the bar that shows them."""

from collections.abc import Iterable
from dataclasses import dataclass

from gongshi.model import BUCKETS, Bucket


@dataclass(frozen=True, slots=True)
class Share:
    """One piece of a stacked bar: where it begins and how wide it is, in per cent of the whole."""

    bucket: Bucket
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Tally:
    """Issues by bucket."""

    open: int = 0
    unstated: int = 0
    ongoing: int = 0
    done: int = 0

    @property
    def total(self) -> int:
        """All issues."""
        return self.open + self.unstated + self.ongoing + self.done

    @property
    def shares(self) -> list[Share]:
        """The pieces of a bar, most finished first; empty buckets are left out."""
        pieces: list[Share] = []
        before = 0
        for bucket in reversed(BUCKETS):
            if count := getattr(self, bucket):
                pieces.append(Share(bucket, count, _percent(before, self.total), _percent(count, self.total)))
                before += count
        return pieces

    def less(self, buckets: Iterable[Bucket]) -> "Tally":
        """Without some issues, given by their buckets."""
        gone = tally(buckets)
        return Tally(*(getattr(self, bucket) - getattr(gone, bucket) for bucket in BUCKETS))


def total(tallies: Iterable[Tally]) -> Tally:
    """Several tallies together."""
    sums = [0] * len(BUCKETS)
    for each in tallies:
        sums = [before + getattr(each, bucket) for before, bucket in zip(sums, BUCKETS, strict=True)]
    return Tally(*sums)


def tally(buckets: Iterable[Bucket]) -> Tally:
    """Count issues, given by their buckets."""
    counts = dict.fromkeys(BUCKETS, 0)
    for bucket in buckets:
        counts[bucket] += 1
    return Tally(**counts)


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2)
