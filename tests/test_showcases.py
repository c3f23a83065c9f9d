"""Showcase customers as the application's widgets read them, through the Web API only."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest

import seedkit
from seedkit.population.notable import Showcase
from seedkit.seeding import Bank
from seedkit.testing import local_environment

DAYS = [date(2026, 6, 30), date(2024, 2, 29), date(2025, 12, 31), date(2060, 3, 1)]
ACCOUNTS, LOANS, SAVINGS = 104800004, 104800001, 104800003
OWNING = (104800000, 104800004)
DEBIT, ORDER, OVERDRAFT, POSITION = 104800000, 104800001, 104800003, 100000000
ACTIVE, STOLEN = 104800000, 104800001
SUCCESSFUL = 104800000
CARDS = """<fetch><entity name="msfsi_fi_card"><attribute name="msfsi_status"/>
<attribute name="msfsi_expirydate"/><attribute name="msfsi_name"/>
<filter><condition attribute="statecode" operator="eq" value="0"/>
<condition attribute="msfsi_financialinstrumenttype" operator="eq" value="104800002"/></filter>
<link-entity name="msfsi_financialholdinginstrument" from="msfsi_details" to="msfsi_fi_cardid">
<filter><condition attribute="statecode" operator="eq" value="0"/></filter>
<link-entity name="msfsi_financialholding" from="msfsi_financialholdingid"
 to="msfsi_financialholding">
<link-entity name="msfsi_customerfinancialholding" from="msfsi_financialholdingid"
 to="msfsi_financialholdingid" alias="mine">
<attribute name="msfsi_financialholdingrole" alias="role"/>
<filter><condition attribute="statecode" operator="eq" value="0"/>
<condition attribute="msfsi_customerid" operator="eq" value="{contact}"/></filter>
</link-entity></link-entity></link-entity>
<link-entity name="contact" from="contactid" to="msfsi_cardholder" link-type="outer">
<attribute name="contactid" alias="holder"/></link-entity></entity></fetch>"""

INSTRUMENTS = {  # the instrument's type, and what an instrument is expanded by
    "msfsi_fi_overdraft": (OVERDRAFT, "msfsi_details_msfsi_fi_Overdraft_msfsi_fi_overdraft"),
    "msfsi_fi_directdebit": (DEBIT, "msfsi_details_msfsi_fi_DirectDebit_msfsi_fi_directdebit"),
    "msfsi_fi_standingorder": (
        ORDER,
        "msfsi_details_msfsi_fi_StandingOrder_msfsi_fi_standingorder",
    ),
    "msfsi_fi_position": (POSITION, "msfsi_details_msfsi_fi_position_msfsi_fi_position"),
}

Row = dict[str, Any]


class Form(NamedTuple):
    """A customer's form: what its widgets read on a day."""

    bank: Bank[Any]
    today: date
    contact: str

    def get(self, path: str, **parameters: str) -> list[Row]:
        answer = self.bank.http.get(path, params=parameters or None)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["value"])

    def until(self, value: str | None) -> float:
        """Return whole days until a moment; endless where there is none."""
        if not value:
            return math.inf
        return (date.fromisoformat(value[:10]) - self.today).days

    def holdings(self) -> list[Row]:
        """Return what FHfetch gives: holdings with their details, one row per role."""
        wanted = {"contactid": self.contact, "hideShowEntities": {}}
        body = {"data": json.dumps(wanted)}
        answer = self.bank.http.post("msfsi_FHfetch", json=body)
        assert answer.status_code == 200, answer.text
        return [plain(item) for item in entities(answer.json())]

    def details(self, category: int, prefix: str) -> list[Row]:
        """Return the owned details of a category, by the names of their columns."""
        return [
            {name.removeprefix(prefix): value for name, value in row.items()}
            for row in self.holdings()
            if row["FH.msfsi_financialholdingcategory"] == category
            and row["msfsi_financialholdingrole"] in OWNING
        ]

    def instruments(self, kind: int, bind: str) -> list[Row]:
        """Return the details of the instruments of a kind on owned holdings."""
        owned = " or ".join(
            f"_msfsi_financialholding_value eq {row['FH.msfsi_financialholdingid']}"
            for row in self.holdings()
            if row["msfsi_financialholdingrole"] in OWNING
        )
        rows = self.get(
            f"msfsi_financialholdinginstruments?$filter=statecode eq 0 and ({owned or 'true'}) and "
            f"msfsi_financialholdinginstrumenttype eq {kind}&$expand={bind}"
        )
        return [row[bind] for row in rows]

    def cards(self) -> list[Row]:
        """Return the cards of the card widget."""
        rows = self.get("msfsi_fi_cards", fetchXml=CARDS.format(contact=self.contact))
        mine = [r for r in rows if r["role"] in OWNING or r.get("holder") == self.contact]
        return [dict(each) for each in {row["msfsi_fi_cardid"]: row for row in mine}.values()]

    def events(self) -> list[Row]:
        return self.get(f"msfsi_lifemoments?$filter=_msfsi_contact_value eq {self.contact}")

    def groups(self) -> list[Row]:
        return self.get(
            f"msfsi_groupmembers?$filter=_msfsi_member_value eq {self.contact}"
            "&$expand=msfsi_group($select=msfsi_name,msfsi_type)"
        )

    def person(self) -> Row:
        return dict(self.bank.http.get(f"contacts({self.contact})").json())


