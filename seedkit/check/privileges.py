"""What our user may do: rights on each table, the special privileges, and the header note."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from seedkit.check.model import Area, Finding, Look, Probe, State, several
from seedkit.check.place import me, myself
from seedkit.check.roles import ADMINISTRATOR, chosen, expected, giving
from seedkit.dataverse.acting import ACT_FOR_OTHERS, BACKDATE, BYPASS
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.details import LivePrivilege, read_privileges
from seedkit.dataverse.privileges import held
from seedkit.errors import MissingInTargetError, ServiceError
from seedkit.load.header import NOTE_TABLE
from seedkit.ordering import arrange
from seedkit.plan.making import edges_of
from seedkit.plan.owners import read_owners
from seedkit.purge.companions import holds_strangers

_AREA = Area.PRIVILEGES
BULK_DELETE = "prvBulkDelete"
ALL_ROWS = "Global"
OWN_ROWS = "Basic"  # the depth that reaches no further than a user's own rows
_HANGING = "rows of others"
_WHERE = "in the admin centre (Settings > Users + permissions)"
# Privileges that no seed needs, with what is left out without them.
_SPECIAL = {
    BYPASS: "--bypass-logic is refused",
    ACT_FOR_OTHERS: "--impersonate is refused",
    BULK_DELETE: "no background job can delete",
}
_OURS = (ACT_FOR_OTHERS, BULK_DELETE)  # privileges of which nobody else's count
_DEPTHS = ("Basic", "Local", "Deep", "RecordFilter", "Global")  # the narrowest first


async def _held(look: Look, names: Iterable[str], *, purging: bool = False) -> Mapping[str, str]:
    """Return those of some privileges that count, with their depths.

    Who acts for somebody else may do what both of them may; a purge acts in its own name.
    """
    wanted = list(names)
    own = await _of(look, look.own or look.api, (await myself(look))["UserId"], wanted)
    if purging or look.own is None:
        return own
    other = await _of(look, look.api, (await me(look))["UserId"], wanted)
    return {name: min(own[name], other[name], key=_DEPTHS.index) for name in own if name in other}


async def _of(look: Look, api: WebApi, user: str, names: list[str]) -> Mapping[str, str]:
    return await look.once(f"{user} {names}", lambda: held(api, user, names))


async def rights(look: Look) -> list[Finding]:
    """Tell of rights that our user lacks on tables, and of the roles that would give them."""
    named = await look.once("privileges", lambda: read_privileges(look.api, look.uses.named))
    wanted = await _needed(look)
    asked = [item for item in named if item.right in wanted.get(item.table, ())]
    got = await _held(look, [item.name for item in asked])
    purging = await _held(look, [item.name for item in asked], purging=True)
    lacking = [
        item for item in asked if item.name not in (purging if item.right == "Delete" else got)
    ]
    if not asked:
        detail = "the definitions of tables name no privileges"
        remedy = f"Compare the user's roles {_WHERE} with those of a user who can seed."
        return [Finding(_AREA, "rights", State.UNKNOWN, detail, remedy)]
    if not lacking:
        detail = f"all {len(asked)} that a seed and its purge need on {len(wanted)} tables"
        return [Finding(_AREA, "rights", State.OK, detail)]
    roles = await _roles(look, lacking)
    return [_lacking(right, lacking, roles) for right in sorted({item.right for item in lacking})]


async def _needed(look: Look) -> Mapping[str, set[str]]:
    """Return the rights that a seed and its purge need, by table."""
    uses = look.uses
    found = {table: {"Create", "Read", "Delete"} for table in uses.tables}
    found[NOTE_TABLE].add("Write")  # it is completed when the run is
    for table in await _written_twice(look):
        found[table].add("Write")
    for table, _, target in uses.request.links:
        found[table].add("Append")
        found.setdefault(target, {"Read"}).add("AppendTo")
    if uses.request.everyone:
        for table in uses.tables:
            found[table].add("Assign")
    return found


async def _written_twice(look: Look) -> set[str]:
    """Return the tables whose lookups close a circle and are set in a second pass."""
    live = {table.name: table for table in await look.present()}
    known = [
        link
        for link in look.uses.request.links
        if link[0] in live and link[1] in live[link[0]].columns
    ]
    return {edge.child for edge in arrange(live, edges_of(known, live)).opened}


async def _roles(look: Look, lacking: Sequence[LivePrivilege]) -> Mapping[str, set[str]]:
    """Return which roles give what lacks; none where the environment does not tell."""
    try:
        return await giving(look, sorted({item.name for item in lacking}))
    except ServiceError:
        return {}


def _lacking(
    right: str, lacking: Sequence[LivePrivilege], roles: Mapping[str, set[str]]
) -> Finding:
    items = [item for item in lacking if item.right == right]
    names = [item.name for item in items]
    if roles:
        give = chosen(roles, names)
    else:
        give = list(dict.fromkeys(role for item in items for role in expected(item.table, right)))
    detail = f"{_plural(len(names))} missing: {several(names)}"
    return Finding(_AREA, right, State.REFUSED, detail, _give(give))


def _plural(count: int) -> str:
    return "1 privilege is" if count == 1 else f"{count} privileges are"


def _give(roles: Sequence[str]) -> str:
    word = "role" if len(roles) == 1 else "roles"
    return f"Give the user the security {word} {' and '.join(roles)} {_WHERE}."


async def special(look: Look) -> list[Finding]:
    """Tell of the privileges without which a seed works, but does less."""
    names = [BACKDATE, *_SPECIAL]
    got = await _held(look, names)
    own = await _held(look, names, purging=True)
    return [
        _backdate(look, BACKDATE in got),
        *(_special(name, name in (own if name in _OURS else got)) for name in _SPECIAL),
    ]


def _backdate(look: Look, got: bool) -> Finding:
    if got or not look.uses.request.backdates:
        detail = "rows can be dated back" if got else "not needed: the profile dates nothing back"
        return Finding(_AREA, BACKDATE, State.OK, detail)
    detail = "lacks: rows are created today, so the app marks old life events as new"
    remedy = f"{_give([ADMINISTRATOR])[:-1]}, or add the privilege to another."
    return Finding(_AREA, BACKDATE, State.NOTE, detail, remedy)


def _special(name: str, got: bool) -> Finding:
    if got:
        return Finding(_AREA, name, State.OK, "held")
    remedy = "Nothing to do unless you want it; it can be added to a role of the user."
    return Finding(_AREA, name, State.NOTE, f"lacks: {_SPECIAL[name]}", remedy)


async def notes(look: Look) -> list[Finding]:
    """Tell whether colleagues with our roles can read the header note, and we theirs."""
    named = await look.once("privileges", lambda: read_privileges(look.api, look.uses.named))
    names = [item.name for item in named if (item.table, item.right) == (NOTE_TABLE, "Read")]
    got = await _held(look, names, purging=True)
    if not got:
        return []  # that notes can't be read at all is told among the rights
    depth = next(iter(got.values()))
    if depth != OWN_ROWS:
        detail = f"read with depth {depth}: who has our roles finds this run and can purge it"
        return [Finding(_AREA, "header note", State.OK, detail)]
    detail = "only our own notes can be read: colleagues with our roles don't find the run"
    remedy = f"Give a role that reads notes (prvReadNote) of the business unit {_WHERE}."
    return [Finding(_AREA, "header note", State.NOTE, detail, remedy)]


async def hanging(look: Look) -> list[Finding]:
    """Tell whether a purge would see all rows of others that hang on ours."""
    tables = await _dependants(look)
    named = await look.once("hanging", lambda: read_privileges(look.api, tables))
    reads = [item for item in named if item.right == "Read"]
    got = await _held(look, [item.name for item in reads], purging=True)
    unread = [item.table for item in reads if item.name not in got]
    partly = [item.table for item in reads if got.get(item.name, ALL_ROWS) != ALL_ROWS]
    told = [f"no right to read {several(unread)}"] if unread else []
    told += [f"only some rows of {several(partly)}"] if partly else []
    if not told:
        detail = f"a purge sees all of them, in {len(tables)} tables"
        return [Finding(_AREA, _HANGING, State.OK, detail)]
    remedy = f"Give a role that reads all rows of these tables {_WHERE}."
    # What can't be purged by the account that made it had better not be seeded.
    state = State.MISSING if unread else State.NOTE
    partial = "a purge does not see the others, and wants --confirm RUN"
    end = "a purge by this account stops" if unread else partial
    return [Finding(_AREA, _HANGING, state, f"{'; '.join(told)}: {end}", remedy)]


async def _dependants(look: Look) -> list[str]:
    """Return the tables whose rows a delete of ours may take along."""
    return sorted(
        {
            relationship.child
            for table in await look.present()
            for relationship in table.children
            if relationship.takes_child and holds_strangers(relationship.child)
        }
    )


async def owners(look: Look) -> list[Finding]:
    """Tell whether the owners that the profile names are there."""
    wanted = look.uses.request.everyone
    if not wanted:
        return [Finding(_AREA, "owners", State.OK, "rows belong to our user")]
    try:
        found = await read_owners(look.api, wanted)
    except MissingInTargetError as error:
        remedy = (error.hint or "").replace("\n", ". ")
        return [Finding(_AREA, "owners", State.MISSING, error.message, remedy)]
    return [Finding(_AREA, "owners", State.OK, several([owner.who.name for owner in found]))]


PROBES = (
    Probe(_AREA, "rights", rights),
    Probe(_AREA, "special privileges", special),
    Probe(_AREA, "header note", notes),
    Probe(_AREA, _HANGING, hanging),
    Probe(_AREA, "owners", owners, needed=True),
)
