"""Queries on a corpus in fifteen groups, and what a scan of all texts finds for each: the truth for search."""

import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bench import pools
from gongshi.assembly import Assembly
from gongshi.cache import Cache
from gongshi.executors import Workers
from gongshi.history import History
from gongshi.load import load
from gongshi.model import BUCKETS, KINDS
from gongshi.options import Options
from gongshi.outputs.publication import Tools
from gongshi.outputs.search import entries
from gongshi.render import renderer
from gongshi.scan import scan
from gongshi.search.index import searched
from gongshi.templates import DEFAULT_TEMPLATES, Templates

BREAK = "\x01"
SEED = "gongshi-queries-1"
FEW = 9  # queries of most groups


@dataclass(frozen=True, slots=True)
class Doc:
    """One notice as a scan sees it: folded title, all folded pieces of text with their parts, and what facets say."""

    id: str
    title: str
    passages: tuple[tuple[str, str], ...]  # the anchor of a part, and a piece of its text
    text: str
    raw: str
    facets: dict[str, frozenset[str]]

    def parts(self, words: tuple[str, ...]) -> set[str]:
        """The parts that have some of the words."""
        return {anchor for anchor, text in self.passages if anchor and any(word in text for word in words)}


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody types, and what it means: words that have to be there, words that must not be, filters."""

    group: str
    typed: str
    words: tuple[str, ...]
    without: tuple[str, ...] = ()
    filters: dict[str, str] = field(default_factory=dict)  # by name, as in the address of the search page

    def finds(self, doc: Doc) -> bool:
        """True if a scan finds it in a notice."""
        return (
            all(word in doc.text for word in self.words)
            and not any(word in doc.text for word in self.without)
            and all(value in doc.facets[name] for name, value in self.filters.items())
        )


def naive(text: str) -> str:
    """The folding rule in one line, as a reader of the rule would write it."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).lower() if char.isalnum())


