"""A schema that was pulled from an environment, as a folder of documents.

schema.json        what it is: where from, which bulk messages, what could not be expressed
tables/NAME.json   one document per table, in the format of the shipped schema files
choices/NAME.json  one document per global choice
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from seedkit.errors import UsageError
from seedkit.schema.catalogue import Catalogue, Choice, Table
from seedkit.schema.document import from_choice, from_table, to_choice, to_table

FORMAT = 1
ABOUT = "schema.json"


@dataclass(frozen=True, slots=True)
class Origin:
    """The environment that a schema was pulled from, and when (ISO 8601)."""

    name: str
    url: str
    id: str
    version: str
    pulled: str


@dataclass(frozen=True, slots=True)
class SavedSchema:
    """Tables and global choices of an environment.

    `messages` maps a table to the bulk messages that it takes; `omitted` says in plain words what
    the documents can't express.
    """

    origin: Origin
    tables: Mapping[str, Table]
    choices: Mapping[str, Choice]
    messages: Mapping[str, tuple[str, ...]]
    omitted: tuple[str, ...]

    def over(self, shipped: Catalogue) -> Catalogue:
        """Return a catalogue in which these tables and choices lie over the shipped ones."""
        return shipped.overlaid(self.tables, self.choices)


def write_schema(schema: SavedSchema, folder: Path) -> None:
    """Write a schema into a folder, all of it or nothing; an older one there is replaced.

    UsageError when something else lies there, or the folder can't be written.
    """
    if folder.exists() and not (folder / ABOUT).is_file() and any(folder.iterdir()):
        raise UsageError(f"{folder} holds something else.", "Choose an empty folder with --out")
    new, old = folder.with_name(f".{folder.name}.new"), folder.with_name(f".{folder.name}.old")
    try:
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)
        _write(schema, new)
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise UsageError(
            f"The schema can't be written to {folder} ({error.strerror}).",
            "Check the folder's rights and free space, or choose another with --out",
        ) from error


def _write(schema: SavedSchema, folder: Path) -> None:
    about = {
        "format": FORMAT,
        "environment": asdict(schema.origin),
        "messages": {name: list(found) for name, found in sorted(schema.messages.items())},
        "omitted": list(schema.omitted),
    }
    for name in ("tables", "choices"):
        (folder / name).mkdir(parents=True)
    for name, table in schema.tables.items():
        _put(folder / "tables" / f"{name}.json", json.loads(from_table(table)))
    for name, choice in schema.choices.items():
        _put(folder / "choices" / f"{name}.json", json.loads(from_choice(choice)))
    _put(folder / ABOUT, about)


def _put(file: Path, content: Any) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    file.write_text(text + "\n", encoding="utf-8", newline="\n")


def read_schema(folder: Path) -> SavedSchema:
    """Return the schema in a folder; UsageError when there is none, or it is damaged."""
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        if about["format"] != FORMAT:
            raise ValueError(f"format {about['format']}, and this version knows {FORMAT}")
        return SavedSchema(
            origin=Origin(**about["environment"]),
            tables={table.name: table for table in map(to_table, _texts(folder / "tables"))},
            choices={choice.name: choice for choice in map(to_choice, _texts(folder / "choices"))},
            messages={name: tuple(found) for name, found in about["messages"].items()},
            omitted=tuple(about["omitted"]),
        )
    except OSError as error:
        raise UsageError(
            f"There is no schema in {folder} ({error.strerror}).",
            "Make one with: seedkit schema pull --environment ENV",
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"The schema in {folder} is damaged ({error}).",
            "Make it anew with: seedkit schema pull --environment ENV",
        ) from error


def _texts(folder: Path) -> list[str]:
    return [file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.json"))]
