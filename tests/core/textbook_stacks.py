"""Every cell as in its paper, in layers and both directions, in plain NumPy without code of the app.

It also computes with complex numbers, so a derivative is the imaginary part of one evaluation, accurate to the last
digits: f(x + iε) = f(x) + iε f'(x).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Weights = Mapping[str, Array]
States = tuple[Array, ...]

EPSILON = 1e-30


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def lstm(w: Weights, x: Array, h: Array, c: Array) -> States:
    f, i, g, o = np.split(np.hstack([h, x]) @ w["kernel"] + w["bias"], 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def lstm_peephole(w: Weights, x: Array, h: Array, c: Array) -> States:
    f, i, g, o = np.split(np.hstack([h, x]) @ w["kernel"] + w["bias"], 4, axis=1)
    c = sigmoid(f + w["p_f"] * c) * c + sigmoid(i + w["p_i"] * c) * np.tanh(g)
    return sigmoid(o + w["p_o"] * c) * np.tanh(c), c


def lstm_coupled(w: Weights, x: Array, h: Array, c: Array) -> States:
    f, g, o = np.split(np.hstack([h, x]) @ w["kernel"] + w["bias"], 3, axis=1)
    c = sigmoid(f) * c + (1 - sigmoid(f)) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def gru(w: Weights, x: Array, h: Array) -> States:
    r, z = np.split(sigmoid(np.hstack([h, x]) @ w["kernel"] + w["bias"]), 2, axis=1)
    g = np.tanh(np.hstack([r * h, x]) @ w["candidate_kernel"] + w["candidate_bias"])
    return (z * h + (1 - z) * g,)


def gru_reset_after(w: Weights, x: Array, h: Array) -> States:
    x_r, x_z, x_g = np.split(x @ w["kernel"] + w["bias"], 3, axis=1)
    h_r, h_z, h_g = np.split(h @ w["recurrent_kernel"] + w["recurrent_bias"], 3, axis=1)
    z = sigmoid(x_z + h_z)
    return (z * h + (1 - z) * np.tanh(x_g + sigmoid(x_r + h_r) * h_g),)


def rnn(w: Weights, x: Array, h: Array) -> States:
    return (np.tanh(np.hstack([h, x]) @ w["kernel"] + w["bias"]),)


CELLS: dict[str, Callable[..., States]] = {
    cell.__name__: cell for cell in (lstm, lstm_peephole, lstm_coupled, gru, gru_reset_after, rnn)
}

MERGES: dict[str, Callable[[Array, Array], Array]] = {
    "concat": lambda f, b: np.concatenate([f, b], axis=-1),
    "none": lambda f, b: np.concatenate([f, b], axis=-1),  # two arrays, both of which are summed
    "sum": lambda f, b: f + b,
    "mul": lambda f, b: f * b,
    "ave": lambda f, b: (f + b) / 2,
}


@dataclass
class Model:
    """``weights`` of each layer and direction. ``added`` are numbers to add to a state, by layer, direction, "h" (the
    result of the step) or "h_prev" (at its entry into the step), and step of time."""

    cell: str
    num_units: int
    weights: dict[tuple[int, str], dict[str, Array]]
    merge: str = "concat"
    go_backwards: bool = False
    added: dict[tuple[int, str, str, int], Array] = field(default_factory=dict)

    @property
    def layers(self) -> int:
        return 1 + max(layer for layer, _ in self.weights)

    def loss(self, X: Array) -> complex:
        """The sum of the top layer's output at its last step. Steps are pairs of time and x."""
        steps = [(t, X[:, t]) for t in range(X.shape[1])]
        for layer in range(self.layers):
            forward = list(self._over(layer, "forward", steps[::-1] if self.go_backwards else steps))
            if (layer, "backward") not in self.weights:
                steps = forward
                continue
            backward = list(self._over(layer, "backward", steps[::-1]))[::-1]
            merge = MERGES[self.merge if layer == self.layers - 1 else "concat"]
            steps = [(t, merge(f, b)) for (t, f), (_, b) in zip(forward, backward, strict=True)]
        return complex(steps[-1][1].sum())

    def _over(self, layer: int, direction: str, steps: list[tuple[int, Array]]) -> Iterator[tuple[int, Array]]:
        w, batch_size = self.weights[layer, direction], len(steps[0][1])
        width = w["projection"].shape[1] if "projection" in w else self.num_units
        h, c = np.zeros((batch_size, width), complex), np.zeros((batch_size, self.num_units), complex)
        for t, x in steps:
            h = h + self.added.get((layer, direction, "h_prev", t), 0)
            h, *cs = CELLS[self.cell](w, x, h, c) if "lstm" in self.cell else CELLS[self.cell](w, x, h)
            h = h @ w["projection"] if "projection" in w else h
            h = h + self.added.get((layer, direction, "h", t), 0)
            c = cs[0] if cs else c
            yield t, h


def slope(loss: Callable[[], complex], array: Array) -> Array:
    """The gradient of a loss with respect to a complex array that it reads: one evaluation for each number."""
    found = np.empty(array.shape)
    for at in np.ndindex(array.shape):
        array[at] += EPSILON * 1j
        found[at] = loss().imag / EPSILON
        array[at] -= EPSILON * 1j
    return found
