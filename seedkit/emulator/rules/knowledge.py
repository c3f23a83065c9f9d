"""Knowledge articles: a number, a version and a root row that holds the versions together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from seedkit.emulator.rules.model import Rows, Rules
from seedkit.emulator.rules.numbers import give_numbers

if TYPE_CHECKING:
    from seedkit.emulator.session import Session
    from seedkit.emulator.storage.layout import Layout

ARTICLE = "knowledgearticle"
_ROOT = "rootarticleid"
# Which mark the root row carries is not known: none is given.
_OWN = frozenset({"importsequencenumber", "overriddencreatedon"})


def _complete(session: Session, layout: Layout, rows: Rows) -> None:
    """Number new articles and begin with version 1.0, the latest [expected]."""
    give_numbers(session, layout, rows, "articlepublicnumber", "KA-{:05d}")
    language = _language(session)
    for row in rows:
        _put_missing(
            layout, row, majorversionnumber=1, minorversionnumber=0, languagelocaleid=language
        )
        if row[layout.position[_ROOT]] is None:
            row[layout.position["islatestversion"]] = 1


def _language(session: Session) -> str | None:
    """Return the language of the organization, in which articles are unless told otherwise."""
    found = session.store.connection.execute(
        "SELECT l.languagelocaleid FROM languagelocale l "
        "JOIN organization o ON o.languagecode = l.localeid"
    ).fetchone()
    return None if found is None else str(found[0])


def _put_missing(layout: Layout, row: list[Any], **values: Any) -> None:
    for name, value in values.items():
        index = layout.position.get(name)
        if index is not None and row[index] is None:
            row[index] = value


def _root(session: Session, layout: Layout, rows: Rows) -> None:
    """Store a root row for each article that names none [expected, unconfirmed]."""
    at_root, is_root = layout.position[_ROOT], layout.position["isrootarticle"]
    alone = [row for row in rows if row[at_root] is None and not row[is_root]]
    if not alone or not session.environment.settings.companion_rows:
        return
    version = session.store.take_versions(len(alone))
    roots = []
    for offset, row in enumerate(alone):
        root = [
            None if name in _OWN else value for name, value in zip(layout.columns, row, strict=True)
        ]
        root[0] = session.environment.new_id()
        root[is_root], root[layout.position["islatestversion"]] = 1, 0
        root[layout.position["versionnumber"]] = version + offset
        roots.append(root)
    session.store.insert(layout, roots)
    session.store.connection.executemany(
        f'UPDATE "{layout.stored}" SET "{_ROOT}" = ? WHERE "{layout.primary_id}" = ?',
        [(root[0], row[0]) for root, row in zip(roots, alone, strict=True)],
    )


def _take_root(session: Session, layout: Layout, row_id: str) -> Iterator[tuple[str, str]]:
    """Let the root row go with the last of its versions [inferred]."""
    query = (
        f'SELECT a."{_ROOT}" FROM "{layout.stored}" a WHERE a."{layout.primary_id}" = ? '
        f'AND a."{_ROOT}" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "{layout.stored}" b '
        f'WHERE b."{_ROOT}" = a."{_ROOT}" AND b."{layout.primary_id}" <> a."{layout.primary_id}")'
    )
    for (root,) in session.store.connection.execute(query, (row_id,)):
        yield layout.name, root


RULES = {ARTICLE: Rules(creating=(_complete,), created=(_root,), leaving=(_take_root,))}
