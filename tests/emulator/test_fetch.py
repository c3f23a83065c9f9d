from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, unquote
from xml.sax.saxutils import quoteattr

import pytest

from .conftest import Local
from .fetching import contacts, fetch, found, in_batch, page, plain, refused

FORMATTED = "OData.Community.Display.V1.FormattedValue"


@pytest.fixture
def people(local: Local) -> Local:
    """Three customers of two firms; Cole is Ann's, Reed and Wood are nobody's."""
    firm = local.create("accounts", name="Acme")
    local.create("accounts", name="Bolt")
    reed = local.create(
        "contacts",
        lastname="Reed",
        gendercode=2,
        annualincome=1200,
        parentcustomerid_account__bind=f"/accounts({firm})",
    )
    local.create(
        "contacts",
        lastname="Cole",
        gendercode=1,
        parentcustomerid_contact__bind=f"/contacts({reed})",
    )
    local.create("contacts", lastname="Wood", firstname="Wood")
    return local


def test_rows_hold_the_columns_asked_for_and_the_key_and_leave_empty_ones_out(
    people: Local,
) -> None:
    xml = contacts(
        "<attribute name='lastname'/><attribute name='gendercode'/><order attribute='lastname'/>"
    )
    rows = fetch(people, "contacts", xml)
    assert [sorted(row) for row in plain(rows)] == [
        ["contactid", "gendercode", "lastname"],
        ["contactid", "gendercode", "lastname"],
        ["contactid", "lastname"],
    ]
    assert all(row["@odata.etag"].startswith('W/"') for row in rows)


def test_without_columns_all_are_returned(people: Local) -> None:
    every = fetch(people, "accounts", "<fetch><entity name='account'/></fetch>")
    named = fetch(
        people, "accounts", "<fetch><entity name='account'><all-attributes/></entity></fetch>"
    )
    assert every == named
    assert {"name", "statecode", "createdon", "_ownerid_value"} <= set(every[0])


def test_a_lookup_has_its_value_form_and_its_annotations(people: Local) -> None:
    xml = contacts(
        "<attribute name='parentcustomerid'/><attribute name='gendercode'/>"
        "<filter><condition attribute='lastname' operator='eq' value='Reed'/></filter>"
    )
    row = page(people, "contacts", xml)["value"][0]
    assert row[f"_parentcustomerid_value@{FORMATTED}"] == "Acme"
    assert row["_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"] == "account"
    key = "_parentcustomerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty"
    assert row[key] == "parentcustomerid_account"
    assert row[f"gendercode@{FORMATTED}"] == "Female"


def test_an_amount_brings_its_currency(people: Local) -> None:
    xml = contacts(
        "<attribute name='annualincome'/><filter><condition attribute='lastname' "
        "operator='eq' value='Reed'/></filter>"
    )
    row = page(people, "contacts", xml)["value"][0]
    assert row["annualincome"] == 1200
    assert row[f"annualincome@{FORMATTED}"] == "$1,200.00"
    assert row[f"_transactioncurrencyid_value@{FORMATTED}"] == "US Dollar"


@pytest.mark.parametrize(
    ("attribute", "key", "value"),
    [
        ("<attribute name='lastname' alias='FH.name'/>", "FH.name", "Reed"),
        ("<attribute name='lastname' alias='who'/>", "who", "Reed"),
        ("<attribute name='gendercodename'/>", "gendercodename", "Female"),
        ("<attribute name='parentcustomeridname'/>", "parentcustomeridname", "Acme"),
    ],
)
def test_aliases_and_name_companions_are_keys(
    people: Local, attribute: str, key: str, value: str
) -> None:
    reed = "<filter><condition attribute='lastname' operator='eq' value='Reed'/></filter>"
    row = page(people, "contacts", contacts(attribute + reed))["value"][0]
    assert row[key] == value
    if "alias" in attribute:
        assert row[f"{key}@OData.Community.Display.V1.AttributeName"] == "lastname"


