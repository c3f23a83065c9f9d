"""What testers hang on rows that are there: most of it would go with them."""

from __future__ import annotations

from collections.abc import Mapping

from seedkit.schema import Relationship
from tests.purge.stories.changing import ACTIVITIES, point
from tests.purge.stories.ground import Row
from tests.purge.stories.tester import TRIES, Move, Tester

FOREIGN_TABLES = ("contact", "account", "msfsi_bank", "msfsi_branch", "msfsi_group", "queue")


def hang(tester: Tester) -> str | None:
    """Hang a new row on a seeded one, by any relationship there is."""
    for _ in range(TRIES):
        row = tester.ours()
        usable = [one for one in tester.children(row[0]) if _usable(tester, one)] if row else []
        if row and usable:
            one = tester.draw.choice(usable)
            if _hang_by(tester, one, row):
                return f"hung {one.child} by {one.column} on {row}"
    return None


def _hang_by(tester: Tester, one: Relationship, row: Row) -> bool:
    child = tester.table(one.child)
    body = tester.body_of(child) | {f"{one.bind}@odata.bind": f"/{tester.at(row)}"}
    for column in child.columns.values():
        if column.required == "system" and column.is_lookup and column.name != one.column:
            body |= _parent(tester, column.targets or {}) or {}
    return tester.make(child.entity_set, body)


def _usable(tester: Tester, one: Relationship) -> bool:
    child = tester.table(one.child)
    return child.api_create == "yes" and child.columns[one.column].creatable


def _parent(tester: Tester, targets: Mapping[str, Relationship]) -> dict[str, object] | None:
    for name, relationship in targets.items():
        row = tester.theirs(name) if name in FOREIGN_TABLES else None
        if row is not None:
            return {f"{relationship.bind}@odata.bind": f"/{tester.at(row)}"}
    return None


def hang_on_customer(tester: Tester) -> str | None:
    """Write a note, make a call or open a case about a seeded customer."""
    row = tester.ours("contact")
    if row is None:
        return None
    at = f"/{tester.at(row)}"
    kinds: tuple[tuple[str, dict[str, object]], ...] = (
        ("annotations", {"subject": "Seen", "objectid_contact@odata.bind": at}),
        ("phonecalls", {"subject": "Rang", "regardingobjectid_contact_phonecall@odata.bind": at}),
        ("tasks", {"subject": "Do", "regardingobjectid_contact_task@odata.bind": at}),
        ("incidents", {"title": "Asked", "customerid_contact@odata.bind": at}),
        ("msfsi_lifemoments", {"msfsi_name": "Moved", "msfsi_Contact@odata.bind": at}),
        ("customeraddresses", {"name": "Holiday", "parentid_contact@odata.bind": at}),
    )
    set_name, body = tester.draw.choice(kinds)
    return f"{set_name} on {row}" if tester.make(set_name, body) else None


def write_address(tester: Tester) -> str | None:
    """Add an address to a seeded customer, with a number as the platform's own ones have."""
    row = tester.ours("contact")
    if row is None:
        return None
    number = tester.draw.choice((1, 2, 3, 4))
    bind = {"parentid_contact@odata.bind": f"/{tester.at(row)}"}
    done = tester.make("customeraddresses", {"name": "New", "addressnumber": number, **bind})
    return f"address {number} on {row}" if done else None


def enqueue(tester: Tester) -> str | None:
    """Put a seeded case or activity into a queue, or a case of others into a seeded queue."""
    row, queue = tester.ours("incident", "email", "task"), tester.theirs("queue")
    if tester.draw.random() < 0.3:
        row, queue = tester.theirs("incident"), tester.ours("queue")
    if row is None or queue is None:
        return None
    body: dict[str, object] = {
        f"objectid_{row[0]}@odata.bind": f"/{tester.at(row)}",
        "queueid@odata.bind": f"/{tester.at(queue)}",
    }
    return f"put {row} into {queue}" if tester.make("queueitems", body) else None


def hang_deep(tester: Tester) -> str | None:
    """Open a case about a seeded customer, and write a note on it."""
    row = tester.ours("contact")
    if row is None:
        return None
    case = tester.new_id("ca")
    bind = f"/{tester.at(row)}"
    body = {"incidentid": case, "title": "Deep", "customerid_contact@odata.bind": bind}
    if not tester.make("incidents", body):
        return None
    note = {"subject": "Deeper", "objectid_incident@odata.bind": f"/incidents({case})"}
    return f"a case with a note on {row}" if tester.make("annotations", note) else None


def attach(tester: Tester) -> str | None:
    """Attach a file to a seeded customer."""
    row = tester.ours("contact")
    if row is None:
        return None
    body = {
        "subject": "A scan",
        "filename": "scan.txt",
        "mimetype": "text/plain",
        "documentbody": "aGVsbG8=",
        "objectid_contact@odata.bind": f"/{tester.at(row)}",
    }
    return f"attached a file to {row}" if tester.make("annotations", body) else None


def hang_between(tester: Tester) -> str | None:
    """Write a note on how a seeded case was resolved, or attach a file to a seeded activity."""
    row = tester.ours("incident", *ACTIVITIES)
    if row is None:
        return None
    if row[0] == "incident":
        done = _note_on_resolution(tester, row[1])
    else:
        bind = {"objectid_activitypointer@odata.bind": f"/activitypointers({row[1]})"}
        file = {"filename": "scan.txt", "body": "aGVsbG8=", "objecttypecode": row[0]}
        done = tester.make("activitymimeattachments", {**file, **bind})
    return f"hung a row on one below {row}" if done else None


def _note_on_resolution(tester: Tester, case: str) -> bool:
    found = [one for one in tester.rows()["incidentresolution"] if one["incidentid"] == case]
    if not found:
        return False
    at = f"/incidentresolutions({found[0]['activityid']})"
    return tester.make(
        "annotations", {"subject": "Why?", "objectid_incidentresolution@odata.bind": at}
    )


def connect(tester: Tester) -> str | None:
    """Connect a seeded customer with somebody."""
    row, other = tester.ours("contact"), tester.theirs("contact", "account")
    if row is None or other is None:
        return None
    body = {
        f"record1id_{row[0]}@odata.bind": f"/{tester.at(row)}",
        f"record2id_{other[0]}@odata.bind": f"/{tester.at(other)}",
    }
    return f"connected {row} with {other}" if tester.make("connections", body) else None


def merge(tester: Tester) -> str | None:
    """Merge a seeded customer into somebody else's, or the other way round."""
    one, other = tester.ours("contact"), tester.theirs("contact")
    if one is None or other is None:
        return None
    winner, loser = (one, other) if tester.draw.random() < 0.5 else (other, one)
    body: dict[str, object] = {
        "Target": {"@odata.type": "Microsoft.Dynamics.CRM.contact", "contactid": winner[1]},
        "Subordinate": {"@odata.type": "Microsoft.Dynamics.CRM.contact", "contactid": loser[1]},
        "PerformParentingChecks": False,
    }
    return f"merged {loser} into {winner}" if tester.make("Merge", body) else None


def point_at_ours(tester: Tester) -> str | None:
    """Let a row of somebody else point at a seeded one."""
    row = tester.theirs("contact", "msfsi_branch", "account", "msfsi_lifemoment", "annotation")
    return point(tester, row, tester.ours)


HANGING: tuple[Move, ...] = (
    hang,
    hang_on_customer,
    hang_deep,
    write_address,
    enqueue,
    attach,
    hang_between,
    connect,
    merge,
    point_at_ours,
)
