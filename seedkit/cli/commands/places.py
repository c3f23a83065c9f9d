"""The commands `environments` and `auth`, and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seedkit.cli.commands.options import EnvironmentOption, JsonOption, shell_of

environments_app = typer.Typer(help="Name environments and try them.", no_args_is_help=True)
auth_app = typer.Typer(help="Sign in, sign out, see who we are.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Name of the environment.")]


@environments_app.command("list")
def environments_list(context: typer.Context, json: JsonOption = False) -> int:
    """List the environments that have names."""
    from seedkit.cli.environments import list_environments

    return list_environments(shell_of(context, json))


@environments_app.command("add")
def environments_add(
    context: typer.Context,
    name: NameArgument,
    url: Annotated[str, typer.Option(help="Its address, as in https://contoso.crm4.dynamics.com")],
    sign_in: Annotated[
        str | None,
        typer.Option(
            help="How to sign in; docs/environments.md tells the ways. device-code, and not at "
            "all on this machine."
        ),
    ] = None,
    tenant: Annotated[str | None, typer.Option(help="Its directory: a domain or an id.")] = None,
    client_id: Annotated[str | None, typer.Option(help="Id of the app registration.")] = None,
    cloud: Annotated[
        str | None, typer.Option(help="commercial, gcc, gcc-high, dod or china; commercial.")
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(help="PEM or PFX file with key and certificate.")
    ] = None,
    secret_from: Annotated[
        str | None, typer.Option(help="Where its secret is: env:VARIABLE, keyring or fd:3.")
    ] = None,
    token_cache: Annotated[
        str | None,
        typer.Option(help="Where a person's tokens are kept: encrypted, memory or plain-text."),
    ] = None,
    proxy: Annotated[str | None, typer.Option(help="Address of a proxy.")] = None,
    ca_bundle: Annotated[Path | None, typer.Option(help="PEM file of authorities.")] = None,
) -> int:
    """Give an environment a name; secrets have other places."""
    from seedkit.cli.environments import add

    given = {
        "url": url,
        "sign_in": sign_in,
        "tenant": tenant,
        "client_id": client_id,
        "cloud": cloud,
        "certificate": None if certificate is None else str(certificate.absolute()),
        "secret_from": secret_from,
        "token_cache": token_cache,
        "proxy": proxy,
        "ca_bundle": None if ca_bundle is None else str(ca_bundle.absolute()),
    }
    return add(shell_of(context), name, given)


@environments_app.command("test", short_help="Sign in to an environment and say what it is.")
def environments_test(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name, or an address.")],
    json: JsonOption = False,
) -> int:
    """Sign in to an environment and say what it is; nothing is written there."""
    from seedkit.cli.environments import test

    return test(shell_of(context, json), name)


@environments_app.command("remove", short_help="Take a name out of the configuration.")
def environments_remove(context: typer.Context, name: NameArgument) -> int:
    """Take a name out of the configuration; the environment stays as it is."""
    from seedkit.cli.environments import remove

    return remove(shell_of(context), name)


@auth_app.command("status")
def auth_status(
    context: typer.Context, environment: EnvironmentOption = "local", json: JsonOption = False
) -> int:
    """Say who we are in an environment, without showing a token."""
    from seedkit.cli.auth import status

    return status(shell_of(context, json), environment)


@auth_app.command("login", short_help="Sign in by hand and keep the tokens, encrypted.")
def auth_login(context: typer.Context, environment: EnvironmentOption = "local") -> int:
    """Sign in by hand and keep the tokens, encrypted, for the commands that follow."""
    from seedkit.cli.auth import log_in

    return log_in(shell_of(context), environment)


@auth_app.command("logout")
def auth_logout(context: typer.Context, environment: EnvironmentOption = "local") -> int:
    """Forget the tokens of an environment."""
    from seedkit.cli.auth import log_out

    return log_out(shell_of(context), environment)
