"""People beside the one who seeded: they act on the same environment, at a later time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import orjson

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.manner import Manner
from seedkit.dataverse.people import find_user
from seedkit.dataverse.principals import User
from tests.worlds import NOW, World

LATER = NOW + timedelta(hours=3)
DANA = "dana.whitlock@bank.example"


async def who_is(api: WebApi, mail: str = DANA) -> User:
    """Return a user of the local environment."""
    return await find_user(api, mail)


@asynccontextmanager
async def as_tester(
    world: World, mail: str | None = DANA, now: datetime = LATER
) -> AsyncIterator[WebApi]:
    """Open the environment hours later, as another user; None: as the one who seeded."""
    async with world.api(now) as (api, _):
        if mail is not None:
            api.manner = Manner(await who_is(api, mail))
        yield api


async def make_administrator(api: WebApi, user: User) -> None:
    """Let a user do and see everything."""
    query = {"$select": "roleid", "$filter": "name eq 'System Administrator'"}
    (role,) = await api.all("roles", query)
    address = f"systemusers({user.id})/systemuserroles_association/$ref"
    await api.post(address, {"@odata.id": f"{api.root}roles({role['roleid']})"})


async def create(api: WebApi, entity_set: str, **values: object) -> str:
    """Create a row; return its id."""
    answer = await api.post(entity_set, values)
    return answer.headers["OData-EntityId"].split("(")[1].rstrip(")")


async def change(api: WebApi, entity_set: str, id: str, **values: object) -> None:
    """Change a row."""
    await api.send("PATCH", f"{entity_set}({id})", orjson.dumps(values), {"If-Match": "*"})


async def remove(api: WebApi, entity_set: str, id: str) -> None:
    """Delete a row."""
    await api.send("DELETE", f"{entity_set}({id})")


async def read(api: WebApi, entity_set: str, id: str, columns: str) -> Any:
    """Read a row."""
    return await api.get(f"{entity_set}({id})", {"$select": columns})