def test_one_alias_for_two_columns_is_refused_and_the_same_column_twice_is_not(
    people: Local,
) -> None:
    twice = "<attribute name='lastname'/>stray, text<attribute name='lastname'/>"
    assert len(fetch(people, "contacts", contacts(twice))) == 3
    clash = "<attribute name='lastname' alias='x'/><attribute name='firstname' alias='x'/>"
    assert refused(people, "contacts", contacts(clash))[:2] == (400, "0x80041109")
    assert (
        refused(people, "contacts", contacts("<attribute name='lastname' alias='a b'/>"))[1]
        == "0x80041109"
    )


def link(kind: str, inner: str = "", alias: str = "A") -> str:
    return (
        f"<link-entity name='account' from='accountid' to='parentcustomerid' link-type='{kind}' "
        f"alias='{alias}'>{inner}</link-entity>"
    )


def test_inner_links_drop_rows_and_outer_links_keep_them(people: Local) -> None:
    name = "<attribute name='name'/>"
    base = "<attribute name='lastname'/><order attribute='lastname'/>"
    rows = plain(fetch(people, "contacts", contacts(base + link("inner", name))))
    assert [(row["lastname"], row["A.name"]) for row in rows] == [("Reed", "Acme")]
    rows = plain(fetch(people, "contacts", contacts(base + link("outer", name))))
    assert [(row["lastname"], row.get("A.name")) for row in rows] == [
        ("Cole", None),
        ("Reed", "Acme"),
        ("Wood", None),
    ]


def test_joins_without_alias_are_called_by_table_and_position(people: Local) -> None:
    inner = (
        "<link-entity name='contact' from='contactid' to='parentcustomerid'>"
        "<attribute name='lastname'/><attribute name='parentcustomerid'/>"
        "<link-entity name='account' from='accountid' to='parentcustomerid'>"
        "<attribute name='name'/></link-entity></link-entity>"
    )
    (row,) = page(people, "contacts", contacts("<attribute name='lastname'/>" + inner))["value"]
    assert (row["lastname"], row["contact1.lastname"], row["account2.name"]) == (
        "Cole",
        "Reed",
        "Acme",
    )
    assert row[f"contact1.parentcustomerid@{FORMATTED}"] == "Acme"
    assert re.fullmatch("[0-9a-f-]{36}", row["contact1.parentcustomerid"])
    assert (
        "contact1.parentcustomerid@Microsoft.Dynamics.CRM.associatednavigationproperty" not in row
    )


def test_a_filter_of_an_outer_link_belongs_to_the_join_and_one_by_name_to_the_rows(
    people: Local,
) -> None:
    base = "<attribute name='lastname'/><order attribute='lastname'/>"
    bolt = "<filter><condition attribute='name' operator='eq' value='Bolt'/></filter>"
    rows = fetch(people, "contacts", contacts(base + link("outer", bolt)))
    assert [row["lastname"] for row in rows] == ["Cole", "Reed", "Wood"]
    after = (
        "<filter type='and'><filter type='or'>"
        "<condition entityname='A' attribute='name' operator='eq' value='acme'/>"
        "<condition attribute='firstname' operator='eq' value='Wood'/></filter></filter>"
    )
    rows = fetch(people, "contacts", contacts(base + link("outer") + after))
    assert [row["lastname"] for row in rows] == ["Reed", "Wood"]


@pytest.mark.parametrize(
    ("kind", "condition", "expected"),
    [
        ("any", "", "Acme"),
        ("any", "<condition attribute='lastname' operator='eq' value='Wood'/>", ""),
        ("not any", "", "Bolt"),
        ("not all", "<condition attribute='lastname' operator='eq' value='Reed'/>", "Acme"),
        ("all", "<condition attribute='lastname' operator='eq' value='Reed'/>", ""),
        ("all", "<condition attribute='lastname' operator='eq' value='Wood'/>", "Acme"),
    ],
)
def test_links_inside_filters_test_related_rows(
    people: Local, kind: str, condition: str, expected: str
) -> None:
    xml = (
        "<fetch><entity name='account'><attribute name='name'/><filter>"
        f"<link-entity name='contact' from='parentcustomerid' to='accountid' link-type='{kind}'>"
        f"<filter>{condition}</filter></link-entity></filter></entity></fetch>"
    )
    assert " ".join(row["name"] for row in fetch(people, "accounts", xml)) == expected


