"""`seedkit emulator`: what a person sees, and with which exit code it ends."""

from __future__ import annotations

import os
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from seedkit.cli.emulator import seed_commands, trust_commands
from seedkit.emulator import create_app, dump, served_at
from seedkit.emulator.certificates import Certificate
from tests.cli.conftest import CommandLine
from tests.emulator.conftest import NOW


def last_name(url: str) -> list[str]:
    found = httpx.get(f"{url}/api/data/v9.2/contacts?$select=lastname", trust_env=False)
    return [row["lastname"] for row in found.json()["value"]]


def add(url: str, name: str) -> None:
    answer = httpx.post(f"{url}/api/data/v9.2/contacts", json={"lastname": name}, trust_env=False)
    assert answer.status_code == 204


@contextmanager
def serving(home: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run `seedkit emulator serve` and yield the process with its lines until it is ready."""
    command = [sys.executable, "-m", "seedkit", "emulator", "serve", "--port", "0", *words]
    variables = {**os.environ, "SEEDKIT_HOME": str(home)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=variables) as process:
        assert process.stderr is not None
        lines = []
        for line in process.stderr:
            lines.append(line.rstrip("\n"))
            if line.startswith("Seed it with"):
                break
        try:
            yield process, lines
        finally:
            process.terminate()


def test_serving_says_where_and_what_next(seedkit: CommandLine) -> None:
    with serving(seedkit.home, "--log") as (process, lines):
        url, note = served_at(seedkit.database) or ("", None)
        assert lines == [
            f"Local environment at {url} (file {seedkit.database}); stop it with Ctrl-C.",
            f"Seed it with: seedkit seed --profile retail --environment {url}",
        ]
        assert note is None
        add(url, "O")
        process.terminate()
        _, rest = process.communicate(timeout=20)
    first, last = rest.splitlines()
    assert first.startswith("POST /api/data/v9.2/contacts 204 ")
    assert first.endswith(" ms 0 B")
    if sys.platform != "win32":  # there a process is ended without being asked
        assert last == "The local environment has stopped."
        assert process.returncode == 0


def test_serving_with_tls_says_how_to_trust_it(seedkit: CommandLine) -> None:
    with serving(seedkit.home, "--tls", "--database", ":memory:") as (_process, lines):
        folder = seedkit.home / "tls"
        assert lines[0].startswith("Local environment at https://127.0.0.1:")
        assert "(in memory)" in lines[0]
        assert f"  export NODE_EXTRA_CA_CERTS={folder / 'authority.pem'}" in lines
        assert f"  export SSL_CERT_FILE={folder / 'bundle.pem'}" in lines
        assert f"  $env:REQUESTS_CA_BUNDLE = '{folder / 'bundle.pem'}'" in lines
    assert sorted(path.name for path in seedkit.home.iterdir()) == ["tls"]


def test_paths_are_quoted_for_both_kinds_of_shells() -> None:
    text = trust_commands(Certificate(Path("/it's mine")))
    assert """export SSL_CERT_FILE='/it'"'"'s mine/bundle.pem'""" in text.replace("\\", "/")
    assert "$env:SSL_CERT_FILE = '/it''s mine/bundle.pem'" in text.replace("\\", "/")


def test_a_served_environment_is_kept_put_back_and_reset(seedkit: CommandLine) -> None:
    with serving(seedkit.home) as (_process, _lines):
        url, _ = served_at(seedkit.database) or ("", None)
        add(url, "A")
        assert seedkit("emulator", "snapshot", "one").err == (
            "Snapshot one made; go back to it with: seedkit emulator restore one\n"
        )
        add(url, "B")
        assert sorted(last_name(url)) == ["A", "B"]
        assert seedkit("emulator", "restore", "one", "--yes").err == (
            "The local environment is as it was in the snapshot one.\n"
        )
        assert last_name(url) == ["A"]
        assert seedkit("emulator", "reset", "--yes").code == 0
        assert last_name(url) == []


def test_snapshots_without_a_server(seedkit: CommandLine) -> None:
    missing = seedkit("emulator", "snapshot", "one")
    assert (missing.code, missing.out) == (2, "")
    assert "There is no local environment" in missing.err
    none = seedkit("emulator", "snapshots")
    assert (none.code, none.out) == (0, "")
    assert "seedkit emulator snapshot NAME" in none.err
    seedkit("seed", "--profile", "retail", "--households", "1")
    before = dump(seedkit.database)
    assert seedkit("emulator", "snapshot", "one").code == 0
    assert seedkit("emulator", "snapshots").out == "one\n"
    assert seedkit("emulator", "snapshots", "--json").json == ["one"]
    assert seedkit("purge", "--yes").code == 0
    assert seedkit("emulator", "restore", "one", "--yes").code == 0
    assert dump(seedkit.database) == before
    assert seedkit("emulator", "snapshots", "--delete", "one").code == 0
    assert seedkit("emulator", "snapshots", "--json").json == []


def test_going_back_is_asked_about_and_never_to_the_unknown(seedkit: CommandLine) -> None:
    seedkit("seed", "--profile", "retail", "--households", "1")
    seedkit("emulator", "snapshot", "one")
    asked = seedkit("emulator", "restore", "one")
    assert asked.code == 5
    assert "seedkit emulator restore one --yes" in asked.err
    unknown = seedkit("emulator", "restore", "two", "--yes")
    assert unknown.code == 2
    assert "There is no snapshot named two; there are: one." in unknown.err


def test_going_back_under_a_process_that_cannot_be_told_is_refused(seedkit: CommandLine) -> None:
    seedkit("seed", "--profile", "retail", "--households", "1")
    seedkit("emulator", "snapshot", "one")
    app = create_app(seedkit.database, clock=lambda: NOW)
    try:
        for words in (("restore", "one"), ("reset",)):
            refused = seedkit("emulator", *words, "--yes")
            assert refused.code == 5
            assert "is in use by another process" in refused.err
    finally:
        app.state.close()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--database", "a.db", "--database", "./a.db"), "was named twice"),
        (("--faults", "nowhere.toml"), "nowhere.toml can't be read"),
        (("--host", "0.0.0.0"), "No such option"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_sentence(
    seedkit: CommandLine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = seedkit("emulator", "serve", "--port", "0", *words)
    assert result.code == 2
    assert said in result.err
    assert "Traceback" not in result.err


def test_every_hint_keeps_the_file_that_was_given(seedkit: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "my file.sqlite3"
    given = ("--database", str(file))
    kept = f"--database {shlex.quote(str(file))}"
    missing = seedkit("emulator", "snapshot", "q", *given)
    assert f"Make one with: seedkit emulator serve {kept}\n" in missing.err
    assert (
        f"seedkit emulator snapshot NAME {kept}\n" in seedkit("emulator", "snapshots", *given).err
    )
    create_app(file, clock=lambda: NOW).state.close()
    for words in (("restore", "zz"), ("snapshots", "--delete", "zz")):
        unknown = seedkit("emulator", *words, *given)
        assert f"Make one with: seedkit emulator snapshot zz {kept}\n" in unknown.err
    made = seedkit("emulator", "snapshot", "one", *given)
    assert f"seedkit emulator restore one {kept}\n" in made.err
    for line in ("restore one", "reset"):
        asked = seedkit("emulator", *line.split(), *given)
        assert asked.code == 5
        assert f"To go ahead: seedkit emulator {line} {kept} --yes\n" in asked.err


def test_the_hint_about_another_versions_file_names_it(seedkit: CommandLine) -> None:
    file = seedkit.home.parent / "old.db"
    create_app(file, clock=lambda: NOW).state.close()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE environment SET value = 'x' WHERE name = 'tables'")
    refused = seedkit("emulator", "serve", "--port", "0", "--database", str(file))
    assert refused.code == 4
    assert f"seedkit emulator reset --database {shlex.quote(str(file))}\n" in refused.err


def test_a_file_of_something_else_is_never_to_be_reset(
    seedkit: CommandLine, tmp_path: Path
) -> None:
    junk = tmp_path / "junk.sqlite3"
    junk.write_text("junk")
    refused = seedkit("emulator", "serve", "--port", "0", "--database", str(junk))
    assert refused.code == 2
    assert f"Delete {junk} if it is not needed" in refused.err
    assert "emulator reset" not in refused.err


def test_more_files_than_ports_are_refused_before_anything_is_made(
    seedkit: CommandLine, tmp_path: Path
) -> None:
    files = ("--database", str(tmp_path / "a"), "--database", str(tmp_path / "b"))
    refused = seedkit("emulator", "serve", "--port", "65535", *files)
    assert refused.code == 2
    assert "From port 65535 on there are not 2 ports" in refused.err
    assert "65534" in refused.err
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_file_is_not_made(seedkit: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "none" / "dir" / "x.sqlite3"
    refused = seedkit("emulator", "serve", "--port", "0", "--database", str(file))
    assert refused.code == 2
    assert f"There is no folder {file.parent}." in refused.err
    assert list(tmp_path.iterdir()) == []


def test_each_of_several_environments_is_told_how_to_seed() -> None:
    assert seed_commands(["http://a", "http://b"]).splitlines() == [
        "Seed them with:",
        "  seedkit seed --profile retail --environment http://a",
        "  seedkit seed --profile retail --environment http://b",
    ]
