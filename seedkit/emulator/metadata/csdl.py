"""The CSDL document at `$metadata`: every table, the metadata's own types, what can be called.

Namespace, alias, base types and the shape of lookups are documented; that the owner's type is
`principal`, which users and teams derive from, too. Types of an operation's parameters and
results are not declared further than the local environment knows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from seedkit.emulator.metadata.enums import ENUMS
from seedkit.emulator.metadata.model import Kind
from seedkit.emulator.metadata.navigation import collection_name
from seedkit.emulator.metadata.relationships import ACTIONS
from seedkit.emulator.metadata.subtypes import KINDS
from seedkit.emulator.storage.layout import property_name
from seedkit.schema import Catalogue, Column, ManyToMany, Relationship, Table

if TYPE_CHECKING:
    from seedkit.emulator.operations import Operation

NAMESPACE = "Microsoft.Dynamics.CRM"
_EDMX = "http://docs.oasis-open.org/odata/ns/edmx"
_EDM = "http://docs.oasis-open.org/odata/ns/edm"
_ALIAS = "mscrm."
_BASE = "crmbaseentity"
_PRINCIPAL = "principal"
_OWNER = "ownerid"

_TYPES = {
    "string": "Edm.String",
    "memo": "Edm.String",
    "entityname": "Edm.String",
    "multipicklist": "Edm.String",
    "integer": "Edm.Int32",
    "picklist": "Edm.Int32",
    "state": "Edm.Int32",
    "status": "Edm.Int32",
    "bigint": "Edm.Int64",
    "boolean": "Edm.Boolean",
    "decimal": "Edm.Decimal",
    "money": "Edm.Decimal",
    "double": "Edm.Double",
    "datetime": "Edm.DateTimeOffset",
    "dateonly": "Edm.Date",
    "uniqueidentifier": "Edm.Guid",
    "image": "Edm.Binary",
    "file": "Edm.Guid",
}
_COMPLEX: Mapping[str, Mapping[str, str]] = {
    "Label": {
        "LocalizedLabels": "Collection(mscrm.LocalizedLabel)",
        "UserLocalizedLabel": "mscrm.LocalizedLabel",
    },
    "LocalizedLabel": {
        "Label": "Edm.String",
        "LanguageCode": "Edm.Int32",
        "IsManaged": "Edm.Boolean",
        "MetadataId": "Edm.Guid",
        "HasChanged": "Edm.Boolean",
    },
    "BooleanManagedProperty": {
        "Value": "Edm.Boolean",
        "CanBeChanged": "Edm.Boolean",
        "ManagedPropertyLogicalName": "Edm.String",
    },
    "AttributeRequiredLevelManagedProperty": {
        "Value": "mscrm.AttributeRequiredLevel",
        "CanBeChanged": "Edm.Boolean",
        "ManagedPropertyLogicalName": "Edm.String",
    },
    "AttributeTypeDisplayName": {"Value": "Edm.String"},
    "StringFormatName": {"Value": "Edm.String"},
    "DateTimeBehavior": {"Value": "Edm.String"},
    "CascadeConfiguration": dict.fromkeys(ACTIONS, "mscrm.CascadeType"),
    "AssociatedMenuConfiguration": {
        "Behavior": "mscrm.AssociatedMenuBehavior",
        "Group": "mscrm.AssociatedMenuGroup",
        "Label": "mscrm.Label",
        "Order": "Edm.Int32",
        "IsCustomizable": "Edm.Boolean",
        "Icon": "Edm.String",
        "ViewId": "Edm.Guid",
        "AvailableOffline": "Edm.Boolean",
        "MenuId": "Edm.String",
        "QueryApi": "Edm.String",
    },
    "OptionMetadata": {
        "Value": "Edm.Int32",
        "Label": "mscrm.Label",
        "Description": "mscrm.Label",
        "Color": "Edm.String",
        "ExternalValue": "Edm.String",
        "ParentValues": "Collection(Edm.Int32)",
        "IsManaged": "Edm.Boolean",
        "IsHidden": "Edm.Boolean",
        "MetadataId": "Edm.Guid",
        "HasChanged": "Edm.Boolean",
    },
    "SecurityPrivilegeMetadata": {
        "Name": "Edm.String",
        "PrivilegeId": "Edm.Guid",
        "PrivilegeType": "mscrm.PrivilegeType",
        "CanBeBasic": "Edm.Boolean",
        "CanBeLocal": "Edm.Boolean",
        "CanBeDeep": "Edm.Boolean",
        "CanBeGlobal": "Edm.Boolean",
        "CanBeEntityReference": "Edm.Boolean",
        "CanBeParentEntityReference": "Edm.Boolean",
    },
    "EntitySetting": {"Name": "Edm.String", "Value": "Edm.String"},
}
# Options of states and status reasons carry one member more.
_DERIVED_COMPLEX = {
    "StateOptionMetadata": ("OptionMetadata", {"DefaultStatus": "Edm.Int32"}),
    "StatusOptionMetadata": ("OptionMetadata", {"State": "Edm.Int32"}),
}
_SETS = {
    "EntityDefinitions": "EntityMetadata",
    "RelationshipDefinitions": "RelationshipMetadataBase",
    "GlobalOptionSetDefinitions": "OptionSetMetadataBase",
}


def document(catalogue: Catalogue, operations: Iterable[Operation]) -> bytes:
    """Return the document as UTF-8 XML."""
    edmx = ET.Element("edmx:Edmx", {"xmlns:edmx": _EDMX, "Version": "4.0"})
    services = ET.SubElement(edmx, "edmx:DataServices")
    schema = ET.SubElement(
        services, "Schema", {"xmlns": _EDM, "Namespace": NAMESPACE, "Alias": _ALIAS[:-1]}
    )
    _base_types(schema)
    for name, table in sorted(catalogue.items()):
        _table_type(schema, catalogue, table, _principals(catalogue, name))
    for kind in KINDS.values():
        _metadata_type(schema, kind)
    _value_types(schema)
    called = sorted(operations, key=lambda item: (item.name, item.bound.value))
    for operation in called:
        _operation(schema, catalogue, operation)
    _container(schema, catalogue, called)
    ET.indent(edmx, " ")
    return bytes(ET.tostring(edmx, encoding="utf-8", xml_declaration=True))


def _principals(catalogue: Catalogue, name: str) -> bool:
    """Tell whether a table can own rows: then it derives from the owner's type."""
    return any(
        item.column == _OWNER and catalogue[item.child].columns[_OWNER].type == "owner"
        for item in catalogue.children[name]
    )


