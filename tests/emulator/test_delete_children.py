"""A delete leaves out the tables that hold no rows, and yet misses no child."""

from __future__ import annotations

from typing import Any

import pytest

from seedkit.emulator.storage.store import Store
from seedkit.schema import load_catalogue
from tests.emulator.conftest import Local


def note_of(local: Local, contact: str) -> str:
    return local.create("annotations", objectid_contact__bind=f"/contacts({contact})")


def delete(local: Local, contact: str) -> None:
    assert local.send("DELETE", f"contacts({contact})").status_code == 204


def test_the_first_row_of_a_table_is_found_by_the_next_delete(local: Local) -> None:
    delete(local, local.create("contacts", lastname="O"))
    contact = local.create("contacts", lastname="O")
    note_of(local, contact)
    delete(local, contact)
    assert local.rows("annotations") == []


def test_rows_that_another_process_wrote_are_found(local: Local) -> None:
    delete(local, local.create("contacts", lastname="O"))
    contact = local.create("contacts", lastname="O")
    other = Local(local.database)
    note_of(other, contact)
    other.app.state.close()

    delete(local, contact)

    assert local.rows("annotations") == []


@pytest.fixture
def store(local: Local) -> Any:
    opened = Store(local.database, load_catalogue())
    yield opened
    opened.close()


def test_only_tables_with_rows_count_as_filled(local: Local, store: Store) -> None:
    assert {"organization", "systemuser", "queue"} <= store.filled()
    assert store.filled().isdisjoint({"contact", "annotation", "task", "activitypointer"})
    before = store.filled()
    assert store.filled() is before
    local.create("contacts", lastname="O")
    assert store.filled() == before | {"contact"}


def test_a_delete_asks_for_children_in_tables_with_rows_only(local: Local) -> None:
    contact = local.create("contacts", lastname="O")
    note_of(local, local.create("contacts", lastname="O"))
    asked: list[str] = []
    environment = local.app.state.host.service().environment
    environment.store.connection.set_trace_callback(asked.append)
    delete(local, contact)
    probe = next(text for text in asked if "LIMIT 1)" in text)
    assert '"annotation"' in probe
    assert '"incident"' not in probe
    assert '"msfsi_lifemoment"' not in probe
