"""Run the benchmarks and print one JSON document."""

from __future__ import annotations

import argparse
import json
import sys

from tests.benchmarks.measure import facts
from tests.benchmarks.suite import BENCHMARKS, FULL, QUICK


def main() -> None:
    """Parse the words, run what was asked for, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, less data")
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, metavar="NAME", help="only these")
    options = parser.parse_args()
    effort = QUICK if options.quick else FULL
    results = {}
    for name in options.only or BENCHMARKS:
        print(f"{name} ...", file=sys.stderr, flush=True)
        results[name] = BENCHMARKS[name](effort)
    document = {**facts(), "quick": options.quick, "benchmarks": results}
    print(json.dumps(document, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
