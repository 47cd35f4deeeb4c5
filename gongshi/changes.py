"""What changes for the public between two corpora: a pure function, and a plain list of changes.

Read from summaries, and for notices whose file differs from the notices themselves. Lists by year or month follow from
the notices and are not told.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from itertools import pairwise, zip_longest
from typing import Literal, get_args

from gongshi import model, urls
from gongshi.contact import area_code_of
from gongshi.corpus import Corpus
from gongshi.derive.lists import ancestors_of
from gongshi.derive.rows import ContactCard, Detail, Difference, IssueRow, NoticeRow, Status, contact_card
from gongshi.totals import NAMES, parts, vocabulary

Kind = Literal[
    "unread",
    "address-gone",
    "address-moved",
    "notice-added",
    "notice-removed",
    "notice-withdrawn",
    "notice-renamed",
    "issue-added",
    "issue-removed",
    "issue-renamed",
    "status",
    "due",
    "withheld",
    "totals",
    "contact",
    "text",
    "detail",
    "site",
]
KINDS: tuple[Kind, ...] = get_args(Kind)  # in the order in which a reviewer should read them

MAX_COMPARED = 2_000  # characters of two paragraphs that are compared one by one
MAX_PAIRS = 100_000  # of characters, or of paragraphs, that are compared each with each
MIN_SAME = 2  # characters in a row that count as the same: single ones are everywhere
_TOLD = frozenset(
    {"title", "status", "due", "withheld", "measures", "text", "cause", "parts"}
)  # of an issue, elsewhere
_NOTICE_TOLD = frozenset({"title", "opening", "sections", "closing", "contact", "old_ids", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Change:
    """One change: where (the title of a notice or the name of an agency, and its address), what, and from what to what.

    `before` is None for what is new, `after` for what is gone.
    """

    kind: Kind
    where: str
    path: str
    what: str = ""
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two states of a notice that are compared."""

    row: NoticeRow
    detail: Detail
    area_code: str | None  # of its agency
    notice: Callable[[], model.Notice]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, and whether it is what changed."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class _Pair:
    """A notice as it was and as it is; their ids differ if it was renamed."""

    old: NoticeRow
    new: NoticeRow


def compare(old: Corpus, new: Corpus) -> list[Change]:
    """Every change for the public, in the order of `KINDS`."""
    pairs, removed, added = _paired(old, new)
    found = [
        *_unread(old, new),
        *_addresses(old, new),
        *(Change("notice-added", row.title, row.path, after=_facts(new, row)) for row in added),
        *(Change("notice-removed", row.title, row.path, before=_facts(old, row)) for row in removed),
        *(change for row in added for change in _added(new, row)),
        *(
            change
            for pair in pairs
            for change in notice_changes(_side(old, pair.old), _side(new, pair.new), new.site.statuses)
        ),
        *_agencies(old, new),
        *_pages(old, new),
        *_site(old.site, new.site),
    ]
    return sorted(found, key=lambda change: KINDS.index(change.kind))


def _unread(old: Corpus, new: Corpus) -> Iterator[Change]:
    for corpus, when in ((old, "原来的"), (new, "现在的")):
        for path in sorted(corpus.damaged):
            yield Change("unread", path, "", f"{when}文件有错误，没有比较；请先改正")


def _paired(old: Corpus, new: Corpus) -> tuple[list[_Pair], list[NoticeRow], list[NoticeRow]]:
    """Notices that are on both sides, those that are gone, and those that are new; without what could not be read."""
    successor = {was: row for row in new.notices.values() for was in row.old_ids}
    pairs, removed = [], []
    for row in old.notices.values():
        now = new.notices.get(row.id) or successor.get(row.id)
        if now:
            pairs.append(_Pair(row, now))
        elif row.id not in new.known["notices"]:
            removed.append(row)
    kept = {pair.new.id for pair in pairs}
    added = [row for row in new.notices.values() if row.id not in kept and row.id not in old.known["notices"]]
    same: dict[tuple[str, str], NoticeRow] = {(row.agency, row.title): row for row in added}
    renamed = [_Pair(row, same.pop((row.agency, row.title))) for row in removed if (row.agency, row.title) in same]
    gone, come = {pair.old.id for pair in renamed}, {pair.new.id for pair in renamed}
    pairs = [pair for pair in pairs + renamed if not old.is_damaged(pair.old.id) and not new.is_damaged(pair.new.id)]
    return pairs, [row for row in removed if row.id not in gone], [row for row in added if row.id not in come]


