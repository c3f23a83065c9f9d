"""`seedkit.seeded`: seeded, handed over, purged, whatever happens in between."""

from __future__ import annotations

import _thread
import asyncio
import gc
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

import seedkit
from seedkit import signin
from seedkit.cli.app import run
from seedkit.emulator import dump
from seedkit.errors import (
    ConnectionFailedError,
    IncompleteError,
    ProductionError,
    ProfileError,
    RunHeldError,
    SignInError,
    StrangersError,
    UnknownNameError,
    UsageError,
)
from seedkit.ledger import Ledger, RunState
from seedkit.testing import RunningEnvironment, local_environment
from tests.signin.directory import CLIENT, SECRET, TENANT, Directory, serve

AS_OF = date(2026, 6, 30)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEEDKIT_HOME", str(tmp_path / "home"))
    assert run(["--quiet", "runs"]) == 0  # makes the local environment
    return tmp_path / "home"


@pytest.fixture
def there(home: Path) -> Iterator[RunningEnvironment]:
    with local_environment(served=True) as there:
        yield there


def runs(home: Path) -> list[str]:
    return [entry.plan.run_id for entry in Ledger.open(home / "ledger.sqlite3").runs()]


def contents(home: Path) -> dict[str, list[dict[str, object]]]:
    return dump(home / "local.sqlite3")


def test_the_bank_is_there_inside_and_gone_after(home: Path) -> None:
    before = contents(home)
    with seedkit.seeded("quick", households=3, as_of=AS_OF, random_seed=7) as bank:
        assert (bank.environment, bank.url) == ("local", "http://localhost")
        assert (bank.profile, bank.random_seed, bank.as_of) == ("quick", 7, AS_OF)
        assert bank.run.startswith("quick-")
        there = contents(home)
        assert {name: len(there[name]) for name in bank.rows} == bank.rows
        assert {row["contactid"] for row in there["contact"]} == {who.id for who in bank.customers}
        assert bank.lost == {}
        assert runs(home) == [bank.run]
    assert contents(home) == before
    assert runs(home) == []


@pytest.mark.usefixtures("home")
def test_rows_are_read_and_written_by_its_client() -> None:
    with seedkit.seeded("quick", households=3, as_of=AS_OF) as bank:
        who = bank.customer()
        contact = bank.http.get(who.row.path).json()
        assert (contact["fullname"], contact["birthdate"]) == (who.name, str(who.birthday))
        assert bank.http.patch(who.row.path, json={"nickname": "Ann"}).status_code == 204
        assert bank.http.get(who.row.path).json()["nickname"] == "Ann"
        assert bank.http.get("contacts(0)").is_error
        for trait, count in bank.traits.items():
            assert not count or len(bank.find(trait)) == count
        card = bank.find("credit card")[0].traits["credit card"][0]
        assert bank.http.get(card.path).json()[f"{card.table}id"] == card.id


def test_the_error_of_the_block_comes_out_after_the_purge(home: Path) -> None:
    before = contents(home)
    with pytest.raises(ZeroDivisionError), seedkit.seeded("quick", households=2):
        _ = 1 / 0
    assert contents(home) == before


def test_an_unknown_trait_tells_all_of_them_and_purges(home: Path) -> None:
    before = contents(home)
    with (
        pytest.raises(UnknownNameError, match="no trait named 'purple hair'") as caught,
        seedkit.seeded("quick", households=2) as bank,
    ):
        bank.customer("purple hair")
    assert caught.value.__notes__[0].startswith("There are: minor, ")
    assert contents(home) == before


