"""`environments list | add | test | remove`."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from seedkit.dataverse.environment import Environment, read_environment, read_kind
from seedkit.environments import NamedEnvironment, add_section, read_section, remove_section
from seedkit.environments.reading import PREFIX
from seedkit.errors import SeedkitError, UnknownNameError, UsageError
from seedkit.settings import LOCAL, LOCAL_URL
from seedkit.workplace.connect import find_target, open_api
from seedkit.workplace.files import make_folder

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell


def list_environments(shell: Shell) -> int:
    """Print the environments that have names; never a secret, for there is none to print."""
    documents: list[dict[str, object]] = [{"name": LOCAL, "url": LOCAL_URL}]
    documents += [_document(name, entry) for name, entry in shell.directory.entries.items()]
    if shell.json:
        shell.print_json(documents)
        return 0
    rows = [
        (each["name"], each["url"], each.get("sign_in", ""), each.get("cloud", ""))
        for each in documents
    ]
    shell.print_table(["environment", "address", "sign-in", "cloud"], rows)
    shell.say(f"They are named in {shell.settings.environments}")
    return 0


def add(shell: Shell, name: str, given: Mapping[str, object]) -> int:
    """Write a section for an environment into the file."""
    file = shell.settings.environments
    if name in shell.directory.entries:
        raise UsageError(
            f"There already is an environment {name}.",
            f"Take it out first: seedkit environments remove {name}",
        )
    values = {key: value for key, value in given.items() if value is not None}
    read_section(name, values, "environments add")
    _write(file, add_section(_read(file), name, values))
    shell.say(f"Added to {file}. Try it with: seedkit environments test {name}")
    return 0


def remove(shell: Shell, name: str) -> int:
    """Take the section of an environment out of the file; nothing is changed anywhere else."""
    file = shell.settings.environments
    if shell.settings.tokens(name).exists():
        raise UsageError(
            f"Somebody is signed in to {name}.",
            f"Sign out first: seedkit auth logout --environment {name}",
        )
    text = _read(file)
    rest = remove_section(text, name)
    if rest == text:
        raise _not_in_file(shell, name)
    _write(file, rest)
    shell.say(f"Took {name} out of {file}. Its runs are still there: seedkit runs")
    return 0


def _not_in_file(shell: Shell, name: str) -> SeedkitError:
    """Return why there is nothing to take out; only now the file's other sections matter."""
    if name not in shell.directory.entries:
        return UnknownNameError(
            "environment", name, shell.directory.entries, "See: seedkit environments list"
        )
    return UsageError(
        f"The environment {name} is not in {shell.settings.environments}, "
        "but in environment variables.",
        f"Unset those that begin with {PREFIX}{name.upper().replace('-', '_')}__",
    )


def test(shell: Shell, name: str) -> int:
    """Sign in to an environment and print what it is; nothing is written."""
    target = find_target(shell, name)
    here, kind = asyncio.run(_look(shell, name))
    document = {"environment": target.name, "type": kind or None, **here.to_json()}
    if shell.json:
        shell.print_json(document)
    else:
        shell.print_table(
            ["", target.name], [(key, value or "") for key, value in document.items()]
        )
    return 0


async def _look(shell: Shell, name: str) -> tuple[Environment, str]:
    async with open_api(shell, find_target(shell, name)) as api:
        return await read_environment(api), await read_kind(api)


def _document(name: str, entry: NamedEnvironment) -> dict[str, object]:
    unused = set() if entry.signs_in else {"sign_in", "cloud"}
    return {"name": name, **entry.model_dump(mode="json", exclude=unused)}


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8-sig") if file.exists() else ""


def _write(file: Path, text: str) -> None:
    """Replace the file in one step, so that nobody ever finds half of it."""
    make_folder(file.parent)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name, text=True)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
    Path(name).replace(file)
