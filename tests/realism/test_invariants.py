"""Every rule holds for what is made, and is broken by a population that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from seedkit.extract.model import Extract
from seedkit.population import make_bank
from seedkit.population.model import Bank, Block
from seedkit.population.words import (
    CardKind,
    Category,
    Employment,
    HolderRole,
    LoanKind,
    Place,
    Sex,
)
from seedkit.profile import read_profile
from seedkit.realism.invariants import BLOCK_RULES, FILE_RULES, Inspector
from seedkit.realism.invariants.unique import BLOCK_KEYS, FILE_KEYS
from seedkit.realism.measuring import measure_profile

from .conftest import AS_OF, World, put, put_in_block

DAY = np.timedelta64(1, "D")
YEAR = np.timedelta64(365, "D")
TODAY = np.datetime64(AS_OF, "D")


def counts(inspector: Inspector) -> dict[str, int]:
    return {finding.name: finding.count for finding in inspector.findings() if finding.count}


@pytest.mark.parametrize(
    "households", [600, pytest.param(100_000, marks=pytest.mark.soak)], ids=str
)
def test_what_is_made_breaks_no_rule(households: int) -> None:
    wishes = [f"households={households}", "small_business.firms=0.5"]
    profile = read_profile("quick", wishes).profile
    report, _ = measure_profile("quick", profile, AS_OF)
    assert {finding.name: finding.count for finding in report.broken} == {}
    unlooked = {finding.name for finding in report.findings if not finding.checked}
    assert unlooked == set()
    rules = {rule.name for rule in (*FILE_RULES, *BLOCK_RULES)}
    rules |= {name for name, _, _ in (*FILE_KEYS, *BLOCK_KEYS)}
    assert rules == {finding.name for finding in report.findings}


def first(flags: np.ndarray) -> np.ndarray:
    """The first marked row, as an index."""
    return np.flatnonzero(flags)[:1]


def role(e: Extract, name: str) -> np.ndarray:
    return e.people["role"] == name


def adult_event(e: Extract, kind: str) -> np.ndarray:
    """The first past event of a kind."""
    return first((e.events["kind"] == kind) & (e.events["planned"] == 0.0))


def birth_of_event(e: Extract, row: np.ndarray) -> np.ndarray:
    who = np.searchsorted(e.people["id"][np.argsort(e.people["id"])], e.events["person"][row])
    return e.people["birth_date"][np.argsort(e.people["id"])[who]]


def event_at(e: Extract, kind: str, years: int) -> Extract:
    """Move the first event of a kind to an age in years."""
    row = adult_event(e, kind)
    return put(e, "events", "date", row, birth_of_event(e, row) + years * YEAR)


def kind_of(e: Extract, *kinds: str) -> np.ndarray:
    return first(np.isin(e.holdings["kind"], kinds) & (e.holdings["with_us"] == 1.0))


def retired_early(e: Extract) -> Extract:
    return event_at(e, "retirement", 40)


def twice_on_a_day(e: Extract) -> Extract:
    row = adult_event(e, "move")[0]
    other = row + 1 if e.events["person"][row + 1] == e.events["person"][row] else row - 1
    one = put(e, "events", "kind", np.array([other]), "move")
    return put(one, "events", "date", np.array([other]), e.events["date"][row])


def two_weddings(e: Extract) -> Extract:
    row = adult_event(e, "marriage")[0]
    other = row + 1 if e.events["person"][row + 1] == e.events["person"][row] else row - 1
    one = put(e, "events", "kind", np.array([other]), "marriage")
    return put(one, "events", "date", np.array([other]), e.events["date"][row] + 30 * DAY)


def births_close(e: Extract) -> Extract:
    women = set(e.people["id"][e.people["sex"] == "female"])
    births = np.flatnonzero(e.events["kind"] == "birth_of_child")
    for one, two in pairwise(births):
        person = e.events["person"]
        if person[one] == person[two] and person[one] in women:
            return put(e, "events", "date", np.array([two]), e.events["date"][one] + 90 * DAY)
    raise AssertionError


def student_saver(e: Extract) -> Extract:
    row = kind_of(e, "retirement")
    owner = e.people["id"] == e.holdings["owners"][row][0].split(";")[0]
    kinds = ("job_start", "job_end", "business_start", "retirement")
    theirs = (e.events["person"] == e.people["id"][owner][0]) & np.isin(e.events["kind"], kinds)
    one = put(e, "people", "employment", owner, "student")
    return put(one, "events", "kind", np.flatnonzero(theirs), "other")


FILE_BREAKERS: dict[str, Callable[[Extract], Extract]] = {
    "files.one_head": lambda e: put(e, "people", "role", first(role(e, "head")), "relative"),
    "files.one_partner": lambda e: put(e, "people", "role", role(e, "child"), "partner"),
    "files.size": lambda e: put(e, "households", "size", [0], 9.0),
    "files.type": lambda e: put(
        e, "households", "type", first(e.households["type"] == "couple"), "single"
    ),
    "files.income": lambda e: put(e, "households", "income", [0], 1.0),
    "files.home_value": lambda e: put(
        e, "households", "home_value", first(e.households["home_tenure"] == "owner"), np.nan
    ),
    "files.person_household": lambda e: put(e, "people", "household", [3], "H0"),
    "files.age": lambda e: put(e, "people", "age", [2], 7.0),
    "files.minor_status": lambda e: put(
        e, "people", "marital_status", first(e.people["age"] < 18), "married"
    ),
    "files.schooling": lambda e: put(
        e, "people", "education", first(e.people["age"] < 12), "bachelor"
    ),
    "files.customer_since": lambda e: put(
        e, "people", "customer_since", [0], e.people["birth_date"][0] - DAY
    ),
    "files.job_since": lambda e: put(
        e, "people", "job_since", first(e.people["employment"] == "retired"), TODAY - YEAR
    ),
    "files.score": lambda e: put(e, "people", "score", [0], 900.0),
    "files.event_person": lambda e: put(e, "events", "person", [0], "H0-P1"),
    "files.event_dates": lambda e: put(e, "events", "planned", [0], 1.0),
    "files.wedding_age": lambda e: event_at(e, "marriage", 16),
    "files.marriages_apart": two_weddings,
    "files.marital_history": lambda e: put(
        e, "people", "marital_status", first(e.people["marital_status"] == "widowed"), "single"
    ),
    "files.parent_age": lambda e: event_at(e, "birth_of_child", 12),
    "files.births_apart": births_close,
    "files.child_younger": lambda e: put(
        e, "people", "birth_date", first(role(e, "child")), np.datetime64("1940-01-01")
    ),
    "files.retirement_age": retired_early,
    "files.job_age": lambda e: event_at(e, "job_start", 14),
    "files.careers": lambda e: put(
        e, "people", "job_since", first(e.people["employment"] == "employee"), TODAY - 60 * YEAR
    ),
    "files.graduation_age": lambda e: event_at(e, "graduation", 12),
    "files.one_address": twice_on_a_day,
    "files.holding_household": lambda e: put(e, "holdings", "household", [5], "H0"),
    "files.owners": lambda e: put(e, "holdings", "owners", [0], e.people["id"][-1]),
    "files.sign": lambda e: put(e, "holdings", "amount", kind_of(e, "savings"), -1.0),
    "files.opened": lambda e: put(e, "holdings", "opened", kind_of(e, "savings"), TODAY + DAY),
    "files.opened_of_age": lambda e: put(
        e, "holdings", "opened", kind_of(e, "credit_card"), np.datetime64("1910-01-01")
    ),
    "files.opened_as_customer": lambda e: put(
        e, "people", "customer_since", np.arange(len(e.people)), TODAY
    ),
    "files.matures": lambda e: put(
        e, "holdings", "matures", kind_of(e, "cd"), np.datetime64("1990-01-01")
    ),
    "files.limits": lambda e: put(e, "holdings", "limit", kind_of(e, "credit_card"), np.nan),
    "files.days_late": lambda e: put(e, "holdings", "days_past_due", kind_of(e, "savings"), 5.0),
    "files.mortgage_home": lambda e: put(
        e, "holdings", "kind", np.arange(len(e.holdings)), "mortgage"
    ),
    "files.mortgage_term": lambda e: put(
        e, "holdings", "matures", kind_of(e, "mortgage"), np.datetime64("2150-01-01")
    ),
    "files.mortgage_rate": lambda e: put(e, "holdings", "rate", kind_of(e, "mortgage"), 19.0),
    "files.retirement_owner": student_saver,
    "files.card_links": lambda e: put(
        e, "cards", "kind", first(e.cards["kind"] == "debit"), "credit"
    ),
    "files.card_life": lambda e: put(e, "cards", "expires", [0], np.datetime64("2099-12-31")),
    "files.card_issued": lambda e: put(e, "cards", "issued", [0], np.datetime64("1950-01-01")),
    "files.card_expired": lambda e: put(
        e, "cards", "status", first(e.cards["status"] == "active"), "expired"
    ),
    "files.ids": lambda e: put(e, "people", "id", [1], e.people["id"][0]),
}


def test_every_rule_about_files_has_a_population_that_breaks_it() -> None:
    rules = {rule.name for rule in FILE_RULES} | {name for name, _, _ in FILE_KEYS}
    assert set(FILE_BREAKERS) == rules


@pytest.mark.parametrize("name", FILE_BREAKERS)
def test_broken_files_are_seen(world: World, name: str) -> None:
    inspector = Inspector()
    inspector.look_at_extract(FILE_BREAKERS[name](world.extract), world.about)
    assert counts(inspector).get(name, 0) > 0


def test_work_after_retirement_is_seen(world: World) -> None:
    """A weaker break than that of the table: one day after retiring, a new job."""
    extract = world.extract
    row = adult_event(extract, "retirement")
    who = extract.events["person"][row][0]
    theirs = np.flatnonzero(extract.events["person"] == who)
    jobs = theirs[np.isin(extract.events["kind"][theirs], ("job_start", "business_start"))]
    day = extract.events["date"][row][0] + DAY
    inspector = Inspector()
    inspector.look_at_extract(put(extract, "events", "date", jobs[-1:], day), world.about)
    assert counts(inspector)["files.careers"] == 1


def spoil(part: str, column: str, value, where: Callable[[Block], np.ndarray] | None = None):
    """Return what puts a value, or a change of the value, into one row of a part."""

    def change(block: Block) -> Block:
        rows = first(where(block)) if where else np.array([0])
        old = getattr(getattr(block, part), column)[rows]
        return put_in_block(block, part, column, rows, value(old) if callable(value) else value)

    return change


def has_mother(b: Block) -> np.ndarray:
    return b.people.mother >= 0


def with_siblings(b: Block) -> np.ndarray:
    mothers, counts_ = np.unique(b.people.mother[has_mother(b)], return_counts=True)
    return np.isin(b.people.mother, mothers[counts_ > 1]) & has_mother(b)


def close_siblings(b: Block) -> Block:
    child = np.flatnonzero(with_siblings(b))
    mother = b.people.mother
    one, two = child[mother[child] == mother[child[0]]][:2]
    return put_in_block(b, "people", "birth", [two], b.people.birth[one] + 60 * DAY)


def held(b: Block, category: Category) -> np.ndarray:
    return b.holdings.category == category


def minors_alone(b: Block) -> Block:
    """Take the adults away from the first minor's holding."""
    roles = b.holding_roles
    minor = (b.people.age[roles.person] < 18) & (roles.role == HolderRole.OWNER)
    row = first(minor)
    holding = roles.holding[row]
    theirs = np.flatnonzero(roles.holding == holding)
    return put_in_block(b, "holding_roles", "person", theirs, roles.person[row])


