"""Reading named environments: from a TOML file, and from environment variables over it."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from seedkit.environments.choosing import Directory
from seedkit.environments.models import KEYS, NAME, NamedEnvironment
from seedkit.errors import ConfigurationError, Fault
from seedkit.settings import LOCAL

PREFIX = "SEEDKIT_ENVIRONMENTS__"  # then NAME__KEY
LISTS = frozenset({"owners"})
SECRET_KEY = re.compile(r"secret|password|passphrase|token|private_?key|assertion|credential", re.I)
# What a secret of Entra ID and a private key look like, in whatever key somebody put them.
SECRET_VALUE = re.compile(r"[\w.~-]{3}\dQ~[\w.~-]{31,34}|-----BEGIN|\beyJ[\w-]{10,}\.")
HINT = (
    "See docs/environments.md for every key, and which names there are: seedkit environments list"
)


@dataclass(frozen=True, slots=True)
class _Section:
    """What one place says about one environment: keys, and a place for each key to be named."""

    name: str
    values: Mapping[str, Any]
    places: Mapping[str, tuple[str, int | None]]

    def fault(self, key: str, problem: str, suggestion: str | None = None) -> Fault:
        file, line = self.places.get(key, self.places[""])
        return Fault(file, line, f"{self.name}.{key}" if key else self.name, problem, suggestion)


def read_directory(file: Path, variables: Mapping[str, str]) -> Directory:
    """Read all named environments; ConfigurationError lists everything that is wrong."""
    sections = _merge(_file_sections(file), _variable_sections(variables))
    faults = [fault for section in sections for fault in _faults(section)]
    if faults:
        raise ConfigurationError(faults, HINT)
    return Directory(
        {each.name: NamedEnvironment.model_validate(dict(each.values)) for each in sections}
    )


def read_section(name: str, values: Mapping[str, Any], file: str) -> NamedEnvironment:
    """Check what is to become an environment; ConfigurationError."""
    section = _Section(name, values, {"": (file, None)})
    faults = _faults(section)
    if faults:
        raise ConfigurationError(faults, HINT)
    return NamedEnvironment.model_validate(dict(values))


def _file_sections(file: Path) -> list[_Section]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
        tables = tomllib.loads(text)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _broken(file, None, f"can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise _broken(file, None, "is not UTF-8 text.") from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        # No cause and no quoted text: the line may hold a secret.
        problem = 'is not valid TOML there; text stands in double quotes, as in tenant = "..."'
        raise _broken(file, int(found[1]) if found else None, problem) from None
    lines = _lines(text)
    sections = []
    for name, values in tables.items():
        if not isinstance(values, dict):
            line = lines.get(("", name))
            raise _broken(file, line, f"has a key {name!r} outside of a section such as [qa].")
        places = {"": (str(file), lines.get((name, "")))}
        places |= {key: (str(file), lines.get((name, key))) for key in values}
        sections.append(_Section(name, values, places))
    return sections


def _broken(file: Path, line: int | None, problem: str) -> ConfigurationError:
    return ConfigurationError([Fault(str(file), line, "", problem)], HINT)


def _lines(text: str) -> dict[tuple[str, str], int]:
    """Return the line of each section and of each plain key in it, which tomllib does not tell."""
    found: dict[tuple[str, str], int] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\s*[\"']?([\w-]+)[\"']?\s*\]", line):
            section = header[1]
            found.setdefault((section, ""), number)
        elif key := re.match(r"\s*[\"']?([\w-]+)[\"']?\s*[=.]", line):
            found.setdefault((section, key[1]), number)
    return found


def _variable_sections(variables: Mapping[str, str]) -> list[_Section]:
    """Return what SEEDKIT_ENVIRONMENTS__NAME__KEY say; a name's hyphens are underscores there."""
    values: dict[str, dict[str, Any]] = {}
    places: dict[str, dict[str, tuple[str, int | None]]] = {}
    for variable, text in sorted(variables.items()):
        words, _, key = variable.removeprefix(PREFIX).rpartition("__")
        if not variable.startswith(PREFIX):
            continue
        name, key = words.lower().replace("_", "-"), key.lower()
        values.setdefault(name, {})[key] = _split(text) if key in LISTS else text
        places.setdefault(name, {"": (variable, None)})[key] = (variable, None)
    return [_Section(name, found, places[name]) for name, found in values.items()]


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _merge(below: list[_Section], above: list[_Section]) -> list[_Section]:
    """Lay sections over others: a key of a variable wins over the file's."""
    merged = {section.name: section for section in below}
    for section in above:
        base = merged.get(section.name)
        if base is None:
            merged[section.name] = section
        else:
            own = {key: place for key, place in section.places.items() if key}
            merged[section.name] = _Section(
                section.name, {**base.values, **section.values}, {**base.places, **own}
            )
    return list(merged.values())


def _faults(section: _Section) -> list[Fault]:
    if not NAME.fullmatch(section.name) or section.name == LOCAL:
        advice = "Use up to 40 lower-case letters, digits and hyphens, and not `local`."
        return [section.fault("", "is no name for an environment.", advice)]
    faults = [fault for key in section.values if (fault := _key_fault(section, key))]
    return faults or _value_faults(section)


def _key_fault(section: _Section, key: str) -> Fault | None:
    if key in KEYS:
        if SECRET_VALUE.search(str(section.values[key])):
            return section.fault(key, "holds a secret, and must not.", _instead(section.name))
        return None
    if SECRET_KEY.search(key):
        return section.fault(key, "is a secret, and must not stand here.", _instead(section.name))
    near = difflib.get_close_matches(key, KEYS, n=1)
    advice = f"Did you mean {near[0]}?" if near else f"The keys are {', '.join(KEYS)}."
    return section.fault(key, "is not a key of environments.", advice)


def _instead(name: str) -> str:
    from seedkit.environments.secrets import secret_variable

    return (
        f"Take it out, renew it, and give the new one in {secret_variable(name)}, "
        f"or put it into the keyring: keyring set seedkit {name}"
    )


def _value_faults(section: _Section) -> list[Fault]:
    try:
        NamedEnvironment.model_validate(dict(section.values))
    except ValidationError as error:
        return [
            section.fault(str(each["loc"][0]) if each["loc"] else "", _said(each))
            for each in error.errors(include_url=False, include_input=False)
        ]
    return []


def _said(error: Mapping[str, Any]) -> str:
    """Return what pydantic says, in our words and without the value."""
    message = str(error["msg"]).removeprefix("Value error, ")
    message = {"missing": "is missing", "string_type": "must be text"}.get(error["type"], message)
    if error["type"] == "enum":
        message = f"must be {error['ctx']['expected']}"
    return (message[0].lower() + message[1:]).replace("input should", "must") + "."
