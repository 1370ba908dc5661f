"""The table of fields: accepted values, formatting, errors and nearest values."""

import re
from decimal import Decimal
from itertools import pairwise
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.frameworks import FRAMEWORKS
from app.url_state.field_types import (
    BoundedInteger,
    Choice,
    DecimalNumber,
    Field,
    FieldError,
    Flag,
    Index,
    Number,
    TensorId,
    quoted,
)
from app.url_state.fields import FIELDS, SWITCHES
from app.url_state.slider_stops import slider_stops
from app.url_state.text_field_types import FreeText, MultipleChoice
from app.url_state.url_state import UrlState

BOUNDED = [f for f in FIELDS.values() if isinstance(f, BoundedInteger)]
NUMBERS = [f for f in BOUNDED if isinstance(f, Number)]
INDICES = [f for f in BOUNDED if isinstance(f, Index)]
CHOICES = [f for f in FIELDS.values() if isinstance(f, Choice)]

fields = st.sampled_from(list(FIELDS.values()))


def accepted(field: Field, text: str) -> bool:
    try:
        field.parse(text)
    except FieldError:
        return False
    return True


@pytest.mark.parametrize("field", NUMBERS, ids=lambda f: f.name)
def test_the_default_of_a_number_is_within_its_limits(field: Number) -> None:
    assert field.low <= field.default <= field.high


@pytest.mark.parametrize("field", INDICES, ids=lambda f: f.name)
def test_an_index_may_be_none_which_is_the_default(field: Index) -> None:
    assert field.default is field.parse("none") is None
    assert (field.default_text, field.format(None)) == ("none", "none")
    assert not any(accepted(field, text) for text in ("", "None", "NONE", "null", "none ", "-"))
    assert field.nearest("first") is None


@pytest.mark.parametrize("field", BOUNDED, ids=lambda f: f.name)
def test_the_limits_of_a_number_are_inclusive(field: BoundedInteger) -> None:
    assert accepted(field, str(field.low)) and accepted(field, str(field.high))
    assert not accepted(field, str(field.low - 1)) and not accepted(field, str(field.high + 1))


@given(st.sampled_from(BOUNDED), st.text() | st.integers().map(str) | st.floats().map(str))
def test_a_number_has_only_one_notation(field: BoundedInteger, text: str) -> None:
    if accepted(field, text):
        assert field.format(field.parse(text)) == text


@given(st.decimals(0, 2, places=7).map(str) | st.text(max_size=12))
def test_a_decimal_number_keeps_its_digits_and_has_one_notation(text: str) -> None:
    field = FIELDS["learning_rate"]
    assert isinstance(field, DecimalNumber)
    is_number = re.fullmatch(r"[0-9]+(\.[0-9]{1,6})?", text, re.ASCII) and not re.match(r"0[0-9]", text)

    assert accepted(field, text) == bool(is_number and Decimal("0.0001") <= Decimal(text) <= 1)
    if accepted(field, text):
        value = field.parse(text)
        assert Decimal(str(value)) == Decimal(text) and not re.search(r"\..*0$|\.$", str(value))


@pytest.mark.parametrize("field", CHOICES, ids=lambda f: f.name)
def test_a_choice_accepts_only_its_exact_words(field: Choice) -> None:
    assert field.default in field.choices
    assert [field.format(field.parse(word)) for word in field.choices] == list(field.choices)
    others = {other for word in field.choices for other in (word.upper(), word.title(), f"{word} ", "")}
    assert not any(accepted(field, other) for other in others - {*field.choices})


@given(fields, st.text())
def test_the_nearest_value_is_valid(field: Field, text: str) -> None:
    nearest = field.nearest(text)

    assert nearest == field.default or field.parse(field.format(nearest)) == nearest


@given(st.sampled_from(BOUNDED), st.integers())
def test_the_nearest_number_is_clamped_to_the_range(field: BoundedInteger, number: int) -> None:
    assert field.nearest(str(number)) == max(field.low, min(field.high, number))


@given(fields, st.text(max_size=200))
def test_an_error_names_its_field_and_quotes_the_value(field: Field, text: str) -> None:
    try:
        field.parse(text)
    except FieldError as error:
        assert (error.field, error.value) == (field.name, text)
        assert str(error) == error.message
        assert error.message.startswith(f"{field.name} must be ")
        assert quoted(text) in error.message or text == "" or ("equations of a cell: line " in error.message)
        assert error.allowed


