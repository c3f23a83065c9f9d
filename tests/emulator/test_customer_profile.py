from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.emulator.conftest import Local

HOUSEHOLD, CUSTOM = 104800000, 104800001
OWNER = 104800000
CREDIT, LOANS, INVESTMENTS, SAVINGS, ACCOUNTS = range(104800000, 104800005)


def call(local: Local, action: str, **data: Any) -> Any:
    answer = local.send("POST", action, {"data": json.dumps(data)})
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def fetched(local: Local, action: str, **data: Any) -> tuple[list[Any], dict[str, int]]:
    """Return entities and statuses: JSON within JSON within JSON."""
    found = json.loads(call(local, action, **data))
    assert set(found) == {"entities", "metadata"}
    return json.loads(found["entities"]), json.loads(found["metadata"])


def values(entity: dict[str, Any]) -> dict[str, Any]:
    return {item["Key"]: item["Value"] for item in entity["Attributes"]}


def texts(entity: dict[str, Any]) -> dict[str, str]:
    return {item["Key"]: item["Value"] for item in entity["FormattedValues"]}


class Bank:
    """A contact with an account and a loan, both her own."""

    def __init__(self, local: Local) -> None:
        self.local = local
        self.contact = local.create("contacts", firstname="Ada", lastname="Okafor")
        self.account = self.holding(
            ACCOUNTS, "msfsi_fh_accounts", "msfsi_details_msfsi_fh_account", 1, 120.5
        )
        self.loan = self.holding(
            LOANS, "msfsi_fh_loans", "msfsi_details_msfsi_FH_Loan_msfsi_fh_loan", 2, -900.0
        )
        self.links = [self.own(holding) for holding in (self.account, self.loan)]

    def holding(
        self, category: int, details: str, bind: str, classification: int, balance: float
    ) -> str:
        detail = self.local.create(
            details,
            msfsi_name="Details",
            msfsi_balance=balance,
            msfsi_accountingclassification=classification,
        )
        return self.local.create(
            "msfsi_financialholdings",
            msfsi_name=f"Holding {category}",
            msfsi_financialholdingcategory=category,
            **{f"{bind}__bind": f"/{details}({detail})"},
        )

    def own(self, holding: str, role: int = OWNER) -> str:
        return self.local.create(
            "msfsi_customerfinancialholdings",
            msfsi_name="Link",
            msfsi_financialholdingrole=role,
            msfsi_CustomerID_contact__bind=f"/contacts({self.contact})",
            msfsi_FinancialHoldingID__bind=f"/msfsi_financialholdings({holding})",
        )

    def group(self, name: str = "Okafor", kind: int = HOUSEHOLD, **more: Any) -> dict[str, Any]:
        """Return a group as the client sends it: with its founder and her account."""
        customer = {"id": self.contact, "name": "Ada Okafor", "address": "", "income": 0.0}
        member = {"role": OWNER, "IsPrimaryGroup": False, "customer": customer}
        return {
            "name": name,
            "primaryMember": self.contact,
            "type": kind,
            "members": [member],
            "financialHoldings": [{"id": self.account, "name": "Account", "owners": []}],
            "creationDate": "",
            "version": 0,
            **more,
        }

    def add(self, *args: Any, **more: Any) -> dict[str, Any]:
        group = self.group(*args, **more)
        return dict(json.loads(call(self.local, "msfsi_GroupAdd", group=group, otherMembers=[])))


@pytest.fixture
def bank(local: Local) -> Bank:
    return Bank(local)


def test_holdings_come_with_their_details_under_aliases(local: Local, bank: Bank) -> None:
    entities, statuses = fetched(
        local, "msfsi_FHfetch", contactid=bank.contact, hideShowEntities={}
    )
    by_category = {
        values(item)["FH.msfsi_financialholdingcategory"]["Value"]: item for item in entities
    }
    assert set(by_category) == {ACCOUNTS, LOANS}
    account = values(by_category[ACCOUNTS])
    assert by_category[ACCOUNTS]["LogicalName"] == "msfsi_customerfinancialholding"
    assert by_category[ACCOUNTS]["Id"] == bank.links[0]
    assert account["FH_ACCOUNT.msfsi_balance"] == {"Value": 120.5}
    assert account["msfsi_customerid"]["Id"] == bank.contact
    assert account["msfsi_customerid"]["LogicalName"] == "contact"
    assert account["msfsi_financialholdingrole"] == {"Value": OWNER}
    assert account["FH.msfsi_name"] == f"Holding {ACCOUNTS}"
    assert "FH_LOAN.msfsi_balance" not in account
    assert texts(by_category[ACCOUNTS])["msfsi_customerid"] == "Ada Okafor"
    loan = values(by_category[LOANS])
    assert loan["FH_LOAN.msfsi_balancedisplayvalue"] == {"Value": 900.0}
    assert statuses == dict.fromkeys(
        (
            "msfsi_FH_Account",
            "msfsi_FH_Creditline",
            "msfsi_FH_Investment",
            "msfsi_FH_Loan",
            "msfsi_FH_Saving",
        ),
        200,
    )


