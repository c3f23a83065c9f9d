"""Reading rows that may be others': not to be allowed to see them is no proof of none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from seedkit.dataverse.answers import FORBIDDEN, UNREADABLE
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.metadata import LiveTable
from seedkit.errors import MissingInTargetError, ServiceError

# What the service says of tables that it reads for nobody: its own bookkeeping [observed].
_FOR_NOBODY = "'RetrieveMultiple' method does not support entities of type"


async def read_others(
    api: WebApi, table: LiveTable, query: Mapping[str, str]
) -> AsyncIterator[dict[str, Any]]:
    """Read rows of a table; MissingInTargetError when the service or this account may not.

    Of a table that nobody can read there are none: no person has put a row there.
    """
    if not table.entity_set:
        return
    try:
        async for page in api.pages(table.entity_set, query):
            for row in page:
                yield row
    except ServiceError as error:
        if _FOR_NOBODY in error.reason:
            return
        if error.status not in UNREADABLE:
            raise
        raise _unreadable(api, table, error) from None


def _unreadable(api: WebApi, table: LiveTable, error: ServiceError) -> MissingInTargetError:
    check = f"seedkit check --environment {api.url}"
    if error.status == FORBIDDEN:
        return MissingInTargetError(
            f"This account may not read {table.name}, and rows of it may hang on ours: "
            f"{error.reason}",
            "Give it a role that reads the table, or purge with another account. See what it "
            f"lacks with: {check}",
        )
    return MissingInTargetError(
        f"The environment does not let {table.name} be searched, and rows of it may hang on ours: "
        f"{error.status} {error.code} {error.reason}",
        f"Look into that table in the app, and see what else the environment lacks: {check}",
    )
