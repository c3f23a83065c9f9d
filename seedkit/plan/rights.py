"""What owners need to own rows, and what we need to see rows that belong to others."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from seedkit.dataverse.acting import BACKDATE, DOES_NOT_TELL
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.details import LivePrivilege, read_privileges
from seedkit.dataverse.listing import windows
from seedkit.dataverse.people import TEAMS
from seedkit.dataverse.privileges import GLOBAL, held, held_by_team
from seedkit.errors import MissingPrivilegeError, ServiceError
from seedkit.plan.model import Owner, Plan

READ = "Read"
OWNER_REFUSED = "0x80040231"  # PrincipalPrivilegeDenied: the owner to be lacks a privilege
SHOWN = 3
A_ROLE = "that reads these tables, such as Retail banking: Viewer"


async def check_owners(
    api: WebApi, user: str, owners: Sequence[Owner], tables: Iterable[str]
) -> None:
    """Stop when an owner may not own rows of some tables, or we could not see them afterwards.

    `user` is the systemuserid in whose name rows are made and read.
    """
    others = [owner for owner in owners if owner.who.id != user]
    if not others:
        return
    reading = await _reading(api, tables)
    lacking = await asyncio.gather(*(_lacking(api, owner, reading) for owner in others))
    faults = [
        f"{owner.who.name} lacks {_some(names)}"
        for owner, names in zip(others, lacking, strict=True)
        if names
    ]
    if faults:
        raise MissingPrivilegeError(
            f"Rows can't be given to every owner: {'; '.join(faults)}.",
            f"Give them a security role {A_ROLE}",
        )
    await _check_sight(api, user, reading)


async def check_sight(api: WebApi, user: str, plan: Plan) -> None:
    """Stop when rows of a run belong to others and we can't see all of them.

    What is not seen would be taken for gone.
    """
    foreign = plan.impersonated is not None and plan.impersonated.id != user
    given = any(owner.who.id != user for owner in plan.everyone)
    tables = [table.name for table in plan.tables if foreign or (given and table.owned)]
    if tables:
        await _check_sight(api, user, await _reading(api, tables))


async def partly_seen(api: WebApi, user: str, tables: Iterable[str]) -> dict[str, str]:
    """Return the tables of which a user sees only some rows, with how far the privilege reaches.

    Empty where the environment does not tell. What may not be read at all is not among them.
    """
    found: dict[str, str] = {}
    for window in windows(tables):
        reading = await _reading(api, window)
        try:
            depths = await held(api, user, {one.name for one in reading})
        except ServiceError as error:
            if error.status not in DOES_NOT_TELL:
                raise
            return {}
        found |= {one.table: depths[one.name] for one in reading if one.name in depths}
    return {table: depth for table, depth in found.items() if depth != GLOBAL}


def check_backdating(plan: Plan, rights: frozenset[str]) -> None:
    """Stop when a run back-dates rows, and those who act may not (any more)."""
    if plan.backdates and BACKDATE not in rights:
        raise MissingPrivilegeError(
            f"Run {plan.run_id} sets creation days, and this account lacks the privilege "
            f"{BACKDATE}; nothing was changed.",
            "System administrators have it, and it can be added to a role. Then: "
            f"seedkit resume {plan.run_id}",
        )


def explained(plan: Plan, error: ServiceError) -> ServiceError:
    """Return a refusal with a hint, where it is about an owner."""
    named = [owner.who.name for owner in plan.everyone if owner.who.id in error.reason.lower()]
    if error.code == OWNER_REFUSED and named:
        error.hint = f"Rows can't be given to {named[0]}: give it a security role {A_ROLE}"
    return error


async def _reading(api: WebApi, tables: Iterable[str]) -> list[LivePrivilege]:
    return [one for one in await read_privileges(api, tables) if one.right == READ]


async def _lacking(api: WebApi, owner: Owner, wanted: Sequence[LivePrivilege]) -> list[str]:
    if owner.who.table == TEAMS:
        ids = await held_by_team(api, owner.who.id)
        return [one.name for one in wanted if one.id not in ids]
    names = await held(api, owner.who.id, [one.name for one in wanted])
    return [one.name for one in wanted if one.name not in names]


async def _check_sight(api: WebApi, user: str, reading: Sequence[LivePrivilege]) -> None:
    depths = await held(api, user, [one.name for one in reading])
    short = [one.name for one in reading if depths.get(one.name) != GLOBAL]
    if short:
        raise MissingPrivilegeError(
            f"The run's rows belong to others, and this account would not see them all: "
            f"{_some(short)} must reach the whole organisation. Nothing was changed.",
            "Give it a role with that depth, or let it own the rows: --set owners={}",
        )


def _some(names: Sequence[str]) -> str:
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")
