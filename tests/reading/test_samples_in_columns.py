"""What is said about cells in NumPy whose x has time last and its samples in columns, before weights on their left.

NumPy 2.4 raised the message for this program.
"""

from pasted_programs import first_cause_and_lines, network, pasted

from app.reading.errors.explanation import explain

PROGRAM = """
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class OwnLSTM:
    def __init__(self, rows, width):
        rng = np.random.default_rng(4)
        self.width = width
        self.Wf = rng.normal(size=(width, width + rows))
        self.Wi = rng.normal(size=(width, rows))
        self.Wc = rng.normal(size=(width, width + rows))
        self.Wo = rng.normal(size=(width, width + rows))

    def cell(self, xt, h, c):
        joined = np.concatenate([h, xt], axis=0)
        f = sigmoid(self.Wf @ joined)
        i = sigmoid(self.Wi @ joined)
        c = f * c + i * np.tanh(self.Wc @ joined)
        return sigmoid(self.Wo @ joined) * np.tanh(c), c

    def forward(self, x):
        rows, samples, frames = x.shape
        h = np.zeros((self.width, samples))
        c = np.zeros((self.width, samples))
        for k in range(frames):
            h, c = self.cell(x[:, :, k], h, c)
        return h


print(OwnLSTM(7, 18).forward(np.random.randn(7, 12, 21)).shape)
"""

FRAMES = [
    "print(OwnLSTM(7, 18).forward(np.random.randn(7, 12, 21)).shape)",
    "h, c = self.cell(x[:, :, k], h, c)",
    "i = sigmoid(self.Wi @ joined)",
]
ERROR = (
    "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
    " (n?,k),(k,m?)->(n?,m?) (size 25 is different from 7)"
)


def test_steps_of_the_last_axis_say_that_samples_are_columns() -> None:
    text = pasted(PROGRAM, FRAMES, ERROR)
    about, _ = first_cause_and_lines(text)
    explanation = explain(text)

    assert about == ("kernel", "features", "joined_weights")
    assert network(explanation) == (12, 21, 7, 18)


def test_only_the_gate_is_wrong_whose_weights_lack_the_state() -> None:
    text = pasted(PROGRAM, FRAMES, ERROR)
    of_two = text.replace(
        "self.Wf = rng.normal(size=(width, width + rows))", "self.Wf = rng.normal(size=(width, rows))"
    )

    assert explain(text).mismatch.gate == "i"
    assert explain(of_two).mismatch.gate is None
