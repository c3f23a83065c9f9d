from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

PAYLOAD = (400, "0x80048d19")

REFUSED = [
    ("contacts", {"favouritebank": "x"}, *PAYLOAD, "favouritebank"),
    ("contacts", {"LastName": "x"}, *PAYLOAD, "LastName"),
    ("contacts", {"_parentcustomerid_value": None}, *PAYLOAD, "_parentcustomerid_value"),
    ("contacts", {"msfsi_branch": "x"}, *PAYLOAD, "msfsi_branch"),
    ("contacts", {"lastname": 5}, *PAYLOAD, "Edm.String"),
    ("contacts", {"donotphone": 1}, *PAYLOAD, "Edm.Boolean"),
    ("contacts", {"numberofchildren": "2"}, *PAYLOAD, "Edm.Int32"),
    ("contacts", {"numberofchildren": True}, *PAYLOAD, "Edm.Int32"),
    ("contacts", {"gendercode": "1"}, *PAYLOAD, "Edm.Int32"),
    ("contacts", {"annualincome": "2"}, *PAYLOAD, "Edm.Decimal"),
    ("contacts", {"birthdate": "1986-04-19T00:00:00Z"}, *PAYLOAD, "Edm.Date"),
    ("contacts", {"birthdate": "1986-02-30"}, *PAYLOAD, "Edm.Date"),
    ("contacts", {"msfsi_joindate": "2020-01-01"}, *PAYLOAD, "Edm.DateTimeOffset"),
    ("contacts", {"msfsi_joindate": "2020-01-01T10:00:00"}, *PAYLOAD, "Edm.DateTimeOffset"),
    ("contacts", {"contactid": "x"}, *PAYLOAD, "Edm.Guid"),
    ("contacts", {"contactid": None, "lastname": "x"}, 400, "0x80040266", "contact"),
    ("contacts", {"statecode": 0}, *PAYLOAD, "statecode"),
    ("contacts", {"createdon": "2020-01-01T10:00:00Z"}, *PAYLOAD, "createdon"),
    ("contacts", {"annualincome_base": 1.0}, *PAYLOAD, "annualincome_base"),
    ("contacts", {"msfsi_tenureyears": 1.0}, *PAYLOAD, "msfsi_tenureyears"),
    ("contacts", {"createdby@odata.bind": "/systemusers(x)"}, *PAYLOAD, "createdby"),
    ("msfsi_lifemoments", {"msfsi_contact@odata.bind": "/contacts(x)"}, *PAYLOAD, "msfsi_contact"),
    ("contacts", {"msfsi_Branch@odata.bind": 5}, *PAYLOAD, "msfsi_Branch"),
    ("contacts", {"msfsi_Branch@odata.bind": "nonsense"}, 400, "0x80060888", "nonsense"),
    ("contacts", {"jobtitle": "x" * 101}, 400, "0x80044331", "'100'"),
    ("contacts", {"numberofchildren": -1}, 400, "0x8004432f", "numberofchildren"),
    ("contacts", {"importsequencenumber": 2**31}, 400, "0x8004432f", "importsequencenumber"),
    ("contacts", {"address1_latitude": 90.5}, 400, "0x80044330", "address1_latitude"),
    ("contacts", {"annualincome": 1e18}, 400, "0x80044330", "annualincome"),
    ("contacts", {"gendercode": 7}, 400, "0x8004431a", "gendercode"),
    ("contacts", {"statuscode": 9}, 400, "0x8004431a", "statuscode"),
    ("contacts", {"statuscode": 2}, 400, "0x80048408", "2"),
    ("contacts", {"birthdate": "1752-12-31"}, 400, "0x80040239", "1752"),
    ("contacts", {"msfsi_joindate": "1752-12-31T10:00:00Z"}, 400, "0x80040239", "1752"),
    ("contacts", {"overriddencreatedon": "2026-07-01T09:00:01Z"}, 400, "0x80040203", "future"),
    ("contacts", {}, 400, "0x80047014", "attributes"),
    ("teams", {"name": "Blue"}, 400, "0x80040200", "administratorid"),
    ("organizations", {"name": "Second"}, 405, "0x80060888", "organization"),
]


@pytest.mark.parametrize(("entity_set", "body", "status", "code", "mention"), REFUSED)
def test_a_create_that_breaks_the_schema_is_refused(
    local: Any, entity_set: str, body: dict[str, Any], status: int, code: str, mention: str
) -> None:
    before = len(local.rows(entity_set))
    refusal = local.refused("POST", entity_set, body)
    assert refusal[:2] == (status, code)
    assert mention in refusal[2]
    assert len(local.rows(entity_set)) == before


@pytest.mark.parametrize(
    "body",
    [
        {"importsequencenumber": -5},
        {"overriddencreatedon": "2020-01-01T10:00:00Z"},
        {"createdon": "2020-01-01T10:00:00Z"},
        {"contactid": "5eed0000-0000-4000-8000-000000000999"},
        {"fullname": "Ada Obi"},
        {"nonsense": 1},
    ],
)
def test_an_update_of_a_fixed_column_is_refused(local: Any, body: dict[str, Any]) -> None:
    contact = local.create("contacts", lastname="Okafor")
    refusal = local.refused("PATCH", f"contacts({contact})", body)
    assert refusal[:2] == PAYLOAD
    assert next(iter(body)) in refusal[2]


