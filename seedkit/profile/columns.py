"""What a profile can put into a column: one small model for each kind of value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

MUST_BE = "x-must-be"  # in the JSON schema: in plain words what a value must be

Scalar = bool | int | float | str


class Kind(BaseModel):
    """Base of all kinds: frozen, and a key that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    empty: float = Field(
        0.0,
        ge=0.0,
        le=1.0,
        description="part of the rows in which the column stays empty",
        json_schema_extra={MUST_BE: "a number between 0 and 1"},
    )


class Constant(Kind):
    """The same value in all rows; the value alone says the same: `cr1_source: seedkit`."""

    value: Scalar = Field(
        description="a text, a number, true or false, a day, an option's label or value",
        json_schema_extra={MUST_BE: "a text, a number, true or false"},
    )


def _equally(value: Any) -> Any:
    """Return the weights of a list of values: all the same."""
    if isinstance(value, list) and all(isinstance(item, Scalar) for item in value):
        return {_word(item): 1 for item in value}
    return value


def _word(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class OneOf(Kind):
    """One of several values, each as often as its weight says."""

    one_of: Annotated[dict[str, Annotated[float, Field(ge=0.0)]], BeforeValidator(_equally)] = (
        Field(
            min_length=1,
            max_length=1000,
            description="values with weights, or a list of values that are equally likely",
            json_schema_extra={
                MUST_BE: "values with weights, such as {Gold: 1, Silver: 3}, or a list of values",
                "type": ["object", "array"],
            },
        )
    )

    @model_validator(mode="after")
    def _something_weighs(self) -> Self:
        if not any(self.one_of.values()):
            raise ValueError("at least one value of `one_of` must weigh more than 0")
        return self


Number = int | float


class Between(Kind):
    """A number between two, both included, every step equally likely."""

    between: list[Number] = Field(
        min_length=2,
        max_length=2,
        description="the lowest and the highest number",
        json_schema_extra={MUST_BE: "two numbers, such as [300, 850]"},
    )
    decimals: int | None = Field(
        None,
        ge=0,
        le=10,
        description="how many decimals; by default as many as the two numbers are written with",
        json_schema_extra={MUST_BE: "a whole number between 0 and 10"},
    )

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if self.between[0] > self.between[1]:
            raise ValueError("the first number of `between` must not be above the second")
        return self


def _pair(value: Any) -> Any:
    return [value, value] if isinstance(value, int) and not isinstance(value, bool) else value


Offset = Annotated[int, Field(ge=-200_000, le=200_000)]


class Days(Kind):
    """A day some days before (below zero) or after another one."""

    days: Annotated[list[Offset], BeforeValidator(_pair)] = Field(
        min_length=2,
        max_length=2,
        description="the least and the most days, or one number of days",
        json_schema_extra={
            MUST_BE: "one or two whole numbers of days, such as [-365, -1]",
            "type": ["array", "integer"],
        },
    )
    after: str | None = Field(
        None,
        min_length=1,
        description="the column of the row from which the days count; without it, the as-of date",
        json_schema_extra={MUST_BE: "the name of a column"},
    )

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if self.days[0] > self.days[1]:
            raise ValueError("the first number of `days` must not be above the second")
        return self


class Text(Kind):
    """A text made of other values of the row."""

    text: str = Field(
        min_length=1,
        description="the text, with other columns in braces: `Dear {firstname} {lastname}`",
        json_schema_extra={MUST_BE: "a text, such as `Dear {firstname}`"},
    )
    cut: int | None = Field(
        None,
        ge=1,
        description="the most characters; longer texts are cut",
        json_schema_extra={MUST_BE: "a whole number of characters"},
    )


class Sequence(Kind):
    """A number that no other row of the table has, as a text or by itself."""

    sequence: str = Field(
        min_length=1,
        description="the text with `{number}` in it, or `{number:06}` for six digits",
        json_schema_extra={MUST_BE: "a text with {number} in it, such as C-{number:06}"},
    )
    start: int = Field(
        1,
        ge=0,
        le=1_000_000_000,
        description="the first row's number; each 256 households begin at the next 100,000",
        json_schema_extra={MUST_BE: "a whole number between 0 and 1,000,000,000"},
    )


class Reference(Kind):
    """A row that is in the environment already."""

    lookup: str = Field(
        min_length=1,
        description="the table in which the row is; it is sought when the plan is made",
        json_schema_extra={MUST_BE: "the name of a table"},
    )
    key: dict[str, Scalar] | None = Field(
        None,
        min_length=1,
        description="columns with values that together find the one row",
        json_schema_extra={MUST_BE: "columns with values, such as {cr1_code: A}"},
    )
    filter: str | None = Field(
        None,
        min_length=1,
        description="an OData filter that finds the one row",
        json_schema_extra={MUST_BE: "an OData filter, such as cr1_name eq 'Retail'"},
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.key is None) == (self.filter is None):
            raise ValueError("`lookup` needs either `key` or `filter`, to find one row")
        return self


class YesNo(Kind):
    """Yes in a share of the rows, else no."""

    yes: float = Field(
        ge=0.0,
        le=1.0,
        description="part of the rows that say yes",
        json_schema_extra={MUST_BE: "a number between 0 and 1"},
    )


class Figure(Kind):
    """What the bank knows of a person, and the product has no column for."""

    figure: Literal[
        "score", "churn_risk", "late_60", "main_channel", "tenure_years", "education"
    ] = Field(
        description="what is told of the contact: `score`, `churn_risk`, `late_60`, "
        "`main_channel`, `tenure_years` or `education`",
        json_schema_extra={
            MUST_BE: "score, churn_risk, late_60, main_channel, tenure_years or education"
        },
    )


ColumnValue = Constant | OneOf | Between | Days | Text | Sequence | Reference | YesNo | Figure

# By the key that tells the kind.
KINDS: Mapping[str, type[ColumnValue]] = {
    "value": Constant,
    "one_of": OneOf,
    "between": Between,
    "days": Days,
    "text": Text,
    "sequence": Sequence,
    "lookup": Reference,
    "yes": YesNo,
    "figure": Figure,
}


def kind_of(value: Mapping[str, Any]) -> str | None:
    """Return the key that tells the kind; None when there is none, or more than one."""
    found = [key for key in KINDS if key in value]
    return found[0] if len(found) == 1 else None


def spelt_out(value: Any) -> Any:
    """Return the long form of a constant, and anything else as it is."""
    return {"value": value} if isinstance(value, Scalar) else value
