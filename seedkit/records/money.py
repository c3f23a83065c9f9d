"""Money in two currencies: the row's own, and the environment's base currency beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from seedkit.errors import MissingInTargetError
from seedkit.population.model import Flags, Ints, Money, Texts
from seedkit.records.batch import Lookup
from seedkit.records.values import hundredths, only

_PER = 10_000  # foreign minor units to which the population's exchange rates refer
_RATE_STEPS = 100  # msfsi_balanceexchangerate has two decimals
_WORST_ROUNDING = 0.01


@dataclass(frozen=True, slots=True)
class Exchange:
    """The bank's currencies by their index, the own one first.

    `rates` are what `msfsi_balanceexchangerate` says: base units for one foreign unit. The column
    has two decimals, so amounts are converted at the rounded rate, and both agree to the cent.
    Where rounding would move the rate by more than one per cent (a yen is 0.0067 dollars) no rate
    is sent, and the amount in base currency is converted at the exact one.
    """

    ids: tuple[str | None, ...]
    codes: tuple[str, ...]
    rates: tuple[float | None, ...]
    numerators: Ints
    denominators: Ints

    def amounts(self, currency: Ints) -> Amounts:
        """Return the view on rows that are kept in these currencies."""
        return Amounts(self, currency)


@dataclass(frozen=True, slots=True)
class Amounts:
    """Money of rows of which each has its currency."""

    exchange: Exchange
    currency: Ints

    def pair(
        self, column: str, minor: Money, default: str | None = None, shown: Flags | None = None
    ) -> dict[str, Sequence[object]]:
        """Return the column and the one beside it that holds the same in base currency.

        Where `shown` is given and false neither is sent.
        """
        own, base = self.own(minor), self.base(minor)
        beside = default or f"{column}_default"
        if shown is None:
            return {column: own, beside: base}
        return {column: only(shown, own), beside: only(shown, base)}

    def own(self, minor: Money) -> list[float]:
        """Return amounts in the row's currency."""
        return hundredths(minor)

    def base(self, minor: Money) -> list[float]:
        """Return amounts in base currency, rounded half away from zero."""
        above = np.abs(minor) * self.exchange.numerators[self.currency]
        below = self.exchange.denominators[self.currency]
        converted = np.sign(minor) * ((2 * above + below) // (2 * below))
        return hundredths(converted)

    def rates(self) -> Sequence[object]:
        """Return the exchange rates, as far as two decimals can say them."""
        rates = np.array(self.exchange.rates, dtype=object)
        sent: list[object] = rates[self.currency].tolist()
        return sent

    def lookup(self) -> Lookup:
        """Return the rows' currency column."""
        for index in np.unique(self.currency).tolist():
            if self.exchange.ids[index] is None:
                raise _missing(self.exchange.codes[index])
        ids: Texts = np.array(self.exchange.ids, dtype=object)
        return Lookup("transactioncurrencyid", "transactioncurrency", ids[self.currency].tolist())


def make_exchange(
    codes: Sequence[str], rates: Sequence[int], currencies: Mapping[str, str]
) -> Exchange:
    """Prepare conversion of the bank's currencies.

    `rates` are own hundredths for 10,000 hundredths of each: the population counts hundredths in
    all currencies. `currencies` maps ISO codes to ids.
    """
    exact = np.array(rates, dtype=np.int64)
    steps = (exact * _RATE_STEPS + _PER // 2) // _PER
    units = exact / _PER
    sayable = np.abs(steps / _RATE_STEPS - units) <= _WORST_ROUNDING * units
    return Exchange(
        ids=tuple(currencies.get(code) for code in codes),
        codes=tuple(codes),
        rates=tuple(only(sayable, hundredths(steps))),
        numerators=np.where(sayable, steps, exact),
        denominators=np.where(sayable, _RATE_STEPS, _PER),
    )


def _missing(code: str) -> MissingInTargetError:
    return MissingInTargetError(
        f"The environment has no currency {code}, and rows of this run are kept in it.",
        f"Add {code} to the environment, or choose another with --set currency=CODE or "
        "--set banking.foreign_currency=0.",
    )
