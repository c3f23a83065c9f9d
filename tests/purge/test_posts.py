"""Posts of people about our rows are found, though no relationship leads to them."""

from __future__ import annotations

from typing import Any

import httpx
import orjson
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.errors import StrangersError
from seedkit.ledger import Ledger
from seedkit.plan import Plan
from seedkit.purge import Strangers
from tests.purge.test_edits import contact_of, run_purge
from tests.purge.test_purge import ROWS, after_seeding
from tests.worlds import FaultyTransport, World

COMMENT, POST = "00000000-0000-4000-8000-0000000000c1", "00000000-0000-4000-8000-0000000000b1"
ELSEWHERE = "5a3a1e00-0000-4000-8000-000000000001"  # a contact of somebody else
CASCADE = {"Delete": "Cascade"}


def _table(name: str, entity_set: str, columns: tuple[str, ...], *below: str) -> dict[str, Any]:
    """Describe a table as the reference does."""
    level = {"Value": "None"}
    return {
        "LogicalName": name,
        "EntitySetName": entity_set,
        "PrimaryIdAttribute": f"{name}id",
        "PrimaryNameAttribute": "text",
        "OwnershipType": "OrganizationOwned",
        "Attributes": [
            {
                "LogicalName": column,
                "AttributeOf": None,
                "AttributeType": "String",
                "IsValidForCreate": False,
                "IsValidForUpdate": False,
                "RequiredLevel": level,
            }
            for column in (f"{name}id", "text", *columns)
        ],
        "ManyToOneRelationships": [],
        "OneToManyRelationships": [_link(name, child, "postid") for child in below],
    }


def _link(parent: str, child: str, column: str) -> dict[str, Any]:
    return {
        "SchemaName": f"{parent}_{child}",
        "ReferencedEntity": parent,
        "ReferencingEntity": child,
        "ReferencingAttribute": column,
        "ReferencingEntityNavigationPropertyName": column,
        "CascadeConfiguration": CASCADE,
    }


class Timeline:
    """Answers as an environment in which people write posts."""

    def __init__(self, transport: FaultyTransport, about: str, other: str) -> None:
        self._transport = transport
        self._posts = [
            {"postid": POST, "text": "Call her", "_regardingobjectid_value": about},
            {"postid": COMMENT, "text": "Elsewhere", "_regardingobjectid_value": other},
        ]
        self._comments = [
            {
                "postcommentid": COMMENT,
                "text": "Why?",
                "postid": {"_regardingobjectid_value": about},
            }
        ]
        self.filters: list[str] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response | None:
        path = request.url.path.rpartition("/")[2]
        if path in ("posts", "postcomments"):
            chosen = request.url.params["$filter"]
            if "source" not in chosen:  # what hangs on a post of a person's
                return httpx.Response(200, json={"value": []})
            self.filters.append(chosen)
            rows = self._posts if path == "posts" else self._comments
            return httpx.Response(200, json={"value": rows})
        about = _table("postregarding", "postregardings", ("regardingobjectid",))
        described = {
            "EntityDefinitions(LogicalName='post')": _table(
                "post", "posts", ("regardingobjectid", "source"), "postcomment"
            ),
            "EntityDefinitions(LogicalName='postcomment')": _table(
                "postcomment", "postcomments", ("postid",)
            ),
            "EntityDefinitions(LogicalName='postregarding')": about,
        }
        if path in described:
            return httpx.Response(200, json=described[path])
        if path != "EntityDefinitions(LogicalName='contact')":
            return None
        response = await self._transport.inner.handle_async_request(request)
        data = orjson.loads(await response.aread())
        data["OneToManyRelationships"].append(
            _link("contact", "postregarding", "regardingobjectid")
        )
        return httpx.Response(200, json=data)


def test_posts_and_comments_on_automatic_ones_stop_the_purge_and_keep_ours(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        timeline = Timeline(transport, contact_of(p), ELSEWHERE)
        transport.before.append(timeline)
        with pytest.raises(StrangersError) as caught:
            await run_purge(p, api, ledger)
        found = {(one["table"], one["id"], one["parent_id"]) for one in caught.value.strangers}
        assert found == {
            ("post", POST, contact_of(p)),
            ("postcomment", COMMENT, contact_of(p)),
        }
        began = ledger.origin(p.run_id).began
        assert set(timeline.filters) == {
            f"source ne 1 and createdon ge {began}",
            f"postid/source eq 1 and postid/createdon ge {began}",
        }
        result = await run_purge(p, api, ledger, strangers=Strangers.KEEP)
        assert result.kept["contact"] == 1

    after_seeding(world, step)


def test_a_post_about_a_row_of_others_is_in_nobodys_way(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        transport.before.append(Timeline(transport, ELSEWHERE, ELSEWHERE))
        assert dict((await run_purge(p, api, ledger)).deleted) == ROWS

    after_seeding(world, step)
