"""How a check asks: reads only, quickly, and nothing that can't be read makes it fall."""

from __future__ import annotations

import itertools
from collections import Counter
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedkit.check import Area, State
from seedkit.check.model import several
from seedkit.check.roles import ADMINISTRATOR, CUSTOMIZER, KNOWN_ROLES, chosen
from seedkit.errors import MissingInTargetError, SignInError
from tests.check.conftest import Checked, of_json, refusing
from tests.check.taking import act, step, workflow

# Without these nothing could be said of a seed.
NEEDED = ("metadata", "currency")


def test_only_reads_are_sent_and_none_twice(checked: Checked) -> None:
    """Asking who we are again is how the advice on parallelism is read."""
    before = checked.local.rows("organizations?$select=versionnumber")
    checked.report()
    assert {request.method for request in checked.requests} == {"GET"}
    sent = Counter(str(request.url) for request in checked.requests)
    assert {url.rpartition("/")[2] for url, times in sent.items() if times > 1} <= {"WhoAmI"}
    assert checked.local.rows("organizations?$select=versionnumber") == before


def test_it_asks_a_few_times_per_table_and_at_the_same_time(checked: Checked) -> None:
    checked.report()
    tables = len(checked.uses.named)
    assert len(checked.requests) < 4 * tables


@pytest.mark.parametrize("status", [400, 403, 404, 405, 501])
def test_what_can_not_be_read_is_unknown(checked: Checked, status: int) -> None:
    for part in (
        *("solutions", "importjobs", "msdyn_solutionhistories", "sdkmessageprocessingsteps"),
        *("workflows", "callbackregistrations", "duplicaterules", "recyclebinconfigs"),
        "RetrieveProvisionedLanguages",
    ):
        checked.changes[f"/{part}"] = refusing(status)
    report = checked.report()
    assert report.works
    unknown = {item.subject: item for item in report.findings if item.state is State.UNKNOWN}
    assert set(unknown) == {
        *("solutions", "solution import", "solution history", "plug-in steps", "workflows"),
        *("flows", "duplicate rules", "recycle bin", "languages"),
    }
    for item in unknown.values():
        assert item.remedy
        assert str(status) in item.detail


@pytest.mark.parametrize("part", ["EntityDefinitions", "transactioncurrencies"])
def test_what_a_seed_can_not_do_without_is_refused(checked: Checked, part: str) -> None:
    checked.changes[part] = refusing(403)
    report = checked.report()
    assert not report.works
    refused = {item.subject for item in report.findings if item.state is State.REFUSED}
    assert refused & set(NEEDED)


def test_every_read_refused_is_no_crash(checked: Checked) -> None:
    checked.changes["/api/data/"] = refusing(403)
    (only,) = checked.report().findings
    assert (only.subject, only.state) == ("user", State.REFUSED)
    assert "security role" in only.remedy


@pytest.mark.parametrize("part", ["importjobs", "/solutions?", "workflows", "duplicaterules"])
def test_an_answer_of_another_form_is_unknown_too(checked: Checked, part: str) -> None:
    checked.changes[part] = of_json(lambda body: body.update(value=[{"name": "x"}]))
    report = checked.report()
    assert report.works
    odd = [item for item in report.findings if "not as documented" in item.detail]
    assert odd
    assert {item.state for item in odd} == {State.UNKNOWN}


def test_a_refused_sign_in_ends_the_check(checked: Checked) -> None:
    checked.changes["solutions"] = refusing(401)
    with pytest.raises(SignInError):
        checked.report()


def test_findings_lie_by_area_and_the_worst_first(checked: Checked) -> None:
    checked.local.turn(hidden_options=["contact.gendercode.2"], recycle_bin=True)
    findings = checked.report().findings
    areas = [area for area, _ in itertools.groupby(item.area for item in findings)]
    assert areas == list(Area)
    for _, group in itertools.groupby(findings, key=lambda item: item.area):
        ranks = [list(State).index(item.state) for item in group]
        assert ranks == sorted(ranks)


