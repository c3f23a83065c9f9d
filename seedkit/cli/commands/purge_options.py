"""The options that only `purge` has."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer


class OnStrangers(Enum):
    """What to do when rows of others hang on ours: the words of `purge.Strangers`.

    That room is too heavy to be imported for a help text; a test compares the two.
    """

    STOP = "stop"
    KEEP = "keep"
    DELETE = "delete"


RunsArgument = Annotated[list[str] | None, typer.Argument(metavar="RUN", help="Runs to remove.")]
RunsOfProfileOption = Annotated[
    str | None, typer.Option("--profile", help="All runs of a profile.")
]
EveryOption = Annotated[bool, typer.Option("--all", help="All runs in one environment.")]
ExpiredOption = Annotated[
    bool, typer.Option("--expired", help="All runs in one environment whose time is over.")
]
MarkOption = Annotated[
    str | None,
    typer.Option(
        "--mark", metavar="MARK", help="Rows of a lost run, by the mark that `find` has shown."
    ),
]
DoubtfulOption = Annotated[
    bool, typer.Option("--include-doubtful", help="Also rows for which too little speaks.")
]
StrangersOption = Annotated[
    OnStrangers,
    typer.Option(
        "--strangers",
        help="When rows of others hang on ours: stop, keep what they need, or delete them too.",
    ),
]
KeepEditedOption = Annotated[
    bool, typer.Option("--keep-edited", help="Keep rows that were changed, and what they need.")
]
ConfirmOption = Annotated[
    list[str] | None,
    typer.Option(
        "--confirm",
        metavar="RUN",
        help="Say for a run that doubtful rows or rows of others may go; may be repeated.",
    ),
]
BulkJobOption = Annotated[
    bool | None,
    typer.Option(
        "--bulk-job/--no-bulk-job",
        help="Delete by the platform's background jobs; default: from 20,000 rows on.",
    ),
]
SkipBinOption = Annotated[
    bool, typer.Option("--skip-recycle-bin", help="Delete past the bin; only jobs can.")
]
FingerprintOption = Annotated[
    bool, typer.Option("--fingerprint", help="Compare all other rows around, before and after.")
]
AdoptCopyOption = Annotated[
    bool, typer.Option("--adopt-copy", help="Also runs that came with a copied environment.")
]
