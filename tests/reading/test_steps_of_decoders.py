"""Messages about a step of a decoder of TensorFlow 1, whose text names no layer, and masks that Keras 1 reverses."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain

BEAMS = (
    "ValueError: Shape must be rank 2 but is rank 3 for 'decoder/while/{step}/output_dense/MatMul' (op: 'MatMul') with"
    " input shapes: [?,6,140], [{kernel}]."
)

RESIDUAL = """ValueError: Shapes (14, 270) and (14, 240) are incompatible

It comes from the attention:
{line}
"""
CALL = "cell_output, next_cell_state = self._cell(cell_inputs, cell_state)"

CHOICE = """ValueError: Shapes must be equal rank, but are 0 and 1 for 'rnn/while/Select_3' (op: 'Select') with input\
 shapes: [18], [], [].

cell = {}(tf.nn.rnn_cell.GRUCell(64), attention)
"""

REVERSED = (
    "ValueError: Shape must be rank 2 but is rank 3 for 'Reverse' (op: 'Reverse') with input shapes: [?,?,1], [2]."
)


@pytest.mark.parametrize(("kernel", "factor"), [("140,2100", "kernel"), ("2100,140", "tf.transpose(kernel)")])
def test_a_beam_search_has_an_axis_of_beams(kernel: str, factor: str) -> None:
    explanation = explain(BEAMS.format(step="BeamSearchDecoderStep", kernel=kernel))
    mismatch = explanation.mismatch

    assert explanation.framework == "tf1"
    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("dense_input", "rank", 2, 3)
    assert [one.fix for one in mismatch.causes] == [f"logits = tf.tensordot(outputs, {factor}, 1)"]


def test_other_steps_have_no_beams() -> None:
    mismatch = explain(BEAMS.format(step="BasicDecoderStep", kernel="140,2100")).mismatch

    assert [one.id for one in mismatch.causes] == ["every_step"]


def test_a_residual_cell_adds_x_without_the_attention() -> None:
    explanation = explain(RESIDUAL.format(line=CALL))
    mismatch, network = explanation.mismatch, explanation.configuration

    assert explanation.framework == "tf1"
    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("x", "features", (240,), (270,))
    assert "x[:, :240] + output" in mismatch.causes[0].fix
    assert network is not None
    assert (network.batch_size, network.num_units) == (14, 240)


def test_two_shapes_without_a_step_are_those_of_any_network() -> None:
    with pytest.raises(NotFoundError):
        explain(RESIDUAL.format(line="outputs = self.model(inputs)"))


@pytest.mark.parametrize(("wrapper", "ids"), [("AttentionWrapper", ["scalar_state"]), ("OwnWrapper", [])])
def test_a_state_without_samples_cannot_be_chosen_for_each_of_them(wrapper: str, ids: list[str]) -> None:
    explanation = explain(CHOICE.format(wrapper))
    mismatch = explanation.mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("h_0", "rank", 1, 0)
    assert [one.id for one in mismatch.causes] == ids
    assert explanation.configuration is not None
    assert explanation.configuration.batch_size == 18


def test_keras_1_reverses_no_mask() -> None:
    text = "# Masking before a Bidirectional(GRU(26))\n\n" + REVERSED
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("mask", "rank", 2, 3)
    with pytest.raises(NotFoundError):
        explain(text.replace("Masking", "A layer"))
