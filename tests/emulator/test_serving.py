from __future__ import annotations

import signal
import socket
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from seedkit import emulator
from seedkit.emulator import certificates
from seedkit.emulator.requestlog import KEPT, Entry, RequestLog, address_of
from seedkit.emulator.serving import listen
from seedkit.errors import UsageError
from seedkit.testing import local_environment
from tests.emulator.conftest import NOW


def is_ipv6_there() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def test_a_port_is_taken_on_both_loopback_addresses_only() -> None:
    listeners = listen(0)
    try:
        hosts = [item.getsockname()[0] for item in listeners.sockets]
        assert hosts == ["127.0.0.1", "::1"][: 1 + is_ipv6_there()]
        with pytest.raises(UsageError, match=f"Port {listeners.port} can't be used") as caught:
            listen(listeners.port)
        assert str(caught.value.hint).startswith("Take any free port with --port 0")
    finally:
        listeners.close()


def test_there_is_no_port_after_the_last() -> None:
    with pytest.raises(UsageError, match="Port 65536 can't be used"):
        listen(65_536)


@pytest.mark.skipif(not is_ipv6_there(), reason="no IPv6 on this machine")
def test_a_port_that_is_taken_on_one_address_is_refused() -> None:
    with (
        socket.create_server(("::1", 0), family=socket.AF_INET6) as other,
        pytest.raises(UsageError, match="can't be used"),
    ):
        listen(other.getsockname()[1])


def test_every_loopback_name_answers_with_its_own_addresses() -> None:
    with local_environment(served=True) as running:
        port = running.origin.rpartition(":")[2]
        hosts = ["127.0.0.1", "localhost", *(["[::1]"] if is_ipv6_there() else [])]
        for host in hosts:
            base = f"http://{host}:{port}/api/data/v9.2/"
            answer = httpx.get(base + "WhoAmI", trust_env=False)
            assert answer.http_version == "HTTP/1.1"
            assert answer.json()["@odata.context"].startswith(base)


def test_a_connection_is_kept_for_the_next_request() -> None:
    with local_environment(served=True) as running:
        answers = [running.client.get("WhoAmI") for _ in range(3)]
        streams = {id(answer.extensions["network_stream"]) for answer in answers}
        assert len(streams) == 1


def test_clients_that_trust_the_authority_speak_tls() -> None:
    with local_environment(tls=True) as running:
        assert running.base_url.startswith("https://127.0.0.1:")
        assert running.client.get("WhoAmI").json()["@odata.context"].startswith(running.base_url)
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(running.base_url + "WhoAmI", trust_env=False)


def test_a_certificate_is_kept_until_it_ends_soon(tmp_path: Path) -> None:
    folder = tmp_path / "tls"
    made = emulator.certificate(folder, now=NOW)
    first = made.chain.read_bytes()
    last_day = NOW + certificates.VALID - certificates.RENEWED
    assert (
        emulator.certificate(folder, now=last_day - timedelta(hours=1)).chain.read_bytes() == first
    )
    assert (
        emulator.certificate(folder, now=last_day + timedelta(hours=1)).chain.read_bytes() != first
    )
    assert made.bundle.read_bytes().endswith(made.authority.read_bytes())
    assert list(tmp_path.iterdir()) == [folder]


def test_a_damaged_certificate_is_made_anew(tmp_path: Path) -> None:
    made = emulator.certificate(tmp_path / "tls", now=NOW)
    made.chain.write_bytes(b"no certificate")
    assert (
        b"BEGIN CERTIFICATE" in emulator.certificate(tmp_path / "tls", now=NOW).chain.read_bytes()
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no file modes")
def test_only_its_owner_reads_the_private_key(tmp_path: Path) -> None:
    made = emulator.certificate(tmp_path / "tls", now=NOW)
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700
    keys = [file for file in made.folder.iterdir() if b"PRIVATE KEY" in file.read_bytes()]
    assert keys == [made.key]


def test_tls_without_its_libraries_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "trustme", None)
    with pytest.raises(UsageError) as caught:
        emulator.certificate(tmp_path / "tls", now=NOW)
    assert caught.value.hint == 'Install them with: pip install "seedkit[tls]"'
    assert list(tmp_path.iterdir()) == []


def test_the_origin_alone_tells_where_to_go_on(local: Any) -> None:
    found = local.send("GET", "http://localhost/")
    assert found.status_code == 200
    assert found.json() == {
        "api": "http://localhost/api/data/v9.2/",
        "emulator": "http://localhost/emulator",
    }


@pytest.mark.parametrize("path", ["api/data/v8.2", "api/data/v8.2/contacts", "nowhere"])
def test_an_address_beside_the_web_api_is_told_its_root(local: Any, path: str) -> None:
    missing = local.send("GET", f"http://localhost/{path}")
    assert missing.status_code == 404
    message = missing.json()["error"]["message"]
    assert message.endswith("The Web API is at http://localhost/api/data/v9.2/")


def entries(local: Any) -> list[dict[str, Any]]:
    return list(local.send("GET", "http://localhost/emulator/requests").json())


