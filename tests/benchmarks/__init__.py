"""How fast seedkit is, beside its peers and beside what the machine allows.

`python -m tests.benchmarks` prints one JSON document; `docs/benchmarks.md` says what it means.
"""