@pytest.mark.parametrize("kind", ["exists", "in", "matchfirstrowusingcrossapply"])
def test_existence_links_return_each_row_once(people: Local, kind: str) -> None:
    acme = people.rows("accounts?$filter=name eq 'Acme'")[0]["accountid"]
    people.create(
        "contacts", lastname="Second", parentcustomerid_account__bind=f"/accounts({acme})"
    )
    xml = (
        "<fetch><entity name='account'><attribute name='name'/>"
        f"<link-entity name='contact' from='parentcustomerid' to='accountid' link-type='{kind}' "
        "alias='c'><filter><condition attribute='lastname' operator='not-null'/></filter>"
        "</link-entity></entity></fetch>"
    )
    assert [row["name"] for row in fetch(people, "accounts", xml)] == ["Acme"]
    if kind != "matchfirstrowusingcrossapply":
        returning = xml.replace("<filter>", "<attribute name='lastname'/><filter>")
        assert refused(people, "accounts", returning)[1] == "0x80041118"


def test_many_to_many_goes_through_the_intersect_table(local: Local) -> None:
    user = local.get("WhoAmI()")["UserId"]
    team = local.rows("teams")[0]["teamid"]
    link_to = {"@odata.id": f"https://bank.example/api/data/v9.2/systemusers({user})"}
    local.send("POST", f"teams({team})/teammembership_association/$ref", link_to)
    xml = (
        "<fetch><entity name='systemuser'><attribute name='fullname'/>"
        "<link-entity name='teammembership' from='systemuserid' to='systemuserid' intersect='true'>"
        "<link-entity name='team' from='teamid' to='teamid' alias='t'><attribute name='name'/>"
        "</link-entity></link-entity></entity></fetch>"
    )
    members = {row["systemuserid"]: row["t.name"] for row in fetch(local, "systemusers", xml)}
    assert members == {user: "Local bank"}


def test_orders_go_across_links_and_by_names_and_labels(people: Local) -> None:
    base = "<attribute name='lastname'/>"
    by_link = base + link("outer", "<order attribute='name' descending='true'/>")
    assert fetch(people, "contacts", contacts(by_link))[0]["lastname"] == "Reed"
    last = "<order attribute='lastname'/>"
    rows = fetch(people, "contacts", contacts(by_link + last))
    assert [row["lastname"] for row in rows] == ["Cole", "Reed", "Wood"]
    by_name = base + "<order entityname='A' attribute='name' descending='1'/>" + link("outer")
    assert fetch(people, "contacts", contacts(by_name))[0]["lastname"] == "Reed"
    by_lookup = contacts(base + "<order attribute='parentcustomerid' descending='true'/>")
    people.create("contacts", lastname="Aaron")
    rows = fetch(people, "contacts", by_lookup)
    assert [row["lastname"] for row in rows][:2] == ["Cole", "Reed"]  # by Reed and Acme
    by_label = "<order attribute='gendercode' descending='true'/>"
    rows = fetch(people, "contacts", contacts(base + by_label))
    assert rows[0]["lastname"] == "Cole"  # Male comes after Female
    rows = fetch(people, "contacts", contacts(base + by_label, useraworderby="true"))
    assert rows[0]["lastname"] == "Reed"  # 2 comes after 1


def test_distinct_rows_have_neither_key_nor_etag(people: Local) -> None:
    people.create("contacts", lastname="reed")
    xml = contacts("<attribute name='lastname'/><order attribute='lastname'/>", distinct="true")
    rows = fetch(people, "contacts", xml)
    assert [sorted(row) for row in rows] == [["lastname"]] * 3


def everyone(local: Local, count: int) -> None:
    for number in range(count):
        local.create("contacts", lastname=f"P'{number // 2}\"&", firstname=str(number))


