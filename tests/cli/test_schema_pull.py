"""`schema pull`: what it saves, that nothing is lost on the way, and that it can be lived in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from seedkit.errors import UsageError
from seedkit.schema.saved import read_schema, write_schema
from seedkit.testing import RunningEnvironment, local_environment
from tests.cli.conftest import CommandLine
from tests.emulator.test_metadata_writes import CRM, add, column, label, make, options

DAY = {"Value": "DateOnly"}
CONTACT = "EntityDefinitions(LogicalName='contact')"


class Customiser:
    """Somebody who changes the schema of a served environment."""

    def __init__(self, there: RunningEnvironment) -> None:
        self.there = there

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "."): value for name, value in headers.items()}
        return self.there.client.request(method, path, json=body, headers=named)

    def customise(self) -> None:
        """Add a table, columns of many types, a global choice, a lookup, a key; change others."""
        make(self, "new_Segment", column("Integer", "new_Rank", MinValue=1, MaxValue=9))
        choice = {
            "@odata.type": f"{CRM}OptionSetMetadata",
            "Name": "new_channel",
            "DisplayName": label("Channel"),
            "OptionSetType": "Picklist",
            "IsGlobal": True,
            "Options": [{"Value": 7, "Label": label("App")}, {"Value": 9, "Label": label("Desk")}],
        }
        address = add(self, "GlobalOptionSetDefinitions", choice)
        used = f"/GlobalOptionSetDefinitions({address.rpartition('(')[2].rstrip(')')})"
        columns = f"{CONTACT}/Attributes"
        for body in (
            column("String", "new_Nickname", MaxLength=30),
            column("Memo", "new_Story", MaxLength=500),
            column("Decimal", "new_Score", MinValue=0, MaxValue=1, Precision=3),
            column("Money", "new_Wealth", MinValue=0, MaxValue=1e6, Precision=2),
            column(
                "DateTime", "new_Met", Format="DateOnly", DateTimeBehavior={"Value": "DateOnly"}
            ),
            column("Boolean", "new_Vip", DefaultValue=True, OptionSet=yes_no()),
            column("Picklist", "new_Tier", OptionSet=options((100, "Gold"), (200, "Silver"))),
            column("Picklist", "new_Channel", **{"GlobalOptionSet@odata.bind": used}),
            column("MultiSelectPicklist", "new_Hobbies", OptionSet=options((1, "A"), (2, "B"))),
            column("Image", "new_Portrait", MaxSizeInKB=200, CanStoreFullImage=True),
        ):
            add(self, columns, body)
        add(self, f"{CONTACT}/Keys", {"SchemaName": "new_Nick", "KeyAttributes": ["new_nickname"]})
        add(self, "RelationshipDefinitions", segment_lookup())
        self.shorten("jobtitle", 40)
        place = {"EntityLogicalName": "contact", "AttributeLogicalName": "new_tier"}
        self.send("POST", "InsertOptionValue", {**place, "Value": 300, "Label": label("Bronze")})

    def shorten(self, name: str, length: int) -> None:
        path, kind = f"{CONTACT}/Attributes(LogicalName='{name}')", "StringAttributeMetadata"
        full = self.send("GET", f"{path}/{CRM}{kind}").json()
        body = {key: value for key, value in full.items() if not key.startswith("@odata.")}
        body |= {"@odata.type": f"{CRM}{kind}", "MaxLength": length}
        self.send("PUT", path, body, MSCRM_MergeLabels="true").raise_for_status()


def yes_no() -> dict[str, Any]:
    return {
        "@odata.type": f"{CRM}BooleanOptionSetMetadata",
        "TrueOption": {"Value": 1, "Label": label("Ja")},
        "FalseOption": {"Value": 0, "Label": label("Nein")},
    }


def segment_lookup() -> dict[str, Any]:
    return {
        "@odata.type": f"{CRM}OneToManyRelationshipMetadata",
        "SchemaName": "new_segment_contact",
        "ReferencedEntity": "new_segment",
        "ReferencingEntity": "contact",
        "CascadeConfiguration": {"Assign": "NoCascade", "Delete": "Restrict"},
        "Lookup": column("Lookup", "new_Segment"),
    }


@pytest.fixture
def customised() -> Iterator[RunningEnvironment]:
    with local_environment(served=True) as there:
        Customiser(there).customise()
        yield there


def pull(seedkit: CommandLine, there: RunningEnvironment, name: str) -> Any:
    found = seedkit("schema", "pull", "--environment", there.origin, "--name", name, "--json")
    assert found.code == 0, found.err
    return found.json


def documents(folder: Path) -> dict[str, Any]:
    """Return everything in a saved schema but where and when it was pulled."""
    found = {
        file.relative_to(folder).as_posix(): json.loads(file.read_text(encoding="utf-8"))
        for file in folder.rglob("*.json")
    }
    del found["schema.json"]["environment"]
    return found


def test_a_pull_knows_what_the_customer_has_added(
    seedkit: CommandLine, customised: RunningEnvironment
) -> None:
    said = pull(seedkit, customised, "qa")
    schema = read_schema(Path(said["folder"]))
    contact = schema.tables["contact"]
    assert contact.columns["new_nickname"].max_length == 30
    assert contact.columns["jobtitle"].max_length == 40
    assert (contact.columns["new_score"].min, contact.columns["new_score"].max) == (0, 1)
    assert contact.columns["new_met"].type == "dateonly"
    assert contact.columns["new_wealth_base"].base_of == "new_wealth"
    assert {o.value: o.label for o in (contact.columns["new_tier"].options or {}).values()} == {
        100: "Gold",
        200: "Silver",
        300: "Bronze",
    }
    assert contact.columns["new_channel"].choice == "new_channel"
    assert [option.label for option in schema.choices["new_channel"].options.values()] == [
        *("App", "Desk"),
    ]
    (segment,) = (contact.columns["new_segment"].targets or {}).values()
    assert (segment.parent, segment.bind, dict(segment.cascade or {})) == (
        *("new_segment", "new_Segment"),
        {"delete": "restrict"},
    )
    assert ("new_nickname",) in contact.alternate_keys.values()
    assert schema.tables["new_segment"].columns["new_rank"].max == 9
    assert "CreateMultiple" in schema.messages["new_segment"]
    assert any("many-to-many" in line for line in said["omitted"])


def test_a_second_environment_with_the_schema_gives_the_same_pull(
    seedkit: CommandLine, customised: RunningEnvironment
) -> None:
    customised.change_settings(hidden_messages=["contact.CreateMultiple"])
    customised.change_settings(hidden_columns=["contact.nickname"])
    first = Path(pull(seedkit, customised, "first")["folder"])
    with local_environment(served=True, schema=first) as there:
        second = Path(pull(seedkit, there, "second")["folder"])
        assert documents(second) == documents(first)
        row = {"lastname": "A", "new_nickname": "x" * 31}
        assert there.client.post("contacts", json=row).status_code == 400
        segment = there.client.post("new_segments", json={"new_name": "s", "new_rank": 3})
        assert segment.status_code == 204, segment.text


def test_what_nobody_has_changed_changes_nothing(seedkit: CommandLine, tmp_path: Path) -> None:
    with local_environment(served=True) as there:
        folder = Path(pull(seedkit, there, "plain")["folder"])
    with local_environment(tmp_path / "other.sqlite3", schema=folder) as there:
        query = "SELECT name FROM environment WHERE name = 'schema'"
        assert there.app.state.host.connection.execute(query).fetchall() == []


def test_the_local_environment_keeps_a_schema(
    seedkit: CommandLine, customised: RunningEnvironment
) -> None:
    pull(seedkit, customised, "qa")
    reset = seedkit("emulator", "reset", "--schema", "qa", "--yes")
    assert (reset.code, "with the schema qa" in reset.err) == (0, True)
    again = seedkit("schema", "pull", "--name", "again", "--json")
    saved = Path(again.json["folder"])
    assert documents(saved) == documents(saved.with_name("qa"))
    # Some showcase customers have more to say than the customer's shortened columns hold.
    seed = ("seed", "--profile", "quick", "--households", "2", "--set", "showcase=false")
    for words in (seed, ("purge", "--yes")):
        assert seedkit(*words).code == 0
    assert {row["schema"] for row in seedkit("schema", "list", "--json").json} == {"qa", "again"}


@pytest.mark.parametrize("name", ["../up", "", ".hidden"])
def test_a_name_that_leads_elsewhere_is_refused(seedkit: CommandLine, name: str) -> None:
    assert seedkit("schema", "pull", "--name", name).code == 2


def test_a_folder_of_somebody_else_is_left_alone(seedkit: CommandLine, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("dear", encoding="utf-8")
    refused = seedkit("schema", "pull", "--out", str(mine))
    assert (refused.code, "holds something else" in refused.err) == (2, True)
    assert (mine / "letter.txt").read_text(encoding="utf-8") == "dear"


def test_a_pull_that_breaks_off_leaves_the_older_one(
    seedkit: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(seedkit("schema", "pull", "--json").json["folder"])
    before = documents(folder)
    schema = read_schema(folder)
    put, written = Path.write_text, 0

    def full(self: Path, text: str, **more: Any) -> int:
        nonlocal written
        written += 1
        if written > 5:
            raise OSError(28, "No space left on device")
        return put(self, text, **more)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(UsageError, match="No space left"):
        write_schema(schema, folder)
    assert documents(folder) == before


def test_a_table_that_is_asked_for_and_not_there_stops_the_pull(seedkit: CommandLine) -> None:
    refused = seedkit("schema", "pull", "--environment", "local", "--table", "new_vanished")
    assert refused.code == 4
    assert "has no table new_vanished" in refused.err
    assert not list((seedkit.home / "schemas").glob("*"))


def test_damage_and_absence_are_told_with_what_to_do(seedkit: CommandLine) -> None:
    missing = seedkit("emulator", "reset", "--schema", "qb", "--yes")
    assert (missing.code, "seedkit schema pull" in missing.err) == (2, True)
    folder = Path(seedkit("schema", "pull", "--name", "bank-qa", "--json").json["folder"])
    alike = seedkit("emulator", "reset", "--schema", "bank-qb", "--yes")
    assert "Did you mean bank-qa?" in alike.err
    (folder / "tables" / "contact.json").write_text("{", encoding="utf-8")
    damaged = seedkit("emulator", "reset", "--schema", "bank-qa", "--yes")
    assert (damaged.code, "is damaged" in damaged.err) == (2, True)


def test_a_profile_is_checked_offline_by_a_pulled_schema(
    seedkit: CommandLine, customised: RunningEnvironment, tmp_path: Path
) -> None:
    pull(seedkit, customised, "qa")
    profile = tmp_path / "mine.yaml"
    text = "extends: quick\ncolumns:\n  contact:\n    new_tier: {choice}\n"
    profile.write_text(text.format(choice="Gold"), encoding="utf-8")
    assert seedkit("profiles", "check", str(profile), "--schema", "qa").code == 0
    profile.write_text(text.format(choice="Platinum"), encoding="utf-8")
    wrong = seedkit("profiles", "check", str(profile), "--schema", "qa")
    assert (wrong.code, "new_tier" in wrong.err) == (2, True)
    assert seedkit("profiles", "check", str(profile)).code == 0  # the shipped schema can't tell
