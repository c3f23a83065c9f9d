"""A plan holds all that its rows need: what columns mean there, which versions made them."""

from __future__ import annotations

import pytest

from seedkit.assembly import CurrencyByCode, make_source, source_of
from seedkit.marks import Stamp
from seedkit.plan import Plan
from seedkit.profile.models import Profile
from seedkit.records.batch import RecordBatch
from seedkit.records.ownership import Ownership, RowOwner
from seedkit.testing import AS_OF, LocalEnvironment
from tests.custom.test_columns import KINDS, overrides

pytestmark = pytest.mark.usefixtures("loyalty_installed")


def test_a_recorded_plan_makes_the_rows_that_are_there(loyal: LocalEnvironment) -> None:
    own = [*overrides(KINDS), "generators.loyalty.share=0.5", "skip=[goals]", "showcase=false"]
    run = loyal.seed("quick", households=6, overrides=own)
    source = source_of(Plan.from_json(run.plan.to_json()))
    batches = {batch.table: batch for batch in source.batches(1)}
    contacts = {row["contactid"]: row for row in loyal.read("contacts")}
    made = batches["contact"]
    assert set(made.ids) == set(contacts)
    for name in set(KINDS) - {"cr1_segment"}:
        for id, value in zip(made.ids, made.columns[name], strict=True):
            assert contacts[id][name] == value
    (segment,) = (lookup for lookup in made.lookups if lookup.column == "cr1_segment")
    assert {row["_cr1_segment_value"] for row in contacts.values()} == set(segment.ids)
    entries = {row["loy_entryid"] for row in loyal.read("loy_entries")}
    assert entries == set(batches["loy_entry"].ids)


def test_a_reference_puts_no_table_behind_another(local: LocalEnvironment) -> None:
    """A lookup of a row that was there before must not make contacts wait for its table."""
    from tests.custom.customer import lookup, send

    link = lookup("msfsi_bank", "contact", "cr1_Founder", delete="RemoveLink")
    send(local, ("RelationshipDefinitions", link), ("contacts", {"lastname": "Founder"}))
    found = {"cr1_founder": "{lookup: contact, filter: \"lastname eq 'Founder'\"}"}
    before = local.dump()
    run = local.seed("quick", households=2, overrides=overrides(found, "msfsi_bank"))
    assert run.plan.table("msfsi_bank").parents == frozenset()
    (row,) = local.read("msfsi_banks", expand="cr1_Founder($select=lastname)")
    assert row["cr1_Founder"]["lastname"] == "Founder"
    local.purge(run)
    assert local.dump() == before


def test_rows_of_plugins_have_the_owner_of_their_household() -> None:
    owners = [RowOwner("systemuser", "ann", 1), RowOwner("team", "sales", 1)]
    ownership = Ownership(owners, frozenset({"contact", "loy_membership", "loy_programme"}), 1)
    profile = Profile.model_validate({"households": 40, "generators": {"loyalty": {"share": 1}}})
    stamp = Stamp(-(1 << 30), 0)
    source = make_source(profile, AS_OF, stamp, "o", CurrencyByCode(), ownership=ownership)
    batches = {batch.table: batch for block in (0, 1) for batch in source.batches(block)}
    contacts, members = (_owners(batches[name]) for name in ("contact", "loy_membership"))
    (customers,) = (
        one.ids for one in batches["loy_membership"].lookups if one.column == "loy_customer"
    )
    assert set(contacts.values()) == {"ann", "sales"}
    for member, customer in zip(batches["loy_membership"].ids, customers, strict=True):
        assert members[member] == contacts[str(customer)]
    assert set(_owners(batches["loy_programme"]).values()) == {"ann"}
    assert not any(one.column == "ownerid" for one in batches["loy_entry"].lookups)


def _owners(batch: RecordBatch) -> dict[str, str | None]:
    """Return the owner of each row."""
    given = [one for one in batch.lookups if one.column == "ownerid"]
    chosen = zip(*(one.ids for one in given), strict=True)
    return {id: next(filter(None, row)) for id, row in zip(batch.ids, chosen, strict=True)}
