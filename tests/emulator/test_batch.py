from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = "/api/data/v9.2/"


def part(
    method: str, path: str, body: Any = None, number: int | None = None, **headers: str
) -> str:
    lines = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    if number is not None:
        lines.append(f"Content-ID: {number}")
    address = path if path.startswith(("$", "http", "/")) else ROOT + path
    lines += ["", f"{method} {address} HTTP/1.1", "Accept: application/json"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    text = "" if body is None else json.dumps(body)
    if text:
        lines += ["Content-Type: application/json;type=entry", f"Content-Length: {len(text)}"]
    return "\r\n".join([*lines, "", text])


def change_set(*parts: str) -> str:
    inner = "".join(f"--changeset_1\r\n{item}\r\n" for item in parts)
    return f"Content-Type: multipart/mixed; boundary=changeset_1\r\n\r\n{inner}--changeset_1--\r\n"


@dataclass
class Piece:
    status: int
    headers: dict[str, str]
    content_id: str | None
    body: Any


def read(text: str, content_type: str) -> list[Any]:
    match = re.search(r"boundary=(\S+)", content_type)
    assert match
    assert text.startswith(f"--{match[1]}\r\n")
    pieces = text.split(f"--{match[1]}")
    assert pieces[-1] == "--\r\n"
    return [read_piece(piece.removeprefix("\r\n").removesuffix("\r\n")) for piece in pieces[1:-1]]


def read_piece(piece: str) -> Any:
    head, _, rest = piece.partition("\r\n\r\n")
    own = headers_of(head)
    if own["content-type"].startswith("multipart/mixed"):
        assert "boundary=changesetresponse_" in own["content-type"]
        return read(rest, own["content-type"])
    assert own["content-type"] == "application/http"
    inner, _, body = rest.partition("\r\n\r\n")
    status, _, lines = inner.partition("\r\n")
    return Piece(
        int(status.split(" ")[1]),
        headers_of(lines),
        own.get("content-id"),
        json.loads(body) if body.strip() else None,
    )


def headers_of(text: str) -> dict[str, str]:
    pairs = [line.split(": ", 1) for line in text.split("\r\n") if ": " in line]
    return {name.lower(): value for name, value in pairs}


def send(local: Any, *parts: str, **headers: str) -> tuple[int, list[Any]]:
    body = "".join(f"--batch_1\r\n{item}\r\n" for item in parts) + "--batch_1--\r\n"
    kind = 'multipart/mixed; boundary="batch_1"'
    answer = local.send("POST", "$batch", body.encode(), Content_Type=kind, **headers)
    content_type = answer.headers["content-type"]
    assert content_type.startswith("multipart/mixed; boundary=batchresponse_"), answer.text
    return answer.status_code, read(answer.text, content_type)


def test_operations_are_answered_in_order(local: Any, ids: Any) -> None:
    status, pieces = send(
        local,
        part("POST", "msfsi_banks", {"msfsi_bankid": ids(1), "msfsi_name": "Batch Bank"}),
        part("GET", "msfsi_banks?$select=msfsi_name&$filter=startswith(msfsi_name,'Batch%20Bank')"),
        part("DELETE", f"https://bank.example/api/data/v9.2/msfsi_banks({ids(1)})"),
    )

    assert status == 200
    assert [piece.status for piece in pieces] == [204, 200, 204]
    expected = f"https://bank.example/api/data/v9.2/msfsi_banks({ids(1)})"
    assert pieces[0].headers["odata-entityid"] == pieces[0].headers["location"] == expected
    assert all(piece.headers["odata-version"] == "4.0" for piece in pieces)
    assert [row["msfsi_bankid"] for row in pieces[1].body["value"]] == [ids(1)]


def test_the_first_error_ends_a_batch(local: Any, ids: Any) -> None:
    status, pieces = send(
        local,
        part("POST", "msfsi_banks", {"msfsi_bankid": ids(1)}),
        part("POST", "msfsi_banks", {"msfsi_name": "B" * 101}),
        part("POST", "msfsi_banks", {"msfsi_bankid": ids(2)}),
    )
    assert status == 400
    assert [piece.status for piece in pieces] == [204, 400]
    assert pieces[1].body["error"]["code"] == "0x80044331"
    assert [row["msfsi_bankid"] for row in local.rows("msfsi_banks")] == [ids(1)]


def test_errors_are_answered_in_place_when_the_batch_goes_on(local: Any, ids: Any) -> None:
    status, pieces = send(
        local,
        part("DELETE", f"msfsi_banks({ids(9)})"),
        part("NONSENSE", "msfsi_banks"),
        part("POST", "msfsi_banks", {"msfsi_bankid": ids(2)}),
        Prefer="odata.continue-on-error",
    )
    assert status == 200
    assert [piece.status for piece in pieces] == [404, 405, 204]


def test_a_change_set_may_refer_to_its_own_rows(local: Any, ids: Any) -> None:
    status, [answers] = send(
        local,
        change_set(
            part("POST", "contacts", {"contactid": ids(1), "lastname": "O"}, 1),
            part("POST", "msfsi_lifemoments", {"msfsi_Contact@odata.bind": "$1"}, 2),
            part("PATCH", "$1", {"jobtitle": "Architect"}, 3),
            part("PUT", "$1/firstname", {"value": "Ada"}, 4),
        ),
    )
    assert status == 200
    assert [(piece.status, piece.content_id) for piece in answers] == [
        (204, "1"),
        (204, "2"),
        (204, "3"),
        (204, "4"),
    ]
    assert local.rows("msfsi_lifemoments")[0]["_msfsi_contact_value"] == ids(1)
    row = local.get(f"contacts({ids(1)})")
    assert (row["fullname"], row["jobtitle"]) == ("Ada O", "Architect")


def test_a_failing_change_set_leaves_nothing_and_gives_one_error(local: Any, ids: Any) -> None:
    bad = change_set(
        part("POST", "contacts", {"contactid": ids(1)}, 1),
        part("POST", "contacts", {"nonsense": 1}, 2),
    )
    after = part("POST", "contacts", {"contactid": ids(2)})
    status, pieces = send(local, bad, after, Prefer="odata.continue-on-error")

    assert status == 200
    assert [piece.status for piece in pieces] == [400, 204]
    assert [row["contactid"] for row in local.rows("contacts")] == [ids(2)]
    assert send(local, bad, after)[0] == 400


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (part("POST", "contacts", {"msfsi_Branch@odata.bind": "$9"}, 1), "0x80060888"),
        (part("GET", "contacts", None, 1), "0x80060888"),
        (part("POST", "contacts", {"lastname": "O"}), "0x80060888"),
    ],
)
def test_misuse_of_a_change_set_is_refused(local: Any, item: str, code: str) -> None:
    status, [piece] = send(local, change_set(item))
    assert (status, piece.body["error"]["code"]) == (400, code)
    assert local.rows("contacts") == []