def entities(answer: Row) -> list[Row]:
    """Return the entities of an action: JSON within JSON within JSON."""
    return list(json.loads(json.loads(answer["result"])["entities"]))


def plain(item: Row) -> Row:
    """Return an entity of an action as columns and values."""
    return {each["Key"]: _value(each["Value"]) for each in item["Attributes"]}


def _value(value: Any) -> Any:
    return value.get("Value", value.get("Id")) if isinstance(value, dict) else value


def near(days: float, within: int) -> bool:
    return abs(days) < within


def alerts(form: Form) -> set[str]:
    """Return what the overview warns of, in the words of the showcases."""
    found = set()
    for row in form.details(ACCOUNTS, "FH_ACCOUNT.msfsi_"):
        average, free = row.get("averagebalance") or 0, row.get("availablebalance") or 0
        if (row.get("blockedamount") or 0) > average:
            found.add(Showcase.BLOCKED_AMOUNT)
        if average and abs(free - average) >= 0.3 * abs(average):
            found.add(Showcase.UNEVEN_ACCOUNT)
    for row in form.details(LOANS, "FH_LOAN.msfsi_"):
        if near(form.until(row.get("maturitydate")), 60):
            found.add(Showcase.MATURING_MORTGAGE)
        if near(form.until(row.get("nextinterestreviewdate")), 60):
            found.add(Showcase.LOAN_REVIEW)
        if row.get("delinquencystatus") and form.until(row["overduedate"]) < -30:
            found.add(Showcase.LATE_LOAN)
    for row in form.details(SAVINGS, "FH_SAVING.msfsi_"):
        if near(form.until(row.get("maturitydate")), 30) or row.get("blockedamount") is not None:
            found.add(Showcase.MATURING_SAVINGS)
    for row in form.instruments(*INSTRUMENTS["msfsi_fi_overdraft"]):
        used, limit = row["msfsi_overdraftlimitused"], row["msfsi_overdraftlimit"]
        if used and limit and used >= 0.8 * limit:
            found.add(Showcase.OVERDRAFT_LIMIT)
    return found | failed(form) | dotted(form)


def failed(form: Form) -> set[str]:
    kinds = {
        Showcase.FAILED_DEBIT: "msfsi_fi_directdebit",
        Showcase.FAILED_ORDER: "msfsi_fi_standingorder",
    }
    return {
        showcase
        for showcase, table in kinds.items()
        for row in form.instruments(*INSTRUMENTS[table])
        if row["msfsi_lastitemstatus"] not in (None, SUCCESSFUL)
    }


def dotted(form: Form) -> set[str]:
    found = set()
    for card in form.cards():
        if card["msfsi_status"] == STOLEN:
            found.add(Showcase.STOLEN_CARD)
        elif card["msfsi_status"] != ACTIVE or near(form.until(card["msfsi_expirydate"]), 60):
            found.add(Showcase.EXPIRING_CARD)
    return found


