"""The suites of two npm packages, run by Node's own test runner."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clients.conftest import Served

pytestmark = pytest.mark.clients

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the packages beside copies of the suites, so that nothing lands in the checkout."""
    folder = tmp_path_factory.mktemp("node")
    for file in (*HERE.glob("*.mjs"), HERE / "package.json"):
        shutil.copy(file, folder)
    npm = shutil.which("npm")
    assert npm is not None, "these suites need Node 20 with npm"
    command = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("suite", ["dynamics-web-api", "dataverse-webapi"])
def test_every_flow_works(packages: Path, served: Served, suite: str) -> None:
    variables = {
        "SEEDKIT_URL": served.url,
        "NODE_EXTRA_CA_CERTS": str(served.authority),
    }
    file = packages / f"{suite}.test.mjs"
    done = subprocess.run(
        ["node", "--test", "--test-reporter=tap", str(file)],
        cwd=packages,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=300,
    )
    expected = len(re.findall(r'^test\("', file.read_text("utf-8"), re.MULTILINE))
    passed = re.search(r"^# pass (\d+)$", done.stdout, re.MULTILINE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert passed is not None
    assert int(passed[1]) == expected
