"""Tests of one's own on a seeded local environment, read by the Web API."""

from seedkit.testing import LocalEnvironment


def test_every_customer_can_be_reached(seedkit_bank: LocalEnvironment) -> None:
    customers = seedkit_bank.read(
        "contacts",
        select="fullname,emailaddress1,mobilephone",
        filter="msfsi_ismanagedbybanksystem eq true",
    )
    assert customers
    assert all(row["emailaddress1"] and row["mobilephone"] for row in customers)


def test_debts_are_negative(seedkit_bank: LocalEnvironment) -> None:
    loans = seedkit_bank.read("msfsi_fh_loans", select="msfsi_name,msfsi_balance")
    assert loans
    assert all(row["msfsi_balance"] <= 0 for row in loans)


def test_a_purge_leaves_no_trace(seedkit_environment: LocalEnvironment) -> None:
    before = seedkit_environment.dump()
    run = seedkit_environment.seed(households=5)
    assert run.rows["contact"] >= 5
    seedkit_environment.purge(run)
    assert seedkit_environment.dump() == before
