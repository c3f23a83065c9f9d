from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

ANY = {"msfsi_name": "x"}
NOW = "2026-07-01T09:00:00Z"


def test_stamps_say_who_and_when(local: Any) -> None:
    me = local.get("WhoAmI")
    contact = f"contacts({local.create('contacts', lastname='O')})"
    local.now += timedelta(minutes=5)
    local.send("PATCH", contact, {"jobtitle": "A"})

    row = local.get(contact)

    assert (row["createdon"], row["modifiedon"]) == (NOW, "2026-07-01T09:05:00Z")
    assert row["_createdby_value"] == row["_modifiedby_value"] == me["UserId"]
    assert row["_owningbusinessunit_value"] == me["BusinessUnitId"]
    assert (row["statecode"], row["statuscode"]) == (0, 1)


def test_defaults_of_columns_are_filled_in(local: Any) -> None:
    row = local.get(f"contacts({local.create('contacts', lastname='O')})")
    assert row["msfsi_ismanagedbybanksystem"] is False
    assert row["preferredcontactmethodcode"] == 1


def test_owner_may_be_a_user_or_a_team(local: Any) -> None:
    me = local.get("WhoAmI")["UserId"]
    team = local.rows("teams")[0]["teamid"]
    local.give_role(team)
    contact = f"contacts({local.create('contacts', lastname='O')})"
    row = local.get(contact)
    assert row["_ownerid_value"] == row["_owninguser_value"] == me
    assert row["_owningteam_value"] is None

    local.send("PATCH", contact, {"ownerid@odata.bind": f"/teams({team})"})

    row = local.get(contact)
    assert row["_ownerid_value"] == row["_owningteam_value"] == team
    assert row["_owninguser_value"] is None


def test_backdating_swaps_the_two_times(local: Any) -> None:
    sent = "2024-02-20T10:00:00Z"
    contact = local.create("contacts", lastname="O", overriddencreatedon=sent)
    row = local.get(f"contacts({contact})")
    assert (row["createdon"], row["overriddencreatedon"]) == (sent, NOW)
    plain = local.get(f"contacts({local.create('contacts', lastname='O')})")
    assert (plain["createdon"], plain["overriddencreatedon"]) == (NOW, None)


def test_money_brings_the_base_currency_along(local: Any) -> None:
    row = local.get(f"contacts({local.create('contacts', lastname='O', annualincome=100)})")
    base = local.rows("transactioncurrencies?$filter=isocurrencycode eq 'USD'")[0]
    assert row["_transactioncurrencyid_value"] == base["transactioncurrencyid"]
    assert (row["annualincome_base"], row["exchangerate"]) == (100.0, 1.0)
    without = local.get(f"contacts({local.create('contacts', lastname='O')})")
    assert without["_transactioncurrencyid_value"] is None
    assert without["exchangerate"] is None


def test_amounts_are_converted_by_the_exchange_rate(local: Any) -> None:
    euro = local.rows("transactioncurrencies?$filter=isocurrencycode eq 'EUR'")[0]
    bind = f"/transactioncurrencies({euro['transactioncurrencyid']})"
    contact = local.create("contacts", annualincome=1000, transactioncurrencyid__bind=bind)
    row = local.get(f"contacts({contact})")
    assert row["exchangerate"] == euro["exchangerate"] != 1
    assert row["annualincome_base"] == pytest.approx(1000 / euro["exchangerate"], abs=1e-4)

    local.send("PATCH", f"contacts({contact})", {"annualincome": 500})
    row = local.get(f"contacts({contact})")
    assert row["annualincome_base"] == pytest.approx(500 / euro["exchangerate"], abs=1e-4)

    local.send("PATCH", f"contacts({contact})", {"annualincome": None})
    assert local.get(f"contacts({contact})")["annualincome_base"] is None


def test_name_and_address_are_put_together(local: Any) -> None:
    contact = local.create(
        "contacts",
        firstname="Ada",
        lastname="Okafor",
        address1_line1="12 Main St",
        address1_city="Springfield",
        address1_stateorprovince="IL",
        address1_postalcode="62701",
    )
    path = f"contacts({contact})?$select=fullname,address1_composite"
    assert local.get(path)["address1_composite"] == "12 Main St\r\nSpringfield, IL 62701"
    local.send("PATCH", path, {"lastname": "Obi", "address1_line1": None})
    row = local.get(path)
    assert (row["fullname"], row["address1_composite"]) == ("Ada Obi", "Springfield, IL 62701")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"statecode": 1}, (1, 2)),
        ({"statecode": 1, "statuscode": 2}, (1, 2)),
        ({"statuscode": 1}, (0, 1)),
    ],
)
def test_state_and_status_go_together(
    local: Any, change: dict[str, int], expected: tuple[int, int]
) -> None:
    contact = f"contacts({local.create('contacts', lastname='O')})"
    assert local.send("PATCH", contact, change).status_code == 204
    row = local.get(contact)
    assert (row["statecode"], row["statuscode"]) == expected


@pytest.mark.parametrize("change", [{"statuscode": 2}, {"statecode": 1, "statuscode": 1}])
def test_status_of_another_state_is_refused(local: Any, change: dict[str, int]) -> None:
    contact = f"contacts({local.create('contacts', lastname='O')})"
    assert local.refused("PATCH", contact, change)[:2] == (400, "0x80048408")


