"""Life events and financial goals."""

from __future__ import annotations

from seedkit.records import choices
from seedkit.records.batch import RecordBatch
from seedkit.records.values import flags, joined, names, noons
from seedkit.records.view import BlockView


def msfsi_lifemoment(view: BlockView) -> RecordBatch:
    """Return past and planned life events.

    The app takes an event for overdue when `msfsi_modifiedon` lies before its date in the past,
    and marks one as new for days after its creation; so they are created on their own days.
    """
    sheet = view.sheets["msfsi_lifemoment"]
    events = sheet.pick(view.block.events)
    return sheet.batch(
        {
            "msfsi_name": joined(view.people(events.person), events.title.tolist()),
            "msfsi_lifemomenttitle": names(events.title.tolist(), 50),
            "msfsi_lifemomentcategory": choices.EVENT_CATEGORY.of(events.kind),
            "msfsi_lifemomenttype": choices.EVENT_TYPE.of(events.kind),
            "msfsi_lifemomentdate": noons(events.date),
            "msfsi_modifiedon": noons(events.touched),
            "overriddencreatedon": view.backdated(events.touched),
        },
        [view.sheets["contact"].point("msfsi_contact", events.person)],
    )


def msfsi_financialgoal(view: BlockView) -> RecordBatch:
    """Return financial goals, which the app finds through their life event only."""
    sheet = view.sheets["msfsi_financialgoal"]
    goals = sheet.pick(view.block.goals)
    amounts = view.own_amounts(len(sheet.ids))
    return sheet.batch(
        {
            "msfsi_name": names(goals.name.tolist()),
            "msfsi_targetvaluedefault": amounts.base(goals.target),
            "msfsi_progressvaluedefault": amounts.base(goals.progress),
            "msfsi_targetdate": noons(goals.due),
            "msfsi_iscompleted": flags(goals.completed),
        },
        [
            view.sheets["contact"].point("msfsi_customer", goals.person),
            view.sheets["msfsi_lifemoment"].point("msfsi_lifeevent", goals.event),
        ],
    )