def test_references_are_for_change_sets_only(local: Any) -> None:
    assert send(local, part("PATCH", "$1", {"jobtitle": "A"}))[1][0].status == 400


def test_conditions_belong_to_the_parts(local: Any, ids: Any) -> None:
    contact = local.create("contacts", lastname="O")
    _, pieces = send(
        local,
        part("PATCH", f"contacts({ids(1)})", {"jobtitle": "A"}, If_Match="*"),
        part(
            "PATCH",
            f"contacts({contact})?$select=jobtitle",
            {"jobtitle": "A"},
            Prefer="return=representation",
        ),
        Prefer="odata.continue-on-error",
    )
    assert [piece.status for piece in pieces] == [404, 200]
    assert pieces[1].body["jobtitle"] == "A"


def test_bulk_messages_work_inside_a_batch(local: Any) -> None:
    targets = [{"@odata.type": "Microsoft.Dynamics.CRM.contact", "lastname": "O"}]
    path = "contacts/Microsoft.Dynamics.CRM.CreateMultiple"
    _, [piece] = send(local, part("POST", path, {"Targets": targets}))
    assert len(piece.body["Ids"]) == 1


def test_a_batch_has_at_most_a_thousand_operations(local: Any) -> None:
    reads = [part("GET", "WhoAmI") for _ in range(1001)]
    assert len(send(local, *reads[:1000])[1]) == 1000
    body = "".join(f"--batch_1\r\n{item}\r\n" for item in reads) + "--batch_1--\r\n"
    kind = "multipart/mixed; boundary=batch_1"
    assert local.refused("POST", "$batch", body.encode(), Content_Type=kind)[0] == 400


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "multipart/mixed; boundary=b"),
        (
            b"--b\r\nContent-Type: application/http\r\n\r\nGET WhoAmI HTTP/1.1\r\n",
            "multipart/mixed; boundary=b",
        ),
        (
            b"--b\nContent-Type: application/http\n\nGET WhoAmI HTTP/1.1\n--b--\n",
            "multipart/mixed; boundary=b",
        ),
        (b"--b--\r\n", "application/json"),
    ],
)
def test_a_malformed_batch_is_refused(local: Any, body: bytes, content_type: str) -> None:
    assert local.refused("POST", "$batch", body, Content_Type=content_type)[0] == 400


