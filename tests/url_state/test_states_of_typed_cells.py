"""The equations of a cell in a query: their sizes, their errors, and what other fields make of them."""

from urllib.parse import parse_qsl

import pytest

from app.equations.gallery import GALLERY, SHIPPED
from app.url_state.field_types import FieldError
from app.url_state.parsing import nearest, parse
from app.url_state.text_field_types import EXAMPLE, MAX_ADDRESS_LENGTH
from app.url_state.url_state import UrlState


def url_state(equations: str, **fields: object) -> UrlState:
    return parse(pairs(equations, **fields), strict=True)


def pairs(equations: str, **fields: object) -> list[tuple[str, str]]:
    return [("cell", "own"), ("equations", equations), *((name, str(value)) for name, value in fields.items())]


def cell(*lines: str) -> str:
    """The equations of a cell with further lines."""
    return "\n".join([*lines, "h: batch_size, num_units", "W: features, num_units", "h = h_prev + x @ W"])


@pytest.mark.parametrize("id", [*SHIPPED, *GALLERY])
def test_a_link_has_the_equations_and_the_sizes_that_they_need(id: str) -> None:
    one = url_state({**SHIPPED, **GALLERY}[id])
    again = parse(parse_qsl(one.query()[1:]), strict=True)
    assert again == one and again.stack.sizes == one.stack.sizes
    assert len(one.query()) <= MAX_ADDRESS_LENGTH


def test_without_equations_the_cell_is_an_example() -> None:
    assert parse([("cell", "own")], strict=True).equations == EXAMPLE
    assert url_state(EXAMPLE).query() == "?cell=own"


def test_equations_are_those_of_a_cell_of_ones_own() -> None:
    with pytest.raises(FieldError, match="equations need cell=own, but cell is gru"):
        parse([("cell", "gru"), ("equations", EXAMPLE)], strict=True)
    assert url_state(GALLERY["mgu"]).query(cell="gru") == "?cell=gru"


def test_an_error_names_the_line_and_what_would_fit() -> None:
    with pytest.raises(FieldError, match="line 3: h_prev @ W joins num_units with features") as error:
        url_state("h: batch_size, num_units\nW: features, num_units\nh = h_prev @ W")
    assert error.value.allowed == {"line": 3, "start": 4, "end": 14, "fixes": ["x @ W"]}


def test_equations_that_are_too_long_for_an_address_are_rejected() -> None:
    comment = "# " + "é" * 1300 + "\n"  # six characters of an address each
    with pytest.raises(FieldError, match="at most 6,144 characters as an address has them, not 8,1"):
        url_state(comment + EXAMPLE)


@pytest.mark.parametrize(
    ("line", "asked", "got"),
    [
        ("axis K = num_units / 3", (2, 7), (2, 6)),
        ("axis K = num_units / 3", (2, 8), (2, 9)),
        ("axis K = features / 4", (5, 5), (4, 5)),
        ("axis K = (num_units + features) / 4", (2, 5), (3, 5)),
        ("axis features = num_units", (2, 5), (5, 5)),
        ("axis features = 2 * num_units", (2, 3000), (4096, 2048)),
        ("axis K = num_units / 4000", (2, 5), (2, 4000)),
    ],
)
def test_sizes_that_do_not_divide_are_rejected_with_the_nearest_that_do(
    line: str, asked: tuple[int, int], got: tuple[int, int]
) -> None:
    equations = cell(line, "b: K") if " K " in line else cell(line)
    equations = equations.replace("x @ W", "x @ W + sum(b, K)") if " K " in line else equations
    sizes = {"features": asked[0], "num_units": asked[1]}
    with pytest.raises(FieldError, match=f"use features = {got[0]}, num_units = {got[1]}$"):
        url_state(equations, **sizes)
    found = nearest(pairs(equations, **sizes))
    assert (found.features, found.num_units) == got
    assert url_state(equations, features=got[0], num_units=got[1]).stack.sizes


