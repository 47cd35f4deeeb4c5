"""The pages of the site beside its notices: lists, agencies, regions, the ledger, open data."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pelican import signals
from pelican.generators import Generator

from . import derive

index = derive.Index()
FILTERS = {
    "prose": derive.prose,
    "chinese": derive.chinese,
    "deadline": derive.deadline,
    "tel": derive.tel,
    "label": derive.label,
    "shares": derive.shares,
    "tally_words": derive.tally_words,
    "whole_name": derive.whole_name,
    "first_issues": derive.first_issues,
    "bucket_of": derive.bucket_of,
    "state": derive.state,
}
GLOBALS = {
    "site": derive.site,
    "regions": derive.regions,
    "agencies": derive.agencies,
    "tables": derive.tables,
    "kinds": derive.KINDS,
    "words": derive.WORDS,
    "states": derive.STATES,
    "index": index,
    "above": derive.above,
    "span": derive.span,
    "view": derive.view,
    "numbered": derive.numbered,
    "pager_links": derive.pager_links,
}


class SitePages(Generator):  # type: ignore[misc]
    """Writes every page that is no notice."""

    def generate_output(self, writer: Any) -> None:
        """Write the pages."""
        for template, path, values in self._pages():
            name = path if path.endswith((".html", ".xml", ".txt")) else f"{path}index.html"
            writer.write_file(
                name, self.get_template(template), self.context, template_name=template, here=f"/{path}", **values
            )
        folder = Path(self.output_path) / "data"
        for name, records_of in derive.RECORDS.items():
            records = records_of(index)
            (folder / f"{name}.json").write_text(derive.as_json(records), encoding="utf-8")
            (folder / f"{name}.csv").write_text(derive.as_csv(records), encoding="utf-8-sig", newline="")

    def _pages(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for template in ("home", "404", "sitemap", "robots"):
            path = {"home": "", "404": "404.html", "sitemap": "sitemap.xml", "robots": "robots.txt"}[template]
            yield template, path, {}
        for template in ("notices", "agencies", "plans", "supervision", "data"):
            yield template, f"{template}/", {"section": template}
        yield "ledger", "issues/", {"section": "issues"}
        for year, rows in index.years.items():
            for pages, part in _paged(rows, derive.NOTICES_A_PAGE, f"notices/{year}/"):
                values = {"section": "notices", "year": year, "pages": pages, "rows": part}
                yield "year", derive.numbered(f"notices/{year}/", pages["number"]), values
        for key, agency in index.agencies.items():
            yield "agency", f"agencies/{key}/", {"section": "agencies", "row": agency}
        for code, region in index.regions.items():
            yield "region", f"regions/{code}/", {"section": "agencies", "code": code, "row": region}
        for bucket in derive.BUCKETS:
            yield "bucket", f"issues/{bucket}/", {"section": "issues", "bucket": bucket}
            if index.tally[bucket] > derive.ISSUES_A_PAGE:
                yield from _months(bucket)


def _months(bucket: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for month, found in index.months.items():
        for pages, part in _paged(found[bucket], derive.ISSUES_A_PAGE, f"issues/{bucket}/{month}/"):
            values = {"section": "issues", "bucket": bucket, "month": month, "pages": pages, "issues": part}
            yield "month", derive.numbered(f"issues/{bucket}/{month}/", pages["number"]), values


def _paged(things: list[Any], size: int, path: str) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    count = -(-len(things) // size)
    for number in range(1, count + 1):
        yield {"number": number, "count": count, "path": f"/{path}"}, things[(number - 1) * size : number * size]


def _settings(pelican: Any) -> None:
    pelican.settings["JINJA_FILTERS"] = FILTERS
    pelican.settings["JINJA_GLOBALS"] = GLOBALS


def _joined(generators: list[Any]) -> None:
    articles = next(each.articles for each in generators if hasattr(each, "articles"))
    index.fill(articles)


def register() -> None:
    """What Pelican calls: hooks for the settings, the index and the pages."""
    signals.initialized.connect(_settings)
    signals.all_generators_finalized.connect(_joined)
    signals.get_generators.connect(lambda _: SitePages, weak=False)