def _facts(corpus: Corpus, row: NoticeRow) -> str:
    agency = corpus.agencies.get(row.agency)
    dated = row.dated.chinese if row.dated else "日期未注明"
    return f"{agency.name if agency else row.agency}，{dated}，{row.issues} 个问题，{row.measures} 项措施"


# Addresses


def _addresses(old: Corpus, new: Corpus) -> Iterator[Change]:
    """Addresses that worked and do not any more, and those that lead on to another one now."""
    before, after = dict(_served(old)), dict(_served(new))
    led, leads = dict(_redirects(old)), dict(_redirects(new))
    before |= {was: before.get(page, "") for was, page in led.items()}
    unread = {urls.notice(each) for each in new.known["notices"] - new.notices.keys()}
    unread |= {urls.agency(each) for each in new.known["agencies"] - new.agencies.keys()}
    unread |= {urls.notice(each) for each in new.notices if new.is_damaged(each)}
    stems = (path.rpartition("/pages/")[2].removesuffix(".md") for path in new.damaged if "/pages/" in path)
    unread |= {urls.page(stem) for stem in stems}
    withdrawn = tuple(row.path for row in new.notices.values() if row.withdrawn)
    for path, title in before.items():
        page, mark, _ = path.partition("#")
        if path in after or page in unread or (mark and page not in after and page not in leads):
            continue  # places in a page that is gone go with it
        if path.startswith(withdrawn):
            continue
        target = _followed(path, leads)
        if target is None or (target not in after and target.partition("#")[0] not in unread):
            yield Change("address-gone", title, path, before=f"/{path}")
        elif not mark and path not in led:
            yield Change("address-moved", title, path, before=f"/{path}", after=f"/{target}")


def _followed(path: str, leads: Mapping[str, str]) -> str | None:
    """Where an address leads on to: the page moved, and the anchor with it; files do not."""
    page, mark, anchor = path.partition("#")
    return leads[page] + mark + anchor if page in leads else None


def _served(corpus: Corpus) -> Iterator[tuple[str, str]]:
    """Every address that others may have written down, with the name of what stands there."""
    for row in corpus.notices.values():
        yield row.path, row.title
        if not corpus.is_damaged(row.id):
            for issue in corpus.detail(row.id).issues:
                yield urls.notice(row.id, issue.anchor), f"{row.title}，问题 {issue.no}"
        for name in corpus.files.get(row.id, ()):
            yield urls.attachment(row.id, name), f"{row.title}，附件 {name}"
    for agency in corpus.agencies.values():
        yield urls.agency(agency.id), agency.name
    for code in {code for agency in corpus.agencies.values() for code in _codes(agency.region, corpus)}:
        yield urls.region(code), corpus.regions[code].name
    for page in corpus.pages.values():
        yield urls.page(page.id), page.title


def _codes(code: str, corpus: Corpus) -> Iterator[str]:
    if code in corpus.regions:
        yield code
        yield from (region.code for region in ancestors_of(code, corpus.regions))


def _redirects(corpus: Corpus) -> Iterator[tuple[str, str]]:
    for row in corpus.notices.values():
        yield from ((urls.notice(was), row.path) for was in row.old_ids)
    for agency in corpus.agencies.values():
        yield from ((urls.agency(was), urls.agency(agency.id)) for was in agency.old_ids)


# Notices


def _added(new: Corpus, row: NoticeRow) -> Iterator[Change]:
    """Of a new notice only what should be looked at: what it declares and does not list."""
    if not new.is_damaged(row.id):
        yield from _totals(row, (), new.detail(row.id).differences)


def _side(corpus: Corpus, row: NoticeRow) -> Side:
    detail = corpus.detail(row.id)
    return Side(row, detail, area_code_of(corpus.agencies.get(detail.agency)), lambda: corpus.notice(row.id))


