"""The tables of fields in 编辑手册, row by row: which fields of the model each speaks of."""

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gongshi import model
from tests.conftest import ROOT

MANUAL = (ROOT / "docs" / "编辑手册.md").read_text(encoding="utf-8")

# The key that a row names before its fields, or that stands alone in a table of one class.
OF_KEY: dict[str, Any] = {
    "exempt": model.Exemption, "earlier_withheld": model.EarlierWithheld,
    "source": model.Provenance, "inspection": model.Inspection, "signed": model.Signature,
    "attachments": model.Attachment, "figures": model.Figure, "labels": model.Labels, "measures": model.Measure,
    "parts": model.SubIssue, "commitments": model.Commitment, "verified": model.Verification, "updates": model.Update,
    "withheld": model.Withheld, "withdrawn": model.Withdrawn, "phones": model.Phone, "postal": model.Postal, "operator": model.Operator,
    "footer": model.Footer, "statuses": model.StatusWords, "admin": model.Admin,
    "license": model.License,
}  # fmt: skip
# The classes of the tables, in the order of the manual, told by where their heading begins.
OF_TABLE: dict[str, tuple[Any, ...]] = {
    "### 通报": (model.Notice,),
    "### 来源": (),
    "### 部分": (model.Section, model.Aspect, model.Group),
    "### 问题 ": (model.Issue,),
    "### 问题里面的项": (),
    "### 任务": (model.Task, model.Phase, model.Deliverable),
    "### 监督方式": (model.Contact,),
    "### 7.2": (model.Totals,),
    "**单位**": (model.Agency,),
    "**站点设置**": (model.Site,),
}


@dataclass(frozen=True)
class Row:
    """One row: the fields that it explains, their Chinese names and what to write, as printed."""

    fields: tuple[tuple[Any, str], ...]
    names: str
    words: str


def rows() -> Iterator[Row]:
    """Every row of every table of fields."""
    for heading, classes in OF_TABLE.items():
        lines = MANUAL[MANUAL.index(f"\n{heading}") + 1 :].splitlines()
        start = next(n for n, line in enumerate(lines) if line.startswith("| 字段 |"))
        head = _cells(lines[start])
        for line in lines[start + 2 :]:
            if not line.startswith("|"):
                break
            cells = _cells(line)
            yield Row(tuple(_fields(cells[0], classes)), cells[1], plain(cells[-1]))
        assert head[0] == "字段"


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\0", "|") for cell in line.replace("\\|", "\0").strip("|").split("|")]


def _fields(cell: str, classes: tuple[Any, ...]) -> Iterator[tuple[Any, str]]:
    of, _, rest = cell.rpartition("的 ")
    key = re.search(r"`(\w+)`", of)
    for name in re.findall(r"`([\w.]+)`", rest if key else cell):
        before, dot, field = name.rpartition(".")
        if dot and before:
            key = re.match(r"(\w+)", before)
        owners = (OF_KEY[key[1]],) if key else classes
        if classes == (model.Site,) and key and key[1] == "labels":
            owners = (model.SiteLabels,)
        for owner in owners:
            if field in {f.name for f in dataclasses.fields(owner)}:
                yield owner, field


def plain(cell: str) -> str:
    """A cell of the manual as editors show it: no marks of code, links as the number of their section."""
    cell = re.sub(r"\[第 (\d+) 节\]\(#[^)]*\)", r"编辑手册第 \1 节", cell)
    return re.sub(r" ?\[([\d.]+)\]\(#[^)]*\)", r"编辑手册 \1", cell).replace("`", "")
