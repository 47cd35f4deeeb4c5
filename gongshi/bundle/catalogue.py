"""What describes the files of open data to programs: Data Package, DCAT, settings for Datasette, and checksums."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from gongshi import urls
from gongshi.bundle.source import About
from gongshi.outputs.data import DATABASE, File
from gongshi.tables import BY_NAME, TABLES, WHEN, Field, Table

Json = dict[str, Any]

_TYPES = {"day": "date", "count": "integer", "flag": "boolean", "object": "object", "array": "array"}
_NAME = "gongshi"
_LANGUAGE = "http://publications.europa.eu/resource/authority/language/ZHO"
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# Words of three characters or more are found by trigrams, shorter ones by looking through the texts. (Not by LIKE on
# the table of words: SQLite counts bytes there, and finds nothing for two Chinese characters.)
_FIND = """\
with found as (
  select 'issues' as kind, rowid as number from issues_fts
  where issues_fts match '"' || replace(:words, '"', '""') || '"'
  union all
  select 'measures', rowid from measures_fts where measures_fts match '"' || replace(:words, '"', '""') || '"'
  union all
  select 'issues', rowid from issues where length(:words) in (1, 2)
    and (instr(title, :words) or instr(text, :words) or instr(cause, :words))
  union all
  select 'measures', rowid from measures where length(:words) in (1, 2) and instr(text, :words)
  limit 500
)
select '问题' as 表, id as 编号, title as 标题, coalesce(text, cause) as 文字, url as 网址
from issues where rowid in (select number from found where kind = 'issues')
union all
select '整改措施', id, null, text, url
from measures where rowid in (select number from found where kind = 'measures')"""


def package(about: About, files: Sequence[File]) -> bytes:
    """`datapackage.json`: Data Package, version 2. Tables are described by their CSV."""
    publisher = _present({"title": about.operator}, path=about.base_url)
    found = _present(
        {
            "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
            "name": _NAME,
            "title": about.title,
            "description": f"{about.description}\n\n{_CONVENTIONS}",
        },
        homepage=about.page,
        created=about.until and f"{about.until}T00:00:00Z",
        licenses=about.license and [{"path": about.license.url, "title": about.license.name}],
        sources=[publisher],
        contributors=[{**publisher, "roles": ["publisher"]}],
        keywords=["政务公开", "巡察整改", "监督"],
    )
    return _json(found | {"resources": list(map(_resource, files))})


_CONVENTIONS = (
    "日期写成 2023-06-08，原文只到月的写 2023-06，只到旬的写 2023-06 中旬。没有的留空。"
    "CSV 是 UTF-8（有 BOM）；列表用“；”分开，别的嵌套写成 JSON；"
    "以 = + - @（全角的也算）、制表符或换行开头的文字，前面加了一个 '，免得被表格软件当作公式。"
)


def _resource(file: File) -> Json:
    name, _, suffix = file.name.rpartition(".")
    facts = {"path": file.name, "title": file.title, "format": suffix, "mediatype": file.media}
    sealed = {"bytes": file.size, "hash": f"sha256:{file.sha256}"}
    if suffix != "csv":
        return {"name": f"{name}-{suffix}", "type": "json" if suffix == "json" else "file", **facts, **sealed}
    table = BY_NAME[file.table]
    return {
        "name": table.name,
        "type": "table",
        **facts,
        "description": table.description,
        "encoding": "utf-8",
        **sealed,
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n"},
        "schema": _schema(table),
    }


def _schema(table: Table) -> Json:
    keys = [
        {
            "fields": [each.name],
            "reference": {
                "resource": "" if each.refers == table.name else each.refers,
                "fields": [BY_NAME[each.refers].key],
            },
        }
        for each in table.fields
        if each.refers and not each.loose
    ]
    fields = [_field(each, key=each.name == table.key) for each in table.fields]
    return _present({"fields": fields, "primaryKey": [table.key], "missingValues": [""]}, foreignKeys=keys)


def _field(each: Field, *, key: bool) -> Json:
    constraints = _present(
        {},
        required=each.required,
        unique=key,
        enum=list(each.choices),
        pattern=WHEN if each.type == "when" else None,
        minimum=0 if each.type == "count" else None,
    )
    found = {"name": each.name, "title": each.title, "type": _TYPES.get(each.type, "string")}
    return _present(found, description=each.meaning, constraints=constraints)


def catalogue(about: About, files: Sequence[File]) -> bytes:
    """`catalog.jsonld`: DCAT 3. Without the site's address, its files are named from where it lies."""
    publisher = {"@type": "foaf:Agent", "foaf:name": _words(about.operator)}
    common = _present(
        {
            "dcterms:title": _words(about.title),
            "dcterms:description": _words(about.description),
            "dcterms:publisher": publisher,
            "dcterms:language": {"@id": _LANGUAGE},
        },
        **{
            "dcterms:license": about.license and {"@id": about.license.url},
            "dcterms:modified": about.until and {"@type": "xsd:date", "@value": about.until},
            "foaf:homepage": about.page and {"@id": about.page},
        },
    )
    whole = {
        "@id": f"{_address(about, '')}#all",
        "@type": "dcat:Dataset",
        **common,
        "dcat:distribution": [_distribution(about, file) for file in files if not file.table],
    }
    datasets = [whole, *(_dataset(about, table, common, files) for table in TABLES)]
    found = {"@id": f"{_address(about, '')}#catalog", "@type": "dcat:Catalog", **common, "dcat:dataset": datasets}
    return _json({"@context": _CONTEXT} | found)


