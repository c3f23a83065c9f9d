"""The command `profiles`."""

from __future__ import annotations

from typing import Annotated

import typer

from seedkit.cli.commands.options import JsonOption, SchemaOption, shell_of

profiles_app = typer.Typer(help="List, show and check profiles.", no_args_is_help=True)


@profiles_app.command("list")
def profiles_list(context: typer.Context, json: JsonOption = False) -> int:
    """List the shipped profiles."""
    from seedkit.cli.profiles import list_profiles

    return list_profiles(shell_of(context, json))


@profiles_app.command("show")
def profiles_show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of a profile, or a file.")],
    json: JsonOption = False,
) -> int:
    """Print every key of a profile with its value, unit and range."""
    from seedkit.cli.profiles import show_profile

    return show_profile(shell_of(context, json), name)


@profiles_app.command("check")
def profiles_check(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="A profile's file or name.")],
    schema: SchemaOption = None,
    json: JsonOption = False,
) -> int:
    """Check a profile and list all its faults."""
    from seedkit.cli.profiles import check_profile

    return check_profile(shell_of(context, json), file, schema)


@profiles_app.command("schema")
def profiles_schema() -> None:
    """Print the JSON schema of profiles, for editors."""
    from seedkit.cli.profiles import print_schema

    print_schema()
