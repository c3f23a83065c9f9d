"""Every way to sign in, against a directory that refuses what is not right."""

from __future__ import annotations

import datetime as dt
import json
import time
import webbrowser
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from seedkit.errors import ConnectionFailedError, SignInError
from seedkit.signin import Token, make_acquirer
from seedkit.signin.applications import AsPerson
from seedkit.signin.azure_cli import Finished
from tests.signin.conftest import World
from tests.signin.directory import ASSERTION, JOB_TOKEN, RESOURCE, SECRET, TENANT, browser

GITHUB = {
    "ACTIONS_ID_TOKEN_REQUEST_URL": "https://pipelines.example/github?x=1",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": JOB_TOKEN,
}
DEVOPS = {
    "SYSTEM_OIDCREQUESTURI": "https://pipelines.example/devops",
    "SYSTEM_ACCESSTOKEN": JOB_TOKEN,
    "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "connection-1",
}


def token(world: World, sign_in: str, **values: Any) -> Token:
    return make_acquirer("qa", world.entry(sign_in, **values), world.outside())(fresh=False)


def person(world: World, sign_in: str) -> AsPerson:
    found = make_acquirer("qa", world.entry(sign_in), world.outside())
    assert isinstance(found, AsPerson)
    return found


def check(world: World, got: Token) -> None:
    """The token is the directory's last one, and ends when the directory said."""
    assert got.value == world.directory.issued[-1]
    assert got.expires_at == pytest.approx(time.time() + world.directory.seconds, abs=30)
    assert got.value not in repr(got)


def test_a_client_secret(world: World) -> None:
    check(world, token(world, "client-secret"))
    assert world.directory.grants() == ["client_credentials"]
    assert world.directory.hosts() == {"login.microsoftonline.com"}


def test_a_wrong_client_secret_is_told_and_not_shown(world: World) -> None:
    world.secret = "planted-but-wrong"
    with pytest.raises(SignInError, match="AADSTS7000215") as caught:
        token(world, "client-secret")
    assert "Give its value, not its id" in str(caught.value.hint)
    assert "planted" not in f"{caught.value.message} {caught.value.hint}"
    assert "Trace ID" not in caught.value.message


@pytest.mark.parametrize(
    ("cloud", "url", "host"),
    [
        ("gcc-high", "https://contoso.crm.microsoftdynamics.us", "login.microsoftonline.us"),
        ("china", "https://contoso.crm.dynamics.cn", "login.partner.microsoftonline.cn"),
    ],
)
def test_other_clouds_have_directories_of_their_own(
    world: World, cloud: str, url: str, host: str
) -> None:
    with pytest.raises(SignInError, match="AADSTS70011"):  # the scope is the environment's
        token(world, "client-secret", cloud=cloud, url=url)
    assert world.directory.hosts() == {host}


class Key:
    """A private key with its certificate, as files."""

    def __init__(self, folder: Path) -> None:
        self.key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "seedkit")])
        begin = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        self.certificate = (
            x509.CertificateBuilder(name, name, self.key.public_key(), 1)
            .not_valid_before(begin)
            .not_valid_after(begin + dt.timedelta(days=3650))
            .sign(self.key, hashes.SHA256())
        )
        self.folder = folder

    def pem(self, passphrase: bytes | None = None) -> Path:
        file = self.folder / "key.pem"
        form = serialization.PrivateFormat.PKCS8
        encoding = serialization.Encoding.PEM
        own = self.key.private_bytes(encoding, form, _lock(passphrase))
        file.write_bytes(own + self.certificate.public_bytes(encoding))
        return file

    def pfx(self, passphrase: bytes) -> Path:
        file = self.folder / "key.pfx"
        lock = _lock(passphrase)
        content = pkcs12.serialize_key_and_certificates(
            b"k", self.key, self.certificate, None, lock
        )
        file.write_bytes(content)
        return file


