"""The program in PyTorch: a module with its weights, a step and a loop over time."""

from ...core.axes import FEATURES
from ...core.stack import Stack
from ...frameworks.colah_numpy import path_of, whole_run
from ...frameworks.program_text import LOAD, Code, indented, printed, program
from .numpy_torch_jax import PYTORCH
from .parts_of_all_programs import assertions, definition, opening, shapes, sizes, states
from .step import StepCode


def pytorch_program(stack: Stack, dtype: str) -> str:
    """``dtype`` is that of the module and its input."""
    step = StepCode(stack, PYTORCH)
    return program(
        opening(step, "PyTorch"),
        ["import math"] * step.needs_math,
        "import sys",
        "",
        "import numpy as np",
        "import torch",
        "from torch import nn",
        "",
        sizes(step),
        "",
        "",
        step.definitions,
        _module(step),
        "",
        "",
        _run_of_a_cell(stack),
        shapes(step),
        _cells(step, dtype),
        f"X = torch.rand(batch_size, time_step, {FEATURES}{'' if dtype == 'float32' else f', dtype=torch.{dtype}'})",
        LOAD,
        indented(
            "arrays = dict(np.load(sys.argv[1]))",
            'X = torch.as_tensor(arrays.pop("X", X), dtype=X.dtype)',
            "assert {name: array.shape for name, array in arrays.items()} == shapes",
            "with torch.no_grad():",
            indented(
                f"for name, weight in zip(shapes, {_all(step)}.parameters(), strict=True):",
                indented("weight.copy_(torch.from_numpy(arrays[name]))"),
            ),
        ),
        whole_run(stack, "cell(X)", "{0}.flip(1)", "torch.cat([{0}, {1}], dim=-1)"),
        assertions(step),
        printed("Y"),
    )


def _all(step: StepCode) -> str:
    """The only cell, or the module of all cells."""
    return "cell" if len(step.stack.places) == 1 else "nn.ModuleList(cells.values())"


def _takes_features(step: StepCode) -> bool:
    """Whether a weight is as wide as x, so that upper layers have others."""
    return any(str(FEATURES) in axis.names for w in step.stack.cell.weights for axis in step.axes_of(w, 0))


def _module(step: StepCode) -> list[str]:
    features = str(FEATURES)
    arguments = ["self", features] if _takes_features(step) else ["self"]
    body: list[Code] = ["super().__init__()"]
    for weight in step.stack.cell.weights:
        shape = ", ".join(map(step.expressions.axis_code, step.axes_of(weight, 0)))
        body.append(f"self.{step.names[weight]} = nn.Parameter(torch.empty({shape}))")
    body += ["for weight in self.parameters():"]
    body += indented("nn.init.uniform_(weight, -(num_units**-0.5), num_units**-0.5)")
    steps, time = ("for x in X.unbind(dim=1):", [])
    if step.uses_time:
        steps, time = "for t, x in enumerate(X.unbind(dim=1)):", ["X.new_tensor(t)"]
    call = f"self.step({', '.join([*time, 'x', *step.states])})"
    return [
        "class Cell(nn.Module):",
        *indented(
            definition("__init__", arguments),
            indented(body),
            "",
            definition("step", ["self", *["t"] * step.uses_time, "x", *step.previous]),
            indented(step.body, f"return {', '.join(step.returned)}"),
            "",
            "def forward(self, X):",
            indented(
                states(step, "X.new_zeros({shape})", "X.new_full({shape}, {value})"),
                "Y = []",
                steps,
                indented(f"{', '.join(step.received)} = {call}", f"Y.append({step.output})"),
                f"return torch.stack(Y, dim=1), {', '.join(step.states)}",
            ),
        ),
    ]


def _run_of_a_cell(stack: Stack) -> list[str]:
    """The function that runs a cell by its path, if there are several."""
    if len(stack.places) == 1:
        return []
    return ["def over_time(X, cell):", *indented("return cells[cell](X)"), "", ""]


def _cells(step: StepCode, dtype: str) -> list[str]:
    """The only cell, or all cells by path, and the function that runs one."""
    stack, wide = step.stack, _takes_features(step)
    cast = "" if dtype == "float32" else f".to(torch.{dtype})"
    if len(stack.places) == 1:
        return [f"cell = Cell({FEATURES if wide else ''}){cast}"]
    above = step.expressions.axis_code(stack.output)
    made = (
        f'"{path_of(p, stack)}": Cell({(above if p[0] else FEATURES) if wide else ""}){cast},' for p in stack.places
    )
    return ["cells = {", *indented(made), "}"]
