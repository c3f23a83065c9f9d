"""Files in notes and in attachments of emails."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from tests.emulator.conftest import Local

TEXT = b64encode(b"hello").decode()


def test_a_note_knows_the_size_of_its_file(local: Local) -> None:
    note = local.create("annotations", subject="A", filename="a.txt", documentbody=TEXT)
    row = local.get(f"annotations({note})")
    assert (row["filesize"], row["isdocument"], row["documentbody"]) == (5, True, TEXT)

    local.send("PATCH", f"annotations({note})", {"documentbody": None})
    row = local.get(f"annotations({note})")
    assert (row["filesize"], row["isdocument"]) == (0, False)


def test_a_note_without_a_file_is_no_document(local: Local) -> None:
    row = local.get(f"annotations({local.create('annotations', subject='A')})")
    assert row["isdocument"] is False


@pytest.mark.parametrize("body", ["?", "aGVsbG8", "aGVs bG8=", "é"])
def test_a_file_must_be_base64(local: Local, body: str) -> None:
    values = {"subject": "A", "documentbody": body}
    assert local.refused("POST", "annotations", values)[:2] == (400, "0x80040203")
    note = local.create("annotations", subject="A")
    change: dict[str, Any] = {"documentbody": body}
    assert local.refused("PATCH", f"annotations({note})", change)[:2] == (400, "0x80040203")
    assert len(local.rows("annotations")) == 1


def test_a_file_may_be_as_big_as_the_organization_says(local: Local) -> None:
    body = b64encode(bytes(5 * 2**20 + 1)).decode()
    values = {"subject": "A", "documentbody": body}
    assert local.refused("POST", "annotations", values)[:2] == (400, "0x80044a02")
    local.create("annotations", subject="A", documentbody=b64encode(bytes(5 * 2**20)).decode())


def test_an_attachment_of_an_email_has_a_size_too(local: Local) -> None:
    email = local.create("emails", subject="A")
    made = local.create(
        "activitymimeattachments",
        filename="a.txt",
        body=TEXT,
        objecttypecode="email",
        objectid_email__bind=f"/emails({email})",
        attachmentnumber=1,
    )
    assert local.get(f"activitymimeattachments({made})")["filesize"] == 5
