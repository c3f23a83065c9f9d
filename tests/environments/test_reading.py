"""The file of named environments and the variables over it: what is read, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from seedkit.environments import Cloud, Directory, SignIn, TokenCache, read_directory
from seedkit.errors import ConfigurationError, Fault, UnknownNameError
from seedkit.settings import LOCAL_URL

QA = """
# our test environment
[qa]
url = "https://Contoso-QA.crm4.dynamics.com/main.aspx"
tenant = "contoso.example"
client_id = "app-1"
sign_in = "client-secret"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "environments.toml"


def read(file: Path, text: str, **variables: str) -> Directory:
    file.write_text(text, encoding="utf-8")
    return read_directory(file, variables)


def faults(file: Path, text: str, **variables: str) -> tuple[Fault, ...]:
    with pytest.raises(ConfigurationError) as caught:
        read(file, text, **variables)
    assert caught.value.exit_code == 2
    return caught.value.faults


def test_no_file_means_no_names(file: Path) -> None:
    assert read_directory(file, {}).entries == {}


def test_an_environment_has_all_its_keys(file: Path) -> None:
    text = QA + (
        'cloud = "commercial"\nsecret_from = "env:QA"\ntoken_cache = "memory"\n'
        'rows_per_request = 50\nrequests_in_flight = 4\nproxy = "http://proxy.example:8080"\n'
        'ca_bundle = "~/ca.pem"\nowners = ["a@bank.example", "Tellers"]\n'
    )
    entry = read(file, text).entries["qa"]
    assert entry.url == "https://contoso-qa.crm4.dynamics.com"
    assert (entry.sign_in, entry.cloud) == (SignIn.CLIENT_SECRET, Cloud.COMMERCIAL)
    assert (entry.rows_per_request, entry.requests_in_flight) == (50, 4)
    assert entry.token_cache is TokenCache.MEMORY
    assert entry.ca_bundle == Path.home() / "ca.pem"
    assert entry.owners == ("a@bank.example", "Tellers")


def test_variables_win_over_the_file_and_stand_alone(file: Path) -> None:
    variables = {
        "SEEDKIT_ENVIRONMENTS__QA__CLIENT_ID": "app-2",
        "SEEDKIT_ENVIRONMENTS__QA__OWNERS": "a@bank.example, Tellers",
        "SEEDKIT_ENVIRONMENTS__CI_2__URL": "https://ci.crm.dynamics.com",
        "SEEDKIT_ENVIRONMENTS__CI_2__SIGN_IN": "azure-cli",
        "SEEDKIT_ENVIRONMENTS__CI_2__ROWS_PER_REQUEST": "20",
    }
    entries = read(file, QA, **variables).entries
    assert entries["qa"].client_id == "app-2"
    assert entries["qa"].tenant == "contoso.example"
    assert entries["qa"].owners == ("a@bank.example", "Tellers")
    assert entries["ci-2"].rows_per_request == 20


@pytest.mark.parametrize(
    ("line", "key", "said"),
    [
        ('client_secret = "hunter22"', "qa.client_secret", "secret"),
        ('password = "hunter22"', "qa.password", "secret"),
        ('refresh_token = "hunter22"', "qa.refresh_token", "secret"),
        ('owners = ["-----BEGIN PRIVATE hunter22"]', "qa.owners", "secret"),
        ('secret_from = "hunter22"', "qa.secret_from", "must name a place"),
        ('proxy = "http://ann:hunter22@proxy.example"', "qa.proxy", "HTTPS_PROXY"),
        ("hunter22", "", "not valid TOML"),
    ],
)
def test_a_secret_in_the_file_is_refused_with_its_place_and_never_shown(
    file: Path, line: str, key: str, said: str
) -> None:
    (fault,) = faults(file, QA + line + "\n")
    assert (fault.file, fault.line, fault.key) == (str(file), 8, key)
    assert said in str(fault)
    assert "hunter22" not in str(fault)


def test_a_secret_of_the_directory_is_known_by_its_look(file: Path) -> None:
    value = "abc8Q~" + "x" * 34
    (fault,) = faults(file, QA.replace("app-1", value))
    assert "SEEDKIT_SECRET_QA" in str(fault)
    assert value not in str(fault)


