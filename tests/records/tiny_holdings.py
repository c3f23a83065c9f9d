"""The hand-made block: holdings, their details and their instruments."""

from __future__ import annotations

from typing import Any

from seedkit.population import model
from seedkit.population.words import (
    AccountKind,
    CardKind,
    CardStatus,
    Category,
    CreditKind,
    Frequency,
    HolderRole,
    Horizon,
    InterestKind,
    InvestmentKind,
    ItemStatus,
    LoanKind,
    Objective,
    PayFrom,
    PositionKind,
    Possession,
    Risk,
    SavingKind,
)
from tests.records.tiny_parts import (
    BROKERAGE,
    CARD_LINE,
    CHECKING,
    DAVID,
    DEPOSIT,
    EMILY,
    EUROS,
    JACK,
    JOON,
    MARIA,
    MORTGAGE,
    OVERDRAWN,
    RUTH,
    RUTHS,
    part,
)


def holdings() -> model.Holdings:
    def holding(household: int, category: Category, name: str, balance: int, **more: Any) -> Any:
        return {
            "household": household,
            "category": category,
            "name": name,
            "code": f"{household}-{name}",
            "balance": balance,
            "rate": 681,
            "opened": "2016-04-01",
            "last_used": "2026-06-29",
            **more,
        }

    return part(
        model.Holdings,
        [
            holding(0, Category.ACCOUNT, "Everyday Checking", 1_234_56),
            holding(0, Category.LOAN, "Home Mortgage", 200_000_01, kind=LoanKind.MORTGAGE),
            holding(
                0, Category.INVESTMENT, "Brokerage", 1_105_00, kind=InvestmentKind.BROKERAGE
            ),
            holding(0, Category.CREDIT_LINE, "Card Line", 512_34, kind=CreditKind.REVOLVING),
            holding(0, Category.SAVING, "Certificate", 10_000_00, kind=SavingKind.DEPOSIT),
            holding(1, Category.ACCOUNT, "Yen Account", 150_000_00, currency=2),
            holding(2, Category.ACCOUNT, "Euro Account", 50, currency=1),
            holding(
                2, Category.ACCOUNT, "Checking", -99_99, kind=AccountKind.CHECKING
            ),
        ],
    )  # fmt: skip


def holding_roles() -> model.HoldingRoles:
    owners = [
        (0, CHECKING, EMILY, HolderRole.OWNER),
        (0, CHECKING, DAVID, HolderRole.JOINT_OWNER),
        (0, MORTGAGE, DAVID, HolderRole.OWNER),
        (0, BROKERAGE, EMILY, HolderRole.OWNER),
        (0, BROKERAGE, JACK, HolderRole.BENEFICIARY),
        (0, CARD_LINE, EMILY, HolderRole.OWNER),
        (0, DEPOSIT, DAVID, HolderRole.OWNER),
        (1, RUTHS, RUTH, HolderRole.OWNER),
        (2, EUROS, MARIA, HolderRole.OWNER),
        (2, OVERDRAWN, JOON, HolderRole.OWNER),
    ]
    names = ("household", "holding", "person", "role")
    return part(model.HoldingRoles, [dict(zip(names, item, strict=True)) for item in owners])


def accounts() -> model.Accounts:
    account = {"available": 1_200_00, "average": 900_00, "transactions": 23}
    return part(
        model.Accounts,
        [
            {**account, "household": 0, "holding": CHECKING},
            {**account, "household": 1, "holding": RUTHS},
            {**account, "household": 2, "holding": EUROS},
            {**account, "household": 2, "holding": OVERDRAWN},
        ],
    )


def savings() -> model.Savings:
    return part(
        model.Savings,
        [
            {
                "holding": DEPOSIT,
                "term_months": 24,
                "matures": "2027-02-01",
                "accrued": 12_34,
                "projected": 99_00,
                "at_maturity": 10_099_00,
                "source": "Transfer",
                "instructions": "Renew",
            }
        ],
    )


