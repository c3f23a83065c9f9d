"""Privileges, what the roles give of them, and who has which role.

That a privilege is called after right and table, and its depths, is documented; which privileges
a role gives is inferred from its name and description.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from seedkit.emulator.access import (
    ACT_FOR_OTHERS,
    ADMINISTRATOR,
    BASIC,
    GLOBAL,
    LOCAL,
    RIGHTS,
    privilege_name,
)
from seedkit.emulator.content.ids import BUSINESS_UNIT, CALLER_ADDRESS, Content, content_id
from seedkit.emulator.storage.store import Store
from seedkit.schema import Table

# Rights as the platform numbers them in privilege.accessright [documented].
_ACCESS = {
    "Read": 1, "Write": 2, "Append": 4, "AppendTo": 16, "Create": 32, "Delete": 65536,
    "Share": 262144, "Assign": 524288,
}  # fmt: skip
# Changes of the schema, and making them public [documented names].
CUSTOMIZATION = (
    *(
        f"prv{right}{part}"
        for part in ("Entity", "Attribute", "Relationship", "OptionSet")
        for right in ("Create", "Write", "Delete")
    ),
    "prvPublishCustomization",
)
OTHER_PRIVILEGES = (
    ACT_FOR_OTHERS,
    "prvBulkDelete",
    "prvOverrideCreatedOnCreatedBy",
    "prvBypassCustomBusinessLogic",
    "prvBypassCustomPlugins",
    "prvBulkEdit",
    "prvMerge",
    "prvExportToExcel",
    *CUSTOMIZATION,
)
CUSTOMIZER = "System Customizer"
_CORE = frozenset({"account", "contact", "annotation", "connection", "activitypointer"})
_CUSTOMER = frozenset({"account", "contact"})
_SERVICE = frozenset(
    {
        "incident", "incidentresolution", "queue", "queueitem", "annotation", "connection",
        "knowledgearticle", "knowledgearticleincident",
    }
)  # fmt: skip
_WORK = ("Create", "Read", "Write", "Append", "AppendTo")


def is_banking(table: Table) -> bool:
    """Tell whether a table belongs to the financial services model."""
    return table.name.startswith("msfsi_") or table.name in _CUSTOMER


def is_core(table: Table) -> bool:
    """Tell whether a table is what every app works with."""
    return table.name in _CORE or table.primary_id == "activityid"


def is_service(table: Table) -> bool:
    """Tell whether a table belongs to customer service."""
    return table.name in _SERVICE or table.primary_id == "activityid"


def is_omnichannel(table: Table) -> bool:
    """Tell whether a table belongs to omnichannel conversations."""
    return table.name.startswith("msdyn_")


def is_shared(table: Table) -> bool:
    """Tell whether rows of a table belong to nobody: then everyone may read them."""
    return table.ownership != "user"


def is_any(_table: Table) -> bool:
    """Tell that a table will do."""
    return True


@dataclass(frozen=True, slots=True)
class Grant:
    """Rights with one depth on all tables of a kind."""

    tables: Callable[[Table], bool]
    rights: tuple[str, ...]
    depth: int


_EVERYBODY = Grant(is_shared, ("Read", "AppendTo"), GLOBAL)
_ROLES: dict[str, tuple[Grant, ...]] = {
    CUSTOMIZER: (
        Grant(is_any, ("Read", "AppendTo"), GLOBAL),
        Grant(is_any, RIGHTS, BASIC),
    ),
    "Basic User": (_EVERYBODY, Grant(is_core, RIGHTS, BASIC)),
    "Delegate": (),
    "Microsoft Cloud for Financial Services: Basic user": (
        _EVERYBODY,
        Grant(is_banking, ("Read",), BASIC),
    ),
    "Retail banking: Viewer": (_EVERYBODY, Grant(is_banking, ("Read",), GLOBAL)),
    "Retail banking: Contributor": (
        _EVERYBODY,
        Grant(is_banking, (*_WORK, "Delete"), GLOBAL),
        Grant(is_banking, ("Assign", "Share"), LOCAL),
    ),
    "Customer service representative": (
        _EVERYBODY,
        Grant(is_banking, ("Read", "AppendTo"), GLOBAL),
        Grant(is_service, _WORK, LOCAL),
        Grant(is_service, ("Delete", "Assign", "Share"), BASIC),
    ),
    "Omnichannel agent": (_EVERYBODY, Grant(is_omnichannel, _WORK, BASIC)),
    "Omnichannel supervisor": (_EVERYBODY, Grant(is_omnichannel, (*_WORK, "Assign"), LOCAL)),
    "Omnichannel administrator": (_EVERYBODY, Grant(is_omnichannel, RIGHTS, GLOBAL)),
    "Financial intelligence user": (_EVERYBODY, Grant(is_banking, ("Read",), GLOBAL)),
}
_OTHER_GRANTS = {
    "Delegate": (ACT_FOR_OTHERS,),
    CUSTOMIZER: CUSTOMIZATION,
    "Basic User": ("prvExportToExcel",),
}
_USER_ROLES = {
    CALLER_ADDRESS: (ADMINISTRATOR,),
    "dana.whitlock@bank.example": (
        "Basic User",
        "Microsoft Cloud for Financial Services: Basic user",
        "Retail banking: Contributor",
    ),
    "jordan.pierce@bank.example": (
        "Basic User",
        "Microsoft Cloud for Financial Services: Basic user",
        "Retail banking: Viewer",
    ),
    "noor.haddad@bank.example": (
        "Basic User",
        "Customer service representative",
        "Omnichannel agent",
    ),
    "casey.lind@bank.example": ("Basic User", "Delegate"),
}


def security(store: Store) -> Content:
    """Yield roles, privileges, what roles give, and the roles of the users."""
    for name in (ADMINISTRATOR, *_ROLES):
        values = {"name": name, "businessunitid": BUSINESS_UNIT, "ismanaged": 1}
        yield "role", name, {**values, "roleidunique": content_id("role", name)}
    tables = [
        layout.table for layout in store.layouts.values() if layout.table.many_to_many is None
    ]
    yield from _privileges(_of_tables(tables) | dict.fromkeys(OTHER_PRIVILEGES, (0, False)))
    for role, grants in _ROLES.items():
        depths = dict(_given(grants, tables))
        depths.update(dict.fromkeys(_OTHER_GRANTS.get(role, ()), GLOBAL))
        yield from _role_privileges(role, depths)
    yield from _user_roles()


def table_privileges(table: Table) -> Content:
    """Yield the privileges of a table made later, and what the customizers' role gives of them.

    That only the two system roles have something of a new table is documented; administrators have
    everything. How far the customizers' privileges reach is inferred.
    """
    if table.many_to_many is None:
        yield from _privileges(_of_tables([table]))
        yield from _role_privileges(CUSTOMIZER, dict(_given(_ROLES[CUSTOMIZER], [table])))


def privileges_of(table: Table) -> list[str]:
    """Return the names of a table's privileges."""
    return [privilege_name(right, table) for right in rights_on(table)]


