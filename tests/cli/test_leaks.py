"""Nothing secret leaves by any door: what is said, kept, logged, or shown of an error."""

from __future__ import annotations

import base64
import json
import logging
import traceback
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock
from urllib.parse import quote

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from seedkit import signin
from seedkit.cli.app import run
from seedkit.cli.shell import Shell
from seedkit.dataverse.bearer import Bearer
from seedkit.dataverse.client import WebApi, _Request
from seedkit.signin import Token
from seedkit.signin.azure_cli import Finished
from seedkit.testing import RunningEnvironment, local_environment
from tests.cli.conftest import CommandLine
from tests.cli.test_sign_in import WHERE, named
from tests.signin.directory import ASSERTION, JOB_TOKEN, SECRET, Directory, browser, serve
from tests.signin.test_flows import GITHUB, Key

SEED = ("seed", "--profile", "quick", "--households", "1", "--run-id", "leak-1", *WHERE)
REFUSED = "planted-refused-token"
# A device code is not among them: MSAL names it in its own log, when it is spent.
PLANTED = (SECRET, REFUSED, JOB_TOKEN, ASSERTION, "planted-header", "planted-refresh")


@dataclass
class Scan:
    """Everything that could be seen of a command, and of what it leaves behind."""

    home: Path
    seen: dict[str, str] = field(default_factory=dict)

    def add(self, place: str, text: str) -> None:
        self.seen[place] = self.seen.get(place, "") + text

    def add_error(self, place: str, error: BaseException | None) -> None:
        """Add an error as a traceback shows it, and all that it carries, with its causes."""
        if error is None:
            return
        self.add(place, "".join(traceback.format_exception(error)))
        self.add(place, f"{error!r} {error.args!r} {vars(error)!r}")
        for cause in (error.__cause__, error.__context__):
            self.add_error(f"{place} <- {type(cause).__name__}", cause)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Return all files of the home; a token cache in plain text is what was asked for."""
        for path in self.home.rglob("*"):
            if path.is_file() and path.parent.name != "tokens":
                yield str(path.relative_to(self.home)), path.read_bytes()

    def leaks(self, *secrets: str) -> list[tuple[str, str]]:
        """Return where secrets are found, as they are or in another writing."""
        places = {name: text.encode() for name, text in self.seen.items()} | dict(self.files())
        return [
            (secret, name)
            for secret in secrets
            for form in writings(secret)
            for name, content in places.items()
            if form in content
        ]


def writings(secret: str) -> set[bytes]:
    """Return a secret as it is, in base 64 at each of the three places, and as an address has it.

    What base 64 makes of its first and last letters depends on its neighbours.
    """
    plain = secret.encode()
    shifted = {base64.b64encode(b"x" * shift + plain)[4 : -4 or None] for shift in range(3)}
    return {plain, plain.hex().encode(), quote(secret, safe="").encode(), *shifted}


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Directory]:
    with serve() as directory:
        monkeypatch.setattr(signin, "open_session", lambda *_: directory.session())
        yield directory


@pytest.fixture
def there() -> Iterator[RunningEnvironment]:
    with local_environment(served=True, settings={"sign_in_required": True}) as there:
        yield there


@dataclass
class Ground:
    """A home, an environment that wants a sign-in, and a directory that gives one."""

    seedkit: CommandLine
    there: RunningEnvironment
    directory: Directory
    monkeypatch: pytest.MonkeyPatch
    folder: Path

    def name(self, sign_in: str, *more: str) -> None:
        named(self.seedkit, self.there, self.directory, sign_in, *more)


def by_secret(ground: Ground) -> None:
    ground.name("client-secret")
    ground.monkeypatch.setenv("SEEDKIT_SECRET_QA", SECRET)


def by_certificate(ground: Ground) -> None:
    key = Key(ground.folder)
    ground.directory.public_key = key.key.public_key()
    ground.name("certificate", f"certificate = {json.dumps(str(key.pem(SECRET.encode())))}")
    ground.monkeypatch.setenv("SEEDKIT_SECRET_QA", SECRET)


def by_device_code(ground: Ground) -> None:
    ground.name("device-code", 'token_cache = "plain-text"')


def by_browser(ground: Ground) -> None:
    ground.name("interactive", 'token_cache = "plain-text"')
    person = browser(ground.directory)
    ground.monkeypatch.setattr(webbrowser, "open", lambda url, *_, **__: person(url))


def by_job(ground: Ground) -> None:
    ground.name("workload-identity")
    for name, value in GITHUB.items():
        ground.monkeypatch.setenv(name, value)


def by_machine(ground: Ground) -> None:
    ground.name("managed-identity")
    ground.monkeypatch.setenv("IDENTITY_ENDPOINT", "https://machine.example/msi")
    ground.monkeypatch.setenv("IDENTITY_HEADER", "planted-header")


def by_azure_cli(ground: Ground) -> None:
    ground.name("azure-cli")

    def answer(_: object) -> Finished:
        assert ground.directory.mint is not None
        token = ground.directory.mint()
        ground.directory.issued.append(token)
        return Finished(0, json.dumps({"accessToken": token, "expires_on": 4_000_000_000}), "")

    ground.monkeypatch.setattr("seedkit.workplace.signing._run", answer)


WAYS = (by_secret, by_certificate, by_device_code, by_browser, by_job, by_machine, by_azure_cli)
GOOD = (
    ("auth", "login", *WHERE),
    ("auth", "status", *WHERE),
    ("environments", "list", "--json"),
    ("environments", "test", "qa"),
    ("check", *WHERE, "--profile", "quick"),
    ("seed", "--profile", "quick", "--households", "1", "--dry-run", *WHERE),
    SEED,
    ("runs", *WHERE, "--json"),
    ("resume", "leak-1", *WHERE),
    ("verify", "leak-1", *WHERE),
    ("schema", "pull", *WHERE),
    ("purge", "leak-1", "--dry-run", *WHERE),
    ("purge", "leak-1", "--yes", *WHERE),
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_way_in_and_no_command_leaks(
    way: Callable[[Ground], None],
    seedkit: CommandLine,
    there: RunningEnvironment,
    directory: Directory,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    scan, ground = Scan(seedkit.home), Ground(seedkit, there, directory, monkeypatch, tmp_path)
    way(ground)
    for words in GOOD:
        result = seedkit(*words)
        scan.add(" ".join(words), result.out + result.err)
    good = directory.mint
    directory.mint = lambda: REFUSED
    for words in ((*SEED, "--json"), ("auth", "status", *WHERE), ("runs", *WHERE)):
        fail(scan, capsys, *words)
    directory.mint, directory.revoked = good, True
    monkeypatch.setenv("SEEDKIT_SECRET_QA", f"{SECRET}-but-wrong")
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", f"{JOB_TOKEN}-but-wrong")
    monkeypatch.setenv("IDENTITY_HEADER", "planted-header-but-wrong")
    directory.public_key = rsa.generate_private_key(65537, 2048).public_key()
    fail(scan, capsys, *SEED)
    there.fail_next("server-error", times=1000, method="GET")
    fail(scan, capsys, *SEED)
    scan.add("log", caplog.text)
    scan.add("request log", " ".join(f"{entry!r} {entry}" for entry in there.requests))
    scan.add("what was written there", repr(there.dump()))
    assert len(scan.seen) > len(GOOD)
    if way is not by_machine:  # the directory refuses it here, which is the harder case
        assert directory.issued
    assert scan.leaks(*PLANTED, *directory.issued) == []


def fail(scan: Scan, capsys: pytest.CaptureFixture[str], *words: str) -> None:
    """Run a command that may fail, with its message and with `--debug`, which shows the way."""
    run(list(words))
    with mock.patch.object(Shell, "fail", autospec=True, side_effect=Shell.fail) as failing:
        run(["--debug", *words])
    for call in failing.call_args_list:
        scan.add_error(f"{words[0]} --debug", call.args[1])
    printed = capsys.readouterr()
    scan.add(words[0], printed.out + printed.err)


def test_a_secret_in_the_configuration_is_refused_and_not_repeated(
    seedkit: CommandLine, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    seedkit.home.mkdir()
    file = seedkit.home / "environments.toml"
    scan = Scan(tmp_path / "nowhere")
    for line in (
        f'client_secret = "{SECRET}"',
        f'password = "{SECRET}"',
        f'proxy = "http://me:{SECRET}@proxy.example:8080"',
        f'url = "https://me:{SECRET}@contoso.crm4.dynamics.com"',
        f'client_id = "{SECRET}-Ab1~Qx.Zy_9876543210-qwertz"',
        f'secret_from = "{SECRET}"',
    ):
        url = "" if line.startswith("url") else 'url = "https://contoso.crm4.dynamics.com"\n'
        file.write_text(f"[qa]\n{url}{line}\n", encoding="utf-8")
        for words in (("environments", "list"), ("seed", "--profile", "quick", *WHERE, "--json")):
            fail(scan, capsys, *words)
    assert scan.seen["seed"]
    assert scan.leaks(SECRET) == []


def test_what_holds_a_token_does_not_show_it() -> None:
    class Source:
        async def token(self) -> str:
            return REFUSED

        async def renew(self) -> str:
            return REFUSED

    bearer = Bearer(Source())
    bearer._renewed = REFUSED
    api = WebApi(httpx.AsyncHTTPTransport(), "https://contoso.crm4.dynamics.com", bearer=bearer)
    request = httpx.Request("GET", api.url, headers={"Authorization": f"Bearer {REFUSED}"})
    error = httpx.ReadError("gone", request=request)
    sent = _Request("GET", api.url, None, {"Authorization": f"Bearer {REFUSED}"}, 0)
    shown = [api, bearer, sent, request, request.headers, error, vars(error), Token(REFUSED, 0.0)]
    for thing in shown:
        assert REFUSED not in repr(thing), type(thing)


@pytest.mark.parametrize("door", ["said", "kept", "logged", "traceback", "cause", "base 64"])
def test_the_scan_finds_what_is_put_before_it(
    door: str,
    seedkit: CommandLine,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scan = Scan(seedkit.home)
    leak = {
        "said": lambda: Shell().say(SECRET),
        "kept": lambda: (seedkit.home / "report").write_text(SECRET, encoding="utf-8"),
        "logged": lambda: logging.getLogger("httpx").warning("Authorization: %s", SECRET),
        "traceback": lambda: raise_with(SECRET),
        "cause": lambda: raise_from(SECRET),
        "base 64": lambda: print(base64.b64encode(f"app:{SECRET}".encode()).decode()),
    }[door]
    seedkit.home.mkdir()

    def leaky(*_: object) -> int:
        leak()
        return 0

    monkeypatch.setattr("seedkit.cli.runs.list_runs", leaky)
    fail(scan, capsys, "runs")
    scan.add("log", caplog.text)
    assert {secret for secret, _ in scan.leaks(SECRET)} == {SECRET}


def raise_with(secret: str) -> None:
    raise ValueError(f"token={secret}")


def raise_from(secret: str) -> None:
    try:
        raise_with(secret)
    except ValueError:
        raise RuntimeError("something else") from None
