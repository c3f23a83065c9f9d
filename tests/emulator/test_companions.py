"""Rows that the platform makes by itself: addresses, reciprocal connections, root articles."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def plain(local: Any) -> Any:
    """A local environment without the rows which the platform makes by itself."""
    local.turn(companion_rows=False)
    return local


def _addresses(local: Any, customer: str, number: int) -> Any:
    chosen = f"_parentid_value eq {customer} and addressnumber eq {number}"
    return local.rows(f"customeraddresses?$filter={chosen}")


def test_a_contact_has_three_addresses_and_an_account_two(local: Any) -> None:
    contact = local.create("contacts", lastname="O", address2_city="Lyon")
    account = local.create("accounts", name="A")
    rows = local.rows(f"customeraddresses?$filter=_parentid_value eq {contact}")
    assert sorted(row["addressnumber"] for row in rows) == [1, 2, 3]
    assert len(local.rows(f"customeraddresses?$filter=_parentid_value eq {account}")) == 2
    own = local.get(f"contacts({contact})")
    (second,) = _addresses(local, contact, 2)
    assert second["customeraddressid"] == own["address2_addressid"]
    assert (second["city"], second["objecttypecode"]) == ("Lyon", "contact")


def test_an_address_is_read_by_its_id(local: Any) -> None:
    contact = local.create("contacts", lastname="O", address1_line1="1 Quay")
    key = local.get(f"contacts({contact})")["address1_addressid"]
    assert local.get(f"customeraddresses({key})")["line1"] == "1 Quay"


def test_a_changed_address_changes_the_customer_and_the_other_way_round(local: Any) -> None:
    contact = local.create("contacts", lastname="O")
    (first,) = _addresses(local, contact, 1)
    path = f"customeraddresses({first['customeraddressid']})"
    assert local.send("PATCH", path, {"city": "Porto"}).status_code == 204
    row = local.get(f"contacts({contact})")
    assert (row["address1_city"], row["address1_composite"]) == ("Porto", "Porto")
    assert row["address2_city"] is None
    local.send("PATCH", f"contacts({contact})", {"address1_city": "Braga"})
    assert local.get(path)["city"] == "Braga"


def test_further_addresses_are_rows_of_their_own(local: Any) -> None:
    contact = local.create("contacts", lastname="O")
    bind = {"parentid_contact__bind": f"/contacts({contact})"}
    key = local.create("customeraddresses", name="Boat", city="Cork", addressnumber=4, **bind)
    path = f"customeraddresses({key})"
    local.send("PATCH", path, {"city": "Kiel"})
    assert local.get(path)["city"] == "Kiel"
    assert local.get(f"contacts({contact})")["address1_city"] is None
    assert local.send("DELETE", path).status_code == 204
    assert len(local.rows("customeraddresses")) == 3


def test_a_customers_own_address_stays_as_long_as_the_customer(local: Any) -> None:
    contact = local.create("contacts", lastname="O")
    bind = {"parentid_contact__bind": f"/contacts({contact})"}
    local.create("customeraddresses", name="Boat", addressnumber=4, **bind)
    (first,) = _addresses(local, contact, 1)
    assert local.refused("DELETE", f"customeraddresses({first['customeraddressid']})")[0] == 400
    assert local.send("DELETE", f"contacts({contact})").status_code == 204
    assert local.rows("customeraddresses") == []


def test_a_given_address_id_is_kept(local: Any, ids: Any) -> None:
    contact = local.create("contacts", lastname="O", address1_addressid=ids(7))
    (first,) = _addresses(local, contact, 1)
    assert first["customeraddressid"] == ids(7)


def _connection(local: Any) -> tuple[str, str, str]:
    first, second = (local.create("contacts", lastname=name) for name in "AB")
    made = local.create(
        "connections",
        record1id_contact__bind=f"/contacts({first})",
        record2id_contact__bind=f"/contacts({second})",
        description="Friends",
        importsequencenumber=-5,
    )
    return made, first, second


def test_a_connection_has_a_reciprocal(local: Any) -> None:
    made, first, second = _connection(local)
    own = local.get(f"connections({made})")
    other = local.get(f"connections({own['_relatedconnectionid_value']})")
    assert (other["_record1id_value"], other["_record2id_value"]) == (second, first)
    assert (own["ismaster"], other["ismaster"]) == (True, False)
    assert other["_relatedconnectionid_value"] == made
    assert (own["importsequencenumber"], other["importsequencenumber"]) == (-5, None)


def test_a_change_of_one_half_changes_the_other(local: Any) -> None:
    made, _first, _second = _connection(local)
    third = local.create("contacts", lastname="C")
    other = local.get(f"connections({made})")["_relatedconnectionid_value"]
    body = {"description": "Kin", "record2id_contact@odata.bind": f"/contacts({third})"}
    assert local.send("PATCH", f"connections({made})", body).status_code == 204
    row = local.get(f"connections({other})")
    assert (row["description"], row["_record1id_value"]) == ("Kin", third)


@pytest.mark.parametrize("half", ["own", "other"])
def test_both_halves_go_together(local: Any, half: str) -> None:
    made, _first, _second = _connection(local)
    other = local.get(f"connections({made})")["_relatedconnectionid_value"]
    gone = made if half == "own" else other
    assert local.send("DELETE", f"connections({gone})").status_code == 204
    assert local.rows("connections") == []


def test_a_connection_goes_with_either_end(local: Any) -> None:
    _made, _first, second = _connection(local)
    assert local.send("DELETE", f"contacts({second})").status_code == 204
    assert local.rows("connections") == []


def test_a_connection_needs_both_ends(local: Any) -> None:
    first = local.create("contacts", lastname="A")
    body = {"record1id_contact@odata.bind": f"/contacts({first})"}
    assert local.refused("POST", "connections", body)[:2] == (400, "0x80040203")


def test_an_article_gets_a_number_a_version_and_a_root(local: Any) -> None:
    made = local.create("knowledgearticles", title="Fees", importsequencenumber=-5)
    row = local.get(f"knowledgearticles({made})")
    assert row["articlepublicnumber"].startswith("KA-")
    assert (row["majorversionnumber"], row["minorversionnumber"]) == (1, 0)
    assert (row["islatestversion"], row["isrootarticle"]) == (True, False)
    root = local.get(f"knowledgearticles({row['_rootarticleid_value']})")
    assert (root["isrootarticle"], root["importsequencenumber"]) == (True, None)
    assert local.send("DELETE", f"knowledgearticles({made})").status_code == 204
    assert local.rows("knowledgearticles") == []


def test_without_the_switch_only_what_is_sent_is_there(plain: Any) -> None:
    local = plain
    made, _first, _second = _connection(local)
    assert local.rows("customeraddresses") == []
    assert len(local.rows("connections")) == 1
    assert local.get(f"connections({made})")["_relatedconnectionid_value"] is None
    local.create("knowledgearticles", title="Fees")
    assert len(local.rows("knowledgearticles")) == 1
