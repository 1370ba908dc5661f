"""Which axes of a tensor are drawn: the two edges of a matrix, and the layers of a cell whose parts only repeat."""

from functools import lru_cache

from ..core.axes import BATCH_SIZE, SIZES, Axes, Axis
from ..core.program import Program


@lru_cache(256)
def layer_axes(program: Program) -> tuple[Axis, ...]:
    """The axes of a typed cell that only repeat it, such as heads: those before the last two of a state, and those
    that all tensors share and no operation joins. They are drawn as layers of the cell."""
    if not program.cell.text:
        return ()
    states = [program.by_id[state].axes[1:] for state in program.cell.states]
    before = [axis for axes in states for axis in axes[:-2]]
    firsts = [axes[0] for axes in states if len(axes) > 1]  # that of a vector is its length
    shared = [axis for axis in firsts if axis.names[0] not in SIZES and _is_shared(program, axis)]
    return tuple(dict.fromkeys((*before, *shared)))


def _is_shared(program: Program, axis: Axis) -> bool:
    """Whether an axis is never joined, and every operation of several tensors of the step has it in all or none."""
    for t in program.step:
        inputs = [i for id in t.inputs if BATCH_SIZE in (i := program.by_id[id]).axes and i.per_step]
        having = [axis in i.axes for i in inputs]
        if any(having) and not (all(having) and axis in t.axes):
            return False
    return True


def drawn_axes(program: Program, axes: Axes) -> Axes:
    """The axes of a tensor without the batch and without those that are layers of the cell."""
    layers = layer_axes(program)
    return tuple(axis for axis in axes if axis != BATCH_SIZE and axis not in layers)


@lru_cache(1024)
def edges(program: Program, axes: Axes) -> tuple[Axis, Axis] | None:
    """The two axes of a matrix, which are the edges of its ribbon; None for a vector."""
    if len(axes) < 2 or not program.cell.text:
        return None
    drawn = drawn_axes(program, axes)
    return (drawn[-2], drawn[-1]) if len(drawn) > 1 else None
