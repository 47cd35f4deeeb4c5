"""The health report (体检) of a whole site: what is no fault of one file, and takes a look at all of them to see.

`examine` is asked for by `check --site` alone, so no build pays for it. It takes what was read from the cache, lets the
workers look through the notices again, some at a time, and keeps of each no more than a sketch of its measures.
Missing contacts, totals that do not add up and links that lead nowhere are found by every `check`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from gongshi.cache import Cache, LostError
from gongshi.corpus import Corpus
from gongshi.executors import Workers, without_collector
from gongshi.health import alike, attachments, identifiers, stale, wording
from gongshi.health.notices import Examiner, Piece
from gongshi.load import Library, load
from gongshi.options import Options, today_of
from gongshi.problems import Problem, UsageError, first_of
from gongshi.scan import WORDING, scan

DAYS = 365  # without anything new, after which a column or a status is stale

Rule = Callable[[Corpus, date, int], Iterator[Problem]]

RULES: dict[str, Rule] = {
    "identifiers": identifiers.look,
    "stale": stale.look,
    "attachments": attachments.look,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the report is asked for: after how many days something is stale."""

    days: int = DAYS


def examine(options: Options, asked: Asked) -> list[Problem]:
    """What the health report adds to the problems that `check` finds; nothing if the site cannot be read at all."""
    with Workers(options.jobs, options.executor) as workers, without_collector():
        cache = Cache(options.cache)
        try:
            return _examine(options, asked, cache, workers)
        except LostError:
            cache.forget()
        finally:
            cache.close()
        fresh = Cache(None)
        try:
            return _examine(options, asked, fresh, workers)
        except LostError:
            raise UsageError("缓存读写出错；请检查磁盘，或用 --cache 换一个文件夹") from None
        finally:
            fresh.close()


def _examine(options: Options, asked: Asked, cache: Cache, workers: Workers) -> list[Problem]:
    loaded = load(options.content, cache, workers, scan(options.content))
    corpus = loaded.corpus
    if corpus is None:
        return []
    words = wording.read(options.content, loaded.library.shown(WORDING))
    found = list(words.problems)
    for rule in RULES.values():
        found += rule(corpus, today_of(options, corpus.site.timezone), asked.days)
    found += wording.look(corpus, options.content, words.corrections)
    measures = alike.Measures()
    examiner = Examiner(options.content.absolute(), cache.folder, words.corrections)
    for looked in workers.map(examiner, _pieces(corpus, loaded.library)):
        for examined in looked:
            found += examined.problems
            measures.add(examined.notice, examined.path, examined.measures)
    found += measures.look(corpus)
    return first_of(found)


def _pieces(corpus: Corpus, library: Library) -> Iterator[Piece]:
    for notice_id in corpus.notices:
        file = corpus.places[notice_id]
        yield Piece(notice_id, file, corpus.path(notice_id), library.source(file).parts[0])
