"""From a name or file to a profile: composing files, then overrides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from seedkit.errors import Fault, ProfileError, UnknownNameError
from seedkit.profile.document import Document, Entry, parse_override, read_document
from seedkit.profile.explaining import explain, nested
from seedkit.profile.finding import find_profile, is_file_name, shipped_profiles
from seedkit.profile.keys import EXTENDS
from seedkit.profile.models import Profile

HINT = "See every key with its range: seedkit profiles show retail"


@dataclass(frozen=True, slots=True)
class ResolvedProfile:
    """A profile with everything that it extends, and the file that was asked for.

    `entries` are the keys that were given, each with the place where it stands.
    """

    name: str
    path: Path
    profile: Profile
    entries: Mapping[str, Entry] = field(default_factory=dict)

    def fault(self, key: str, problem: str, suggestion: str | None = None) -> Fault:
        """Return a fault of a key; it stands at the key, or else below or above it."""
        above = [key.rsplit(".", count)[0] for count in range(key.count(".") + 1)]
        below = [given for given in self.entries if given.startswith(f"{key}.")]
        found = [given for given in (key, *below, *above) if given in self.entries]
        entry = self.entries[found[0]] if found else None
        place = (str(self.path), None) if entry is None else (entry.file, entry.line)
        return Fault(*place, key, problem, suggestion)


def read_profile(name_or_file: str, overrides: Sequence[str] = ()) -> ResolvedProfile:
    """Read a profile and what it extends, then apply `KEY=VALUE` overrides in order.

    ProfileError lists all faults of all files and overrides; UnknownNameError when there is
    neither a shipped profile nor a file of that name.
    """
    path = find_profile(name_or_file)
    documents = _read_chain(path, str(path), ())
    documents += [parse_override(text) for text in overrides]
    faults = [fault for document in documents for fault in _faults(document)]
    entries: dict[str, Entry] = {}
    for document in documents:
        entries |= document.entries
    faults = faults or explain(entries)
    if faults:
        raise ProfileError(faults, HINT)
    return ResolvedProfile(path.stem, path, Profile.model_validate(nested(entries)), entries)


def _faults(document: Document) -> list[Fault]:
    """Return all faults of one document, from top to bottom."""
    faults = document.faults + explain(document.entries)
    return sorted(faults, key=lambda fault: fault.line or 0)


def _read_chain(path: Path, file: str, followers: tuple[Path, ...]) -> list[Document]:
    """Read a file and, before it, what it extends; `followers` are the files that led here."""
    document = read_document(path, file)
    extends = document.entries.get(EXTENDS)
    own = {key: entry for key, entry in document.entries.items() if key != EXTENDS}
    document = replace(document, entries=own)
    if extends is None:
        return [document]
    found = _find_base(extends, path, (*followers, path.resolve()))
    if isinstance(found, Fault):
        return [replace(document, faults=[*document.faults, found])]
    return [*_read_chain(found, str(found), (*followers, path.resolve())), document]


def _find_base(extends: Entry, path: Path, chain: tuple[Path, ...]) -> Path | Fault:
    """Return the file that `extends` means: a shipped profile, or a file relative to its own."""

    def fault(problem: str, suggestion: str | None = None) -> Fault:
        return Fault(extends.file, extends.line, EXTENDS, problem, suggestion)

    name, shipped = extends.value, shipped_profiles()
    if not isinstance(name, str) or not name:
        return fault(f"must be a shipped profile's name or a file, not {extends.written}.")
    base = path.parent / name if is_file_name(name) else shipped.get(name)
    if base is None:
        error = UnknownNameError("shipped profile", name, shipped)
        return fault(f"{error.message[0].lower()}{error.message[1:]}", "A file ends on .yaml.")
    if not base.exists():
        return fault(f"there is no file {base}.")
    if base.resolve() in chain:
        names = [link.name for link in chain[chain.index(base.resolve()) :]]
        return fault(f"runs in a circle: {' extends '.join([*names, base.name])}.")
    return base
