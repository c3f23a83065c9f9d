"""Acting for another user, skipping the customer's logic, back-dating."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from seedkit.ledger import Ledger
from seedkit.testing import RunningEnvironment, local_environment
from tests.cli.conftest import CommandLine
from tests.cli.people import CASEY, DANA, JORDAN, call_as, give_role, user, user_id

RUN = ("--run-id", "act-1")
SEED = ("seed", "--profile", "quick", "--households", "3", *RUN)
AS_DANA = ("--impersonate", DANA)
CUSTOM = "MSCRM.BypassBusinessLogicExecution: "
FLOWS = "MSCRM.SuppressCallbackRegistrationExpanderJob: true"


@pytest.fixture
def there() -> Iterator[RunningEnvironment]:
    with local_environment(served=True) as found:
        yield found


def rows(there: RunningEnvironment) -> int:
    return sum(len(found) for found in there.dump().values())


def contact_makers(there: RunningEnvironment) -> set[tuple[object, object]]:
    return {(row["createdby"], row["createdonbehalfby"]) for row in there.dump()["contact"]}


def refused(seedkit: CommandLine, there: RunningEnvironment, *words: str) -> dict[str, Any]:
    """Run a command in vain; return its error."""
    before = rows(there)
    result = seedkit(*words, "--json")
    assert result.code == 4, result.out
    assert rows(there) == before
    error: dict[str, Any] = result.json["error"]
    return error


def customers_logic(there: RunningEnvironment, *headers: str, where: str = "both") -> None:
    """Let a customer's logic refuse all writes that don't carry a header."""
    faults = [
        {
            "fault": "plugin-refusal",
            "path": r"^(?!\$batch)",
            "method": method,
            "where": where,
            "unless_header": header,
        }
        for header in headers
        for method in ("POST", "PATCH", "DELETE")
    ]
    there.client.put(f"{there.origin}/emulator/faults", json={"faults": faults})


# Impersonation


@pytest.mark.parametrize("column", ["internalemailaddress", "systemuserid", "directory"])
def test_rows_are_made_in_the_name_of_the_user(
    seedkit: CommandLine, there: RunningEnvironment, column: str
) -> None:
    dana = user(there, DANA)
    word = dana["azureactivedirectoryobjectid" if column == "directory" else column]
    me = there.client.get("WhoAmI").json()["UserId"]
    where = ("--environment", there.origin)
    seeded = seedkit(*SEED, *where, "--impersonate", word)
    assert seeded.code == 0, seeded.err
    assert "In the name of Dana Whitlock." in seeded.err
    assert contact_makers(there) == {(dana["systemuserid"], me)}
    dump = there.dump()
    makers = {row["createdby"] for table, rows in dump.items() for row in rows if ours(table)}
    assert makers == {dana["systemuserid"]}
    assert {row["ownerid"] for row in dump["contact"]} == {dana["systemuserid"]}


def ours(table: str) -> bool:
    """Tell whether all rows of a table are a run's."""
    return table in {"annotation", "contact"} or table.startswith(("msfsi_f", "msfsi_group"))