def test_an_interruption_in_the_block_purges(home: Path) -> None:
    before = contents(home)
    with pytest.raises(KeyboardInterrupt), seedkit.seeded("quick", households=2):
        raise KeyboardInterrupt
    assert contents(home) == before


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let SIGINT interrupt; shells let programs that they start in the background ignore it."""
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, handler)


@pytest.mark.usefixtures("interruptible")
def test_an_interruption_while_seeding_purges_what_is_there(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(home)
    from seedkit.load import writer

    send, calls = writer.Work.send, []

    async def interrupted(*args: Any) -> Any:
        result = await send(*args)
        calls.append(args)
        if len(calls) == 5:
            _thread.interrupt_main()
            await asyncio.sleep(30)  # ended by the interruption
        return result

    monkeypatch.setattr(writer.Work, "send", interrupted)
    with pytest.raises(KeyboardInterrupt), seedkit.seeded("quick", households=2):
        pytest.fail("it was not interrupted")
    assert len(calls) >= 5
    assert contents(home) == before
    assert runs(home) == []


def test_strangers_stop_the_purge_and_the_way_on_is_told(home: Path) -> None:
    def leave_a_note() -> None:
        with seedkit.seeded("quick", households=2, run_id="mine-1") as bank:
            who = bank.customer()
            note = {"subject": "Call back", "objectid_contact@odata.bind": f"/{who.row.path}"}
            assert bank.http.post("annotations", json=note).status_code == 204

    with pytest.raises(
        StrangersError, match=r"Nothing was deleted: 1 row .*\n.*'Call back'"
    ) as caught:
        leave_a_note()
    assert "seedkit purge mine-1" in caught.value.__notes__[0]
    assert runs(home) == ["mine-1"]
    assert run(["--quiet", "verify", "mine-1"]) == 0  # all of it is still there


def test_the_error_of_the_block_is_kept_when_the_purge_fails(
    home: Path, there: RunningEnvironment
) -> None:
    def fail() -> None:
        with seedkit.seeded("quick", environment=there.origin, households=2, run_id="mine-2"):
            there.fail_next("privilege-missing", times=100)
            raise AssertionError("my own")

    with pytest.raises(AssertionError, match="my own") as caught:
        fail()
    (note,) = caught.value.__notes__
    assert note.startswith("Run mine-2 was not purged: The environment answered 403")
    assert note.endswith("Purge it with: seedkit purge mine-2")
    there.fail_never()
    assert run(["--quiet", "purge", "mine-2", "--yes"]) == 0
    assert runs(home) == []


@pytest.mark.usefixtures("home")
def test_rows_that_could_not_be_deleted_are_told(there: RunningEnvironment) -> None:
    def refuse_deletes() -> None:
        with seedkit.seeded("quick", environment=there.origin, households=1, run_id="mine-3"):
            delete: Any = {"table": "msfsi_branch", "method": "DELETE", "where": "part"}
            there.fail_next("plugin-refusal", times=1000, **delete)

    with pytest.raises(IncompleteError, match="could not be deleted, such as") as caught:
        refuse_deletes()
    assert "seedkit purge mine-3" in caught.value.__notes__[0]


def test_refused_rows_end_it_unless_they_are_accepted(
    home: Path, there: RunningEnvironment
) -> None:
    before = there.dump()
    wish: Any = {"environment": there.origin, "households": 2, "as_of": AS_OF}
    wish["overrides"] = {"showcase": False}
    refusal: Any = {"table": "msfsi_fi_card", "method": "POST", "times": 9}
    there.fail_next("plugin-refusal", **refusal)
    told = "were refused or skipped, such as msfsi_fi_card"
    with pytest.raises(IncompleteError, match=told), seedkit.seeded("quick", **wish):
        pytest.fail("some of the rows are missing")
    assert there.dump() == before

    there.fail_next("plugin-refusal", **refusal)
    with seedkit.seeded("quick", **wish, accept_refused=True) as bank:
        assert bank.lost
        cards = {row["msfsi_fi_cardid"] for row in there.dump()["msfsi_fi_card"]}
        named = {
            row.id
            for who in bank.customers
            for rows in who.traits.values()
            for row in rows
            if row.table == "msfsi_fi_card"
        }
        assert named <= cards
    assert there.dump() == before


@pytest.mark.usefixtures("home")
def test_it_works_inside_a_running_loop() -> None:
    async def work() -> int:
        with seedkit.seeded("quick", households=1) as bank:
            found = bank.http.get("contacts").json()["value"]
            await asyncio.sleep(0)
            return len(found) - len(bank.customers)

    assert asyncio.run(work()) == 0


def test_the_asynchronous_twin(home: Path) -> None:
    before = contents(home)

    async def work() -> None:
        async with seedkit.aseeded("quick", households=2) as bank:
            answer = await bank.http.get(bank.customer().row.path)
            assert answer.json()["fullname"] == bank.customer().name
        with pytest.raises(ZeroDivisionError):
            async with seedkit.aseeded("quick", households=2):
                _ = 1 / 0

    asyncio.run(work())
    assert contents(home) == before


def test_a_cancelled_task_purges(home: Path) -> None:
    before = contents(home)

    async def work() -> None:
        inside = asyncio.Event()

        async def seed() -> None:
            async with seedkit.aseeded("quick", households=1):
                inside.set()
                await asyncio.sleep(30)

        task = asyncio.create_task(seed())
        await inside.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(work())
    assert contents(home) == before


def test_two_banks_at_the_same_time(home: Path) -> None:
    before = contents(home)
    with (
        seedkit.seeded("quick", households=1) as one,
        seedkit.seeded("quick", households=1) as two,
    ):
        assert {who.id for who in one.customers} & {who.id for who in two.customers} == set()
        assert sorted(runs(home)) == sorted([one.run, two.run])
    assert contents(home) == before


def test_a_home_of_its_own_leaves_the_usual_one_alone(home: Path, tmp_path: Path) -> None:
    before = contents(home)
    with seedkit.seeded("quick", households=1, home=tmp_path / "other") as bank:
        assert contents(home) == before
        assert runs(home) == []
        assert runs(tmp_path / "other") == [bank.run]


def test_production_needs_its_name(home: Path, there: RunningEnvironment) -> None:
    there.change_settings(environment_type="Production")
    before = there.dump()
    wish: Any = {"environment": there.origin, "households": 1}
    with pytest.raises(ProductionError, match="looks like"), seedkit.seeded("quick", **wish):
        pytest.fail("it was let through")
    assert (there.dump(), runs(home)) == (before, [])
    name = "Local environment"
    with seedkit.seeded("quick", **wish, allow_production=name) as bank:
        assert len(bank.customers)
    assert there.dump() == before


def test_a_taken_run_id_leaves_the_other_run_alone(home: Path) -> None:
    seed = ["--quiet", "seed", "--profile", "quick", "--households", "1", "--run-id", "taken-1"]
    assert run(seed) == 0
    again = seedkit.seeded("quick", households=1, run_id="taken-1")
    with pytest.raises(UsageError, match="There already is a run taken-1"), again:
        pytest.fail("two runs of one id")
    assert run(["--quiet", "verify", "taken-1"]) == 0
    assert runs(home) == ["taken-1"]


@pytest.mark.usefixtures("home")
def test_nobody_else_works_on_the_run_while_the_block_runs() -> None:
    with seedkit.seeded("quick", households=1, run_id="held-1"):
        assert run(["--quiet", "resume", "held-1"]) == 5
        again = seedkit.seeded("quick", households=1, run_id="held-1")
        with (
            pytest.raises(RunHeldError, match=r"seedkit\.seeded.* works on run held-1") as caught,
            again,
        ):
            pytest.fail("two runs of one id")
        assert len(caught.value.__notes__) == 1
        assert run(["--quiet", "verify", "held-1"]) == 0


def test_what_is_wrong_is_told_before_anything_is_done(home: Path) -> None:
    wrong: tuple[tuple[type[Exception], dict[str, Any]], ...] = (
        (ProfileError, {"overrides": {"cards.credits": 1}}),
        (UnknownNameError, {"environment": "qa"}),
        (UsageError, {"run_id": "No Id"}),
        (UsageError, {"as_of": "tomorrow"}),
        (SignInError, {"environment": "https://contoso.crm4.dynamics.com"}),
        (ConnectionFailedError, {"environment": "http://127.0.0.1:9"}),
    )
    for kind, options in wrong:
        with pytest.raises(kind), seedkit.seeded("quick", **options):  # type: ignore[arg-type]
            pytest.fail(f"{options} went through")
    assert runs(home) == []


@pytest.mark.usefixtures("home")
def test_overrides_are_a_mapping_or_texts() -> None:
    for overrides in ({"cards.lost_or_stolen": 1.0, "bank.name": "My: Bank"},):
        with seedkit.seeded("quick", households=3, overrides=overrides) as bank:
            assert bank.http.get("msfsi_banks").json()["value"][0]["msfsi_name"] == "My: Bank"
            assert bank.find("lost or stolen card")
    with seedkit.seeded("quick", households=3, overrides=["cards.lost_or_stolen=1.0"]) as bank:
        assert bank.find("lost or stolen card")


def test_after_a_crash_the_command_line_finds_the_run(home: Path) -> None:
    before = contents(home)
    script = (
        "import os, seedkit\n"
        "with seedkit.seeded('quick', households=1, run_id='crash-1') as bank: os._exit(9)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 9
    entry = Ledger.open(home / "ledger.sqlite3").find("crash-1")
    assert entry.state is RunState.SEEDED
    assert run(["--quiet", "purge", "crash-1", "--yes"]) == 0
    assert contents(home) == before


@pytest.mark.usefixtures("home")
def test_the_host_program_is_left_as_it_was() -> None:
    frozen, threads = gc.get_freeze_count(), threading.active_count()
    with seedkit.seeded("quick", households=1):
        pass
    assert gc.get_freeze_count() <= frozen
    assert threading.active_count() == threads


def test_nothing_is_asked_or_printed(
    home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    capfd.readouterr()
    with seedkit.seeded("quick", households=1):
        pass
    assert capfd.readouterr() == ("", "")


def test_the_package_itself_imports_nothing() -> None:
    script = (
        "import sys, seedkit\n"
        "ours = sorted(name for name in sys.modules if name.startswith('seedkit.'))\n"
        "assert ours == [], ours\n"
        "assert callable(seedkit.seeded) and 'seedkit.seeding' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    with pytest.raises(AttributeError, match="no attribute 'seed'"):
        _ = seedkit.seed  # type: ignore[attr-defined]


@pytest.fixture
def signed_in(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningEnvironment]:
    """An environment `qa` that wants a token, by client secret."""
    with serve() as directory, local_environment(served=True) as there:
        _name(home, there, directory)
        monkeypatch.setattr(signin, "open_session", lambda *_: directory.session())
        monkeypatch.setenv("SEEDKIT_SECRET_QA", SECRET)
        yield there


def _name(home: Path, there: RunningEnvironment, directory: Directory) -> None:
    user = there.client.get("WhoAmI").json()["UserId"]
    there.change_settings(sign_in_required=True)
    directory.resource = there.origin
    directory.mint = lambda: there.sign_in(user)
    keys = {"url": there.origin, "sign_in": "client-secret", "tenant": TENANT, "client_id": CLIENT}
    lines = ["[qa]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items()), ""]
    (home / "environments.toml").write_text("\n".join(lines), encoding="utf-8")


def test_a_named_environment_is_signed_in_to(signed_in: RunningEnvironment) -> None:
    with seedkit.seeded("quick", environment="qa", households=1) as bank:
        assert (bank.environment, bank.url) == ("qa", signed_in.origin)
        assert signed_in.client.get("WhoAmI").status_code == 401
        assert bank.http.get(bank.customer().row.path).json()["fullname"] == bank.customer().name


def test_its_token_goes_nowhere_else(
    signed_in: RunningEnvironment, there: RunningEnvironment
) -> None:
    with seedkit.seeded("quick", environment="qa", households=1) as bank:
        bank.http.get(f"{there.base_url}WhoAmI")
        sent: httpx.Request = bank.http.get(f"{there.base_url}WhoAmI").request
        assert "Authorization" not in sent.headers
        assert "Authorization" in bank.http.get("WhoAmI").request.headers