def _base_types(schema: ET.Element) -> None:
    _add(schema, "EntityType", Name=_BASE, Abstract="true")
    principal = _add(schema, "EntityType", Name=_PRINCIPAL, BaseType=_ALIAS + _BASE)
    _key(principal, _OWNER)
    _add(principal, "Property", Name=_OWNER, Type="Edm.Guid", Nullable="false")


def _table_type(schema: ET.Element, catalogue: Catalogue, table: Table, owns: bool) -> None:
    base = _PRINCIPAL if owns else _BASE
    found = _add(schema, "EntityType", Name=table.name, BaseType=_ALIAS + base)
    if not owns:
        _key(found, table.primary_id)
    for column in table.columns.values():
        if not (owns and column.name == _OWNER):
            _property(found, table, column)
    _to_parents(found, catalogue, table)
    for relationship in catalogue.children[table.name]:
        _to_children(found, relationship)
    shown = {item.get("Name") for item in found}
    for pairs in catalogue.many_to_many[table.name]:
        _to_pairs(found, table.name, pairs, shown)


def _property(parent: ET.Element, table: Table, column: Column) -> None:
    if column.type == "partylist":
        return
    type_ = "Edm.Guid" if column.is_lookup else _TYPES.get(column.type, "Edm.String")
    if column.type == "datetime" and column.behavior == "DateOnly":
        type_ = "Edm.Date"
    extra = {"Nullable": "false"} if column.name == table.primary_id else {}
    if type_ == "Edm.Decimal":
        extra["Scale"] = "Variable"
    found = _add(parent, "Property", Name=property_name(column), Type=type_, **extra)
    if ("c" not in column.allows and "u" not in column.allows) or column.is_lookup:
        term = "Org.OData.Core.V1.Permissions"
        note = _add(found, "Annotation", Term=term)
        _add(note, "EnumMember").text = "Org.OData.Core.V1.PermissionType/Read"


def _to_parents(parent: ET.Element, catalogue: Catalogue, table: Table) -> None:
    by_bind: dict[str, list[Relationship]] = {}
    for relationship in table.relationships:
        by_bind.setdefault(relationship.bind, []).append(relationship)
    for bind, relationships in by_bind.items():
        first = relationships[0]
        if len(relationships) > 1:
            owner = first.column == _OWNER
            _add(
                parent,
                "NavigationProperty",
                Name=bind,
                Type=_ALIAS + (_PRINCIPAL if owner else _BASE),
                Nullable="false" if owner else "true",
            )
            continue
        found = _add(
            parent,
            "NavigationProperty",
            Name=bind,
            Type=_ALIAS + first.parent,
            Partner=collection_name(first),
        )
        _add(
            found,
            "ReferentialConstraint",
            Property=property_name(table.columns[first.column]),
            ReferencedProperty=_key_of(catalogue, first.parent),
        )


def _key_of(catalogue: Catalogue, name: str) -> str:
    return _OWNER if _principals(catalogue, name) else catalogue[name].primary_id


def _to_children(parent: ET.Element, relationship: Relationship) -> None:
    _add(
        parent,
        "NavigationProperty",
        Name=collection_name(relationship),
        Type=f"Collection({_ALIAS}{relationship.child})",
        Partner=relationship.bind,
    )


