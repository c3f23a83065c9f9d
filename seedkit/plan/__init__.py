"""A plan: a profile resolved against an environment, frozen. A run is nothing else."""

from seedkit.plan.making import PlanRequest, bind_currencies, check_columns, make_plan
from seedkit.plan.model import Plan, TablePlan, check_run_id, meant

__all__ = [
    "Plan",
    "PlanRequest",
    "TablePlan",
    "bind_currencies",
    "check_columns",
    "check_run_id",
    "make_plan",
    "meant",
]
