"""The tables of customer service: filled only where a profile asks for what they hold."""

from __future__ import annotations

from seedkit.records.table import RecordTable

RESOLUTION_NUMBER = 46  # in the ids of rows that tell how cases were resolved
ACTIVITIES = ("phonecall", "email", "appointment", "task", "letter")


def _table(name: str, number: int, *features: str, parts: tuple[str, ...] = ()) -> RecordTable:
    return RecordTable(name, number, parts, keyed=False, features=features)


def _activity(name: str, number: int, feature: str, part: str) -> RecordTable:
    return RecordTable(name, number, (part,), keyed=False, features=(feature,), activity=True)


SERVICE_TABLES: tuple[RecordTable, ...] = (
    _table("subject", 25, "cases", parts=("subjects",)),
    _table("queue", 26, "cases", parts=("queues",)),
    _table("incident", 27, "cases", parts=("cases",)),
    _table("queueitem", 28, "cases", parts=("cases",)),
    _activity("phonecall", 29, "timelines", "activities"),
    _activity("email", 30, "timelines", "activities"),
    _activity("appointment", 31, "timelines", "activities"),
    _activity("task", 32, "timelines", "activities"),
    _activity("letter", 33, "timelines", "activities"),
    _table("knowledgearticle", 34, "knowledge", parts=("articles",)),
    _table("knowledgearticleincident", 35, "knowledge", "cases", parts=("article_links",)),
    _table("msdyn_productivityagentscript", 36, "scripts", parts=("scripts",)),
    _table("msdyn_productivityagentscriptstep", 37, "scripts", parts=("script_steps",)),
    _table("connectionrole", 38, "connections", parts=("roles",)),
    _table("connection", 39, "connections", parts=("connections",)),
    _activity("msdyn_ocliveworkitem", 40, "conversations", "conversations"),
    _activity("msdyn_ocsession", 41, "conversations", "sessions"),
    _table("msdyn_ocliveworkitemparticipant", 42, "conversations", parts=("conversations",)),
    _table("msdyn_sessionparticipant", 43, "conversations", parts=("sessions",)),
    _table("msdyn_ocliveworkitemsentiment", 44, "conversations", parts=("conversations",)),
    _table("msdyn_transcript", 45, "conversations", parts=("conversations",)),
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

_REGARDING = tuple(
    (activity, "regardingobjectid", target)
    for activity in ACTIVITIES
    for target in ("incident", "contact")
)
_TALK = "msdyn_ocliveworkitem"
SERVICE_LINKS: tuple[tuple[str, str, str], ...] = (
    ("subject", "parentsubject", "subject"),
    ("knowledgearticle", "subjectid", "subject"),
    ("knowledgearticle", "languagelocaleid", LANGUAGE_TABLE),
    (
        "msdyn_productivityagentscriptstep",
        "msdyn_agentscriptid",
        "msdyn_productivityagentscript",
    ),
    ("knowledgearticleincident", "knowledgearticleid", "knowledgearticle"),
    ("knowledgearticleincident", "incidentid", "incident"),
    ("connection", "record1id", "contact"),
    ("connection", "record2id", "contact"),
    ("connection", "record2roleid", "connectionrole"),
    ("incident", "customerid", "contact"),
    ("incident", "parentcaseid", "incident"),
    ("incident", "subjectid", "subject"),
    ("queueitem", "objectid", "incident"),
    ("queueitem", "queueid", "queue"),
    ("queueitem", "workerid", "systemuser"),
    *_REGARDING,
    ("annotation", "objectid", "incident"),
    ("annotation", "objectid", "contact"),
    (_TALK, "msdyn_customer", "contact"),
    (_TALK, "msdyn_issueid", "incident"),
    (_TALK, "msdyn_cdsqueueid", "queue"),
    (_TALK, "msdyn_activeagentid", "systemuser"),
    ("msdyn_ocsession", "msdyn_liveworkitemid", _TALK),
    ("msdyn_ocsession", "msdyn_cdsqueueid", "queue"),
    ("msdyn_sessionparticipant", "msdyn_omnichannelsession", "msdyn_ocsession"),
    ("msdyn_sessionparticipant", "msdyn_agentid", "systemuser"),
    ("msdyn_ocliveworkitemparticipant", "msdyn_agentid", "systemuser"),
    ("msdyn_ocliveworkitemsentiment", "msdyn_ocliveworkitemid", _TALK),
    ("msdyn_transcript", "msdyn_liveworkitemidid", _TALK),
)

# Who can take part in activities: (activity, table).
SERVICE_PARTIES: tuple[tuple[str, str], ...] = tuple(
    (activity, table) for activity in ACTIVITIES for table in ("contact", "queue", "systemuser")
)
