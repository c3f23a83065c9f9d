"""What is wrong with a profile, where, and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from seedkit.errors import ProfileError
from seedkit.profile import read_profile

WHOLE = "must be a whole number between 0 and 1,000,000, not"
SHARE = "must be a number between 0 and 1, not"
NAME = "must be a text of 1 to 60 characters"

# Text of the file, line, key, problem, suggestion.
FAULTS: dict[str, tuple[str | bytes, int | None, str, str, str | None]] = {
    "below the range": ("households: -5", 1, "households", f"{WHOLE} -5.", None),
    "above the range": (
        "\nbank:\n  branches: 201",
        3,
        "bank.branches",
        "must be a whole number between 1 and 200, not 201.",
        None,
    ),
    "a share above one": ("cards: {debit: 1.5}", 1, "cards.debit", f"{SHARE} 1.5.", None),
    "no number": ("cards: {debit: .nan}", 1, "cards.debit", f"{SHARE} .nan.", None),
    "endless": ("cards: {debit: .inf}", 1, "cards.debit", f"{SHARE} .inf.", None),
    "half a household": ("households: 2.5", 1, "households", f"{WHOLE} 2.5.", None),
    "a number in quotes": (
        'households: "250"',
        1,
        "households",
        f'{WHOLE} the text "250".',
        "Leave out the quotes.",
    ),
    "words for a number": ("households: many", 1, "households", f"{WHOLE} many.", None),
    "yes for a number": ("households: yes", 1, "households", f"{WHOLE} yes.", None),
    "thousands with a comma": (
        "households: 1,000",
        1,
        "households",
        f"{WHOLE} 1,000.",
        "Write 1000.",
    ),
    "what YAML takes for octal": ("households: 0100", 1, "households", f"{WHOLE} 0100.", None),
    "what YAML takes for a time": ("households: 1:30", 1, "households", f"{WHOLE} 1:30.", None),
    "a decimal comma": (
        "cards: {debit: '0,5'}",
        1,
        "cards.debit",
        f'{SHARE} the text "0,5".',
        "Write 0.5.",
    ),
    "per cent": ("cards:\n  debit: 95%", 2, "cards.debit", f"{SHARE} 95%.", "Write 0.95."),
    "no value": (
        "households:",
        1,
        "households",
        f"{WHOLE} nothing.",
        "Leave the key out to have the default, 250.",
    ),
    "a list": ("households: [1, 2]", 1, "households", f"{WHOLE} a list.", None),
    "a section for a value": ("households: {a: 1}", 1, "households", f"{WHOLE} a section.", None),
    "a tag": (
        "households: !!python/name:os.getcwd x",
        1,
        "households",
        f"{WHOLE} !!python/name:os.getcwd x.",
        None,
    ),
    "Norway": (
        "currency: NO",
        1,
        "currency",
        "must be three capital letters such as USD, or environment, but YAML reads NO as false.",
        'Put it in quotes: "NO".',
    ),
    "a number for a text": (
        "bank: {name: 1822}",
        1,
        "bank.name",
        f"{NAME}, but YAML reads 1822 as a number.",
        'Put it in quotes: "1822".',
    ),
    "a date for a text": (
        "bank: {name: 2026-06-30}",
        1,
        "bank.name",
        f"{NAME}, but YAML reads 2026-06-30 as a date.",
        'Put it in quotes: "2026-06-30".',
    ),
    "an empty text": ('bank: {name: ""}', 1, "bank.name", f'{NAME}, not the text "".', None),
    "a long text": (
        f"bank: {{name: {'long ' * 20}}}",
        1,
        "bank.name",
        f"{NAME}, not {'long ' * 11}[...].",
        None,
    ),
    "small letters": (
        "currency: usd",
        1,
        "currency",
        "must be three capital letters such as USD, or environment, not usd.",
        None,
    ),
    "a language that is not there": (
        "locale: fr_FR",
        1,
        "locale",
        "must be en_US or en_GB or de_DE, not fr_FR.",
        None,
    ),
    "an unknown key": (
        "houshold: 2",
        1,
        "houshold",
        "is not a key of profiles.",
        "Did you mean households?",
    ),
    "an unknown key like no other": ("zebra: 2", 1, "zebra", "is not a key of profiles.", None),
    "an unknown section": (
        "# first\nfamly:\n  single: 1",
        2,
        "famly",
        "is not a key of profiles.",
        "Did you mean family?",
    ),
    "an unknown key of a section": (
        "bank:\n  brances: 1",
        2,
        "bank.brances",
        "is not a key of profiles.",
        "Did you mean bank.branches?",
    ),
    "a key in the wrong place": (
        "branches: 5",
        1,
        "branches",
        "is not a key of profiles.",
        "Did you mean bank.branches?",
    ),
    "a merge key": ("<<: {households: 5}", 1, "<<", "is not a key of profiles.", None),
    "a value for a section": (
        "bank: 12",
        1,
        "bank",
        "is a section with keys of its own, not 12.",
        "Write for example `name: Seedfield Bank`, indented, in the line below.",
    ),
    "a list for a section": (
        "cards:\n  - debit",
        1,
        "cards",
        "is a section with keys of its own, not a list.",
        "Write for example `debit: 0.95`, indented, in the line below.",
    ),
    "a key twice": (
        "households: 5\nbank: {}\nhouseholds: 6",
        3,
        "households",
        "stands twice, here and in line 1.",
        None,
    ),
    "a section twice": (
        "bank: {branches: 5}\nbank: {products: 50}",
        2,
        "bank",
        "stands twice, here and in line 1.",
        None,
    ),
    "a key that is a list": ("? [a, b]\n: 1", 1, "", "has a key that is not a word.", None),
    "nobody anywhere": (
        "family:\n  single: 0\n  couple: 0\n  couple_with_children: 0\n  one_parent: 0",
        5,
        "family",
        "at least one of the four kinds of households must weigh more than 0.",
        None,
    ),
    "an empty file": ("", None, "", "is empty.", "Begin with `extends: retail`."),
    "comments only": ("# nothing\n", None, "", "is empty.", "Begin with `extends: retail`."),
    "a list as file": (
        "- households\n",
        1,
        "",
        "must hold keys such as `households: 250`, not a list.",
        None,
    ),
    "a word as file": (
        "retail",
        1,
        "",
        "must hold keys such as `households: 250`, not retail.",
        None,
    ),
    "broken YAML": (
        "households: 5\nbank: name: x",
        2,
        "",
        "is not valid YAML at column 11: mapping values are not allowed here.",
        None,
    ),
    "a tab": (
        "bank:\n\tname: x",
        2,
        "",
        "is not valid YAML at column 1: found character '\\t' that cannot start any token.",
        "Indent with spaces, not with tabs.",
    ),
    "an open bracket": (
        "bank: {name: x",
        1,
        "",
        "is not valid YAML at column 15: expected ',' or '}', but got '<stream end>'.",
        None,
    ),
    "two documents": (
        "households: 5\n---\nhouseholds: 6",
        2,
        "",
        "is not valid YAML at column 1: but found another document.",
        None,
    ),
    "a control character": (
        "households: 5\nbank: \x07",
        2,
        "",
        "has a sign that YAML does not allow.",
        None,
    ),
    "another encoding": (
        "households: 5\nbank: {name: Crédit}".encode("latin-1"),
        2,
        "",
        "is not UTF-8 text.",
        "Save the file as UTF-8.",
    ),
    "a bottomless file": ("[" * 5000, None, "", "is nested too deeply.", None),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_names_its_place_and_the_way_out(case: str, tmp_path: Path) -> None:
    text, line, key, problem, suggestion = FAULTS[case]
    file = tmp_path / "mine.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ProfileError) as caught:
        read_profile(str(file))
    [fault] = caught.value.faults
    assert (fault.file, fault.line, fault.key) == (str(file), line, key)
    assert (fault.problem, fault.suggestion) == (problem, suggestion)


# The override, key, problem, suggestion.
OVERRIDES: dict[str, tuple[str, str, str, str | None]] = {
    "no equals sign": (
        "households",
        "households",
        "must look like KEY=VALUE, such as households=50.",
        None,
    ),
    "no key": ("=5", "=5", "must look like KEY=VALUE, such as households=50.", None),
    "no value": (
        "households=",
        "households",
        f"{WHOLE} nothing.",
        "Leave the key out to have the default, 250.",
    ),
    "out of range": ("households=-1", "households", f"{WHOLE} -1.", None),
    "unknown": (
        "household=5",
        "household",
        "is not a key of profiles.",
        "Did you mean households?",
    ),
    "inside a section": (
        "bank={branches: 900}",
        "bank.branches",
        "must be a whole number between 1 and 200, not 900.",
        None,
    ),
    "a section": (
        "cards=3",
        "cards",
        "is a section with keys of its own, not 3.",
        "Write for example `debit: 0.95`, indented, in the line below.",
    ),
    "broken YAML": ("households=[", "households", "'[' is not valid YAML.", None),
    "extends": ("extends=quick", "extends", "can only stand in a file.", None),
}


@pytest.mark.parametrize("case", OVERRIDES)
def test_a_fault_of_an_override_has_no_line(case: str) -> None:
    text, *expected = OVERRIDES[case]
    with pytest.raises(ProfileError) as caught:
        read_profile("retail", [text])
    [fault] = caught.value.faults
    assert (fault.file, fault.line) == ("--set", None)
    assert [fault.key, fault.problem, fault.suggestion] == expected


def test_all_faults_come_at_once_from_top_to_bottom(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("households: -1\nzebra: 1\nbank:\n  branches: x\n  bbb: 1\ncurrency: usd\n")
    with pytest.raises(ProfileError) as caught:
        read_profile(str(file), ["cards.debit=2", "x"])
    assert [fault.line for fault in caught.value.faults] == [1, 2, 4, 5, 6, None, None]
    assert str(caught.value).startswith("The profile has 7 faults:\n  ")
    assert f"{file}:4: bank.branches: must be a whole number" in str(caught.value)
    assert caught.value.hint == "See every key with its range: seedkit profiles show retail"


def test_a_folder_is_no_profile(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="is a folder, not a profile file"):
        read_profile(str(tmp_path))


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("households: 5")

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(ProfileError, match="can't be read: Permission denied"):
        read_profile(str(file))
