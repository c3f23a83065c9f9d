from collections import Counter

import numpy as np
from hypothesis import given

from seedkit.population.days import add_years, known
from seedkit.population.words import (
    AccountKind,
    Category,
    CreditKind,
    Employment,
    HolderRole,
    InvestmentKind,
    LoanKind,
    Place,
    SavingKind,
    Tenure,
)
from seedkit.profile.models import BankingSection, Profile

from .held import any_held, hold
from .made import FEW

DETAILS = {
    Category.ACCOUNT: "accounts",
    Category.SAVING: "savings",
    Category.LOAN: "loans",
    Category.INVESTMENT: "investments",
    Category.CREDIT_LINE: "credit_lines",
}


@FEW
@given(any_held)
def test_each_holding_has_its_detail_in_the_part_of_its_category(held):
    for category, name in DETAILS.items():
        rows = np.flatnonzero(held.holdings.category == category)
        assert getattr(held, name).holding.tolist() == rows.tolist()


@FEW
@given(any_held)
def test_rows_belong_to_the_household_of_their_holding_and_are_sorted(held):
    for name in HoldingPartNames:
        part = getattr(held, name)
        assert (np.diff(part.household) >= 0).all(), name
        if name != "holdings":
            assert (part.household == held.of(part, "household")).all(), name


HoldingPartNames = (
    *("holdings", "holding_roles", "accounts", "savings", "loans", "investments"),
    *("credit_lines", "cards", "direct_debits", "standing_orders", "overdrafts", "positions"),
)


@FEW
@given(any_held)
def test_codes_are_unique_in_the_bank_and_look_like_no_real_number(held):
    codes = held.holdings.code.tolist()
    assert len(set(codes)) == len(codes)
    assert all(code[3:] == f"-{held.number:04d}-{row:05d}" for row, code in enumerate(codes))
    assert all(code[:3].isalpha() for code in codes)


@FEW
@given(any_held)
def test_each_holding_has_one_owner_and_everyone_one_role(held):
    roles = held.holding_roles
    owners = roles.holding[roles.role == HolderRole.OWNER]
    assert owners.tolist() == list(range(held.holdings.code.size))
    pairs = Counter(zip(roles.holding.tolist(), roles.person.tolist(), strict=True))
    assert max(pairs.values()) == 1


@FEW
@given(any_held)
def test_only_customers_of_the_household_have_roles(held):
    roles, people = held.holding_roles, held.people
    assert people.customer[roles.person].all()
    assert (people.household[roles.person] == roles.household).all()


@FEW
@given(any_held)
def test_joint_owners_are_the_couple(held):
    roles, people = held.holding_roles, held.people
    joint = roles.role == HolderRole.JOINT_OWNER
    owner, other = held.owner[roles.holding[joint]], roles.person[joint]
    assert (people.spouse[owner] == other).all()
    assert (people.age[other] >= 18).all()


@FEW
@given(any_held)
def test_nothing_begins_before_its_owners_could_hold_it(held):
    roles, people = held.holding_roles, held.people
    # whoever came later joined the main account that the other one had
    main = held.holdings.name[roles.holding] == "Checking account"
    own = (roles.role == HolderRole.OWNER) | ((roles.role == HolderRole.JOINT_OWNER) & ~main)
    person, opened = roles.person[own], held.holdings.opened[roles.holding[own]]
    assert (opened >= people.customer_since[person]).all()
    adult = people.age[person] >= 18
    assert (opened >= add_years(people.birth[person], 18))[adult].all()
    assert (held.holdings.opened <= held.today).all()


@FEW
@given(any_held)
def test_adults_hold_something_from_their_first_day(held):
    roles, people = held.holding_roles, held.people
    own = roles.role <= HolderRole.JOINT_OWNER
    first = np.full(people.age.size, held.today)
    np.minimum.at(first, roles.person[own], held.holdings.opened[roles.holding[own]])
    adult = people.customer & (people.age >= 18)
    of_age = add_years(people.birth, 18)
    assert (first <= np.maximum(people.customer_since, of_age))[adult].all()


