from __future__ import annotations

from collections import Counter
from dataclasses import fields

from seedkit.population.model import Bank, Block, Library
from seedkit.records import LINKS, TABLES, RecordBatch
from seedkit.records.features import FEATURES
from seedkit.records.tables import CURRENCY_TABLE
from seedkit.schema import load_catalogue

# Ids hold these numbers: an entry here never changes and never goes.
NUMBERS = {
    "annotation": 1,
    "msfsi_bank": 2,
    "msfsi_branch": 3,
    "msfsi_financialmarketproduct": 4,
    "contact": 5,
    "msfsi_group": 6,
    "msfsi_groupmember": 7,
    "msfsi_groupfinancialholding": 8,
    "msfsi_relationship": 9,
    "msfsi_lifemoment": 10,
    "msfsi_financialgoal": 11,
    "msfsi_fh_account": 12,
    "msfsi_fh_saving": 13,
    "msfsi_fh_loan": 14,
    "msfsi_fh_investment": 15,
    "msfsi_fh_creditline": 16,
    "msfsi_financialholding": 17,
    "msfsi_customerfinancialholding": 18,
    "msfsi_fi_card": 19,
    "msfsi_fi_directdebit": 20,
    "msfsi_fi_standingorder": 21,
    "msfsi_fi_overdraft": 22,
    "msfsi_fi_position": 23,
    "msfsi_financialholdinginstrument": 24,
    "subject": 25,
    "queue": 26,
    "incident": 27,
    "queueitem": 28,
    "phonecall": 29,
    "email": 30,
    "appointment": 31,
    "task": 32,
    "letter": 33,
    "knowledgearticle": 34,
    "knowledgearticleincident": 35,
    "msdyn_productivityagentscript": 36,
    "msdyn_productivityagentscriptstep": 37,
    "connectionrole": 38,
    "connection": 39,
    "msdyn_ocliveworkitem": 40,
    "msdyn_ocsession": 41,
    "msdyn_ocliveworkitemparticipant": 42,
    "msdyn_sessionparticipant": 43,
    "msdyn_ocliveworkitemsentiment": 44,
    "msdyn_transcript": 45,
    "account": 46,
    "msfsi_person": 47,
}

PLAIN = {table.name for table in TABLES if not table.features} - {"annotation"}


def test_table_numbers_stay_for_ever() -> None:
    assert {table.name: table.number for table in TABLES} == NUMBERS
    assert max(Counter(NUMBERS.values()).values()) == 1


def test_tables_are_described_as_the_catalogue_has_them() -> None:
    catalogue = load_catalogue()
    parts = {item.name for one in (Block, Bank, Library) for item in fields(one)}
    for table in TABLES:
        known = catalogue[table.name]
        assert table.primary_id == known.primary_id
        assert table.keyed == ("msfsi_integrationkey" in known.columns)
        assert set(table.parts) <= parts


def test_links_are_exactly_what_batches_hold(batches: dict[str, RecordBatch]) -> None:
    held = {
        (batch.table, lookup.column, lookup.target)
        for batch in batches.values()
        for lookup in batch.lookups
        if any(lookup.ids)
    }
    plain = [link for link in LINKS if {link[0], link[2]} <= PLAIN | {CURRENCY_TABLE}]
    assert held == set(plain)
    assert len(plain) == len(held)


def test_every_table_but_the_note_gets_rows(batches: dict[str, RecordBatch]) -> None:
    assert set(batches) == PLAIN


def test_a_table_of_a_feature_names_features_that_a_profile_can_ask_for() -> None:
    assert {name for table in TABLES for name in table.features} == set(FEATURES)
