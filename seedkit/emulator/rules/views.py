"""Tables that show rows which the platform makes by itself: computed when read, never stored.

- `activitypointer` shows every activity of any kind, under the same id.
- `activityparty` shows, beside the parties that callers give, each activity's owner and what it
  is about.
- `customeraddress` shows, beside further addresses, those in the columns of accounts and contacts.

That keeps them in step for nothing: writing a contact costs no more than it did. The general
activity is documented, the rest expected. The rows of one's own lie in a table of another name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from seedkit.emulator.rules.activities import PARTY, POINTER, is_activity
from seedkit.emulator.settings import FACT, Settings

if TYPE_CHECKING:
    from seedkit.emulator.storage.layout import Layout

ADDRESS = "customeraddress"
_VIEWS = frozenset({POINTER, PARTY, ADDRESS})

_OWNER, _REGARDING = 9, 8
# Where the 15th digit of a derived id tells which one it is; real ids have 1 to 8 there.
_DIGITS: Mapping[tuple[str, int], str] = {
    ("contact", 1): "a",
    ("contact", 2): "b",
    ("contact", 3): "c",
    ("account", 1): "d",
    ("account", 2): "e",
    ("account", 3): "f",
}
_SHARED = ("created", "modified", "own", "versionnumber")

_SWITCH = (
    f"coalesce((SELECT json_extract(value, '$.companion_rows') FROM environment "
    f"WHERE name = '{FACT}'), {int(Settings().companion_rows)})"
)


def stored_table(table: str) -> str | None:
    """Return the name under which rows of a table are stored; None when none are."""
    if table == POINTER:
        return None
    return f"own:{table}" if table in _VIEWS else table


def _quoted(name: str) -> str:
    return f'"{name}"'


def _derived(column: str, digit: str) -> str:
    return f"(substr({column}, 1, 14) || '{digit}' || substr({column}, 16))"


# The ids of the addresses in a customer's columns: the one that was sent, else a derived one.
ADDRESS_IDS: Mapping[str, Mapping[str, str]] = {
    table: {
        f"address{number}_addressid": (
            f'coalesce({{t}}."address{number}_addressid", '
            f"CASE WHEN {_SWITCH} THEN {_derived('{t}.' + table + 'id', digit)} END)"
        )
        for (other, number), digit in _DIGITS.items()
        if other == table
    }
    for table in ("account", "contact")
}


def view_statements(layout: Layout, layouts: Mapping[str, Layout]) -> list[str]:
    """Return the SQL that creates a table's view with what makes it writable; mostly nothing."""
    if layout.name not in _VIEWS:
        return []
    arms = list(_arms(layout, layouts))
    names = ", ".join(f'"{name}"' for name in layout.columns)
    if layout.stored is not None:
        arms.insert(0, f'SELECT {names} FROM "{layout.stored}"')
    if not arms:
        arms = [f"SELECT {', '.join(f'NULL AS {_quoted(n)}' for n in layout.columns)} WHERE 0"]
    view = f'CREATE VIEW "{layout.name}" ({names}) AS {" UNION ALL ".join(arms)}'
    return [view, *_triggers(layout, layouts)]


def _arms(layout: Layout, layouts: Mapping[str, Layout]) -> Iterator[str]:
    for values, source in _sources(layout, layouts):
        columns = ", ".join(f"{values.get(name, 'NULL')}" for name in layout.columns)
        yield f"SELECT {columns} FROM {source} AND {_SWITCH}"


def _sources(
    layout: Layout, layouts: Mapping[str, Layout]
) -> Iterator[tuple[Mapping[str, str], str]]:
    """Yield, per kind of derived row, its columns as SQL and what it is read from."""
    if layout.name == ADDRESS:
        for parent, number in _addresses(layouts):
            yield _address(layout, parent, number), f'"{parent.name}" t WHERE 1'
        return
    for activity in layouts.values():
        if not is_activity(activity.table):
            continue
        if layout.name == POINTER:
            yield _pointer(layout, activity), f'"{activity.name}" t WHERE 1'
        else:
            for mask, lookup in ((_OWNER, "ownerid"), (_REGARDING, "regardingobjectid")):
                if f"{lookup}@table" in activity.position:
                    source = f'"{activity.name}" t WHERE t."{lookup}" IS NOT NULL'
                    yield _party(activity, mask, lookup), source


