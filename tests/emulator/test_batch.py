from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest

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
