"""What others have in an environment: customers, a bank, samples, numbers like an import's."""

from __future__ import annotations

Request = tuple[str, dict[str, object]]

_ANN, _BEN = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"
_BANK = "00000000-0000-4000-8000-0000000000ba"
IMPORTED = 12


def samples(kind: str) -> tuple[Request, ...]:
    """Return somebody else's sample data: rows that hang together and have an import's number."""
    contact, firm = (f"00000000-0000-4000-8000-{place}5{kind}" for place in ("0", "1"))
    number = {"importsequencenumber": IMPORTED}
    return (
        ("accounts", {"accountid": firm, "name": "Sample firm (sample)", **number}),
        (
            "contacts",
            {
                "contactid": contact,
                "lastname": "Sample (sample)",
                "parentcustomerid_account@odata.bind": f"/accounts({firm})",
                **number,
            },
        ),
        (
            "incidents",
            {
                "title": "Sample (sample)",
                "customerid_account@odata.bind": f"/accounts({firm})",
                **number,
            },
        ),
        (
            "phonecalls",
            {
                "subject": "Sample (sample)",
                "regardingobjectid_contact_phonecall@odata.bind": f"/contacts({contact})",
                **number,
            },
        ),
        (
            "msfsi_lifemoments",
            {"msfsi_name": "Sample", "msfsi_Contact@odata.bind": f"/contacts({contact})"},
        ),
    )


OTHERS: tuple[Request, ...] = (
    ("msfsi_banks", {"msfsi_bankid": _BANK, "msfsi_name": "Another bank"}),
    (
        "msfsi_branchs",
        {"msfsi_name": "Another branch", "msfsi_Bank@odata.bind": f"/msfsi_banks({_BANK})"},
    ),
    ("contacts", {"contactid": _ANN, "lastname": "Anders", "importsequencenumber": 7}),
    ("contacts", {"contactid": _BEN, "lastname": "Benz"}),
    ("accounts", {"name": "Another firm"}),
    (
        "incidents",
        {"title": "Another case", "customerid_contact@odata.bind": f"/contacts({_ANN})"},
    ),
    ("annotations", {"subject": "A note", "objectid_contact@odata.bind": f"/contacts({_BEN})"}),
    (
        "msfsi_lifemoments",
        {"msfsi_name": "Another event", "msfsi_Contact@odata.bind": f"/contacts({_BEN})"},
    ),
    (
        "phonecalls",
        {
            "subject": "A call",
            "regardingobjectid_contact_phonecall@odata.bind": f"/contacts({_ANN})",
        },
    ),
    ("subjects", {"title": "Another subject"}),
    ("queues", {"name": "Another queue"}),
    ("knowledgearticles", {"title": "Another article", "content": "<p>Theirs</p>"}),
    *samples("0000000000"),
)
