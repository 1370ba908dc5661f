"""Rows of x and h that a cell of NumPy joins along the batch.

NumPy 2.4 raised the message for this program, and ran it with the corrected line.
"""

import pytest
from pasted_programs import causes_and_lines, network, pasted, traceback

from app.reading.errors.explanation import explain

JOIN = "joined = np.concatenate([inputs[:, k, :], h], axis=0)"
RUN = f"""import numpy as np
units, channels = 14, 6
W = np.zeros((units + channels, units))
def run(inputs):
    h = np.zeros((inputs.shape[0], units))
    for k in range(inputs.shape[1]):
        {JOIN}
        h = np.tanh(joined @ W)
    return h
print(run(np.ones((10, 5, channels))).shape)
"""
FRAMES = ["print(run(np.ones((10, 5, channels))).shape)", JOIN]
ERROR = (
    "ValueError: all the input array dimensions except for the concatenation axis must match exactly, but along"
    " dimension 1, the array at index 0 has size 6 and the array at index 1 has size 14"
)


@pytest.mark.parametrize("step", ["inputs[:, k, :]", "inputs[:, k]"])
def test_a_join_along_the_batch_is_one_along_the_last_axis(step: str) -> None:
    text = pasted(
        RUN.replace("inputs[:, k, :]", step), [line.replace("inputs[:, k, :]", step) for line in FRAMES], ERROR
    )
    line = JOIN.replace("inputs[:, k, :]", step)

    assert causes_and_lines(text) == (("x", "features", ["joined_rows"]), {line: line.replace("axis=0", "axis=1")})
    assert explain(text).mismatch.is_of_equals
    assert network(explain(text)) == (10, 5, 6, 14)


def test_a_traceback_with_a_step_of_all_samples_says_the_features_and_the_units() -> None:
    explanation = explain(traceback(FRAMES, ERROR))

    assert [one.id for one in explanation.mismatch.causes] == ["joined_rows"]
    assert network(explanation) == (None, None, 6, 14)


def test_a_traceback_with_any_other_step_may_have_samples_as_columns() -> None:
    text = traceback([line.replace("inputs[:, k, :]", "x_k") for line in FRAMES], ERROR.replace("inputs", "x"))

    assert explain(text).mismatch.axis == "batch_size"
