"""A copy of the package in which one rule at a time is broken."""

from __future__ import annotations

import compileall
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.emulator.mutations.model import ROOT, TESTS, Mutation

_COPIED = ("seedkit", "tests")
_SECONDS = 600
_WRONG_PLACE = 90
# Run where the copy lies; the tests mean nothing when another copy of the package is imported.
_CHILD = f"""
import sys, pathlib
import seedkit.emulator, tests.emulator
for module in (seedkit.emulator, tests.emulator):
    if not pathlib.Path(module.__file__).is_relative_to(sys.argv[1]):
        sys.exit({_WRONG_PLACE})
import pytest
sys.exit(pytest.main(sys.argv[2:]))
"""
_OPTIONS = ("-q", "--tb=no", "-rfE", "-p", "no:cacheprovider", "--hypothesis-seed=0")
_LISTED = re.compile(rf"^(FAILED|ERROR) {TESTS}/(\S+(?: [^-]\S*)*?)(?: - |$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutation: the tests that failed, or why that can't be told.

    `errors` are the tests that could not even begin; that is no proof of anything.
    """

    failed: tuple[str, ...]
    trouble: str = ""
    errors: tuple[str, ...] = ()

    @property
    def killed(self) -> bool:
        """Tell whether a test noticed."""
        return bool(self.failed)


class Bench:
    """A copy of package and tests in an empty folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        for name in _COPIED:
            shutil.copytree(
                ROOT / name, self._folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        shutil.copy(ROOT / "pyproject.toml", self._folder)
        compileall.compile_dir(self._folder / "seedkit", quiet=2)

    def judge(self, mutation: Mutation) -> Verdict:
        """Break one rule, run its tests, mend it again."""
        if mutation.occurrences(self._folder) != 1:
            return Verdict((), "the text does not occur exactly once")
        path = self._folder / mutation.source
        whole = path.read_text(encoding="utf-8")
        try:
            self._write(path, whole.replace(mutation.old, mutation.new))
            return self.run(mutation.tests, "-x")
        finally:
            self._write(path, whole)

    def run(self, tests: Sequence[str], *options: str) -> Verdict:
        """Run tests against the copy; a run that fails in any other way is trouble."""
        wanted = [f"{TESTS}/{test}" for test in tests]
        command = [sys.executable, "-c", _CHILD, str(self._folder), *_OPTIONS, *options, *wanted]
        env = {**os.environ, "PYTHONPATH": str(self._folder), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(
                command, cwd=self._folder, env=env, capture_output=True, text=True, timeout=_SECONDS
            )
        except subprocess.TimeoutExpired:
            return Verdict((), f"the tests took longer than {_SECONDS} seconds")
        if done.returncode == 0:
            return Verdict(())
        if done.returncode == _WRONG_PLACE:
            return Verdict((), "another copy of the package was imported")
        listed = _LISTED.findall(done.stdout)
        failed = tuple(test for word, test in listed if word == "FAILED")
        errors = tuple(test for word, test in listed if word == "ERROR")
        if done.returncode == 1 and failed:
            return Verdict(failed, errors=errors)
        if done.returncode == 1 and errors:
            return Verdict((), f"{errors[0]} can't begin", errors)
        text = " ".join(done.stdout[-300:].split())
        return Verdict((), f"pytest ended with {done.returncode}: {text}")

    @staticmethod
    def _write(path: Path, text: str) -> None:
        # Compiled files are told apart by second and size: an old one could pass for the new text.
        Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
