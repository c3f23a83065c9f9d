"""Settings, service protection and the headers that every answer has."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from seedkit.emulator.settings import Settings, SettingsError, changed, read_settings, to_json
from tests.emulator.conftest import ROOT, Local

ADMIN = "http://localhost/emulator"
CODES = {"requests": "0x80072322", "time": "0x80072321", "concurrency": "0x80072326"}


def turn(local: Local, **switches: Any) -> dict[str, Any]:
    answer = local.send("PATCH", f"{ADMIN}/settings", switches)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def slow(fresh_file: Path, tmp_path: Path) -> Iterator[Local]:
    """An environment whose waiting moves its clock and takes no time."""
    import shutil

    path = tmp_path / "slow.db"
    shutil.copy(fresh_file, path)

    async def sleep(seconds: float) -> None:
        local.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    local = Local(path, sleep=sleep)
    yield local
    local.app.state.close()


def test_settings_tell_value_default_and_meaning(local: Local) -> None:
    found = local.send("GET", f"{ADMIN}/settings").json()
    assert found["environment_type"]["value"] == "Sandbox"
    assert all(item["meaning"] for item in found.values())


def test_a_turned_switch_is_kept_in_the_file(local: Local) -> None:
    turn(local, environment_type="Production", parallelism=None)
    local.app.state.close()
    found = local.send("GET", f"{ADMIN}/settings").json()
    assert found["environment_type"]["value"] == "Production"
    assert found["parallelism"] == {**found["parallelism"], "value": None, "default": 4}


def test_null_turns_a_switch_back() -> None:
    settings = changed(Settings(), b'{"recycle_bin": true}')
    assert changed(settings, b'{"recycle_bin": null}') == Settings()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (b'{"colour": 1}', "colour: there is no such switch"),
        (b'{"recycle_bin": "yes"}', "recycle_bin: "),
        (b'{"throttle_requests": 0}', "throttle_requests: "),
        (b"[]", "JSON object"),
        (b"{", "not valid JSON"),
    ],
)
def test_a_wrong_switch_is_named(change: bytes, complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint):
        changed(Settings(), change)


def test_stored_settings_read_back_equal() -> None:
    settings = changed(Settings(), b'{"hidden_tables": ["contact"], "row_time_ms": 2.5}')
    assert read_settings(to_json(settings)) == settings


def test_a_refused_change_leaves_everything_as_it_was(local: Local) -> None:
    answer = local.send("PATCH", f"{ADMIN}/settings", {"recycle_bin": True, "colour": 1})
    assert answer.status_code == 400
    assert local.send("GET", f"{ADMIN}/settings").json()["recycle_bin"]["value"] is False


def test_admin_routes_answer_to_this_machine_only(local: Local) -> None:
    assert local.send("GET", "https://bank.example/emulator/settings").status_code == 403
    assert local.send("GET", "http://127.0.0.1:8080/emulator").status_code == 200


def test_the_kind_of_environment_is_told(local: Local) -> None:
    turn(local, environment_type="Production")
    detail = local.get("RetrieveCurrentOrganization(AccessType=@p)?@p='Default'")["Detail"]
    assert detail["OrganizationType"] == "Production"


def test_parallelism_is_hinted_or_not(local: Local) -> None:
    assert local.send("GET", "WhoAmI").headers["x-ms-dop-hint"] == "4"
    turn(local, parallelism=9)
    assert local.send("GET", "WhoAmI").headers["x-ms-dop-hint"] == "9"
    turn(local, parallelism=None)
    assert "x-ms-dop-hint" not in local.send("GET", "WhoAmI").headers


def test_each_answer_has_its_own_request_id(local: Local) -> None:
    first, second = local.send("GET", "WhoAmI"), local.send("GET", "nowhere")
    ids = [answer.headers["x-ms-service-request-id"] for answer in (first, second)]
    assert len(set(ids)) == 2
    assert first.headers["REQ_ID"] == ids[0]


@pytest.mark.parametrize(
    ("hidden", "path"),
    [
        ({"hidden_tables": ["msfsi_lifemoment"]}, "msfsi_lifemoments"),
        (
            {"hidden_tables": ["msfsi_lifemoment"]},
            "EntityDefinitions(LogicalName='msfsi_lifemoment')",
        ),
        ({"hidden_tables": ["knowledgearticle"]}, "knowledgearticles"),
        ({"hidden_tables": ["knowledgearticle"]}, "categories?$expand=knowledgearticle_category"),
        ({"hidden_columns": ["contact.birthdate"]}, "contacts?$select=birthdate"),
        ({"hidden_messages": ["WhoAmI"]}, "WhoAmI"),
    ],
)
def test_what_is_hidden_seems_not_to_exist(local: Local, hidden: Any, path: str) -> None:
    assert local.send("GET", path).status_code == 200
    turn(local, **hidden)
    assert local.send("GET", path).status_code in (400, 404)
    turn(local, **{name: [] for name in hidden})
    assert local.send("GET", path).status_code == 200


def test_a_hidden_option_is_refused(local: Local) -> None:
    turn(local, hidden_options=["contact.gendercode.2"])
    assert local.refused("POST", "contacts", {"lastname": "A", "gendercode": 2})[1] == "0x8004431a"
    local.create("contacts", lastname="A", gendercode=1)


def test_a_hidden_bulk_message_is_not_offered(local: Local) -> None:
    rows = [{"lastname": "A"}]
    assert local.bulk("contacts", "CreateMultiple", "contact", rows).status_code == 200
    turn(local, hidden_messages=["contact.CreateMultiple"])
    assert local.bulk("contacts", "CreateMultiple", "contact", rows).status_code == 400
    query = (
        "sdkmessagefilters?$select=sdkmessagefilterid&$filter=sdkmessageid/name eq "
        "'CreateMultiple' and primaryobjecttypecode eq 'contact'"
    )
    assert local.rows(query) == []


def test_without_throttling_nothing_is_counted(local: Local) -> None:
    answer = local.send("GET", "WhoAmI")
    assert not [name for name in answer.headers if name.startswith("x-ms-ratelimit")]
    assert local.send("GET", f"{ADMIN}/limits").json() == {}


def test_too_many_requests_are_refused_until_the_window_has_moved(slow: Local) -> None:
    turn(slow, throttling=True, throttle_requests=3)
    left = [
        slow.send("GET", "WhoAmI").headers["x-ms-ratelimit-burst-remaining-xrm-requests"]
        for _ in range(3)
    ]
    assert left == ["2", "1", "0"]
    answer = slow.send("GET", "WhoAmI")
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, CODES["requests"])
    wait = int(answer.headers["Retry-After"])
    assert wait == 300
    slow.now += timedelta(seconds=wait - 1)
    assert slow.send("GET", "WhoAmI").status_code == 429
    slow.now += timedelta(seconds=1)
    assert slow.send("GET", "WhoAmI").status_code == 200


def test_pushing_makes_the_wait_longer(slow: Local) -> None:
    turn(slow, throttling=True, throttle_requests=1)
    waits = [int(slow.send("GET", "WhoAmI").headers.get("Retry-After", 0)) for _ in range(22)]
    assert waits[1] < waits[11] < waits[21]


def test_execution_time_is_limited(slow: Local) -> None:
    turn(slow, throttling=True, throttle_milliseconds=1000, service_time_ms=400)
    codes = [slow.send("GET", "WhoAmI").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    assert slow.refused("GET", "WhoAmI")[1] == CODES["time"]


def test_rows_of_a_bulk_message_weigh_by_their_time_but_are_one_request(slow: Local) -> None:
    turn(slow, throttling=True, row_time_ms=100)
    rows = [{"lastname": str(number)} for number in range(7)]
    answer = slow.bulk("contacts", "CreateMultiple", "contact", rows)
    assert answer.headers["x-ms-ratelimit-burst-remaining-xrm-requests"] == "5999"
    assert answer.headers["x-ms-ratelimit-time-remaining-xrm-requests"] == "1199.30"


def test_requests_at_the_same_time_are_limited(slow: Local) -> None:
    turn(slow, throttling=True, throttle_concurrency=2, service_time_ms=10)

    async def together() -> list[httpx.Response]:
        transport = httpx.ASGITransport(slow.app)
        async with httpx.AsyncClient(transport=transport, base_url=ROOT) as client:
            return await asyncio.gather(*(client.get("WhoAmI") for _ in range(4)))

    answers = asyncio.run(together())
    assert sorted(answer.status_code for answer in answers) == [200, 200, 429, 429]
    refused = [answer.json()["error"]["code"] for answer in answers if answer.status_code == 429]
    assert set(refused) == {CODES["concurrency"]}
    assert slow.send("GET", "WhoAmI").status_code == 200