def test_hidden_categories_are_left_out_and_told(local: Local, bank: Bank) -> None:
    shown = {str(ACCOUNTS): True, str(LOANS): False}
    entities, statuses = fetched(
        local, "msfsi_FHfetch", contactId=bank.contact, hideShowEntities=shown
    )
    found = [values(item)["FH.msfsi_financialholdingcategory"]["Value"] for item in entities]
    assert found == [ACCOUNTS]
    assert statuses["msfsi_FH_Loan"] == 204
    assert statuses["msfsi_FH_Account"] == 200


@pytest.mark.parametrize("where", ["link", "holding", "details"])
def test_inactive_rows_are_left_out(local: Local, bank: Bank, where: str) -> None:
    path = {
        "link": f"msfsi_customerfinancialholdings({bank.links[0]})",
        "holding": f"msfsi_financialholdings({bank.account})",
        "details": "msfsi_fh_accounts("
        + local.get(f"msfsi_financialholdings({bank.account})")["_msfsi_details_value"]
        + ")",
    }[where]
    assert local.send("PATCH", path, {"statecode": 1, "statuscode": 2}).status_code == 204
    entities, _ = fetched(local, "msfsi_FHfetch", contactid=bank.contact, hideShowEntities={})
    found = [values(item)["FH.msfsi_financialholdingcategory"]["Value"] for item in entities]
    assert found == [LOANS]


def test_an_empty_id_finds_nothing_and_a_faulty_one_is_refused(local: Local, bank: Bank) -> None:
    assert fetched(local, "msfsi_GFHfetch", groupId="", hideShowEntities={})[0] == []
    body = {"data": json.dumps({"contactid": "x' or 1", "hideShowEntities": {}})}
    assert local.refused("POST", "msfsi_FHfetch", body)[:2] == (400, "0x80040265")


@pytest.mark.parametrize("data", ["", "{", "[]", '"x"', "{}", '{"contactid": "x"}'])
def test_data_of_another_shape_is_refused(local: Local, data: str) -> None:
    assert local.refused("POST", "msfsi_FHfetch", {"data": data})[:2] == (400, "0x80040265")


def test_a_group_shows_its_holdings_with_their_owners(local: Local, bank: Bank) -> None:
    group = bank.add()
    entities, _ = fetched(local, "msfsi_GFHfetch", groupId=group["id"], hideShowEntities={})
    (entity,) = entities
    assert entity["LogicalName"] == "msfsi_groupfinancialholding"
    assert values(entity)["GFH.msfsi_groupfinancialholdingid"] == entity["Id"]
    assert values(entity)["CFH.msfsi_customerid"]["Id"] == bank.contact
    assert texts(entity)["CFH.msfsi_customerid"] == "Ada Okafor"


def test_a_new_group_gets_members_holdings_and_a_primary_member(local: Local, bank: Bank) -> None:
    group = bank.add()
    (member,) = local.rows("msfsi_groupmembers")
    (shown,) = local.rows("msfsi_groupfinancialholdings")
    stored = local.get(f"msfsi_groups({group['id']})")
    assert member["msfsi_name"] == "Okafor_GM_Ada Okafor"
    assert shown["msfsi_name"] == "Okafor_GH_Account"
    assert stored["_msfsi_primarymember_value"] == member["msfsi_groupmemberid"]
    assert group["primaryMember"] == member["msfsi_groupmemberid"]
    assert group["members"][0]["id"] == member["msfsi_groupmemberid"]
    assert group["members"][0]["customer"]["address"] == ""
    assert group["version"] == stored["versionnumber"]
    assert group["creationDate"] == "7/1/2026 9:00:00 AM"