WARNED = {
    Showcase.MATURING_MORTGAGE,
    Showcase.LOAN_REVIEW,
    Showcase.LATE_LOAN,
    Showcase.MATURING_SAVINGS,
    Showcase.UNEVEN_ACCOUNT,
    Showcase.BLOCKED_AMOUNT,
    Showcase.OVERDRAFT_LIMIT,
    Showcase.FAILED_DEBIT,
    Showcase.FAILED_ORDER,
    Showcase.EXPIRING_CARD,
    Showcase.STOLEN_CARD,
}


@pytest.fixture(scope="module", params=DAYS, ids=str)
def bank(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bank[Any]]:
    home = tmp_path_factory.mktemp("home")
    with (
        local_environment(served=True) as there,
        seedkit.seeded(
            "retail", environment=there.origin, households=0, as_of=request.param, home=home
        ) as bank,
    ):
        yield bank


def form(bank: Bank[Any], showcase: Showcase) -> Form:
    customer = bank.customer(f"showcase: {showcase}")
    return Form(bank, bank.as_of, customer.id)


@pytest.mark.parametrize("showcase", Showcase)
def test_the_overview_warns_of_what_is_shown_and_of_nothing_else(
    bank: Bank[Any], showcase: Showcase
) -> None:
    assert alerts(form(bank, showcase)) == {showcase} & WARNED


def test_everybody_is_in_the_customer_list_and_has_a_snapshot(bank: Bank[Any]) -> None:
    for showcase in Showcase:
        person = form(bank, showcase).person()
        assert person["msfsi_ismanagedbybanksystem"]
        assert person["preferredcontactmethodcode"] == 2
        for column in ("fullname", "governmentid", "mobilephone", "emailaddress1", "jobtitle"):
            assert person[column], (showcase, column)
        assert person["address1_composite"]
        assert person["_msfsi_branch_value"]


def test_a_foreign_account_has_two_amounts(bank: Bank[Any]) -> None:
    rows = form(bank, Showcase.FOREIGN_CURRENCY).details(ACCOUNTS, "FH_ACCOUNT.msfsi_")
    assert any(row["balance"] != row["balancedefault"] for row in rows)
    assert any(row.get("balanceexchangerate") not in (None, 1) for row in rows)


def test_one_customer_owns_all_categories(bank: Bank[Any]) -> None:
    rows = form(bank, Showcase.ALL_CATEGORIES).holdings()
    owned = [row for row in rows if row["msfsi_financialholdingrole"] in OWNING]
    assert {row["FH.msfsi_financialholdingcategory"] for row in owned} == set(
        range(104800000, 104800005)
    )


def test_an_investor_has_positions_of_products(bank: Bank[Any]) -> None:
    positions = form(bank, Showcase.INVESTOR).instruments(*INSTRUMENTS["msfsi_fi_position"])
    assert len(positions) >= 4
    assert all(row["_msfsi_financialmarketproduct_value"] for row in positions)


def test_a_holding_of_somebody_else_does_not_count(bank: Bank[Any]) -> None:
    rows = form(bank, Showcase.ANOTHERS_HOLDING).holdings()
    assert any(row["msfsi_financialholdingrole"] not in OWNING for row in rows)


def test_an_overdue_event_asks_for_action(bank: Bank[Any]) -> None:
    looked_at = form(bank, Showcase.OVERDUE_EVENT)
    assert any(
        row["msfsi_modifiedon"] < row["msfsi_lifemomentdate"]
        and looked_at.until(row["msfsi_lifemomentdate"]) < 0
        for row in looked_at.events()
    )


def test_a_new_event_was_told_within_eight_days(bank: Bank[Any]) -> None:
    looked_at = form(bank, Showcase.NEW_EVENT)
    assert any(
        -8 < looked_at.until(row["msfsi_modifiedon"]) <= 0
        and looked_at.until(row["msfsi_lifemomentdate"]) >= 0
        for row in looked_at.events()
    )


def test_a_birthday_is_in_focus(bank: Bank[Any]) -> None:
    born = date.fromisoformat(form(bank, Showcase.BIRTHDAY).person()["birthdate"])
    ahead = [bank.as_of + timedelta(days) for days in range(15)]
    assert (born.month, born.day) in [(day.month, day.day) for day in ahead]


