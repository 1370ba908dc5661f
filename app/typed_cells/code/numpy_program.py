"""The program in NumPy: a function of one step, and a loop over time."""

from ...core.stack import Stack
from ...frameworks.colah_numpy import whole_run
from ...frameworks.program_text import LOAD, indented, printed, program
from .numpy_torch_jax import NUMPY
from .parts_of_all_programs import assertions, definition, opening, shapes, sizes, states
from .step import StepCode


def numpy_program(stack: Stack, dtype: str) -> str:
    """``dtype`` is that of random weights and input; with a file, the arrays of the file decide."""
    step = StepCode(stack, NUMPY)
    cast = "" if dtype == "float64" else ".astype(np.float32)"
    return program(
        opening(step, "NumPy"),
        ["import math"] * step.needs_math,
        "import sys",
        "",
        "import numpy as np",
        "",
        sizes(step),
        "",
        shapes(step),
        f"weights = {{name: np.random.random(shape){cast} for name, shape in shapes.items()}}",
        f"X = np.random.random((batch_size, time_step, {step.names['features']})){cast}",
        LOAD,
        indented("weights = dict(np.load(sys.argv[1]))", 'X = weights.pop("X", X)'),
        "assert {name: array.shape for name, array in weights.items()} == shapes",
        "",
        "",
        step.definitions,
        definition("step", [*["t"] * step.uses_time, "x", *step.previous, *step.weights]),
        indented(step.body, f"return {', '.join(step.returned)}"),
        "",
        "",
        _over_time(step),
        "",
        "",
        whole_run(stack),
        assertions(step),
        printed("Y"),
    )


def _over_time(step: StepCode) -> list[str]:
    """The loop over time, for the only cell or for the cell with a path."""
    only = len(step.stack.places) == 1
    own = "weights[name] for name in shapes"
    steps, time = ("for x in X.swapaxes(0, 1):", [])
    if step.uses_time:
        steps, time = "for t, x in enumerate(X.swapaxes(0, 1)):", ["np.asarray(t, X.dtype)"]
    call = f"step({', '.join([*time, 'x', *step.states, '*own'])})"
    return [
        f"def over_time(X, {'weights' if only else 'cell'}):",
        *indented(
            f"own = [{own}]" if only else f'own = [{own} if name.startswith(f"{{cell}}/")]',
            states(step, "np.zeros({shape}, X.dtype)", "np.full({shape}, {value}, X.dtype)"),
            "Y = []",
            steps,
            indented(f"{', '.join(step.received)} = {call}", f"Y.append({step.output})"),
            f"return np.stack(Y, axis=1), {', '.join(step.states)}",
        ),
    ]
