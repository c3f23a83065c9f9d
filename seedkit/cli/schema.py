"""`schema pull | list`, and finding a schema that was saved."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from seedkit.cli.shell import plural
from seedkit.errors import MissingInTargetError, UnknownNameError, UsageError
from seedkit.schema.saved import ABOUT, Origin, SavedSchema, read_schema, write_schema
from seedkit.workplace.clock import utc_now
from seedkit.workplace.connect import find_target, open_api

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell
    from seedkit.environments import Target

NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
SHOWN_OMISSIONS = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What `pull` was asked for: name, folder, further tables."""

    name: str | None
    out: Path | None
    tables: tuple[str, ...]


def pull(shell: Shell, environment: str, asked: Asked) -> int:
    """Save the schema of an environment; return the exit code."""
    target = find_target(shell, environment)
    name = _name_of(target) if asked.name is None else _checked(asked.name)
    folder = asked.out or shell.settings.schema(name)

    async def work() -> SavedSchema:
        from seedkit.dataverse.environment import read_environment
        from seedkit.pull import pull_schema
        from seedkit.records import LINKS, TABLES
        from seedkit.schema import load_catalogue

        # What only some profiles ask for is left as it ships, or asked for by name.
        plain = [table.name for table in TABLES if not table.features]
        featured = {table.name for table in TABLES} - set(plain)
        parents = [parent for child, _, parent in LINKS if not {child, parent} & featured]
        names = plain + parents
        async with open_api(shell, target) as api:
            here = await read_environment(api)
            now = utc_now().isoformat(timespec="seconds")
            wanted = dict.fromkeys([*names, *asked.tables])
            return await pull_schema(api, here, wanted, load_catalogue(), now)

    schema = asyncio.run(work())
    _refuse_missing(schema, asked.tables, target)
    write_schema(schema, folder)
    _tell(shell, schema, folder)
    return 0


def _refuse_missing(schema: SavedSchema, tables: Sequence[str], target: Target) -> None:
    """Stop when a table that was asked for by name could not be read."""
    missing = [name for name in tables if name not in schema.tables]
    if missing:
        raise MissingInTargetError(
            f"{target.name} has no table {missing[0]} that could be saved.",
            "Tables have logical names. What a seed touches is saved without naming any: "
            f"seedkit schema pull --environment {target.name}",
        )


def _tell(shell: Shell, schema: SavedSchema, folder: Path) -> None:
    if shell.json:
        shell.print_json(
            {
                "schema": folder.name,
                "folder": str(folder),
                "environment": asdict(schema.origin),
                "tables": sorted(schema.tables),
                "choices": sorted(schema.choices),
                "omitted": list(schema.omitted),
            }
        )
        return
    columns = sum(len(table.columns) for table in schema.tables.values())
    shell.say(
        f"{plural(len(schema.tables), 'table')} with {columns:,} columns and "
        f"{plural(len(schema.choices), 'choice')} of {schema.origin.name} saved in {folder}"
    )
    if schema.omitted:
        shell.say(f"Not expressed, {len(schema.omitted)} in all, listed in {folder / ABOUT}:")
    for line in schema.omitted[:SHOWN_OMISSIONS]:
        shell.say(f"  {line}")
    shell.say(f"Have it locally with: seedkit emulator reset --schema {folder.name}")


def list_schemas(shell: Shell) -> int:
    """Print the schemas that were saved among local state."""
    rows = [{"schema": name, **asdict(_origin(shell, name))} for name in _names(shell)]
    if shell.json:
        shell.print_json(rows)
    elif rows:
        columns = ["schema", "environment", "address", "pulled"]
        shown = [[row["schema"], row["name"], row["url"], row["pulled"]] for row in rows]
        shell.print_table(columns, shown)
    else:
        shell.say("No schemas. Save one with: seedkit schema pull --environment ENV")
    return 0


def find_schema(shell: Shell, name: str) -> Path:
    """Return the folder of a saved schema by its name or path; UnknownNameError."""
    own, path = shell.settings.schema(name), Path(name)
    found = next((folder for folder in (own, path) if (folder / ABOUT).is_file()), None)
    if found is None:
        hint = "Save one with: seedkit schema pull --environment ENV"
        raise UnknownNameError("schema", name, _names(shell), hint)
    return found


def _origin(shell: Shell, name: str) -> Origin:
    return read_schema(shell.settings.schema(name)).origin


def _names(shell: Shell) -> list[str]:
    folder = shell.settings.schema("x").parent
    return sorted(
        file.parent.name for file in folder.glob(f"*/{ABOUT}") if file.parent.name[0] != "."
    )


def _checked(name: str) -> str:
    if NAME.fullmatch(name) is None:
        raise UsageError(
            f"The name {name!r} won't do for a schema.",
            "Use lower-case letters, digits, dots and hyphens, such as --name qa",
        )
    return name


def _name_of(target: Target) -> str:
    """Return the environment's name; for an address its host, with the port."""
    if NAME.fullmatch(target.name):
        return target.name
    parts = urlsplit(target.url)
    return f"{parts.hostname}" + (f"-{parts.port}" if parts.port else "")
