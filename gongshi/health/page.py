"""The health report as one page of HTML for editors: everything that was found, by kind. It is no part of the site."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from gongshi.corpus import Corpus
from gongshi.health.alike import Group, Told, extent
from gongshi.problems import Problem, Severity
from gongshi.report import counted, place

ALIKE = "alike-measures"
GROUPS: dict[str, tuple[str, ...]] = {  # heading → codes; what is in none comes last
    "可能的“纸面整改”": (ALIKE,),
    "很久没有更新": ("stale-status", "stale-column"),
    "个人信息": (
        "identity-number",
        "mobile-number",
        "bank-card",
        "home-address",
        "private-email",
        "photo-location",
        "exempt",
        "unused-exempt",
        "unread-attachment",
    ),
    "申报数对不上": ("totals-differ",),
    "联系方式": ("masked-contact", "no-contact", "no-area-code", "contact-not-in-text", "bad-phone", "bad-email"),
    "链接和附件": ("broken-link", "missing-file", "unused-file", "stray-file", "no-file"),
    "网站标识": ("missing-identifier", "missing-label"),
    "用词": ("wording", "bad-wording"),
}
MAX_BLOCKS = 50  # groups of copies that are shown side by side
MAX_ROWS = 300  # of one heading
_REST = "其他"
_WORDS = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.NOTE: "说明"}
_ALL = "全部见 python build.py check --site 的报告"
_PAGE = Markup("""<!doctype html>
<html lang="zh-Hans">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>网站体检报告 {day}</title>
<style>
:root {{ color-scheme: light dark; --line: #c6c6c6; --soft: #f3f3f3; --dim: #595959; --bad: #a40000 }}
@media (prefers-color-scheme: dark) {{ :root {{ --line: #4d4d4d; --soft: #262626; --dim: #b0b0b0; --bad: #ff9d96 }} }}
body {{ font: 16px/1.7 system-ui, sans-serif; max-width: 64rem; margin: 0 auto; padding: 1rem }}
h1 {{ line-height: 1.3 }}
h2 {{ margin: 2.5rem 0 .5rem; padding-top: .5rem; border-top: 2px solid var(--line) }}
h3 {{ margin: 1.5rem 0 .5rem; font-size: 1rem }}
nav ul, ul.found {{ list-style: none; padding: 0 }}
nav li {{ display: inline-block; margin-right: 1.5rem }}
.found > li {{ padding: .5rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere }}
.texts {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); gap: .75rem }}
.texts > div {{ padding: .75rem; background: var(--soft); overflow-wrap: anywhere }}
.texts p, .found p {{ margin: 0 }}
.where, .who {{ color: var(--dim); font-size: .875rem }}
.error {{ color: var(--bad); font-weight: bold }}
</style>
<h1>网站体检报告</h1>
<p>{day}，{total}。本页给编辑看，不要放进网站。代号的意思见编辑手册第 10 节。</p>
<nav><ul>{contents}</ul></nav>
{sections}
</html>
""")
_SECTION = Markup('<section id="{id}"><h2>{heading}（{count}）</h2>\n{body}\n</section>\n')
_ROW = Markup(
    '<li><p><span class="{severity}">{word}</span>：{message}</p>\n'
    '<p class="where">{name}<code>{place}</code> {code}</p></li>\n'
)
_BLOCK = Markup('<h3>第 {number} 组：{extent}</h3>\n<div class="texts">\n{cards}</div>\n')
_CARD = Markup(
    '<div><p class="who">{number}. {agency} · {issue}</p>\n<p>{text}</p>\n'
    '<p class="where">{how}<br><code>{path}:{line}</code></p></div>\n'
)


@dataclass(frozen=True, slots=True)
class Card:
    """A measure of a group as its notice prints it, of whom and of which problem it is told."""

    agency: str
    issue: str
    text: str
    told: Told


@dataclass(frozen=True, slots=True)
class Block:
    """A group of copies side by side."""

    extent: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Health:
    """What the report adds to the problems that `check` finds."""

    today: date
    problems: Sequence[Problem] = ()
    blocks: Sequence[Block] = ()  # the first groups of copies
    groups: int = 0  # of copies, also those without a block
    names: Mapping[str, str] | None = None  # what the files are called that messages name


def blocks_of(corpus: Corpus, groups: Sequence[Group]) -> list[Block]:
    """The first groups with the words of their notices."""
    return [Block(extent(group), tuple(_card(corpus, told) for told in group.told)) for group in groups[:MAX_BLOCKS]]


def _card(corpus: Corpus, told: Told) -> Card:
    notice = corpus.notice(told.notice)
    issue = next(issue for issue in notice.all_issues() if issue.id == told.issue)
    at = (told.span.line, told.span.column)
    text = next((each.text for each in issue.all_measures() if at in (each.at.get("text"), each.at.get(""))), "")
    return Card(corpus.agencies[notice.agency].name, issue.title, text, told)


def names_of(corpus: Corpus) -> dict[str, str]:
    """Agencies and notices by their files, as people call them."""
    names = {agency.path: agency.name for agency in corpus.agencies.values()}
    return names | {corpus.path(row.id): row.title for row in corpus.notices.values()}


def page(problems: Sequence[Problem], health: Health) -> str:
    """The whole page; of everything that a file says it shows the text, never the markup."""
    by_code = {code: heading for heading, codes in GROUPS.items() for code in codes}
    found: dict[str, list[Problem]] = {heading: [] for heading in (*GROUPS, _REST)}
    for problem in problems:
        if problem.code != ALIKE:
            found[by_code.get(problem.code, _REST)].append(problem)
    parts = [(heading, f"{len(each)}", _rows(each, health.names or {})) for heading, each in found.items() if each]
    if health.groups:
        parts.insert(0, (next(iter(GROUPS)), f"{health.groups} 组", _blocks(health)))
    return _PAGE.format(
        day=health.today.isoformat(),
        total=counted(problems) or "没有问题",
        contents=Markup().join(
            Markup('<li><a href="#part-{}">{}（{}）</a></li>').format(n, heading, count)
            for n, (heading, count, _) in enumerate(parts, 1)
        ),
        sections=Markup().join(
            _SECTION.format(id=f"part-{n}", heading=heading, count=count, body=body)
            for n, (heading, count, body) in enumerate(parts, 1)
        ),
    )


def _blocks(health: Health) -> Markup:
    shown = Markup().join(
        _BLOCK.format(number=number, extent=block.extent, cards=_cards(block.cards))
        for number, block in enumerate(health.blocks, 1)
    )
    intro = "几乎一样的措施报给了不同的问题，请向单位核实是不是真的做了。牵涉问题多的在前，一组最多列五条。"
    rest = health.groups - len(health.blocks)
    more = Markup("<p>还有 {} 组没有列出；{}。</p>").format(rest, _ALL) if rest else ""
    return Markup("<p>{}</p>\n{}{}").format(intro, shown, more)


def _cards(cards: Sequence[Card]) -> Markup:
    numbers = {card.told.span: f"第 {number} 条" for number, card in enumerate(cards, 1)}
    return Markup().join(
        _CARD.format(
            number=number,
            agency=card.agency,
            issue=card.issue,
            text=card.text,
            how=f"与{numbers.get(card.told.partner) or _elsewhere(card.told)}{card.told.likeness}",
            path=card.told.span.path,
            line=card.told.span.line,
        )
        for number, card in enumerate(cards, 1)
    )


def _elsewhere(told: Told) -> str:
    return f" {told.partner.path} 第 {told.partner.line} 行"


def _named(problem: Problem, names: Mapping[str, str]) -> Markup:
    name = names.get(problem.span.path, "")
    return Markup("{}<br>").format(name) if name and name not in problem.message else Markup()


def _rows(found: list[Problem], names: Mapping[str, str]) -> Markup:
    order = list(Severity)
    rows = Markup().join(
        _ROW.format(
            severity=str(problem.severity),
            word=_WORDS[problem.severity],
            message=problem.message,
            name=_named(problem, names),
            place=place(problem) if problem.span.line else problem.span.path,
            code=problem.code,
        )
        for problem in sorted(found, key=lambda problem: order.index(problem.severity))[:MAX_ROWS]
    )
    rest = len(found) - MAX_ROWS
    more = Markup("<p>还有 {} 处没有列出；{}。</p>").format(rest, _ALL) if rest > 0 else ""
    return Markup('<ul class="found">\n{}</ul>{}').format(rows, more)
