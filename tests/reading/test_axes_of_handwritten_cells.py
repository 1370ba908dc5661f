"""A cell that a program computes itself, with one wrong axis: the line that failed and the program say which one.

NumPy 2.4, JAX 0.10 and Flax 0.12 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import said

from app.reading.errors.explanation import explain

PRODUCT = (
    "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
    " (n?,k),(k,m?)->(n?,m?) (size {} is different from {})"
)
JOIN = (
    "ValueError: all the input array dimensions except for the concatenation axis must match exactly, but along"
    " dimension 1, the array at index 0 has size {} and the array at index 1 has size {}"
)

COLUMNS = """
import numpy as np
W_x, W_h = np.zeros((11, 4)), np.zeros((11, 11))
def rnn_step(x, h):
    return np.tanh(W_x @ x + W_h @ h)
rnn_step(np.zeros((9, 4)), np.zeros((11, 9)))
"""
JOINED = """
import numpy as np
W = np.zeros((7 + 12, 4 * 12))
def lstm_step(x, h):
    z = np.concatenate((x, h), axis=0)
    return z @ W
lstm_step(np.random.RandomState(0).randn(5, 7), np.zeros((5, 12)))
"""
SPLIT = """
import numpy as np
def gru_step(x, h, W, U):
    r, z, n = np.split(x @ W + h @ U, 3)
    return z * h + n
gru_step(np.zeros((6, 5)), np.zeros((6, 8)), np.zeros((5, 24)), np.zeros((8, 24)))
"""
FAN_IN = """
import jax, jax.numpy as jnp
def make(features, units):
    rows = units + units
    return jax.random.normal(jax.random.PRNGKey(0), (rows, units))
def rnn_step(W, h, x):
    hx = jnp.concatenate([h, x], axis=-1)
    return jnp.tanh(hx @ W)
W, h, x = make(features=5, units=16), jnp.zeros((3, 16)), jnp.zeros((3, 5))
rnn_step(W, h, x)
"""
SCAN = """
import jax, jax.numpy as jnp
def rnn_step(h, x):
    return jnp.tanh(x @ jnp.ones((3, 10)) + h @ jnp.ones((10, 10))), h
xs = jax.random.normal(jax.random.PRNGKey(0), (7, 12, 3))
jax.lax.scan(rnn_step, jnp.zeros((7, 10)), xs)
"""
LOOP = """
import numpy as np
def rnn_step(h, x):
    return np.tanh(x @ np.ones((3, 10)) + h @ np.ones((10, 10)))
xs, h = np.zeros((7, 12, 3)), np.zeros((7, 10))
for x in xs:
    h = rnn_step(h, x)
"""
TIME_MAJOR = """
import flax.linen as nn, jax.numpy as jnp
class Net(nn.Module):
    @nn.compact
    def __call__(self, words, start):
        x = jnp.swapaxes(words, 0, 1)
        return nn.RNN(nn.GRUCell(26))(x, initial_carry=start)