def test_the_last_requests_can_be_read(local: Any) -> None:
    local.get("contacts?$top=1")
    local.send("GET", "nothings")
    first, second = entries(local)
    assert (first["method"], first["address"]) == ("GET", "/api/data/v9.2/contacts?$top=1")
    assert (first["status"], second["status"]) == (200, 404)
    assert first["sent"] > 0
    assert 0 < first["milliseconds"] < 10_000
    assert len(local.send("GET", "http://localhost/emulator/requests?last=1").json()) == 1
    assert local.send("GET", "http://localhost/emulator/requests?last=-1").status_code == 400
    local.send("DELETE", "http://localhost/emulator/requests")
    assert [entry["address"] for entry in entries(local)] == ["/emulator/requests"]


def test_no_header_and_no_secret_is_logged(local: Any) -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2ln"
    local.send("GET", "WhoAmI", Authorization="Bearer very-hidden")
    local.send("GET", f"contacts?client_secret=hush&$top=1&access_token={token}&x={token}")
    text = local.send("GET", "http://localhost/emulator/requests").text
    assert "very-hidden" not in text
    assert "hush" not in text
    assert "eyJ" not in text
    assert "$top=1" in text


def test_a_page_is_told_apart_from_a_secret() -> None:
    scope = {"path": "/contacts", "query_string": b"$skiptoken=%3Ccookie&sig=1"}
    assert address_of(scope) == "/contacts?$skiptoken=%3Ccookie&sig=***"


def test_no_address_can_break_a_line_of_the_log() -> None:
    assert address_of({"path": "/a\nb", "query_string": b""}) == "/a\\nb"


def test_the_log_keeps_the_last_and_tells_each() -> None:
    told: list[Entry] = []
    log = RequestLog(told.append)
    for number in range(KEPT + 1):
        log.add(Entry("GET", f"/{number}", 200, 1.25, 7))
    assert (len(log.entries), len(told)) == (KEPT, KEPT + 1)
    assert str(log.entries[-1]) == f"GET /{KEPT} 200 1.2 ms 7 B"


@pytest.mark.parametrize("route", ["/emulator/reset", "/emulator/snapshots/a"])
def test_pages_of_other_sites_may_not_ask(local: Any, route: str) -> None:
    method = "POST" if route.endswith("reset") else "PUT"
    contact = local.create("contacts", lastname="O")
    for headers in (
        {"Host": "evil.example"},
        {"Host": "localhost", "Origin": "http://evil.example"},
    ):
        assert local.send(method, f"http://localhost{route}", **headers).status_code == 403
    assert local.get(f"contacts({contact})")["lastname"] == "O"


SERVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from seedkit.emulator import serve
serve(*map(Path, sys.argv[1:]), port=0, clock=lambda: datetime(2026, 7, 1, tzinfo=UTC),
      on_ready=lambda *urls: print(*urls, flush=True))
print("ended", flush=True)
"""


def start(*databases: Path) -> tuple[subprocess.Popen[str], list[str]]:
    command = [sys.executable, "-c", SERVER, *map(str, databases)]
    flags = subprocess.CREATE_NEW_PROCESS_GROUP if sys.platform == "win32" else 0
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, creationflags=flags)
    assert process.stdout is not None
    return process, process.stdout.readline().split()


def test_environments_side_by_side_have_a_port_each(tmp_path: Path) -> None:
    process, urls = start(tmp_path / "a.db", tmp_path / "b.db", Path(":memory:"))
    with process:
        try:
            assert len(set(urls)) == 3
            for url in urls:
                httpx.post(f"{url}/api/data/v9.2/contacts", json={"lastname": url}, trust_env=False)
            for url in urls:
                found = httpx.get(
                    f"{url}/api/data/v9.2/contacts?$select=lastname", trust_env=False
                ).json()["value"]
                assert [row["lastname"] for row in found] == [url]
        finally:
            process.terminate()


@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM"])
def test_being_told_to_stop_leaves_one_whole_file(tmp_path: Path, how: str) -> None:
    database = tmp_path / "a.db"
    process, (url,) = start(database)
    with process:
        assert emulator.served_at(database) == (url, None)
        httpx.post(f"{url}/api/data/v9.2/contacts", json={"lastname": "O"}, trust_env=False)
        number = signal.CTRL_BREAK_EVENT if sys.platform == "win32" else getattr(signal, how)
        process.send_signal(number)
        assert process.stdout is not None
        assert process.stdout.read().strip() == "ended"
        assert process.wait() == 0
    assert list(tmp_path.iterdir()) == [database]
    assert len(emulator.dump(database)["contact"]) == 1


def test_a_failed_start_leaves_the_note_of_the_running_server(tmp_path: Path) -> None:
    database = tmp_path / "a.db"
    process, (url,) = start(database)
    with process:
        try:
            port = int(url.rpartition(":")[2])
            with pytest.raises(UsageError):
                emulator.serve(database, port=port, clock=lambda: NOW)
            assert emulator.served_at(database) == (url, None)
        finally:
            process.terminate()
