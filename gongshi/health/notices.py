"""One notice as the health report looks at it, in a worker: its wording, and sketches of its measures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gongshi.cache import Place, decode, fetch
from gongshi.health.alike import Sketch, sketches
from gongshi.health.wording import Words, faults
from gongshi.model import Notice
from gongshi.problems import Problem


@dataclass(frozen=True, slots=True)
class Piece:
    """A notice to look at: its id, its file below the content and as messages show it, and where it is in the cache."""

    notice: str
    file: str
    path: str
    place: Place


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of it."""

    notice: str
    path: str
    problems: list[Problem]
    measures: list[Sketch]


@dataclass(frozen=True, slots=True)
class Examiner:
    """Looks at notices of one content folder that were read into one cache."""

    content: Path
    cache: Path
    words: Words

    def __call__(self, pieces: Sequence[Piece]) -> list[Examined]:
        """Look at some notices."""
        return [self._examined(piece) for piece in pieces]

    def _examined(self, piece: Piece) -> Examined:
        notice: Notice
        notice, _ = decode(fetch(self.cache, piece.place), tuple[Notice, dict[str, str]])
        problems = list(faults(self.content / piece.file, piece.path, self.words))
        return Examined(piece.notice, piece.path, problems, list(sketches(notice)))