def _lock(passphrase: bytes | None) -> serialization.KeySerializationEncryption:
    if passphrase is None:
        return serialization.NoEncryption()
    return serialization.BestAvailableEncryption(passphrase)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return Key(tmp_path_factory.mktemp("key"))


@pytest.mark.parametrize("kind", ["pem", "locked", "pfx"])
def test_a_certificate(world: World, key: Key, kind: str) -> None:
    world.directory.public_key = key.key.public_key()
    world.secret = None if kind == "pem" else SECRET
    lock = SECRET.encode()
    file = {"pem": key.pem, "locked": lambda: key.pem(lock), "pfx": lambda: key.pfx(lock)}[kind]()
    check(world, token(world, "certificate", certificate=str(file)))


def test_a_certificate_that_the_directory_does_not_know(world: World, key: Key) -> None:
    world.directory.public_key = rsa.generate_private_key(65537, 2048).public_key()
    world.secret = None
    with pytest.raises(SignInError, match="AADSTS700213"):
        token(world, "certificate", certificate=str(key.pem()))


@pytest.mark.parametrize(
    ("content", "said"), [(None, "can't be read"), ("x", "does not hold both")]
)
def test_a_certificate_s_file_of_no_use(world: World, content: str | None, said: str) -> None:
    file = world.folder / "bad.pem"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(SignInError, match=said):
        token(world, "certificate", certificate=str(file))


def test_a_passphrase_that_is_wrong(world: World, key: Key) -> None:
    world.secret = "planted-but-wrong"
    with pytest.raises(SignInError) as caught:
        token(world, "certificate", certificate=str(key.pfx(b"right")))
    assert "planted" not in caught.value.message
    assert caught.value.__cause__ is None


def test_a_device_code(world: World) -> None:
    check(world, token(world, "device-code"))
    assert world.told == ["To sign in, open https://microsoft.com/devicelogin and enter AB12."]
    assert world.directory.pending < 0  # it was asked again until the person was done


def test_a_browser(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "open", browser(world.directory))
    check(world, token(world, "interactive"))
    assert world.directory.grants() == ["authorization_code"]


def test_a_person_is_asked_once_and_then_remembered(world: World) -> None:
    first = token(world, "device-code")
    world.may_ask = False
    assert token(world, "device-code").value == first.value
    renewed = person(world, "device-code")(fresh=True)
    check(world, renewed)
    assert renewed.value != first.value
    assert world.directory.grants()[-1] == "refresh_token"
    assert len(world.told) == 1


def test_nobody_is_asked_without_a_terminal(world: World) -> None:
    world.may_ask = False
    with pytest.raises(SignInError, match="Nobody is signed in to qa") as caught:
        token(world, "device-code")
    assert "seedkit auth login --environment qa" in str(caught.value.hint)


def test_a_revoked_session_stops_a_run_and_asks_nobody(world: World) -> None:
    way = person(world, "device-code")
    way(fresh=False)
    world.directory.revoked = True
    with pytest.raises(SignInError, match="AADSTS50173"):
        way(fresh=True)
    assert len(world.told) == 1


def test_log_in_replaces_and_log_out_forgets(world: World) -> None:
    way = person(world, "device-code")
    way.log_in()
    way.log_in()
    assert len(world.told) == 2
    assert way.log_out() == 1
    assert way.log_out() == 0
    world.may_ask = False
    with pytest.raises(SignInError, match="Nobody is signed in"):
        token(world, "device-code")


@pytest.mark.parametrize("client_id", [None, "own-1"])
def test_a_managed_identity(
    world: World, monkeypatch: pytest.MonkeyPatch, client_id: str | None
) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", "https://machine.example/msi")
    monkeypatch.setenv("IDENTITY_HEADER", "planted-header")
    monkeypatch.delenv("IDENTITY_SERVER_THUMBPRINT", raising=False)
    way = make_acquirer("qa", world.entry("managed-identity", client_id=client_id), world.outside())
    first = way(fresh=False)
    assert first.value == world.directory.issued[-1] == way(fresh=False).value
    assert way(fresh=True).value != first.value
    assert world.directory.asked[0][2].get("client_id") == client_id


