"""Random query options, addresses and bodies: nearly right, and broken here and there."""

from __future__ import annotations

import json
from random import Random
from typing import Any
from urllib.parse import quote

from .fuzz_words import (
    BOUND,
    COLUMNS,
    FUNCTIONS,
    IDS,
    METADATA,
    NAVIGATIONS,
    ODD,
    OPERATIONS,
    OPERATORS,
    OPTIONS,
    PARAMETERS,
    SETS,
)


def literal(random: Random) -> str:
    if random.random() < 0.5:
        return random.choice(ODD)
    return random.choice(["'a'", "null", "1", "1.5", "true", "2026-07-01", "2026-07-01T09:00:00Z",
                          IDS[1], "'%a_b%'", "'o''brien'"])  # fmt: skip


def condition(random: Random, depth: int = 0) -> str:
    kind = random.randrange(8 if depth < 4 else 3)
    if kind <= 2:
        return f"{random.choice(COLUMNS)} {random.choice(OPERATORS)} {literal(random)}"
    if kind == 3:
        return f"({condition(random, depth + 1)})"
    if kind == 4:
        word = random.choice(["and", "or"])
        return f"{condition(random, depth + 1)} {word} {condition(random, depth + 1)}"
    if kind == 5:
        return f"not {condition(random, depth + 1)}"
    if kind == 6:
        word, name = random.choice(["any", "all"]), random.choice(NAVIGATIONS)
        return f"{name}/{word}(o:o/{condition(random, depth + 1)})"
    parameters = random.choice([
        f"{random.choice(COLUMNS)},{literal(random)}",
        f"PropertyName='{random.choice(COLUMNS)}',PropertyValue={literal(random)}",
        f"PropertyName='{random.choice(COLUMNS)}',PropertyValues=[{literal(random)}]",
        f"PropertyName='{random.choice(COLUMNS)}',PropertyValues=['1','2']",
        f"PropertyName='{random.choice(COLUMNS)}'", "",

               f"PropertyName='{random.choice(COLUMNS)}',PropertyValue1=1,PropertyValue2={literal(random)}",
    ])  # fmt: skip
    tail = random.choice(["", "", " eq true", f" eq {literal(random)}"])
    return f"{random.choice(FUNCTIONS)}({parameters}){tail}"


def expansion(random: Random, depth: int = 0) -> str:
    inner = []
    for option in ("$select", "$filter", "$orderby", "$top", "$expand", "$count", "$skip"):
        if random.random() < 0.25:
            value = option_value(random, option, depth + 1) if depth < 4 else "1"
            inner.append(f"{option}={value}")
    name = random.choice(NAVIGATIONS) + random.choice(["", "", "", "/$ref", "/$count"])
    return f"{name}({';'.join(inner)})" if inner else name


def application(random: Random) -> str:
    column = random.choice(COLUMNS)
    return random.choice([
        f"aggregate({column} with {random.choice(['sum', 'max', 'average', 'countdistinct', 'x'])} "
        f"as {random.choice(['a', 'b', column, '1', ''])})",
        "aggregate($count as n)", f"groupby(({column}))",
        f"groupby(({column},{random.choice(COLUMNS)}),aggregate({column} with sum as s))",
        f"filter({condition(random)})/groupby(({column}),aggregate($count as n))",
        f"groupby((parentcustomerid_account/name),aggregate({column} with max as m))",
        "compute(1 as x)", "topcount(1,name)", "groupby((", "aggregate()", "identity",
    ])  # fmt: skip


def sql(random: Random) -> str:
    table = random.choice(["contact", "account", "nothing", "task", "contact c"])
    column = random.choice(COLUMNS)
    return random.choice([
        f"SELECT {column} FROM {table}", f"SELECT TOP {literal(random)} {column} FROM {table}",
        f"SELECT {column} FROM {table} WHERE {column} LIKE {literal(random)} ORDER BY {column}",
        f"SELECT COUNT(*) AS n, {column} FROM {table} GROUP BY {column}",
        f"SELECT c.{column} FROM contact c JOIN account a ON c.parentcustomerid = a.accountid",
        f"SELECT {column} FROM {table} WHERE {'(' * 40}1=1{')' * 40}",
        f"SELECT {column} FROM {table} WHERE {column} IN ({','.join(['1'] * 500)})",
        f"DELETE FROM {table}", f"SELECT * FROM {table}; DROP TABLE contact", "SELECT",
        literal(random),
        f"SELECT {column} FROM {table} WHERE {column} BETWEEN {literal(random)} AND 1",
        f"SELECT MAX({column}) FROM {table} HAVING COUNT(*) > {literal(random)}",
    ])  # fmt: skip


