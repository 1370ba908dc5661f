"""Errors of a program's handwritten cell: which of two arrays is the wrong one, as far as the program says it."""

import traceback

import pytest

from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import Explanation, explain
from app.translations.translator import ENGLISH
from app.url_state_to_picture.error_pictures.error_picture import error_picture

OUTPUTS = """import numpy as np
words, units = 27, 100
Wx, Wh, Wy = np.zeros((words, units)), np.zeros((units, units)), np.zeros((units, words))
def forward(inputs, h):
    T, B = inputs.shape
    ys = np.zeros((T, B, units))
    for t in range(T):
        x = np.eye(words)[inputs[t]]
        h = np.tanh(x @ Wx + h @ Wh)
        ys[t] = h @ Wy
    return ys
forward(np.zeros((25, 5), int), np.zeros((5, units)))
"""

COLUMNS = """import numpy as np
W = np.zeros((10, 14))
def step(x, h):
    z = np.concatenate([h, x], axis=0)
    return np.tanh(W @ z)
h = np.zeros((10, 12))
for x in np.zeros((20, 12, 4)):
    h = step(x, h)
"""

GATES = """import numpy as np
features, units = 8, 20
def W(a, b):
    return np.random.randn(a, b)
p = dict(W_z=W(features, units), U_z=W(units, units), W_r=W(units, units), U_r=W(units, units),
         W_h=W(features, units), U_h=W(units, units))
def sigm(a):
    return 1 / (1 + np.exp(-a))
def gru_step(x, h, p):
    z = sigm(x @ p["W_z"] + h @ p["U_z"])
    r = sigm(x @ p["W_r"] + h @ p["U_r"])
    return (1 - z) * h + z * np.tanh(x @ p["W_h"] + (r * h) @ p["U_h"])
h = np.zeros((16, units))
for x in np.zeros((35, 16, features)):
    h = gru_step(x, h, p)
"""

OTHER_BATCH = """import numpy as np
W, U = np.zeros((5, 8)), np.zeros((8, 8))
def run(xs, state):
    for x in xs:
        state = np.tanh(x @ W + state @ U)
    return state
state = np.zeros((3, 8))
run(np.zeros((7, 4, 5)), state)
"""

COLUMN = """import numpy as np
W, U = np.zeros((8, 5)), np.zeros((8, 8))
h, hs = np.zeros((8, 1)), np.zeros((7, 8))
for t, x in enumerate(np.zeros((7, 5, 1))):
    h = np.tanh(W @ x + U @ h)
    hs[t] = h
"""


def error_of(source: str) -> str:
    """The traceback of a program, as Python prints it."""
    lines = source.splitlines()
    with pytest.raises(ValueError) as raised:
        exec(compile(source, "/home/me/rnn.py", "exec"), {"__name__": "__main__"})
    frames = [one for one in traceback.extract_tb(raised.value.__traceback__) if one.filename == "/home/me/rnn.py"]
    shown = (f'  File "/home/me/rnn.py", line {one.lineno}, in f\n    {lines[(one.lineno or 1) - 1].strip()}\n'
             for one in frames)  # fmt: skip
    return f"Traceback (most recent call last):\n{''.join(shown)}ValueError: {raised.value}"


def explained(source: str) -> Explanation:
    return explain(f"{error_of(source)}\n\n{source}")


@pytest.mark.parametrize(
    ("source", "wrong", "right"),
    [
        (OUTPUTS, "ys = np.zeros((T, B, units))", "ys = np.zeros((T, B, words))"),
        (COLUMNS, "z = np.concatenate([h, x], axis=0)", "z = np.concatenate([h, x.T], axis=0)"),
        (GATES, "W_r=W(units, units)", "W_r=W(features, units)"),
        (OTHER_BATCH, "state = np.zeros((3, 8))", "state = np.zeros((4, 8))"),
        (COLUMN, "hs[t] = h", "hs[t] = h[..., 0]"),
    ],
    ids=("array for outputs", "samples in rows of x", "one of three weights", "another batch", "column"),
)
def test_the_first_cause_corrects_the_line_of_the_array_that_is_wrong(source: str, wrong: str, right: str) -> None:
    line, corrected = explained(source).mismatch.causes[0].lines[0]

    assert wrong in line
    assert corrected == line.replace(wrong, right)
    exec(source.replace(line, corrected), {"__name__": "__main__"})


def test_the_only_weights_that_do_not_fit_are_named() -> None:
    mismatch = explained(GATES).mismatch

    assert (mismatch.tensor, mismatch.gate) == ("kernel", "r")
    assert mismatch.note
    assert "p['W_r'] is the one" in ENGLISH(mismatch.note)


def test_both_sides_of_a_line_that_writes_into_an_array_are_said() -> None:
    said = ENGLISH(explain(f"My RNN in NumPy fails:\n\n{error_of(OUTPUTS)}").mismatch.sentence)

    assert said == "ys[t] has shape (5, 100), but h @ Wy, which is written into it, has shape (5, 27)."


@pytest.mark.parametrize("source", [COLUMNS, OTHER_BATCH], ids=("join", "sum"))
def test_nothing_is_red_if_either_array_may_be_wrong(source: str) -> None:
    explanation = explain(f"My RNN in NumPy fails:\n\n{error_of(source)}")
    assert explanation.mismatch.is_of_equals
    assert explanation.configuration

    picture = error_picture(explanation, explanation.configuration, comparison(explanation), ENGLISH)
    assert picture
    assert picture.subject == "network"
