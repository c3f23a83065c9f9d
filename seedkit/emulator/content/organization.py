"""The organisation, its business unit, its currencies."""

from __future__ import annotations

import sqlite3
from typing import Any

from seedkit.emulator.content.ids import (
    BASE_CURRENCY,
    ORGANIZATION,
    PLATFORM_VERSION,
    Content,
    content_id,
)
from seedkit.emulator.storage.store import Store

_CURRENCIES = (  # units of each currency for one US dollar; plausible, not of any one day
    ("US Dollar", "USD", "$", 1.0, 2),
    ("Euro", "EUR", "€", 0.92, 2),
    ("Pound Sterling", "GBP", "£", 0.79, 2),
    ("Swiss Franc", "CHF", "CHF", 0.9, 2),
    ("Japanese Yen", "JPY", "¥", 155.0, 0),
    ("Canadian Dollar", "CAD", "$", 1.36, 2),
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


def organization(_store: Store) -> Content:
    """Yield the currencies, the organisation and its root business unit."""
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
