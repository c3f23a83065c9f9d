from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from seedkit.population.words import Event, GroupRole, Marital, Sex
from seedkit.records import choices
from seedkit.records.batch import RecordBatch
from seedkit.records.choices import Choice
from seedkit.schema import load_catalogue

COLUMNS = {
    "GENDER": ("contact.gendercode",),
    "FAMILY_STATUS": ("contact.familystatuscode",),
    "CONTACT_METHOD": ("contact.preferredcontactmethodcode",),
    "INDUSTRY": ("account.industrycode",),
    "KINSHIP": ("msfsi_relationship.msfsi_relationshiptype",),
    "GROUP_KIND": ("msfsi_group.msfsi_type",),
    "GROUP_ROLE": ("msfsi_groupmember.msfsi_role",),
    "EVENT_CATEGORY": ("msfsi_lifemoment.msfsi_lifemomentcategory",),
    "EVENT_TYPE": ("msfsi_lifemoment.msfsi_lifemomenttype",),
    "CATEGORY": tuple(
        f"{table}.msfsi_financialholdingcategory"
        for table in (
            "msfsi_financialholding",
            "msfsi_fh_account",
            "msfsi_fh_creditline",
            "msfsi_fh_investment",
            "msfsi_fh_loan",
            "msfsi_fh_saving",
        )
    ),
    "CLASSIFICATION": ("msfsi_financialholding.msfsi_accountingclassification",),
    "ACCOUNT_KIND": ("msfsi_fh_account.msfsi_financialholdingtype",),
    "SAVING_KIND": ("msfsi_fh_saving.msfsi_financialholdingtype",),
    "LOAN_KIND": ("msfsi_fh_loan.msfsi_financialholdingtype",),
    "INVESTMENT_KIND": ("msfsi_fh_investment.msfsi_financialholdingtype",),
    "CREDIT_KIND": ("msfsi_fh_creditline.msfsi_financialholdingtype",),
    "HOLDER_ROLE": ("msfsi_customerfinancialholding.msfsi_financialholdingrole",),
    "INTEREST_KIND": ("msfsi_fh_account.msfsi_interesttype", "msfsi_fh_loan.msfsi_interesttype"),
    "COLLECTION_RISK": ("msfsi_fh_loan.msfsi_collectionrisk",),
    "INVESTMENT_RISK": ("msfsi_fh_investment.msfsi_investmentrisk",),
    "OBJECTIVE": ("msfsi_fh_investment.msfsi_investmentobjectives",),
    "HORIZON": ("msfsi_fh_investment.msfsi_investmenttimeframe",),
    "PAY_FROM": ("msfsi_fh_loan.msfsi_modeofpayment",),
    "INSTRUMENT": (
        "msfsi_financialholdinginstrument.msfsi_financialholdinginstrumenttype",
        "msfsi_fi_card.msfsi_financialinstrumenttype",
        "msfsi_fi_position.msfsi_financialinstrumenttype",
    ),
    "CARD_KIND": ("msfsi_fi_card.msfsi_cardtype",),
    "CARD_STATUS": ("msfsi_fi_card.msfsi_status",),
    "ITEM_STATUS": (
        "msfsi_fi_directdebit.msfsi_lastitemstatus",
        "msfsi_fi_standingorder.msfsi_lastitemstatus",
    ),
    "FREQUENCY": ("msfsi_fi_standingorder.msfsi_frequency",),
    "PRODUCT_KIND": ("msfsi_financialmarketproduct.msfsi_financialmarketproducttype",),
    "POSITION_KIND": ("msfsi_fi_position.msfsi_positiontype",),
    "ARTICLE_STATE": ("knowledgearticle.statecode",),
    "ARTICLE_STATUS": ("knowledgearticle.statuscode",),
}
ALL = {name: value for name, value in vars(choices).items() if isinstance(value, Choice)}


