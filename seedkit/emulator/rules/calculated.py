"""Calculated columns as SQL: worked out when a row is read. `{t}` stands for the table's alias.

Marks: [V] read in the solution's own files, [I] inferred; `expected` as in `errors.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from seedkit.emulator.rules.views import ADDRESS_IDS

_ASSET = 1

# Months since joining, as years [V]; whole months passed [I].
_TENURE = """(
    (strftime('%Y', platform_now()) - strftime('%Y', {t}.msfsi_joindate)) * 12
    + strftime('%m', platform_now()) - strftime('%m', {t}.msfsi_joindate)
    - (strftime('%d', platform_now()) < strftime('%d', {t}.msfsi_joindate))
) / 12.0"""

# The balance as it is for an asset, otherwise 0 minus the balance [V].
_BALANCES = {
    shown: (
        f"CASE WHEN {{t}}.msfsi_accountingclassification = {_ASSET} "
        f"THEN {{t}}.{source} ELSE 0 - {{t}}.{source} END"
    )
    for shown, source in (
        ("msfsi_balancedisplayvalue", "msfsi_balance"),
        ("msfsi_balancedisplayvalue_base", "msfsi_balance_base"),
        ("msfsi_balancedefaultdisplayvalue", "msfsi_balancedefault"),
    )
}

# Value now less what was paid for it; performance in percent of what was paid. Which columns are
# calculated is [V], the formulas are [I].
_PAID = "{t}.msfsi_averagesecuritycost * {t}.msfsi_positioncount"
_PAID_BASE = "{t}.msfsi_averagesecuritycost_base * {t}.msfsi_positioncount"
_PAID_DEFAULT = "{t}.msfsi_averagesecuritycostdefault * {t}.msfsi_positioncount"

CALCULATED: Mapping[str, Mapping[str, str]] = {
    "account": {**ADDRESS_IDS["account"], "msfsi_tenureyears": f"round({_TENURE}, 1)"},
    "contact": {**ADDRESS_IDS["contact"], "msfsi_tenureyears": f"round({_TENURE}, 2)"},
    # Counted when read; the platform keeps the count on the parent [expected].
    "incident": {
        "numberofchildincidents": (
            "(SELECT count(*) FROM incident child WHERE child.parentcaseid = {t}.incidentid)"
        )
    },
    "msfsi_fh_account": _BALANCES,
    "msfsi_fh_creditline": _BALANCES,
    "msfsi_fh_investment": _BALANCES,
    "msfsi_fh_saving": _BALANCES,
    "msfsi_fh_loan": {
        **_BALANCES,
        # Days from the overdue date to now [V].
        "msfsi_dayspastdue": (
            "CAST(julianday(platform_now()) - julianday({t}.msfsi_overduedate) AS INTEGER)"
        ),
    },
    "msfsi_fi_position": {
        "msfsi_gainloss": f"round({{t}}.msfsi_currentvalue - {_PAID}, 2)",
        "msfsi_gainloss_base": f"round({{t}}.msfsi_currentvalue_base - {_PAID_BASE}, 2)",
        "msfsi_gain_loss_default": f"round({{t}}.msfsi_currentvaluedefault - {_PAID_DEFAULT}, 2)",
        "msfsi_performance": (
            f"round(({{t}}.msfsi_currentvaluedefault / nullif({_PAID_DEFAULT}, 0) - 1) * 100, 2)"
        ),
    },
}
