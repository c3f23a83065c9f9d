from __future__ import annotations

import pytest

from tests.emulator.exchanges.conftest import Exchange, row
from tests.emulator.exchanges.shapes import (
    ETAG,
    GUID,
    NUMBER,
    TEXT,
    Rows,
    ending,
    holding,
)

ROWS = {"@odata.etag": ETAG, "lastname": TEXT, "contactid": GUID}
EDUCATION = 104800003


@pytest.fixture
def five(exchange: Exchange) -> None:
    """Five contacts of one import."""
    for number in range(1, 6):
        exchange.given("contacts", 50 + number, lastname=f"Page{number}", importsequencenumber=-55)


def test_selected_columns_come_with_the_key(exchange: Exchange) -> None:
    exchange.given("contacts", 1, firstname="Ada", lastname="Okafor")
    path = f"contacts({row(1)})?$select=fullname,_parentcustomerid_value"
    shape = {
        "@odata.context": holding("$metadata#contacts("),
        "@odata.etag": ETAG,
        "contactid": row(1),
        "fullname": "Ada Okafor",
        "_parentcustomerid_value": GUID.or_null(),
    }
    exchange.answered(exchange.send("GET", path), 200, shape)


def test_annotations_tell_texts_and_tables(exchange: Exchange) -> None:
    exchange.given("contacts", 1, firstname="Ada", lastname="Okafor")
    exchange.given(
        "msfsi_lifemoments",
        41,
        msfsi_name="Degree",
        msfsi_lifemomentcategory=EDUCATION,
        msfsi_Contact__bind=f"/contacts({row(1)})",
    )
    columns = "msfsi_lifemomentcategory,_msfsi_contact_value"
    path = f"msfsi_lifemoments({row(41)})?$select={columns}"
    answer = exchange.send("GET", path, Prefer='odata.include-annotations="*"')
    formatted = "OData.Community.Display.V1.FormattedValue"
    shape = {
        "@odata.context": TEXT,
        "@odata.etag": ETAG,
        "msfsi_lifemomentid": row(41),
        "msfsi_lifemomentcategory": EDUCATION,
        f"msfsi_lifemomentcategory@{formatted}": "Education",
        "_msfsi_contact_value": row(1),
        f"_msfsi_contact_value@{formatted}": "Ada Okafor",
        "_msfsi_contact_value@Microsoft.Dynamics.CRM.lookuplogicalname": "contact",
        "_msfsi_contact_value@Microsoft.Dynamics.CRM.associatednavigationproperty": "msfsi_Contact",
    }
    applied = holding("odata.include-annotations")
    exchange.answered(answer, 200, shape, Preference_Applied=applied)


@pytest.mark.usefixtures("five")
def test_a_page_links_to_the_next(exchange: Exchange) -> None:
    path = "contacts?$select=lastname&$filter=importsequencenumber eq -55&$orderby=lastname asc"
    answer = exchange.send("GET", path, Prefer="odata.maxpagesize=2")
    shape = {
        "@odata.context": ending("$metadata#contacts(lastname)"),
        "value": Rows(2, ROWS),
        "@odata.nextLink": holding("$skiptoken="),
    }
    applied = holding("odata.maxpagesize=2")
    exchange.answered(answer, 200, shape, Preference_Applied=applied)


@pytest.mark.usefixtures("five")
def test_a_count_comes_with_the_rows(exchange: Exchange) -> None:
    path = "contacts?$select=contactid&$filter=importsequencenumber eq -55&$count=true"
    names = "totalrecordcount", "totalrecordcountlimitexceeded"
    wanted = ",".join(f"Microsoft.Dynamics.CRM.{name}" for name in names)
    answer = exchange.send("GET", path, Prefer=f'odata.include-annotations="{wanted}"')
    shape = {
        "@odata.context": ending("$metadata#contacts(contactid)"),
        "@odata.count": 5,
        "@Microsoft.Dynamics.CRM.totalrecordcount": 5,
        "@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded": False,
        "value": Rows(5, {"@odata.etag": ETAG, "contactid": GUID}),
    }
    exchange.answered(answer, 200, shape)


