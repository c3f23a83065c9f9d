"""What a profile's columns mean in an environment: types, option values, ids that were found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from seedkit.custom.details import (
    CHOICE,
    DATE,
    DECIMAL,
    LOOKUP,
    OPTIONS,
    TEXT,
    WHOLE,
    YES_NO,
    ColumnDetail,
)
from seedkit.custom.figures import FIGURES
from seedkit.profile.columns import (
    Between,
    ColumnValue,
    Constant,
    Days,
    Figure,
    OneOf,
    Reference,
    YesNo,
)

Columns = Mapping[str, Mapping[str, ColumnValue]]


@dataclass(frozen=True, slots=True)
class Binding:
    """What a column is there: its type, the value of each option named, the row looked up."""

    type: str
    options: Mapping[str, int] = field(default_factory=dict)
    target: str = ""
    id: str = ""


Bindings = Mapping[str, Mapping[str, Binding]]


def to_json(bindings: Bindings) -> dict[str, dict[str, dict[str, Any]]]:
    """Return bindings as a plan records them."""
    return {
        table: {name: asdict(item) for name, item in columns.items()}
        for table, columns in bindings.items()
    }


def from_json(recorded: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Bindings:
    """Return bindings that a plan recorded."""
    return {
        table: {name: Binding(**item) for name, item in columns.items()}
        for table, columns in recorded.items()
    }


def bind(spec: ColumnValue, detail: ColumnDetail, found: str = "") -> Binding:
    """Return the binding of a column; `found` is the id of the row that it looks up."""
    options = dict(_options(spec, detail)) if detail.type in OPTIONS else {}
    target = spec.lookup if isinstance(spec, Reference) else ""
    return Binding(detail.type, options, target, found)


def bind_offline(
    columns: Columns, details_of: Callable[[str], Mapping[str, ColumnDetail]]
) -> Bindings:
    """Return bindings for rows that go into files, where no environment can be asked.

    A column that the shipped schema does not know has the type that its values suggest, and a row
    that is looked up is written as the way to find it.
    """
    return {
        table: {
            name: bind(spec, details_of(table).get(name) or guess(spec), address(spec))
            for name, spec in specs.items()
        }
        for table, specs in columns.items()
    }


def option_of(word: str, detail: ColumnDetail) -> int | None:
    """Return the value of an option, named by its label or its value; None if there is none."""
    for value, label in detail.options:
        if word in (str(value), label):
            return value
    return None


def words_of(spec: ColumnValue) -> tuple[str, ...]:
    """Return the values by which a profile names options."""
    if isinstance(spec, OneOf):
        return tuple(spec.one_of)
    return (str(spec.value),) if isinstance(spec, Constant) else ()


def address(spec: ColumnValue) -> str:
    """Return how a row that is looked up can be found by whoever reads a file."""
    if not isinstance(spec, Reference):
        return ""
    if spec.key is None:
        return f"?$filter={spec.filter}"
    return ",".join(f"{column}={literal(value)}" for column, value in spec.key.items())


def literal(value: object) -> str:
    """Return a value as OData writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        doubled = value.replace("'", "''")
        return f"'{doubled}'"
    return str(value)


def guess(spec: ColumnValue) -> ColumnDetail:
    """Return what a column that nobody describes probably takes."""
    return ColumnDetail(_probable_type(spec), creatable=True, required=False)


def _probable_type(spec: ColumnValue) -> str:
    if isinstance(spec, Constant):
        kinds: Iterable[tuple[type, str]] = ((bool, YES_NO), (int, WHOLE), (float, DECIMAL))
        return next((word for kind, word in kinds if isinstance(spec.value, kind)), TEXT)
    if isinstance(spec, Between):
        whole = not spec.decimals and all(isinstance(end, int) for end in spec.between)
        return WHOLE if whole else DECIMAL
    if isinstance(spec, OneOf):
        return CHOICE if all(word.isdigit() for word in spec.one_of) else TEXT
    if isinstance(spec, Figure):
        return FIGURES[spec.figure].type
    kinds_of: Mapping[type, str] = {Days: DATE, Reference: LOOKUP, YesNo: YES_NO}
    return kinds_of.get(type(spec), TEXT)


def _options(spec: ColumnValue, detail: ColumnDetail) -> Iterable[tuple[str, int]]:
    for word in words_of(spec):
        value = option_of(word, detail)
        if value is None and word.lstrip("-").isdigit():
            value = int(word)
        if value is not None:
            yield word, value
