"""What every column means, checked against the columns beside it and against the bank's world."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict

import numpy as np
import pytest

from seedkit.extract.contract import (
    CARD_STATUS,
    DEBTS,
    FAMILY_ROLES,
    HOLDING_KINDS,
    MEASURED_EVENTS,
    SIGNED,
    TABLES,
    Kind,
)
from seedkit.extract.model import Extract, filled
from seedkit.population.amounts import CENTS
from seedkit.population.days import whole_years
from seedkit.population.words import Category, Event, HolderRole, Tenure
from tests.house.population_page import EMPTY

from .conftest import AS_OF, Made, Written

TODAY = np.datetime64(AS_OF, "D")


def with_us(extract: Extract) -> dict[str, np.ndarray]:
    """The rows of holdings that lie with our bank."""
    rows = extract.holdings
    ours = rows["with_us"] == 1.0
    return {name: values[ours] for name, values in rows.columns.items()}


def by(keys, values) -> dict[str, list]:
    """Group values by keys."""
    found = defaultdict(list)
    for key, value in zip(keys, values, strict=True):
        found[key].append(value)
    return found


def test_the_head_rows_are_the_contract(written: Written) -> None:
    for table, columns in TABLES.items():
        with (written.folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == [column.name for column in columns]
    assert {file.name for file in written.folder.iterdir()} == {
        "run.json",
        *(f"{table}.csv" for table in TABLES),
    }


def test_run_json_says_what_the_files_are(written: Written) -> None:
    told = json.loads((written.folder / "run.json").read_text(encoding="utf-8"))
    assert told["as_of"] == "2026-06-30"
    assert told["money_year"] == 2026
    assert told["locale"] == "en_US"
    assert told["currency"] == "USD"
    assert told["random_seed"] == 1
    assert told["households"] == len(written.extract.households) == 300
    assert 0.85 < told["scale_to_2022"] < 0.92


@pytest.mark.parametrize("table", [name for name in TABLES if name != "events"])
def test_ids_are_unique(written: Written, table: str) -> None:
    ids = written.extract.sheets()[table]["id"].tolist()
    assert len(set(ids)) == len(ids)
    assert all(ids)


@pytest.mark.parametrize(
    ("table", "column", "target"),
    [
        ("people", "household", "households"),
        ("holdings", "household", "households"),
        ("cards", "person", "people"),
        ("cards", "holding", "holdings"),
        ("events", "person", "people"),
    ],
)
def test_references_lead_to_rows(written: Written, table: str, column: str, target: str) -> None:
    sheets = written.extract.sheets()
    assert set(sheets[table][column]) <= set(sheets[target]["id"])


@pytest.mark.parametrize("table", TABLES)
def test_choices_numbers_and_flags_stay_in_their_lists(written: Written, table: str) -> None:
    sheet = written.extract.sheets()[table]
    for column in TABLES[table]:
        values = sheet[column.name]
        if column.kind is Kind.CHOICE:
            assert set(values) <= {"", *column.choices}, column.name
        if column.kind is Kind.FLAG:
            assert set(values[filled(values)]) <= {0.0, 1.0}, column.name
        if column.kind is Kind.WHOLE:
            known = values[filled(values)]
            assert (known == np.rint(known)).all(), column.name
        signed = (table, column.name) == ("holdings", "amount")
        if column.kind is Kind.MONEY and not signed:
            assert not (values < 0).any(), column.name


def test_every_column_of_the_population_is_filled_and_the_rest_is_said_to_be_empty(
    written: Written,
) -> None:
    unknown = {
        (table, column.name)
        for table, columns in TABLES.items()
        for column in columns
        if not written.extract.sheets()[table].knows(column.name)
    }
    assert unknown == {
        ("households", "turned_down"),
        ("households", "weight"),
    }


def test_types_and_sizes_follow_from_the_members(written: Written) -> None:
    homes, people = written.extract.households, written.extract.people
    family = people["in_family"] == 1.0
    roles = by(people["household"][family], people["role"][family])
    everyone = by(people["household"], people["role"])
    for home, kind, size in zip(homes["id"], homes["type"], homes["size"], strict=True):
        count = Counter(roles[home])
        assert count["head"] == 1
        assert count["partner"] <= 1
        assert size == len(everyone[home])
        base = "couple" if count["partner"] else "single"
        assert kind == base + "_with_children" * bool(count["child"])


def test_incomes_add_up_and_only_owners_have_a_home_value(written: Written) -> None:
    homes, people = written.extract.households, written.extract.people
    family = people["in_family"] == 1.0
    assert set(people["role"][family]) <= set(FAMILY_ROLES)
    own = by(people["household"][family], people["income"][family])
    total = {home: sum(parts) for home, parts in own.items()}
    for home, income in zip(homes["id"], homes["income"], strict=True):
        assert income == pytest.approx(total[home], abs=0.005)
    owned = homes["home_tenure"] == "owner"
    assert (filled(homes["home_value"]) == owned).all()
    assert (homes["home_value"][owned] > 0).all()


def test_ages_schooling_and_work_are_told_of_those_who_are_old_enough(written: Written) -> None:
    people = written.extract.people
    age = people["age"]
    assert (age == whole_years(people["birth_date"], np.full(age.size, TODAY))).all()
    assert (filled(people["education"]) == (age >= 18)).all()
    assert (filled(people["employment"]) == (age >= 16)).all()
    assert set(people["marital_status"][age < 18]) <= {"", "single"}
    assert (age[people["role"] == "head"] >= 18).all()
    employed = people["employment"] == "employee"
    assert (filled(people["job_since"]) == employed).all()
    assert (people["job_since"][employed] <= TODAY).all()


def test_customers_hold_accounts_and_nobody_else(written: Written) -> None:
    people, holdings = written.extract.people, with_us(written.extract)
    owners = {owner for cell in holdings["owners"] for owner in cell.split(";")}
    customers = set(people["id"][filled(people["customer_since"])])
    assert owners == customers
    home_of = dict(zip(people["id"], people["household"], strict=True))
    for home, cell in zip(holdings["household"], holdings["owners"], strict=True):
        assert {home_of[owner] for owner in cell.split(";")} == {home}


def test_holdings_have_what_their_kind_has(written: Written) -> None:
    rows = with_us(written.extract)
    kind = rows["kind"]
    assert set(kind) <= set(HOLDING_KINDS)
    assert set(kind[rows["amount"] < 0]) <= set(SIGNED)
    debt = np.isin(kind, list(DEBTS))
    line = np.isin(kind, ["credit_card", "heloc", "other_line"])
    assert (filled(rows["limit"]) == line).all()
    assert (rows["amount"][line] <= rows["limit"][line]).all()
    assert (filled(rows["days_past_due"]) == debt).all()
    assert (filled(rows["payment"]) == debt).all()
    assert (filled(rows["statement_balance"]) == (kind == "credit_card")).all()
    term = filled(rows["matures"])
    assert (rows["matures"][term] > TODAY).all()
    assert term[debt & ~line].all()
    assert (rows["opened"] <= TODAY).all()
    assert (rows["rate"][filled(rows["rate"])] < 40).all()


def test_what_lies_in_portfolios_adds_up_to_them(made: Made) -> None:
    shown = with_us(made.extract)["amount"].sum()
    held = made.block.holdings
    own = held.currency == 0
    rates = np.array(made.bank.exchange_rates)[held.currency]
    all_of_it = held.balance[own].sum() + (held.balance * rates // 10_000)[~own].sum()
    lines = made.block.credit_lines
    plastic = [code[:3] in ("CRD", "RWD", "CHG") for code in held.code[lines.holding]]
    bought = (held.balance[lines.holding] - lines.carried)[plastic].sum()
    assert shown * CENTS == pytest.approx(all_of_it - bought, abs=int((~own).sum()) + 1)
    assert (~own).any()
    assert (held.category == Category.INVESTMENT).any()


def test_debts_agree_with_the_loans_behind_them(made: Made) -> None:
    """Every loan, line and saving keeps its own figures in the row that shows it."""
    rows, block = with_us(made.extract), made.block
    late = rows["days_past_due"] > 0
    expected = (~np.isnat(block.loans.overdue_since)).sum() + block.credit_lines.delinquent.sum()
    assert late.sum() == expected > 0
    loans = np.isin(rows["kind"], list(DEBTS)) & ~filled(rows["limit"])
    held = block.loans.holding
    assert np.array_equal(rows["amount"][loans], block.holdings.balance[held] / CENTS)
    assert np.array_equal(rows["payment"][loans], block.loans.instalment / CENTS)
    assert np.array_equal(rows["opened"][loans], block.loans.starts)
    assert np.array_equal(rows["rate"][loans], block.holdings.rate[held] / 100)


def test_joint_holdings_are_one_row_with_both_owners(made: Made) -> None:
    roles = made.block.holding_roles
    joint = np.unique(roles.holding[roles.role == HolderRole.JOINT_OWNER])
    portfolio = made.block.holdings.category == Category.INVESTMENT
    plain = (~portfolio[joint]).sum()
    rows = with_us(made.extract)
    shared = np.array([";" in cell for cell in rows["owners"]])
    assert shared.sum() >= joint.size > 0
    names = np.isin(
        rows["kind"], ["stock", "bond", "pooled_fund", "other_financial", "brokerage_cash"]
    )
    assert (shared & ~names).sum() >= plain


def test_cards_hang_on_what_their_kind_needs(written: Written) -> None:
    cards, rows = written.extract.cards, written.extract.holdings
    kind_of = dict(zip(rows["id"], rows["kind"], strict=True))
    behind = {
        kind: {kind_of[holding] for holding in cards["holding"][cards["kind"] == kind]}
        for kind in ("credit", "debit")
    }
    assert behind["credit"] == {"credit_card"}
    assert behind["debit"] <= {"checking", "savings"}
    assert (cards["expires"] > cards["issued"]).all()
    assert set(cards["status"]) <= set(CARD_STATUS)
    assert ((cards["status"] == "expired") == (cards["expires"] < TODAY)).all()
    assert (cards["with_us"] == 1.0).all()


def test_events_tell_marriages_births_and_moves(written: Written) -> None:
    events, people = written.extract.events, written.extract.people
    assert set(MEASURED_EVENTS) <= set(events["kind"])
    assert ((events["date"] >= TODAY) == (events["planned"] == 1.0)).all()
    past = events["planned"] == 0.0
    wed = set(events["person"][past & (events["kind"] == "marriage")])
    ever = set(people["id"][~np.isin(people["marital_status"], ["single", ""])])
    assert wed == ever
    lost = set(events["person"][past & (events["kind"] == "widowed")])
    assert lost == set(people["id"][people["marital_status"] == "widowed"])
    grown_here = people["role"] == "child"
    movers = set(events["person"][events["kind"] == "move"])
    assert set(people["id"][(people["age"] >= 18) & ~grown_here]) <= movers


def test_births_are_told_to_each_parent_at_home(made: Made) -> None:
    people, events = made.block.people, made.extract.events
    births = events["kind"] == "birth_of_child"
    told = set(zip(events["person"][births], events["date"][births].tolist(), strict=True))
    ids = made.extract.people["id"]
    for parent in (people.mother, people.father):
        for child in np.flatnonzero(parent >= 0):
            assert (ids[parent[child]], people.birth[child].item()) in told


def test_a_move_is_the_day_on_which_the_household_moved_in(made: Made) -> None:
    events, homes = made.extract.events, made.block.households
    moves = events["kind"] == "move"
    house = [int(person.split("-")[0][1:]) - 1 for person in events["person"][moves]]
    assert (events["date"][moves] == homes.home_since[house]).all()
    bought = made.block.events.kind == Event.HOME_PURCHASE
    assert bought.any()
    assert (homes.tenure == Tenure.OWNER).any()


def test_the_page_names_the_columns_that_are_empty(written: Written) -> None:
    empty = set()
    for name in TABLES:
        with (written.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        empty |= {column for column in rows[0] if not any(row[column] for row in rows)}
    assert empty == EMPTY
