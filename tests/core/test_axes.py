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


def test_a_vector_may_be_either_operand_and_must_fit_the_rows() -> None:
    rows, vector = symbol("batch_size, num_units"), symbol("num_units")
    assert (rows * vector).axes == (vector * rows).axes == (rows + vector).axes == rows.axes
    with pytest.raises(AxisError) as error:
        rows * symbol("batch_size")
    assert has_text(error, "mul: a vector of batch_size does not fit rows of num_units")


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


def test_a_bias_that_does_not_fit_is_named_beside_the_rows() -> None:
    with pytest.raises(AxisError) as error:
        symbol("batch_size, features") @ symbol("features, 4*num_units") + symbol("num_units")
    assert has_text(error, "add: a vector of num_units does not fit rows of 4*num_units")


@pytest.mark.parametrize(("operator", "name"), [("__add__", "add"), ("__mul__", "mul")])
def test_a_pointwise_operation_on_different_axes_names_both(operator: str, name: str) -> None:
    with pytest.raises(AxisError) as error:
        getattr(symbol("batch_size, num_units"), operator)(symbol("batch_size, features"))
    assert has_text(
        error,
        f"{name}: batch_size × num_units and batch_size × features differ; a pointwise operation needs equal axes",
    )


def test_a_concatenation_of_different_batches_names_both() -> None:
    with pytest.raises(AxisError) as error:
        concatenate(symbol("batch_size, num_units"), symbol("time_step, features"))
    assert has_text(error, "concat: batch_size × num_units and time_step × features differ before their last axis")
