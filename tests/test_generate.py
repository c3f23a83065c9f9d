"""The same plan gives the same bytes, and a larger bank begins with the smaller one."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import orjson
import pytest

from seedkit.assembly import Resolved
from seedkit.files import write_files
from seedkit.marks import read_id
from seedkit.population.model import BLOCK_HOUSEHOLDS
from seedkit.profile import read_profile
from seedkit.progress import Unwatched
from seedkit.records.batch import BANK_BLOCK
from seedkit.records.source import SHOWCASE_ROWS

AS_OF = date(2026, 6, 30)
PROFILE = "retail"


def generate(out: Path, households: int) -> None:
    out.mkdir()
    profile = read_profile(PROFILE, [f"households={households}"]).profile
    resolved = Resolved(PROFILE, profile, AS_OF, datetime(2026, 6, 30, tzinfo=UTC))
    write_files(resolved, out, "jsonl", Unwatched())


def digests(out: Path) -> dict[str, str]:
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(out.iterdir())}


def test_two_processes_with_different_hash_seeds_write_the_same_bytes(tmp_path: Path) -> None:
    for hash_seed in ("1", "2"):
        words = ["generate", "--profile", PROFILE, "--households", "300", "--as-of", str(AS_OF)]
        subprocess.run(
            [sys.executable, "-m", "seedkit", *words, "--out", str(tmp_path / hash_seed)],
            env=os.environ | {"PYTHONHASHSEED": hash_seed, "SEEDKIT_HOME": str(tmp_path)},
            check=True,
            capture_output=True,
        )
    assert digests(tmp_path / "1") == digests(tmp_path / "2")
    assert len(digests(tmp_path / "1")) == 23


@pytest.mark.parametrize(
    ("small", "large"), [(250, 600), pytest.param(250, 2000, marks=pytest.mark.soak)]
)
def test_a_larger_bank_begins_with_the_smaller_one(tmp_path: Path, small: int, large: int) -> None:
    generate(tmp_path / "small", small)
    generate(tmp_path / "large", large)
    for file in sorted((tmp_path / "small").iterdir()):
        lines = file.read_bytes().splitlines()
        start = (tmp_path / "large" / file.name).read_bytes().splitlines()[: len(lines)]
        assert lines == start, file.name


def test_what_follows_the_smaller_bank_belongs_to_later_households(tmp_path: Path) -> None:
    """The front of a block is whole: nothing of the first households comes after it."""
    generate(tmp_path / "small", 5)
    generate(tmp_path / "large", BLOCK_HOUSEHOLDS)
    known = {
        orjson.loads(line)["contactid"]
        for line in (tmp_path / "small" / "contact.jsonl").read_bytes().splitlines()
    }
    count = len((tmp_path / "small" / "msfsi_lifemoment.jsonl").read_bytes().splitlines())
    later = (tmp_path / "large" / "msfsi_lifemoment.jsonl").read_bytes().splitlines()[count:]
    for line in later:
        contact = orjson.loads(line)["msfsi_Contact@odata.bind"].split("(")[1].rstrip(")")
        assert contact not in known


def test_ids_say_where_a_row_stands(tmp_path: Path) -> None:
    generate(tmp_path / "files", 3)
    for name, blocks in (
        ("msfsi_bank", [BANK_BLOCK]),
        ("contact", [SHOWCASE_ROWS, BANK_BLOCK + 1]),
    ):
        lines = (tmp_path / "files" / f"{name}.jsonl").read_bytes().splitlines()
        found = defaultdict(list)
        for line in lines:
            record = orjson.loads(line)
            mark = read_id(record[f"{name}id"])
            assert mark is not None
            assert mark.mark == record["importsequencenumber"]
            found[mark.block].append(mark.row)
        assert found == {block: list(range(len(found[block]))) for block in blocks}
