"""What a check asks for is enough: with just these rights a seed works, and so does its purge."""

from __future__ import annotations

from urllib.parse import unquote

import orjson
import pytest

from tests.check.conftest import Checked
from tests.cli.conftest import CommandLine

SEED = ("seed", "--profile", "quick", "--households", "2", "--run-id", "rights-1")
# Read by everybody in any environment, whatever is seeded.
COMMON = {"prvReadOrganization", "prvReadUser"}


def asked(checked: Checked) -> set[str]:
    """Return the names of the privileges that a check asks about on tables."""
    names: set[str] = set()
    for request in checked.requests:
        url = unquote(str(request.url))
        if "SetOfPrivilegesByNames" in url and "prvActOnBehalf" not in url:
            names |= set(orjson.loads(url.partition("@p1=")[2]))
    return names


def give_only(checked: Checked, names: set[str]) -> None:
    """Let Jordan Pierce have one role with just these privileges, and ask as Jordan."""
    local, user = checked.local, checked.user("Jordan Pierce")
    path = f"systemusers({user})/systemuserroles_association"
    kept = local.rows("roles?$select=roleid&$filter=name eq 'Retail banking: Viewer'")[0]["roleid"]
    for role in local.rows(f"{path}?$select=roleid"):
        if role["roleid"] != kept:
            assert local.send("DELETE", f"{path}({role['roleid']})/$ref").status_code == 204
    known = {row["name"]: row["privilegeid"] for row in local.rows("privileges")}
    given = [{"PrivilegeId": known[name], "Depth": "Global"} for name in sorted(names)]
    action = f"roles({kept})/Microsoft.Dynamics.CRM.ReplacePrivilegesRole"
    assert local.send("POST", action, {"Privileges": given}).status_code == 204
    checked.act_as("Jordan Pierce")


def test_who_has_just_these_rights_can_seed_and_purge(
    checked: Checked, seedkit: CommandLine
) -> None:
    checked.report()
    give_only(checked, asked(checked) | COMMON)
    assert checked.report().works
    checked.local.app.state.close()
    seedkit.home.mkdir(parents=True)
    checked.local.database.rename(seedkit.database)
    seeded = seedkit(*SEED)
    assert seeded.code == 0, seeded.err
    purged = seedkit("purge", "rights-1", "--yes")
    assert purged.code == 0, purged.err


@pytest.mark.parametrize(
    "lacking",
    [
        "prvAppendTomsfsi_branch",
        "prvWritemsfsi_Group",
        *(
            pytest.param(name, marks=pytest.mark.soak)
            for name in (
                "prvCreatemsfsi_fi_Card",
                "prvReadmsfsi_bank",
                "prvAppendContact",
                "prvWriteNote",
                "prvAppendToTransactionCurrency",
            )
        ),
    ],
)
def test_who_lacks_one_of_them_can_not_seed(
    checked: Checked, seedkit: CommandLine, lacking: str
) -> None:
    checked.report()
    give_only(checked, (asked(checked) | COMMON) - {lacking})
    report = checked.report()
    assert not report.works
    assert any(lacking in item.detail for item in report.findings)
    checked.local.app.state.close()
    seedkit.home.mkdir(parents=True)
    checked.local.database.rename(seedkit.database)
    seeded = seedkit(*SEED)
    assert seeded.code == 4
    assert lacking in seeded.err
