"""Keys and deletes."""

from __future__ import annotations

from tests.emulator.mutations.model import Mutation

KEYS = (
    Mutation(
        "an alternate key is unique",
        "storage/layout.py",
        """f'CREATE UNIQUE INDEX "{layout.name}:{name}" ON""",
        """f'CREATE INDEX "{layout.name}:{name}" ON""",
        ("test_checks.py::test_primary_and_alternate_keys_are_unique",),
    ),
    Mutation(
        "a composite key is unique by all of its columns",
        "storage/layout.py",
        """quoted = ", ".join(f'"{column}"' for column in key)""",
        """quoted = ", ".join(f'"{column}"' for column in key[:1])""",
        ("test_checklist.py::test_rows_may_share_one_half_of_a_key",),
    ),
    Mutation(
        "empty keys don't collide",
        "storage/layout.py",
        """quoted = ", ".join(f'"{column}"' for column in key)""",
        """quoted = ", ".join(f'coalesce("{column}", 0)' for column in key)""",
        ("test_checks.py::test_empty_keys_do_not_collide",),
    ),
    Mutation(
        "keys that differ by case only collide",
        "storage/layout.py",
        'return "TEXT COLLATE NOCASE"',
        'return "TEXT"',
        ("test_checks.py::test_primary_and_alternate_keys_are_unique",),
    ),
    Mutation(
        "a taken alternate key has a code of its own",
        "writing/write.py",
        'if str(error).endswith(f"{layout.name}.{layout.primary_id}"):',
        "if str(error):",
        ("test_checks.py::test_primary_and_alternate_keys_are_unique",),
    ),
    Mutation(
        "only defined keys address a row",
        "session.py",
        "if bare_lookup or set(named) not in (*defined, {layout.primary_id}):",
        "if bare_lookup:",
        ("test_rows.py::test_unknown_addresses_are_refused",),
    ),
    Mutation(
        "a lookup in a key is named by its value property",
        "session.py",
        "if bare_lookup or set(named) not in (*defined, {layout.primary_id}):",
        "if set(named) not in (*defined, {layout.primary_id}):",
        ("test_checklist.py::test_a_lookup_in_a_key_is_named_by_its_value",),
    ),
    Mutation(
        "an id is the same in upper and lower case",
        "addresses.py",
        "return Key(text.lower(), {})",
        "return Key(text, {})",
        ("test_checklist.py::test_an_id_is_the_same_in_any_case",),
    ),
    Mutation(
        "a taken id is answered with 412",
        "errors.py",
        'DUPLICATE_ID = Kind("0x80040237", 412, "documented")',
        'DUPLICATE_ID = Kind("0x80040237", 409, "documented")',
        ("test_checks.py::test_primary_and_alternate_keys_are_unique",),
    ),
    Mutation(
        "a doubled quote in a key is one quote",
        "addresses.py",
        'return raw[1:-1].replace("\'\'", "\'")\n    return None',
        "return raw[1:-1]\n    return None",
        ("test_checklist.py::test_a_quote_in_a_key_is_doubled",),
    ),
)
DELETES = (
    Mutation(
        "a row in use is answered with 405",
        "errors.py",
        'IN_USE = Kind("0x80040227", 405, "documented")',
        'IN_USE = Kind("0x80040227", 400, "documented")',
        ("test_delete.py::test_a_row_in_use_can_not_be_deleted",),
    ),
    Mutation(
        "children of a cascade go, too",
        "writing/delete.py",
        "if behaviour is Delete.CASCADE:",
        "if behaviour is None:",
        ("test_delete.py::test_children_go_with_their_parent_down_the_line",),
    ),
    Mutation(
        "children of a restriction keep their parent",
        "writing/delete.py",
        "elif behaviour is Delete.RESTRICT:",
        "elif behaviour is None:",
        ("test_delete.py::test_a_row_in_use_can_not_be_deleted",),
    ),
    Mutation(
        "a removed link leaves the child",
        "writing/delete.py",
        "closure.links.append((relationship, row[1]))",
        "pending.extend(self._child_rows(relationship, row[1]))",
        ("test_delete.py::test_every_relationship_behaves_as_the_schema_says",),
    ),
    Mutation(
        "no cascade leaves the reference as it is",
        "writing/delete.py",
        "if relationship.on_delete is not Delete.NONE\n        and ",
        "if ",
        ("test_checklist.py::test_no_cascade_leaves_the_reference_as_it_is",),
    ),
    Mutation(
        "a lookup of two tables is followed to its own only",
        "writing/delete.py",
        "condition += f\" AND {kind} = '{relationship.parent}'\"",
        "pass",
        ("test_delete.py::test_a_lookup_of_the_same_id_in_another_table_is_left_alone",),
    ),
    Mutation(
        "a link of two tables loses the name of its table, too",
        "writing/delete.py",
        "emptied.append(target_column(relationship.column))",
        "pass",
        (
            "test_delete.py::test_a_removed_link_empties_a_polymorphic_lookup_and_counts"
            "_as_a_change",
        ),
    ),
    Mutation(
        "restricted children that go along are no hindrance",
        "writing/delete.py",
        "if (relationship.child, child_id) not in closure.rows:",
        "if child_id:",
        ("test_checklist.py::test_restricted_children_that_go_along_are_no_hindrance",),
    ),
    Mutation(
        "pairs vanish with either end",
        "writing/delete.py",
        "for statement in self._pair_deletes.get(layout.name, ()):",
        "for statement in ():",
        ("test_delete.py::test_pairs_vanish_with_either_end",),
    ),
    Mutation(
        "deleting what is not there is refused",
        "writing/delete.py",
        "if not closure.rows and layout.stored == layout.name:",
        "if closure.rows is None:",
        ("test_rows.py::test_a_missing_row_is_named",),
    ),
    Mutation(
        "a refused delete deletes nothing",
        "storage/store.py",
        "for statement in undo:",
        "for statement in (done,):",
        (
            "test_delete.py::test_what_a_restricted_child_of_the_cascade_holds_stops_all_of_it",
            "test_rows.py::test_deep_insert_is_all_or_nothing",
        ),
    ),
)
