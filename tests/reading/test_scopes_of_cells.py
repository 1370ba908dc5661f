"""What the scopes of cells and of their stacks say in messages of TensorFlow 1."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain
from app.reading.facts_about_sizes import common_sizes

SHARED = "ValueError: Trying to share variable rnn/multi_rnn_cell/cell_0/{}, but specified shape {} and found shape {}."


@pytest.mark.parametrize(
    ("scope", "columns", "cell"),
    [("basic_rnn_cell", 30, "rnn"), ("basic_lstm_cell", 120, "lstm"), ("gru_cell/gates", 60, "gru")],
)
@pytest.mark.parametrize("name", ["kernel", "weights"])  # from version 1.2 on, and before it
def test_the_scope_of_a_kernel_tells_its_cell(scope: str, columns: int, cell: str, name: str) -> None:
    explanation = explain(SHARED.format(f"{scope}/{name}", (60, columns), (37, columns)))
    sizes = common_sizes(explanation.configurations)

    assert explanation.mismatch.first_cause == "same_cell"
    assert (sizes.cell, sizes.features, sizes.num_units) == (cell, 7, 30)


def test_each_cell_of_a_stack_is_a_layer_of_one_direction() -> None:
    message = 'Expected state to be a tuple of length 4, but received: Tensor("state:0", shape=(9, 30), dtype=float32)'
    (network,) = explain(f"ValueError: {message}").configurations

    assert (network.num_layers, network.bidirectional) == (4, None)


ASSIGNED = "Assign requires shapes of both tensors to match. lhs shape= [{},{}] rhs shape= [{},{}]\n\nMy {} tags words."


@pytest.mark.parametrize(("network", "gates"), [("BiLSTM", 4), ("GRU", 2), ("BasicRNNCell", 1)])
def test_two_kernels_for_the_same_features_need_no_name(network: str, gates: int) -> None:
    explanation = explain(ASSIGNED.format(60 + 3, 3 * gates, 60 + 20, 20 * gates, network))
    sizes, mismatch = common_sizes(explanation.configurations), explanation.mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.first_cause) == ("kernel", "gates*num_units", "other_size")
    assert (sizes.features, sizes.num_units) == (60, 3)
    assert mismatch.note and "20" in mismatch.causes[0].fix


@pytest.mark.parametrize("shapes", [(63, 12, 81, 80), (63, 12, 80, 78), (63, 12, 70, 12), (3, 12, 20, 80)])
def test_other_shapes_are_not_those_of_kernels(shapes: tuple[int, int, int, int]) -> None:
    with pytest.raises(NotFoundError):
        explain(ASSIGNED.format(*shapes, "LSTM"))


BEAMS = (
    "# AttentionWrapperZeroState: Input to reshape is a tensor with {} values, but the requested shape has {}\n\n"
    "beams = 3\nbeam_width = {}\ncell = tf.contrib.rnn.LSTMCell(20)"
)


@pytest.mark.parametrize(("values", "needed"), [(240, 720), (720, 240)])
def test_the_first_state_of_a_beam_search_has_the_samples_of_each_beam(values: int, needed: int) -> None:
    mismatch = explain(BEAMS.format(values, needed, 3)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.first_cause) == ("h_0", "batch_size", "states_of_beams")


@pytest.mark.parametrize("beams", [1, 4])
def test_other_numbers_of_beams_are_not_those_of_a_state(beams: int) -> None:
    with pytest.raises(NotFoundError):
        explain(BEAMS.format(240, 720, beams))


BELOW = (
    "MultiRNNCell of {}s\nValueError: In MultiRNNCell, the input size of each next cell must match the output size of"
    " the previous one. Mismatched output size in cell 2."
)


def test_an_upper_cell_of_an_old_stack_has_the_size_of_what_it_reads() -> None:
    mismatch = explain(BELOW.format("GRUCell")).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.causes[0].id) == ("x", "features", "size_of_input")
    assert "Cell 3" in str(mismatch.sentence) and "GRUCell" in mismatch.causes[0].fix


SLICE = "An {}: Expected size[{}] in [0, {}], but got {}"


def test_a_part_of_twice_the_units_is_the_state_of_an_lstm() -> None:
    explanation = explain(SLICE.format("LSTM", 1, 70, 140))

    assert (explanation.mismatch.tensor, explanation.mismatch.expected, explanation.mismatch.got) == (
        "h_0",
        (140,),
        (70,),
    )
    assert common_sizes(explanation.configurations).num_units == 70


@pytest.mark.parametrize("values", [("GRU", 1, 70, 140), ("LSTM", 0, 70, 140), ("LSTM", 1, 70, 141)])
def test_other_parts_of_arrays_are_no_states(values: tuple[str, int, int, int]) -> None:
    with pytest.raises(NotFoundError):
        explain(SLICE.format(*values))


JOINED = (
    "ValueError: Shape must be rank 1 but is rank 2 for 'while/BasicDecoderStep/decoder/attention_wrapper/concat'"
    " (op: 'ConcatV2') with input shapes: [{}], [18,90], []."
)


def test_a_decoder_with_attention_reads_vectors() -> None:
    explanation = explain(JOINED.format(18))
    mismatch = explanation.mismatch

    assert (mismatch.tensor, mismatch.expected, mismatch.got) == ("x", 2, 1)
    assert [one.id for one in mismatch.causes] == ["missing_embedding", "missing_features_axis"]
    assert common_sizes(explanation.configurations).batch_size == 18
    with pytest.raises(NotFoundError):
        explain(JOINED.format(17))


UNSTACKED = "{}\nValueError: Cannot infer num from shape {}"
OF_KERAS = "from keras.layers import LSTM\nmodel.add(LSTM(6, input_shape=(None, 9)))"


@pytest.mark.parametrize(
    ("lines", "framework", "fix"),
    [
        (OF_KERAS, "keras", "(time_step, 9)"),
        ("tf.nn.rnn_cell.GRUCell(5)\nx_list = tf.unstack(x, axis=1)", "tf1", "[None, time_step, features]"),
    ],
)
def test_a_list_of_steps_needs_their_number(lines: str, framework: str, fix: str) -> None:
    explanation = explain(UNSTACKED.format(lines, "(?, ?, 36)"))

    assert (explanation.framework, explanation.mismatch.tensor, explanation.mismatch.axis) == (
        framework,
        "x",
        "time_step",
    )
    assert fix in explanation.mismatch.causes[0].fix


@pytest.mark.parametrize("shape", ["(?, 36)", "(4, 7, ?)"])
def test_other_lists_are_not_those_of_steps(shape: str) -> None:
    with pytest.raises(NotFoundError):
        explain(UNSTACKED.format(OF_KERAS, shape))


CHOICE = "# Inputs to operation {} of type {} must have the same size and shape.\n\nmodel.summary() is fine."


def test_a_choice_in_a_layer_is_about_two_of_its_arrays() -> None:
    assert explain(CHOICE.format("bidirectional_4/while/Select_2", "Select")).mismatch.tensor is None
    for operation, of_type in (("bidirectional_4/while/add", "AddN"), ("metrics/Select", "Select")):
        with pytest.raises(NotFoundError):
            explain(CHOICE.format(operation, of_type))


BIASES = "tf.loadLayersModel(url) with a {}\nUncaught (in promise) Error: Shape mismatch: {} vs. {}"


def test_a_gru_of_javascript_has_one_bias_for_each_gate() -> None:
    explanation = explain(BIASES.format("GRU", "[66]", "[2,66]"))
    mismatch = explanation.mismatch

    assert (mismatch.tensor, mismatch.expected, mismatch.got, mismatch.first_cause) == ("bias", 1, 2, "reset_after")
    assert common_sizes(explanation.configurations).num_units == 22
    assert explanation.resets_after is False


@pytest.mark.parametrize("values", [("LSTM", "[66]", "[2,66]"), ("GRU", "[65]", "[2,65]"), ("GRU", "[66]", "[66,2]")])
def test_other_weights_of_javascript_are_no_biases(values: tuple[str, str, str]) -> None:
    with pytest.raises(NotFoundError):
        explain(BIASES.format(*values))
