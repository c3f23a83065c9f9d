"""Functions and actions by name: what can be called, and what the reference says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from seedkit.emulator.addresses import parse_parameters
from seedkit.emulator.errors import ADDRESS, METHOD, PlatformError, no_segment
from seedkit.emulator.exchange import Answer, Request
from seedkit.emulator.session import Session
from seedkit.emulator.storage.layout import Layout


class Kind(Enum):
    """A function is read with GET and parameters in brackets; an action is posted with a body."""

    FUNCTION = "function"
    ACTION = "action"


class Bound(Enum):
    """What an operation is called on."""

    NOTHING = "nothing"
    ROW = "a row"
    SET = "an entity set"


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `parameters` come from the brackets of a function or the body of an action.

    `layout` and `row_id` name what a bound operation was called on.
    """

    request: Request
    session: Session
    parameters: Mapping[str, Any]
    layout: Layout | None = None
    row_id: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One function or action.

    `takes` names its parameters, `needs` those that can't be left out. `tables` limits a bound
    one. `sure` tells how well its behaviour is known, `note` what a reader of the reference should
    know beyond the name.
    """

    name: str
    kind: Kind
    run: Callable[[Call], Answer]
    sure: str
    takes: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    bound: Bound = Bound.NOTHING
    tables: frozenset[str] | None = None
    note: str = ""


class Operations:
    """The operations of an environment by name and by what they are bound to."""

    def __init__(self, operations: tuple[Operation, ...]) -> None:
        self._by_name = {(item.name, item.bound): item for item in operations}

    def knows(self, name: str, bound: Bound = Bound.NOTHING) -> bool:
        """Tell whether there is such an operation."""
        return (name, bound) in self._by_name

    def call(
        self,
        request: Request,
        session: Session,
        name: str,
        argument: str | None,
        *,
        bound: Bound = Bound.NOTHING,
        layout: Layout | None = None,
        row_id: str | None = None,
    ) -> Answer:
        """Call one operation; 404 for an unknown one, 405 for the wrong method, 400 for a fault."""
        operation = self._by_name.get((name, bound))
        if operation is None or not _applies(operation, layout):
            raise no_segment(name)
        parameters = _parameters(operation, request, argument)
        return operation.run(Call(request, session, parameters, layout, row_id))


def _applies(operation: Operation, layout: Layout | None) -> bool:
    return operation.tables is None or (layout is not None and layout.name in operation.tables)


def _parameters(operation: Operation, request: Request, argument: str | None) -> Mapping[str, Any]:
    if operation.kind is Kind.FUNCTION:
        _check_method(operation, request, "GET")
        found: Mapping[str, Any] = parse_parameters(argument or "", request.options)
    else:
        _check_method(operation, request, "POST")
        found = request.json(operation.name) if request.body.strip() else {}
    # The platform's own annotations may stand between the parameters of an action.
    unknown = sorted(name for name in found if name not in operation.takes and "@" not in name)
    if unknown:
        raise PlatformError(ADDRESS, f"{operation.name} takes no parameter '{unknown[0]}'.")
    missing = sorted(operation.needs - set(found))
    if missing:
        raise PlatformError(ADDRESS, f"{operation.name} needs the parameter '{missing[0]}'.")
    return found


def _check_method(operation: Operation, request: Request, method: str) -> None:
    if request.method != method:
        raise PlatformError(
            METHOD,
            f"{operation.name} is a{'n' * (method == 'POST')} {operation.kind.value}: "
            f"use {method}.",
        )
