"""Households and other groups: members, primary member, holdings."""

from __future__ import annotations

import numpy as np

from seedkit.population.model import Ints
from seedkit.records import choices
from seedkit.records.batch import RecordBatch
from seedkit.records.values import flags, joined, names
from seedkit.records.view import BlockView


def msfsi_group(view: BlockView) -> RecordBatch:
    """Return the groups. The primary member is a member row: the app compares with its id."""
    groups, members = view.block.groups, view.sheets["msfsi_groupmember"]
    return view.sheets["msfsi_group"].batch(
        {
            "msfsi_name": names(groups.name.tolist()),
            "msfsi_type": choices.GROUP_KIND.of(groups.kind),
        },
        [members.point("msfsi_primarymember", _primary_rows(view))],
    )


def msfsi_groupmember(view: BlockView) -> RecordBatch:
    """Return who belongs to which group."""
    members = view.block.group_members
    return view.sheets["msfsi_groupmember"].batch(
        {
            "msfsi_name": joined(view.people(members.person), _group_names(view, members.group)),
            "msfsi_role": choices.GROUP_ROLE.of(members.role),
            "msfsi_isprimarygroup": flags(members.main),
        },
        [
            view.sheets["msfsi_group"].point("msfsi_group", members.group),
            view.sheets["contact"].point("msfsi_member", members.person),
        ],
    )


def msfsi_groupfinancialholding(view: BlockView) -> RecordBatch:
    """Return which holdings a group sees."""
    seen = view.block.group_holdings
    return view.sheets["msfsi_groupfinancialholding"].batch(
        {"msfsi_name": joined(_group_names(view, seen.group), view.holdings(seen.holding))},
        [
            view.sheets["msfsi_group"].point("msfsi_group", seen.group),
            view.sheets["msfsi_financialholding"].point("msfsi_financialholding", seen.holding),
        ],
    )


def _primary_rows(view: BlockView) -> Ints:
    """Return for each group the row of its primary member, -1 where it has none."""
    groups, members = view.block.groups, view.block.group_members
    rows = np.full(len(groups.household), -1, dtype=np.int64)
    primary = np.flatnonzero(members.person == groups.primary[members.group])
    rows[members.group[primary]] = primary
    return rows


def _group_names(view: BlockView, groups: Ints) -> list[str]:
    found: list[str] = view.block.groups.name[groups].tolist()
    return found