def test_pages_by_number_and_by_cookie_agree(local: Local) -> None:
    everyone(local, 7)
    inner = "<attribute name='firstname'/><order attribute='lastname' descending='true'/>"
    by_number: list[Any] = []
    for number in range(1, 5):
        body = page(local, "contacts", contacts(inner, count="2", page=str(number)))
        by_number += body["value"]
        assert body["@Microsoft.Dynamics.CRM.morerecords"] is (number < 4)
        assert "@odata.nextLink" not in body
    by_cookie, number, cookie = [], 1, ""
    while True:
        xml = contacts(inner, count="2", page=str(number)).replace("<fetch", f"<fetch{cookie}", 1)
        body = page(local, "contacts", xml)
        by_cookie += body["value"]
        if not body["@Microsoft.Dynamics.CRM.morerecords"]:
            break
        outer = body["@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"]
        encoded = re.search('pagingcookie="([^"]*)"', outer)
        assert encoded is not None
        assert outer.startswith(f'<cookie pagenumber="{number + 1}" pagingcookie="%253ccookie')
        assert outer.endswith('" istracking="False" />')
        decoded = unquote(unquote(encoded[1]))
        assert decoded.startswith(f'<cookie page="{number}"><lastname last="P')
        assert re.search(
            r'<contactid last="\{[0-9A-F-]{36}\}" first="\{[0-9A-F-]{36}\}" />', decoded
        )
        cookie, number = f" paging-cookie={quoteattr(decoded)}", number + 1
    assert by_cookie == by_number
    assert len(by_number) == 7


def test_a_cookie_leads_on_behind_rows_that_went_away(local: Local) -> None:
    everyone(local, 6)
    inner = "<attribute name='firstname'/><order attribute='firstname'/>"
    body = page(local, "contacts", contacts(inner, count="3", page="1"))
    outer = body["@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"]
    cookie = unquote(unquote(outer.split('"')[3]))
    local.send("DELETE", f"contacts({body['value'][0]['contactid']})")
    xml = contacts(inner, count="3", page="2").replace(
        "<fetch", f"<fetch paging-cookie={quoteattr(cookie)}", 1
    )
    assert [row["firstname"] for row in fetch(local, "contacts", xml)] == ["3", "4", "5"]


def test_a_join_that_multiplies_rows_loses_none_between_pages(people: Local) -> None:
    acme = people.rows("accounts?$filter=name eq 'Acme'")[0]["accountid"]
    for number in range(4):
        people.create(
            "contacts", lastname=f"C{number}", parentcustomerid_account__bind=f"/accounts({acme})"
        )
    inner = (
        "<entity name='account'><attribute name='name'/><link-entity name='contact' alias='c' "
        "from='parentcustomerid' to='accountid'><attribute name='lastname'/></link-entity></entity>"
    )
    seen: list[str] = []
    cookie = ""
    for number in (1, 2, 3):
        body = page(people, "accounts", f"<fetch count='2' page='{number}'{cookie}>{inner}</fetch>")
        seen += [row["c.lastname"] for row in body["value"]]
        outer = body.get("@Microsoft.Dynamics.CRM.fetchxmlpagingcookie", '""""')
        cookie = f" paging-cookie={quoteattr(unquote(unquote(outer.split(chr(34))[3])))}"
    assert sorted(seen) == ["C0", "C1", "C2", "C3", "Reed"]


@pytest.mark.parametrize(
    "cookie",
    ["nonsense", "<cookie page='1'/>", "<cookie page='x'><contactid last='1'/></cookie>"],
)
def test_a_wrong_cookie_is_refused(people: Local, cookie: str) -> None:
    xml = f"<fetch page='2' paging-cookie={quoteattr(cookie)}><entity name='contact'/></fetch>"
    assert refused(people, "contacts", xml)[:2] == (400, "0x80040203")


def test_paging_without_a_cookie_ends_at_50000_rows(people: Local) -> None:
    assert not fetch(people, "contacts", contacts("", count="5000", page="10"))
    assert refused(people, "contacts", contacts("", count="5000", page="11"))[1] == "0x8004430a"


