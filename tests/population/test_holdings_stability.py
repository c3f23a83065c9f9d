"""The same arguments give the same bytes; what is asked for beside them changes nothing."""

from dataclasses import fields
from datetime import date

from hypothesis import given

from seedkit.population.banking import make_holdings
from seedkit.population.model import front
from seedkit.profile.models import CardsSection, InstrumentsSection, Profile

from .held import Held, any_held, hold, same
from .made import FEW, TODAY


def again(held: Held):
    return make_holdings(
        held.profile,
        held.today.astype(object),
        held.bank,
        held.number,
        held.households,
        held.people,
        held.events,
    )


@FEW
@given(any_held)
def test_making_a_block_twice_gives_the_same(held):
    twice = again(held)
    assert all(same(getattr(held, f.name), getattr(twice, f.name)) for f in fields(twice))


def test_the_number_of_households_changes_nothing():
    few, many = (hold(Profile(households=n)).parts for n in (1, 100_000))
    assert all(same(getattr(few, f.name), getattr(many, f.name)) for f in fields(few))


@FEW
@given(any_held)
def test_the_front_of_a_block_points_only_into_itself(held):
    for households in (1, 17, 250):
        holdings = front(held.holdings, households)
        people = front(held.people, households)
        events = front(held.events, households)
        for f in fields(held.parts):
            part = front(getattr(held.parts, f.name), households)
            if hasattr(part, "holding"):
                assert (part.holding < holdings.code.size).all(), f.name
            if hasattr(part, "person"):
                assert (part.person < people.age.size).all(), f.name
        assert (front(held.loans, households).event < events.kind.size).all()


def test_seeds_blocks_and_days_make_different_holdings():
    base = hold(Profile()).holdings
    for other in (
        hold(Profile(random_seed=2)),
        hold(Profile(), number=1),
        hold(Profile(), date(2026, 7, 1)),
    ):
        assert other.holdings.balance.tolist() != base.balance.tolist()


def test_instruments_change_neither_holdings_nor_cards():
    plain = hold(Profile())
    other = hold(Profile(instruments=InstrumentsSection(direct_debits=5, standing_orders=0)))
    for name in ("holdings", "holding_roles", "loans", "cards", "positions", "credit_lines"):
        assert same(getattr(plain, name), getattr(other, name)), name


def test_cards_change_no_payments():
    plain, other = hold(Profile()), hold(Profile(cards=CardsSection(debit=0.2)))
    for name in ("holdings", "holding_roles", "loans", "direct_debits", "standing_orders"):
        assert same(getattr(plain, name), getattr(other, name)), name


def test_money_is_whole_cents_and_columns_have_their_types():
    held = hold(Profile(), TODAY)
    for part in fields(held.parts):
        rows = getattr(held.parts, part.name)
        for column in fields(rows):
            values = getattr(rows, column.name)
            assert values.dtype.kind in "iuMOb", (part.name, column.name)
            assert values.shape == rows.household.shape
