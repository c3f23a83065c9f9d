"""Instruments on holdings: cards, direct debits, standing orders, overdrafts, positions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from seedkit.population.model import Ints, Texts
from seedkit.population.words import Instrument
from seedkit.records import choices
from seedkit.records.batch import Lookup, RecordBatch
from seedkit.records.sheet import Sheet
from seedkit.records.values import (
    hundredths,
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

NOWHERE = -1


def msfsi_fi_card(view: BlockView) -> RecordBatch:
    """Return the cards. The app finds them by the instrument type on the card's own row."""
    cards, sheet = view.block.cards, view.sheets["msfsi_fi_card"]
    amounts = view.amounts(cards.holding)
    return sheet.batch(
        {
            "msfsi_name": _card_names(view),
            "msfsi_financialinstrumenttype": _type(sheet, Instrument.CARD),
            "msfsi_cardtype": choices.CARD_KIND.of(cards.kind),
            "msfsi_cardnetwork": texts(cards.network),
            "msfsi_cardnumber": texts(cards.number),
            "msfsi_status": choices.CARD_STATUS.of(cards.status),
            "msfsi_issuedate": noons(cards.issued),
            "msfsi_activationdate": noons(cards.activated),
            "msfsi_expirydate": noons(cards.expires),
            "msfsi_embossingname": texts(cards.embossed),
            "msfsi_productname": texts(cards.product),
            **amounts.pair("msfsi_purchasinglimit", cards.purchase_limit),
            **amounts.pair("msfsi_withdrawallimit", cards.withdrawal_limit),
            "msfsi_numberoftransactions": numbers(cards.transactions),
            "msfsi_numberofcashwithdrawal": numbers(cards.withdrawals),
            "msfsi_dateoflasttransaction": noons(cards.last_used),
            "msfsi_dateoflastcashwithdrawal": noons(cards.last_withdrawal),
        },
        [
            view.sheets["contact"].point("msfsi_cardholder", cards.person),
            amounts.lookup(),
        ],
    )


def msfsi_fi_directdebit(view: BlockView) -> RecordBatch:
    """Return the direct debits."""
    debits, sheet = view.block.direct_debits, view.sheets["msfsi_fi_directdebit"]
    amounts = view.amounts(debits.holding)
    paid, due = known(debits.last_date), known(debits.next_date)
    return sheet.batch(
        {
            "msfsi_name": _direct_debit_names(view),
            "msfsi_financialinstrumenttype": _type(sheet, Instrument.DIRECT_DEBIT),
            "msfsi_creditorname": texts(debits.creditor),
            "msfsi_creditoridentifier": texts(debits.creditor_code),
            "msfsi_debtoraccount": texts(view.block.holdings.code[debits.holding]),
            "msfsi_mandateid": texts(debits.mandate),
            "msfsi_mandatestartdate": noons(debits.starts),
            "msfsi_mandateenddate": noons(debits.ends),
            **amounts.pair("msfsi_mandatelimit", debits.limit),
            **amounts.pair("msfsi_lastitemamount", debits.last_amount, shown=paid),
            "msfsi_lastitemdate": noons(debits.last_date),
            "msfsi_lastitemstatus": choices.ITEM_STATUS.of(debits.last_status).where(paid),
            "msfsi_lastitemstatusreason": texts(debits.last_reason),
            **amounts.pair("msfsi_nextitemamount", debits.next_amount, shown=due),
            "msfsi_nextitemdate": noons(debits.next_date),
        },
        [amounts.lookup()],
    )


def msfsi_fi_standingorder(view: BlockView) -> RecordBatch:
    """Return the standing orders; a day of week or month is sent only where it counts."""
    orders, sheet = view.block.standing_orders, view.sheets["msfsi_fi_standingorder"]
    amounts = view.amounts(orders.holding)
    paid, due = known(orders.last_date), known(orders.next_date)
    week_days = choices.Chosen(numbers(orders.day_of_week), choices.DAYS_OF_WEEK)
    return sheet.batch(
        {
            "msfsi_name": _standing_order_names(view),
            "msfsi_financialinstrumenttype": _type(sheet, Instrument.STANDING_ORDER),
            "msfsi_creditorname": texts(orders.creditor),
            "msfsi_creditoraccount": texts(orders.creditor_account),
            "msfsi_debtoraccount": texts(view.block.holdings.code[orders.holding]),
            "msfsi_standingorderamount": amounts.own(orders.amount),
            "msfsi_frequency": choices.FREQUENCY.of(orders.frequency),
            "msfsi_dayofmonth": only(orders.day_of_month > 0, numbers(orders.day_of_month)),
            "msfsi_dayofweek": week_days.where(orders.day_of_week > 0),
            "msfsi_firstpaymentdate": noons(orders.first_date),
            **amounts.pair("msfsi_lastitemamount", orders.amount, shown=paid),
            "msfsi_lastitemdate": noons(orders.last_date),
            "msfsi_lastitemstatus": choices.ITEM_STATUS.of(orders.last_status).where(paid),
            "msfsi_lastitemstatusreason": texts(orders.last_reason),
            **amounts.pair("msfsi_nextitemamount", orders.amount, shown=due),
            "msfsi_nextitemdate": noons(orders.next_date),
        },
        [amounts.lookup()],
    )


def msfsi_fi_overdraft(view: BlockView) -> RecordBatch:
    """Return the overdrafts."""
    overdrafts, sheet = view.block.overdrafts, view.sheets["msfsi_fi_overdraft"]
    amounts = view.amounts(overdrafts.holding)
    return sheet.batch(
        {
            "msfsi_name": _overdraft_names(view),
            "msfsi_financialinstrumenttype": _type(sheet, Instrument.OVERDRAFT),
            **amounts.pair("msfsi_overdraftlimit", overdrafts.limit),
            **amounts.pair("msfsi_overdraftlimitused", overdrafts.used),
            "msfsi_overdraftrate": percents(overdrafts.rate),
        },
        [amounts.lookup()],
    )


