"""What enters a step and what leaves it: nothing is computed."""

from ...translations.phrases import phrase
from ..axes import TIME_STEP, Axes
from .op import Op, flops_each, unchanged


def _step_axes(a: Axes) -> Axes:
    """One step of a tensor of the whole run."""
    return tuple(axis for axis in a if axis != TIME_STEP)


def _stack_axes(a: Axes) -> Axes:
    """Every step of a tensor, behind the batch."""
    return (a[0], TIME_STEP, *a[1:])


GIVEN = Op(kind="given", axes=unchanged, formula=phrase("made from the seed"), flops=flops_each(0))

BELOW = Op(kind="given", axes=unchanged, formula=phrase("Y of the layer below"), flops=flops_each(0))

STEP = Op(kind="step", axes=_step_axes, formula=phrase("step t of {a}"), flops=flops_each(0))

CARRY = Op(
    kind="step",
    axes=unchanged,
    formula=phrase("{bare} of the step before, zeros at the first"),
    flops=flops_each(0),
)

STACK = Op(kind="whole", axes=_stack_axes, formula=phrase("{bare} of every step"), flops=flops_each(0))

LAST = Op(kind="whole", axes=unchanged, formula=phrase("{bare} of the last step"), flops=flops_each(0))
