"""What ties customers to one another beside relationships."""

from __future__ import annotations

from seedkit.records.batch import RecordBatch
from seedkit.records.values import noons
from seedkit.records.view import BlockView


def connection(view: BlockView) -> RecordBatch:
    """Return the connections of customers, one row for each pair.

    The platform makes the row for the other direction by itself. Only the end that advises or
    acts has a role: two roles would have to be declared as matching before.
    """
    ties, people = view.block.connections, view.sheets["contact"]
    return view.sheets["connection"].batch(
        {"effectivestart": noons(ties.since)},
        [
            people.point("record1id", ties.person),
            people.point("record2id", ties.other),
            view.bank.sheets["connectionrole"].point("record2roleid", ties.tie),
        ],
    )
