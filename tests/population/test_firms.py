"""Small businesses of customers: whose they are, what they hold, what nobody else has of it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest

from seedkit.population import make_bank, make_block
from seedkit.population.model import Block
from seedkit.population.words import Employment, HolderRole
from seedkit.profile import read_profile
from seedkit.realism.invariants import BLOCK_RULES, Inspector

AS_OF = date(2026, 6, 30)


def made(*overrides: str, profile: str = "small-business", number: int = 0) -> Block:
    wanted = read_profile(profile, list(overrides)).profile
    return make_block(wanted, AS_OF, make_bank(wanted, AS_OF), number)


@pytest.fixture(scope="module")
def block() -> Block:
    return made()


def test_a_firm_is_run_by_somebody_at_home_who_works_for_it(block: Block) -> None:
    firms, people = block.firms, block.people
    assert len(firms.name) > 60
    assert (people.employment[firms.person] == Employment.SELF_EMPLOYED).all()
    assert (people.employer[firms.person] == firms.name).all()
    assert (people.household[firms.person] == firms.household).all()
    assert (np.diff(firms.household) > 0).all(), "one firm of a household, in order"
    assert (firms.revenue > people.income[firms.person]).all()


def test_what_a_firm_holds_is_nobodys_else(block: Block) -> None:
    roles, firms = block.holding_roles, block.firm_roles
    of_firms = np.isin(roles.holding, firms.holding)
    owning = np.isin(roles.role, (HolderRole.OWNER, HolderRole.JOINT_OWNER))
    assert not (of_firms & owning).any()
    assert (block.firms.person[firms.firm] >= 0).all()
    runs = dict(zip(firms.holding.tolist(), block.firms.person[firms.firm].tolist(), strict=True))
    acting = zip(roles.holding[of_firms].tolist(), roles.person[of_firms].tolist(), strict=True)
    assert {(holding, person) for holding, person in acting} == set(runs.items())
    assert not np.isin(block.group_holdings.holding, firms.holding).any()
    opened = block.holdings.opened[firms.holding]
    assert (opened >= block.firms.founded[firms.firm]).all()


def test_every_firm_has_an_account_and_some_have_more(block: Block) -> None:
    kinds = block.holdings.name[block.firm_roles.holding]
    firms = len(block.firms.name)
    counts = {str(kind): int((kinds == kind).sum()) for kind in set(kinds.tolist())}
    assert counts["Business checking account"] == firms
    for kind, low, high in (("Business loan", 0.1, 0.35), ("Business savings account", 0.2, 0.5)):
        assert low * firms < counts[kind] < high * firms


def test_firms_change_nobodys_life() -> None:
    with_firms = made("small_business.firms=0.5", profile="retail")
    without = made(profile="retail")
    assert not len(without.firms.name)
    assert len(with_firms.firms.name)
    for one in fields(without.people):
        before, after = (getattr(block.people, one.name) for block in (without, with_firms))
        assert (before.astype(str) == after.astype(str)).all()


def test_the_rules_hold_and_one_is_about_firms(block: Block) -> None:
    wanted = read_profile("small-business").profile
    bank, inspector = make_bank(wanted, AS_OF), Inspector()
    inspector.look_at_block(block, bank, AS_OF)
    broken = {found.name for found in inspector.findings() if found.count}
    assert broken == set()
    checked = {found.name: found.checked for found in inspector.findings()}
    assert checked["bank.firms"] == len(block.firms.name)
    assert "bank.firms" in {rule.name for rule in BLOCK_RULES}
    strange = replace(block, firms=replace(block.firms, person=block.firms.person * 0))
    spoilt = Inspector()
    spoilt.look_at_block(strange, bank, AS_OF)
    assert {found.name for found in spoilt.findings() if found.count} == {"bank.firms"}
