"""What a message says of other sizes and cells than those that it is about.

PyTorch 2.13 and TensorFlow 2.21 raised the messages.
"""

import pytest

from app.reading.errors.explanation import explain

SHAPES = (
    "size mismatch for rnn.weight_{part}_l0: copying a param with shape torch.Size([{got}, {columns}]) from checkpoint,"
    " the shape in current model is torch.Size([{expected}, {columns}])."
)


def test_the_columns_of_a_recurrent_kernel_say_the_units_and_so_the_cell() -> None:
    lines = [SHAPES.format(part=part, got=57, expected=76, columns=n) for part, n in (("ih", 8), ("hh", 19))]
    text = "\n\t".join(["RuntimeError: Error(s) in loading state_dict for Reader:", *lines])

    assert [(one.cell, one.features, one.num_units) for one in explain(text).configurations] == [("lstm", 8, 19)]


def test_a_layer_without_a_projection_is_no_lstm() -> None:
    explanation = explain("ValueError: proj_size argument is only supported for LSTM, not RNN or GRU")

    assert [one.cell for one in explanation.configurations] == ["gru", "rnn"]


UNKNOWN = "must be accessible via shape inference, but saw value None."


@pytest.mark.parametrize(
    ("message", "axes", "batch"),
    [
        ("Expected inputs.shape[-1] to be known, received shape: (None, None)", "None, features", None),
        ("Expected inputs.shape[-1] to be known, received shape: (6, None)", "None, features", 6),
        ("Expected inputs.shape[-1] to be known", "None, None, features", None),
        (
            f'Input size (dimension 0 of input Tensor("wave_4:0", shape=(None, None), dtype=float32)) {UNKNOWN}',
            "None, features",
            None,
        ),
        (f"Input size (dimension 1 of inputs) {UNKNOWN}", "None, None, features", None),
    ],
)
def test_the_shape_of_a_message_says_how_many_axes_x_has(message: str, axes: str, batch: int | None) -> None:
    explanation = explain(f"ValueError: {message}")

    assert [one.fix for one in explanation.mismatch.causes] == [f"inputs.set_shape([{axes}])"]
    assert explanation.configuration and explanation.configuration.batch_size == batch


@pytest.mark.parametrize("module", ["tf_keras.src.layers.rnn.legacy_cells", "keras.layers.rnn.legacy_cells"])
def test_cells_that_keras_keeps_for_tensorflow_1_have_their_units(module: str) -> None:
    program = (
        "import tensorflow.compat.v1 as tf\n"
        f"from {module} import GRUCell\n"
        "wave = [tf.placeholder(tf.float32, [None, None])]\n"
        "outputs, state = tf.nn.static_rnn(GRUCell(27), wave, dtype=tf.float32)\n"
    )
    text = (
        f'{program}ValueError: Input size (dimension 0 of input Tensor("w:0", shape=(None, None), dtype=f)) {UNKNOWN}'
    )
    network = explain(text).configuration

    assert network and (network.cell, network.num_units) == ("gru", 27)
