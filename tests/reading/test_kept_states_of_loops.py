"""First states of loops of NumPy that keep all states by their steps, as in min-char-rnn.

NumPy 2.4 raised the message for these programs, and ran them with the corrected lines.
"""

import pytest
from pasted_programs import first_cause_and_lines, likely, pasted

from app.reading.errors.explanation import explain

SOURCE = """
import numpy as np
H, V = 16, 9
W, U, b = np.ones((H, V)), np.ones((H, H)), np.zeros((H, 1))
def run(words, hprev):
    xs, hs = {}, {}
    hs[-1] = np.copy(hprev)
    for t in range(len(words)):
        xs[t] = np.zeros((V, 1))
        xs[t][words[t]] = 1
        hs[t] = np.tanh(np.dot(W, xs[t]) + np.dot(U, hs[t - 1]) + b)
    return hs[len(words) - 1]
hprev = np.zeros((V, 1))
hprev = run([1, 4, 2, 7, 0], hprev)
print(hprev.shape)
"""
FRAMES = ["hprev = run([1, 4, 2, 7, 0], hprev)", "hs[t] = np.tanh(np.dot(W, xs[t]) + np.dot(U, hs[t - 1]) + b)"]
ERROR = "ValueError: shapes (16,16) and (9,1) not aligned: 16 (dim 1) != 9 (dim 0)"
BEFORE = "    xs, hs = {}, {}\n    hs[-1] = np.copy(hprev)\n"


@pytest.mark.parametrize(
    "before",
    [
        BEFORE,
        BEFORE.replace("np.copy(hprev)", "hprev"),
        "    xs, hs = {}, {-1: np.copy(hprev)}\n",
        "    xs, hs = {}, {}\n    hs.update({-1: hprev.copy()})\n",
    ],
)
def test_the_state_before_the_first_step_gets_the_units_of_its_weights(before: str) -> None:
    assert first_cause_and_lines(pasted(SOURCE.replace(BEFORE, before), FRAMES, ERROR)) == (
        ("h_0", "num_units", "other_units"),
        {"hprev = np.zeros((V, 1))": "hprev = np.zeros((H, 1))"},
    )


@pytest.mark.parametrize("other", ["hs[t]", "hs[0]"])
def test_another_state_than_that_of_the_step_before_tells_no_line(other: str) -> None:
    text = pasted(SOURCE, FRAMES, ERROR).replace("hs[t - 1]", other)

    assert not any(one.is_own for one in explain(text).mismatch.causes)


FILLED = """import numpy as np


def run(weights, xs, first):
    hidden = {-1: first}
    for t in range(xs.shape[1]):
        hidden[t] = np.tanh(xs[t] @ weights["W_x"] + hidden[t - 1] @ weights["W_h"])
    return hidden


rng = np.random.default_rng(5)
samples, duration, pixels, units = 4, 17, 6, 9
weights = {"W_x": rng.normal(size=(pixels, units)), "W_h": rng.normal(size=(units, units))}
clips = rng.normal(size=(samples, duration, pixels))
print(run(weights, clips, np.zeros((samples, units)))[duration - 1].shape)
"""


@pytest.mark.parametrize(
    ("states", "x", "of_x", "of_h"),
    [("hidden", "xs", "W_x", "W_h"), ("states", "clips", "U", "V"), ("memory", "xs", "W_x", "W_h")],
)
def test_the_index_of_a_step_is_corrected_in_x_and_not_in_the_states_that_the_loop_fills(
    states: str, x: str, of_x: str, of_h: str
) -> None:
    source = FILLED
    for name, other in (("hidden", states), ("xs", x), ("W_x", of_x), ("W_h", of_h)):
        source = source.replace(name, other)
    line = f'{states}[t] = np.tanh({x}[{{}}] @ weights["{of_x}"] + {states}[t - 1] @ weights["{of_h}"])'
    frames = ["print(run(weights, clips, np.zeros((samples, units)))[duration - 1].shape)", line.format("t")]
    marked = frames[1].partition("(")[2][:-1]
    marks = " " * frames[1].index(marked) + "~" * marked.index("+") + "^" + "~" * len(marked.partition("+")[2])
    error = "ValueError: operands could not be broadcast together with shapes (17,9) (4,9) "

    text = pasted(source, [frames[0], f"{frames[1]}\n    {marks}"], error)

    assert likely(text) == (["step_axis"], {line.format("t"): line.format(":, t")})
