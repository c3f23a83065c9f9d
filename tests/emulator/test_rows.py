from __future__ import annotations

from typing import Any

import pytest

MISSING = "5eed0000-0000-4000-8000-000000000999"


def test_who_am_i_names_caller_and_recommends_parallelism(local: Any) -> None:
    answer = local.send("GET", "WhoAmI()")

    assert answer.json().keys() == {"@odata.context", "BusinessUnitId", "UserId", "OrganizationId"}
    assert int(answer.headers["x-ms-dop-hint"]) >= 1
    assert local.get("systemusers(" + answer.json()["UserId"] + ")")["lastname"]


def test_version_and_organization_are_told(local: Any) -> None:
    assert local.get("RetrieveVersion()")["Version"].startswith("9.")
    kind = "Microsoft.Dynamics.CRM.EndpointAccessType'Default'"
    found = local.get(f"RetrieveCurrentOrganization(AccessType=@p)?@p={kind}")["Detail"]
    assert found["OrganizationId"] == local.get("WhoAmI")["OrganizationId"]
    assert found["Endpoints"]["Count"] == len(found["Endpoints"]["Keys"])


def test_create_answers_with_the_address_alone(local: Any, ids: Any) -> None:
    answer = local.send("POST", "contacts", {"contactid": ids(1), "lastname": "Okafor"})

    assert answer.status_code == 204
    assert answer.content == b""
    expected = f"https://bank.example/api/data/v9.2/contacts({ids(1)})"
    assert answer.headers["OData-EntityId"] == expected


def test_any_minor_version_of_the_root_is_served(local: Any) -> None:
    answer = local.send(
        "POST", "https://other.example/api/data/v9.1/contacts", {"lastname": "Okafor"}
    )
    assert answer.headers["OData-EntityId"].startswith(
        "https://other.example/api/data/v9.1/contacts("
    )


def test_create_can_return_selected_columns_and_the_key(local: Any) -> None:
    answer = local.send(
        "POST",
        "contacts?$select=fullname",
        {"firstname": "Ada", "lastname": "Okafor"},
        Prefer="return=representation",
    )

    assert answer.status_code == 201
    assert answer.headers["Preference-Applied"] == "return=representation"
    assert "OData-EntityId" not in answer.headers
    body = answer.json()
    assert body.pop("@odata.context").endswith("$metadata#contacts(fullname)/$entity")
    assert body.keys() == {"@odata.etag", "contactid", "fullname"}
    assert body["fullname"] == "Ada Okafor"


def test_full_read_shows_empty_columns_and_lookups_by_their_property_name(local: Any) -> None:
    row = local.get(f"contacts({local.create('contacts', lastname='Okafor')})")

    assert row["firstname"] is None
    assert row["_parentcustomerid_value"] is None
    assert "parentcustomerid" not in row
    assert row["donotphone"] is False


@pytest.mark.parametrize(
    "address",
    [
        "/msfsi_branchs({id})",
        "msfsi_branchs({id})",
        "https://bank.example/api/data/v9.2/msfsi_branchs({id})",
        "/api/data/v9.2/msfsi_branchs({ID})",
        "http:/bank.example/api/data/v9.0/msfsi_branchs({id})",
        "/msfsi_branchs(msfsi_integrationkey='it''s 1')",
    ],
)
def test_a_lookup_binds_by_every_form_of_address(local: Any, address: str) -> None:
    branch = local.create("msfsi_branchs", msfsi_name="Centre", msfsi_integrationkey="it's 1")
    address = address.format(id=branch, ID=branch.upper())

    contact = local.create("contacts", lastname="Okafor", msfsi_Branch__bind=address)

    assert local.get(f"contacts({contact})?$select=_msfsi_branch_value") | {} == {
        "@odata.context": "https://bank.example/api/data/v9.2/$metadata"
        "#contacts(_msfsi_branch_value)/$entity",
        "@odata.etag": local.get(f"contacts({contact})")["@odata.etag"],
        "contactid": contact,
        "_msfsi_branch_value": branch,
    }


def test_update_changes_only_what_was_sent(local: Any) -> None:
    contact = local.create("contacts", firstname="Ada", lastname="Okafor")
    before = local.get(f"contacts({contact})")

    answer = local.send("PATCH", f"contacts({contact})", {"lastname": "Obi"}, If_Match="*")

    after = local.get(f"contacts({contact})")
    assert answer.status_code == 204
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"@odata.etag", "versionnumber", "lastname", "fullname"}


