"""Judging many mutations, several at the same time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from tests.emulator.mutations.bench import Bench, Verdict
from tests.emulator.mutations.model import Mutation
from tests.emulator.mutations.table import MUTATIONS


@dataclass(frozen=True, slots=True)
class Result:
    """A mutation, the number of its point, and what became of it."""

    point: int
    mutation: Mutation
    verdict: Verdict


def chosen(words: Sequence[str]) -> list[tuple[int, Mutation]]:
    """Return the mutations with one of the words in rule or file, or as number of their point."""
    return [
        (point, mutation)
        for point, mutation in MUTATIONS
        if not words or any(_fits(word, point, mutation) for word in words)
    ]


def _fits(word: str, point: int, mutation: Mutation) -> bool:
    if word.isdigit():
        return int(word) == point
    return word in mutation.rule or word in mutation.file


def judge_all(mutations: Sequence[tuple[int, Mutation]], jobs: int) -> Iterator[Result]:
    """Yield what becomes of mutations, in order.

    Tests that fail without any rule being broken prove nothing: they count as trouble.
    """
    with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
        benches: SimpleQueue[Bench] = SimpleQueue()
        for number in range(jobs):
            own = Path(folder) / str(number)
            own.mkdir()
            benches.put(Bench(own))
        red = _red(benches, mutations)

        def judge(item: tuple[int, Mutation]) -> Result:
            bench = benches.get()
            try:
                return Result(*item, _without(bench.judge(item[1]), red))
            finally:
                benches.put(bench)

        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(judge, mutations)


def _red(benches: SimpleQueue[Bench], mutations: Sequence[tuple[int, Mutation]]) -> Verdict:
    """Return what fails although nothing is broken."""
    bench = benches.get()
    named = dict.fromkeys(test for _point, mutation in mutations for test in mutation.tests)
    verdict = bench.run(tuple(named))
    benches.put(bench)
    return verdict


def _without(verdict: Verdict, red: Verdict) -> Verdict:
    if red.trouble and not red.errors:
        return Verdict((), f"the tests can't be run: {red.trouble}")
    if set(verdict.failed) & {*red.failed, *red.errors}:
        return Verdict((), f"{verdict.failed[0]} fails anyway")
    return verdict
