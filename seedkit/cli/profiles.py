"""`profiles list | show | check | schema`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from seedkit.profile import describe_keys, profile_schema, read_profile, shipped_profiles

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell


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
    values = read_profile(name).profile.model_dump(mode="json")
    keys = describe_keys()
    rows = [(key, _value(values, key.key)) for key in keys]
    if shell.json:
        shell.print_json(values)
    else:
        shell.print_table(
            ["key", "value", "range", "what it is"],
            [(k.key, _with_default(value, k.default), k.range, k.description) for k, value in rows],
        )
    return 0


def check_profile(shell: Shell, name: str) -> int:
    """Check a profile; ProfileError lists all its faults."""
    found = read_profile(name)
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