def test_resume_goes_on_in_the_same_name_and_purge_looks_with_its_own_eyes(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    fault = {"fault": "privilege-missing", "table": "msfsi_group", "message": "CreateMultiple"}
    there.client.put(f"{there.origin}/emulator/faults", json={"faults": [fault]})
    before = rows(there)
    where = ("--environment", there.origin)
    assert seedkit(*SEED, *where, *AS_DANA).code == 4
    there.fail_never()
    assert seedkit("resume").code == 0
    assert len(contact_makers(there)) == 1
    assert seedkit("verify").code == 0
    note = {"subject": "mine", "objectid_contact@odata.bind": f"/contacts({a_contact(there)})"}
    assert there.client.post("annotations", json=note).status_code == 204
    stopped = seedkit("purge", "--yes")
    assert stopped.code == 5, "Dana does not see this note, and it would have gone"
    there.client.delete(f"annotations({a_note(there)})")
    assert seedkit("purge", "--yes").code == 0
    assert rows(there) == before


def a_contact(there: RunningEnvironment) -> str:
    return str(there.dump()["contact"][0]["contactid"])


def a_note(there: RunningEnvironment) -> str:
    return next(
        str(row["annotationid"]) for row in there.dump()["annotation"] if row["subject"] == "mine"
    )


def test_who_may_not_act_for_others_is_told_which_privilege(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    call_as(there, JORDAN)
    error = refused(seedkit, there, *SEED, "--environment", there.origin, *AS_DANA)
    assert error["kind"] == "MissingPrivilege"
    assert "prvActOnBehalfOfAnotherUser" in error["message"]
    assert "Delegate" in error["hint"]


def test_a_delegate_who_may_do_nothing_else_can_not_make_rows_for_others(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    """What both may do counts, not what one of them may."""
    call_as(there, CASEY)
    error = refused(seedkit, there, *SEED, "--environment", there.origin, *AS_DANA)
    assert "403" in error["message"]


def test_a_user_who_is_not_there_or_disabled_is_told(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    where = ("--environment", there.origin)
    error = refused(seedkit, there, *SEED, *where, "--impersonate", "dana.whitlok@bank.example")
    assert "There is no user 'dana.whitlok@bank.example'" in error["message"]
    assert f"Did you mean: {DANA}" in error["hint"]
    there.client.patch(f"systemusers({user_id(there, DANA)})", json={"isdisabled": True})
    error = refused(seedkit, there, *SEED, *where, *AS_DANA)
    assert "is disabled" in error["message"]


def test_purge_can_act_for_somebody_and_resume_for_nobody(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    where = ("--environment", there.origin)
    assert seedkit(*SEED, *where, *AS_DANA).code == 0
    error = refused(seedkit, there, "purge", "act-1", "--yes", *AS_DANA)
    assert "may not read incident" in error["message"], "she can't look for strangers there"
    there.client.patch(f"systemusers({user_id(there, DANA)})", json={"isdisabled": True})
    error = refused(seedkit, there, "resume")
    assert "in the name of Dana Whitlock, who is gone or disabled" in error["message"]
    assert "--impersonate nobody" in error["hint"]
    assert seedkit("resume", "--impersonate", "nobody").code == 0
    assert seedkit("purge", "--yes").code == 0


# The customer's own logic


@pytest.mark.parametrize("logic", [CUSTOM + "CustomSync", CUSTOM + "CustomAsync", FLOWS])
def test_bypass_reaches_every_request_and_every_part_of_every_batch(
    seedkit: CommandLine, there: RunningEnvironment, logic: str
) -> None:
    before = rows(there)
    where = ("--environment", there.origin)
    customers_logic(there, logic)
    seeded = seedkit(*SEED, *where, "--bypass-logic")
    assert seeded.code == 0, seeded.err
    assert "plug-ins, workflows and flows are skipped" in seeded.err
    assert seedkit("resume", "--refused").code == 0
    purged = seedkit("purge", "--yes")
    assert purged.code == 0, purged.err
    assert rows(there) == before


@pytest.mark.parametrize("where", ["request", "part"])
def test_without_bypass_the_customers_logic_runs(
    seedkit: CommandLine, there: RunningEnvironment, where: str
) -> None:
    customers_logic(there, CUSTOM + "CustomSync", where=where)
    there.change_settings(hidden_messages=["msfsi_group.CreateMultiple"])
    assert seedkit(*SEED, "--environment", there.origin).code in {3, 4}


def test_what_was_made_with_the_customers_logic_can_be_purged_without_it(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    assert seedkit(*SEED, "--environment", there.origin).code == 0
    customers_logic(there, CUSTOM + "CustomSync")
    assert seedkit("purge", "--yes").code == 3
    assert seedkit("purge", "--yes", "--bypass-logic").code == 0


def test_a_run_remembers_that_it_skips_the_customers_logic(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    assert seedkit(*SEED, "--environment", there.origin, "--bypass-logic").code == 0
    customers_logic(there, CUSTOM + "CustomSync")
    assert seedkit("purge", "--yes", "--no-bypass-logic").code == 3
    assert seedkit("purge", "--yes").code == 0


def test_who_may_not_skip_logic_is_told_which_privilege(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    where = ("--environment", there.origin)
    call_as(there, DANA)
    error = refused(seedkit, there, *SEED, *where, "--bypass-logic")
    assert error["kind"] == "MissingPrivilege"
    assert "prvBypassCustomBusinessLogic" in error["message"]
    assert Ledger.open(seedkit.home / "ledger.sqlite3").runs() == []
    call_as(there, None)
    error = refused(seedkit, there, *SEED, *where, "--bypass-logic", *AS_DANA)
    assert "This account, or Dana Whitlock," in error["message"]


def test_a_privilege_lost_after_seeding_does_not_lock_the_rows_in(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    assert seedkit(*SEED, "--environment", there.origin, "--bypass-logic").code == 0
    give_role(
        there,
        f"systemusers({user_id(there, DANA)})",
        "systemuserroles_association",
        "System Customizer",
    )
    call_as(there, DANA)
    error = refused(seedkit, there, "purge", "act-1", "--yes")
    assert "--no-bypass-logic" in error["hint"]


# Creation days


def days(there: RunningEnvironment) -> list[str]:
    return sorted(str(row["createdon"])[:10] for row in there.dump()["msfsi_lifemoment"])


def test_events_are_created_on_their_days_with_the_privilege(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    seeded = seedkit(*SEED, "--environment", there.origin)
    assert "as new" not in seeded.err
    assert len(set(days(there))) > 3


def test_events_are_made_as_new_without_the_privilege_and_that_is_told(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    call_as(there, DANA)
    seeded = seedkit(*SEED, "--environment", there.origin)
    assert seeded.code == 0, seeded.err
    assert seeded.err.count("prvOverrideCreatedOnCreatedBy") == 1
    assert len(set(days(there))) == 1
    assert all(row["overriddencreatedon"] is None for row in there.dump()["msfsi_lifemoment"])


def test_the_privilege_of_the_one_in_whose_name_counts_as_well(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    seeded = seedkit(*SEED, "--environment", there.origin, *AS_DANA)
    assert "Life events are made as new" in seeded.err
    assert len(set(days(there))) == 1


def test_a_profile_that_back_dates_nothing_needs_no_privilege(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    call_as(there, DANA)
    words = ("--set", "life_events.backdated=false")
    seeded = seedkit(*SEED, "--environment", there.origin, *words)
    assert seeded.code == 0
    assert "as new" not in seeded.err


def test_nothing_is_created_in_the_future_whatever_the_as_of_date(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    """The clock of the command line stands at 2026-06-30, the environment's own later."""
    seeded = seedkit(*SEED, "--environment", there.origin, "--as-of", "2027-03-01")
    assert seeded.code == 0, seeded.err
    dated = [row for row in there.dump()["msfsi_lifemoment"] if row["overriddencreatedon"]]
    assert dated
    assert max(str(row["createdon"])[:10] for row in dated) < "2026-06-30"


def test_resume_stops_when_the_privilege_to_back_date_is_gone(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    assert seedkit(*SEED, "--environment", there.origin).code == 0
    call_as(there, DANA)
    error = refused(seedkit, there, "resume")
    assert "prvOverrideCreatedOnCreatedBy" in error["message"]


def test_privileges_that_the_environment_does_not_tell_count_as_missing(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    there.change_settings(hidden_messages=["RetrieveUserSetOfPrivilegesByNames"])
    where = ("--environment", there.origin)
    error = refused(seedkit, there, *SEED, *where, "--bypass-logic")
    assert "prvBypassCustomBusinessLogic" in error["message"]
    seeded = seedkit(*SEED, *where)
    assert seeded.code == 0, seeded.err
    assert "Life events are made as new" in seeded.err