@FEW
@given(any_held)
def test_balances_stay_within_what_their_owners_earn(held):
    people, holdings, owner = held.people, held.holdings, held.owner
    spouse = people.spouse[owner]
    income = people.income[owner] + np.where(spouse >= 0, people.income[spouse], 0)
    checking = (holdings.name == "Checking account") & (holdings.balance > 200_00)
    assert (holdings.balance * 10 <= income * 6)[checking].all()
    put_by = people.income[owner] * np.maximum(people.age[owner] - 22, 1) // 4
    retirement = holdings.name == "Retirement account"
    assert (holdings.balance <= np.maximum(put_by * 105 // 100, 1_000_00))[retirement].all()


@FEW
@given(any_held)
def test_the_last_use_lies_between_opening_and_today(held):
    holdings = held.holdings
    assert (holdings.last_used >= holdings.opened).all()
    assert (holdings.last_used <= held.today).all()


@FEW
@given(any_held)
def test_minors_own_nothing_but_a_youth_account_signed_by_an_adult(held):
    roles, people = held.holding_roles, held.people
    minor = people.age < 18
    own = (roles.role <= HolderRole.JOINT_OWNER) & minor[roles.person]
    youth = roles.holding[own]
    assert sorted(roles.person[own].tolist()) == np.flatnonzero(minor & people.customer).tolist()
    assert set(held.holdings.name[youth]) <= {"Youth savings account"}
    assert (held.holdings.category[youth] == Category.ACCOUNT).all()
    signs = roles.role == HolderRole.SIGNATORY
    signed = dict(zip(roles.holding[signs].tolist(), roles.person[signs].tolist(), strict=True))
    assert all(people.age[signed[holding]] >= 18 for holding in youth.tolist())


@FEW
@given(any_held)
def test_further_roles_fit_their_holdings(held):
    roles, people = held.holding_roles, held.people
    category, kind = (getattr(held.holdings, name)[roles.holding] for name in ("category", "kind"))
    owner = held.owner[roles.holding]
    users = roles.role == HolderRole.CARDHOLDER
    assert (category[users] == Category.CREDIT_LINE).all()
    signers = np.isin(roles.role, [HolderRole.CO_SIGNER, HolderRole.GUARANTOR])
    assert np.isin(category[signers], [Category.LOAN, Category.CREDIT_LINE]).all()
    assert (people.age[roles.person[signers]] >= 18).all()
    heirs = roles.role == HolderRole.BENEFICIARY
    for_child = (category == Category.INVESTMENT) & np.isin(
        kind, [InvestmentKind.EDUCATION, InvestmentKind.CUSTODIAL]
    )
    assert (people.age[roles.person[heirs & for_child]] < 18).all()
    assert (people.spouse[owner[heirs & ~for_child]] == roles.person[heirs & ~for_child]).all()


@FEW
@given(any_held)
def test_kinds_are_held_by_those_who_qualify(held):
    people, owner = held.people, held.owner
    category, kind = held.holdings.category, held.holdings.kind

    def owners(of: Category, which: int) -> np.ndarray:
        return owner[(category == of) & (kind == which)]

    savers = owners(Category.INVESTMENT, InvestmentKind.RETIREMENT)
    earners = (Employment.EMPLOYEE, Employment.SELF_EMPLOYED, Employment.RETIRED)
    assert np.isin(people.employment[savers], earners).all()
    with_minors = np.zeros(held.households.household.size, bool)
    with_minors[people.household[people.age < 18]] = True
    for which in (InvestmentKind.EDUCATION, InvestmentKind.CUSTODIAL):
        parents = owners(Category.INVESTMENT, which)
        assert (people.place[parents] != Place.CHILD).all()
        assert with_minors[people.household[parents]].all()
    for which in (LoanKind.MORTGAGE, LoanKind.OTHER):
        home = people.household[owners(Category.LOAN, which)]
        assert (held.households.tenure[home] == Tenure.OWNER).all()


@FEW
@given(any_held)
def test_every_kind_is_one_of_its_categorys(held):
    kinds = {
        Category.ACCOUNT: AccountKind,
        Category.SAVING: SavingKind,
        Category.LOAN: LoanKind,
        Category.INVESTMENT: InvestmentKind,
        Category.CREDIT_LINE: CreditKind,
    }
    for category, words in kinds.items():
        found = held.holdings.kind[held.holdings.category == category]
        assert set(found.tolist()) <= set(map(int, words))


@FEW
@given(any_held)
def test_every_adult_has_an_account(held):
    adults = np.flatnonzero(held.people.customer & (held.people.age >= 18))
    assert np.isin(adults, held.owners_of(Category.ACCOUNT)).all()


def test_couples_share_their_main_account_as_often_as_the_profile_says():
    def shared(joint: float) -> int:
        held = hold(Profile(banking=BankingSection(joint=joint)))
        main = held.holdings.name == "Checking account"
        roles = held.holding_roles
        return int(main[roles.holding[roles.role == HolderRole.JOINT_OWNER]].sum())

    couples = shared(1.0)
    assert shared(0.0) == 0
    assert 0.55 * couples < shared(0.7) < 0.85 * couples


def test_factors_and_the_share_of_wallet_thin_holdings():
    def rows(**settings) -> Counter:
        return Counter(hold(Profile(banking=BankingSection(**settings))).holdings.category.tolist())

    usual, bare = rows(), rows(share_of_wallet=0.0)
    assert bare[Category.LOAN] == bare[Category.INVESTMENT] == bare[Category.CREDIT_LINE] == 0
    assert rows(share_of_wallet=1.0)[Category.INVESTMENT] > 1.2 * usual[Category.INVESTMENT]
    for section, category in (
        ("savings", Category.SAVING),
        ("loans", Category.LOAN),
        ("investments", Category.INVESTMENT),
        ("credit_lines", Category.CREDIT_LINE),
    ):
        without = rows(**{section: 0.0})
        assert without[category] == 0
        assert without[Category.ACCOUNT] == usual[Category.ACCOUNT]


def test_absent_days_stand_only_where_the_model_allows_them():
    held = hold(Profile())
    assert known(held.holdings.opened).all()
    assert known(held.holdings.last_used).all()
    assert known(held.loans.starts).all()
    assert known(held.cards.issued).all()
