"""Reading the tables that a seed touches, and those that their lookups name, as one schema."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.definitions import Definition, read_definition
from seedkit.dataverse.environment import Environment
from seedkit.dataverse.metadata import read_messages
from seedkit.pull.columns import choice_of, column_of, label_of, relationship_of
from seedkit.schema import Choice, Column, Relationship, Table
from seedkit.schema.saved import Origin, SavedSchema

_OWNERSHIP = {
    "UserOwned": "user",
    "TeamOwned": "user",
    "OrganizationOwned": "organization",
    "BusinessOwned": "business",
    "None": "none",
}
_LOOKUPS = frozenset({"lookup", "customer", "owner"})


async def pull_schema(
    api: WebApi,
    here: Environment,
    names: Iterable[str],
    known: Collection[str],
    now: str,
) -> SavedSchema:
    """Read tables and the tables that their lookups name; what can't be expressed is listed.

    `known` are tables that whoever uses the schema has anyhow; `now` is the time, ISO 8601.
    """
    first = await _read(api, names)
    further = {
        entry["ReferencedEntity"] for found in first.values() if found for entry in found.lookups
    }
    every = first | await _read(api, sorted(further - first.keys()))
    omitted = [f"table {name}: not there" for name, found in every.items() if found is None]
    there = {name: found for name, found in every.items() if found is not None}
    fit = {name: found for name, found in there.items() if _fits(name, found, known, omitted)}
    pulled = _Pulled({*fit, *known}, omitted)
    tables = {name: pulled.table(found) for name, found in sorted(fit.items())}
    messages = await read_messages(api)
    return SavedSchema(
        origin=Origin(here.name, here.url, here.id, here.version, now),
        tables=tables,
        choices=dict(sorted(pulled.choices.items())),
        messages={name: tuple(sorted(messages.get(name, ()))) for name in tables},
        omitted=tuple(sorted(omitted)),
    )


async def _read(api: WebApi, names: Iterable[str]) -> dict[str, Definition | None]:
    wanted = list(names)
    found = await asyncio.gather(*(read_definition(api, name) for name in wanted))
    return dict(zip(wanted, found, strict=True))


def _fits(name: str, found: Definition, known: Collection[str], omitted: list[str]) -> bool:
    """Tell whether documents can describe a table."""
    if found.table["IsActivity"] and name not in known:
        omitted.append(f"table {name}: it is an activity of the environment's own")
        return False
    return True


class _Pulled:
    """Definitions on their way into documents."""

    def __init__(self, parents: Collection[str], omitted: list[str]) -> None:
        self._parents = parents
        self._omitted = omitted
        self.choices: dict[str, Choice] = {}

    def table(self, found: Definition) -> Table:
        """Return the table of a definition."""
        own = found.table
        name = own["LogicalName"]
        self._omitted += [f"table {name}: many-to-many {pair}" for pair in found.pairs]
        columns = self._columns(found)
        primary = own["PrimaryNameAttribute"]
        return Table(
            name=name,
            schema_name=own["SchemaName"],
            entity_set=own["EntitySetName"],
            label=label_of(own["DisplayName"]) or own["SchemaName"],
            collection_label=label_of(own["DisplayCollectionName"]) or own["EntitySetName"],
            description=label_of(own.get("Description")),
            primary_id=own["PrimaryIdAttribute"],
            primary_name=primary if primary in columns else None,
            ownership=_OWNERSHIP[own["OwnershipType"]],
            solution=None,
            facts_from=("environment",),
            alternate_keys={key["LogicalName"]: tuple(key["KeyAttributes"]) for key in found.keys},
            columns=columns,
        )

    def _columns(self, found: Definition) -> dict[str, Column]:
        name = found.table["LogicalName"]
        targets = self._targets(found)
        columns: dict[str, Column] = {}
        for entry in sorted(found.columns.values(), key=lambda entry: entry["LogicalName"]):
            if entry.get("AttributeOf"):
                continue  # it shows another column's value in words
            place = f"{name}.{entry['LogicalName']}"
            column = column_of(entry, targets.get(entry["LogicalName"]))
            if column is None:
                kind = (entry.get("AttributeTypeName") or {}).get("Value")
                self._omitted.append(f"column {place}: its type {kind}")
                continue
            if column.type in _LOOKUPS and column.targets is None:
                self._omitted.append(f"column {place}: it points at no table that was read")
                continue
            if column.computed is not None:
                self._omitted.append(f"column {place}: the formula that it is worked out by")
            columns[column.name] = column
            if (choice := choice_of(entry, column)) is not None:
                self.choices.setdefault(choice.name, choice)
        return columns

    def _targets(self, found: Definition) -> dict[str, dict[str, Relationship]]:
        """Return the relationships of each lookup by the tables that were read."""
        targets: dict[str, dict[str, Relationship]] = {}
        for entry in found.lookups:
            relationship = relationship_of(entry)
            if relationship.parent not in self._parents:
                place = f"{relationship.child}.{relationship.column}"
                self._omitted.append(f"column {place}: that it points at {relationship.parent}")
            else:
                targets.setdefault(relationship.column, {})[relationship.parent] = relationship
        return targets
