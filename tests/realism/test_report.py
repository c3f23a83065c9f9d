"""The report: gates, groups, what is only shown; the command and its page."""

from __future__ import annotations

import json
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from seedkit.extract.writing import write_population
from seedkit.profile import read_profile
from seedkit.progress import Unwatched
from seedkit.realism.invariants.model import Finding
from seedkit.realism.measuring import measure_files, measure_profile
from seedkit.realism.report import Report, by_group, document, status, worst
from seedkit.realism.scoring import GATES, OTHER, Verdict
from seedkit.realism.targets import Target, load_targets
from tests.cli.conftest import CommandLine, seedkit

from .conftest import AS_OF, World

__all__ = ["seedkit"]

SHOWN = load_targets("en_US").measured


def verdict(group: str, holds: bool, **more) -> Verdict:
    target: Target = replace(SHOWN[0], group=group, **more)
    return Verdict(target, "all", 50.0, 50.0 if holds else 70.0, 3.0, 1_000.0)


def report(world: World, *verdicts: Verdict, findings: tuple[Finding, ...] = ()) -> Report:
    about = replace(world.about, households=10_000)
    return Report("retail", about, verdicts, (), findings)


@pytest.mark.parametrize(
    ("group", "off", "of", "passes"),
    [
        ("ownership", 3, 338, True),
        ("ownership", 4, 338, False),
        ("medians", 26, 327, True),
        ("medians", 27, 327, False),
        ("dependence", 0, 12, True),
        ("dependence", 1, 12, False),
        ("household", 4, 40, True),
        ("household", 5, 40, False),
    ],
)
def test_gates_need_their_share(world: World, group: str, off: int, of: int, passes: bool) -> None:
    verdicts = [verdict(group, row >= off) for row in range(of)]
    found = report(world, *verdicts)
    assert found.passes is passes
    (gate,) = [result for result in found.gates if result.cells]
    assert gate.gate.name == (group if group in {g.name for g in GATES} else OTHER)
    assert (gate.cells, gate.holding) == (of, of - off)


def test_what_is_recalled_or_aside_gates_nothing(world: World) -> None:
    shown = [
        verdict("wealth", False, verified=False),
        verdict("wealth", False, aside="another survey"),
    ]
    found = report(world, verdict("wealth", True), *shown)
    assert found.passes
    assert [status(v) for v in found.verdicts] == ["holds", "recalled", "aside"]
    (line,) = by_group(found.verdicts)
    assert (line.holding, line.counted, line.aside) == (1, 1, 2)


def test_a_broken_rule_fails_whatever_the_figures_say(world: World) -> None:
    broken = (Finding("a", "so", 10, 0), Finding("b", "thus", 10, 2), Finding("c", "yes", 10, 5))
    found = report(world, verdict("wealth", True), findings=broken)
    assert not found.passes
    assert [finding.name for finding in found.broken] == ["c", "b"]


def test_few_households_are_judged_by_rules_alone(world: World) -> None:
    bad = report(world, verdict("ownership", False))
    assert not bad.passes
    assert replace(bad, about=replace(bad.about, households=299)).passes


