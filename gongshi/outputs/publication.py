"""What every kind of output is made of and makes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from gongshi.derive.lists import Index
from gongshi.model import Corpus
from gongshi.render import Renderer


@dataclass(frozen=True, slots=True)
class Publication:
    """Everything that outputs are made from."""

    corpus: Corpus
    index: Index
    today: date
    renderer: Renderer


@dataclass(frozen=True, slots=True)
class Output:
    """One file of the site: its public path, what it comes from (for messages), and how to make its bytes."""

    path: str
    origin: str
    body: Callable[[], bytes]
