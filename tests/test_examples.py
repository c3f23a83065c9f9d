"""Each example works as it stands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from seedkit.cli.app import run
from seedkit.environments import read_directory
from seedkit.ledger import Ledger
from tests.house.commands import fault_of, in_shell
from tests.house.reference import ROOT

EXAMPLES = ROOT / "examples"
PROFILE = str(EXAMPLES / "profile" / "coast.yaml")
CI = EXAMPLES / "ci"
TOKEN = "$(System.AccessToken)"
PATIENCE = 60.0
NIGHTLY = ("nightly-purge.yml", "nightly-purge-azure.yml")
SEEDING = sorted(path.name for path in CI.iterdir() if path.name not in NIGHTLY)
SIGNING = [("azure-pipelines.yml", 3), ("nightly-purge-azure.yml", 2)]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEEDKIT_HOME", str(tmp_path))
    return tmp_path


def test_every_example_is_in_the_list() -> None:
    listed = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    folders = [path.name for path in EXAMPLES.iterdir() if path.is_dir()]
    assert [name for name in folders if f"[{name}]({name}/" not in listed] == []


@pytest.mark.usefixtures("home")
def test_the_profile_seeds(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["profiles", "check", PROFILE]) == 0
    assert run(["seed", "--profile", PROFILE, "--households", "2"]) == 0
    assert run(["purge", "--profile", "coast", "--yes"]) == 0
    assert "is gone" in capsys.readouterr().err


def test_the_tests_pass(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "examples/pytest", "-q", "-p", "no:cacheprovider"]
    result = subprocess.run(
        [*command, "--basetemp", str(tmp_path / "base")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout
    assert result.stdout.startswith("...")  # one dot per test that passed


def test_the_reader_of_the_web_api(home: Path) -> None:
    assert run(["--quiet", "seed", "--profile", "quick", "--households", "2"]) == 0
    serve = [sys.executable, "-m", "seedkit", "emulator", "serve", "--port", "0"]
    with subprocess.Popen(
        serve, stderr=subprocess.PIPE, text=True, env=os.environ.copy()
    ) as server:
        try:
            assert server.stderr is not None
            address = server.stderr.readline().split()[3]
            script = [sys.executable, str(EXAMPLES / "web_api" / "list_customers.py"), address]
            found = subprocess.run(
                script, capture_output=True, text=True, check=True, timeout=PATIENCE
            )
        finally:
            server.terminate()
    lines = found.stdout.splitlines()
    names = [line.partition(",")[0] for line in lines]
    assert names == sorted(names)
    assert all(", " in line for line in lines)
    assert any("Accounts" in line for line in lines)


def steps_of(file: Path) -> list[dict[str, Any]]:
    """Return the steps of a workflow's one job, with what each runs and when."""
    workflow: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    jobs = workflow["jobs"]
    (job,) = jobs if isinstance(jobs, list) else jobs.values()
    return [
        {
            "run": step.get("run") or step.get("script") or script_of(step),
            "when": step.get("if") or step.get("condition") or "",
            "env": step.get("env", {}),
        }
        for step in job["steps"]
    ]


def script_of(step: dict[str, Any]) -> str:
    """Return the script of a task of Azure DevOps."""
    return str(step.get("inputs", {}).get("inlineScript", "")).replace("$(run)", "$RUN")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("seeded-tests.yml", ["emulator", "runs", "seed", "purge"]),
        ("real-environment.yml", ["check", "seed", "purge"]),
        ("azure-pipelines.yml", ["check", "seed", "purge"]),
        *((name, ["runs", "purge"]) for name in NIGHTLY),
    ],
)
def test_a_workflow_has_only_commands_that_exist(name: str, expected: list[str]) -> None:
    commands = [line for step in steps_of(CI / name) for line in in_shell(step["run"])]
    assert [line.split()[1] for line in commands] == expected
    assert {line: fault_of(line) for line in commands if fault_of(line)} == {}


@pytest.mark.parametrize("name", SEEDING)
def test_a_workflow_purges_its_own_run_whatever_happened(name: str) -> None:
    last = steps_of(CI / name)[-1]
    assert "always()" in last["when"]
    assert "seedkit purge $RUN" in last["run"]
    assert "--yes" in last["run"]


@pytest.mark.parametrize("name", NIGHTLY)
def test_a_nightly_job_removes_what_is_over_and_nothing_else(
    name: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for run_id, time in (("over", ["--ttl", "1h"]), ("lasting", [])):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1782800000")
        assert (
            run(["seed", "--profile", "quick", "--households", "1", "--run-id", run_id, *time]) == 0
        )
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    (command,) = in_shell(steps_of(CI / name)[-1]["run"])
    assert run(command.replace("--environment qa", "--environment local").split()[1:]) == 0
    runs = Ledger.open(home / "ledger.sqlite3").runs()
    assert [entry.plan.run_id for entry in runs] == ["lasting"]


@pytest.mark.parametrize(("name", "count"), SIGNING)
def test_every_step_of_azure_devops_that_signs_in_has_the_jobs_token(name: str, count: int) -> None:
    steps = steps_of(CI / name)
    signing = [step for step in steps if list(in_shell(step["run"]))]
    assert len(signing) == count
    assert all(step["env"] == {"SYSTEM_ACCESSTOKEN": TOKEN} for step in signing)


def test_the_job_on_github_may_ask_for_an_identity() -> None:
    for name in ("real-environment.yml", "nightly-purge.yml"):
        workflow: Any = yaml.safe_load((CI / name).read_text(encoding="utf-8"))
        assert workflow["permissions"]["id-token"] == "write"
        assert [job["environment"] for job in workflow["jobs"].values()] == ["qa"]


@pytest.mark.parametrize("name", ["real-environment.yml", "azure-pipelines.yml", *NIGHTLY])
def test_the_environment_that_a_workflow_names_is_whole(name: str) -> None:
    workflow: Any = yaml.safe_load((CI / name).read_text(encoding="utf-8"))
    given = workflow.get("env") or workflow["variables"]
    values = {"URL": "https://contoso.crm4.dynamics.com"}
    variables = {
        key: values.get(key.rpartition("__")[2], text if "$" not in text else "contoso.example")
        for key, text in given.items()
        if key.startswith("SEEDKIT_")
    }
    assert read_directory(Path("no such file"), variables).find("qa").configured