def notice_changes(old: Side, new: Side, statuses: model.Vocabulary) -> Iterator[Change]:
    """What changes for the public between two states of one notice."""
    was, now = old.detail, new.detail
    row = new.row
    if old.row.id != row.id:
        yield Change("notice-renamed", row.title, row.path, "编号", old.row.id, row.id)
    if was.title != now.title:
        yield Change("notice-renamed", row.title, row.path, "标题", was.title, now.title)
    if old.row.withdrawn or row.withdrawn:  # its text is nowhere on one side: nothing to compare
        before, after = map(_withdrawal, (old, new))
        if before != after:
            yield Change("notice-withdrawn", row.title, row.path, "", before, after)
        return
    yield from _issues(row, was, now, statuses)
    yield from _totals(row, was.differences, now.differences)
    cards = [contact_card(side.detail.contact, side.area_code) for side in (old, new)]
    yield from _contacts(row.title, row.path, *cards)
    if was.sha256 != now.sha256:
        yield from _texts(row, old.notice(), new.notice())


def _withdrawal(side: Side) -> str:
    withdrawn = side.notice().withdrawn
    return f"{withdrawn.date.chinese}撤回：{withdrawn.reason}" if withdrawn else "公开"


def _named(issue: IssueRow) -> str:
    return f"问题 {issue.no} {issue.title}".rstrip()


def _issues(row: NoticeRow, was: Detail, now: Detail, statuses: model.Vocabulary) -> Iterator[Change]:
    before, after = ({issue.no: issue for issue in detail.issues} for detail in (was, now))
    labels = {bucket: statuses.words(bucket).label for bucket in model.BUCKETS}

    def told(status: Status) -> str:
        label = labels[status.bucket]
        return label if status.wording in (None, label) else f"{status.wording}（{label}）"

    for no, issue in before.items():
        if no not in after:
            path = urls.notice(row.id, issue.anchor)
            yield Change("issue-removed", row.title, path, _named(issue), before=told(issue.status))
    for no, issue in after.items():
        path = urls.notice(row.id, issue.anchor)
        earlier = before.get(no)
        if earlier is None:
            yield Change("issue-added", row.title, path, _named(issue), after=told(issue.status))
            continue
        if earlier.withheld != issue.withheld:
            reasons = [model.REASONS[reason] if reason else None for reason in (earlier.withheld, issue.withheld)]
            yield Change("withheld", row.title, path, f"问题 {no}", reasons[0] or "公开", reasons[1] or "公开")
        elif earlier.title != issue.title:
            yield Change("issue-renamed", row.title, path, f"问题 {no}", earlier.title, issue.title)
        if earlier.status != issue.status:
            yield Change("status", row.title, path, _named(issue), told(earlier.status), told(issue.status))
        if earlier.due != issue.due:
            dues = [each.due.chinese if each.due else None for each in (earlier, issue)]
            yield Change("due", row.title, path, _named(issue), *dues)


def _totals(row: NoticeRow, was: Iterable[Difference], now: Iterable[Difference]) -> Iterator[Change]:
    """Declared totals that no longer are what is listed, are otherwise apart than they were, or agree again."""
    before, after = ({(each.part, each.total.key): each for each in found} for found in (was, now))
    for key in dict.fromkeys((*after, *before)):
        old, new = (_gap(found[key]) if key in found else None for found in (before, after))
        if old != new:
            anchor = (after.get(key) or before[key]).anchor
            part = f"“{key[0]}”" if key[0] else "通报"
            words = f"{part}的{NAMES[key[1]]}"
            yield Change("totals", row.title, urls.notice(row.id, anchor), words, old, new)


def _gap(difference: Difference) -> str:
    return f"申报 {difference.total.declared}，列出 {difference.total.counted}"


def _contacts(where: str, path: str, was: ContactCard | None, now: ContactCard | None) -> Iterator[Change]:
    before, after = (list(_contact_lines(card)) for card in (was, now))
    gone = [line for line in before if line not in after]
    come = [line for line in after if line not in before]
    for name in dict.fromkeys(name for name, _ in (*gone, *come)):
        old, new = ([value for each, value in lines if each == name] for lines in (gone, come))
        for one, other in zip_longest(old, new):
            yield Change("contact", where, path, name, one, other)


def _contact_lines(card: ContactCard | None) -> Iterator[tuple[str, str]]:
    """What a contact is, and how it is printed; phones with what is dialled."""
    if card is None:
        return
    for phone in card.phones:
        dialled = f"拨 {phone.link.removeprefix('tel:')}" if phone.link else "不能拨打"
        yield phone.label or "电话", f"{phone.number}（{dialled}）"
    yield from (("电子邮箱", email.address) for email in card.emails)
    lines = (("地址", card.address), ("收件人", card.recipient), ("邮政编码", card.postcode), ("受理时间", card.hours))
    yield from ((name, value) for name, value in lines if value)


