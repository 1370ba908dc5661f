"""An LSTM with a dense layer, trained on digits, in plain NumPy: backpropagation through time written by hand, batch
first, in float64, without code of the app."""

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def loss_and_gradients(p: dict[str, Array], X: Array, labels: Array) -> tuple[float, dict[str, Array]]:
    """The cross-entropy of the digits, batch × 8 × 8, and the gradient of each parameter: W_h, W_x, b, V and d."""
    batch, steps, _ = X.shape
    n = p["W_h"].shape[0]
    h = c = np.zeros((batch, n))
    tape = []
    for t in range(steps):
        h_before, c_before = h, c
        f, i, g, o = np.split(h @ p["W_h"] + X[:, t] @ p["W_x"] + p["b"], 4, axis=1)
        f, i, g, o = sigmoid(f), sigmoid(i), np.tanh(g), sigmoid(o)
        c = f * c + i * g
        h = o * np.tanh(c)
        tape.append((h_before, c_before, f, i, g, o, c))
    scores = np.exp(h @ p["V"] + p["d"])
    probabilities = scores / scores.sum(axis=1, keepdims=True)
    loss = -np.log(probabilities[np.arange(batch), labels]).mean()
    wrong = (probabilities - np.eye(10)[labels]) / batch
    gradients = {id: np.zeros_like(array) for id, array in p.items()} | {"V": h.T @ wrong, "d": wrong.sum(axis=0)}
    dh, dc = wrong @ p["V"].T, np.zeros((batch, n))
    for t in reversed(range(steps)):
        h_before, c_before, f, i, g, o, c = tape[t]
        tanh_c = np.tanh(c)
        dc = dc + dh * o * (1 - tanh_c**2)
        da = np.hstack(
            [
                dc * c_before * f * (1 - f),
                dc * g * i * (1 - i),
                dc * i * (1 - g**2),
                dh * tanh_c * o * (1 - o),
            ]
        )
        gradients["W_h"] += h_before.T @ da
        gradients["W_x"] += X[:, t].T @ da
        gradients["b"] += da.sum(axis=0)
        dh, dc = da @ p["W_h"].T, dc * f
    return float(loss), gradients


def losses(
    p: dict[str, Array], batches: list[tuple[Array, Array]], learning_rate: float
) -> tuple[list[float], list[float]]:
    """The loss of each batch and the norm of its gradient, each after an update by the one before: clipping at a norm
    of 1, and Adam."""
    mean, square = ({id: np.zeros_like(array) for id, array in p.items()} for _ in range(2))
    found, norms = [], []
    for k, (X, labels) in enumerate(batches, 1):
        loss, gradients = loss_and_gradients(p, X, labels)
        found.append(loss)
        norm = np.sqrt(sum((g**2).sum() for g in gradients.values()))
        norms.append(norm)
        for id, g in gradients.items():
            g = g * min(1, 1 / (norm + 1e-6))
            mean[id] = 0.9 * mean[id] + 0.1 * g
            square[id] = 0.999 * square[id] + 0.001 * g**2
            step = mean[id] / (1 - 0.9**k) / (np.sqrt(square[id] / (1 - 0.999**k)) + 1e-8)
            p[id] = p[id] - learning_rate * step
    return found, norms
