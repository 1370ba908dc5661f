"""The x of a layer: an axis of size 1 that is too many, exchanged axes of data, and features that are not known."""

import pytest
from pasted_programs import TORCH, pasted

from app.reading.errors.explanation import explain

VIDEO = f"""{TORCH}
layer = nn.GRU(11, 5)
x = torch.zeros({{}})
y, h = layer(x)
"""


@pytest.mark.parametrize(
    ("sizes", "fix"), [("7, 3, 1, 11", "y, h = layer(x.squeeze(2))"), ("7, 1, 3, 11", "y, h = layer(x.squeeze(1))")]
)
def test_an_axis_of_size_1_is_removed(sizes: str, fix: str) -> None:
    error = "RuntimeError: GRU: Expected input to be 2D or 3D, got 4D instead"
    causes = explain(pasted(VIDEO.format(sizes), ["y, h = layer(x)"], error)).mismatch.causes

    assert [(one.id, one.lines) for one in causes] == [("extra_axis", (("y, h = layer(x)", fix),))]


def test_an_axis_of_several_sequences_is_not_removed() -> None:
    error = "RuntimeError: GRU: Expected input to be 2D or 3D, got 4D instead"
    text = pasted(VIDEO.format("7, 3, 2, 11"), ["y, h = layer(x)"], error)

    assert [one.id for one in explain(text).mismatch.causes] == ["sequences_of_sample"]


@pytest.mark.parametrize(("setting", "axes"), [("", "1, 2"), (", batch_first=True", "0, 1")])
def test_a_layer_itself_returns_a_pair_and_its_steps_stay_apart_from_the_samples(setting: str, axes: str) -> None:
    """No line of the program is corrected: it makes the layer where it calls it. The steps of the layers of PyTorch are
    axis 0, with batch_first the last but one."""
    call = f"nn.LSTM(11, 5{setting})(torch.zeros(7, 3, 2, 11))"
    error = "RuntimeError: LSTM: Expected input to be 2D or 3D, got 4D instead"
    (cause,) = explain(pasted(f"{TORCH}\n{call}\n", [call], error)).mismatch.causes

    assert cause.fix == f"output, _ = layer(x.flatten({axes}))"


@pytest.mark.parametrize("call", ["print(net.predict(series))", "net.evaluate(series, y)"])
def test_the_axes_of_data_are_exchanged_where_the_model_gets_them(call: str) -> None:
    text = f"""import keras, numpy as np
i = keras.Input((15, 4))
net = keras.Model(i, keras.layers.LSTM(9)(i))
series = np.random.rand(22, 4, 15).astype("float32")
{call}
ValueError: Input 0 with name 'i' of layer 'functional' is incompatible with the layer: expected shape=(None, 15, 4), \
found shape=(22, 4, 15)"""
    explanation = explain(text)

    assert explanation.mismatch.causes[0].lines == ((call, call.replace("series", "series.swapaxes(1, 2)")),)
    assert explanation.configuration and explanation.configuration.batch_size == 22


UNKNOWN = "ValueError: Expected inputs.shape[-1] to be known, received shape: (None, None)"


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("out, h = gru_cell(frame, h)", "frame.set_shape([None, features])"),
        ("out, h = tf.nn.dynamic_rnn(cell, frames, dtype=tf.float32)", "inputs.set_shape([None, None, features])"),
    ],
)
def test_a_cell_of_tensorflow_1_needs_the_features_of_one_step(line: str, fix: str) -> None:
    frames = f"""  File "/home/me/a.py", line 4, in <module>
    {line}
  File "/home/me/venv/lib/python3.11/site-packages/tf_keras/src/layers/rnn/legacy_cells.py", line 563, in build
    raise ValueError("""
    explanation = explain(f"Traceback (most recent call last):\n{frames}\n{UNKNOWN}")

    assert (explanation.framework, explanation.mismatch.causes[0].fix) == ("tf1", fix)


def test_a_warning_of_tensorflow_1_that_names_later_layers_is_no_program_of_keras() -> None:
    frames = """UserWarning: `tf.nn.rnn_cell.GRUCell` is deprecated and will be removed in a future version. This class
is equivalent as `tf.keras.layers.GRUCell`, and will be replaced by that in Tensorflow 2.0.
Please use `keras.layers.RNN(cell)`, which is equivalent to this API
Traceback (most recent call last):
  File "/home/me/a.py", line 4, in <module>
    states, last = tf.nn.dynamic_rnn(cell, notes, dtype=tf.float32)"""

    assert explain(f"{frames}\n{UNKNOWN}").framework == "tf1"
    assert explain(f"from keras.layers import GRU\n{frames}\n{UNKNOWN}").framework == "keras"