def test_a_batch_in_a_batch_is_refused(local: Any) -> None:
    assert send(local, part("POST", "$batch", {}))[1][0].status == 400


def test_a_row_that_is_returned_can_be_referred_to(local: Any) -> None:
    _, [answers] = send(
        local,
        change_set(
            part("POST", "contacts", {"lastname": "O"}, 1, Prefer="return=representation"),
            part("PATCH", "$1", {"jobtitle": "Architect"}, 2, Prefer="return=representation"),
            part("POST", "msfsi_lifemoments", {"msfsi_Contact@odata.bind": "$2"}, 3),
        ),
    )
    assert [piece.status for piece in answers] == [201, 200, 204]
    assert answers[1].body["jobtitle"] == "Architect"
    made = answers[0].body["contactid"]
    assert local.rows("msfsi_lifemoments")[0]["_msfsi_contact_value"] == made


def test_each_part_of_a_change_set_names_its_own_caller(local: Any) -> None:
    me = local.get("WhoAmI")["UserId"]
    other = next(
        row["systemuserid"] for row in local.rows("systemusers") if row["systemuserid"] != me
    )
    send(
        local,
        change_set(
            part("POST", "contacts", {"lastname": "A"}, 1, MSCRMCallerID=other),
            part("POST", "contacts", {"lastname": "B"}, 2),
        ),
        part("POST", "contacts", {"lastname": "C"}, MSCRMCallerID=other),
    )
    rows = local.rows("contacts?$orderby=lastname&$select=_createdby_value")
    assert [row["_createdby_value"] for row in rows] == [other, me, other]


def raw(local: Any, body: str, boundary: str = "b") -> Any:
    kind = f"multipart/mixed;boundary={boundary}"
    return local.send("POST", "$batch", body.encode(), Content_Type=kind)


def test_both_clients_forms_of_a_batch_are_read(local: Any) -> None:
    """No space after a colon, a blank line in front, nothing behind, relative addresses."""
    inner = (
        "Content-Type:application/http\r\nContent-Transfer-Encoding:binary\r\n\r\n"
        "GET /api/data/v9.1/WhoAmI() HTTP/1.1\r\nAccept:application/json\r\n\r\n\r\n"
    )
    answer = raw(local, f"\r\npreamble\r\n--b\r\n{inner}--b--")
    assert answer.status_code == 200
    assert [piece.status for piece in read(answer.text, answer.headers["content-type"])] == [200]


def test_a_boundary_counts_at_the_start_of_a_line_only(local: Any, ids: Any) -> None:
    values = {"contactid": ids(1), "description": "a --batch_1 b --batch_1--", "lastname": "--b"}
    status, [piece] = send(local, part("POST", "contacts", values))
    assert (status, piece.status) == (200, 204)
    assert local.get(f"contacts({ids(1)})")["description"] == values["description"]


