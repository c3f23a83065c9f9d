"""`--manifest`: the customers as a file, for whoever doesn't use Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from seedkit.testing import local_environment
from tests.cli.conftest import CommandLine

FEW = ("--profile", "retail", "--set", "showcase=false", "--households", "12")
SEED = ("seed", *FEW, "--run-id", "told-1")


def read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_each_customer_is_a_line_and_every_row_is_there(
    seedkit: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "customers.jsonl"
    with local_environment(served=True) as there:
        seeded = seedkit(*SEED, "--environment", there.origin, "--manifest", str(file), "--json")
        assert seeded.json["manifest"] == str(file)
        customers = read(file)
        assert len(customers) == seeded.json["rows"]["contact"]
        for customer in customers:
            contact = there.client.get(customer["path"]).json()
            assert contact["contactid"] == customer["contact"]
            assert contact["fullname"] == customer["name"]
            assert contact["birthdate"] == customer["birthday"]
            assert contact["msfsi_integrationkey"] == customer["integration_key"]
            group = there.client.get(f"msfsi_groups({customer['household']})").json()
            assert group["msfsi_groupid"] == customer["household"]
        behind = [row for c in customers for rows in c["traits"].values() for row in rows]
        assert behind
        for row in behind:
            assert there.client.get(row["path"]).json()[f"{row['table']}id"] == row["id"]


def test_resume_writes_the_same_bytes(seedkit: CommandLine, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    assert seedkit(*SEED, "--manifest", str(one)).code == 0
    two.write_text("something older", encoding="utf-8")
    assert seedkit("resume", "told-1", "--manifest", str(two)).code == 0
    assert two.read_bytes() == one.read_bytes()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["home", "one", "two"]


def test_generate_writes_the_rows_of_its_files_the_same_at_any_time(
    seedkit: CommandLine, tmp_path: Path
) -> None:
    made = ("generate", "--profile", "retail", "--households", "5", "--as-of", "2026-06-30")
    for name in ("a", "b"):
        words = ("--out", str(tmp_path / name), "--manifest", str(tmp_path / f"{name}.jsonl"))
        assert seedkit(*made, *words).code == 0
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
    ids = {
        table: {row[f"{table}id"] for row in read(tmp_path / "a" / f"{table}.jsonl")}
        for table in (file.stem for file in (tmp_path / "a").iterdir())
    }
    customers = read(tmp_path / "a.jsonl")
    assert {customer["contact"] for customer in customers} == ids["contact"]
    for customer in customers:
        for rows in customer["traits"].values():
            assert all(row["id"] in ids[row["table"]] for row in rows)


def test_what_a_profile_leaves_out_is_in_no_manifest(seedkit: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "customers.jsonl"
    for words in (SEED, ("generate", "--profile", "retail", "--out", str(tmp_path / "out"))):
        left_out = (*words, "--set", "skip=[goals, relationships]", "--manifest", str(file))
        assert seedkit(*left_out).code == 0
        tables = {r["table"] for c in read(file) for rows in c["traits"].values() for r in rows}
        assert not tables & {"msfsi_financialgoal", "msfsi_relationship"}
        assert {"msfsi_lifemoment", "msfsi_fi_card"} <= tables
        assert not any("open goal" in customer["traits"] for customer in read(file))


def test_rows_that_were_refused_are_left_out(seedkit: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "customers.jsonl"
    with local_environment(served=True) as there:
        there.fail_next("plugin-refusal", times=7, table="contact", method="POST")
        seeded = seedkit(*SEED, "--environment", there.origin, "--manifest", str(file))
        assert seeded.code == 3
        known = {row["contactid"] for row in there.dump()["contact"]}
        assert {customer["contact"] for customer in read(file)} == known


@pytest.mark.parametrize("command", ["seed", "resume", "generate"])
def test_a_place_of_no_use_is_told_before_anything_is_done(
    seedkit: CommandLine, tmp_path: Path, command: str
) -> None:
    rest = {
        "seed": ("--profile", "quick"),
        "resume": (),
        "generate": ("--profile", "quick", "--out", str(tmp_path / "out")),
    }[command]
    for place in (tmp_path, tmp_path / "missing" / "file"):
        refused = seedkit(command, *rest, "--manifest", str(place))
        assert refused.code == 2
        assert f"The file {place} " in refused.err
        assert "--manifest FILE" in refused.err
    assert not (seedkit.home / "ledger.sqlite3").exists()
    assert not (tmp_path / "out").exists()


def test_a_dry_run_has_no_manifest(seedkit: CommandLine, tmp_path: Path) -> None:
    refused = seedkit(*SEED, "--dry-run", "--manifest", str(tmp_path / "file"))
    assert refused.code == 2
    assert "don't go together" in refused.err
