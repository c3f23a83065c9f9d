"""Reading a customer's or a group's holdings with their details, in the form of the .NET SDK.

The query and the status per category are verified in the solution's source. More columns than its
own list come along: all that a client may read of holding and details.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson
from pydantic import Field

from seedkit.emulator.access import seen
from seedkit.emulator.addresses import is_guid
from seedkit.emulator.customer_profile.contract import DATA, Request, read_data, refusal, result
from seedkit.emulator.errors import PlatformError
from seedkit.emulator.exchange import Answer
from seedkit.emulator.operations import Call, Kind, Operation
from seedkit.emulator.query.annotations import FORMATTED, TARGET
from seedkit.emulator.query.fetch.parse import parse_fetch
from seedkit.emulator.query.fetch.reader import FetchReader
from seedkit.emulator.query.viewer import viewer_of
from seedkit.emulator.session import Session
from seedkit.schema import Column

_HOLDING, _OWNED, _SHOWN = (
    "msfsi_financialholding",
    "msfsi_customerfinancialholding",
    "msfsi_groupfinancialholding",
)
_CATEGORY = "msfsi_financialholdingcategory"
_OWNERS = (104800000, 104800004)  # owner and joint owner
# Category to the alias of its details and their table.
_DETAILS: Mapping[int, tuple[str, str]] = {
    104800004: ("FH_ACCOUNT", "msfsi_fh_account"),
    104800000: ("FH_CREDIT", "msfsi_fh_creditline"),
    104800002: ("FH_INVESTMENT", "msfsi_fh_investment"),
    104800001: ("FH_LOAN", "msfsi_fh_loan"),
    104800003: ("FH_SAVING", "msfsi_fh_saving"),
}
_ALIASES = {"FH": _HOLDING, "CFH": _OWNED, "GFH": _SHOWN} | dict(_DETAILS.values())
_OWNED_COLUMNS = ("msfsi_financialholdingid", "msfsi_customerid", "msfsi_financialholdingrole")

_SHOWS, _HIDDEN, _FORBIDDEN, _MISSING = 200, 204, 403, 404

Item = dict[str, Any]


class _Shown(Request):
    shown: dict[str, bool] = Field(alias="hideShowEntities")


class _OfCustomer(_Shown):
    customer: str = Field(alias="contactId")


class _OfGroup(_Shown):
    group: str = Field(alias="groupId")


def _of_customer(call: Call) -> Answer:
    """Answer with what a customer has a part in."""
    request = read_data(call, _OfCustomer)
    root = _attributes(*_OWNED_COLUMNS, "statecode") + _filter(
        _is("msfsi_customerid", request.customer), _is("statecode", 0)
    )
    return _fetch(call, "msfsi_FHfetch", request, request.customer, _OWNED, root, owners="")


def _of_group(call: Call) -> Answer:
    """Answer with what a group shows, each with its owner."""
    request = read_data(call, _OfGroup)
    root = (
        "<attribute name='msfsi_groupfinancialholdingid' "
        "alias='GFH.msfsi_groupfinancialholdingid'/>"
        + _attributes("statecode")
        + _filter(_is("msfsi_group", request.group), _is("statecode", 0))
    )
    values = "".join(f"<value>{role}</value>" for role in _OWNERS)
    roles = f"<condition attribute='msfsi_financialholdingrole' operator='in'>{values}</condition>"
    owners = _link(
        _OWNED,
        "msfsi_financialholdingid",
        "msfsi_financialholdingid",
        "CFH",
        _attributes(*_OWNED_COLUMNS, "statecode") + _filter(roles),
        outer=True,
    )
    return _fetch(call, "msfsi_GFHfetch", request, request.group, _SHOWN, root, owners)


def _fetch(
    call: Call, name: str, request: _Shown, key: str, table: str, root: str, owners: str
) -> Answer:
    if key and not is_guid(key):
        raise refusal("The financial holdings can't be read.")
    session = call.session
    closed = [item for item in (_HOLDING, table, _OWNED) if not _may_read(session, item)]
    if closed:
        forbidden = dict.fromkeys((_HOLDING, _OWNED), _FORBIDDEN)
        return result(call, name, _text({"entities": _text([]), "metadata": _text(forbidden)}))
    statuses = {category: _status(session, request, category) for category in _DETAILS}
    shown = [category for category, status in statuses.items() if status == _SHOWS]
    rows = _read(call, _query(table, root, shown, owners)) if shown else []
    entities = [_entity(session, table, row) for row in rows if not _is_inactive(row)]
    tables = session.environment.catalogue
    metadata = {
        _schema_name(tables, detail): statuses[category]
        for category, (_alias, detail) in _DETAILS.items()
    }
    return result(call, name, _text({"entities": _text(entities), "metadata": _text(metadata)}))


def _schema_name(tables: Mapping[str, Any], table: str) -> str:
    return str(tables[table].schema_name) if table in tables else table


def _status(session: Session, request: _Shown, category: int) -> int:
    holding = session.environment.layouts[_HOLDING].table
    table = _DETAILS[category][1]
    column = holding.columns.get(_CATEGORY)
    if column is None or category not in (column.options or {}):
        return _MISSING
    if not _may_read(session, table):
        return _FORBIDDEN
    return _SHOWS if request.shown.get(str(category), True) else _HIDDEN


def _query(table: str, root: str, shown: Iterable[int], owners: str) -> str:
    conditions = [_is(_CATEGORY, category) for category in shown]
    details = [
        _link(detail, f"{detail}id", "msfsi_details", alias, "<all-attributes/>", outer=True)
        for alias, detail in (_DETAILS[category] for category in shown)
    ]
    key = "msfsi_financialholdingid" if table == _OWNED else _HOLDING
    inner = "<all-attributes/>" + _filter(*conditions, either=True) + "".join(details) + owners
    holding = _link(_HOLDING, "msfsi_financialholdingid", key, "FH", inner, outer=False)
    return f"<fetch><entity name='{table}'>{root}{holding}</entity></fetch>"


def _attributes(*names: str) -> str:
    return "".join(f"<attribute name='{name}'/>" for name in names)


def _is(column: str, value: object) -> str:
    return f"<condition attribute='{column}' operator='eq' value='{value}'/>"


def _filter(*conditions: str, either: bool = False) -> str:
    return f"<filter type='{'or' if either else 'and'}'>{''.join(conditions)}</filter>"


def _link(table: str, column: str, to: str, alias: str, inner: str, *, outer: bool) -> str:
    kind = " link-type='outer'" if outer else ""
    names = f"name='{table}' from='{column}' to='{to}' alias='{alias}'{kind}"
    return f"<link-entity {names}>{inner}</link-entity>"


def _read(call: Call, query: str) -> list[Item]:
    environment = call.session.environment
    viewer = viewer_of(environment, call.request.root, call.session)
    wanted = frozenset({FORMATTED, TARGET})
    # The action is a POST, but its queries run as its caller, who sees what he may read.
    with seen(environment.store, environment.layouts, call.session.access):
        return FetchReader(environment).read(viewer, parse_fetch(query), wanted).rows


def _is_inactive(row: Item) -> bool:
    """Tell whether the holding or its details are inactive; the root was asked for active ones."""
    aliases = ("FH", *(alias for alias, _table in _DETAILS.values()))
    return any(row.get(f"{alias}.statecode") == 1 for alias in aliases)


def _entity(session: Session, table: str, row: Item) -> Item:
    """Return a row as the SDK serialises an entity."""
    layout = session.environment.layouts[table]
    attributes, texts = [], []
    for key, value in row.items():
        if "@" in key:
            continue
        name, column = _column(session, table, key)
        attributes.append({"Key": name, "Value": _value(column, key, value, row)})
        if f"{key}@{FORMATTED}" in row:
            texts.append({"Key": name, "Value": row[f"{key}@{FORMATTED}"]})
    row_id = row.get(layout.primary_id) or row.get("GFH.msfsi_groupfinancialholdingid")
    return {"LogicalName": table, "Id": row_id, "Attributes": attributes, "FormattedValues": texts}


def _column(session: Session, table: str, key: str) -> tuple[str, Column]:
    """Return the SDK's name of a property and its column: root lookups lose their decoration."""
    alias, dot, name = key.rpartition(".")
    columns = session.environment.layouts[_ALIASES[alias] if dot else table].table.columns
    if not dot and key not in columns:
        key = name = key.removeprefix("_").removesuffix("_value")
    return key, columns[name]


def _value(column: Column, key: str, value: Any, row: Item) -> Any:
    if column.is_lookup:
        return {
            "Id": value,
            "LogicalName": row.get(f"{key}@{TARGET}"),
            "Name": row.get(f"{key}@{FORMATTED}"),
            "KeyAttributes": [],
            "RowVersion": None,
        }
    if column.type in ("picklist", "state", "status", "money"):
        return {"Value": value}
    return value


def _may_read(session: Session, table: str) -> bool:
    """Tell whether the caller may read some rows of a table."""
    layout = session.environment.layouts.get(table)
    if layout is None or session.access is None:
        return layout is not None
    try:
        session.access.need_on("Read", layout.table)
    except PlatformError:
        return False
    return True


def _text(value: Any) -> str:
    return orjson.dumps(value).decode()


def _action(name: str, run: Callable[[Call], Answer]) -> Operation:
    note = "`result` is JSON text whose members `entities` and `metadata` are JSON texts again."
    return Operation(name, Kind.ACTION, run, "documented", DATA, DATA, note=note)


OPERATIONS: tuple[Operation, ...] = (
    _action("msfsi_FHfetch", _of_customer),
    _action("msfsi_GFHfetch", _of_group),
)
