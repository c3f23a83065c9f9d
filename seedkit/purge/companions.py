"""Rows that the platform makes by itself under ours, and takes away with them.

They carry no mark of ours, and no tester put them there: they are no strangers. Each is known by
facts of the row that a tester's own row does not have. How sure we are stands beside each; what is
not named here and hangs on our rows counts as somebody's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from seedkit.dataverse.metadata import NUMBER_COLUMN
from seedkit.ledger import Origin

# The addresses in a customer's own columns are rows as well, numbered from 1; further ones are not.
_OWN_ADDRESSES: Mapping[str, int] = {"contact": 3, "account": 2}
_MANY = 99  # stands for the number of an address that has none
ACTIVITY_KEY = "activityid"  # the primary id of every kind of activity
POINTER = "activitypointer"  # the table of all activities: each has a row there with its own id
AUTOMATIC = 1  # source of a post that no person wrote [documented]
POST, ABOUT = "post", "postregarding"  # the second tells what a post is about
PLATFORM = "SYSTEM"  # the account by which the platform itself works [expected]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of a run when rows below its own are judged."""

    mark: int
    origin: Origin


Somebodys = Callable[[str, Circumstances], str | None]


@dataclass(frozen=True, slots=True)
class Companion:
    """A kind of row that the platform makes: how sure that is, and which ones are somebody's.

    `somebodys` gives the condition that a tester's own row fulfils; None when there are no such.
    People may hang rows of theirs on one that `holds` them, and these go with it.
    """

    sure: str
    what: str
    somebodys: Somebodys
    holds: bool = False


def _never(_parent: str, _run: Circumstances) -> str | None:
    return None


def _made_by_people(_parent: str, run: Circumstances) -> str | None:
    """Select what neither the platform made nor our account while the run was made."""
    platform = f"(createdby/fullname ne '{PLATFORM}' or _createdby_value eq null)"
    return " and ".join([platform, *not_by_us(run.origin)])


def _further_addresses(parent: str, run: Circumstances) -> str | None:
    if parent not in _OWN_ADDRESSES:
        return ""
    further = f"addressnumber gt {_OWN_ADDRESSES[parent]} or addressnumber eq null"
    return f"({' or '.join([further, *not_by_us(run.origin)])})"


def _not_the_other_half(_parent: str, run: Circumstances) -> str | None:
    related = f"relatedconnectionid/{NUMBER_COLUMN}"
    return f"({related} ne {run.mark} or {related} eq null)"


def _no_roots(_parent: str, _run: Circumstances) -> str | None:
    return "isrootarticle eq false"


def _not_automatic(_parent: str, _run: Circumstances) -> str | None:
    return f"source ne {AUTOMATIC}"  # AutoPost; people write ManualPost


def not_by_us(origin: Origin) -> list[str]:
    """Select rows that our accounts did not make, or made after the run; nothing if not known."""
    if not origin.makers:
        return []
    others = " and ".join(f"_createdby_value ne {maker}" for maker in sorted(origin.makers))
    later = f" or createdon gt {origin.ended}" if origin.ended else ""
    return [f"(_createdby_value eq null or ({others}){later})"]


COMPANIONS: Mapping[str, Companion] = {
    POINTER: Companion("documented", "an activity in the table of all", _never),
    "activityparty": Companion("documented", "who takes part in an activity", _never),
    "customeraddress": Companion(
        "expected", "addresses in a customer's own columns", _further_addresses, holds=True
    ),
    "connection": Companion("expected", "the other half of a connection", _not_the_other_half),
    "knowledgearticle": Companion("expected", "the root above an article's versions", _no_roots),
    "incidentresolution": Companion("documented", "how a case was resolved", _never, holds=True),
    "queueitem": Companion("expected", "items that routing makes", _made_by_people, holds=True),
    POST: Companion("documented", "automatic posts in a timeline", _not_automatic, holds=True),
    "postfollow": Companion("expected", "follows that the platform sets", _made_by_people),
    ABOUT: Companion("documented", "what a post is about", _never),
    "fileattachment": Companion("documented", "the content of a file column", _never),
    "slakpiinstance": Companion("expected", "timers of service levels", _never),
    "duplicaterecord": Companion("documented", "what a search for duplicates found", _never),
    "bulkdeletefailure": Companion("documented", "what a job could not delete", _never),
    "asyncoperation": Companion("documented", "background jobs about a row", _never),
    "processsession": Companion("expected", "dialogs and workflows about a row", _never),
    "syncerror": Companion("expected", "what Outlook could not keep in step", _never),
    "mailboxtrackingfolder": Companion("expected", "mail folders about a row", _never),
    "principalobjectattributeaccess": Companion("expected", "shared secured columns", _never),
    "userentityinstancedata": Companion("expected", "flags that users see on a row", _never),
}


# Lookups by which a row of ours names the other one that the platform made with it.
OTHER_HALVES = ("rootarticleid", "relatedconnectionid")
_BY_WHOM = frozenset({"queueitem", "postfollow"})  # the platform's when our account made them


def goes_along(child: str, parent: str, row: Mapping[str, Any], makers: Collection[str]) -> bool:
    """Tell whether the platform made a row of `child` below one of ours, and takes it away."""
    if not holds_strangers(child):
        return True
    if child == "customeraddress" and parent in _OWN_ADDRESSES:
        return (row.get("addressnumber") or _MANY) <= _OWN_ADDRESSES[parent]
    if child in _BY_WHOM:
        return row.get("_createdby_value") in makers
    return bool(
        (child == "connection" and row.get("ismaster") is False)
        or (child == POST and row.get("source") == AUTOMATIC)
    )


def strangers_filter(child: str, parent: str, run: Circumstances) -> str | None:
    """Return the condition for rows of `child` below `parent` to be somebody's; None if none are.

    The empty text stands for all of them.
    """
    companion = COMPANIONS.get(child)
    return "" if companion is None else companion.somebodys(parent, run)


def holds_strangers(child: str) -> bool:
    """Tell whether rows of a table can be somebody's at all."""
    companion = COMPANIONS.get(child)
    return companion is None or companion.somebodys is not _never


def holds_rows(table: str) -> bool:
    """Tell whether people may hang rows on those that the platform makes in a table.

    The table of all activities is apart: a row of ours there has our own row's id.
    """
    companion = COMPANIONS.get(table)
    return companion is not None and companion.holds
