"""Fitting the population's figures to survey data: a maintainer's tool, not part of any run.

    python -m seedkit.fitting fit SCF_FILE --out seedkit/population/figures/scf2022.json
    python -m seedkit.fitting judge SCF_FILE

It needs the extra `fitting`. The survey's file is read by path and never shipped; the figures
record its hash. `docs/population-model.md` explains method, gates and results.
"""
