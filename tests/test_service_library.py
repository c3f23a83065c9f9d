"""Articles, scripts, subjects, queues and connections as a client reads them, and gone after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

import seedkit
from seedkit.emulator import dump
from seedkit.errors import StrangersError
from seedkit.seeding import Bank
from seedkit.testing import local_environment

AS_OF = date(2026, 6, 30)
WANTED = {"cases": 1.5, "knowledge": "on", "scripts": "on", "connections": "on"}
OVERRIDES = {f"engagement.{key}": value for key, value in WANTED.items()}
PUBLISHED = "statecode eq 3 and isrootarticle eq false and islatestversion eq true"
Rows = list[dict[str, Any]]


def add_strangers(home: Path) -> dict[str, list[dict[str, object]]]:
    """Put an article, a case and a connection of somebody's there; return all that is there."""
    with local_environment(home / "local.sqlite3") as there:
        people = [_create(there.client, "contacts", lastname=name) for name in ("One", "Two")]
        _create(there.client, "knowledgearticles", title="Ours already", content="<p>card</p>")
        bound = {f"record{end}id_contact@odata.bind": f"/contacts({people[end - 1]})"
                 for end in (1, 2)}  # fmt: skip
        _create(there.client, "connections", **bound)
    return dump(home / "local.sqlite3")


