"""The command `schema`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seedkit.cli.commands.options import EnvironmentOption, JsonOption, shell_of

schema_app = typer.Typer(help="Save what an environment's tables are like.", no_args_is_help=True)


@schema_app.command("pull", short_help="Save an environment's tables as documents.")
def schema_pull(
    context: typer.Context,
    environment: EnvironmentOption = "local",
    name: Annotated[
        str | None, typer.Option(help="What to call it; the environment's name if absent.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write to, in place of one among local state.")
    ] = None,
    tables: Annotated[
        list[str] | None,
        typer.Option("--table", metavar="TABLE", help="A further table. May be repeated."),
    ] = None,
    json: JsonOption = False,
) -> int:
    """Save the tables that a seed touches, and those that they point at, as documents."""
    from seedkit.cli.schema import Asked, pull

    return pull(shell_of(context, json), environment, Asked(name, out, tuple(tables or ())))


@schema_app.command("list")
def schema_list(context: typer.Context, json: JsonOption = False) -> int:
    """List the schemas that were saved."""
    from seedkit.cli.schema import list_schemas

    return list_schemas(shell_of(context, json))