# Texts


def _texts(row: NoticeRow, was: model.Notice, now: model.Notice) -> Iterator[Change]:
    yield from _text_change(row.title, row.path, list(_paragraphs(was)), list(_paragraphs(now)))
    names = _differing(was, now, _NOTICE_TOLD)
    facts = _facts_of_parts(was)
    names += [name for name, fact in _facts_of_parts(now).items() if fact != facts[name]]
    if names:
        yield Change("detail", row.title, row.path, "通报", after="、".join(names))
    before = {issue.id: issue for issue in was.all_issues()}
    for issue in now.all_issues():
        earlier = before.get(issue.id)
        if earlier and earlier.withheld == issue.withheld:
            names = _differing(earlier, issue, _TOLD)
            if _facts_of_measures(earlier) != _facts_of_measures(issue):
                names.append("措施的编号、进度或时限")
            if names:
                path = urls.notice(row.id, f"issue-{issue.id}")
                yield Change(
                    "detail", row.title, path, f"问题 {issue.id} {issue.title}".rstrip(), after="、".join(names)
                )


def _text_change(where: str, path: str, was: list[str], now: list[str]) -> Iterator[Change]:
    come, gone = changed_characters(was, now)
    if come or gone:
        words = "，".join(words for n, words in ((come, f"增加 {come} 字"), (gone, f"删去 {gone} 字")) if n)
        yield Change("text", where, path, after=words)


def _paragraphs(notice: model.Notice) -> Iterator[str]:
    """Headings and prose, a paragraph each, without the titles that are told as such."""
    for part in parts(notice):
        if not isinstance(part, model.Notice):
            yield part.title or ""
    for section in notice.sections:
        yield from (task.title for task in section.tasks)
        yield from (phase.title for phase in section.phases)
    yield from (part.title for issue in notice.all_issues() for part in issue.parts)
    for value, key in notice.prose():
        text: str | None = getattr(value, key)
        yield from (text or "").splitlines()


def _facts_of_parts(notice: model.Notice) -> dict[str, object]:
    """What else the parts of a notice say, by the name under which a change of it is told."""
    tasks = [task for section in notice.sections for task in section.tasks]
    return {
        "各部分的申报数": [part.declared for part in parts(notice) if not isinstance(part, model.Notice)],
        "原文序号": [part.number for part in parts(notice) if not isinstance(part, model.Notice)],
        "不予公开的部分": [section.withheld for section in notice.sections],
        "任务": [(task.number, task.lead, task.units, task.due) for task in tasks],
        "阶段": [(phase.number, phase.start, phase.end, phase.deliverables) for phase in notice.all_phases()],
    }


def _facts_of_measures(issue: model.Issue) -> list[object]:
    return [(each.number, each.status, each.due, each.withheld) for each in issue.all_measures()]


def changed_characters(was: list[str], now: list[str]) -> tuple[int, int]:
    """How many characters came and went between two lists of paragraphs, white space aside."""
    before, after = (["".join(line.split()) for line in lines] for lines in (was, now))
    before, after = ([line for line in lines if line] for lines in (before, after))
    come = gone = 0
    for olds, news in differing(before, after):
        old, new = "".join(olds), "".join(news)
        if max(len(old), len(new)) <= MAX_COMPARED:
            same = sum(block.size for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks())
        else:
            same = sum((Counter(old) & Counter(new)).values())
        come, gone = come + len(new) - same, gone + len(old) - same
    return come, gone


def differing(was: Sequence[str], now: Sequence[str]) -> Iterator[tuple[list[str], list[str]]]:
    """The stretches in which two lists of paragraphs differ. Too many are one stretch, less what both have."""
    start, end = _common(was, now)
    before, after = was[start : len(was) - end], now[start : len(now) - end]
    if len(before) * len(after) <= MAX_PAIRS:
        for what, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if what != "equal":
                yield list(before[i1:i2]), list(after[j1:j2])
    else:
        gone, come = Counter(before) - Counter(after), Counter(after) - Counter(before)
        yield list(gone.elements()), list(come.elements())


