from collections import Counter

import numpy as np
from hypothesis import given

from seedkit.population.words import InvestmentKind, PositionKind, ProductKind
from seedkit.profile.models import BankSection, Profile

from .held import any_held, hold
from .made import FEW


def by_holding(held, values: np.ndarray) -> np.ndarray:
    """Sums over positions for each investment."""
    total = np.zeros(held.holdings.code.size, np.int64)
    np.add.at(total, held.positions.holding, values)
    return total[held.investments.holding]


def cents(money: np.ndarray, quantity: np.ndarray) -> np.ndarray:
    """Money x hundredths of a unit, rounded to the cent, halves up."""
    return (money * quantity + 50) // 100


@FEW
@given(any_held)
def test_a_balance_is_cash_and_positions(held):
    investments, positions = held.investments, held.positions
    assert (positions.value == cents(positions.price, positions.quantity)).all()
    worth = by_holding(held, positions.value)
    assert (held.of(investments, "balance") == investments.cash + worth).all()
    assert (investments.cash >= 0).all()


@FEW
@given(any_held)
def test_the_gain_is_value_less_cost(held):
    investments, positions = held.investments, held.positions
    cost = cents(positions.cost, positions.quantity)
    assert (investments.gain == by_holding(held, positions.value - cost)).all()
    paid = by_holding(held, cost)
    assert (investments.performance == investments.gain * 10_000 // paid).all()
    assert (positions.cost > 0).all()


@FEW
@given(any_held)
def test_portfolios_hold_two_to_six_different_products_at_todays_price(held):
    positions, products = held.positions, held.bank.products
    sizes = Counter(positions.holding.tolist())
    assert set(sizes) == set(held.investments.holding.tolist())
    assert min(sizes.values()) == 2
    assert max(sizes.values()) == 6
    pairs = list(zip(positions.holding.tolist(), positions.product.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs)
    assert (positions.price == products.price[positions.product]).all()
    assert (positions.quantity > 0).all()
    assert (positions.kind == PositionKind.LONG).all()


@FEW
@given(any_held)
def test_only_brokerage_accounts_speculate(held):
    positions, products = held.positions, held.bank.products
    bold = np.isin(
        products.kind[positions.product],
        [
            ProductKind.OPTION,
            ProductKind.CRYPTOCURRENCY,
            ProductKind.FOREIGN_CURRENCY,
            ProductKind.OTHER,
        ],
    )
    assert bold.any()
    assert (held.of(positions, "kind")[bold] == InvestmentKind.BROKERAGE).all()
    assert max(Counter(positions.holding[bold].tolist()).values()) == 1


@FEW
@given(any_held)
def test_a_portfolio_earns_what_its_products_earn(held):
    positions, products = held.positions, held.bank.products
    for column in ("performance_1y", "performance_3y", "performance_ytd"):
        earned = getattr(products, column)[positions.product].astype(np.int64)
        weighted = by_holding(held, positions.value * earned) // by_holding(held, positions.value)
        assert (getattr(held.investments, column) == weighted).all()


def test_ten_products_are_enough():
    held = hold(Profile(bank=BankSection(products=10)))
    pairs = list(zip(held.positions.holding, held.positions.product, strict=True))
    assert len(set(pairs)) == len(pairs)
    assert set(held.bank.products.kind.tolist()) == set(map(int, ProductKind))