@pytest.mark.parametrize(("classification", "shown"), [(1, -250.5), (2, 250.5)])
def test_balances_are_shown_by_classification(
    local: Any, classification: int, shown: float
) -> None:
    loan = local.create(
        "msfsi_fh_loans",
        msfsi_accountingclassification=classification,
        msfsi_balance=-250.5,
        msfsi_balancedefault=-250.5,
    )
    row = local.get(f"msfsi_fh_loans({loan})")
    names = ("msfsi_balancedisplayvalue", "msfsi_balancedefaultdisplayvalue")
    assert [row[name] for name in names] == [shown, shown]
    found = local.rows(f"msfsi_fh_loans?$filter=msfsi_balancedefaultdisplayvalue eq {shown}")
    assert [item["msfsi_fh_loanid"] for item in found] == [loan]


def test_values_that_depend_on_today_follow_the_clock(local: Any) -> None:
    loan = local.create("msfsi_fh_loans", msfsi_overduedate="2026-06-21T12:00:00Z")
    contact = local.create("contacts", msfsi_joindate="2020-01-15T12:00:00Z")

    assert local.get(f"msfsi_fh_loans({loan})")["msfsi_dayspastdue"] == 9
    assert local.get(f"contacts({contact})")["msfsi_tenureyears"] == round(77 / 12, 2)
    local.now += timedelta(days=30)
    assert local.get(f"msfsi_fh_loans({loan})")["msfsi_dayspastdue"] == 39
    assert local.get(f"contacts({contact})")["msfsi_tenureyears"] == round(78 / 12, 2)


def test_gain_of_a_position_is_worked_out(local: Any) -> None:
    position = local.create(
        "msfsi_fi_positions",
        msfsi_positioncount=10,
        msfsi_averagesecuritycost=20,
        msfsi_averagesecuritycostdefault=20,
        msfsi_currentvalue=250,
        msfsi_currentvaluedefault=250,
    )
    row = local.get(f"msfsi_fi_positions({position})")
    assert (row["msfsi_gainloss"], row["msfsi_gain_loss_default"]) == (50, 50)
    assert row["msfsi_performance"] == 25


class TestGroups:
    def member(self, local: Any, group: str, contact: str, primary: bool = True) -> dict[str, Any]:
        return {
            "msfsi_isprimarygroup": primary,
            "msfsi_group@odata.bind": f"/msfsi_groups({group})",
            "msfsi_member_Contact_contact@odata.bind": f"/contacts({contact})",
        }

    def group(self, local: Any, kind: int) -> str:
        found: str = local.create("msfsi_groups", msfsi_name="G", msfsi_type=kind)
        return found

    def test_one_primary_group_per_type(self, local: Any) -> None:
        contact = local.create("contacts", lastname="O")
        first, second = (self.group(local, 104800000) for _ in range(2))
        other = self.group(local, 104800001)
        for group, primary in ((first, True), (other, True), (second, False)):
            body = self.member(local, group, contact, primary)
            assert local.send("POST", "msfsi_groupmembers", body).status_code == 204

        third = self.member(local, self.group(local, 104800000), contact)
        assert local.refused("POST", "msfsi_groupmembers", third)[:2] == (400, "0x80040265")
        filter_ = f"$filter=_msfsi_group_value eq {second}"
        member = local.rows(f"msfsi_groupmembers?{filter_}")[0]["msfsi_groupmemberid"]
        change = {"msfsi_isprimarygroup": True}
        assert local.refused("PATCH", f"msfsi_groupmembers({member})", change)[0] == 400

    def test_a_primary_membership_may_be_sent_again(self, local: Any) -> None:
        contact = local.create("contacts", lastname="O")
        body = self.member(local, self.group(local, 104800000), contact)
        path = local.send("POST", "msfsi_groupmembers", body).headers["OData-EntityId"]
        assert local.send("PATCH", path, {"msfsi_isprimarygroup": True}).status_code == 204

    def test_the_rule_holds_within_one_bulk_request(self, local: Any) -> None:
        contact = local.create("contacts", lastname="O")
        rows = [self.member(local, self.group(local, 104800000), contact) for _ in range(2)]
        answer = local.bulk("msfsi_groupmembers", "CreateMultiple", "msfsi_groupmember", rows)
        assert answer.json()["error"]["code"] == "0x80040265"
        assert local.rows("msfsi_groupmembers") == []

    def test_a_primary_membership_needs_group_and_member(self, local: Any) -> None:
        refusal = local.refused("POST", "msfsi_groupmembers", {"msfsi_isprimarygroup": True})
        assert refusal[:2] == (400, "0x80040265")

    def test_the_type_of_a_group_is_fixed(self, local: Any) -> None:
        group = f"msfsi_groups({self.group(local, 104800000)})"
        untyped = f"msfsi_groups({local.create('msfsi_groups', msfsi_name='G')})"

        assert local.send("PATCH", group, {"msfsi_type": 104800000}).status_code == 204
        assert local.refused("PATCH", group, {"msfsi_type": 104800001})[1] == "0x80040265"
        default = local.get(untyped)["msfsi_type"]
        other = 104800001 if default != 104800001 else 104800000
        assert local.refused("PATCH", untyped, {"msfsi_type": other})[1] == "0x80040265"
