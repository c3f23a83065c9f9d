"""Bulk messages: CreateMultiple, UpdateMultiple, UpsertMultiple; all or nothing."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from seedkit.emulator.addresses import Key, is_guid, parse_row_address
from seedkit.emulator.errors import (
    ARGUMENT,
    METHOD,
    NO_MESSAGE,
    PlatformError,
    no_segment,
    payload_error,
)
from seedkit.emulator.exchange import Answer, Request, json_answer
from seedkit.emulator.routes.functions import response_context
from seedkit.emulator.session import Environment, Session
from seedkit.emulator.storage.layout import Layout
from seedkit.emulator.writing.fill import TYPE, is_type
from seedkit.emulator.writing.write import create_rows, key_columns, update_row

_DELETE_MULTIPLE = "DeleteMultiple"  # for elastic tables only; text documented, status inferred
_FLAT = 0  # whether targets may hold related rows is not known: refused, as our choice [inferred]

Targets = Sequence[Mapping[str, Any]]


class MessageHandler:
    """Answers messages that are bound to an entity set."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._messages = {
            "CreateMultiple": self._create,
            "UpdateMultiple": self._update,
            "UpsertMultiple": self._upsert,
        }

    def answer(self, request: Request, session: Session, layout: Layout, message: str) -> Answer:
        """Answer one message."""
        if message == _DELETE_MULTIPLE:
            raise PlatformError(NO_MESSAGE, "DeleteMultiple has not yet been implemented.")
        if message not in self._messages:
            raise no_segment(f"Microsoft.Dynamics.CRM.{message}")
        if request.method != "POST":
            raise PlatformError(METHOD, f"{message} is an action: use POST.")
        if (layout.name, message) not in self._environment.bulk_messages:
            raise PlatformError(
                NO_MESSAGE,
                f"The '{message}' method does not support entities of type '{layout.name}'.",
            )
        targets = _targets(request, layout)
        return self._messages[message](request, session, layout, targets)

    def _create(
        self, request: Request, session: Session, layout: Layout, targets: Targets
    ) -> Answer:
        ids = create_rows(session, layout, targets, _FLAT)
        return json_answer(
            {"@odata.context": response_context(request, "CreateMultiple"), "Ids": ids}
        )

    def _update(
        self, _request: Request, session: Session, layout: Layout, targets: Targets
    ) -> Answer:
        located = [(self._locate(session, layout, target), target) for target in targets]
        _refuse_twice([row_id for row_id, _target in located if row_id is not None])
        for row_id, target in located:
            if row_id is None:
                raise payload_error(layout.entity_set, "a target without an id.")
            update_row(session, layout, row_id, target)
        return Answer(204)

    def _upsert(
        self, _request: Request, session: Session, layout: Layout, targets: Targets
    ) -> Answer:
        located = [(_key_of(session, layout, target), target) for target in targets]
        _refuse_twice([tuple(sorted(key.parts.items())) for key, _target in located if key.parts])
        found = [(session.find(layout, key), key, target) for key, target in located]
        _refuse_twice([row_id for row_id, _key, _target in found if row_id is not None])
        ids = [row_id for row_id, _key, _target in found if row_id is not None]
        missing = set(session.store.missing(layout, ids))
        for row_id, key, target in found:
            if row_id is None or row_id in missing:
                body = _upsert_body(session, layout, key, target)
                create_rows(session, layout, [body], _FLAT)
            else:
                update_row(session, layout, row_id, target)
        return Answer(204)

    def _locate(self, session: Session, layout: Layout, target: Mapping[str, Any]) -> str | None:
        key = _key_of(session, layout, target)
        return session.row_id(layout, key)


def _targets(request: Request, layout: Layout) -> Targets:
    body = request.json(layout.entity_set)
    targets = body.get("Targets")
    if not isinstance(targets, list) or not targets or set(body) != {"Targets"}:
        raise PlatformError(ARGUMENT, "The body must hold a list of rows under 'Targets'.")
    wanted = f"Microsoft.Dynamics.CRM.{layout.name}"
    for target in targets:
        if not isinstance(target, dict) or TYPE not in target:
            raise payload_error(layout.entity_set, f"each target needs its '{TYPE}'.")
        if target[TYPE] != wanted and not is_type(target[TYPE], layout):
            raise payload_error(layout.entity_set, f"each target must be of type '{wanted}'.")
    return targets


def _key_of(session: Session, layout: Layout, target: Mapping[str, Any]) -> Key:
    address = target.get("@odata.id")
    if address is not None:
        parsed = parse_row_address(str(address), session.host)
        if parsed.entity_set != layout.entity_set:
            raise payload_error(layout.entity_set, f"'{address}' is a row of another table.")
        return parsed.key
    row_id = target.get(layout.primary_id)
    if not isinstance(row_id, str) or not is_guid(row_id):
        raise payload_error(layout.entity_set, f"a target without '{layout.primary_id}'.")
    return Key(row_id.lower(), {})


def _upsert_body(
    session: Session, layout: Layout, key: Key, target: Mapping[str, Any]
) -> Mapping[str, Any]:
    # Observed: key columns both in the address and in the row are refused on the create path.
    doubled = sorted(set(key.parts) & set(target))
    if doubled:
        raise payload_error(layout.entity_set, f"the key column {doubled[0]} is given twice.")
    return key_columns(session, layout, key, target)


def _refuse_twice(ids: Sequence[Hashable]) -> None:
    if len(set(ids)) != len(ids):
        raise PlatformError(ARGUMENT, "A row stands in the targets more than once.")