@given(st.text(max_size=200))
def test_a_quoted_value_is_short_and_printable(text: str) -> None:
    assert len(quoted(text)) <= 43
    assert quoted(text).isprintable()


@pytest.mark.parametrize("field", [f for f in NUMBERS if f.slider], ids=lambda f: f.name)
def test_a_slider_stops_at_both_ends_and_at_powers_of_two_in_small_steps(field: Number) -> None:
    stops = slider_stops(field.low, field.high)

    assert stops == sorted(set(stops))
    assert (stops[0], stops[-1]) == (field.low, field.high)
    assert {1 << k for k in range(20) if field.low <= 1 << k <= field.high} <= set(stops)
    assert all(b - a <= max(1, a / 10) for a, b in pairwise(stops))


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_the_schema_describes_the_accepted_values(field: Field) -> None:
    schema = field.schema

    if isinstance(field, BoundedInteger):
        number = {"type": "integer", "minimum": field.low, "maximum": field.high}
        one_of = {"oneOf": [number, {"type": "string", "enum": ["none"]}], "default": "none"}
        assert schema == (one_of if isinstance(field, Index) else {**number, "default": field.default})
    elif isinstance(field, FreeText):
        assert schema == {"type": "string", "maxLength": field.max_length, "default": ""}
    elif isinstance(field, MultipleChoice):
        assert all(re.fullmatch(schema["pattern"], text) for text in ("", field.choices[0], ",".join(field.choices)))
        assert not re.fullmatch(schema["pattern"], "nothing") and not re.fullmatch(schema["pattern"], ",")
    elif isinstance(field, DecimalNumber):
        limits = {"minimum": float(field.low), "maximum": float(field.high)}
        assert schema == {"type": "number", **limits, "default": float(field.default)}
    elif isinstance(field, TensorId):
        shipped, own = schema["anyOf"]
        assert all(re.fullmatch(own["pattern"], id) for id in shipped["enum"] if id)
        assert not re.fullmatch(own["pattern"], "h prev")
    else:
        assert schema["type"] == ("boolean" if isinstance(field, Flag) else "string")
        assert all(accepted(field, field.format(value)) for value in schema["enum"])
        assert schema["default"] in schema["enum"]


def test_a_switch_lists_its_frameworks_and_has_the_same_meaning_in_all() -> None:
    every = [(framework, switch) for framework in FRAMEWORKS.values() for switch in framework.switches]
    first = {switch.name: switch for _, switch in reversed(every)}

    assert list(SWITCHES) == list(dict.fromkeys(switch.name for _, switch in every))
    for framework, switch in every:
        assert switch == first[switch.name]
        assert framework.id in SWITCHES[switch.name].help.partition(":")[0]


def test_every_field_has_a_help_text() -> None:
    assert all(f.help and name == f.name for name, f in FIELDS.items())


@pytest.mark.parametrize("name", ["lock", "hide"])
def test_a_multiple_choice_is_normalized(name: str) -> None:
    field = FIELDS[name]
    assert isinstance(field, MultipleChoice)
    first, second = field.choices[:2]

    assert field.parse(f"{second},{first},{second}") == f"{first},{second}"
    assert field.parse("") == ""
    assert not any(accepted(field, text) for text in (f"{first}, {second}", f"{first},", ",", "all", first.upper()))
    assert field.nearest(f"{second}x, {first} ,,nothing") == f"{first},{second}"


@given(st.text(max_size=120))
def test_a_title_is_one_printable_line_of_limited_length(text: str) -> None:
    field = FIELDS["title"]
    assert isinstance(field, FreeText)

    assert accepted(field, text) == (len(text) <= 80 and text.isprintable())
    assert accepted(field, field.nearest(text))


def test_the_values_of_a_field_have_the_type_of_its_annotation() -> None:
    types = get_type_hints(UrlState)

    assert types.keys() == FIELDS.keys()
    for name, field in FIELDS.items():
        assert isinstance(field.default, types[name]), name
        assert isinstance(field.nearest("1"), types[name]), name
