"""RetrieveMetadataChanges: a query over definitions, and what has changed since a stamp.

The query's shape and the meaning of its stamps are documented; that deleted definitions are told
as pairs of kind and ids, too. Members that are not asked for are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from seedkit.emulator.errors import ARGUMENT, EXPIRED_STAMP, PlatformError, unsupported
from seedkit.emulator.exchange import Answer, json_answer
from seedkit.emulator.metadata.labels import LANGUAGE
from seedkit.emulator.metadata.listing import ENTITIES, Definitions
from seedkit.emulator.metadata.model import CRM, ENTITY
from seedkit.emulator.metadata.subtypes import KINDS
from seedkit.emulator.operations import Call, Kind, Operation
from seedkit.emulator.routes.functions import response_context
from seedkit.emulator.storage import overlay

Item = dict[str, Any]

_PARTS = {
    "Attributes": "AttributeQuery",
    "Keys": "KeyQuery",
    "ManyToOneRelationships": "RelationshipQuery",
    "OneToManyRelationships": "RelationshipQuery",
    "ManyToManyRelationships": "RelationshipQuery",
}
_QUERY = frozenset({"Properties", "Criteria", "LabelQuery", *_PARTS.values()})
_PART_QUERY = frozenset({"Properties", "Criteria"})
_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "Equals": lambda value, wanted: value == wanted,
    "NotEquals": lambda value, wanted: value != wanted,
    "In": lambda value, wanted: value in wanted,
    "NotIn": lambda value, wanted: value not in wanted,
    "GreaterThan": lambda value, wanted: value is not None and value > wanted,
    "LessThan": lambda value, wanted: value is not None and value < wanted,
}


def retrieve_changes(call: Call) -> Answer:
    """Answer RetrieveMetadataChanges."""
    query = call.parameters.get("Query") or {}
    _check(query, _QUERY)
    environment = call.session.environment
    definitions = Definitions(environment.catalogue)
    connection = call.session.store.connection
    since = _since(call.parameters.get("ClientVersionStamp"))
    now = overlay.number_of(call.session.store.schema_stamp)
    if since is not None and since > now:
        raise PlatformError(EXPIRED_STAMP, "The ClientVersionStamp is not known here.")
    changes = {} if since is None else overlay.changed_since(connection, since)
    items = [
        _table(item, query, definitions)
        for item in definitions.items(ENTITIES)
        if (since is None or ("table", item["LogicalName"]) in changes)
        and _fits(item, query.get("Criteria"))
    ]
    _check_labels(query.get("LabelQuery"))
    body: Item = {
        "@odata.context": response_context(call.request, "RetrieveMetadataChanges"),
        "ServerVersionStamp": f"{now}!{environment.store.schema_stamp or ''}",
        "EntityMetadata": [{**item, "HasChanged": since is not None or None} for item in items],
        "DeletedMetadata": None if since is None else _deleted(changes),
    }
    return json_answer(body)


def _since(stamp: Any) -> int | None:
    if stamp is None:
        return None
    number, mark, _digest = str(stamp).partition("!")
    if not mark or not number.isdigit():
        raise PlatformError(EXPIRED_STAMP, "The ClientVersionStamp is not known here.")
    return int(number)


def _deleted(changes: Mapping[tuple[str, str], bool]) -> Item:
    """Return the ids of deleted definitions by kind."""
    found: dict[str, list[str]] = {}
    for kind, name in sorted(key for key, there in changes.items() if not there):
        if kind not in ("table", "choice"):
            found.setdefault(kind, []).append(name)
    return {
        "Count": len(found),
        "IsReadOnly": False,
        "Keys": list(found),
        "Values": [
            {"Count": len(ids), "IsReadOnly": False, "Items": ids} for ids in found.values()
        ],
    }


def _table(item: Item, query: Item, definitions: Definitions) -> Item:
    names = _names(query.get("Properties"))
    found = _chosen(item, names)
    for part, part_query in _PARTS.items():
        if names is None or part in names:
            inner = query.get(part_query) or {}
            _check(inner, _PART_QUERY)
            found[part] = [
                _chosen(one, _names(inner.get("Properties")))
                for one in definitions.items(part, item["LogicalName"])
                if _fits(one, inner.get("Criteria"))
            ]
    unknown = sorted(set(names or ()) - set(ENTITY.all_members) - set(_PARTS))
    if unknown:
        raise PlatformError(ARGUMENT, f"EntityMetadata has no property '{unknown[0]}'.")
    return found


def _names(properties: Any) -> set[str] | None:
    """Return the members that are asked for; None for all."""
    if not properties:
        return set()
    _check(properties, frozenset({"AllProperties", "PropertyNames"}))
    if properties.get("AllProperties"):
        return None
    return set(properties.get("PropertyNames") or ())


def _chosen(item: Item, names: set[str] | None) -> Item:
    shown = {"MetadataId", "LogicalName", "HasChanged"} if names is not None else set()
    found = {
        name: value
        for name, value in item.items()
        if names is None or name in names or name in shown or name == "@odata.type"
    }
    kind = KINDS[str(item.get("@odata.type", ENTITY.title)).rpartition(".")[2]]
    return {**found, "@odata.type": f"#{CRM}Complex{kind.name}"}


def _fits(item: Item, criteria: Any) -> bool:
    """Tell whether an item fits a filter expression; one without conditions keeps all."""
    if not criteria:
        return True
    _check(criteria, frozenset({"Conditions", "FilterOperator", "Filters"}))
    tests = [_holds(item, condition) for condition in criteria.get("Conditions") or ()]
    tests += [_fits(item, inner) for inner in criteria.get("Filters") or ()]
    if not tests:
        return True
    operator = criteria.get("FilterOperator", "And")
    if operator not in ("And", "Or"):
        raise PlatformError(ARGUMENT, f"'{operator}' is no FilterOperator.")
    return all(tests) if operator == "And" else any(tests)


def _holds(item: Item, condition: Any) -> bool:
    _check(condition, frozenset({"PropertyName", "ConditionOperator", "Value"}))
    name = condition.get("PropertyName")
    test = _TESTS.get(str(condition.get("ConditionOperator")))
    if test is None:
        raise PlatformError(ARGUMENT, f"'{condition.get('ConditionOperator')}' is no operator.")
    if name not in item and name not in _every_member():
        raise PlatformError(ARGUMENT, f"There is no property '{name}' to filter by.")
    value = item.get(str(name))
    plain = value.get("Value") if isinstance(value, dict) and "Value" in value else value
    wanted = condition.get("Value")
    return test(plain, wanted.get("Value") if isinstance(wanted, dict) else wanted)


def _every_member() -> set[str]:
    return {name for kind in KINDS.values() for name in kind.all_members}


def _check(thing: Any, known: frozenset[str]) -> None:
    if not isinstance(thing, dict):
        raise PlatformError(ARGUMENT, "A part of the query must be a JSON object.")
    unknown = sorted(name for name in thing if name not in known and "@" not in name)
    if unknown:
        raise PlatformError(ARGUMENT, f"The query has no part '{unknown[0]}'.")


def _check_labels(query: Any) -> None:
    languages: Sequence[Any] = (query or {}).get("FilterLanguages") or ()
    if any(code != LANGUAGE for code in languages):
        raise unsupported("labels in other languages")


OPERATIONS = (
    Operation(
        "RetrieveMetadataChanges",
        Kind.FUNCTION,
        retrieve_changes,
        "documented",
        takes=frozenset(
            {
                "Query",
                "ClientVersionStamp",
                "DeletedMetadataFilters",
                "AppModuleId",
                "RetrieveAllSettings",
            }
        ),
        note="Tables count as changed as a whole; deleted definitions are told by kind.",
    ),
)
