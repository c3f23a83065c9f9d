"""What a freshly deployed environment holds: organisation, users, currencies, configuration.

With `rules.py` the one place that names tables. No customers: those are what gets seeded.
Ids are fixed, so two new environments are equal byte for byte.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid5

from seedkit.emulator.storage.layout import VERSION, Layout, target_column
from seedkit.emulator.storage.store import IDS, Store
from seedkit.schema import Table

DEPLOYED_ON = "2024-05-01T08:00:00Z"
SOLUTION_VERSION = "1.4.0.0"
PLATFORM_VERSION = "9.2.24051.00193"

BULK_MESSAGES = ("CreateMultiple", "UpdateMultiple", "UpsertMultiple")
_SINGLE_MESSAGES = ("Create", "Retrieve", "RetrieveMultiple", "Update", "Upsert", "Delete")
# System tables whose reference pages list the bulk messages, account expected as contact. Custom
# tables all have them; annotation, connection and the activities lack them.
_BULK_SYSTEM_TABLES = frozenset({"contact", "account", "incident"})

_CURRENCIES = (  # units of each currency for one US dollar; plausible, not of any one day
    ("US Dollar", "USD", "$", 1.0, 2),
    ("Euro", "EUR", "€", 0.92, 2),
    ("Pound Sterling", "GBP", "£", 0.79, 2),
    ("Swiss Franc", "CHF", "CHF", 0.9, 2),
    ("Japanese Yen", "JPY", "¥", 155.0, 0),
    ("Canadian Dollar", "CAD", "$", 1.36, 2),
)
_USERS = (
    ("Robin", "Hale", "robin.hale@bank.example", "Environment administrator"),
    ("Dana", "Whitlock", "dana.whitlock@bank.example", "Relationship manager"),
    ("Jordan", "Pierce", "jordan.pierce@bank.example", "Branch adviser"),
)
_ROLES = (
    "System Administrator",
    "Basic User",
    "Microsoft Cloud for FS: Basic user",
    "Retail banking: Viewer",
    "Retail banking: Contributor",
)

_CATEGORIES = (  # option value, name, icon; which are shipped is verified
    (104800000, "Birthday", "BirthdayCake"),
    (104800001, "Marital status", "Heart"),
    (104800002, "Family", "Family"),
    (104800003, "Education", "Education"),
    (104800004, "Employment", "Work"),
    (104800005, "Residence", "Home"),
    (104800006, "Vehicle", "Car"),
    (104800008, "Health", "Health"),
    (104800009, "Other", "More"),
)
_TYPES = (  # all options of a life event's type but those that are known not to be shipped
    (104800000, "Birth date"),
    (104800001, "Marriage"),
    (104800002, "Divorce"),
    (104800003, "Widowhood"),
    (104800004, "Child"),
    (104800005, "Grandchild"),
    (921950001, "High school"),
    (921950002, "Skills training"),
    (921950003, "Associate degree"),
    (921950004, "Bachelor\u2019s degree"),
    (921950005, "Master\u2019s degree"),
    (921950006, "Doctorate degree"),
    (104800011, "Job started"),
    (104800012, "Job ended"),
    (104800013, "Business started"),
    (104800014, "Business closed"),
    (104800015, "Purchase"),
    (104800016, "Sale"),
    (104800019, "Loss of loved one"),
    (104800020, "Serious illness"),
    (104800021, "Procedure"),
    (104800022, "Other"),
)
# That there are 26 relations is verified, which they are is inferred from the names; the last two
# of Residence and Vehicle are the least sure.
_TYPES_OF_CATEGORY: Mapping[str, tuple[str, ...]] = {
    "Birthday": ("Birth date",),
    "Marital status": ("Marriage", "Divorce", "Widowhood"),
    "Family": ("Child", "Grandchild", "Loss of loved one"),
    "Education": tuple(name for value, name in _TYPES if value > 921950000),
    "Employment": ("Job started", "Job ended", "Business started", "Business closed"),
    "Residence": ("Purchase", "Sale", "Other"),
    "Vehicle": ("Purchase", "Sale", "Other"),
    "Health": ("Serious illness", "Procedure"),
    "Other": ("Other",),
}


def content_id(table: str, name: str) -> str:
    """Return the fixed id of a row of the first content."""
    return str(uuid5(IDS, f"{table} {name}"))


ORGANIZATION = content_id("organization", "local")
BUSINESS_UNIT = content_id("businessunit", "root")
CALLER = content_id("systemuser", _USERS[0][2])
BASE_CURRENCY = content_id("transactioncurrency", "USD")


def fill(store: Store, created: datetime) -> None:
    """Write the first content into a new file; its moment of creation gives the environment id."""
    store.set_facts(
        {
            "organization": ORGANIZATION,
            "business unit": BUSINESS_UNIT,
            "caller": CALLER,
            "base currency": BASE_CURRENCY,
            "environment": content_id("environment", created.isoformat()),
        }
    )
    for part in (_organization, _people, _roles, _solutions, _messages, _life_events):
        for table, name, values in part(store):
            _put(store, store.layouts[table], name, values)


def bulk_messages(connection: sqlite3.Connection) -> frozenset[tuple[str, str]]:
    """Return the pairs of table and message that the environment offers."""
    return frozenset(
        connection.execute(
            "SELECT f.primaryobjecttypecode, m.name FROM sdkmessagefilter f "
            "JOIN sdkmessage m ON m.sdkmessageid = f.sdkmessageid"
        )
    )


def organization_detail(
    connection: sqlite3.Connection, root: str, environment: str
) -> dict[str, Any]:
    """Return what RetrieveCurrentOrganization tells; `root` is the service root of the client."""
    query = "SELECT organizationid, name FROM organization"
    organization, name = connection.execute(query).fetchone()
    origin = root.partition("api/data/")[0]
    endpoints = {"WebApplication": origin, "OrganizationDataService": root}
    return {
        "OrganizationId": organization,
        "FriendlyName": name,
        "OrganizationVersion": PLATFORM_VERSION,
        "EnvironmentId": environment,
        "DatacenterId": None,
        "Geo": None,
        "TenantId": content_id("tenant", "local"),
        "UrlName": "local",
        "UniqueName": "local",
        "Endpoints": {
            "Count": len(endpoints),
            "IsReadOnly": False,
            "Keys": list(endpoints),
            "Values": list(endpoints.values()),
        },
        "State": "Enabled",
        "OrganizationType": "Sandbox",
    }


Content = Iterable[tuple[str, str, Mapping[str, Any]]]


def _organization(_store: Store) -> Content:
    for name, code, symbol, rate, precision in _CURRENCIES:
        yield (
            "transactioncurrency",
            code,
            {
                "currencyname": name,
                "isocurrencycode": code,
                "currencysymbol": symbol,
                "exchangerate": rate,
                "currencyprecision": precision,
                "organizationid": ORGANIZATION,
            },
        )
    yield (
        "organization",
        "local",
        {
            "name": "Local environment",
            "basecurrencyid": BASE_CURRENCY,
            "basecurrencyprecision": 2,
            "basecurrencysymbol": "$",
            "currencydecimalprecision": 2,
            "languagecode": 1033,
            "localeid": 1033,
        },
    )
    yield "businessunit", "root", {"name": "Local bank", "organizationid": ORGANIZATION}


def _people(_store: Store) -> Content:
    for first, last, mail, title in _USERS:
        yield (
            "systemuser",
            mail,
            {
                "firstname": first,
                "lastname": last,
                "fullname": f"{first} {last}",
                "domainname": mail,
                "internalemailaddress": mail,
                "title": title,
                "businessunitid": BUSINESS_UNIT,
                "accessmode": 0,
                "islicensed": 1,
                "userlicensetype": 0,
                "azureactivedirectoryobjectid": content_id("directory", mail),
            },
        )
    yield (
        "team",
        "default",
        {
            "name": "Local bank",
            "businessunitid": BUSINESS_UNIT,
            "administratorid": CALLER,
            "isdefault": 1,
            "organizationid": ORGANIZATION,
        },
    )


def _roles(_store: Store) -> Content:
    for name in _ROLES:
        yield "role", name, {"name": name, "businessunitid": BUSINESS_UNIT, "ismanaged": 1}


def _solutions(store: Store) -> Content:
    solutions = {layout.table.solution for layout in store.layouts.values()}
    for name in sorted(solutions - {None}, key=str):
        yield (
            "solution",
            str(name),
            {
                "uniquename": name,
                "friendlyname": name,
                "version": SOLUTION_VERSION,
                "ismanaged": 1,
                "organizationid": ORGANIZATION,
                "installedon": DEPLOYED_ON,
            },
        )


def _messages(store: Store) -> Content:
    for message in (*_SINGLE_MESSAGES, *BULK_MESSAGES):
        yield "sdkmessage", message, {"name": message}
    for layout in store.layouts.values():
        for message in _messages_of(layout.table):
            yield (
                "sdkmessagefilter",
                f"{message} {layout.name}",
                {
                    "sdkmessageid": content_id("sdkmessage", message),
                    "primaryobjecttypecode": layout.name,
                },
            )


def _messages_of(table: Table) -> tuple[str, ...]:
    if table.api_create == "no":
        return ("Retrieve", "RetrieveMultiple")
    custom = "_" in table.name
    if custom or table.name in _BULK_SYSTEM_TABLES:
        return (*_SINGLE_MESSAGES, *BULK_MESSAGES)
    return _SINGLE_MESSAGES


def _life_events(_store: Store) -> Content:
    codes = {name: value for value, name, _icon in _CATEGORIES}
    types = {name: value for value, name in _TYPES}
    yield (
        "msfsi_lifemomentsconfigurations",
        "settings",
        {
            "msfsi_name": "Life events settings",
            "msfsi_newmomentindicationperioddays": 8,
            "msfsi_focusindicationperioddays": 14,
            "msfsi_birthdaycategorycode": codes["Birthday"],
            "msfsi_birthdaytypecode": types["Birth date"],
            "msfsi_educationcategorycode": codes["Education"],
            "msfsi_othercategorycode": codes["Other"],
            "msfsi_othertypecode": types["Other"],
        },
    )
    for order, (value, name, icon) in enumerate(_CATEGORIES, start=1):
        yield (
            "msfsi_lifemomentcategoryconfig",
            name,
            {
                "msfsi_name": name,
                "msfsi_categorycode": value,
                "msfsi_displayorder": order,
                "msfsi_icon": icon,
            },
        )
    for order, (value, name) in enumerate(_TYPES, start=1):
        values = {"msfsi_name": name, "msfsi_typecode": value, "msfsi_displayorder": order}
        yield "msfsi_lifemomenttypeconfig", name, values
    yield from _life_event_relations()


def _life_event_relations() -> Content:
    categories, types = "msfsi_lifemomentcategoryconfig", "msfsi_lifemomenttypeconfig"
    for category, names in _TYPES_OF_CATEGORY.items():
        for name in names:
            yield (
                "msfsi_categorytypesrelations",
                f"{category} {name}",
                {
                    "msfsi_name": f"{category} - {name}",
                    "msfsi_lifemomentcategoryconfigurations": content_id(categories, category),
                    "msfsi_lifemomenttypeconfigurations": content_id(types, name),
                },
            )


def _put(store: Store, layout: Layout, name: str, values: Mapping[str, Any]) -> None:
    full = {
        **_defaults(layout),
        **values,
        layout.primary_id: content_id(layout.name, name),
        VERSION: store.take_versions(1),
    }
    store.insert(layout, [[full.get(column) for column in layout.columns]])


def _defaults(layout: Layout) -> dict[str, Any]:
    found: dict[str, Any] = {
        column.name: column.default
        for column in layout.table.columns.values()
        if column.default is not None
    }
    found.update(createdon=DEPLOYED_ON, modifiedon=DEPLOYED_ON, statecode=0, statuscode=1)
    found.update(createdby=CALLER, modifiedby=CALLER, ownerid=CALLER, owninguser=CALLER)
    found.update(owningbusinessunit=BUSINESS_UNIT)
    found[target_column("ownerid")] = "systemuser"
    return found
