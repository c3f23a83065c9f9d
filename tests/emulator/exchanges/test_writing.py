from __future__ import annotations

from tests.emulator.conftest import Local
from tests.emulator.exchanges.conftest import ORIGIN, Exchange, row
from tests.emulator.exchanges.shapes import ETAG, GUID, MOMENT, ending, holding, matching

EDUCATION, EMPLOYMENT, BIRTHDAY = 104800003, 104800004, 104800000


def test_a_create_answers_with_the_address_of_the_row(exchange: Exchange) -> None:
    body = {
        "firstname": "Marisol",
        "lastname": "Ferreira",
        "emailaddress1": "marisol.ferreira@example.com",
        "birthdate": "1986-04-19",
        "donotphone": False,
    }
    answer = exchange.send("POST", "contacts", body)
    address = matching(rf"{ORIGIN}/api/data/v9\.2/contacts\([0-9a-f-]{{36}}\)")
    exchange.answered(answer, 204, OData_EntityId=address)


def test_a_create_that_asks_for_the_row_gets_it_and_no_address(exchange: Exchange) -> None:
    exchange.given("contacts", 1, lastname="Okafor")
    body = {
        "msfsi_name": "Graduated",
        "msfsi_lifemomentcategory": EDUCATION,
        "msfsi_lifemomenttype": 921950004,
        "msfsi_lifemomentdate": "2025-06-30T12:00:00Z",
        "msfsi_Contact@odata.bind": f"/contacts({row(1)})",
    }
    columns = "msfsi_name,msfsi_lifemomentcategory,msfsi_lifemomentdate"
    path = f"msfsi_lifemoments?$select={columns}"
    answer = exchange.send("POST", path, body, Prefer="return=representation")
    shape = {
        "@odata.context": holding("$metadata#msfsi_lifemoments"),
        "@odata.etag": ETAG,
        "msfsi_lifemomentid": GUID,
        "msfsi_name": "Graduated",
        "msfsi_lifemomentcategory": EDUCATION,
        "msfsi_lifemomentdate": MOMENT,
    }
    applied = holding("return=representation")
    exchange.answered(answer, 201, shape, Preference_Applied=applied, OData_EntityId=None)


def test_a_client_may_choose_the_id(exchange: Exchange) -> None:
    answer = exchange.send("POST", "contacts", {"contactid": row(2), "lastname": "Lindqvist"})
    exchange.answered(answer, 204, OData_EntityId=ending(f"/contacts({row(2)})"))


def test_an_id_can_be_used_once(exchange: Exchange) -> None:
    exchange.given("contacts", 2, lastname="Lindqvist")
    answer = exchange.send("POST", "contacts", {"contactid": row(2), "lastname": "Lindqvist"})
    exchange.refused(answer, 412, "0x80040237")


def test_a_customer_column_is_bound_by_the_name_for_contacts(exchange: Exchange) -> None:
    exchange.given("contacts", 1, lastname="Okafor")
    exchange.given("msfsi_financialholdings", 12, msfsi_name="Current account")
    body = {
        "msfsi_customerfinancialholdingid": row(11),
        "msfsi_name": "Okafor, current account",
        "msfsi_financialholdingrole": 104800000,
        "msfsi_CustomerID_contact@odata.bind": f"/contacts({row(1)})",
        "msfsi_FinancialHoldingID@odata.bind": f"/msfsi_financialholdings({row(12)})",
    }
    answer = exchange.send("POST", "msfsi_customerfinancialholdings", body)
    address = ending(f"/msfsi_customerfinancialholdings({row(11)})")
    exchange.answered(answer, 204, OData_EntityId=address)


def test_a_holding_points_at_its_details(exchange: Exchange) -> None:
    exchange.given("msfsi_fh_loans", 14, msfsi_name="Home loan, details")
    body = {
        "msfsi_financialholdingid": row(13),
        "msfsi_name": "Home loan",
        "msfsi_integrationkey": "example-13",
        "msfsi_financialholdingcategory": 104800001,
        "msfsi_accountingclassification": 2,
        "msfsi_details_msfsi_FH_Loan_msfsi_fh_loan@odata.bind": f"/msfsi_fh_loans({row(14)})",
    }
    answer = exchange.send("POST", "msfsi_financialholdings", body)
    exchange.answered(answer, 204, OData_EntityId=ending(f"/msfsi_financialholdings({row(13)})"))


def test_a_household_comes_with_its_members(exchange: Exchange, local: Local) -> None:
    for number in (1, 2):
        exchange.given("contacts", number, lastname="Okafor")
    members = [
        {
            "msfsi_name": f"Member {number}",
            "msfsi_role": role,
            "msfsi_member_Contact_contact@odata.bind": f"/contacts({row(number)})",
        }
        for number, role in ((1, 104800000), (2, 104800002))
    ]
    body = {
        "msfsi_groupid": row(15),
        "msfsi_name": "Okafor household",
        "msfsi_type": 104800000,
        "msfsi_groupmember_Group_msfsi_group": members,
    }
    answer = exchange.send("POST", "msfsi_groups", body)
    exchange.answered(answer, 204, OData_EntityId=ending(f"/msfsi_groups({row(15)})"))
    found = local.rows(f"msfsi_groupmembers?$filter=_msfsi_group_value eq {row(15)}")
    assert {item["_msfsi_member_value"] for item in found} == {row(1), row(2)}


