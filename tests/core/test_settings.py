"""Where state lives and what an environment's name means."""

from __future__ import annotations

from pathlib import Path

import pytest

from seedkit.settings import is_loopback, origin_of, read_settings


def test_everything_lies_in_the_folder_that_the_variable_names(tmp_path: Path) -> None:
    settings = read_settings({"SEEDKIT_HOME": str(tmp_path)})
    assert settings.ledger == tmp_path / "ledger.sqlite3"
    assert settings.local_database == tmp_path / "local.sqlite3"
    assert settings.report("retail-7f3a", "seed") == tmp_path / "reports" / "retail-7f3a-seed.jsonl"


def test_a_tilde_is_the_home_folder() -> None:
    assert read_settings({"SEEDKIT_HOME": "~/bank"}).home == Path.home() / "bank"


@pytest.mark.parametrize("variables", [{}, {"SEEDKIT_HOME": ""}])
def test_the_default_is_the_user_s_own_folder(variables: dict[str, str]) -> None:
    home = read_settings(variables).home
    assert home.is_absolute()
    assert home.name == "seedkit"


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("http://127.0.0.1:8090", "http://127.0.0.1:8090"),
        ("https://Contoso.crm4.dynamics.com/main.aspx?x=1#y", "https://contoso.crm4.dynamics.com"),
        ("http://[::1]:8090/", "http://[::1]:8090"),
        ("HTTPS://example.com", "https://example.com"),
        ("https://user:secret@example.com:8443/", "https://example.com:8443"),
    ],
)
def test_addresses_keep_scheme_host_and_port_only(name: str, url: str) -> None:
    assert origin_of(name) == url


@pytest.mark.parametrize(
    "name",
    ["", "prod", "ftp://example.com", "http://", "http://[::1", "http://host:notaport", "c:\\bank"],
)
def test_other_words_are_no_addresses(name: str) -> None:
    assert origin_of(name) is None


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://localhost", True),
        ("http://127.0.0.1:8090", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:8090", True),
        ("http://localhost.example.com", False),
        ("http://192.168.0.1", False),
        ("https://contoso.crm.dynamics.com", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, loopback: bool) -> None:
    assert is_loopback(url) is loopback
