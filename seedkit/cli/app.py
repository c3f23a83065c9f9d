"""The commands and their options. Each imports what it needs when it runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from seedkit import __version__
from seedkit.cli.options import (
    AllowOption,
    DatabaseOption,
    DryRunOption,
    EnvironmentOption,
    JsonOption,
    RunArgument,
    RunEnvironmentOption,
    SnapshotArgument,
    YesOption,
    shell_of,
)
from seedkit.cli.places import auth_app, environments_app
from seedkit.cli.shell import Shell
from seedkit.errors import SeedkitError, UsageError

INTERRUPTED = 130

# No colour panels in help: they cost a third of the start-up time.
app = typer.Typer(
    name="seedkit",
    help="Put believable bank sample data into Microsoft Dataverse, and take exactly it out again.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["--help", "-h"]},
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
profiles_app = typer.Typer(help="List, show and check profiles.", no_args_is_help=True)
emulator_app = typer.Typer(
    help="Serve, keep, put back or reset the local environment.", no_args_is_help=True
)
app.add_typer(profiles_app, name="profiles")
app.add_typer(emulator_app, name="emulator")
app.add_typer(environments_app, name="environments")
app.add_typer(auth_app, name="auth")

ProfileOption = Annotated[str, typer.Option(help="Name of a profile, or a file.")]
HouseholdsOption = Annotated[
    int | None, typer.Option(help="Number of households; short for --set households=N.")
]
SeedOption = Annotated[int | None, typer.Option("--random-seed", help="Same number, same people.")]
AsOfOption = Annotated[
    str | None, typer.Option(help="The day at which the bank is seen, YYYY-MM-DD; today.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override any profile key; may be repeated."),
]


def run(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    shell = Shell(json="--json" in words)  # known even when the rest can't be parsed
    try:
        result = app(words, prog_name="seedkit", standalone_mode=False, obj=shell)
        return result if isinstance(result, int) else 0
    except SeedkitError as error:
        if shell.debug:
            raise
        shell.fail(error)
        return error.exit_code
    except typer.TyperException as error:
        usage = _usage_error(error)
        if usage.message.startswith("Usage: "):  # a command alone asks for its help
            print(usage.message)
        else:
            shell.fail(usage)
        return UsageError.exit_code
    except (KeyboardInterrupt, typer.Abort):
        print("Interrupted.", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        if shell.debug:
            raise
        shell.fail(_unexpected(error))
        return SeedkitError.exit_code


def _usage_error(error: typer.TyperException) -> UsageError:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "seedkit"
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    return UsageError(message, f"See: {command} --help")


def _unexpected(error: Exception) -> SeedkitError:
    return SeedkitError(
        f"Something went wrong that should not: {type(error).__name__}: {error}",
        "Run it again as `seedkit --debug ...` and report what it prints.",
    )


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"seedkit {__version__}")
        raise typer.Exit


@app.callback()
def _globals(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, no remarks.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colours.")] = False,
    _version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    shell: Shell = context.obj
    shell.debug, shell.quiet, shell.no_color = debug, quiet, no_color


@app.command()
def seed(
    context: typer.Context,
    profile: ProfileOption,
    environment: EnvironmentOption = "local",
    households: HouseholdsOption = None,
    random_seed: SeedOption = None,
    as_of: AsOfOption = None,
    overrides: SetOption = None,
    run_id: Annotated[str | None, typer.Option(help="Id of the run; drawn if absent.")] = None,
    dry_run: DryRunOption = False,
    allow_production: AllowOption = None,
    json: JsonOption = False,
) -> int:
    """Make a believable bank and write it into an environment."""
    from seedkit.cli.seed import seed as work
    from seedkit.cli.sources import Wish

    wish = Wish(profile, households, random_seed, as_of, tuple(overrides or ()))
    return work(
        shell_of(context, json),
        wish,
        environment,
        run_id,
        dry_run=dry_run,
        allow_production=allow_production,
    )


@app.command()
def resume(
    context: typer.Context,
    run: RunArgument = None,
    environment: RunEnvironmentOption = None,
    refused: Annotated[
        bool, typer.Option("--refused", help="Try refused and skipped rows again.")
    ] = False,
    allow_production: AllowOption = None,
    json: JsonOption = False,
) -> int:
    """Finish a run that was interrupted."""
    from seedkit.cli.seed import resume as work

    return work(
        shell_of(context, json),
        run,
        environment,
        refused=refused,
        allow_production=allow_production,
    )


@app.command()
def purge(
    context: typer.Context,
    runs: Annotated[list[str] | None, typer.Argument(metavar="RUN", help="Runs to remove.")] = None,
    profile: Annotated[str | None, typer.Option(help="All runs of a profile.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All runs in one environment.")] = False,
    environment: RunEnvironmentOption = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    allow_production: AllowOption = None,
    json: JsonOption = False,
) -> int:
    """Delete exactly the rows of a run; nothing else is touched."""
    from seedkit.cli.purge import purge as work
    from seedkit.cli.runs import Selection

    selection = Selection(tuple(runs or ()), profile, every, environment)
    return work(
        shell_of(context, json),
        selection,
        dry_run=dry_run,
        yes=yes,
        allow_production=allow_production,
    )


@app.command()
def runs(
    context: typer.Context, environment: RunEnvironmentOption = None, json: JsonOption = False
) -> int:
    """List the runs that are known here and in the environment."""
    from seedkit.cli.runs import list_runs

    return list_runs(shell_of(context, json), environment)


@app.command()
def verify(
    context: typer.Context,
    run: RunArgument = None,
    environment: RunEnvironmentOption = None,
    json: JsonOption = False,
) -> int:
    """Compare the rows that a run made with the rows that are there."""
    from seedkit.cli.verify import verify as work

    return work(shell_of(context, json), run, environment)


@app.command()
def generate(
    context: typer.Context,
    profile: ProfileOption,
    out: Annotated[Path, typer.Option(help="Folder for the files; must be new or empty.")],
    format: Annotated[str, typer.Option(help="jsonl or csv.")] = "jsonl",
    households: HouseholdsOption = None,
    random_seed: SeedOption = None,
    as_of: AsOfOption = None,
    overrides: SetOption = None,
    json: JsonOption = False,
) -> int:
    """Write the rows of a run to files, one per table; the same plan gives the same bytes."""
    from seedkit.cli.generate import generate as work
    from seedkit.cli.sources import Wish

    wish = Wish(profile, households, random_seed, as_of, tuple(overrides or ()))
    return work(shell_of(context, json), wish, out, format)


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
    json: JsonOption = False,
) -> int:
    """Check a profile and list all its faults."""
    from seedkit.cli.profiles import check_profile

    return check_profile(shell_of(context, json), file)


@profiles_app.command("schema")
def profiles_schema() -> None:
    """Print the JSON schema of profiles, for editors."""
    from seedkit.cli.profiles import print_schema

    print_schema()


@emulator_app.command("serve")
def emulator_serve(
    context: typer.Context,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Loopback port; 0: any that is free.")
    ] = 8090,
    database: Annotated[
        list[Path] | None,
        typer.Option(
            help="Its file, or :memory: for none. May be repeated: each gets the next port."
        ),
    ] = None,
    tls: Annotated[
        bool, typer.Option("--tls", help="Speak https, with a certificate made on this machine.")
    ] = False,
    faults: Annotated[
        Path | None, typer.Option(help="TOML or JSON file with faults to act out.")
    ] = None,
    log: Annotated[bool, typer.Option("--log", help="Print a line for each request.")] = False,
) -> None:
    """Serve the local environment on a loopback port until interrupted."""
    from seedkit.cli.emulator import Wanted, serve

    serve(shell_of(context), Wanted(port, database or (), tls, faults, log))


@emulator_app.command("snapshot")
def emulator_snapshot(
    context: typer.Context, name: SnapshotArgument, database: DatabaseOption = None
) -> None:
    """Keep the local environment as it is now, under a name; it may be served meanwhile."""
    from seedkit.cli.snapshots import take

    take(shell_of(context), name, database)


@emulator_app.command("restore")
def emulator_restore(
    context: typer.Context,
    name: SnapshotArgument,
    database: DatabaseOption = None,
    yes: YesOption = False,
) -> None:
    """Put the local environment back to a snapshot; what came since is gone."""
    from seedkit.cli.snapshots import restore

    restore(shell_of(context), name, database, yes=yes)


@emulator_app.command("snapshots")
def emulator_snapshots(
    context: typer.Context,
    delete: Annotated[
        str | None, typer.Option(metavar="NAME", help="Delete this one instead.")
    ] = None,
    database: DatabaseOption = None,
    json: JsonOption = False,
) -> None:
    """List the snapshots of the local environment."""
    from seedkit.cli import snapshots

    if delete is None:
        snapshots.list_all(shell_of(context, json), database)
    else:
        snapshots.delete(shell_of(context, json), delete, database)


@emulator_app.command("reset")
def emulator_reset(
    context: typer.Context, database: DatabaseOption = None, yes: YesOption = False
) -> None:
    """Throw the local environment away; the next use finds a fresh one."""
    from seedkit.cli.emulator import reset

    reset(shell_of(context), database, yes=yes)