@pytest.mark.usefixtures("five")
def test_texts_are_compared_without_case_and_within_lists(exchange: Exchange) -> None:
    path = (
        "contacts?$select=lastname&$filter=startswith(lastname,'PAGE') and "
        "Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)"
        '&@p1=\'lastname\'&@p2=["Page1","Page4"]'
    )
    shape = {
        "@odata.context": ending("$metadata#contacts(lastname)"),
        "value": Rows(2, ROWS),
    }
    exchange.answered(exchange.send("GET", path), 200, shape)


def test_rows_are_counted_per_group(exchange: Exchange) -> None:
    for number, category in ((61, 104800000), (62, 104800000), (63, 104800004)):
        exchange.given(
            "msfsi_lifemoments", number, msfsi_name="x", msfsi_lifemomentcategory=category
        )
    path = "msfsi_lifemoments?$apply=groupby((msfsi_lifemomentcategory),aggregate($count as n))"
    answer = exchange.send("GET", path)
    shape = {
        "@odata.context": ending("$metadata#msfsi_lifemoments"),
        "value": Rows(2, {"msfsi_lifemomentcategory": NUMBER, "n": NUMBER}),
    }
    exchange.answered(answer, 200, shape)
    counts = {item["msfsi_lifemomentcategory"]: item["n"] for item in answer.json()["value"]}
    assert counts == {104800000: 2, 104800004: 1}


def test_a_lookup_and_a_collection_are_expanded(exchange: Exchange) -> None:
    exchange.given("contacts", 1, firstname="Ada", lastname="Okafor")
    contact = f"/contacts({row(1)})"
    exchange.given(
        "msfsi_groups", 15, msfsi_name="Okafor household", msfsi_primarymember_contact__bind=contact
    )
    exchange.given(
        "msfsi_groupmembers",
        64,
        msfsi_name="Ada",
        msfsi_role=104800000,
        msfsi_group__bind=f"/msfsi_groups({row(15)})",
        msfsi_member_Contact_contact__bind=contact,
    )
    members = "msfsi_groupmember_Group_msfsi_group"
    path = (
        f"msfsi_groups({row(15)})?$select=msfsi_name&$expand="
        f"msfsi_primarymember_contact($select=fullname),{members}($select=msfsi_role)"
    )
    answer = exchange.send("GET", path)
    shape = {
        "@odata.context": TEXT,
        "@odata.etag": ETAG,
        "msfsi_groupid": row(15),
        "msfsi_name": "Okafor household",
        "msfsi_primarymember_contact": {
            "@odata.etag": ETAG,
            "contactid": row(1),
            "fullname": "Ada Okafor",
            ...: True,
        },
        members: Rows(
            1,
            {"@odata.etag": ETAG, "msfsi_role": 104800000, "msfsi_groupmemberid": GUID, ...: True},
        ),
        ...: True,
    }
    exchange.answered(answer, 200, shape)
    extra = set(answer.json()) - set(shape)
    assert extra <= {f"{members}@odata.nextLink"}


@pytest.mark.usefixtures("five")
def test_fetchxml_pages_with_a_cookie(exchange: Exchange) -> None:
    xml = (
        "<fetch count='2' page='1'><entity name='contact'><attribute name='lastname'/>"
        "<order attribute='lastname'/><filter><condition attribute='importsequencenumber' "
        "operator='eq' value='-55'/></filter></entity></fetch>"
    )
    names = "fetchxmlpagingcookie", "morerecords"
    wanted = ",".join(f"Microsoft.Dynamics.CRM.{name}" for name in names)
    answer = exchange.send(
        "GET", f"contacts?fetchXml={xml}", Prefer=f'odata.include-annotations="{wanted}"'
    )
    shape = {
        "@odata.context": TEXT,
        "@Microsoft.Dynamics.CRM.fetchxmlpagingcookie": holding("pagingcookie="),
        "@Microsoft.Dynamics.CRM.morerecords": True,
        "value": Rows(2, ROWS),
        ...: True,
    }
    exchange.answered(answer, 200, shape)
