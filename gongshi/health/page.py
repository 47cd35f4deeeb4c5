"""The health report as one page of HTML for editors: everything that was found, by kind. It is no part of the site."""

from collections.abc import Sequence
from datetime import date

from markupsafe import escape

from gongshi.problems import Problem, Severity
from gongshi.report import counted, place

GROUPS: dict[str, tuple[str, ...]] = {  # heading → codes; what is in none comes last
    "可能的“纸面整改”": ("alike-measures",),
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
    "网站标识": ("missing-identifier",),
    "用词": ("wording",),
}
_REST = "其他"
_WORDS = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.NOTE: "说明"}
_PAGE = """<!doctype html>
<html lang="zh-Hans">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>网站体检报告 {day}</title>
<style>
body {{ font: 16px/1.7 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; color: #1b1b1b }}
table {{ border-collapse: collapse; width: 100% }}
td, th {{ border: 1px solid #c6c6c6; padding: .3rem .6rem; text-align: left }}
td, th {{ vertical-align: top; overflow-wrap: anywhere }}
code {{ font-size: .875rem }}
nav li {{ display: inline-block; margin-right: 1.5rem }}
</style>
<h1>网站体检报告</h1>
<p>{day}，{total}。本页给编辑看，不要放进网站。代号的意思见编辑手册第 10 节。</p>
<nav><ul>{contents}</ul></nav>
{sections}
</html>
"""
_SECTION = """<section id="{id}"><h2>{heading}（{count}）</h2>
<table><thead><tr><th>位置</th><th>轻重</th><th>说明</th></tr></thead><tbody>
{rows}
</tbody></table></section>
"""
_ROW = "<tr><td><code>{place}</code></td><td>{severity}</td><td>{message} <code>{code}</code></td></tr>"


def page(problems: Sequence[Problem], today: date) -> str:
    """The whole page; of everything that a file says it shows the text, never the markup."""
    by_code = {code: heading for heading, codes in GROUPS.items() for code in codes}
    groups: dict[str, list[Problem]] = {heading: [] for heading in (*GROUPS, _REST)}
    for problem in problems:
        groups[by_code.get(problem.code, _REST)].append(problem)
    shown = [(f"part-{n}", heading, found) for n, (heading, found) in enumerate(groups.items(), 1) if found]
    return _PAGE.format(
        day=today.isoformat(),
        total=counted(problems) or "没有问题",
        contents="".join(f'<li><a href="#{id_}">{heading}（{len(found)}）</a></li>' for id_, heading, found in shown),
        sections="".join(_section(*part) for part in shown),
    )


def _section(id_: str, heading: str, found: list[Problem]) -> str:
    rows = (
        _ROW.format(place=escape(place(p)), severity=_WORDS[p.severity], message=escape(p.message), code=escape(p.code))
        for p in found
    )
    return _SECTION.format(id=id_, heading=heading, count=len(found), rows="\n".join(rows))
