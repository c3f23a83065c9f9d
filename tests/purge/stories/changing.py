"""What testers do to rows that are there: nothing new hangs on them afterwards."""

from __future__ import annotations

from collections.abc import Callable

from tests.purge.stories.ground import Row
from tests.purge.stories.tester import TRIES, Move, Tester

TEXTS = {"string", "memo"}
ACTIVITIES = ("phonecall", "email", "appointment", "task", "letter")


def edit(tester: Tester) -> str | None:
    """Change a text of a seeded row."""
    row = tester.ours()
    if row is None:
        return None
    table = tester.table(row[0])
    texts = [
        name
        for name, column in table.columns.items()
        if column.type in TEXTS and column.updatable and name == table.primary_name
    ]
    done = texts and tester.ask("PATCH", tester.at(row), {texts[0]: "Changed by a tester"})
    return f"edited {row}" if done else None


def resolve(tester: Tester) -> str | None:
    """Resolve a seeded case."""
    row = tester.ours("incident")
    if row is None:
        return None
    how = {"subject": "Done", "incidentid@odata.bind": f"/{tester.at(row)}"}
    done = tester.make("CloseIncident", {"IncidentResolution": how, "Status": 5})
    return f"resolved {row}" if done else None


def publish(tester: Tester) -> str | None:
    """Publish a seeded article, or make it a draft again."""
    row = tester.ours("knowledgearticle")
    if row is None:
        return None
    state, status = tester.draw.choice(((3, 7), (0, 2)))
    done = tester.ask("PATCH", tester.at(row), {"statecode": state, "statuscode": status})
    return f"gave {row} state {state}" if done else None


def complete(tester: Tester) -> str | None:
    """Complete or cancel a seeded activity."""
    row = tester.ours(*ACTIVITIES)
    if row is None:
        return None
    state = tester.draw.choice((1, 2))
    done = tester.ask("PATCH", tester.at(row), {"statecode": state})
    return f"gave {row} state {state}" if done else None


def deactivate(tester: Tester) -> str | None:
    """Deactivate a seeded row, or activate it again."""
    row = tester.ours()
    if row is None or "statecode" not in tester.table(row[0]).columns:
        return None
    state = tester.draw.choice((1, 1, 0))
    done = tester.ask("PATCH", tester.at(row), {"statecode": state})
    return f"gave {row} state {state}" if done else None


def point_at_theirs(tester: Tester) -> str | None:
    """Let a seeded row point at a row of somebody else."""
    return point(tester, tester.ours(), tester.theirs)


def point(tester: Tester, row: Row | None, choose: Callable[[str], Row | None]) -> str | None:
    if row is None:
        return None
    columns = [
        relationship
        for relationship in tester.table(row[0]).relationships
        if tester.table(row[0]).columns[relationship.column].updatable
        and relationship.column != "ownerid"
    ]
    for _ in range(TRIES if columns else 0):
        one = tester.draw.choice(columns)
        target = choose(one.parent)
        if target is not None and target != row:
            body = {f"{one.bind}@odata.bind": f"/{tester.at(target)}"}
            if tester.ask("PATCH", tester.at(row), body):
                return f"{row} points at {target} by {one.column}"
    return None


def assign(tester: Tester) -> str | None:
    """Give a seeded row to somebody else."""
    row, user = tester.ours(), tester.theirs("systemuser")
    if row is None or user is None or "ownerid" not in tester.table(row[0]).columns:
        return None
    body = {"ownerid@odata.bind": f"/systemusers({user[1]})"}
    return f"gave {row} to {user}" if tester.ask("PATCH", tester.at(row), body) else None


def share(tester: Tester) -> str | None:
    """Share a seeded customer with a colleague."""
    row, user = tester.ours("contact"), tester.theirs("systemuser")
    if row is None or user is None:
        return None
    body: dict[str, object] = {
        "Target": {"@odata.type": "Microsoft.Dynamics.CRM.contact", "contactid": row[1]},
        "PrincipalAccess": {
            "Principal": {
                "@odata.type": "Microsoft.Dynamics.CRM.systemuser",
                "systemuserid": user[1],
            },
            "AccessMask": "ReadAccess",
        },
    }
    return f"shared {row}" if tester.make("GrantAccess", body) else None


def remove(tester: Tester) -> str | None:
    """Delete a seeded row."""
    row = tester.ours()
    return f"deleted {row}" if row and tester.ask("DELETE", tester.at(row)) else None


def take_id(tester: Tester) -> str | None:
    """Delete a seeded customer and make another row with its id."""
    row = tester.ours("contact", "msfsi_branch")
    if row is None or not tester.ask("DELETE", tester.at(row)):
        return None
    table = tester.table(row[0])
    own = {"lastname": "Taken"} if row[0] == "contact" else tester.body_of(table)
    body = {table.primary_id: row[1], **own}
    return f"took the id of {row}" if tester.make(table.entity_set, body) else f"deleted {row}"


def put_back(tester: Tester) -> str | None:
    """Delete a seeded row and put it back with all that marks it, as a restored export does."""
    row = tester.ours("contact", "msfsi_lifemoment", "msfsi_branch")
    if row is None:
        return None
    table, values = tester.table(row[0]), tester.values(row)
    if not tester.ask("DELETE", tester.at(row)):
        return None
    number = values.get("importsequencenumber")
    name = "lastname" if row[0] == "contact" else str(table.primary_name)
    body: dict[str, object] = {table.primary_id: row[1], name: "Put back"}
    body |= {"importsequencenumber": number} if number else {}
    return f"put back {row}" if tester.make(table.entity_set, body) else f"deleted {row}"


def copy_number(tester: Tester) -> str | None:
    """Import a row that carries a run's number, as a copy of our rows does."""
    mark = tester.draw.choice(sorted(tester.seeded))
    body = {"lastname": "Imported", "importsequencenumber": mark}
    return "imported a contact with a run's number" if tester.make("contacts", body) else None


HARMLESS: tuple[Move, ...] = (
    edit,
    resolve,
    publish,
    complete,
    deactivate,
    point_at_theirs,
    assign,
    share,
    remove,
    take_id,
    put_back,
    copy_number,
)
