"""The schema files fit together: whatever one names, another has, and the other way round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from seedkit.schema import Relationship, load_catalogue

CATALOGUE = load_catalogue()
SOURCES = {"solution", "live_metadata", "generated_code", "table_reference", "platform_knowledge"}
TYPES = {
    *("string", "memo", "entityname", "integer", "bigint", "decimal", "double", "money"),
    *("boolean", "picklist", "multipicklist", "state", "status"),
    *("lookup", "customer", "owner", "partylist"),
    *("datetime", "dateonly", "uniqueidentifier", "image", "file"),
}
ACTIONS = {"assign", "delete", "merge", "reparent", "share", "unshare"}
BEHAVIOURS = {"cascade", "remove_link", "restrict", "active", "user_owned"}


def relationships() -> Iterator[Relationship]:
    for table in CATALOGUE.values():
        yield from table.relationships


def test_a_file_is_named_after_its_table_and_tells_its_sources() -> None:
    for name, table in CATALOGUE.items():
        assert table.name == name
        assert set(table.facts_from) <= SOURCES, name
        assert table.facts_from, name
        assert table.primary_id in table.columns, name
        assert table.columns[table.primary_id].type == "uniqueidentifier", name


def test_entity_sets_and_schema_names_are_unique() -> None:
    for names in (
        [table.entity_set for table in CATALOGUE.values()],
        [table.schema_name.lower() for table in CATALOGUE.values()],
    ):
        assert [name for name, count in Counter(names).items() if count > 1] == []


def test_columns_are_of_known_types_and_named_in_their_own_case() -> None:
    for table in CATALOGUE.values():
        for column in table.columns.values():
            where = f"{table.name}.{column.name}"
            assert column.type in TYPES, where
            assert column.schema_name.lower() == column.name.lower(), where
            assert column.label, where
            assert set(column.allows) <= set("cru"), where


def test_a_lookup_points_at_tables_that_are_described_and_nothing_else_does() -> None:
    for table in CATALOGUE.values():
        for column in table.columns.values():
            assert column.is_lookup == (column.type in ("lookup", "customer", "owner"))
    assert {relationship.parent for relationship in relationships()} <= set(CATALOGUE)


def test_a_bind_name_leads_to_one_column_and_a_polymorphic_one_to_one_table() -> None:
    for table in CATALOGUE.values():
        places = {(item.bind, item.column) for item in table.relationships}
        assert len({bind for bind, _column in places}) == len(places), table.name
        ends = Counter(item.bind for item in table.relationships)
        several = {bind for bind, count in ends.items() if count > 1}
        assert {table.binds[bind].column for bind in several} <= {
            column.name for column in table.columns.values() if column.type == "owner"
        }


def test_a_collection_leads_to_one_relationship() -> None:
    found = Counter(
        (item.parent, item.collection) for item in relationships() if item.collection is not None
    )
    for parent, items in CATALOGUE.many_to_many.items():
        sides = (side for item in items for side in (item.first, item.second))
        found.update({(side.table, side.collection) for side in sides if side.table == parent})
    assert [key for key, count in found.items() if count > 1] == []


def test_children_and_lookups_tell_of_the_same_relationships() -> None:
    by_parent = {id(item) for items in CATALOGUE.children.values() for item in items}
    assert by_parent == {id(item) for item in relationships()}


def test_no_relationship_is_named_twice() -> None:
    names = [item.name for item in relationships() if item.name is not None]
    names += [table.many_to_many.name for table in CATALOGUE.values() if table.many_to_many]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_a_cascade_is_told_only_of_a_named_relationship() -> None:
    """A behaviour comes from where the relationship is described, and that gives it a name."""
    for item in relationships():
        where = f"{item.child}.{item.column} -> {item.parent}"
        assert set(item.cascade or {}) <= ACTIONS, where
        assert set((item.cascade or {}).values()) <= BEHAVIOURS, where
        assert item.name is not None or not item.cascade, where


@pytest.mark.parametrize(
    ("child", "parent", "delete"),
    [
        ("task", "contact", "cascade"),
        ("annotation", "incident", "cascade"),
        ("incident", "subject", "restrict"),
        ("msfsi_financialholding", "msfsi_fh_loan", "cascade"),
        ("environmentvariablevalue", "environmentvariabledefinition", "cascade"),
    ],
)
def test_documented_cascades(child: str, parent: str, delete: str) -> None:
    found = [item for item in CATALOGUE[child].relationships if item.parent == parent]
    assert [(item.cascade or {}).get("delete") for item in found] == [delete]


def test_both_ends_of_a_many_to_many_exist() -> None:
    found = [table.many_to_many for table in CATALOGUE.values() if table.many_to_many is not None]
    assert {item.intersect for item in found} == {
        "connectionroleassociation",
        "knowledgearticlescategories",
        "msdyn_msdyn_prod_agentscript_msdyn_sessiontempl",
        "roleprivileges",
        "systemuserroles",
        "teammembership",
        "teamroles",
    }
    for item in found:
        intersect = CATALOGUE[item.intersect]
        assert intersect.api_create == "no"
        assert item.first.column != item.second.column
        for side in (item.first, item.second):
            assert item in CATALOGUE.many_to_many[side.table]
            assert intersect.columns[side.column].type == "uniqueidentifier"


def test_a_status_reason_belongs_to_a_state_and_a_state_starts_with_one_of_its_own() -> None:
    for table in CATALOGUE.values():
        states = next((c.options for c in table.columns.values() if c.type == "state"), None) or {}
        reasons = next((c.options for c in table.columns.values() if c.type == "status"), None)
        for reason in (reasons or {}).values():
            assert reason.state in states, table.name
        for state in states.values():
            if state.default_status is not None:
                assert (reasons or {})[state.default_status].state == state.value, table.name


@pytest.mark.parametrize(
    "table",
    [
        *("activitypointer", "activityparty", "incidentresolution", "organization"),
        *("asyncoperation", "bulkdeleteoperation", "bulkdeletefailure", "duplicaterecord"),
        *("privilege", "sdkmessage", "sdkmessagefilter", "fileattachment", "principalobjectaccess"),
    ],
)
def test_what_callers_can_not_create(table: str) -> None:
    assert CATALOGUE[table].api_create == "no"


@pytest.mark.parametrize("activity", ["task", "phonecall", "email", "appointment", "letter"])
def test_activities_share_one_key_and_may_regard_the_same_tables(activity: str) -> None:
    table = CATALOGUE[activity]
    assert table.primary_id == CATALOGUE["activitypointer"].primary_id
    regarded = {
        item.parent: item.bind for item in table.relationships if item.column == "regardingobjectid"
    }
    assert regarded.items() >= {
        (parent, f"regardingobjectid_{parent}_{activity}")
        for parent in ("account", "contact", "incident", "knowledgearticle")
    }


def test_party_lists_say_which_part_their_members_take() -> None:
    parts = {
        name: column.participation
        for name, column in CATALOGUE["email"].columns.items()
        if column.type == "partylist"
    }
    assert parts == {"from": 1, "to": 2, "cc": 3, "bcc": 4, "related": None}
    assert CATALOGUE["appointment"].columns["requiredattendees"].participation == 5
