"""What server code does beyond the schema: calculated columns, composed texts, plug-ins.

With `content.py` the one place that names tables. Marks: [V] read in the solution's own files,
[K] general knowledge of the platform, [I] inferred.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

from seedkit.emulator.errors import PLUGIN, PlatformError

Row = Mapping[str, Any]
Composer = tuple[tuple[str, ...], Callable[..., str | None]]
CreateRule = Callable[[sqlite3.Connection, Sequence[Row]], None]
UpdateRule = Callable[[sqlite3.Connection, Row, Row, Set[str]], None]

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
    "account": {"msfsi_tenureyears": f"round({_TENURE}, 1)"},
    "contact": {"msfsi_tenureyears": f"round({_TENURE}, 2)"},
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


def _full_name(first: str | None, last: str | None) -> str | None:
    return " ".join(part for part in (first, last) if part) or None


def _address(  # one argument per column that the composite is made of
    line1: str | None,
    line2: str | None,
    line3: str | None,
    city: str | None,
    state: str | None,
    postal_code: str | None,
    country: str | None,
) -> str | None:
    region = " ".join(part for part in (state, postal_code) if part)
    place = ", ".join(part for part in (city, region) if part)
    return "\r\n".join(part for part in (line1, line2, line3, place, country) if part) or None


def _address_sources(number: int) -> tuple[str, ...]:
    parts = ("line1", "line2", "line3", "city", "stateorprovince", "postalcode", "country")
    return tuple(f"address{number}_{part}" for part in parts)


_ADDRESSES: Mapping[str, Composer] = {
    f"address{number}_composite": (_address_sources(number), _address) for number in (1, 2, 3)
}
_PERSON: Mapping[str, Composer] = {"fullname": (("firstname", "lastname"), _full_name)}

# Texts that the platform puts together when a row is written [K].
COMPOSED: Mapping[str, Mapping[str, Composer]] = {
    "account": _ADDRESSES,
    "contact": {**_PERSON, **_ADDRESSES},
    "systemuser": _PERSON,
}


def _one_primary_group(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Refuse a second primary membership of one member in groups of one type [V].

    The real plug-in looks at stored rows; whether it sees earlier rows of one bulk request is not
    known, so the stricter answer is given.
    """
    taken: set[tuple[str, int | None]] = set()
    for row in rows:
        if not row["msfsi_isprimarygroup"]:
            continue
        group_type = _type_of_group(connection, row)
        if (row["msfsi_member"], group_type) in taken or _has_primary(connection, row, group_type):
            raise PlatformError(
                PLUGIN, "The member already has a primary group of this type; one is allowed."
            )
        taken.add((row["msfsi_member"], group_type))


def _type_of_group(connection: sqlite3.Connection, row: Row) -> int | None:
    if row["msfsi_group"] is None or row["msfsi_member"] is None:
        raise PlatformError(PLUGIN, "A primary membership needs both a group and a member.")
    found = connection.execute(
        "SELECT msfsi_type FROM msfsi_group WHERE msfsi_groupid = ?", (row["msfsi_group"],)
    ).fetchone()
    return None if found is None else found[0]


def _has_primary(connection: sqlite3.Connection, row: Row, group_type: int | None) -> bool:
    found = connection.execute(
        "SELECT 1 FROM msfsi_groupmember m JOIN msfsi_group g ON g.msfsi_groupid = m.msfsi_group "
        "WHERE m.msfsi_member = ? AND m.msfsi_isprimarygroup = 1 AND g.msfsi_type IS ? "
        "AND m.msfsi_groupmemberid <> ? LIMIT 1",
        (row["msfsi_member"], group_type, row["msfsi_groupmemberid"]),
    ).fetchone()
    return found is not None


def _primary_group_kept(
    connection: sqlite3.Connection, _old: Row, new: Row, sent: Set[str]
) -> None:
    if sent & {"msfsi_group", "msfsi_member", "msfsi_isprimarygroup"}:
        _one_primary_group(connection, [new])


def _group_type_kept(_connection: sqlite3.Connection, old: Row, new: Row, sent: Set[str]) -> None:
    """Refuse a change of a group's type, also from none to one [V]."""
    if "msfsi_type" in sent and old["msfsi_type"] != new["msfsi_type"]:
        raise PlatformError(PLUGIN, "The type of a group can't be changed.")


CREATE_RULES: Mapping[str, CreateRule] = {"msfsi_groupmember": _one_primary_group}
UPDATE_RULES: Mapping[str, UpdateRule] = {
    "msfsi_groupmember": _primary_group_kept,
    "msfsi_group": _group_type_kept,
}
