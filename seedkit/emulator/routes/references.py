"""Routes behind a row: single columns, related rows, associating and disassociating.

No many-to-many relationship is described in the catalogue, so references are lookups seen from
either end.
"""

from __future__ import annotations

from collections.abc import Sequence

from seedkit.emulator.addresses import Segment, parse_key
from seedkit.emulator.errors import (
    MISSING_ROW,
    PlatformError,
    missing_row,
    no_segment,
    payload_error,
    unsupported,
)
from seedkit.emulator.exchange import Answer, Request, json_answer
from seedkit.emulator.query.options import Query
from seedkit.emulator.query.reader import MAIN, Restriction
from seedkit.emulator.routes.rows import RowHandler, no_method
from seedkit.emulator.session import Environment, Session
from seedkit.emulator.storage.layout import Layout, is_polymorphic, target_column
from seedkit.emulator.writing.write import update_row
from seedkit.schema import Relationship

_BIND = "@odata.bind"
_REF = "$ref"


class ReferenceHandler:
    """Answers `set(key)/...`."""

    def __init__(self, environment: Environment, rows: RowHandler) -> None:
        self._environment = environment
        self._rows = rows

    def answer(
        self,
        request: Request,
        session: Session,
        layout: Layout,
        key_text: str,
        rest: Sequence[Segment],
    ) -> Answer:
        """Answer a request for something behind a row."""
        row_id = session.row_id(layout, parse_key(key_text))
        name = rest[0].name
        if len(rest) == 2 and rest[1].name == _REF:
            return self._reference(request, session, layout, row_id, rest[0])
        if len(rest) != 1:
            raise unsupported(f"the address {request.path}")
        if name not in layout.single_navigation and (
            name in layout.by_property or name in layout.table.columns
        ):
            return self._column(request, session, layout, row_id, name)
        return self._related(request, session, layout, row_id, name)

    def _column(
        self, request: Request, session: Session, layout: Layout, row_id: str, name: str
    ) -> Answer:
        if request.method == "GET":
            return self._read_column(request, layout, row_id, name)
        if request.method == "PUT":
            body = request.json(layout.entity_set)
            if set(body) - {"@odata.context"} != {"value"}:
                raise payload_error(layout.entity_set, "the body must hold 'value' alone.")
            update_row(session, layout, row_id, {name: body["value"]})
            return Answer(204)
        if request.method == "DELETE":
            update_row(session, layout, row_id, {name: None})
            return Answer(204)
        raise no_method(request)

    def _read_column(self, request: Request, layout: Layout, row_id: str, name: str) -> Answer:
        row = self._rows.reader.one(layout, row_id, Query(select=(name,)), frozenset())
        if row is None:
            raise missing_row(layout.name, row_id)
        if row[name] is None:
            return Answer(204)
        context = f"{request.root}$metadata#{layout.entity_set}({row_id})/{name}"
        return json_answer({"@odata.context": context, "value": row[name]})

    def _related(
        self, request: Request, session: Session, layout: Layout, row_id: str, name: str
    ) -> Answer:
        if request.method != "GET":
            raise unsupported(f"{request.method} of related rows")
        if session.store.row(layout, row_id) is None:
            raise missing_row(layout.name, row_id)
        relationship = self._environment.collections[layout.name].get(name)
        if relationship is not None:
            child = self._environment.layouts[relationship.child]
            return self._rows.list_rows(
                request, child, _children_of(child, relationship, row_id), child.entity_set
            )
        target = self._target(session, layout, row_id, name)
        if target is None:
            return Answer(204)
        parent, parent_id = target
        return self._rows.represent(request, parent, parent_id, 200)

    def _target(
        self, session: Session, layout: Layout, row_id: str, name: str
    ) -> tuple[Layout, str] | None:
        """Return the row a lookup points at through one of its navigation names."""
        row = session.store.row(layout, row_id)
        relationships = layout.single_navigation.get(name)
        if relationships is None:
            raise no_segment(name)
        if row is None:
            raise missing_row(layout.name, row_id)
        column = relationships[0].column
        found = row[layout.position[column]]
        kind = relationships[0].parent
        if is_polymorphic(layout.table.columns[column]):
            kind = row[layout.position[target_column(column)]]
        if found is None or kind not in {item.parent for item in relationships}:
            return None
        return self._environment.layouts[kind], found

    def _reference(
        self, request: Request, session: Session, layout: Layout, row_id: str, segment: Segment
    ) -> Answer:
        relationship = self._environment.collections[layout.name].get(segment.name)
        if relationship is not None:
            return self._collection_reference(
                request, session, layout, row_id, relationship, segment.argument
            )
        if segment.name not in layout.single_navigation:
            raise no_segment(segment.name)
        return self._single_reference(request, session, layout, row_id, segment.name)

    def _single_reference(
        self, request: Request, session: Session, layout: Layout, row_id: str, name: str
    ) -> Answer:
        if request.method == "GET":
            return self._read_reference(request, session, layout, row_id, name)
        if request.method == "PUT":
            update_row(session, layout, row_id, {name + _BIND: _body_id(request, layout)})
        elif request.method == "DELETE":
            if self._target(session, layout, row_id, name) is not None:
                update_row(session, layout, row_id, {name + _BIND: None})
        else:
            raise no_method(request)
        return Answer(204)

    def _read_reference(
        self, request: Request, session: Session, layout: Layout, row_id: str, name: str
    ) -> Answer:
        target = self._target(session, layout, row_id, name)
        if target is None:
            return Answer(204)
        address = f"{request.root}{target[0].entity_set}({target[1]})"
        return json_answer(
            {"@odata.context": f"{request.root}$metadata#$ref", "@odata.id": address}
        )

    def _collection_reference(
        self,
        request: Request,
        session: Session,
        layout: Layout,
        row_id: str,
        relationship: Relationship,
        key_text: str | None,
    ) -> Answer:
        child = self._environment.layouts[relationship.child]
        if session.store.row(layout, row_id) is None:
            raise missing_row(layout.name, row_id)
        if request.method == "POST":
            found, child_id = session.locate(_body_id(request, layout))
            self._check_child(child, found)
            address = f"/{layout.entity_set}({row_id})"
            update_row(session, child, child_id, {relationship.bind + _BIND: address})
            return Answer(204)
        if request.method != "DELETE":
            raise no_method(request)
        child_id = self._child_to_drop(request, session, child, key_text)
        self._drop(session, relationship, child, child_id, row_id)
        return Answer(204)

    def _child_to_drop(
        self, request: Request, session: Session, child: Layout, key_text: str | None
    ) -> str:
        if key_text is not None:
            return session.row_id(child, parse_key(key_text))
        address = request.options.get("$id")
        if address is None:
            raise payload_error(child.entity_set, "the related row is not named.")
        found, child_id = session.locate(address)
        self._check_child(child, found)
        return child_id

    def _drop(
        self,
        session: Session,
        relationship: Relationship,
        child: Layout,
        child_id: str,
        parent_id: str,
    ) -> None:
        row = session.store.row(child, child_id)
        if row is None:
            raise missing_row(child.name, child_id)
        if row[child.position[relationship.column]] != parent_id:
            raise PlatformError(MISSING_ROW, f"{child.name} {child_id} is not associated with it.")
        update_row(session, child, child_id, {relationship.bind + _BIND: None})

    @staticmethod
    def _check_child(child: Layout, found: Layout) -> None:
        if found is not child:
            raise payload_error(child.entity_set, f"a row of '{found.name}' can't stand here.")


def _children_of(child: Layout, relationship: Relationship, row_id: str) -> Restriction:
    sql, parameters = f'{MAIN}."{relationship.column}" = ?', [row_id]
    if is_polymorphic(child.table.columns[relationship.column]):
        sql += f' AND {MAIN}."{target_column(relationship.column)}" = ?'
        parameters.append(relationship.parent)
    return Restriction(sql, tuple(parameters))


def _body_id(request: Request, layout: Layout) -> str:
    address = request.json(layout.entity_set).get("@odata.id")
    if not isinstance(address, str):
        raise payload_error(layout.entity_set, "the body must name a row in '@odata.id'.")
    return address
