"""Some of a block's households, or some rows of a part, with all references moved along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np

from seedkit.population.model.block import Block
from seedkit.population.model.columns import Flags, Ints

Part = TypeVar("Part")

# Columns that count rows of another part, by their names, which mean the same in all parts.
POINTS_AT: Mapping[str, str] = {
    "spouse": "people",
    "mother": "people",
    "father": "people",
    "person": "people",
    "other": "people",
    "primary": "people",
    "event": "events",
    "group": "groups",
    "holding": "holdings",
    "firm": "firms",
    "case": "cases",
    "parent": "cases",
    "conversation": "conversations",
}
# Rows stay without these; a row that loses any other reference goes with what it pointed at.
_LOOSE = {("people", "spouse"), ("people", "mother"), ("people", "father"), ("loans", "event")}
_ROUNDS = 2  # goals point at events, and these at people


def choose_households(block: Block, households: Sequence[int]) -> Block:
    """Return some households of a block, in this order, numbered from 0.

    What ties them to households that are left out is left out too.
    """
    place = np.full(len(block.households.household), -1, np.int64)
    place[list(households)] = np.arange(len(households))
    parts = _parts(block)
    kept = {name: place[rows.household] >= 0 for name, rows in parts.items()}
    order = {name: place[rows.household] for name, rows in parts.items()}
    chosen = _keep(block, kept, order)
    moved = {
        name: replace(rows, household=place[rows.household].astype(rows.household.dtype))
        for name, rows in _parts(chosen).items()
    }
    return replace(chosen, **moved)


def leave_out(block: Block, part: str, rows: Iterable[int]) -> Block:
    """Return a block without some rows of a part and whatever stands on them."""
    parts = _parts(block)
    kept = {name: np.ones(len(there.household), np.bool_) for name, there in parts.items()}
    kept[part][list(rows)] = False
    order = {name: np.arange(len(there.household)) for name, there in parts.items()}
    return _keep(block, kept, order)


def changed(block: Block, part: str, rows: int | Ints | Flags, **columns: Any) -> Block:
    """Return a block with other values in some rows of a part."""
    before = getattr(block, part)
    after = {}
    for name, value in columns.items():
        after[name] = getattr(before, name).copy()
        after[name][rows] = value
    return replace(block, **{part: replace(before, **after)})


def added(block: Block, part: str, **columns: Any) -> Block:
    """Return a block with more rows in a part that no other part points at."""
    before = getattr(block, part)
    both = {
        item.name: np.concatenate(
            [
                getattr(before, item.name),
                np.asarray(columns[item.name], getattr(before, item.name).dtype),
            ]
        )
        for item in fields(before)
    }
    order = np.argsort(both["household"], kind="stable")
    rows = replace(before, **{name: column[order] for name, column in both.items()})
    return replace(block, **{part: rows})


def take(part: Part, rows: Ints) -> Part:
    """Return some rows of a part, in the order given."""
    columns = {item.name: getattr(part, item.name)[rows] for item in fields(part)}  # type: ignore[arg-type]
    return replace(part, **columns)  # type: ignore[type-var]


def _parts(block: Block) -> dict[str, Any]:
    return {item.name: getattr(block, item.name) for item in fields(block) if item.name != "number"}


def _keep(block: Block, kept: dict[str, Flags], order: Mapping[str, Ints]) -> Block:
    """Return the kept rows of all parts, sorted by `order`, with references to their new rows."""
    parts = _parts(block)
    for _ in range(_ROUNDS):
        for name, rows in parts.items():
            for column, target in _references(rows):
                if (name, column) not in _LOOSE:
                    kept[name] = kept[name] & np.append(kept[target], True)[getattr(rows, column)]
    rows_of = {name: _in_order(kept[name], order[name]) for name in parts}
    moved = {name: _taken(name, rows, rows_of, kept) for name, rows in parts.items()}
    return replace(block, **moved)


def _in_order(kept: Flags, order: Ints) -> Ints:
    rows = np.flatnonzero(kept)
    return np.asarray(rows[np.argsort(order[rows], kind="stable")])


def _taken(name: str, part: Any, rows_of: Mapping[str, Ints], kept: Mapping[str, Flags]) -> Any:
    taken = take(part, rows_of[name])
    columns = {}
    for column, target in _references(part):
        number = np.full(len(kept[target]) + 1, -1, np.int64)
        number[rows_of[target]] = np.arange(len(rows_of[target]))
        before = getattr(taken, column)
        columns[column] = number[before].astype(before.dtype)
    return replace(taken, **columns)


def _references(part: Any) -> list[tuple[str, str]]:
    names = [item.name for item in fields(part)]
    return [(name, POINTS_AT[name]) for name in names if name in POINTS_AT]
