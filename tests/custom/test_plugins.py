"""What a plug-in may do, how it is found, and what its rows depend on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from seedkit.assembly import CurrencyByCode, make_source, source_of
from seedkit.custom import installed
from seedkit.custom.plugins import FIRST_NUMBER, find_generator, load_plugins, table_numbers
from seedkit.errors import GeneratorError, MissingInTargetError, PlanMismatchError
from seedkit.generators import Bank, Chance, Household, Link, Row, Table
from seedkit.marks import Stamp
from seedkit.profile.models import Profile
from seedkit.records import TABLES
from seedkit.records.batch import RecordBatch
from seedkit.testing import AS_OF, LocalEnvironment
from tests.custom.conftest import install

SHARE = "generators.loyalty.share=0.5"


class Nothing(BaseModel):
    """No options."""


@dataclass(frozen=True)
class Tags:
    """A generator that tests bend to their will."""

    name: str = "tags"
    version: str = "1"
    options: type[BaseModel] = Nothing
    tables: tuple[Table, ...] = (
        Table("tag_label", ("tag_name",), (Link("tag_customer", "contact"),)),
        Table("tag_list", ("tag_name",), once=True),
    )
    make: Callable[[Household], list[Row]] = lambda household: [
        Row("tag_label", {"tag_name": customer.name}, {"tag_customer": customer})
        for customer in household.customers
    ]

    def of_bank(self, bank: Bank, options: Any, chance: Chance) -> Iterator[Row]:
        yield Row("tag_list", {"tag_name": bank.name})

    def of_household(self, household: Household, options: Any, chance: Chance) -> list[Row]:
        return self.make(household)


@pytest.fixture
def tags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Install an object as the generator `tags`."""
    install(tmp_path / "tags", {"tags": "tests.custom.test_plugins:CURRENT"}, "seedkit-tags")
    monkeypatch.syspath_prepend(str(tmp_path / "tags"))

    def use(generator: Any) -> None:
        monkeypatch.setitem(globals(), "CURRENT", generator)

    use(Tags())
    return use


CURRENT: Any = None


def batches(block: int, households: int = 260, **keys: Any) -> dict[str, RecordBatch]:
    profile = Profile.model_validate({"households": households, **keys})
    stamp = Stamp(-(1 << 30) - 7, 9)
    source = make_source(profile, AS_OF, stamp, "same", CurrencyByCode())
    return {batch.table: batch for batch in source.batches(block)}


LOYALTY = {"loyalty": {"share": 0.4}}


