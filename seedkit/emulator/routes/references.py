"""Routes behind a row: single columns, related rows, associating and disassociating.

A reference is a lookup seen from either end, or a pair of a many-to-many relationship. Taking one
away never deletes a row.
"""

from __future__ import annotations

from collections.abc import Sequence

import orjson

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
from seedkit.emulator.routes.files import answer_file, read_file
from seedkit.emulator.routes.rows import RowHandler, no_method
from seedkit.emulator.rules.parties import NESTED_ONLY
from seedkit.emulator.session import Environment, Session
from seedkit.emulator.storage.blobs import Place
from seedkit.emulator.storage.layout import FILE_TYPES, Layout, is_polymorphic, target_column
from seedkit.emulator.storage.pairs import Link
from seedkit.emulator.writing.fill import BIND
from seedkit.emulator.writing.pairs import associate, disassociate
from seedkit.emulator.writing.platform import replace_nested
from seedkit.emulator.writing.write import update_row
from seedkit.schema import Relationship

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
        if len(rest) == 2 and rest[1].name == "$value":
            return self._raw_value(request, session, layout, row_id, name)
        if len(rest) != 1 or rest[0].argument is not None:
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
        self._rows.check_condition(request, layout, row_id)
        column = layout.table.columns.get(name)
        is_value = request.method == "PUT" and name in layout.images
        if column is not None and column.type in FILE_TYPES and not is_value:
            return answer_file(request, session, layout, row_id, name)
        if request.method == "PUT":
            body = request.json(layout.entity_set)
            if set(body) - {"@odata.context"} != {"value"}:
                raise payload_error(layout.entity_set, "the body must hold 'value' alone.")
            update_row(session, layout, row_id, {name: body["value"]})
        elif request.method == "DELETE":
            update_row(session, layout, row_id, {name: None})
        else:
            raise no_method(request)
        return Answer(204)

    def _raw_value(
        self, request: Request, session: Session, layout: Layout, row_id: str, name: str
    ) -> Answer:
        """Answer `column/$value`: a file, or the text of a plain column."""
        if request.method != "GET":
            raise no_method(request)
        if session.store.missing(layout, [row_id]):
            raise missing_row(layout.name, row_id)
        column = layout.table.columns.get(name)
        if column is not None and column.type in FILE_TYPES:
            return read_file(request, session, layout, Place(layout.name, row_id, name))
        answer = self._read_column(request, layout, row_id, name)
        if not answer.body:
            return answer
        value = orjson.loads(answer.body)["value"]
        text = value if isinstance(value, str) else orjson.dumps(value).decode()
        return Answer(200, text.encode(), {"Content-Type": "text/plain"})

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
        nested = self._environment.collections.get(layout.name, {}).get(name)
        if request.method == "PUT" and nested is not None and nested.child in NESTED_ONLY:
            replace_nested(session, nested, row_id, request.json(layout.entity_set).get("value"))
            return Answer(204)
        if request.method != "GET":
            raise unsupported(f"{request.method} of related rows")
        if session.store.row(layout, row_id) is None:
            raise missing_row(layout.name, row_id)
        many = self._many(layout, row_id, name)
        if many is not None:
            far, restriction = many
            return self._rows.list_rows(request, far, restriction, far.entity_set, session)
        target = self._target(session, layout, row_id, name)
        if target is None:
            return Answer(204)
        parent, parent_id = target
        return self._rows.represent(request, parent, parent_id, 200)

    def _many(self, layout: Layout, row_id: str, name: str) -> tuple[Layout, Restriction] | None:
        """Return the table behind a collection and the condition of its rows; None for no such."""
        relationship = self._environment.collections[layout.name].get(name)
        if relationship is not None:
            child = self._environment.layouts[relationship.child]
            return child, _children_of(child, relationship, row_id)
        link = self._link(layout, name)
        if link is None:
            return None
        far = self._environment.layouts[link.far.table]
        return far, Restriction(link.condition(f'{MAIN}."{far.primary_id}"'), (row_id,))

    def _link(self, layout: Layout, name: str) -> Link | None:
        return self._environment.pairs.get(layout.name, {}).get(name)

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
        many = self._many(layout, row_id, segment.name)
        if many is not None:
            if session.store.missing(layout, [row_id]):
                raise missing_row(layout.name, row_id)
            if request.method == "GET" and segment.argument is None:
                return self._list_references(request, *many)
            return self._collection_reference(request, session, layout, row_id, segment)
        if segment.name not in layout.single_navigation:
            raise no_segment(segment.name)
        return self._single_reference(request, session, layout, row_id, segment.name)

    def _list_references(self, request: Request, far: Layout, restriction: Restriction) -> Answer:
        answer = self._rows.list_rows(request, far, restriction, far.entity_set)
        body = orjson.loads(answer.body)
        body["@odata.context"] = f"{request.root}$metadata#Collection($ref)"
        body["value"] = [
            {"@odata.id": f"{request.root}{far.entity_set}({row[far.primary_id]})"}
            for row in body["value"]
        ]
        return json_answer(body)

    def _single_reference(
        self, request: Request, session: Session, layout: Layout, row_id: str, name: str
    ) -> Answer:
        if request.method == "GET":
            return self._read_reference(request, session, layout, row_id, name)
        self._rows.check_condition(request, layout, row_id)
        if request.method == "PUT":
            update_row(session, layout, row_id, {name + BIND: _body_id(request, layout)})
        elif request.method == "DELETE":
            if self._target(session, layout, row_id, name) is not None:
                update_row(session, layout, row_id, {name + BIND: None})
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
        self, request: Request, session: Session, layout: Layout, row_id: str, segment: Segment
    ) -> Answer:
        adds = request.method == "POST" and segment.argument is None
        if not adds and request.method != "DELETE":
            raise no_method(request)
        link = self._link(layout, segment.name)
        if link is not None:
            far = self._environment.layouts[link.far.table]
            far_id = self._named(request, session, far, segment.argument)
            (associate if adds else disassociate)(session, link, row_id, far_id)
            return Answer(204)
        relationship = self._environment.collections[layout.name][segment.name]
        child = self._environment.layouts[relationship.child]
        child_id = self._named(request, session, child, segment.argument)
        if adds:
            bind = {relationship.bind + BIND: f"/{layout.entity_set}({row_id})"}
            update_row(session, child, child_id, bind)
        else:
            self._drop(session, relationship, child, child_id, row_id)
        return Answer(204)

    @staticmethod
    def _named(request: Request, session: Session, far: Layout, key_text: str | None) -> str:
        """Return the id of the row at the far end: in the address, in `$id` or in the body."""
        if key_text is not None:
            return session.row_id(far, parse_key(key_text))
        if request.method == "POST":
            address = _body_id(request, far)
        elif "$id" in request.options:
            address = request.options["$id"]
        else:
            raise payload_error(far.entity_set, "the related row is not named.")
        found, row_id = session.locate(address)
        if found is not far:
            raise payload_error(far.entity_set, f"a row of '{found.name}' can't stand here.")
        return row_id

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
        update_row(session, child, child_id, {relationship.bind + BIND: None})


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
