"""What a freshly deployed environment holds: organisation, users, currencies, configuration.

With `rules` the one place that names tables. No customers: those are what gets seeded.
Ids are fixed, so two new environments are equal byte for byte. A module per topic yields rows;
`PARTS` lists what `fill` writes, in order.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from seedkit.emulator.content.customer_profile import customer_profile
from seedkit.emulator.content.customer_service import locales, queues, subjects
from seedkit.emulator.content.ids import (
    BASE_CURRENCY,
    BUSINESS_UNIT,
    CALLER,
    DEPLOYED_ON,
    ORGANIZATION,
    PLATFORM_VERSION,
    SOLUTION_VERSION,
    Content,
    content_id,
)
from seedkit.emulator.content.life_events import life_events
from seedkit.emulator.content.messages import (
    BULK_MESSAGES,
    bulk_messages,
    messages,
    table_messages,
)
from seedkit.emulator.content.organization import organization, organization_detail
from seedkit.emulator.content.people import people
from seedkit.emulator.content.recycle_bin import recycle_bin
from seedkit.emulator.content.security import privileges_of, security, table_privileges
from seedkit.emulator.content.solutions import publishers, solutions, steps
from seedkit.emulator.storage.layout import VERSION, Layout, target_column
from seedkit.emulator.storage.store import Store
from seedkit.schema import Table

__all__ = [
    "BASE_CURRENCY",
    "BULK_MESSAGES",
    "BUSINESS_UNIT",
    "CALLER",
    "DEPLOYED_ON",
    "ORGANIZATION",
    "PARTS",
    "PLATFORM_VERSION",
    "SOLUTION_VERSION",
    "announce_table",
    "bulk_messages",
    "content_id",
    "fill",
    "organization_detail",
    "withdraw_table",
]

PARTS: tuple[Callable[[Store], Content], ...] = (
    organization,
    people,
    security,
    publishers,
    solutions,
    messages,
    steps,
    recycle_bin,
    life_events,
    customer_profile,
    queues,
    subjects,
    locales,
)


def fill(store: Store, created: datetime) -> None:
    """Write the first content into a new file; its moment of creation gives the environment id."""
    store.set_facts(
        {
            "organization": ORGANIZATION,
            "business unit": BUSINESS_UNIT,
            "caller": CALLER,
            "base currency": BASE_CURRENCY,
            "environment": content_id("environment", created.isoformat()),
        }
    )
    for part in PARTS:
        _put(store, part(store))


def announce_table(store: Store, layout: Layout) -> None:
    """Write down which messages a new table takes, and which privileges it has."""
    _put(store, table_messages(layout.table))
    _put(store, table_privileges(layout.table))


def withdraw_table(store: Store, table: Table) -> None:
    """Take back the messages and the privileges of a deleted table."""
    execute = store.connection.execute
    execute("DELETE FROM sdkmessagefilter WHERE primaryobjecttypecode = ?", (table.name,))
    for name in privileges_of(table):
        row_id = content_id("privilege", name)
        execute("DELETE FROM roleprivileges WHERE privilegeid = ?", (row_id,))
        execute("DELETE FROM privilege WHERE privilegeid = ?", (row_id,))


def _put(store: Store, content: Content) -> None:
    """Write rows with row versions in the order given, each table's rows in one statement."""
    entries = list(content)
    version = store.take_versions(len(entries))
    tables: dict[str, tuple[Layout, dict[str, Any], list[list[Any]]]] = {}
    for table, name, values in entries:
        if table not in tables:
            layout = store.layouts[table]
            tables[table] = layout, _defaults(layout), []
        layout, defaults, rows = tables[table]
        own = {layout.primary_id: content_id(table, name), **values, VERSION: version}
        full = {**defaults, **own}
        rows.append([full.get(column) for column in layout.columns])
        version += 1
    for layout, _defaulted, rows in tables.values():
        store.insert(layout, rows)


def _defaults(layout: Layout) -> dict[str, Any]:
    found: dict[str, Any] = {
        column.name: column.default
        for column in layout.table.columns.values()
        if column.default is not None
    }
    found.update(createdon=DEPLOYED_ON, modifiedon=DEPLOYED_ON, statecode=0, statuscode=1)
    found.update(createdby=CALLER, modifiedby=CALLER, ownerid=CALLER, owninguser=CALLER)
    found.update(owningbusinessunit=BUSINESS_UNIT)
    found[target_column("ownerid")] = "systemuser"
    return found
