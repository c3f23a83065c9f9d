from __future__ import annotations

from seedkit.records import Lookup, RecordBatch

BATCH = RecordBatch(
    table="t",
    block=1,
    ids=["1", "2", "3"],
    columns={"tid": ["1", "2", "3"], "name": ["a", None, "c"], "size": [0, False, ""]},
    lookups=[Lookup("owner", "u", ["x", "y", "z"]), Lookup("owner", "v", [None, "w", None])],
)


def bind(lookup: Lookup) -> tuple[str, str]:
    return f"{lookup.column}_{lookup.target}@odata.bind", f"/{lookup.target}s"


def test_rows_hold_what_there_is() -> None:
    assert BATCH.rows(bind) == [
        {"tid": "1", "name": "a", "size": 0, "owner_u@odata.bind": "/us(x)"},
        {
            "tid": "2",
            "size": False,
            "owner_u@odata.bind": "/us(y)",
            "owner_v@odata.bind": "/vs(w)",
        },
        {"tid": "3", "name": "c", "size": "", "owner_u@odata.bind": "/us(z)"},
    ]


def test_a_window_of_rows() -> None:
    assert BATCH.rows(bind, first=1, count=1) == BATCH.rows(bind)[1:2]
    assert BATCH.rows(bind, first=2) == BATCH.rows(bind)[2:]
    assert BATCH.rows(bind, first=3) == []


def test_columns_and_lookups_can_be_left_out() -> None:
    rows = BATCH.rows(bind, leave_out=frozenset({"owner", "size"}))
    assert rows == [{"tid": "1", "name": "a"}, {"tid": "2"}, {"tid": "3", "name": "c"}]


def test_lookups_alone() -> None:
    only = BATCH.rows(bind, leave_out=frozenset({"tid", "name", "size"}))
    assert only[1] == {"owner_u@odata.bind": "/us(y)", "owner_v@odata.bind": "/vs(w)"}