def test_an_unknown_key_gets_a_suggestion(file: Path) -> None:
    (fault,) = faults(file, QA + 'tennant = "x"\n')
    assert str(fault).endswith(":8: qa.tennant: is not a key of environments. Did you mean tenant?")


def test_all_faults_are_told_at_once(file: Path) -> None:
    text = QA + 'rows_per_request = 5000\n\n[next]\nsign_in = "azure-cli"\n'
    found = [(fault.line, fault.key, fault.problem) for fault in faults(file, text)]
    assert found == [
        (8, "qa.rows_per_request", "must be less than or equal to 1000."),
        (10, "next.url", "is missing."),
    ]


def test_a_fault_of_a_variable_names_the_variable(file: Path) -> None:
    (fault,) = faults(file, QA, SEEDKIT_ENVIRONMENTS__QA__REQUESTS_IN_FLIGHT="many")
    assert fault.file == "SEEDKIT_ENVIRONMENTS__QA__REQUESTS_IN_FLIGHT"


@pytest.mark.parametrize(
    ("cloud", "url", "said"),
    [
        ("commercial", "https://contoso.crm9.dynamics.com", "cloud = gcc"),
        ("gcc", "https://contoso.crm4.dynamics.com", "cloud = commercial"),
        ("dod", "https://contoso.crm.microsoftdynamics.us", "cloud = gcc-high"),
        ("commercial", "https://contoso.crm.dynamics.cn", "cloud = china"),
        ("commercial", "https://contoso.crm.dynamics.com.evil.example", "must have an address"),
        ("commercial", "http://contoso.crm.dynamics.com", "must begin with https"),
    ],
)
def test_an_address_must_belong_to_its_cloud(file: Path, cloud: str, url: str, said: str) -> None:
    text = f'[qa]\nurl = "{url}"\ncloud = "{cloud}"\nsign_in = "azure-cli"\n'
    (fault,) = faults(file, text)
    assert said in str(fault)


@pytest.mark.parametrize(
    ("cloud", "host", "authority"),
    [
        ("commercial", "contoso.api.crm4.dynamics.com", "login.microsoftonline.com"),
        ("gcc", "contoso.crm9.dynamics.com", "login.microsoftonline.com"),
        ("gcc-high", "contoso.crm.microsoftdynamics.us", "login.microsoftonline.us"),
        ("dod", "contoso.crm.appsplatform.us", "login.microsoftonline.us"),
        ("china", "contoso.crm.dynamics.cn", "login.partner.microsoftonline.cn"),
    ],
)
def test_each_cloud_has_its_sign_in_host(file: Path, cloud: str, host: str, authority: str) -> None:
    text = f'[qa]\nurl = "https://{host}"\ncloud = "{cloud}"\ntenant = "t"\nsign_in = "azure-cli"\n'
    assert read(file, text).entries["qa"].authority == f"https://{authority}/t"


def test_what_a_sign_in_needs_is_named(file: Path) -> None:
    (fault,) = faults(file, '[qa]\nurl = "https://a.crm.dynamics.com"\nsign_in = "certificate"\n')
    assert "needs tenant and client_id and certificate" in fault.problem


@pytest.mark.parametrize("name", ["local", "QA", "q_a", "x" * 41])
def test_names_are_plain_words(file: Path, name: str) -> None:
    (fault,) = faults(file, f'[{name}]\nurl = "https://a.crm.dynamics.com"\n')
    assert "no name" in fault.problem


def test_words_find_their_environment(file: Path) -> None:
    directory = read(file, QA)
    assert directory.find("qa").configured is directory.entries["qa"]
    assert directory.find("https://contoso-qa.crm4.dynamics.com/x").name == "qa"
    assert directory.find("local").url == LOCAL_URL
    assert directory.find("https://other.crm.dynamics.com").configured is None
    with pytest.raises(UnknownNameError, match="Did you mean qa"):
        directory.find("qaa")


def test_ceilings_only_lower(file: Path) -> None:
    target = read(file, QA + "rows_per_request = 50\nrequests_in_flight = 4\n").find("qa")
    assert [target.rows_per_request(250), target.rows_per_request(10)] == [50, 10]
    assert [target.requests_in_flight(48), target.requests_in_flight(2)] == [4, 2]
    free = read(file, QA).find("qa")
    assert (free.rows_per_request(250), free.requests_in_flight(48)) == (250, 48)
