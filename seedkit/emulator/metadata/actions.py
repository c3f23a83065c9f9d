"""Actions that change the schema: several tables at once, customer lookups, options, publishing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from seedkit.emulator.errors import ARGUMENT, MISSING_ROW, PlatformError
from seedkit.emulator.exchange import Answer, json_answer
from seedkit.emulator.metadata.edit import SchemaEdit
from seedkit.emulator.metadata.labels import metadata_id, read_label
from seedkit.emulator.metadata.newchoices import next_value
from seedkit.emulator.metadata.newlinks import add_customer
from seedkit.emulator.metadata.newtable import add_table
from seedkit.emulator.operations import Call, Kind, Operation
from seedkit.emulator.routes.functions import response_context
from seedkit.schema import Choice, Column, Option

Place = tuple[str, str] | str  # table and column, or the name of a global choice


def create_entities(call: Call) -> Answer:
    """Answer CreateEntities: all tables or none."""
    call.session.need("prvCreateEntity")
    sent = call.parameters["Entities"]
    if not isinstance(sent, list) or not sent:
        raise PlatformError(ARGUMENT, "Entities must be a list of definitions.")
    edit = SchemaEdit(call.session.store.catalogue)
    for body in sent:
        add_table(edit, body)
    edit.commit(call.session)
    return Answer(204)


def create_customer(call: Call) -> Answer:
    """Answer CreateCustomerRelationships: one lookup with two relationships."""
    call.session.need("prvCreateRelationship")
    lookup = call.parameters["Lookup"]
    edit = SchemaEdit(call.session.store.catalogue)
    table, ids = add_customer(edit, lookup, call.parameters["OneToManyRelationships"])
    edit.commit(call.session)
    column = str(lookup["SchemaName"]).lower()
    context = response_context(call.request, "CreateCustomerRelationships")
    attribute = metadata_id("column", f"{table}.{column}")
    return json_answer(
        {"@odata.context": context, "AttributeId": attribute, "RelationshipIds": ids}
    )


def insert_option(call: Call) -> Answer:
    """Answer InsertOptionValue; without a value the next free one is taken."""
    edit, place, options = _opened(call)
    value = call.parameters.get("Value")
    number = next_value(options) if value is None else _whole(value)
    if number in options:
        raise PlatformError(ARGUMENT, f"The option value {number} is taken.")
    option = Option(number, read_label("Label", call.parameters["Label"]) or str(number))
    _store(call, edit, place, {**options, number: option})
    return _new_value(call, "InsertOptionValue", number)


def insert_status(call: Call) -> Answer:
    """Answer InsertStatusValue: a status reason of one state."""
    edit, place, options = _opened(call, "statuscode")
    state = _whole(call.parameters["StateCode"])
    if state not in {option.state for option in options.values()}:
        raise PlatformError(ARGUMENT, f"There is no state {state}.")
    value = call.parameters.get("Value")
    number = next_value(options) if value is None else _whole(value)
    if number in options:
        raise PlatformError(ARGUMENT, f"The option value {number} is taken.")
    text = read_label("Label", call.parameters["Label"]) or str(number)
    _store(call, edit, place, {**options, number: Option(number, text, state)})
    return _new_value(call, "InsertStatusValue", number)


def update_option(call: Call) -> Answer:
    """Answer UpdateOptionValue: another label."""
    edit, place, options = _opened(call)
    number = _existing(call, options)
    text = read_label("Label", call.parameters["Label"]) or options[number].label
    _store(call, edit, place, {**options, number: replace(options[number], label=text)})
    return Answer(204)


def delete_option(call: Call) -> Answer:
    """Answer DeleteOptionValue; rows that hold the value keep it [expected]."""
    edit, place, options = _opened(call)
    number = _existing(call, options)
    _store(call, edit, place, {value: o for value, o in options.items() if value != number})
    return Answer(204)


def order_options(call: Call) -> Answer:
    """Answer OrderOption: all values in their new order."""
    edit, place, options = _opened(call)
    order = call.parameters["Values"]
    if not isinstance(order, list) or sorted(order) != sorted(options):
        raise PlatformError(ARGUMENT, "Values must hold each value of the choice once.")
    _store(call, edit, place, {value: options[value] for value in order})
    return Answer(204)


def publish(call: Call) -> Answer:
    """Answer PublishXml and PublishAllXml: here every change is published at once."""
    call.session.need("prvPublishCustomization")
    return Answer(204)


def _opened(call: Call, usual: str | None = None) -> tuple[SchemaEdit, Place, dict[int, Option]]:
    """Return an edit, the choice that a call is about, and its options."""
    edit = SchemaEdit(call.session.store.catalogue)
    name = call.parameters.get("OptionSetName")
    # That options of a column's own choice count as the column's is inferred.
    call.session.need("prvWriteAttribute" if name is None else "prvWriteOptionSet")
    if name is not None:
        choice = edit.choice(str(name))
        if choice is None:
            raise PlatformError(MISSING_ROW, f"Could not find the option set {name}.")
        return edit, choice.name, dict(choice.options)
    table = edit.table(str(call.parameters.get("EntityLogicalName")))
    wanted = str(call.parameters.get("AttributeLogicalName") or usual)
    column = table.columns.get(wanted)
    if column is None or column.options is None:
        raise PlatformError(MISSING_ROW, f"{table.name} has no choice column {wanted}.")
    if column.choice is not None:
        raise PlatformError(ARGUMENT, f"{wanted} uses the global option set {column.choice}.")
    return edit, (table.name, column.name), dict(column.options)


def _store(call: Call, edit: SchemaEdit, place: Place, options: Mapping[int, Option]) -> None:
    if isinstance(place, str):
        choice: Choice | None = edit.choice(place)
        if choice is not None:
            edit.put_choice(replace(choice, options=options))
    else:
        table, name = place
        column: Column = edit.table(table).columns[name]
        edit.put_column(table, replace(column, options=options))
    edit.commit(call.session)


def _existing(call: Call, options: Mapping[int, Option]) -> int:
    number = _whole(call.parameters["Value"])
    if number not in options:
        raise PlatformError(MISSING_ROW, f"There is no option with the value {number}.")
    return number


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise PlatformError(ARGUMENT, f"'{value}' is no whole number.")
    return value


def _new_value(call: Call, message: str, value: int) -> Answer:
    context = response_context(call.request, message)
    return json_answer({"@odata.context": context, "NewOptionValue": value})


_PLACE = frozenset(
    {"OptionSetName", "EntityLogicalName", "AttributeLogicalName", "SolutionUniqueName"}
)
_DONE_AT_ONCE = "Every change of the schema is published at once here."

OPERATIONS = (
    Operation(
        "CreateEntities",
        Kind.ACTION,
        create_entities,
        "observed",
        takes=frozenset({"Entities", "SolutionUniqueName"}),
        needs=frozenset({"Entities"}),
        note="The solution's name is accepted and makes no difference here.",
    ),
    Operation(
        "CreateCustomerRelationships",
        Kind.ACTION,
        create_customer,
        "documented",
        takes=frozenset({"Lookup", "OneToManyRelationships", "SolutionUniqueName"}),
        needs=frozenset({"Lookup", "OneToManyRelationships"}),
    ),
    Operation(
        "InsertOptionValue",
        Kind.ACTION,
        insert_option,
        "documented",
        takes=_PLACE | {"Value", "Label", "Description", "ExternalValue", "ParentValues"},
        needs=frozenset({"Label"}),
    ),
    Operation(
        "InsertStatusValue",
        Kind.ACTION,
        insert_status,
        "documented",
        takes=_PLACE | {"Value", "Label", "Description", "StateCode"},
        needs=frozenset({"Label", "StateCode"}),
    ),
    Operation(
        "UpdateOptionValue",
        Kind.ACTION,
        update_option,
        "documented",
        takes=_PLACE | {"Value", "Label", "Description", "MergeLabels", "ParentValues"},
        needs=frozenset({"Value", "Label"}),
    ),
    Operation(
        "DeleteOptionValue",
        Kind.ACTION,
        delete_option,
        "documented",
        takes=_PLACE | {"Value"},
        needs=frozenset({"Value"}),
    ),
    Operation(
        "OrderOption",
        Kind.ACTION,
        order_options,
        "documented",
        takes=_PLACE | {"Values"},
        needs=frozenset({"Values"}),
    ),
    Operation("PublishAllXml", Kind.ACTION, publish, "documented", note=_DONE_AT_ONCE),
    Operation(
        "PublishXml",
        Kind.ACTION,
        publish,
        "documented",
        takes=frozenset({"ParameterXml"}),
        needs=frozenset({"ParameterXml"}),
        note=_DONE_AT_ONCE,
    ),
)
