"""Weights after both directions of a cell that a program computes itself.

NumPy 2.4 and JAX 0.10 raised the messages for such programs, which run with the corrected lines.
"""

import pytest

from app.reading.errors.explanation import explain

IN_NUMPY = """import numpy as np

class Reader:
    def __init__(self, width, cells):
        self.Wx, self.Wh = np.ones((width, cells)), np.ones((cells, cells))

    def read(self, x):
        h, every = np.zeros((x.shape[1], len(self.Wh))), []
        for x_t in x:
            h = np.tanh(x_t @ self.Wx + h @ self.Wh)
            every.append(h)
        return np.array(every)

class Tagger:
    def __init__(self, width, cells, tags):
        self.there, self.back = Reader(width, cells), Reader(width, cells)
        self.{weights} = np.ones((cells, tags))

    def tag(self, x):
        there = self.there.read(x)
        back = {back}
        pair = np.concatenate([there, back], axis={axis})
        return pair @ self.{weights}

Tagger(width=5, cells=14, tags=3).tag(np.ones((9, 4, 5)))
Traceback (most recent call last):
  File "/home/me/tagger.py", line 25, in <module>
    Tagger(width=5, cells=14, tags=3).tag(np.ones((9, 4, 5)))
  File "/home/me/tagger.py", line 23, in tag
    return pair @ self.{weights}
ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),\
(k,m?)->(n?,m?) (size 14 is different from 28)
"""

BACK = ("self.back.read(x[::-1])[::-1]", "np.flip(self.back.read(np.flip(x, 0)), 0)")


@pytest.mark.parametrize("weights", ["readout", "V", "table"])
@pytest.mark.parametrize("axis", ["-1", "2"])
@pytest.mark.parametrize("back", BACK)
def test_the_weights_after_named_outputs_of_both_directions_get_twice_the_units(
    back: str, axis: str, weights: str
) -> None:
    explanation = explain(IN_NUMPY.format(back=back, axis=axis, weights=weights))
    mismatch, network = explanation.mismatch, explanation.configuration

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == (
        "dense_input",
        "features",
        (14,),
        (28,),
    ), mismatch.sentence
    assert mismatch.causes[0].id == "output_directions"
    assert mismatch.causes[0].fix == f"self.{weights} = np.ones((2 * cells, tags))"
    assert network and (network.num_units, network.bidirectional) == (14, True)


OF_LINE = """Traceback (most recent call last):
  File "/home/me/rnn.py", line 71, in <module>
    print(score(BiRNN(5, 14), x))
  File "/home/me/rnn.py", line 32, in forward
    return {product}
{message}
"""

OF_NUMPY = """ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),\
(k,m?)->(n?,m?) (size {right} is different from {left})"""

OF_JAX = "TypeError: dot_general requires contracting dimensions to have the same shape, got ({left},) and ({right},)."


@pytest.mark.parametrize("message", [OF_NUMPY, OF_JAX])
@pytest.mark.parametrize(
    ("product", "is_left"),
    [
        ("pair @ self.readout", True),
        ("hs @ params['head']", True),
        ("self.out_proj @ pair", False),
        ("both @ classifier", True),
    ],
)
def test_a_factor_with_the_name_of_a_layer_after_a_cell_is_that_of_its_weights(
    product: str, is_left: bool, message: str
) -> None:
    left, right = (28, 14) if is_left else (14, 28)
    mismatch = explain(OF_LINE.format(product=product, message=message.format(left=left, right=right))).mismatch

    assert (mismatch.tensor, mismatch.expected, mismatch.got) == ("dense_input", (14,), (28,)), mismatch.sentence
    assert not any("torch" in one.fix or "nn." in one.fix for one in mismatch.causes)


LAST_STATES = """import numpy as np


def last(W, U, x, turn=1):
    h = np.zeros((len(x), len(U)))
    for t in range(x.shape[1])[::turn]:
        h = np.tanh(x[:, t] @ W + h @ U)
    return h


class Reader:
    def __init__(self, width, cells, labels):
        self.there, self.back = [(np.ones((width, cells)), np.ones((cells, cells))) for _ in range(2)]
        self.V = np.ones((cells, labels))

    def read(self, x):
        both = np.concatenate([last(*self.there, x), last(*self.back, x, turn=-1)], axis=1)
        return both @ self.V


Reader(5, 14, 3).read(np.ones((4, 9, 5)))
Traceback (most recent call last):
  File "/home/me/reader.py", line 20, in <module>
    Reader(5, 14, 3).read(np.ones((4, 9, 5)))
  File "/home/me/reader.py", line 17, in read
    return both @ self.V
ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),\
(k,m?)->(n?,m?) (size 14 is different from 28)
"""


def test_last_states_of_both_directions_are_joined_along_their_second_axis() -> None:
    explanation = explain(LAST_STATES)
    mismatch, network = explanation.mismatch, explanation.configuration
    assert (mismatch.tensor, mismatch.first_cause) == ("dense_input", "output_directions")
    assert mismatch.causes[0].fix == "self.V = np.ones((2 * cells, labels))"
    assert network and (network.num_units, network.bidirectional) == (14, True)
