"""Messages of checks that few programs fail: of old versions, of wrappers and of loops."""

import pytest

from app.reading.errors.explanation import Explanation, NotFoundError, explain
from app.reading.facts_about_sizes import common_sizes

Told = tuple[object, ...]


def told(explanation: Explanation) -> Told:
    said = explanation.mismatch
    return said.tensor, said.axis, said.expected, said.got


SUM = (
    "RuntimeError: inconsistent tensor size, expected r_ [{0} x {2}], t [{0} x {2}] and src [{1} x {3}] to have the"
    " same number of elements, but got {4}, {4} and {5} elements respectively at TH/generic/THTensorMath.c:887"
)


@pytest.mark.parametrize(
    ("line", "sizes", "expected"),
    [
        ("out, h = rnn(x, h)", (6, 3, 40, 40), ("h_0", "batch_size", (6,), (3,))),
        ("out, h = rnn(x, h)", (6, 3, 40, 20), (None, None, None, None)),  # of one sample, they would differ in units
        ("y = fc(x)", (6, 3, 40, 40), (None, None, None, None)),
    ],
)
def test_pytorch_before_0_4_adds_the_products_of_x_and_h_of_two_batches(
    line: str, sizes: tuple[int, ...], expected: Told
) -> None:
    layer = "rnn = nn.RNN(9, 40)\n" if "rnn" in line else "An RNN of mine.\n"
    rows, others, columns, other_columns = sizes
    explanation = explain(f"{layer}{line}\n{SUM.format(*sizes, rows * columns, others * other_columns)}")

    assert told(explanation) == expected
    units = common_sizes(explanation.configurations).num_units
    assert units == (40 if expected[0] else units)


CONCAT = "Shape must be rank 2 but is rank 3 for 'net/concat' (op: 'ConcatV2') with input shapes: {}, []."


@pytest.mark.parametrize(
    ("cell", "shapes", "is_pair"),
    [
        ("an LSTM", "[?,24], [?,6], [2,?,70]", True),
        ("an LSTM", "[2,?,70], [?,6]", True),
        ("an LSTM", "[?,24], [?,6], [5,?,70]", False),
        ("an LSTM", "[?,24], [?,6,3], [2,?,70]", False),
        ("a GRU", "[?,24], [?,6], [2,?,70]", False),
    ],
)
def test_the_pair_of_states_of_an_lstm_is_an_array_of_two_matrices(cell: str, shapes: str, is_pair: bool) -> None:
    text = f"With {cell} cell: {CONCAT.format(shapes)}"
    if not is_pair:
        with pytest.raises(NotFoundError):
            explain(text)
        return
    explanation = explain(text)

    assert told(explanation) == ("h_0", "rank", 2, 3)
    assert common_sizes(explanation.configurations).num_units == 70
    assert explanation.mismatch.first_cause == "pair_for_state"


CHOICE = (
    "An LSTM\nValueError: Shapes must be equal rank, but are 3 and 2 for '{}/while/Select_1' (op: 'Select') with input"
    " shapes: {}."
)


@pytest.mark.parametrize(
    ("scope", "shapes", "expected", "cause"),
    [
        ("decoder", "[16,4], [16,4,96], [16,4,96]", ("h_0", "rank", 2, 3), "impute_finished"),
        ("rnn", "[16], [16,1,96], [16,96]", ("h_0", "rank", 2, 3), ""),
        ("rnn", "[16], [16,96], [16,1,96]", ("h_0", "rank", 3, 2), ""),
    ],
)
def test_a_loop_chooses_between_the_old_and_the_new_state_of_each_sample(
    scope: str, shapes: str, expected: Told, cause: str
) -> None:
    said = explain(CHOICE.format(scope, shapes))

    assert told(said) == expected
    assert said.mismatch.first_cause == cause
    with pytest.raises(NotFoundError):
        explain(CHOICE.format("cond", shapes))


@pytest.mark.parametrize(
    ("made", "features"), [("LSTMCell(50)", 7), ("LSTMCell(num_units=50)", 7), ("LSTMCell(60)", None)]
)
def test_the_kernel_of_a_cell_has_the_columns_of_its_gates(made: str, features: int | None) -> None:
    text = f"cell = tf.nn.rnn_cell.{made}\nValueError: Shapes () and (57, 200) must have the same rank"
    if features is None:
        with pytest.raises(NotFoundError):
            explain(text)
        return
    explanation = explain(text)

    assert told(explanation) == ("kernel", "rank", 2, 0)
    sizes = common_sizes(explanation.configurations)
    assert (sizes.features, sizes.num_units) == (features, 50)


UNDEFINED = "Input 0 of layer {} is incompatible with the layer: its rank is undefined, but the layer requires a"