def _role_privileges(role: str, depths: Mapping[str, int]) -> Content:
    for name, depth in depths.items():
        yield (
            "roleprivileges",
            f"{role} {name}",
            {
                "roleid": content_id("role", role),
                "privilegeid": content_id("privilege", name),
                "privilegedepthmask": depth,
            },
        )


def _of_tables(tables: list[Table]) -> dict[str, tuple[int, bool]]:
    """Return the privileges of tables by name: the right, and whether they have depths."""
    return {
        privilege_name(right, table): (_ACCESS[right], table.ownership == "user")
        for table in tables
        for right in rights_on(table)
    }


def _privileges(rights: Mapping[str, tuple[int, bool]]) -> Content:
    for name, (access, has_depth) in rights.items():
        yield (
            "privilege",
            name,
            {
                "name": name,
                "accessright": access,
                "canbebasic": int(has_depth),
                "canbelocal": int(has_depth),
                "canbedeep": int(has_depth),
                "canbeglobal": 1,
                "ismanaged": 1,
            },
        )


def _given(grants: tuple[Grant, ...], tables: list[Table]) -> Iterator[tuple[str, int]]:
    """Yield privileges with depths, those that reach further last."""
    for grant in sorted(grants, key=lambda grant: grant.depth):
        for table in tables:
            if grant.tables(table):
                for right in rights_on(table):
                    if right in grant.rights:
                        yield privilege_name(right, table), grant.depth


def rights_on(table: Table) -> tuple[str, ...]:
    """Return the rights that a table's privileges cover; only owned rows are assigned."""
    return RIGHTS if table.ownership == "user" else RIGHTS[:-2]


def _user_roles() -> Content:
    for mail, roles in _USER_ROLES.items():
        for role in roles:
            yield (
                "systemuserroles",
                f"{mail} {role}",
                {
                    "systemuserid": content_id("systemuser", mail),
                    "roleid": content_id("role", role),
                },
            )
