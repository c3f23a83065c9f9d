"""What agents and their managers see of the service profile, read through the Web API."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from seedkit.testing import LocalEnvironment

Rows = list[dict[str, Any]]
AS_OF = date(2026, 6, 30)
NOW = "2026-06-30T00:00:00Z"
HOUSEHOLDS = 120
KINDS = ("phonecalls", "emails", "appointments", "tasks", "letters")
RESERVED = ("@example.com", "@example.org", "@example.net")


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> LocalEnvironment:
    environment = LocalEnvironment(tmp_path_factory.mktemp("service"))
    environment.seed("service", households=HOUSEHOLDS, as_of=AS_OF)
    return environment


@pytest.fixture(scope="module")
def cases(centre: LocalEnvironment) -> Rows:
    return centre.read("incidents")


@pytest.fixture(scope="module")
def timeline(centre: LocalEnvironment) -> dict[str, Rows]:
    """Return activities and notes by the case or customer that they are about."""
    found: dict[str, Rows] = defaultdict(list)
    for kind in KINDS:
        for row in centre.read(kind):
            found[row["_regardingobjectid_value"]].append({**row, "kind": kind})
    for row in centre.read("annotations"):
        found[row["_objectid_value"]].append({**row, "kind": "annotations"})
    return found


def test_every_third_adult_has_a_case_in_this_month(centre: LocalEnvironment, cases: Rows) -> None:
    adults = centre.read("contacts", filter="birthdate le 2008-06-30")
    with_cases = {row["_customerid_value"] for row in cases}
    share = len(with_cases & {row["contactid"] for row in adults}) / len(adults)
    assert 0.25 < share < 0.5


def test_all_cases_are_filed_and_some_are_open_resolved_and_cancelled(cases: Rows) -> None:
    assert all(row["_subjectid_value"] for row in cases)
    states = Counter(row["statecode"] for row in cases)
    assert states[1] > states[0] > 0
    assert {row["statuscode"] for row in cases if row["statecode"] == 1} == {5, 1000}
    assert {row["statuscode"] for row in cases if row["statecode"] == 0} <= {1, 2, 3, 4}


def test_a_resolved_case_tells_how(centre: LocalEnvironment, cases: Rows) -> None:
    told = {row["_incidentid_value"]: row for row in centre.read("incidentresolutions")}
    resolved = [row for row in cases if row["statecode"] == 1]
    assert {row["incidentid"] for row in resolved} == set(told)
    assert all(row["subject"] and row["timespent"] > 0 for row in told.values())


def test_most_customers_with_cases_have_a_timeline(cases: Rows, timeline: dict[str, Rows]) -> None:
    with_one = [row for row in cases if timeline[row["incidentid"]]]
    assert len(with_one) > 0.9 * len(cases)
    kinds = Counter(row["kind"] for rows in timeline.values() for row in rows)
    assert set(kinds) == {*KINDS, "annotations"}


def test_what_is_done_about_a_case_is_completed_when_it_is(
    cases: Rows, timeline: dict[str, Rows]
) -> None:
    for case in cases:
        done = [row for row in timeline[case["incidentid"]] if row["kind"] != "annotations"]
        assert all(row["statecode"] == 1 for row in done if case["statecode"] == 1)
        begins = sorted(row["scheduledstart"] for row in done)
        assert all(one <= two for one, two in pairwise(begins))


def test_calls_have_parties_direction_and_duration(centre: LocalEnvironment) -> None:
    customers = {row["contactid"] for row in centre.read("contacts")}
    calls = centre.read("phonecalls", expand="phonecall_activity_parties")
    made = [row for row in calls if row["statecode"] == 1]
    for row in made:
        parties = {one["participationtypemask"]: one for one in row["phonecall_activity_parties"]}
        ours, theirs = (1, 2) if row["directioncode"] else (2, 1)
        assert parties[theirs]["_partyid_value"] in customers
        assert parties[ours]["_partyid_value"] not in customers
        assert row["statuscode"] == (2 if row["directioncode"] else 4)
        assert row["actualdurationminutes"] >= 1
    assert {row["directioncode"] for row in made} == {True, False}


def test_no_mail_could_be_sent(centre: LocalEnvironment) -> None:
    """6 and 7 stand for mail that a server would take; addresses are reserved ones."""
    mails = centre.read("emails")
    assert mails
    assert {row["statuscode"] for row in mails} == {3, 4}
    assert all(row["statuscode"] == (3 if row["directioncode"] else 4) for row in mails)
    addresses = {row["emailaddress1"] for row in centre.read("contacts")}
    assert all(address.endswith(RESERVED) for address in addresses)


def test_open_work_lies_in_queues(centre: LocalEnvironment, cases: Rows) -> None:
    items = centre.read("queueitems", filter="statecode eq 0")
    waiting = {row["incidentid"] for row in cases if row["statecode"] == 0}
    assert {row["_objectid_value"] for row in items} == waiting
    names = {row["queueid"]: row["name"] for row in centre.read("queues")}
    assert len({names[row["_queueid_value"]] for row in items}) > 2
    assert any(row["_workerid_value"] for row in items)


def test_the_dashboards_have_cases_of_every_priority_and_age(cases: Rows) -> None:
    assert {row["prioritycode"] for row in cases} == {1, 2, 3}
    assert {row["caseorigincode"] for row in cases} == {1, 2, 3}
    days = Counter(row["createdon"][:10] for row in cases)
    assert len(days) > 20
    assert max(days) < NOW
    late = [row for row in cases if row["statecode"] == 0 and row["resolveby"] < NOW]
    assert late
    assert any(row["isescalated"] for row in cases)
    assert any(row["_parentcaseid_value"] for row in cases)


def test_conversations_have_sessions_sentiment_and_transcripts(centre: LocalEnvironment) -> None:
    talks = centre.read("msdyn_ocliveworkitems")
    assert talks
    sessions = Counter(
        row["_msdyn_liveworkitemid_value"] for row in centre.read("msdyn_ocsessions")
    )
    feelings = centre.read("msdyn_ocliveworkitemsentiments")
    transcripts = centre.read("msdyn_transcripts")
    for row in talks:
        assert row["_msdyn_customer_value"]
        assert row["_msdyn_issueid_value"]
        assert row["msdyn_customersentimentlabel"] in range(7, 14)
        assert (row["statuscode"] == 4) == (row["msdyn_closedon"] is not None)
        assert sessions[row["activityid"]] in {1, 2}
    ids = {row["activityid"] for row in talks}
    assert {row["_msdyn_ocliveworkitemid_value"] for row in feelings} == ids
    assert {row["_msdyn_liveworkitemidid_value"] for row in transcripts} == ids


def test_a_purge_leaves_nothing_of_it(tmp_path: Any) -> None:
    centre = LocalEnvironment(tmp_path)
    run = centre.seed("service", households=10, as_of=AS_OF)
    assert centre.read("incidents")
    centre.purge(run)
    for rows in (*KINDS, "incidents", "incidentresolutions", "queueitems", "annotations"):
        assert centre.read(rows) == []
