from __future__ import annotations

from typing import Any

import pytest


def _case(local: Any, **values: Any) -> str:
    contact = local.create("contacts", lastname="Okafor")
    bind = {"customerid_contact__bind": f"/contacts({contact})"}
    return str(local.create("incidents", title="Card lost", **bind, **values))


def _close(local: Any, case: str, status: int = 5, **values: Any) -> Any:
    resolution = {"subject": "Done", "incidentid@odata.bind": f"/incidents({case})", **values}
    body = {"IncidentResolution": resolution, "Status": status}
    return local.send("POST", "CloseIncident", body)


def test_a_case_gets_a_number_and_repeats_its_customer(local: Any) -> None:
    first, second = (local.get(f"incidents({_case(local)})") for _number in range(2))
    assert first["ticketnumber"].startswith("CAS-01000-")
    assert second["ticketnumber"].startswith("CAS-01001-")
    assert first["_contactid_value"] == first["_customerid_value"]
    assert first["_accountid_value"] is None


def test_a_number_that_is_sent_stays(local: Any) -> None:
    assert local.get(f"incidents({_case(local, ticketnumber='X-1')})")["ticketnumber"] == "X-1"


def test_closing_resolves_the_case_and_tells_how(local: Any) -> None:
    case = _case(local)
    assert _close(local, case, 1000, timespent=30).status_code == 204
    row = local.get(f"incidents({case})")
    assert (row["statecode"], row["statuscode"]) == (1, 1000)
    (found,) = local.rows("incidentresolutions")
    assert (found["statecode"], found["subject"], found["timespent"]) == (1, "Done", 30)
    assert found["_incidentid_value"] == case


def test_the_default_status_is_the_first_of_the_state(local: Any) -> None:
    case = _case(local)
    assert _close(local, case, -1).status_code == 204
    assert local.get(f"incidents({case})")["statuscode"] == 5


@pytest.mark.parametrize("status", [1, 6, 77])
def test_a_status_of_another_state_closes_nothing(local: Any, status: int) -> None:
    case = _case(local)
    answer = _close(local, case, status)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "0x80048408")
    assert local.rows("incidentresolutions") == []


def test_a_case_is_closed_once(local: Any) -> None:
    case = _case(local)
    _close(local, case)
    assert _close(local, case).json()["error"]["code"] == "0x800404cf"


def test_open_activities_keep_a_case_open(local: Any) -> None:
    case = _case(local)
    bind = {"regardingobjectid_incident_task__bind": f"/incidents({case})"}
    task = local.create("tasks", subject="Call", **bind)
    assert _close(local, case).json()["error"]["code"] == "0x8004440a"
    local.send("PATCH", f"tasks({task})", {"statecode": 1})
    assert _close(local, case).status_code == 204


def test_an_update_can_not_resolve_a_case(local: Any) -> None:
    case = _case(local)
    status, _code, text = local.refused("PATCH", f"incidents({case})", {"statecode": 1})
    assert status == 400
    assert "use the CloseIncidentRequest message instead" in text


def test_a_resolved_case_is_read_only_until_it_is_active_again(local: Any) -> None:
    case = f"incidents({_case(local)})"
    _close(local, case.removeprefix("incidents(").rstrip(")"))
    assert local.refused("PATCH", case, {"title": "x"})[:2] == (400, "0x8004022e")
    assert local.refused("PATCH", case, {"statecode": 2})[:2] == (400, "0x8004f00e")
    assert local.send("PATCH", case, {"statecode": 0, "statuscode": 1}).status_code == 204
    assert local.send("PATCH", case, {"title": "x"}).status_code == 204


def test_a_case_can_be_cancelled_and_reopened(local: Any) -> None:
    case = f"incidents({_case(local)})"
    assert local.send("PATCH", case, {"statecode": 2}).status_code == 204
    assert local.get(case)["statuscode"] == 6
    assert local.send("PATCH", case, {"statecode": 0}).status_code == 204


def test_a_resolution_can_not_be_created_by_hand(local: Any) -> None:
    assert local.refused("POST", "incidentresolutions", {"subject": "x"})[0] == 405


def test_a_resolved_case_can_be_deleted_with_its_resolution(local: Any) -> None:
    case = _case(local)
    _close(local, case)
    assert local.send("DELETE", f"incidents({case})").status_code == 204
    assert local.rows("incidentresolutions") == []


def test_a_subject_in_use_stays(local: Any) -> None:
    subject = local.create("subjects", title="Cards")
    _case(local, subjectid__bind=f"/subjects({subject})")
    assert local.refused("DELETE", f"subjects({subject})")[:2] == (405, "0x80040227")


def test_a_case_counts_the_cases_below_it(local: Any) -> None:
    parent = _case(local)
    for _number in range(2):
        _case(local, parentcaseid__bind=f"/incidents({parent})")
    assert local.get(f"incidents({parent})")["numberofchildincidents"] == 2
    (found,) = local.rows("incidents?$filter=numberofchildincidents eq 2&$select=incidentid")
    assert found["incidentid"] == parent


def test_a_case_has_one_level_of_children(local: Any) -> None:
    parent, child = _case(local), _case(local)
    link = {"parentcaseid@odata.bind": f"/incidents({parent})"}
    assert local.send("PATCH", f"incidents({child})", link).status_code == 204
    below = {"parentcaseid@odata.bind": f"/incidents({child})"}
    answer = local.send("PATCH", f"incidents({_case(local)})", below)
    assert answer.json()["error"]["code"] == "0x8003f453"
    other = {"parentcaseid@odata.bind": f"/incidents({_case(local)})"}
    answer = local.send("PATCH", f"incidents({parent})", other)
    assert answer.json()["error"]["code"] == "0x8003f455"
