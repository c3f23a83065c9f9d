"""The customers of a run with their traits, and the ids of the rows behind each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from seedkit.manifest.sight import Hits, Sight
from seedkit.manifest.traits import SHOWCASES, TRAITS
from seedkit.population.model import Ints
from seedkit.population.notable import Showcase
from seedkit.records.batch import BANK_BLOCK
from seedkit.records.source import SHOWCASE_ROWS, RunSource
from seedkit.records.view import BlockView


@dataclass(frozen=True, slots=True)
class Row:
    """A row in the environment; `path` is its address below the Web API's root."""

    table: str
    id: str
    path: str


@dataclass(frozen=True, slots=True)
class Customer:
    """A person whom the bank knows.

    `row` is their contact, `household` the id of the group that is their main household ("" in a
    run without groups), and `traits` maps the name of each trait to the rows behind it: none where
    the person is all.
    """

    row: Row
    name: str
    household: str
    integration_key: str
    birthday: date
    traits: Mapping[str, tuple[Row, ...]]

    @property
    def id(self) -> str:
        """Return the contact's id."""
        return self.row.id

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "contact": self.id,
            "path": self.row.path,
            "name": self.name,
            "household": self.household,
            "integration_key": self.integration_key,
            "birthday": self.birthday.isoformat(),
            "traits": {
                trait: [{"table": r.table, "id": r.id, "path": r.path} for r in rows]
                for trait, rows in self.traits.items()
            },
        }


def customers_of(
    source: RunSource, sets: Mapping[str, str], lost: Collection[str] = ()
) -> Iterator[Customer]:
    """Return a run's customers, block after block.

    `sets` are entity sets by table; rows of other tables are no rows of this run. Rows in `lost`
    did not come. A customer without a row is left out, and so is a trait that nothing but rows
    which are not there stands behind.
    """
    for block in source.blocks:
        if block != BANK_BLOCK:
            yield from _block_customers(source.view(block), sets, lost)


def showcases_of(
    source: RunSource, sets: Mapping[str, str], lost: Collection[str] = ()
) -> Iterator[tuple[Showcase, Customer]]:
    """Return a run's showcase customers, each with what they show; arguments as above."""
    for block in source.blocks:
        if block == SHOWCASE_ROWS:
            found = list(_block_customers(source.view(block), sets, lost))
            for what, trait in SHOWCASES.items():
                yield from ((what, each) for each in found if trait in each.traits)


def _block_customers(
    view: BlockView, sets: Mapping[str, str], lost: Collection[str]
) -> Iterator[Customer]:
    people, contacts = view.block.people, view.sheet("people")
    if contacts.table.name not in sets:
        return
    households = _main_households(view) if view.sheet("groups").table.name in sets else {}
    traits = _traits(view, sets, lost)
    known = zip(contacts.rows.tolist(), contacts.ids, contacts.integration_keys(), strict=True)
    for person, id, key in known:
        if id not in lost:
            yield Customer(
                row=_row(contacts.table.name, id, sets),
                name=view.full_names[person],
                household=households.get(person, ""),
                integration_key=key,
                birthday=people.birth[person].item(),
                traits=traits.get(person, {}),
            )


def _main_households(view: BlockView) -> dict[int, str]:
    """Return the id of each person's main household."""
    members, groups = view.block.group_members, view.sheet("groups")
    ids = groups.id_of[members.group[members.main]]
    return dict(zip(members.person[members.main].tolist(), ids.tolist(), strict=True))


def _traits(
    view: BlockView, sets: Mapping[str, str], lost: Collection[str]
) -> dict[int, dict[str, tuple[Row, ...]]]:
    """Return the traits of each person, in the order of the table."""
    sight = Sight(view.block, np.datetime64(view.as_of, "D"))
    found: dict[int, dict[str, tuple[Row, ...]]] = {}
    for trait in TRAITS:
        for person, rows in _rows_behind(view, trait.see(sight), sets, lost).items():
            found.setdefault(person, {})[trait.name] = tuple(rows)
    return found


def _rows_behind(
    view: BlockView, hits: Hits, sets: Mapping[str, str], lost: Collection[str]
) -> dict[int, dict[Row, None]]:
    """Return the rows behind each person of some hits, each row once.

    Without the row of the first part, which the trait is about, there is no hit.
    """
    persons: list[int] = hits.person.tolist()
    if not hits.rows:
        return {person: {} for person in persons}
    parts = [_part_rows(view, part, rows, sets, lost) for part, rows in hits.rows.items()]
    found: dict[int, dict[Row, None]] = {}
    for person, *behind in zip(persons, *parts, strict=True):
        if behind[0] is not None:
            there = {row: None for row in behind if row is not None}
            found.setdefault(person, {}).update(there)
    return found


def _part_rows(
    view: BlockView, part: str, rows: Ints, sets: Mapping[str, str], lost: Collection[str]
) -> list[Row | None]:
    """Return the rows of a part; None for those that are no rows of this run."""
    sheet = view.sheet(part)
    table = sheet.table.name
    return [
        None if id is None or id in lost or table not in sets else _row(table, id, sets)
        for id in sheet.id_of[rows].tolist()
    ]


def _row(table: str, id: str, sets: Mapping[str, str]) -> Row:
    return Row(table, id, f"{sets[table]}({id})")