def test_a_machine_without_an_identity(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", "https://machine.example/msi")
    monkeypatch.setenv("IDENTITY_HEADER", "another")
    with pytest.raises(SignInError, match="sign-in to qa was refused"):
        token(world, "managed-identity")


@pytest.mark.parametrize("variables", [GITHUB, DEVOPS], ids=["github", "devops"])
def test_a_job_s_identity(world: World, variables: dict[str, str]) -> None:
    world.variables = dict(variables)
    way = make_acquirer("qa", world.entry("workload-identity"), world.outside())
    check(world, way(fresh=False))
    check(world, way(fresh=True))  # with a new assertion, for the first one has ended meanwhile
    paths = [path for _, path, _ in world.directory.asked]
    assert len([path for path in paths if path in {"/github", "/devops"}]) == 2


def test_a_pod_s_identity(world: World) -> None:
    file = world.folder / "assertion"
    file.write_text(ASSERTION + "\n", encoding="utf-8")
    world.variables = {"AZURE_FEDERATED_TOKEN_FILE": str(file)}
    check(world, token(world, "workload-identity"))


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "No workload identity can be had here"),
        ({**GITHUB, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "planted-other"}, "GitHub Actions gave no"),
        ({**DEVOPS, "SYSTEM_ACCESSTOKEN": ""}, "lacks the variable SYSTEM_ACCESSTOKEN"),
        ({"AZURE_FEDERATED_TOKEN_FILE": "nowhere/at/all"}, "can't be read"),
    ],
)
def test_a_job_without_an_identity(world: World, variables: dict[str, str], said: str) -> None:
    world.variables = variables
    with pytest.raises(SignInError, match=said) as caught:
        token(world, "workload-identity")
    assert "planted" not in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize(
    ("ends", "at"),
    [({"expires_on": 4000000000}, 4e9), ({"expiresOn": "2033-05-18 03:33:20.000000"}, None)],
)
def test_the_azure_cli(world: World, ends: dict[str, Any], at: float | None) -> None:
    world.finished = Finished(0, json.dumps({"accessToken": "planted-cli", **ends}), "")
    got = token(world, "azure-cli")
    assert got.value == "planted-cli"
    local = dt.datetime.fromisoformat("2033-05-18 03:33:20").timestamp()
    assert got.expires_at == (local if at is None else at)
    words = ["az", "account", "get-access-token", "--resource", RESOURCE, "--tenant", TENANT]
    assert world.programs == [[*words, "--output", "json"]]


@pytest.mark.parametrize(
    ("finished", "said"),
    [
        (
            Finished(1, "", "ERROR: Please run 'az login' to set up account."),
            "Please run 'az login'",
        ),
        (Finished(0, "planted, no JSON", ""), "something that is no token"),
    ],
)
def test_an_azure_cli_without_a_login(world: World, finished: Finished, said: str) -> None:
    world.finished = finished
    with pytest.raises(SignInError, match=said) as caught:
        token(world, "azure-cli")
    assert "planted" not in caught.value.message


def test_a_directory_out_of_reach(world: World) -> None:
    outside = world.outside()
    way = make_acquirer("qa", world.entry("client-secret"), outside)
    world.directory.port = 1
    outside.session.mount("https://", world.directory.session().get_adapter("https://x"))
    with pytest.raises(ConnectionFailedError, match="gave no answer"):
        way(fresh=False)


def test_the_session_takes_nothing_from_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    from seedkit.signin import open_session

    monkeypatch.setenv("HTTPS_PROXY", "http://elsewhere.example")
    session = open_session("http://proxy.example:8080", Path("ca.pem"))
    found = session.merge_environment_settings("https://x.example", {}, None, None, None)
    assert found["proxies"]["https"] == "http://proxy.example:8080"
    assert found["verify"] == "ca.pem"
