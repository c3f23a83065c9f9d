"""`python -m seedkit` is `seedkit`."""

from seedkit.cli import main

main()
