"""The owners that a profile names: in a list, or with weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from seedkit.errors import ProfileError
from seedkit.profile import profile_schema, read_profile


def owners(written: str) -> dict[str, float]:
    return read_profile("quick", [f"owners={written}"]).profile.owners


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("[ann@bank.example, Desk]", {"ann@bank.example": 1, "Desk": 1}),
        ("{ann@bank.example: 3, Desk: 0.5}", {"ann@bank.example": 3, "Desk": 0.5}),
        ("{ann@bank.example: 1, Desk: 0}", {"ann@bank.example": 1, "Desk": 0}),
        ("[NO, 12, 2026-06-30]", {"NO": 1, "12": 1, "2026-06-30": 1}),
        ("[]", {}),
        ("{}", {}),
    ],
)
def test_names_stand_in_a_list_or_with_weights(written: str, found: dict[str, float]) -> None:
    assert owners(written) == found
    assert list(owners(written)) == list(found)


@pytest.mark.parametrize(
    "written",
    [
        "ann",
        "",
        "{ann: -1}",
        "{ann: 101}",
        "{ann: 0}",
        "{ann: much}",
        '{ann: "2"}',
        "{ann: true}",
        "{ann: 1, ann: 2}",
        "[ann, ann]",
        "['']",
        "[ann, [bob]]",
        "{ann: {bob: 1}}",
    ],
)
def test_anything_else_is_a_fault(written: str) -> None:
    with pytest.raises(ProfileError, match="owners: must be different names in a list, or with"):
        owners(written)


def test_a_file_names_its_line_and_goes_before_what_it_extends(tmp_path: Path) -> None:
    base, own = tmp_path / "base.yaml", tmp_path / "own.yaml"
    base.write_text("extends: quick\nowners: [ann, bob]\n", encoding="utf-8")
    own.write_text("extends: base.yaml\nowners:\n  cid: 2\n", encoding="utf-8")
    assert read_profile(str(own)).profile.owners == {"cid": 2}
    own.write_text("extends: base.yaml\nowners:\n  cid: -2\n", encoding="utf-8")
    with pytest.raises(ProfileError, match=r"own\.yaml:2: owners: .*, not \{cid: -2\}"):
        read_profile(str(own))


def test_editors_learn_both_ways() -> None:
    schema: Any = profile_schema()["properties"]["owners"]
    assert set(schema["type"]) == {"array", "object"}
    assert schema["additionalProperties"]["minimum"] == 0
