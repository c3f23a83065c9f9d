"""Debts and card accounts, one row each: rates, lateness, use."""

from __future__ import annotations

import numpy as np

from seedkit.extract.contract import DEBTS
from seedkit.extract.model import About, Extract, filled
from seedkit.realism.frames.members import Members
from seedkit.realism.frames.model import Values, is_in, places, rows_of

LATE_DAYS = 30  # from which banks report a loan as delinquent
VERY_LATE_DAYS = 90  # seriously delinquent


def make_debts(extract: Extract, about: About, members: Members) -> dict[str, Values]:
    """Return one row per debt; amounts in prices of 2022."""
    holdings = extract.holdings
    rows = is_in(holdings["kind"], tuple(DEBTS))
    home = rows_of(places(extract.households["id"]), holdings["household"][rows])
    amount = np.nan_to_num(holdings["amount"][rows]) * about.scale_to_2022
    days, opened = holdings["days_past_due"][rows], holdings["opened"][rows]
    known = filled(opened)
    year = np.where(known, opened, np.datetime64("1800-01-01")).astype("datetime64[Y]")
    return {
        "weight": members.weight[home],
        "kind": holdings["kind"][rows],
        "amount": amount,
        "rate": holdings["rate"][rows],
        "year": year.astype(np.float64) + 1970,
        "late_amount": np.where(np.isnan(days), np.nan, amount * (days >= LATE_DAYS)),
        "very_late_amount": np.where(np.isnan(days), np.nan, amount * (days >= VERY_LATE_DAYS)),
        "behaviour": holdings["behaviour"][rows],
    }
