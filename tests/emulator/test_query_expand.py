from __future__ import annotations

from typing import Any

import pytest

_PEOPLE = "contact_customer_accounts"


@pytest.fixture(scope="module")
def firms(shared: Any) -> Any:
    """Two firms; the first has three people and one of these is its primary contact."""
    first, second = (
        shared.create("accounts", name=name, importsequencenumber=-77) for name in ("One", "Two")
    )
    shared.people = [
        shared.create(
            "contacts",
            lastname=name,
            importsequencenumber=-77,
            parentcustomerid_account__bind=f"/accounts({first})",
        )
        for name in ("A&B", "Bee", "Cee")
    ]
    bind = {"primarycontactid@odata.bind": f"/contacts({shared.people[1]})"}
    assert shared.send("PATCH", f"accounts({first})", bind).status_code == 204
    shared.firms = first, second
    return shared


def listed(local: Any, options: str, **headers: str) -> list[dict[str, Any]]:
    filter_ = "$filter=importsequencenumber eq -77&$orderby=name&$select=name"
    return list(local.rows(f"accounts?{filter_}&$expand={options}", **headers))


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["lastname"] for row in rows]


def test_a_collection_has_a_link_that_gives_its_rows_again(firms: Any) -> None:
    options = "$select=lastname;$orderby=lastname desc;$filter=lastname ne 'A&B'"
    one, two = listed(firms, f"{_PEOPLE}({options})".replace("&", "%26"))
    assert names(one[_PEOPLE]) == ["Cee", "Bee"]
    assert two[_PEOPLE] == []
    link = one[f"{_PEOPLE}@odata.nextLink"]
    assert link.startswith(f"https://bank.example/api/data/v9.2/accounts({firms.firms[0]})/")
    assert names(firms.rows(link)) == ["Cee", "Bee"]
    assert firms.rows(two[f"{_PEOPLE}@odata.nextLink"]) == []


def test_nested_expansions_page_each_collection(firms: Any) -> None:
    options = f"{_PEOPLE}($select=lastname;$expand=owninguser($select=lastname))"
    one, two = listed(firms, options, Prefer="odata.maxpagesize=2")
    assert len(one[_PEOPLE]) == 2
    assert one[_PEOPLE][0]["owninguser"]["lastname"] == "Hale"
    assert f"{_PEOPLE}@odata.nextLink" not in two
    rest = firms.rows(one[f"{_PEOPLE}@odata.nextLink"], Prefer="odata.maxpagesize=2")
    assert sorted(names(one[_PEOPLE] + rest)) == ["A&B", "Bee", "Cee"]
    assert rest[0]["owninguser"]["lastname"] == "Hale"
    assert "_parentcustomerid_value" not in one[_PEOPLE][0]


def test_without_nesting_collections_are_not_paged(firms: Any) -> None:
    one = listed(firms, f"{_PEOPLE}($select=lastname)", Prefer="odata.maxpagesize=1")[0]
    assert len(one[_PEOPLE]) == 3


def test_the_context_names_what_is_expanded(firms: Any) -> None:
    expand = f"primarycontactid($select=fullname),{_PEOPLE}($select=lastname)"
    body = firms.get(f"accounts?$select=name&$expand={expand}&$top=1")
    shown = f"accounts(name,primarycontactid(fullname),{_PEOPLE}(lastname))"
    assert body["@odata.context"].endswith(f"$metadata#{shown}")


def test_references_of_a_lookup(firms: Any) -> None:
    one, two = listed(firms, "primarycontactid/$ref")
    address = f"https://bank.example/api/data/v9.2/contacts({firms.people[1]})"
    assert one["primarycontactid"] == {"@odata.id": address}
    assert one["_primarycontactid_value"] == firms.people[1]
    assert two["primarycontactid"] is None
    refused = firms.refused("GET", f"accounts?$expand={_PEOPLE}/$ref")
    message = "Expand with $ref is only supported on lookup type navigation property."
    assert refused == (400, "0x80060888", message)