def whole_yen(b: Block) -> Block:
    row = first(held(b, Category.ACCOUNT))
    one = put_in_block(b, "holdings", "currency", row, 5)
    return put_in_block(one, "holdings", "balance", row, 1_234)


BLOCK_BREAKERS: dict[str, Callable[[Block], Block]] = {
    "bank.spouses": spoil("people", "spouse", 0, lambda b: b.people.place == Place.CHILD),
    "bank.mothers": spoil("people", "birth", np.datetime64("1900-01-01"), has_mother),
    "bank.fathers": lambda b: put_in_block(
        b, "people", "sex", b.people.father[first(b.people.father >= 0)], Sex.FEMALE
    ),
    "bank.siblings": close_siblings,
    "bank.first_names": spoil("people", "first_name", "Xqzt"),
    "bank.e_mails": spoil("people", "email", "ann.at.a.bank"),
    "bank.e_mail_names": spoil("people", "email", "xqzt77@example.com"),
    "bank.e_mail_letters": spoil("people", "email", "jörg@example.com"),
    "bank.accounts_elsewhere": spoil("standing_orders", "creditor_account", "021000021 123"),
    "bank.phones": spoil("people", "mobile", "(212) 736-5000"),
    "bank.government_ids": spoil("people", "government_id", "078-05-1120"),
    "bank.postcodes": spoil("households", "city", "Nowhere"),
    "bank.area_codes": spoil("people", "mobile", "(999) 555-0101"),
    "bank.event_titles": spoil("events", "title", "x" * 51),
    "bank.goals": spoil("goals", "progress", 10**12),
    "bank.main_groups": spoil("group_members", "main", False),
    "bank.group_primary": spoil("groups", "primary", 5),
    "bank.ties": spoil("relationships", "other", lambda old: old + 40),
    "bank.one_owner": spoil("holding_roles", "role", HolderRole.SIGNATORY),
    "bank.firms": spoil("firms", "founded", lambda old: old + 90 * YEAR),
    "bank.one_role": spoil("holding_roles", "holding", 1),
    "bank.joint_owners": spoil("holding_roles", "person", 99),
    "bank.guardians": minors_alone,
    "bank.loan_balance": spoil("loans", "principal", lambda old: old * 2),
    "bank.loan_term": spoil("loans", "matures", lambda old: old + 40 * DAY),
    "bank.loan_late": spoil(
        "loans", "arrears_capital", 100, lambda b: b.loans.arrears_capital == 0
    ),
    "bank.loan_to_value": spoil(
        "loans",
        "principal",
        lambda old: old * 50,
        lambda b: b.holdings.kind[b.loans.holding] == LoanKind.MORTGAGE,
    ),
    "bank.repayment_account": spoil("loans", "repayment_account", "CHK-9999-99999"),
    "bank.savings": spoil("savings", "at_maturity", lambda old: old - 1),
    "bank.portfolios": spoil("investments", "cash", lambda old: old + 1),
    "bank.positions": spoil("positions", "quantity", lambda old: old + 100),
    "bank.available": spoil("accounts", "available", lambda old: old + 1),
    "bank.whole_units": whole_yen,
    "bank.use_of_limits": spoil("credit_lines", "limit", 1, lambda b: used(b) > 500),
    "bank.home_equity": spoil("credit_lines", "limit", 1, lambda b: equity(b)),
    "bank.late_lines": lambda b: put_in_block(
        put_in_block(b, "credit_lines", "delinquent", [0], True),
        "credit_lines",
        "last_due",
        [0],
        np.datetime64("NaT"),
    ),
    "bank.card_accounts": spoil("cards", "kind", CardKind.CHARGE, lambda b: b.cards.kind == 0),
    "bank.card_carriers": spoil("cards", "person", 77),
    "bank.card_days": spoil("cards", "last_used", lambda old: TODAY + DAY),
    "bank.card_numbers": spoil("cards", "number", "4111 1111 1111 1111"),
    "bank.last_used": spoil("holdings", "last_used", TODAY + DAY),
    "bank.contacts_once": lambda b: same_person(b),
    "bank.e_mails_once": spoil("people", "email", lambda old: "a@example.com"),
    "bank.contract_numbers_once": lambda b: put_in_block(
        b, "holdings", "code", [1], b.holdings.code[0]
    ),
}


