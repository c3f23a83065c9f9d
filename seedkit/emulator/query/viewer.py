"""Who asks and when: what the caller's own rows, teams and units are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from seedkit.emulator.errors import unsupported
from seedkit.emulator.query.trees import tree_of
from seedkit.emulator.storage.layout import Layout
from seedkit.schema import Column

if TYPE_CHECKING:
    from seedkit.emulator.access import Access
    from seedkit.emulator.session import Environment, Session

LANGUAGE = 1033  # US English, the only language here
_UNIT = "businessunitid"


@dataclass(frozen=True, slots=True)
class Viewer:
    """The caller of a query, the moment of asking and the service root that the caller used."""

    environment: Environment
    caller: str
    now: datetime
    root: str
    access: Access | None = None  # None may read everything

    def need_read(self, layout: Layout) -> None:
        """Refuse a table of a query of which the caller may read no row.

        That joined and expanded tables are refused as those at the root are is expected.
        """
        if self.access is not None:
            self.access.need_on("Read", layout.table)

    def unit(self) -> str | None:
        """Return the caller's business unit."""
        layout = self.users
        sql = f'SELECT "{_UNIT}" FROM "{layout.name}" WHERE "{layout.primary_id}" = ?'
        found = self.environment.store.connection.execute(sql, (self.caller,)).fetchone()
        return None if found is None else found[0]

    def teams(self) -> list[str]:
        """Return the teams that the caller is a member of; 501 when membership isn't known."""
        users = self.users.name
        owners = {target for column in self._owner_columns() for target in column.targets or {}}
        for link in self.environment.pairs.get(users, {}).values():
            if link.far.table != users and link.far.table in owners:
                return self._column(
                    f'SELECT "{link.far.column}" FROM "{link.relationship.intersect}" '
                    f'WHERE "{link.near.column}" = ? ORDER BY 1'
                )
        raise unsupported("query functions about teams")

    def reports(self) -> list[str]:
        """Return the caller with everyone below in the hierarchy of managers."""
        return self._column(tree_of(self.users).walk("?", up=False))

    @property
    def users(self) -> Layout:
        """Return the table of users."""
        layouts = self.environment.layouts.values()
        return next(layout for layout in layouts if layout.primary_id == "systemuserid")

    def _owner_columns(self) -> Sequence[Column]:
        layouts = self.environment.layouts.values()
        return [c for layout in layouts for c in layout.table.columns.values() if c.type == "owner"]

    def _column(self, sql: str) -> list[str]:
        found = self.environment.store.connection.execute(sql, (self.caller,))
        return [str(row[0]) for row in found]


def viewer_of(environment: Environment, root: str, session: Session | None) -> Viewer:
    """Return who asks in a session; without one, the environment's own caller."""
    now = environment.clock().astimezone(UTC)
    if session is None:
        return Viewer(environment, environment.caller, now, root)
    return Viewer(environment, session.caller, now, root, session.access)


def default_viewer(environment: Environment) -> Viewer:
    """Return the view of the environment's own caller, for reads outside any request."""
    return viewer_of(environment, "", None)
