"""Who owns which rows: one owner per household, the bank's own rows to the first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from seedkit.assembly import CurrencyByCode, make_source
from seedkit.marks import Stamp
from seedkit.population.model import BLOCK_HOUSEHOLDS, SEATS
from seedkit.population.service.words import Desk
from seedkit.profile import read_profile
from seedkit.records import TABLES, Lookup, RecordBatch
from seedkit.records.batch import BANK_BLOCK
from seedkit.records.ownership import Ownership, RowOwner
from seedkit.records.source import RunSource

AS_OF = date(2026, 6, 30)
DANA, JORDAN = RowOwner("systemuser", "d", 3), RowOwner("systemuser", "j", 1)
DESK = RowOwner("team", "t", 2)
EVERY = frozenset(table.name for table in TABLES)
SETS = {"systemuser": "systemusers", "team": "teams"}
BIND = "ownerid@odata.bind"


def source(*owners: RowOwner, households: int = 300, tables: frozenset[str] = EVERY) -> RunSource:
    profile = read_profile("quick", [f"households={households}"]).profile
    ownership = Ownership(owners, tables, profile.random_seed)
    stamp = Stamp(-(1 << 30), 0)
    return make_source(profile, AS_OF, stamp, "own", CurrencyByCode(), ownership=ownership)


def rows(batch: RecordBatch) -> list[dict[str, Any]]:
    def bind(lookup: Lookup) -> tuple[str, str]:
        own = lookup.column == "ownerid"
        name = "ownerid" if own else f"{lookup.column}_{lookup.target}"
        return f"{name}@odata.bind", f"/{SETS.get(lookup.target, lookup.target)}"

    return batch.rows(bind)


def made(found: RunSource) -> dict[tuple[int, str], list[dict[str, Any]]]:
    return {
        (block, batch.table): rows(batch)
        for block in found.blocks
        for batch in found.batches(block)
    }


def owners_of(found: Mapping[tuple[int, str], list[dict[str, Any]]]) -> Counter[str]:
    return Counter(row[BIND] for (block, _), part in found.items() if block for row in part)


def test_each_agent_sits_at_a_desk_and_few_sit_at_several() -> None:
    many = [RowOwner("systemuser", str(index), 1) for index in range(9)]
    desks = np.repeat(np.arange(len(Desk)), SEATS)
    seats, nobody = np.tile(np.arange(SEATS), len(Desk)), np.zeros(len(desks), dtype=np.int64)
    found = Ownership(agents=many).of_desks(desks, seats, nobody) - 1
    by_desk = [set(found[desks == desk].tolist()) for desk in Desk]
    assert by_desk == [{0, 7}, {1, 8}, {2}, {3}, {4}, {5}, {6}]
    few = Ownership(agents=many[:2]).of_desks(desks, seats, nobody) - 1
    assert [set(few[desks == desk].tolist()) for desk in Desk] == [{desk % 2} for desk in Desk]


def test_an_agent_has_as_many_seats_as_its_weight_asks_for() -> None:
    agents = [RowOwner("systemuser", str(index), 3 if index == 0 else 1) for index in range(8)]
    seats, front = np.arange(SEATS), np.full(SEATS, Desk.FRONT)
    found = Ownership(agents=agents).of_desks(front, seats, np.zeros(SEATS, dtype=np.int64)) - 1
    assert Counter(found.tolist()) == {0: 6, 7: 2}


def test_without_agents_whoever_makes_the_rows_works_on_them_and_their_owners_stay() -> None:
    alone, managed = Ownership(caller="me"), Ownership([JORDAN, DESK], caller="me")
    rows = np.array([0, 0])
    assert alone.of_desks(rows, rows, rows) is rows
    assert alone.users(rows) == ["me", "me"]
    assert managed.users(np.array([0, 1])) == ["j", "me"]
    assert managed.columns("incident", rows) == {}


def test_without_owners_no_row_names_one() -> None:
    assert not any(BIND in row for part in made(source(households=5)).values() for row in part)


def test_naming_owners_changes_no_other_value() -> None:
    plain, owned = made(source()), made(source(DANA, JORDAN, DESK))
    assert all(BIND in row for part in owned.values() for row in part)
    without = {
        key: [{name: value for name, value in row.items() if name != BIND} for row in part]
        for key, part in owned.items()
    }
    assert without == plain


def test_the_banks_own_rows_go_to_the_first() -> None:
    found = made(source(JORDAN, DANA))
    bank = {row[BIND] for (block, _), part in found.items() if block == BANK_BLOCK for row in part}
    assert bank == {"/systemusers(j)"}


def test_everything_of_a_household_has_one_owner() -> None:
    found = source(DANA, JORDAN, DESK)
    for block in found.blocks[1:]:
        view = found.view(block)
        managers: dict[int, set[int]] = defaultdict(set)
        for name, sheet in view.sheets.items():
            parts = next(table.parts for table in TABLES if table.name == name)
            homes = np.concatenate([getattr(view.block, part).household for part in parts])
            for home, owner in zip(homes[sheet.rows].tolist(), sheet.owner.tolist(), strict=True):
                managers[home].add(owner)
        assert {len(owners) for owners in managers.values()} == {1}


def test_people_at_one_address_have_one_owner() -> None:
    contacts = made(source(DANA, JORDAN, DESK))[1, "contact"]
    homes = defaultdict(set)
    for row in contacts:
        homes[row["address1_line1"], row["address1_postalcode"]].add(row[BIND])
    assert {len(owners) for owners in homes.values()} == {1}
    assert len(homes) > 100


def test_each_owner_gets_the_share_of_the_weights() -> None:
    drawn = Counter[int]()
    ownership = Ownership((DANA, JORDAN, DESK), EVERY, 1)
    for block in range(20):
        drawn.update(ownership.of_households(block).tolist())
    shares = [drawn[owner] / (20 * BLOCK_HOUSEHOLDS) for owner in range(3)]
    assert shares == pytest.approx([3 / 6, 1 / 6, 2 / 6], abs=0.02)


def test_who_weighs_nothing_gets_no_household() -> None:
    found = owners_of(made(source(replace(JORDAN, weight=0), DANA)))
    assert set(found) == {"/systemusers(d)"}


def test_users_and_teams_share_the_name_of_the_lookup() -> None:
    assert set(owners_of(made(source(DANA, DESK)))) == {"/systemusers(d)", "/teams(t)"}


def test_a_larger_bank_begins_with_the_owners_of_the_smaller() -> None:
    small, large = made(source(DANA, JORDAN, households=20)), made(source(DANA, JORDAN))
    for key, part in small.items():
        assert large[key][: len(part)] == part


def test_blocks_differ_and_each_comes_out_the_same_in_any_order() -> None:
    ownership = Ownership((DANA, JORDAN), EVERY, 1)
    first, second = ownership.of_households(0), ownership.of_households(1)
    assert first.tolist() != second.tolist()
    assert ownership.of_households(0).tolist() == first.tolist()


def test_only_tables_of_users_and_teams_have_owners() -> None:
    found = made(source(DANA, households=5, tables=EVERY - {"msfsi_branch"}))
    assert BIND in found[0, "msfsi_bank"][0]
    assert BIND not in found[0, "msfsi_branch"][0]
