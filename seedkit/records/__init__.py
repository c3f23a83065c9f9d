"""Population to tables: column names, choices, lookups, ids and marks.

Each table has one function, named as the table, in the module of its topic; it lists the columns
and where they come from. Choice values are in `choices`, table numbers and links in `tables`.
"""

from __future__ import annotations

from datetime import date

from seedkit.population.model import Bank, Block
from seedkit.records import (
    activities,
    cases,
    conversations,
    events,
    firms,
    groups,
    holdings,
    instruments,
    library,
    people,
    ties,
)
from seedkit.records import bank as bank_tables
from seedkit.records.batch import (
    BANK_BLOCK,
    Bindings,
    Lookup,
    RecordBatch,
    RecordContext,
)
from seedkit.records.table import RecordTable
from seedkit.records.tables import LINKS, TABLES
from seedkit.records.view import BankView, BlockView, bank_view, block_view

__all__ = [
    "BANK_BLOCK",
    "LINKS",
    "TABLES",
    "Bindings",
    "Lookup",
    "RecordBatch",
    "RecordContext",
    "RecordTable",
    "bank_records",
    "block_records",
    "records_of_bank",
    "records_of_block",
]

_BANK_TABLES = (
    bank_tables.msfsi_bank,
    bank_tables.msfsi_branch,
    bank_tables.msfsi_financialmarketproduct,
    library.subject,
    library.queue,
    library.knowledgearticle,
    library.msdyn_productivityagentscript,
    library.msdyn_productivityagentscriptstep,
    library.connectionrole,
)
_BLOCK_TABLES = (
    people.contact,
    people.msfsi_relationship,
    groups.msfsi_group,
    groups.msfsi_groupmember,
    groups.msfsi_groupfinancialholding,
    events.msfsi_lifemoment,
    events.msfsi_financialgoal,
    holdings.msfsi_fh_account,
    holdings.msfsi_fh_saving,
    holdings.msfsi_fh_loan,
    holdings.msfsi_fh_investment,
    holdings.msfsi_fh_creditline,
    holdings.msfsi_financialholding,
    holdings.msfsi_customerfinancialholding,
    instruments.msfsi_fi_card,
    instruments.msfsi_fi_directdebit,
    instruments.msfsi_fi_standingorder,
    instruments.msfsi_fi_overdraft,
    instruments.msfsi_fi_position,
    instruments.msfsi_financialholdinginstrument,
    ties.knowledgearticleincident,
    ties.connection,
    cases.incident,
    cases.queueitem,
    activities.phonecall,
    activities.email,
    activities.appointment,
    activities.task,
    activities.letter,
    activities.annotation,
    conversations.msdyn_ocliveworkitem,
    conversations.msdyn_ocsession,
    conversations.msdyn_sessionparticipant,
    conversations.msdyn_ocliveworkitemparticipant,
    conversations.msdyn_ocliveworkitemsentiment,
    conversations.msdyn_transcript,
    firms.account,
    firms.msfsi_person,
)


def bank_records(bank: Bank, context: RecordContext) -> list[RecordBatch]:
    """Return the rows of the bank itself, which a run makes once."""
    return records_of_bank(bank_view(bank, context))


def records_of_bank(view: BankView) -> list[RecordBatch]:
    """Return the rows of the bank itself, whose ids are given."""
    return [batch for table in _BANK_TABLES if len(batch := table(view))]


def block_records(
    block: Block, bank: Bank, context: RecordContext, as_of: date
) -> list[RecordBatch]:
    """Return the rows of a block, table by table; tables without rows are left out.

    The rows of a block's front are the first rows of the whole block's, with the same ids.
    """
    return records_of_block(block_view(block, bank, context, as_of))


def records_of_block(view: BlockView) -> list[RecordBatch]:
    """Return the rows of a block whose ids are given."""
    return [batch for table in _BLOCK_TABLES if len(batch := table(view))]