def fetch(random: Random) -> str:
    column, other, value = random.choice(COLUMNS), random.choice(COLUMNS), literal(random)
    value = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    operator = random.choice(
        [
            "eq",
            "like",
            "in",
            "last-x-days",
            "between",
            "null",
            "eq-userid",
            "under",
            "contain-values",
            "on",
            "olderthan-x-years",
            "nothing",
        ]
    )
    start = random.choice(["", " aggregate='true'", " distinct='true'", " top='1'", " count='2'",
                           " page='2' count='1'", " returntotalrecordcount='true'", " page='-1'",
                           " count='99999999999999'", " datasource='bin'", " top='x'",
                           " paging-cookie='%3ccookie'"])  # fmt: skip
    inside = random.choice([
        f'<attribute name="{column}"/>', "<all-attributes/>", f'<order attribute="{column}"/>',
        f'<attribute name="{column}" alias="a" aggregate="count"/>',
        f'<attribute name="{column}" alias="a" groupby="true" dategrouping="month"/>',
        f'<link-entity name="account" from="accountid" to="parentcustomerid" alias="{other}">'
        f'<attribute name="name"/></link-entity>', "", "<filter/>", "text",
    ])  # fmt: skip
    return (
        f"<fetch{start}><entity name='{random.choice(['contact', 'account', 'nothing', 'task'])}'>"
        f'{inside}<filter type="{random.choice(["and", "or", "x"])}"><condition '
        f'attribute="{column}" operator="{operator}" value="{value}"/></filter></entity></fetch>'
    )


def option_value(random: Random, option: str, depth: int = 0) -> str:
    if random.random() < 0.05:
        return random.choice(ODD)
    if option == "$select":
        return ",".join(random.choice(COLUMNS) for _ in range(random.randrange(1, 4)))
    if option == "$filter":
        return condition(random)
    if option == "$expand":
        return ",".join(expansion(random, depth) for _ in range(random.randrange(1, 3)))
    if option == "$orderby":
        return random.choice(COLUMNS) + random.choice(["", " asc", " desc", " x", ",fullname"])
    if option == "$apply":
        return application(random)
    if option == "fetchXml":
        return mutated(random, fetch(random))
    if option == "sql":
        return mutated(random, sql(random))
    if option in ("@p", "@q", "@r", "@t"):
        return random.choice(['["contact"]', "'contact'", "{}", IDS[1], "1", '{"a":1}',
                              f'{{"@odata.id":"contacts({IDS[1]})"}}', "[" * 50, "[[]]",
                              "Microsoft.Dynamics.CRM.EndpointAccessType'Default'",
                              '{"Criteria":{"Conditions":[{"PropertyName":"LogicalName",'
                              '"ConditionOperator":"Equals","Value":{"Value":"contact"}}]}}',
                              '{"Criteria":[]}', '{"Properties":1}', "null"])  # fmt: skip
    return random.choice(["true", "false", "0", "1", "5000", "1000000000", "-1", "x", *ODD])


def mutated(random: Random, text: str) -> str:
    """Return a text as it is, or with a piece left out, doubled or replaced."""
    if random.random() < 0.7 or not text:
        return text
    start = random.randrange(len(text))
    end = min(len(text), start + random.randrange(1, 12))
    middle = random.choice(["", text[start:end] * 2, random.choice(ODD), text[start:end] * 40])
    return text[:start] + middle + text[end:]


def key(random: Random) -> str:
    return random.choice([
        *IDS, IDS[1].upper(), "", "x", "'x'", "msfsi_integrationkey='A'", "name='A',b=1",
        IDS[1][:-1],
        "msfsi_integrationkey=''", "_msfsi_group_value=" + IDS[1], "contactid=" + IDS[1],
        "LogicalName='contact'", "statecode=0", "msfsi_integrationkey=null", "a=" + "9" * 50,
        "msfsi_integrationkey='o''b'", random.choice(ODD),
        f"_msfsi_group_value={IDS[1]},_msfsi_member_value={IDS[2]}",
    ])  # fmt: skip


def path(random: Random) -> str:
    kind = random.randrange(20)
    if kind < 3:
        found = random.choice(METADATA).replace("{id}", random.choice(IDS))
    elif kind < 5:
        found = random.choice(OPERATIONS)
    else:
        found = random.choice(SETS)
        if random.random() < 0.6:
            found += f"({key(random)})"
        while random.random() < 0.35:
            found += "/" + random.choice([
                random.choice(NAVIGATIONS), random.choice(COLUMNS), "$ref", "$count", "$value",
                f"{random.choice(NAVIGATIONS)}({key(random)})", "$links", "",
                "Microsoft.Dynamics.CRM." + random.choice(BOUND), "Microsoft.Dynamics.CRM.contact",
            ])  # fmt: skip
    return mutated(random, found)


