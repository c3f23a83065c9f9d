"""What is left out is not there, and nothing that stays needs it."""

from __future__ import annotations

import pytest
import yaml

from seedkit.assembly import CurrencyByCode, check_custom, make_source
from seedkit.custom.naming import INSTEAD, PARTS
from seedkit.errors import ProfileError
from seedkit.marks import Stamp
from seedkit.profile import read_profile
from seedkit.profile.models import Profile
from seedkit.testing import AS_OF, LocalEnvironment


def alone(part: str) -> bool:
    """Tell whether a part can be left out by itself."""
    try:
        check_custom(read_profile("quick", [f"skip=[{part}]"]))
    except ProfileError:
        return False
    return True


CAN = [part for part in sorted(PARTS) if alone(part)]


def test_some_parts_can_go_and_some_can_not() -> None:
    assert {"branches", "goals", "life_events", "relationships", "groups"} <= set(CAN)
    assert not {"people", "holdings", "cards", "loans"} & set(CAN)


def test_parts_go_with_all_that_points_at_them(local: LocalEnvironment) -> None:
    before = local.dump()
    gone = (
        "skip=[groups, goals, life_events, relationships, contact.jobtitle, contact.msfsi_branch]"
    )
    run = local.seed("quick", households=3, overrides=[gone])
    for table in ("msfsi_group", "msfsi_groupmember", "msfsi_lifemoment", "msfsi_relationship"):
        assert table not in run.rows
        assert table not in {item.name for item in run.plan.tables}
    contacts = local.read("contacts")
    assert {row["jobtitle"] for row in contacts} == {None}
    assert {row["_msfsi_branch_value"] for row in contacts} == {None}
    local.purge(run)
    assert local.dump() == before


@pytest.mark.parametrize("part", CAN)
def test_each_part_can_be_left_out_and_the_rest_still_loads(
    part: str, local: LocalEnvironment
) -> None:
    run = local.seed("quick", households=1, overrides=[f"skip=[{part}]"])
    assert not set(PARTS[part]) & set(run.rows)
    assert run.rows["contact"]


def test_what_details_need_is_told_with_the_keys_that_make_none() -> None:
    with pytest.raises(ProfileError) as caught:
        check_custom(read_profile("quick", ["skip=[cards]"]))
    (fault,) = caught.value.faults
    assert "msfsi_financialholdinginstrument needs it for msfsi_details" in fault.problem
    assert fault.suggestion == "To have none write: cards: {debit: 0, credit: 0}"


@pytest.mark.parametrize("table", INSTEAD)
def test_those_keys_make_none(table: str) -> None:
    keys = yaml.safe_load(INSTEAD[table].partition("write: ")[2])
    profile = Profile.model_validate({"households": 120, **keys})
    source = make_source(profile, AS_OF, Stamp(-(1 << 30), 0), "none", CurrencyByCode())
    assert table not in {batch.table for batch in source.batches(1)}
