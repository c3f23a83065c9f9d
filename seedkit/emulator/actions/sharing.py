"""Sharing rows with users and teams: GrantAccess, ModifyAccess, RevokeAccess and who has what.

Shares lie in a table of their own, as on the platform. What a principal has by them counts beside
what his roles give, as soon as these give the right on any row at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seedkit.emulator.actions.parameters import named_row, need_row, reference
from seedkit.emulator.errors import ADDRESS, ARGUMENT, PlatformError
from seedkit.emulator.exchange import Answer, json_answer
from seedkit.emulator.operations import Call, Kind, Operation
from seedkit.emulator.routes.functions import response_context
from seedkit.emulator.storage.layout import Layout

_PRINCIPALS = frozenset({"systemuser", "team"})
_RIGHTS = (
    "ReadAccess",
    "WriteAccess",
    "AppendAccess",
    "AppendToAccess",
    "CreateAccess",
    "DeleteAccess",
    "ShareAccess",
    "AssignAccess",
)
_CREATE = (
    'CREATE TABLE IF NOT EXISTS "shares" (name TEXT, id TEXT, principal_name TEXT, '
    "principal_id TEXT, rights TEXT, PRIMARY KEY (name, id, principal_name, principal_id))"
)


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
    connection = call.session.store.connection
    connection.execute(_CREATE)
    connection.execute(
        'INSERT OR REPLACE INTO "shares" VALUES (?, ?, ?, ?, ?)',
        (layout.name, row_id, principal.name, principal_id, rights),
    )
    return Answer(204)


def revoke_access(call: Call) -> Answer:
    """Take a share back; 204 also when there is none [inferred]."""
    layout, row_id = named_row(call, "Target", "Share")
    principal, principal_id = _principal(call, call.parameters["Revokee"], "Revokee")
    connection = call.session.store.connection
    connection.execute(_CREATE)
    connection.execute(
        'DELETE FROM "shares" WHERE name = ? AND id = ? AND principal_name = ? '
        "AND principal_id = ?",
        (layout.name, row_id, principal.name, principal_id),
    )
    return Answer(204)


def retrieve_shared(call: Call) -> Answer:
    """Tell with whom a row is shared."""
    layout, row_id = named_row(call, "Target", "Read")
    context = response_context(call.request, "RetrieveSharedPrincipalsAndAccess")
    found = [
        {
            "AccessMask": rights,
            "Principal": {
                "@odata.type": f"#Microsoft.Dynamics.CRM.{principal}",
                "ownerid": principal_id,
            },
        }
        for principal, principal_id, rights in _shares(call, layout, row_id)
    ]
    return json_answer({"@odata.context": context, "PrincipalAccesses": found})


def _shares(call: Call, layout: Layout, row_id: str) -> list[tuple[str, str, str]]:
    connection = call.session.store.connection
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'shares'"
    if connection.execute(query).fetchone() is None:
        return []
    return connection.execute(
        'SELECT principal_name, principal_id, rights FROM "shares" WHERE name = ? AND id = ? '
        "ORDER BY 1, 2",
        (layout.name, row_id),
    ).fetchall()


def _principal(call: Call, value: Any, parameter: str) -> tuple[Layout, str]:
    layout, row_id = reference(call, value, parameter)
    if layout.name not in _PRINCIPALS:
        raise PlatformError(ADDRESS, f"'{parameter}' must be a user or a team.")
    need_row(call, "Read", layout, row_id)
    return layout, row_id


def _rights(mask: Any) -> str:
    """Return rights in their own order; 400 for an unknown one."""
    named = [part.strip() for part in mask.split(",")] if isinstance(mask, str) else []
    unknown = [name for name in named if name not in _RIGHTS]
    if not named or unknown:
        raise PlatformError(ADDRESS, f"'AccessMask' has no right '{(unknown or [''])[0]}'.")
    return ", ".join(name for name in _RIGHTS if name in named)


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
