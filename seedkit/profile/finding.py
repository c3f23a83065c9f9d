"""Where profiles are: those that ship with seedkit, and files."""

from __future__ import annotations

from pathlib import Path

import seedkit
from seedkit.errors import UnknownNameError

SUFFIXES = (".yaml", ".yml")
HINT = "List the shipped profiles with: seedkit profiles list"


def shipped_profiles() -> dict[str, Path]:
    """Return the shipped profiles by name."""
    return profiles_in(shipped_folder(Path(seedkit.__file__).parent))


def find_profile(name_or_file: str) -> Path:
    """Return the file of a shipped profile's name, or the file itself.

    UnknownNameError suggests shipped names, and profiles in the folder where the file was sought.
    """
    shipped = shipped_profiles()
    if name_or_file in shipped:
        return shipped[name_or_file]
    file = Path(name_or_file)
    if name_or_file and file.exists():
        return file
    neighbours = [str(path) for path in profiles_in(file.parent).values()]
    kind = "profile file" if is_file_name(name_or_file) else "profile"
    raise UnknownNameError(kind, name_or_file, [*shipped, *neighbours], HINT)


def is_file_name(name: str) -> bool:
    """Tell whether a name means a file, not a shipped profile."""
    return name.endswith(SUFFIXES) or "/" in name or "\\" in name


def shipped_folder(package: Path) -> Path:
    """Return the folder of shipped profiles: in an installed package, or beside a checkout's."""
    inside = package / "profiles"
    return inside if inside.is_dir() else package.parent / "profiles"


def profiles_in(folder: Path) -> dict[str, Path]:
    """Return the profiles of a folder by name; there are none where there is no folder."""
    if not folder.is_dir():
        return {}
    files = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)
    return {path.stem: path for path in files if path.is_file()}
