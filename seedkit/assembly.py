"""Putting the rooms together: from a profile to a plan, to rows, to a run and back to nothing.

The command line and `seedkit.seeded` both stand on this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from seedkit.check import Uses
from seedkit.custom import (
    FINGERPRINT,
    ColumnBindings,
    Problem,
    bind_live,
    bind_offline,
    find_lacking,
    find_misfits,
    find_problems,
    from_json,
    known_details,
    plugin_versions,
    read_custom,
    to_json,
)
from seedkit.dataverse.acting import Acting
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.environment import read_environment
from seedkit.environments import Target
from seedkit.errors import GeneratorError, PlanMismatchError, ProfileError, UsageError
from seedkit.guard import guard
from seedkit.ledger import Ledger, Step
from seedkit.load import Limits, LoadResult, load
from seedkit.load.header import find_headers
from seedkit.manifest import Customer, customers_of, showcases_of
from seedkit.marks import HIGHEST_MARK, Stamp
from seedkit.plan import Plan, PlanRequest, make_plan
from seedkit.population.notable import Showcase
from seedkit.profile import ResolvedProfile
from seedkit.profile.models import Profile
from seedkit.profile.reading import HINT as PROFILE_HINT
from seedkit.progress import Progress
from seedkit.purge import PurgeOptions, PurgeResult, purge
from seedkit.records.batch import Bindings, RecordBatch, RecordContext
from seedkit.records.choices import written_choices
from seedkit.records.library import LOCALE_IDS
from seedkit.records.ownership import Ownership, RowOwner
from seedkit.records.source import MODEL_KEY, RunSource, fingerprint
from seedkit.schema import Catalogue
from seedkit.settings import name_of

ANY_DAY = date(2026, 1, 1)
CHECK = "check"  # stands for the id of a run that is only asked about


@dataclass(frozen=True, slots=True)
class Resolved:
    """A profile that was read, and the two dates that the clock and the command line give."""

    name: str
    profile: Profile
    as_of: date
    now: datetime


def make_request(
    resolved: Resolved,
    run_id: str,
    target: Target | None = None,
    acting: Acting | None = None,
    lifetime: timedelta | None = None,
) -> PlanRequest:
    """Return what a plan is made from; `target` names owners where the profile names nobody."""
    request = _owned(_request(resolved, run_id, written_columns(resolved)), target)
    return replace(request, acting=acting or Acting(), lifetime=lifetime)


def _owned(request: PlanRequest, target: Target | None) -> PlanRequest:
    """Let the environment's configuration name the owners where the profile names nobody."""
    return replace(request, owners=request.owners or (target.owners if target else {}))


def _request(
    resolved: Resolved, run_id: str, columns: Mapping[str, tuple[str, ...]]
) -> PlanRequest:
    custom = read_custom(resolved.profile)
    return PlanRequest(
        run_id=run_id,
        profile_name=resolved.name,
        profile=resolved.profile.model_dump(mode="json"),
        as_of=resolved.as_of,
        now=resolved.now,
        fingerprint=fingerprint() | custom.fingerprint,
        tables=custom.tables,
        links=custom.links,
        parties=custom.parties,
        columns={**columns, **custom.declared},
        owners=resolved.profile.owners,
        agents=resolved.profile.engagement.users,
        backdates=resolved.profile.life_events.backdated,
        references=custom.references,
    )


async def fit(request: PlanRequest, api: WebApi) -> PlanRequest:
    """Return a request for what an environment can hold, that knows what columns mean there."""
    return await bind_columns(await leave_out(request, api), api)


async def leave_out(request: PlanRequest, api: WebApi) -> PlanRequest:
    """Return a request without the parts that an environment lacks and a seed can do without.

    From then on they stand in the profile's `skip`, as if a person had left them out.
    """
    profile = Profile.model_validate(request.profile)
    lacking = await find_lacking(api, profile, read_custom(profile), request.columns)
    if not lacking:
        return request
    fitting = profile.model_copy(update={"skip": [*profile.skip, *lacking]})
    custom = read_custom(fitting)
    left = {
        table: tuple(name for name in names if not custom.omitted.of(table, name))
        for table, names in request.columns.items()
        if table not in custom.omitted.tables
    }
    return replace(
        request,
        profile=fitting.model_dump(mode="json"),
        tables=custom.tables,
        links=custom.links,
        parties=custom.parties,
        columns=left,
        left_out=lacking,
    )


