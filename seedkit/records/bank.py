"""The bank, its branches and its market products."""

from __future__ import annotations

import numpy as np

from seedkit.population.words import ProductKind
from seedkit.records import choices
from seedkit.records.batch import RecordBatch
from seedkit.records.values import names, noons, only, percents, texts
from seedkit.records.view import BankView


def msfsi_bank(view: BankView) -> RecordBatch:
    """Return the bank's one row."""
    bank = view.bank
    return view.sheets["msfsi_bank"].batch(
        {
            "msfsi_name": names([bank.name]),
            "msfsi_bankcode": [bank.code],
            "msfsi_addressline1": [bank.street],
            "msfsi_city": [bank.city],
            "msfsi_stateorprovince": [bank.state],
            "msfsi_postalcode": [bank.postcode],
            "msfsi_country": [bank.country],
            "msfsi_telephone1": [bank.phone],
        }
    )


def msfsi_branch(view: BankView) -> RecordBatch:
    """Return the branches, each bound to the bank."""
    branches, sheet = view.bank.branches, view.sheets["msfsi_branch"]
    bank = np.zeros(len(branches.code), dtype=np.int64)
    return sheet.batch(
        {
            "msfsi_name": names(branches.name.tolist()),
            "msfsi_branchcode": texts(branches.code),
            "msfsi_addressline1": texts(branches.street),
            "msfsi_city": texts(branches.city),
            "msfsi_stateorprovince": texts(branches.state),
            "msfsi_postalcode": texts(branches.postcode),
            "msfsi_country": sheet.same(view.bank.country),
            "msfsi_telephone1": texts(branches.phone),
        },
        [view.sheets["msfsi_bank"].point("msfsi_bank", bank)],
    )


def msfsi_financialmarketproduct(view: BankView) -> RecordBatch:
    """Return the market products that positions are made of."""
    products, sheet = view.bank.products, view.sheets["msfsi_financialmarketproduct"]
    amounts = view.exchange.amounts(np.zeros(len(products.name), dtype=np.int64))
    is_bond = products.kind == ProductKind.BOND
    return sheet.batch(
        {
            "msfsi_name": names(products.name.tolist()),
            "msfsi_financialmarketproducttype": choices.PRODUCT_KIND.of(products.kind),
            "msfsi_tickersymbol": texts(products.ticker),
            **amounts.pair("msfsi_currentprice", products.price, "msfsi_currentpricedefault"),
            "msfsi_performance1y": percents(products.performance_1y),
            "msfsi_performance3y": percents(products.performance_3y),
            "msfsi_performanceytd": percents(products.performance_ytd),
            "msfsi_fixedinterestrate": only(is_bond, percents(products.coupon)),
            "msfsi_maturityredemptiondate": noons(products.matures),
        },
        [amounts.lookup()],
    )
