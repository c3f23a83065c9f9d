"""Columns out of the definitions that clients send.

Bounds of each type are documented; what is taken for a member that is left out is expected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from seedkit.emulator.errors import ARGUMENT, PlatformError, payload_error, unsupported
from seedkit.emulator.metadata.bodies import (
    Body,
    checked,
    kind_of_body,
    member,
    number,
    whole,
    wrapped,
)
from seedkit.emulator.metadata.definitions import REQUIRED, TEXT_FORMATS, kind_of
from seedkit.emulator.metadata.edit import SchemaEdit, checked_name
from seedkit.emulator.metadata.labels import read_label
from seedkit.emulator.metadata.model import Kind
from seedkit.emulator.metadata.newchoices import column_choice
from seedkit.emulator.metadata.newfiles import (
    LARGEST_FILE,
    LARGEST_IMAGE,
    file_parts,
    wants_primary,
)
from seedkit.emulator.metadata.subtypes import SUBTYPES
from seedkit.emulator.rules.autonumber import read_format
from seedkit.schema import Column, Relationship

_LEVELS = {name: level for level, name in REQUIRED.items()}
_FORMATS = {name: own for own, (_format, name) in TEXT_FORMATS.items()}
_INTEGER_FORMATS: Mapping[str, str | None] = {
    "None": None,
    "Duration": "duration",
    "TimeZone": "timezone",
    "Language": "language",
    "Locale": "locale",
}
_BEHAVIOURS = ("UserLocal", "DateOnly", "TimeZoneIndependent")
_CREATABLE = (
    "String",
    "Memo",
    "Integer",
    "BigInt",
    "Decimal",
    "Double",
    "Money",
    "DateTime",
    "Boolean",
    "Picklist",
    "MultiSelectPicklist",
    "Image",
    "File",
)
_INT = 2**31
_LARGEST = {
    "decimal": 100_000_000_000,
    "double": 100_000_000_000,
    "money": 922_337_203_685_477,
}
_DIGITS = {"decimal": (2, 10), "double": (5, 5), "money": (2, 4)}
_CURRENCY, _RATE = "transactioncurrencyid", "exchangerate"

Facts = dict[str, Any]


def new_columns(edit: SchemaEdit, table: str, body: Body) -> list[Column]:
    """Return the columns that a definition asks for: one, with those that belong to it."""
    kind = kind_of_body(body, [SUBTYPES[name] for name in _CREATABLE], "Attributes")
    checked(body, kind, "Attributes")
    schema_name = checked_name("attribute", body.get("SchemaName"))
    if body.get("SourceType") or body.get("FormulaDefinition"):
        raise unsupported("new calculated, rollup or formula columns")
    column = _read(edit, body, kind, _blank(schema_name, kind))
    if column.type == "money":
        return [column, *_money_parts(edit, table, column)]
    if column.type == "image":
        # The first image stands for the row; what a later one asks for is ignored [documented].
        column = replace(column, primary_image=edit.table(table).primary_image is None)
    return [column, *file_parts(column)]


def changed_column(edit: SchemaEdit, old: Column, body: Body) -> Column:
    """Return a column as a full definition wants it; the type and the names stay."""
    kind = kind_of(old)
    if kind_of_body({"@odata.type": kind.title, **body}, [kind], "Attributes") is not kind:
        raise PlatformError(ARGUMENT, "The type of a column can't be changed.")
    checked(body, kind, "Attributes")
    if str(body.get("SchemaName", old.schema_name)).lower() != old.name:
        raise PlatformError(ARGUMENT, "The name of a column can't be changed.")
    if kind.name.removesuffix("AttributeMetadata") in _CREATABLE:
        return _read(edit, body, kind, old)
    return replace(old, **_common(body, old))


def lookup_column(body: Body, schema_name: str, targets: Mapping[str, Relationship]) -> Column:
    """Return the lookup column of a relationship."""
    kind = SUBTYPES["Lookup"]
    kind_of_body(body, [kind], "Lookup")
    checked(body, kind, "Lookup")
    blank = _blank(schema_name, kind)
    type_ = "customer" if len(targets) > 1 else "lookup"
    return replace(blank, type=type_, targets=targets, **_common(body, blank))


def _blank(schema_name: str, kind: Kind) -> Column:
    type_ = kind.name.removesuffix("AttributeMetadata").lower()
    type_ = "multipicklist" if type_ == "multiselectpicklist" else type_
    return Column(schema_name.lower(), type_, schema_name, schema_name, "cru")


def _read(edit: SchemaEdit, body: Body, kind: Kind, old: Column) -> Column:
    facts = _common(body, old)
    facts.update(_READERS[kind.name.removesuffix("AttributeMetadata")](body, old))
    if "OptionSet" in kind.all_parts:
        facts.update(column_choice(edit, body, old))
    return replace(old, **facts)


def _common(body: Body, old: Column) -> Facts:
    level = wrapped(body, "RequiredLevel")
    autonumber = read_format(body.get("AutoNumberFormat", old.autonumber))
    if autonumber is not None and old.type != "string":
        raise PlatformError(ARGUMENT, "Only a column of texts can have an AutoNumberFormat.")
    return {
        "autonumber": autonumber,
        "label": read_label("DisplayName", body.get("DisplayName")) or old.label,
        "description": read_label("Description", body.get("Description")) or old.description,
        "required": old.required if level is None else member(_LEVELS, level, "RequiredLevel"),
    }


def _text(body: Body, old: Column) -> Facts:
    memo = old.type == "memo"
    name = wrapped(body, "FormatName")
    default = old.max_length or (2000 if memo else 100)
    usual = old.format or ("textarea" if memo else "text")
    return {
        "max_length": whole(body, "MaxLength", default, 1, 1_048_576 if memo else 4000),
        "format": usual if name is None else member(_FORMATS, name, "FormatName"),
    }


def _integer(body: Body, old: Column) -> Facts:
    low = whole(body, "MinValue", int(-_INT if old.min is None else old.min), -_INT, _INT - 1)
    high = whole(body, "MaxValue", int(_INT - 1 if old.max is None else old.max), -_INT, _INT - 1)
    format_ = body.get("Format")
    return {
        **_ordered(low, high),
        "format": old.format if format_ is None else member(_INTEGER_FORMATS, format_, "Format"),
    }


def _big(_body: Body, _old: Column) -> Facts:
    return {"min": -(2**63), "max": 2**63 - 1}


def _real(body: Body, old: Column) -> Facts:
    limit, (digits, most) = _LARGEST[old.type], _DIGITS[old.type]
    low = number(body, "MinValue", -limit if old.min is None else old.min, limit)
    high = number(body, "MaxValue", limit if old.max is None else old.max, limit)
    usual = digits if old.precision is None else old.precision
    return {**_ordered(low, high), "precision": whole(body, "Precision", usual, 0, most)}


def _ordered(low: float, high: float) -> Facts:
    if low > high:
        raise PlatformError(ARGUMENT, "MinValue must not be above MaxValue.")
    return {"min": low, "max": high}


def _moment(body: Body, old: Column) -> Facts:
    behaviour = wrapped(body, "DateTimeBehavior") or old.behavior or "UserLocal"
    if behaviour not in _BEHAVIOURS:
        raise PlatformError(ARGUMENT, f"'{behaviour}' is no DateTimeBehavior.")
    usual = "DateOnly" if old.format == "date" else "DateAndTime"
    shown = body.get("Format") or usual
    if behaviour == "DateOnly" and shown != "DateOnly":
        raise PlatformError(ARGUMENT, "The behaviour DateOnly needs the format DateOnly.")
    format_ = member({"DateOnly": "date", "DateAndTime": "datetime"}, shown, "Format")
    type_ = "dateonly" if behaviour == "DateOnly" else "datetime"
    return {"type": type_, "behavior": behaviour, "format": format_}


def _yes_no(body: Body, old: Column) -> Facts:
    value = body.get("DefaultValue", old.default)
    if value is not None and not isinstance(value, (bool, int)):
        raise payload_error("DefaultValue", "true or false is needed.")
    return {"default": bool(value)}


def _picklist(body: Body, old: Column) -> Facts:
    value = body.get("DefaultFormValue", old.default)
    return {"default": None if value in (None, -1) else value}


def _file(body: Body, old: Column) -> Facts:
    return {"max": whole(body, "MaxSizeInKB", int(old.max or 0), 1, LARGEST_FILE) or None}


def _image(body: Body, old: Column) -> Facts:
    return {
        "max": whole(body, "MaxSizeInKB", int(old.max or 0), 1, LARGEST_IMAGE) or None,
        "full_image": bool(body.get("CanStoreFullImage", old.full_image)),
        "primary_image": wants_primary(body, old),
    }


_READERS: Mapping[str, Callable[[Body, Column], Facts]] = {
    "String": _text,
    "Memo": _text,
    "Integer": _integer,
    "BigInt": _big,
    "Decimal": _real,
    "Double": _real,
    "Money": _real,
    "DateTime": _moment,
    "Boolean": _yes_no,
    "Picklist": _picklist,
    "MultiSelectPicklist": _picklist,
    "Image": _image,
    "File": _file,
}


def _money_parts(edit: SchemaEdit, table: str, amount: Column) -> list[Column]:
    """Return the amount in the base currency and, for the first amount, currency and rate."""
    base = replace(
        amount,
        name=f"{amount.name}_base",
        schema_name=f"{amount.schema_name}_Base",
        label=f"{amount.label} (Base)",
        allows="r",
        required="none",
        precision=4,
        base_of=amount.name,
    )
    if not edit.knows(table) or _CURRENCY in edit.table(table).columns:
        return [base]
    return [base, *currency_columns(table)]


def currency_columns(table: str) -> list[Column]:
    """Return the two columns that every table with amounts has."""
    relationship = Relationship(
        table,
        _CURRENCY,
        "transactioncurrency",
        _CURRENCY,
        f"TransactionCurrency_{table}",
        f"TransactionCurrency_{table}",
        {},
    )
    rate = Column(_RATE, "decimal", "ExchangeRate", "Exchange Rate", "r", precision=12)
    return [
        replace(rate, min=0.000000000001, max=100_000_000_000),
        Column(
            _CURRENCY,
            "lookup",
            "TransactionCurrencyId",
            "Currency",
            "cru",
            targets={relationship.parent: relationship},
        ),
    ]
