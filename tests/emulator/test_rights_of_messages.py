"""Rights that more than the plain reads and writes ask for."""

from __future__ import annotations

import pytest

from tests.emulator.conftest import Local
from tests.emulator.test_access import CRM, Caller, role_id

BASIC = "Basic User"


@pytest.fixture
def delegate(local: Local) -> Caller:
    return Caller(local, "casey.lind")


def narrow(local: Local, role: str, *names: str) -> None:
    """Make these privileges, with the widest depth, all that a role has."""
    given = [
        {"PrivilegeId": local.rows(f"privileges?$filter=name eq '{name}'")[0]["privilegeid"]}
        | {"Depth": "Global"}
        for name in names
    ]
    path = f"roles({role_id(local, role)})/{CRM}.ReplacePrivilegesRole"
    assert local.send("POST", path, {"Privileges": given}).status_code == 204


def test_a_new_table_has_privileges_that_customizers_get(local: Local, delegate: Caller) -> None:
    label = {"LocalizedLabels": [{"Label": "Thing", "LanguageCode": 1033}]}
    name = {
        "@odata.type": f"{CRM}.StringAttributeMetadata",
        "SchemaName": "new_Name",
        "IsPrimaryName": True,
    }
    body = {"SchemaName": "new_Thing", "DisplayName": label, "DisplayCollectionName": label}
    answer = local.send("POST", "EntityDefinitions", {**body, "Attributes": [name]})
    assert answer.status_code == 204, answer.text
    query = "privileges?$select=name&$filter=endswith(name,'new_Thing')"
    assert len(local.rows(query)) == 8
    assert "prvReadnew_Thing" in delegate.denied("GET", "new_things")
    role = {"@odata.id": f"roles({role_id(local, 'System Customizer')})"}
    path = f"systemusers({delegate.id})/systemuserroles_association/$ref"
    assert local.send("POST", path, role).status_code == 204
    thing = delegate.create("new_things", new_name="Mine")
    assert delegate.send("GET", f"new_things({thing})").status_code == 200
    assert local.send("DELETE", "EntityDefinitions(LogicalName='new_thing')").status_code == 204
    assert local.rows(query) == []


def test_an_owner_must_be_able_to_read(local: Local, delegate: Caller) -> None:
    bank = local.create("msfsi_banks", msfsi_name="B")
    owner = {"ownerid@odata.bind": f"/systemusers({delegate.id})"}
    refused = local.refused("PATCH", f"msfsi_banks({bank})", owner)
    assert refused[:2] == (403, "0x80040231")
    assert local.refused("POST", "msfsi_banks", {"msfsi_name": "C", **owner})[1] == "0x80040231"
    team = local.rows("teams?$select=teamid")[0]["teamid"]
    contact = {"lastname": "A", "ownerid@odata.bind": f"/teams({team})"}
    assert local.refused("POST", "contacts", contact)[1] == "0x80040231"
    local.give_role(team)
    assert local.send("POST", "contacts", contact).status_code == 204


def test_a_row_comes_back_only_to_who_may_read_it(local: Local, delegate: Caller) -> None:
    narrow(local, BASIC, "prvCreateContact")
    body = {"lastname": "Unseen"}
    delegate.denied("POST", "contacts", body, Prefer="return=representation")
    assert local.rows("contacts?$filter=lastname eq 'Unseen'") == []
    assert delegate.send("POST", "contacts", body).status_code == 204


@pytest.mark.parametrize(
    "path",
    [
        "contacts?$filter=owninguser/fullname eq 'x'",
        "contacts?$expand=createdby($select=fullname)",
        "contacts?fetchXml=<fetch><entity name='contact'><link-entity name='systemuser' "
        "from='systemuserid' to='createdby'/></entity></fetch>",
        "contacts?$filter=Contact_Tasks/any(a:a/subject eq 'x')",
    ],
)
def test_tables_that_are_joined_must_be_readable(local: Local, delegate: Caller, path: str) -> None:
    assert local.send("GET", path).status_code == 200
    narrow(local, BASIC, "prvReadContact")
    delegate.denied("GET", path)


def test_a_running_job_can_not_be_deleted(local: Local) -> None:
    job = local.send(
        "POST",
        "BulkDelete",
        {
            "QuerySet": [{"EntityName": "task"}],
            "JobName": "later",
            "SendEmailNotification": False,
            "ToRecipients": [],
            "CCRecipients": [],
            "RecurrencePattern": "",
            "StartDateTime": "2031-01-01T00:00:00Z",
        },
    ).json()["JobId"]
    path = f"asyncoperations({job})"
    assert local.refused("DELETE", path)[:2] == (400, "0x8004416a")
    ended = {"statecode": 3, "statuscode": 32}
    assert local.send("PATCH", path, ended).status_code == 204
    assert local.send("DELETE", path).status_code == 204


def test_a_throttled_part_of_a_batch_says_when_to_come_back(local: Local) -> None:
    rules = {"faults": [{"fault": "throttled-requests", "where": "part", "retry_after": 7}]}
    set_to = local.send("PUT", "http://localhost/emulator/faults", rules)
    assert set_to.status_code < 300, set_to.text
    part = "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    body = f"{part}GET /api/data/v9.2/contacts HTTP/1.1\r\n\r\n--b--\r\n".encode()
    answer = local.send("POST", "$batch", body, Content_Type="multipart/mixed; boundary=b")
    assert "Retry-After: 7" in answer.text


def test_holdings_are_told_as_forbidden_to_who_may_not_read_them(
    local: Local, delegate: Caller
) -> None:
    contact = local.create("contacts", lastname="Rich")
    data = {"data": f'{{"contactid": "{contact}", "hideShowEntities": {{}}}}'}
    answer = delegate.send("POST", "msfsi_FHfetch", data)
    assert "403" in answer.json()["result"]


def test_queues_and_cases_need_the_right_to_create(local: Local) -> None:
    user = Caller(local, "noor.haddad")
    contact = local.create("contacts", lastname="A")
    customer = f"/contacts({contact})"
    case = local.create("incidents", title="T", customerid_contact__bind=customer)
    narrow(local, "Customer service representative", "prvReadIncident", "prvWriteIncident")
    narrow(local, BASIC, "prvReadQueue", "prvAppendToQueue", "prvReadActivity")
    narrow(local, "Omnichannel agent", "prvReadmsdyn_transcript")
    body = {
        "IncidentResolution": {"incidentid@odata.bind": f"/incidents({case})", "subject": "x"},
        "Status": -1,
    }
    assert "prvCreate" in user.denied("POST", "CloseIncident", body)
    queue = local.rows("queues?$select=queueid")[0]["queueid"]
    target = {"Target": {"@odata.type": f"{CRM}.incident", "incidentid": case}}
    assert "prvCreateQueueItem" in user.denied("POST", f"queues({queue})/{CRM}.AddToQueue", target)


def test_duplicates_and_the_bin_need_the_right_to_read(local: Local, delegate: Caller) -> None:
    local.turn(recycle_bin=True)
    row = local.create("contacts", lastname="Binned")
    assert local.send("DELETE", f"contacts({row})").status_code == 204
    query = (
        "<fetch datasource='bin'><entity name='contact'><attribute name='lastname'/>"
        "</entity></fetch>"
    )
    assert len(local.get(f"contacts?fetchXml={query}")["value"]) >= 1
    assert delegate.send("GET", f"contacts?fetchXml={query}").json()["value"] == []