def test_a_lookup_is_emptied_by_a_null_bind(local: Any) -> None:
    branch = local.create("msfsi_branchs", msfsi_name="Centre")
    contact = local.create("contacts", lastname="O", msfsi_Branch__bind=f"/msfsi_branchs({branch})")

    local.send("PATCH", f"contacts({contact})", {"msfsi_Branch@odata.bind": None})

    assert local.get(f"contacts({contact})")["_msfsi_branch_value"] is None


def test_upsert_creates_then_updates(local: Any, ids: Any) -> None:
    path = f"msfsi_banks({ids(1)})?$select=msfsi_city"

    statuses = [
        local.send("PATCH", path, {"msfsi_city": city}, Prefer="return=representation").status_code
        for city in ("Porto", "Faro")
    ]

    assert statuses == [201, 200]
    assert local.get(path)["msfsi_city"] == "Faro"


def test_upsert_by_alternate_key_echoes_the_key_and_fills_it_in(local: Any) -> None:
    path = "msfsi_banks(msfsi_integrationkey='quay')"

    first = local.send("PATCH", path, {"msfsi_name": "Quay"})
    second = local.send("PATCH", path, {"msfsi_name": "Pier", "msfsi_integrationkey": "other"})

    assert first.status_code == second.status_code == 204
    assert first.headers["OData-EntityId"].endswith("/" + path)
    found = local.rows("msfsi_banks?$select=msfsi_name,msfsi_integrationkey")
    assert [(row["msfsi_name"], row["msfsi_integrationkey"]) for row in found] == [("Pier", "quay")]


def test_upsert_by_a_key_of_lookups_binds_them(local: Any) -> None:
    group = local.create("msfsi_groups", msfsi_name="House", msfsi_type=104800000)
    account = local.create("accounts", name="Mill Ltd")
    path = f"msfsi_groupmembers(_msfsi_group_value={group},_msfsi_member_value={account})"

    assert local.send("PATCH", path, {"msfsi_name": "Mill"}).status_code == 204

    row = local.get(path)
    assert (row["_msfsi_group_value"], row["_msfsi_member_value"]) == (group, account)
    expanded = local.get(path + "?$expand=msfsi_member_account($select=name)")
    assert expanded["msfsi_member_account"]["name"] == "Mill Ltd"


def test_conditions_on_upsert(local: Any, ids: Any) -> None:
    contact = local.create("contacts", lastname="Okafor")
    etag = local.get(f"contacts({contact})")["@odata.etag"]
    path, change = f"contacts({contact})", {"jobtitle": "Architect"}

    assert local.refused("PATCH", path, change, If_None_Match="*")[:2] == (412, "0x80040237")
    assert local.refused("PATCH", f"contacts({ids(1)})", change, If_Match="*")[:2] == (
        404,
        "0x80040217",
    )
    assert local.send("PATCH", path, change, If_Match=etag).status_code == 204
    assert local.refused("PATCH", path, change, If_Match=etag)[:2] == (412, "0x80060882")
    assert local.send("PATCH", path, change, If_None_Match="null").status_code == 204
    assert local.refused("DELETE", path, If_Match=etag)[:2] == (412, "0x80060882")


def test_unchanged_row_is_not_sent_again(local: Any) -> None:
    path = f"contacts({local.create('contacts', lastname='Okafor')})"
    etag = local.get(path)["@odata.etag"]

    assert local.send("GET", path, If_None_Match=etag).status_code == 304
    assert local.send("GET", path, If_None_Match="null").status_code == 200
    local.send("PATCH", path, {"jobtitle": "Architect"})
    assert local.send("GET", path, If_None_Match=etag).status_code == 200


def test_versions_rise_with_every_write_over_all_tables(local: Any) -> None:
    def version(path: str) -> int:
        return int(local.get(path)["@odata.etag"].removeprefix('W/"').removesuffix('"'))

    contact = f"contacts({local.create('contacts', lastname='O')})"
    first = version(contact)
    bank = version(f"msfsi_banks({local.create('msfsi_banks', msfsi_name='B')})")
    local.send("PATCH", contact, {"jobtitle": "A"})
    assert first < bank < version(contact)
    assert local.get(contact)["versionnumber"] == version(contact)


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_missing_row_is_named(local: Any, method: str) -> None:
    body = {"jobtitle": "A"} if method == "PATCH" else None
    headers = {"If_Match": "*"} if method == "PATCH" else {}
    refusal = local.refused(method, f"contacts({MISSING})", body, **headers)
    assert refusal == (404, "0x80040217", f"contact With Id = {MISSING} Does Not Exist")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nonsense", 404),
        ("GET", "contacts/nonsense", 404),
        ("POST", "contacts/Microsoft.Dynamics.CRM.Nonsense", 404),
        ("PATCH", "contacts", 405),
        ("DELETE", "contacts", 405),
        ("POST", f"contacts({MISSING})", 405),
        ("POST", "WhoAmI", 405),
        ("GET", "contacts(msfsi_integrationkey=", 400),
        ("GET", "contacts(lastname='A')", 400),
        ("GET", "contacts(msfsi_integrationkey='none')", 404),
        ("GET", "https://bank.example/elsewhere", 404),
    ],
)
def test_unknown_addresses_are_refused(local: Any, method: str, path: str, status: int) -> None:
    body: dict[str, Any] | None = {} if method in ("POST", "PATCH") else None
    assert local.send(method, path, body).status_code == status


