"""Comparing what a purge left, and what it said, with the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from seedkit.purge import Doubtful, PurgeResult, Stranger, Strangers
from seedkit.purge.findings import Edited
from tests.purge.stories.ground import Row, Rows
from tests.purge.stories.playing import Ending
from tests.purge.stories.truth import EMPTIED


def check(end: Ending) -> None:
    """Compare what is there and what was said with the truth."""
    scene, case, kept = end.scene, end.scene.case, end.scene.kept
    harmed = case.strangers_of(case.mine - kept)
    must_stop = bool(harmed) and scene.story.strangers is not Strangers.DELETE
    assert (end.stopped is not None) == must_stop, (scene.log, harmed)
    wrong = differences(_expected(end, kept), end.after)
    assert not wrong, "\n".join((*scene.log, *wrong))
    if end.stopped is not None:
        listed = {(str(one["table"]), str(one["id"])) for one in end.stopped.strangers}
        _same(end, "strangers in the way", listed, case.told(harmed))
    elif end.result is not None:
        assert not end.result.left
        told = _told_whole if not end.begun else _told_of_the_rest
        told(end, end.result, kept)


def _told_whole(end: Ending, result: PurgeResult, kept: set[Row]) -> None:
    """Compare the report of a purge that did everything with the truth."""
    case, found = end.scene.case, result.survey
    gone = Counter(row[0] for row in case.mine - kept)
    # Rows of a table may take one another along: a case its child cases.
    _same(end, "deleted", Counter(result.deleted) + Counter(result.already_gone), gone)
    stayed = {table: count for table, count in result.kept.items() if count}
    _same(end, "kept", stayed, Counter(row[0] for row in kept))
    _same(end, "edited", found.edited_counts, Counter(row[0] for row in case.edited))
    _same(end, "edited rows", rows_of(found.edited), case.edited)
    _same(end, "doubtful", rows_of(found.doubtful_rows), case.doubtful)
    _same(end, "strangers", rows_of(found.strangers), case.told(case.strangers))
    _same(end, "crippled", rows_of(found.crippled), case.crippled - case.strangers)
    harmed = case.told(case.strangers_of(case.mine - kept))
    _same(end, "strangers deleted", rows_of(result.decision.deleting), harmed)


def _told_of_the_rest(end: Ending, result: PurgeResult, kept: set[Row]) -> None:
    """Compare the report of a purge that went on with one: it tells of what is still there."""
    case, found = end.scene.case, result.survey
    gone = Counter(row[0] for row in case.mine - kept)
    _same(end, "deleted too much", Counter(result.deleted) - gone, {})
    if case.ledger:  # which tells what the purge itself has changed
        _same(end, "edited besides", rows_of(found.edited) - case.edited, set())
    _same(end, "doubtful besides", rows_of(found.doubtful_rows) - case.doubtful, set())
    _same(end, "strangers besides", rows_of(found.strangers) - case.told(case.strangers), set())


def rows_of(listed: Iterable[Edited | Doubtful | Stranger]) -> set[Row]:
    """Return which rows a list of a report names."""
    return {(one.table, one.id) for one in listed}


def _same(end: Ending, what: str, told: object, true: object) -> None:
    assert told == true, "\n".join((*end.scene.log, f"{what}: {told}", f"in truth: {true}"))


def _expected(end: Ending, kept: set[Row]) -> Rows:
    """Return what must be there; the header note of a run that is partly kept says so."""
    case = end.scene.case
    if end.stopped:
        return case.world.rows
    with_strangers = end.scene.story.strangers is Strangers.DELETE
    rows, (table, id) = case.after(kept, with_strangers=with_strangers), case.seeding.header
    noted = [_told_less(row) if key_of(row) == id else row for row in rows[table]]
    return {**rows, table: noted}


def _told_less(note: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in note.items() if name not in (*EMPTIED, "notetext")}


def differences(expected: Rows, found: Rows) -> list[str]:
    """Return how rows differ from what is expected of them; columns left out there are free."""
    told = []
    for table in sorted(expected):
        ours = {key_of(row): row for row in expected[table]}
        theirs = {key_of(row): row for row in found[table]}
        told += [f"{table} {key} is gone" for key in ours.keys() - theirs.keys()]
        told += [f"{table} {key} is still there" for key in theirs.keys() - ours.keys()]
        told += [
            f"{table} {key}: {name} is {theirs[key][name]!r}, not {value!r}"
            for key in ours.keys() & theirs.keys()
            for name, value in ours[key].items()
            if theirs[key][name] != value
        ]
    return told


def settled(rows: Rows) -> Rows:
    """Return rows without what tells when somebody was at them."""
    return {table: [_told_less(row) for row in found] for table, found in rows.items()}


def key_of(row: dict[str, object]) -> str:
    return str(next(iter(row.values())))
