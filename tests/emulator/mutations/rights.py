"""Privileges."""

from __future__ import annotations

from tests.emulator.mutations.model import Mutation

PRIVILEGES = (
    Mutation(
        "a missing privilege is answered with 403",
        "access.py",
        'DENIED = Kind("0x80040220", 403',
        'DENIED = Kind("0x80040220", 401',
        ("test_access.py::test_a_missing_privilege_is_named",),
    ),
    Mutation(
        "creating needs its privilege",
        "writing/write.py",
        'session.need_on("Create", layout)',
        "pass",
        ("test_access.py::test_a_missing_privilege_is_named",),
    ),
    Mutation(
        "reading needs its privilege",
        "service.py",
        'session.need_on("Read", layout)',
        "pass",
        ("test_access.py::test_reading_a_table_needs_its_privilege",),
    ),
    Mutation(
        "writing reaches as far as its depth",
        "writing/write.py",
        'session.need_row("Write", layout, old)',
        "pass",
        ("test_access.py::test_writing_reaches_as_far_as_its_depth",),
    ),
    Mutation(
        "giving a row away needs its privilege",
        "writing/write.py",
        'session.need_row("Assign", layout, old)',
        "pass",
        ("test_checklist.py::test_giving_a_row_away_needs_the_right_to_assign_it",),
    ),
    Mutation(
        "deleting needs its privilege on all that goes along",
        "writing/delete.py",
        "session.need_deletes(closure.rows)",
        "session.need_deletes(list(closure.rows)[:1])",
        ("test_access.py::test_a_cascade_needs_the_right_to_delete_the_children",),
    ),
    Mutation(
        "hanging rows on another needs its privilege",
        "session.py",
        "self.access.need_targets(self.environment.layouts[table], sorted(ids))",
        "pass",
        ("test_access.py::test_hanging_a_row_on_another_needs_append_to",),
    ),
    Mutation(
        "the shortest depth reaches own rows only",
        "access.py",
        'if depth >= GLOBAL or "ownerid" not in layout.position:',
        'if depth or "ownerid" not in layout.position:',
        ("test_access.py::test_own_rows_only_are_seen_with_the_shortest_depth",),
    ),
    Mutation(
        "acting for another user needs its privilege",
        "service.py",
        "actor.need(ACT_FOR_OTHERS)",
        "pass",
        ("test_access.py::test_acting_for_another_user_needs_the_privilege",),
    ),
    Mutation(
        "who acts for another may do only what both may",
        "access.py",
        "for user in dict.fromkeys((signed_in, actor))]",
        "for user in (signed_in,)]",
        (
            "test_access.py::test_an_administrator_acting_for_another_has_that_users_rights",
            "test_access.py::test_acting_for_another_gives_only_what_both_may_do",
        ),
    ),
    Mutation(
        "the real caller is kept beside the other user",
        "writing/complete.py",
        '"createdonbehalfby": session.behalf_of,',
        '"createdonbehalfby": session.caller,',
        ("test_rows.py::test_impersonation_keeps_the_real_caller",),
    ),
    Mutation(
        "skipping custom logic needs its privilege",
        "service.py",
        "if header in request.headers:",
        "if not header:",
        ("test_access.py::test_skipping_custom_logic_needs_its_privilege",),
    ),
    Mutation(
        "a user without any role gets nothing",
        "access.py",
        "if not roles:",
        "if roles is None:",
        ("test_access.py::test_a_user_without_any_role_gets_nothing",),
    ),
    Mutation(
        "bulk deletes need their privilege",
        "jobs/bulkdelete.py",
        'session.need("prvBulkDelete")',
        "pass",
        ("test_access.py::test_bulk_deletes_need_their_privilege",),
    ),
    Mutation(
        "a token expires",
        "signin.py",
        "if issued[1] <= now:",
        "if issued[1] is None:",
        ("test_access.py::test_a_token_expires",),
    ),
)
