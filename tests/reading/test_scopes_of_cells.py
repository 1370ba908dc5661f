"""What the scopes of cells and of their stacks say in messages of TensorFlow 1."""

import pytest

from app.reading.errors.explanation import explain
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