@pytest.mark.parametrize(
    "options",
    [
        "primarycontactid($top=1)",
        "primarycontactid($orderby=lastname)",
        "primarycontactid($filter=lastname eq 'x')",
        f"{_PEOPLE}($top=1;$expand=owninguser)",
        f"{_PEOPLE}($orderby=lastname;$expand=owninguser)",
        f"{_PEOPLE}($top=1),primarycontactid($expand=owninguser)",
        f"{_PEOPLE}($count=true)",
        f"{_PEOPLE}($levels=2)",
        f"{_PEOPLE}($skip=1)",
        f"{_PEOPLE}($search=x)",
        f"{_PEOPLE}($top=1;$top=2)",
        f"{_PEOPLE}($select=nonsense)",
        f"{_PEOPLE}($filter=lastname eq @p1)($top=1)",
        f"{_PEOPLE}($filter=lastname eq @p1)&@p1='x'",
        f"{_PEOPLE}/$count",
        f"{_PEOPLE},{_PEOPLE}",
        "primarycontactid,",
        "PrimaryContactId",
        "name",
        ",".join(f"primarycontactid($expand=createdby,modifiedby,owninguser,{n})" for n in "abcd"),
    ],
)
def test_expansions_that_the_platform_does_not_know_are_refused(firms: Any, options: str) -> None:
    # Whatever the rows hold: none are asked for.
    path = f"accounts?$filter=importsequencenumber eq 77777&$expand={options}"
    assert firms.refused("GET", path)[0] == 400


def test_more_expansions_than_documented_are_refused(firms: Any) -> None:
    inner = "createdby,modifiedby,owninguser,createdonbehalfby,modifiedonbehalfby"
    path = "contacts?$top=1&$expand="
    fits = f"parentcustomerid_account($expand={inner}),parentcustomerid_contact($expand={inner})"
    assert firms.send("GET", f"{path}{fits},createdby,modifiedby,owninguser").status_code == 200
    refused = firms.refused("GET", f"{path}{fits},createdby,modifiedby,owninguser,owningteam")
    assert refused[0] == 400


def test_a_write_may_answer_with_expansions(firms: Any) -> None:
    body = {
        "lastname": "Written",
        "parentcustomerid_account@odata.bind": f"/accounts({firms.firms[1]})",
    }
    path = "contacts?$select=lastname&$expand=parentcustomerid_account($select=name)"
    answer = firms.send("POST", path, body, Prefer="return=representation")
    assert answer.status_code == 201
    assert answer.json()["parentcustomerid_account"]["name"] == "Two"
    changed = firms.send(
        "PATCH",
        path.replace("contacts", f"contacts({answer.json()['contactid']})"),
        {"lastname": "Again"},
        Prefer="return=representation",
    ).json()
    assert (changed["lastname"], changed["parentcustomerid_account"]["name"]) == ("Again", "Two")
    firms.send("DELETE", f"contacts({answer.json()['contactid']})")


def test_expanded_rows_have_annotations(firms: Any) -> None:
    one = listed(
        firms,
        f"primarycontactid($select=donotphone),{_PEOPLE}($select=donotphone)",
        Prefer='odata.include-annotations="*"',
    )[0]
    key = "donotphone@OData.Community.Display.V1.FormattedValue"
    assert one["primarycontactid"][key] == "Allow"
    assert one[_PEOPLE][0][key] == "Allow"


def test_a_pattern_longer_than_the_store_takes_is_refused(firms: Any) -> None:
    batch = (
        "--batch_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        f"GET /api/data/v9.2/contacts?$filter=contains(lastname,'{'a' * 51_000}') HTTP/1.1\r\n"
        "Accept: application/json\r\n\r\n\r\n--batch_1--\r\n"
    )
    answer = firms.send(
        "POST", "$batch", batch.encode(), Content_Type="multipart/mixed;boundary=batch_1"
    )
    assert "0x8004430c" in answer.text


