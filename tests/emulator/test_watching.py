"""What is asked for once per transaction is asked anew after it, and what is asked per socket."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import pytest

from seedkit.emulator.serving import listen
from seedkit.emulator.storage.store import Store
from seedkit.schema import load_catalogue

TABLE = "msfsi_fi_card"


@pytest.fixture
def stores(local: Any) -> Iterator[tuple[Store, Store]]:
    """Two stores over one file, as two processes have it open."""
    local.app.state.close()
    with (
        closing(Store(local.database, load_catalogue())) as one,
        closing(Store(local.database, load_catalogue())) as other,
    ):
        yield one, other


def insert(store: Store) -> None:
    width = len(store.layouts[TABLE].columns)
    row = ["c0000001-5eed-8000-8000-000000000001", *[None] * (width - 1)]
    with store.transaction():
        store.insert(store.layouts[TABLE], [row])


def test_rows_of_another_process_are_seen_by_the_next_transaction(
    stores: tuple[Store, Store],
) -> None:
    one, other = stores
    with one.transaction():
        assert TABLE not in one.filled()
        assert TABLE not in one.filled()
    insert(other)
    assert TABLE in one.filled()
    with one.transaction():
        assert TABLE in one.filled()


def test_a_schema_change_of_another_process_is_seen_by_the_next_transaction(
    stores: tuple[Store, Store],
) -> None:
    one, other = stores
    with one.transaction():
        assert not one.follow_schema()
    with other.transaction():
        other.change_schema({TABLE: None}, {})
    with one.transaction():
        assert one.follow_schema()
        assert not one.follow_schema()


def test_a_schema_change_that_is_undone_is_seen_within_the_transaction(
    stores: tuple[Store, Store],
) -> None:
    store, _other = stores
    stamp = store.schema_stamp
    with store.transaction():
        assert not store.follow_schema()
        with suppress(ZeroDivisionError), store.transaction():
            store.change_schema({TABLE: None}, {})
            assert store.schema_stamp != stamp
            raise ZeroDivisionError
        assert store.follow_schema()
        assert store.schema_stamp == stamp


def test_answers_do_not_wait_for_the_client_to_acknowledge_their_head() -> None:
    listeners = listen(0)
    try:  # asyncio turns Nagle's algorithm off where the protocol is named
        assert {item.proto for item in listeners.sockets} == {socket.IPPROTO_TCP}
    finally:
        listeners.close()
