from __future__ import annotations

from typing import Any


def _person(table: str, key: str, row_id: str) -> dict[str, str]:
    return {"@odata.type": f"Microsoft.Dynamics.CRM.{table}", key: row_id}


def _merge(local: Any, kept: str, lost: str, table: str = "contact", **more: Any) -> Any:
    body = {
        "Target": _person(table, f"{table}id", kept),
        "Subordinate": _person(table, f"{table}id", lost),
        "PerformParentingChecks": False,
        **more,
    }
    return local.send("POST", "Merge", body)


def test_the_loser_is_switched_off_and_points_at_the_winner(local: Any, ids: Any) -> None:
    kept, lost = (local.create("contacts", lastname="O", contactid=ids(n)) for n in (1, 2))
    content = {"@odata.type": "Microsoft.Dynamics.CRM.contact", "firstname": "Ada"}
    assert _merge(local, kept, lost, UpdateContent=content).status_code == 204
    row = local.get(f"contacts({lost})")
    assert (row["statecode"], row["statuscode"], row["merged"]) == (1, 2, True)
    assert row["_masterid_value"] == kept
    assert local.get(f"contacts({kept})")["fullname"] == "Ada O"


def test_children_move_to_the_winner(local: Any, ids: Any) -> None:
    kept, lost = (local.create("contacts", lastname="O", contactid=ids(n)) for n in (1, 2))
    task = local.create(
        "tasks", subject="Call", regardingobjectid_contact_task__bind=f"/contacts({lost})"
    )
    case = local.create("incidents", title="C", customerid_contact__bind=f"/contacts({lost})")
    before = local.get(f"tasks({task})")["versionnumber"]
    assert _merge(local, kept, lost).status_code == 204
    moved = local.get(f"tasks({task})")
    assert moved["_regardingobjectid_value"] == kept
    assert moved["versionnumber"] > before
    assert local.get(f"incidents({case})")["_customerid_value"] == kept


def test_a_merged_case_is_cancelled_as_merged(local: Any) -> None:
    contact = local.create("contacts", lastname="O")
    bind = {"customerid_contact__bind": f"/contacts({contact})"}
    kept, lost = (local.create("incidents", title=t, **bind) for t in "AB")
    content = {"@odata.type": "Microsoft.Dynamics.CRM.incident", "title": "ignored"}
    assert _merge(local, kept, lost, "incident", UpdateContent=content).status_code == 204
    row = local.get(f"incidents({lost})")
    assert (row["statecode"], row["statuscode"]) == (2, 2000)
    assert local.get(f"incidents({kept})")["title"] == "A"


def test_a_row_is_merged_once_and_never_with_itself(local: Any) -> None:
    kept, lost = (local.create("contacts", lastname="O") for _number in range(2))
    assert _merge(local, kept, kept).status_code == 400
    _merge(local, kept, lost)
    assert _merge(local, kept, lost).status_code == 400


def test_different_parents_are_in_the_way_when_asked_for(local: Any) -> None:
    account = local.create("accounts", name="A")
    bind = {"parentcustomerid_account__bind": f"/accounts({account})"}
    kept, lost = local.create("contacts", lastname="O"), local.create("contacts", **bind)
    assert _merge(local, kept, lost, PerformParentingChecks=True).status_code == 400
    assert _merge(local, kept, lost).status_code == 204


def test_other_tables_are_refused(local: Any) -> None:
    kept, lost = (local.create("tasks", subject="T") for _number in range(2))
    answer = local.send(
        "POST",
        "Merge",
        {
            "Target": _person("task", "activityid", kept),
            "Subordinate": _person("task", "activityid", lost),
            "PerformParentingChecks": False,
        },
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "0x80040203")
