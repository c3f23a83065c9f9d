from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedkit.population.bank import exchange_rates, make_bank
from seedkit.population.days import known
from seedkit.population.locale import locale_of
from seedkit.population.locale.en_us import FREE_PREFIXES, routing_code
from seedkit.population.places import load_places
from seedkit.population.words import ProductKind
from seedkit.profile.models import BankSection, Profile

from .made import FEW, TODAY

AMERICA = locale_of("en_US")

banks = st.builds(
    lambda seed, branches, products, day: make_bank(
        Profile(random_seed=seed, bank=BankSection(branches=branches, products=products)), day
    ),
    st.integers(0, 2**63 - 1),
    st.integers(1, 200),
    st.integers(10, 500),
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
)


def test_the_bank_does_not_depend_on_its_households():
    small, large = (make_bank(Profile(households=n), TODAY) for n in (1, 1_000_000))
    assert small.code == large.code
    assert small.branches.street.tolist() == large.branches.street.tolist()
    assert small.products.price.tolist() == large.products.price.tolist()


def test_the_random_seed_makes_another_bank():
    one, other = (make_bank(Profile(random_seed=seed), TODAY) for seed in (1, 2))
    assert one.code != other.code
    assert one.products.price.tolist() != other.products.price.tolist()


def test_a_check_digit_makes_a_routing_number_valid():
    assert routing_code("13000000") == "130000006"
    assert routing_code("99000000") == "990000000"


@FEW
@given(banks)
def test_the_code_is_well_formed_and_nobodys(bank):
    weighted = [int(d) * w for d, w in zip(bank.code, (3, 7, 1) * 3, strict=True)]
    assert sum(weighted) % 10 == 0
    prefix = int(bank.code[:2])
    assert 13 <= prefix <= 20 or 33 <= prefix <= 60 or 73 <= prefix <= 79 or prefix >= 81
    assert bank.code[:2] in FREE_PREFIXES


@FEW
@given(banks)
def test_branches_stand_in_cities_of_their_own(bank):
    branches, places = bank.branches, load_places(AMERICA)
    at = {code: i for i, code in enumerate(places.postcode.tolist())}
    cities = list(zip(branches.city, branches.state, strict=True))
    assert len(set(cities)) == len(set(branches.code)) == len(set(branches.name)) == len(cities)
    for i, postcode in enumerate(branches.postcode):
        row = at[postcode]
        city = int(np.searchsorted(places.first, row, side="right")) - 1
        assert (places.city[city], places.state[city]) == cities[i]
        area, line = branches.phone[i][1:4], branches.phone[i][-8:]
        assert area in places.area_codes[row].split(",")
        assert line[:6] == "555-01"


def test_branches_spread_over_the_country():
    branches = make_bank(Profile(), TODAY).branches
    assert len(set(branches.state.tolist())) >= 9
    assert np.ptp(branches.longitude) > 400_000  # coast to coast


@FEW
@given(banks)
def test_products_are_invented_and_told_apart(bank):
    products = bank.products
    assert len(set(products.ticker)) == len(set(products.name)) == products.name.size
    assert all(len(symbol) > 5 and symbol.endswith(".X") for symbol in products.ticker)
    assert set(products.kind.tolist()) == set(map(int, ProductKind))
    assert (products.price > 0).all()
    assert (products.performance_3y >= -10_000).all()
    bonds = products.kind == ProductKind.BOND
    assert (known(products.matures) == bonds).all()
    assert ((products.coupon > 0) == bonds).all()


def test_there_are_as_many_branches_and_products_as_asked_for():
    bank = make_bank(Profile(bank=BankSection(branches=7, products=10)), TODAY)
    assert bank.branches.code.size == 7
    assert bank.products.name.size == 10


def test_bonds_mature_after_today_and_other_products_are_rare():
    products = make_bank(Profile(), TODAY).products
    assert products.matures[known(products.matures)].min() > np.datetime64(TODAY)
    assert (products.kind == ProductKind.OTHER).sum() == 1


@pytest.mark.parametrize(("own", "expected"), [("USD", 10_900), ("EUR", 10_000), ("GBP", 8_582)])
def test_exchange_rates_are_in_the_banks_own_currency(own, expected):
    bank = make_bank(Profile(currency=own), TODAY)
    assert bank.currencies[0] == own
    assert len(set(bank.currencies)) == len(bank.currencies) == len(bank.exchange_rates)
    assert bank.exchange_rates[0] == 10_000
    assert exchange_rates((own, "EUR"))[1] == expected
