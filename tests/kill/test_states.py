"""Killing the client in the pass that closes rows: a resume leaves each in its final state."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kill.test_kill import RUN, Client, Row, Rows

SEED = ("seed", "--profile", "service", "--households", "3", "--run-id", RUN)
CASES = "POST /api/data/v9.2/CloseIncident"
CALLS = "PATCH /api/data/v9.2/phonecalls"
MAILS = "PATCH /api/data/v9.2/emails"
MOMENTS = [
    pytest.param(text, moment, marks=() if text == CASES else pytest.mark.soak)
    for text in (CASES, CALLS, MAILS)
    for moment in ("before", "after")
]
# Moments of the service's clock; ids and numbers that it gives by arrival: of two requests on the
# way at once, now one comes first and now the other.
BY_THE_SERVICE = {
    "actualend",
    "articlepublicnumber",
    "enteredon",
    "relatedconnectionid",
    "rootarticleid",
    "ticketnumber",
    "workeridmodifiedon",
}
RESOLUTION = "incidentresolution"


def rows_of(client: Client) -> Rows:
    """Return the rows of the run without what the service has put into them, in one order."""
    return {
        table: sorted((ours(table, row) for row in rows if is_marked(row)), key=repr)
        for table, rows in client.rows().items()
    }


def is_marked(row: Row) -> bool:
    return bool(row.get("importsequencenumber")) and not row.get("isrootarticle")


def ours(table: str, row: Row) -> Row:
    """Return what we sent of a row; a resolution is made, and named, by the service."""
    left_out = BY_THE_SERVICE | ({"activityid"} if table == RESOLUTION else set())
    return {name: value for name, value in row.items() if name not in left_out}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """An undisturbed run with cases."""
    client = Client(tmp_path_factory.mktemp("served"))
    with client.server():
        client.run(*SEED, "--environment", client.url)
    return client


@pytest.mark.parametrize(("text", "moment"), MOMENTS)
def test_a_seed_killed_while_rows_are_closed_is_resumed_to_the_same_rows(
    tmp_path: Path, served: Client, text: str, moment: str
) -> None:
    client = Client(tmp_path)
    with client.server(1, moment, text):
        client.kill_when_held(*SEED, "--environment", client.url)
        client.run("resume", RUN)
    found, expected = rows_of(client), rows_of(served)
    assert [name for name in expected if found[name] != expected[name]] == []
    assert {row["statecode"] for row in found["incident"]} >= {0, 1}
