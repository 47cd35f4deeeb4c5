"""A corpus laid out for each generator: the same fields, for the peers as Markdown files with front matter."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

PEERS = Path(__file__).parent / "peers"
NOTICES_A_PAGE = 50
ISSUES_A_PAGE = 100
_DATE = re.compile(r"^( *(?:- )?[a-z_]+: )(\d{4}(?:-\d\d){0,2})$", re.MULTILINE)
_FLOW_DATE = re.compile(r"(\bdue: )(\d{4}(?:-\d\d){0,2})(?=[,}])")
_STYLE = re.compile(r"^( *[a-z]+: )(1\.)$", re.MULTILINE)
_DIGITS = "零一二三四五六七八九"


def stage_gongshi(content: Path, folder: Path) -> None:
    """Gongshi builds the corpus as it is."""
    shutil.copytree(content, folder / "content")


def stage_hugo(content: Path, folder: Path) -> None:
    """Notices as pages, the rest as data; which pages of long lists there are is counted here for Hugo."""
    shutil.copytree(PEERS / "hugo", folder)
    _notices(content, folder / "content" / "notices", bundles=True)
    data = folder / "data"
    shutil.copytree(content / "agencies", data / "agencies")
    for name in ("site.yaml", "regions.yaml"):
        shutil.copy(content / name, data / name)
    shutil.copy(PEERS / "shared" / "tables.json", data / "tables.json")
    _json(data / "numerals.json", numerals())
    _json(data / "lists.json", lists(content))
    _about(content, folder / "content" / "about.md")
    _static(folder / "static" / "static")


def stage_eleventy(content: Path, folder: Path) -> None:
    """Notices as Markdown below `src`, the rest as JSON."""
    shutil.copytree(PEERS / "eleventy", folder)
    (folder / "node_modules").symlink_to((PEERS.parent / ".peers" / "eleventy" / "node_modules").absolute())
    _notices(content, folder / "src" / "notices")
    _attachments(content, folder / "attachments")
    _shared_json(content, folder / "data")
    _about(content, folder / "src" / "about.md", "layout: own.njk\npermalink: /about/\n")
    _static(folder / "static")


def stage_pelican(content: Path, folder: Path) -> None:
    """Notices as articles, the rest as JSON."""
    shutil.copytree(PEERS / "pelican", folder)
    _notices(content, folder / "content" / "notices")
    _attachments(content, folder / "content" / "notices")
    _shared_json(content, folder / "data")
    (folder / "content" / "pages").mkdir()
    _about(content, folder / "content" / "pages" / "about.md", "slug: about\n")
    _static(folder / "content" / "static")


def _notices(content: Path, folder: Path, *, bundles: bool = False) -> None:
    """Each notice as Markdown with front matter; one with attachments with them in a folder, where that is wanted."""
    for source in sorted((content / "notices").rglob("*.yaml")):
        target = folder / source.relative_to(content / "notices").with_suffix(".md")
        beside = source.with_suffix("")
        if bundles and beside.is_dir():
            shutil.copytree(beside, target.with_suffix(""))
            target = target.with_suffix("") / "index.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(front_matter(source.read_text(encoding="utf-8")), encoding="utf-8")


def _attachments(content: Path, folder: Path) -> None:
    """The files beside notices, in folders of the notices' names."""
    folder.mkdir(parents=True, exist_ok=True)
    for beside in sorted((content / "notices").glob("*/*/")):
        shutil.copytree(beside, folder / beside.name)


def _shared_json(content: Path, folder: Path) -> None:
    """Site, regions, agencies and what templates need to print numbers, as JSON."""
    folder.mkdir(parents=True)
    _json(folder / "site.json", _text_of(content / "site.yaml"))
    _json(folder / "regions.json", _text_of(content / "regions.yaml"))
    agencies = {path.stem: _text_of(path) for path in (content / "agencies").glob("*.yaml")}
    _json(folder / "agencies.json", dict(sorted(agencies.items(), key=lambda each: (each[1]["region"], each[0]))))
    _json(folder / "numerals.json", numerals())
    shutil.copy(PEERS / "shared" / "tables.json", folder / "tables.json")


def _text_of(path: Path) -> Any:
    """A YAML file whose scalars are all text."""
    return yaml.load(path.read_bytes(), Loader=yaml.CBaseLoader)  # noqa: S506 - it makes only text


def front_matter(text: str) -> str:
    """A notice as front matter. Dates and `1.` are quoted, since most tools take them for other things than text."""
    for pattern in (_DATE, _FLOW_DATE, _STYLE):
        text = pattern.sub(r"\1'\2'", text)
    return f"---\n{text}---\n"


def _about(content: Path, target: Path, more: str = "") -> None:
    title, _, body = (content / "pages" / "about.md").read_text(encoding="utf-8").partition("\n")
    target.write_text(f"---\ntitle: {title.removeprefix('# ')}\n{more}---\n{title}\n{body}", encoding="utf-8")


def _static(folder: Path) -> None:
    shutil.copytree(PEERS.parent.parent / "templates" / "static", folder)


def _json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def numerals() -> dict[str, list[str]]:
    """Numbers as notices print them, by the number."""
    chinese = [""]
    for n in range(1, 100):
        tens, ones = divmod(n, 10)
        ten = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
        chinese.append(ten + (_DIGITS[ones] if ones else ""))
    return {"chinese": chinese, "circled": ["", *(chr(0x2460 + n) for n in range(20))]}


def read_notices(content: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every notice of a corpus with its id; scalars are text."""
    for path in sorted((content / "notices").rglob("*.yaml")):
        yield path.stem, _text_of(path)


def buckets_of(content: Path) -> dict[str, str]:
    """Wording of a status → bucket, as `site.yaml` says."""
    statuses = yaml.safe_load((content / "site.yaml").read_bytes())["statuses"]
    return {wording: bucket for bucket, entry in statuses.items() for wording in entry.get("wordings", ())}


def issues_of(notice: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every issue of a notice, in order."""
    for section in notice["sections"]:
        for aspect in section.get("aspects", ()):
            for part in aspect.get("groups", [aspect]):
                yield from part["issues"]


def lists(content: Path) -> dict[str, Any]:
    """How many pages each year of notices and each month of the ledger has."""
    words = buckets_of(content)
    years: Counter[str] = Counter()
    found: list[tuple[str, str, str]] = []  # issue, month, bucket
    taken = set()
    for notice_id, notice in read_notices(content):
        years[notice["published"][:4]] += 1
        for issue in issues_of(notice):
            bucket = words.get(issue.get("status", ""), "unstated")
            found.append((f"{notice_id}#issue-{issue['id']}", notice["published"][:7], bucket))
            taken.add(issue.get("continues"))
    months = Counter((bucket, month) for issue, month, bucket in found if issue not in taken)
    totals = Counter(bucket for issue, _, bucket in found if issue not in taken)
    return {
        "years": [{"year": year, "pages": -(-count // NOTICES_A_PAGE)} for year, count in sorted(years.items())],
        "ledger": [
            {"bucket": bucket, "month": month, "pages": -(-count // ISSUES_A_PAGE)}
            for (bucket, month), count in sorted(months.items())
            if totals[bucket] > ISSUES_A_PAGE
        ],
    }
