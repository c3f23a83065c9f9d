"""Tables and actions with what requests for them need to come through."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from .fuzz_words import IDS


# What belongs together: a set, its own columns, its navigation properties, a body it takes.
@dataclass(frozen=True)
class Room:
    """One table with what requests for it need to come through."""

    entity_set: str
    table: str
    row_key: str
    columns: Sequence[str]
    navigations: Sequence[str]
    make: Callable[[Random], dict[str, Any]]


def _contact(random: Random) -> dict[str, Any]:
    return {"lastname": "a" * random.randrange(1, 60), "annualincome": random.choice([1, 2.345,
     None]),
            "birthdate": "1980-02-29", "parentcustomerid_account@odata.bind":
            random.choice([None, f"/accounts({random.choice(IDS)})"])}  # fmt: skip


def _task(random: Random) -> dict[str, Any]:
    bind = f"regardingobjectid_{random.choice(['contact', 'account', 'incident'])}_task@odata.bind"
    address = f"/{bind.split('_')[1]}s({random.choice(IDS)})"
    return {"subject": "t", "scheduledend": "2026-07-02T10:00:00+02:00", bind: address}


def _email(random: Random) -> dict[str, Any]:
    party = f"partyid_{random.choice(['contact', 'account'])}@odata.bind"
    return {"subject": "e", "email_activity_parties": [
        {party: f"/{party.split('_')[1].split('@')[0]}s({random.choice(IDS)})",
         "participationtypemask": random.randrange(1, 4)}]}  # fmt: skip


def _member(random: Random) -> dict[str, Any]:
    return {
        "msfsi_group@odata.bind": f"/msfsi_groups({random.choice(IDS)})",
        "msfsi_member_Contact_contact@odata.bind": f"/contacts({random.choice(IDS)})",
    }


ROOMS = [
    Room("contacts", "contact", "contactid",
         ["fullname", "lastname", "annualincome", "birthdate", "createdon", "_ownerid_value",
          "_parentcustomerid_value", "gendercode", "statecode", "msfsi_integrationkey"],
         ["parentcustomerid_account", "Contact_Tasks", "contact_customer_contacts", "ownerid",
          "Contact_Annotation", "owningbusinessunit"], _contact),
    Room("accounts", "account", "accountid",
         ["name", "revenue", "createdon", "_primarycontactid_value", "numberofemployees"],
         ["primarycontactid", "contact_customer_accounts", "parentaccountid", "Account_Tasks"],
         lambda random: {"name": "n", "revenue": random.randrange(9), "numberofemployees": 3}),
    Room("tasks", "task", "activityid",
         ["subject", "scheduledend", "_regardingobjectid_value", "prioritycode", "percentcomplete"],
         ["regardingobjectid_contact_task", "task_activity_parties", "activityid_task"], _task),
    Room("emails", "email", "activityid", ["subject", "description", "directioncode",
         "torecipients"],
         ["email_activity_parties", "regardingobjectid_contact_email"], _email),
    Room("incidents", "incident", "incidentid", ["title", "ticketnumber", "_customerid_value"],
         ["customerid_contact", "Incident_Tasks"], lambda random: {
             "title": "t", "customerid_contact@odata.bind": f"/contacts({random.choice(IDS)})"}),
    Room("annotations", "annotation", "annotationid", ["subject", "filename", "filesize"],
         ["objectid_contact"], lambda random: {
             "subject": "n", "objectid_contact@odata.bind": f"/contacts({random.choice(IDS)})"}),
    Room("msfsi_banks", "msfsi_bank", "msfsi_bankid", ["msfsi_name", "msfsi_integrationkey"],
         ["ownerid"], lambda random: {"msfsi_name": "b", "msfsi_integrationkey":
                                      random.choice(["A", "B", "C", None])}),
    Room("msfsi_groups", "msfsi_group", "msfsi_groupid", ["msfsi_name", "msfsi_type"],
         ["msfsi_msfsi_group_msfsi_groupmember_group"], lambda random: {"msfsi_name": "g"}),
    Room("msfsi_groupmembers", "msfsi_groupmember", "msfsi_groupmemberid", ["msfsi_role"],
         ["msfsi_group", "msfsi_member_Contact_contact"], _member),
    Room("teams", "team", "teamid", ["name", "teamtype"], ["teammembership_association"],
         lambda random: {"name": "t" * random.randrange(1, 5), "teamtype": 0}),
]  # fmt: skip
ACTIONS: list[Callable[[Random], tuple[str, Any]]] = [
    lambda random: (
        "CloseIncident",
        {
            "IncidentResolution": {
                "@odata.type": "Microsoft.Dynamics.CRM.incidentresolution",
                "subject": "s",
                "incidentid@odata.bind": f"/incidents({random.choice(IDS)})",
            },
            "Status": 5,
        },
    ),
    lambda random: (
        "Merge",
        {
            "Target": {
                "@odata.type": "Microsoft.Dynamics.CRM.contact",
                "contactid": random.choice(IDS),
            },
            "Subordinate": {
                "@odata.type": "Microsoft.Dynamics.CRM.contact",
                "contactid": random.choice(IDS),
            },
            "PerformParentingChecks": False,
        },
    ),
    lambda random: (
        "BulkDelete",
        {
            "QuerySet": [
                {
                    "EntityName": "contact",
                    "Criteria": {
                        "FilterOperator": "And",
                        "Conditions": [
                            {
                                "AttributeName": "lastname",
                                "Operator": "Equal",
                                "Values": [
                                    {
                                        "Value": "a" * random.randrange(1, 60),
                                        "Type": "System.String",
                                    }
                                ],
                            }
                        ],
                    },
                }
            ],
            "JobName": "j",
            "SendEmailNotification": False,
            "ToRecipients": [],
            "CCRecipients": [],
            "RecurrencePattern": "",
            "StartDateTime": "2026-07-01T09:00:00Z",
        },
    ),
    lambda random: (
        "GrantAccess",
        {
            "Target": {
                "@odata.type": "Microsoft.Dynamics.CRM.contact",
                "contactid": random.choice(IDS),
            },
            "PrincipalAccess": {
                "AccessMask": "ReadAccess",
                "Principal": {
                    "@odata.type": "Microsoft.Dynamics.CRM.team",
                    "teamid": random.choice(IDS),
                },
            },
        },
    ),
    lambda random: (
        "InitializeAnnotationBlocksUpload",
        {
            "Target": {
                "@odata.type": "Microsoft.Dynamics.CRM.annotation",
                "annotationid": random.choice(IDS),
            },
            "FileName": "a.txt",
            "FileSize": 3,
        },
    ),
    lambda random: (
        "msfsi_FHfetch",
        {"data": json.dumps({"contactid": random.choice(IDS), "hideShowEntities": {}})},
    ),
]
