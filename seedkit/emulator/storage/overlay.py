"""What an environment's own tables and choices are, kept in its database file.

Each lies there as a document that replaces or joins the shipped one; an empty document says that
it was deleted. `stamp` tells by a short text whether anything has changed: it holds a number that
grows and a digest of all changes, so that a change that was undone is not taken for another.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from seedkit.emulator.storage.layout import Layout, create_statements, make_layouts, sql_type
from seedkit.schema import Catalogue, Choice, Table
from seedkit.schema.document import from_choice, from_table, to_choice, to_table

_FACT = "schema"
_CREATE = (
    "CREATE TABLE IF NOT EXISTS schema_documents "
    "(kind TEXT, name TEXT, document TEXT, number INTEGER, PRIMARY KEY (kind, name))"
)
_CREATED = re.compile(r'CREATE (?:UNIQUE )?(INDEX|VIEW|TRIGGER) "([^"]+)"').match


def stamp(connection: sqlite3.Connection) -> str | None:
    """Return what changes with every change of the schema; None when there was none."""
    query = "SELECT value FROM environment WHERE name = ?"
    found = connection.execute(query, (_FACT,)).fetchone()
    return None if found is None else str(found[0])


def overlay(connection: sqlite3.Connection, shipped: Catalogue) -> Catalogue:
    """Return the shipped catalogue with the environment's own tables and choices over it."""
    if stamp(connection) is None:
        return shipped
    query = "SELECT kind, name, document FROM schema_documents WHERE document IS NOT NULL"
    documents = connection.execute(query).fetchall()
    return shipped.overlaid(
        {name: to_table(text) for kind, name, text in documents if kind == "table"},
        {name: to_choice(text) for kind, name, text in documents if kind == "choice"},
    )


def changed_since(connection: sqlite3.Connection, number: int) -> dict[tuple[str, str], bool]:
    """Return the kinds and names of what has changed after a number; false for deletions."""
    if stamp(connection) is None:
        return {}
    query = "SELECT kind, name, document IS NOT NULL FROM schema_documents WHERE number > ?"
    found = connection.execute(query, (number,)).fetchall()
    return {(kind, name): bool(there) for kind, name, there in found}


def keep(
    connection: sqlite3.Connection,
    tables: Mapping[str, Table | None],
    choices: Mapping[str, Choice | None],
    more: Iterable[tuple[str, str]] = (),
) -> None:
    """Store changed tables and choices, None for deleted ones, and raise the stamp.

    `more` names deleted parts, such as columns, that a client may ask for later.
    """
    connection.execute(_CREATE)
    old = stamp(connection) or "0 "
    number = int(old.partition(" ")[0]) + 1
    documents: list[tuple[str, str, str | None, int]] = []
    for name, table in tables.items():
        documents.append(("table", name, None if table is None else from_table(table), number))
    for name, choice in choices.items():
        documents.append(("choice", name, None if choice is None else from_choice(choice), number))
    documents += [(kind, name, None, number) for kind, name in more]
    connection.executemany("INSERT OR REPLACE INTO schema_documents VALUES (?, ?, ?, ?)", documents)
    digest = hashlib.sha256(repr((old, documents)).encode()).hexdigest()[:16]
    connection.execute(
        "INSERT OR REPLACE INTO environment VALUES (?, ?)", (_FACT, f"{number} {digest}")
    )


def alter_statements(
    old: Mapping[str, Layout], catalogue: Catalogue, names: Iterable[str]
) -> list[str]:
    """Return the SQL that brings some tables of the file from their old form to the new one."""
    new = make_layouts(catalogue)
    found: list[str] = []
    for name in names:
        if name not in new:
            found.append(f'DROP TABLE "{old[name].stored}"')
        elif name not in old:
            found += create_statements(new[name], new)
        else:
            found += _alter(old[name], create_statements(old[name], old), new[name], new)
    return found


def _alter(
    old: Layout, was: Sequence[str], layout: Layout, layouts: Mapping[str, Layout]
) -> list[str]:
    wanted = create_statements(layout, layouts)
    added = [name for name in layout.columns if name not in old.position]
    removed = [name for name in old.columns if name not in layout.position]
    dropped = [match for text in was if text not in wanted and (match := _CREATED(text))]
    return [
        *(f'DROP {match[1]} "{match[2]}"' for match in reversed(dropped)),
        *(f'ALTER TABLE "{layout.stored}" DROP COLUMN "{name}"' for name in removed),
        *(
            f'ALTER TABLE "{layout.stored}" ADD COLUMN "{name}" {sql_type(layout, name)}'
            for name in added
        ),
        *(text for text in wanted if text not in was and _CREATED(text)),
    ]


def number_of(text: str | None) -> int:
    """Return the number in a stamp."""
    return int((text or "0").partition(" ")[0])
