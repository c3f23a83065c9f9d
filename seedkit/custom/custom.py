"""What a profile adds and leaves out, put together for a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from seedkit.custom.binding import Bindings, Columns
from seedkit.custom.finish import Finish
from seedkit.custom.made import Maker
from seedkit.custom.plugins import Plugin, find_generator, load_plugins, table_numbers
from seedkit.custom.skipping import Omitted, omitted
from seedkit.custom.wanted import unwanted_tables
from seedkit.profile.columns import Reference
from seedkit.profile.models import Profile
from seedkit.records.batch import RecordContext
from seedkit.records.service_tables import SERVICE_PARTIES
from seedkit.records.tables import LINKS, TABLES

Links = tuple[tuple[str, str, str], ...]
FINGERPRINT = "generator "  # before a plug-in's name, among what decides a run's rows


@dataclass(frozen=True, slots=True)
class Custom:
    """Values for columns, what is left out, and plug-ins with their tables' numbers."""

    columns: Columns
    omitted: Omitted
    plugins: tuple[Plugin, ...]
    numbers: Mapping[str, int]

    @property
    def tables(self) -> tuple[tuple[str, int], ...]:
        """Return name and number of all tables that a run fills."""
        every = [*((table.name, table.number) for table in TABLES), *self.numbers.items()]
        return tuple(item for item in every if item[0] not in self.omitted.tables)

    @property
    def links(self) -> Links:
        """Return the lookups between rows that a run writes, as (table, column, target)."""
        own = [link for plugin in self.plugins for link in plugin.links]
        return tuple(link for link in (*LINKS, *own) if not self.omitted.has(link))

    @property
    def parties(self) -> tuple[tuple[str, str], ...]:
        """Return activities with the tables of those who take part in them."""
        left_out = self.omitted.tables
        return tuple(pair for pair in SERVICE_PARTIES if not left_out.intersection(pair))

    @property
    def references(self) -> Links:
        """Return the lookups of rows that an environment has, as (table, column, target)."""
        return tuple(
            (table, name, spec.lookup)
            for table, specs in self.columns.items()
            for name, spec in specs.items()
            if isinstance(spec, Reference)
        )

    @property
    def declared(self) -> dict[str, tuple[str, ...]]:
        """Return the columns that plug-ins write, by table."""
        return {
            table.name: table.columns
            for plugin in self.plugins
            for table in plugin.tables
            if table.name not in self.omitted.tables
        }

    @property
    def binds(self) -> dict[tuple[str, str, str], str]:
        """Return the bind names that plug-ins tell, by table, column and target."""
        return {
            (table.name, link.column, link.target): link.bind
            for plugin in self.plugins
            for table in plugin.tables
            for link in table.links
            if link.bind is not None
        }

    @property
    def sets(self) -> dict[str, str]:
        """Return the entity sets that plug-ins tell, by table."""
        tables = (table for plugin in self.plugins for table in plugin.tables)
        return {table.name: table.entity_set for table in tables if table.entity_set is not None}

    @property
    def fingerprint(self) -> dict[str, str]:
        """Return the versions of the plug-ins."""
        return {FINGERPRINT + plugin.name: plugin.generator.version for plugin in self.plugins}

    def finish(
        self, bindings: Bindings, context: RecordContext, random_seed: int, as_of: date
    ) -> Finish | None:
        """Return what completes the rows of a run; None when there is nothing to do."""
        if not (self.columns or self.omitted or self.plugins):
            return None
        left_out = self.omitted.tables
        makers = tuple(
            Maker(plugin, self.numbers, random_seed, as_of, context, left_out)
            for plugin in self.plugins
        )
        return Finish(self.columns, bindings, self.omitted, makers, random_seed, as_of)


def read_custom(profile: Profile) -> Custom:
    """Return what a profile adds and leaves out; GeneratorError when a plug-in is not there."""
    plugins = load_plugins({name: profile.generators[name] for name in _chosen(profile)})
    names = [table.name for plugin in plugins for table in plugin.tables]
    left_out = omitted((*profile.skip, *unwanted_tables(profile)))
    columns = {
        table: kept
        for table, specs in profile.columns.items()
        if table not in left_out.tables
        and (kept := {name: spec for name, spec in specs.items() if not left_out.of(table, name)})
    }
    return Custom(columns, left_out, plugins, table_numbers(names))


def plugin_versions(profile: Profile) -> dict[str, str]:
    """Return the installed versions of a profile's plug-ins, whatever their options are by now."""
    return {FINGERPRINT + name: find_generator(name).version for name in _chosen(profile)}


def _chosen(profile: Profile) -> list[str]:
    return [name for name in profile.generators if name not in profile.skip]
