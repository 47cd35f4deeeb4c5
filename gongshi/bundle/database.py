"""All open data as one SQLite file: tables with keys that hold, indexes, and the text that is searched.

The same records make the same bytes. The text is searched by trigrams: a word of three characters or more is found
wherever it stands; for shorter ones there is a query in `datasette.json`.
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from gongshi.bundle.source import Source
from gongshi.outputs.data import Record
from gongshi.publish import Staged, looks_of, new_staged
from gongshi.tables import BY_NAME, TABLES, Field, Table

APPLICATION = 0x47534B46  # "GSKF": tells `file` and others whose file it is
VERSION = 1  # of the tables: columns are added, never renamed or removed
MANY = 1_000  # records that are handed over at once
_KINDS = {"count": "INTEGER", "flag": "INTEGER"}
_CAUSES = {sqlite3.SQLITE_FULL: errno.ENOSPC, sqlite3.SQLITE_IOERR: errno.EIO, sqlite3.SQLITE_CANTOPEN: errno.EACCES}

_encode = msgspec.json.Encoder().encode


def write(source: Source, staging: Path) -> Staged:
    """Stage the database. Raises OSError if it cannot be written."""
    with new_staged(staging) as out:
        pass
    try:
        with closing(sqlite3.connect(out.name, isolation_level=None)) as database:
            _fill(database, source)
    except sqlite3.OperationalError as error:
        code = _CAUSES.get(error.sqlite_errorcode & 0xFF)  # the rest says which way it came about
        if code is None:
            raise
        raise OSError(code, str(error), out.name) from None
    return looks_of(out)


def _fill(database: sqlite3.Connection, source: Source) -> None:
    # Nobody reads it before it is whole, and nobody misses it if it never is. What is unused is zero, not what the
    # memory held before.
    for name, value in (
        ("journal_mode", "OFF"),
        ("synchronous", "OFF"),
        ("locking_mode", "EXCLUSIVE"),
        ("secure_delete", "ON"),
        ("application_id", APPLICATION),
        ("user_version", VERSION),
    ):
        database.execute(f"PRAGMA {name} = {value}")
    database.execute("BEGIN")
    for table in TABLES:
        database.execute(ddl(table))
        places = ", ".join("?" * len(table.flat))
        database.executemany(f"INSERT INTO {_name(table.name)} VALUES ({places})", _rows(table, source))
    for table in TABLES:
        for each in table.fields:
            if each.loose:
                database.execute(_unknown_to_null(table, each))
        for statement in (*_indexes(table), *_search(table)):
            database.execute(statement)
    database.execute("COMMIT")


def _rows(table: Table, source: Source) -> Iterator[tuple[Any, ...]]:
    return (tuple(_value(each, record) for each in table.flat) for record in source.records(table.name))


def _value(each: Field, record: Record) -> Any:
    value = record[each.name]
    if value is None or isinstance(value, int | str):
        return value
    return _encode(value).decode() if value else None


def ddl(table: Table) -> str:
    """The statement that makes a table; what its columns mean stands beside them."""
    lines = []
    for n, each in enumerate(table.flat):
        words = [_name(each.name), _KINDS.get(each.type, "TEXT")]
        words += ["PRIMARY KEY"] if n == 0 else []
        words += ["NOT NULL"] if each.required else []
        if each.choices:
            words.append(f"CHECK ({_name(each.name)} IN ({', '.join(map(_text, each.choices))}))")
        if each.refers:
            words.append(f"REFERENCES {_name(each.refers)} ({_name(BY_NAME[each.refers].key)})")
        comma = "," if n < len(table.flat) - 1 else ""
        lines.append(f"  {' '.join(words)}{comma} -- {each.title}{f'：{each.meaning}' if each.meaning else ''}")
    return f"CREATE TABLE {_name(table.name)} ( -- {table.title}：{table.description}\n" + "\n".join(lines) + "\n)"


def _unknown_to_null(table: Table, each: Field) -> str:
    """What refers to nothing that is published refers to nothing."""
    column, known = _name(each.name), BY_NAME[each.refers]
    return (
        f"UPDATE {_name(table.name)} SET {column} = NULL "
        f"WHERE {column} NOT IN (SELECT {_name(known.key)} FROM {_name(known.name)})"
    )


def _indexes(table: Table) -> Iterator[str]:
    for each in table.flat:
        if each.sought:
            yield f"CREATE INDEX {_name(f'{table.name}_{each.name}')} ON {_name(table.name)} ({_name(each.name)})"


def _search(table: Table) -> Iterator[str]:
    """A table of the words of another, which Datasette finds by itself."""
    if not table.words:
        return
    name, columns = _name(f"{table.name}_fts"), ", ".join(map(_name, table.words))
    yield (f"CREATE VIRTUAL TABLE {name} USING FTS5 ({columns}, tokenize='trigram', content={_name(table.name)})")
    yield f"INSERT INTO {name} ({name}) VALUES ('rebuild')"
    yield f"INSERT INTO {name} ({name}) VALUES ('optimize')"


def _name(name: str) -> str:
    return f'"{name}"'


def _text(text: str) -> str:
    return f"'{text}'"
