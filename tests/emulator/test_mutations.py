"""The tests notice broken rules: each rule of `mutations` is broken in turn, by the soak suite."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.emulator.mutations.bench import Bench
from tests.emulator.mutations.model import ROOT, TESTS, Mutation
from tests.emulator.mutations.run import judge_all
from tests.emulator.mutations.table import CHECKLIST, MUTATIONS, POINTS

FIRST = MUTATIONS[0][1]


def test_each_rule_stands_once_in_its_file() -> None:
    lost = [(item.rule, item.file) for _point, item in MUTATIONS if item.occurrences() != 1]
    assert lost == []
    assert [item.rule for _point, item in MUTATIONS if item.old == item.new] == []


def test_each_point_of_the_checklist_is_broken_in_several_ways() -> None:
    assert set(CHECKLIST) <= POINTS.keys()
    assert [number for number, point in POINTS.items() if len(point.mutations) < 3] == []
    assert len(MUTATIONS) >= 200
    changes = Counter((item.file, item.old, item.new) for _point, item in MUTATIONS)
    assert [change for change, count in changes.items() if count > 1] == []
    assert max(Counter(item.rule for _point, item in MUTATIONS).values()) == 1


def test_the_tests_that_notice_are_there() -> None:
    texts: dict[str, str] = {}
    for test in {test for _point, item in MUTATIONS for test in item.tests}:
        file, _, name = test.partition("::")
        if file not in texts:
            texts[file] = (ROOT / TESTS / file).read_text(encoding="utf-8")
        assert not name or f"def {name}(" in texts[file], test


@pytest.mark.soak
def test_no_broken_rule_goes_unnoticed() -> None:
    results = list(judge_all(MUTATIONS, os.cpu_count() or 1))
    unnoticed = [(item.mutation.rule, item.verdict) for item in results if not item.verdict.killed]
    assert unnoticed == []


@pytest.mark.soak
def test_a_change_without_meaning_is_not_called_noticed(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    same = Mutation(FIRST.rule, FIRST.file, FIRST.old, f"({FIRST.old})", FIRST.tests)
    assert not bench.judge(same).killed
    assert bench.judge(FIRST).killed
    broken = Mutation(FIRST.rule, FIRST.file, FIRST.old, "(", FIRST.tests)
    verdict = bench.judge(broken)
    assert (verdict.killed, bool(verdict.trouble)) == (False, True)
    gone = Mutation(FIRST.rule, FIRST.file, "no such text", "x", FIRST.tests)
    assert bench.judge(gone).trouble
