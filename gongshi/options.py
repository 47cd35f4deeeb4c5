"""What a build is asked to do, and what came of it."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gongshi.cache import encode
from gongshi.executors import cores
from gongshi.fingerprint import digest, program
from gongshi.git import GitError, Repository
from gongshi.problems import Problem
from gongshi.publish import Published
from gongshi.records import Records
from gongshi.scan import Files
from gongshi.templates import DEFAULT_TEMPLATES, Templates

Progress = Callable[[str, Iterable[Any]], Iterable[Any]]  # told what is done, and in how many pieces it gets done
CACHE = Path(".gongshi-cache")
COMPRESSIONS = ("gz", "br")  # kinds of compressed copies


@dataclass(frozen=True, slots=True)
class Options:
    """What a build is asked to do. `today` is the site's today unless given; `base_url` overrides the site's own."""

    content: Path = Path("content")
    templates: Path = DEFAULT_TEMPLATES
    output: Path = Path("site")
    base_url: str | None = None
    today: date | None = None
    strict: bool = False
    cache: Path | None = CACHE  # None: remember nothing
    jobs: int = field(default_factory=cores)
    executor: str | None = None  # address of a cluster that does the work
    search: bool = True
    offline: bool = False  # the site can also be read from a disk
    bundle: bool = True  # open data come also as a workbook, a database and a catalogue
    compress: tuple[str, ...] = ()  # kinds of compressed copies
    why: tuple[str, ...] = ()  # pages of which it is to be told why they were made again, or not


@dataclass(slots=True)
class Result:
    """What came of it: all problems in order; what was published, if it was; the answers to `Options.why`."""

    problems: list[Problem]
    published: Published | None = None
    pages: int = 0
    seconds: float = 0.0
    reasons: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What a build finds: templates, files of the content, what is recorded of the published site, the repository."""

    templates: Templates
    files: Files
    records: Records | None
    repository: Repository | GitError | None  # an error: git refuses to look at it


def today_of(options: Options, timezone: str) -> date:
    """The day that a build takes for today."""
    return options.today or datetime.now(ZoneInfo(timezone)).date()


def state_of(options: Options, known: Known, files: Files, today: date) -> bytes:
    """The hash of everything that a build looks at; `files` as they were when they were read."""
    found = known.repository
    history = (found.head, found.prefix, found.shallow) if isinstance(found, Repository) else str(found)
    places = (options.content.as_posix(), os.fsencode(Path.cwd()))  # problems name files from here
    made = (options.search, options.offline, options.bundle, options.compress)
    asked = (options.base_url, today, options.strict, made, places)
    return digest(program(), known.templates.whole, encode((*asked, history)), encode((files.stamps, files.problems)))
