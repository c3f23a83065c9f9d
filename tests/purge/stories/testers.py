"""What testers do to an environment in which runs were seeded; each move is one kind of doing.

A move draws what it is about and tells what it did; `None` when the environment would not have it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from seedkit.emulator import dump
from seedkit.schema import Relationship, Table, load_catalogue
from tests.purge.stories.ground import API, Rows

COLLEAGUE = "jordan.pierce@bank.example"
TRIES = 12
TEXTS = {"string", "memo"}
FOREIGN_TABLES = ("contact", "account", "msfsi_bank", "msfsi_branch", "msfsi_group")
Row = tuple[str, str]


@dataclass
class Tester:
    """A person with a browser: rows as they are now, and ways to change them.

    `own` are rows that belonged to nobody's run when the story began; `seeded` those of the runs.
    """

    url: str
    database: Path
    draw: random.Random
    seeded: frozenset[Row]
    marks: tuple[int, ...]

    def __post_init__(self) -> None:
        self._client = httpx.Client(base_url=self.url + API, timeout=30)
        self._catalogue = load_catalogue()
        self._colleague = httpx.post(
            f"{self.url}/emulator/tokens", json={"user": COLLEAGUE, "seconds": 360_000}
        ).json()["access_token"]

    def close(self) -> None:
        self._client.close()

    def rows(self) -> Rows:
        return dump(self.database)

    def table(self, name: str) -> Table:
        return self._catalogue[name]

    def at(self, row: Row) -> str:
        return f"{self.table(row[0]).entity_set}({row[1]})"

    def ours(self, *tables: str) -> Row | None:
        """Draw a row of a run that is still there."""
        there = self.rows()
        found = [
            row
            for row in sorted(self.seeded)
            if (not tables or row[0] in tables)
            and any(one[self.table(row[0]).primary_id] == row[1] for one in there[row[0]])
        ]
        return self.draw.choice(found) if found else None

    def theirs(self, *tables: str) -> Row | None:
        """Draw a row that is nobody's run's."""
        there = self.rows()
        found = [
            (name, str(row[self.table(name).primary_id]))
            for name in tables
            for row in there[name]
            if (name, row[self.table(name).primary_id]) not in self.seeded
        ]
        return self.draw.choice(sorted(found)) if found else None

    def ask(self, method: str, address: str, body: dict[str, object] | None = None) -> bool:
        """Ask as the administrator or as a colleague; tell whether it was done."""
        headers = {}
        if self.draw.random() < 0.5:
            headers["Authorization"] = f"Bearer {self._colleague}"
        answer = self._client.request(method, address, json=body, headers=headers)
        if answer.status_code == httpx.codes.FORBIDDEN:
            answer = self._client.request(method, address, json=body)
        assert answer.status_code < 500, answer.text  # nothing that a tester does breaks it
        return answer.is_success

    def make(self, set_name: str, body: dict[str, object]) -> bool:
        return self.ask("POST", set_name, body)

    def children(self, table: str) -> tuple[Relationship, ...]:
        return self._catalogue.children[table]

    def body_of(self, table: Table) -> dict[str, object]:
        """Return what a new row of a table says of itself."""
        name = table.primary_name
        named = name is not None and table.columns[name].creatable
        return {str(name): f"By a tester {self.draw.randrange(1000)}"} if named else {}


Move = Callable[[Tester], str | None]


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


def hang_deep(tester: Tester) -> str | None:
    """Open a case about a seeded customer, and write a note on it."""
    row = tester.ours("contact")
    if row is None:
        return None
    case = _id(tester, "ca")
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


def point_at_theirs(tester: Tester) -> str | None:
    """Let a seeded row point at a row of somebody else."""
    return _point(tester, tester.ours(), tester.theirs)


def point_at_ours(tester: Tester) -> str | None:
    """Let a row of somebody else point at a seeded one."""
    row = tester.theirs("contact", "msfsi_branch", "account", "msfsi_lifemoment", "annotation")
    return _point(tester, row, tester.ours)


def _point(tester: Tester, row: Row | None, choose: Callable[[str], Row | None]) -> str | None:
    if row is None:
        return None
    columns = [
        relationship
        for relationship in tester.table(row[0]).relationships
        if tester.table(row[0]).columns[relationship.column].updatable
        and relationship.column != "ownerid"
    ]
    for _ in range(TRIES):
        one = tester.draw.choice(columns)
        target = choose(one.parent)
        if target is not None and target != row:
            body = {f"{one.bind}@odata.bind": f"/{tester.at(target)}"}
            if tester.ask("PATCH", tester.at(row), body):
                return f"{row} points at {target} by {one.column}"
    return None


def deactivate(tester: Tester) -> str | None:
    """Deactivate, cancel or complete a seeded row."""
    row = tester.ours()
    if row is None or "statecode" not in tester.table(row[0]).columns:
        return None
    done = tester.ask("PATCH", tester.at(row), {"statecode": 1})
    return f"deactivated {row}" if done else None


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
    body = {table.primary_id: row[1], **tester.body_of(table), "lastname": "Taken"}
    if row[0] != "contact":
        del body["lastname"]
    return f"took the id of {row}" if tester.make(table.entity_set, body) else f"deleted {row}"


def copy_number(tester: Tester) -> str | None:
    """Import a row that carries a run's number, as a copy of our rows does."""
    mark = tester.draw.choice(tester.marks)
    body = {"lastname": "Imported", "importsequencenumber": mark}
    return "imported a contact with a run's number" if tester.make("contacts", body) else None


def install_samples(tester: Tester) -> str | None:
    """Add somebody else's sample data, with an import's number and rows that hang together."""
    contact = _id(tester, "5a")
    body = {"contactid": contact, "lastname": "Sample", "importsequencenumber": 12}
    event = {"msfsi_name": "Sample", "msfsi_Contact@odata.bind": f"/contacts({contact})"}
    done = tester.make("contacts", body) and tester.make("msfsi_lifemoments", event)
    return "installed samples" if done else None


def _id(tester: Tester, kind: str) -> str:
    return f"00000000-0000-4000-8000-{kind}{tester.draw.randrange(16**10):010x}"


HARMLESS: tuple[Move, ...] = (
    edit,
    point_at_theirs,
    deactivate,
    assign,
    share,
    remove,
    take_id,
    copy_number,
    install_samples,
)
HANGING: tuple[Move, ...] = (
    hang,
    hang_on_customer,
    hang_deep,
    attach,
    connect,
    merge,
    point_at_ours,
)
