"""What the Unified Customer Profile's controls read about themselves: a theme and a form.

The environment variables that the controls also look for are none here: their names are not
known, and without them the controls keep to their defaults [observed].
"""

from __future__ import annotations

from seedkit.emulator.content.ids import Content
from seedkit.emulator.storage.store import Store

# The customer snapshot's form, by the id that the control asks for [V]; its sections are the title
# and three groups of contact columns [V], the rest of the document is ours.
SNAPSHOT_FORM = "75c78db3-068f-ec11-b400-0022480988ea"
_QUICK_VIEW = 6
_SECTIONS = (
    ("fullname", "governmentid"),
    ("mobilephone", "emailaddress1", "address1_composite"),
    ("jobtitle", "annualincome"),
    ("msfsi_branch",),
)


def customer_profile(_store: Store) -> Content:
    """Yield the default theme and the form of the customer snapshot."""
    yield (
        "theme",
        "default",
        {"name": "Default theme", "isdefaulttheme": 1, "maincolor": "#0B556A"},
    )
    yield (
        "systemform",
        "customer snapshot",
        {
            "formid": SNAPSHOT_FORM,
            "name": "Customer snapshot",
            "objecttypecode": "contact",
            "type": _QUICK_VIEW,
            "formxml": _form(),
        },
    )


def _form() -> str:
    sections = "".join(_section(number, columns) for number, columns in enumerate(_SECTIONS))
    tab = f'<tab name="snapshot" visible="true"><columns><column><sections>{sections}'
    return f"<form><tabs>{tab}</sections></column></columns></tab></tabs></form>"


def _section(number: int, columns: tuple[str, ...]) -> str:
    rows = "".join(
        f'<row><cell visible="true"><control id="{name}" datafieldname="{name}" /></cell></row>'
        for name in columns
    )
    return f'<section name="part{number}" visible="true"><rows>{rows}</rows></section>'
