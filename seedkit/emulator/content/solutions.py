"""Solutions with their publishers, and the plug-in steps that they register."""

from __future__ import annotations

from seedkit.emulator.content.ids import (
    DEPLOYED_ON,
    ORGANIZATION,
    SOLUTION_VERSION,
    Content,
    content_id,
)
from seedkit.emulator.storage.store import Store

# Of what nobody has put into a solution; the same in every environment [expected].
ACTIVE = "fd140aae-4df4-11dd-bd17-0019b9312238"
_BANKING, _PLATFORM, _OWN = "microsoft_fsi", "MicrosoftCorporation", "DefaultPublisherlocal"
# Names and prefixes: the first from its solutions' definitions, the others expected.
_PUBLISHERS = {
    _BANKING: ("Microsoft_FSI", "msfsi", 10480),
    _PLATFORM: ("MicrosoftCorporation", "mscorp", 10000),
    _OWN: ("Default Publisher for local", "new", 10000),
}
_SYSTEM = "System"
# Solutions without tables of their own here; the name is that of the app's own definition.
_WITHOUT_TABLES = ("UnifiedCustomerProfileApplication",)
# Steps of the banking model: table and message [documented]; the names of the steps are inferred.
_BANKING_MODEL = "RetailBankingCoreDataModel"
_STEPS = (
    ("msfsi_groupmember", "Create"),
    ("msfsi_groupmember", "Update"),
    ("msfsi_group", "Update"),
)
_BEFORE, _AT_ONCE = 10, 0  # pre-validation, synchronous


def publishers(_store: Store) -> Content:
    """Yield the publishers of the solutions, and the one of all that is made here."""
    for name, (title, prefix, number) in _PUBLISHERS.items():
        yield (
            "publisher",
            name,
            {
                "uniquename": name,
                "friendlyname": title,
                "customizationprefix": prefix,
                "customizationoptionvalueprefix": number,
                "isreadonly": int(name != _OWN),
                "organizationid": ORGANIZATION,
            },
        )


def solutions(store: Store) -> Content:
    """Yield the solutions that bring the tables and the app, and the one of all that is made here.

    That the platform's tables belong to a solution of Microsoft's is documented.
    """
    brought = {str(name) for name in (layout.table.solution for layout in store.layouts.values())}
    for name in sorted({*brought, *_WITHOUT_TABLES} - {"None"}):
        publisher = _PLATFORM if name == _SYSTEM else _BANKING
        yield "solution", name, _solution(name, SOLUTION_VERSION, publisher, managed=True)
    values = _solution("Active", "1.0", _OWN, managed=False)
    yield "solution", "Active", {"solutionid": ACTIVE, **values}


def _solution(name: str, version: str, publisher: str, *, managed: bool) -> dict[str, object]:
    return {
        "uniquename": name,
        "friendlyname": name,
        "version": version,
        "ismanaged": int(managed),
        "publisherid": content_id("publisher", publisher),
        "organizationid": ORGANIZATION,
        "installedon": DEPLOYED_ON,
    }


def steps(_store: Store) -> Content:
    """Yield the plug-in steps of the banking model; what they do is told by the table's rules."""
    for table, message in _STEPS:
        yield (
            "sdkmessageprocessingstep",
            f"{table} {message}",
            {
                "name": f"{_BANKING_MODEL}.Plugins: {message} of {table}",
                "sdkmessageid": content_id("sdkmessage", message),
                "sdkmessagefilterid": content_id("sdkmessagefilter", f"{message} {table}"),
                "stage": _BEFORE,
                "mode": _AT_ONCE,
                "rank": 1,
                "customizationlevel": 1,
                "ismanaged": 1,
                "solutionid": content_id("solution", _BANKING_MODEL),
                "organizationid": ORGANIZATION,
            },
        )
