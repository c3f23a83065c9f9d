"""Ways to take one thing away from an environment, or to add what is in the way."""

from __future__ import annotations

from tests.check.conftest import Checked, of_json

CONTRIBUTOR = "Retail banking: Contributor"
BANK_USER = "Microsoft Cloud for Financial Services: Basic user"


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


def disabled(env: Checked) -> None:
    change = of_json(lambda body: body["Detail"].update(State="Disabled"))
    env.changes["RetrieveCurrentOrganization"] = change


def weak_user(env: Checked) -> None:
    user = env.local.get("WhoAmI")["UserId"]
    answer = env.local.send("PATCH", f"systemusers({user})", {"accessmode": 1})
    assert answer.status_code == 204, answer.text


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
