"""The tables of customer service: filled only where a profile asks for what they hold."""

from __future__ import annotations

from seedkit.records.table import RecordTable

ACTIVITIES = ("phonecall", "email", "appointment", "task", "letter")


def _table(name: str, number: int, *features: str, parts: tuple[str, ...] = ()) -> RecordTable:
    return RecordTable(name, number, parts, keyed=False, features=features)


def _activity(name: str, number: int, *features: str, parts: tuple[str, ...] = ()) -> RecordTable:
    return RecordTable(name, number, parts, keyed=False, features=features, activity=True)


SERVICE_TABLES: tuple[RecordTable, ...] = (
    _table("subject", 25, "cases", parts=("subjects",)),
    _table("queue", 26, "cases", parts=("queues",)),
    _table("incident", 27, "cases"),
    _table("queueitem", 28, "cases"),
    _activity("phonecall", 29, "timelines"),
    _activity("email", 30, "timelines"),
    _activity("appointment", 31, "timelines"),
    _activity("task", 32, "timelines"),
    _activity("letter", 33, "timelines"),
    _table("knowledgearticle", 34, "knowledge", parts=("articles",)),
    _table("knowledgearticleincident", 35, "knowledge", "cases"),
    _table("msdyn_productivityagentscript", 36, "scripts", parts=("scripts",)),
    _table("msdyn_productivityagentscriptstep", 37, "scripts", parts=("script_steps",)),
    _table("connectionrole", 38, "connections", parts=("roles",)),
    _table("connection", 39, "connections", parts=("connections",)),
    _activity("msdyn_ocliveworkitem", 40, "conversations"),
    _activity("msdyn_ocsession", 41, "conversations"),
    _table("msdyn_ocliveworkitemparticipant", 42, "conversations"),
    _table("msdyn_sessionparticipant", 43, "conversations"),
    _table("msdyn_ocliveworkitemsentiment", 44, "conversations"),
    _table("msdyn_transcript", 45, "conversations"),
)

LIBRARY_TABLES = (
    "subject",
    "queue",
    "knowledgearticle",
    "msdyn_productivityagentscript",
    "msdyn_productivityagentscriptstep",
    "connectionrole",
)
LANGUAGE_TABLE = "languagelocale"

SERVICE_LINKS: tuple[tuple[str, str, str], ...] = (
    ("subject", "parentsubject", "subject"),
    ("knowledgearticle", "subjectid", "subject"),
    ("knowledgearticle", "languagelocaleid", LANGUAGE_TABLE),
    (
        "msdyn_productivityagentscriptstep",
        "msdyn_agentscriptid",
        "msdyn_productivityagentscript",
    ),
    ("connection", "record1id", "contact"),
    ("connection", "record2id", "contact"),
    ("connection", "record2roleid", "connectionrole"),
)

# Who can take part in activities: (activity, table).
SERVICE_PARTIES: tuple[tuple[str, str], ...] = tuple(
    (activity, table) for activity in ACTIVITIES for table in ("contact", "queue", "systemuser")
)
