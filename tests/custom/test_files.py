"""Files hold what a profile adds, though there is no environment to ask."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import CommandLine
from tests.custom.test_columns import KINDS, overrides

OWN = [
    *overrides(KINDS),
    "columns.contact.preferredappointmentdaycode={one_of: [Monday]}",
    "columns.contact.lastonholdtime={days: -1}",
    "columns.contact.anniversary={days: 0}",
    "generators.loyalty.share=0.6",
    "skip=[goals]",
]


def generate(seedkit: CommandLine, out: Path, *sets: str, form: str = "jsonl") -> Path:
    words = [word for one in sets for word in ("--set", one)]
    common = ["--profile", "quick", "--as-of", "2026-06-30", "--out", str(out), "--format", form]
    assert seedkit("generate", *common, *words).code == 0
    return out


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.usefixtures("loyalty_installed")
def test_files_hold_columns_and_rows_of_plugins(seedkit: CommandLine, tmp_path: Path) -> None:
    out = generate(seedkit, tmp_path / "out", *OWN)
    contacts, members = rows(out / "contact.jsonl"), rows(out / "loy_membership.jsonl")
    first = contacts[0]
    assert first["cr1_source"] == "seedkit"
    assert first["cr1_segment@odata.bind"] == "/cr1_segments(cr1_code='A')"
    assert first["preferredappointmentdaycode"] == 1  # the shipped schema knows the option
    assert first["lastonholdtime"] == "2026-06-29T12:00:00Z"  # and that this is a moment
    assert first["anniversary"] == "2026-06-30"  # and this a day
    ids = {row["contactid"] for row in contacts}
    assert {row["loy_Customer@odata.bind"][10:-1] for row in members} <= ids
    assert not (out / "msfsi_financialgoal.jsonl").exists()


@pytest.mark.usefixtures("loyalty_installed")
def test_what_is_added_changes_no_id(seedkit: CommandLine, tmp_path: Path) -> None:
    plain = generate(seedkit, tmp_path / "plain")
    more = generate(seedkit, tmp_path / "more", *OWN)
    for path in sorted(plain.iterdir()):
        if path.name not in ("contact.jsonl", "msfsi_financialgoal.jsonl"):
            assert path.read_bytes() == (more / path.name).read_bytes()
    own = {*KINDS, "cr1_segment@odata.bind", "preferredappointmentdaycode"}
    own |= {"lastonholdtime", "anniversary"}
    for before, after in zip(
        rows(plain / "contact.jsonl"), rows(more / "contact.jsonl"), strict=True
    ):
        assert {name: value for name, value in after.items() if name not in own} == before


@pytest.mark.usefixtures("loyalty_installed")
def test_tables_of_values_have_every_column(seedkit: CommandLine, tmp_path: Path) -> None:
    out = generate(seedkit, tmp_path / "out", *OWN, form="csv")
    with (out / "contact.csv").open(encoding="utf-8", newline="") as file:
        contacts = list(csv.DictReader(file))
    assert set(KINDS) - {"cr1_segment"} <= set(contacts[0])
    assert {row["cr1_vip"] for row in contacts} == {"true", "false"}


def test_show_prints_what_is_added(seedkit: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(
        "extends: quick\nskip: [goals]\ngenerators: {loyalty: {share: 0.4}}\n"
        "columns: {contact: {cr1_vip: {yes: 0.5}, cr1_source: seedkit}}\n",
        encoding="utf-8",
    )
    shown = seedkit("profiles", "show", str(file)).out
    for text in ("columns.contact.cr1_vip", "{yes: 0.5}", "seedkit", "[goals]", "{share: 0.4}"):
        assert text in shown
    whole = seedkit("profiles", "show", str(file), "--json").json
    assert whole["columns"]["contact"]["cr1_source"]["value"] == "seedkit"
    assert (whole["skip"], whole["generators"]) == (["goals"], {"loyalty": {"share": 0.4}})


def test_exit_codes_tell_the_profile_from_the_environment(
    seedkit: CommandLine, tmp_path: Path
) -> None:
    wrong = seedkit("seed", "--profile", "quick", "--set", "columns.contact.contactid=x")
    assert (wrong.code, "carries the run's mark" in wrong.err) == (2, True)
    missing = seedkit("seed", "--profile", "quick", "--set", "columns.contact.cr1_no=x")
    assert (missing.code, "contact.cr1_no is no column there" in missing.err) == (4, True)
    unknown = seedkit("seed", "--profile", "quick", "--set", "generators.tombola={}")
    assert (unknown.code, "pip install" in unknown.err) == (2, True)


@pytest.mark.usefixtures("loyalty_installed")
def test_a_dry_run_counts_rows_of_plugins(seedkit: CommandLine) -> None:
    from seedkit.settings import LOCAL

    words = ["--profile", "quick", "--set", "columns.contact.nickname=x", "--dry-run", "--json"]
    dry = seedkit("seed", *words)
    assert dry.code == 0
    assert dry.json["environment"]["name"] == LOCAL
