"""The page of the population's files, written from the contract that writer and reader follow."""

from __future__ import annotations

from seedkit.extract.contract import (
    ASSETS,
    DEBTS,
    FAMILY_ROLES,
    MEASURED_EVENTS,
    ROW_OF,
    SIGNED,
    TABLES,
    TRANSACTION,
    Column,
)
from tests.house.markdown import WRITTEN, table

HEAD = """\
The population in plain words, for people with tools of their own:

    seedkit generate --profile retail --stage population --format csv --out bank

writes five CSV files and `run.json`. They are made block by block, so that a million households
need no more memory than a thousand; the same profile, random seed, day and versions give the same
bytes; a larger bank begins with the rows of a smaller one. `seedkit realism --files bank` measures
them, and any other files that keep to this page (see [realism.md](../realism.md)).

UTF-8, commas, a head row, quotes as in RFC 4180. An empty cell: not known, or it does not apply.
Days are `2026-06-30`; numbers have a point and no thousands mark. More columns may come; those
listed here keep their names and meanings. Columns marked «o» may be missing or empty; what needs
them is then not measured.

**Money** is in the currency of the locale and at the prices of the as-of year, never below 0
except where said.
"""

RUN = """\
## run.json

| key | what it is |
|---|---|
| `as_of` | the day at which the bank is seen |
| `money_year` | the year whose prices amounts are in |
| `scale_to_2022` | the factor that brings amounts, incomes and home values to prices of 2022 |
| `locale` | such as `en_US` |
| `households` | rows of `households.csv` |
| `random_seed` | the random seed |

`currency`, `profile` and `seedkit` (the version) stand there too, and nothing needs them.
"""

FAMILY = f"""\
## Household and family

A household is everyone behind one door; its head stands for it. The survey's family is the part
that shares money: the head, the partner and whoever has `in_family` ({", ".join(FAMILY_ROLES)}
unless the column says otherwise). Its age, sex, schooling and work are those of one reference
person: the man of a mixed couple, the older of two of the same sex, otherwise the head. Every
child of the family counts, of any age. A holding that belongs to people outside the family alone
is left out of the family's sums; one without owners is the family's.

Transaction accounts ({", ".join(TRANSACTION)}) count as owned also when they are empty. Everything
else is owned when its kind adds up to more than 0. Net worth is home value and assets less debts.
An overdrawn account counts as 0.
"""

EMPTY = {"turned_down", "weight"}  # a test compares it with what is written
GAPS = """\
## What today's population does not know

The columns are there, and empty, or the rows are missing:

- **Holdings elsewhere** have a kind and an amount and nothing more: no owners, no dates, no rate.
  One row stands for all that a household has of the kind; prepaid cards and cash in brokerage
  accounts are `prepaid` there.
- **Cards of other banks** have no rows in `cards.csv`; how their accounts are used is not known
  either (`behaviour`).
- **Credit that was refused**: `turned_down` is empty.
- **Households of a survey**: `weight` is empty, as each of ours stands for one.
- **Scores** of some adults under 25, who have none yet.
- **Moves.** One row for each adult, into the present home; earlier homes are not known.
- **Births of children who left home**: a bank would not have written down all of them, so some are
  missing for people with long lives.

A portfolio is shown as what lies in it (shares, bonds, funds, cash), one row for each, with the
portfolio's owners and first day. A bonus savings plan counts as a savings bond, a provident plan
as a retirement account, a child's account as a checking account, and one in another currency as a
checking account in the bank's own currency at the day's rate. Charge cards owe nothing after the
last payment.
"""


def page() -> list[str]:
    """Return the page."""
    lines = ["# The population's files", "", WRITTEN, "", *HEAD.splitlines(), ""]
    lines += [*RUN.splitlines(), ""]
    for name, columns in TABLES.items():
        lines += [f"## {name}.csv", "", f"One row is {ROW_OF[name]}.", ""]
        lines += [*table(["column", "", "holds", "what it is"], map(_row, columns)), ""]
        if name == "holdings":
            lines += _kinds()
        if name == "events":
            lines += _events()
    lines += [*FAMILY.splitlines(), "", *GAPS.splitlines()]
    return lines


def _row(column: Column) -> tuple[str, ...]:
    listed = column.choices if column.name != "kind" or len(column.choices) < 10 else ()
    words = ", ".join(f"`{word}`" for word in listed)
    meaning = "; ".join(part for part in (column.meaning, words) if part)
    return (f"`{column.name}`", "o" if column.optional else "", column.kind.value, meaning)


def _kinds() -> list[str]:
    signed = ", ".join(f"`{kind}`" for kind in SIGNED)
    rows = [(f"`{kind}`", "asset", words) for kind, words in ASSETS.items()]
    rows += [(f"`{kind}`", "debt", words) for kind, words in DEBTS.items()]
    head = "In brackets: the column of the Survey of Consumer Finances that it stands for. Amounts"
    return [f"{head} of {signed} may be below 0.", "", *table(["kind", "", "what"], rows), ""]


def _events() -> list[str]:
    listed = ", ".join(f"`{kind}`" for kind in MEASURED_EVENTS)
    return [
        f"Measured are {listed}: each of a person's life; a birth once for each parent; a move",
        "once for each adult, those of the last year at least. The others are told as far as a",
        "bank would know them: `home_purchase`, `home_sale`, `job_start`, `job_end`,",
        "`business_start`, `business_end`, `graduation`, `retirement`, `birth_of_grandchild` and",
        "more of the kind.",
        "",
    ]
