"""The way back against PyTorch's autograd, which differentiates the same program by itself, for every cell."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest
import torch
from configurations import stacks
from torch import Tensor

from app.core.gradients import stack_gradients
from app.core.input_data import make_input
from app.core.ops import Array
from app.core.program import Program
from app.core.run import run_stack
from app.core.seeded_weights import stack_weights
from app.core.stack import Stack

TOLERANCE = {"float32": 1e-5, "float64": 1e-10}

IN_TORCH: dict[str, Callable[..., Tensor]] = {
    "concat": lambda *parts: torch.cat(parts, dim=-1),
    "matmul": torch.matmul,
    "affine": lambda a, kernel, bias: a @ kernel + bias,
    "add": torch.add,
    "mul": torch.mul,
    "complement": lambda a: 1 - a,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}

STACKS = [s for sizes in ((3, 4, 2, 5), (1, 1, 1, 1), (2, 7, 3, 11)) for s in stacks(sizes) if s.num_layers < 3]


def over_time(program: Program, sizes: Mapping[str, int], given: Mapping[str, Tensor], X: Tensor) -> Tensor:
    """Y of one cell, operation by operation in PyTorch."""
    states = {s: torch.zeros(t.shape(sizes), dtype=X.dtype) for s in program.cell.states for t in [program.by_id[s]]}
    Y = []
    for x in X.unbind(dim=1):
        made = dict(given)
        for t in program.step:
            if t.op == "step":
                made[t.id] = x
            elif t.op == "carry":
                made[t.id] = states[t.inputs[0]]
            elif t.op == "split":
                part, parts = t.block
                made[t.id] = made[t.inputs[0]].chunk(parts, dim=-1)[part]
            else:
                made[t.id] = IN_TORCH[t.op](*(made[i] for i in t.inputs))
        states = {s: made[s] for s in states}
        Y.append(made[program.cell.output])
    return torch.stack(Y, dim=1)


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("stack", STACKS, ids=lambda s: f"{s} {'-'.join(map(str, s.sizes.values()))}")
def test_autograd_gives_the_same(stack: Stack, dtype: str) -> None:
    weights, X = stack_weights(stack, 5, dtype), make_input(stack.sizes, 5, dtype)
    theirs = {
        place: {id: torch.tensor(array, requires_grad=True) for id, array in own.items()}
        for place, own in weights.items()
    }
    given = read = torch.tensor(X, requires_grad=True)
    for layer in range(stack.num_layers):
        forward = over_time(stack.program(layer), stack.sizes, theirs[layer, "forward"], read)
        if stack.bidirectional:
            reversed_ = over_time(stack.program(layer), stack.sizes, theirs[layer, "backward"], read.flip(1)).flip(1)
            forward = torch.cat([forward, reversed_], dim=-1)
        read = forward
    weight: Array = np.random.default_rng(0).standard_normal(tuple(read.shape)).astype(dtype)
    (read * torch.from_numpy(weight)).sum().backward()

    ours = stack_gradients(run_stack(stack, weights, X), weight)
    for place, own in theirs.items():
        for id, array in own.items():
            assert array.grad is not None
            close(ours[place].weights[id], array.grad, TOLERANCE[dtype], f"{place} {id}")
    assert given.grad is not None
    of_X = np.sum([ours[0, d].X[:, :: -1 if d == "backward" else 1] for d in stack.directions], axis=0)
    close(of_X, given.grad, TOLERANCE[dtype], "X")


def close(ours: Array, theirs: Tensor, tolerance: float, what: str) -> None:
    """To so much of the largest number, as sums over many rows and steps are."""
    largest = max(1.0, float(theirs.abs().max()))
    np.testing.assert_allclose(ours, theirs.numpy(), rtol=0, atol=tolerance * largest, err_msg=what)
