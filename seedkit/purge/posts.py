"""Posts that people wrote about our rows, and what they added to automatic ones.

No relationship leads from a row to its posts: they hang on rows of a table that no query reads, and
go with these [documented]. A post names the row that it is about [observed], it is never older than
that row, and nobody chooses its time: so all posts since the run began are read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.metadata import LiveRelationship, LiveTable
from seedkit.purge.companions import ABOUT, AUTOMATIC, POST, holds_strangers
from seedkit.purge.findings import Harm, Stranger, shown_at
from seedkit.purge.reading import read_others
from seedkit.purge.rows import Rows

COLUMN = "regardingobjectid"


async def posts_on(
    api: WebApi, live: Mapping[str, LiveTable], parent: LiveTable, ours: Rows, began: str | None
) -> list[Stranger]:
    """Return what people wrote in the timelines of our rows of a table since the run began."""
    posts = live.get(POST)
    if posts is None or COLUMN not in posts.columns or not has_timeline(parent):
        return []
    links = [
        link
        for link in posts.children
        if link.takes_child and link.child in live and holds_strangers(link.child)
    ]
    found = await asyncio.gather(
        _read(api, posts, None, parent, began),
        *(_read(api, live[link.child], link, parent, began) for link in links),
    )
    return [one for group in found for one in group if one.parent_id in ours]


def has_timeline(table: LiveTable) -> bool:
    """Tell whether posts can be about rows of a table."""
    return any(link.child == ABOUT for link in table.children)


async def _read(
    api: WebApi,
    child: LiveTable,
    link: LiveRelationship | None,
    parent: LiveTable,
    began: str | None,
) -> list[Stranger]:
    """Return people's posts, or what they added to automatic ones by a lookup."""
    path, kind = (f"{link.bind}/", "eq") if link else ("", "ne")
    since = f" and {path}createdon ge {began}" if began else ""
    names = [child.primary_id, child.primary_name, None if link else f"_{COLUMN}_value"]
    query = {
        "$select": ",".join(name for name in names if name),
        "$filter": f"{path}source {kind} {AUTOMATIC}{since}",
    }
    if link:
        query["$expand"] = f"{link.bind}($select=_{COLUMN}_value)"
    return [
        _stranger(api, child, link, parent, row) async for row in read_others(api, child, query)
    ]


def _stranger(
    api: WebApi,
    child: LiveTable,
    link: LiveRelationship | None,
    parent: LiveTable,
    row: Mapping[str, Any],
) -> Stranger:
    id, post = row[child.primary_id], row[link.bind] if link else row
    return Stranger(
        table=child.name,
        id=id,
        name=row.get(child.primary_name or "") or "",
        parent=parent.name,
        column=link.column if link else COLUMN,
        link=shown_at(api.url, child, id),
        parent_id=str(post[f"_{COLUMN}_value"]),
        harm=Harm.DELETED,
        through=POST if link else ABOUT,
    )
