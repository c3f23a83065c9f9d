"""The forms of addresses that the Web API has, with a request for each method we answer."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.house.probing import BINARY, CONTACT, PIXEL, Ask

_IMAGE = b64encode(PIXEL).decode()
_ROW, _KEY = "contacts(<contact>)", "contacts(msfsi_integrationkey='<key>')"
_TABLE = "EntityDefinitions(LogicalName='contact')"
_COLUMN = f"{_TABLE}/Attributes(LogicalName='lastname')"
_CRM = "Microsoft.Dynamics.CRM."
_REFERENCE = {"@odata.id": "accounts(<account>)"}
_TARGETS = {"Targets": [{"@odata.type": CONTACT, "contactid": "<contact>", "lastname": "Roe"}]}
_NEW = {"Targets": [{"@odata.type": CONTACT, "lastname": "Roe"}]}
_BATCH = "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
_BATCH += "GET /api/data/v9.2/WhoAmI HTTP/1.1\r\n\r\n\r\n--b--\r\n"


@dataclass(frozen=True)
class Form:
    """One form of address. `answered` maps the methods that are answered to a body.

    `example` is an address of the form; a body of bytes is sent as a file.
    """

    shown: str
    example: str
    answered: Mapping[str, Any]
    sure: str
    note: str = ""
    headers: Mapping[str, str] | None = None

    def ask(self, method: str) -> Ask:
        """Return the request of one method."""
        body = self.answered.get(method, None if method == "GET" else {})
        headers = {**(self.headers or {}), **(BINARY if isinstance(body, bytes) else {})}
        return Ask(method, self.example, body, headers)


def _read(shown: str, example: str, sure: str = "documented", note: str = "") -> Form:
    return Form(shown, example, {"GET": None}, sure, note)


ROWS = (
    _read("(root)", "", note="the service document"),
    _read("`$metadata`", "$metadata", note="the CSDL document"),
    Form(
        "`$batch`",
        "$batch",
        {"POST": _BATCH},
        "documented",
        "up to 1,000 operations; change sets; references as `$1`",
        {"Content-Type": "multipart/mixed; boundary=b"},
    ),
    Form("`set`", "contacts", {"GET": None, "POST": {"lastname": "Roe"}}, "documented"),
    _read("`set/$count`", "contacts/$count", note="at most 5,000 [expected]"),
    Form(
        "`set(id)`",
        _ROW,
        {"GET": None, "PATCH": {"lastname": "Roe"}, "DELETE": None},
        "documented",
        "PATCH of a row that isn't there creates it",
    ),
    Form(
        "`set(key='v')`",
        _KEY,
        {"GET": None, "PATCH": {"lastname": "Roe"}, "DELETE": None},
        "documented",
        "alternate keys, also of several columns; DELETE by one is expected",
    ),
    Form(
        "`set(id)/column`",
        f"{_ROW}/lastname",
        {"GET": None, "PUT": {"value": "Roe"}, "DELETE": None},
        "documented",
    ),
    _read("`set(id)/column/$value`", f"{_ROW}/lastname/$value"),
    Form(
        "`set(id)/file` (file or image)",
        f"{_ROW}/entityimage",
        {"GET": None, "PATCH": PIXEL, "PUT": {"value": _IMAGE}, "DELETE": None},
        "documented",
        "PATCH in one go or in parts; GET and PUT as Base64 for images only",
    ),
    _read("`set(id)/file/$value`", f"{_ROW}/entityimage/$value"),
    _read("`set(id)/lookup`", f"{_ROW}/parentcustomerid_account"),
    Form(
        "`set(id)/lookup/$ref`",
        f"{_ROW}/parentcustomerid_account/$ref",
        {"GET": None, "PUT": _REFERENCE, "DELETE": None},
        "documented",
    ),
    _read("`set(id)/collection`", f"{_ROW}/Contact_Annotation", note="also many-to-many"),
    Form(
        "`set(id)/collection/$ref`",
        f"{_ROW}/Contact_Annotation/$ref",
        {"GET": None, "POST": {"@odata.id": "annotations(<note>)"}},
        "documented",
        "DELETE names the other row in `?$id=`",
    ),
    Form(
        "`set(id)/collection/$ref?$id=...`",
        f"{_ROW}/Contact_Annotation/$ref?$id=annotations(<note>)",
        {"DELETE": None},
        "documented",
    ),
    Form(
        "`set(id)/collection(id)/$ref`",
        f"{_ROW}/Contact_Annotation(<note>)/$ref",
        {"DELETE": None},
        "documented",
    ),
    Form(
        "`set/...CreateMultiple`",
        f"contacts/{_CRM}CreateMultiple",
        {"POST": _NEW},
        "documented",
        "all or nothing",
    ),
    Form(
        "`set/...UpdateMultiple`",
        f"contacts/{_CRM}UpdateMultiple",
        {"POST": _TARGETS},
        "documented",
        "all or nothing",
    ),
    Form(
        "`set/...UpsertMultiple`",
        f"contacts/{_CRM}UpsertMultiple",
        {"POST": _TARGETS},
        "documented",
        "all or nothing",
    ),
    _read("`Function`, `Function(...)`", "RetrieveVersion()", note="listed below"),
    Form("`Action`", "PublishAllXml", {"POST": {}}, "documented", "listed below"),
    _read(
        "`set(id)/...Function(...)`",
        f"systemusers(<user>)/{_CRM}RetrieveUserPrivileges",
        note="listed below",
    ),
    Form(
        "`set(id)/...Action`",
        f"teams(<team>)/{_CRM}AddMembersTeam",
        {"POST": {"Members": [{"systemuserid": "<user>"}]}},
        "documented",
        "listed below",
    ),
)

DEFINITIONS = (
    _read("`EntityDefinitions`", "EntityDefinitions?$select=LogicalName"),
    _read("`EntityDefinitions/$count`", "EntityDefinitions/$count", "expected"),
    _read("`EntityDefinitions(LogicalName='t')`, `EntityDefinitions(id)`", _TABLE),
    _read("`EntityDefinitions(...)/member`", f"{_TABLE}/EntitySetName"),
    _read("`EntityDefinitions(...)/Attributes`", f"{_TABLE}/Attributes"),
    _read("`.../Attributes/cast`", f"{_TABLE}/Attributes/{_CRM}PicklistAttributeMetadata"),
    _read("`.../Attributes(LogicalName='c')`, `.../Attributes(id)`", _COLUMN),
    _read("`.../Attributes(...)/cast`", f"{_COLUMN}/{_CRM}StringAttributeMetadata"),
    _read(
        "`.../Attributes(...)/cast/OptionSet`",
        f"{_TABLE}/Attributes(LogicalName='gendercode')/{_CRM}PicklistAttributeMetadata/OptionSet",
    ),
    _read("`EntityDefinitions(...)/Keys`", f"{_TABLE}/Keys"),
    _read("`.../ManyToOneRelationships`", f"{_TABLE}/ManyToOneRelationships"),
    _read("`.../OneToManyRelationships`", f"{_TABLE}/OneToManyRelationships"),
    _read("`.../ManyToManyRelationships`", f"{_TABLE}/ManyToManyRelationships"),
    _read("`RelationshipDefinitions`", "RelationshipDefinitions"),
    _read(
        "`RelationshipDefinitions/cast`",
        f"RelationshipDefinitions/{_CRM}OneToManyRelationshipMetadata",
    ),
    _read(
        "`RelationshipDefinitions(SchemaName='r')`",
        "RelationshipDefinitions(SchemaName='Contact_Annotation')",
    ),
    _read("`GlobalOptionSetDefinitions`", "GlobalOptionSetDefinitions"),
)
