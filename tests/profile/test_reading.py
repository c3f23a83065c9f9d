from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from seedkit.errors import ProfileError
from seedkit.profile import KeyInfo, Profile, describe_keys, read_profile

KEYS = {info.key: info for info in describe_keys()}


def write(folder: Path, name: str, text: str) -> str:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return str(file)


def value_of(profile: Profile, key: str) -> object:
    section, _, name = key.rpartition(".")
    return getattr(getattr(profile, section) if section else profile, name)


def test_a_profile_says_only_what_differs(tmp_path: Path) -> None:
    file = write(tmp_path, "mine.yaml", "bank:\n  branches: 3\n")
    found = read_profile(file)
    assert (found.name, found.path) == ("mine", Path(file))
    assert found.profile.bank.branches == 3
    assert found.profile.households == 250


def test_a_profile_extends_a_shipped_one_key_by_key(tmp_path: Path) -> None:
    file = write(tmp_path, "mine.yaml", "extends: quick\nbanking:\n  joint: 0.5\n")
    profile, quick = read_profile(file).profile, read_profile("quick").profile
    assert profile.households == quick.households == 25
    assert profile.banking.joint == 0.5
    assert profile.banking.delinquent == quick.banking.delinquent == 0.1


def test_files_are_found_relative_to_the_file_that_extends_them(tmp_path: Path) -> None:
    write(tmp_path, "base.yaml", "households: 7\nbank: {branches: 2, products: 20}\n")
    write(tmp_path, "deep/middle.yaml", "extends: ../base.yaml\nbank: {branches: 4}\n")
    file = write(tmp_path, "top.yml", "extends: deep/middle.yaml\nrandom_seed: 9\n")
    profile = read_profile(file).profile
    assert (profile.households, profile.random_seed) == (7, 9)
    assert (profile.bank.branches, profile.bank.products) == (4, 20)


def test_faults_of_an_extended_file_name_that_file(tmp_path: Path) -> None:
    base = write(tmp_path, "base.yaml", "\nhouseholds: -1\n")
    file = write(tmp_path, "mine.yaml", "extends: base.yaml\nhouseholds: 5\nzebra: 1\n")
    with pytest.raises(ProfileError) as caught:
        read_profile(file)
    assert [(f.file, f.line) for f in caught.value.faults] == [(base, 2), (file, 3)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "extends: retial",
            "there is no shipped profile named 'retial'. "
            "Did you mean retail or retail-uk or retail-de?",
        ),
        ("extends: [a]", "must be a shipped profile's name or a file, not a list."),
        ("extends:", "must be a shipped profile's name or a file, not nothing."),
        ("extends: 5", "must be a shipped profile's name or a file, not 5."),
    ],
)
def test_what_can_not_be_extended(text: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        read_profile(write(tmp_path, "mine.yaml", f"households: 5\n{text}\n"))
    [fault] = caught.value.faults
    assert (fault.line, fault.key, fault.problem) == (2, "extends", problem)


def test_a_missing_file_is_named_as_it_was_sought(tmp_path: Path) -> None:
    file = write(tmp_path, "mine.yaml", "extends: sub/base.yaml\n")
    with pytest.raises(ProfileError) as caught:
        read_profile(file)
    assert caught.value.faults[0].problem == f"there is no file {tmp_path / 'sub/base.yaml'}."


def test_a_circle_is_found_whatever_it_is_called_by(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "extends: ./b.yaml\n")
    write(tmp_path, "b.yaml", f"extends: ../{tmp_path.name}/c.yaml\n")
    write(tmp_path, "c.yaml", "extends: b.yaml\n")
    with pytest.raises(ProfileError) as caught:
        read_profile(str(tmp_path / "a.yaml"))
    [fault] = caught.value.faults
    assert fault.problem == "runs in a circle: b.yaml extends c.yaml extends b.yaml."
    assert fault.line == 1


def test_a_file_that_extends_itself(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"runs in a circle: me.yaml extends me.yaml\."):
        read_profile(write(tmp_path, "me.yaml", "extends: me.yaml\n"))


def test_overrides_come_last_and_in_order() -> None:
    overrides = ["households=3", "bank.name=Bank of Seeds", "cards={debit: 1}", "households=4"]
    profile = read_profile("quick", overrides).profile
    assert profile.households == 4
    assert profile.bank.name == "Bank of Seeds"
    assert profile.cards.debit == 1.0
    assert profile.cards.lost_or_stolen == 0.06


def test_an_override_may_hold_an_equals_sign() -> None:
    assert read_profile("quick", ["bank.name=A=B"]).profile.bank.name == "A=B"


@pytest.mark.parametrize(
    ("text", "households"),
    [("1_000", 1000), ("+5", 5), ("!!int 5", 5), ("5 # five", 5)],
)
def test_ways_to_write_a_whole_number(text: str, households: int, tmp_path: Path) -> None:
    assert (
        read_profile(write(tmp_path, "m.yaml", f"households: {text}")).profile.households
        == households
    )


@pytest.mark.parametrize(("text", "debit"), [("1", 1.0), (".5", 0.5), ("5e-1", 0.5), ("1.", 1.0)])
def test_ways_to_write_a_number(text: str, debit: float, tmp_path: Path) -> None:
    debits = read_profile(write(tmp_path, "m.yaml", f"cards: {{debit: {text}}}")).profile.cards
    assert debits.debit == debit


@pytest.mark.parametrize(("written", "expected"), [("false", False), ("true", True)])
def test_a_switch_is_true_or_false(written: str, expected: bool) -> None:
    override = f"life_events.backdated={written}"
    assert read_profile("retail", [override]).profile.life_events.backdated is expected


@pytest.mark.parametrize("written", ["1", "maybe", "'true'"])
def test_a_switch_is_nothing_else(written: str) -> None:
    with pytest.raises(ProfileError, match="must be true or false, not"):
        read_profile("retail", [f"life_events.backdated={written}"])


def test_a_section_without_keys_sets_nothing(tmp_path: Path) -> None:
    assert read_profile(write(tmp_path, "m.yaml", "bank:\n")).profile == Profile()


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "m.yaml"
    file.write_bytes("\ufeffhouseholds: 5\r\nbank:\r\n  branches: 2\r\n".encode())
    profile = read_profile(str(file)).profile
    assert (profile.households, profile.bank.branches) == (5, 2)


@given(
    st.sampled_from([k for k in KEYS.values() if k.range.startswith("between")]),
    st.integers(-3, 1_500_000),
)
def test_a_number_is_taken_exactly_when_it_is_in_the_range_that_is_told(
    info: KeyInfo, number: int
) -> None:
    least, most = (int(word.replace(",", "")) for word in info.range.split()[1::2])
    override = f"{info.key}={number}"
    if least <= number <= most:
        assert value_of(read_profile("retail", [override]).profile, info.key) == number
    else:
        with pytest.raises(ProfileError, match=f"must be .* {info.range}, not {number}"):
            read_profile("retail", [override])


@given(
    st.dictionaries(
        st.sampled_from([k.key for k in KEYS.values() if k.range == "between 0 and 1"]),
        st.floats(0, 1, allow_subnormal=False),
        min_size=1,
    )
)
def test_what_is_set_is_what_is_read(values: dict[str, float]) -> None:
    overrides = [f"{key}={yaml.safe_dump(value).split()[0]}" for key, value in values.items()]
    profile = read_profile("retail", overrides).profile
    assert {key: value_of(profile, key) for key in values} == values
