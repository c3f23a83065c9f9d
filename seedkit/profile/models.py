"""What a profile can say: one section per generator, every key with default, unit and range."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from seedkit.profile.columns import MUST_BE, ColumnValue, spelt_out
from seedkit.profile.owners import RANGE as OWNERS_RANGE
from seedkit.profile.owners import Owners

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Weight = Annotated[float, Field(ge=0.0, le=100.0)]
Factor = Annotated[float, Field(ge=0.0, le=5.0)]


class Section(BaseModel):
    """Base of all sections: frozen, and a key that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class FamilySection(Section):
    """Who lives together. The four weights are relative to one another."""

    single: Weight = Field(0.32, description="households of one person")
    couple: Weight = Field(0.29, description="couples without children at home")
    couple_with_children: Weight = Field(0.29, description="couples with children at home")
    one_parent: Weight = Field(0.10, description="one parent with children")
    unmarried_couples: Share = Field(0.18, description="part of couples that are not married")
    same_sex_couples: Share = Field(0.015, description="part of couples of the same sex")
    further_adults: Share = Field(
        0.19,
        description="part of households with a grown child, parent, brother, sister or housemate "
        "who keeps an own purse",
    )

    @model_validator(mode="after")
    def _somebody_lives_here(self) -> Self:
        if not self.single + self.couple + self.couple_with_children + self.one_parent:
            raise ValueError("at least one of the four kinds of households must weigh more than 0")
        return self


class PeopleSection(Section):
    """The people themselves."""

    owners: Share = Field(0.66, description="part of households that own their home")
    minor_customers: Share = Field(
        0.6, description="part of children at home who have a youth account; others are unknown"
    )
    unemployed: Share = Field(0.04, description="part of adults of working age without work")
    own_business: Share = Field(
        0.17, description="part of heads at work whose business is their own"
    )
    affluence: int = Field(
        1, ge=1, le=30, description="each household is the one that saved most among so many"
    )


class SmallBusinessSection(Section):
    """Firms of customers; they have accounts, cards and loans of their own."""

    firms: Share = Field(
        0.0, description="part of customers with a business of their own whose firm banks with us"
    )


class BankSection(Section):
    """The bank."""

    name: str = Field("Seedfield Bank", min_length=1, max_length=60, description="its name")
    branches: int = Field(12, ge=1, le=200, description="number of branches")
    products: int = Field(48, ge=10, le=500, description="number of financial market products")


class BankingSection(Section):
    """What people hold. The factors scale how many own something of the kind."""

    share_of_wallet: Share = Field(
        0.7, description="part of a household's further holdings that lie with us"
    )
    joint: Share = Field(0.7, description="part of couples that hold their main account jointly")
    foreign_currency: Share = Field(
        0.03, description="part of households with a foreign-currency account"
    )
    foreign_currencies: str = Field(
        "EUR GBP CAD CHF JPY",
        pattern=r"^([A-Z]{3}( [A-Z]{3})*)?$",
        description="ISO codes, most held first; those that the environment lacks are left out",
        json_schema_extra={MUST_BE: "ISO codes with spaces between, such as EUR GBP"},
    )
    savings: Factor = Field(1.0, description="factor on the ownership of long-term savings")
    loans: Factor = Field(1.0, description="factor on the ownership of loans")
    investments: Factor = Field(1.0, description="factor on the ownership of investments")
    credit_lines: Factor = Field(1.0, description="factor on the ownership of credit lines")
    delinquent: Share = Field(
        0.05, description="part of loans, and of card balances carried over, with overdue payments"
    )


class CardsSection(Section):
    """Cards."""

    debit: Share = Field(0.95, description="part of account owners with a debit card")
    credit: Share = Field(0.9, description="part of credit lines with a credit card")
    lost_or_stolen: Share = Field(0.02, description="part of cards reported lost or stolen")


class InstrumentsSection(Section):
    """Direct debits, standing orders and overdrafts on checking accounts."""

    direct_debits: float = Field(1.6, ge=0, le=20, description="average number per account")
    standing_orders: float = Field(0.7, ge=0, le=20, description="average number per account")
    overdrafts: Share = Field(0.35, description="part of checking accounts with an overdraft")
    failed: Share = Field(0.03, description="part whose last payment failed or was rejected")


class LifeEventsSection(Section):
    """Life events."""

    planned: Share = Field(0.25, description="part of adults with a planned event")
    overdue: Share = Field(0.05, description="part of adults with a planned event that passed")
    history: Factor = Field(1.0, description="factor on the number of further past events")
    backdated: bool = Field(
        True,
        description="create events on their own days, so that the app does not mark all as new; "
        "needs the privilege to override the creation day",
    )