@pytest.mark.parametrize(("layer", "axes"), [("gru_3", "None, None, features"), ("lstm_cell", "None, features")])
def test_an_x_without_a_known_shape_gets_the_axes_of_the_layer_or_of_the_cell(layer: str, axes: str) -> None:
    said = explain(f"`ValueError: {UNDEFINED.format(layer)} defined rank.`").mismatch

    assert (said.tensor, said.axis) == ("x", "rank")
    assert said.causes[0].fix == f"x.set_shape([{axes}])"
    with pytest.raises(NotFoundError):
        explain(f"An LSTM. {UNDEFINED.format('dense_2')} defined rank.")


STATES = (
    "TypeError: The two structures don't have the same nested structure.\n\nEntire first structure:\n"
    "AttentionWrapperState(cell_state=({}), attention=., alignments=.)\nEntire second structure:\n"
    "AttentionWrapperState(cell_state=[., .], attention=., alignments=.)"
)


def test_a_decoder_of_several_cells_takes_the_states_of_each_of_them() -> None:
    explanation = explain("An LSTM\n" + STATES.format("[., .], [., .]"))

    assert told(explanation) == ("h_0", "num_layers*directions", (2,), (1,))
    assert common_sizes(explanation.configurations).num_layers == 2
    assert explain("An LSTM\n" + STATES.format("[., .], [., .], [., .], [., .]")).mismatch.expected == (4,)


MASK = (
    "An LSTM in {}\nValueError: `TimeDistributed` Layer should be passed a `mask` of shape {}, received: mask.shape={}"
)


@pytest.mark.parametrize(
    ("shape", "got", "axis"),
    [
        ("(4, 7, ...)", "(4, 9)", "time_step"),
        ("(None, None, ...)", "(None, 9)", "time_step"),
        ("(4, 7, ...)", "(2, 7)", "batch_size"),
        ("(4, 7, ...)", "(4,)", "rank"),
    ],
)
def test_the_mask_of_time_distributed_has_the_samples_and_the_steps_of_x(shape: str, got: str, axis: str) -> None:
    for layer, causes in (("TimeDistributed(Dense(5))", 1), ("TimeDistributed(Conv2D(5, 3))", 0)):
        said = explain(MASK.format(layer, shape, got)).mismatch

        assert (said.tensor, said.axis, len(said.causes)) == ("mask", axis, causes)


def test_a_state_of_no_samples_does_not_fit_those_of_x() -> None:
    said = explain("My LSTM fails.\nValueError: Shape mismatch: x has 0 rows but z has 24 rows").mismatch

    assert (said.tensor, said.axis) == ("h_0", "batch_size")
    assert "24" in str(said.sentence)
    with pytest.raises(NotFoundError):
        explain("My LSTM fails.\nValueError: Shape mismatch: x has 24 rows but z has 0 rows")


ZERO_STATE = (
    "assertion failed: [When calling zero_state of AttentionWrapper attention_wrapper: Non-matching batch sizes between"
    " the memory (encoder output) and the requested batch size.  Are you using the BeamSearchDecoder?]{}"
)
COMPARED = (
    " [Condition x == y did not hold element-wise:] [x (decoder/strided_slice:0) = ] [{}] [y (Luong/size:0) = ] [{}]"
)


def test_the_assertion_about_a_requested_batch_prints_it_and_that_of_the_encoder() -> None:
    explanation = explain(ZERO_STATE.format(COMPARED.format(48, 12)))

    assert told(explanation) == ("h_0", "batch_size", (12,), (48,))
    assert common_sizes(explanation.configurations).batch_size == 12
    assert told(explain(ZERO_STATE.format(""))) == ("h_0", "batch_size", None, None)


def test_an_operation_that_tensorflow_computes_at_once_is_of_version_2() -> None:
    join = "An LSTM: ConcatOp : Dimensions of inputs should match: shape[0] = [60,1,80] vs. shape[1] = [1,1,80]"

    assert explain(f"{join} [Op:ConcatV2] name: concat").framework == "tensorflow"
    assert explain(f"{join}\n\t [[Node: concat = ConcatV2[N=2](a, b)]]").framework == "tf1"


STACK = (
    "ValueError: Trying to share variable rnn/multi_rnn_cell/{}/{}/kernel, but specified shape {} and found shape {}."
)


@pytest.mark.parametrize(
    ("scope", "cell", "shapes", "sizes"),
    [
        ("cell_0", "lstm_cell", ((100, 200), (63, 200)), (13, 50)),
        ("cell_0", "basic_rnn_cell", ((100, 50), (63, 50)), (13, 50)),
        ("cell_1", "lstm_cell", ((100, 200), (63, 200)), (None, 50)),
        ("cell_0", "lstm_cell", ((90, 200), (63, 200)), (None, 50)),
    ],
)
def test_the_first_kernel_of_a_stack_with_one_cell_says_the_features_of_x(
    scope: str, cell: str, shapes: tuple[tuple[int, int], ...], sizes: tuple[int | None, int]
) -> None:
    said = common_sizes(explain(STACK.format(scope, cell, *shapes)).configurations)

    assert (said.features, said.num_units) == sizes


