"""Functions about the environment's size and languages."""

from __future__ import annotations

from datetime import datetime, timedelta

import orjson

from seedkit.emulator.errors import ADDRESS, ARGUMENT, PlatformError
from seedkit.emulator.exchange import Answer, json_answer
from seedkit.emulator.operations import Call, Kind, Operation
from seedkit.emulator.routes.functions import response_context

_FACT = "record counts"


def total_record_count(call: Call) -> Answer:
    """Tell how many rows tables have, as of a snapshot that may be some hours old."""
    names = call.parameters["EntityNames"]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise PlatformError(ADDRESS, "'EntityNames' must be a list of table names.")
    body = {
        "@odata.context": response_context(call.request, "RetrieveTotalRecordCount"),
        "EntityRecordCountCollection": {
            "Count": len(names),
            "IsReadOnly": False,
            "Keys": names,
            "Values": [_count(call, name) for name in names],
        },
    }
    return json_answer(body)


def _count(call: Call, name: str) -> int:
    session = call.session
    layout = session.environment.layouts.get(name)
    if layout is None:
        raise PlatformError(ARGUMENT, f"There is no table '{name}'.")
    hours = session.environment.settings.count_age_hours
    kept = orjson.loads(session.store.fact(_FACT) or "{}") if hours else {}
    moment, number = kept.get(name, ("", 0))
    oldest = session.environment.clock() - timedelta(hours=hours)
    if moment and datetime.fromisoformat(moment) > oldest:
        return int(number)
    query = f'SELECT count(*) FROM "{layout.name}"'
    fresh = int(session.store.connection.execute(query).fetchone()[0])
    if hours:
        kept[name] = (session.now, fresh)
        session.store.set_facts({_FACT: orjson.dumps(kept).decode()})
    return fresh


def available_languages(call: Call) -> Answer:
    """Tell which languages are there."""
    context = response_context(call.request, "RetrieveAvailableLanguages")
    return json_answer({"@odata.context": context, "LocaleIds": _languages(call)})


def provisioned_languages(call: Call) -> Answer:
    """Tell which languages are switched on."""
    context = response_context(call.request, "RetrieveProvisionedLanguages")
    body = {"@odata.context": context, "RetrieveProvisionedLanguages": _languages(call)}
    return json_answer(body)


def _languages(call: Call) -> list[int]:
    return list(call.session.environment.settings.languages)


_NAMES = frozenset({"EntityNames"})
OPERATIONS = (
    Operation(
        "RetrieveTotalRecordCount",
        Kind.FUNCTION,
        total_record_count,
        "documented",
        takes=_NAMES,
        needs=_NAMES,
        note="Counts at once; the setting count_age_hours gives it the platform's old snapshots.",
    ),
    Operation("RetrieveAvailableLanguages", Kind.FUNCTION, available_languages, "documented"),
    Operation("RetrieveProvisionedLanguages", Kind.FUNCTION, provisioned_languages, "documented"),
)
