"""Which parts of what a profile asks for an environment can't hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from seedkit.custom.custom import Custom
from seedkit.custom.skipping import Link
from seedkit.custom.structure import known_details
from seedkit.custom.wanted import modes_of
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.metadata import LiveTable, look_up_tables
from seedkit.errors import MissingInTargetError
from seedkit.profile.models import Profile
from seedkit.records.features import AUTO, FEATURES, OFF
from seedkit.records.tables import TABLE

Live = Mapping[str, LiveTable | None]
Columns = Mapping[str, Collection[str]]
SHOWN = 4


async def find_lacking(
    api: WebApi, profile: Profile, custom: Custom, columns: Columns
) -> tuple[str, ...]:
    """Return the tables and columns (`incident`, `queueitem.title`) that an environment lacks.

    Only those of features that a profile asks for are looked at; MissingInTargetError where one
    is not there that has to be. `columns` are those that rows have, by table.
    """
    wanted = {name for name, mode in modes_of(profile).items() if mode != OFF}
    ours = [name for name, _ in custom.tables if name in TABLE and TABLE[name].features]
    extra = [FEATURES[name].columns for name in sorted(wanted)]
    named = dict.fromkeys([*ours, *(table for pairs in extra for table, _ in pairs)])
    if not named:
        return ()
    links = [link for link in custom.links if link[0] in ours]
    targets = {target for _, _, target in links} - {name for name, _ in custom.tables}
    live = await look_up_tables(api, [*named, *sorted(targets - named.keys())])
    gone = _without(ours, links, live)
    lacking = (*sorted(gone), *_columns(ours, links, columns, live, gone), *_extra(wanted, live))
    _refuse(lacking, modes_of(profile))
    return lacking


def _without(tables: Iterable[str], links: Sequence[Link], live: Live) -> set[str]:
    """Return the tables that are not there, and those that need them.

    A table needs one of those at which a required column points, and one of all it points at.
    """
    gone = {name for name in tables if live[name] is None}
    nowhere = {target for _, _, target in links if live.get(target, ...) is None}
    needed: dict[tuple[str, str], set[str]] = defaultdict(set)
    for table, column, target in links:
        there = live[table]
        if there is not None and target != table:
            needed[table, ""].add(target)
            if _is_required(there, column):
                needed[table, column].add(target)
    while more := {
        table
        for (table, _), targets in needed.items()
        if table not in gone and targets <= gone | nowhere
    }:
        gone |= more
    return gone


def _is_required(table: LiveTable, column: str) -> bool:
    """Tell whether rows must have a column; of one that is not there the shipped schema knows."""
    if column in table.columns:
        return table.needs(column)
    known = known_details(table.name)
    return column in known and known[column].required


def _columns(
    tables: Iterable[str], links: Iterable[Link], columns: Columns, live: Live, gone: set[str]
) -> Iterator[str]:
    """Return the columns and lookups that tables lack which are there."""
    found: dict[str, None] = {}
    for name in tables:
        there = live[name]
        if there is None or name in gone:
            continue
        for column in columns.get(name, ()):
            if column not in there.columns or not there.columns[column].creatable:
                found[f"{name}.{column}"] = None
        known = {(lookup.column, lookup.parent) for lookup in there.lookups}
        for table, column, target in links:
            if table == name and target not in gone and (column, target) not in known:
                found[f"{name}.{column}"] = None
    return iter(found)


def _extra(wanted: Collection[str], live: Live) -> Iterator[str]:
    """Return the columns that features fill in other tables and that are not there."""
    for name in sorted(wanted):
        for table, column in FEATURES[name].columns:
            there = live[table]
            if there is not None and column not in there.columns:
                yield f"{table}.{column}"


def _refuse(lacking: Iterable[str], modes: Mapping[str, str]) -> None:
    """Stop when something is not there that a profile insists on."""
    for feature, names in by_feature(lacking).items():
        if modes[feature] not in (AUTO, OFF):
            known = FEATURES[feature]
            raise MissingInTargetError(
                f"The environment lacks {_some(names)}; {known.solution} brings it.",
                f"Install {known.solution} there, or leave out what lacks: --set {known.key}=auto",
            )


def by_feature(lacking: Iterable[str]) -> dict[str, list[str]]:
    """Return what lacks by the feature that it belongs to, in the order of the features."""
    found: dict[str, list[str]] = {name: [] for name in FEATURES}
    for name in lacking:
        found[_feature_of(name)].append(name)
    return {feature: names for feature, names in found.items() if names}


def _feature_of(name: str) -> str:
    table, _, column = name.partition(".")
    for feature, known in FEATURES.items():
        if (table, column) in known.columns:
            return feature
    return TABLE[table].features[0]


def told(lacking: Iterable[str]) -> Iterator[str]:
    """Return a line for each feature of which something is left out."""
    for feature, names in by_feature(lacking).items():
        yield f"{feature}: {_some(names)} ({FEATURES[feature].solution})"


def _some(names: Sequence[str]) -> str:
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")