def test_error_detail_is_added_when_all_annotations_are_asked_for(local: Any) -> None:
    prefer = 'odata.include-annotations="*"'
    answer = local.send("GET", f"contacts({MISSING})", Prefer=prefer)
    error = answer.json()["error"]
    assert error["@Microsoft.PowerApps.CDS.TraceText"] == error["message"]
    assert answer.headers["content-type"] == "application/json; odata.metadata=minimal"


def test_impersonation_keeps_the_real_caller(local: Any) -> None:
    me = local.get("WhoAmI")["UserId"]
    other = next(
        row
        for row in local.rows("systemusers?$select=azureactivedirectoryobjectid")
        if row["systemuserid"] != me
    )
    headers = {"CallerObjectId": other["azureactivedirectoryobjectid"]}

    assert local.send("GET", "WhoAmI", **headers).json()["UserId"] == other["systemuserid"]
    created = local.send(
        "POST", "contacts", {"lastname": "O"}, MSCRMCallerID=other["systemuserid"]
    ).headers["OData-EntityId"]
    row = local.get(created)
    assert row["_createdby_value"] == row["_ownerid_value"] == other["systemuserid"]
    assert row["_createdonbehalfby_value"] == me
    assert local.refused("GET", "WhoAmI", MSCRMCallerID=MISSING)[:2] == (403, "0x80072560")


def test_deep_insert_makes_the_related_rows(local: Any) -> None:
    body = {
        "msfsi_name": "Okafor household",
        "msfsi_type": 104800000,
        "msfsi_primarymember_contact": {"lastname": "Okafor"},
        "msfsi_groupmember_Group_msfsi_group": [{"msfsi_name": "1"}, {"msfsi_name": "2"}],
    }
    path = local.send("POST", "msfsi_groups", body).headers["OData-EntityId"]

    expand = "$expand=msfsi_primarymember_contact,msfsi_groupmember_Group_msfsi_group"
    row = local.get(f"{path}?{expand}")
    assert row["msfsi_primarymember_contact"]["lastname"] == "Okafor"
    members = row["msfsi_groupmember_Group_msfsi_group"]
    assert sorted(member["msfsi_name"] for member in members) == ["1", "2"]


def test_deep_insert_is_all_or_nothing(local: Any) -> None:
    members = [{"msfsi_name": "1"}, {"nonsense": 1}]
    body = {"msfsi_name": "House", "msfsi_groupmember_Group_msfsi_group": members}

    assert local.refused("POST", "msfsi_groups", body)[0] == 400
    assert local.rows("msfsi_groups") == local.rows("msfsi_groupmembers") == []


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_written_row_is_returned_as_it_was_asked_for(local: Any, ids: Any, method: str) -> None:
    account = local.create("accounts", name="Mill")
    body = {"lastname": "O", "parentcustomerid_account@odata.bind": f"/accounts({account})"}
    path = "contacts" if method == "POST" else f"contacts({ids(1)})"
    options = "?$select=lastname&$expand=parentcustomerid_account($select=name)"
    row = local.send(method, path + options, body, Prefer="return=representation")
    assert row.status_code == 201
    assert row.json()["parentcustomerid_account"]["name"] == "Mill"
    assert row.headers["ETag"] == row.json()["@odata.etag"]


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_the_word_null_is_no_condition(local: Any, method: str) -> None:
    contact = local.create("contacts", lastname="Okafor")
    body = {"jobtitle": "A"} if method == "PATCH" else None
    answer = local.send(method, f"contacts({contact})", body, If_None_Match="null")
    assert answer.status_code == (200 if method == "GET" else 204)


def test_a_stale_condition_leaves_the_row_as_it_is(local: Any) -> None:
    path = f"contacts({local.create('contacts', lastname='Okafor')})"
    stale = local.get(path)["@odata.etag"]
    local.send("PATCH", path, {"lastname": "Obi"})
    assert local.refused("PATCH", path, {"lastname": "X"}, If_Match=stale)[0] == 412
    assert local.refused("DELETE", path, If_Match=stale)[0] == 412
    assert local.get(path)["lastname"] == "Obi"
