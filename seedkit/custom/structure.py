"""What is wrong with what a profile adds and leaves out, as far as no environment is needed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from graphlib import CycleError

from seedkit.custom import templates
from seedkit.custom.checks import Case, faults_of
from seedkit.custom.details import ColumnDetail, from_schema
from seedkit.custom.figures import PEOPLE_TABLE
from seedkit.custom.finish import in_order, sources
from seedkit.custom.naming import SEEDED, Links, Problem, did_you_mean, why_not
from seedkit.custom.plugins import Plugin, check_together, installed, read_plugin
from seedkit.custom.skipping import Omitted, name_problems, needed_problems, omitted
from seedkit.errors import GeneratorError
from seedkit.profile.columns import ColumnValue, Figure, Sequence, Text
from seedkit.profile.models import Profile
from seedkit.records.tables import LINKS
from seedkit.schema import Catalogue, load_catalogue

Written = Mapping[str, Collection[str]]


def find_problems(profile: Profile, written: Callable[[], Written]) -> list[Problem]:
    """Return what is wrong; `written` gives the columns that seedkit writes of itself, by table.

    GeneratorError when a plug-in does not keep to the interface.
    """
    if not (profile.columns or profile.skip or profile.generators):
        return []
    problems, plugins = _read_plugins(profile)
    tables: dict[str, Collection[str]] = {
        name: [*_known(name), *profile.columns.get(name, ())] for name in SEEDED
    }
    tables |= {table.name: () for plugin in plugins for table in plugin.tables}
    links = (*LINKS, *(link for plugin in plugins for link in plugin.links))
    left_out = omitted(profile.skip)
    problems += name_problems(
        profile.skip, tables, {*profile.generators, *(installed() if profile.skip else ())}
    )
    problems += needed_problems(left_out, links, _required())
    for table, specs in profile.columns.items():
        if table not in tables:
            hint = did_you_mean(table, tables) or "See docs/reference/tables.md."
            problems.append(Problem(f"columns.{table}", "is no table that seedkit fills.", hint))
        else:
            problems += _table_problems(table, specs, links, left_out, written)
    return problems


def find_misfits(profile: Profile, live: Catalogue | None = None) -> list[Problem]:
    """Return which values don't fit their columns, by the schema.

    `live` is the schema of an environment, which knows the customer's own columns as well; the
    shipped one does not, and says nothing of them.
    """
    catalogue = live or load_catalogue()
    found: list[Problem] = []
    for table, specs in profile.columns.items():
        details = from_schema(catalogue[table]) if table in catalogue else {}
        for name, spec in specs.items():
            key = f"columns.{table}.{name}"
            if name in details:
                case = Case(details[name], specs, details, profile.households)
                found += (Problem(key, *fault) for fault in faults_of(spec, case))
            elif details and (live is not None or "_" not in name):
                hint = "A column of your own begins with a publisher's prefix, such as cr1_."
                near = did_you_mean(name, details)
                found.append(Problem(key, f"is no column of {table}.", near or hint))
    return found


def known_details(table: str) -> Mapping[str, ColumnDetail]:
    """Return what the shipped schema says about a table's columns; nothing of other tables."""
    catalogue = load_catalogue()
    return from_schema(catalogue[table]) if table in catalogue else {}


def _known(table: str) -> Collection[str]:
    return load_catalogue()[table].columns


def _read_plugins(profile: Profile) -> tuple[list[Problem], list[Plugin]]:
    problems: list[Problem] = []
    plugins: list[Plugin] = []
    for name, given in profile.generators.items():
        if name in profile.skip:
            continue
        try:
            faults, plugin = read_plugin(name, given)
        except GeneratorError as error:
            faults, plugin = [Problem(f"generators.{name}", error.message, error.hint)], None
        problems += faults
        plugins += [] if plugin is None else [plugin]
    check_together(plugins)
    return problems, plugins


def _required() -> frozenset[tuple[str, str]]:
    """Return the columns that rows must have by the shipped schema."""
    return frozenset(
        (table, name)
        for table in SEEDED
        for name, detail in known_details(table).items()
        if detail.required
    )


def _table_problems(
    table: str,
    specs: Mapping[str, ColumnValue],
    links: Links,
    left_out: Omitted,
    written: Callable[[], Written],
) -> Iterator[Problem]:
    for name, spec in specs.items():
        key = f"columns.{table}.{name}"
        reason = why_not(table, name, links)
        if reason is not None:
            yield Problem(key, f"can't be given: it {reason}.")
        if isinstance(spec, Figure) and table != PEOPLE_TABLE:
            where = f"Give the figure to a column of {PEOPLE_TABLE}."
            yield Problem(key, f"has no `{spec.figure}`: figures are told of people.", where)
        fault = _template_fault(spec)
        if fault is not None:
            yield Problem(key, fault)
            continue
        for source in sources(spec):
            if left_out.of(table, source):
                yield Problem(key, f"is made of {source}, which is left out.")
            elif source not in specs and source not in written().get(table, ()):
                known = [*specs, *written().get(table, ())]
                hint = did_you_mean(source, known)
                yield Problem(key, f"is made of {source}, which no row of {table} has.", hint)
    try:
        in_order(specs)
    except CycleError as error:
        circle = " from ".join(error.args[1])
        yield Problem(f"columns.{table}.{error.args[1][0]}", f"is made in a circle: {circle}.")


def _template_fault(spec: ColumnValue) -> str | None:
    if isinstance(spec, Text):
        return templates.check_text(spec.text)
    return templates.check_sequence(spec.sequence) if isinstance(spec, Sequence) else None
