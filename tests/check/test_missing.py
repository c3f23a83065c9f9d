"""Each thing missing in turn is named, with its remedy, and stops the seed or does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from seedkit.check import STOPPING, Area, State
from tests.check import taking
from tests.check.conftest import COMMAND, Checked


@dataclass(frozen=True)
class Case:
    """What is taken away, and what the check then says."""

    name: str
    take: Callable[[Checked], object]
    area: Area
    subject: str
    state: State
    detail: tuple[str, ...]
    remedy: str


MISSING, REFUSED, NOTE = State.MISSING, State.REFUSED, State.NOTE
PLACE, TABLES, RIGHTS, LOGIC = Area.ENVIRONMENT, Area.TABLES, Area.PRIVILEGES, Area.LOGIC
UPDATE = "Update Microsoft Cloud for Financial Services"
DEPLOY = "Deploy Unified customer profile"
BYPASS = "--bypass-logic"

CASES = (
    Case("no role", taking.no_role, PLACE, "user", REFUSED, ("0x80042f09",), "security role"),
    Case("weak user", taking.weak_user, PLACE, "user", REFUSED, ("administrative",), "Read-Write"),
    Case("disabled", taking.disabled, PLACE, "address", REFUSED, ("Disabled",), "Enable it"),
    Case(
        "production",
        lambda env: env.local.turn(environment_type="Production"),
        PLACE,
        "type",
        NOTE,
        ("Production",),
        'seedkit seed --profile retail --environment qa --allow-production "Local environment"',
    ),
    Case(
        "currency",
        lambda env: env.set_profile(currency="SEK"),
        PLACE,
        "currency",
        MISSING,
        ("SEK",),
        "--set currency=environment",
    ),
    Case(
        "foreign currency",
        lambda env: env.remove("transactioncurrencies", "isocurrencycode eq 'JPY'"),
        PLACE,
        "currency",
        NOTE,
        ("JPY",),
        "Add them in the admin centre",
    ),
    Case(
        "language",
        lambda env: env.local.turn(languages=[1031, 1036]),
        PLACE,
        "languages",
        NOTE,
        ("de_DE, fr_FR; en_US is not enabled",),
        "Enable it",
    ),
    Case("audit", taking.audited, PLACE, "audit", NOTE, ("on",), "Nothing to do"),
    Case(
        "recycle bin",
        lambda env: env.local.turn(recycle_bin=True, recycle_bin_days=14),
        PLACE,
        "recycle bin",
        NOTE,
        ("14 days",),
        "Nothing to do",
    ),
    Case(
        "import going on",
        lambda env: env.local.create("importjobs", solutionname="Contoso", progress=40),
        PLACE,
        "solution import",
        REFUSED,
        ("Contoso (40%)",),
        COMMAND,
    ),
    Case(
        "upgrade going on",
        taking.started,
        PLACE,
        "solution history",
        REFUSED,
        ("import of Contoso",),
        COMMAND,
    ),
    Case(
        "solution",
        taking.solution_gone,
        Area.SOLUTIONS,
        "RetailBankingCoreDataModel",
        MISSING,
        ("Retail Banking Core Data Model", "msfsi_fh_loan"),
        DEPLOY,
    ),
    Case(
        "app",
        lambda env: env.remove("solutions", "uniquename eq 'UnifiedCustomerProfileApplication'"),
        Area.SOLUTIONS,
        "UnifiedCustomerProfileApplication",
        NOTE,
        ("does not show them",),
        DEPLOY,
    ),
    Case(
        "old solution",
        taking.old_solution,
        Area.SOLUTIONS,
        "FinancialServicesCommonDataModel",
        NOTE,
        ("1.1.0.0",),
        UPDATE,
    ),
    Case(
        "table",
        lambda env: env.local.turn(hidden_tables=["msfsi_fi_card"]),
        TABLES,
        "msfsi_fi_card",
        MISSING,
        ("no such table", "RetailBankingCoreDataModel"),
        DEPLOY,
    ),
    Case(
        "column",
        lambda env: env.local.turn(hidden_columns=["contact.msfsi_ismanagedbybanksystem"]),
        TABLES,
        "contact",
        MISSING,
        ("lacks the column msfsi_ismanagedbybanksystem",),
        UPDATE,
    ),
    Case("shut column", taking.shut_column, TABLES, "contact", MISSING, ("governmentid",), UPDATE),
    Case(
        "lookup",
        lambda env: env.local.turn(hidden_columns=["contact.msfsi_branch"]),
        TABLES,
        "contact",
        MISSING,
        ("lacks the lookup msfsi_branch to msfsi_branch",),
        UPDATE,
    ),
    Case(
        "choice",
        lambda env: env.local.turn(hidden_options=["contact.gendercode.2"]),
        TABLES,
        "contact.gendercode",
        MISSING,
        ("2 (Female)",),
        UPDATE,
    ),
    Case(
        "rare choice",
        lambda env: env.local.turn(
            hidden_options=["msfsi_fi_standingorder.msfsi_lastitemstatus.104800002"]
        ),
        TABLES,
        "msfsi_fi_standingorder.msfsi_lastitemstatus",
        MISSING,
        ("104800002 (Failed)",),
        UPDATE,
    ),
    Case(
        "bulk message",
        lambda env: env.local.turn(hidden_messages=["contact.CreateMultiple"]),
        TABLES,
        "CreateMultiple",
        NOTE,
        ("contact", "$batch"),
        "Nothing to do",
    ),
    Case(
        "sleeping key", taking.sleeping_key, TABLES, "msfsi_bank", NOTE, ("Pending",), "reactivate"
    ),
    Case("key", taking.no_key, TABLES, "msfsi_bank", NOTE, ("msfsi_integrationkey",), UPDATE),
    *(
        Case(
            right,
            lambda env, right=right: taking.act(env, lose=f"prv{right}msfsi_financialholding"),  # type: ignore[misc]
            RIGHTS,
            right,
            REFUSED,
            ("1 privilege is missing", f"prv{right}msfsi_financialholding"),
            "Give the user the security role ",
        )
        for right in ("Create", "Read", "Delete", "Append", "AppendTo")
    ),
    Case(
        "write",
        lambda env: taking.act(env, lose="prvWritemsfsi_Group"),
        RIGHTS,
        "Write",
        REFUSED,
        ("prvWritemsfsi_Group",),
        "System Administrator",
    ),
    Case(
        "role",
        lambda env: taking.act(env, "Jordan Pierce"),
        RIGHTS,
        "Create",
        REFUSED,
        ("22 privileges are missing", "prvCreatemsfsi_bank", "and 16 more"),
        f"the security role {taking.CONTRIBUTOR} in the admin centre",
    ),
    Case(
        "back-dating",
        taking.act,
        RIGHTS,
        "prvOverrideCreatedOnCreatedBy",
        NOTE,
        ("created today",),
        "System Administrator",
    ),
    Case("bypass", taking.act, RIGHTS, "prvBypassCustomBusinessLogic", NOTE, (BYPASS,), "Nothing"),
    Case(
        "delegate", taking.act, RIGHTS, "prvActOnBehalfOfAnotherUser", NOTE, ("--imp",), "Nothing"
    ),
    Case("bulk delete", taking.act, RIGHTS, "prvBulkDelete", NOTE, ("background job",), "Nothing"),
    Case(
        "notes of others", taking.act, RIGHTS, "header note", NOTE, ("only our own",), "prvReadNote"
    ),
    Case(
        "rows of others",
        taking.act,
        RIGHTS,
        "rows of others",
        MISSING,
        ("no right to read incident", "only some rows of annotation, appointment"),
        "Give a role that reads all rows of these tables",
    ),
    Case(
        "owner",
        lambda env: env.use(owners={"nobody@bank.example": 1.0}),
        RIGHTS,
        "owners",
        MISSING,
        ("nobody@bank.example",),
        "--set owners={}",
    ),
    Case(
        "duplicate rule",
        taking.duplicate_rule,
        LOGIC,
        "duplicate rules",
        NOTE,
        ("same e-mail (contact)",),
        "Nothing to do",
    ),
    Case(
        "plug-in",
        taking.step,
        LOGIC,
        "plug-in steps",
        NOTE,
        ("1 will run", "Contoso.Plugins: scoring (Create of contact, afterwards)"),
        BYPASS,
    ),
    Case(
        "plug-in on every table",
        taking.step_on_all,
        LOGIC,
        "plug-in steps",
        NOTE,
        ("no deletes (Delete of every table, at once)",),
        BYPASS,
    ),
    Case(
        "workflow",
        lambda env: taking.workflow(env, triggerondelete=True, mode=1),
        LOGIC,
        "workflows",
        NOTE,
        ("Contoso: greet (create, delete of contact, at once)",),
        BYPASS,
    ),
    Case(
        "flow",
        taking.flow,
        LOGIC,
        "flows",
        NOTE,
        ("Contoso: card ordered (create, update of msfsi_fi_card)",),
        BYPASS,
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_missing_is_named_with_its_remedy(checked: Checked, case: Case) -> None:
    case.take(checked)
    found = checked.find(case.area, case.subject)
    assert found.state is case.state, found
    for part in case.detail:
        assert part in found.detail
    assert case.remedy in found.remedy
    report = checked.report(case.area)
    stops = {finding.subject for finding in report.findings if finding.state in STOPPING}
    assert (case.subject in stops) == (case.state in STOPPING)
    assert report.works == (not stops)


def test_nothing_is_missing_in_a_fresh_environment(checked: Checked) -> None:
    report = checked.report()
    assert report.works
    unwell = {finding.subject for finding in report.findings if finding.state is not State.OK}
    assert unwell == set()
    assert report.counts == {"ok": len(report.findings)}


def test_storage_left_is_not_known_of_an_environment_elsewhere(checked: Checked) -> None:
    checked.url = "https://contoso.crm4.dynamics.com"
    found = checked.find(Area.STORAGE, "storage left")
    assert found.state is State.UNKNOWN
    assert "seedkit seed --profile retail --environment qa --dry-run" in found.remedy
