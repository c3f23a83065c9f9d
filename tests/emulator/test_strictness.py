"""Requests that the service refuses and a lenient double would take."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.emulator.conftest import Local

BATCH = "multipart/mixed; boundary=b"
PAYLOAD, ADDRESS = "0x80048d19", "0x80060888"
PART = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("birthdate", "2026-W05-6", PAYLOAD),
        ("msfsi_joindate", "2026-W05-6T09:30:00Z", PAYLOAD),
        ("msfsi_joindate", "2026-01-31T0930Z", PAYLOAD),
        ("msfsi_joindate", "9999-12-31T23:59:59-14:00", PAYLOAD),
        ("msfsi_joindate", "1753-01-01T00:00:00+05:00", "0x80040239"),
        ("lastname", "\N{GRINNING FACE}" * 26, "0x80044331"),
        ("ownerid@odata.bind", None, "0x80040200"),
        ("parentcustomerid_account@odata.Bind", "/accounts(x)", PAYLOAD),
        ("@odata.type", "Microsoft.Dynamics.CRM.account", PAYLOAD),
        ("@odata.type", 5, PAYLOAD),
        ("contact_customer_contacts", [5], PAYLOAD),
        ("contact_customer_contacts@odata.bind", [5], PAYLOAD),
    ],
)
def test_a_faulty_body_is_refused(shared: Local, column: str, value: Any, code: str) -> None:
    status, found, _message = shared.refused("POST", "contacts", {"firstname": "A", column: value})
    assert (status, found) == (400, code)


def test_text_of_astral_letters_up_to_the_limit_is_taken(shared: Local) -> None:
    shared.create("contacts", lastname="\N{GRINNING FACE}" * 25)


@pytest.mark.parametrize("change", [{"statecode": None}, {"ownerid@odata.bind": None}])
def test_what_the_platform_needs_cannot_be_emptied(shared: Local, change: dict[str, Any]) -> None:
    row = shared.create("contacts", lastname="A")
    assert shared.refused("PATCH", f"contacts({row})", change)[:2] == (400, "0x80040200")


def test_a_body_with_another_id_than_the_address_is_refused(shared: Local, ids: Any) -> None:
    body = {"contactid": ids(902), "lastname": "A"}
    assert shared.refused("PATCH", f"contacts({ids(901)})", body)[:2] == (400, PAYLOAD)


def test_a_body_that_says_it_is_no_json_is_refused(shared: Local) -> None:
    refused = shared.refused("POST", "contacts", b'{"lastname":"A"}', Content_Type="text/plain")
    assert refused[:2] == (400, PAYLOAD)


@pytest.mark.parametrize(
    "condition",
    [
        "importsequencenumber eq 99999999999999999999",
        "createdon gt 9999-12-31T23:59:59-14:00",
        "lastname eq gendercode",
        "contact_customer_contacts/any(x:x/lastname eq 'a') and x/lastname eq 'b'",
        "Microsoft.Dynamics.CRM.In('lastname','a')",
        "Microsoft.Dynamics.CRM.In(PropertyName=null,PropertyValues=['a'])",
        "Microsoft.Dynamics.CRM.In(PropertyName='lastname',PropertyValues='a')",
    ],
)
def test_a_faulty_filter_is_refused(shared: Local, condition: str) -> None:
    assert shared.refused("GET", f"contacts?$filter={quote(condition)}")[:2] == (400, ADDRESS)


@pytest.mark.parametrize(
    "condition",
    [" or ".join(["lastname eq 'a'"] * 900), "not(" * 200 + "lastname eq 'a'" + ")" * 200],
)
def test_a_filter_beyond_all_bounds_is_refused(shared: Local, condition: str) -> None:
    refused = shared.refused("GET", f"contacts?$filter={quote(condition)}")
    assert refused[:2] == (400, "0x8004430c")


@pytest.mark.parametrize(
    "options",
    [
        "$top=%C2%B2",
        "$count=maybe",
        "$select=lastname&$select=firstname",
        "$expand=masterid($select=nope)",
        "$expand=masterid($select=lastname)x",
        "$skiptoken=" + quote('<cookie pagenumber="2" pagingcookie="%5B%5B1%5D%5D" />'),
        "$skiptoken="
        + quote('<cookie pagenumber="2" pagingcookie="%5B18446744073709551615%5D" />'),
        "$skiptoken=" + quote('<cookie pagenumber="2" pagingcookie="%7B%22a%22%3A1%7D" />'),
    ],
)
def test_faulty_query_options_are_refused(shared: Local, options: str) -> None:
    assert shared.refused("GET", f"contacts?{options}")[:2] == (400, ADDRESS)


@pytest.mark.parametrize("path", ["/api/data/v9.9/contacts", "/api/data/v9.2contacts", "WhoAmI/x"])
def test_an_address_that_leads_nowhere_is_refused(shared: Local, path: str) -> None:
    assert shared.refused("GET", path)[:2] == (404, ADDRESS)


def test_an_address_may_have_as_many_letters_as_documented(shared: Local) -> None:
    long = "contacts?$select=lastname&tag=" + "x" * 32_768
    assert shared.refused("GET", long)[0] == 414
    assert shared.send("GET", long[:32_000]).status_code == 200


def test_base_amounts_go_with_the_currency(shared: Local) -> None:
    row = shared.create("accounts", name="A", creditlimit=5)
    emptied = {"creditlimit": None, "transactioncurrencyid@odata.bind": None}
    assert shared.send("PATCH", f"accounts({row})", emptied).status_code == 204
    assert shared.get(f"accounts({row})?$select=creditlimit_base")["creditlimit_base"] is None


def _post(head: str, name: str = "A", line: str = "POST contacts HTTP/1.1") -> str:
    return f'{head}\r\n{line}\r\nContent-Type: application/json\r\n\r\n{{"lastname":"{name}"}}\r\n'


def _change_set(*parts: str) -> str:
    inner = "".join(f"--c\r\n{part}" for part in parts)
    return f"Content-Type: multipart/mixed; boundary=c\r\n\r\n{inner}--c--\r\n"


@pytest.mark.parametrize(
    "part",
    [
        _post("Content-Transfer-Encoding: binary\r\n"),
        _post("Content-Type: application/json\r\nContent-Transfer-Encoding: binary\r\n"),
        _post("Content-Type: application/http\r\n"),
        _post(PART, line="POST contacts"),
        _change_set(_post(f"{PART}Content-ID: 1\r\n"), _post(f"{PART}Content-ID: 1\r\n")),
        _change_set(_post(f"{PART}Content-ID: \r\n")),
    ],
)
def test_a_faulty_part_of_a_batch_is_refused(shared: Local, part: str) -> None:
    before = shared.get("contacts?$top=1&$count=true&$select=contactid")["@odata.count"]
    body = f"--b\r\n{part}--b--\r\n".encode()
    assert shared.send("POST", "$batch", body, Content_Type=BATCH).status_code == 400
    after = shared.get("contacts?$top=1&$count=true&$select=contactid")["@odata.count"]
    assert after == before


def test_letters_outside_utf8_in_a_part_are_refused(shared: Local) -> None:
    body = f"--b\r\n{_post(PART, line='POST cont~ HTTP/1.1')}--b--\r\n".encode()
    answer = shared.send("POST", "$batch", body.replace(b"~", b"\xff"), Content_Type=BATCH)
    assert answer.status_code == 404


def test_a_change_set_deletes_by_alternate_key(shared: Local) -> None:
    shared.create("contacts", lastname="A", msfsi_integrationkey="GONE")
    line = "DELETE contacts(msfsi_integrationkey='GONE') HTTP/1.1"
    part = _change_set(_post(f"{PART}Content-ID: 1\r\n", line=line))
    body = f"--b\r\n{part}--b--\r\n".encode()
    assert shared.send("POST", "$batch", body, Content_Type=BATCH).status_code == 200
    assert shared.rows("contacts?$filter=msfsi_integrationkey eq 'GONE'") == []


def test_a_target_whose_type_is_no_text_is_refused(shared: Local) -> None:
    body = {"Targets": [{"@odata.type": 5, "lastname": "A"}]}
    path = "contacts/Microsoft.Dynamics.CRM.CreateMultiple"
    assert shared.refused("POST", path, body)[:2] == (400, PAYLOAD)


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("option", ["$nonsense=1", "$filter=lastname eq 'a'", "$skip=1", "x=1"])
def test_a_write_with_options_that_no_row_has_is_refused(
    local: Local, method: str, option: str
) -> None:
    path = "contacts" if method == "POST" else f"contacts({local.create('contacts', lastname='a')})"
    before = local.rows("contacts")
    assert local.refused(method, f"{path}?{option}", {"lastname": "b"})[:2] == (400, "0x80060888")
    assert local.rows("contacts") == before
