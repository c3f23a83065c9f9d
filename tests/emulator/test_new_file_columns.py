"""File and image columns that are made at run time, with what belongs to them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

import pytest

from tests.emulator.conftest import Local

STREAM = "application/octet-stream"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
TEXT = b64encode(PNG).decode()
COLUMNS = "EntityDefinitions(LogicalName='contact')/Attributes"
IMAGE = "Microsoft.Dynamics.CRM.ImageAttributeMetadata"


def add(local: Local, kind: str, name: str, **members: Any) -> None:
    body = {"@odata.type": f"Microsoft.Dynamics.CRM.{kind}AttributeMetadata", "SchemaName": name}
    assert local.send("POST", COLUMNS, {**body, **members}).status_code == 204


def column(local: Local, name: str, cast: str = "") -> dict[str, Any]:
    return local.get(f"{COLUMNS}(LogicalName='{name}'){cast}")


def put(local: Local, path: str, data: bytes) -> int:
    return local.send("PATCH", path, data, Content_Type=STREAM, x_ms_file_name="a.png").status_code


@pytest.fixture
def contact(local: Local) -> str:
    return f"contacts({local.create('contacts', lastname='A')})"


def test_a_new_file_column_has_its_name_beside_it(local: Local, contact: str) -> None:
    add(local, "File", "new_Letter", MaxSizeInKB=1)
    part = column(local, "new_letter_name")
    assert (part["SchemaName"], part["AttributeOf"]) == ("new_Letter_Name", "new_letter")
    assert put(local, f"{contact}/new_letter", b"Dear") == 204
    assert local.get(contact)["new_letter_name"] == "a.png"
    assert put(local, f"{contact}/new_letter", bytes(1025)) == 400
    address = f"{COLUMNS}(LogicalName='new_letter_name')"
    assert local.refused("DELETE", address)[0] == 400
    assert local.send("DELETE", f"{COLUMNS}(LogicalName='new_letter')").status_code == 204
    assert local.send("GET", address).status_code == 404


def test_a_new_image_column_has_id_stamp_and_address(local: Local, contact: str) -> None:
    add(local, "Image", "new_Photo")
    found = column(local, "new_photo", f"/{IMAGE}")
    assert (found["MaxSizeInKB"], found["MaxHeight"], found["MaxWidth"]) == (10240, 144, 144)
    assert not found["CanStoreFullImage"]
    assert put(local, f"{contact}/new_photo", PNG) == 204
    row = local.get(contact)
    assert row["new_photoid"] in row["new_photo_url"]
    assert str(row["new_photo_timestamp"]) in row["new_photo_url"]
    assert local.send("GET", f"{contact}/new_photo/$value").content == PNG
    assert local.send("GET", f"{contact}/new_photo/$value?size=full").status_code == 204
    target = {"@odata.type": "Microsoft.Dynamics.CRM.contact", "contactid": row["contactid"]}
    body = {"Target": target, "FileAttributeName": "new_photo"}
    refused = local.refused("POST", "InitializeFileBlocksDownload", body)
    assert refused[:2] == (404, "0x80040217")


def test_the_first_image_is_primary_and_another_can_be_made_so(local: Local) -> None:
    add(local, "Image", "new_Photo", IsPrimaryImage=True, CanStoreFullImage=True)
    assert not column(local, "new_photo", f"/{IMAGE}")["IsPrimaryImage"]
    path = f"{COLUMNS}(LogicalName='new_photo')"
    body = {**column(local, "new_photo", f"/{IMAGE}"), "IsPrimaryImage": True}
    assert local.send("PUT", path, body).status_code == 204
    assert column(local, "new_photo", f"/{IMAGE}")["CanStoreFullImage"]
    table = "EntityDefinitions(LogicalName='contact')?$select=PrimaryImageAttribute"
    assert local.get(table)["PrimaryImageAttribute"] == "new_photo"
    assert not column(local, "entityimage", f"/{IMAGE}")["IsPrimaryImage"]
    assert local.refused("PUT", path, {**body, "IsPrimaryImage": False})[0] == 400
    assert local.send("DELETE", path).status_code == 204
    assert local.get(table)["PrimaryImageAttribute"] == "entityimage"


def test_the_primary_image_is_set_with_its_row(local: Local) -> None:
    row_id = local.create("contacts", lastname="A", entityimage=TEXT)
    path = f"contacts({row_id})"
    assert local.get(f"{path}?$select=entityimage")["entityimage"] == TEXT
    assert "entityimage" not in local.get(path)
    assert local.get(f"{path}/entityimage")["value"] == TEXT
    other = b64encode(PNG + b"x").decode()
    assert local.send("PATCH", path, {"entityimage": other}).status_code == 204
    assert local.send("GET", f"{path}/entityimage/$value").content == b64decode(other)
    assert local.send("PATCH", path, {"entityimage": None}).status_code == 204
    assert local.get(f"{path}?$select=entityimage,entityimageid")["entityimageid"] is None


def test_an_image_is_emptied_as_a_single_value(local: Local, contact: str) -> None:
    assert local.send("PUT", f"{contact}/entityimage", {"value": TEXT}).status_code == 204
    assert local.get(contact)["entityimageid"] is not None
    assert local.send("PUT", f"{contact}/entityimage", {"value": None}).status_code == 204
    assert local.get(contact)["entityimageid"] is None


def test_other_images_come_with_updates_only(local: Local, contact: str) -> None:
    add(local, "Image", "new_Photo")
    refused = local.refused("POST", "contacts", {"lastname": "B", "new_photo": TEXT})
    assert refused[:2] == (400, "0x80090487")
    assert local.send("PATCH", contact, {"new_photo": TEXT}).status_code == 204
    assert local.get(f"{contact}?$select=new_photo")["new_photo"] == TEXT


@pytest.mark.parametrize(
    ("value", "code"),
    [("no base64!", "0x80048d19"), (7, "0x80048d19"), ("AAAA", "0x80072553")],
)
def test_what_is_no_image_is_refused_whole(local: Local, value: Any, code: str) -> None:
    before = len(local.rows("contacts"))
    refused = local.refused("POST", "contacts", {"lastname": "B", "entityimage": value})
    assert refused[:2] == (400, code)
    assert len(local.rows("contacts")) == before
