"""The files themselves: the same plan gives the same bytes, and wrong files are told from right."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from seedkit.errors import FilesError
from seedkit.extract.contract import TABLES
from seedkit.extract.making import make_extracts
from seedkit.extract.reading import read_extract
from seedkit.extract.writing import about, write_population
from seedkit.progress import Unwatched
from tests.cli.conftest import CommandLine, seedkit

from .conftest import AS_OF, Written, profile_of

__all__ = ["seedkit"]


def test_what_is_read_is_what_was_made(written: Written) -> None:
    extracts = [extract for _, extract in make_extracts(profile_of(300), AS_OF)]
    assert written.about == about(profile_of(300), AS_OF)
    for table, columns in TABLES.items():
        for column in columns:
            parts = [extract.sheets()[table][column.name] for extract in extracts]
            np.testing.assert_array_equal(
                written.extract.sheets()[table][column.name], np.concatenate(parts), column.name
            )


def test_two_processes_with_different_hash_seeds_write_the_same_bytes(tmp_path: Path) -> None:
    digests = []
    for hash_seed in ("1", "2"):
        out = tmp_path / hash_seed
        words = ["generate", "--profile", "quick", "--as-of", str(AS_OF), "--out", str(out)]
        subprocess.run(
            [sys.executable, "-m", "seedkit", *words, "--stage", "population", "--format", "csv"],
            env=os.environ | {"PYTHONHASHSEED": hash_seed, "SEEDKIT_HOME": str(tmp_path)},
            check=True,
            capture_output=True,
        )
        digests.append({f.name: hashlib.sha256(f.read_bytes()).digest() for f in out.iterdir()})
    assert digests[0] == digests[1]
    assert len(digests[0]) == 6


def test_a_larger_bank_begins_with_the_smaller_one(written: Written, tmp_path: Path) -> None:
    write_population("quick", profile_of(120), AS_OF, tmp_path, Unwatched())
    for table in TABLES:
        small = (tmp_path / f"{table}.csv").read_bytes()
        assert (written.folder / f"{table}.csv").read_bytes().startswith(small)


@pytest.mark.parametrize(
    ("few", "many"), [(256, 1024), pytest.param(1024, 20_480, marks=pytest.mark.soak)]
)
def test_memory_does_not_grow_with_the_bank(tmp_path: Path, few: int, many: int) -> None:
    write_population("quick", profile_of(1), AS_OF, tmp_path, Unwatched())  # fills the caches
    peaks = []
    for households in (few, many):
        tracemalloc.start()
        write_population("quick", profile_of(households), AS_OF, tmp_path, Unwatched())
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_the_command_says_what_it_wrote(seedkit: CommandLine, tmp_path: Path) -> None:
    words = ("generate", "--profile", "quick", "--households", "5", "--stage", "population")
    result = seedkit(*words, "--out", str(tmp_path / "bank"), "--json")
    assert result.code == 0, result.err
    assert result.json["format"] == "csv"
    assert set(result.json["rows"]) == set(TABLES)
    assert result.json["rows"]["households"] == 5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--stage", "people"), "There is no stage named 'people'."),
        (("--stage", "population", "--format", "jsonl"), "written as csv, not as jsonl."),
    ],
)
def test_what_can_not_be_written_is_refused(
    seedkit: CommandLine, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    result = seedkit("generate", "--profile", "quick", "--out", str(tmp_path / "bank"), *words)
    assert result.code == 2
    assert said in result.err
    assert not (tmp_path / "bank").exists()


def spoiled(written: Written, folder: Path, file: str, old: str, new: str) -> Path:
    shutil.copytree(written.folder, folder)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("people.csv", "marital_status", "wedlock", "people.csv:1: marital_status: the column"),
        ("people.csv", ",head,", ",boss,", "role: 'boss' is not in the list."),
        ("holdings.csv", ",true,", ",yes,", "with_us: 'yes' is no `true` or `false`."),
        ("events.csv", ",2", ",the day 2", "is no date."),
        ("households.csv", "\n", ",\n", "households.csv: can't be read"),
        ("run.json", '"as_of"', '"day"', "run.json: can't be used (KeyError: 'as_of')"),
    ],
)
def test_wrong_files_are_told_with_file_and_line(
    written: Written, tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    folder = spoiled(written, tmp_path / "bad", file, old, new)
    with pytest.raises(FilesError) as caught:
        read_extract(folder)
    assert said in caught.value.message


def test_a_missing_file_is_told(written: Written, tmp_path: Path) -> None:
    shutil.copytree(written.folder, tmp_path / "bad")
    (tmp_path / "bad" / "cards.csv").unlink()
    with pytest.raises(FilesError, match=r"cards\.csv: can't be read"):
        read_extract(tmp_path / "bad")


def test_optional_and_further_columns_do_no_harm(written: Written, tmp_path: Path) -> None:
    shutil.copytree(written.folder, tmp_path / "other")
    file = tmp_path / "other" / "people.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[0] = lines[0].replace("score", "shoe_size")
    file.write_text("\n".join(lines), encoding="utf-8")
    _, extract = read_extract(tmp_path / "other")
    assert not extract.people.knows("score")
    assert len(extract.people) == len(written.extract.people)