def _addresses(layouts: Mapping[str, Layout]) -> Iterator[tuple[Layout, int]]:
    for table, number in _DIGITS:
        if table in layouts and f"address{number}_line1" in layouts[table].position:
            yield layouts[table], number


def _address(layout: Layout, parent: Layout, number: int) -> dict[str, str]:
    found = {}
    for name in layout.columns:
        own = f"address{number}_{name}"
        if own in parent.position:
            found[name] = f't."{own}"'
        elif name.startswith(_SHARED) and name in parent.position:
            found[name] = f't."{name}"'
    found[layout.primary_id] = parent.expression(f"address{number}_addressid", "t")
    found["addressnumber"] = str(number)
    found["parentid"] = f't."{parent.primary_id}"'
    found["parentid@table"] = found["objecttypecode"] = f"'{parent.name}'"
    return found


def _pointer(layout: Layout, activity: Layout) -> dict[str, str]:
    found = {name: f't."{name}"' for name in layout.columns if name in activity.position}
    found["activitytypecode"] = f"'{activity.name}'"
    return found


def _party(activity: Layout, mask: int, lookup: str) -> dict[str, str]:
    found = {
        name: f't."{name}"'
        for name in activity.columns
        if name.startswith(("own", "scheduled", "instancetypecode", "versionnumber"))
    }
    found["activitypartyid"] = _derived('t."activityid"', "ab"[mask == _REGARDING])
    found["activityid"] = 't."activityid"'
    found["activityid@table"] = f"'{activity.name}'"
    found["participationtypemask"] = str(mask)
    found["partyid"], found["partyid@table"] = f't."{lookup}"', f't."{lookup}@table"'
    return found


def _triggers(layout: Layout, layouts: Mapping[str, Layout]) -> Iterator[str]:
    if layout.stored is None:
        return
    names = ", ".join(_quoted(name) for name in layout.columns)
    values = ", ".join(f"NEW.{_quoted(name)}" for name in layout.columns)
    changes = ", ".join(f"{_quoted(name)} = NEW.{_quoted(name)}" for name in layout.columns)
    own = f'WHERE "{layout.primary_id}" = OLD."{layout.primary_id}"'
    writes = {
        "INSERT": [f'INSERT INTO "{layout.stored}" ({names}) VALUES ({values})'],
        "UPDATE": [f'UPDATE "{layout.stored}" SET {changes} {own}', *_back(layout, layouts)],
        "DELETE": [f'DELETE FROM "{layout.stored}" {own}'],
    }
    for event, statements in writes.items():
        yield (
            f'CREATE TRIGGER "{layout.name}:{event.lower()}" INSTEAD OF {event} '
            f'ON "{layout.name}" BEGIN {"; ".join(statements)}; END'
        )


def _back(layout: Layout, layouts: Mapping[str, Layout]) -> Iterator[str]:
    """Yield what writes a changed address back into the columns that it was read from."""
    if layout.name != ADDRESS:
        return
    for parent, number in _addresses(layouts):
        pairs = [
            (f"address{number}_{name}", name)
            for name in layout.columns
            if f"address{number}_{name}" in parent.position
        ]
        pairs += [(n, n) for n in ("versionnumber", "modifiedon", "modifiedby")]
        changes = ", ".join(f"{_quoted(own)} = NEW.{_quoted(name)}" for own, name in pairs)
        shown = parent.expression(f"address{number}_addressid", f'"{parent.name}"')
        yield (
            f'UPDATE "{parent.name}" SET {changes} WHERE "{parent.primary_id}" = OLD."parentid" '
            f'AND OLD."parentid@table" = \'{parent.name}\' AND {shown} = OLD."{layout.primary_id}"'
        )
