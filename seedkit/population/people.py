"""Households and people of a block, put together from its stages."""

from __future__ import annotations

from datetime import date

import numpy as np

from seedkit.population.contact import make_contact
from seedkit.population.families import make_families
from seedkit.population.homes import make_homes, make_sites
from seedkit.population.kin import make_kin
from seedkit.population.model import BLOCK_HOUSEHOLDS, Bank, Households, People
from seedkit.population.names import make_family_names, make_names
from seedkit.population.surveyed import make_surveyed
from seedkit.population.work import make_work
from seedkit.profile.models import Profile


def make_households_and_people(
    profile: Profile, as_of: date, bank: Bank, number: int
) -> tuple[Households, People]:
    """Make the 256 households of a block and everyone in them."""
    surveyed = make_surveyed(profile, as_of, number)
    sites = make_sites(profile, bank, number, surveyed)
    own = make_family_names(profile, number, make_kin(profile, number, sites.branch))
    families = make_families(profile, as_of, number, surveyed, own.residues(number))
    names = make_names(profile, number, families, own)
    work = make_work(profile, as_of, number, families, names, surveyed)
    contact = make_contact(profile, as_of, number, families, names, sites.postcode)
    income = np.zeros(BLOCK_HOUSEHOLDS, np.int64)
    np.add.at(income, families.household[families.family], work.income[families.family])
    households = make_homes(profile, as_of, number, families, sites, surveyed, income)
    people = People(
        household=families.household,
        place=families.place,
        family=families.family,
        sex=families.sex,
        birth=families.birth,
        age=families.age,
        first_name=names.first,
        last_name=names.last,
        marital=families.marital,
        education=work.education,
        employment=work.employment,
        occupation=work.occupation,
        employer=work.employer,
        job_since=work.job_since,
        income=work.income,
        email=contact.email,
        mobile=contact.mobile,
        home_phone=contact.home_phone,
        government_id=contact.government_id,
        channel=contact.channel,
        customer=contact.customer,
        customer_since=contact.customer_since,
        spouse=families.spouse,
        mother=families.mother,
        father=families.father,
    )
    return households, people
