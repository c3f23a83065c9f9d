"""Faults on purpose: which requests they hit, when they fire, what clients meet."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from seedkit.emulator import create_app
from seedkit.emulator.limits.rules import RulesError, read_rules
from tests.emulator.conftest import NOW, Local

ADMIN = "http://localhost/emulator"
NOBODY = "00000000-0000-4000-8000-000000000000"


def put(local: Local, *rules: dict[str, Any], seed: int = 1) -> None:
    answer = local.send("PUT", f"{ADMIN}/faults", {"seed": seed, "faults": list(rules)})
    assert answer.status_code == 200, answer.text


def statuses(local: Local, count: int, path: str = "WhoAmI") -> list[int]:
    return [local.send("GET", path).status_code for _ in range(count)]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("throttled-requests", 429, "0x80072322"),
        ("throttled-time", 429, "0x80072321"),
        ("throttled-concurrency", 429, "0x80072326"),
        ("token-expired", 401, "0x8004a101"),
        ("privilege-missing", 403, "0x80040220"),
        ("server-error", 500, "0x80040216"),
        ("unavailable", 503, ""),
        ("gateway-timeout", 504, ""),
        ("sql-deadlock", 500, "0x80044150"),
        ("sql-timeout", 500, "0x80044151"),
        ("too-large", 413, ""),
        ("plugin-crash", 500, "0x80040224"),
        ("missing", 404, "0x80060888"),
    ],
)
def test_a_rule_answers_with_its_code(local: Local, fault: str, status: int, code: str) -> None:
    put(local, {"fault": fault})
    assert local.refused("GET", "WhoAmI")[:2] == (status, code)


def test_retry_after_is_given_or_left_out(local: Local) -> None:
    put(local, {"fault": "throttled-requests", "retry_after": 17, "fire": "once"},
        {"fault": "throttled-requests", "retry_after": None})  # fmt: skip
    headers = [local.send("GET", "WhoAmI").headers for _ in range(2)]
    assert [item.get("Retry-After") for item in headers] == ["17", None]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"fire": "always"}, [503] * 6),
        ({"fire": "once"}, [503, 200, 200, 200, 200, 200]),
        ({"fire": "first", "count": 2}, [503, 503, 200, 200, 200, 200]),
        ({"fire": "nth", "count": 3}, [200, 200, 503, 200, 200, 200]),
        ({"fire": "every", "count": 2}, [200, 503, 200, 503, 200, 503]),
        ({"fire": "after", "count": 4}, [200, 200, 200, 200, 503, 503]),
    ],
)
def test_rules_fire_when_they_say(local: Local, when: dict[str, Any], expected: list[int]) -> None:
    put(local, {"fault": "unavailable", **when})
    assert statuses(local, 6) == expected


def test_chance_comes_from_the_seed(local: Local) -> None:
    rule = {"fault": "unavailable", "fire": "chance", "probability": 0.5}
    runs = []
    for seed in (1, 1, 2):
        put(local, rule, seed=seed)
        runs.append(statuses(local, 30))
    assert runs[0] == runs[1] != runs[2]
    assert 5 < runs[0].count(503) < 25


@pytest.mark.parametrize(
    ("where", "hit", "spared"),
    [
        ({"table": "contact"}, ("GET", "contacts"), ("GET", "accounts")),
        ({"method": "POST"}, ("POST", "contacts"), ("GET", "contacts")),
        ({"path": "^contacts\\("}, ("DELETE", f"contacts({NOBODY})"), ("GET", "contacts")),
        ({"message": "RetrieveMultiple"}, ("GET", "contacts"), ("POST", "contacts")),
        ({"message": "WhoAmI"}, ("GET", "WhoAmI()"), ("GET", "RetrieveVersion()")),
        ({"column": "lastname", "value": "B"}, ("POST", "contacts"), ("GET", "contacts")),
    ],
)  # fmt: skip
def test_rules_hit_what_they_describe(
    local: Local, where: dict[str, Any], hit: tuple[str, str], spared: tuple[str, str]
) -> None:
    put(local, {"fault": "server-error", **where})
    body = {"lastname": "B"}
    assert local.send(*hit, body if hit[0] == "POST" else None).status_code == 500
    assert local.send(*spared, body if spared[0] == "POST" else None).status_code < 300


def test_a_rule_can_be_for_one_user(local: Local) -> None:
    user = local.send("POST", f"{ADMIN}/tokens", {"user": "jordan.pierce@bank.example"}).json()
    put(local, {"fault": "unavailable", "user": user["user"]})
    token = f"Bearer {user['access_token']}"
    assert local.send("GET", "WhoAmI", Authorization=token).status_code == 503
    assert local.send("GET", "WhoAmI").status_code == 200


def test_a_row_with_a_value_is_refused_by_a_plug_in(local: Local) -> None:
    rule = {"fault": "plugin-refusal", "column": "lastname", "value": "Bad", "text": "No."}
    put(local, rule)
    rows = [{"lastname": "Good"}, {"lastname": "Bad"}]
    answer = local.bulk("contacts", "CreateMultiple", "contact", rows)
    assert answer.json()["error"] == {"code": "0x80040265", "message": "No."}
    assert local.rows("contacts?$select=lastname") == []
    assert local.bulk("contacts", "CreateMultiple", "contact", rows[:1]).status_code == 200


def batch(local: Local, *names: str) -> httpx.Response:
    parts = [
        "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        "POST /api/data/v9.2/contacts HTTP/1.1\r\nContent-Type: application/json\r\n\r\n"
        f'{{"lastname": "{name}"}}\r\n'
        for name in names
    ]
    return local.send(
        "POST",
        "$batch",
        ("".join(parts) + "--b--\r\n").encode(),
        **{"Content-Type": "multipart/mixed; boundary=b", "Prefer": "odata.continue-on-error"},
    )


def test_one_part_of_a_batch_can_be_hit(local: Local) -> None:
    put(local, {"fault": "sql-deadlock", "where": "part", "number": 2})
    text = batch(local, "A", "B", "C").text
    assert text.count("HTTP/1.1 204") == 2
    assert text.count("0x80044150") == 1
    names = [row["lastname"] for row in local.rows("contacts?$select=lastname&$orderby=lastname")]
    assert names == ["A", "C"]


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("MSCRM.BypassBusinessLogicExecution", "CustomSync,CustomAsync", 204),
        ("MSCRM.BypassBusinessLogicExecution", "customasync, customsync", 204),
        ("MSCRM.BypassBusinessLogicExecution", "CustomAsync", 400),
        ("MSCRM.SuppressCallbackRegistrationExpanderJob", "true", 400),
    ],
)
def test_a_customers_plug_in_lets_requests_pass_that_skip_it(
    local: Local, header: str, value: str, status: int
) -> None:
    rule = {"fault": "plugin-refusal", "table": "contact", "where": "both"}
    put(local, {**rule, "unless_header": "MSCRM.BypassBusinessLogicExecution: CustomSync"})
    body = {"lastname": "Okafor"}
    assert local.send("POST", "contacts", body, **{header: value}).status_code == status
    put(local, {**rule, "unless_header": header})
    assert local.send("POST", "contacts", body, **{header: value}).status_code == 204
    assert local.send("POST", "contacts", body).status_code == 400


def test_a_reset_before_commit_leaves_nothing(local: Local) -> None:
    put(local, {"fault": "reset-before-commit", "fire": "once"})
    with pytest.raises(httpx.ReadError):
        local.send("POST", "contacts", {"lastname": "A"})
    assert local.rows("contacts") == []


def test_a_reset_after_commit_leaves_the_row(local: Local) -> None:
    put(local, {"fault": "reset-after-commit", "fire": "once"})
    with pytest.raises(httpx.ReadError):
        local.send("POST", "contacts", {"lastname": "A"})
    assert [row["lastname"] for row in local.rows("contacts?$select=lastname")] == ["A"]


def test_a_late_commit_shows_its_row_later(local: Local) -> None:
    put(local, {"fault": "late-commit", "seconds": 30, "fire": "once"})
    with pytest.raises(httpx.ReadTimeout):
        local.send("POST", "contacts", {"lastname": "A"})
    assert local.rows("contacts") == []
    local.now += timedelta(seconds=31)
    assert [row["lastname"] for row in local.rows("contacts?$select=lastname")] == ["A"]


def test_an_answer_can_be_cut_off(local: Local) -> None:
    put(local, {"fault": "truncated", "bytes": 5, "fire": "once"})
    with pytest.raises(httpx.ReadError):
        local.send("GET", "WhoAmI")
    assert local.send("GET", "WhoAmI").status_code == 200


@pytest.mark.parametrize("fault", ["slow", "slow-body"])
def test_an_answer_can_take_its_time(fresh_file: Path, tmp_path: Path, fault: str) -> None:
    import shutil

    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await asyncio.sleep(0)

    shutil.copy(fresh_file, tmp_path / "slow.db")
    local = Local(tmp_path / "slow.db", sleep=sleep)
    put(local, {"fault": fault, "seconds": 3})
    assert "UserId" in local.get("WhoAmI")
    assert sum(waited) == pytest.approx(3)
    local.app.state.close()


def test_firings_are_counted_and_rules_can_be_ended(local: Local) -> None:
    put(local, {"name": "now and then", "fault": "unavailable", "fire": "every", "count": 2})
    statuses(local, 5)
    (rule,) = local.send("GET", f"{ADMIN}/faults").json()["faults"]
    assert (rule["name"], rule["matched"], rule["fired"]) == ("now and then", 5, 2)
    assert local.send("DELETE", f"{ADMIN}/faults").status_code == 204
    assert statuses(local, 3) == [200] * 3
    assert local.send("GET", f"{ADMIN}/faults").json() == {"faults": []}


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ({"fault": "meteor"}, "faults.0.fault"),
        ({"fault": "slow", "colour": 1}, "faults.0.colour"),
        ({"fault": "slow", "probability": 2}, "faults.0.probability"),
        ({"fault": "slow", "where": "part"}, "can't hit a part"),
        ({"fault": "missing", "number": 2}, "where"),
        ({"fault": "missing", "path": "("}, "faults.0.path"),
    ],
)
def test_a_wrong_rule_is_explained(local: Local, rule: dict[str, Any], part: str) -> None:
    answer = local.send("PUT", f"{ADMIN}/faults", {"faults": [rule]})
    assert answer.status_code == 400
    assert part in answer.json()["error"]["message"]


def test_rules_are_read_from_toml_and_json(tmp_path: Path) -> None:
    toml, json = tmp_path / "f.toml", tmp_path / "f.json"
    toml.write_text('seed = 3\n[[faults]]\nfault = "slow"\ntable = "contact"\n', "utf-8")
    json.write_text('{"seed": 3, "faults": [{"fault": "slow", "table": "contact"}]}', "utf-8")
    assert read_rules(toml) == read_rules(json)
    toml.write_text("[[faults]\n", "utf-8")
    with pytest.raises(RulesError, match="not valid TOML"):
        read_rules(toml)
    with pytest.raises(RulesError, match="can't be read"):
        read_rules(tmp_path / "none.toml")


def test_an_environment_can_start_with_a_file_of_rules(fresh_file: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copy(fresh_file, tmp_path / "a.db")
    rules = tmp_path / "f.toml"
    rules.write_text('[[faults]]\nfault = "unavailable"\nfire = "once"\n', "utf-8")
    local = Local(tmp_path / "a.db", faults=rules)
    assert statuses(local, 2) == [503, 200]
    local.app.state.close()


@pytest.fixture
def served(fresh_file: Path, tmp_path: Path) -> Iterator[str]:
    """The address of an environment behind a socket, whose third request is reset."""
    import shutil

    from seedkit.emulator.serving import listen, make_server

    shutil.copy(fresh_file, tmp_path / "a.db")
    rules = tmp_path / "f.toml"
    rules.write_text(
        '[[faults]]\nfault = "reset-after-commit"\nmessage = "Create"\nfire = "once"\n'
        '[[faults]]\nfault = "truncated"\nmessage = "WhoAmI"\nfire = "once"\n',
        "utf-8",
    )
    app = create_app(tmp_path / "a.db", clock=lambda: NOW, faults=rules)
    taken, ready = listen(0), threading.Event()
    server = make_server({taken.port: app}, None, ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": list(taken.sockets)})
    thread.start()
    ready.wait(10)
    yield f"http://127.0.0.1:{taken.port}"
    server.should_exit = True
    thread.join(10)
    app.state.close()
    taken.close()


def test_over_a_socket_the_connection_is_really_reset(served: str) -> None:
    root = f"{served}/api/data/v9.2/"
    host, port = served.removeprefix("http://").split(":")
    body = b'{"lastname": "A"}'
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(
            b"POST /api/data/v9.2/contacts HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        with pytest.raises(ConnectionResetError):
            raw.recv(100)
    found = httpx.get(f"{root}contacts?$select=lastname").json()["value"]
    assert [row["lastname"] for row in found] == ["A"]


def test_over_a_socket_an_answer_ends_too_early(served: str) -> None:
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        httpx.get(f"{served}/api/data/v9.2/WhoAmI")
    assert httpx.get(f"{served}/api/data/v9.2/WhoAmI").status_code == 200
