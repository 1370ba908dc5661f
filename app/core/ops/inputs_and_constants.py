"""The tensors that enter a step and those that leave the run, which equations do not apply, and constants, which they
may: app/core/evaluator.py makes these. Nothing else is computed."""

from ...translations.phrases import phrase
from ..axes import Axes, AxisError, written
from .op import Op, flops_each


def _number(over: Axes = ()) -> Axes:
    """A constant that is one number."""
    return ()


def _square(over: Axes) -> Axes:
    """Two different axes, whose sizes a run compares."""
    if len({*over}) != 2:
        raise AxisError(f"identity: {written(over)} are not two axes with different names")
    return over


GIVEN = Op(kind="input", axes=None, formula=phrase("random values from the seed"), flops=flops_each(0))

BELOW = Op(kind="input", axes=None, formula=phrase("Y of the layer below"), flops=flops_each(0))

STEP = Op(kind="step", axes=None, formula=phrase("step t of {a}"), flops=flops_each(0))

CARRY = Op(
    kind="step",
    axes=None,
    formula=phrase("{bare} of the previous step, {start} at the start"),
    flops=flops_each(0),
)

STACK = Op(kind="result", axes=None, formula=phrase("{bare} of every step"), flops=flops_each(0))

LAST = Op(kind="result", axes=None, formula=phrase("{bare} of the last step"), flops=flops_each(0))

TIME = Op(kind="constant", axes=_number, formula=phrase("the number of the step, from 0"), flops=flops_each(0))

SIZE = Op(kind="constant", axes=_number, formula=phrase("the size of {over}"), flops=flops_each(0))

IDENTITY = Op(kind="constant", axes=_square, formula=phrase("1 on the diagonal, 0 elsewhere"), flops=flops_each(0))
