"""The gradients of the cells of the gallery, against the automatic differentiation of PyTorch."""

from collections.abc import Callable, Mapping
from string import ascii_letters
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor as Torch
from torch.nn import functional as F

from app.core.axes import BATCH_SIZE, Axes, axes
from app.core.gradients import stack_gradients
from app.core.input_data import make_input
from app.core.program import Program, Tensor
from app.core.run import run_stack
from app.core.seeded_weights import stack_weights
from app.core.stack import Stack
from app.equations.cell_from_equations import cell_of
from app.equations.gallery import GALLERY

PLACE = 0, "forward"
OWN = """\
axis K = 3
axis V = 2
axis V2 = V
h: batch_size, num_units
M: batch_size, K, V = 0.5
W: features, K, V
w: features, num_units + V + K
k = x @ W
u, p, q = split(x @ w, num_units, V, K)
a = softmax(k, K, V) + mean(k, V) - max(k, K) * transpose(transpose(k))
b = group_norm(k, V) * mod(k, 0.3) + maximum(k, M_prev) + minimum(k, 0.1)
c = where(k > 0, a, b * 2) + elu(k) * gelu(a) / (2 + silu(b)) + sqrt(abs(k) + 1) + log(abs(a) + 1)
M = tanh(sum(c * diag(sum(c, K), V2), V2)) * (abs(a) + 0.1) ** 1.5 ** 0.5 + 2 ** b
d = sum(dot(sum(k, V), M) * t, V) / sqrt(num_units)
e = sum(sin(p * q) * min(M[0:V], V), V, K) + cos(sum(w[num_units + V:], features, K))
h = tanh(u) * (d + e) + h_prev - (x_prev @ w)[0:num_units]"""
"""A cell with the other functions."""

FUNCTIONS: dict[str, Callable[..., Torch]] = {
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "div": torch.div,
    "power": torch.pow,
    "mod": torch.remainder,
    "maximum": torch.maximum,
    "minimum": torch.minimum,
    "where": lambda c, a, b: torch.where(c != 0, a, b),
    "greater": lambda a, b: (a > b).double(),
    "complement": lambda a: 1 - a,
    "negative": torch.neg,
    "copy": torch.clone,
    "transpose": torch.clone,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "exp": torch.exp,
    "log": torch.log,
    "sqrt": torch.sqrt,
    "abs": torch.abs,
    "logsigmoid": F.logsigmoid,
    "softplus": F.softplus,
    "silu": F.silu,
    "elu": F.elu,
    "sin": torch.sin,
    "cos": torch.cos,
    "gelu": lambda a: F.gelu(a, approximate="tanh"),
}
"""The operations on numbers at the same index, in PyTorch."""


def letters(*of: Axes) -> list[str]:
    """A letter for each axis, the same one for equal axes of different tensors."""
    known: dict[Any, str] = {}
    texts = []
    for own in of:
        text = ""
        for axis in own:
            key = axis if own.count(axis) == 1 or axis not in known or known[axis] not in text else (axis, 2)
            text += known.setdefault(key, ascii_letters[len(known)])
        texts.append(text)
    return texts


def repeated(array: Torch, own: Axes, result: Axes) -> Torch:
    """An array with its axes where the result has them."""
    ordered = array.permute([own.index(axis) for axis in result if axis in own])
    return ordered[tuple(slice(None) if axis in own else None for axis in result)]


