"""Proxies and authorities, from the configuration and from the machine."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from keyring.errors import NoKeyringError

from seedkit.environments import NamedEnvironment, Target
from seedkit.errors import UsageError
from seedkit.testing import local_environment
from seedkit.workplace import signing
from seedkit.workplace.network import Network, network_of
from tests.cli.conftest import CommandLine

REAL = "https://contoso.crm4.dynamics.com"
VARIABLES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, "ALL_PROXY", "all_proxy", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def target(url: str = REAL, **values: str) -> Target:
    given = {"url": url, "sign_in": "azure-cli", **values}
    return Target("qa", url, NamedEnvironment.model_validate(given))


def named(seedkit: CommandLine, *lines: str) -> None:
    seedkit.home.mkdir(exist_ok=True)
    text = "\n".join(["[desk]", *lines, ""])
    (seedkit.home / "environments.toml").write_text(text, encoding="utf-8")


def test_the_configuration_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://ann:hunter22@machine.example:1")
    machine = network_of(target(), {"REQUESTS_CA_BUNDLE": "machine.pem"})
    assert machine.proxy == "http://ann:hunter22@machine.example:1"
    assert machine.ca_bundle == Path("machine.pem")
    assert "hunter22" not in repr(machine)
    own = target(proxy="http://own.example:2", ca_bundle="own.pem")
    assert network_of(own, {"SSL_CERT_FILE": "machine.pem"}) == Network(
        "http://own.example:2", Path("own.pem")
    )


def test_some_hosts_need_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://machine.example:1")
    monkeypatch.setenv("http_proxy", "http://machine.example:1")
    assert network_of(Target("x", "http://127.0.0.1:8090"), {}).proxy is None
    monkeypatch.setenv("no_proxy", "dynamics.com")
    assert network_of(target(), {}) == Network(None, None)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_bundle_of_no_use_is_named(tmp_path: Path, content: str | None) -> None:
    bundle = tmp_path / "ca.pem"
    if content is not None:
        bundle.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match="CA bundle"):
        Network(None, bundle).trust()


def test_the_bundle_decides_whom_to_trust(seedkit: CommandLine) -> None:
    with local_environment(tls=True) as there:
        assert there.certificate is not None
        named(seedkit, f'url = "{there.origin}"')
        assert seedkit("environments", "test", "desk").code == 4
        authority = Path(there.certificate.authority).as_posix()
        named(seedkit, f'url = "{there.origin}"', f'ca_bundle = "{authority}"')
        assert seedkit("environments", "test", "desk").code == 0


@contextmanager
def proxy() -> Iterator[tuple[str, list[str]]]:
    """Run a proxy; the list fills with the addresses that it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            asked.extend(f"cookie {text}" for text in self.headers.get_all("Cookie", []))
            answer = requests.get(self.path, timeout=10)
            self.send_response(answer.status_code)
            self.send_header("Set-Cookie", "ARRAffinity=web-server-7; Path=/")
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


def test_requests_go_through_the_proxy(seedkit: CommandLine) -> None:
    with local_environment(served=True) as there, proxy() as (address, asked):
        named(seedkit, f'url = "{there.origin}"', f'proxy = "{address}"')
        tested = seedkit("environments", "test", "desk")
        assert tested.code == 0, tested.err
        assert f"{there.origin}/api/data/v9.2/WhoAmI" in asked


def test_no_cookie_ties_us_to_one_web_server(seedkit: CommandLine) -> None:
    with local_environment(served=True) as there, proxy() as (address, asked):
        host = there.origin.replace("127.0.0.1", "localhost")  # an address alone gets no cookies
        named(seedkit, f'url = "{host}"', f'proxy = "{address}"')
        tested = seedkit("environments", "test", "desk")
        assert tested.code == 0, tested.err
        assert len(asked) > 1
        assert not [text for text in asked if text.startswith("cookie")]


def test_an_address_where_nothing_answers_is_told(seedkit: CommandLine) -> None:
    named(seedkit, 'url = "http://127.0.0.1:9"')
    tested = seedkit("environments", "test", "desk")
    assert tested.code == 4
    assert "Nothing answers at http://127.0.0.1:9." in tested.err


def test_a_proxy_that_is_not_there_is_told(seedkit: CommandLine) -> None:
    named(seedkit, 'url = "http://127.0.0.1:9"', 'proxy = "http://127.0.0.1:1"')
    assert seedkit("environments", "test", "desk").code == 4


def test_other_programs_get_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEEDKIT_SECRET_QA", "planted")
    monkeypatch.setattr("shutil.which", lambda _: sys.executable)
    said = signing._run(["az", "-c", "import os; print(sorted(os.environ))"])
    assert (said.code, "SEEDKIT_SECRET_QA" in said.out, "PATH" in said.out) == (0, False, True)
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(FileNotFoundError):
        signing._run(["az"])


def test_the_keyring_is_asked_by_service_and_name(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {("seedkit", "qa"): "planted"}
    monkeypatch.setattr("keyring.get_password", lambda *key: kept.get(key))
    assert signing._ask_keyring("seedkit", "qa") == "planted"
    assert signing._ask_keyring("seedkit", "other") is None

    def locked(*_: str) -> str:
        raise NoKeyringError

    monkeypatch.setattr("keyring.get_password", locked)
    with pytest.raises(LookupError, match="NoKeyringError"):
        signing._ask_keyring("seedkit", "qa")
