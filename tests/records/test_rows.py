"""What the app's widgets need of rows, on the hand-made block."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from seedkit.records import RecordBatch, RecordContext, block_records
from tests.records.conformity import problems
from tests.records.conftest import AS_OF
from tests.records.tiny import tiled_block, tiny_bank

Rows = Callable[[str], list[dict[str, object]]]
DETAILS = ("account", "saving", "loan", "investment", "creditline")
INSTRUMENTS = ("card", "directdebit", "standingorder", "overdraft", "position")


def named(rows: list[dict[str, object]], name: str) -> dict[str, object]:
    [row] = [row for row in rows if row["msfsi_name"] == name]
    return row


def test_every_batch_fits_the_catalogue(batches: dict[str, RecordBatch]) -> None:
    assert [problem for batch in batches.values() for problem in problems(batch)] == []


def test_a_wrong_batch_is_noticed(batches: dict[str, RecordBatch]) -> None:
    card = batches["msfsi_fi_card"]
    broken = RecordBatch(
        card.table,
        card.block,
        card.ids,
        {
            **card.columns,
            "msfsi_cardtype": [7, 8, 9],
            "msfsi_name": ["x" * 101] * 3,
            "msfsi_nosuch": [1, 2, 3],
            "msfsi_purchasinglimit": [1.234, 2.0, 3.0],
            "msfsi_issuedate": ["2026-01-01", None, None],
        },
        card.lookups[1:],
    )
    found = "\n".join(problems(broken))
    for name in ("cardtype", "msfsi_name", "nosuch", "purchasinglimit", "issuedate", "cardholder"):
        assert name in found


def test_customers_are_contacts_and_others_are_not(rows: Rows) -> None:
    contacts = rows("contact")
    assert [row["firstname"] for row in contacts] == [
        "Emily",
        "David",
        "Jack",
        "Ruth",
        "Maria",
        "Joon",
    ]
    assert all(row["msfsi_ismanagedbybanksystem"] is True for row in contacts)


def test_the_snapshot_has_all_its_fields(rows: Rows) -> None:
    for row in rows("contact"):
        for column in (
            "governmentid",
            "mobilephone",
            "address1_line1",
            "address1_country",
            "jobtitle",
            "annualincome",
            "msfsi_branch",
            "transactioncurrencyid",
        ):
            assert column in row
    assert [row["jobtitle"] for row in rows("contact")][2:4] == ["Student", "Retired"]


def test_families_agree_on_contacts(rows: Rows) -> None:
    emily, david, jack, ruth, maria, _ = rows("contact")
    assert (emily["spousesname"], david["spousesname"]) == ("David Carter", "Emily Carter")
    assert "spousesname" not in maria  # lives with Joon, is married to nobody
    assert [row["numberofchildren"] for row in (emily, david, jack, ruth)] == [2, 2, 0, 0]
    assert [row["familystatuscode"] for row in (emily, jack, ruth, maria)] == [2, 1, 4, 3]
    assert emily["birthdate"] == "1984-05-02"


def test_the_preferred_channel_is_never_a_forbidden_one(rows: Rows) -> None:
    assert [row["preferredcontactmethodcode"] for row in rows("contact")] == [2, 3, 5, 1, 2, 2]
    for row in rows("contact"):
        for flag in ("donotemail", "donotphone", "donotfax", "donotpostalmail"):
            assert row[flag] is False


def test_relationships_go_both_ways_and_leave_out_strangers_to_the_bank(rows: Rows) -> None:
    links = rows("msfsi_relationship")
    assert len(links) == 8
    assert links[0]["msfsi_name"] == "David Carter \N{EN DASH} spouse of Emily Carter"
    pairs = {(row["msfsi_contactfrom"], row["msfsi_contactto"]) for row in links}
    assert {(b, a) for a, b in pairs} == pairs
    child = links[2]
    assert child["msfsi_relationshiptype"] == 104800004
    assert child["msfsi_contactfrom"] == links[0]["msfsi_contactfrom"]


def test_the_primary_member_is_a_member_row_of_the_group(rows: Rows) -> None:
    members = {
        f"msfsi_groupmember({row['msfsi_groupmemberid']})": row for row in rows("msfsi_groupmember")
    }
    for group in rows("msfsi_group"):
        member = members[str(group["msfsi_primarymember"])]
        assert member["msfsi_group"] == f"msfsi_group({group['msfsi_groupid']})"
    assert [row["msfsi_name"] for row in rows("msfsi_groupmember")][4] == (
        "David Carter \N{EN DASH} Holiday"
    )
    assert [row["msfsi_isprimarygroup"] for row in rows("msfsi_groupmember")] == [
        True,
        True,
        True,
        False,
        False,
        True,
    ]


def test_an_overdue_event_was_touched_before_its_date_only(rows: Rows) -> None:
    events = rows("msfsi_lifemoment")
    assert len(events) == 5
    [car] = [row for row in events if row["msfsi_lifemomenttitle"] == "New car"]
    assert str(car["msfsi_modifiedon"]) < str(car["msfsi_lifemomentdate"])


def test_a_goal_hangs_on_its_event(rows: Rows) -> None:
    goals, events = rows("msfsi_financialgoal"), rows("msfsi_lifemoment")
    ids = {f"msfsi_lifemoment({row['msfsi_lifemomentid']})": row for row in events}
    titles = [ids[str(goal["msfsi_lifeevent"])]["msfsi_lifemomenttitle"] for goal in goals]
    assert titles == ["A bigger home", "New car"]
    assert [goal["msfsi_iscompleted"] for goal in goals] == [False, True]


def test_debts_are_below_zero_and_assets_are_not(rows: Rows) -> None:
    for kind in DETAILS:
        for row in rows(f"msfsi_fh_{kind}"):
            debt = kind in ("loan", "creditline")
            assert row["msfsi_accountingclassification"] == (2 if debt else 1)
            if debt:
                assert float(str(row["msfsi_balance"])) < 0
                assert float(str(row["msfsi_balancedefault"])) < 0
    overdrawn = named(rows("msfsi_fh_account"), "Checking")
    assert (overdrawn["msfsi_balance"], overdrawn["msfsi_accountingclassification"]) == (-99.99, 1)


def test_the_category_is_the_same_in_all_places(rows: Rows) -> None:
    details = {
        f"msfsi_fh_{kind}({row[f'msfsi_fh_{kind}id']})": row
        for kind in DETAILS
        for row in rows(f"msfsi_fh_{kind}")
    }
    holdings = rows("msfsi_financialholding")
    assert len(details) == len(holdings) == 8
    for holding in holdings:
        detail = details[str(holding["msfsi_details"])]
        for column in ("msfsi_financialholdingcategory", "msfsi_accountingclassification"):
            assert holding[column] == detail[column]
        assert holding["msfsi_name"] == detail["msfsi_name"]


def test_the_instrument_type_is_the_same_on_link_and_detail(rows: Rows) -> None:
    details = {
        f"msfsi_fi_{kind}({row[f'msfsi_fi_{kind}id']})": row
        for kind in INSTRUMENTS
        for row in rows(f"msfsi_fi_{kind}")
    }
    links = rows("msfsi_financialholdinginstrument")
    assert len(links) == len(details) == 8
    for link in links:
        detail = details[str(link["msfsi_details"])]
        assert (
            link["msfsi_financialholdinginstrumenttype"] == detail["msfsi_financialinstrumenttype"]
        )
        assert link["msfsi_name"] == detail["msfsi_name"]
        assert ("msfsi_product" in link) == ("msfsi_fi_position" in str(link["msfsi_details"]))


def test_foreign_accounts_show_both_currencies(rows: Rows) -> None:
    accounts = rows("msfsi_fh_account")
    euros, yen = named(accounts, "Euro Account"), named(accounts, "Yen Account")
    assert (euros["msfsi_balance"], euros["msfsi_balanceexchangerate"]) == (0.5, 1.09)
    assert euros["msfsi_balancedefault"] == 0.55
    assert (yen["msfsi_balance"], yen["msfsi_balancedefault"]) == (150_000.0, 1005.0)
    assert "msfsi_balanceexchangerate" not in yen


def test_savings_never_have_a_blocked_amount(batches: dict[str, RecordBatch]) -> None:
    assert not any("blocked" in name for name in batches["msfsi_fh_saving"].columns)


def test_a_standing_order_says_only_what_happened(rows: Rows) -> None:
    rent, club = rows("msfsi_fi_standingorder")
    assert (rent["msfsi_dayofmonth"], rent["msfsi_lastitemamount"]) == (15, 250.0)
    assert (club["msfsi_dayofweek"], club["msfsi_nextitemamount"]) == (2, 250.0)
    for column in ("msfsi_dayofmonth", "msfsi_lastitemamount", "msfsi_lastitemstatus"):
        assert column not in club
    assert "msfsi_dayofweek" not in rent


def test_a_failed_direct_debit_raises_its_alert(rows: Rows) -> None:
    [debit] = rows("msfsi_fi_directdebit")
    assert debit["msfsi_lastitemstatus"] == 104800002
    assert debit["msfsi_debtoraccount"] == "2-Checking"
    assert "msfsi_nextitemamount" not in debit


def test_a_position_is_worth_quantity_times_price(rows: Rows) -> None:
    [position] = rows("msfsi_fi_position")
    assert position["msfsi_positioncount"] == 10.0
    assert position["msfsi_currentvalue"] == 1005.0
    assert position["msfsi_gainlossdefault"] == -4.9


def test_arrears_add_up(rows: Rows) -> None:
    [loan] = rows("msfsi_fh_loan")
    parts = ("msfsi_capitalarrears", "msfsi_interestarrears", "msfsi_feearrears")
    assert loan["msfsi_totalarrear"] == sum(float(str(loan[part])) for part in parts)
    assert loan["msfsi_delinquencystatus"] is True


def test_rows_of_a_table_with_five_sources_stand_in_order_of_households(
    context: RecordContext,
) -> None:
    made = block_records(tiled_block(4), tiny_bank(), context, AS_OF)
    [links] = [batch for batch in made if batch.table == "msfsi_financialholdinginstrument"]
    [holdings] = [x.ids for x in links.lookups if x.column == "msfsi_financialholding"]
    order = [int(str(id)[-4:], 16) // 8 for id in holdings]  # 8 holdings a copy
    assert all(a <= b for a, b in pairwise(order))


@pytest.mark.parametrize("households", [1, 2, 4, 11])
def test_a_blocks_front_gives_the_first_rows_of_the_whole(
    context: RecordContext, households: int
) -> None:
    block, bank = tiled_block(4), tiny_bank()
    whole = {batch.table: batch for batch in block_records(block, bank, context, AS_OF)}
    front = block_records(block.front(households), bank, context, AS_OF)
    for part in front:
        assert _plain(part) == _plain(whole[part.table])[: len(part)]
    assert 0 < sum(map(len, front)) < sum(map(len, whole.values()))


def test_numbers_of_blocks_and_rows_are_in_the_ids(context: RecordContext) -> None:
    first = block_records(tiled_block(2), tiny_bank(), context, AS_OF)
    again = block_records(tiled_block(2, number=1), tiny_bank(), context, AS_OF)
    for one, other in zip(first, again, strict=True):
        assert (one.block, other.block) == (1, 2)
        keys = [*one.columns.get("msfsi_integrationkey", ()), *one.ids]
        others = [*other.columns.get("msfsi_integrationkey", ()), *other.ids]
        assert len({*keys, *others}) == len(keys) + len(others)


def _plain(batch: RecordBatch) -> list[dict[str, object]]:
    return batch.rows(lambda lookup: (f"{lookup.column}@{lookup.target}", lookup.target))