def options(place: str) -> dict[int, str]:
    table, column = place.split(".")
    found = load_catalogue()[table].column(column).options
    assert found is not None
    return {value: option.label for value, option in found.items()}


def test_every_choice_is_checked_here() -> None:
    assert set(COLUMNS) == set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_every_word_has_an_option_that_exists(name: str) -> None:
    choice = ALL[name]
    words = type(next(iter(choice.options)))
    assert set(choice.options) == set(words)
    for place in COLUMNS[name]:
        assert set(choice.options.values()) <= set(options(place))


# What these say is coarser than the word.
COARSE = {"CLASSIFICATION", "EVENT_CATEGORY", "ARTICLE_STATE", "INDUSTRY"}


@pytest.mark.parametrize("name", sorted(set(ALL) - COARSE))
def test_the_option_says_what_the_word_says(name: str) -> None:
    labels = options(COLUMNS[name][0])
    for word, value in ALL[name].options.items():
        # words without an option of their own; the separated are still married
        if word is GroupRole.PRIMARY or word is Marital.SEPARATED:
            continue
        label = labels[value].upper().replace("-", "")
        parts = [part[:4] for part in word.name.replace("_", " ").split()]
        plain = word.name.replace("_", "")[:6]
        assert plain in label or any(part in label for part in parts), (word, labels[value])


def test_the_state_of_an_article_is_that_of_its_status() -> None:
    known = load_catalogue()["knowledgearticle"].column("statuscode").options
    assert known is not None
    for word, status in choices.ARTICLE_STATUS.options.items():
        assert known[status].state == choices.ARTICLE_STATE.options[word]


def test_events_fall_in_the_categories_that_the_app_ships() -> None:
    shipped = {
        104800000: {104800000},
        104800001: {104800001, 104800002, 104800003},
        104800002: {104800004, 104800005},
        104800003: set(range(921950001, 921950007)),
        104800004: {104800011, 104800012, 104800013, 104800014},
        104800005: {104800015, 104800016},
        104800006: {104800015, 104800016},
        104800008: {104800019, 104800020, 104800021},
        104800009: {104800022},
    }
    for event in Event:
        category = choices.EVENT_CATEGORY.options[event]
        assert choices.EVENT_TYPE.options[event] in shipped[category], event


def test_words_become_options_row_by_row() -> None:
    words = np.array([Sex.MALE, Sex.FEMALE, Sex.MALE], dtype=np.int8)
    assert choices.GENDER.of(words) == [1, 2, 1]


def test_a_column_of_a_choice_knows_all_values_that_its_rows_may_have(
    batches: dict[str, RecordBatch],
) -> None:
    """What is checked against an environment is not only what these rows happen to hold."""
    catalogue = load_catalogue()
    for table, batch in batches.items():
        written = choices.written_choices(batch)
        for name, values in batch.columns.items():
            options = catalogue[table].columns[name].options
            if options is None or catalogue[table].columns[name].type == "boolean":
                continue
            held = {value for value in values if value is not None}
            assert held <= written[name] <= set(options), f"{table}.{name}"
            assert isinstance(values, choices.Chosen) or len(held) == 1, f"{table}.{name}"


def test_values_that_are_not_shown_are_still_possible() -> None:
    statuses = choices.ITEM_STATUS.of(np.array([0, 1]))
    shown = statuses.where(np.array([True, False]))
    assert shown == [104800000, None]
    assert shown.possible == statuses.possible == {104800000, 104800001, 104800002}


def test_only_whole_numbers_are_taken_for_choices() -> None:
    columns: dict[str, Sequence[object]] = {
        "statuscode": [1, None, 2],
        "flag": [True, False, True],
        "amount": [1.5, 2.0, 3.0],
        "name": ["a", "b", "c"],
    }
    batch = RecordBatch("contact", 1, ["x", "y", "z"], columns, ())
    assert choices.written_choices(batch) == {"statuscode": {1, 2}}
