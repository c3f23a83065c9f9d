"""Firms of customers, and who stands behind them."""

from __future__ import annotations

from seedkit.records import choices
from seedkit.records.batch import RecordBatch
from seedkit.records.values import names, noons, numbers, texts
from seedkit.records.view import BlockView


def account(view: BlockView) -> RecordBatch:
    """Return the firms; each is at home where its owner lives."""
    sheet = view.sheets["account"]
    firms, homes = sheet.pick(view.block.firms), view.block.households
    home = firms.household
    amounts = view.own_amounts(len(sheet.ids))
    return sheet.batch(
        {
            "name": names(firms.name.tolist()),
            "customertypecode": sheet.same(choices.CUSTOMER),
            "ownershipcode": sheet.same(choices.PRIVATE),
            "industrycode": choices.INDUSTRY.of(firms.trade),
            "numberofemployees": numbers(firms.employees + 1),  # with whoever owns it
            "revenue": amounts.own(firms.revenue),
            "emailaddress1": texts(firms.email),
            "telephone1": texts(firms.phone),
            "msfsi_joindate": noons(firms.customer_since),
            "address1_addresstypecode": sheet.same(choices.PRIMARY_ADDRESS),
            "address1_line1": texts(homes.street[home]),
            "address1_city": texts(homes.city[home]),
            "address1_stateorprovince": texts(homes.state[home]),
            "address1_postalcode": texts(homes.postcode[home]),
            "address1_country": sheet.same(view.bank.bank.country),
        },
        [
            view.sheets["contact"].point("primarycontactid", firms.person),
            view.bank.sheets["msfsi_branch"].point("msfsi_branch", homes.branch[home]),
            amounts.lookup(),
        ],
    )


def msfsi_person(view: BlockView) -> RecordBatch:
    """Return the people behind firms, who are the same whether they come for themselves or not."""
    sheet = view.sheets["msfsi_person"]
    firms = sheet.pick(view.block.firms)
    return sheet.batch(
        {
            "msfsi_name": names(view.people(firms.person)),
            "msfsi_id": sheet.integration_keys(),
        }
    )
