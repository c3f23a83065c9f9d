from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest


@pytest.fixture
def plain(local: Any) -> Any:
    """A local environment without the rows which the platform makes by itself."""
    local.turn(companion_rows=False)
    return local


def _contact(local: Any) -> str:
    return str(local.create("contacts", lastname="Okafor"))


def _party(contact: str, mask: int) -> dict[str, Any]:
    return {"partyid_contact@odata.bind": f"/contacts({contact})", "participationtypemask": mask}


def test_an_activity_tells_its_kind(local: Any) -> None:
    task = local.create("tasks", subject="Call")
    assert local.get(f"tasks({task})")["activitytypecode"] == "task"


def test_parties_are_created_with_their_activity_and_read_back(plain: Any) -> None:
    local = plain
    contact = _contact(local)
    email = local.create("emails", subject="Hi", email_activity_parties=[_party(contact, 2)])
    inside = "$expand=email_activity_parties($select=participationtypemask,_partyid_value)"
    (party,) = local.get(f"emails({email})?$select=subject&{inside}")["email_activity_parties"]
    assert (party["participationtypemask"], party["_partyid_value"]) == (2, contact)
    (listed,) = local.rows(f"activityparties?$filter=_activityid_value eq {email}")
    assert listed["_partyid_value"] == contact


def test_a_party_needs_a_role(local: Any) -> None:
    body = {"email_activity_parties": [{**_party(_contact(local), 2)}]}
    del body["email_activity_parties"][0]["participationtypemask"]
    assert local.refused("POST", "emails", body)[:2] == (400, "0x80040200")
    assert local.rows("emails") == []


def test_the_id_of_a_party_is_given_once(local: Any, ids: Any) -> None:
    party = {**_party(_contact(local), 2), "activitypartyid": ids(1)}
    body = {"subject": "Hi", "email_activity_parties": [party, party]}
    assert local.refused("POST", "emails", body)[:2] == (412, "0x80040237")
    assert local.rows("emails") == []


def test_a_party_can_not_be_created_alone(local: Any) -> None:
    assert local.refused("POST", "activityparties", _party(_contact(local), 2))[0] == 405


def test_parties_are_replaced_as_a_whole(plain: Any) -> None:
    local = plain
    first, second = _contact(local), _contact(local)
    email = local.create("emails", subject="Hi", email_activity_parties=[_party(first, 2)])
    before = local.get(f"emails({email})")["versionnumber"]
    body = {"value": [_party(second, 1)]}
    assert local.send("PUT", f"emails({email})/email_activity_parties", body).status_code == 204
    found = local.rows(f"emails({email})/email_activity_parties")
    assert [(x["_partyid_value"], x["participationtypemask"]) for x in found] == [(second, 1)]
    assert local.get(f"emails({email})")["versionnumber"] > before


def test_parties_go_with_their_activity_but_stay_when_who_they_name_goes(plain: Any) -> None:
    local = plain
    contact = _contact(local)
    email = local.create("emails", subject="Hi", email_activity_parties=[_party(contact, 2)])
    assert local.send("DELETE", f"contacts({contact})").status_code == 204
    (party,) = local.rows("activityparties")
    assert (party["_partyid_value"], party["ispartydeleted"]) == (contact, True)
    assert local.send("DELETE", f"emails({email})").status_code == 204
    assert local.rows("activityparties") == []


def test_completing_stamps_the_end_and_closes_the_row_until_it_is_reopened(local: Any) -> None:
    start = local.now - timedelta(minutes=90)
    task = local.create("tasks", subject="Call", actualstart=start.isoformat())
    path = f"tasks({task})"
    local.send("PATCH", path, {"statecode": 1, "statuscode": 5})
    done = local.get(path)
    assert (done["actualend"], done["actualdurationminutes"]) == ("2026-07-01T09:00:00Z", 90)
    assert local.refused("PATCH", path, {"subject": "x"})[:2] == (400, "0x8004022e")
    assert local.send("PATCH", path, {"statecode": 0, "subject": "x"}).status_code == 204
    assert local.get(path)["actualend"] is None
    assert local.get(path)["subject"] == "x"


def test_a_closed_activity_can_be_deleted(local: Any) -> None:
    task = local.create("tasks", subject="Call")
    local.send("PATCH", f"tasks({task})", {"statecode": 2, "statuscode": 6})
    assert local.send("DELETE", f"tasks({task})").status_code == 204


def test_the_planned_length_follows_from_start_and_end(local: Any) -> None:
    meeting = local.create(
        "appointments",
        subject="Review",
        scheduledstart="2026-07-01T09:00:00Z",
        scheduledend="2026-07-01T09:45:00Z",
    )
    assert local.get(f"appointments({meeting})")["scheduleddurationminutes"] == 45


def test_activities_about_a_customer_go_with_it(local: Any) -> None:
    contact = _contact(local)
    bind = {"regardingobjectid_contact_task__bind": f"/contacts({contact})"}
    local.create("tasks", subject="Call", **bind)
    local.send("DELETE", f"contacts({contact})")
    assert local.rows("tasks") == []


def test_every_activity_shows_in_the_general_table_under_its_own_id(local: Any) -> None:
    contact = _contact(local)
    bind = {"regardingobjectid_contact_task__bind": f"/contacts({contact})"}
    task = local.create("tasks", subject="Call", **bind)
    call = local.create("phonecalls", subject="Ring")
    rows = {row["activityid"]: row for row in local.rows("activitypointers")}
    assert {key: row["activitytypecode"] for key, row in rows.items()} == {
        task: "task",
        call: "phonecall",
    }
    assert rows[task]["_regardingobjectid_value"] == contact
    local.send("PATCH", f"tasks({task})", {"subject": "Later"})
    general, own = local.get(f"activitypointers({task})"), local.get(f"tasks({task})")
    assert (general["subject"], general["versionnumber"]) == ("Later", own["versionnumber"])
    local.send("DELETE", f"tasks({task})")
    assert local.send("GET", f"activitypointers({task})").status_code == 404


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_the_general_table_is_only_read(local: Any, method: str) -> None:
    task = local.create("tasks", subject="Call")
    refusal = local.refused(method, f"activitypointers({task})", {"subject": "x"})
    assert refusal[:2] == (405, "0x80060888")


def test_owner_and_regarding_are_parties_by_themselves(local: Any) -> None:
    contact = _contact(local)
    bind = {"regardingobjectid_contact_task__bind": f"/contacts({contact})"}
    task = local.create("tasks", subject="Call", **bind)
    found = local.rows(f"tasks({task})/task_activity_parties")
    owner = local.get("WhoAmI")["UserId"]
    assert {(x["participationtypemask"], x["_partyid_value"]) for x in found} == {
        (9, owner),
        (8, contact),
    }
    (alone,) = local.rows(f"activityparties?$filter=_partyid_value eq {contact}")
    assert local.get(f"activityparties({alone['activitypartyid']})")["_activityid_value"] == task


def test_without_the_switch_nothing_shows_by_itself(plain: Any) -> None:
    local = plain
    local.create("tasks", subject="Call")
    assert local.rows("activitypointers") == []
    assert local.rows("activityparties") == []