def docs_of(content: Path, work: Path) -> list[Doc]:
    """Every notice of a content folder, by id. `work` is a folder for what was read."""
    cache = Cache(work)
    with Workers(1) as workers:
        loaded = load(content, cache, workers, scan(content))
        assert loaded.corpus
        assembly = Assembly(Options(content=content), None, cache, workers)
        publication = assembly._publication(  # noqa: SLF001 - the truth is about what is published
            loaded.corpus, loaded.library, Templates(DEFAULT_TEMPLATES), date(2026, 1, 1), History(), {}
        )
        tools = Tools(renderer(publication.setting), cache.folder)
        docs = []
        for entry in entries(publication):
            title, found = searched(entry.text, tools)
            passages = tuple((passage.anchor, naive(passage.text)) for passage in found)
            facets = entry.facets
            day = facets.day
            docs.append(
                Doc(
                    id=facets.id,
                    title=naive(title),
                    passages=passages,
                    text=BREAK.join((naive(title), *(text for _, text in passages))),
                    raw="\n".join((title, *(passage.text for passage in found))),
                    facets={
                        "agency": frozenset({facets.agency}),
                        "region": frozenset(code for code, _ in facets.region),
                        "year": frozenset({str(day // 372) if day else "undated"}),
                        "kind": frozenset({list(KINDS)[facets.kind]}),
                        "status": frozenset(b for n, b in enumerate(BUCKETS) if facets.buckets >> n & 1),
                        "topic": frozenset(filter(None, {facets.sector})),
                    },
                )
            )
    return docs


def queries(docs: list[Doc]) -> list[Query]:
    """Some 140 queries, the same for the same corpus."""
    rng = random.Random(SEED)  # noqa: S311 - texts, not secrets
    made = _Maker(docs, rng)
    return [query for make in _GROUPS for query in make(made)]


class _Maker:
    def __init__(self, docs: list[Doc], rng: random.Random) -> None:
        self.docs = docs
        self.rng = rng

    def doc(self) -> Doc:
        return self.rng.choice(self.docs)

    def piece(self, least: int, most: int) -> str:
        """A part of some passage, letters and digits only."""
        while True:
            text = self.rng.choice(self.doc().passages)[1]
            size = self.rng.randint(least, most)
            if len(text) >= size:
                at = self.rng.randrange(len(text) - size + 1)
                return text[at : at + size]

    def found(self, pattern: str, count: int) -> list[str]:
        """What a pattern matches in some notices, as it is written there."""
        import re

        matches: list[str] = []
        for _ in range(500):
            if here := re.findall(pattern, self.doc().raw):
                matches.append(self.rng.choice(here))
            if len(matches) == count:
                break
        return matches


def _typed(group: str, *typed: str) -> Iterator[Query]:
    for text in typed:
        yield Query(group, text, tuple(dict.fromkeys(filter(None, map(naive, text.split())))))


def _words(_: _Maker) -> Iterator[Query]:
    words = (
        "整改",
        "巡察",
        "营商环境",
        "廉政风险",
        "领导小组",
        "群众监督",
        "政府采购",
        "台账",
        "长期坚持",
        "固定资产管理",
    )
    yield from _typed("words", *words)


def _agencies(made: _Maker) -> Iterator[Query]:
    yield from _typed("agencies", *made.found(r".{2,3}[县区](?:水务|教育|民政|财政|审计|统计|商务|林业|司法)局", FEW))


def _documents(made: _Maker) -> Iterator[Query]:
    found = made.found(r"[岫汀棠屿](?:政|办|党组)发〔\d{4}〕\d+号", FEW)
    yield from _typed("document numbers", *found, *(text.replace("〔", "[").replace("〕", "]") for text in found[:2]))
    yield from _typed("document numbers", *(text[text.index("〔") :] for text in found[:3]))


def _phones(made: _Maker) -> Iterator[Query]:
    found = made.found(r"0999-\d{7}", FEW)
    yield from _typed("phones", *found[:5], *(text.replace("-", "") for text in found[5:]), found[0][-4:])


def _latin(made: _Maker) -> Iterator[Query]:
    yield from _typed(
        "Latin and digits", *pools.LATIN[:7], "pm2.5", "ｐｐｐ", "wifi", "example.gov.cn", made.piece(3, 3)
    )


def _partial(made: _Maker) -> Iterator[Query]:
    yield from _typed("partial words", "改办", "察整", "商环", "组发", *(made.piece(3, 3) for _ in range(FEW)))


def _one(made: _Maker) -> Iterator[Query]:
    yield from _typed("one character", "路", "改", "霞", "5", "a", *(made.piece(1, 1) for _ in range(5)))


def _two(made: _Maker) -> Iterator[Query]:
    yield from _typed("two characters", "道路", "资金", "村霞", *(made.piece(2, 2) for _ in range(FEW)))


def _several(made: _Maker) -> Iterator[Query]:
    for n in range(FEW):
        doc = made.doc()
        texts = [text for _, text in made.rng.sample(doc.passages, 3) if len(text) > 5]  # noqa: PLR2004
        yield from _typed("several words", " ".join(text[1 : 4 + n % 3] for text in texts))


def _long(made: _Maker) -> Iterator[Query]:
    yield from _typed("long", *(made.piece(15, 30) for _ in range(FEW)))


def _rare(made: _Maker) -> Iterator[Query]:
    yield from _typed("rare", *made.found("[上下前后东西南北新老大小].{2}村", FEW))


def _random(made: _Maker) -> Iterator[Query]:
    yield from _typed("random substrings", *(made.piece(2, 12) for _ in range(12)))


def _nothing(made: _Maker) -> Iterator[Query]:
    yield from _typed(
        "nothing",
        "营商境环",
        "龘",
        "zzzq",
        "整改甲骨文",
        "霞霞霞霞",
        "9999999999",
        "整改 龘龘",
        made.piece(4, 4) + "卍",
    )


def _titles(made: _Maker) -> Iterator[Query]:
    yield from _typed("titles", *(made.doc().title[2:14] for _ in range(6)), "实施方案", "党组关于", "专项行动")


def _refined(made: _Maker) -> Iterator[Query]:
    word, other = made.piece(2, 2), made.piece(4, 4)
    yield Query("refined", f"{other} -{word}", (other,), (word,))
    yield Query("refined", "整改 -道路", ("整改",), ("道路",))
    yield Query("refined", "“政府 采购” 台账", ("政府采购", "台账"))
    yield Query("refined", '"PM2.5"', ("pm25",))
    first = made.docs[0]  # its title stands at the very beginning of the lists
    yield from _typed("refined", *(made.piece(2, 2) + first.title[:size] for size in (2, 4)), first.title[:4])
    doc = made.doc()
    for name in ("agency", "region", "year", "kind", "status"):
        values = sorted(doc.facets[name])
        if values:
            yield Query("refined", "整改", ("整改",), filters={name: values[0]})
    yield Query("refined", "整改 年份:2023", ("整改",), filters={"year": "2023"})
    yield Query("refined", "进度：未完成 台账", ("台账",), filters={"status": "open"})
    yield Query("refined", "种类:方案", (), filters={"kind": "plan"})


_GROUPS: tuple[Callable[[_Maker], Iterator[Query]], ...] = (
    _words, _agencies, _documents, _phones, _latin, _partial, _one, _two, _several, _long, _rare, _random, _nothing,
    _titles, _refined,
)  # fmt: skip


def truth(docs: list[Doc], query: Query) -> dict[str, Any]:
    """What a scan finds: the notices, those with all words in the title, and how many of each value of each facet."""
    found = [doc for doc in docs if query.finds(doc)]
    counts: dict[str, dict[str, int]] = {}
    for name in ("agency", "region", "year", "kind", "status", "topic"):
        others = Query(
            query.group, "", query.words, query.without, {n: v for n, v in query.filters.items() if n != name}
        )
        counts[name] = {}
        for doc in docs if name in query.filters else found:
            if others.finds(doc):
                for value in doc.facets[name]:
                    counts[name][value] = counts[name].get(value, 0) + 1
    titled = [doc.id for doc in found if query.words and all(word in doc.title for word in query.words)]
    return {"ids": sorted(doc.id for doc in found), "titled": titled, "counts": counts}
