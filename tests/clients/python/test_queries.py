"""Microsoft's client for Python: queries of all kinds."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.clients

FORMATTED = "OData.Community.Display.V1.FormattedValue"


@pytest.fixture
def seven(client: Any, tag: int) -> int:
    """Seven contacts with the same number: P1 to P7, with incomes of 100 to 700."""
    rows = [
        {"lastname": f"P{n}", "numberofchildren": n, "importsequencenumber": tag}
        for n in range(1, 8)
    ]
    client.records.create("contact", rows)
    return tag


def names(found: Any) -> list[str]:
    return [row["lastname"] for row in found]


def test_rows_are_listed_in_order(client: Any, seven: int) -> None:
    found = client.records.list(
        "contact",
        filter=f"importsequencenumber eq {seven} and numberofchildren gt 2",
        select=["lastname"],
        orderby=["lastname desc"],
        top=3,
    )
    assert names(found) == ["P7", "P6", "P5"]


def test_pages_hold_all_rows_once(client: Any, seven: int) -> None:
    pages = list(
        client.records.list_pages(
            "contact", filter=f"importsequencenumber eq {seven}", orderby=["lastname"], page_size=3
        )
    )
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [name for page in pages for name in names(page)] == [f"P{n}" for n in range(1, 8)]


def test_the_builder_filters_with_every_operator(client: Any, seven: int) -> None:
    from PowerPlatform.Dataverse.models.filters import col

    mine = col("importsequencenumber") == seven
    children, last = col("numberofchildren"), col("lastname")
    cases = {
        children > 6: ["P7"],
        children.between(2, 3): ["P2", "P3"],
        children.not_between(2, 6): ["P1", "P7"],
        children.in_([1, 4]): ["P1", "P4"],
        children.not_in([1, 2, 3, 4, 5]): ["P6", "P7"],
        last.contains("p3"): ["P3"],
        last.startswith("P7"): ["P7"],
        last.endswith("2"): ["P2"],
        last.like("P1%"): ["P1"],
        ~(children < 7): ["P7"],
        (children == 1) | (children == 2): ["P1", "P2"],
        col("jobtitle").is_null() & (children >= 7): ["P7"],
    }
    for condition, expected in cases.items():
        query = client.query.builder("contact").select("lastname").where(mine).where(condition)
        assert names(query.order_by("lastname").execute()) == expected, condition.to_odata()


def test_the_builder_pages(client: Any, seven: int) -> None:
    from PowerPlatform.Dataverse.models.filters import col

    query = client.query.builder("contact").select("lastname").page_size(4)
    query = query.where(col("importsequencenumber") == seven).order_by("lastname")
    pages = [names(page) for page in query.execute_pages()]
    assert pages == [["P1", "P2", "P3", "P4"], ["P5", "P6", "P7"]]


def test_formatted_values_and_lookups_are_annotated(client: Any) -> None:
    row_id = client.records.create("contact", {"lastname": "Shown", "familystatuscode": 1})
    row = client.records.retrieve(
        "contact", row_id, select=["familystatuscode", "_ownerid_value"], include_annotations="*"
    )
    assert row[f"familystatuscode@{FORMATTED}"] == "Single"
    assert row["_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"] == "systemuser"
    assert row[f"_ownerid_value@{FORMATTED}"]


def test_collections_are_expanded_with_options(client: Any) -> None:
    from PowerPlatform.Dataverse.models.query_builder import ExpandOption

    account = client.records.create("account", {"name": "With contacts"})
    bind = {"parentcustomerid_account@odata.bind": f"/accounts({account})"}
    client.records.create("contact", [{"lastname": f"C{n}", **bind} for n in range(4)])
    option = ExpandOption("contact_customer_accounts").select("lastname")
    option = option.order_by("lastname", descending=True).top(2)
    query = client.query.builder("account").select("name").expand(option)
    from PowerPlatform.Dataverse.models.filters import col

    row = query.where(col("accountid") == account).execute().first()
    assert names(row["contact_customer_accounts"]) == ["C3", "C2"]


def test_sql_reads_filters_and_groups(client: Any, seven: int) -> None:
    found = client.query.sql(
        f"SELECT TOP 2 lastname FROM contact WHERE importsequencenumber = {seven} "
        "AND lastname LIKE 'P%' ORDER BY lastname DESC"
    )
    assert names(found) == ["P7", "P6"]
    (row,) = client.query.sql(
        "SELECT COUNT(*) AS n, SUM(numberofchildren) AS total FROM contact "
        f"WHERE importsequencenumber = {seven}"
    )
    assert (row["n"], row["total"]) == (7, 28)


def test_sql_joins(client: Any, tag: int) -> None:
    account = client.records.create("account", {"name": f"Joined {tag}"})
    bind = {"parentcustomerid_account@odata.bind": f"/accounts({account})"}
    client.records.create("contact", {"lastname": "Inner", "importsequencenumber": tag, **bind})
    (row,) = client.query.sql(
        "SELECT c.lastname, a.name FROM contact c "
        "INNER JOIN account a ON c.parentcustomerid = a.accountid "
        f"WHERE c.importsequencenumber = {tag}"
    )
    assert (row["lastname"], row["name"]) == ("Inner", f"Joined {tag}")


def test_fetchxml_pages_by_its_cookie(client: Any, seven: int) -> None:
    xml = (
        "<fetch count='3'><entity name='contact'><attribute name='lastname'/>"
        "<order attribute='lastname'/><filter><condition attribute='importsequencenumber' "
        f"operator='eq' value='{seven}'/></filter></entity></fetch>"
    )
    pages = [names(page) for page in client.query.fetchxml(xml).execute_pages()]
    assert pages == [["P1", "P2", "P3"], ["P4", "P5", "P6"], ["P7"]]
    assert len(client.query.fetchxml(xml).execute()) == 7


def test_fetchxml_aggregates(client: Any, seven: int) -> None:
    xml = (
        "<fetch aggregate='true'><entity name='contact'>"
        "<attribute name='numberofchildren' alias='most' aggregate='max'/>"
        "<filter><condition attribute='importsequencenumber' operator='eq' "
        f"value='{seven}'/></filter></entity></fetch>"
    )
    (row,) = client.query.fetchxml(xml).execute()
    assert row["most"] == 7
