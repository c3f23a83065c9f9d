"""Actions of queues, teams and shared access."""

from __future__ import annotations

import json
from typing import Any

import pytest

BOUND = "Microsoft.Dynamics.CRM."


def _task(local: Any) -> tuple[str, dict[str, str]]:
    row = str(local.create("tasks", subject="Call"))
    return row, {"@odata.type": "Microsoft.Dynamics.CRM.task", "activityid": row}


def _user(local: Any) -> dict[str, str]:
    return {
        "@odata.type": "Microsoft.Dynamics.CRM.systemuser",
        "systemuserid": local.get("WhoAmI")["UserId"],
    }


def _add(local: Any, queue: str, target: Any, **more: Any) -> Any:
    return local.send("POST", f"queues({queue})/{BOUND}AddToQueue", {"Target": target, **more})


def test_a_row_is_put_into_a_queue_and_moved_to_another(local: Any) -> None:
    first, second = (local.create("queues", name=name) for name in "AB")
    task, target = _task(local)
    item = _add(local, first, target).json()["QueueItemId"]
    row = local.get(f"queueitems({item})")
    assert (row["_queueid_value"], row["_objectid_value"]) == (first, task)
    assert row["enteredon"] == "2026-07-01T09:00:00Z"
    assert _add(local, second, target).json()["QueueItemId"] == item
    assert local.get(f"queueitems({item})")["_queueid_value"] == second
    assert len(local.rows("queueitems")) == 1


def test_a_row_has_one_active_item(local: Any) -> None:
    queue = local.create("queues", name="A")
    task, target = _task(local)
    _add(local, queue, target)
    body = {
        "queueid@odata.bind": f"/queues({queue})",
        "objectid_task@odata.bind": f"/tasks({task})",
    }
    assert local.refused("POST", "queueitems", body)[:2] == (412, "0x80040237")


def test_rows_that_no_queue_takes_are_refused(local: Any) -> None:
    queue = local.create("queues", name="A")
    contact = local.create("contacts", lastname="O")
    target = {"@odata.type": "Microsoft.Dynamics.CRM.contact", "contactid": contact}
    assert _add(local, queue, target).status_code == 400
    target["contactid"] = queue
    assert _add(local, queue, target).status_code == 404


def test_an_item_is_picked_given_back_and_taken_out(local: Any) -> None:
    queue, (_task_id, target) = local.create("queues", name="A"), _task(local)
    item = f"queueitems({_add(local, queue, target).json()['QueueItemId']})"
    body = {"SystemUser": _user(local), "RemoveQueueItem": False}
    assert local.send("POST", f"{item}/{BOUND}PickFromQueue", body).status_code == 204
    assert local.get(item)["_workerid_value"] == local.get("WhoAmI")["UserId"]
    assert local.send("POST", f"{item}/{BOUND}ReleaseToQueue", {}).status_code == 204
    assert local.get(item)["_workerid_value"] is None
    assert local.send("POST", f"{item}/{BOUND}RemoveFromQueue", {}).status_code == 204
    assert local.rows("queueitems") == []


def test_picking_can_take_an_item_out(local: Any) -> None:
    queue, (_task_id, target) = local.create("queues", name="A"), _task(local)
    item = f"queueitems({_add(local, queue, target).json()['QueueItemId']})"
    body = {"SystemUser": _user(local), "RemoveQueueItem": True}
    assert local.send("POST", f"{item}/{BOUND}PickFromQueue", body).status_code == 204
    assert local.rows("queueitems") == []


def test_a_queue_item_goes_with_its_case(local: Any) -> None:
    contact = local.create("contacts", lastname="O")
    bind = {"customerid_contact__bind": f"/contacts({contact})"}
    case = local.create("incidents", title="C", **bind)
    queue = local.create("queues", name="A")
    target = {"@odata.type": "Microsoft.Dynamics.CRM.incident", "incidentid": case}
    _add(local, queue, target)
    local.send("DELETE", f"incidents({case})")
    assert local.rows("queueitems") == []


def test_members_join_and_leave_a_team(local: Any) -> None:
    who = local.get("WhoAmI")
    team = local.create(
        "teams",
        name="T",
        administratorid__bind=f"/systemusers({who['UserId']})",
        businessunitid__bind=f"/businessunits({who['BusinessUnitId']})",
    )
    body = {"Members": [_user(local)]}
    for _again in range(2):
        answer = local.send("POST", f"teams({team})/{BOUND}AddMembersTeam", body)
        assert answer.status_code == 204
    (member,) = local.rows(f"teams({team})/teammembership_association")
    assert member["systemuserid"] == local.get("WhoAmI")["UserId"]
    local.send("POST", f"teams({team})/{BOUND}RemoveMembersTeam", body)
    assert local.rows(f"teams({team})/teammembership_association") == []


def _shares(local: Any, contact: str) -> list[tuple[str, str]]:
    target = json.dumps({"@odata.id": f"contacts({contact})"})
    found = local.get(f"RetrieveSharedPrincipalsAndAccess(Target=@t)?@t={target}")
    return [(x["Principal"]["ownerid"], x["AccessMask"]) for x in found["PrincipalAccesses"]]


def test_access_is_granted_changed_and_revoked(local: Any) -> None:
    contact, user = local.create("contacts", lastname="O"), _user(local)
    target = {"@odata.type": "Microsoft.Dynamics.CRM.contact", "contactid": contact}
    assert _shares(local, contact) == []
    for action, mask in (("GrantAccess", "WriteAccess,ReadAccess"), ("ModifyAccess", "ReadAccess")):
        access = {"Principal": user, "AccessMask": mask}
        body = {"Target": target, "PrincipalAccess": access}
        assert local.send("POST", action, body).status_code == 204
        expected = "ReadAccess, WriteAccess" if action == "GrantAccess" else "ReadAccess"
        assert _shares(local, contact) == [(user["systemuserid"], expected)]
    body = {"Target": target, "Revokee": user}
    assert local.send("POST", "RevokeAccess", body).status_code == 204
    assert _shares(local, contact) == []


@pytest.mark.parametrize("mask", ["", "Everything", None])
def test_an_unknown_right_is_refused(local: Any, mask: Any) -> None:
    contact = local.create("contacts", lastname="O")
    body = {
        "Target": {"@odata.id": f"contacts({contact})"},
        "PrincipalAccess": {"Principal": _user(local), "AccessMask": mask},
    }
    assert local.refused("POST", "GrantAccess", body)[0] == 400


def test_system_rows_are_not_deleted(local: Any) -> None:
    who = local.get("WhoAmI")
    organization, user = who["OrganizationId"], who["UserId"]
    assert local.refused("DELETE", f"systemusers({user})")[0] == 400
    assert local.refused("DELETE", f"organizations({organization})")[0] == 400
    (dollar,) = local.rows("transactioncurrencies?$filter=isocurrencycode eq 'USD'")
    path = f"transactioncurrencies({dollar['transactioncurrencyid']})"
    assert local.refused("DELETE", path)[0] == 400
