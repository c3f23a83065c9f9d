"""Values of columns, and back-dating."""

from __future__ import annotations

from tests.emulator.mutations.model import Mutation

COLUMNS = (
    Mutation(
        "a text is at most as long as its column",
        "writing/values.py",
        "if 2 * len(value) > limit and utf16_length(value) > limit:",
        "if 2 * len(value) > limit and utf16_length(value) > limit + 1:",
        ("test_checks.py::test_a_create_that_breaks_the_schema_is_refused",),
    ),
    Mutation(
        "letters outside the basic plane count twice",
        "writing/values.py",
        'return len(text.encode("utf-16-le")) // 2',
        "return len(text)",
        ("test_strictness.py::test_a_faulty_body_is_refused",),
    ),
    Mutation(
        "texts of a bulk message are measured, too",
        "writing/quick.py",
        "units > column.max_length):",
        "units > 2 * column.max_length):",
        ("test_bodies.py::test_many_rows_are_judged_as_each_alone",),
    ),
    Mutation(
        "a whole number lies within its bounds",
        "writing/values.py",
        "if not low <= value <= high:\n                raise PlatformError(INTEGER_OUTSIDE",
        "if not value <= high:\n                raise PlatformError(INTEGER_OUTSIDE",
        ("test_checks.py::test_a_create_that_breaks_the_schema_is_refused",),
    ),
    Mutation(
        "an amount lies within its bounds",
        "writing/values.py",
        "if not low <= value <= high:\n                raise PlatformError(DECIMAL_OUTSIDE",
        "if not low <= value:\n                raise PlatformError(DECIMAL_OUTSIDE",
        ("test_checks.py::test_a_create_that_breaks_the_schema_is_refused",),
    ),
    Mutation(
        "an option belongs to its choice",
        "writing/values.py",
        "if value not in allowed:",
        "if value < 0:",
        ("test_checks.py::test_a_create_that_breaks_the_schema_is_refused",),
    ),
    Mutation(
        "a yes-or-no value is true or false",
        "writing/values.py",
        "if type(value) is not bool:",
        "if value not in (0, 1):",
        ("test_checks.py::test_a_create_that_breaks_the_schema_is_refused",),
    ),
    Mutation(
        "no date is before 1753",
        "writing/values.py",
        "EARLIEST_YEAR = 1753 ",
        "EARLIEST_YEAR = 1752 ",
        ("test_checks.py::test_a_create_that_breaks_the_schema_is_refused",),
    ),
    Mutation(
        "surplus decimals are rounded away",
        "writing/values.py",
        "value = _rounded(value, digits)",
        "pass",
        ("test_checks.py::test_surplus_decimals_are_rounded",),
    ),
    Mutation(
        "an empty text is kept as null",
        "writing/values.py",
        "row[index] = value or None",
        "row[index] = value",
        ("test_bodies.py::test_an_empty_text_is_kept_as_null",),
    ),
    Mutation(
        "a column must be valid for create",
        "writing/plan.py",
        "for n, (column, put) in setters.items() if _creatable(table, column)},",
        "for n, (column, put) in setters.items()},",
        ("test_checks.py::test_a_create_that_breaks_the_schema_is_refused",),
    ),
    Mutation(
        "a column must be valid for update",
        "writing/plan.py",
        "for n, (column, put) in setters.items() if _updatable(table, column)},",
        "for n, (column, put) in setters.items()},",
        ("test_checks.py::test_an_update_of_a_fixed_column_is_refused",),
    ),
    Mutation(
        "a lookup must be valid for create",
        "writing/plan.py",
        "for k, (column, b) in binds.items() if column.creatable},",
        "for k, (column, b) in binds.items()},",
        ("test_checks.py::test_a_create_that_breaks_the_schema_is_refused",),
    ),
    Mutation(
        "what only applications require may be left out",
        "writing/plan.py",
        'if column.required == "system"\n            and',
        'if column.required in ("system", "required")\n            and',
        ("test_checklist.py::test_what_only_applications_require_may_be_left_out",),
    ),
    Mutation(
        "what the platform requires can't be left out",
        "writing/write.py",
        "if row[index] is None:",
        "if not row:",
        ("test_checks.py::test_a_create_that_breaks_the_schema_is_refused",),
    ),
    Mutation(
        "what the platform requires can't be emptied",
        "writing/fill.py",
        'if column.required == "system" or column.type in ("state", "owner"):',
        'if column.type in ("state", "owner"):',
        ("test_checks.py::test_a_needed_value_can_not_be_emptied",),
    ),
    Mutation(
        "a status reason belongs to its state",
        "writing/complete.py",
        "\n    elif plan.state_of_status.get(row[status], row[state]) != row[state]:",
        "\n    elif False:",
        ("test_platform_columns.py::test_status_of_another_state_is_refused",),
    ),
    Mutation(
        "a new state brings its status reason along",
        "writing/complete.py",
        'if "statuscode" not in sent or row[status] is None:',
        "if row[status] is None:",
        ("test_platform_columns.py::test_state_and_status_go_together",),
    ),
    Mutation(
        "the target of a lookup must exist",
        "session.py",
        "raise missing_row(table, missing[0])",
        "pass",
        ("test_checks.py::test_lookup_targets_must_exist_and_fit",),
    ),
    Mutation(
        "the target of a lookup is of one of its tables",
        "writing/fill.py",
        "if target not in bind.targets.values():",
        "if not bind.targets:",
        ("test_checks.py::test_lookup_targets_must_exist_and_fit",),
    ),
    Mutation(
        "a row is created with something in it",
        "writing/fill.py",
        'raise PlatformError(EMPTY_CREATE, "No attributes for Create Entity action.")',
        "pass",
        ("test_checks.py::test_a_create_that_breaks_the_schema_is_refused",),
    ),
)
BACKDATING = (
    Mutation(
        "the sent time and the real one change places",
        "writing/complete.py",
        "row[created], row[overridden] = row[overridden], session.now",
        "row[created] = row[overridden]",
        ("test_platform_columns.py::test_backdating_swaps_the_two_times",),
    ),
    Mutation(
        "nothing is dated into the future",
        "writing/complete.py",
        "if row[overridden] > session.now:",
        "if not row[overridden]:",
        ("test_checks.py::test_a_create_that_breaks_the_schema_is_refused",),
    ),
    Mutation(
        "importsequencenumber is fixed by the create",
        "writing/plan.py",
        "return column.updatable and column.name != table.primary_id",
        'return (column.updatable or column.name == "importsequencenumber") and '
        "column.name != table.primary_id",
        ("test_checks.py::test_an_update_of_a_fixed_column_is_refused",),
    ),
    Mutation(
        "overriddencreatedon is fixed by the create",
        "writing/plan.py",
        "return column.updatable and column.name != table.primary_id",
        "return (column.updatable or column.name == OVERRIDDEN) and "
        "column.name != table.primary_id",
        ("test_checks.py::test_an_update_of_a_fixed_column_is_refused",),
    ),
    Mutation(
        "back-dating needs its privilege",
        "writing/complete.py",
        "session.need(BACKDATE)",
        "pass",
        ("test_access.py::test_backdating_needs_its_privilege",),
    ),
)