def test_a_boundary_may_begin_like_another(local: Any, ids: Any) -> None:
    inner = part("POST", "contacts", {"contactid": ids(1)}, 1)
    kind = "Content-Type: multipart/mixed; boundary=b_1\r\n\r\n"
    body = f"--b\r\n{kind}--b_1\r\n{inner}\r\n--b_1--\r\n\r\n--b--\r\n"
    assert raw(local, body).status_code == 200
    assert len(local.rows("contacts")) == 1


@pytest.mark.parametrize(
    "body",
    [
        "--b--\r\n",
        "--b\r\n\r\n--b--\r\n",
        "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nx\r\n--c--\r\n--b--\r\n",
        "--b\r\nContent-Type: multipart/mixed\r\n\r\n--c--\r\n--b--\r\n",
        "--b\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n--c--\r\n--b--\r\n",
        "--b\nContent-Type: application/http\n\nGET WhoAmI HTTP/1.1\n\n--b--\n",
        f"--b\r\n{part('GET', 'WhoAmI')}",
    ],
)
def test_what_is_no_batch_is_refused(local: Any, body: str) -> None:
    assert raw(local, body).status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "https://other.example/api/data/v9.2/contacts",
        "https://bank.example/contacts",
        "/api/data/v9.2/$batch",
        "$batch",
        "/$1",
        "/api/data/v9.2/$1",
    ],
)
def test_a_part_stays_with_its_service(local: Any, address: str) -> None:
    inner = part("POST", address, {"lastname": "A"}, 2)
    made = part("POST", "contacts", {"lastname": "A"}, 1)
    status, pieces = send(local, change_set(made, inner))
    assert (status, pieces[0].status) == (400, 400)
    assert local.rows("contacts") == []


def test_a_change_set_in_a_change_set_is_refused(local: Any) -> None:
    nested = change_set(part("POST", "contacts", {"lastname": "A"}, 1)).replace("_1", "_2")
    outer = "Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-ID: 1\r\n"
    body = f"--b\r\n{outer}{nested}\r\n--c--\r\n--b--\r\n"
    assert raw(local, body).status_code == 400
    assert local.rows("contacts") == []


def test_a_change_set_pairs_the_rows_it_makes(local: Any) -> None:
    unit = local.get("WhoAmI")["BusinessUnitId"]
    body = {"name": "Teller", "businessunitid@odata.bind": f"/businessunits({unit})"}
    me = f"systemusers({local.get('WhoAmI')['UserId']})"
    before = len(local.rows(f"{me}/systemuserroles_association"))
    roles = f"{me}/systemuserroles_association/$ref"
    pieces = [part("POST", "roles", body, 1), part("POST", roles, {"@odata.id": "$1"}, 2)]
    assert send(local, change_set(*pieces))[0] == 200
    assert len(local.rows(f"{me}/systemuserroles_association")) == before + 1


PIECES = st.sampled_from(
    [
        b"--b\r\n",
        b"--b--\r\n",
        b"--c\r\n",
        b"--c--",
        b"\r\n",
        b"Content-Type: application/http\r\n",
        b"Content-Type: multipart/mixed; boundary=c\r\n",
        b"Content-Transfer-Encoding: binary\r\n",
        b"Content-ID: 1\r\n",
        b"POST /api/data/v9.2/contacts HTTP/1.1\r\n",
        b"PATCH $1 HTTP/1.1\r\n",
        b"Content-Type: application/json\r\n",
        b'{"lastname":"A","nonsense":1}',
        b"\xff\x00",
    ]
)


@settings(max_examples=120, deadline=None)
@given(st.lists(PIECES | st.binary(max_size=8), max_size=24))
def test_no_bytes_break_a_batch(shared: Any, pieces: list[bytes]) -> None:
    kind = "multipart/mixed; boundary=b"
    answer = shared.send("POST", "$batch", b"".join(pieces), Content_Type=kind)
    assert answer.status_code < 500, answer.text