@pytest.mark.usefixtures("loyalty_installed")
class TestRows:
    def test_nothing_else_changes(self) -> None:
        for block in (0, 1):
            plain, more = batches(block), batches(block, generators=LOYALTY)
            assert {table: more[table] for table in plain} == plain
            assert set(more) - set(plain) <= {"loy_programme", "loy_membership", "loy_entry"}

    def test_the_front_is_the_same_whatever_is_behind(self) -> None:
        few = batches(1, households=30, generators=LOYALTY)
        many = batches(1, households=260, generators=LOYALTY)
        for table in ("loy_membership", "loy_entry"):
            count = len(few[table])
            assert 0 < count < len(many[table])
            assert list(many[table].ids)[:count] == list(few[table].ids)
            for name, values in few[table].columns.items():
                assert list(many[table].columns[name])[:count] == list(values)

    def test_blocks_and_random_seeds_differ(self) -> None:
        first, second = (batches(block, 512, generators=LOYALTY) for block in (1, 2))
        other = batches(1, generators=LOYALTY, random_seed=2)
        tiers = [one["loy_membership"].columns["loy_tier"] for one in (first, second, other)]
        assert tiers[0] != tiers[2]
        assert tiers[0][:50] != tiers[1][:50]

    def test_columns_can_be_given_for_its_tables_too(self) -> None:
        columns = {"loy_membership": {"loy_source": {"value": "x"}}}
        found = batches(1, generators=LOYALTY, columns=columns)["loy_membership"]
        assert set(found.columns["loy_source"]) == {"x"}

    def test_a_skipped_generator_is_not_even_loaded(self) -> None:
        assert batches(1, generators=LOYALTY, skip=["loyalty"]) == batches(1)

    def test_a_skipped_table_of_it_is_left_out_with_what_points_there(self) -> None:
        found = batches(1, generators=LOYALTY, skip=["loy_membership"])
        assert "loy_membership" not in found
        assert found["loy_entry"].lookups == ()

    def test_its_version_is_part_of_the_plan(
        self, loyal: LocalEnvironment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = loyal.seed("quick", households=1, overrides=[SHARE])
        assert run.plan.fingerprint["generator loyalty"] == "1.0.0"
        import seedkit_loyalty

        newer = replace(seedkit_loyalty.loyalty, version="1.1.0")
        monkeypatch.setattr(seedkit_loyalty, "loyalty", newer)
        with pytest.raises(PlanMismatchError, match=r"generator loyalty 1\.0\.0") as caught:
            source_of(run.plan)
        assert "the package that brings generator loyalty 1.0.0" in str(caught.value.hint)

    def test_without_it_a_run_can_be_purged_but_not_resumed(
        self, loyal: LocalEnvironment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = loyal.dump()
        run = loyal.seed("quick", households=2, overrides=[SHARE])
        monkeypatch.setattr("seedkit.custom.plugins.entry_points", lambda group: [])
        with pytest.raises(GeneratorError, match="None is installed") as caught:
            source_of(run.plan)
        assert f"seedkit purge {run.plan.run_id}" in str(caught.value.hint)
        loyal.purge(run)
        assert loyal.dump() == before

    def test_a_missing_table_is_named(self, local: LocalEnvironment) -> None:
        said = r"generators.loyalty needs the table loy_entry, which the environment lacks"
        with pytest.raises(MissingInTargetError, match=said):
            local.seed("quick", households=1, overrides=[SHARE])


def test_a_missing_column_or_lookup_of_a_plugin_is_named(
    tags: Callable[[Any], None], loyal: LocalEnvironment
) -> None:
    links = (Link("loy_customer", "msfsi_bank"),)
    wrong = Table("loy_membership", ("loy_tier", "loy_teir"), links)
    tags(Tags(tables=(wrong, Table("tag_list", ("tag_name",), once=True)), make=lambda _: []))
    with pytest.raises(MissingInTargetError) as caught:
        loyal.seed("quick", households=1, overrides=["generators.tags={}"])
    assert "generators.tags needs the column loy_membership.loy_teir" in caught.value.message
    assert "loy_membership.loy_customer (pointing at msfsi_bank)" in caught.value.message


def test_an_unknown_generator_names_what_is_installed(loyalty_installed: None) -> None:
    assert "loyalty" in installed()
    with pytest.raises(GeneratorError) as caught:
        find_generator("tombola")
    assert "Installed are: loyalty" in caught.value.message
    assert "pip install" in str(caught.value.hint)
    with pytest.raises(GeneratorError, match="Did you mean loyalty"):
        find_generator("loyality")


WRONG: dict[str, tuple[Any, str]] = {
    "no generator": (object(), "it has no name and no version"),
    "another name": (Tags(name="other"), "it calls itself 'other'"),
    "no model": (Tags(options=dict), "its options are no pydantic model"),  # type: ignore[arg-type]
    "a table of ours": (Tags(tables=(Table("contact", ()),)), "is one that seedkit fills itself"),
    "the mark": (
        Tags(tables=(Table("tag_label", ("importsequencenumber",)),)),
        "must not write importsequencenumber",
    ),
    "the id": (Tags(tables=(Table("tag_label", ("tag_labelid",)),)), "must not write tag_labelid"),
    "itself": (
        Tags(tables=(Table("tag_label", (), (Link("tag_other", "tag_label"),)),)),
        "points at itself by tag_other",
    ),
    "once at customers": (
        Tags(tables=(Table("tag_label", (), (Link("tag_who", "contact"),), once=True),)),
        "is made once, and tag_who points at rows that are made later",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_does_not_keep_to_the_interface_is_refused(
    tags: Callable[[Any], None], case: str
) -> None:
    generator, said = WRONG[case]
    tags(generator)
    with pytest.raises(GeneratorError, match=said):
        find_generator("tags")


def test_a_package_that_breaks_is_named(tags: Callable[[Any], None], tmp_path: Path) -> None:
    points = tmp_path / "tags" / "seedkit_tags-1.0.0.dist-info" / "entry_points.txt"
    points.write_text("[seedkit.generators]\ntags = no_such_package:tags\n", encoding="utf-8")
    with pytest.raises(GeneratorError, match=r"tags \(no_such_package:tags\) can't be loaded"):
        find_generator("tags")


ROWS: dict[str, tuple[Row, str]] = {
    "an undeclared table": (Row("tag_x", {}), "a row of tag_x that it does not declare"),
    "an undeclared column": (Row("tag_label", {"tag_x": 1}), "has the column tag_x, which it"),
    "the bank's table": (Row("tag_list", {}), "belongs to the bank"),
    "an undeclared link": (
        Row("tag_label", {}, {"tag_customer": Row("tag_list", {})}),
        "points at tag_list by tag_customer",
    ),
}


@pytest.mark.parametrize("case", ROWS)
def test_a_row_is_as_it_was_declared(tags: Callable[[Any], None], case: str) -> None:
    row, said = ROWS[case]
    tags(Tags(make=lambda household: [row]))
    with pytest.raises(GeneratorError, match=said):
        batches(1, households=2, generators={"tags": {}})


def test_a_generator_that_fails_is_named_with_the_household(tags: Callable[[Any], None]) -> None:
    tags(Tags(make=lambda household: [1 // (household.number - 2)]))  # type: ignore[list-item]
    with pytest.raises(GeneratorError, match="tags failed at household 0: AttributeError"):
        batches(1, households=5, generators={"tags": {}})
    tags(Tags(make=lambda household: [] if household.number < 2 else [1 // 0]))  # type: ignore[list-item]
    with pytest.raises(GeneratorError, match="tags failed at household 2: ZeroDivisionError"):
        batches(1, households=5, generators={"tags": {}})


def test_a_row_is_given_once(tags: Callable[[Any], None]) -> None:
    tags(Tags(make=lambda household: [Row("tag_label", {})] * 2))
    with pytest.raises(GeneratorError, match="gave a row of tag_label twice"):
        batches(1, households=1, generators={"tags": {}})


def test_a_row_stands_before_those_that_point_at_it(tags: Callable[[Any], None]) -> None:
    bank = Table("tag_list", ("tag_name",), once=True)
    tables = (bank, Table("tag_a", ()), Table("tag_b", (), (Link("tag_a", "tag_a"),)))
    tags(
        Tags(tables=tables, make=lambda household: [Row("tag_b", {}, {"tag_a": Row("tag_a", {})})])
    )
    with pytest.raises(GeneratorError, match="was not given before it"):
        batches(1, households=1, generators={"tags": {}})


def test_two_generators_never_fill_one_table(
    tags: Callable[[Any], None], loyalty_installed: None
) -> None:
    tags(Tags(tables=(Table("loy_entry", ()),)))
    with pytest.raises(GeneratorError, match="loyalty and tags both fill loy_entry"):
        load_plugins({"tags": {}, "loyalty": {}})


def test_table_numbers_are_reserved_stable_and_never_the_same() -> None:
    names = [f"cr{number}_thing" for number in range(600)]
    numbers = table_numbers(names)
    assert len(set(numbers.values())) == 600
    assert min(numbers.values()) >= FIRST_NUMBER > max(table.number for table in TABLES)
    assert max(numbers.values()) < 4096
    assert (
        table_numbers(["loy_entry"])["loy_entry"]
        == table_numbers(["loy_entry", "loy_membership", "tag_label"])["loy_entry"]
    )


def test_what_is_seen_fits_together(tags: Callable[[Any], None]) -> None:
    seen: list[Household] = []
    tags(Tags(make=lambda household: seen.append(household) or []))  # type: ignore[func-returns-value]
    contacts = batches(1, households=60, generators={"tags": {}})["contact"]
    customers = [customer for household in seen for customer in household.customers]
    assert [household.number for household in seen] == list(range(60))
    assert [one.id for one in customers] == list(contacts.ids)
    assert [one.first_name for one in customers] == list(contacts.columns["firstname"])
    assert [one.birth.isoformat() for one in customers] == list(contacts.columns["birthdate"])
    for household in seen:
        assert all(card.holder in household.customers for card in household.cards)
        assert all(card.holding in household.holdings for card in household.cards)
        assert all(held.owner in household.customers for held in household.holdings)
        assert household.branch in household.bank.branches


def test_parts_that_are_left_out_are_not_seen(tags: Callable[[Any], None]) -> None:
    seen: list[Household] = []
    tags(Tags(make=lambda household: seen.append(household) or []))  # type: ignore[func-returns-value]
    batches(1, households=60, generators={"tags": {}}, skip=["cards"])
    assert any(household.holdings for household in seen)
    assert not any(household.cards for household in seen)
