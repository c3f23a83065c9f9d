"""Custom logic that is registered here, and solution imports: what the platform fills in.

Nothing of it runs: plug-ins, workflows and flows are rows to be asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedkit.emulator.content.solutions import ACTIVE
from seedkit.emulator.rules.model import Rows, Rules

if TYPE_CHECKING:
    from seedkit.emulator.session import Session
    from seedkit.emulator.storage.layout import Layout

_CUSTOM = 1


def _own(_session: Session, layout: Layout, rows: Rows) -> None:
    """Say that a component is the customer's own and lies in no solution of its own [expected]."""
    filled = {
        "solutionid": ACTIVE,
        "ismanaged": 0,
        "componentstate": 0,
        "customizationlevel": _CUSTOM,
    }
    for row in rows:
        for name, value in filled.items():
            if name in layout.position:
                row[layout.position[name]] = value


def _begin(session: Session, layout: Layout, rows: Rows) -> None:
    """Let an import begin when its job is made; nothing imports, so it never ends [inferred]."""
    for row in rows:
        row[layout.position["startedon"]] = session.now


RULES = {
    "importjob": Rules(creating=(_begin,)),
    "sdkmessageprocessingstep": Rules(creating=(_own,)),
    "workflow": Rules(creating=(_own,)),
}
