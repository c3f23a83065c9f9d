"""The command line: its commands, its global options, and what becomes of errors."""

from __future__ import annotations

import sys
import traceback
from typing import Annotated

import typer

from seedkit import __version__
from seedkit.cli.commands import files, runs
from seedkit.cli.commands.emulator import emulator_app
from seedkit.cli.commands.places import auth_app, environments_app
from seedkit.cli.commands.profiles import profiles_app
from seedkit.cli.commands.realism import realism
from seedkit.cli.commands.schema import schema_app
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
_COMMANDS = (
    runs.check,
    runs.seed,
    runs.resume,
    runs.purge,
    runs.runs,
    runs.verify,
    runs.find,
    runs.showcase,
    files.generate,
    realism,
)
for command in _COMMANDS:
    app.command()(command)
app.add_typer(profiles_app, name="profiles")
app.add_typer(schema_app, name="schema")
app.add_typer(emulator_app, name="emulator")
app.add_typer(environments_app, name="environments")
app.add_typer(auth_app, name="auth")


def run(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    shell = Shell(json="--json" in words)  # known even when the rest can't be parsed
    try:
        result = app(words, prog_name="seedkit", standalone_mode=False, obj=shell)
        if result == INTERRUPTED:  # what typer makes of a KeyboardInterrupt
            return _interrupted(shell)
        return result if isinstance(result, int) else 0
    except SeedkitError as error:
        return _fail(shell, error)
    except typer.TyperException as error:
        usage = _usage_error(error)
        if usage.message.startswith("Usage: "):  # a command alone asks for its help
            print(usage.message)
        else:
            shell.fail(usage)
        return UsageError.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted(shell)
    except Exception as error:
        return _fail(shell, _unexpected(error))


def _fail(shell: Shell, error: SeedkitError) -> int:
    """Tell of the error that is being handled, where asked with the way it came."""
    if shell.debug:
        traceback.print_exc()
    shell.fail(error)
    return error.exit_code


def _interrupted(shell: Shell) -> int:
    message = "Interrupted."
    if shell.json:
        told = {"message": message, "hint": None, "exit_code": INTERRUPTED}
        shell.print_json(shell.error_frame({"error": {"kind": "Interrupted", **told}}))
    print(message, file=sys.stderr)
    return INTERRUPTED


def _usage_error(error: typer.TyperException) -> UsageError:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "seedkit"
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    message = message.replace("Value error, ", "")  # the library's word for a refused value
    return UsageError(message, f"See: {command} --help")


def _unexpected(error: Exception) -> SeedkitError:
    told = SeedkitError(
        f"Something went wrong that should not: {type(error).__name__}: {error}",
        "Run it again as `seedkit --debug ...` and report what it prints.",
    )
    told.__cause__ = error
    return told


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
