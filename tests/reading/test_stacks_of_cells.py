"""Texts about several cells: their number is that of the layers, and each of them has states of its own."""

import pytest

from app.reading.errors.explanation import Explanation, explain
from app.reading.facts_about_sizes import Configuration, common_sizes


def sizes(explanation: Explanation) -> Configuration:
    return common_sizes(explanation.configurations)


def told(explanation: Explanation) -> tuple[str | None, str | None, str | None]:
    said = explanation.mismatch
    return said.tensor, said.axis, said.first_cause


STATES = (
    "ValueError: An `initial_state` was passed that is not compatible with `cell.state_size`. Received `state_spec`={};"
    " however `cell.state_size` is {}"
)


def listed(*units: int) -> str:
    return "[" + ", ".join(f"InputSpec(shape=(None, {one}), ndim=2)" for one in units) + "]"


@pytest.mark.parametrize(
    "code",
    [
        "y = RNN([GRUCell(24), GRUCell(40)])(x, initial_state=first)",
        "y = layers.RNN(layers.StackedRNNCells([layers.GRUCell(24), layers.GRUCell(40)]))(x, initial_state=first)",
        "cells = make(24, 40)\ny = tf.keras.layers.RNN(cells)(x, initial_state=first)",
    ],
)
def test_a_layer_with_several_cells_has_no_certain_units_and_is_not_one_layer(code: str) -> None:
    explanation = explain(f"{code}\n{STATES.format(listed(24, 24), '(40, 24)')}")

    assert told(explanation) == ("h_0", "num_units", "other_units")
    assert (sizes(explanation).num_layers, sizes(explanation).num_units) == (None, None)
    assert "lstm" not in {one.cell for one in explanation.configurations} or len(explanation.configurations) > 1


def test_a_layer_with_one_cell_is_one_layer() -> None:
    explanation = explain(f"y = RNN(LSTMCell(40))(x, initial_state=first)\n{STATES.format(listed(24, 24), '[40, 40]')}")

    assert (sizes(explanation).num_layers, sizes(explanation).num_units) == (1, 40)


PRODUCT = (
    "Dimensions must be equal, but are {} and {} for 'rnn/while/rnn/{}lstm_cell/MatMul' (op: 'MatMul') with input"
    " shapes: [40,{}], [{},144]."
)


@pytest.mark.parametrize(
    ("code", "scope", "layers"),
    [
        ("tf.nn.rnn_cell.MultiRNNCell([cell] * n)", "multi_rnn_cell/cell_0/cell_0/", None),
        ("tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)", "", 1),
    ],
)
def test_a_cell_of_a_stack_says_no_number_of_layers(code: str, scope: str, layers: int | None) -> None:
    program = f"cell = tf.nn.rnn_cell.LSTMCell(36)\ny = {code}\n"
    explanation = explain(program + "ValueError: " + PRODUCT.format(72, 51, scope, 72, 51))

    assert (sizes(explanation).num_layers, sizes(explanation).num_units) == (layers, 36)


@pytest.mark.parametrize(("cells", "parts"), [(2, 2), (3, 2)])
def test_the_states_of_several_cells_are_a_list_of_lists(cells: int, parts: int) -> None:
    nested = str([[12] * parts] * cells)
    program = "y = keras.layers.RNN(stack)(z, initial_state=kept)\n"
    explanation = explain(program + STATES.format(listed(*[12] * (cells * parts)), nested))

    assert told(explanation) == ("h_0", "rank", "nested_states")
    assert sizes(explanation).num_units == 12
    assert explanation.mismatch.causes[0].fix == (
        f"y = keras.layers.RNN(stack)(z, initial_state=[kept[n : n + {parts}] for n in range(0, len(kept), {parts})])"
    )


def test_another_number_of_states_of_several_cells_is_counted() -> None:
    said = explain("LSTM\n" + STATES.format(listed(12, 12), "[[12, 12], [12, 12], [12, 12]]")).mismatch

    assert (said.expected, said.got) == ((6,), (2,))


@pytest.mark.parametrize(
    ("shapes", "declared", "cause"),
    [
        ("(36,) (36, 36)", "[36] [36, 36]", "states_without_batch"),
        ("(None, 36) (None, 36, 36)", "[None, 36] [None, 36, 36]", "state_size_with_batch"),
    ],
)
def test_the_states_of_a_cell_of_ones_own_need_the_batch_once(shapes: str, declared: str, cause: str) -> None:
    given = ", ".join(f"InputSpec(shape={one})" for one in shapes.replace(") (", ")|(").split("|"))
    sized = ", ".join(f"TensorShape({one})" for one in declared.replace("] [", "]|[").split("|"))

    assert told(explain("An RNN. " + STATES.format(f"[{given}]", f"[{sized}]"))) == ("h_0", "rank", cause)


LISTED = (
    "\tsize mismatch for rnn.{}: copying a param with shape torch.Size([{}]) from checkpoint, the shape in current"
    " model is torch.Size([{}])."
)
CHECKPOINT = "RuntimeError: Error(s) in loading state_dict for Tagger:\n" + "\n".join(
    LISTED.format(name, made, own)
    for name, made, own in (
        ("weight_ih_l0", "96, 30", "160, 30"),
        ("weight_hh_l0", "96, 24", "160, 40"),
        ("weight_ih_l1", "96, 24", "160, 40"),
        ("weight_hh_l1", "96, 24", "160, 40"),
    )
)


def test_a_list_of_weights_that_is_cut_leaves_the_number_of_layers_open() -> None:
    whole, cut = explain(CHECKPOINT), explain(CHECKPOINT[: CHECKPOINT.index("weight_hh_l1") - 60])

    assert (sizes(whole).num_layers, sizes(whole).bidirectional, sizes(whole).num_units) == (2, False, 40)
    assert (sizes(cut).num_layers, sizes(cut).bidirectional, sizes(cut).num_units) == (None, None, 40)
    assert "num_layers=2" in whole.mismatch.causes[0].fix
    assert "num_layers=num_layers" in cut.mismatch.causes[0].fix


def test_a_backward_layer_in_a_list_of_weights_says_both_directions() -> None:
    lines = [LISTED.format(f"weight_ih_l0{place}", "128, 20", "128, 33") for place in ("", "_reverse")]
    text = "RuntimeError: Error(s) in loading state_dict for Tagger:\n"

    assert sizes(explain(text + "\n".join(lines))).bidirectional is True
    assert sizes(explain(text + lines[0])).bidirectional is None
