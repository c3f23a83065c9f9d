"""Suites of well-known Web API clients against the served local environment.

Their own packages must be installed (`pip install -e ".[clients]"`, Node 20 with npm), so the
default suite leaves them out; `python -m pytest -m clients tests/clients` runs them.
"""
