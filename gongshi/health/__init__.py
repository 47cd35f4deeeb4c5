"""The health report (体检) of a whole site: what is no fault of one file, and takes a look at all of them to see.

`examine` is asked for by `check --site` alone, so no build pays for it. It takes what was read from the cache, lets the
workers look through the notices again, some at a time, and keeps of each no more than a sketch of its measures.
Missing contacts, totals that do not add up and links that lead nowhere are found by every `check`.
"""

from collections.abc import Iterator

from gongshi.cache import Cache, LostError
from gongshi.corpus import Corpus
from gongshi.executors import Workers, without_collector
from gongshi.health import alike, attachments, identifiers, published, stale, wording
from gongshi.health.notices import Examiner, Piece
from gongshi.health.page import Health, blocks_of, names_of
from gongshi.load import Library, load
from gongshi.options import Options, today_of
from gongshi.problems import UsageError, first_of
from gongshi.scan import WORDING, scan

DAYS = 365  # without anything new, after which a column or a status is stale


def examine(options: Options, days: int = DAYS) -> Health:
    """The health of a site, where after so many days something is stale; nothing if it cannot be read at all."""
    with Workers(options.jobs, options.executor) as workers, without_collector():
        cache = Cache(options.cache)
        try:
            return _examine(options, days, cache, workers)
        except LostError:
            cache.forget()
        finally:
            cache.close()
        fresh = Cache(None)
        try:
            return _examine(options, days, fresh, workers)
        except LostError:
            raise UsageError("缓存读写出错；请检查磁盘，或用 --cache 换一个文件夹") from None
        finally:
            fresh.close()


def _examine(options: Options, days: int, cache: Cache, workers: Workers) -> Health:
    loaded = load(options.content, cache, workers, scan(options.content))
    corpus = loaded.corpus
    if corpus is None:
        return Health(today_of(options, "Asia/Shanghai"))
    today = today_of(options, corpus.site.timezone)
    words = wording.read(options.content, loaded.library.shown(WORDING))
    found = [*words.problems, *identifiers.look(corpus), *attachments.look(corpus)]
    found += stale.look(corpus, options.content, today, days)
    found += published.look(corpus, options.output)
    found += wording.look(corpus, options.content, words)
    measures = alike.Measures()
    examiner = Examiner(options.content.absolute(), cache.folder, words)
    for looked in workers.map(examiner, _pieces(corpus, loaded.library)):
        for examined in looked:
            found += examined.problems
            measures.add(examined.notice, examined.path, examined.measures)
    groups = measures.look(corpus, cache, workers)
    found += alike.problems_of(groups, corpus.root)
    return Health(today, first_of(found), blocks_of(corpus, groups), len(groups), names_of(corpus))


def _pieces(corpus: Corpus, library: Library) -> Iterator[Piece]:
    for notice_id in corpus.notices:
        file = corpus.places[notice_id]
        yield Piece(notice_id, file, corpus.path(notice_id), library.source(file).parts[0])
