from __future__ import annotations

from seedkit.marks import MAX_ROWS
from seedkit.population import make_bank, make_block
from seedkit.profile import describe_keys, read_profile
from seedkit.records import TABLES
from seedkit.records.tables import BANK_TABLES
from tests.records.conftest import AS_OF


def test_the_fullest_profile_fits_the_ids() -> None:
    most = [
        f"{info.key}={info.range.split()[-1]}"
        for info in describe_keys()
        if info.type == "number" and not info.key.startswith("family.")
    ]
    families = [f"family.{kind}=0" for kind in ("single", "couple", "one_parent")]
    profile = read_profile("retail", [*most, *families]).profile
    block = make_block(profile, AS_OF, make_bank(profile, AS_OF), 0)
    for table in TABLES:
        if table.name not in BANK_TABLES:
            rows = sum(len(getattr(block, part).household) for part in table.parts)
            assert rows < 0.7 * MAX_ROWS, table.name
