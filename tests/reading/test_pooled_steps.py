"""Products of vectors of each sample, which are taken over all steps, with weights that a program makes itself."""

import pytest

from app.reading.errors.explanation import explain

IN_FLAX = """import jax
from flax import linen as nn

class Reader(nn.Module):
    units: int = 15
    kinds: int = 4

    @nn.compact
    def __call__(self, x):
        every = nn.Bidirectional(nn.RNN(nn.LSTMCell(self.units)), nn.RNN(nn.LSTMCell(self.units)))(x)
        {array} = {pooled}
        {weights} = self.param("weights", nn.initializers.normal(), (self.units, self.kinds))
        return {array} @ {weights}

x = jax.numpy.ones((6, 21, 8))
variables = Reader().init(jax.random.key(0), x)
Traceback (most recent call last):
  File "/home/me/reader.py", line 16, in <module>
    variables = Reader().init(jax.random.key(0), x)
  File "/home/me/reader.py", line 13, in __call__
    return {array} @ {weights}
TypeError: dot_general requires contracting dimensions to have the same shape, got (30,) and (15,).
"""

IN_NUMPY = """import numpy as np

def forward(xs, Wx, Wh, w):
    h, states = np.zeros((6, 15)), []
    for t in range(21):
        h = np.tanh(xs[:, t] @ Wx + h @ Wh)
        states.append(h)
    seq = np.stack(states, axis=1)
    pooled = np.max(seq, axis=1)
    return pooled @ w

w = np.random.normal(size=(8, 4))
forward(np.ones((6, 21, 8)), np.ones((8, 15)), np.ones((15, 15)), w)
Traceback (most recent call last):
  File "/home/me/forward.py", line 13, in <module>
    forward(np.ones((6, 21, 8)), np.ones((8, 15)), np.ones((15, 15)), w)
  File "/home/me/forward.py", line 10, in forward
    return pooled @ w
ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),\
(k,m?)->(n?,m?) (size 8 is different from 15)
"""

POOLED = ("every.mean(axis=1)", "every.max(1)", "jax.numpy.sum(every, axis=-2)", "every[:, -1]")
NAMES = (("pooled", "w"), ("summary", "alpha"), ("vector", "kernel"), ("mean_step", "V"))


@pytest.mark.parametrize("pooled", POOLED)
@pytest.mark.parametrize("names", NAMES)
def test_a_product_of_pooled_steps_is_a_dense_layer_whatever_its_names_are(names: tuple[str, str], pooled: str) -> None:
    array, weights = names
    mismatch = explain(IN_FLAX.format(array=array, weights=weights, pooled=pooled)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == (
        "dense_input",
        "features",
        (15,),
        (30,),
    ), mismatch.sentence
    assert mismatch.causes[0].fix.endswith("(2 * self.units, self.kinds))")


def test_the_weights_after_pooled_steps_of_an_own_cell_get_as_many_rows_as_units() -> None:
    mismatch = explain(IN_NUMPY).mismatch

    assert (mismatch.tensor, mismatch.expected, mismatch.got) == ("dense_input", (8,), (15,))
    assert mismatch.causes[0].fix == "w = np.random.normal(size=(15, 4))"
