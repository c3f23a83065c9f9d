"""Rows that the platform makes by itself under ours, and takes away with them.

They carry no mark of ours, and no tester put them there: they are no strangers. What is named here
is expected of the platform, not documented; anything else that hangs on our rows counts as
somebody's.
"""

from __future__ import annotations

from collections.abc import Mapping

# Seen under every activity, in the general table and as its parties: the activity itself is what
# would be a stranger, and it is looked for in its own table.
_PARTS_OF_ACTIVITIES = frozenset({"activitypointer", "activityparty"})

# What a bulk delete job tells of a row that it could not delete goes with the job.
_TOLD_BY_JOBS = frozenset({"bulkdeletefailure"})

# The addresses in a customer's own columns are rows as well, numbered from 1; further ones are not.
_OWN_ADDRESSES: Mapping[str, int] = {"contact": 3, "account": 2}

# Of what the platform keeps in two rows, somebody's is the one that somebody made: an article's
# version, and not the root above it; a connection, and not its other direction.
_MADE_BY_SOMEBODY: Mapping[str, str] = {
    "knowledgearticle": " and isrootarticle eq false",
    "connection": " and ismaster eq true",
}


def strangers_filter(child: str, parent: str) -> str | None:
    """Return what rows of `child` below `parent` must fulfil to be somebody's; None if none are.

    The empty text stands for all of them.
    """
    if child in _PARTS_OF_ACTIVITIES | _TOLD_BY_JOBS:
        return None
    if child == "customeraddress" and parent in _OWN_ADDRESSES:
        return f" and (addressnumber gt {_OWN_ADDRESSES[parent]} or addressnumber eq null)"
    return _MADE_BY_SOMEBODY.get(child, "")
