"""The queries of the customer profile's front end, told in our words, over a small bank."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from .conftest import Local
from .fetching import fetch, page, plain

OWNER, JOINT, SIGNATORY = 104800000, 104800004, 104800001
CARD, CATEGORY_ACCOUNT = 104800002, 104800004


class Bank:
    """A customer with a current account and a card, and a holding whose owner is another."""

    def __init__(self, local: Local) -> None:
        self.local = local
        self.ann = local.create(
            "contacts", firstname="Ann", lastname="Reed", birthdate="1990-02-03"
        )
        self.bob = local.create("contacts", firstname="Bob", lastname="Cole")
        account = local.create("msfsi_fh_accounts", msfsi_name="Details", msfsi_balance=10)
        self.holding = local.create(
            "msfsi_financialholdings",
            msfsi_name="Current",
            msfsi_financialholdingcategory=CATEGORY_ACCOUNT,
            msfsi_details_msfsi_fh_account__bind=f"/msfsi_fh_accounts({account})",
        )
        self.other = local.create("msfsi_financialholdings", msfsi_name="Savings")
        self._own(self.ann, self.holding, OWNER)
        self._own(self.bob, self.other, OWNER)
        self._own(self.ann, self.other, SIGNATORY)
        self._instrument()
        self._household()

    def _own(self, contact: str, holding: str, role: int) -> None:
        self.local.create(
            "msfsi_customerfinancialholdings",
            msfsi_name="Role",
            msfsi_financialholdingrole=role,
            msfsi_CustomerID_contact__bind=f"/contacts({contact})",
            msfsi_FinancialHoldingID__bind=f"/msfsi_financialholdings({holding})",
        )

    def _instrument(self) -> None:
        card = self.local.create(
            "msfsi_fi_cards", msfsi_name="Gold", msfsi_financialinstrumenttype=CARD
        )
        self.local.create(
            "msfsi_financialholdinginstruments",
            msfsi_name="Card",
            msfsi_FinancialHolding__bind=f"/msfsi_financialholdings({self.holding})",
            msfsi_details_msfsi_fi_card__bind=f"/msfsi_fi_cards({card})",
        )

    def _household(self) -> None:
        group = self.local.create("msfsi_groups", msfsi_name="The Reeds", msfsi_type=104800000)
        self.member = self.local.create(
            "msfsi_groupmembers",
            msfsi_name="Ann",
            msfsi_isprimarygroup=True,
            msfsi_group__bind=f"/msfsi_groups({group})",
            msfsi_member_Contact_contact__bind=f"/contacts({self.ann})",
        )
        body = {"msfsi_PrimaryMember@odata.bind": f"/msfsi_groupmembers({self.member})"}
        assert self.local.send("PATCH", f"msfsi_groups({group})", body).status_code == 204


@pytest.fixture(scope="module")
def bank(fresh_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("bank") / "bank.db"
    path.write_bytes(fresh_file.read_bytes())
    local = Local(path)
    yield Bank(local)
    local.app.state.close()


def one(rows: list[dict[str, Any]]) -> dict[str, Any]:
    assert len(rows) == 1, rows
    return rows[0]


def test_settings_come_with_their_values(bank: Bank) -> None:
    local = bank.local
    definition = local.create(
        "environmentvariabledefinitions", schemaname="msfsi_Shown", displayname="Shown",
        type=100000000,
    )  # fmt: skip
    local.create(
        "environmentvariablevalues", schemaname="a", value="yes",
        EnvironmentVariableDefinitionId__bind=f"/environmentvariabledefinitions({definition})",
    )  # fmt: skip
    xml = """
      <fetch version="1.0" output-format="xml-platform" mapping="logical" distinct="false">
        <entity name="environmentvariabledefinition">
          <attribute name="schemaname"/>,
          <attribute name="defaultvalue"/>
          <filter type="and">
            <condition attribute="schemaname" operator="like" value="msfsi_Sh%"/>
          </filter>,
          <link-entity name="environmentvariablevalue" from="environmentvariabledefinitionid"
              to="environmentvariabledefinitionid" link-type="outer">
            <attribute name="value"/>
          </link-entity>
        </entity>
      </fetch>"""
    row = one(fetch(local, "environmentvariabledefinitions", xml))
    assert row["environmentvariablevalue1.value"] == "yes"


def test_the_base_currency_is_the_one_with_the_organization(bank: Bank) -> None:
    xml = (
        "<fetch><entity name='transactioncurrency'><attribute name='currencyname'/>"
        "<attribute name='isocurrencycode'/><link-entity name='organization' from='basecurrencyid' "
        "to='transactioncurrencyid' link-type='outer'>"
        "<attribute name='organizationid' alias='organizationId'/></link-entity></entity></fetch>"
    )
    rows = fetch(bank.local, "transactioncurrencies", xml)
    assert [row["isocurrencycode"] for row in rows if "organizationId" in row] == ["USD"]
    assert len(rows) > 1


def holdings(inner: str, conditions: str = "") -> str:
    return (
        "<fetch><entity name='msfsi_customerfinancialholding'>"
        "<attribute name='msfsi_financialholdingrole'/><attribute name='msfsi_customerid'/>"
        f"<filter type='and'>{conditions}</filter>"
        "<link-entity name='msfsi_financialholding' from='msfsi_financialholdingid' "
        "to='msfsi_financialholdingid' alias='FH'>"
        "<attribute name='msfsi_name' alias='FH.msfsi_name'/><attribute name='versionnumber'/>"
        f"<attribute name='msfsi_financialholdingcategory'/>{inner}</link-entity></entity></fetch>"
    )


INSTRUMENTS = (
    "<link-entity name='msfsi_financialholdinginstrument' from='msfsi_financialholding' "
    "to='msfsi_financialholdingid' alias='FHI'><attribute name='msfsi_financialholding'/>"
    "<link-entity name='msfsi_fi_card' from='msfsi_fi_cardid' to='msfsi_details' "
    "link-type='outer' alias='FHI_CARD'><attribute name='msfsi_name'/></link-entity>"
    "<link-entity name='msfsi_fi_overdraft' from='msfsi_fi_overdraftid' to='msfsi_details' "
    "link-type='outer' alias='FHI_OVERDRAFT'/></link-entity>"
)


def test_owned_holdings_come_with_their_instruments(bank: Bank) -> None:
    conditions = (
        f"<condition attribute='msfsi_customerid' operator='eq' value='{bank.ann}'/>"
        "<condition attribute='statecode' operator='eq' value='0'/>"
        "<condition attribute='msfsi_financialholdingrole' operator='in'>"
        f"<value>{OWNER}</value>,<value>{JOINT}</value></condition>"
    )
    row = one(
        fetch(bank.local, "msfsi_customerfinancialholdings", holdings(INSTRUMENTS, conditions))
    )
    assert row["FH.msfsi_name"] == "Current"
    assert row["FHI.msfsi_financialholding"] == bank.holding
    assert row["FHI_CARD.msfsi_name"] == "Gold"
    assert row["_msfsi_customerid_value"] == bank.ann
    assert isinstance(row["FH.versionnumber"], int)
    assert "FHI._msfsi_financialholding_value" not in row


def test_cards_are_those_of_own_holdings_or_in_ones_name(bank: Bank) -> None:
    conditions = (
        "<condition entityname='FHI_CARD' attribute='msfsi_financialinstrumenttype' "
        f"operator='eq' value='{CARD}'/><filter type='or'>"
        "<condition attribute='msfsi_financialholdingrole' operator='in'>"
        f"<value>{OWNER}</value></condition>"
        "<condition entityname='FHI_CARD' attribute='msfsi_cardholder' operator='eq' "
        f"value='{bank.bob}'/></filter>"
    )
    rows = fetch(bank.local, "msfsi_customerfinancialholdings", holdings(INSTRUMENTS, conditions))
    assert one(rows)["FHI_CARD.msfsi_name"] == "Gold"


def test_holdings_of_others_name_their_owner(bank: Bank) -> None:
    conditions = (
        f"<condition attribute='msfsi_customerid' operator='eq' value='{bank.ann}'/>"
        "<condition attribute='msfsi_financialholdingrole' operator='not-in'>"
        f"<value>{OWNER}</value><value>{JOINT}</value></condition>"
    )
    owner = (
        "<link-entity name='msfsi_customerfinancialholding' from='msfsi_financialholdingid' "
        "to='msfsi_financialholdingid' alias='CFH'><attribute name='msfsi_customerid'/>"
        "<filter><condition attribute='msfsi_financialholdingrole' operator='eq' "
        f"value='{OWNER}'/></filter>"
        "<link-entity name='contact' from='contactid' to='msfsi_customerid' alias='C'>"
        "<attribute name='fullname'/><attribute name='entityimage_url'/>"
        "<attribute name='entityimage'/></link-entity></link-entity>"
    )
    row = one(fetch(bank.local, "msfsi_customerfinancialholdings", holdings(owner, conditions)))
    assert (row["CFH.msfsi_customerid"], row["C.fullname"]) == (bank.bob, "Bob Cole")


def test_life_event_categories_lead_to_their_types(bank: Bank) -> None:
    xml = (
        "<fetch><entity name='msfsi_lifemomentcategoryconfig'><attribute name='msfsi_name'/>"
        "<link-entity name='msfsi_categorytypesrelations' "
        "from='msfsi_lifemomentcategoryconfigurations' to='msfsi_lifemomentcategoryconfigid'>"
        "<attribute name='msfsi_lifemomenttypeconfigurationsname'/>"
        "<link-entity name='msfsi_lifemomenttypeconfig' from='msfsi_lifemomenttypeconfigid' "
        "to='msfsi_lifemomenttypeconfigurations'><attribute name='msfsi_name'/></link-entity>"
        "</link-entity></entity></fetch>"
    )
    rows = fetch(bank.local, "msfsi_lifemomentcategoryconfigs", xml)
    assert len(rows) == 26
    key = "msfsi_categorytypesrelations1.msfsi_lifemomenttypeconfigurationsname"
    assert all(row[key] == row["msfsi_lifemomenttypeconfig2.msfsi_name"] for row in rows)


def test_the_household_names_its_primary_member(bank: Bank) -> None:
    xml = (
        "<fetch><entity name='contact'><attribute name='fullname'/><filter>"
        f"<condition attribute='contactid' operator='eq' value='{bank.ann.upper()}'/></filter>"
        "<link-entity name='msfsi_groupmember' from='msfsi_member' to='contactid' alias='GM'>"
        "<attribute name='msfsi_role'/><filter><condition attribute='msfsi_isprimarygroup' "
        "operator='eq' value='true'/></filter><link-entity name='msfsi_group' "
        "from='msfsi_groupid' to='msfsi_group' alias='G'><attribute name='msfsi_name'/>"
        "<attribute name='msfsi_primarymember'/></link-entity></link-entity></entity></fetch>"
    )
    row = one(page(bank.local, "contacts", xml)["value"])
    assert (row["G.msfsi_name"], row["G.msfsi_primarymember"]) == ("The Reeds", bank.member)
    kind = row["G.msfsi_primarymember@Microsoft.Dynamics.CRM.lookuplogicalname"]
    assert kind == "msfsi_groupmember"


def test_a_group_that_is_not_chosen_yet_has_no_holdings(bank: Bank) -> None:
    xml = (
        "<fetch><entity name='msfsi_groupfinancialholding'><filter>"
        "<condition attribute='msfsi_group' operator='eq' value=''/></filter></entity></fetch>"
    )
    assert fetch(bank.local, "msfsi_groupfinancialholdings", xml) == []


def test_relationships_name_both_people(bank: Bank) -> None:
    bank.local.create(
        "msfsi_relationships",
        msfsi_name="Siblings",
        msfsi_relationshiptype=104800011,
        msfsi_Contactfrom__bind=f"/contacts({bank.ann})",
        msfsi_Contactto__bind=f"/contacts({bank.bob})",
    )
    side = (
        "<link-entity name='contact' from='contactid' to='msfsi_contact{0}' link-type='outer' "
        "alias='{0}'><attribute name='fullname'/></link-entity>"
    )
    xml = (
        "<fetch><entity name='msfsi_relationship'><attribute name='msfsi_relationshiptypename'/>"
        f"<attribute name='msfsi_contactto'/>{side.format('from')}{side.format('to')}"
        "</entity></fetch>"
    )
    row = one(page(bank.local, "msfsi_relationships", xml)["value"])
    assert (row["from.fullname"], row["to.fullname"]) == ("Ann Reed", "Bob Cole")
    assert row["msfsi_relationshiptypename"] == "Sibling"
    formatted = "_msfsi_contactto_value@OData.Community.Display.V1.FormattedValue"
    assert row[formatted] == "Bob Cole"


def test_the_people_of_a_holding_and_the_one_row_of_a_contact(bank: Bank) -> None:
    xml = (
        "<fetch><entity name='msfsi_financialholding'><filter><condition "
        f"attribute='msfsi_financialholdingid' operator='eq' value='{bank.other}'/></filter>"
        "<link-entity name='msfsi_customerfinancialholding' from='msfsi_financialholdingid' "
        "to='msfsi_financialholdingid' link-type='outer' alias='CFH'>"
        "<attribute name='msfsi_customeridname'/><link-entity name='contact' from='contactid' "
        "to='msfsi_customerid' link-type='outer' alias='C'><attribute name='contactid'/>"
        "</link-entity></link-entity></entity></fetch>"
    )
    rows = plain(fetch(bank.local, "msfsi_financialholdings", xml))
    people = {row["CFH.msfsi_customeridname"]: row["C.contactid"] for row in rows}
    assert people == {"Ann Reed": bank.ann, "Bob Cole": bank.bob}
    born = (
        '<fetch top="1"><entity name="contact"><attribute name="birthdate"/>'
        '<attribute name="educationcode"/><filter><condition attribute="contactid" '
        f'operator="eq" value="{bank.ann}"/></filter></entity></fetch>'
    )
    assert re.match("1990-02-03", one(fetch(bank.local, "contacts", born))["birthdate"])
