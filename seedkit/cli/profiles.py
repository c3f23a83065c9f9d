"""`profiles list | show | check | schema`."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import yaml

from seedkit.profile import Profile, describe_keys, profile_schema, read_profile, shipped_profiles

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell
    from seedkit.schema import Catalogue


def list_profiles(shell: Shell) -> int:
    """Print the shipped profiles."""
    rows = [
        {"name": name, "description": read_profile(str(path)).profile.description}
        for name, path in sorted(shipped_profiles().items())
    ]
    if shell.json:
        shell.print_json(rows)
    else:
        shell.print_table(["profile", "description"], [list(row.values()) for row in rows])
    return 0


def show_profile(shell: Shell, name: str) -> int:
    """Print every key of a profile with its value, unit and range."""
    profile = read_profile(name).profile
    values = profile.model_dump(mode="json")
    keys = describe_keys()
    rows = [(key, _value(values, key.key)) for key in keys]
    if shell.json:
        shell.print_json(values)
    else:
        shell.print_table(
            ["key", "value", "range", "what it is"],
            [
                *(
                    (k.key, _with_default(value, k.default), k.range, k.description)
                    for k, value in rows
                ),
                *_own_rows(profile),
            ],
        )
    return 0


def _own_rows(profile: Profile) -> Iterator[tuple[str, str, str, str]]:
    """Return what a profile adds and leaves out, as it could be written."""
    if profile.skip:
        yield "skip", _written(profile.skip), "", "left out"
    for table, specs in profile.columns.items():
        for name, spec in specs.items():
            value = spec.model_dump(exclude_defaults=True)
            short = value["value"] if value.keys() == {"value"} else value
            kind = str(spec.__doc__).partition(";")[0].rstrip(".")
            yield f"columns.{table}.{name}", _written(short), "", kind
    for name, options in profile.generators.items():
        yield f"generators.{name}", _written(options), "", "a generator plug-in with its options"


def _written(value: object) -> str:
    """Return a value as YAML in one line."""
    text = yaml.safe_dump(value, default_flow_style=True, width=math.inf, sort_keys=False)
    # The library takes the word for a truth value; we read it as the name that it is.
    return text.removesuffix("...\n").strip().replace("'yes':", "yes:")


def _pulled(shell: Shell, schema: str) -> Catalogue:
    """Return the shipped schema with a pulled one over it."""
    from seedkit.cli.schema import find_schema
    from seedkit.schema import load_catalogue
    from seedkit.schema.saved import read_schema

    return read_schema(find_schema(shell, schema)).over(load_catalogue())


def check_profile(shell: Shell, name: str, schema: str | None) -> int:
    """Check a profile, by a pulled schema if one is named; ProfileError lists all its faults."""
    from seedkit.assembly import check_values

    found = read_profile(name)
    check_values(found, None if schema is None else _pulled(shell, schema))
    if shell.json:
        shell.print_json({"profile": found.name, "faults": []})
    else:
        shell.say(f"{found.path}: no faults.")
    return 0


def print_schema() -> None:
    """Print the JSON schema of profiles."""
    print(json.dumps(profile_schema(), indent=2))


def _with_default(value: object, default: object) -> str:
    return str(value) if value == default or default == "" else f"{value} (default {default})"


def _value(values: dict[str, object], dotted: str) -> object:
    current: object = values
    for part in dotted.split("."):
        assert isinstance(current, dict)
        current = current[part]
    return current
