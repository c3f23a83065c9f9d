"""The reference pages, written from the program's own objects.

    python -m tests.house.reference

writes `docs/reference/*.md`; a test compares the files with what this would write. Nothing is
taken from formatted help, which differs between versions of the library that formats it.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import typer.main

from seedkit import emulator, errors
from seedkit.assembly import CurrencyByCode
from seedkit.cli.app import app
from seedkit.emulator import errors as refusals
from seedkit.marks import Stamp
from seedkit.population import make_bank, make_block
from seedkit.profile import describe_column_kinds, describe_keys, describe_open_keys
from seedkit.profile.models import Profile
from seedkit.records import TABLES, bank_records, block_records
from seedkit.records.batch import Bindings, RecordBatch, RecordContext
from seedkit.records.tables import HEADER_TABLE
from seedkit.schema import Table, load_catalogue
from tests.house import emulator_page, population_page
from tests.house.markdown import WRITTEN, table

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "reference"
AS_OF = date(2026, 6, 30)
EXIT_CODES = (
    (0, "done; also when there was nothing to purge"),
    (1, "failed, or a check does not hold; nothing half-done"),
    (2, "wrong command line, profile or ledger, or several runs fit"),
    (3, "rows were refused or left; the ledger and the report say which"),
    (4, "the environment is out of reach, refuses us or lacks something"),
    (5, "a safety rule stopped the command; nothing was changed"),
    (130, "interrupted; `seedkit resume` or `seedkit purge` go on"),
)


def commands_page() -> list[str]:
    """Return the page of all commands and their options."""
    root: Any = typer.main.get_command(app)
    lines = ["# Commands", "", WRITTEN, "", _sentence(root.help), ""]
    lines += ["Options for every command stand before it: `seedkit [OPTION ...] COMMAND`.", ""]
    lines += _options(root)
    lines += ["The exit codes are listed in [errors.md](errors.md), the documents that `--json`"]
    lines += ["prints in [json.md](../json.md).", ""]
    for name, command in _commands("seedkit", root):
        lines += [f"## {name}", "", f"    {_usage(name, command)}", "", _sentence(command.help), ""]
        lines += _options(command)
    return lines


def _commands(prefix: str, group: Any) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if getattr(command, "commands", None):
            yield from _commands(f"{prefix} {name}", command)
        else:
            yield f"{prefix} {name}", command


def _usage(name: str, command: Any) -> str:
    words = [_argument(p) for p in command.params if not is_option(p)]
    words += [
        f"{p.opts[0]} {_value_word(p)}" for p in command.params if is_option(p) and p.required
    ]
    optional = [p for p in command.params if is_option(p) and not p.required]
    return " ".join([name, *words, *(["[OPTION ...]"] if optional else [])])


def is_option(parameter: Any) -> bool:
    """Tell an option from an argument."""
    return str(parameter.opts[0]).startswith("-")


def _argument(parameter: Any) -> str:
    name = str(parameter.metavar or parameter.name.upper())
    several = "..." if parameter.nargs == -1 else ""
    return name + several if parameter.required else f"[{name}]{several}"


def _value_word(parameter: Any) -> str:
    return str(parameter.metavar or parameter.opts[0].removeprefix("--").upper())


def _options(command: Any) -> list[str]:
    rows = [
        (
            f"`{_argument(p)}`" if not is_option(p) else f"`{_option(p)}`",
            _default(p),
            _sentence(p.help),
        )
        for p in command.params
    ]
    return [*table(["option", "default", "what it does"], rows), ""] if rows else []


def _option(parameter: Any) -> str:
    opts = ", ".join([*parameter.opts, *parameter.secondary_opts])
    return opts if parameter.is_flag else f"{opts} {_value_word(parameter)}"


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    return "" if parameter.default in (None, False) else f"`{parameter.default}`"


def _sentence(text: str | None) -> str:
    words = " ".join((text or "").split())
    return words if words.endswith(".") or not words else f"{words}."


def keys_page() -> list[str]:
    """Return the page of all keys of a profile."""
    lines = ["# Keys of a profile", "", WRITTEN, ""]
    lines += ["How to write a profile is told in [profiles.md](../profiles.md). Every key has a"]
    lines += ["default; a key that is not listed here is an error.", ""]
    lines += ["`extends` stands beside these: a shipped profile's name, or a file, whose keys this"]
    lines += ["one starts from.", ""]
    sections: dict[str, list[tuple[str, ...]]] = {"": []}
    for key in describe_keys():
        section, _, _ = key.key.rpartition(".")
        shown = f'`"{key.default}"`' if key.default == "" else f"`{key.default}`"
        row = (f"`{key.key}`", key.type, shown, key.range, key.description)
        sections.setdefault(section, []).append(row)
    for section, rows in sections.items():
        lines += _section_head(section)
        lines += [*table(["key", "type", "default", "range", "what it is"], rows), ""]
    return [*lines, *_open_keys()]


def _open_keys() -> list[str]:
    """Return what stands in parts whose names are the customer's own."""
    lines = ["## columns, skip, generators", ""]
    lines += ["Names of your own; [extending.md](../extending.md) tells how to use them.", ""]
    rows = [(f"`{key.key}`", key.type, key.description) for key in describe_open_keys()]
    lines += [*table(["key", "type", "what it is"], rows), ""]
    lines += ["The kinds of values for columns; `empty` goes with each:", ""]
    kinds = [
        (f"`{kind}`" if name == kind else "", f"`{name}`", text)
        for kind, _, keys in describe_column_kinds()
        for name, text in sorted(keys, key=lambda item: item[0] != kind)
        if name != "empty"
    ]
    return [*lines, *table(["kind", "key", "what it is"], kinds), ""]


