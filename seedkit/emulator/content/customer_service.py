"""What customer service starts with: queues, the root of the subject tree, languages.

Connection roles come with the platform too, but no source lists them: there are none.
"""

from __future__ import annotations

from seedkit.emulator.content.ids import ORGANIZATION, Content
from seedkit.emulator.content.people import DEFAULT_TEAM, USERS, queue_name
from seedkit.emulator.storage.store import Store

_PRIVATE = 1
# Locale ids and codes are those of the operating system; how the platform words a name is expected.
_LOCALES = (
    (1033, "en-US", "English", "United States"),
    (2057, "en-GB", "English", "United Kingdom"),
    (1031, "de-DE", "German", "Germany"),
    (1036, "fr-FR", "French", "France"),
    (1040, "it-IT", "Italian", "Italy"),
    (3082, "es-ES", "Spanish", "Spain"),
    (1043, "nl-NL", "Dutch", "Netherlands"),
    (1046, "pt-BR", "Portuguese", "Brazil"),
    (1041, "ja-JP", "Japanese", "Japan"),
)


def queues(_store: Store) -> Content:
    """Yield the queue that each user and each team gets on its creation [documented]."""
    for name in (*(f"{first} {last}" for first, last, _mail, _title in USERS), DEFAULT_TEAM):
        queue = queue_name(name)
        values = {"name": queue, "queueviewtype": _PRIVATE, "organizationid": ORGANIZATION}
        yield "queue", queue, values


def subjects(_store: Store) -> Content:
    """Yield the subject that a new environment has [expected]."""
    yield "subject", "default", {"title": "Default Subject", "organizationid": ORGANIZATION}


def locales(_store: Store) -> Content:
    """Yield the languages of knowledge articles; the platform has more [expected]."""
    for number, code, language, region in _LOCALES:
        yield (
            "languagelocale",
            code,
            {
                "localeid": number,
                "code": code,
                "language": language,
                "region": region,
                "name": f"{language} - {region}",
                "organizationid": ORGANIZATION,
            },
        )
