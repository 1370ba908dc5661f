"""Calls of models of Keras that take another batch than that of the states, and shapes that have the batch."""

import pytest

from app.reading.errors.explanation import Explanation, explain
from app.reading.facts_about_sizes import common_sizes


def first(explanation: Explanation) -> tuple[str, str]:
    cause = explanation.mismatch.causes[0]
    return cause.id, cause.fix


FOUND = (
    'ValueError: Input 0 of layer "lstm_1" is incompatible with the layer: expected shape=({}, None, 6), found shape='
    "({}, 40, 6)"
)


@pytest.mark.parametrize(
    ("words", "fix"),
    [
        ("After the training I call model predict.", "model.predict(x, batch_size=48)"),
        ("model.evaluate fails.", "model.evaluate(x, y, batch_size=48)"),
        ("It fails.", "model.fit(x, y, batch_size=48)"),
    ],
)
def test_a_call_without_batch_size_takes_32_samples(words: str, fix: str) -> None:
    assert first(explain(f"{words}\n{FOUND.format(48, 32)}")) == ("batch_of_call", fix)


@pytest.mark.parametrize("text", [FOUND.format(48, 20), "BATCH = 32\n" + FOUND.format(48, 32)])
def test_another_batch_is_not_that_of_a_call_without_batch_size(text: str) -> None:
    assert first(explain(f"model.predict fails. {text}"))[0] == "last_batch"


@pytest.mark.parametrize(
    "line",
    ["model.fit(train_ds)", "model.predict(batches)", "model.train_on_batch(x, y)", "y = model(x)", "model.fit(data)"],
)
def test_data_that_come_in_batches_take_no_batch_size(line: str) -> None:
    text = f"layer = LSTM(9, stateful=True)\n{line}\n{FOUND.format(48, 32)}"

    assert first(explain(text))[0] != "batch_of_call"


PROGRAM = """import keras
inputs = keras.Input(batch_shape=(12, 40, 6))
model = keras.Model(inputs, keras.layers.LSTM(20, stateful=True)(inputs))
model.compile(loss="mse")
model.fit(x, y, batch_size={fit})
{call}
"""
KEPT = (
    "ValueError: If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of the"
    " initial state. \n- Expected batch size: 12\n- Received batch size: {}"
)


def test_the_call_of_a_program_gets_the_batch_of_the_training() -> None:
    text = PROGRAM.format(fit="12", call="z = model.predict(x)") + KEPT.format(32)

    assert first(explain(text)) == ("batch_of_call", "z = model.predict(x, batch_size=12)")


def test_one_sample_of_a_program_is_no_whole_batch() -> None:
    text = PROGRAM.format(fit="12", call="z = model.predict(x[:1])") + KEPT.format(1)

    assert first(explain(text))[0] != "batch_of_call"


def test_a_quoted_call_on_theano_gets_the_batch_of_the_line_that_trains() -> None:
    lines = (
        "    samples = 14\n    batch_size = 14\n\n    model.add(SLSTM(9, batch_size=batch_size))\n\nThen this:\n"
        "    model.fit(x, y, batch_size=batch_size, nb_epoch=3)\n    z = model.predict(x_new)\n"
    )
    message = "ValueError: Input dimension mis-match. (input[0].shape[0] = 14, input[1].shape[0] = 1)"

    assert first(explain(lines + message)) == ("batch_of_call", "z = model.predict(x_new, batch_size=batch_size)")


def test_the_batch_of_a_shape_is_that_of_the_training_and_no_fix_leaves_nothing() -> None:
    lines = """x_train.shape = (60, 900, 7)
steps = 900
batch = 4
model = Sequential()
model.add(LSTM(21, return_sequences=True, batch_input_shape=(steps, steps, 7), stateful=True))
model.fit(x_train, y_train, batch_size=batch)
"""
    said = explain(lines + "ValueError: dimension mismatch in args to gemm (900,21)x(21,21)->(4,21)")

    assert (said.mismatch.tensor, said.mismatch.expected, said.mismatch.got) == ("h_0", (4,), (900,))
    assert first(said) == (
        "batch_of_shape",
        "model.add(LSTM(21, return_sequences=True, batch_input_shape=(batch, steps, 7), stateful=True))",
    )


RANK = "ValueError: Input 0 is incompatible with layer lstm_3: expected ndim=3, found ndim=4"


def test_the_shape_of_all_data_in_input_shape_has_the_samples() -> None:
    lines = "The shape of my data is (1,8,14).\nmodel = Sequential()\nmodel.add(LSTM(30, input_shape=({})))\n"
    said, other = (explain(lines.format(shape) + RANK) for shape in ("1, 8, 14", "5, 8, 14"))
    sizes = common_sizes(said.configurations)

    assert first(said) == ("samples_in_shape", "model.add(LSTM(30, input_shape=(8, 14)))")
    assert (sizes.time_step, sizes.features) == (8, 14)
    assert first(other)[0] == "extra_axis"


@pytest.mark.parametrize(("one", "steps"), [(1, None), (9, 9)])
def test_an_axis_of_size_one_after_the_batch_may_be_the_batch_once_more(one: int, steps: int | None) -> None:
    message = 'ValueError: Input 0 of layer "gru_2" is incompatible with the layer: expected ndim=3, found ndim=4. Full'
    said = explain(f"{message} shape received: (None, {one}, NN, NN)")

    assert common_sizes(said.configurations).time_step == steps


GEMM = (
    "ValueError: Shape mismatch: x has {0} rows but z has {1} rows\nApply node that caused the error: Gemm{{inplace}}("
    "Subtensor{{::, int64::}}.0, TensorConstant{{0.2}}, <TensorType(float32, matrix)>, {2}, TensorConstant{{0.2}})\n"
    "Inputs shapes: [({1}, 20), (), ({0}, 20), (20, 20), ()]"
)


@pytest.mark.parametrize("kernel", ["lstm_U_o_copy", "gru_2_U_h", "simplernn_1_U"])
def test_a_product_of_theano_with_a_recurrent_kernel_is_that_of_the_state(kernel: str) -> None:
    said = explain(GEMM.format(36, 10, kernel)).mismatch

    assert (said.tensor, said.axis, said.expected, said.got) == ("h_0", "batch_size", (10,), (36,))


FITTED = """import numpy as np
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.LSTM(21, stateful=True, batch_input_shape=(32, 7, 3))])
model.compile("adam", "mse")
model.fit(np.zeros(({samples}, 7, 3)), np.zeros(({samples}, 21)), batch_size=32, shuffle=False)

Traceback (most recent call last):
  File "train.py", line 6, in <module>
    model.fit(np.zeros(({samples}, 7, 3)), np.zeros(({samples}, 21)), batch_size=32, shuffle=False)
tensorflow.python.framework.errors_impl.InvalidArgumentError: Invalid input_h shape: [1,32,21] [1,{last},21]
"""


@pytest.mark.parametrize(("samples", "last"), [(80, 16), (72, 8), (75, 11)])
def test_fit_has_a_smaller_last_batch_of_any_size(samples: int, last: int) -> None:
    assert first(explain(FITTED.format(samples=samples, last=last)))[0] == "last_batch"