def test_what_is_well_asks_for_nothing_and_the_rest_for_something(checked: Checked) -> None:
    act(checked)
    for item in checked.report().findings:
        assert bool(item.remedy) == (item.state is not State.OK), item


def test_an_import_that_broke_off_long_ago_is_in_nobodys_way(checked: Checked) -> None:
    checked.local.create("importjobs", solutionname="Contoso", progress=40)
    old = of_json(lambda body: body["value"][0].update(startedon="2026-06-28T09:00:00Z"))
    checked.changes["importjobs"] = old
    assert checked.find(Area.ENVIRONMENT, "solution import").state is State.OK


@pytest.mark.parametrize(
    "values",
    [
        {"msdyn_status": 1},
        {"msdyn_status": 0, "msdyn_operation": 2},
        {"msdyn_status": 0, "msdyn_endtime": "2026-07-01T08:59:00Z"},
        {"msdyn_status": 0, "msdyn_starttime": "2026-06-20T08:00:00Z"},
    ],
)
def test_what_has_ended_or_does_not_lock_is_in_nobodys_way(
    checked: Checked, values: dict[str, object]
) -> None:
    given = {"msdyn_operation": 0, "msdyn_starttime": "2026-07-01T08:00:00Z", **values}
    checked.local.create("msdyn_solutionhistories", msdyn_name="Contoso", **given)
    assert checked.find(Area.ENVIRONMENT, "solution history").state is State.OK


def test_logic_of_other_tables_or_switched_off_does_not_count(checked: Checked) -> None:
    workflow(checked, primaryentity="incident")
    workflow(checked, category=2)
    workflow(checked, triggeroncreate=False)
    row = workflow(checked)
    body = {"statecode": 0, "statuscode": 1}
    assert checked.local.send("PATCH", f"workflows({row})", body).status_code == 204
    assert checked.find(Area.LOGIC, "workflows").state is State.OK


def test_a_step_that_is_switched_off_does_not_count(checked: Checked) -> None:
    step(checked)
    row = checked.local.rows("sdkmessageprocessingsteps?$filter=startswith(name,'Contoso')")[0]
    path = f"sdkmessageprocessingsteps({row['sdkmessageprocessingstepid']})"
    body = {"statecode": 1, "statuscode": 2}
    assert checked.local.send("PATCH", path, body).status_code == 204
    assert checked.find(Area.LOGIC, "plug-in steps").state is State.OK


def test_microsofts_own_steps_run_anyway_and_are_not_told(checked: Checked) -> None:
    assert len(checked.local.rows("sdkmessageprocessingsteps?$filter=statecode eq 0")) == 3
    assert checked.find(Area.LOGIC, "plug-in steps").state is State.OK
    others = of_json(lambda body: [row.update(publisherid=None) for row in body["value"]])
    checked.changes["/solutions?"] = others
    found = checked.find(Area.LOGIC, "plug-in steps")
    assert found.state is State.NOTE
    assert "Create of msfsi_groupmember" in found.detail


def test_the_region_is_told_where_the_environment_tells_it(checked: Checked) -> None:
    told = of_json(lambda body: body["Detail"].update(Geo="EMEA", DatacenterId="AMS"))
    assert "region" not in checked.find(Area.ENVIRONMENT, "address").detail
    checked.changes["RetrieveCurrentOrganization"] = told
    assert "region EMEA, data centre AMS" in checked.find(Area.ENVIRONMENT, "address").detail


def test_a_type_that_is_not_told_counts_as_production_elsewhere(checked: Checked) -> None:
    silent = of_json(lambda body: body["Detail"].pop("OrganizationType"))
    checked.changes["RetrieveCurrentOrganization"] = silent
    assert checked.find(Area.ENVIRONMENT, "type").state is State.OK
    checked.url = "https://contoso.crm4.dynamics.com"
    found = checked.find(Area.ENVIRONMENT, "type")
    assert (found.state, "counts as production" in found.detail) == (State.NOTE, True)


