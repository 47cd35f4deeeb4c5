"""What the whole notice has in common: labels and number styles that its parts share go to the notice, once."""

import typing
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal, TypeVar

from gongshi import model
from gongshi.derive.notice import ordinals
from gongshi.importer.lines import style_of
from gongshi.model import NOT_PRINTED, Ordered
from gongshi.numbering import printed

T = TypeVar("T")

# The fields that hold parts of a notice, at any level.
_CHILDREN = ("sections", "aspects", "groups", "issues", "measures", "parts", "tasks", "phases", "deliverables")


def labels_settled(notice: model.Notice, orders: Sequence[tuple[Ordered, ...]]) -> model.Notice:
    """Labels and order that most issues share go to the notice; an issue keeps what it has of its own."""
    used: dict[str, Counter[str]] = {name: Counter() for name in model.ORDER}
    for issue in notice.all_issues():
        for name in model.ORDER:
            if issue.labels and (word := getattr(issue.labels, name)):
                used[name][word] += 1
    common = {name: words.most_common(1)[0][0] for name, words in used.items() if words}
    common = {name: word for name, word in common.items() if word != NOT_PRINTED}
    usual = _fits(model.ORDER)
    order = () if all(map(usual, orders)) else _common_order(orders)
    labels = model.Labels(**common, order=order)  # type: ignore[arg-type]

    def own(issue: model.Issue) -> model.Issue:
        if issue.labels is None:
            return issue
        words = {
            name: word
            for name in model.ORDER
            if (word := getattr(issue.labels, name)) and word != common.get(name, NOT_PRINTED)
        }
        departs = not _fits(labels.but(None).order)(issue.labels.order)
        kept = model.Labels(**words, order=issue.labels.order if departs else ())
        return replace(issue, labels=kept if words or departs else None)

    return replace(_rewritten(notice, lambda part: own(part) if isinstance(part, model.Issue) else part), labels=labels)


def _fits(order: Sequence[str]) -> Callable[[Sequence[str]], bool]:
    """Whether fields in some order come in the same order as in `order`."""
    return lambda some: list(some) == [name for name in order if name in some]


def _common_order(orders: Sequence[tuple[Ordered, ...]]) -> tuple[Ordered, ...]:
    """The order of most fields among the commonest ones."""
    most = Counter(orders)
    return max(most, key=lambda order: (most[order] * len(order), len(order)))


def _rewritten(part: T, change: Callable[[Any], Any]) -> T:
    """A notice or a part of it with a change made to it and to every part below."""
    changed = change(part)
    held = {
        name: tuple(_rewritten(child, change) for child in children)
        for name in _CHILDREN
        if (children := getattr(changed, name, ()))
    }
    return typing.cast(T, replace(changed, **held))


def attachments_settled(notice: model.Notice) -> model.Notice:
    """Only those attachments that the text names in the same words, so that the page does not print them again."""
    says = notice.saying()
    kept = tuple(attachment for attachment in notice.attachments if says(attachment.title))
    numbers = {attachment.number for attachment in kept}

    def settled(part: object) -> object:
        unknown = isinstance(part, model.Deliverable) and part.attachment not in numbers
        return replace(part, attachment=None) if unknown else part  # type: ignore[type-var]

    return replace(_rewritten(notice, settled), attachments=kept)


def numbers_settled(notice: model.Notice) -> model.Notice:
    """Number styles go to the notice; a part keeps a number only where it is not the one that follows by itself."""
    parts = list(_numbered_parts(notice))
    used: dict[str, Counter[str]] = {}
    for level, part in parts:
        if style := style_of(part.number):
            used.setdefault(level, Counter())[style] += 1
    styles = {level: counted.most_common(1)[0][0] for level, counted in used.items()}
    restarts: tuple[tuple[Literal["group", "issue"], ...], ...] = ((), ("group",), ("issue",), ("group", "issue"))
    numberings = [model.Numbering(**styles, restart=restart) for restart in restarts]  # type: ignore[arg-type]
    numbering, regular = max(
        ((numbering, _regular(notice, numbering, parts)) for numbering in numberings), key=lambda found: len(found[1])
    )

    def settled(part: Any) -> Any:
        return replace(part, number=None) if id(part) in regular else part

    return replace(_rewritten(notice, settled), numbering=numbering)


def _regular(notice: model.Notice, numbering: model.Numbering, parts: Sequence[tuple[str, Any]]) -> set[int]:
    """By `id(part)` those that need no number of their own: what would be printed by itself is what they print."""
    places = ordinals(replace(notice, numbering=numbering))
    found = set()
    for level, part in parts:
        style, place = getattr(numbering, level), places.get(id(part))
        own = "" if part.number == NOT_PRINTED else part.number
        if own == (printed(style, place) if style and place else ""):
            found.add(id(part))
    return found


def _numbered_parts(notice: model.Notice) -> Iterator[tuple[str, Any]]:
    """Every part that may print a number, with its level."""
    for section in notice.sections:
        if section.title:
            yield "section", section
        for aspect in section.aspects:
            yield "aspect", aspect
            for group in aspect.groups:
                yield "group", group
        for task in section.tasks:
            yield "task", task
        for phase in section.phases:
            yield "phase", phase
    for issue in notice.all_issues():
        yield "issue", issue
        for measure in issue.all_measures():
            yield "measure", measure
