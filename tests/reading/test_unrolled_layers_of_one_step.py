"""Unrolled layers of Keras 2 and earlier, which refuse a single step as well as an unknown number of steps."""

import pytest

from app.reading.errors.explanation import explain

MESSAGE = """ValueError: Cannot unroll a RNN if the time dimension is undefined or equal to 1.{}
- If using a Sequential model, specify the time dimension by passing an `input_shape` or `batch_input_shape` argument to
your first layer. If your first layer is an Embedding, you can also use the `input_length` argument.
"""

PROGRAM = """model = Sequential()
model.add(GRU(9, unroll=True, input_shape=({}, 7)))
model.add(Dense(2))
"""


def test_without_a_program_both_are_said_and_an_input_has_features() -> None:
    mismatch = explain(MESSAGE.format("")).mismatch

    assert str(mismatch.sentence).endswith("that of x is not known, or 1.")
    assert [one.id for one in mismatch.causes] == ["static_steps", "unrolled"]
    assert mismatch.causes[0].fix == "keras.Input((time_step, features))"


def test_an_embedding_of_the_program_has_no_features_before_it() -> None:
    mismatch = explain(
        MESSAGE.format("") + "\nmodel.add(Embedding(900, 30))\nmodel.add(LSTM(14, unroll=True))"
    ).mismatch

    assert "keras.Input((time_step,))" in [one.fix for one in mismatch.causes]


@pytest.mark.parametrize(("steps", "is_one"), [("1", True), ("None", False)])
def test_a_single_step_is_no_unknown_number(steps: str, is_one: bool) -> None:
    explanation = explain(PROGRAM.format(steps) + MESSAGE.format(""))
    mismatch = explanation.mismatch

    assert str(mismatch.sentence).endswith("that of x is 1." if is_one else "not known, or 1.")
    assert ("static_steps" in {one.id for one in mismatch.causes}) == (not is_one)
    lines = [one.fix for one in mismatch.causes if one.id in ("unrolled", "unrolled_step")]
    assert lines == [f"model.add(GRU(9, input_shape=({steps}, 7)))"]
    assert explanation.configuration is not None
    assert explanation.configuration.time_step == (1 if is_one else None)
