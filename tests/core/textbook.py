"""The equations of a textbook in plain NumPy, step by step, without code of the app."""

from collections.abc import Mapping
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def lstm(weights: Mapping[str, Array], X: Array) -> list[dict[str, Array]]:
    """Every tensor of every step, in float64."""
    kernel, bias = weights["kernel"].astype(np.float64), weights["bias"].astype(np.float64)
    batch_size, time_step, _ = X.shape
    num_units = bias.shape[0] // 4
    h = c = np.zeros((batch_size, num_units))
    steps = []
    for t in range(time_step):
        x, h_prev, c_prev = X[:, t].astype(np.float64), h, c
        concat = np.hstack([h_prev, x])
        a = concat @ kernel + bias
        a_f, a_i, a_g, a_o = (a[:, k * num_units : (k + 1) * num_units] for k in range(4))
        f, i, g, o = sigmoid(a_f), sigmoid(a_i), np.tanh(a_g), sigmoid(a_o)
        kept, added = f * c_prev, i * g
        c = kept + added
        tanh_c = np.tanh(c)
        h = o * tanh_c
        tensors = dict(locals())
        steps.append({id: tensors[id] for id in STEP})
    return steps


STEP = (
    *("x", "h_prev", "c_prev", "concat", "a", "a_f", "a_i", "a_g", "a_o"),
    *("f", "i", "g", "o", "kept", "added", "c", "tanh_c", "h"),
)
