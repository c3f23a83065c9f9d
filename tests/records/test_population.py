"""Rows of the real population: two whole blocks of the retail profile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from seedkit.population import make_bank, make_block
from seedkit.population.model import Bank, Block
from seedkit.profile import read_profile
from seedkit.records import (
    LINKS,
    TABLES,
    Bindings,
    RecordBatch,
    RecordContext,
    bank_records,
    block_records,
)
from seedkit.records.tables import CURRENCY_TABLE
from seedkit.schema import load_catalogue
from tests.records.conformity import problems
from tests.records.conftest import AS_OF

WISHES = ["banking.foreign_currency=0.2", "groups.custom=0.3", "small_business.firms=0.5"]
PROFILE = read_profile("retail", WISHES).profile
WANTED = {"firms", "persons"}  # features
OWNERS = (104800000, 104800004)


@pytest.fixture(scope="module")
def bank() -> Bank:
    return make_bank(PROFILE, AS_OF)


@pytest.fixture(scope="module")
def blocks(bank: Bank) -> list[Block]:
    return [make_block(PROFILE, AS_OF, bank, number) for number in (0, 1)]


@pytest.fixture(scope="module")
def real_context(bank: Bank, context: RecordContext) -> RecordContext:
    currencies = {
        code: f"aaaaaaaa-0000-0000-0000-{number:012}" for number, code in enumerate(bank.currencies)
    }
    return RecordContext(context.stamp, context.run_id, Bindings(currencies))


@pytest.fixture(scope="module")
def made(bank: Bank, blocks: list[Block], real_context: RecordContext) -> list[RecordBatch]:
    batches = bank_records(bank, real_context)
    for block in blocks:
        batches += block_records(block, bank, real_context, AS_OF)
    return batches


def column(made: list[RecordBatch], table: str, name: str) -> list[object]:
    """Return a column, or a lookup with its targets flowing together, over all blocks."""
    values: list[object] = []
    for batch in made:
        if batch.table == table:
            targets = [lookup.ids for lookup in batch.lookups if lookup.column == name]
            values += _first(targets) if targets else batch.columns[name]
    return values


def _first(targets: list[Sequence[str | None]]) -> list[object]:
    return [next((id for id in ids if id), None) for ids in zip(*targets, strict=True)]


def test_every_batch_fits_the_catalogue(made: list[RecordBatch]) -> None:
    assert [problem for batch in made for problem in problems(batch)] == []


def test_all_tables_and_all_links_occur(made: list[RecordBatch]) -> None:
    plain = {table.name for table in TABLES if WANTED.issuperset(table.features)} - {"annotation"}
    assert {batch.table for batch in made} == plain
    held = {
        (batch.table, lookup.column, lookup.target)
        for batch in made
        for lookup in batch.lookups
        if any(lookup.ids)
    }
    assert held == {link for link in LINKS if {link[0], link[2]} <= plain | {CURRENCY_TABLE}}


def test_lookups_point_at_rows_of_the_run(made: list[RecordBatch]) -> None:
    rows = {(batch.table, id) for batch in made for id in batch.ids}
    for batch in made:
        for lookup in batch.lookups:
            if lookup.target != "transactioncurrency":
                assert {(lookup.target, id) for id in lookup.ids if id} <= rows, lookup.column


def test_alternate_keys_are_unique(made: list[RecordBatch]) -> None:
    catalogue = load_catalogue()
    for table in {batch.table for batch in made}:
        for key in catalogue[table].alternate_keys.values():
            values = list(zip(*(column(made, table, name) for name in key), strict=True))
            assert [value for value, times in Counter(values).items() if times > 1] == []


@pytest.mark.parametrize("households", [1, 37, 255])
def test_a_smaller_run_has_the_same_first_rows(
    households: int, bank: Bank, blocks: list[Block], real_context: RecordContext
) -> None:
    whole = {
        batch.table: batch.rows(_bind)
        for batch in block_records(blocks[1], bank, real_context, AS_OF)
    }
    front = block_records(blocks[1].front(households), bank, real_context, AS_OF)
    for batch in front:
        assert batch.rows(_bind) == whole[batch.table][: len(batch)]
    assert len(front) > 10


def test_every_customer_has_one_main_household(made: list[RecordBatch]) -> None:
    main = column(made, "msfsi_groupmember", "msfsi_isprimarygroup")
    members = column(made, "msfsi_groupmember", "msfsi_member")
    homes = [member for member, is_main in zip(members, main, strict=True) if is_main]
    assert sorted(map(str, homes)) == sorted(map(str, column(made, "contact", "contactid")))


def test_every_group_has_a_primary_member_of_its_own_and_holdings(
    made: list[RecordBatch],
) -> None:
    group_of = dict(
        zip(
            column(made, "msfsi_groupmember", "msfsi_groupmemberid"),
            column(made, "msfsi_groupmember", "msfsi_group"),
            strict=True,
        )
    )
    groups = column(made, "msfsi_group", "msfsi_groupid")
    primary = column(made, "msfsi_group", "msfsi_primarymember")
    assert [group_of[member] for member in primary] == groups
    assert set(groups) == set(column(made, "msfsi_groupfinancialholding", "msfsi_group"))


def test_every_holding_has_one_owner_and_each_group_holding_one_among_its_members(
    made: list[RecordBatch],
) -> None:
    table = "msfsi_customerfinancialholding"
    owners: dict[object, set[object]] = {}
    for holding, person, role in zip(
        column(made, table, "msfsi_financialholdingid"),
        column(made, table, "msfsi_customerid"),
        column(made, table, "msfsi_financialholdingrole"),
        strict=True,
    ):
        if role in OWNERS:
            owners.setdefault(holding, set()).add(person)
    assert set(owners) == set(column(made, "msfsi_financialholding", "msfsi_financialholdingid"))
    members: dict[object, set[object]] = {}
    for group, person in zip(
        column(made, "msfsi_groupmember", "msfsi_group"),
        column(made, "msfsi_groupmember", "msfsi_member"),
        strict=True,
    ):
        members.setdefault(group, set()).add(person)
    for group, holding in zip(
        column(made, "msfsi_groupfinancialholding", "msfsi_group"),
        column(made, "msfsi_groupfinancialholding", "msfsi_financialholding"),
        strict=True,
    ):
        assert owners[holding] & members[group]


def test_relationships_are_written_in_both_directions(made: list[RecordBatch]) -> None:
    table = "msfsi_relationship"
    pairs = set(
        zip(
            column(made, table, "msfsi_contactfrom"),
            column(made, table, "msfsi_contactto"),
            strict=True,
        )
    )
    assert {(other, one) for one, other in pairs} == pairs


def test_an_event_has_at_most_one_goal(made: list[RecordBatch]) -> None:
    events = Counter(column(made, "msfsi_financialgoal", "msfsi_lifeevent"))
    assert max(events.values()) == 1


def test_a_cardholder_has_a_role_on_the_cards_holding(made: list[RecordBatch]) -> None:
    links = "msfsi_financialholdinginstrument"
    holding_of = dict(
        zip(
            column(made, links, "msfsi_details"),
            column(made, links, "msfsi_financialholding"),
            strict=True,
        )
    )
    table = "msfsi_customerfinancialholding"
    roles = set(
        zip(
            column(made, table, "msfsi_financialholdingid"),
            column(made, table, "msfsi_customerid"),
            strict=True,
        )
    )
    for card, holder in zip(
        column(made, "msfsi_fi_card", "msfsi_fi_cardid"),
        column(made, "msfsi_fi_card", "msfsi_cardholder"),
        strict=True,
    ):
        assert (holding_of[card], holder) in roles


def test_what_the_snapshot_and_the_list_show_is_there(made: list[RecordBatch]) -> None:
    for name in (
        "firstname",
        "governmentid",
        "address1_line1",
        "address1_city",
        "address1_country",
        "preferredcontactmethodcode",
        "msfsi_branch",
        "transactioncurrencyid",
    ):
        assert None not in column(made, "contact", name)
    adults = [
        (mobile, email, title)
        for mobile, email, title, born in zip(
            *(
                column(made, "contact", name)
                for name in ("mobilephone", "emailaddress1", "jobtitle", "birthdate")
            ),
            strict=True,
        )
        if str(born) < "2008"
    ]
    assert all(mobile and email and title for mobile, email, title in adults)


def test_base_amounts_follow_the_rates_that_are_sent(made: list[RecordBatch]) -> None:
    table = "msfsi_fh_account"
    rates = column(made, table, "msfsi_balanceexchangerate")
    assert len(set(rates)) > 2
    for rate, own, base in zip(
        rates,
        column(made, table, "msfsi_balance"),
        column(made, table, "msfsi_balancedefault"),
        strict=True,
    ):
        assert isinstance(own, float)
        assert isinstance(base, float)
        if isinstance(rate, float):
            assert abs(own * rate - base) <= 0.005001


def _bind(lookup: object) -> tuple[str, str]:
    assert hasattr(lookup, "column")
    assert hasattr(lookup, "target")
    return f"{lookup.column}_{lookup.target}", lookup.target
