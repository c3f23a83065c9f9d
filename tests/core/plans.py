"""A small plan for tests that need no environment."""

from __future__ import annotations

from dataclasses import replace

from seedkit.dataverse.environment import Environment
from seedkit.marks import mark_for
from seedkit.plan import Plan, TablePlan

NOTE = TablePlan(
    "annotation", 1, "annotations", "annotationid", 0, "$batch", "$batch", True, {}, ()
)
CONTACT = TablePlan(
    name="contact",
    number=4,
    entity_set="contacts",
    primary_id="contactid",
    layer=1,
    create_by="CreateMultiple",
    update_by="UpdateMultiple",
    numbered=True,
    binds={"msfsi_branch:msfsi_branch": "msfsi_Branch"},
    deferred=("msfsi_branch",),
)
PLAN = Plan(
    run_id="tiny-0001",
    mark=mark_for("tiny-0001"),
    started=227_000,
    created="2026-06-30T09:30:00+00:00",
    profile_name="tiny",
    profile={"currency": "USD", "households": 2, "bank": {"branches": 2}},
    as_of="2026-06-30",
    fingerprint={"seedkit": "test"},
    environment=Environment("Local", "http://localhost", "e1", "9.2", "u1"),
    currencies={"USD": "c1"},
    foreign_sets={"transactioncurrency": "transactioncurrencies"},
    tables=(NOTE, CONTACT),
)


def plan_named(run_id: str, created: str = PLAN.created) -> Plan:
    """Return the plan under another name."""
    return replace(PLAN, run_id=run_id, mark=mark_for(run_id), created=created)