def _create(client: httpx.Client, entity_set: str, **values: object) -> str:
    answer = client.post(entity_set, json=values)
    assert answer.status_code == 204, answer.text
    return str(answer.headers["OData-EntityId"].rpartition("(")[2].rstrip(")"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("library")


@pytest.fixture(scope="module")
def bank(home: Path) -> Iterator[Bank[httpx.Client]]:
    before = add_strangers(home)
    kept = {"households": 4, "as_of": AS_OF, "overrides": OVERRIDES, "home": home}
    with seedkit.seeded("retail", run_id="library-1", **kept) as bank:  # type: ignore[arg-type]
        yield bank
    assert dump(home / "local.sqlite3") == before


def rows(bank: Bank[httpx.Client], query: str) -> Rows:
    answer = bank.http.get(query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["value"])


def ours(bank: Bank[httpx.Client], entity_set: str, query: str = "") -> Rows:
    mark = rows(bank, "msfsi_banks?$select=importsequencenumber")[0]["importsequencenumber"]
    return rows(bank, f"{entity_set}?$filter=importsequencenumber eq {mark}{query}")


def test_an_article_is_found_by_a_word_of_its_text(bank: Bank[httpx.Client]) -> None:
    found = rows(bank, f"knowledgearticles?$filter=contains(content,'funeral') and {PUBLISHED}")
    titles = {row["title"] for row in found}
    assert "A customer has died: the first call" in titles
    assert len(titles) < 5
    (call,) = [row for row in found if row["title"] == "A customer has died: the first call"]
    assert "<h2>" in call["content"]
    assert "bereavement" in call["keywords"]


def test_published_articles_are_in_the_environments_language_and_filed(
    bank: Bank[httpx.Client],
) -> None:
    expand = "&$expand=languagelocaleid($select=localeid),subjectid($select=title)"
    found = ours(bank, "knowledgearticles", f" and {PUBLISHED}{expand}")
    assert len(found) >= 40
    assert {row["languagelocaleid"]["localeid"] for row in found} == {1033}
    assert all(row["subjectid"]["title"] for row in found)
    assert {row["statuscode"] for row in found} == {7}


def test_articles_of_all_states_are_there(bank: Bank[httpx.Client]) -> None:
    states = Counter(
        (row["statecode"], row["statuscode"]) for row in ours(bank, "knowledgearticles")
    )
    assert set(states) == {(0, 2), (0, 4), (3, 7), (4, 10), (5, 12)}


def test_a_version_is_ours_and_its_root_is_the_platforms(bank: Bank[httpx.Client]) -> None:
    """The version has our id and our mark; the root above it has neither, one for each."""
    versions = ours(bank, "knowledgearticles")
    assert len(versions) == bank.rows["knowledgearticle"] == 46
    assert {row["isrootarticle"] for row in versions} == {False}
    assert all(row["knowledgearticleid"].split("-")[1] == "5eed" for row in versions)
    roots = {row["_rootarticleid_value"] for row in versions}
    assert len(roots) == len(versions)
    above = rows(bank, "knowledgearticles?$filter=isrootarticle eq true")
    assert roots < {row["knowledgearticleid"] for row in above}
    marked = [row for row in above if row["importsequencenumber"] is not None]
    assert marked == []


def test_articles_lead_to_the_cases_that_they_settled(bank: Bank[httpx.Client]) -> None:
    ends = ("incidentid($select=statecode)", "knowledgearticleid($select=statecode)")
    expand = f"&$expand={','.join(ends)}"
    links = ours(bank, "knowledgearticleincidents", expand)
    assert len(links) > 20
    assert {row["incidentid"]["statecode"] for row in links} == {1}
    assert {row["knowledgearticleid"]["statecode"] for row in links} == {3}
    assert {row["knowledgeusage"] for row in links} <= {1, 2}
    cases = ours(bank, "incidents", " and statecode eq 1")
    linked = {row["_incidentid_value"] for row in links}
    assert 0.5 < len(linked) / len(cases) < 0.8  # of the resolved ones


def test_a_script_has_its_steps_in_order(bank: Bank[httpx.Client]) -> None:
    scripts = ours(bank, "msdyn_productivityagentscripts")
    assert len(scripts) == 12
    assert {row["msdyn_language"] for row in scripts} == {1033}
    (lost,) = [row for row in scripts if row["msdyn_uniquename"] == "sk_library_1_lost_card"]
    steps = rows(
        bank,
        "msdyn_productivityagentscriptsteps?$orderby=msdyn_order&$filter="
        f"_msdyn_agentscriptid_value eq {lost['msdyn_productivityagentscriptid']}",
    )
    assert [row["msdyn_order"] for row in steps] == list(range(1, 8))
    assert [steps[0]["msdyn_name"], steps[-1]["msdyn_name"]] == ["Greet", "Close"]
    assert "Seedfield Bank" in steps[0]["msdyn_textinstruction"]


def test_subjects_are_a_tree_under_the_bank(bank: Bank[httpx.Client]) -> None:
    found = {row["subjectid"]: row for row in ours(bank, "subjects")}
    (root,) = [row for row in found.values() if row["_parentsubject_value"] is None]
    assert root["title"] == "Seedfield Bank"
    assert all(row["_parentsubject_value"] in found for row in found.values() if row is not root)


def test_a_connection_is_two_rows_of_which_one_is_ours(bank: Bank[httpx.Client]) -> None:
    made = ours(bank, "connections", "&$expand=record2roleid($select=name)")
    assert len(made) == bank.rows["connection"] > 0
    assert {row["ismaster"] for row in made} == {True}
    for row in made:
        (back,) = rows(
            bank, f"connections?$filter=_relatedconnectionid_value eq {row['connectionid']}"
        )
        assert back["importsequencenumber"] is None
        assert back["_record1id_value"] == row["_record2id_value"]
        assert back["_record1roleid_value"] == row["_record2roleid_value"]


def test_each_desk_has_its_queue(bank: Bank[httpx.Client]) -> None:
    assert len(ours(bank, "queues", " and queueviewtype eq 0")) == 7


def test_a_second_run_has_names_of_its_own(bank: Bank[httpx.Client], home: Path) -> None:
    only = {"engagement.scripts": "on"}
    with seedkit.seeded("retail", households=1, overrides=only, run_id="library-2", home=home):
        names = [row["msdyn_uniquename"] for row in rows(bank, "msdyn_productivityagentscripts")]
        assert len(names) == len(set(names)) == 24


def hang_article(bank: Bank[httpx.Client]) -> None:
    subject = rows(bank, "subjects?$filter=title eq 'Cards'")[0]["subjectid"]
    bound = {"subjectid@odata.bind": f"/subjects({subject})"}
    _create(bank.http, "knowledgearticles", title="Mine", content="<p/>", **bound)


def hang_connection(bank: Bank[httpx.Client]) -> None:
    ends = {1: bank.customers[0].id, 2: _create(bank.http, "contacts", lastname="Friend")}
    bound = {f"record{end}id_contact@odata.bind": f"/contacts({one})" for end, one in ends.items()}
    _create(bank.http, "connections", **bound)


def seed_and_hang(home: Path, hang: Callable[[Bank[httpx.Client]], None]) -> None:
    wanted = {"households": 1, "as_of": AS_OF, "overrides": OVERRIDES, "home": home}
    with seedkit.seeded("retail", **wanted) as bank:  # type: ignore[arg-type]
        hang(bank)


@pytest.mark.parametrize(
    ("hang", "table"), [(hang_article, "knowledgearticle"), (hang_connection, "connection")]
)
def test_what_somebody_hangs_on_ours_stops_a_purge(
    tmp_path: Path, hang: Callable[[Bank[httpx.Client]], None], table: str
) -> None:
    with pytest.raises(StrangersError) as caught:
        seed_and_hang(tmp_path, hang)
    assert {row["table"] for row in caught.value.strangers} == {table}
