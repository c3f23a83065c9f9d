"""Which of our rows are shared with people and teams: told of, for a share ends with its row.

A share leaves no trace on the row itself. It lies in a table of the platform's that FetchXML can
join [observed in public queries]: one question per table, whatever the number of rows. Shares that
rows only inherit from others are left out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.metadata import NUMBER_COLUMN, LiveTable
from seedkit.errors import ServiceError
from seedkit.plan import Plan
from seedkit.purge.findings import Share, Shares, TableSurvey, shown_at

MOST = 5_000  # shares of each table that are read
_FETCH = (
    '<fetch count="{most}"><entity name="{table}"><attribute name="{id}"/>{name}'
    '<filter><condition attribute="{number}" operator="eq" value="{mark}"/></filter>'
    '<link-entity name="principalobjectaccess" from="objectid" to="{id}" alias="share">'
    '<filter><condition attribute="accessrightsmask" operator="ne" value="0"/></filter>'
    '<link-entity name="systemuser" from="systemuserid" to="principalid" link-type="outer" '
    'alias="person"><attribute name="fullname"/></link-entity>'
    '<link-entity name="team" from="teamid" to="principalid" link-type="outer" '
    'alias="team"><attribute name="name"/></link-entity>'
    "</link-entity></entity></fetch>"
)


async def find_shares(
    api: WebApi, plan: Plan, live: Mapping[str, LiveTable], tables: Mapping[str, TableSurvey]
) -> Shares:
    """Return which of our rows are shared; rows that only their id marks are not asked for."""
    names = [
        name
        for name, rows in tables.items()
        if live[name].owned and live[name].numbered and len(rows.ours)
    ]
    answers = await asyncio.gather(*(_ask(api, plan, live[name]) for name in names))
    found: list[Share] = []
    unknown: dict[str, str] = {}
    for name, answer in zip(names, answers, strict=True):
        if isinstance(answer, str):
            unknown[name] = answer
            continue
        found += [one for one in answer if one.id in tables[name].ours]
        if len(answer) >= MOST:
            unknown[name] = f"only the first {MOST:,} were read"
    return Shares(tuple(found), unknown)


async def _ask(api: WebApi, plan: Plan, table: LiveTable) -> list[Share] | str:
    """Return the shares of a table's rows, or why they can't be read: that is no harm."""
    fetch = _FETCH.format(
        most=MOST,
        table=table.name,
        id=table.primary_id,
        name=f'<attribute name="{table.primary_name}"/>' if table.primary_name else "",
        number=NUMBER_COLUMN,
        mark=plan.mark,
    )
    try:
        rows = (await api.get(table.entity_set, {"fetchXml": fetch}))["value"]
    except ServiceError as error:
        return error.reason
    return [_share(api, table, row) for row in rows]


def _share(api: WebApi, table: LiveTable, row: Mapping[str, Any]) -> Share:
    id = row[table.primary_id]
    name = row.get(table.primary_name or "") or ""
    whom = row.get("person.fullname") or row.get("team.name") or "somebody"
    return Share(table.name, id, name, shown_at(api.url, table, id), whom)
