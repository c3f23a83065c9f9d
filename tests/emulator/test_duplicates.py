from __future__ import annotations

import json
from typing import Any

import pytest

ASK = {"MSCRM.SuppressDuplicateDetection": "false"}


@pytest.fixture
def strict(local: Any) -> Any:
    """A local environment that applies duplicate detection rules."""
    local.turn(duplicate_detection=True)
    return local


def _rule(local: Any, column: str, operator: int = 0, **values: Any) -> str:
    length = {"operatorparam": values.pop("length")} if "length" in values else {}
    blank = values.pop("blank", True)
    rule = local.create(
        "duplicaterules",
        name="R",
        **{"baseentityname": "contact", "matchingentityname": "contact", **values},
    )
    local.create(
        "duplicateruleconditions",
        baseattributename=column,
        matchingattributename=column,
        operatorcode=operator,
        ignoreblankvalues=blank,
        regardingobjectid__bind=f"/duplicaterules({rule})",
        **length,
    )
    return str(rule)


def _publish(local: Any, rule: str) -> None:
    path = f"duplicaterules({rule})/Microsoft.Dynamics.CRM.PublishDuplicateRule"
    job = local.send("POST", path).json()["JobId"]
    assert local.get(f"asyncoperations({job})")["statuscode"] == 30


def _creates(local: Any, **values: Any) -> bool:
    """Tell whether a contact is created when duplicate detection is asked for."""
    answer = local.send("POST", "contacts", values, **ASK)
    if answer.status_code == 204:
        return True
    assert (answer.status_code, answer.json()["error"]["code"]) == (412, "0x80040333")
    return False


def test_a_published_rule_refuses_a_duplicate_only_when_asked(strict: Any) -> None:
    _publish(strict, _rule(strict, "lastname"))
    strict.create("contacts", lastname="Okafor")
    assert not _creates(strict, lastname="OKAFOR")
    assert _creates(strict, lastname="Other")
    assert strict.send("POST", "contacts", {"lastname": "Okafor"}).status_code == 204


def test_an_unpublished_rule_does_nothing(strict: Any) -> None:
    rule = _rule(strict, "lastname")
    strict.create("contacts", lastname="Okafor")
    assert _creates(strict, lastname="Okafor")
    _publish(strict, rule)
    assert not _creates(strict, lastname="Okafor")
    body = {"DuplicateRuleId": rule}
    assert strict.send("POST", "UnpublishDuplicateRule", body).status_code == 204
    assert _creates(strict, lastname="Okafor")


def test_without_the_switch_rules_do_nothing(local: Any) -> None:
    _publish(local, _rule(local, "lastname"))
    local.create("contacts", lastname="Okafor")
    assert _creates(local, lastname="Okafor")


@pytest.mark.parametrize(
    ("operator", "same", "different"),
    [(1, "OkaX", "XOka"), (2, "Xfor", "forX")],
)
def test_beginnings_and_ends_are_compared(
    strict: Any, operator: int, same: str, different: str
) -> None:
    _publish(strict, _rule(strict, "lastname", operator, length=3))
    strict.create("contacts", lastname="Okafor")
    assert not _creates(strict, lastname=same)
    assert _creates(strict, lastname=different)


def test_case_counts_when_the_rule_says_so(strict: Any) -> None:
    _publish(strict, _rule(strict, "lastname", iscasesensitive=True))
    strict.create("contacts", lastname="Okafor")
    assert _creates(strict, lastname="okafor")
    assert not _creates(strict, lastname="Okafor")


@pytest.mark.parametrize("blank", [True, False])
def test_blank_values_are_the_same_unless_they_are_ignored(strict: Any, blank: bool) -> None:
    _publish(strict, _rule(strict, "mobilephone", blank=blank))
    strict.create("contacts", lastname="A")
    assert _creates(strict, lastname="B") is blank


def test_inactive_rows_are_left_out_when_the_rule_says_so(strict: Any) -> None:
    _publish(strict, _rule(strict, "lastname", excludeinactiverecords=True))
    row = strict.create("contacts", lastname="Okafor")
    assert not _creates(strict, lastname="Okafor")
    strict.send("PATCH", f"contacts({row})", {"statecode": 1})
    assert _creates(strict, lastname="Okafor")


def test_an_update_is_compared_with_all_rows_but_itself(strict: Any) -> None:
    _publish(strict, _rule(strict, "lastname"))
    strict.create("contacts", lastname="Okafor")
    path = f"contacts({strict.create('contacts', lastname='Other')})"
    assert strict.refused("PATCH", path, {"lastname": "Okafor"}, **ASK)[:2] == (412, "0x80040333")
    assert strict.send("PATCH", path, {"firstname": "A"}, **ASK).status_code == 204


def test_a_published_rule_is_not_changed(strict: Any) -> None:
    rule = _rule(strict, "lastname")
    _publish(strict, rule)
    assert strict.refused("PATCH", f"duplicaterules({rule})", {"name": "X"})[1] == "0x8004022e"


def test_a_rule_needs_tables_and_columns_that_are_there(strict: Any) -> None:
    body = {"name": "R", "baseentityname": "nothing", "matchingentityname": "contact"}
    assert strict.refused("POST", "duplicaterules", body)[1] == "0x80040203"
    with pytest.raises(AssertionError, match="0x80040203"):
        _rule(strict, 'lastname" = 1 --')


def test_duplicates_of_a_row_are_told(strict: Any) -> None:
    _publish(strict, _rule(strict, "lastname"))
    first, second = (strict.create("contacts", lastname="Okafor") for _number in range(2))
    strict.create("contacts", lastname="Other")

    def ask(entity: Any) -> list[str]:
        call = "RetrieveDuplicates(BusinessEntity=@e,MatchingEntityName=@m,PagingInfo=@p)"
        entity = json.dumps({"@odata.type": "Microsoft.Dynamics.CRM.contact", **entity})
        found = strict.rows(f'{call}?@e={entity}&@m=\'contact\'&@p={{"PageNumber":1,"Count":50}}')
        return sorted(row["contactid"] for row in found)

    assert ask({"contactid": first}) == [second]
    assert ask({"lastname": "okafor"}) == sorted([first, second])