class GoalsSection(Section):
    """Financial goals, each tied to a life event."""

    planned: Share = Field(0.8, description="part of planned events with a goal")
    past: Share = Field(0.1, description="part of past home and vehicle purchases with a goal")


class GroupsSection(Section):
    """Groups beside the main households."""

    custom: Share = Field(0.05, description="part of households with a custom group")


class RelationshipsSection(Section):
    """Relationships that leave the household."""

    professional: Share = Field(0.08, description="part of adults with an accountant or lawyer")
    extended_family: Share = Field(0.15, description="part of households with relatives among us")


def _spelt(value: object) -> object:
    """Return the words that YAML takes for truth values as the words they are."""
    return {True: "on", False: "off"}.get(value, value) if isinstance(value, bool) else value


Wanted = Annotated[Literal["off", "auto", "on"], BeforeValidator(_spelt)]


class EngagementSection(Section):
    """Customer service. Its parts can be off, on, or left out where an environment lacks them."""

    cases: float = Field(
        0.0, ge=0, le=20, description="average number of cases per adult customer and year; 0: none"
    )
    months: int = Field(12, ge=1, le=36, description="months of history")
    backlog: Factor = Field(1.0, description="factor on how long cases stay open")
    first_contact: Share = Field(0.71, description="part of cases resolved at first contact")
    escalated: Share = Field(0.1, description="part of cases that go to a supervisor")
    conversations: Wanted = Field(
        "off", description="experimental: chats with sessions, sentiment and transcripts"
    )
    knowledge: Wanted = Field("off", description="knowledge articles, linked to cases")
    scripts: Wanted = Field("off", description="agent scripts with their steps")
    connections: Wanted = Field("off", description="connections with roles")
    users: Owners = Field(
        {},
        description="agents who own cases, activities and queue work, each at a desk; by e-mail, "
        "domain name, name or id; without any, whoever makes the rows",
        json_schema_extra={MUST_BE: OWNERS_RANGE},
    )


CURRENCIES = {"en_US": "USD", "en_GB": "GBP", "de_DE": "EUR"}  # of each locale


class Profile(Section):
    """A profile, resolved: nothing in it refers to another file any more."""

    description: str = Field("", max_length=200, description="one line for `profiles list`")
    locale: Literal["en_US", "en_GB", "de_DE"] = Field(
        "en_US", description="language and country of the people"
    )
    currency: str = Field(
        "USD",
        pattern=r"^([A-Z]{3}|environment)$",
        description="ISO code, or `environment` for its base currency; "
        "without one that of the locale",
        json_schema_extra={MUST_BE: "three capital letters such as USD, or environment"},
    )
    households: int = Field(250, ge=0, le=1_000_000, description="number of households")
    random_seed: int = Field(1, ge=0, le=2**63 - 1, description="the random seed")
    showcase: bool = Field(
        False, description="named customers, each made to show one thing, beside the households"
    )
    edge_cases: Share = Field(
        0.0, description="part of customers who are hard to handle, for testers"
    )
    owners: Owners = Field(
        {},
        description="users or teams who own the rows, by e-mail, domain name, name or id; without "
        "any, those of the named environment, else whoever makes the rows",
        json_schema_extra={MUST_BE: OWNERS_RANGE},
    )
    family: FamilySection = FamilySection()
    people: PeopleSection = PeopleSection()
    bank: BankSection = BankSection()
    banking: BankingSection = BankingSection()
    small_business: SmallBusinessSection = SmallBusinessSection()
    cards: CardsSection = CardsSection()
    instruments: InstrumentsSection = InstrumentsSection()
    life_events: LifeEventsSection = LifeEventsSection()
    goals: GoalsSection = GoalsSection()
    groups: GroupsSection = GroupsSection()
    relationships: RelationshipsSection = RelationshipsSection()
    engagement: EngagementSection = EngagementSection()
    columns: dict[str, dict[str, Annotated[ColumnValue, BeforeValidator(spelt_out)]]] = Field(
        {}, description="values for columns of seeded tables, by table and column"
    )
    skip: list[str] = Field(
        [], description="tables, columns (`contact.jobtitle`), parts and generators to leave out"
    )
    generators: dict[str, dict[str, Any]] = Field(
        {}, description="installed generators to use, by name, with their options"
    )

    @model_validator(mode="before")
    @classmethod
    def _with_the_money_of_the_country(cls, told: Any) -> Any:
        if not isinstance(told, dict) or "currency" in told:
            return told
        money = CURRENCIES.get(told.get("locale", "en_US"))
        return told | {"currency": money} if money else told
