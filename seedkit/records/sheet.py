"""Which rows of the population become rows of a table, and what their ids are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from seedkit.population.model import Ints, Texts
from seedkit.population.model.keeping import take
from seedkit.records.batch import Lookup, Party, RecordBatch, RecordContext, States
from seedkit.records.ownership import OWNER_COLUMN
from seedkit.records.table import RecordTable
from seedkit.records.tables import KEY_COLUMN

RUN_LENGTH = 40  # of the run's part of an integration key, which has at most 100 characters

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one table in one block, before they have columns.

    `rows` are rows of the table's parts, one part behind the other. `id_of` holds the id of each
    row of the parts, None where it is no row of the table; its last item is None, so that the
    index -1 points nowhere. `owner` tells which of the run's owners each row belongs to.
    """

    context: RecordContext
    table: RecordTable
    block: int
    rows: Ints
    ids: list[str]
    id_of: Texts
    owner: Ints

    def pick(self, part: Part) -> Part:
        """Return the part's rows that are rows of this table."""
        if len(self.rows) == len(self.id_of) - 1:
            return part
        return take(part, self.rows)

    def point(self, column: str, index: Ints) -> Lookup:
        """Return a lookup column at rows of this table, given as rows of its part."""
        return Lookup(column, self.table.name, self.id_of[index].tolist())

    def batch(
        self,
        columns: dict[str, Sequence[object]],
        lookups: Sequence[Lookup] = (),
        *,
        parties: Sequence[Party] = (),
        states: States | None = None,
    ) -> RecordBatch:
        """Return the rows with their columns, led by id, mark and integration key."""
        own: dict[str, Sequence[object]] = {
            self.table.primary_id: self.ids,
            "importsequencenumber": [self.context.stamp.mark] * len(self.ids),
        }
        if self.table.keyed:
            own[KEY_COLUMN] = self.integration_keys()
        owners = self.context.ownership.columns(self.table.name, self.owner)
        given = [Lookup(OWNER_COLUMN, kind, ids) for kind, ids in owners.items()]
        every = (*lookups, *given)
        return RecordBatch(
            self.table.name, self.block, self.ids, own | columns, every, parties, states
        )

    def same(self, value: object) -> Sequence[object]:
        """Return a column that holds the same value in all rows."""
        return [value] * len(self.ids)

    def integration_keys(self) -> list[str]:
        """Return the key of each row, unique in every environment."""
        kind = self.table.name.removeprefix("msfsi_").replace("_", "-")
        head = f"sk-{run_slug(self.context.run_id)}-{kind}-{self.block}-"
        return [f"{head}{row}" for row in range(len(self.ids))]


def make_sheet(
    context: RecordContext, table: RecordTable, block: int, rows: Ints, owners: Ints
) -> Sheet:
    """Give ids to `rows` of a table's parts, whose rows belong to these owners."""
    ids = context.stamp.ids(table.number, block, len(rows))
    id_of = np.full(len(owners) + 1, None, dtype=object)
    id_of[rows] = ids
    return Sheet(context, table, block, rows, ids, id_of, owners[rows])


def run_slug(run_id: str) -> str:
    """Return a run id in lower-case letters, digits and hyphens.

    Rows whose alternate key holds anything else can't be addressed by that key.
    """
    plain = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in run_id.lower())
    return plain[-RUN_LENGTH:].strip("-")
