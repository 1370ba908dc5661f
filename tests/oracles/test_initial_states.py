"""The initial states that we list, given to the real layers: shapes, names and order."""

import numpy as np
import pytest
from configurations import execute
from test_real_frameworks import pytestmark

from app.core.axes import shape
from app.core.cells import CELLS
from app.core.ops import Array
from app.core.stack import Stack
from app.frameworks import FRAMEWORKS
from app.frameworks.stack_in_framework import Model

__all__ = ["pytestmark"]

BOTH = Stack(CELLS["lstm"], 3, 4, 2, 5, num_layers=2, bidirectional=True)


def states(model: Model) -> dict[str, Array]:
    """Random initial states of the listed shapes."""
    random = np.random.default_rng(0)
    return {a.name: random.standard_normal(shape(a.axes, model.sizes)).astype(np.float32) for a in model.initial_states}


def test_pytorch_accepts_h_0_and_c_0() -> None:
    torch = pytest.importorskip("torch")
    model = FRAMEWORKS["pytorch"].model(BOTH)
    names, given = execute(model.code()), states(model)
    h_0, c_0 = (torch.tensor(given[name]) for name in ("h_0", "c_0"))
    _, (h_n, c_n) = names["lstm"](names["input"], (h_0, c_0))
    assert h_n.shape == h_0.shape and c_n.shape == c_0.shape
    with pytest.raises(RuntimeError, match="Expected hidden"):
        names["lstm"](names["input"], (h_0[:2], c_0[:2]))


def test_keras_accepts_a_list_of_initial_states() -> None:
    keras = pytest.importorskip("keras")
    model = FRAMEWORKS["keras"].model(Stack(CELLS["lstm"], 3, 4, 2, 5, bidirectional=True))
    given = states(model)
    assert list(given) == [f"initial_state[{n}]" for n in range(4)]
    layer = keras.layers.Bidirectional(keras.layers.LSTM(5, return_state=True))
    X = np.zeros((3, 4, 2), np.float32)
    with_zeros, with_others = (layer(X, initial_state=[scale * array for array in given.values()]) for scale in (0, 1))
    assert [tuple(array.shape) for array in with_others[1:]] == [array.shape for array in given.values()]
    assert not np.allclose(keras.ops.convert_to_numpy(with_zeros[0]), keras.ops.convert_to_numpy(with_others[0]))
