"""What the platform fills in by itself: stamps, owner, currency, status, composed texts."""

from __future__ import annotations

from collections.abc import Sequence, Set
from operator import itemgetter
from typing import Any

from seedkit.emulator.access import BACKDATE
from seedkit.emulator.errors import ARGUMENT, BAD_ID, BAD_STATUS, PlatformError
from seedkit.emulator.rules.autonumber import number_rows
from seedkit.emulator.session import Session
from seedkit.emulator.storage.layout import VERSION, Layout
from seedkit.emulator.writing.plan import OVERRIDDEN, OWNER, RATE, Plan

_OWNING = ("owninguser", "owningteam")
_OWNING_UNIT = "owningbusinessunit"
_EMPTY_ID = "00000000-0000-0000-0000-000000000000"


def template(session: Session, plan: Plan) -> list[Any]:
    """Return a row with everything that all new rows of a request have in common."""
    row = list(plan.defaults)
    stamps = {
        "createdon": session.now,
        "modifiedon": session.now,
        "createdby": session.caller,
        "modifiedby": session.caller,
        "createdonbehalfby": session.behalf_of,
        "modifiedonbehalfby": session.behalf_of,
    }
    for name, value in stamps.items():
        index = plan.at(name)
        if index is not None:
            row[index] = value
    owner = plan.at(OWNER)
    if owner is not None:
        row[owner] = session.caller
        row[owner + 1] = _first_owner_table(plan.layout)
        _set_owning(session, plan, row)
    return row


def complete_new(session: Session, plan: Plan, rows: Sequence[list[Any]]) -> None:
    """Fill in ids, versions and everything that follows from what was sent."""
    version = session.store.take_versions(len(rows))
    version_at = plan.layout.position[VERSION]
    overridden, owner = plan.at(OVERRIDDEN), plan.at(OWNER)
    for offset, row in enumerate(rows):
        if row[0] is None:
            row[0] = session.environment.new_id()
        elif row[0] == _EMPTY_ID:
            raise PlatformError(BAD_ID, f"The id of {plan.layout.name} is empty.")
        row[version_at] = version + offset
        if overridden is not None and row[overridden] is not None:
            _backdate(session, plan, row, overridden)
        if owner is not None and row[owner] != session.caller:
            session.need_owner(plan.layout, row[owner + 1], row[owner])
            _set_owning(session, plan, row)
    _complete_status(plan, rows)
    _complete_amounts(session, plan, rows)
    number_rows(session, plan.layout, plan.numbered, rows)
    _compose(plan, rows)


def _complete_amounts(session: Session, plan: Plan, rows: Sequence[list[Any]]) -> None:
    """Work out the base amounts of those rows that have a currency or an amount."""
    if plan.currency is None:
        return
    # The currency stands here twice so that a table without amounts gives a tuple, too.
    read = itemgetter(plan.currency, plan.currency, *(amount.index for amount in plan.amounts))
    nothing = read([None] * len(plan.layout.columns))
    for row in rows:
        if read(row) != nothing:
            _set_base_amounts(session, plan, row)


def _compose(plan: Plan, rows: Sequence[list[Any]]) -> None:
    """Put the composed texts together; those without any source stay empty."""
    for item in plan.composed:
        # The first source stands here twice so that a single one gives a tuple, too.
        read = itemgetter(item.sources[0], *item.sources)
        nothing = read([None] * len(plan.layout.columns))
        for row in rows:
            values = read(row)
            if values != nothing:
                row[item.index] = item.compose(*values[1:])


def _complete_status(plan: Plan, rows: Sequence[list[Any]]) -> None:
    """Give each row the status reason of its state, and refuse one of another state."""
    status, state = plan.at("statuscode"), plan.at("statecode")
    if status is None or state is None:
        return
    for row in rows:
        if row[status] is None:
            row[status] = plan.status_of_state.get(row[state])
        elif plan.state_of_status.get(row[status], row[state]) != row[state]:
            raise _bad_status(plan, row[state], row[status])


def complete_update(
    session: Session, plan: Plan, old: list[Any], new: list[Any], sent: Set[str]
) -> None:
    """Fill in what follows from the columns that were sent."""
    for name, value in (("modifiedon", session.now), ("modifiedby", session.caller)):
        index = plan.at(name)
        if index is not None:
            new[index] = value
    if OWNER in sent:
        owner = plan.layout.position[OWNER]
        session.need_owner(plan.layout, new[owner + 1], new[owner])
        _set_owning(session, plan, new)
    if "statecode" in sent or "statuscode" in sent:
        _change_status(plan, new, sent)
    if plan.currency is not None and any(
        old[index] != new[index]
        for index in (plan.currency, *(amount.index for amount in plan.amounts))
    ):
        _set_base_amounts(session, plan, new)
    for item in plan.composed:
        new[item.index] = item.compose(*[new[source] for source in item.sources])


def _backdate(session: Session, plan: Plan, row: list[Any], overridden: int) -> None:
    """Swap the two: the sent time becomes createdon, the real one goes where it was sent."""
    if row[overridden] > session.now:
        raise PlatformError(ARGUMENT, f"'{OVERRIDDEN}' can't be in the future.")
    session.need(BACKDATE)
    created = plan.at("createdon")
    if created is not None:
        row[created], row[overridden] = row[overridden], session.now


def _first_owner_table(layout: Layout) -> str:
    targets = layout.table.columns[OWNER].targets or {}
    return next(iter(targets))


def _set_owning(session: Session, plan: Plan, row: list[Any]) -> None:
    owner = plan.at(OWNER)
    if owner is None:
        return
    owner_table = row[owner + 1]
    for name in _OWNING:
        index, column = plan.at(name), plan.layout.table.columns.get(name)
        if index is not None and column is not None:
            row[index] = row[owner] if owner_table in (column.targets or {}) else None
    unit = plan.at(_OWNING_UNIT)
    if unit is not None:
        row[unit] = session.unit_of(owner_table, row[owner])


def _change_status(plan: Plan, row: list[Any], sent: Set[str]) -> None:
    state, status = plan.at("statecode"), plan.at("statuscode")
    if state is None or status is None:
        return
    if "statuscode" not in sent or row[status] is None:
        row[status] = plan.status_of_state.get(row[state])
    elif plan.state_of_status.get(row[status], row[state]) != row[state]:
        raise _bad_status(plan, row[state], row[status])


def _bad_status(plan: Plan, state: int, status: int) -> PlatformError:
    return PlatformError(
        BAD_STATUS,
        f"{status} is not a valid status code for state code {state} on {plan.layout.name}.",
    )


def _set_base_amounts(session: Session, plan: Plan, row: list[Any]) -> None:
    """Work out the shadows in the base currency; the currency itself defaults to that one."""
    currency, rate_at = plan.currency, plan.at(RATE)
    if currency is None or rate_at is None:
        return
    filled = [amount for amount in plan.amounts if row[amount.index] is not None]
    if filled and row[currency] is None:
        row[currency] = session.environment.base_currency
    if row[currency] is None:
        for amount in plan.amounts:
            row[amount.base_index] = None
        row[rate_at] = None
        return
    rate = session.rate(row[currency])
    row[rate_at] = rate
    for amount in plan.amounts:
        value = row[amount.index]
        row[amount.base_index] = None if value is None else round(value / rate, amount.digits)
