"""The join in the ``call`` of a model of Keras whose result a recurrent layer gets, or that joins what one returns: the
message of TensorFlow names only the operation.

TensorFlow 2.21 raised the messages for these programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import first_cause_and_lines, network, pasted

from app.reading.errors.explanation import NotFoundError, explain

PROGRAM = """import numpy as np
import tensorflow as tf


class Flow(tf.keras.Model):
    def __init__(self, ahead):
        super().__init__()
        self.reader = tf.keras.layers.GRU(14)
        self.days = tf.keras.layers.Dense(6)
        self.writer = tf.keras.layers.LSTM(11, return_sequences=True)
        self.out = tf.keras.layers.Dense(1)
        self.ahead = ahead

    def call(self, inputs):
        past, days = inputs
        memory = self.reader(past)
        memory = {repeat}
        days = self.days(days)
        both = {join}
        return self.out(self.writer(both))


model = Flow(9)
model.compile(loss="mse")
past, days = np.zeros((12, 20, 3), "float32"), np.zeros((12, {steps}, 4), "float32")
model.fit((past, days), np.zeros((12, 9, 1)), batch_size=4, epochs=1, verbose=0)
"""

NODE = (
    "'{{{{node flow_1/concat}}}} = ConcatV2[N=2, T=DT_FLOAT, Tidx=DT_INT32](flow_1/Repeat/Reshape_1,"
    " flow_1/dense_1/BiasAdd, flow_1/concat/axis)' with input shapes: {shapes}, []"
)
OF_RANK = f"Shape must be rank 2 but is rank 3 for {NODE}."
OF_SIZES = f"{{said}} for {NODE} and with computed input tensors: input[2] = <{{axis}}>."

STEPS = "tf.repeat(memory[:, None], self.ahead, axis=1)"
LAST = "tf.concat([memory, days], axis=-1)"


def text(repeat: str, join: str, message: str, steps: int = 9) -> str:
    frames = ["model.fit((past, days), np.zeros((12, 9, 1)), batch_size=4, epochs=1, verbose=0)", f"both = {join}"]
    error = f"ValueError: Exception encountered when calling Flow.call().\n\n{message}\n"
    return pasted(PROGRAM.format(repeat=repeat, join=join, steps=steps), frames, error)


OTHER_STEPS = text(
    STEPS,
    LAST,
    OF_SIZES.format(
        said="Dimension 1 in both shapes must be equal, but are 9 and 20. Shapes are [4,9] and [4,20].",
        shapes="[4,9,14], [4,20,6]",
        axis=-1,
    ),
    steps=20,
)


def test_a_vector_that_is_repeated_along_an_axis_which_it_lacks_gets_this_axis() -> None:
    wrong = "tf.repeat(memory, self.ahead, axis=1)"

    said, lines = first_cause_and_lines(text(wrong, LAST, OF_RANK.format(shapes="[4,126], [4,9,6]")))

    assert said[:2] in (("output", "rank"), ("x", "rank"))
    assert lines == {f"memory = {wrong}": f"memory = {STEPS}"}


def test_a_vector_is_repeated_along_the_axis_of_steps_and_not_along_that_of_samples() -> None:
    wrong = "tf.repeat(memory[:, None], self.ahead, axis=0)"
    said = "Dimension 0 in both shapes must be equal, but are 36 and 4. Shapes are [36,1] and [4,9]."

    (_, _, first), lines = first_cause_and_lines(
        text(wrong, LAST, OF_SIZES.format(said=said, shapes="[36,1,14], [4,9,6]", axis=-1))
    )

    assert (first, lines) == ("join_steps", {f"memory = {wrong}": f"memory = {STEPS}"})


def test_arrays_that_differ_in_their_last_axis_are_joined_along_it() -> None:
    wrong = "tf.concat([memory, days], axis=1)"
    said = "Dimension 0 in both shapes must be equal, but are 14 and 6. Shapes are [14] and [6]."

    (_, axis, first), lines = first_cause_and_lines(
        text(STEPS, wrong, OF_SIZES.format(said=said, shapes="[4,9,14], [4,9,6]", axis=1))
    )

    assert (axis in ("features", "num_units"), first) == (True, "joined_axis")
    assert lines == {f"both = {wrong}": f"both = {LAST}"}


def test_the_layer_that_gets_a_join_has_the_sum_of_the_features() -> None:
    explanation = explain(OTHER_STEPS)

    assert (explanation.mismatch.expected, explanation.mismatch.got) == ((4, 9, 14), (4, 20, 6))
    assert network(explanation) == (4, None, 20, 11)


@pytest.mark.parametrize("used", ["self.out(both) + 0 * self.writer(past)[:, :1]", "self.out(both)"])
def test_a_join_of_which_no_recurrent_layer_has_a_part_is_not_explained(used: str) -> None:
    without = OTHER_STEPS.replace("self.out(self.writer(both))", used).replace("self.reader(past)", "past[:, -1]")

    with pytest.raises(NotFoundError):
        explain(without)
