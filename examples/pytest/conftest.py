"""The only set-up: seedkit's fixtures."""

pytest_plugins = ["seedkit.testing"]
