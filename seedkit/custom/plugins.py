"""Generator plug-ins: finding the installed ones, and what each is for a run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from pydantic import BaseModel, ValidationError

from seedkit.custom.naming import Problem, did_you_mean, why_not
from seedkit.errors import GeneratorError
from seedkit.generators import GROUP, Generator, Link, Table
from seedkit.records.tables import BANK_TABLES, TABLE

FIRST_NUMBER = 2048  # table numbers from here on belong to plug-ins
NUMBERS = 2048
_PARTS = ("name", "version", "options", "tables", "of_bank", "of_household")


@dataclass(frozen=True, slots=True)
class Plugin:
    """A generator with the options that a profile gives it."""

    generator: Generator
    options: BaseModel

    @property
    def name(self) -> str:
        """Return the generator's name."""
        return self.generator.name

    @property
    def tables(self) -> tuple[Table, ...]:
        """Return the tables that it fills."""
        return tuple(self.generator.tables)

    @property
    def links(self) -> tuple[tuple[str, str, str], ...]:
        """Return its links as (table, column, target)."""
        return tuple(
            (table.name, link.column, link.target) for table in self.tables for link in table.links
        )


def installed() -> dict[str, EntryPoint]:
    """Return the entry points of all installed generators by name."""
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=str)}


def find_generator(name: str) -> Generator:
    """Return an installed generator; GeneratorError names those that there are."""
    points = installed()
    if name not in points:
        near = did_you_mean(name, points)
        there = f"Installed are: {', '.join(points)}." if points else "None is installed."
        raise GeneratorError(
            f"There is no generator named {name!r}. {near or there}",
            "Install the package that brings it: python -m pip install PACKAGE",
        )
    try:
        found = points[name].load()
    except Exception as error:  # whatever the package does when it is imported
        raise GeneratorError(
            f"The generator {name} ({points[name].value}) can't be loaded: {error}.",
            "Install its package anew: python -m pip install --force-reinstall PACKAGE",
        ) from error
    _check(name, found)
    generator: Generator = found
    return generator


def load_plugins(chosen: Mapping[str, Mapping[str, Any]]) -> tuple[Plugin, ...]:
    """Return the plug-ins of a profile, by name; GeneratorError when one does not fit."""
    plugins = []
    for name in sorted(chosen):
        problems, plugin = read_plugin(name, chosen[name])
        if plugin is None:
            raise GeneratorError("; ".join(map(str, problems)))
        plugins.append(plugin)
    check_together(plugins)
    return tuple(plugins)


def read_plugin(name: str, given: Mapping[str, Any]) -> tuple[list[Problem], Plugin | None]:
    """Return a plug-in with its options, or what is wrong with them."""
    generator = find_generator(name)
    model = generator.options
    unknown = [option for option in given if option not in model.model_fields]
    problems = [
        Problem(
            f"generators.{name}.{option}",
            "is not an option of this generator.",
            did_you_mean(option, model.model_fields)
            or f"It takes {', '.join(model.model_fields) or 'none'}.",
        )
        for option in unknown
    ]
    known = {option: value for option, value in given.items() if option not in unknown}
    try:
        options = model.model_validate(known)
    except ValidationError as error:
        return [*problems, *(_problem(name, details) for details in error.errors())], None
    return problems, None if problems else Plugin(generator, options)


def _problem(name: str, details: Any) -> Problem:
    where = ".".join(str(part) for part in details["loc"][:1])
    key = f"generators.{name}.{where}".rstrip(".")
    message = str(details["msg"]).removeprefix("Value error, ").removesuffix(".")
    shown = "" if details["type"] == "missing" else f", not {details['input']}"
    words = message.replace("Input should be", "must be")
    return Problem(key, f"{words[:1].lower()}{words[1:]}{shown}.")


def table_numbers(names: Iterable[str]) -> dict[str, int]:
    """Return a number of the reserved range for each table, no two the same.

    It follows from the table's name, so that a further plug-in hardly ever moves another's.
    """
    found: dict[str, int] = {}
    for name in sorted(names):
        digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
        step = int.from_bytes(digest, "big") % NUMBERS
        while FIRST_NUMBER + step in found.values():
            step = (step + 1) % NUMBERS
        found[name] = FIRST_NUMBER + step
    return found


def _check(name: str, found: Any) -> None:
    """Stop when an object is no generator of that name."""
    missing = [part for part in _PARTS if not hasattr(found, part)]
    if missing:
        raise _unfit(name, f"it has no {' and no '.join(missing)}")
    if found.name != name:
        raise _unfit(name, f"it calls itself {found.name!r}")
    if not (isinstance(found.options, type) and issubclass(found.options, BaseModel)):
        raise _unfit(name, "its options are no pydantic model")
    for table in found.tables:
        for reason in _faults_of(table, {item.name: item for item in found.tables}):
            raise _unfit(name, f"its table {table.name} {reason}")


def _faults_of(table: Table, own: Mapping[str, Table]) -> Iterable[str]:
    if table.name in TABLE:
        yield "is one that seedkit fills itself; set single columns with `columns`"
    for column in (*table.columns, *(link.column for link in table.links)):
        reason = why_not(table.name, column, ())
        if reason is not None or column == table.primary_id:
            yield f"must not write {column}, which {reason or 'is its id'}"
    for link in table.links:
        if link.target == table.name:
            yield f"points at itself by {link.column}, and can't"
        if table.once and not _is_there_first(link, own):
            yield f"is made once, and {link.column} points at rows that are made later"


def _is_there_first(link: Link, own: Mapping[str, Table]) -> bool:
    """Tell whether a link points at rows that are there when the bank's own rows are made."""
    if link.target in own:
        return own[link.target].once
    return link.target not in TABLE or link.target in BANK_TABLES


def check_together(plugins: Iterable[Plugin]) -> None:
    """Stop when two plug-ins fill the same table."""
    owner: dict[str, str] = {}
    for plugin in plugins:
        for table in plugin.tables:
            other = owner.setdefault(table.name, plugin.name)
            if other != plugin.name:
                raise GeneratorError(
                    f"The generators {other} and {plugin.name} both fill {table.name}.",
                    f"Leave one of them out: --set 'skip=[{plugin.name}]'",
                )


def _unfit(name: str, reason: str) -> GeneratorError:
    return GeneratorError(
        f"The generator {name} does not keep to the interface: {reason}.",
        "Its author finds the interface in docs/extending.md.",
    )