def test_amounts_bring_their_currency(firms: Any) -> None:
    row = firms.rows("contacts?$select=annualincome&$top=1")[0]
    assert set(row) == {"@odata.etag", "annualincome", "contactid", "_transactioncurrencyid_value"}


def test_lookups_are_put_in_order_by_the_name_behind_them(firms: Any) -> None:
    third = firms.create("accounts", name="Three", importsequencenumber=-78)
    for name, parent in (("x", third), ("y", firms.firms[1]), ("z", firms.firms[0])):
        firms.create(
            "contacts",
            lastname=name,
            importsequencenumber=-78,
            parentcustomerid_account__bind=f"/accounts({parent})",
        )
    firms.create("contacts", lastname="none", importsequencenumber=-78)
    path = "contacts?$select=lastname&$filter=importsequencenumber eq -78&$orderby="
    assert names(firms.rows(path + "_parentcustomerid_value")) == ["none", "z", "x", "y"]
    assert names(firms.rows(path + "_parentcustomerid_value desc")) == ["y", "x", "z", "none"]
    paged = firms.get(path + "_parentcustomerid_value", Prefer="odata.maxpagesize=3")
    assert names(firms.rows(paged["@odata.nextLink"])) == ["y"]


def test_aliases_may_stand_for_properties(firms: Any) -> None:
    path = "accounts?$select=name&$filter=@p1 eq -77 and @p2 ne @p3&$orderby=@p2 desc"
    rows = firms.rows(path + "&@p1=importsequencenumber&@p2=name")
    assert [row["name"] for row in rows] == ["Two", "One"]


@pytest.mark.parametrize(
    ("patterns", "shown"),
    [
        ("*", {"FormattedValue", "lookuplogicalname", "associatednavigationproperty"}),
        ("Microsoft.Dynamics.CRM.*", {"lookuplogicalname", "associatednavigationproperty"}),
        ("*,-Microsoft.Dynamics.CRM.*", {"FormattedValue"}),
        ("OData.Community.Display.V1.FormattedValue", {"FormattedValue"}),
        ("Microsoft.Dynamics.CRM.lookuplogicalname,nonsense", {"lookuplogicalname"}),
        ("-*", set()),
        ("nonsense", set()),
    ],
)
def test_patterns_choose_annotations(firms: Any, patterns: str, shown: set[str]) -> None:
    row = firms.rows(
        "contacts?$select=_ownerid_value&$top=1",
        Prefer=f'odata.include-annotations="{patterns}"',
    )[0]
    prefix = "_ownerid_value@"
    assert {key.rpartition(".")[2] for key in row if key.startswith(prefix)} == shown


def test_letters_of_every_alphabet_are_compared_without_case(firms: Any) -> None:
    firms.create("contacts", lastname="ÉLAN Дом", importsequencenumber=-79)
    path = "contacts?$select=lastname&$filter=importsequencenumber eq -79 and "
    for condition in (
        "lastname eq 'élan дом'",
        "contains(lastname,'ДОМ')",
        "startswith(lastname,'éL_n')",
        "endswith(lastname,'[Б-Я]м')",
        "Microsoft.Dynamics.CRM.In(PropertyName='lastname',PropertyValues=['x','élan ДОМ'])",
        "not (lastname ne 'élan дом')",
    ):
        assert len(firms.rows(path + condition)) == 1, condition
    assert firms.rows(path + "lastname eq 'elan дом'") == []


def test_guids_may_stand_in_quotes(firms: Any) -> None:
    path = "contacts?$filter=importsequencenumber eq -77 and _parentcustomerid_value eq "
    assert len(firms.rows(f"{path}'{firms.firms[0]}'")) == 3
    assert len(firms.rows(f"{path}{firms.firms[0].upper()}")) == 3


def test_more_conditions_than_documented_are_refused(firms: Any) -> None:
    def asked(count: int) -> Any:
        return firms.send("GET", "accounts?$top=1&$filter=" + " or ".join(["name eq 'x'"] * count))

    assert asked(500).status_code == 200
    assert asked(501).json()["error"]["code"] == "0x8004430c"