"""
IN_FLAX = (
    '  File "/site-packages/flax/linen/recurrent.py", line 588, in __call__\n'
    "    r = self.gate_fn(dense_i(name='ir')(inputs) + dense_h(name='hr')(h))\n"
)


def traceback(error: str, *lines: str, after: str = "") -> str:
    frames = "".join(f'  File "cell.py", line 7, in step\n    {line}\n' for line in lines)
    return f"Traceback (most recent call last):\n{frames}{after}{error}"


OF_JAX = "TypeError: add got incompatible shapes for broadcasting: {}, {}."

PROGRAMS = {
    "x in rows for weights that come first": (
        COLUMNS,
        traceback(
            PRODUCT.format(9, 4),
            "rnn_step(np.zeros((9, 4)), np.zeros((11, 9)))",
            "return np.tanh(W_x @ x + W_h @ h)\n                   ~~~~^~~",
        ),
        "samples_in_columns",
        "return np.tanh(W_x @ x.T + W_h @ h)",
    ),
    "rows of x and h joined along the batch": (
        JOINED,
        traceback(JOIN.format(7, 12), "z = np.concatenate((x, h), axis=0)"),
        "joined_rows",
        "z = np.concatenate((x, h), axis=1)",
    ),
    "gates split along the batch": (
        SPLIT,
        traceback("ValueError: operands could not be broadcast together with shapes (2,24) (6,8)", "return z * h + n"),
        "split_axis",
        "r, z, n = np.split(x @ W + h @ U, 3, axis=1)",
    ),
    "weights for h twice": (
        FAN_IN,
        traceback(
            "TypeError: dot_general requires contracting dimensions to have the same shape, got (21,) and (32,).",
            "rnn_step(W, h, x)",
            "return jnp.tanh(hx @ W)\n                    ~~~^~~",
        ),
        "other_size",
        "rows = features + units",
    ),
    "a scan over the samples": (
        SCAN,
        traceback(
            OF_JAX.format("(12, 10)", "(7, 10)"),
            "jax.lax.scan(rnn_step, jnp.zeros((7, 10)), xs)",
            "return jnp.tanh(x @ jnp.ones((3, 10)) + h @ jnp.ones((10, 10))), h",
        ),
        "scan_axis",
        "jax.lax.scan(rnn_step, jnp.zeros((7, 10)), xs.swapaxes(0, 1))",
    ),
    "a loop over the samples": (
        LOOP,
        traceback(
            "ValueError: operands could not be broadcast together with shapes (12,10) (7,10)",
            "h = rnn_step(h, x)",
            "return np.tanh(x @ np.ones((3, 10)) + h @ np.ones((10, 10)))",
        ),
        "scan_axis",
        "for x in xs.swapaxes(0, 1):",
    ),
    "an RNN of Flax that gets time first": (
        TIME_MAJOR,
        traceback(
            OF_JAX.format("(9, 26)", "(14, 26)"),
            "return nn.RNN(nn.GRUCell(26))(x, initial_carry=start)",
            after=IN_FLAX,
        ),
        "time_major",
        "return nn.RNN(nn.GRUCell(26), time_major=True)(x, initial_carry=start)",
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_says_which_axis_of_its_own_cell_is_wrong(name: str) -> None:
    program, trace, id, fix = PROGRAMS[name]

    mismatch = said(f"{program}\n{trace}")

    assert [one.id for one in mismatch.causes] == [id]
    assert (mismatch.causes[0].fix, mismatch.causes[0].is_own) == (fix, True)


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name != "a loop over the samples"])
def test_without_the_program_no_array_is_blamed_but_the_axis_is_among_the_causes(name: str) -> None:
    _, trace, id, _ = PROGRAMS[name]

    mismatch = said(f"My RNN fails.\n{trace}")

    assert id in [one.id for one in mismatch.causes]
    assert mismatch.is_of_equals or mismatch.expected is None


def test_a_gate_with_a_part_of_the_samples_and_all_units_was_split_along_the_batch() -> None:
    network = explain(f"{SPLIT}\n{PROGRAMS['gates split along the batch'][1]}").configuration

    assert network
    assert (network.batch_size, network.num_units) == (6, 8)


@pytest.mark.parametrize(
    ("line", "shapes", "needed"),
    [
        ("h = np.tanh(np.dot(Wxh, x) + b)", "(12,30) and (12,1) not aligned: 30 (dim 1) != 12 (dim 0)", (30, 12)),
        ("h = np.tanh(np.dot(x, Wxh) + b)", "(5,12) and (30,12) not aligned: 12 (dim 1) != 30 (dim 0)", (12, 30)),
    ],
)
def test_weights_whose_other_axis_is_that_of_x_are_transposed(line: str, shapes: str, needed: tuple[int, int]) -> None:
    frames = f'Traceback (most recent call last):\n  File "rnn.py", line 21, in loss\n    {line}\n'
    mismatch = said(f"{frames}ValueError: shapes {shapes}")

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == (
        "kernel",
        "order",
        needed,
        needed[::-1],
    )
    assert [one.lines for one in mismatch.causes] == [(("", "Wxh = Wxh.T"),)]


def test_a_state_c_with_other_units_is_made_anew_for_the_samples_of_the_gates() -> None:
    lines = "    c = forget * c + enter * new\n        ~~~~~~~^~~\n"
    frame = f'Traceback (most recent call last):\n  File "cell.py", line 8, in lstm_step\n{lines}'
    explanation = explain(f"{frame}ValueError: operands could not be broadcast together with shapes (6,11) (6,44) \n")
    network = explanation.configuration

    assert (explanation.mismatch.tensor, explanation.mismatch.axis) == ("c_0", "num_units")
    assert [one.fix for one in explanation.mismatch.causes] == ["c = np.zeros((len(x), 11))"]
    assert network and (network.batch_size, network.num_units) == (6, 11)
