"""What the line that failed says about an output: which argument of a loss it is, and an index of samples."""

import pytest

from app.reading.errors.explanation import Explanation, explain


def failed(line: str, message: str, function: str = "call") -> Explanation:
    frame = f'  File "/home/me/run.py", line 11, in {function}\n    {line}\n'
    return explain(f"lstm = layers.LSTM(8)\nTraceback (most recent call last):\n{frame}{message}")


@pytest.mark.parametrize(
    ("arguments", "shapes"),
    [("y, self.out(self.lstm(x))", "(6, 10, 1) and (6, 1)"), ("self.out(self.lstm(x)), y", "(6, 1) and (6, 10, 1)")],
)
@pytest.mark.parametrize("loss", ["tf.compat.v1.losses.mean_squared_error", "tf.losses.huber_loss"])
def test_call_of_a_layer_is_the_output_of_a_loss(loss: str, arguments: str, shapes: str) -> None:
    mismatch = failed(f"return {loss}({arguments})", f"ValueError: Shapes {shapes} are incompatible").mismatch
    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("output", "rank", 2, 3)
    assert mismatch.first_cause == "not_return_sequences"


def test_two_names_say_no_output() -> None:
    line = "return tf.compat.v1.losses.mean_squared_error(y, z)"
    mismatch = failed(line, "ValueError: Shapes (6, 10, 1) and (6, 1) are incompatible").mismatch
    assert (mismatch.tensor, [one.id for one in mismatch.causes]) == ("target", ["target_shape"])


LEAST = (
    "ValueError: Exception encountered when calling Ranker.call().\n\nInput 0 with name 'None' of layer 'dense' is"
    " incompatible with the layer: expected min_ndim=2, found ndim=1. Full shape received: (14,)"
)


@pytest.mark.parametrize(
    ("wrong", "fix"),
    [
        ("self.score(self.lstm(x)[-1])", "self.score(self.lstm(x))"),
        ("self.score(self.lstm(x)[0])", "self.score(self.lstm(x))"),
        ("self.score(h[-1])", "self.score(h)"),
    ],
)
def test_index_takes_a_sample(wrong: str, fix: str) -> None:
    mismatch = failed(wrong, LEAST).mismatch
    assert (mismatch.tensor, mismatch.axis, mismatch.got) == ("dense_input", "rank", 1)
    assert [(one.id, one.wrong, one.fix) for one in mismatch.causes] == [("sample_of_output", wrong, fix)]


@pytest.mark.parametrize("line", ["self.score(self.lstm(x))", "self.score(out[:, 2, 1])", "self.score(out[n])"])
def test_line_without_a_single_number_says_no_sample(line: str) -> None:
    assert "sample_of_output" not in [one.id for one in failed(line, LEAST).mismatch.causes]