def _section_head(section: str) -> list[str]:
    if not section:
        return []
    model = Profile.model_fields[section].annotation
    assert model is not None
    return [f"## {section}", "", inspect.getdoc(model) or "", ""]


def tables_page() -> list[str]:
    """Return the page of the tables that are filled, with the columns that are written."""
    catalogue, batches = load_catalogue(), _batches()
    lines = ["# Tables that are filled", "", WRITTEN, ""]
    lines += ["In the order of their numbers, which are part of every id. «from» names the part of"]
    lines += [
        "the population (see [population.md](../population.md)) whose rows become rows of the"
    ]
    lines += [
        "table. A column is left out of a row that has no value for it. «r» marks columns that"
    ]
    lines += ["the schema requires.", ""]
    rows = [
        (f"`{entry.name}`", catalogue[entry.name].label, entry.number, ", ".join(entry.parts))
        for entry in TABLES
    ]
    lines += [*table(["table", "label", "number", "from"], rows), ""]
    for entry in TABLES:
        lines += [f"## {entry.name}", ""]
        if entry.name in batches:
            lines += [*_columns(catalogue[entry.name], batches[entry.name]), ""]
        elif entry.name == HEADER_TABLE:
            lines += ["One row per run, the header note: id, `importsequencenumber`, `subject`"]
            lines += ["(«seedkit run» and the run's id) and `notetext` (the plan as JSON).", ""]
        else:
            lines += ["Not filled yet.", ""]
    return lines


def _batches() -> dict[str, RecordBatch]:
    """Return the rows of the bank and of one block, with the whole library."""
    wanted = dict.fromkeys(("knowledge", "scripts", "connections"), "on")
    profile = Profile.model_validate({"engagement": {"cases": 1.0, **wanted}})
    bank = make_bank(profile, AS_OF)
    context = RecordContext(Stamp(-(1 << 30), 0), "reference", Bindings(CurrencyByCode()))
    block = make_block(profile, AS_OF, bank, 0)
    made = [*bank_records(bank, context), *block_records(block, bank, context, AS_OF)]
    return {batch.table: batch for batch in made}