def test_a_needed_value_can_not_be_emptied(local: Any) -> None:
    currency = local.rows("transactioncurrencies")[0]["transactioncurrencyid"]
    path = f"transactioncurrencies({currency})"
    assert local.refused("PATCH", path, {"currencyname": None})[:2] == (400, "0x80040200")


def test_body_must_be_a_json_object(local: Any) -> None:
    assert local.refused("POST", "contacts", b"{")[:2] == PAYLOAD
    assert local.refused("POST", "contacts", b"[1]")[:2] == PAYLOAD


def test_lookup_targets_must_exist_and_fit(local: Any, ids: Any) -> None:
    contact = local.create("contacts", lastname="Okafor")
    missing = {"msfsi_Contact@odata.bind": f"/contacts({ids(9)})", "msfsi_name": "Ghost"}
    wrong = {"msfsi_Contact@odata.bind": f"/msfsi_banks({contact})", "msfsi_name": "Ghost"}

    assert local.refused("POST", "msfsi_lifemoments", missing) == (
        404,
        "0x80040217",
        f"contact With Id = {ids(9)} Does Not Exist",
    )
    assert local.refused("POST", "msfsi_lifemoments", wrong)[:2] == PAYLOAD
    change = {"msfsi_Branch@odata.bind": f"/msfsi_branchs({ids(9)})"}
    assert local.refused("PATCH", f"contacts({contact})", change)[0] == 404


def test_primary_and_alternate_keys_are_unique(local: Any, ids: Any) -> None:
    local.create("msfsi_banks", msfsi_bankid=ids(1), msfsi_integrationkey="Key")
    other = local.create("msfsi_banks", msfsi_integrationkey="other")

    again = {"msfsi_bankid": ids(1).upper(), "msfsi_name": "B"}
    assert local.refused("POST", "msfsi_banks", again)[:2] == (412, "0x80040237")
    same_key = local.refused("POST", "msfsi_banks", {"msfsi_integrationkey": "key"})
    assert same_key[:2] == (412, "0x80060892")
    assert "msfsi_integrationkey" in same_key[2]
    change = {"msfsi_integrationkey": "KEY"}
    assert local.refused("PATCH", f"msfsi_banks({other})", change)[:2] == (412, "0x80060892")


def test_empty_keys_do_not_collide(local: Any) -> None:
    local.create("msfsi_banks", msfsi_name="A")
    local.create("msfsi_banks", msfsi_name="B")
    assert len(local.rows("msfsi_banks")) == 2


def test_composite_key_is_unique_over_both_lookups(local: Any) -> None:
    contact = f"/contacts({local.create('contacts', lastname='O')})"
    groups = [f"/msfsi_groups({local.create('msfsi_groups', msfsi_name='G')})" for _ in range(2)]

    def member(group: str) -> dict[str, str]:
        return {"msfsi_group@odata.bind": group, "msfsi_member_Contact_contact@odata.bind": contact}

    for group in groups:
        assert local.send("POST", "msfsi_groupmembers", member(group)).status_code == 204
    refusal = local.refused("POST", "msfsi_groupmembers", member(groups[0]))
    assert refusal[:2] == (412, "0x80060892")


def test_bind_is_sensitive_to_case_and_columns_are_lower_case(local: Any) -> None:
    branch = local.create("msfsi_branchs", msfsi_name="Centre")
    for name in ("msfsi_branch", "MSFSI_Branch"):
        body = {f"{name}@odata.bind": f"/msfsi_branchs({branch})"}
        assert local.refused("POST", "contacts", body)[:2] == PAYLOAD


@settings(max_examples=30, deadline=None)
@given(st.integers(-(10**14), 10**14))
def test_amounts_come_back_as_sent(shared: Any, ten_thousandths: int) -> None:
    amount = ten_thousandths / 10_000
    path = "msfsi_fh_accounts?$select=msfsi_balance,msfsi_balancedefault"
    body = {"msfsi_balance": amount, "msfsi_balancedefault": round(amount, 2)}
    row = shared.send("POST", path, body, Prefer="return=representation").json()
    assert (row["msfsi_balance"], row["msfsi_balancedefault"]) == (amount, round(amount, 2))


@pytest.mark.parametrize(("sent", "kept"), [(2.675, 2.68), (-2.675, -2.68), (1.004, 1.0), (7, 7.0)])
def test_surplus_decimals_are_rounded(local: Any, sent: float, kept: float) -> None:
    row = local.create("msfsi_fh_accounts", msfsi_balancedefault=sent)
    assert local.get(f"msfsi_fh_accounts({row})")["msfsi_balancedefault"] == kept


@pytest.mark.parametrize(
    "sent", ["2025-01-31T11:30:00+02:00", "2025-01-31T09:30:00.123Z", "2025-01-31T09:30:00Z"]
)
def test_times_are_kept_in_utc_and_whole_seconds(local: Any, sent: str) -> None:
    contact = local.create("contacts", lastname="O", msfsi_joindate=sent)
    assert local.get(f"contacts({contact})")["msfsi_joindate"] == "2025-01-31T09:30:00Z"
