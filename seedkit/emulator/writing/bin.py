"""The recycle bin: what deletes put there, how it is read and emptied.

Deleted rows of a table lie in a table `bin:{name}` of the same shape, made when first needed. The
table `bin` tells when each was deleted, with which row, and which links to it were removed. How
the bin behaves is documented, how it is stored is ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from seedkit.emulator.storage.layout import Layout, is_polymorphic, target_column
from seedkit.schema import Relationship

if TYPE_CHECKING:
    from seedkit.emulator.access import Access
    from seedkit.emulator.session import Environment, Session

BIN = "bin"  # the data source of a query for deleted rows

_CREATE = (
    'CREATE TABLE IF NOT EXISTS "bin" (name TEXT, id TEXT, root_name TEXT, root_id TEXT, '
    "deleted_on TEXT, deleted_by TEXT, PRIMARY KEY (name, id))",
    'CREATE INDEX IF NOT EXISTS "bin:root" ON "bin" (root_name, root_id)',
    'CREATE TABLE IF NOT EXISTS "bin:links" (root_name TEXT, root_id TEXT, name TEXT, id TEXT, '
    "lookup TEXT, target_name TEXT, target_id TEXT)",
)


def keep(
    session: Session,
    rows: Iterable[tuple[str, str]],
    links: Iterable[tuple[Relationship, str]],
) -> None:
    """Copy rows that are about to be deleted into the bin; the first is what was asked for.

    A row whose id lies in the bin already skips it, as documented.
    """
    _open(session)
    expire(session)
    root: tuple[str, str] | None = None
    for table, row_id in rows:
        root = root or (table, row_id)
        if find(session, table, row_id) is None:
            _keep_row(session, session.store.layouts[table], row_id, root)
    if root is not None:
        for relationship, parent_id in links:
            _keep_link(session, relationship, parent_id, root)


def _open(session: Session) -> None:
    for statement in _CREATE:
        session.store.connection.execute(statement)


def is_open(session: Session) -> bool:
    """Tell whether anything was ever put into the bin."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'bin'"
    return session.store.connection.execute(query).fetchone() is not None


def _keep_row(session: Session, layout: Layout, row_id: str, root: tuple[str, str]) -> None:
    execute = session.store.connection.execute
    execute(f'CREATE TABLE IF NOT EXISTS "{binned(layout)}" AS {_copy(layout)} WHERE 0')
    execute(
        f'INSERT INTO "{binned(layout)}" {_copy(layout)} WHERE "{layout.primary_id}" = ?',
        (row_id,),
    )
    execute(
        'INSERT INTO "bin" VALUES (?, ?, ?, ?, ?, ?)',
        (layout.name, row_id, *root, session.now, session.caller),
    )


def _copy(layout: Layout) -> str:
    return f'SELECT * FROM "{layout.stored}"'


def _keep_link(
    session: Session, relationship: Relationship, parent_id: str, root: tuple[str, str]
) -> None:
    """Note which rows lose their link to a deleted one, so that a restore gives it back."""
    child = session.store.layouts[relationship.child]
    condition = f'"{relationship.column}" = ?'
    if is_polymorphic(child.table.columns[relationship.column]):
        condition += f" AND \"{target_column(relationship.column)}\" = '{relationship.parent}'"
    session.store.connection.execute(
        f'INSERT INTO "bin:links" SELECT ?, ?, ?, "{child.primary_id}", ?, ?, ? '
        f'FROM "{child.stored}" WHERE {condition}',
        (*root, child.name, relationship.column, relationship.parent, parent_id, parent_id),
    )


def binned(layout: Layout) -> str:
    """Return the name of the table that holds a table's deleted rows."""
    return f"bin:{layout.name}"


def bin_source(
    environment: Environment, layout: Layout, now: datetime, access: Access | None
) -> str:
    """Return the SQL of what a query with `datasource='bin'` reads in place of the table.

    It has the table's own columns. Empty while the bin holds none of its rows. Only rows that the
    caller could read before they were deleted are there [expected].
    """
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    found = environment.store.connection.execute(query, (binned(layout),)).fetchone()
    if found is None:
        return f'(SELECT * FROM "{layout.stored or layout.name}" WHERE 0)'
    limit = _oldest(now, environment.settings.recycle_bin_days)
    readable = None if access is None else access.condition(layout)
    return (
        f'(SELECT b.* FROM "{binned(layout)}" b JOIN "bin" i ON i.name = \'{layout.name}\' '
        f"AND i.id = b.\"{layout.primary_id}\" WHERE i.deleted_on >= '{limit}' "
        f"AND ({readable or 1}))"
    )


def find(session: Session, table: str, row_id: str) -> tuple[str, str] | None:
    """Return with which row a deleted one went into the bin; None when it isn't there."""
    if not is_open(session):
        return None
    found = session.store.connection.execute(
        'SELECT root_name, root_id FROM "bin" WHERE name = ? AND id = ? AND deleted_on >= ?',
        (table, row_id, _limit(session)),
    ).fetchone()
    return None if found is None else (found[0], found[1])


def members(session: Session, root: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the rows that went into the bin with one, itself first."""
    query = 'SELECT name, id FROM "bin" WHERE root_name = ? AND root_id = ? ORDER BY rowid'
    return [(row[0], row[1]) for row in session.store.connection.execute(query, root)]


def stored_row(session: Session, layout: Layout, row_id: str) -> list[Any]:
    """Return a row that lies in the bin."""
    query = f'SELECT * FROM "{binned(layout)}" WHERE "{layout.primary_id}" = ?'
    return list(session.store.connection.execute(query, (row_id,)).fetchone())


def lost_links(session: Session, root: tuple[str, str]) -> list[tuple[str, str, str, str, str]]:
    """Return the links that a delete removed: table, id and lookup, then table and id it named."""
    query = (
        'SELECT name, id, lookup, target_name, target_id FROM "bin:links" '
        "WHERE root_name = ? AND root_id = ? ORDER BY rowid"
    )
    return [tuple(row) for row in session.store.connection.execute(query, root)]


def take_out(session: Session, root: tuple[str, str]) -> None:
    """Remove a row and all that went with it from the bin."""
    execute = session.store.connection.execute
    for table, row_id in members(session, root):
        layout = session.store.layouts[table]
        execute(f'DELETE FROM "{binned(layout)}" WHERE "{layout.primary_id}" = ?', (row_id,))
    for table in ("bin", "bin:links"):
        execute(f'DELETE FROM "{table}" WHERE root_name = ? AND root_id = ?', root)


def expire(session: Session) -> None:
    """Empty the bin of what has lain there too long."""
    found = session.store.connection.execute(
        'SELECT DISTINCT root_name, root_id FROM "bin" WHERE deleted_on < ?', (_limit(session),)
    ).fetchall()
    for root in found:
        take_out(session, root)


def _limit(session: Session) -> str:
    days = session.environment.settings.recycle_bin_days
    return _oldest(datetime.fromisoformat(session.now), days)


def _oldest(now: datetime, days: int) -> str:
    return (now - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