def test_a_family_has_a_household_with_income_and_holdings(bank: Bank[Any]) -> None:
    (main,) = [r for r in form(bank, Showcase.FAMILY).groups() if r["msfsi_isprimarygroup"]]
    looked_at = form(bank, Showcase.FAMILY)
    group = main["_msfsi_group_value"]
    members = looked_at.get(f"msfsi_groupmembers?$filter=_msfsi_group_value eq {group}")
    held = looked_at.get(f"msfsi_groupfinancialholdings?$filter=_msfsi_group_value eq {group}")
    assert len(members) >= 2
    assert held


def test_a_blended_family_has_children_of_both_and_of_one(bank: Bank[Any]) -> None:
    father = form(bank, Showcase.BLENDED_FAMILY)
    rows = father.get(f"msfsi_lifemoments?$filter=_msfsi_contact_value eq {father.contact}")
    born = [row for row in rows if row["msfsi_lifemomenttitle"].startswith("Birth of")]
    assert len(born) >= 2


def test_a_widow_and_a_student_say_so(bank: Bank[Any]) -> None:
    assert form(bank, Showcase.WIDOWED).person()["familystatuscode"] == 4
    assert form(bank, Showcase.STUDENT).person()["jobtitle"].lower().endswith("student")


def test_a_group_stands_beside_the_household(bank: Bank[Any]) -> None:
    kinds = [row["msfsi_group"]["msfsi_type"] for row in form(bank, Showcase.CUSTOM_GROUP).groups()]
    assert sorted(kinds) == [104800000, 104800001]


# What puts each alert right: the table of the row behind it, and another value.
REMEDIES: dict[Showcase, tuple[str, Row]] = {
    Showcase.MATURING_MORTGAGE: ("msfsi_fh_loan", {"msfsi_maturitydate": None}),
    Showcase.LOAN_REVIEW: ("msfsi_fh_loan", {"msfsi_nextinterestreviewdate": None}),
    Showcase.LATE_LOAN: ("msfsi_fh_loan", {"msfsi_delinquencystatus": False}),
    Showcase.MATURING_SAVINGS: ("msfsi_fh_saving", {"msfsi_maturitydate": None}),
    Showcase.UNEVEN_ACCOUNT: ("msfsi_fh_account", {"msfsi_averagebalance": None}),
    Showcase.BLOCKED_AMOUNT: ("msfsi_fh_account", {"msfsi_blockedamount": 0}),
    Showcase.OVERDRAFT_LIMIT: ("msfsi_fi_overdraft", {"msfsi_overdraftlimitused": 0}),
    Showcase.FAILED_DEBIT: ("msfsi_fi_directdebit", {"msfsi_lastitemstatus": SUCCESSFUL}),
    Showcase.FAILED_ORDER: ("msfsi_fi_standingorder", {"msfsi_lastitemstatus": SUCCESSFUL}),
    Showcase.EXPIRING_CARD: ("msfsi_fi_card", {"msfsi_expirydate": "2099-12-31T12:00:00Z"}),
    Showcase.STOLEN_CARD: ("msfsi_fi_card", {"msfsi_status": ACTIVE}),
}


def behind(looked_at: Form, table: str) -> list[str]:
    """Return the paths of all rows of a table that hang on what a customer owns."""
    sets = f"{table}s"
    if table == "msfsi_fi_card":
        return [f"{sets}({card['msfsi_fi_cardid']})" for card in looked_at.cards()]
    if table.startswith("msfsi_fh"):
        category = {"account": ACCOUNTS, "loan": LOANS, "saving": SAVINGS}[table.split("_")[-1]]
        return [f"{sets}({row['FH.msfsi_details']})" for row in looked_at.details(category, "!")]
    kind, bind = INSTRUMENTS[table]
    return [f"{sets}({row[f'{table}id']})" for row in looked_at.instruments(kind, bind)]


@pytest.mark.parametrize("showcase", REMEDIES)
def test_what_is_put_right_raises_no_alert_any_more(bank: Bank[Any], showcase: Showcase) -> None:
    assert set(REMEDIES) == WARNED
    looked_at, (table, values) = form(bank, showcase), REMEDIES[showcase]
    for path in behind(looked_at, table):
        answer = bank.http.patch(path, json=values)
        assert answer.status_code == 204, answer.text
    assert alerts(looked_at) == set()
