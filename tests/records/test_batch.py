from __future__ import annotations

from dataclasses import replace

from seedkit.records import Lookup, RecordBatch
from seedkit.records.batch import Party, Resolutions, States

BATCH = RecordBatch(
    table="t",
    block=1,
    ids=["1", "2", "3"],
    columns={"tid": ["1", "2", "3"], "name": ["a", None, "c"], "size": [0, False, ""]},
    lookups=[Lookup("owner", "u", ["x", "y", "z"]), Lookup("owner", "v", [None, "w", None])],
)
CASES = RecordBatch(
    table="incident",
    block=1,
    ids=["a", "b", "c"],
    columns={"title": ["A", "B", "C"]},
    lookups=(),
    states=States(
        [1, 2, None],
        [5, 6, None],
        Resolutions(["r", None, None], {"subject": ["Done", None, None]}),
    ),
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


def test_rows_end_in_their_states_and_those_that_keep_theirs_stay_as_made() -> None:
    ended = replace(CASES, columns={**CASES.columns, "statuscode": [None, None, 3]}).ended()
    assert ended.columns["statecode"] == [1, 2, None]
    assert ended.columns["statuscode"] == [5, 6, 3]
    assert BATCH.ended() is BATCH


def test_a_resolved_case_has_the_row_that_closed_it() -> None:
    (closing,) = CASES.closings()
    assert closing.table == "incidentresolution"
    assert closing.rows(bind) == [
        {"activityid": "r", "subject": "Done", "incidentid_incident@odata.bind": "/incidents(a)"}
    ]
    assert list(BATCH.closings()) == []


def test_parties_stand_in_the_body_of_their_activity() -> None:
    parties = [Party(1, "contact", ["x", None, None]), Party(2, "systemuser", ["u", "u", None])]
    batch = RecordBatch("email", 1, ["a", "b", "c"], {"subject": [1, 2, 3]}, (), parties)
    contact, user = (
        {"partyid_contact@odata.bind": "/contacts(x)", "participationtypemask": 1},
        {"partyid_systemuser@odata.bind": "/systemusers(u)", "participationtypemask": 2},
    )
    found = [row.get("email_activity_parties") for row in batch.rows(bind)]
    assert found == [[contact, user], [user], None]
    assert batch.rows(bind, first=1, count=1)[0]["email_activity_parties"] == [user]
