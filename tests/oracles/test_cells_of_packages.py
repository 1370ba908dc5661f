"""The cells of the gallery compute what packages compute, by their authors or by others who implemented the papers.

The packages compute in float32. Those that have the recurrence alone get our queries, keys and gates; the projections
are compared with loops in tests/equations. Some files are loaded without their package, which needs a GPU.
"""

from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from app.core.input_data import make_input
from app.core.ops import Array
from app.core.run import run_stack
from app.core.seeded_weights import stack_weights
from app.core.stack import Stack
from app.core.trace import Trace
from app.equations.cell_from_equations import cell_of
from app.equations.gallery import GALLERY

PLACE = 0, "forward"
PACKAGES = {"fla": "fla-core", "mambapy": "mambapy", "minGRU_pytorch": "minGRU-pytorch", "xlstm": "xlstm"}


class Run:
    """A run of a cell in float32, and its tensors for PyTorch."""

    def __init__(self, id: str, batch_size: int = 3, time_step: int = 9, features: int = 5, num_units: int = 8) -> None:
        self.stack = Stack(cell_of(GALLERY[id]), batch_size, time_step, features, num_units)
        self.weights = {name: np.array(w) for name, w in stack_weights(self.stack, 3, "float32")[PLACE].items()}
        self.X = np.array(make_input(self.stack.sizes, 3, "float32"))

    @property
    def trace(self) -> Trace:
        return run_stack(self.stack, {PLACE: self.weights}, self.X).traces[PLACE]

    @property
    def Y(self) -> Array:
        return self.trace.array("Y")

    def __getitem__(self, id: str) -> Tensor:
        """A tensor of every step, batch_size × time_step × ..., or a weight."""
        if id in self.weights:
            return torch.tensor(self.weights[id])
        return torch.tensor(np.array(self.trace.stack(id).swapaxes(0, 1)))


@cache
def module(path: str) -> ModuleType:
    """A file of a package, without the package."""
    package, _, rest = path.partition("/")
    found = find_spec(package)
    assert found and found.submodule_search_locations, f"{PACKAGES[package]} is not installed: make oracles"
    spec = spec_from_file_location(path.replace("/", "_"), Path(found.submodule_search_locations[0]) / f"{rest}.py")
    assert spec and spec.loader
    loaded = module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def linear_attention() -> Iterator[Any]:
    run = Run("linear_attention")
    yield (
        run.Y,
        module("fla/ops/linear_attn/naive").naive_recurrent_linear_attn(run["q"], run["k"], run["v"], scale=1.0)[0],
    )


def retnet() -> Iterator[Any]:
    """The package has another gamma for each head; that of the first one is ours."""
    run = Run("retnet")
    q, k, v = (run[id].transpose(1, 2) for id in ("q", "k", "v"))
    o = module("fla/ops/retention/naive").naive_retention(q * q.shape[-1] ** 0.5, k, v)
    yield run.Y[:, :, 0], o[:, 0]


def gla() -> Iterator[Any]:
    run = Run("gla")
    q = run["q"] * run["q"].shape[-1] ** 0.5
    yield run.Y, module("fla/ops/gla/naive").naive_recurrent_gla(q, run["k"], run["v"], run["alpha"].log())[0]


def gated_deltanet() -> Iterator[Any]:
    run = Run("gated_deltanet")
    yield (
        run.Y,
        module("fla/ops/gated_delta_rule/naive").naive_recurrent_gated_delta_rule(
            run["q"], run["k"], run["v"], run["beta"], run["alpha"].log(), scale=1.0
        )[0],
    )


def rwkv_6() -> Iterator[Any]:
    run = Run("rwkv_6")
    r, k, v, w = (run[id].transpose(1, 2) for id in ("r", "k", "v", "w"))
    o = module("fla/ops/rwkv6/recurrent_naive").naive_recurrent_rwkv6(r, k, v, w.log(), run["u"], scale=1.0)[0]
    yield run.Y, o.transpose(1, 2)


def mamba_2() -> Iterator[Any]:
    """As in the paper: keys are B, queries C and values delta u, and all heads share B and C."""
    run = Run("mamba_2")
    heads, delta = run.stack.sizes["heads"], run["delta"]
    B, C = (run[id][:, :, None].expand(-1, -1, heads, -1) for id in ("B", "C"))
    o = module("fla/ops/simple_gla/naive").naive_recurrent_simple_gla(
        C, B, delta[..., None] * run["u"], -delta * run["A_log"].exp(), scale=1.0
    )[0]
    yield run.Y, o + run["D"][:, None] * run["u"]


