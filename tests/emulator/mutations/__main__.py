"""Break each rule in turn and print which test notices.

    python -m tests.emulator.mutations [WORD ...] [--jobs N]

Words choose the rules whose text, file or number of their point has one of them. Ends with 1 when
a broken rule goes unnoticed or can't be tried.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from tests.emulator.mutations.run import Result, chosen, judge_all


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.emulator.mutations")
    parser.add_argument("words", nargs="*", help="choose rules by text, file or point number")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    results = []
    print("| rule | mutation | killed by |\n|---|---|---|", flush=True)
    for result in judge_all(chosen(options.words), options.jobs):
        print(_line(result), flush=True)
        results.append(result)
    bad = sum(not result.verdict.killed for result in results)
    print(f"\n{len(results)} mutations, {len(results) - bad} killed, {bad} not.")
    return 1 if bad else 0


def _line(result: Result) -> str:
    mutation, verdict = result.mutation, result.verdict
    noticed = f"`{verdict.failed[0]}`" if verdict.killed else f"**{verdict.trouble or 'nothing'}**"
    change = f"{mutation.file}: `{_short(mutation.old)}` → `{_short(mutation.new)}`"
    cells = (f"{result.point}. {mutation.rule}", change, noticed)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _short(text: str) -> str:
    return " ".join(text.split()) or "(nothing)"


if __name__ == "__main__":
    sys.exit(main())
