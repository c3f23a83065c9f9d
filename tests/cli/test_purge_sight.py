"""Accounts that see only some rows of others: what could go unseen is told of, and needs a word."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from seedkit.testing import RunningEnvironment, local_environment
from tests.cli.conftest import CommandLine
from tests.cli.people import DANA, JORDAN, call_as, give_role, set_depth, user_id

RUN = "dim-1"
SEED = ("seed", "--profile", "quick", "--households", "5", "--run-id", RUN)


@pytest.fixture
def there() -> Iterator[RunningEnvironment]:
    with local_environment(served=True) as found:
        yield found


def seed_as_dana(seedkit: CommandLine, there: RunningEnvironment) -> None:
    """Seed as one who may do what it takes, and sees of notes her own only."""
    holder = f"systemusers({user_id(there, DANA)})"
    give_role(there, holder, "systemuserroles_association", "System Customizer")
    set_depth(there, "System Customizer", "prvReadNote", "Basic")
    call_as(there, DANA)
    assert seedkit(*SEED, "--environment", there.origin).code == 0


def hang_a_note(there: RunningEnvironment) -> None:
    """Let Jordan write a note on a customer of the run."""
    call_as(there, None)
    contact = there.dump()["contact"][0]["contactid"]
    note = {
        "subject": "Mine",
        "objectid_contact@odata.bind": f"/contacts({contact})",
        "ownerid@odata.bind": f"/systemusers({user_id(there, JORDAN)})",
    }
    assert there.client.post("annotations", json=note).status_code == 204
    call_as(there, DANA)


def test_what_this_account_may_not_see_does_not_go_in_silence(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    seed_as_dana(seedkit, there)
    hang_a_note(there)
    before = there.dump()
    told = "This account sees only some rows of annotation (its privilege reaches: Basic)"
    looked = seedkit("purge", RUN, "--dry-run")
    assert (looked.code, told in looked.err) == (0, True)
    stopped = seedkit("purge", RUN, "--yes")
    assert (stopped.code, told in stopped.err) == (5, True)
    assert f"--confirm {RUN}" in stopped.err
    assert there.dump() == before


def test_who_says_so_purges_all_the_same_and_the_receipt_tells(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    seed_as_dana(seedkit, there)
    done = seedkit("purge", RUN, "--yes", "--confirm", RUN, "--json")
    assert done.code == 0
    assert done.json["partly_seen"]["annotation"] == "Basic"
    page = (seedkit.home / "reports" / f"{RUN}-purge.html").read_text("utf-8")
    assert "sees only some rows of annotation" in page
    assert there.dump()["contact"] == []