def _to_pairs(parent: ET.Element, table: str, pairs: ManyToMany, shown: set[str | None]) -> None:
    for here, there in ((pairs.first, pairs.second), (pairs.second, pairs.first)):
        # The two ends of a table's relation to itself may share one name.
        if here.table == table and here.collection not in shown:
            shown.add(here.collection)
            _add(
                parent,
                "NavigationProperty",
                Name=here.collection,
                Type=f"Collection({_ALIAS}{there.table})",
                Partner=there.collection,
            )


def _metadata_type(schema: ET.Element, kind: Kind) -> None:
    extra = {} if kind.base is None else {"BaseType": _ALIAS + kind.base.name}
    abstract = {"Abstract": "true"} if kind.base is None or kind.name.endswith("Base") else {}
    found = _add(schema, "EntityType", Name=kind.name, **extra, **abstract)
    if kind.base is None:
        _key(found, "MetadataId")
    for name, (type_, _default) in kind.members.items():
        _typed(found, name, type_, key=name == "MetadataId")
    for name, type_ in kind.parts.items():
        _add(found, "NavigationProperty", Name=name, Type=type_)


def _value_types(schema: ET.Element) -> None:
    for name, members in _COMPLEX.items():
        found = _add(schema, "ComplexType", Name=name)
        for member, type_ in members.items():
            _typed(found, member, type_)
    for name, (base, members) in _DERIVED_COMPLEX.items():
        found = _add(schema, "ComplexType", Name=name, BaseType=_ALIAS + base)
        for member, type_ in members.items():
            _typed(found, member, type_)
    for name, values in ENUMS.items():
        found = _add(schema, "EnumType", Name=name)
        for member, value in values.items():
            _add(found, "Member", Name=member, Value=str(value))


def _typed(parent: ET.Element, name: str, type_: str, *, key: bool = False) -> None:
    extra = {"Nullable": "false"} if key else {}
    if type_ == "Edm.Decimal":
        extra["Scale"] = "Variable"
    _add(parent, "Property", Name=name, Type=type_, **extra)


def _operation(schema: ET.Element, catalogue: Catalogue, operation: Operation) -> None:
    tables: Iterable[str | None] = [None]
    if operation.bound.value != "nothing":
        tables = [_BASE] if operation.tables is None else sorted(operation.tables)
    for table in tables:
        if table is not None and table != _BASE and table not in catalogue:
            continue
        extra = {} if table is None else {"IsBound": "true"}
        kind = operation.kind.value.title()
        found = _add(schema, kind, Name=operation.name, **extra)
        if table is not None:
            own = _ALIAS + table
            whole = own if operation.bound.value == "a row" else f"Collection({own})"
            _add(found, "Parameter", Name="entity", Type=whole, Nullable="false")
        for name in sorted(operation.takes):
            nullable = "false" if name in operation.needs else "true"
            _add(found, "Parameter", Name=name, Type="Edm.Untyped", Nullable=nullable)
        if kind == "Function":
            _add(found, "ReturnType", Type="Edm.Untyped", Nullable="false")


def _container(schema: ET.Element, catalogue: Catalogue, called: Iterable[Operation]) -> None:
    container = _add(schema, "EntityContainer", Name="System")
    for name, table in sorted(catalogue.items()):
        found = _add(container, "EntitySet", Name=table.entity_set, EntityType=_ALIAS + table.name)
        for path, target in sorted(_bindings(catalogue, name).items()):
            _add(found, "NavigationPropertyBinding", Path=path, Target=target)
    for name, type_ in _SETS.items():
        _add(container, "EntitySet", Name=name, EntityType=_ALIAS + type_)
    for operation in called:
        if operation.bound.value == "nothing":
            kind = operation.kind.value.title()
            _add(
                container,
                f"{kind}Import",
                Name=operation.name,
                **{kind: _ALIAS + operation.name},
            )


def _bindings(catalogue: Catalogue, name: str) -> dict[str, str]:
    table = catalogue[name]
    binds = [item.bind for item in table.relationships]
    found = {
        item.bind: catalogue[item.parent].entity_set
        for item in table.relationships
        if binds.count(item.bind) == 1
    }
    for item in catalogue.children[name]:
        found[collection_name(item)] = catalogue[item.child].entity_set
    for pairs in catalogue.many_to_many[name]:
        for here, there in ((pairs.first, pairs.second), (pairs.second, pairs.first)):
            if here.table == name:
                found[here.collection] = catalogue[there.table].entity_set
    return found


def _key(parent: ET.Element, name: str) -> None:
    _add(_add(parent, "Key"), "PropertyRef", Name=name)


def _add(parent: ET.Element, tag: str, **values: str) -> ET.Element:
    return ET.SubElement(parent, tag, values)