async def bind_columns(request: PlanRequest, api: WebApi) -> PlanRequest:
    """Return a request that knows what the profile's own columns mean in an environment.

    MissingInTargetError names what does not fit there. Without such columns nothing is asked.
    """
    custom = read_custom(Profile.model_validate(request.profile))
    if not (custom.columns or custom.omitted or custom.plugins):
        return request
    bindings = await bind_live(api, custom, request.profile["households"])
    return replace(request, bindings=to_json(bindings))


async def propose(
    request: PlanRequest, api: WebApi, allow_production: str | None, *, dry_run: bool = False
) -> Plan:
    """Return the plan of a new run behind the guard, which a dry run passes; nothing is written."""
    here = await read_environment(api)
    if not dry_run:
        await guard(api, here, allow_production)
    return await make_plan(await fit(request, api), api, here)


async def record(plan: Plan, api: WebApi, ledger: Ledger) -> None:
    """Write a new run into the ledger; UsageError when its id is taken in the environment."""
    await refuse_taken_id(plan, api)
    ledger.add_run(plan)


async def refuse_taken_id(plan: Plan, api: WebApi) -> None:
    """Stop when somebody else's ledger has made a run of this id here."""
    if any(noted.run_id == plan.run_id for noted in (await find_headers(api)).plans):
        raise UsageError(
            f"There already is a run {plan.run_id} in this environment.",
            "Give another --run-id, or remove it with: "
            f"seedkit purge {plan.run_id} --environment {name_of(plan.environment.url)}",
        )


async def send_rows(
    plan: Plan,
    source: RunSource,
    target: Target,
    api: WebApi,
    ledger: Ledger,
    progress: Progress,
) -> LoadResult:
    """Write the rows of a recorded run that are not there yet, by the environment's ceilings."""
    limits = Limits(rows_per_request=target.rows_per_request(Limits().rows_per_request))
    return await load(plan, source, api, ledger, progress, limits)


def seeded_customers(plan: Plan, source: RunSource, ledger: Ledger) -> Iterator[Customer]:
    """Return a run's customers with what they have, as far as their rows came."""
    return customers_of(source, _own_sets(plan), _lost(plan, ledger))


def showcase_customers(plan: Plan, ledger: Ledger | None) -> list[tuple[Showcase, Customer]]:
    """Return the showcase customers of a run, as far as their rows came and the ledger knows."""
    lost = _lost(plan, ledger) if ledger else set()
    return list(showcases_of(source_of(plan), _own_sets(plan), lost))


def _own_sets(plan: Plan) -> dict[str, str]:
    return {table.name: table.entity_set for table in plan.tables}


def _lost(plan: Plan, ledger: Ledger) -> set[str]:
    return {row.id for row in ledger.lost_rows(plan.run_id) if row.step is Step.CREATE}


async def take_out(
    plan: Plan,
    target: Target,
    api: WebApi,
    ledger: Ledger | None,
    progress: Progress,
    options: PurgeOptions,
) -> PurgeResult:
    """Purge a run, by the environment's ceilings."""
    rows = target.rows_per_request(options.rows_per_request)
    return await purge(plan, api, ledger, progress, replace(options, rows_per_request=rows))


def make_uses(resolved: Resolved, target: Target | None = None) -> Uses:
    """Return what a seed would use of an environment: what a plan is made from, and choices."""
    batches = _first_batches(resolved)
    request = _owned(_request(resolved, CHECK, _columns(batches)), target)
    return Uses(request, {batch.table: written_choices(batch) for batch in batches})


def written_columns(resolved: Resolved) -> dict[str, tuple[str, ...]]:
    """Return the columns that records write, by table: those of the bank and one block."""
    return _columns(_first_batches(resolved))


def _columns(batches: Iterable[RecordBatch]) -> dict[str, tuple[str, ...]]:
    return {batch.table: tuple(batch.columns) for batch in batches}


def _first_batches(resolved: Resolved) -> list[RecordBatch]:
    """Return the rows of the bank, the showcases and one block: all kinds that there are."""
    source = make_source(
        resolved.profile, resolved.as_of, Stamp(HIGHEST_MARK, 0), resolved.name, CurrencyByCode()
    )
    return [batch for block in source.blocks[:3] for batch in source.batches(block)]