def marked(was: str, now: str) -> tuple[list[Piece], list[Piece]]:
    """Two texts in pieces: what both have, and what only one of them has."""
    start, end = _common(was, now)
    before, after = was[start : len(was) - end], now[start : len(now) - end]
    pieces: tuple[list[Piece], list[Piece]] = ([Piece(was[:start], changed=False)], [Piece(now[:start], changed=False)])
    same = [(0, 0, 0), (len(before), len(after), 0)]
    if len(before) * len(after) <= MAX_PAIRS:
        found = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        same[1:1] = [(a, b, size) for a, b, size in found if size >= MIN_SAME]
    for (a, b, size), (next_a, next_b, _) in pairwise(same):
        for side, text, first, last in ((0, before, a, next_a), (1, after, b, next_b)):
            pieces[side].append(Piece(text[first : first + size], changed=False))
            pieces[side].append(Piece(text[first + size : last], changed=True))
    for side, text in enumerate((was, now)):
        pieces[side].append(Piece(text[len(text) - end :], changed=False))
    return [piece for piece in pieces[0] if piece.text], [piece for piece in pieces[1] if piece.text]


def _common(was: Sequence[object], now: Sequence[object]) -> tuple[int, int]:
    """How many things two sequences have in common at their beginnings, and then at their ends."""
    most = min(len(was), len(now))
    start = next((n for n in range(most) if was[n] != now[n]), most)
    end = next((n for n in range(most - start) if was[-n - 1] != now[-n - 1]), most - start)
    return start, end


def _differing(was: model.Located, now: model.Located, told: frozenset[str]) -> list[str]:
    """The Chinese names of the fields that differ, apart from those that are told elsewhere."""
    names = (f for f in fields(now) if f.metadata and f.name not in told)
    return [f.metadata["zh"] for f in names if getattr(was, f.name) != getattr(now, f.name)]


# Agencies, pages, the site


def _agencies(old: Corpus, new: Corpus) -> Iterator[Change]:
    successor = {was: agency for agency in new.agencies.values() for was in agency.old_ids}
    kept = set()
    for agency in old.agencies.values():
        now = new.agencies.get(agency.id) or successor.get(agency.id)
        if now is None or agency.path in old.damaged or now.path in new.damaged:
            kept |= {now.id} if now else set()
            continue
        kept.add(now.id)
        path = urls.agency(now.id)
        cards = [contact_card(each.contact, area_code_of(each)) for each in (agency, now)]
        yield from _contacts(now.name, path, *cards)
        if names := _differing(agency, now, frozenset({"contact", "old_ids"})):
            yield Change("detail", now.name, path, "单位", after="、".join(names))
    for agency in new.agencies.values():
        if agency.id not in kept and agency.id not in old.known["agencies"]:
            yield Change("detail", agency.name, urls.agency(agency.id), "单位", after="新增")


def _pages(old: Corpus, new: Corpus) -> Iterator[Change]:
    for page in new.pages.values():
        was = old.pages.get(page.id)
        if was is None:
            yield Change("detail", page.title, urls.page(page.id), "自有页面", after="新增")
        else:
            texts = ([each.title, *each.body.splitlines()] for each in (was, page))
            yield from _text_change(page.title, urls.page(page.id), *texts)


def _site(was: model.Site, now: model.Site) -> Iterator[Change]:
    for f in fields(now):
        old, new = getattr(was, f.name), getattr(now, f.name)
        if not f.metadata or f.name in ("statuses", "hotlines") or old == new:
            continue
        if isinstance(old, model.Located) and isinstance(new, model.Located):
            before, after = None, "、".join(_differing(old, new, frozenset()))
        else:
            before, after = ("有" if isinstance(each, model.Located) else each for each in (old, new))
        yield Change("site", now.title, urls.HOME, f.metadata["zh"], before, after)
    lines = [{line.name: line.number for line in site.hotlines} for site in (was, now)]
    for name in dict.fromkeys((*lines[0], *lines[1])):
        number, other = (numbers.get(name) for numbers in lines)
        if number != other:
            yield Change("contact", "监督热线", urls.SUPERVISION, name, number, other)
    buckets = [_labels_of_words(site) for site in (was, now)]
    for word in dict.fromkeys((*buckets[0], *buckets[1])):
        label, other = (labels.get(word) for labels in buckets)
        if label != other:
            yield Change("site", now.title, urls.HOME, f"进度“{word}”归入", label, other)


def _labels_of_words(site: model.Site) -> dict[str, str]:
    return {word: site.statuses.words(bucket).label for word, bucket in vocabulary(site).items()}
