"""The form at `/admin/` for people who do not write YAML, for sites that ask for one; nothing at all for others."""

import json
from collections.abc import Iterator

from gongshi import urls
from gongshi.fingerprint import digest
from gongshi.forms import Offered, connects_to, form
from gongshi.model import BUCKETS
from gongshi.outputs.publication import Copy, Output, Page, Publication, Ready
from gongshi.templates import DEFAULT_TEMPLATES

_OWN = ("admin.js", "splice.js")


def outputs(publication: Publication) -> Iterator[Output]:
    """The page, its configuration, our scripts, and what was fetched for it."""
    corpus = publication.corpus
    admin = corpus.site.admin
    if admin is None or not publication.vendored:
        return
    # Decap compiles the check of its configuration (ajv), and writes its styles while it runs (emotion).
    reached = " ".join(["'self'", "blob:", *connects_to(admin)])
    policy = (
        "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'unsafe-inline'; img-src 'self' data: blob:; "
        f"font-src data:; connect-src {reached}; base-uri 'none'; form-action 'none'"
    )
    yield Page(urls.ADMIN, "admin.html", "admin.html", {"policy": policy})
    words = ((bucket, corpus.site.statuses.words(bucket)) for bucket in BUCKETS)
    offered = Offered(
        tuple((word, entry.label) for _, entry in words for word in entry.wordings),
        tuple((region.code, region.name) for region in corpus.regions.values()),
    )
    config = form(corpus.site, admin, publication.content, offered)
    written = json.dumps(config, ensure_ascii=False, indent=1)
    yield Ready(urls.ADMIN_CONFIG, corpus.site.path, f"{written}\n".encode())
    for name in _OWN:
        file = DEFAULT_TEMPLATES / "admin" / name
        yield Copy(f"{urls.ADMIN}{name}", file.as_posix(), file.as_posix(), digest(file.read_bytes()))
    for name, file in publication.vendored.items():
        yield Copy(f"{urls.ADMIN}{name}", "npm", file.as_posix(), digest(file.read_bytes()))