def target(random: Random, root: str = "/api/data/v9.2/") -> str:
    """Return path and query, escaped as clients escape them."""
    chosen = random.sample(OPTIONS, random.choice([0, 0, 0, 1, 1, 2, 3]))
    query = "&".join(
        f"{quote(name, safe='$@')}={quote(option_value(random, name), safe='')}" for name in chosen
    )
    address = root + quote(path(random), safe="/()$',=@%") + (f"?{query}" if query else "")
    return "".join(letter for letter in address if letter.isascii())


def value(random: Random, depth: int = 0) -> Any:
    kind = random.randrange(14)
    if kind == 0 and depth < 3:
        return body(random, depth + 1)
    if kind == 1 and depth < 3:
        return [value(random, depth + 1) for _ in range(random.randrange(3))]
    return random.choice([
        None, True, False, 0, 1, 2, -1, 2**31, 2**63, 2**70, 1.5, 1e308, 0.005, "a", "", "1,2",
        "x" * 5000,
        "2026-07-01", "2026-07-01T09:00:00Z", "2026-07-01T09:00:00+14:00", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-12:00", "aGVsbG8=", "\u0000", "\U0001f600" * 30, IDS[1], [], {},
        IDS[2],
        *ODD[:20],
    ])  # fmt: skip


def body(random: Random, depth: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(random.randrange(6)):
        kind = random.randrange(10)
        if kind < 5:
            found[random.choice(COLUMNS)] = value(random, depth)
        elif kind < 7:
            address = f"/{random.choice(SETS)}({key(random)})"
            found[random.choice(NAVIGATIONS) + "@odata.bind"] = random.choice(
                [address, None, [address], "$1", 1, f"https://bank.example/api/data/v9.2{address}"]
            )
        elif kind == 7:
            found[random.choice(NAVIGATIONS)] = value(random, depth)
        else:
            found[random.choice(PARAMETERS)] = value(random, depth)
    return found


def likely(random: Random) -> dict[str, Any]:
    """Return a body that is right more often than not."""
    number = random.randrange(1, 6)
    kind = "Microsoft.Dynamics.CRM."
    return random.choice([
        {"contactid": IDS[number], "lastname": "a", "annualincome": 10},
        {"accountid": IDS[number], "name": "a"},
        {"subject": "a", "regardingobjectid_contact_task@odata.bind": f"/contacts({IDS[1]})"},
        {"lastname": "a", "parentcustomerid_account@odata.bind": f"/accounts({IDS[number]})"},
        {"name": "a", "primarycontactid": {"lastname": "x"}},
        {"statecode": random.randrange(3), "statuscode": random.randrange(7)},
        {"title": "a", "customerid_contact@odata.bind": f"/contacts({IDS[number]})"},
        {"Targets": [{"@odata.type": kind + "contact", "lastname": "x", "contactid": IDS[number]}]},
        {"@odata.id": f"contacts({IDS[number]})"}, {"value": value(random)},
        {"ownerid@odata.bind": f"/teams({IDS[number]})"},
        {"Target": {"@odata.type": kind + "contact", "contactid": IDS[1]}, "Subordinate":
         {"@odata.type": kind + "contact", "contactid": IDS[2]}, "PerformParentingChecks": False},
        {"QuerySet": [{"EntityName": "contact", "Criteria": {"Conditions": [{"AttributeName":
         random.choice(COLUMNS), "Operator": random.choice(["Equal", "In", "Null", "x", 1]),
         "Values": [{"Value": value(random), "Type": "System.String"}]}]}}], "JobName": "j",
         "SendEmailNotification": False, "ToRecipients": [], "CCRecipients": [],
         "RecurrencePattern": "", "StartDateTime": "2026-07-01T09:00:00Z"},
        {"name": "a", "msfsi_integrationkey": random.choice(["A", "B", "", None])},
        {"msfsi_name": "a", "msfsi_integrationkey": random.choice(["A", "B"])},
        {"subject": "a", "email_activity_parties": [{"partyid_contact@odata.bind":
         f"/contacts({IDS[1]})", "participationtypemask": random.randrange(-1, 14)}]},
        {"SchemaName": "new_" + random.choice("abc"),
         "@odata.type": kind + "StringAttributeMetadata",
         "AttributeType": "String", "MaxLength": value(random),
         "DisplayName": {"LocalizedLabels": []}},
    ])  # fmt: skip


def json_body(random: Random) -> bytes:
    data: Any = likely(random) if random.random() < 0.6 else body(random)
    if random.random() < 0.3:
        data.update(body(random))
    text = json.dumps(data, ensure_ascii=random.random() < 0.5)
    raw = mutated(random, text).encode("utf-8", "surrogatepass")
    kind = random.randrange(40)
    if kind == 0:
        return random.randbytes(random.randrange(60))
    if kind == 1:
        return b"[" * 5000
    if kind == 2:
        return b'{"a":' * 900 + b"1" + b"}" * 900
    return raw
