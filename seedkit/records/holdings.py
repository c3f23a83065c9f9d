"""Financial holdings: what all have in common, the five kinds of details, and who holds them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seedkit.population.model import NO_FIGURE, Holdings, Ints, Money
from seedkit.population.model.keeping import take
from seedkit.population.words import Category, HolderRole
from seedkit.records import choices
from seedkit.records.batch import Lookup, RecordBatch
from seedkit.records.choices import Choice
from seedkit.records.money import Amounts
from seedkit.records.values import (
    flags,
    joined,
    known,
    names,
    noons,
    numbers,
    only,
    percents,
    texts,
)
from seedkit.records.view import BlockView

_DEBTS = (Category.LOAN, Category.CREDIT_LINE)
_DETAILS = (
    ("msfsi_fh_account", "accounts"),
    ("msfsi_fh_saving", "savings"),
    ("msfsi_fh_loan", "loans"),
    ("msfsi_fh_investment", "investments"),
    ("msfsi_fh_creditline", "credit_lines"),
)


def msfsi_fh_account(view: BlockView) -> RecordBatch:
    """Return the details of accounts."""
    accounts = view.block.accounts
    amounts = view.amounts(accounts.holding)
    holdings = take(view.block.holdings, accounts.holding)
    return view.sheets["msfsi_fh_account"].batch(
        {
            **_common(holdings, amounts, choices.ACCOUNT_KIND),
            "msfsi_interestrate": percents(holdings.rate),
            "msfsi_interesttype": choices.INTEREST_KIND.of(accounts.interest_kind),
            **amounts.pair("msfsi_availablebalance", accounts.available),
            **amounts.pair("msfsi_averagebalance", accounts.average),
            **amounts.pair("msfsi_unclearedbalance", accounts.uncleared),
            **amounts.pair("msfsi_blockedamount", accounts.blocked),
            "msfsi_numberoftransactions": numbers(accounts.transactions),
            "msfsi_dateoflasttransaction": noons(holdings.last_used),
        },
        [amounts.lookup()],
    )


def msfsi_fh_saving(view: BlockView) -> RecordBatch:
    """Return the details of long-term savings.

    The blocked amount is never sent: the app warns of any value, even zero.
    """
    savings = view.block.savings
    amounts = view.amounts(savings.holding)
    holdings = take(view.block.holdings, savings.holding)
    return view.sheets["msfsi_fh_saving"].batch(
        {
            **_common(holdings, amounts, choices.SAVING_KIND),
            "msfsi_interestrate": percents(holdings.rate),
            "msfsi_term": numbers(savings.term_months),
            "msfsi_maturitydate": noons(savings.matures),
            **amounts.pair("msfsi_accruedinterest", savings.accrued),
            **amounts.pair("msfsi_projectedinterestamount", savings.projected),
            **amounts.pair("msfsi_balanceatmaturity", savings.at_maturity),
            "msfsi_initialsource": texts(savings.source),
            "msfsi_maturityinstructionsdetails": texts(savings.instructions),
        },
        [amounts.lookup()],
    )


def msfsi_fh_loan(view: BlockView) -> RecordBatch:
    """Return the details of loans."""
    loans = view.block.loans
    amounts = view.amounts(loans.holding)
    holdings = take(view.block.holdings, loans.holding)
    arrears = loans.arrears_capital + loans.arrears_interest + loans.arrears_fees
    paid, due = known(loans.last_payment), known(loans.next_payment)
    return view.sheets["msfsi_fh_loan"].batch(
        {
            **_common(holdings, amounts, choices.LOAN_KIND),
            "msfsi_interestrate": percents(holdings.rate),
            "msfsi_interesttype": choices.INTEREST_KIND.of(loans.interest_kind),
            "msfsi_nextinterestreviewdate": noons(loans.next_review),
            **amounts.pair("msfsi_principalamount", loans.principal),
            **amounts.pair("msfsi_disbursedamount", loans.principal),
            "msfsi_disbursementdate": noons(loans.starts),
            "msfsi_loanstartdate": noons(loans.starts),
            "msfsi_maturitydate": noons(loans.matures),
            **amounts.pair("msfsi_installmentamount", loans.instalment),
            "msfsi_numberofinstallmentspaid": numbers(loans.paid_months),
            **amounts.pair("msfsi_totalinterestpaid", loans.interest_paid),
            **amounts.pair("msfsi_lastpaymentamount", loans.instalment, shown=paid),
            "msfsi_lastpaymentdate": noons(loans.last_payment),
            **amounts.pair("msfsi_nextpaymentamount", loans.instalment, shown=due),
            "msfsi_nextpaymentdate": noons(loans.next_payment),
            "msfsi_delinquencystatus": flags(known(loans.overdue_since)),
            "msfsi_overduedate": noons(loans.overdue_since),
            **amounts.pair("msfsi_capitalarrears", loans.arrears_capital),
            **amounts.pair("msfsi_interestarrears", loans.arrears_interest),
            **amounts.pair("msfsi_feearrears", loans.arrears_fees),
            **amounts.pair("msfsi_totalarrear", arrears),
            "msfsi_collectionrisk": choices.COLLECTION_RISK.of(loans.collection_risk),
            "msfsi_modeofpayment": choices.PAY_FROM.of(loans.pay_from),
            "msfsi_repaymentaccount": texts(loans.repayment_account),
        },
        [amounts.lookup()],
    )


def msfsi_fh_investment(view: BlockView) -> RecordBatch:
    """Return the details of investments; those younger than a period have no figure for it."""
    investments = view.block.investments
    year, three = investments.performance_1y, investments.performance_3y
    amounts = view.amounts(investments.holding)
    holdings = take(view.block.holdings, investments.holding)
    return view.sheets["msfsi_fh_investment"].batch(
        {
            **_common(holdings, amounts, choices.INVESTMENT_KIND),
            "msfsi_portfolioname": texts(investments.portfolio),
            "msfsi_openeddate": noons(holdings.opened),
            **amounts.pair("msfsi_cashbalance", investments.cash),
            **amounts.pair("msfsi_gainloss", investments.gain),
            "msfsi_performance": percents(investments.performance),
            "msfsi_performance1y": only(year != NO_FIGURE, percents(year)),
            "msfsi_performance3y": only(three != NO_FIGURE, percents(three)),
            "msfsi_performanceytd": percents(investments.performance_ytd),
            "msfsi_investmentobjectives": choices.OBJECTIVE.of(investments.objective),
            "msfsi_investmentrisk": choices.INVESTMENT_RISK.of(investments.risk),
            "msfsi_investmenttimeframe": choices.HORIZON.of(investments.horizon),
        },
        [amounts.lookup()],
    )


def msfsi_fh_creditline(view: BlockView) -> RecordBatch:
    """Return the details of credit lines."""
    lines = view.block.credit_lines
    amounts = view.amounts(lines.holding)
    holdings = take(view.block.holdings, lines.holding)
    return view.sheets["msfsi_fh_creditline"].batch(
        {
            **_common(holdings, amounts, choices.CREDIT_KIND),
            "msfsi_interestrate": percents(holdings.rate),
            **amounts.pair("msfsi_creditlimit", lines.limit),
            **amounts.pair("msfsi_laststatementbalance", lines.statement_balance),
            "msfsi_laststatementdate": noons(lines.statement),
            "msfsi_nextstatementdate": noons(lines.next_statement),
            **amounts.pair("msfsi_minimumpaymentdue", lines.minimum_due),
            "msfsi_monthlypaymentpercentage": percents(lines.monthly_percentage),
            "msfsi_lastpaymentduedate": noons(lines.last_due),
            "msfsi_nextpaymentdate": noons(lines.next_payment),
            "msfsi_delinquencystatus": flags(lines.delinquent),
        },
        [amounts.lookup()],
    )


def msfsi_financialholding(view: BlockView) -> RecordBatch:
    """Return the holdings themselves, each with the one row that has its details."""
    holdings = view.block.holdings
    return view.sheets["msfsi_financialholding"].batch(
        {
            "msfsi_name": names(holdings.name.tolist()),
            "msfsi_financialholdingcode": texts(holdings.code),
            "msfsi_financialholdingcategory": choices.CATEGORY.of(holdings.category),
            "msfsi_accountingclassification": choices.CLASSIFICATION.of(holdings.category),
            "msfsi_validfrom": noons(holdings.opened),
        },
        [_details(view, table, getattr(view.block, part).holding) for table, part in _DETAILS],
    )


def msfsi_customerfinancialholding(view: BlockView) -> RecordBatch:
    """Return who is what to a holding."""
    sheet = view.sheets["msfsi_customerfinancialholding"]
    roles, firms = view.block.holding_roles, view.block.firm_roles
    nobody, no_firm = np.full(len(firms.firm), -1), np.full(len(roles.person), -1)
    names_of_firms = view.block.firms.name[firms.firm].tolist()
    who = np.array([*view.people(roles.person), *names_of_firms], object)[sheet.rows].tolist()
    owners = np.full(len(firms.firm), HolderRole.OWNER, np.int8)
    holding = np.concatenate([roles.holding, firms.holding])[sheet.rows]
    role = np.concatenate([roles.role, owners])[sheet.rows]
    person = np.concatenate([roles.person, nobody])[sheet.rows]
    firm = np.concatenate([no_firm, firms.firm])[sheet.rows]
    return sheet.batch(
        {
            "msfsi_name": joined(who, view.holdings(holding)),
            "msfsi_financialholdingrole": choices.HOLDER_ROLE.of(role),
        },
        [
            view.sheets["contact"].point("msfsi_customerid", person),
            view.sheets["account"].point("msfsi_customerid", firm),
            view.sheets["msfsi_financialholding"].point("msfsi_financialholdingid", holding),
        ],
    )


def signed(holdings: Holdings) -> Money:
    """Return balances as accounting has them: what is owed is below zero."""
    return np.where(np.isin(holdings.category, _DEBTS), -holdings.balance, holdings.balance)


def _common(holdings: Holdings, amounts: Amounts, kinds: Choice) -> dict[str, Sequence[object]]:
    balance = signed(holdings)
    return {
        "msfsi_name": names(holdings.name.tolist()),
        "msfsi_financialholdingcategory": choices.CATEGORY.of(holdings.category),
        "msfsi_financialholdingtype": kinds.of(holdings.kind),
        "msfsi_accountingclassification": choices.CLASSIFICATION.of(holdings.category),
        **amounts.pair("msfsi_balance", balance, "msfsi_balancedefault"),
        "msfsi_balanceexchangerate": amounts.rates(),
    }


def _details(view: BlockView, table: str, holdings: Ints) -> Lookup:
    """Return the lookup from holdings to one of the five tables with their details."""
    rows = np.full(len(view.block.holdings.household), -1, dtype=np.int64)
    rows[holdings] = np.arange(len(holdings))
    return view.sheets[table].point("msfsi_details", rows)
