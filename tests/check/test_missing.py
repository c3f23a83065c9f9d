"""Each thing missing in turn is named, with its remedy, and stops the seed or does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from seedkit.check import STOPPING, Area, State
from tests.check.conftest import COMMAND, Checked, of_json

CONTRIBUTOR = "Retail banking: Contributor"
BANK_USER = "Microsoft Cloud for Financial Services: Basic user"


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


def step(env: Checked) -> None:
    """Register a plug-in of the customer's on the creation of contacts."""
    query = (
        "sdkmessagefilters?$expand=sdkmessageid($select=name)"
        "&$filter=primaryobjecttypecode eq 'contact'"
    )
    row = next(r for r in env.local.rows(query) if r["sdkmessageid"]["name"] == "Create")
    env.local.create(
        "sdkmessageprocessingsteps",
        name="Contoso.Plugins: scoring",
        rank=1,
        mode=1,
        stage=40,
        invocationsource=0,
        supporteddeployment=0,
        sdkmessageid__bind=f"/sdkmessages({row['sdkmessageid']['sdkmessageid']})",
        sdkmessagefilterid__bind=f"/sdkmessagefilters({row['sdkmessagefilterid']})",
    )


def step_on_all(env: Checked) -> None:
    """Register a plug-in of the customer's on the deletion of rows of any table."""
    message = env.local.rows("sdkmessages?$filter=name eq 'Delete'")[0]["sdkmessageid"]
    env.local.create(
        "sdkmessageprocessingsteps",
        name="Contoso.Plugins: no deletes",
        rank=1,
        mode=0,
        stage=20,
        invocationsource=0,
        supporteddeployment=0,
        sdkmessageid__bind=f"/sdkmessages({message})",
    )


def workflow(env: Checked, **values: object) -> str:
    """Make a process that is switched on."""
    given = {
        "name": "Contoso: greet",
        "category": 0,
        "type": 1,
        "primaryentity": "contact",
        "mode": 0,
        "scope": 4,
        "triggeroncreate": True,
        "xaml": "x",
        **values,
    }
    row = env.local.create("workflows", **given)
    body = {"statecode": 1, "statuscode": 2}
    assert env.local.send("PATCH", f"workflows({row})", body).status_code == 204
    return row


def flow(env: Checked) -> None:
    """Make a flow that starts when a card is added or modified."""
    row = workflow(env, name="Contoso: card ordered", category=5, primaryentity="none")
    env.local.create(
        "callbackregistrations",
        name=row,
        entityname="msfsi_fi_card",
        message=4,
        runas=3,
        scope=4,
        version=1,
        url="https://flow.example/hook",
    )


def duplicate_rule(env: Checked) -> None:
    """Publish a rule on the e-mails of contacts."""
    rule = env.local.create(
        "duplicaterules",
        name="same e-mail",
        baseentityname="contact",
        matchingentityname="contact",
    )
    env.local.create(
        "duplicateruleconditions",
        baseattributename="emailaddress1",
        matchingattributename="emailaddress1",
        operatorcode=0,
        regardingobjectid__bind=f"/duplicaterules({rule})",
    )
    path = f"duplicaterules({rule})/Microsoft.Dynamics.CRM.PublishDuplicateRule"
    assert env.local.send("POST", path, {}).status_code == 200


def act(env: Checked, name: str = "Dana Whitlock", lose: str = "") -> None:
    """Ask as a user; one of his roles may lack a privilege."""
    for role in (CONTRIBUTOR, BANK_USER) if lose else ():
        env.take_privilege(role, lose)
    env.act_as(name)


def no_role(env: Checked) -> None:
    """Take every role from a user and ask as that user."""
    user = env.user("Jordan Pierce")
    roles = env.local.rows(f"systemusers({user})/systemuserroles_association?$select=roleid")
    for role in roles:
        path = f"systemusers({user})/systemuserroles_association({role['roleid']})/$ref"
        assert env.local.send("DELETE", path).status_code == 204
    env.act_as("Jordan Pierce")


def sleeping_key(env: Checked) -> None:
    def sleep(body: dict[str, list[dict[str, str]]]) -> None:
        body["value"][0]["EntityKeyIndexStatus"] = "Pending"

    env.changes["'msfsi_bank')/Keys"] = of_json(sleep)


def no_key(env: Checked) -> None:
    env.changes["'msfsi_bank')/Keys"] = of_json(lambda body: body["value"].clear())


def shut_column(env: Checked) -> None:
    def shut(body: dict[str, list[dict[str, object]]]) -> None:
        for entry in body["Attributes"]:
            if entry["LogicalName"] == "governmentid":
                entry["IsValidForCreate"] = False

    env.changes["LogicalName='contact')?"] = of_json(shut)


def languages(env: Checked) -> None:
    german = of_json(lambda body: body.update(RetrieveProvisionedLanguages=[1031]))
    env.changes["RetrieveProvisionedLanguages"] = german


def disabled(env: Checked) -> None:
    change = of_json(lambda body: body["Detail"].update(State="Disabled"))
    env.changes["RetrieveCurrentOrganization"] = change


def weak_user(env: Checked) -> None:
    change = of_json(lambda body: body.update(accessmode=1))
    env.changes["systemusers(" + env.local.get("WhoAmI")["UserId"] + ")?"] = change