def test_totals_are_counted_when_asked_for(people: Local) -> None:
    plainly = page(people, "contacts", contacts(""))
    assert "@odata.count" not in plainly
    assert plainly["@Microsoft.Dynamics.CRM.totalrecordcount"] == -1
    counted = page(people, "contacts", contacts("", count="1", returntotalrecordcount="true"))
    assert (counted["@odata.count"], len(counted["value"])) == (3, 1)
    assert counted["@Microsoft.Dynamics.CRM.totalrecordcount"] == 3
    assert counted["@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"] is False
    xml = quote(contacts("", count="1"))
    assert people.get(f"contacts?fetchXml={xml}&$count=true")["@odata.count"] == 3


def test_top_limits_and_excludes_paging(people: Local) -> None:
    body = page(people, "contacts", contacts("", top="2"))
    assert len(body["value"]) == 2
    assert body["@Microsoft.Dynamics.CRM.morerecords"] is False
    for beside in ({"count": "1"}, {"page": "2"}, {"returntotalrecordcount": "true"}):
        assert refused(people, "contacts", contacts("", top="2", **beside))[0] == 400


def test_real_clients_slips_are_let_go(people: Local) -> None:
    xml = (
        "\n  <fetch><entity name='contact'><attribute name='lastname'/>,\n"
        "<filter/><filter></filter><filter><condition attribute='lastname' operator='in'>"
        "<value>Reed</value>,<value>Wood</value></condition></filter>,"
        '<filter><condition attribute="firstname" operator="null"/></filter></entity></fetch>\n'
    )
    assert [row["lastname"] for row in fetch(people, "contacts", xml)] == ["Reed"]


def test_a_lookup_compared_with_an_empty_text_finds_nothing(people: Local) -> None:
    assert found(people, "<condition attribute='parentcustomerid' operator='eq' value=''/>") == ""
    listed = "<condition attribute='ownerid' operator='in'><value></value></condition>"
    assert found(people, listed) == ""


REFUSALS = [
    ("", "0x80041124"),
    ("<fetch>", "0x80041125"),
    ("<fetch/>", "0x80041123"),
    ("<savedquery/>", "0x80041123"),
    ("<fetch><entity name='nothing'/></fetch>", "0x80041102"),
    ("<fetch><entity name='account'/></fetch>", "0x80041128"),
    ("<fetch><entity/></fetch>", "0x8004111e"),
    ("<fetch speed='2'><entity name='contact'/></fetch>", "0x8004111c"),
    ("<fetch top='0'><entity name='contact'/></fetch>", "0x80041127"),
    ("<fetch top='5001'><entity name='contact'/></fetch>", "0x80041127"),
    ("<fetch distinct='maybe'><entity name='contact'/></fetch>", "0x80041115"),
    ("<fetch datasource='elsewhere'><entity name='contact'/></fetch>", "0x80060888"),
    (contacts("<attribute name='nothing'/>"), "0x80041103"),
    (contacts("<attribute/>"), "0x8004111e"),
    (contacts("<thing/>"), "0x8004111c"),
    (contacts("<filter type='xor'/>"), "0x80041122"),
    (contacts("<filter><condition attribute='lastname' operator='near' value='1'/></filter>"),
     "0x80041120"),
    (contacts("<filter><condition attribute='lastName' operator='eq' value='1'/></filter>"),
     "0x80041103"),
    (contacts("<filter><condition entityname='x' attribute='lastname' operator='null'/></filter>"),
     "0x8004110a"),
    (contacts("<order alias='x'/>"), "0x8004110a"),
    (contacts("<order attribute='lastname' entityname='x'/>"), "0x80041126"),
    (contacts("<link-entity name='account' from='accountid' to='nothing'/>"), "0x80041103"),
    (contacts("<link-entity name='account' from='nothing' to='contactid'/>"), "0x80041103"),
    (contacts("<link-entity name='nothing' from='a' to='b'/>"), "0x80041102"),
    (contacts(link("sideways")), "0x80041117"),
    (contacts(link("any")), "0x80041117"),
    (contacts(link("inner") * 2), "0x80041109"),
    (contacts("".join(link("outer", alias=f"a{n}") for n in range(16))), "0x8004430d"),
    (contacts("<filter>" * 100 + "</filter>" * 100), "0x80041125"),
    ("<!DOCTYPE fetch [<!ENTITY a 'b'>]><fetch><entity name='contact'/></fetch>", "0x80041125"),
    ("<!DOCTYPE fetch SYSTEM 'http://example.invalid/x'><fetch/>", "0x80041125"),
]  # fmt: skip


