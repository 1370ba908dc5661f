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