def used(b: Block) -> np.ndarray:
    return b.holdings.balance[b.credit_lines.holding]


def equity(b: Block) -> np.ndarray:
    codes = b.holdings.code[b.credit_lines.holding]
    return np.array([code.startswith("HEL") for code in codes]) & (used(b) > 500)


def same_person(b: Block) -> Block:
    for column in ("first_name", "last_name", "birth"):
        b = put_in_block(b, "people", column, [1], getattr(b.people, column)[0])
    return b


def test_every_rule_about_the_bank_has_a_block_that_breaks_it() -> None:
    rules = {rule.name for rule in BLOCK_RULES} | {name for name, _, _ in BLOCK_KEYS}
    assert set(BLOCK_BREAKERS) | {"bank.bank_code"} == rules


@pytest.mark.parametrize("name", BLOCK_BREAKERS)
def test_broken_blocks_are_seen(world: World, name: str) -> None:
    inspector = Inspector()
    broken = BLOCK_BREAKERS[name](world.block)
    inspector.look_at_block(broken, world.bank, AS_OF)
    if name == "bank.e_mails_once":  # the same address again, in another block
        inspector.look_at_block(broken, world.bank, AS_OF)
    assert counts(inspector).get(name, 0) > 0


@pytest.mark.parametrize("code", ["021000021", "130000007", "13000000"])
def test_a_routing_number_of_a_real_bank_or_a_wrong_one_is_seen(world: World, code: str) -> None:
    bank: Bank = replace(world.bank, code=code)
    inspector = Inspector()
    inspector.look_at_block(world.block, bank, AS_OF)
    assert counts(inspector) == {"bank.bank_code": 1}


def test_findings_of_blocks_add_up(world: World) -> None:
    inspector = Inspector()
    for _ in range(2):
        inspector.look_at_block(world.block, make_bank(world.profile, AS_OF), AS_OF)
    found = {finding.name: finding for finding in inspector.findings()}
    people = world.block.people.age.size
    assert found["bank.first_names"].checked == 2 * people
    assert found["bank.contacts_once"].count == people  # the same block came twice
    assert (world.block.people.employment == Employment.EMPLOYEE).any()