def _columns(described: Table, batch: RecordBatch) -> list[str]:
    targets: dict[str, list[str]] = {}
    for lookup in batch.lookups:
        targets.setdefault(lookup.column, []).append(f"`{lookup.target}`")
    rows = []
    for name in dict.fromkeys([*batch.columns, *targets]):
        column = described.column(name)
        points = " to " + ", ".join(dict.fromkeys(targets[name])) if name in targets else ""
        needed = "r" if column.required in ("required", "system") else ""
        rows.append((f"`{name}`", column.label, column.type + points, needed))
    return table(["column", "label", "type", ""], rows)


def errors_page() -> list[str]:
    """Return the page of exit codes and of the tree of errors."""
    lines = ["# Errors and exit codes", "", WRITTEN, ""]
    lines += [*table(["exit code", "meaning"], EXIT_CODES), ""]
    lines += [
        "An error is one sentence on stderr and, after a blank line, a hint. With `--json` the"
    ]
    lines += [
        'document on stdout is `{"error": {...}}` with `kind`, `message`, `hint`, `exit_code`'
    ]
    lines += [
        "and what is listed here as «more». Python code catches the classes, which all lie in"
    ]
    lines += ["`seedkit.errors`.", ""]
    return [*lines, *(_error_line(kind, depth) for depth, kind in _tree(errors.SeedkitError, 0))]


def _error_line(kind: type[errors.SeedkitError], depth: int) -> str:
    own = vars(kind).get("details")
    more = "" if own is None else (inspect.getdoc(own) or "").removeprefix("Return ")
    tail = "" if kind is errors.SeedkitError or not more else f" More: {more}"
    said = (inspect.getdoc(kind) or "").split("\n\n")[0]
    return "    " * depth + f"- `{kind.__name__}` ({kind.exit_code}): {said}{tail}"


def _tree(
    kind: type[errors.SeedkitError], depth: int
) -> Iterator[tuple[int, type[errors.SeedkitError]]]:
    yield depth, kind
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from _tree(child, depth + 1)


def refusals_page() -> list[str]:
    """Return the page of the local environment's refusals, with how sure each one is."""
    lines = ["# Refusals of the local environment", "", WRITTEN, ""]
    lines += [
        "Each has the platform's code and HTTP status. «documented»: by Microsoft; «observed»:"
    ]
    lines += [
        "by third parties; «expected»: general knowledge of the platform; «inferred»: our own"
    ]
    lines += ["conclusion. [More](../local-environment.md)", ""]
    rows = [
        (name.replace("_", " ").lower(), f"`{kind.code}`", kind.status, kind.sure)
        for name, kind in _refusals()
    ]
    lines += [*table(["refusal", "code", "status", "how sure"], rows), ""]
    return lines


def _refusals() -> list[tuple[str, refusals.Kind]]:
    """Return each refusal that some module of the emulator names, by code."""
    found: dict[int, tuple[str, refusals.Kind]] = {}
    walked = pkgutil.walk_packages(emulator.__path__, emulator.__name__ + ".")
    for module in (refusals, *(importlib.import_module(item.name) for item in walked)):
        for name, kind in vars(module).items():
            if isinstance(kind, refusals.Kind):
                found.setdefault(id(kind), (name, kind))
    return sorted(found.values(), key=lambda named: (named[1].code, named[0]))


PAGES: dict[str, Callable[[], list[str]]] = {
    "commands.md": commands_page,
    "profile-keys.md": keys_page,
    "tables.md": tables_page,
    "errors.md": errors_page,
    "refusals.md": refusals_page,
    "emulator.md": emulator_page.page,
    "population-files.md": population_page.page,
}


def render(page: str) -> str:
    """Return the text of a page."""
    return "\n".join(PAGES[page]()).rstrip("\n") + "\n"


def main() -> None:
    """Write all pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for page in PAGES:
        (FOLDER / page).write_text(render(page), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
