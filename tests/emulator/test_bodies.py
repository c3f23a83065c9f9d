"""What stands in a body: JSON itself, texts, numbers, annotations, content types."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.emulator.conftest import Local

PAYLOAD = (400, "0x80048d19")


@pytest.mark.parametrize(
    "body",
    [
        b'{"lastname":"A","lastname":"B"}',
        b'{"lastname": "A", "firstname": "B", "lastname": "A"}',
        b'{"parentcustomerid_account":{"name":"A","name":"B"}}',
        b'{"lastname":NaN}',
        b'{"annualincome":1e999}',
        b'{"annualincome":Infinity}',
        b'{"lastname":"\\ud800"}',
        b'{"lastname":"\xff"}',
        b'{"lastname":"A"',
        b'{"lastname":"A"} x',
        b"",
        b'"A"',
        b'{"contact_customer_contacts":' + b"[" * 2000 + b"]" * 2000 + b"}",
        b'{"a":' * 300 + b"1" + b"}" * 300,
    ],
)
def test_a_body_that_is_no_plain_json_is_refused(shared: Local, body: bytes) -> None:
    refused = shared.refused("POST", "contacts", body, Content_Type="application/json")
    assert refused[:2] == PAYLOAD


def test_a_body_without_a_content_type_is_refused(shared: Local) -> None:
    assert shared.refused("POST", "contacts", b'{"lastname":"A"}')[:2] == PAYLOAD
    json = "application/json; charset=utf-8; odata.metadata=minimal"
    answer = shared.send("POST", "contacts", b'{"lastname":"A"}', Content_Type=json)
    assert answer.status_code == 204


def test_an_empty_text_is_kept_as_null(local: Local) -> None:
    row = local.create("contacts", lastname="A", firstname="", description="")
    assert local.get(f"contacts({row})")["firstname"] is None
    local.send("PATCH", f"contacts({row})", {"lastname": ""})
    found = local.get(f"contacts({row})")
    assert (found["lastname"], found["fullname"]) == (None, None)
    rows = [{"lastname": "", "firstname": name} for name in "ab"]
    ids = local.bulk("contacts", "CreateMultiple", "contact", rows).json()["Ids"]
    assert [local.get(f"contacts({row})")["lastname"] for row in ids] == [None, None]


@pytest.mark.parametrize("message", ["POST", "CreateMultiple"])
def test_a_text_with_a_nul_is_refused(local: Local, message: str) -> None:
    bad = {"lastname": "A\0B"}
    if message == "POST":
        assert local.refused("POST", "contacts", bad)[:2] == (400, "0x80040203")
    else:
        answer = local.bulk("contacts", message, "contact", [bad, bad])
        assert answer.json()["error"]["code"] == "0x80040203"
    assert local.rows("contacts") == []


def test_annotations_beside_columns_are_left_alone(local: Local) -> None:
    row = local.create(
        "contacts",
        **{
            "@odata.etag": 'W/"1"',
            "lastname": "A",
            "gendercode@OData.Community.Display.V1.FormattedValue": "Male",
            "@odata.type": "#Microsoft.Dynamics.CRM.contact",
        },
    )
    assert local.get(f"contacts({row})")["lastname"] == "A"


GOOD = {
    "lastname": "Okafor",
    "description": "Long",
    "numberofchildren": 2,
    "gendercode": 1,
    "annualincome": 5.25,
    "donotphone": True,
    "birthdate": "1980-02-29",
    "msfsi_joindate": "2020-02-29T10:00:00Z",
    "importsequencenumber": -7,
}
ODD = [
    ("lastname", "x" * 51),
    ("lastname", "\N{GRINNING FACE}" * 26),
    ("lastname", 5),
    ("numberofchildren", True),
    ("numberofchildren", 2.0),
    ("numberofchildren", -1),
    ("numberofchildren", 10**30),
    ("gendercode", 77),
    ("gendercode", None),
    ("annualincome", "5"),
    ("annualincome", 2.675),
    ("annualincome", 1e20),
    ("donotphone", 1),
    ("birthdate", "1980-02-30"),
    ("birthdate", "1752-02-01"),
    ("msfsi_joindate", "2020-02-30T10:00:00Z"),
    ("msfsi_joindate", "2020-02-29T10:00:00+02:00"),
    ("msfsi_joindate", "1752-02-01T10:00:00Z"),
    ("contactid", "not a guid"),
    ("statuscode", 2),
    ("nonsense", 1),
    ("msfsi_Branch@odata.bind", "nonsense"),
    ("msfsi_Branch@odata.bind", None),
    ("parentcustomerid_account@odata.Bind", "x"),
]


@pytest.mark.parametrize(("column", "value"), ODD)
def test_many_rows_are_judged_as_each_alone(local: Local, column: str, value: Any) -> None:
    """A bulk request takes a shortcut; it must end as the single creates do."""
    rows = [{**GOOD, "firstname": name} for name in "abcd"]
    rows[2] = {**rows[2], column: value}
    rows[3] = {**rows[3], column: value}

    alone = [local.send("POST", "contacts", row) for row in rows]
    together = local.bulk("contacts", "CreateMultiple", "contact", rows)

    if alone[2].status_code == 204:
        names = [*(name for name in GOOD if name != column), column.partition("@")[0]]
        columns = [name for name in names if name in GOOD]
        path = "contacts?$orderby=firstname&$filter=contactid eq "
        for answer, made in zip(alone, together.json()["Ids"], strict=True):
            one = local.get(answer.headers["OData-EntityId"])
            other = local.rows(f"{path}{made}")[0]
            assert [one[name] for name in columns] == [other[name] for name in columns]
    else:
        assert together.status_code == alone[2].status_code
        assert together.json()["error"] == alone[2].json()["error"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    [*GOOD, "contactid", "@odata.type", "@odata.id", "msfsi_Branch@odata.bind", "ownerid", "value"]
) | st.text(max_size=12)
PATHS = st.sampled_from(
    [
        ("POST", "contacts"),
        ("POST", "contacts/Microsoft.Dynamics.CRM.CreateMultiple"),
        ("POST", "contacts/Microsoft.Dynamics.CRM.UpsertMultiple"),
        ("PATCH", "contacts(c0000001-5eed-8000-8000-00000000f001)"),
        ("PUT", "contacts(c0000001-5eed-8000-8000-00000000f001)/lastname"),
        ("POST", "accounts(c0000001-5eed-8000-8000-00000000f001)/contact_customer_accounts/$ref"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(PATHS, st.dictionaries(NAMES, JSON, max_size=4), st.booleans())
def test_no_body_breaks_the_service(
    shared: Local, path: tuple[str, str], body: dict[str, Any], listed: bool
) -> None:
    sent: Any = {"Targets": [body, body]} if listed else body
    try:
        answer = shared.send(*path, sent)
    except ValueError:  # what the client can't write as JSON
        return
    assert answer.status_code < 500, answer.text


def test_a_body_beyond_the_limit_is_refused(shared: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seedkit.emulator.service.BODY_LIMIT", 100)
    body = {"lastname": "A", "description": "x" * 100}
    assert shared.refused("POST", "contacts", body)[0] == 413
    assert shared.send("POST", "contacts", {"lastname": "A"}).status_code == 204
