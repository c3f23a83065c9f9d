"""Files and images in columns: upload, download and deletion, in one go and in parts."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

import pytest

from tests.emulator.conftest import ROOT, Local

STREAM = "application/octet-stream"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
BAD = (400, "0x80040203")


@pytest.fixture
def contact(local: Local) -> str:
    return f"contacts({local.create('contacts', lastname='A')})"


@pytest.fixture
def transcript(local: Local) -> str:
    return f"msdyn_transcripts({local.create('msdyn_transcripts', msdyn_name='A')})"


def put(local: Local, path: str, data: bytes = PNG, **headers: str) -> Any:
    named = {"Content_Type": STREAM, "x_ms_file_name": "a.png", **headers}
    return local.send("PATCH", path, data, **named)


def test_an_image_is_stored_read_and_deleted(local: Local, contact: str) -> None:
    before = local.get(contact)
    assert put(local, f"{contact}/entityimage").status_code == 204

    answer = local.send("GET", f"{contact}/entityimage/$value?size=full")
    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer.headers["x-ms-file-size"] == str(len(PNG))
    assert answer.headers["x-ms-file-name"] == "a.png"
    row = local.get(contact)
    assert row["entityimage_url"].startswith("/Image/download.aspx?Entity=contact&Attribute=entity")
    assert row["entityimageid"] in row["entityimage_url"]
    assert row["entityimage_timestamp"] == 639184932000000000
    assert row["versionnumber"] > before["versionnumber"]

    assert local.send("DELETE", f"{contact}/entityimage").status_code == 204
    assert local.send("GET", f"{contact}/entityimage/$value?size=full").status_code == 204
    assert local.get(contact)["entityimageid"] is None


def test_a_file_column_reads_as_an_id_beside_its_name(local: Local, transcript: str) -> None:
    column = f"{transcript}/msdyn_voicetranscript"
    assert put(local, column, b"words").status_code == 204
    row = local.get(transcript)
    assert row["msdyn_voicetranscript_name"] == "a.png"
    assert local.send("GET", f"{column}/$value").content == b"words"
    body = {"FileId": row["msdyn_voicetranscript"]}
    assert local.send("POST", "DeleteFile", body).status_code == 204
    assert local.get(transcript)["msdyn_voicetranscript"] is None
    assert local.refused("POST", "DeleteFile", body)[:2] == (404, "0x80040217")


def test_a_file_can_not_be_set_with_its_row(local: Local) -> None:
    body = {"msdyn_name": "A", "msdyn_voicetranscript": "x"}
    assert local.refused("POST", "msdyn_transcripts", body)[:2] == (400, "0x80048d19")


def test_a_file_is_sent_in_parts(local: Local, contact: str) -> None:
    path = f"{contact}/entityimage"
    begun = local.send("PATCH", f"{path}?x-ms-file-name=b.png", x_ms_transfer_mode="chunked")
    assert begun.status_code == 200
    assert begun.headers["x-ms-chunk-size"] == "4194304"
    address = begun.headers["Location"]
    assert address.startswith(f"{ROOT}{path}?sessiontoken=")

    first, size = 4000, len(PNG)
    parts = [
        put(local, address, PNG[:first], Content_Range=f"bytes 0-{first - 1}/{size}"),
        put(local, address, PNG[first:], Content_Range=f"bytes {first}-{size - 1}/{size}"),
    ]
    assert [part.status_code for part in parts] == [206, 204]
    answer = local.send("GET", f"{path}/$value?size=full", Range="bytes=3990-4009")
    assert (answer.status_code, answer.content) == (206, PNG[3990:4010])
    assert answer.headers["x-ms-file-size"] == str(size)
    assert answer.headers["x-ms-file-name"] == "b.png"
    assert put(local, address, PNG, Content_Range=f"bytes 0-{size - 1}/{size}").status_code == 400


@pytest.mark.parametrize(
    "part", ["bytes 5-9/20", "bytes 0-5/20", "bytes 0-4/5x", "bytes 0-4/3", ""]
)
def test_a_part_out_of_place_is_refused(local: Local, contact: str, part: str) -> None:
    path = f"{contact}/entityimage?x-ms-file-name=b.png"
    address = local.send("PATCH", path, x_ms_transfer_mode="chunked").headers["Location"]
    refused = local.refused("PATCH", address, b"12345", Content_Type=STREAM, Content_Range=part)
    assert refused[:2] == BAD


def test_files_that_do_not_fit_are_refused(local: Local, contact: str, transcript: str) -> None:
    path = f"{contact}/entityimage"
    named = {"Content_Type": STREAM, "x_ms_file_name": "a.png"}
    assert local.refused("PATCH", path, b"no image", **named)[:2] == (400, "0x80072553")
    big = PNG + bytes(10_240 * 1024)
    assert local.refused("PATCH", path, big, **named)[:2] == (400, "0x80072553")
    file = f"{transcript}/msdyn_voicetranscript"
    assert local.refused("PATCH", file, bytes(32_768 * 1024 + 1), **named)[1] == "0x80044a02"
    assert local.refused("PATCH", path, PNG, Content_Type=STREAM)[:2] == (400, "0x80060888")
    assert local.refused("PATCH", path, PNG, x_ms_file_name="a.png")[:2] == (400, "0x80048d19")
    assert local.get(contact)["entityimageid"] is None


@pytest.mark.parametrize("span", ["bytes=20000-", "bytes=9-3", "lines=1-2"])
def test_a_range_outside_of_the_file_is_refused(local: Local, contact: str, span: str) -> None:
    put(local, f"{contact}/entityimage")
    path = f"{contact}/entityimage/$value?size=full"
    assert local.refused("GET", path, Range=span)[:2] == BAD


def test_blocks_become_a_file_in_the_order_of_the_list(local: Local, contact: str) -> None:
    kind = "Microsoft.Dynamics.CRM.contact"
    target = {"@odata.type": kind, "contactid": contact[9:-1].upper()}
    where = {"Target": target, "FileAttributeName": "entityimage"}
    begun = local.send("POST", "InitializeFileBlocksUpload", {**where, "FileName": "c.png"}).json()
    token = {"FileContinuationToken": begun["FileContinuationToken"]}
    names = [b64encode(name).decode() for name in (b"1", b"2")]
    for name, data in zip(names, (PNG[5000:], PNG[:5000]), strict=True):
        block = {"BlockId": name, "BlockData": b64encode(data).decode(), **token}
        assert local.send("POST", "UploadBlock", block).status_code == 204
    commit = {"FileName": "d.png", "MimeType": "image/png", "BlockList": names[::-1], **token}
    done = local.send("POST", "CommitFileBlocksUpload", commit).json()
    assert done["FileSizeInBytes"] == len(PNG)
    assert done["FileId"] == local.get(contact)["entityimageid"]

    offer = local.send("POST", "InitializeFileBlocksDownload", where).json()
    assert (offer["FileSizeInBytes"], offer["FileName"]) == (len(PNG), "d.png")
    ask = {
        "Offset": 100,
        "BlockLength": 50,
        "FileContinuationToken": offer["FileContinuationToken"],
    }
    block = local.send("POST", "DownloadBlock", ask).json()
    assert b64decode(block["Data"]) == PNG[100:150]


@pytest.mark.parametrize(
    ("message", "body"),
    [
        ("UploadBlock", {"BlockId": "MQ==", "BlockData": "MQ==", "FileContinuationToken": "no"}),
        ("DownloadBlock", {"Offset": 0, "BlockLength": 1, "FileContinuationToken": "no"}),
        (
            "CommitFileBlocksUpload",
            {"FileName": "a", "MimeType": "b", "BlockList": [], "FileContinuationToken": "no"},
        ),
    ],
)
def test_a_token_of_no_transfer_is_refused(local: Local, message: str, body: Any) -> None:
    assert local.refused("POST", message, body)[:2] == BAD


def test_files_go_with_their_row(local: Local, contact: str) -> None:
    put(local, f"{contact}/entityimage")
    row_id = contact[9:-1]
    local.send("DELETE", contact)
    local.create("contacts", contactid=row_id, lastname="B")
    assert local.send("GET", f"{contact}/entityimage/$value?size=full").status_code == 204


def test_a_stale_version_stops_an_upload(local: Local, contact: str) -> None:
    stale = local.get(contact)["@odata.etag"]
    local.send("PATCH", contact, {"lastname": "B"})
    assert put(local, f"{contact}/entityimage", If_Match=stale).status_code == 412
    assert local.get(contact)["entityimageid"] is None


@pytest.mark.parametrize(
    ("column", "text"), [("lastname", "A"), ("donotphone", "false"), ("firstname", "")]
)
def test_a_plain_column_has_a_raw_value(local: Local, contact: str, column: str, text: str) -> None:
    answer = local.send("GET", f"{contact}/{column}/$value")
    assert (answer.status_code, answer.text) == (200 if text else 204, text)