def loans() -> model.Loans:
    return part(
        model.Loans,
        [
            {
                "holding": MORTGAGE,
                "principal": 250_000_00,
                "instalment": 1_500_25,
                "term_months": 360,
                "paid_months": 50,
                "starts": "2022-04-01",
                "matures": "2052-04-01",
                "interest_kind": InterestKind.FIXED,
                "interest_paid": 40_000_00,
                "last_payment": "2026-04-01",
                "next_payment": "2026-07-01",
                "overdue_since": "2026-05-01",
                "arrears_capital": 300_00,
                "arrears_interest": 1_200_25,
                "arrears_fees": 50_00,
                "collection_risk": Risk.MEDIUM,
                "pay_from": PayFrom.CHECKING,
                "repayment_account": "0-Everyday Checking",
                "event": -1,
            }
        ],
    )


def investments() -> model.Investments:
    return part(
        model.Investments,
        [
            {
                "holding": BROKERAGE,
                "portfolio": "Growth",
                "cash": 100_00,
                "gain": -4_95,
                "performance": -49,
                "objective": Objective.GROWTH,
                "risk": Risk.LOW,
                "horizon": Horizon.LONG,
            }
        ],
    )


def credit_lines() -> model.CreditLines:
    return part(
        model.CreditLines,
        [
            {
                "holding": CARD_LINE,
                "limit": 5_000_00,
                "statement_balance": 400_00,
                "statement": "2026-06-10",
                "next_statement": "2026-07-10",
                "minimum_due": 25_00,
                "monthly_percentage": 200,
            }
        ],
    )


def cards() -> model.Cards:
    card = {
        "network": "Visa",
        "number": "**** **** **** 4242",
        "issued": "2024-01-05",
        "expires": "2028-01-31",
        "product": "Everyday Debit",
        "purchase_limit": 2_000_00,
    }
    return part(
        model.Cards,
        [
            {**card, "holding": CHECKING, "person": EMILY, "activated": "2024-01-12"},
            {**card, "holding": CARD_LINE, "person": EMILY, "kind": CardKind.CREDIT},
            {
                **card,
                "household": 2,
                "holding": OVERDRAWN,
                "person": JOON,
                "status": CardStatus.LOST,
            },
        ],
    )


def direct_debits() -> model.DirectDebits:
    return part(
        model.DirectDebits,
        [
            {
                "household": 2,
                "holding": OVERDRAWN,
                "creditor": "City Power",
                "mandate": "M-1",
                "last_amount": 80_10,
                "last_date": "2026-06-03",
                "last_status": ItemStatus.FAILED,
                "last_reason": "Insufficient funds",
            }
        ],
    )


def standing_orders() -> model.StandingOrders:
    order = {"amount": 250_00, "first_date": "2024-02-01", "next_date": "2026-07-15"}
    return part(
        model.StandingOrders,
        [
            {
                **order,
                "holding": CHECKING,
                "creditor": "Rent",
                "day_of_month": 15,
                "frequency": Frequency.MONTHLY,
                "last_date": "2026-06-15",
            },
            {
                **order,
                "household": 2,
                "holding": EUROS,
                "creditor": "Club",
                "day_of_week": 2,
                "frequency": Frequency.WEEKLY,
                "last_status": ItemStatus.REJECTED,
            },
        ],
    )


def overdrafts() -> model.Overdrafts:
    return part(
        model.Overdrafts,
        [{"household": 2, "holding": OVERDRAWN, "limit": 500_00, "used": 99_99, "rate": 1_850}],
    )


def positions() -> model.Positions:
    return part(
        model.Positions,
        [
            {
                "holding": BROKERAGE,
                "product": 0,
                "quantity": 1_000,
                "cost": 10_099,
                "price": 10_050,
                "value": 1_005_00,
                "kind": PositionKind.LONG,
            },
        ],
    )


def elsewhere() -> model.Elsewhere:
    return part(model.Elsewhere, [{"kind": Possession.VEHICLE, "amount": 12_000_00}])
