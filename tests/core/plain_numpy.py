"""A program in plain NumPy: each operation computed separately, batch first, in new arrays."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from app.core.axes import Sizes
from app.core.input_data import make_input
from app.core.ops import OPS, Array
from app.core.program import Program
from app.core.run import run
from app.core.seeded_weights import make_weights


def step_by_step(of: Program, weights: Mapping[str, Array], X: Array, sizes: Sizes) -> list[dict[str, Array]]:
    """Every tensor of every step."""
    steps: list[dict[str, Array]] = []
    for t in range(sizes["time_step"]):
        tensors: dict[str, Array] = {**weights, "x": X[:, t]}
        for tensor in of.step:
            if tensor.op == "carry":
                tensors[tensor.id] = steps[-1][tensor.inputs[0]] if t else np.zeros(tensor.shape(sizes))
            elif tensor.part:
                tensors[tensor.id] = np.split(tensors[tensor.inputs[0]], tensor.part[1], axis=-1)[tensor.part[0]]
            elif compute := OPS[tensor.op].compute:
                tensors[tensor.id] = compute(*(tensors[i] for i in tensor.inputs))
        steps.append(tensors)
    return steps


def assert_runs_the_same(of: Program, sizes: Sizes, rtol: float = 0.0, atol: float = 1e-12) -> None:
    weights, X = make_weights(of, sizes, 0, np.float64), make_input(sizes, 0, np.float64)
    with unwritten_memory_is_nan():
        trace = run(of, sizes, weights, X)
    for t, tensors in enumerate(step_by_step(of, weights, X, sizes)):
        for tensor in of.step:
            np.testing.assert_allclose(
                trace.array(tensor.id, t), tensors[tensor.id], rtol, atol, err_msg=f"{tensor.id} of step {t}"
            )


@contextmanager
def unwritten_memory_is_nan() -> Iterator[None]:
    """Fill new arrays with NaN, because the memory of an earlier run may contain the right numbers."""
    empty = np.empty

    def nan(*shape_and_type: Any, **more: Any) -> Array:
        array = empty(*shape_and_type, **more)
        if array.dtype.kind == "f":
            array.fill(np.nan)
        return array

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(np, "empty", nan)
        yield
