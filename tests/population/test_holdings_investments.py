from collections import Counter

import numpy as np
from hypothesis import given

from seedkit.population.days import add_years
from seedkit.population.model import NO_FIGURE
from seedkit.population.words import InvestmentKind, PositionKind, ProductKind, Risk
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
def test_what_is_special_is_a_small_part_of_bold_portfolios(held):
    positions, products = held.positions, held.bank.products
    kind = products.kind[positions.product]
    special = (kind >= ProductKind.OPTION) & (kind != ProductKind.CASH)
    worth = held.of(positions, "balance")
    assert (positions.value[special] * 100 <= 8 * worth[special]).all()
    row = np.searchsorted(held.investments.holding, positions.holding[special])
    assert (held.investments.risk[row] == Risk.HIGH).all()
    assert not {"Safety, dynamic", "Reserve, dynamic"} & set(held.investments.portfolio)


@FEW
@given(any_held)
def test_a_portfolio_earns_what_its_products_earn(held):
    positions, products, investments = held.positions, held.bank.products, held.investments
    opened = held.of(investments, "opened")
    since = {
        "performance_1y": opened <= add_years(held.today, -1),
        "performance_3y": opened <= add_years(held.today, -3),
        "performance_ytd": opened < held.today.astype("datetime64[Y]"),
    }
    for column, old_enough in since.items():
        earned = getattr(products, column)[positions.product].astype(np.int64)
        weighted = by_holding(held, positions.value * earned) // by_holding(held, positions.value)
        found = getattr(investments, column)
        assert (found == weighted)[old_enough].all()
        young = investments.performance if column == "performance_ytd" else NO_FIGURE
        assert (found == young)[~old_enough].all()


@FEW
@given(any_held)
def test_young_portfolios_have_gained_or_lost_little(held):
    days = (held.today - held.of(held.investments, "opened")).astype(int)
    gain = np.abs(held.investments.performance)
    assert (gain[days < 90] <= 1_500).all()
    assert (gain[days < 20] <= 400).all()


def test_old_portfolios_have_grown_by_some_percent_a_year():
    held = hold(Profile())
    days = (held.today - held.of(held.investments, "opened")).astype(int)
    assert 2_500 < np.median(held.investments.performance[days > 3_650]) < 12_000


@FEW
@given(any_held)
def test_bonds_cost_near_par(held):
    bonds = held.bank.products.kind[held.positions.product] == ProductKind.BOND
    assert (np.abs(held.positions.cost[bonds] - 10_000) <= 1_400).all()


def test_ten_products_are_enough():
    held = hold(Profile(bank=BankSection(products=10)))
    pairs = list(zip(held.positions.holding, held.positions.product, strict=True))
    assert len(set(pairs)) == len(pairs)
    assert set(held.bank.products.kind.tolist()) == set(map(int, ProductKind))