def test_a_sent_day_of_creation_changes_places_with_the_real_one(exchange: Exchange) -> None:
    body = {
        "contactid": row(16),
        "lastname": "Baptiste",
        "importsequencenumber": -1934027561,
        "overriddencreatedon": "2024-02-20T10:00:00Z",
    }
    path = "contacts?$select=importsequencenumber,createdon,overriddencreatedon"
    answer = exchange.send("POST", path, body, Prefer="return=representation")
    shape = {
        "@odata.context": holding("$metadata#contacts"),
        "@odata.etag": ETAG,
        "contactid": row(16),
        "importsequencenumber": -1934027561,
        "createdon": matching("2024-02-20T.*"),
        "overriddencreatedon": MOMENT,
    }
    exchange.answered(answer, 201, shape)


def test_an_unknown_column_is_named(exchange: Exchange) -> None:
    answer = exchange.send("POST", "contacts", {"lastname": "Sato", "favouritebank": "none"})
    exchange.refused(answer, 400, "0x80048d19", holding("favouritebank"))


def test_a_navigation_name_in_the_wrong_case_is_named(exchange: Exchange) -> None:
    exchange.given("contacts", 1, lastname="Okafor")
    body = {"msfsi_name": "Moved", "msfsi_contact@odata.bind": f"/contacts({row(1)})"}
    answer = exchange.send("POST", "msfsi_lifemoments", body)
    exchange.refused(answer, 400, "0x80048d19", holding("msfsi_contact"))


def test_a_text_that_is_too_long_is_refused_with_the_limit(exchange: Exchange) -> None:
    answer = exchange.send("POST", "tasks", {"subject": "x" * 201})
    exchange.refused(answer, 400, "0x80044331", holding("200"))


def test_an_option_outside_the_choice_is_refused(exchange: Exchange) -> None:
    answer = exchange.send("POST", "msfsi_groups", {"msfsi_name": "Odd", "msfsi_type": 7})
    exchange.refused(answer, 400, "0x8004431a")


def test_a_lookup_to_nowhere_names_the_missing_row(exchange: Exchange) -> None:
    body = {
        "msfsi_name": "Ghost",
        "msfsi_lifemomentcategory": BIRTHDAY,
        "msfsi_lifemomentdate": "2025-01-01T12:00:00Z",
        "msfsi_Contact@odata.bind": f"/contacts({row(999)})",
    }
    answer = exchange.send("POST", "msfsi_lifemoments", body)
    exchange.refused(answer, 404, "0x80040217", holding(row(999)))


def test_an_update_answers_without_a_body(exchange: Exchange, local: Local) -> None:
    exchange.given("contacts", 1, lastname="Okafor")
    answer = exchange.send("PATCH", f"contacts({row(1)})", {"jobtitle": "Architect"}, If_Match="*")
    exchange.answered(answer, 204)
    assert local.get(f"contacts({row(1)})")["jobtitle"] == "Architect"


def test_an_update_of_nothing_is_refused(exchange: Exchange) -> None:
    answer = exchange.send("PATCH", f"contacts({row(998)})", {"jobtitle": "None"}, If_Match="*")
    exchange.refused(answer, 404, "0x80040217", holding(row(998)))


def test_a_patch_without_a_condition_creates(exchange: Exchange) -> None:
    body = {"msfsi_name": "Harbour Bank", "msfsi_integrationkey": "example-31"}
    answer = exchange.send("PATCH", f"msfsi_banks({row(31)})", body)
    exchange.answered(answer, 204, OData_EntityId=ending(f"/msfsi_banks({row(31)})"))


def test_an_upsert_by_key_answers_with_the_key(exchange: Exchange) -> None:
    key = "msfsi_banks(msfsi_integrationkey='example-32')"
    answer = exchange.send("PATCH", key, {"msfsi_name": "Quay Bank"})
    exchange.answered(answer, 204, OData_EntityId=ending(f"/{key}"))


def test_an_upsert_that_asks_for_the_row_tells_a_create_apart(exchange: Exchange) -> None:
    path = "msfsi_banks(msfsi_integrationkey='example-33')?$select=msfsi_bankid"
    body = {"msfsi_name": "Pier Bank"}
    shape = {
        "@odata.context": ending("$metadata#msfsi_banks(msfsi_bankid)/$entity"),
        "@odata.etag": ETAG,
        "msfsi_bankid": GUID,
    }
    headers = {"Preference_Applied": holding("return=representation"), "ETag": ETAG}
    for status in (201, 200):
        answer = exchange.send("PATCH", path, body, Prefer="return=representation")
        exchange.answered(answer, status, shape, **headers)


