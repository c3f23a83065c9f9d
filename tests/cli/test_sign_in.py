"""Signed in from the command line: seeding with a client secret, and nothing secret anywhere."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from seedkit import signin
from seedkit.signin.azure_cli import Finished
from seedkit.testing import RunningEnvironment, local_environment
from tests.cli.conftest import CommandLine
from tests.signin.directory import CLIENT, SECRET, TENANT, Directory, serve

WHERE = ("--environment", "qa")
SEED = ("seed", "--profile", "quick", "--households", "1", "--run-id", "signed-1", *WHERE)


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Directory]:
    with serve() as directory:
        monkeypatch.setattr(signin, "open_session", lambda *_: directory.session())
        yield directory


@pytest.fixture
def there() -> Iterator[RunningEnvironment]:
    with local_environment(served=True, settings={"sign_in_required": True}) as there:
        yield there


def administrator(there: RunningEnvironment) -> str:
    """Return the id of who calls without a token, which is let in for a moment."""
    there.change_settings(sign_in_required=False)
    found = there.client.get("WhoAmI").json()["UserId"]
    there.change_settings(sign_in_required=True)
    return str(found)


def named(
    seedkit: CommandLine, there: RunningEnvironment, directory: Directory, sign_in: str, *more: str
) -> None:
    user = administrator(there)
    directory.resource = there.origin
    directory.mint = lambda: there.sign_in(user)
    keys = {"url": there.origin, "sign_in": sign_in, "tenant": TENANT, "client_id": CLIENT}
    lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    seedkit.home.mkdir(exist_ok=True)
    text = "\n".join(["[qa]", *lines, *more, ""])
    (seedkit.home / "environments.toml").write_text(text, encoding="utf-8")


def test_seed_and_purge_with_a_client_secret(
    seedkit: CommandLine,
    there: RunningEnvironment,
    directory: Directory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named(seedkit, there, directory, "client-secret")
    missing = seedkit("auth", "status", *WHERE)
    assert (missing.code, "SEEDKIT_SECRET_QA" in missing.err) == (4, True)
    monkeypatch.setenv("SEEDKIT_SECRET_QA", SECRET)
    assert seedkit(*SEED).code == 0
    assert directory.grants() == ["client_credentials"]  # one token for the whole command
    assert seedkit("verify", "signed-1").code == 0
    assert seedkit("purge", "signed-1", "--yes").code == 0


def test_tokens_are_renewed_in_the_middle_of_a_run(
    seedkit: CommandLine,
    there: RunningEnvironment,
    directory: Directory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named(seedkit, there, directory, "client-secret")
    monkeypatch.setenv("SEEDKIT_SECRET_QA", SECRET)
    user = administrator(there)
    first = iter([there.sign_in(user, seconds=1)])
    directory.mint = lambda: next(first, None) or there.sign_in(user)
    directory.seconds = 200  # within the margin: asked for again before every request
    assert seedkit(*SEED).code == 0
    assert len(directory.issued) > 10


def test_a_token_that_is_refused_is_renewed_once_and_then_it_stops(
    seedkit: CommandLine,
    there: RunningEnvironment,
    directory: Directory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named(seedkit, there, directory, "client-secret")
    monkeypatch.setenv("SEEDKIT_SECRET_QA", SECRET)
    user = administrator(there)
    tokens = iter(["planted-refused-token"])
    directory.mint = lambda: next(tokens, None) or there.sign_in(user)
    assert seedkit("auth", "status", *WHERE).code == 0
    assert len(directory.issued) == 2

    directory.issued.clear()
    directory.mint = lambda: "planted-refused-token"
    stopped = seedkit(*SEED)
    assert (stopped.code, len(directory.issued)) == (4, 2)
    assert "also after one renewal" in stopped.err


def test_auth_status_says_who_we_are_without_a_token(
    seedkit: CommandLine,
    there: RunningEnvironment,
    directory: Directory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named(seedkit, there, directory, "client-secret")
    monkeypatch.setenv("SEEDKIT_SECRET_QA", SECRET)
    status = seedkit("auth", "status", *WHERE, "--json")
    assert status.json["user"] == administrator(there)
    assert (status.json["environment"], status.json["sign_in"]) == ("qa", "client-secret")
    shown = seedkit("auth", "status", *WHERE)
    for token in directory.issued:
        assert token not in status.out + status.err + shown.out + shown.err
    assert seedkit("auth", "status").code == 0  # the local environment needs no sign-in


def test_log_in_and_out_by_device_code(
    seedkit: CommandLine, there: RunningEnvironment, directory: Directory
) -> None:
    named(seedkit, there, directory, "device-code", 'token_cache = "plain-text"')
    nobody = seedkit("auth", "status", *WHERE)
    assert (nobody.code, "seedkit auth login --environment qa" in nobody.err) == (4, True)
    login = seedkit("auth", "login", *WHERE)
    assert (login.code, "enter AB12" in login.err) == (0, True), login.err
    assert seedkit("auth", "status", *WHERE).code == 0
    kept = seedkit("environments", "remove", "qa")
    assert (kept.code, "seedkit auth logout --environment qa" in kept.err) == (2, True)
    assert "Signed out of qa" in seedkit("auth", "logout", *WHERE).err
    assert list((seedkit.home / "tokens").iterdir()) == []
    assert seedkit("auth", "status", *WHERE).code == 4


def test_log_in_is_for_people(
    seedkit: CommandLine, there: RunningEnvironment, directory: Directory
) -> None:
    named(seedkit, there, directory, "client-secret")
    assert seedkit("auth", "login", *WHERE).code == 2
    assert seedkit("auth", "logout").code == 2
    named(seedkit, there, directory, "device-code", 'token_cache = "memory"')
    assert seedkit("auth", "login", *WHERE).code == 2


def test_an_azure_cli_login_is_used(
    seedkit: CommandLine,
    there: RunningEnvironment,
    directory: Directory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named(seedkit, there, directory, "azure-cli")
    token = there.sign_in(administrator(there))
    answer = json.dumps({"accessToken": token, "expires_on": 4000000000})
    monkeypatch.setattr("seedkit.workplace.signing._run", lambda _: Finished(0, answer, ""))
    assert seedkit("environments", "test", "qa").code == 0


def _everything(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()


def test_nothing_secret_is_left_anywhere(
    seedkit: CommandLine,
    there: RunningEnvironment,
    directory: Directory,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    named(seedkit, there, directory, "client-secret")
    monkeypatch.setenv("SEEDKIT_SECRET_QA", SECRET)
    said = []
    for words in (SEED, ("auth", "status", *WHERE), ("purge", "signed-1", "--dry-run"), ("runs",)):
        result = seedkit(*words)
        assert result.code == 0, result.err
        said += [result.out, result.err]
    purged = seedkit("purge", "signed-1", "--yes", "--json")
    directory.mint = lambda: "planted-refused-token"
    stopped = seedkit(*SEED, "--json")
    assert stopped.code == 4
    shown = seedkit("--debug", *SEED)
    assert shown.code == 4
    assert "Traceback" in shown.err
    monkeypatch.setenv("SEEDKIT_SECRET_QA", f"{SECRET}-but-wrong")
    wrong = seedkit("--quiet", *SEED)
    assert wrong.code == 4
    printed = capsys.readouterr()
    said += [purged.out, purged.err, stopped.out, stopped.err, wrong.out, wrong.err]
    said += [shown.out, shown.err, printed.out, printed.err, caplog.text]
    assert "signed-1" in caplog.text + "".join(said)
    secrets = [SECRET, "planted", *directory.issued]
    assert len(directory.issued) >= 3
    for secret in secrets:
        assert not [text for text in said if secret in text], secret
        leaks = [name for name, content in _everything(seedkit.home) if secret.encode() in content]
        assert leaks == [], secret
    kinds = {name.rpartition(".")[2] for name, _ in _everything(seedkit.home)}
    assert {"toml", "sqlite3", "jsonl"} <= kinds


def test_a_sign_in_that_ends_in_the_middle_is_resumed(
    seedkit: CommandLine,
    there: RunningEnvironment,
    directory: Directory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named(seedkit, there, directory, "client-secret")
    monkeypatch.setenv("SEEDKIT_SECRET_QA", SECRET)
    user = administrator(there)
    good = [there.sign_in(user) for _ in range(60)]
    directory.mint = lambda: good.pop() if good else "planted-refused-token"
    directory.seconds = 200  # a new token for each request, until there are no good ones
    stopped = seedkit(*SEED)
    assert stopped.code == 4
    assert "Go on with: seedkit resume signed-1" in stopped.err
    directory.mint = lambda: there.sign_in(user)
    directory.seconds = 3600
    assert seedkit("resume", "signed-1", *WHERE).code == 0
    assert seedkit("verify", "signed-1", *WHERE).code == 0


def test_a_secret_that_was_changed_meanwhile_is_put_right(
    seedkit: CommandLine,
    there: RunningEnvironment,
    directory: Directory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named(seedkit, there, directory, "client-secret")
    monkeypatch.setenv("SEEDKIT_SECRET_QA", SECRET)
    there.fail_next("privilege-missing", times=100, table="contact", message="CreateMultiple")
    assert seedkit(*SEED).code == 4
    there.fail_never()
    monkeypatch.setenv("SEEDKIT_SECRET_QA", f"{SECRET}-of-last-month")
    stopped = seedkit("resume", "signed-1", *WHERE)
    assert (stopped.code, "Give its value" in stopped.err) == (4, True)
    monkeypatch.setenv("SEEDKIT_SECRET_QA", SECRET)
    assert seedkit("resume", "signed-1", *WHERE).code == 0
    assert seedkit("verify", "signed-1", *WHERE).code == 0


def test_the_same_token_again_is_no_renewal(
    seedkit: CommandLine,
    there: RunningEnvironment,
    directory: Directory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The Azure CLI gives the token that it has until its end."""
    named(seedkit, there, directory, "azure-cli")
    answer = json.dumps({"accessToken": "x", "expires_on": 4000000000})
    monkeypatch.setattr("seedkit.workplace.signing._run", lambda _: Finished(0, answer, ""))
    said = seedkit("auth", "status", *WHERE)
    assert (said.code, "also after one renewal" in said.err) == (4, True)
