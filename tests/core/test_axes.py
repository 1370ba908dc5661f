"""Axes are parsed as they are written, and an error names both axes that do not fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.axes import Axis, AxisError, axes, axis, shape, written
from app.core.symbols import Symbol, concatenate, split

SIZES = {"batch_size": 3, "time_step": 4, "features": 2, "num_units": 5}
TERMS = st.tuples(st.integers(1, 9), st.sampled_from(sorted(SIZES)))


@given(st.lists(TERMS, min_size=1, max_size=4))
def test_a_written_axis_is_parsed_back(terms: list[tuple[int, str]]) -> None:
    summed = Axis(tuple(terms))
    assert axis(str(summed)) == summed
    assert summed.size(SIZES) == sum(n * SIZES[name] for n, name in terms)


def test_a_sum_keeps_its_order() -> None:
    assert str(axis("num_units") + axis("features")) == "num_units+features"
    assert axis("num_units+features") != axis("features+num_units")


def test_an_axis_has_its_size_and_its_names() -> None:
    kernel = axes("num_units+features, 4*num_units")
    assert shape(kernel, SIZES) == (7, 20)
    assert written(kernel) == "(num_units+features) × 4*num_units"
    assert kernel[0].names == ("num_units", "features")
    assert kernel[1].names == ("num_units",)


def test_equal_parts_divide_every_term() -> None:
    assert axis("4*num_units").divided(4) == axis("num_units")
    assert axis("6*features+4*num_units").divided(2) == axis("3*features+2*num_units")


@given(st.lists(TERMS, min_size=1, max_size=4))
def test_parts_are_adjacent_and_have_the_sizes_of_their_names(terms: list[tuple[int, str]]) -> None:
    summed = Axis(tuple(terms))
    found = list(summed.parts(SIZES))
    assert [name for name, _, _ in found] == [name for n, name in terms for _ in range(n)]
    numbers = [k for name, begin, end in found for k in range(begin, end)]
    assert numbers == list(range(summed.size(SIZES)))
    assert all(end - begin == SIZES[name] for name, begin, end in found)


def symbol(text: str) -> Symbol:
    return Symbol(axes(text))


def has_text(error: pytest.ExceptionInfo[AxisError], text: str) -> bool:
    return str(error.value) == text


@pytest.mark.parametrize("text", ["x*num_units", "", "0*num_units", "2 * num_units", "num_units+", "4"])
def test_text_that_is_not_an_axis_is_rejected_with_examples(text: str) -> None:
    with pytest.raises(AxisError) as error:
        axis(text)
    wrong = text.rpartition("+")[2]
    assert has_text(error, f"“{wrong}” is not an axis; write one like num_units, 4*num_units or num_units+features")


def test_an_axis_without_a_size_is_named_beside_the_known_sizes() -> None:
    with pytest.raises(AxisError) as error:
        axis("num_proj+features").size(SIZES)
    assert has_text(error, "num_proj has no size; known: batch_size, time_step, features, num_units")


def test_a_tensor_is_repeated_along_the_axes_that_it_lacks() -> None:
    rows, vector = symbol("batch_size, num_units"), symbol("num_units")
    assert (rows * vector).axes == (vector * rows).axes == (rows + vector).axes == rows.axes
    keys, values = symbol("batch_size, heads, K"), symbol("batch_size, heads, V")
    assert written((keys * values).axes) == "batch_size × heads × K × V"
    assert written((symbol("K, N") * symbol("batch_size, K")).axes) == "batch_size × K × N"
    assert written((symbol("batch_size, heads") * (values * keys)).axes) == "batch_size × heads × V × K"
    assert written((symbol("heads, N") + keys).axes) == "batch_size × heads × N × K"
    assert written((symbol("batch_size, V, K") + symbol("batch_size, K, V")).axes) == "batch_size × V × K"


def test_an_uneven_split_is_rejected_with_an_axis_that_would_fit() -> None:
    with pytest.raises(AxisError) as error:
        split(symbol("batch_size, num_units"), 4)
    assert has_text(error, "num_units cannot be split into 4 equal parts; 4*num_units could")


def test_a_product_of_different_inner_axes_names_both() -> None:
    with pytest.raises(AxisError) as error:
        symbol("batch_size, features+num_units") @ symbol("num_units+features, 4*num_units")
    assert has_text(
        error,
        "matmul: batch_size × (features+num_units) by (num_units+features) × 4*num_units: "
        "the inner axes features+num_units and num_units+features differ",
    )


def test_an_axis_that_a_tensor_has_twice_cannot_be_aligned() -> None:
    square = symbol("num_units, num_units")
    assert (square + square).axes == square.axes
    with pytest.raises(AxisError) as error:
        square * symbol("batch_size, num_units")
    assert has_text(error, "mul: num_units × num_units has an axis twice; give one of them another name")


@pytest.mark.parametrize(
    ("a", "b", "product"),
    [
        ("batch_size, features", "features, heads, K", "batch_size × heads × K"),
        ("batch_size, heads, K", "heads, K, K2", "batch_size × heads × K2"),
        ("batch_size, heads, K", "batch_size, heads, K, V", "batch_size × heads × V"),
        ("batch_size, K", "batch_size, K", "batch_size"),
    ],
)
def test_a_product_joins_the_last_axis_with_the_first_one_that_both_do_not_keep(a: str, b: str, product: str) -> None:
    assert written((symbol(a) @ symbol(b)).axes) == product


def test_a_concatenation_of_different_batches_names_both() -> None:
    with pytest.raises(AxisError) as error:
        concatenate(symbol("batch_size, num_units"), symbol("time_step, features"))
    assert has_text(error, "concat: batch_size × num_units and time_step × features differ before their last axis")
