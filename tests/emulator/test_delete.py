from __future__ import annotations

from typing import Any

import pytest

from seedkit.emulator import dump
from seedkit.schema import Delete, load_catalogue


def test_a_deleted_row_is_gone(local: Any) -> None:
    path = f"contacts({local.create('contacts', lastname='O')})"
    answer = local.send("DELETE", path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert local.refused("DELETE", path)[:2] == (404, "0x80040217")


def test_children_go_with_their_parent_down_the_line(local: Any) -> None:
    detail = local.create("msfsi_fh_savings", msfsi_name="detail")
    bind = {"msfsi_details_msfsi_FH_Saving_msfsi_fh_saving__bind": f"/msfsi_fh_savings({detail})"}
    holding = local.create("msfsi_financialholdings", msfsi_name="holding", **bind)
    contact = local.create("contacts", lastname="O")
    link = local.create(
        "msfsi_customerfinancialholdings",
        msfsi_CustomerID_contact__bind=f"/contacts({contact})",
        msfsi_FinancialHoldingID__bind=f"/msfsi_financialholdings({holding})",
    )

    assert local.send("DELETE", f"msfsi_fh_savings({detail})").status_code == 204

    assert local.rows("msfsi_financialholdings") == []
    assert (
        local.get(f"msfsi_customerfinancialholdings({link})")["_msfsi_financialholdingid_value"]
        is None
    )
    assert local.send("DELETE", f"contacts({contact})").status_code == 204
    assert local.rows("msfsi_customerfinancialholdings") == []


def test_deleting_the_child_leaves_the_parent(local: Any) -> None:
    detail = local.create("msfsi_fh_savings", msfsi_name="detail")
    bind = {"msfsi_details_msfsi_FH_Saving_msfsi_fh_saving__bind": f"/msfsi_fh_savings({detail})"}
    holding = local.create("msfsi_financialholdings", msfsi_name="holding", **bind)
    local.send("DELETE", f"msfsi_financialholdings({holding})")
    assert len(local.rows("msfsi_fh_savings")) == 1


def test_a_removed_link_empties_a_polymorphic_lookup_and_counts_as_a_change(local: Any) -> None:
    contact = local.create("contacts", lastname="O")
    group = local.create("msfsi_groups", msfsi_name="G")
    member = local.create(
        "msfsi_groupmembers",
        msfsi_group__bind=f"/msfsi_groups({group})",
        msfsi_member_Contact_contact__bind=f"/contacts({contact})",
    )
    before = local.get(f"msfsi_groupmembers({member})")

    local.send("DELETE", f"contacts({contact})")

    prefer = 'odata.include-annotations="*"'
    after = local.get(f"msfsi_groupmembers({member})", Prefer=prefer)
    assert after["_msfsi_member_value"] is None
    assert "_msfsi_member_value@Microsoft.Dynamics.CRM.lookuplogicalname" not in after
    assert after["versionnumber"] > before["versionnumber"]
    assert dump(local.database)["msfsi_groupmember"][0]["msfsi_member@table"] is None
    local.send("DELETE", f"msfsi_groups({group})")
    assert local.rows("msfsi_groupmembers") == []


def test_a_row_in_use_can_not_be_deleted(local: Any) -> None:
    currency = local.create(
        "transactioncurrencies",
        currencyname="Test crown",
        isocurrencycode="XTS",
        currencysymbol="x",
        exchangerate=1.5,
        currencyprecision=2,
    )
    bind = {"transactioncurrencyid__bind": f"/transactioncurrencies({currency})"}
    account = local.create("msfsi_fh_accounts", msfsi_name="a", **bind)

    refusal = local.refused("DELETE", f"transactioncurrencies({currency})")
    assert refusal[:2] == (405, "0x80040227")

    local.send("DELETE", f"msfsi_fh_accounts({account})")
    assert local.send("DELETE", f"transactioncurrencies({currency})").status_code == 204


def test_a_cascade_through_a_circle_ends(local: Any) -> None:
    first = local.create("accounts", name="A")
    contact = local.create("contacts", parentcustomerid_account__bind=f"/accounts({first})")
    local.send(
        "PATCH", f"accounts({first})", {"primarycontactid@odata.bind": f"/contacts({contact})"}
    )
    assert local.send("DELETE", f"accounts({first})").status_code == 204
    assert local.rows("contacts") == []


def test_a_lookup_of_the_same_id_in_another_table_is_left_alone(local: Any, ids: Any) -> None:
    local.create("contacts", contactid=ids(1), lastname="O")
    local.create("accounts", accountid=ids(1), name="A")
    local.create(
        "contacts", contactid=ids(2), parentcustomerid_account__bind=f"/accounts({ids(1)})"
    )
    local.send("DELETE", f"contacts({ids(1)})")
    assert local.get(f"contacts({ids(2)})")["_parentcustomerid_value"] == ids(1)


def _relationships() -> list[Any]:
    """Every relationship whose both ends a caller can create rows of by id alone."""
    catalogue = load_catalogue()
    return [
        pytest.param(relationship, id=f"{relationship.child}.{relationship.bind}")
        for table in catalogue.values()
        for relationship in table.relationships
        if table.ownership == catalogue[relationship.parent].ownership == "user"
        and table.columns[relationship.column].creatable
        and "no" not in (table.api_create, catalogue[relationship.parent].api_create)
    ]


def _values_needed(shared: Any, table: str) -> dict[str, Any]:
    """What a row of a table can't be created without, beside the lookup under test."""
    if table == "incident":
        return {"customerid_contact__bind": f"/contacts({shared.create('contacts', lastname='O')})"}
    if table == "duplicaterule":
        return {"name": "R", "baseentityname": "contact", "matchingentityname": "contact"}
    if table == "knowledgearticle":
        return {"title": "A"}
    if table == "environmentvariabledefinition":
        return {"schemaname": "seedkit_V"}
    if table == "connection":
        ends = [shared.create("contacts", lastname="O") for _end in range(2)]
        return {
            "record1id_contact__bind": f"/contacts({ends[0]})",
            "record2id_contact__bind": f"/contacts({ends[1]})",
        }
    return {}


def _create(shared: Any, table: Any, **values: Any) -> str:
    """Create a row with what its table needs; a bind of a column displaces what is needed."""
    column = {"customerid", "record1id", "record2id"}
    given = {name.partition("_")[0] for name in values} & column
    needed = {
        name: value
        for name, value in _values_needed(shared, table.name).items()
        if name.partition("_")[0] not in given
    }
    return str(shared.create(table.entity_set, **{**needed, **values}))


@pytest.mark.parametrize("relationship", _relationships())
def test_every_relationship_behaves_as_the_schema_says(shared: Any, relationship: Any) -> None:
    catalogue = load_catalogue()
    parent, child = catalogue[relationship.parent], catalogue[relationship.child]
    marked = "importsequencenumber" in parent.columns
    name = {parent.primary_name: "N"} if parent.columns[parent.primary_name].creatable else {}
    parent_id = _create(shared, parent, **({"importsequencenumber": -11} if marked else name))
    bind = {f"{relationship.bind}__bind": f"/{parent.entity_set}({parent_id})"}
    child_path = f"{child.entity_set}({_create(shared, child, **bind)})"

    answer = shared.send("DELETE", f"{parent.entity_set}({parent_id})")

    found = shared.send("GET", child_path)
    kept = found.json().get(f"_{relationship.column}_value") if found.status_code == 200 else "gone"
    expected = {
        Delete.CASCADE: (204, "gone"),
        Delete.REMOVE_LINK: (204, None),
        Delete.UNKNOWN: (204, None),
        Delete.NONE: (204, parent_id),
        Delete.RESTRICT: (405, parent_id),
    }
    assert (answer.status_code, kept) == expected[relationship.on_delete]


@pytest.mark.parametrize(
    ("behaviour", "status", "left"),
    [("remove_link", 204, [None]), ("cascade", 204, []), ("restrict", 405, ["article"])],
)
def test_what_no_source_describes_does_what_the_switch_says(
    local: Any, behaviour: str, status: int, left: list[Any]
) -> None:
    local.turn(unknown_cascade=behaviour)
    article = local.create("knowledgearticles", title="Fees")
    bind = f"/knowledgearticles({article})"
    local.create("tasks", subject="T", regardingobjectid_knowledgearticle_task__bind=bind)
    assert local.send("DELETE", f"knowledgearticles({article})").status_code == status
    expected = [article if item == "article" else item for item in left]
    assert [row["_regardingobjectid_value"] for row in local.rows("tasks")] == expected


def test_a_tree_of_rows_of_one_table_goes_from_its_root(local: Any) -> None:
    contact = local.create("contacts", lastname="O")
    bind = {"customerid_contact__bind": f"/contacts({contact})"}
    root = local.create("incidents", title="0", **bind)
    for number in range(60):
        local.create(
            "incidents", title=str(number), parentcaseid__bind=f"/incidents({root})", **bind
        )
    assert local.send("DELETE", f"incidents({root})").status_code == 204
    assert local.rows("incidents") == []


def test_a_row_that_points_at_itself_can_be_deleted(local: Any) -> None:
    contact = local.create("contacts", lastname="O")
    body = {"parentcustomerid_contact@odata.bind": f"/contacts({contact})"}
    assert local.send("PATCH", f"contacts({contact})", body).status_code == 204
    assert local.send("DELETE", f"contacts({contact})").status_code == 204


def test_an_inactive_row_can_be_deleted(local: Any) -> None:
    path = f"contacts({local.create('contacts', lastname='O')})"
    local.send("PATCH", path, {"statecode": 1})
    assert local.send("DELETE", path).status_code == 204


def test_what_a_restricted_child_of_the_cascade_holds_stops_all_of_it(local: Any) -> None:
    """A subject in a tree of subjects that a case uses keeps the whole tree."""
    root = local.create("subjects", title="Cards")
    child = local.create("subjects", title="Lost", parentsubject__bind=f"/subjects({root})")
    contact = local.create("contacts", lastname="O")
    local.create(
        "incidents",
        title="C",
        customerid_contact__bind=f"/contacts({contact})",
        subjectid__bind=f"/subjects({child})",
    )
    local.turn(unknown_cascade="cascade")
    before = local.rows("subjects")
    assert local.refused("DELETE", f"subjects({root})")[:2] == (405, "0x80040227")
    assert local.rows("subjects") == before


def test_pairs_vanish_with_either_end(local: Any) -> None:
    category = local.create("categories", title="Fees")
    article = local.create("knowledgearticles", title="A")
    address = {"@odata.id": f"knowledgearticles({article})"}
    path = f"categories({category})/knowledgearticle_category/$ref"
    assert local.send("POST", path, address).status_code == 204
    assert local.send("DELETE", f"knowledgearticles({article})").status_code == 204
    assert dump(local.database)["knowledgearticlescategories"] == []
