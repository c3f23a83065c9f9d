"""Duplicate detection: published rules say which rows count as the same.

That rules are applied only on request, and the refusal, is documented; how conditions compare is
expected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seedkit.emulator.errors import ARGUMENT, DUPLICATES, READ_ONLY, PlatformError
from seedkit.emulator.rules.model import Change, Rows, Rules

if TYPE_CHECKING:
    from seedkit.emulator.session import Session
    from seedkit.emulator.storage.layout import Layout

RULE = "duplicaterule"
CONDITION = "duplicaterulecondition"
UNPUBLISHED, PUBLISHED = (0, 0), (1, 2)  # state and status reason

# How a stored value `{c}` is made comparable with a given one, by operator.
_FORMS: Mapping[int, str] = {
    0: "{c}",
    1: "substr({c}, 1, {n})",
    2: "substr({c}, -{n})",
    3: "substr({c}, 1, 10)",
    4: "{c}",
    5: "{c}",
    6: "{c}",
}


@dataclass(frozen=True, slots=True)
class Match:
    """One published rule: which table it looks through, and the SQL of its conditions."""

    table: str
    columns: tuple[str, ...]
    sql: str


def refuse_duplicates(session: Session, layout: Layout, rows: Rows) -> None:
    """Refuse rows that a published rule takes for duplicates of stored ones; 412."""
    rules = list(published(session, layout.name))
    for row in rows:
        values = dict(zip(layout.columns, row, strict=True))
        for rule in rules:
            if find(session, rule, values, row[0], limit=1):
                raise PlatformError(
                    DUPLICATES, "A record was not created or updated because a duplicate exists."
                )


def published(session: Session, table: str, looking_in: str | None = None) -> Iterator[Match]:
    """Yield the published rules for rows of a table, those alone that look in another one."""
    store = session.store
    if not session.environment.settings.duplicate_detection or RULE not in store.layouts:
        return
    query = (
        f"SELECT duplicateruleid, matchingentityname, iscasesensitive, excludeinactiverecords "
        f'FROM "{RULE}" WHERE baseentityname = ? AND statecode = {PUBLISHED[0]} ORDER BY 1'
    )
    for rule_id, matching, strict, active_only in store.connection.execute(query, (table,)):
        layout = store.layouts.get(matching)
        if layout is not None and looking_in in (None, matching):
            yield _match(session, rule_id, layout, bool(strict), bool(active_only))


def _match(
    session: Session, rule_id: str, layout: Layout, strict: bool, active_only: bool
) -> Match:
    query = (
        "SELECT baseattributename, matchingattributename, operatorcode, operatorparam, "
        f'ignoreblankvalues FROM "{CONDITION}" WHERE regardingobjectid = ? ORDER BY 1, 2'
    )
    found = session.store.connection.execute(query, (rule_id,)).fetchall()
    parts = [_condition(strict, *row[1:]) for row in found]
    if active_only and "statecode" in layout.position:
        parts.append("statecode = 0")
    return Match(layout.name, tuple(row[0] for row in found), " AND ".join(parts) or "0")


def _condition(
    strict: bool, column: str, operator: int, length: int | None, ignore_blank: bool | None
) -> str:
    form = _FORMS[operator].format(c=f'"{column}"', n=length or 0)
    given = _FORMS[operator].format(c="?", n=length or 0)
    compared = f"{form} {'=' if ignore_blank else 'IS'} {given}"
    return f"{compared} COLLATE {'BINARY' if strict else 'NOCASE'}"


def find(
    session: Session, rule: Match, values: Mapping[str, Any], besides: Any, limit: int
) -> list[str]:
    """Return ids of stored rows that a rule takes for duplicates of some values."""
    layout = session.store.layouts[rule.table]
    query = (
        f'SELECT "{layout.primary_id}" FROM "{layout.name}" WHERE {rule.sql} '
        f'AND "{layout.primary_id}" IS NOT ? ORDER BY 1 LIMIT {limit:d}'
    )
    parameters: Sequence[Any] = [*(values.get(name) for name in rule.columns), besides]
    return [row[0] for row in session.store.connection.execute(query, parameters)]


def _check_rules(session: Session, layout: Layout, rows: Rows) -> None:
    for row in rows:
        for column in ("baseentityname", "matchingentityname"):
            _check_table(session, row[layout.position[column]])
        _put_state(layout, row, UNPUBLISHED)


def _check_table(session: Session, name: str) -> None:
    if name not in session.environment.layouts:
        raise PlatformError(ARGUMENT, f"There is no table '{name}' to look for duplicates in.")


def _put_state(layout: Layout, row: list[Any], state: tuple[int, int]) -> None:
    row[layout.position["statecode"]], row[layout.position["statuscode"]] = state


def _check_conditions(session: Session, layout: Layout, rows: Rows) -> None:
    for row in rows:
        rule = session.store.row(
            session.environment.layouts[RULE], row[layout.position["regardingobjectid"]]
        )
        if rule is not None:
            _check_condition(session, layout, row, rule)


def _check_condition(
    session: Session, layout: Layout, row: Sequence[Any], rule: Sequence[Any]
) -> None:
    rules = session.environment.layouts[RULE]
    if rule[rules.position["statecode"]] == PUBLISHED[0]:
        raise PlatformError(READ_ONLY, "A published rule can't be changed: unpublish it first.")
    for end in ("base", "matching"):
        table = session.environment.layouts[rule[rules.position[f"{end}entityname"]]]
        name = row[layout.position[f"{end}attributename"]]
        if name not in table.position:
            raise PlatformError(ARGUMENT, f"'{name}' is no stored column of {table.name}.")


def _keep_published(_session: Session, change: Change) -> None:
    if change.before("statecode") == PUBLISHED[0]:
        raise PlatformError(READ_ONLY, "A published rule can't be changed: unpublish it first.")


def _recheck(session: Session, change: Change) -> None:
    _check_conditions(session, change.layout, [change.new])


RULES = {
    RULE: Rules(creating=(_check_rules,), changing=(_keep_published,)),
    CONDITION: Rules(creating=(_check_conditions,), changing=(_recheck,)),
}
