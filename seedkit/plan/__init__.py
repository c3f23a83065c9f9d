"""A plan: a profile resolved against an environment, frozen. A run is nothing else."""

from seedkit.plan.formats import FORMAT
from seedkit.plan.making import PlanRequest, bind_currencies, check_columns, make_plan
from seedkit.plan.model import Owner, Plan, TablePlan, check_run_id, digest_of, meant

__all__ = [
    "FORMAT",
    "Owner",
    "Plan",
    "PlanRequest",
    "TablePlan",
    "bind_currencies",
    "check_columns",
    "check_run_id",
    "digest_of",
    "make_plan",
    "meant",
]
