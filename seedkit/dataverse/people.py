"""Finding users and teams by what people call them: e-mail, domain name, name or id."""

from __future__ import annotations

import asyncio
import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.principals import Principal, User
from seedkit.errors import MissingInTargetError

USERS, TEAMS = "systemuser", "team"
SETS = {USERS: "systemusers", TEAMS: "teams"}
ACCESS_TEAM = 1
SHOWN = 10
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_USER_COLUMNS = (
    "systemuserid,azureactivedirectoryobjectid,fullname,domainname,internalemailaddress,isdisabled"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A user or team that a word means; `fault` says why it can't be used, if so."""

    principal: Principal
    address: str
    fault: str | None = None

    def __str__(self) -> str:
        kind = "user" if self.principal.table == USERS else "team"
        known_as = self.address or self.principal.id
        return f"{kind} {self.principal.name} ({known_as})"


async def find_user(api: WebApi, word: str) -> User:
    """Return the one user who can act and whom an id, e-mail or domain name means.

    MissingInTargetError names who was found, or who is there.
    """
    columns = ("systemuserid", "azureactivedirectoryobjectid")
    names = ("domainname", "internalemailaddress")
    rows = await api.all(
        SETS[USERS],
        {"$select": _USER_COLUMNS, "$filter": _any_of(columns if is_id(word) else names, word)},
    )
    candidates = [_user(row) for row in rows]
    fault = fault_of(word, candidates, "user")
    if fault is not None:
        there = await who_is_there(api, [word], teams=False)
        raise MissingInTargetError(f"{fault[0].upper()}{fault[1:]}.", there)
    row = rows[0]
    return User(row["systemuserid"], row["azureactivedirectoryobjectid"], row["fullname"])


async def find_owners(api: WebApi, word: str) -> list[Candidate]:
    """Return the users and teams whom a word means."""
    users, teams = await asyncio.gather(
        _search(api, USERS, _USER_COLUMNS, word, "fullname", "domainname", "internalemailaddress"),
        _search(api, TEAMS, "teamid,name,emailaddress,teamtype", word, "name", "emailaddress"),
    )
    return [_user(row) for row in users] + [_team(row) for row in teams]


def fault_of(word: str, candidates: Sequence[Candidate], kind: str) -> str | None:
    """Return why a word does not mean one user or team that can be used; None when it does."""
    if not candidates:
        return f"there is no {kind} {word!r} in the environment"
    if len(candidates) > 1:
        return f"{word!r} may be {' or '.join(map(str, candidates))}"
    return f"{candidates[0]} {candidates[0].fault}" if candidates[0].fault else None


async def who_is_there(api: WebApi, words: Iterable[str], *, teams: bool) -> str:
    """Return a hint with the names that come nearest to some words, or else with the first."""
    rows = await api.all(
        SETS[USERS],
        {
            "$select": "fullname,domainname,internalemailaddress",
            "$filter": "isdisabled eq false and accessmode eq 0",
            "$orderby": "fullname",
        },
    )
    names = [row["internalemailaddress"] or row["domainname"] or row["fullname"] for row in rows]
    if teams:
        found = await api.all(SETS[TEAMS], {"$select": "name", "$orderby": "name"})
        names += [row["name"] for row in found]
    near = [
        name
        for word in words
        for name in difflib.get_close_matches(word, [name for name in names if name], n=2)
    ]
    listed = [*dict.fromkeys(near)] or names[:SHOWN]
    more = "" if near or len(names) <= SHOWN else f", and {len(names) - SHOWN} more"
    return f"{'Did you mean' if near else 'There are'}: {', '.join(listed)}{more}"


def is_id(word: str) -> bool:
    """Tell whether a word is an id, and not a name."""
    return _GUID.fullmatch(word) is not None


async def _search(
    api: WebApi, table: str, columns: str, word: str, *names: str
) -> list[dict[str, Any]]:
    where = _any_of((f"{table}id",) if is_id(word) else names, word)
    return await api.all(SETS[table], {"$select": columns, "$filter": where})


def _any_of(columns: Iterable[str], word: str) -> str:
    quoted = "'" + word.replace("'", "''") + "'"
    literal = word.lower() if is_id(word) else quoted
    return " or ".join(f"{column} eq {literal}" for column in columns)


def _user(row: dict[str, Any]) -> Candidate:
    address = row["internalemailaddress"] or row["domainname"] or ""
    principal = Principal(USERS, row["systemuserid"], row["fullname"] or address)
    return Candidate(principal, address, "is disabled" if row["isdisabled"] else None)


def _team(row: dict[str, Any]) -> Candidate:
    principal = Principal(TEAMS, row["teamid"], row["name"])
    fault = "is an access team, which can't own rows" if row["teamtype"] == ACCESS_TEAM else None
    return Candidate(principal, row["emailaddress"] or "", fault)
