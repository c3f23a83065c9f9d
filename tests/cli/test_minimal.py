"""The profile `minimal`: what a test suite seeds and purges many times a day."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import CommandLine

SECONDS = 10.0  # on two cores, both commands with their start and a new environment
BOTH = (("seed", "--profile", "minimal"), ("purge", "--yes"))


def test_it_has_twenty_households_and_goes_without_a_trace(seedkit: CommandLine) -> None:
    document = json.loads(seedkit(*BOTH[0], "--json").out)
    assert document["rows"]["msfsi_group"] >= 20
    assert seedkit(*BOTH[1], "--json").code == 0
    assert json.loads(seedkit("runs", "--json").out) == []


@pytest.mark.soak
def test_seeding_and_purging_it_takes_seconds(tmp_path: Path) -> None:
    home = {**os.environ, "SEEDKIT_HOME": str(tmp_path)}
    began = time.monotonic()
    for words in BOTH:
        subprocess.run([sys.executable, "-m", "seedkit", *words], env=home, check=True)
    assert time.monotonic() - began < SECONDS
