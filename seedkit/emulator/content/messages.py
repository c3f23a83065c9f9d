"""Which messages each table takes."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from seedkit.emulator.content.ids import Content, content_id
from seedkit.emulator.storage.store import Store
from seedkit.schema import Table

BULK_MESSAGES = ("CreateMultiple", "UpdateMultiple", "UpsertMultiple")
_SINGLE_MESSAGES = ("Create", "Retrieve", "RetrieveMultiple", "Update", "Upsert", "Delete")
_PAIR_MESSAGES = ("Associate", "Disassociate", "RetrieveMultiple")
_READ_MESSAGES = ("Retrieve", "RetrieveMultiple")
# System tables whose reference pages list the bulk messages; account and the definition of
# environment variables are expected to have them like contact and their values. Custom tables all
# have them; annotation, connection and the activities lack them.
_BULK_SYSTEM_TABLES = frozenset(
    {
        "contact",
        "account",
        "incident",
        "environmentvariabledefinition",
        "environmentvariablevalue",
        "recyclebinconfig",
    }
)
# What else can be done to rows that callers can't create; for jobs expected, else documented.
_FURTHER_MESSAGES: Mapping[str, tuple[str, ...]] = {
    "organization": ("Update",),
    "asyncoperation": ("Update", "Delete"),
    "bulkdeleteoperation": ("Delete",),
}


def bulk_messages(connection: sqlite3.Connection) -> frozenset[tuple[str, str]]:
    """Return the pairs of table and message that the environment offers."""
    return frozenset(
        connection.execute(
            "SELECT f.primaryobjecttypecode, m.name FROM sdkmessagefilter f "
            "JOIN sdkmessage m ON m.sdkmessageid = f.sdkmessageid"
        )
    )


def messages(store: Store) -> Content:
    """Yield the messages and, per table, those that it takes."""
    names = (*_SINGLE_MESSAGES, *BULK_MESSAGES, *_PAIR_MESSAGES)
    for message in dict.fromkeys(names):
        yield "sdkmessage", message, {"name": message}
    for layout in store.layouts.values():
        yield from table_messages(layout.table)


def table_messages(table: Table) -> Content:
    """Yield the messages that a table takes."""
    for message in _messages_of(table):
        yield (
            "sdkmessagefilter",
            f"{message} {table.name}",
            {
                "sdkmessageid": content_id("sdkmessage", message),
                "primaryobjecttypecode": table.name,
            },
        )


def _messages_of(table: Table) -> tuple[str, ...]:
    if table.many_to_many is not None:
        return _PAIR_MESSAGES
    if table.api_create == "no":
        return _READ_MESSAGES + _FURTHER_MESSAGES.get(table.name, ())
    custom = "_" in table.name
    if custom or table.name in _BULK_SYSTEM_TABLES:
        return (*_SINGLE_MESSAGES, *BULK_MESSAGES)
    return _SINGLE_MESSAGES
