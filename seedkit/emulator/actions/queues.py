"""Queues: putting rows in, picking them, giving them back, taking them out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seedkit.emulator.actions.parameters import bound_row, named_row, need_row, truth, values_of
from seedkit.emulator.errors import ADDRESS, ARGUMENT, PlatformError
from seedkit.emulator.exchange import Answer, json_answer
from seedkit.emulator.operations import Bound, Call, Kind, Operation
from seedkit.emulator.routes.functions import response_context
from seedkit.emulator.rules.queues import QUEUE, QUEUE_ITEM, active_item
from seedkit.emulator.storage.layout import Layout
from seedkit.emulator.writing.platform import make_row, set_columns
from seedkit.emulator.writing.write import update_row


def add_to_queue(call: Call) -> Answer:
    """Put a row into the queue; one that lies in another queue is moved, as documented."""
    session, items = call.session, _items(call)
    queue_id = bound_row(call, "AppendTo")
    target, target_id = named_row(call, "Target", "Read")
    if target.name not in (items.table.columns["objectid"].targets or {}):
        raise PlatformError(ARGUMENT, f"Rows of {target.name} can't be put into a queue.")
    body = _properties(call, items)
    item_id = active_item(session, items, target_id, "")
    if item_id is None:
        session.need_on("Create", items)
        values = {"queueid": queue_id, "objectid": target_id, "objectid@table": target.name}
        item_id = make_row(session, items, values, body)
    else:
        need_row(call, "Write", items, item_id)
        values = {"queueid": queue_id, "enteredon": session.now}
        set_columns(session, items, item_id, {**values, "workerid": None, "workerid@table": None})
        if body:
            update_row(session, items, item_id, body)
    context = response_context(call.request, "AddToQueue")
    return json_answer({"@odata.context": context, "QueueItemId": item_id})


def _items(call: Call) -> Layout:
    return call.session.environment.layouts[QUEUE_ITEM]


def _properties(call: Call, items: Layout) -> dict[str, Any]:
    sent = call.parameters.get("QueueItemProperties") or {}
    if not isinstance(sent, Mapping):
        raise PlatformError(ADDRESS, "The parameter 'QueueItemProperties' must hold columns.")
    return values_of(items, sent)


def pick_from_queue(call: Call) -> Answer:
    """Give an item to a user; on request it leaves the queue by that."""
    item_id = bound_row(call, "Write")
    worker, worker_id = named_row(call, "SystemUser", "Read", "systemuser")
    if truth(call, "RemoveQueueItem"):
        return _remove(call, item_id)
    values = {"workerid": worker_id, "workerid@table": worker.name}
    _set_worker(call, item_id, {**values, "workeridmodifiedon": call.session.now})
    return Answer(204)


def release_to_queue(call: Call) -> Answer:
    """Take an item from its worker."""
    _set_worker(call, bound_row(call, "Write"), {"workerid": None, "workerid@table": None})
    return Answer(204)


def _set_worker(call: Call, item_id: str, values: Mapping[str, Any]) -> None:
    items = _items(call)
    known = {name: value for name, value in values.items() if name in items.position}
    set_columns(call.session, items, item_id, known)


def remove_from_queue(call: Call) -> Answer:
    """Take an item out of its queue."""
    return _remove(call, bound_row(call, "Delete"))


def _remove(call: Call, item_id: str) -> Answer:
    call.session.environment.deleter.delete(call.session, _items(call), item_id)
    return Answer(204)


OPERATIONS = (
    Operation(
        "AddToQueue",
        Kind.ACTION,
        add_to_queue,
        "documented",
        takes=frozenset({"Target", "SourceQueue", "QueueItemProperties"}),
        needs=frozenset({"Target"}),
        bound=Bound.ROW,
        tables=frozenset({QUEUE}),
        note="The source queue makes no difference: a row lies in one queue at most.",
    ),
    Operation(
        "PickFromQueue",
        Kind.ACTION,
        pick_from_queue,
        "observed",
        takes=frozenset({"SystemUser", "RemoveQueueItem"}),
        needs=frozenset({"SystemUser", "RemoveQueueItem"}),
        bound=Bound.ROW,
        tables=frozenset({QUEUE_ITEM}),
    ),
    Operation(
        "ReleaseToQueue",
        Kind.ACTION,
        release_to_queue,
        "observed",
        bound=Bound.ROW,
        tables=frozenset({QUEUE_ITEM}),
    ),
    Operation(
        "RemoveFromQueue",
        Kind.ACTION,
        remove_from_queue,
        "expected",
        bound=Bound.ROW,
        tables=frozenset({QUEUE_ITEM}),
        note="The item is deleted.",
    ),
)
