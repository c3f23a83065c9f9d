"""The example's generator, seeded and purged like everything else."""

from __future__ import annotations

import pytest

from seedkit.testing import LocalEnvironment

pytestmark = pytest.mark.usefixtures("loyalty_installed")
ON = "generators.loyalty.share=0.5"


def test_rows_of_a_plugin_come_and_go_without_a_trace(loyal: LocalEnvironment) -> None:
    before = loyal.dump()
    run = loyal.seed("quick", overrides=[ON])
    assert run.rows["loy_programme"] == 1
    assert run.rows["loy_membership"] > 3
    assert run.rows["loy_entry"] > 3
    members = loyal.read("loy_memberships", expand="loy_Customer($select=fullname)")
    assert all(row["loy_Customer"]["fullname"] == row["loy_name"] for row in members)
    assert all(row["importsequencenumber"] == run.plan.mark for row in members)
    result = loyal.purge(run)
    assert result.deleted["loy_membership"] == run.rows["loy_membership"]
    assert loyal.dump() == before
