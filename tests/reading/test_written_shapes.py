"""Arrays whose shapes a program writes in numbers, and that do not fit what it made before: their lines are corrected.

tf_keras 2.19, an older Keras, Keras 3 and ONNX Runtime raised the messages; the programs of Keras run with the
corrected lines.
"""

import pytest
from pasted_programs import causes_and_lines, pasted

CALLED_TWICE = """import tf_keras as keras
import tensorflow as tf

reader = keras.layers.GRU(15)
winter, summer = tf.zeros((5, 8, 4)), tf.ones((3, 8, 7))
reader(winter)
print(reader(summer).shape)
"""
OF_CALL = 'ValueError: Input 0 of layer "gru" is incompatible with the layer: '


@pytest.mark.parametrize(
    "shapes",
    [
        "expected shape=(None, None, 4), found shape=(3, 8, 7)",
        "expected axis -1 of input shape to have value 4, but received input with shape (3, 8, 7)",
    ],
)
def test_a_layer_that_an_earlier_call_has_built_gets_other_data(shapes: str) -> None:
    text = pasted(CALLED_TWICE, ["print(reader(summer).shape)"], f"{OF_CALL}{shapes}")
    (tensor, axis, _), lines = causes_and_lines(text)

    assert (tensor, axis) == ("x", "features")
    wrong = "winter, summer = tf.zeros((5, 8, 4)), tf.ones((3, 8, 7))"
    assert lines == {wrong: wrong.replace("3, 8, 7", "3, 8, 4")}


MASKED = """import numpy as np
import keras
from keras import layers

visits = np.zeros((3, 14, 5), "float32")
seen = np.ones({mask}, dtype=bool)
each = layers.GRU(11, return_sequences=True)(visits)
grades = layers.TimeDistributed(layers.Dense(2))(each, mask=seen)
"""
OF_MASK = (
    "ValueError: Exception encountered when calling TimeDistributed.call().\n\nThe `mask` passed to the"
    " `TimeDistributed` layer has a shape {mask} that is incompatible with the input shape (3, 14, 11). The first two"
    " dimensions of the mask (batch size and timesteps) must match the input's first two dimensions. Expected mask"
    " shape prefix: (3, 14)."
)


@pytest.mark.parametrize("mask", ["(3, 12)", "(3, 16)", "(2, 14)"])
def test_a_mask_is_made_for_the_samples_and_the_steps(mask: str) -> None:
    program = MASKED.format(mask=mask)
    failed = "grades = layers.TimeDistributed(layers.Dense(2))(each, mask=seen)"
    (tensor, _, _), lines = causes_and_lines(pasted(program, [failed], OF_MASK.format(mask=mask)))

    assert tensor == "mask"
    assert lines == {f"seen = np.ones({mask}, dtype=bool)": "seen = np.ones((3, 14), dtype=bool)"}


FED = """import numpy as np
import onnxruntime

x = np.zeros((9, 3, 4), np.float32)
before = np.zeros(({directions}, {batch}, 16), np.float32)
memory = np.zeros(({directions}, {batch}, 16), np.float32)
feeds = {{"x": x, "before": before, "memory": memory}}
session = onnxruntime.InferenceSession("reader.onnx")
y = session.run(None, feeds)
"""
OF_STATE = (
    "onnxruntime.capi.onnxruntime_pybind11_state.Fail: [ONNXRuntimeError] : 1 : FAIL : Non-zero status code returned"
    " while running LSTM node. Name:'' Status Message: Input initial_h must have shape {{2,3,16}}. Actual:{{{got}}}"
)


@pytest.mark.parametrize(("directions", "batch"), [(2, 8), (1, 3)])
def test_both_states_that_are_fed_are_made_with_the_sizes_of_the_message(directions: int, batch: int) -> None:
    program = FED.format(directions=directions, batch=batch)
    error = OF_STATE.format(got=f"{directions},{batch},16")
    (tensor, _, _), lines = causes_and_lines(pasted(program, ["y = session.run(None, feeds)"], error))

    assert tensor == "h_0"
    assert lines == {
        f"{name} = np.zeros(({directions}, {batch}, 16), np.float32)": f"{name} = np.zeros((2, 3, 16), np.float32)"
        for name in ("before", "memory")
    }
