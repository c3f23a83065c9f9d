"""Users, the default team, security roles."""

from __future__ import annotations

from seedkit.emulator.content.ids import (
    BUSINESS_UNIT,
    CALLER,
    CALLER_ADDRESS,
    ORGANIZATION,
    Content,
    content_id,
)
from seedkit.emulator.storage.store import Store

USERS = (
    ("Robin", "Hale", CALLER_ADDRESS, "Environment administrator"),
    ("Dana", "Whitlock", "dana.whitlock@bank.example", "Relationship manager"),
    ("Jordan", "Pierce", "jordan.pierce@bank.example", "Branch adviser"),
    ("Noor", "Haddad", "noor.haddad@bank.example", "Service representative"),
    ("Casey", "Lind", "casey.lind@bank.example", "Assistant to the management"),
)
DEFAULT_TEAM = "Local bank"  # each business unit has one, of its own name


def queue_name(owner: str) -> str:
    """Return the name of the queue of a user or team [expected]."""
    return f"<{owner}>"


def people(_store: Store) -> Content:
    """Yield the users and the default team; the first user is the caller."""
    for first, last, mail, title in USERS:
        name = f"{first} {last}"
        yield (
            "systemuser",
            mail,
            {
                "firstname": first,
                "lastname": last,
                "fullname": name,
                "domainname": mail,
                "internalemailaddress": mail,
                "title": title,
                "businessunitid": BUSINESS_UNIT,
                "organizationid": ORGANIZATION,
                "queueid": content_id("queue", queue_name(name)),
                "accessmode": 0,
                "islicensed": 1,
                "userlicensetype": 0,
                "azureactivedirectoryobjectid": content_id("directory", mail),
            },
        )
    yield (
        "team",
        "default",
        {
            "name": DEFAULT_TEAM,
            "queueid": content_id("queue", queue_name(DEFAULT_TEAM)),
            "businessunitid": BUSINESS_UNIT,
            "administratorid": CALLER,
            "isdefault": 1,
            "organizationid": ORGANIZATION,
        },
    )
