"""Who may do what: tokens, roles, depths of privileges, acting for another user."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.emulator.conftest import Local

ADMIN = "http://localhost/emulator"
DENIED = "0x80040220"
MISSING = "00000000-0000-4000-8000-000000000000"


class Caller:
    """A client that signed in as someone."""

    def __init__(self, local: Local, name: str) -> None:
        self.local = local
        answer = local.send("POST", f"{ADMIN}/tokens", {"user": f"{name}@bank.example"})
        assert answer.status_code == 200, answer.text
        self.id: str = answer.json()["user"]
        self._token = f"Bearer {answer.json()['access_token']}"

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return self.local.send(method, path, body, Authorization=self._token, **headers)

    def create(self, entity_set: str, **values: Any) -> str:
        body = {name.replace("__bind", "@odata.bind"): value for name, value in values.items()}
        answer = self.send("POST", entity_set, body)
        assert answer.status_code == 204, answer.text
        return answer.headers["OData-EntityId"].rpartition("(")[2].rstrip(")")

    def denied(self, method: str, path: str, body: Any = None, **headers: str) -> str:
        answer = self.send(method, path, body, **headers)
        assert answer.status_code == 403, answer.text
        assert answer.json()["error"]["code"] == DENIED
        return str(answer.json()["error"]["message"])


@pytest.fixture
def sign_in(local: Local) -> Callable[[str], Caller]:
    return lambda name: Caller(local, name)


@pytest.fixture
def contributor(local: Local) -> Iterator[Caller]:
    return Caller(local, "dana.whitlock")


@pytest.fixture
def viewer(local: Local) -> Caller:
    return Caller(local, "jordan.pierce")


@pytest.fixture
def delegate(local: Local) -> Caller:
    return Caller(local, "casey.lind")


def need_sign_in(local: Local) -> None:
    local.send("PATCH", f"{ADMIN}/settings", {"sign_in_required": True}).raise_for_status()


def test_a_token_says_who_calls(local: Local, viewer: Caller) -> None:
    assert viewer.send("GET", "WhoAmI").json()["UserId"] == viewer.id
    assert local.get("WhoAmI")["UserId"] != viewer.id


def test_unknown_tokens_are_let_in_unless_sign_in_is_required(local: Local) -> None:
    assert local.send("GET", "WhoAmI", Authorization="Bearer x").status_code == 200
    need_sign_in(local)
    answer = local.send("GET", "WhoAmI", Authorization="Bearer x")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "InvalidAuthTicket" in answer.json()["error"]["message"]


def test_without_a_token_nobody_gets_in_when_sign_in_is_required(
    local: Local, viewer: Caller
) -> None:
    need_sign_in(local)
    assert local.refused("GET", "WhoAmI")[0] == 401
    assert viewer.send("GET", "WhoAmI").status_code == 200


def test_a_token_expires(local: Local, viewer: Caller) -> None:
    local.now += timedelta(hours=1)
    answer = viewer.send("GET", "WhoAmI")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "0x8004a101")


def test_a_missing_privilege_is_named(viewer: Caller) -> None:
    bank = {"msfsi_name": "B"}
    assert "prvCreatemsfsi_bank" in viewer.denied("POST", "msfsi_banks", bank)


def test_reading_a_table_needs_its_privilege(sign_in: Callable[[str], Caller]) -> None:
    casey = sign_in("casey.lind")
    assert "prvReadmsfsi_lifemoment" in casey.denied("GET", "msfsi_lifemoments")
    assert casey.send("GET", "contacts").status_code == 200


def test_each_right_is_asked_for(local: Local, viewer: Caller, contributor: Caller) -> None:
    row = contributor.create("msfsi_lifemoments", msfsi_name="A")
    path = f"msfsi_lifemoments({row})"
    assert viewer.send("GET", path).status_code == 200
    assert "prvWrite" in viewer.denied("PATCH", path, {"msfsi_name": "B"})
    assert "prvDelete" in viewer.denied("DELETE", path)
    assert contributor.send("PATCH", path, {"msfsi_name": "B"}).status_code == 204
    assert contributor.send("DELETE", path).status_code == 204


def test_own_rows_only_are_seen_with_the_shortest_depth(local: Local, delegate: Caller) -> None:
    foreign = local.create("contacts", lastname="Foreign")
    own = delegate.create("contacts", lastname="Own")
    found = delegate.send("GET", "contacts?$select=lastname&$count=true").json()
    assert [row["lastname"] for row in found["value"]] == ["Own"]
    assert found["@odata.count"] == 1
    assert delegate.send("GET", "contacts/$count").text.lstrip("\ufeff") == "1"
    assert "ReadAccess" in delegate.denied("GET", f"contacts({foreign})")
    assert delegate.send("GET", f"contacts({own})").status_code == 200
    assert len(local.rows("contacts?$select=lastname")) == 2


def test_joins_and_expansions_hide_what_may_not_be_read(local: Local, delegate: Caller) -> None:
    account = local.create("accounts", name="Hidden")
    delegate.create("contacts", lastname="Own")
    contact = local.create(
        "contacts",
        lastname="Shared out",
        parentcustomerid_account__bind=f"/accounts({account})",
        ownerid__bind=f"/systemusers({delegate.id})",
    )
    path = f"contacts({contact})?$select=lastname&$expand=parentcustomerid_account($select=name)"
    assert delegate.send("GET", path).json()["parentcustomerid_account"] is None
    assert local.get(path)["parentcustomerid_account"]["name"] == "Hidden"


def test_writing_reaches_as_far_as_its_depth(local: Local, delegate: Caller) -> None:
    foreign = local.create("contacts", lastname="Foreign")
    message = delegate.denied("PATCH", f"contacts({foreign})", {"lastname": "Mine"})
    assert "prvWriteContact" in message
    assert "prvDeleteContact" in delegate.denied("DELETE", f"contacts({foreign})")


def test_a_cascade_needs_the_right_to_delete_the_children(local: Local, delegate: Caller) -> None:
    contact = delegate.create("contacts", lastname="Own")
    local.create("msfsi_lifemoments", msfsi_name="t", msfsi_Contact__bind=f"/contacts({contact})")
    assert "prvDeletemsfsi_lifemoment" in delegate.denied("DELETE", f"contacts({contact})")
    assert len(local.rows("msfsi_lifemoments?$select=msfsi_name")) == 1


def test_hanging_a_row_on_another_needs_append_to(local: Local, viewer: Caller) -> None:
    branch = local.create("msfsi_branchs", msfsi_name="B")
    body = {"lastname": "A", "msfsi_Branch@odata.bind": f"/msfsi_branchs({branch})"}
    assert "prvAppendTomsfsi_branch" in viewer.denied("POST", "contacts", body)
    assert local.send("POST", "contacts", body).status_code == 204


def test_giving_a_row_away_needs_assign(viewer: Caller, local: Local, contributor: Caller) -> None:
    row = local.create("msfsi_lifemoments", msfsi_name="A")
    body = {"ownerid@odata.bind": f"/systemusers({viewer.id})"}
    assert "prvWrite" in viewer.denied("PATCH", f"msfsi_lifemoments({row})", body)
    assert contributor.send("PATCH", f"msfsi_lifemoments({row})", body).status_code == 204


def test_backdating_needs_its_privilege(local: Local, contributor: Caller) -> None:
    row = {"lastname": "A", "overriddencreatedon": "2020-01-01T00:00:00Z"}
    assert "prvOverrideCreatedOnCreatedBy" in contributor.denied("POST", "contacts", row)
    assert local.send("POST", "contacts", row).status_code == 204


def test_skipping_custom_logic_needs_its_privilege(local: Local, contributor: Caller) -> None:
    headers = {"MSCRM.BypassBusinessLogicExecution": "CustomSync"}
    message = contributor.denied("POST", "contacts", {"lastname": "A"}, **headers)
    assert "prvBypassCustomBusinessLogic" in message
    assert local.send("POST", "contacts", {"lastname": "A"}, **headers).status_code == 204


def test_bulk_deletes_need_their_privilege(contributor: Caller) -> None:
    body = {
        "QuerySet": [{"EntityName": "contact"}],
        "JobName": "x",
        "SendEmailNotification": False,
        "ToRecipients": [],
        "CCRecipients": [],
        "RecurrencePattern": "",
        "StartDateTime": "2026-01-05T08:00:00Z",
    }
    assert "prvBulkDelete" in contributor.denied("POST", "BulkDelete", body)


def test_acting_for_another_user_needs_the_privilege(
    local: Local, contributor: Caller, delegate: Caller, viewer: Caller
) -> None:
    headers = {"MSCRMCallerID": viewer.id}
    assert "prvActOnBehalfOfAnotherUser" in contributor.denied("GET", "WhoAmI", **headers)
    assert delegate.send("GET", "WhoAmI", **headers).json()["UserId"] == viewer.id


def test_acting_for_another_gives_only_what_both_may_do(
    local: Local, contributor: Caller, delegate: Caller
) -> None:
    headers = {"MSCRMCallerID": contributor.id}
    bank = {"msfsi_name": "B"}
    assert "prvCreatemsfsi_bank" in delegate.denied("POST", "msfsi_banks", bank, **headers)
    answer = delegate.send("POST", "contacts", {"lastname": "A"}, **headers)
    assert answer.status_code == 204, answer.text
    (row,) = local.rows("contacts?$select=_createdby_value,_createdonbehalfby_value")
    assert row["_createdby_value"] == contributor.id
    assert row["_createdonbehalfby_value"] == delegate.id


def test_an_administrator_acting_for_another_has_that_users_rights(
    local: Local, viewer: Caller
) -> None:
    bank = {"msfsi_name": "B"}
    status, code, _ = local.refused("POST", "msfsi_banks", bank, MSCRMCallerID=viewer.id)
    assert (status, code) == (403, DENIED)


def test_a_role_given_through_its_relationship_counts_at_once(local: Local, viewer: Caller) -> None:
    role = local.rows("roles?$select=name&$filter=name eq 'Retail banking: Contributor'")[0]
    reference = {"@odata.id": f"https://bank.example/api/data/v9.2/roles({role['roleid']})"}
    path = f"systemusers({viewer.id})/systemuserroles_association"
    assert local.send("POST", f"{path}/$ref", reference).status_code == 204
    viewer.create("msfsi_banks", msfsi_name="B")
    assert local.send("DELETE", f"{path}({role['roleid']})/$ref").status_code == 204
    viewer.denied("POST", "msfsi_banks", {"msfsi_name": "C"})


def test_a_user_without_any_role_gets_nothing(local: Local, viewer: Caller) -> None:
    path = f"systemusers({viewer.id})/systemuserroles_association"
    for role in local.rows(f"{path}?$select=roleid"):
        local.send("DELETE", f"{path}({role['roleid']})/$ref").raise_for_status()
    answer = viewer.send("GET", "contacts")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "0x80042f09")


def test_the_usual_caller_can_be_another_user(local: Local, viewer: Caller) -> None:
    local.send("PATCH", f"{ADMIN}/settings", {"caller": viewer.id}).raise_for_status()
    assert local.get("WhoAmI")["UserId"] == viewer.id
    assert local.refused("POST", "msfsi_banks", {"msfsi_name": "B"})[1] == DENIED


def test_tokens_are_for_known_users(local: Local) -> None:
    assert local.send("POST", f"{ADMIN}/tokens", {"user": "nobody"}).status_code == 404
    assert local.send("POST", f"{ADMIN}/tokens", {"who": "me"}).status_code == 400


CRM = "Microsoft.Dynamics.CRM"


def privileges(local: Local, user: str) -> dict[str, str]:
    found = local.get(f"systemusers({user})/{CRM}.RetrieveUserPrivileges()")["RolePrivileges"]
    return {item["PrivilegeName"]: item["Depth"] for item in found}


def test_a_users_privileges_are_told_with_their_widest_depth(
    local: Local, contributor: Caller, delegate: Caller
) -> None:
    found = privileges(local, contributor.id)
    assert (found["prvCreateContact"], found["prvAssignContact"]) == ("Global", "Local")
    assert privileges(local, delegate.id)["prvCreateContact"] == "Basic"
    administrator = privileges(local, local.get("WhoAmI")["UserId"])
    assert set(administrator.values()) == {"Global"}
    assert set(found) < set(administrator)


def test_a_teams_privileges_are_those_of_its_roles(local: Local) -> None:
    team = local.get("teams")["value"][0]["teamid"]
    path = f"teams({team})/{CRM}.RetrieveTeamPrivileges()"
    assert local.get(path)["RolePrivileges"] == []
    give_team(local, team, "Retail banking: Viewer")
    found = {item["PrivilegeName"]: item["Depth"] for item in local.get(path)["RolePrivileges"]}
    assert found["prvReadContact"] == "Global"
    assert "prvCreateContact" not in found
    give_team(local, team, "System Administrator")
    assert "prvCreateContact" in str(local.get(path))
    missing = f"teams({MISSING})/{CRM}.RetrieveTeamPrivileges()"
    assert local.refused("GET", missing)[:2] == (404, "0x80040217")


def give_team(local: Local, team: str, name: str) -> None:
    role = local.get(f"roles?$filter=name eq '{name}'")["value"][0]["roleid"]
    body = {"@odata.id": f"roles({role})"}
    answer = local.send("POST", f"teams({team})/teamroles_association/$ref", body)
    assert answer.status_code == 204, answer.text


def test_one_privilege_is_asked_for_by_name_or_id(local: Local, viewer: Caller) -> None:
    path = f"systemusers({viewer.id})/{CRM}."
    by_name = f"{path}RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='prvReadContact')"
    (item,) = local.get(by_name)["RolePrivileges"]
    by_id = f"{path}RetrieveUserPrivilegeByPrivilegeId(PrivilegeId={item['PrivilegeId']})"
    assert local.get(by_id)["RolePrivileges"] == [item]
    several = f"{path}RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p)?@p="
    names = '["prvReadContact","prvWriteContact","prvBulkDelete"]'
    found = {item["PrivilegeName"] for item in local.get(several + names)["RolePrivileges"]}
    assert found == {"prvReadContact", "prvWriteContact"}
    ids = f"{path}RetrieveUserSetOfPrivilegesByIds(PrivilegeIds=@p)?@p="
    assert local.get(f'{ids}["{item["PrivilegeId"]}"]')["RolePrivileges"] == [item]


def role_id(local: Local, name: str) -> str:
    return str(local.rows(f"roles?$select=name&$filter=name eq '{name}'")[0]["roleid"])


def test_privileges_are_given_to_a_role_and_taken(local: Local, viewer: Caller) -> None:
    role = role_id(local, "Retail banking: Viewer")
    listed = f"RetrieveRolePrivilegesRole(RoleId={role})"
    before = local.get(listed)["RolePrivileges"]
    name = "prvCreatemsfsi_bank"
    (privilege,) = local.rows(f"privileges?$select=name&$filter=name eq '{name}'")
    given = {"Privileges": [{"PrivilegeId": privilege["privilegeid"], "Depth": "Global"}]}
    answer = local.send("POST", f"roles({role})/{CRM}.AddPrivilegesRole", given)
    assert answer.status_code == 204, answer.text
    viewer.create("msfsi_banks", msfsi_name="B")
    after = {item["PrivilegeName"]: item["Depth"] for item in local.get(listed)["RolePrivileges"]}
    assert len(after) == len(before) + 1
    assert after[name] == "Global"
    taken = {"PrivilegeId": privilege["privilegeid"]}
    answer = local.send("POST", f"roles({role})/{CRM}.RemovePrivilegeRole", taken)
    assert answer.status_code == 204, answer.text
    viewer.denied("POST", "msfsi_banks", {"msfsi_name": "C"})
    local.send("POST", f"roles({role})/{CRM}.ReplacePrivilegesRole", given).raise_for_status()
    assert [item["PrivilegeName"] for item in local.get(listed)["RolePrivileges"]] == [name]


def test_the_administrators_role_has_every_privilege(local: Local) -> None:
    role = role_id(local, "System Administrator")
    found = local.get(f"RetrieveRolePrivilegesRole(RoleId={role})")["RolePrivileges"]
    assert len(found) == len(local.rows("privileges?$select=name"))
    assert {item["Depth"] for item in found} == {"Global"}


def test_what_a_user_may_do_to_a_row_is_told(
    local: Local, contributor: Caller, viewer: Caller
) -> None:
    contact = local.create("contacts", lastname="A")
    info = f"/{CRM}.RetrievePrincipalAccessInfo(ObjectId={contact},EntityName='contact')"
    found = local.get(f"systemusers({viewer.id}){info}")
    assert '"GrantedAccessRights":"ReadAccess"' in found["AccessInfo"]
    target = f"@t={{'@odata.id':'contacts({contact})'}}".replace("'", '"')
    path = f"/{CRM}.RetrievePrincipalAccess(Target=@t)?{target}"
    rights = local.get(f"systemusers({contributor.id}){path}")["AccessRights"].split(", ")
    assert {"ReadAccess", "WriteAccess", "DeleteAccess", "AppendToAccess"} <= set(rights)
    user = local.get("WhoAmI")["UserId"]
    assert len(local.get(f"systemusers({user}){path}")["AccessRights"].split(", ")) == 8


def test_a_shared_row_can_be_read_and_no_more(local: Local, delegate: Caller) -> None:
    contact = local.create("contacts", lastname="Shared")
    delegate.denied("GET", f"contacts({contact})")
    share = {
        "Target": {"@odata.type": f"{CRM}.contact", "contactid": contact},
        "PrincipalAccess": {
            "AccessMask": "ReadAccess",
            "Principal": {"@odata.type": f"{CRM}.systemuser", "systemuserid": delegate.id},
        },
    }
    assert local.send("POST", "GrantAccess", share).status_code == 204
    assert delegate.send("GET", f"contacts({contact})").status_code == 200
    assert len(delegate.send("GET", "contacts?$select=lastname").json()["value"]) == 1
    delegate.denied("PATCH", f"contacts({contact})", {"lastname": "Mine"})


def test_row_counts_are_told_at_once_or_from_an_old_snapshot(local: Local) -> None:
    path = 'RetrieveTotalRecordCount(EntityNames=@p)?@p=["contact","account"]'
    local.create("contacts", lastname="A")
    found = local.get(path)["EntityRecordCountCollection"]
    assert (found["Keys"], found["Values"], found["Count"]) == (["contact", "account"], [1, 0], 2)
    local.send("PATCH", f"{ADMIN}/settings", {"count_age_hours": 24}).raise_for_status()
    local.get(path)
    local.create("contacts", lastname="B")
    assert local.get(path)["EntityRecordCountCollection"]["Values"] == [1, 0]
    local.now += timedelta(hours=25)
    assert local.get(path)["EntityRecordCountCollection"]["Values"] == [2, 0]


def test_languages_are_told(local: Local) -> None:
    assert local.get("RetrieveProvisionedLanguages()")["RetrieveProvisionedLanguages"] == [1033]
    assert local.get("RetrieveAvailableLanguages()")["LocaleIds"] == [1033]
