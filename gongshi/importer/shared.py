"""What the whole notice has in common: labels and number styles that its parts share go to the notice, once."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from gongshi import model
from gongshi.derive.notice import ordinals
from gongshi.importer.lines import style_of
from gongshi.model import NOT_PRINTED, Ordered
from gongshi.numbering import printed

T = TypeVar("T")


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

    return replace(_each(notice, own), labels=labels)


def _fits(order: Sequence[str]) -> Callable[[Sequence[str]], bool]:
    """Whether fields in some order come in the same order as in `order`."""
    return lambda some: list(some) == [name for name in order if name in some]


def _common_order(orders: Sequence[tuple[Ordered, ...]]) -> tuple[Ordered, ...]:
    """The order of most fields among the commonest ones."""
    most = Counter(orders)
    return max(most, key=lambda order: (most[order] * len(order), len(order)))


def _each(notice: model.Notice, change: Callable[[model.Issue], model.Issue]) -> model.Notice:
    """The notice with every issue changed."""

    def changed(part: T) -> T:
        held: dict[str, Any] = {"issues": tuple(map(change, getattr(part, "issues", ())))}
        for name in ("groups", "aspects"):
            if hasattr(part, name):
                held[name] = tuple(map(changed, getattr(part, name)))
        return replace(part, **held)  # type: ignore[type-var]

    return replace(notice, sections=tuple(map(changed, notice.sections)))


def attachments_settled(notice: model.Notice) -> model.Notice:
    """Only those attachments that the text names in the same words, so that the page does not print them again."""
    text = notice.solid_text()
    kept = tuple(a for a in notice.attachments if "".join(a.title.split()).replace("\\", "") in text)
    numbers = {attachment.number for attachment in kept}

    def settled(phase: model.Phase) -> model.Phase:
        known = (d if d.attachment in numbers else replace(d, attachment=None) for d in phase.deliverables)
        return replace(phase, deliverables=tuple(known))

    sections = (replace(section, phases=tuple(map(settled, section.phases))) for section in notice.sections)
    return replace(notice, attachments=kept, sections=tuple(sections))


def numbers_settled(notice: model.Notice) -> model.Notice:
    """Number styles go to the notice; a part keeps a number only where it is not the one that follows by itself."""
    parts = list(_numbered_parts(notice))
    used: dict[str, Counter[str]] = {}
    for level, part in parts:
        if style := style_of(part.number):
            used.setdefault(level, Counter())[style] += 1
    styles = {level: counted.most_common(1)[0][0] for level, counted in used.items()}
    best: tuple[int, model.Numbering, set[int]] | None = None
    for restart in ((), ("group",), ("issue",), ("group", "issue")):
        numbering = model.Numbering(**styles, restart=restart)  # type: ignore[arg-type]
        places = ordinals(replace(notice, numbering=numbering))
        regular = {
            id(part) for level, part in parts if _follows(styles.get(level, ""), places.get(id(part)), part.number)
        }
        if best is None or len(regular) > best[0]:
            best = (len(regular), numbering, regular)
    if best is None:
        return notice
    _, numbering, regular = best

    def settled(part: Any) -> Any:
        held: dict[str, Any] = {}
        for name in ("sections", "aspects", "groups", "issues", "measures", "parts", "tasks", "phases"):
            if given := getattr(part, name, ()):
                held[name] = tuple(map(settled, given))
        if id(part) in regular:
            held["number"] = None
        return replace(part, **held)

    whole: model.Notice = settled(notice)
    return replace(whole, numbering=numbering)


def _follows(style: str, place: int | None, number: str) -> bool:
    """Whether a part needs no number of its own: what would be printed by itself is what the notice prints."""
    own = "" if number == NOT_PRINTED else number
    return own == (printed(style, place) if style and place else "")


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