def source_of(plan: Plan) -> RunSource:
    """Return the rows of a plan; PlanMismatchError when other versions would give other rows.

    GeneratorError when a plug-in that the run used is not installed.
    """
    profile = Profile.model_validate(plan.profile)
    try:
        ours = fingerprint() | plugin_versions(profile)
    except GeneratorError as error:
        error.hint = f"{error.hint}\nor remove the run with: seedkit purge {plan.run_id}"
        raise
    if dict(plan.fingerprint) != ours:
        raise _mismatch(plan, ours)
    return make_source(
        profile,
        plan.as_of_date,
        plan.stamp,
        plan.run_id,
        plan.currencies,
        languages=plan.languages,
        backdates=plan.backdates,
        ownership=ownership_of(plan),
        columns=from_json(plan.columns),
    )


def _mismatch(plan: Plan, ours: Mapping[str, str]) -> PlanMismatchError:
    """Return the error that names the versions with which a run was made."""
    names = [*ours, *(name for name in plan.fingerprint if name not in ours)]
    differing = {
        name: version for name in names if (version := plan.fingerprint.get(name)) != ours.get(name)
    }
    packages = " ".join(
        f'"{name}=={version}"'
        for name, version in differing.items()
        if version is not None and name != MODEL_KEY and not name.startswith(FINGERPRINT)
    )
    ways = [f"python -m pip install {packages}"] if packages else []
    ways += [
        f"installing the package that brings {name} {version}"
        for name, version in differing.items()
        if name.startswith(FINGERPRINT)
    ]
    made_with = ", ".join(f"{name} {version}" for name, version in differing.items())
    return PlanMismatchError(
        f"Run {plan.run_id} was made with {made_with}, and other versions would make other rows.",
        f"Go on after: {' and '.join(ways) or 'installing the seedkit that made it'}\n"
        f"or remove it with: seedkit purge {plan.run_id}",
    )


def ownership_of(plan: Plan) -> Ownership:
    """Return who owns the rows of a plan."""
    caller = plan.impersonated.id if plan.impersonated else plan.environment.user
    owners, agents = (
        [RowOwner(one.who.table, one.who.id, one.weight) for one in some]
        for some in (plan.owners, plan.agents)
    )
    return Ownership(
        owners=owners,
        agents=agents,
        caller=caller,
        tables=frozenset(table.name for table in plan.tables if table.owned),
        random_seed=plan.profile["random_seed"],
    )


def make_source(
    profile: Profile,
    as_of: date,
    stamp: Stamp,
    run_id: str,
    currencies: Mapping[str, str],
    *,
    languages: Mapping[str, str] | None = None,
    backdates: bool = True,
    ownership: Ownership | None = None,
    columns: ColumnBindings | None = None,
) -> RunSource:
    """Return the rows of a profile.

    `columns` is what its own columns mean in an environment; without it, what the shipped schema
    says of them.
    """
    backdate = backdates and profile.life_events.backdated
    bindings = Bindings(currencies, LANGUAGE_BY_NUMBER if languages is None else languages)
    owners = ownership or Ownership()
    context = RecordContext(stamp, run_id, bindings, backdate, owners)
    custom = read_custom(profile)
    if columns is None:
        columns = bind_offline(custom.columns, known_details)
    finish = custom.finish(columns, context, profile.random_seed, as_of)
    return RunSource(profile, as_of, context, finish)


def check_custom(found: ResolvedProfile) -> None:
    """Stop when a profile adds or leaves out what it can't; ProfileError lists all of it."""
    _stop_at(found, find_problems(found.profile, _columns_of_ours))


def check_values(found: ResolvedProfile, live: Catalogue | None = None) -> None:
    """Stop when values don't fit their columns by the shipped schema, or by an environment's.

    A plan asks the environment itself instead.
    """
    check_custom(found)
    _stop_at(found, find_misfits(found.profile, live))


def _stop_at(found: ResolvedProfile, problems: Iterable[Problem]) -> None:
    if problems:
        faults = [found.fault(one.key, one.problem, one.suggestion) for one in problems]
        raise ProfileError(faults, PROFILE_HINT)


def _columns_of_ours() -> Mapping[str, tuple[str, ...]]:
    """Return the columns that records write for any profile, by table."""
    plain = Profile.model_validate({"households": 256})
    return written_columns(Resolved("plain", plain, ANY_DAY, datetime(2026, 1, 1, tzinfo=UTC)))


# Addresses of languages by locale id, where no environment was asked for their ids.
LANGUAGE_BY_NUMBER = {str(number): f"localeid={number}" for number in LOCALE_IDS.values()}


class CurrencyByCode(Mapping[str, str]):
    """Currency addresses by ISO code instead of by an environment's ids; knows every code."""

    def __getitem__(self, code: str) -> str:
        return f"isocurrencycode='{code}'"

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