def msfsi_fi_position(view: BlockView) -> RecordBatch:
    """Return the positions of investments."""
    positions, sheet = view.block.positions, view.sheets["msfsi_fi_position"]
    amounts = view.amounts(positions.holding)
    gain = positions.value - (positions.quantity * positions.cost + 50) // 100
    return sheet.batch(
        {
            "msfsi_name": _position_names(view),
            "msfsi_financialinstrumenttype": _type(sheet, Instrument.POSITION),
            "msfsi_positiontype": choices.POSITION_KIND.of(positions.kind),
            "msfsi_positioncount": hundredths(positions.quantity),
            **amounts.pair(
                "msfsi_averagesecuritycost", positions.cost, "msfsi_averagesecuritycostdefault"
            ),
            **amounts.pair("msfsi_currentvalue", positions.value, "msfsi_currentvaluedefault"),
            "msfsi_gainlossdefault": amounts.base(gain),
            "msfsi_heldaway": sheet.same(False),
            "msfsi_isblocked": sheet.same(False),
        },
        [_products(view, "msfsi_financialmarketproduct", positions.product), amounts.lookup()],
    )


def msfsi_financialholdinginstrument(view: BlockView) -> RecordBatch:
    """Return the links from holdings to instruments of all kinds, ordered by household."""
    sheet = view.sheets["msfsi_financialholdinginstrument"]
    rows, kinds = sheet.rows, [_KINDS[part] for part in sheet.table.parts]
    parts = [getattr(view.block, part) for part in sheet.table.parts]
    sizes = [len(part.holding) for part in parts]
    titles: Texts = np.array([name for kind in kinds for name in kind.names(view)], dtype=object)
    codes = np.concatenate([kind.codes(view) for kind in kinds])
    types = np.repeat([kind.type for kind in kinds], sizes)
    holdings = np.concatenate([part.holding for part in parts])
    return sheet.batch(
        {
            "msfsi_name": titles[rows].tolist(),
            "msfsi_financialholdinginstrumenttype": choices.INSTRUMENT.of(types[rows]),
            "msfsi_financialinstrumentcode": texts(codes[rows]),
        },
        [
            view.sheets["msfsi_financialholding"].point("msfsi_financialholding", holdings[rows]),
            *(
                view.sheets[kind.table].point("msfsi_details", _own_rows(types, kind.type)[rows])
                for kind in kinds
            ),
            _products(view, "msfsi_product", _product_rows(view, types)[rows]),
        ],
    )


def _own_rows(types: Ints, instrument: Instrument) -> Ints:
    """Return the row of each instrument in its own part, -1 for those of other kinds."""
    own = types == instrument
    return np.where(own, np.cumsum(own) - 1, NOWHERE)


def _product_rows(view: BlockView, types: Ints) -> Ints:
    """Return each position's product, -1 for instruments of other kinds."""
    products = np.append(view.block.positions.product, NOWHERE)
    return products[_own_rows(types, Instrument.POSITION)]


def _products(view: BlockView, column: str, products: Ints) -> Lookup:
    return view.bank.sheets["msfsi_financialmarketproduct"].point(column, products)


def _type(sheet: Sheet, instrument: Instrument) -> Sequence[object]:
    return sheet.same(choices.INSTRUMENT.options[instrument])


def _card_names(view: BlockView) -> list[str]:
    cards = view.block.cards
    return joined(cards.product.tolist(), view.people(cards.person))


def _direct_debit_names(view: BlockView) -> list[str]:
    return names(view.say.around("Direct debit to {}", view.block.direct_debits.creditor).tolist())


def _standing_order_names(view: BlockView) -> list[str]:
    return names(
        view.say.around("Standing order to {}", view.block.standing_orders.creditor).tolist()
    )


def _overdraft_names(view: BlockView) -> list[str]:
    holdings = view.block.holdings.name[view.block.overdrafts.holding]
    return names(view.say.around("Overdraft on {}", holdings).tolist())


def _position_names(view: BlockView) -> list[str]:
    return names(view.bank.bank.products.name[view.block.positions.product].tolist())


class _Kind(NamedTuple):
    """What an instrument row says about one kind of instrument."""

    table: str
    type: Instrument
    names: Callable[[BlockView], list[str]]
    codes: Callable[[BlockView], Texts]


_KINDS = {
    "direct_debits": _Kind(
        "msfsi_fi_directdebit",
        Instrument.DIRECT_DEBIT,
        _direct_debit_names,
        lambda view: view.block.direct_debits.mandate,
    ),
    "standing_orders": _Kind(
        "msfsi_fi_standingorder",
        Instrument.STANDING_ORDER,
        _standing_order_names,
        lambda view: view.block.standing_orders.creditor_account,
    ),
    "cards": _Kind(
        "msfsi_fi_card", Instrument.CARD, _card_names, lambda view: view.block.cards.number
    ),
    "overdrafts": _Kind(
        "msfsi_fi_overdraft",
        Instrument.OVERDRAFT,
        _overdraft_names,
        lambda view: view.block.holdings.code[view.block.overdrafts.holding],
    ),
    "positions": _Kind(
        "msfsi_fi_position",
        Instrument.POSITION,
        _position_names,
        lambda view: view.bank.bank.products.ticker[view.block.positions.product],
    ),
}