@pytest.mark.parametrize(("xml", "code"), REFUSALS)
def test_what_is_unknown_or_wrong_is_refused(shared: Local, xml: str, code: str) -> None:
    status, found_code, _message = refused(shared, "contacts", xml)
    assert (status, found_code) == (501 if code == "0x80060888" else 400, code)


def test_fifteen_links_and_500_conditions_are_allowed(people: Local) -> None:
    links = "".join(link("outer", alias=f"a{n}") for n in range(15))
    one = "<condition attribute='lastname' operator='ne' value='Reed'/>"
    status, body = in_batch(people, "contacts", contacts(f"{links}<filter>{one * 500}</filter>"))
    assert (status, len(body["value"])) == (200, 2)
    status, body = in_batch(people, "contacts", contacts(f"<filter>{one * 501}</filter>"))
    assert (status, body["error"]["code"]) == (400, "0x8004430c")


def test_other_query_options_can_not_stand_beside_fetch_xml(shared: Local) -> None:
    xml = quote(contacts(""))
    assert shared.refused("GET", f"contacts?fetchXml={xml}&$top=1")[0] == 400
    assert shared.refused("GET", f"contacts?fetchXml={xml}&savedQuery=1")[0] == 400


def test_joined_columns_are_annotated_like_those_of_the_main_table(people: Local) -> None:
    xml = contacts(link("inner", "<attribute name='statecode'/><attribute name='ownerid'/>"))
    (row,) = page(people, "contacts", xml)["value"]
    assert row[f"A.statecode@{FORMATTED}"] == "Active"
    assert row["A.ownerid@Microsoft.Dynamics.CRM.lookuplogicalname"] == "systemuser"
    assert row["A.statecode@OData.Community.Display.V1.AttributeName"] == "statecode"
    without = fetch(people, "contacts", xml)
    assert not any("@" in key for key in without[0] if key != "@odata.etag")


def test_saved_views_run_by_their_id(people: Local) -> None:
    xml = contacts(
        "<attribute name='lastname'/><filter><condition attribute='ownerid' "
        "operator='eq-userid'/></filter>"
    )
    view = people.create(
        "userqueries", name="Mine", returnedtypecode="contact", querytype=0, fetchxml=xml
    )
    rows = people.rows(f"contacts?userQuery={view}")
    assert sorted(row["lastname"] for row in rows) == ["Cole", "Reed", "Wood"]
    assert people.refused("GET", f"accounts?userQuery={view}")[1] == "0x80041128"
    missing = "00000000-0000-4000-8000-000000000000"
    assert people.refused("GET", f"contacts?savedQuery={missing}")[0] == 404
    assert people.refused("GET", "contacts?savedQuery=mine")[0] == 400


def test_values_survive_the_cookie_whatever_they_hold(local: Local) -> None:
    names = ["a\nb", "a\tb", "<x/>", "&amp;", "\u00e9\U0001f600", "'\"", None, " "]
    for name in names:
        local.create("contacts", lastname="x", firstname=name)
    inner = "<attribute name='firstname'/><order attribute='firstname'/>"
    seen: list[str] = []
    cookie = ""
    for number in range(1, len(names) + 1):
        xml = f"<fetch count='1' page='{number}'{cookie}><entity name='contact'>{inner}"
        body = page(local, "contacts", f"{xml}</entity></fetch>")
        seen += [row["contactid"] for row in body["value"]]
        outer = body.get("@Microsoft.Dynamics.CRM.fetchxmlpagingcookie", '""""')
        cookie = f" paging-cookie={quoteattr(unquote(unquote(outer.split(chr(34))[3])))}"
    assert len(set(seen)) == len(names)
