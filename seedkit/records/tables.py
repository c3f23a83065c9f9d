"""Which tables records are made for, from which part of the population, and what they point at."""

from __future__ import annotations

from seedkit.records.service_tables import LIBRARY_TABLES, SERVICE_LINKS, SERVICE_TABLES
from seedkit.records.table import RecordTable

_ROLE_PARTS = ("holding_roles", "firm_roles")
_INSTRUMENT_PARTS = ("direct_debits", "standing_orders", "cards", "overdrafts", "positions")

TABLES: tuple[RecordTable, ...] = (
    RecordTable("annotation", 1, ("case_notes",), keyed=False),  # the header note too
    RecordTable("msfsi_bank", 2),
    RecordTable("msfsi_branch", 3, ("branches",)),
    RecordTable("msfsi_financialmarketproduct", 4, ("products",)),
    RecordTable("contact", 5, ("people",)),
    RecordTable("msfsi_group", 6, ("groups",), keyed=False),
    RecordTable("msfsi_groupmember", 7, ("group_members",), keyed=False),
    RecordTable("msfsi_groupfinancialholding", 8, ("group_holdings",), keyed=False),
    RecordTable("msfsi_relationship", 9, ("relationships",), keyed=False),
    RecordTable("msfsi_lifemoment", 10, ("events",), keyed=False),
    RecordTable("msfsi_financialgoal", 11, ("goals",)),
    RecordTable("msfsi_fh_account", 12, ("accounts",)),
    RecordTable("msfsi_fh_saving", 13, ("savings",)),
    RecordTable("msfsi_fh_loan", 14, ("loans",)),
    RecordTable("msfsi_fh_investment", 15, ("investments",)),
    RecordTable("msfsi_fh_creditline", 16, ("credit_lines",)),
    RecordTable("msfsi_financialholding", 17, ("holdings",)),
    RecordTable("msfsi_customerfinancialholding", 18, _ROLE_PARTS, keyed=False),
    RecordTable("msfsi_fi_card", 19, ("cards",)),
    RecordTable("msfsi_fi_directdebit", 20, ("direct_debits",)),
    RecordTable("msfsi_fi_standingorder", 21, ("standing_orders",)),
    RecordTable("msfsi_fi_overdraft", 22, ("overdrafts",)),
    RecordTable("msfsi_fi_position", 23, ("positions",)),
    RecordTable("msfsi_financialholdinginstrument", 24, _INSTRUMENT_PARTS),
    *SERVICE_TABLES,
    RecordTable("account", 46, ("firms",), keyed=False, features=("firms",)),
    RecordTable("msfsi_person", 47, ("firms",), keyed=False, features=("firms", "persons")),
)

HEADER_TABLE = "annotation"
CURRENCY_TABLE = "transactioncurrency"
KEY_COLUMN = "msfsi_integrationkey"
TABLE = {table.name: table for table in TABLES}
# The table that a part's rows are rows of, and not one that ties them to others.
TABLE_OF_PART = {part: table for table in reversed(TABLES) for part in table.parts}
BANK_TABLES = ("msfsi_bank", "msfsi_branch", "msfsi_financialmarketproduct", *LIBRARY_TABLES)

LINKS: tuple[tuple[str, str, str], ...] = (
    ("msfsi_branch", "msfsi_bank", "msfsi_bank"),
    ("msfsi_financialmarketproduct", "transactioncurrencyid", "transactioncurrency"),
    ("contact", "msfsi_branch", "msfsi_branch"),
    ("contact", "transactioncurrencyid", "transactioncurrency"),
    ("contact", "msfsi_person", "msfsi_person"),
    ("account", "primarycontactid", "contact"),
    ("account", "msfsi_branch", "msfsi_branch"),
    ("account", "transactioncurrencyid", "transactioncurrency"),
    ("msfsi_group", "msfsi_primarymember", "msfsi_groupmember"),
    ("msfsi_groupmember", "msfsi_group", "msfsi_group"),
    ("msfsi_groupmember", "msfsi_member", "contact"),
    ("msfsi_groupfinancialholding", "msfsi_group", "msfsi_group"),
    ("msfsi_groupfinancialholding", "msfsi_financialholding", "msfsi_financialholding"),
    ("msfsi_relationship", "msfsi_contactfrom", "contact"),
    ("msfsi_relationship", "msfsi_contactto", "contact"),
    ("msfsi_lifemoment", "msfsi_contact", "contact"),
    ("msfsi_financialgoal", "msfsi_customer", "contact"),
    ("msfsi_financialgoal", "msfsi_lifeevent", "msfsi_lifemoment"),
    ("msfsi_fh_account", "transactioncurrencyid", "transactioncurrency"),
    ("msfsi_fh_saving", "transactioncurrencyid", "transactioncurrency"),
    ("msfsi_fh_loan", "transactioncurrencyid", "transactioncurrency"),
    ("msfsi_fh_investment", "transactioncurrencyid", "transactioncurrency"),
    ("msfsi_fh_creditline", "transactioncurrencyid", "transactioncurrency"),
    ("msfsi_financialholding", "msfsi_details", "msfsi_fh_account"),
    ("msfsi_financialholding", "msfsi_details", "msfsi_fh_saving"),
    ("msfsi_financialholding", "msfsi_details", "msfsi_fh_loan"),
    ("msfsi_financialholding", "msfsi_details", "msfsi_fh_investment"),
    ("msfsi_financialholding", "msfsi_details", "msfsi_fh_creditline"),
    ("msfsi_customerfinancialholding", "msfsi_customerid", "contact"),
    ("msfsi_customerfinancialholding", "msfsi_customerid", "account"),
    ("msfsi_customerfinancialholding", "msfsi_financialholdingid", "msfsi_financialholding"),
    ("msfsi_fi_card", "msfsi_cardholder", "contact"),
    ("msfsi_fi_card", "transactioncurrencyid", "transactioncurrency"),
    ("msfsi_fi_directdebit", "transactioncurrencyid", "transactioncurrency"),
    ("msfsi_fi_standingorder", "transactioncurrencyid", "transactioncurrency"),
    ("msfsi_fi_overdraft", "transactioncurrencyid", "transactioncurrency"),
    ("msfsi_fi_position", "msfsi_financialmarketproduct", "msfsi_financialmarketproduct"),
    ("msfsi_fi_position", "transactioncurrencyid", "transactioncurrency"),
    ("msfsi_financialholdinginstrument", "msfsi_financialholding", "msfsi_financialholding"),
    ("msfsi_financialholdinginstrument", "msfsi_details", "msfsi_fi_directdebit"),
    ("msfsi_financialholdinginstrument", "msfsi_details", "msfsi_fi_standingorder"),
    ("msfsi_financialholdinginstrument", "msfsi_details", "msfsi_fi_card"),
    ("msfsi_financialholdinginstrument", "msfsi_details", "msfsi_fi_overdraft"),
    ("msfsi_financialholdinginstrument", "msfsi_details", "msfsi_fi_position"),
    ("msfsi_financialholdinginstrument", "msfsi_product", "msfsi_financialmarketproduct"),
    *SERVICE_LINKS,
)
