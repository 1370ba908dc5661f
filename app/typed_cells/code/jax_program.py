"""The program in JAX: a function of one step, and a scan over time."""

from ...core.stack import Stack
from ...frameworks.colah_numpy import whole_run
from ...frameworks.program_text import LOAD, Brackets, Code, assign, call, indented, lines, printed, program
from .numpy_torch_jax import JAX
from .parts_of_all_programs import assertions, opening, shapes, sizes, states
from .step import StepCode


def jax_program(stack: Stack, dtype: str) -> str:
    """``dtype`` is that of random weights and input; JAX computes in float64 only after it was told so."""
    step = StepCode(stack, JAX)
    return program(
        opening(step, "JAX"),
        ["import math"] * step.needs_math,
        "import sys",
        "from functools import partial",
        "",
        "import jax",
        "import jax.numpy as jnp",
        "import numpy as np",
        "",
        ['jax.config.update("jax_enable_x64", True)'] * (dtype == "float64"),
        sizes(step),
        "",
        shapes(step),
        "weights = {name: np.random.random(shape) for name, shape in shapes.items()}",
        f"X = np.random.random((batch_size, time_step, {step.names['features']}))",
        LOAD,
        indented("weights = dict(np.load(sys.argv[1]))", 'X = weights.pop("X", X)'),
        "assert {name: array.shape for name, array in weights.items()} == shapes",
        "weights = {name: jnp.asarray(array) for name, array in weights.items()}",
        "X = jnp.asarray(X)",
        "",
        "",
        step.definitions,
        f"def step(weights, states, {'inputs' if step.uses_time else 'x'}):",
        indented(
            ["t, x = inputs"] * step.uses_time,
            _unpacked(step.previous, "states"),
            _unpacked(step.weights, "weights") if step.weights else [],
            step.body,
            f"return {_tuple(step.next)}, {step.output}",
        ),
        "",
        "",
        _over_time(step),
        "",
        "",
        whole_run(stack, join="jnp.concatenate([{0}, {1}], axis=-1)"),
        assertions(step),
        printed("Y"),
    )


def _tuple(names: list[str]) -> str:
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"


def _unpacked(names: list[str], value: str) -> list[str]:
    """``h_prev, c_prev = states``, or one name from a tuple of one."""
    if len(names) == 1:
        return [f"({names[0]},) = {value}"]
    line = f"{', '.join(names)} = {value}"
    return lines(line if len(line) <= 96 else Brackets("(", tuple(names), f") = {value}"))


def _over_time(step: StepCode) -> list[str]:
    only = len(step.stack.places) == 1
    own = "weights[name] for name in shapes"
    inputs = "(jnp.arange(time_step, dtype=X.dtype), X.swapaxes(0, 1))" if step.uses_time else "X.swapaxes(0, 1)"
    body: list[Code] = [
        f"own = [{own}]" if only else f'own = [{own} if name.startswith(f"{{cell}}/")]',
        *states(step, "jnp.zeros({shape}, X.dtype)", "jnp.full({shape}, {value}, X.dtype)"),
        assign("states, Y", call("jax.lax.scan", "partial(step, own)", _tuple(step.states), inputs)),
        "return Y.swapaxes(0, 1), *states",
    ]
    return [f"def over_time(X, {'weights' if only else 'cell'}):", *indented(body)]
