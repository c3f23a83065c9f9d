"""Customers and what they are to one another."""

from __future__ import annotations

import numpy as np

from seedkit.population.firms import firm_of
from seedkit.population.model import Ints, Texts
from seedkit.population.words import Employment, Event, Kinship, Marital
from seedkit.records import choices
from seedkit.records.batch import RecordBatch
from seedkit.records.values import days, joined, names, noons, numbers, texts
from seedkit.records.view import BlockView

SPOUSE_LENGTH = 100  # of `spousesname`, less than two names can have
# What the job title says of people without an occupation; the app shows it under every name.
_WITHOUT_OCCUPATION = {
    Employment.EMPLOYEE: "",
    Employment.SELF_EMPLOYED: "Self-employed",
    Employment.UNEMPLOYED: "Between jobs",
    Employment.RETIRED: "Retired",
    Employment.DISABLED: "Not working",
    Employment.STUDENT: "Student",
    Employment.HOMEMAKER: "Homemaker",
    Employment.PUPIL: "Student",
}
_KINSHIP_WORDS = {
    Kinship.SPOUSE: "spouse of",
    Kinship.CHILD: "child of",
    Kinship.PARENT: "parent of",
    Kinship.SIBLING: "sibling of",
    Kinship.GRANDCHILD: "grandchild of",
    Kinship.GRANDPARENT: "grandparent of",
    Kinship.EX_SPOUSE: "former spouse of",
    Kinship.EXTENDED_FAMILY: "relative of",
    Kinship.ACCOUNTANT: "accountant of",
    Kinship.ACCOUNTING_CLIENT: "client of",
    Kinship.LAWYER: "lawyer of",
    Kinship.LEGAL_CLIENT: "client of",
    Kinship.PRINCIPAL: "gave power of attorney to",
    Kinship.POWER_OF_ATTORNEY: "holds power of attorney for",
}


def contact(view: BlockView) -> RecordBatch:
    """Return the customers; people whom the bank doesn't know are no rows."""
    sheet = view.sheets["contact"]
    people, homes = sheet.pick(view.block.people), view.block.households
    home = people.household
    amounts = view.own_amounts(len(sheet.ids))
    return sheet.batch(
        {
            "firstname": texts(people.first_name),
            "lastname": people.last_name.tolist(),
            "msfsi_ismanagedbybanksystem": sheet.same(True),  # every view of the app asks for it
            "birthdate": days(people.birth),
            "gendercode": choices.GENDER.of(people.sex),
            "familystatuscode": choices.FAMILY_STATUS.of(people.marital),
            "spousesname": _spouses_names(view),
            "numberofchildren": numbers(_children(view)[sheet.rows]),
            "jobtitle": _job_titles(view, people.occupation, people.employment),
            "annualincome": amounts.own(people.income),
            "governmentid": texts(people.government_id),
            "emailaddress1": texts(people.email),
            "mobilephone": texts(people.mobile),
            "telephone2": texts(people.home_phone),
            "preferredcontactmethodcode": choices.CONTACT_METHOD.of(people.channel),
            "donotemail": sheet.same(False),
            "donotphone": sheet.same(False),
            "donotfax": sheet.same(False),
            "donotpostalmail": sheet.same(False),
            "msfsi_joindate": noons(people.customer_since),
            "address1_addresstypecode": sheet.same(choices.PRIMARY_ADDRESS),
            "address1_line1": texts(homes.street[home]),
            "address1_city": texts(homes.city[home]),
            "address1_stateorprovince": texts(homes.state[home]),
            "address1_postalcode": texts(homes.postcode[home]),
            "address1_country": sheet.same(view.bank.bank.country),
        },
        [
            view.bank.sheets["msfsi_branch"].point("msfsi_branch", homes.branch[home]),
            amounts.lookup(),
            view.sheets["msfsi_person"].point("msfsi_person", _firms(view)[sheet.rows]),
        ],
    )


def _firms(view: BlockView) -> Ints:
    """Return the firm that each person runs, -1."""
    return firm_of(view.block.firms, len(view.block.people.household))


def msfsi_relationship(view: BlockView) -> RecordBatch:
    """Return relationships between customers; the type says what `to` is to `from`."""
    sheet = view.sheets["msfsi_relationship"]
    links, contacts = sheet.pick(view.block.relationships), view.sheets["contact"]
    said = [view.say(_KINSHIP_WORDS[kind]) for kind in Kinship]
    words = [said[kind] for kind in links.kind.tolist()]
    persons = view.people(links.person)
    described = [f"{word} {name}" for word, name in zip(words, persons, strict=True)]
    return sheet.batch(
        {
            "msfsi_name": joined(view.people(links.other), described),
            "msfsi_relationshiptype": choices.KINSHIP.of(links.kind),
        },
        [
            contacts.point("msfsi_contactfrom", links.person),
            contacts.point("msfsi_contactto", links.other),
        ],
    )


def _spouses_names(view: BlockView) -> list[str | None]:
    people = view.sheets["contact"].pick(view.block.people)
    named = np.array([*names(view.full_names, SPOUSE_LENGTH), ""], dtype=object)
    wed = (people.marital == Marital.MARRIED) & (people.spouse >= 0)
    return texts(named[np.where(wed, people.spouse, -1)])


def _children(view: BlockView) -> Ints:
    """Count each person's children: those at home, or as many as life events tell of."""
    people, events = view.block.people, view.block.events
    count = len(people.household)
    at_home = sum(
        np.bincount(parent[parent >= 0], minlength=count)
        for parent in (people.mother, people.father)
    )
    born = (events.kind == Event.CHILD_BORN) & (events.date <= np.datetime64(view.as_of, "D"))
    return np.maximum(at_home, np.bincount(events.person[born], minlength=count))


def _job_titles(view: BlockView, occupations: Texts, employment: Ints) -> list[str | None]:
    instead = view.say.each(_WITHOUT_OCCUPATION[state] for state in Employment)
    return texts(np.where(occupations == "", instead[employment], occupations))
