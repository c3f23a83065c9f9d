"""Columns that belong to a file or image column, and which image stands for a row [documented]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from seedkit.emulator.errors import ARGUMENT, PlatformError
from seedkit.emulator.metadata.bodies import Body
from seedkit.schema import Column, Table

LARGEST_IMAGE, LARGEST_FILE = 30_720, 10_485_760  # KB

# What belongs to a column of each type: ending, type and length.
_PARTS: Mapping[str, Sequence[tuple[str, str, int | None]]] = {
    "file": (("_Name", "string", 256),),
    "image": (
        ("Id", "uniqueidentifier", None),
        ("_Timestamp", "bigint", None),
        ("_URL", "string", 200),
    ),
}


def file_parts(column: Column) -> list[Column]:
    """Return the columns that the platform keeps beside a file or image column, else none."""
    return [
        Column(
            f"{column.name}{ending.lower()}",
            type_,
            column.schema_name + ending,
            column.schema_name + ending,
            "r",
            max_length=length,
            format="url" if ending == "_URL" else None,
        )
        for ending, type_, length in _PARTS.get(column.type, ())
    ]


def owner_of(table: Table, name: str) -> str | None:
    """Return the file or image column that a column belongs to, None when to none."""
    for column in table.columns.values():
        if column.type in _PARTS and any(part.name == name for part in file_parts(column)):
            return column.name
    return None


def with_primary_image(table: Table, wanted: str | None = None) -> Table:
    """Return a table whose primary image is the wanted one, else the one it was, else the first."""
    images = [column.name for column in table.columns.values() if column.type == "image"]
    primary = wanted or table.primary_image or (images[0] if images else None)
    changed = {name: replace(table.columns[name], primary_image=name == primary) for name in images}
    return replace(table, columns={**table.columns, **changed})


def wants_primary(body: Body, column: Column) -> bool:
    """Tell whether a definition makes a column the primary image; 400 when it ends that."""
    sent = body.get("IsPrimaryImage", column.primary_image)
    if column.primary_image and not sent:
        raise PlatformError(ARGUMENT, "IsPrimaryImage can't be set to false.")
    return bool(sent)
