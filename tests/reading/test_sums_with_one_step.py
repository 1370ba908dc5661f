"""An x that a program adds up from arrays with one entry in an axis, which NumPy repeats.

NumPy 2.4 raised the message for this program.
"""

from pasted_programs import network, pasted

from app.reading.errors.explanation import explain

PROGRAM = """import numpy as np


class VanillaRNN:
    def __init__(self, n_in, n_hidden):
        self.Wxh = np.random.normal(0, 0.1, (n_hidden, n_in))
        self.Whh = np.random.normal(0, 0.1, (n_hidden, n_hidden))
        self.bh = np.zeros(n_hidden)

    def forward(self, xs):
        h = np.zeros((xs.shape[0], self.Whh.shape[0]))
        for t in range(xs.shape[1]):
            h = np.tanh(xs[:, t] @ self.Wxh + h @ self.Whh.T + self.bh)
        return h


def sine_batch(batch, steps, channels):
    t = np.linspace(0, 6, steps)[None, :, None]
    phase = np.random.rand(batch, 1, channels)
    return np.sin(t + phase)


rnn = VanillaRNN(17, 36)
x = sine_batch(20, 22, 17)
h = rnn.forward(x)
"""
FRAMES = ["h = rnn.forward(x)", "h = np.tanh(xs[:, t] @ self.Wxh + h @ self.Whh.T + self.bh)"]
ERROR = (
    "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
    " (n?,k),(k,m?)->(n?,m?) (size 36 is different from 17)"
)


def test_a_sum_has_the_steps_of_the_operand_with_more() -> None:
    assert network(explain(pasted(PROGRAM, FRAMES, ERROR))) == (20, 22, 17, 36)


def test_the_steps_of_a_sum_are_unknown_beside_an_unknown_number() -> None:
    program = PROGRAM.replace("sine_batch(20, 22, 17)", "sine_batch(20, len(open('t').read()), 17)")

    assert network(explain(pasted(program, FRAMES, ERROR)))[1] is None


def test_one_step_that_nothing_is_added_to_is_one() -> None:
    program = PROGRAM.replace("np.sin(t + phase)", "phase")

    assert network(explain(pasted(program, FRAMES, ERROR))) == (20, 1, 17, 36)
