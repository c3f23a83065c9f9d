from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from seedkit.errors import UnknownNameError
from seedkit.profile import (
    Profile,
    describe_keys,
    find_profile,
    profile_schema,
    read_profile,
    shipped_profiles,
)
from seedkit.profile.finding import profiles_in, shipped_folder
from seedkit.profile.trees import OPEN


def test_shipped_profiles_have_no_faults_and_a_description() -> None:
    page = (Path(__file__).parents[2] / "docs" / "profiles.md").read_text(encoding="utf-8")
    for name in shipped_profiles():
        assert read_profile(name).profile.description
        assert f"`{name}`" in page, "docs/profiles.md names every profile that ships"


def test_the_retail_profile_spells_out_every_key_with_its_default_and_has_showcases() -> None:
    values = yaml.safe_load(shipped_profiles()["retail"].read_text(encoding="utf-8"))
    spelt = {
        f"{section}.{key}" if isinstance(inner, dict) else section
        for section, inner in values.items()
        for key in (inner if isinstance(inner, dict) else [section])
    }
    assert spelt == {info.key for info in describe_keys()}
    retail = read_profile("retail").profile
    assert retail == Profile(description=retail.description, showcase=True)


def test_a_profile_is_found_by_name_or_file(tmp_path: Path) -> None:
    file = tmp_path / "retail"
    file.write_text("households: 5")
    assert find_profile("retail") == shipped_profiles()["retail"]
    assert find_profile(str(file)) == file


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "retial",
            "There is no profile named 'retial'. Did you mean retail or retail-uk or retail-de?",
        ),
        (
            "retail.yaml",
            "There is no profile file named 'retail.yaml'. "
            "Did you mean retail or retail-uk or retail-de?",
        ),
        ("zzz", "There is no profile named 'zzz'."),
        ("", "There is no profile named ''."),
    ],
)
def test_an_unknown_name(
    name: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnknownNameError) as caught:
        read_profile(name)
    assert caught.value.message == message
    assert caught.value.hint == "List the shipped profiles with: seedkit profiles list"


def test_a_file_beside_the_one_that_is_missing_is_suggested(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("households: 5")
    with pytest.raises(UnknownNameError) as caught:
        find_profile(str(tmp_path / "mnie.yaml"))
    assert caught.value.suggestions == (str(tmp_path / "mine.yaml"),)


def test_an_installed_package_brings_its_profiles_along(tmp_path: Path) -> None:
    package = tmp_path / "seedkit"
    package.mkdir()
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "retail.yaml").write_text("households: 1")
    assert profiles_in(shipped_folder(package)) == {"retail": tmp_path / "profiles" / "retail.yaml"}
    (package / "profiles").mkdir()
    (package / "profiles" / "retail.yaml").write_text("households: 2")
    (package / "profiles" / "notes.txt").write_text("no profile")
    (package / "profiles" / "sub.yaml").mkdir()
    assert profiles_in(shipped_folder(package)) == {"retail": package / "profiles" / "retail.yaml"}


def test_without_a_folder_nothing_is_shipped(tmp_path: Path) -> None:
    assert profiles_in(shipped_folder(tmp_path / "seedkit")) == {}


def test_every_key_is_described() -> None:
    for info in describe_keys():
        assert info.description
        assert info.range
        assert info.type in ("whole number", "number", "text", "switch", "names")
    households = next(info for info in describe_keys() if info.key == "households")
    assert (households.default, households.type) == (250, "whole number")
    assert households.must_be == "a whole number between 0 and 1,000,000"


def test_the_schema_knows_every_key_and_no_other() -> None:
    schema = profile_schema()
    assert schema["additionalProperties"] is False
    assert "extends" in schema["properties"]
    sections = {key.partition(".")[0] for key in (info.key for info in describe_keys())}
    assert set(schema["properties"]) == {*sections, *OPEN, "extends"}
    bank = schema["$defs"]["BankSection"]
    assert bank["additionalProperties"] is False
    assert bank["properties"]["branches"]["maximum"] == 200