def test_a_slider_stops_at_sizes_that_divide() -> None:
    assert url_state(GALLERY["mlstm"]).fitting("num_units", range(1, 10)) == [2, 4, 6, 8]
    assert url_state(GALLERY["mlstm"]).fitting("time_step", range(1, 4)) == [1, 2, 3]
    assert url_state(EXAMPLE).fitting("num_units", range(1, 4)) == [1, 2, 3]


def test_a_size_that_is_tied_follows_the_other_one() -> None:
    sru = url_state(GALLERY["sru"], num_units=7)
    assert sru.features == 7 and sru.fixed == ["features"] and "&features=" not in sru.query()
    assert parse(parse_qsl(sru.query(num_units=3)[1:]), strict=True).features == 3
    digit = url_state(GALLERY["sru"], data="digit")
    assert digit.num_units == 28 and "num_units" in digit.fixed


def test_an_input_whose_features_the_equations_rule_out_is_rejected() -> None:
    with pytest.raises(FieldError, match="data=wave sets features, which the axes of the equations rule out"):
        url_state(cell("axis K = features / 2", "b: K").replace("x @ W", "x @ W + sum(b, K)"), data="wave")
    with pytest.raises(FieldError, match="data=text sets features"):
        url_state(GALLERY["sru"], data="text", text="abc")


def test_a_cell_that_cannot_read_another_layer_has_one() -> None:
    with pytest.raises(FieldError, match="num_layers must be 1: mLSTM cannot read another layer"):
        url_state(GALLERY["mlstm"], num_layers=2)
    assert url_state(GALLERY["mgu"], num_layers=2, bidirectional="true").stack.program(1)
    assert nearest(pairs(GALLERY["mlstm"], num_layers=2)).num_layers == 1


def test_the_components_of_a_matrix_are_counted_along_all_its_axes() -> None:
    matrix = url_state(GALLERY["linear_attention"], num_units=10, poke="M_prev", component=39)
    assert matrix.component == 39
    with pytest.raises(FieldError, match="component must be a whole number from 0 to 39"):
        url_state(GALLERY["linear_attention"], num_units=10, poke="M_prev", component=40)
    with pytest.raises(FieldError, match="row must be a whole number from 0 to 7"):
        url_state(GALLERY["linear_attention"], num_units=10, tensor="M", row=8)


def test_a_cell_is_compared_with_a_cell_and_a_model_with_a_model() -> None:
    assert url_state(EXAMPLE, beside="gru").beside == "gru"
    assert url_state(EXAMPLE, beside=GALLERY["mgu"]).beside == GALLERY["mgu"]
    with pytest.raises(FieldError, match="beside is a cell, which needs cell=own to compare with"):
        parse([("beside", "gru"), ("model", "lstm(7)")], strict=True)
    with pytest.raises(FieldError, match="beside needs a model to compare with"):
        url_state(EXAMPLE, beside="lstm(7)")


def test_equations_without_any_sizes_are_rejected() -> None:
    lines = ("axis K = features / 2", "axis L = (features + 1) / 2", "k: K", "l: L")
    impossible = cell(*lines).replace("x @ W", "x @ W + sum(k, K) + sum(l, L)")
    with pytest.raises(FieldError, match="no features and num_units give each axis of the equations a whole size"):
        url_state(impossible)
    assert nearest(pairs(impossible)).equations == EXAMPLE


def test_the_weights_of_a_cell_without_weights_are_not_shown() -> None:
    leak = "axis features = num_units\nh: batch_size, num_units\nh = 0.5 * h_prev + x"
    with pytest.raises(FieldError, match="this cell has no weights to show") as error:
        url_state(leak, view="weights", num_units=4)
    assert "unrolled" in error.value.allowed
    assert nearest(pairs(leak, view="weights", num_units=4)).view == "unrolled"
