"""States that a function of the program makes with the features of x, also if other calls of it are right.

Flax 0.10 and NumPy 2 raised the messages for these programs, which run with the corrected lines.
"""

from pasted_programs import causes_and_lines, pasted

LEVELS = """import jax
import jax.numpy as jnp
from flax import linen as nn

SAMPLES, STEPS, INPUTS, WIDTH, LEVELS = 6, 9, 5, 17, 2


class Levels(nn.Module):
    @nn.compact
    def __call__(self, x, starts):
        for n in range(LEVELS):
            x = nn.RNN(nn.GRUCell(WIDTH))(x, initial_carry=starts[n])
        return x


def starts(samples, units):
    return [jnp.zeros((samples, units)) for _ in range(LEVELS)]


x = jnp.zeros((SAMPLES, STEPS, INPUTS))
params = Levels().init(jax.random.PRNGKey(0), x, starts(SAMPLES, WIDTH))
first = starts(SAMPLES, INPUTS)
print(Levels().apply(params, x, first).shape)
"""
OF_LEVELS = [
    "print(Levels().apply(params, x, first).shape)",
    "x = nn.RNN(nn.GRUCell(WIDTH))(x, initial_carry=starts[n])",
]
OF_KERNEL = (
    'flax.errors.ScopeParamShapeError: For parameter "kernel" in "/scan(GRUCell_0)/ir", the given initializer is'
    " expected to generate shape (5, 5), but the existing parameter it received has shape (5, 17)."
)

CELL = """import numpy as np


class Cell:
    def __init__(self, inputs, width):
        self.inputs, self.width = inputs, width
        self.W = np.zeros((inputs, 3 * width))
        self.U = np.zeros((width, 3 * width))

    def start(self, samples):
        return np.zeros((samples, self.inputs))

    def step(self, x, h):
        r, z, n = np.split(x @ self.W + h @ self.U, 3, axis=1)
        return z * h + (1 - z) * np.tanh(r + n)

    def run(self, xs):
        h = self.start(xs.shape[0])
        for t in range(xs.shape[1]):
            h = self.step(xs[:, t], h)
        return h


print(Cell(6, 19).run(np.zeros((4, 8, 6))).shape)
"""
OF_CELL = [
    "print(Cell(6, 19).run(np.zeros((4, 8, 6))).shape)",
    "h = self.step(xs[:, t], h)",
    "r, z, n = np.split(x @ self.W + h @ self.U, 3, axis=1)",
]
OF_ROWS = (
    "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
    " (n?,k),(k,m?)->(n?,m?) (size 19 is different from 6)"
)


def test_the_call_that_makes_a_carry_gets_the_units_and_not_the_data() -> None:
    (tensor, axis, causes), lines = causes_and_lines(pasted(LEVELS, OF_LEVELS, OF_KERNEL))

    assert (tensor, axis, causes[0]) == ("h_0", "num_units", "other_units")
    assert lines == {"first = starts(SAMPLES, INPUTS)": "first = starts(SAMPLES, WIDTH)"}


def test_a_method_makes_its_state_with_the_units_of_its_object() -> None:
    (tensor, axis, causes), lines = causes_and_lines(pasted(CELL, OF_CELL, OF_ROWS))

    assert (tensor, axis, causes[0]) == ("h_0", "num_units", "other_units")
    assert lines == {
        "return np.zeros((samples, self.inputs))": "return np.zeros((samples, self.width))",
    }