def solution_gone(env: Checked) -> None:
    env.remove("solutions", "uniquename eq 'RetailBankingCoreDataModel'")
    env.local.turn(hidden_tables=["msfsi_fh_loan"])


def old_solution(env: Checked) -> None:
    row = env.local.rows("solutions?$filter=uniquename eq 'FinancialServicesCommonDataModel'")[0]
    path = f"solutions({row['solutionid']})"
    assert env.local.send("PATCH", path, {"version": "1.1.0.0"}).status_code == 204


def audited(env: Checked) -> None:
    row = env.local.rows("organizations")[0]["organizationid"]
    body = {"isauditenabled": True}
    assert env.local.send("PATCH", f"organizations({row})", body).status_code == 204


def started(env: Checked) -> None:
    env.local.create(
        "msdyn_solutionhistories",
        msdyn_name="Contoso",
        msdyn_operation=0,
        msdyn_suboperation=2,
        msdyn_status=0,
        msdyn_starttime="2026-07-01T08:50:00Z",
    )


MISSING, REFUSED, NOTE = State.MISSING, State.REFUSED, State.NOTE
PLACE, TABLES, RIGHTS, LOGIC = Area.ENVIRONMENT, Area.TABLES, Area.PRIVILEGES, Area.LOGIC
UPDATE = "Update Microsoft Cloud for Financial Services"
DEPLOY = "Deploy Unified customer profile"
BYPASS = "--bypass-logic"

CASES = (
    Case("no role", no_role, PLACE, "user", REFUSED, ("0x80042f09",), "security role"),
    Case("weak user", weak_user, PLACE, "user", REFUSED, ("administrative",), "Read-Write"),
    Case("disabled", disabled, PLACE, "address", REFUSED, ("Disabled",), "Enable it"),
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
    Case("language", languages, PLACE, "languages", NOTE, ("en_US", "de_DE"), "Enable it"),
    Case("audit", audited, PLACE, "audit", NOTE, ("on",), "Nothing to do"),
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
        started,
        PLACE,
        "solution history",
        REFUSED,
        ("import of Contoso",),
        COMMAND,
    ),
    Case(
        "solution",
        solution_gone,
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
        old_solution,
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
    Case("shut column", shut_column, TABLES, "contact", MISSING, ("governmentid",), UPDATE),
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
    Case("sleeping key", sleeping_key, TABLES, "msfsi_bank", NOTE, ("Pending",), "reactivate"),
    Case("key", no_key, TABLES, "msfsi_bank", NOTE, ("msfsi_integrationkey",), UPDATE),
    *(
        Case(
            right,
            lambda env, right=right: act(env, lose=f"prv{right}msfsi_financialholding"),  # type: ignore[misc]
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
        lambda env: act(env, lose="prvWritemsfsi_Group"),
        RIGHTS,
        "Write",
        REFUSED,
        ("prvWritemsfsi_Group",),
        "System Administrator",
    ),
    Case(
        "role",
        lambda env: act(env, "Jordan Pierce"),
        RIGHTS,
        "Create",
        REFUSED,
        ("22 privileges are missing", "prvCreatemsfsi_bank", "and 16 more"),
        f"the security role {CONTRIBUTOR} in the admin centre",
    ),
    Case(
        "back-dating",
        act,
        RIGHTS,
        "prvOverrideCreatedOnCreatedBy",
        NOTE,
        ("created today",),
        "System Administrator",
    ),
    Case("bypass", act, RIGHTS, "prvBypassCustomBusinessLogic", NOTE, (BYPASS,), "Nothing"),
    Case("delegate", act, RIGHTS, "prvActOnBehalfOfAnotherUser", NOTE, ("--imp",), "Nothing"),
    Case("bulk delete", act, RIGHTS, "prvBulkDelete", NOTE, ("background job",), "Nothing"),
    Case("notes of others", act, RIGHTS, "header note", NOTE, ("only our own",), "prvReadNote"),
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
        duplicate_rule,
        LOGIC,
        "duplicate rules",
        NOTE,
        ("same e-mail (contact)",),
        "Nothing to do",
    ),
    Case(
        "plug-in",
        step,
        LOGIC,
        "plug-in steps",
        NOTE,
        ("1 will run", "Contoso.Plugins: scoring (Create of contact, afterwards)"),
        BYPASS,
    ),
    Case(
        "plug-in on every table",
        step_on_all,
        LOGIC,
        "plug-in steps",
        NOTE,
        ("no deletes (Delete of every table, at once)",),
        BYPASS,
    ),
    Case(
        "workflow",
        lambda env: workflow(env, triggerondelete=True, mode=1),
        LOGIC,
        "workflows",
        NOTE,
        ("Contoso: greet (create, delete of contact, at once)",),
        BYPASS,
    ),
    Case(
        "flow",
        flow,
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
    assert checked.report(case.area).works == (case.state not in STOPPING)


def test_nothing_is_missing_in_a_fresh_environment(checked: Checked) -> None:
    report = checked.report()
    assert report.works
    unwell = {finding.subject for finding in report.findings if finding.state is not State.OK}
    assert unwell == {"storage left"}
    assert report.counts["unknown"] == 1
