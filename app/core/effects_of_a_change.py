"""Change one number of the input of a step and find what else changes, in this step and in the following ones.

The step is computed twice by the same operations, once with the original number and once with the changed one. So a
tensor that does not depend on the number differs by exactly 0. Samples of a batch do not depend on each other, so one
sample is computed, unless an operation mixes the batch.
"""

from dataclasses import dataclass
from math import prod

import numpy as np

from .axes import BATCH_SIZE, Axes, Sizes, shape
from .evaluator import Step
from .ops import Array
from .ops.op import quiet
from .program import Program, Tensor
from .trace import Trace

AMOUNT = 1.0
"""How much is added to the number. x and h lie between -1 and 1, so 1 is large enough for its effects to show in the
first digits, and small enough that no product overflows."""

FOLLOWING = 12
"""The most later steps that are computed: the effect fades from step to step."""

MOST_READ = 120_000_000
"""The most weights that are read for the later steps, about 80 ms of work. Large cells are followed for fewer steps."""

Values = dict[str, Array]
"""The tensors of one step, with one sample or the whole batch."""


@dataclass(frozen=True, eq=False)
class Poke:
    """The changes, by tensor, each with the axes of the tensor except batch_size. ``here`` has all tensors of the step,
    ``following`` only the states, step by step in the order in which the cell computes the steps."""

    here: Values
    following: tuple[Values, ...]


def poke(trace: Trace, step: int, tensor: str, component: int, sample: int, amount: float = AMOUNT) -> Poke:
    """Add ``amount`` to one number of x, h_prev or c_prev of one sample at a step, and compute this step and a few
    later ones.

    ``step`` counts in the order in which the cell computes the steps, ``component`` along all axes except batch_size.
    """
    program = trace.program
    states = [f"{state}_prev" for state in program.cell.states]
    mixes_batch = any(-2 in t.operation.mixes for t in program.step)
    rows = slice(None) if mixes_batch else slice(sample, sample + 1)
    row = sample - (rows.start or 0)
    plain = {id: _rows(trace, id, step, rows) for id in ("x", *states)}
    changed = {id: array.copy() for id, array in plain.items()}
    changed[tensor][row].flat[component] += amount
    sizes = {**trace.sizes, "batch_size": len(plain["x"])}
    computed = Step(program, sizes, trace.inputs, plain["x"].dtype)
    last = min(trace.sizes["time_step"] - 1, step + following(program, trace.sizes))
    differences = []
    for now in range(step, last + 1):
        if now > step:
            x = _rows(trace, "x", now, rows)
            plain, changed = (_next_inputs(program, values, x) for values in (plain, changed))
        with quiet():
            plain, changed = computed(plain, now), computed(changed, now)
        wanted = program.step if now == step else [program.by_id[state] for state in program.cell.states]
        differences.append({t.id: _of_sample(t, changed[t.id] - plain[t.id], row) for t in wanted})
    here, *later = differences
    return Poke(here, tuple(later))


def _of_sample(t: Tensor, difference: Array, row: int) -> Array:
    """The difference in one sample; all of it for a tensor without a batch."""
    sample: Array = difference[row] if t.axes[:1] == (BATCH_SIZE,) else difference
    return sample


def axes_of_sample(t: Tensor) -> Axes:
    """The axes of a tensor in one sample. Along all of them its numbers are counted as components."""
    return t.axes[t.axes[:1] == (BATCH_SIZE,) :]


def components(t: Tensor, sizes: Sizes) -> int:
    """The number of components of a tensor in one sample."""
    return prod(shape(axes_of_sample(t), sizes))


def joined_axes(t: Tensor) -> str:
    """The axes of these components: ``num_units``, ``heads*K*V``."""
    return "*".join(map(str, axes_of_sample(t)))


def following(program: Program, sizes: Sizes) -> int:
    """How many later steps are computed for a cell of that size. Each step reads the weights twice."""
    weights = max(1, sum(program.parameters(sizes).values()))
    return max(1, min(FOLLOWING, MOST_READ // (2 * weights)))


def _rows(trace: Trace, id: str, step: int, rows: slice) -> Array:
    return np.ascontiguousarray(trace.array(id, step)[rows])


def _next_inputs(program: Program, values: Values, x: Array) -> Values:
    """The tensors that enter the next step: x, and the states of this one."""
    return {"x": x, **{f"{state}_prev": values[state] for state in program.cell.states}}
