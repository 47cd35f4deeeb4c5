"""The review report of a merge request: two content folders compared, as Markdown or as a page of HTML, in Chinese.

Everything that comes from the content is escaped: a title may hold `|`, `<`, `[` or `@everybody`.
"""

import re
from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from gongshi.cache import Cache
from gongshi.changes import Change, Kind, compare
from gongshi.corpus import Corpus
from gongshi.executors import Workers
from gongshi.load import load
from gongshi.problems import UsageError
from gongshi.scan import scan

# Each kind: its heading, and what a reviewer should do about it.
HEADINGS: dict[Kind, tuple[str, str]] = {
    "unread": ("没有比较的文件", "先运行 python build.py check，改正后再看这份报告。"),
    "address-gone": (
        "失效的网址",
        "这些网址会打不开，别人可能引用过。改了名的，在新文件里写上 old_ids；确实要撤下的，请说明理由。",
    ),
    "address-moved": ("转到别处的网址", "旧网址会自动转到新网址。"),
    "notice-added": ("新增的通报", ""),
    "notice-removed": ("撤下的通报", "请核对是不是误删；要撤回的，留下文件，写 withdrawn 和原因。"),
    "notice-withdrawn": ("撤回的通报", "网址还在，里面的问题和附件不再公开。请核对日期和原因。"),
    "notice-renamed": ("改名的通报", ""),
    "issue-added": ("新增的问题", ""),
    "issue-removed": ("删去的问题", "请核对是不是误删；依法不能公开的，应写 withheld 和理由。"),
    "issue-renamed": ("改了标题的问题", ""),
    "status": ("整改进度的变化", "改的是通报原来印的进度，还是新的进展（updates）？原文不改。"),
    "due": ("整改时限的变化", "时限推迟的，请核对依据。"),
    "withheld": ("公开与不予公开", ""),
    "totals": ("申报数与列出的数", "“现在”一栏有数的，页面会如实并列两个数；请核对是否漏录。"),
    "contact": ("联系方式的变化", "请拨打核实。"),
    "text": ("文字的变化", "照录全文的通报，改动以后仍应与原文一字不差。"),
    "detail": ("其他变化", ""),
    "site": ("站点设置的变化", ""),
}
_GRAVE: tuple[Kind, ...] = ("unread", "address-gone", "notice-removed", "notice-withdrawn", "issue-removed", "totals")
MAX_ROWS = 100  # of each kind: hosts cut off or refuse a report that is too long
_COLUMNS = ("在哪里", "什么", "原来", "现在")
_NOTHING = "—"
_TITLE = "这次改动对公众的影响"
_UNCHANGED = "公众看到的内容没有变化。"
_MARKS = re.compile(r"([\\`*_{}\[\]<>#!|~$&^:@])")
_STYLE = (
    "body{font:16px/1.7 sans-serif;max-width:60rem;margin:0 auto;padding:1rem}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.3rem .5rem;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere}th{background:#eee}.grave h2{color:#a40000}"
)


def review(old: Path, new: Path, jobs: int) -> list[Change]:
    """What changes for the public between two content folders.

    Raises UsageError if a folder is missing, or its `site.yaml` or `regions.yaml` cannot be used.
    """
    caches = [Cache(None), Cache(None)]
    try:
        before, after = (_corpus(folder, cache, jobs) for folder, cache in zip((old, new), caches, strict=True))
        return compare(before, after)
    finally:
        for cache in caches:
            cache.close()


def _corpus(folder: Path, cache: Cache, jobs: int) -> Corpus:
    if not folder.is_dir():
        raise UsageError(f"找不到内容文件夹 {folder}；请写两个内容文件夹，先写原来的，再写现在的")
    with Workers(jobs) as workers:
        corpus = load(folder, cache, workers, scan(folder)).corpus
    if corpus is None:
        raise UsageError(
            f"{folder} 的 site.yaml 或 regions.yaml 不能用，没法比较；请先运行 python build.py check --content {folder}"
        )
    return corpus


def as_markdown(changes: Sequence[Change]) -> str:
    """The report as Markdown, for the comments of GitHub and GitLab."""
    lines = [f"# {_TITLE}", "", _summary(changes)]
    for kind, found in _grouped(changes):
        heading, advice = HEADINGS[kind]
        lines += ["", f"## {heading}（{len(found)}）", "", *([advice, ""] if advice else [])]
        lines += [_row(_COLUMNS), _row(["---"] * len(_COLUMNS))]
        lines += [_row([_in_markdown(cell) for cell in _cells(change)]) for change in found[:MAX_ROWS]]
        lines += ["", _more(found)] if len(found) > MAX_ROWS else []
    return "\n".join([*lines, ""])


def as_html(changes: Sequence[Change]) -> str:
    """The report as one page that needs nothing else."""
    parts = []
    for kind, found in _grouped(changes):
        heading, advice = HEADINGS[kind]
        head = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
        rows = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in _cells(change))}</tr>\n"
            for change in found[:MAX_ROWS]
        )
        more = f"<p>{_more(found)}</p>\n" if len(found) > MAX_ROWS else ""
        grave = ' class="grave"' if kind in _GRAVE else ""
        told = f"<p>{escape(advice)}</p>\n" if advice else ""
        parts.append(
            f"<section{grave}>\n<h2>{heading}（{len(found)}）</h2>\n{told}"
            f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n{more}</section>\n"
        )
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_TITLE}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{_TITLE}</h1>\n"
        f"<p>{escape(_summary(changes))}</p>\n{''.join(parts)}</main>\n</body>\n</html>\n"
    )


FORMATS: dict[str, Callable[[Sequence[Change]], str]] = {"markdown": as_markdown, "html": as_html}


def _summary(changes: Sequence[Change]) -> str:
    if not changes:
        return _UNCHANGED
    counts = {kind: len(found) for kind, found in _grouped(changes)}
    grave = "、".join(f"{HEADINGS[kind][0]} {counts[kind]}" for kind in _GRAVE if kind in counts)
    return f"共 {len(changes)} 处变化。" + (f"请先看：{grave}。" if grave else "")


def _grouped(changes: Sequence[Change]) -> list[tuple[Kind, list[Change]]]:
    return [(kind, list(found)) for kind, found in groupby(changes, key=lambda change: change.kind)]


def _more(found: Sequence[Change]) -> str:
    return f"还有 {len(found) - MAX_ROWS} 处，没有列出；请把改动分成几次提交。"


def _cells(change: Change) -> tuple[str, str, str, str]:
    where = f"{change.where}（/{change.path}）" if change.path else change.where
    what, before, after = change.what or _NOTHING, change.before or _NOTHING, change.after or _NOTHING
    return where, what, before, after


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _in_markdown(text: str) -> str:
    """Text that Markdown prints as it is, and that calls nobody (`@name`)."""
    text = "".join(c if c.isprintable() else " " for c in text)
    return _MARKS.sub(r"\\\1", text).replace("@", "@\u2060")