def applied(program: Program, t: Tensor, inputs: list[Torch], sizes: Mapping[str, int]) -> Torch:
    own = [program.by_id[id].axes for id in t.inputs]
    places = [t.axes.index(axis) if axis in t.axes else -1 for axis in t.over]
    match t.op:
        case "concat":
            return torch.cat(inputs, dim=-1)
        case "split":
            part, parts = t.block
            return inputs[0].chunk(parts, dim=-1)[part]
        case "slice":
            begin, end = (axis.size(sizes) for axis in t.over)
            return inputs[0].narrow(-1, begin, end - begin)
        case "affine":
            return inputs[0] @ inputs[1] + inputs[2]
        case "matmul" | "contraction" | "dot":
            a, b = letters(*own)
            out = a[:-1] + "".join(c for c in b if c not in a)
            return torch.einsum(f"{a},{b}->{out}", *inputs)
        case "softmax":
            flat = inputs[0].flatten(min(places), max(places)) if len(places) > 1 else inputs[0]
            return flat.softmax(dim=min(places)).reshape(inputs[0].shape)
        case "cumsum":
            return inputs[0].cumsum(dim=places[0])
        case "layer_norm":
            centred = inputs[0] - inputs[0].mean(dim=places, keepdim=True)
            return centred / (centred.square().mean(dim=places, keepdim=True) + 1e-5).sqrt()
        case "sum" | "mean" | "max" | "min" | "norm":
            (whole,), along = inputs, [own[0].index(axis) for axis in t.over]
            if t.op in ("max", "min"):
                return getattr(whole, t.op)(dim=along[0]).values
            return torch.linalg.norm(whole, dim=along) if t.op == "norm" else getattr(whole, t.op)(dim=along)
    operands: list[Torch] = [repeated(a, axes_of, t.axes) for a, axes_of in zip(inputs, own, strict=True)]
    for n, number in t.numbers:
        operands.insert(n, torch.tensor(number, dtype=torch.float64))
    return FUNCTIONS[t.op](*operands)


def over_time(program: Program, sizes: Mapping[str, int], given: Mapping[str, Torch], X: Torch) -> Torch:
    """Y of one cell, operation by operation in PyTorch."""
    starts = program.cell.starts
    states = {
        s: torch.full(program.by_id[f"{s}_prev"].shape(sizes), float(starts.get(s, 0)), dtype=X.dtype)
        for s in program.cell.states
    }
    Y = []
    for n, x in enumerate(X.unbind(dim=1)):
        made = dict(given)
        for t in program.step:
            match t.op:
                case "step":
                    made[t.id] = x
                case "carry":
                    made[t.id] = states[t.inputs[0]]
                case "time":
                    made[t.id] = torch.tensor(float(n), dtype=X.dtype)
                case "size":
                    made[t.id] = torch.tensor(float(t.over[0].size(sizes)), dtype=X.dtype)
                case "identity":
                    made[t.id] = torch.eye(*t.shape(sizes), dtype=X.dtype)
                case _:
                    made[t.id] = applied(program, t, [made[i] for i in t.inputs], sizes)
        states = {s: made[s] for s in states}
        Y.append(made[program.cell.output])
    return torch.stack(Y, dim=1)


@pytest.mark.parametrize("text", [*GALLERY.values(), OWN], ids=[*GALLERY, "own"])
def test_autograd_gives_the_same(text: str) -> None:
    cell = cell_of(text)
    stack = Stack(cell, 3, 4, 6 if "features" in cell.own_sizes else 5, 6)
    weights, X = stack_weights(stack, 5, "float64")[PLACE], make_input(stack.sizes, 5, "float64")
    theirs = {id: torch.tensor(array, requires_grad=True) for id, array in weights.items()}
    given = torch.tensor(X, requires_grad=True)
    Y = over_time(stack.program(), stack.sizes, theirs, given)
    trace = run_stack(stack, {PLACE: weights}, X)
    np.testing.assert_allclose(trace.traces[PLACE].array("Y"), Y.detach().numpy(), rtol=1e-11, atol=1e-12)
    weight = np.random.default_rng(0).standard_normal(tuple(Y.shape))
    (Y * torch.from_numpy(weight)).sum().backward()

    ours = stack_gradients(trace, weight)[PLACE]
    for id, array in {**theirs, "X": given}.items():
        assert array.grad is not None
        expected = array.grad.numpy()
        found = ours.input if id == "X" else ours.weights[id]
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10 * max(1, abs(expected).max()), err_msg=id)


def test_letters_name_the_axes_of_a_square_weight_apart() -> None:
    assert letters((BATCH_SIZE, *axes("K")), axes("K, K")) == ["ab", "bc"]
