"""Sizes that a post says beside its message, and the axes in which shapes differ."""

import pytest

from app.reading.errors.explanation import Explanation, explain
from app.reading.facts_about_sizes import Configuration, common_sizes


def sizes(explanation: Explanation) -> Configuration:
    return common_sizes(explanation.configurations)


STATE = "RuntimeError: Expected hidden size ({}), got [{}]"


@pytest.mark.parametrize(
    ("expected", "got", "axes"),
    [
        ("1, 6, 48", "6, 31, 96", "num_layers*directions, batch_size and num_units"),
        ("2, 6, 48", "1, 12, 48", "num_layers*directions and batch_size"),
        ("2, 6, 48", "2, 5, 48", "batch_size"),
    ],
)
def test_all_axes_in_which_two_states_differ_are_named(expected: str, got: str, axes: str) -> None:
    said = explain("A GRU. " + STATE.format(expected, got)).mismatch

    assert str(said.sentence).endswith(f"they differ in {axes}.")


@pytest.mark.parametrize(("word", "is_both"), [("bi-directional", True), ("Bidirectional", True), ("deep", False)])
def test_two_parts_of_a_state_are_directions_if_the_post_speaks_of_them(word: str, is_both: bool) -> None:
    explanation = explain(f"I trained a {word} GRU.\n{STATE.format('2, 14, 36', '1, 2, 14, 36')}")

    assert [one.bidirectional for one in explanation.configurations] == [is_both, not is_both]
    assert (sizes(explanation).num_layers, sizes(explanation).bidirectional) == (None, None)


PRODUCT = (
    "RNN Dimensions must be equal, but are 96 and 61 for 'rnn/while/rnn/multi_rnn_cell/cell_0/cell_0/lstm_cell/MatMul"
    "_1' (op: 'MatMul') with input shapes: [?,96], [61,192]."
)


def test_a_word_before_a_message_of_tensorflow_is_not_its_cell() -> None:
    assert {one.cell for one in explain(PRODUCT).configurations} == {"lstm"}


def test_a_square_kernel_on_theano_has_a_row_for_each_unit() -> None:
    text = "stateful=True, LSTM, batch size: 24\ndimension mismatch in args to gemm (24,{0})x({0},{1})->(1,{1})"

    assert sizes(explain(text.format(40, 40))).num_units == 40
    assert sizes(explain(text.format(40, 30))).num_units is None


def test_the_size_of_the_states_of_a_cell_is_that_of_its_units() -> None:
    text = (
        "A GRU. ValueError: An `initial_state` was passed that is not compatible with `cell.state_size`. Received"
        " `state_spec`=ListWrapper([InputSpec(shape=(None, 7, 52), ndim=3), InputSpec(shape=(None, 52), ndim=2)]);"
        " however `cell.state_size` is [52]"
    )

    assert sizes(explain(text)).num_units == 52


CHECKED = "\n\nError when checking input: expected {}_3 to have 3 dimensions, but got array with shape (80, 13)"


@pytest.mark.parametrize(
    "layer", ["LSTM(21, input_dim=13)", "layers.GRU(units=21, input_shape=(None, 13))", "SimpleRNN(21, input_dim = 13)"]
)
def test_a_program_without_its_line_breaks_says_the_sizes_of_its_only_layer(layer: str) -> None:
    lines = f"model = Sequential() model.add({layer}) model.add(Dense(4)) model.compile(loss='mse')"
    explanation = explain(lines + CHECKED.format("lstm_input"))

    assert (sizes(explanation).num_units, sizes(explanation).features) == (21, 13)
    other = explain(f"{lines} model.add(LSTM(5))" + CHECKED.format("lstm_input"))
    assert sizes(other).num_units is None


def test_the_only_input_of_a_model_tells_the_features_of_an_x_that_lacks_an_axis() -> None:
    program = (
        "import keras\nfrom keras.layers import Input, LSTM, concatenate\n"
        "x = Input(shape=(None, 13))\na = LSTM(30, return_sequences=True)(x)\nb = LSTM(30, return_sequences=True)(x)\n"
        "y = LSTM(30)(concatenate([a, b]))\nmodel = keras.Model(x, y)\n"
    )

    assert sizes(explain(program + CHECKED.format("input"))).features == 13
