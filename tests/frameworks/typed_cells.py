"""Typed cells to write programs of, and their runs."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from configurations import execute

from app.core.input_data import make_input
from app.core.ops import Array
from app.core.ops.op import quiet
from app.core.run import run_stack
from app.core.seeded_weights import stack_weights
from app.core.stack import Stack
from app.core.trace import StackTrace
from app.equations.cell_from_equations import cell_of
from app.equations.gallery import GALLERY, SHIPPED
from app.typed_cells.code import own_program

FUNCTIONS = """\
# Every function
axis K = 3
axis V = 2
axis V2 = V
axis W = features + 2 * K
axis S = (num_units + features) / 2
h: batch_size, num_units
M: batch_size, K, V = 0.5
N: batch_size, V, K
P: batch_size, S, V
W_k: features, K, V
w: features, num_units
U: num_units, num_units
wide: W
W_p: features, V, 2 * S
k = x @ W_k
a = softmax(k, K, V) + cumsum(softmax(k, K), K) + mean(k, V) - max(k, K) * transpose(transpose(k))
b = group_norm(k, V) * mod(k, 0.3) + maximum(k, M_prev) + minimum(0.1, k) + layer_norm(k, K, V)
c = where(k > 0, a, b * 2) + elu(k) * gelu(a) / (2 + silu(b)) + sqrt(abs(k) + 1) + log(abs(a) + 1)
N = N_prev * 0.5 + k * a
P, p = split(x @ W_p, 2)
u, n, o = split(concat(h_prev, x, min(k, V)), num_units, features, K)
y = sin(concat(u, n)[features:]) * cos(u) + wide[:num_units] * sum(n, features) + sum(o[0:K], K)
q = mean(P * p, S) + sum(N + k, K) + minimum(1 / (num_units - 2 * K), 0.1)
e0 = where(k - a, 0.1, 0.3) + (k <= a) + (0.2 != a)
e = e0 + mod(2, abs(k) + 1) + norm(k, K, V) + relu(-k) - -a + q + mean(y, num_units)
M = tanh(sum(c * diag(sum(c, K), V2), V2)) * (abs(a) + 0.1) ** 1.5 ** 0.5 + 2 ** tanh(b) + tanh(e)
d = sum(dot(sum(k, V), M) * t, V) / sqrt(num_units) + 1 / (t + 1) + norm(wide, W) + logsigmoid(sum(k, K, V))
s, r = split(concat(h_prev, tanh(h_prev)), 2)
h = tanh(x @ w) * d + (s * r) @ transpose(U) + softplus(h_prev) @ U - x_prev @ w * exp(-K) * maximum(K, V)"""
"""A cell with the functions that the gallery does not use, and numbers beside tensors of every kind."""

NAMES = """\
# Names that Python or a program has: \"\"\" \\ lambda
axis cell = 2
axis in = num_units / cell
lambda: batch_size, cell, in
np: batch_size, cell
self: features, cell, in
train: cell, in
print: features, cell
weights = x @ self  # \"\"\"
lambda_ = weights + np_prev * train
step = sigmoid(x @ print)
np = step + sum(lambda_, in)
lambda = lambda_prev * step + lambda_
output: lambda"""

CELLS = {**SHIPPED, **GALLERY, "functions": FUNCTIONS, "names": NAMES}

STACKED: dict[str, dict[str, Any]] = {
    "qrnn": {"num_layers": 2},
    "mingru": {"num_layers": 2, "bidirectional": True},
    "sru": {"num_layers": 3},
    "rwkv_6": {"bidirectional": True},
    "janet": {"bidirectional": True},
}
"""Cells in layers and directions."""


class Case(NamedTuple):
    """A cell, with its number of layers and directions."""

    id: str
    stack: Stack

    def __str__(self) -> str:
        return f"{self.id}-{self.stack.num_layers}-{len(self.stack.directions)}"


def case(id: str, **layers: Any) -> Case:
    cell = cell_of(CELLS[id])
    return Case(id, Stack(cell, 3, 4, 6 if "features" in cell.own_sizes else 2, 6, **layers))


CASES = [*(case(id) for id in CELLS), *(case(id, **layers) for id, layers in STACKED.items())]


def difference(stack: Stack, framework: str, folder: Path, dtype: str = "float64") -> float:
    """The largest difference between what the program computes with our weights and what we do. The shapes must be
    equal."""
    weights, X = stack_weights(stack, 7, dtype), make_input(stack.sizes, 7, dtype)
    ours, file = run_ours(stack, dtype), folder / "weights.npz"
    arrays: dict[str, Any] = {prefix(stack, place) + id: w for place, own in weights.items() for id, w in own.items()}
    np.savez(file, X=X, **arrays)
    with quiet():
        names = execute(own_program(stack, framework, dtype), str(file))
    largest = apart(
        names["Y"],
        ours.traces[0, "forward"].array("Y") if len(stack.places) == 1 else ours.layer_output(stack.num_layers - 1),
    )
    for place in stack.places:
        for state in stack.states:
            last = names[f"{state}_T"]
            found = last[prefix(stack, place)[:-1]] if len(stack.places) > 1 else last
            largest = max(largest, apart(found, ours.last(state, place)))
    return largest


def run_ours(stack: Stack, dtype: str) -> StackTrace:
    return run_stack(stack, stack_weights(stack, 7, dtype), make_input(stack.sizes, 7, dtype))


def prefix(stack: Stack, place: tuple[int, str]) -> str:
    """The path of a cell in the file of weights."""
    parts = [f"layer_{place[0]}"] * (stack.num_layers > 1) + [place[1]] * stack.bidirectional
    return "".join(f"{part}/" for part in parts)


def apart(theirs: Any, ours: Array) -> float:
    found = np.asarray(theirs.detach() if hasattr(theirs, "detach") else theirs)
    assert found.shape == ours.shape and found.dtype == ours.dtype
    return float(np.abs(found - ours).max())