def test_the_worst_comes_first(world: World) -> None:
    found = report(world, verdict("a", True), verdict("b", False), verdict("c", True))
    assert [v.target.group for v in worst(found.verdicts)] == ["b", "a", "c"]
    assert [line.group for line in by_group(found.verdicts)] == ["b", "a", "c"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bank")
    profile = read_profile("quick", ["households=300"]).profile
    write_population("quick", profile, AS_OF, out, Unwatched())
    return out


def test_files_measure_as_the_population_they_were_written_from(folder: Path) -> None:
    made, _ = measure_profile("quick", read_profile("quick", ["households=300"]).profile, AS_OF)
    read, _ = measure_files(folder)
    assert document(read)["cells"] == document(made)["cells"]
    assert {f.name: f.count for f in read.findings} == {
        f.name: f.count for f in made.findings if f.name.startswith("files.")
    }


def test_a_bank_of_tenants_fails_and_says_by_how_much(seedkit: CommandLine) -> None:
    words = ("--households", "600", "--set", "people.owners=0.05", "--json")
    result = seedkit("realism", "--profile", "retail", *words)
    assert result.code == 1
    told = result.json
    assert told["holds"] is False
    assert told["gating"] is True
    assert [gate["gate"] for gate in told["gates"]] == [gate.name for gate in GATES]
    z = [abs(cell["z"]) for cell in told["cells"]]
    assert z == sorted(z, reverse=True)
    assert all(rule["broken"] == 0 for rule in told["invariants"])
    assert all(cell["source"] and cell["publisher"] for cell in told["cells"])


def test_a_few_households_are_shown_and_pass(seedkit: CommandLine) -> None:
    result = seedkit("realism", "--profile", "quick", "--households", "30")
    assert result.code == 0
    assert "gate nothing" in result.err
    for heading in ("Groups", "Gates", "Rules: "):
        assert heading in result.out


def test_all_prints_every_cell(seedkit: CommandLine) -> None:
    short = seedkit("realism", "--profile", "quick", "--households", "30").out
    long = seedkit("realism", "--profile", "quick", "--households", "30", "--all").out
    assert len(long.splitlines()) > len(short.splitlines())


def test_a_folder_with_a_broken_rule_fails(
    seedkit: CommandLine, folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path / "bad")
    file = tmp_path / "bad" / "households.csv"
    file.write_text(
        re.sub(r"^(H2,\w+),\d", r"\1,9", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    about = json.loads((tmp_path / "bad" / "run.json").read_text(encoding="utf-8")) | {
        "households": 20
    }
    (tmp_path / "bad" / "run.json").write_text(json.dumps(about))
    result = seedkit("realism", "--files", str(tmp_path / "bad"), "--json")
    assert result.code == 1
    broken = [rule["rule"] for rule in result.json["invariants"] if rule["broken"]]
    assert broken == ["files.size"]


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--households", "20"),
        ("--profile", "quick", "--files", "there"),
        ("--files", "there", "--random-seed", "3"),
    ],
)
def test_one_thing_is_measured(seedkit: CommandLine, words: tuple[str, ...]) -> None:
    result = seedkit("realism", *words)
    assert result.code == 2
    assert "Either a profile or a folder" in result.err


def test_a_folder_without_files_is_told(seedkit: CommandLine, tmp_path: Path) -> None:
    result = seedkit("realism", "--files", str(tmp_path))
    assert result.code == 2
    assert "run.json: can't be used" in result.err


def test_an_unknown_country_has_no_targets(
    seedkit: CommandLine, folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path / "far")
    file = tmp_path / "far" / "run.json"
    file.write_text(file.read_text(encoding="utf-8").replace("en_US", "fr_FR"))
    result = seedkit("realism", "--files", str(tmp_path / "far"))
    assert result.code == 2
    assert "'fr_FR'" in result.err


def test_the_page_is_one_file_with_plots_and_gives_the_same_bytes(folder: Path) -> None:
    pytest.importorskip("matplotlib")
    from seedkit.realism.page import render_page

    found, frames = measure_files(folder)
    few = tuple(
        v
        for v in found.verdicts
        if v.target.id in {"us.income", "us.adult_age", "us.rank.age.income"}
        or v.target.id.split(".")[1:3] in (["own", "checking"], ["median", "checking"])
    )
    page = render_page(replace(found, verdicts=few), frames)
    assert page.count("<svg") == 5  # all distances, the spread of income, two tables, checking
    assert not re.search(r"(src|href)=.https?:|<script|<link|@import", page)
    assert "American Community Survey" in page
    assert render_page(replace(found, verdicts=few), frames) == page


def test_a_page_that_can_not_be_written_is_told(
    seedkit: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = pytest.importorskip("seedkit.realism.page", exc_type=ImportError)
    monkeypatch.setattr(page, "render_page", lambda report, frames: "drawn")
    words = ("realism", "--profile", "quick", "--households", "2", "--html")
    assert seedkit(*words, str(tmp_path / "page.html")).code == 0
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == "drawn"
    result = seedkit(*words, str(tmp_path / "no" / "page.html"))
    assert result.code == 2
    assert "can't be written" in result.err


def test_a_page_needs_the_extra(
    seedkit: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "seedkit.realism.page", None)
    page = tmp_path / "page.html"
    words = ("realism", "--profile", "quick", "--households", "2", "--html", str(page))
    result = seedkit(*words)
    assert result.code == 2
    assert "seedkit[realism]" in result.err
    assert not page.exists()