def test_an_upsert_can_be_kept_from_updating(exchange: Exchange, local: Local) -> None:
    exchange.given("msfsi_banks", 31, msfsi_name="Harbour Bank", msfsi_integrationkey="example-31")
    body = {"msfsi_name": "Other name"}
    answer = exchange.send("PATCH", f"msfsi_banks({row(31)})", body, If_None_Match="*")
    exchange.refused(answer, 412, matching("0x.*"))
    assert local.get(f"msfsi_banks({row(31)})")["msfsi_name"] == "Harbour Bank"


def test_a_row_that_changed_is_not_deleted(exchange: Exchange, local: Local) -> None:
    exchange.given("contacts", 3, lastname="Novak")
    etag = local.get(f"contacts({row(3)})")["@odata.etag"]
    exchange.send("PATCH", f"contacts({row(3)})", {"jobtitle": "Baker"})
    exchange.refused(
        exchange.send("DELETE", f"contacts({row(3)})", If_Match=etag), 412, "0x80060882"
    )
    assert local.get(f"contacts({row(3)})")["jobtitle"] == "Baker"


def test_one_column_is_set_alone(exchange: Exchange, local: Local) -> None:
    exchange.given("contacts", 1, lastname="Okafor")
    answer = exchange.send("PUT", f"contacts({row(1)})/jobtitle", {"value": "Surveyor"})
    exchange.answered(answer, 204)
    assert local.get(f"contacts({row(1)})")["jobtitle"] == "Surveyor"


def test_a_row_is_deleted(exchange: Exchange) -> None:
    exchange.given("contacts", 3, lastname="Novak")
    exchange.answered(exchange.send("DELETE", f"contacts({row(3)})"), 204)
    exchange.refused(exchange.send("GET", f"contacts({row(3)})"), 404, "0x80040217")


def test_a_missing_row_is_not_deleted(exchange: Exchange) -> None:
    answer = exchange.send("DELETE", f"contacts({row(997)})")
    exchange.refused(answer, 404, "0x80040217", holding(row(997)))


def test_a_reference_is_added_to_a_collection(exchange: Exchange, local: Local) -> None:
    exchange.given("contacts", 1, lastname="Okafor")
    exchange.given("tasks", 95, subject="Phone")
    body = {"@odata.id": f"{ORIGIN}/api/data/v9.2/tasks({row(95)})"}
    answer = exchange.send("POST", f"contacts({row(1)})/Contact_Tasks/$ref", body)
    exchange.answered(answer, 204)
    assert local.get(f"tasks({row(95)})")["_regardingobjectid_value"] == row(1)


def test_a_lookup_is_cleared_and_the_row_behind_it_stays(exchange: Exchange, local: Local) -> None:
    exchange.given("msfsi_branchs", 96, msfsi_name="Centre", msfsi_integrationkey="example-96")
    branch = f"/msfsi_branchs({row(96)})"
    exchange.given("contacts", 1, lastname="Okafor", msfsi_Branch__bind=branch)
    answer = exchange.send("DELETE", f"contacts({row(1)})/msfsi_Branch/$ref")
    exchange.answered(answer, 204)
    assert local.get(f"contacts({row(1)})")["_msfsi_branch_value"] is None
    assert local.get(f"msfsi_branchs({row(96)})")["msfsi_name"] == "Centre"


def test_a_row_that_others_must_have_can_not_be_deleted(exchange: Exchange) -> None:
    currency = {
        "currencyname": "Test crown",
        "isocurrencycode": "XTS",
        "currencysymbol": "x",
        "exchangerate": 1.0,
        "currencyprecision": 2,
    }
    exchange.given("transactioncurrencies", 97, **currency)
    bound = f"/transactioncurrencies({row(97)})"
    exchange.given("msfsi_fh_accounts", 98, msfsi_name="Account", transactioncurrencyid__bind=bound)
    answer = exchange.send("DELETE", f"transactioncurrencies({row(97)})")
    exchange.refused(answer, 405, "0x80040227")


def test_the_details_take_their_holding_with_them(exchange: Exchange) -> None:
    exchange.given("msfsi_fh_savings", 99, msfsi_name="Deposit, details")
    bound = {"msfsi_details_msfsi_FH_Saving_msfsi_fh_saving__bind": f"/msfsi_fh_savings({row(99)})"}
    exchange.given("msfsi_financialholdings", 100, msfsi_name="Deposit", **bound)
    exchange.answered(exchange.send("DELETE", f"msfsi_fh_savings({row(99)})"), 204)
    answer = exchange.send("GET", f"msfsi_financialholdings({row(100)})")
    exchange.refused(answer, 404, "0x80040217")
