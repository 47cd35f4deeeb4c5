"""Whether the pages that were published carry the labels and identifiers that a government site needs.

Templates can be replaced, and a site may have been built long ago: so the published files are looked at, one page of
each column and a few notices, since pages of one template have the same. Source: 政府网站发展指引 (国办发〔2017〕47号).
"""

import html
import re
from collections.abc import Iterator
from pathlib import Path

from gongshi import urls
from gongshi.corpus import Corpus
from gongshi.problems import Problem, Severity, Span
from gongshi.publish import PRIVATE

COLUMNS = (urls.HOME, urls.NOTICES, urls.AGENCIES, urls.SUPERVISION, urls.DATA, urls.SITE_MAP)
COLUMN_LABELS = ("SiteName", "ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
NOTICES = 20  # that are looked at, the newest
NOTICE_LABELS = ("SiteName", "ColumnName", "ColumnType", "ArticleTitle")
_LABEL = re.compile(r'<meta name="(\w+)" content="([^"]*)">')


def look(corpus: Corpus, output: Path) -> Iterator[Problem]:
    """Yield a warning for each page that lacks some, and a note if there is no site to look at."""
    if not (output / PRIVATE).is_dir():
        message = "这个文件夹里还没有生成好的网站，页面上的标签没有查；请先运行 python build.py，或用 --output 指定"
        yield Problem(Span(str(output)), Severity.NOTE, "missing-label", message)
        return
    site = corpus.site
    identifiers = [each for each in (site.footer.site_code, site.footer.icp, site.footer.police) if each]
    site_labels = ("SiteIDCode",) if site.footer.site_code else ()
    notices = sorted((row for row in corpus.notices.values() if not row.withdrawn), key=lambda row: row.order)[
        -NOTICES:
    ]
    asked = [(path, (*COLUMN_LABELS, *site_labels)) for path in COLUMNS]
    for row in notices:
        dated = ("PubDate",) if row.published else ()
        asked.append((urls.notice(row.id), (*NOTICE_LABELS, *dated, *site_labels)))
    for path, labels in asked:
        file = output / urls.output_file(path)
        try:
            text = file.read_text("utf-8", "replace")
        except OSError:
            continue  # not built since it is there, or built without
        found = dict(_LABEL.findall(text))
        lacks = [label for label in labels if not found.get(label)]
        lacks += [each for each in identifiers if each not in html.unescape(text)]
        if lacks:
            message = (
                f"生成的页面上没有{'、'.join(lacks)}；请重新生成网站，换过模板的请对照 templates/macros/labels.html"
            )
            yield Problem(Span(str(file)), Severity.WARNING, "missing-label", message)
