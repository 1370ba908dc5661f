"""Messages about one step of a cell of Keras 2, which name only operations of the cell."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain

IN_CALL = """ValueError: Exception encountered when calling layer "{name}" (type {layer}).

Shape must be at least rank 3 but is rank 2 for '{{{{node BiasAdd}}}} = BiasAdd[T=DT_FLOAT, data_format="NCHW"](add,\
 bias)' with input shapes: [?,{gates}], [{gates}].

Call arguments received by layer "{name}" (type {layer}):
  • inputs=tf.Tensor(shape=(None, 12, 7), dtype=float32)
  • mask=None
  • training=None
  • initial_state=None
"""
"""What TensorFlow 2.12 says of a layer with the data format of images."""

IN_GRAPH = (
    "ValueError: Shape must be at least rank 3 but is rank 2 for '{{{{node {scope}/BiasAdd}}}} = BiasAdd[T=DT_FLOAT,"
    ' data_format="{format}"]({scope}/MatMul, {scope}/split_1)\' with input shapes: [?,{units}], [{units}].'
)

SPLIT = (
    "ValueError: Dimension size, given by scalar input 1 must be in range [-1, 1) for '{{{{node {scope}/split}}}} ="
    " Split[T=DT_FLOAT, num_split={parts}]({scope}/split/split_dim, {scope}/BiasAdd)' with input shapes: [], [{size}]"
    " and with computed input tensors: input[0] = <1>."
)


@pytest.mark.parametrize("units", [20, 33])
def test_an_lstm_with_the_data_format_of_images(units: int) -> None:
    explanation = explain(IN_CALL.format(name="lstm_2", layer="LSTM", gates=4 * units))
    mismatch, network = explanation.mismatch, explanation.configuration

    assert (explanation.framework, mismatch.tensor, mismatch.axis) == ("keras", "bias", "rank")
    assert (mismatch.expected, mismatch.got) == (3, 2)
    assert mismatch.causes[0].fix == 'keras.backend.set_image_data_format("channels_last")'
    assert network is not None
    assert network.num_units == units


@pytest.mark.parametrize("scope", ["lstm/lstm_cell_3", "model_1/gru_2/gru_cell"])
def test_a_cell_whose_bias_is_split(scope: str) -> None:
    explanation = explain(IN_GRAPH.format(scope=scope, units=45, format="NCHW"))

    assert (explanation.mismatch.tensor, explanation.mismatch.axis) == ("bias", "rank")
    assert explanation.configuration is not None
    assert explanation.configuration.num_units == 45


@pytest.mark.parametrize(("scope", "format"), [("lstm/lstm_cell_3", "NHWC"), ("lstm_1/conv2d", "NCHW")])
def test_other_biases_are_not_those_of_a_cell_with_channels_first(scope: str, format: str) -> None:
    with pytest.raises(NotFoundError):
        explain(IN_GRAPH.format(scope=scope, units=45, format=format))


@pytest.mark.parametrize(("cell", "parts"), [("lstm", 4), ("gru", 3)])
@pytest.mark.parametrize("units", [17, 96])
def test_gates_that_are_split_need_an_axis_of_samples(cell: str, parts: int, units: int) -> None:
    message = SPLIT.format(scope=f"part/{cell}_8/{cell}_cell_8", parts=parts, size=parts * units)
    explanation = explain(message)
    mismatch, network = explanation.mismatch, explanation.configuration

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("x", "rank", 2, 1)
    assert mismatch.causes[0].fix == "x = x[np.newaxis]"
    assert network is not None
    assert network.num_units == units


def test_a_split_into_other_parts_is_none_of_gates() -> None:
    with pytest.raises(NotFoundError):
        explain(SPLIT.format(scope="lstm_8/lstm_cell", parts=2, size=80))
