"""The command line: parses, prints and picks exit codes. The work is done elsewhere."""


def main() -> None:
    """Run the command line."""
    from seedkit.cli.app import run

    raise SystemExit(run())
