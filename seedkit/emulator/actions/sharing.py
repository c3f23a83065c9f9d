"""Sharing rows with users and teams: GrantAccess, ModifyAccess, RevokeAccess and who has what.

Shares lie in a table of their own, as on the platform, and can be read there. What a principal
has by them counts beside what his roles give, as soon as these give the right on any row at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seedkit.emulator.actions.parameters import named_row, need_row, reference
from seedkit.emulator.errors import ADDRESS, ARGUMENT, PlatformError
from seedkit.emulator.exchange import Answer, json_answer
from seedkit.emulator.operations import Call, Kind, Operation
from seedkit.emulator.rights import RIGHTS, SHARES, mask_of, names_of
from seedkit.emulator.routes.functions import response_context
from seedkit.emulator.storage.layout import Layout
from seedkit.emulator.writing.platform import make_row

_PRINCIPALS = frozenset({"systemuser", "team"})


def grant_access(call: Call) -> Answer:
    """Share a row; what a principal had is replaced [inferred: as ModifyAccess does]."""
    layout, row_id = named_row(call, "Target", "Share")
    access = call.parameters["PrincipalAccess"]
    if not isinstance(access, Mapping):
        raise PlatformError(ADDRESS, "The parameter 'PrincipalAccess' must hold an object.")
    principal, principal_id = _principal(call, access.get("Principal"), "Principal")
    rights = _rights(access.get("AccessMask"))
    if layout.table.ownership != "user":
        raise PlatformError(ARGUMENT, f"Rows of {layout.name} can't be shared.")
    _take_back(call, row_id, principal_id)
    values = {
        "objectid": row_id,
        "objecttypecode": layout.name,
        "principalid": principal_id,
        "principaltypecode": principal.name,
        "accessrightsmask": rights,
        "inheritedaccessrightsmask": 0,
        "changedon": call.session.now,
    }
    make_row(call.session, call.session.environment.layouts[SHARES], values)
    return Answer(204)


def revoke_access(call: Call) -> Answer:
    """Take a share back; 204 also when there is none [inferred]."""
    _layout, row_id = named_row(call, "Target", "Share")
    _principal_layout, principal_id = _principal(call, call.parameters["Revokee"], "Revokee")
    _take_back(call, row_id, principal_id)
    return Answer(204)


def _take_back(call: Call, row_id: str, principal_id: str) -> None:
    query = f'DELETE FROM "{SHARES}" WHERE objectid = ? AND principalid = ?'
    call.session.store.connection.execute(query, (row_id, principal_id))


def retrieve_shared(call: Call) -> Answer:
    """Tell with whom a row is shared."""
    layout, row_id = named_row(call, "Target", "Read")
    context = response_context(call.request, "RetrieveSharedPrincipalsAndAccess")
    found = [
        {
            "AccessMask": names_of(rights),
            "Principal": {
                "@odata.type": f"#Microsoft.Dynamics.CRM.{principal}",
                "ownerid": principal_id,
            },
        }
        for principal, principal_id, rights in _shares(call, layout, row_id)
    ]
    return json_answer({"@odata.context": context, "PrincipalAccesses": found})


def _shares(call: Call, layout: Layout, row_id: str) -> list[tuple[str, str, int]]:
    return call.session.store.connection.execute(
        f'SELECT principaltypecode, principalid, accessrightsmask FROM "{SHARES}" '
        "WHERE objecttypecode = ? AND objectid = ? ORDER BY 1, 2",
        (layout.name, row_id),
    ).fetchall()


def _principal(call: Call, value: Any, parameter: str) -> tuple[Layout, str]:
    layout, row_id = reference(call, value, parameter)
    if layout.name not in _PRINCIPALS:
        raise PlatformError(ADDRESS, f"'{parameter}' must be a user or a team.")
    need_row(call, "Read", layout, row_id)
    return layout, row_id


def _rights(mask: Any) -> int:
    """Return the bits of rights; 400 for an unknown one."""
    named = [part.strip() for part in mask.split(",")] if isinstance(mask, str) else []
    unknown = [name for name in named if name not in RIGHTS]
    if not named or unknown:
        raise PlatformError(ADDRESS, f"'AccessMask' has no right '{(unknown or [''])[0]}'.")
    return mask_of(named)


_ACCESS = frozenset({"Target", "PrincipalAccess"})
_TARGET = frozenset({"Target"})
OPERATIONS = (
    Operation("GrantAccess", Kind.ACTION, grant_access, "documented", takes=_ACCESS, needs=_ACCESS),
    Operation(
        "ModifyAccess", Kind.ACTION, grant_access, "documented", takes=_ACCESS, needs=_ACCESS
    ),
    Operation(
        "RevokeAccess",
        Kind.ACTION,
        revoke_access,
        "documented",
        takes=_TARGET | {"Revokee"},
        needs=_TARGET | {"Revokee"},
    ),
    Operation(
        "RetrieveSharedPrincipalsAndAccess",
        Kind.FUNCTION,
        retrieve_shared,
        "documented",
        takes=_TARGET,
        needs=_TARGET,
    ),
)