def test_an_application_is_told_from_a_person(checked: Checked) -> None:
    assert "a person" in checked.find(Area.ENVIRONMENT, "user").detail
    app = of_json(lambda body: body.update(applicationid="0d1c9a4e-0000-0000-0000-000000000000"))
    checked.changes[f"systemusers({checked.local.get('WhoAmI')['UserId']})?"] = app
    detail = checked.find(Area.ENVIRONMENT, "user").detail
    assert "an application, business unit Local bank, roles: System Administrator" in detail


def test_limits_are_told_as_the_answers_tell_them(checked: Checked) -> None:
    assert "advises 4 at a time" in checked.find(Area.LIMITS, "parallelism").detail
    checked.local.turn(parallelism=None)
    silent = checked.find(Area.LIMITS, "parallelism").detail
    assert "advises nothing" in silent
    assert "8 requests in flight" in silent
    assert "don't tell" in checked.find(Area.LIMITS, "window").detail
    checked.local.turn(throttling=True)
    assert "left: 59" in checked.find(Area.LIMITS, "window").detail


@pytest.mark.parametrize(
    "switches",
    [
        {"hidden_tables": ["msfsi_fi_card"]},
        {"hidden_columns": ["contact.birthdate"]},
        {"hidden_columns": ["contact.msfsi_branch"]},
    ],
)
def test_what_stops_a_plan_is_found_before(checked: Checked, switches: dict[str, object]) -> None:
    assert checked.plan().tables
    checked.local.turn(**switches)
    with pytest.raises(MissingInTargetError):
        checked.plan()
    assert not checked.report(Area.TABLES).works


def test_roles_come_from_their_names_where_the_environment_does_not_tell(
    checked: Checked,
) -> None:
    checked.act_as("Jordan Pierce")
    checked.changes["/privileges?"] = refusing(403)
    found = checked.find(Area.PRIVILEGES, "Create")
    assert f"{KNOWN_ROLES[0]} and {KNOWN_ROLES[1]}" in found.remedy


def test_rights_are_asked_for_by_the_names_that_the_tables_have(checked: Checked) -> None:
    checked.report(Area.PRIVILEGES)
    asked = [
        unquote(str(request.url))
        for request in checked.requests
        if "SetOfPrivilegesByNames" in str(request.url)
    ]
    (rights,) = [url for url in asked if "prvCreateContact" in url]
    assert "prvWritemsfsi_Group" in rights
    assert "prvWriteNote" in rights
    assert "prvAppendToTransactionCurrency" in rights
    assert "prvWriteContact" not in rights
    assert "prvAssign" not in rights


def test_assigning_is_needed_where_rows_get_owners(checked: Checked) -> None:
    checked.use(owners={"dana.whitlock@bank.example": 1.0})
    checked.report(Area.PRIVILEGES)
    assert any("prvAssignContact" in unquote(str(r.url)) for r in checked.requests)


@given(
    st.dictionaries(
        st.sampled_from([ADMINISTRATOR, CUSTOMIZER, *KNOWN_ROLES, "Contoso: tester"]),
        st.sets(st.sampled_from("abcde")),
    ),
    st.sets(st.sampled_from("abcde"), min_size=1),
)
def test_the_roles_named_give_all_that_lacks(roles: dict[str, set[str]], names: set[str]) -> None:
    found = chosen(roles, names)
    assert found
    given = set().union(*(roles[role] for role in found if role in roles))
    assert names <= given or found[-1] == ADMINISTRATOR
    assert CUSTOMIZER not in found


def test_long_lists_end_with_a_number() -> None:
    assert several(["a", "b"]) == "a, b"
    assert several(list("abcdefg")) == "a, b, c, d, e, f, g"
    assert several(list("abcdefgh")) == "a, b, c, d, e, f and 2 more"
