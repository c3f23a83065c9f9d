"""Tests of a client of one's own, against a Dataverse Web API that answers on this machine."""

import httpx

from seedkit.testing import RunningEnvironment, local_environment


def add_contact(base_url: str, last_name: str, attempts: int = 3) -> str:
    """Create a contact and return its address; this stands for the client under test."""
    for _ in range(attempts):
        answer = httpx.post(f"{base_url}contacts", json={"lastname": last_name}, trust_env=False)
        if answer.status_code not in (429, 503):
            break
    answer.raise_for_status()
    return answer.headers["OData-EntityId"]


def test_a_contact_is_created_behind_a_real_port(seedkit_server: RunningEnvironment) -> None:
    address = add_contact(seedkit_server.base_url, "Okafor")
    assert seedkit_server.client.get(address).json()["lastname"] == "Okafor"
    assert [row["lastname"] for row in seedkit_server.dump()["contact"]] == ["Okafor"]


def test_a_client_tries_again(seedkit_server: RunningEnvironment) -> None:
    seedkit_server.fail_next("unavailable", times=2, table="contact")
    add_contact(seedkit_server.base_url, "Okafor")
    statuses = [entry.status for entry in seedkit_server.requests if entry.method == "POST"]
    assert statuses == [503, 503, 204]


def test_every_case_starts_from_the_same_rows(seedkit_dataverse: RunningEnvironment) -> None:
    seedkit_dataverse.client.post("accounts", json={"name": "Mill Street Bakery"})
    seedkit_dataverse.snapshot("one-account")
    for _ in range(2):
        assert len(seedkit_dataverse.dump()["account"]) == 1
        seedkit_dataverse.client.post("accounts", json={"name": "Another"})
        seedkit_dataverse.restore("one-account")


def test_without_fixtures_and_with_tls() -> None:
    with local_environment(tls=True) as running:
        assert running.base_url.startswith("https://")
        assert running.client.get("WhoAmI").json()["UserId"]