def _dataset(about: About, table: Table, common: Json, files: Iterable[File]) -> Json:
    return {
        "@id": f"{_address(about, '')}#{table.name}",
        "@type": "dcat:Dataset",
        **common,
        "dcterms:title": _words(table.title),
        "dcterms:description": _words(table.description),
        "dcterms:identifier": table.name,
        "dcat:distribution": [_distribution(about, file) for file in files if file.table == table.name],
    }


def _distribution(about: About, file: File) -> Json:
    address = _address(about, file.name)
    return _present(
        {
            "@id": address,
            "@type": "dcat:Distribution",
            "dcterms:title": _words(file.title),
            "dcat:downloadURL": {"@id": address},
            "dcat:accessURL": {"@id": _address(about, "")},
            "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{file.media}"},
            "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(file.size)},
            "spdx:checksum": {
                "@type": "spdx:Checksum",
                "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": file.sha256},
            },
        },
        **{"dcterms:license": about.license and {"@id": about.license.url}},
    )


def _address(about: About, name: str) -> str:
    return urls.absolute(about.base_url, urls.data(name)) if about.base_url else f"./{name}"


def _words(text: str) -> Json:
    return {"@language": "zh-Hans", "@value": text}


def datasette(about: About, _: Sequence[File]) -> bytes:
    """`datasette.json`: titles, descriptions and a search for words of any length, for Datasette (`-m`)."""
    common = _present(
        {"title": about.title, "description": about.description},
        license=about.license and about.license.name,
        license_url=about.license and about.license.url,
        source=about.operator,
        source_url=about.page,
    )
    find = {
        "title": "查找",
        "description": "在问题和措施里找一个词，长短都行。三个字以上的，表格页的搜索框也找得到。",
        "sql": _FIND,
        "params": ["words"],
        "hide_sql": True,
    }
    base = {"tables": dict(_datasette_tables()), "queries": {"find": find}}
    return _json({**common, "databases": {DATABASE.rpartition(".")[0]: base}})


def _datasette_tables() -> Iterator[tuple[str, Json]]:
    for table in TABLES:
        columns = {each.name: "。".join(filter(None, (each.title, each.meaning))) for each in table.flat}
        found: Json = {"title": table.title, "description": table.description, "columns": columns}
        facets = [each.name for each in table.flat if each.choices or each.name in ("agency", "region", "name")]
        yield table.name, _present(found, facets=facets[:3] if table.words else [])
        if table.words:
            yield f"{table.name}_fts", {"hidden": True}


def sums(files: Iterable[File]) -> bytes:
    """`SHA256SUMS`: what `sha256sum -c` reads."""
    return "".join(f"{file.sha256}  {file.name}\n" for file in files).encode()


def _present(known: Json, **more: Any) -> Json:
    """An object without what is empty."""
    return known | {name: value for name, value in more.items() if value not in (None, "", [], {}, False)}


def _json(value: Json) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
