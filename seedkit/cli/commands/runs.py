"""What is done with runs: `check`, `seed`, `resume`, `purge`, `runs`, `verify`, `showcase`."""

from __future__ import annotations

from typing import Annotated

import typer

from seedkit.cli.commands.options import (
    AllowOption,
    AsOfOption,
    BypassOption,
    DryRunOption,
    EnvironmentOption,
    HouseholdsOption,
    ImpersonateOption,
    JsonOption,
    ManifestOption,
    ProfileOption,
    RunArgument,
    RunEnvironmentOption,
    SeedOption,
    SetOption,
    YesOption,
    acting_of,
    shell_of,
)
from seedkit.cli.commands.purge_options import (
    AdoptCopyOption,
    BulkJobOption,
    ConfirmOption,
    DoubtfulOption,
    EveryOption,
    ExpiredOption,
    FingerprintOption,
    KeepEditedOption,
    MarkOption,
    OnStrangers,
    RunsArgument,
    RunsOfProfileOption,
    SkipBinOption,
    StrangersOption,
)


def seed(
    context: typer.Context,
    profile: ProfileOption,
    environment: EnvironmentOption = "local",
    households: HouseholdsOption = None,
    random_seed: SeedOption = None,
    as_of: AsOfOption = None,
    overrides: SetOption = None,
    run_id: Annotated[str | None, typer.Option(help="Id of the run; drawn if absent.")] = None,
    ttl: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="How long the run may stay, such as 14d, 36h, 2w."),
    ] = None,
    dry_run: DryRunOption = False,
    allow_production: AllowOption = None,
    impersonate: ImpersonateOption = None,
    bypass_logic: BypassOption = None,
    manifest: ManifestOption = None,
    json: JsonOption = False,
) -> int:
    """Make a believable bank and write it into an environment."""
    from seedkit.cli.seed import seed as work
    from seedkit.workplace.wishes import Wish

    wish = Wish(profile, households, random_seed, as_of, tuple(overrides or ()))
    return work(
        shell_of(context, json),
        wish,
        environment,
        run_id,
        ttl=ttl,
        dry_run=dry_run,
        allow_production=allow_production,
        acting=acting_of(impersonate, bypass_logic),
        manifest=manifest,
    )


def check(
    context: typer.Context,
    profile: ProfileOption = "retail",
    environment: EnvironmentOption = "local",
    overrides: SetOption = None,
    impersonate: ImpersonateOption = None,
    json: JsonOption = False,
) -> int:
    """Ask whether a seed can work there; nothing is written."""
    from seedkit.cli.check import check as work
    from seedkit.workplace.wishes import Wish

    wish = Wish(profile, None, None, None, tuple(overrides or ()))
    return work(shell_of(context, json), wish, environment, acting_of(impersonate, None))


def resume(
    context: typer.Context,
    run: RunArgument = None,
    environment: RunEnvironmentOption = None,
    refused: Annotated[
        bool, typer.Option("--refused", help="Try refused and skipped rows again.")
    ] = False,
    allow_production: AllowOption = None,
    impersonate: ImpersonateOption = None,
    bypass_logic: BypassOption = None,
    manifest: ManifestOption = None,
    json: JsonOption = False,
) -> int:
    """Finish a run that was interrupted."""
    from seedkit.cli.resume import resume as work

    return work(
        shell_of(context, json),
        run,
        environment,
        refused=refused,
        allow_production=allow_production,
        acting=acting_of(impersonate, bypass_logic),
        manifest=manifest,
    )


def purge(
    context: typer.Context,
    runs: RunsArgument = None,
    profile: RunsOfProfileOption = None,
    every: EveryOption = False,
    expired: ExpiredOption = False,
    environment: RunEnvironmentOption = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    mark: MarkOption = None,
    include_doubtful: DoubtfulOption = False,
    strangers: StrangersOption = OnStrangers.STOP,
    keep_edited: KeepEditedOption = False,
    confirm: ConfirmOption = None,
    bulk_job: BulkJobOption = None,
    skip_recycle_bin: SkipBinOption = False,
    fingerprint: FingerprintOption = False,
    adopt_copy: AdoptCopyOption = False,
    allow_production: AllowOption = None,
    impersonate: ImpersonateOption = None,
    bypass_logic: BypassOption = None,
    json: JsonOption = False,
) -> int:
    """Delete exactly the rows of a run; nothing else is touched."""
    from seedkit.cli.purge import Allowed, Asked
    from seedkit.cli.purge import purge as work
    from seedkit.cli.selection import Selection
    from seedkit.purge import Strangers
    from seedkit.purge.engines import JobOrder

    shell = shell_of(context, json)
    names, expired_at = tuple(runs or ()), shell.now() if expired else None
    selection = Selection(
        "purge", names, profile, every, environment, expired_at, copies=adopt_copy, whole_ids=yes
    )
    asked = Asked(
        dry_run=dry_run,
        yes=yes,
        allow_production=allow_production,
        acting=acting_of(impersonate, bypass_logic),
        jobs=JobOrder(shell.now(), bulk_job, skip_recycle_bin),
        fingerprint=fingerprint,
        allowed=Allowed(
            Strangers(strangers.value), keep_edited, include_doubtful, tuple(confirm or ())
        ),
    )
    return work(shell, selection, asked, mark=mark)


def runs(
    context: typer.Context, environment: RunEnvironmentOption = None, json: JsonOption = False
) -> int:
    """List the runs that are known here and in the environment."""
    from seedkit.cli.runs import list_runs

    return list_runs(shell_of(context, json), environment)


def find(
    context: typer.Context, environment: RunEnvironmentOption = None, json: JsonOption = False
) -> int:
    """Look for rows of runs of which nothing else is left."""
    from seedkit.cli.find import find as work

    return work(shell_of(context, json), environment)


def verify(
    context: typer.Context,
    run: RunArgument = None,
    environment: RunEnvironmentOption = None,
    json: JsonOption = False,
) -> int:
    """Compare the rows that a run made with those that are there."""
    from seedkit.cli.verify import verify as work

    return work(shell_of(context, json), run, environment)


def showcase(
    context: typer.Context,
    run: RunArgument = None,
    environment: RunEnvironmentOption = None,
    json: JsonOption = False,
) -> int:
    """List the customers made to be shown, and what to look at."""
    from seedkit.cli.showcase import showcase as work

    return work(shell_of(context, json), run, environment)