def mamba() -> Iterator[Any]:
    from mambapy.mamba import MambaBlock, MambaConfig

    run = Run("mamba")
    units, N = run.stack.num_units, run.stack.sizes["N"]
    block = MambaBlock(MambaConfig(d_model=units, n_layers=1, d_state=N, expand_factor=1))
    arguments = run["u"], run["delta"], -run["A_log"].exp(), run["B"], run["C"], run["D"]
    yield run.Y, block.selective_scan_seq(*arguments)
    yield run.Y, block.selective_scan(*arguments)


def mlstm() -> Iterator[Any]:
    """Step by step, and all steps at once. The package reads the state before the output gate."""
    backends = module("xlstm/blocks/mlstm/backends")
    run = Run("mlstm")
    heads, width, o = run.stack.sizes["heads"], run.stack.sizes["K"], run["o"].numpy()
    q, v, i = run["q"], run["v"], run["i_raw"]
    k, f = run["k"] * width**0.5, run["x"] @ run["w_f"] + run["b_f"]
    C, n = torch.zeros(3, heads, width, width), torch.zeros(3, heads, width, 1)
    m, steps = torch.zeros(3, heads, 1, 1), []
    for t in range(run.stack.time_step):
        rows = (one[:, t, :, None].clone() for one in (q, k, v))
        gates = (one[:, t, :, None, None] for one in (i, f))
        h, (C, n, m) = backends.recurrent_step_stabilized_simple(C, n, m, *rows, *gates, eps=0)
        steps.append(h[:, :, 0])
    yield run.Y, o * torch.stack(steps, dim=1).numpy()


def slstm() -> Iterator[Any]:
    """The four gates side by side, each with all heads."""
    pointwise = module("xlstm/blocks/slstm/src/vanilla/slstm").slstm_forward_pointwise
    run, order = Run("slstm"), "ifzo"
    states, steps = torch.zeros(4, 3, run.stack.num_units), []
    for x in torch.tensor(run.X).unbind(dim=1):
        h = states[0].view(3, run.stack.sizes["heads"], -1)
        Wx = torch.cat([torch.einsum("bf,fhk->bhk", x, run[f"W_{g}"]).flatten(1) for g in order], dim=1)
        Ry = torch.cat([torch.einsum("bhk,hkl->bhl", h, run[f"R_{g}"]).flatten(1) for g in order], dim=1)
        b = torch.cat([run[f"b_{g}"].flatten() for g in order])[None]
        states, _ = pointwise(Wx, Ry, b, states, {})
        steps.append(states[0].view(3, run.stack.sizes["heads"], -1))
    yield run.Y, torch.stack(steps, dim=1)


def mingru() -> Iterator[Any]:
    """The package works with logarithms, so its candidate is g(a), which is a + 0.5 where a is positive: our bias."""
    from minGRU_pytorch.minGRU import minGRU

    run = _positive(Run("mingru"))
    layer = minGRU(run.stack.features, run.stack.num_units / run.stack.features, proj_out=False)
    _set(layer.to_hidden_and_gate, run, "W_h", "W_z")
    yield run.Y, layer(torch.tensor(run.X))


def minlstm() -> Iterator[Any]:
    from minGRU_pytorch.minLSTM import minLSTM

    run = _positive(Run("minlstm"))
    layer = minLSTM(run.stack.features, run.stack.num_units / run.stack.features, proj_out=False)
    _set(layer.to_hidden_and_f_i_gate, run, "W_h", "W_f", "W_i")
    yield run.Y, layer(torch.tensor(run.X))


def _positive(run: Run) -> Run:
    """With a candidate that is positive before its bias of 0.5, and without other biases."""
    run.X, run.weights["W_h"] = np.abs(run.X), np.abs(run.weights["W_h"])
    for name in run.weights:
        if name.startswith("b_"):
            run.weights[name] = np.full_like(run.weights[name], 0.5 if name == "b_h" else 0)
    return run


def _set(layer: Any, run: Run, *names: str) -> None:
    with torch.no_grad():
        layer.weight.copy_(torch.cat([run[name] for name in names], dim=1).T)


COMPARED: dict[str, Callable[[], Iterator[Any]]] = {
    "linear_attention": linear_attention,
    "retnet": retnet,
    "gla": gla,
    "gated_deltanet": gated_deltanet,
    "rwkv_6": rwkv_6,
    "mamba": mamba,
    "mamba_2": mamba_2,
    "mlstm": mlstm,
    "slstm": slstm,
    "mingru": mingru,
    "minlstm": minlstm,
}


@pytest.mark.parametrize("id", COMPARED)
def test_a_package_computes_the_same(id: str) -> None:
    for ours, theirs in COMPARED[id]():
        found = theirs.detach().numpy() if isinstance(theirs, Tensor) else theirs
        assert found.shape == ours.shape and np.abs(ours).max() > 0.01
        np.testing.assert_allclose(found, ours, rtol=0, atol=2e-6 * max(1, np.abs(ours).max()))