CHECKED = "An LSTM.\nValueError: Error when checking target: expected {} to have shape {} but got array with shape {}"


@pytest.mark.parametrize(
    ("layer", "shapes", "axis"),
    [
        ("time_distributed_2", ((5, 2), (1, 2)), "time_step"),
        ("time_distributed_2", ((5, 2), (5, 3)), None),
        ("dense_2", ((5, 2), (1, 2)), None),
        ("dense_2", ((None, 5, 2), (40, 1, 2)), "time_step"),
        ("dense_2", ((None, 2), (40, 3)), None),
    ],
)
def test_the_axis_of_a_target_of_each_step_is_known(
    layer: str, shapes: tuple[tuple[int | None, ...], ...], axis: str | None
) -> None:
    said = explain(CHECKED.format(layer, *shapes)).mismatch

    assert (said.tensor, said.axis) == ("target", axis)


PRODUCT = "A {} network\nRuntimeError: mat1 and mat2 shapes cannot be multiplied (16x{} and {}x2)"


@pytest.mark.parametrize(
    ("layer", "got", "expected", "cause"),
    [
        ("bidirectional LSTM", 520, 392, "dense_second_direction"),  # 128 more
        ("bidirectional LSTM", 392, 520, "dense_features"),
        ("bidirectional LSTM", 521, 392, "dense_features"),
        ("bidirectional LSTM", 520, 260, "dense_directions"),
        ("LSTM", 520, 392, "dense_features"),
    ],
)
def test_a_second_direction_adds_the_units_of_one_beside_what_is_joined(
    layer: str, got: int, expected: int, cause: str
) -> None:
    assert explain(PRODUCT.format(layer, got, expected)).mismatch.first_cause == cause


FACTORS = (
    "An LSTM\nValueError: Dimensions must be equal, but are {0} and {1} for '{3}/MatMul' (op: 'MatMul') with input"
    " shapes: [?,{0}], [{1},{2}]."
)


@pytest.mark.parametrize(
    ("scope", "sizes", "expected"),
    [
        ("model_3/lstm_decoder_cell_1/dense_8", (60, 7, 240), ("x", "features", (7,), (60,))),
        ("model_3/lstm_decoder_cell_1/dense_8", (60, 7, 100), ("dense_input", "features", (None, 7), (None, 60))),
        ("model_3/dense_8", (60, 7, 240), ("dense_input", "features", (None, 7), (None, 60))),
    ],
)
def test_a_cell_of_dense_layers_has_the_columns_of_its_gates(
    scope: str, sizes: tuple[int, int, int], expected: Told
) -> None:
    explanation = explain(FACTORS.format(*sizes, scope))

    assert told(explanation) == expected
    assert common_sizes(explanation.configurations).num_units == (60 if expected[0] == "x" else None)


@pytest.mark.parametrize(
    ("text", "framework"),
    [("", "keras"), ("x = tf.placeholder(tf.float32)\n", "tf1"), ("It uses dynamic_rnn.\n", "tf1")],
)
def test_a_layer_with_a_default_name_of_keras_is_one_of_keras(text: str, framework: str) -> None:
    explanation = explain(text + FACTORS.format(32, 48, 256, "machine_2/lstm_5"))

    assert told(explanation) == ("x", "features", (48,), (32,))
    assert explanation.framework == framework
    assert explanation.mismatch.causes[0].fix.startswith(
        "keras.Input" if framework == "keras" else "x = tf.placeholder"
    )


MODEL = "model = Sequential()\n{}model.add(LSTM(40))\nValueError: new_order[2] is 2, but the input only has 2 axes."


@pytest.mark.parametrize(
    ("below", "cause"),
    [
        ("model.add(Convolution1D(6, 3))\nmodel.add(Dense(20))\n", "steps_below"),
        ("model.add(Embedding(90, 20))\nmodel.add(Dropout(0.1))\n", "missing_axis"),
        ("model.add(Dense(20))\nmodel.add(Reshape((4, 5)))\n", "missing_axis"),
        ("", "missing_axis"),
    ],
)
def test_a_recurrent_layer_above_others_lacks_the_steps_of_what_they_return(below: str, cause: str) -> None:
    assert explain(MODEL.format(below)).mismatch.first_cause == cause


def test_an_error_of_any_network_in_a_text_about_torch_for_lua_is_that_of_another_framework() -> None:
    error = SUM.format(6, 3, 40, 40, 240, 120)

    with pytest.raises(NotFoundError, match="Torch for Lua"):
        explain(f"th> require 'nn'\n/home/me/torch/install/share/lua/5.1/nn/Linear.lua:66: {error}")
