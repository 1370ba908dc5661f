"""Numbers that record their formulas."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.size_expressions import (
    FIRST_SLOT,
    Formulas,
    Recording,
    chosen,
    fixed,
    hypot,
    length,
    log,
    log2,
    maximum,
    minimum,
    plain,
    slotted,
    where,
    written,
)
from app.translations.numbers import grouped
from app.translations.phrases import plural
from app.translations.translator import ENGLISH

SIZES = {"a": 3, "b": 7}

Function = Callable[[Any, Any], Any]

FUNCTIONS: dict[str, Function] = {
    "sums and products": lambda a, b: 2 * a + b * 0.5 - 1 + (3 - a) * (b + a),
    "quotients": lambda a, b: a / b + 7 / a + b // 2 + b % a,
    "powers and rounding": lambda a, b: 2**a + round(a / b) + round(b / a, 1) + math.ceil(a / b) + math.floor(b / 2),
    "extremes": lambda a, b: minimum(a, b, 5) + maximum(a, 4) + abs(a - b) - -a,
    "logarithms and lengths": lambda a, b: log2(a) + log(b) + hypot(a, b),
    "choices": lambda a, b: where(a < b, a, 10 * b) + where(a == b, 1, 2) + where(b <= a, 3, 4),
}

sizes = st.integers(1, 10_000)


def recorded(function: Function, a: int, b: int) -> tuple[Any, Formulas]:
    """The result of a function of two expressions, and the formulas."""
    with Recording({"a": a, "b": b}) as recording:
        result = function(recording.sizes["a"], recording.sizes["b"])
        formulas = Formulas(recording.finish().nodes, {}, [])
    return result, formulas


@pytest.mark.parametrize("name", FUNCTIONS)
@given(a=st.integers(1, 20), b=sizes, other_a=st.integers(1, 20), other_b=sizes)
def test_a_formula_has_the_result_of_its_function_for_all_sizes(
    name: str, a: int, b: int, other_a: int, other_b: int
) -> None:
    function = FUNCTIONS[name]
    result, formulas = recorded(function, a, b)

    assert result.value == function(a, b)
    values = formulas.values(formulas.needed([result.index]), {"a": other_a, "b": other_b})
    assert values[result.index] == function(other_a, other_b)


@given(a=sizes, b=sizes, other_a=sizes, other_b=sizes)
def test_formulas_are_valid_while_comparisons_have_the_same_result(a: int, b: int, other_a: int, other_b: int) -> None:
    with Recording({"a": a, "b": b}) as recording:
        is_less, is_same = (bool(recording.sizes["a"] < recording.sizes["b"]), bool(recording.sizes["a"] == 7))
        formulas = recording.finish()

    assert (is_less, is_same) == (a < b, a == 7)
    assert formulas.is_valid({"a": a, "b": b})
    assert formulas.is_valid({"a": other_a, "b": other_b}) == ((other_a < other_b, other_a == 7) == (a < b, a == 7))


def test_a_fixed_number_is_a_condition_and_extremes_are_none() -> None:
    with Recording(SIZES) as recording:
        a, b = recording.sizes["a"], recording.sizes["b"]
        maximum(a, minimum(b, where(a < b, a, b)))
        assert recording.finish().conditions == {}
    with Recording(SIZES) as recording:
        assert list(range(fixed(recording.sizes["a"] + 1))) == [0, 1, 2, 3]
        formulas = recording.finish()
    assert [n for n in range(1, 9) if formulas.is_valid({"a": n, "b": 1})] == [3]


@pytest.mark.parametrize("convert", [float, int, range, math.sqrt, "%.1f".__mod__, [0, 1].__getitem__])
def test_no_number_is_fixed_by_mistake(convert: Callable[[Any], object]) -> None:
    with Recording(SIZES) as recording, pytest.raises(TypeError):
        convert(recording.sizes["a"])


@given(n=sizes, other=sizes)
def test_a_text_is_as_long_as_the_numbers_in_its_slots(n: int, other: int) -> None:
    def text(size: int) -> str:
        return f"{size} × {grouped(size)}, +{grouped(4 * size, '+,')}"

    with Recording({"n": n}) as recording:
        result: Any = length(text(recording.sizes["n"]))
        formulas = recording.finish()

    assert result.value == len(text(n)) == length(text(n))
    assert formulas.values(formulas.needed([result.index]), {"n": other})[result.index] == len(text(other))


def test_equal_formulas_and_slots_are_recorded_once() -> None:
    with Recording(SIZES) as recording:
        a, b = recording.sizes["a"], recording.sizes["b"]
        assert (a + b).index == (a + b).index != (b + a).index
        assert f"{a}" == str(a) == chr(FIRST_SLOT)
        assert f"{a}{a:.1f}{a}" == chr(FIRST_SLOT) + chr(FIRST_SLOT + 1) + chr(FIRST_SLOT)
        assert slotted({"x": [a, "x", (1.5, None)]}) == {"x": [chr(FIRST_SLOT + 2), "x", [1.5, None]]}
        assert written("line", lambda x, y: f"{x} {y}", a, 2) == chr(FIRST_SLOT + 3)
        slots = recording.finish().slots
    assert [spec for spec, *_ in slots] == ["", ".1f", "number", "line"]
    assert written("line", lambda x, y: f"{x} {y}", 1, 2) == "1 2"


def test_a_plural_depends_only_on_whether_there_is_exactly_one() -> None:
    def rows(n: int) -> tuple[str, Formulas]:
        with Recording({"n": n}) as recording:
            text = ENGLISH(plural("{n:,} row", "{n:,} rows", recording.sizes["n"]))
            return text[1:], recording.finish()

    one, only_one = rows(1)
    many, others = rows(2000)
    assert (one, many) == (" row", " rows")
    assert [n for n in (1, 2, 3000) if only_one.is_valid({"n": n})] == [1]
    assert [n for n in (1, 2, 3000) if others.is_valid({"n": n})] == [2, 3000]


def test_a_text_is_chosen_without_a_condition() -> None:
    with Recording({"n": 3}) as recording:
        n = recording.sizes["n"]
        text = f"{n} {chosen(n == 1, 'row', 'rows')}"
        assert len(text) == 3 and plain(length(text)) == 6
        formulas = recording.finish()
    assert not formulas.conditions
    assert formulas.slots[1][2:] == ("row", "rows")
    assert chosen(False, "row", "rows") == "rows"
