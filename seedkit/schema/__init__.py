"""What is known about Dataverse tables: columns, choices, lookups, keys, cascades.

The facts lie in `tables/*.json`, one file per table, one line per column. This module reads them
and has no behaviour of its own.
"""

from seedkit.schema.catalogue import (
    Catalogue,
    Choice,
    Column,
    Delete,
    ManyToMany,
    Option,
    Relationship,
    Side,
    Table,
    load_catalogue,
)

__all__ = [
    "Catalogue",
    "Choice",
    "Column",
    "Delete",
    "ManyToMany",
    "Option",
    "Relationship",
    "Side",
    "Table",
    "load_catalogue",
]