def test_the_first_household_of_a_person_is_the_main_one(local: Local, bank: Bank) -> None:
    bank.add("First")
    bank.add("Second")
    bank.add("Club", CUSTOM)
    rows = local.rows("msfsi_groupmembers?$orderby=msfsi_name")
    main = {row["msfsi_name"].partition("_")[0]: row["msfsi_isprimarygroup"] for row in rows}
    assert main == {"Club": False, "First": True, "Second": False}


@pytest.mark.parametrize(
    "faulty", [{"primaryMember": None}, {"financialHoldings": []}, {"name": ""}]
)
def test_a_group_that_lacks_something_is_refused_whole(
    local: Local, bank: Bank, faulty: dict[str, Any]
) -> None:
    body = {"data": json.dumps({"group": bank.group(**faulty), "otherMembers": []})}
    assert local.refused("POST", "msfsi_GroupAdd", body)[:2] == (400, "0x80040265")
    assert local.rows("msfsi_groups") == []
    assert local.rows("msfsi_groupmembers") == []


def test_a_new_main_group_is_handed_over(local: Local, bank: Bank) -> None:
    first = bank.add("First")
    other = {**first["members"][0], "IsPrimaryGroup": False}
    group = bank.group("Second")
    group["members"][0]["IsPrimaryGroup"] = True
    call(local, "msfsi_GroupAdd", group=group, otherMembers=[other])
    rows = local.rows("msfsi_groupmembers?$orderby=msfsi_name")
    assert [row["msfsi_isprimarygroup"] for row in rows] == [False, True]


def test_a_group_is_changed_row_by_row(local: Local, bank: Bank) -> None:
    old = bank.add()
    friend = local.create("contacts", lastname="Friend")
    customer = {"id": friend, "name": "Friend", "address": "", "income": 0.0}
    joined = {"role": 104800002, "IsPrimaryGroup": False, "customer": customer}
    new = {
        **old,
        "name": "Renamed",
        "members": [{**old["members"][0], "role": 104800002}, joined],
        "financialHoldings": [{"id": bank.loan, "name": "Loan"}],
    }
    answer = json.loads(
        call(local, "msfsi_GroupUpdate", oldGroup=old, updatedGroup=new, otherMembers=[])
    )
    assert local.get(f"msfsi_groups({old['id']})")["msfsi_name"] == "Renamed"
    members = local.rows("msfsi_groupmembers")
    assert {row["_msfsi_member_value"] for row in members} == {bank.contact, friend}
    assert {row["msfsi_role"] for row in members} == {104800002}
    (shown,) = local.rows("msfsi_groupfinancialholdings")
    assert shown["_msfsi_financialholding_value"] == bank.loan
    assert answer["version"] > old["version"]


def test_a_stale_version_is_refused(local: Local, bank: Bank) -> None:
    old = bank.add()
    local.send("PATCH", f"msfsi_groups({old['id']})", {"msfsi_name": "Changed elsewhere"})
    for action, data in (
        ("msfsi_GroupUpdate", {"oldGroup": old, "updatedGroup": old, "otherMembers": []}),
        ("msfsi_GroupDelete", {"group": old}),
    ):
        body = {"data": json.dumps(data)}
        assert local.refused("POST", action, body)[:2] == (400, "0x80040265")
    assert local.get(f"msfsi_groups({old['id']})")["msfsi_name"] == "Changed elsewhere"


def test_deleting_the_main_household_makes_the_oldest_other_one_main(
    local: Local, bank: Bank
) -> None:
    first = bank.add("First")
    second = bank.add("Second")
    local.now += timedelta(minutes=1)
    bank.add("Third")
    assert call(local, "msfsi_GroupDelete", group=first) is True
    rows = local.rows("msfsi_groupmembers?$filter=msfsi_isprimarygroup eq true")
    assert [row["_msfsi_group_value"] for row in rows] == [second["id"]]


def test_the_snapshots_form_is_a_quick_view_of_contacts(local: Local) -> None:
    form = local.get(
        "systemforms(75c78db3-068f-ec11-b400-0022480988ea)?$select=formxml,objecttypecode,name,type"
    )
    assert (form["type"], form["objecttypecode"]) == (6, "contact")
    assert 'datafieldname="msfsi_branch"' in form["formxml"]
    assert [row["isdefaulttheme"] for row in local.rows("themes")] == [True]
