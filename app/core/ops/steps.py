"""The tensors that enter a step and those that leave the run. Nothing is computed, and equations do not apply these."""

from ...translations.phrases import phrase
from .op import Op, flops_each

GIVEN = Op(kind="input", axes=None, formula=phrase("random values from the seed"), flops=flops_each(0))

BELOW = Op(kind="input", axes=None, formula=phrase("Y of the layer below"), flops=flops_each(0))

STEP = Op(kind="step", axes=None, formula=phrase("step t of {a}"), flops=flops_each(0))

CARRY = Op(
    kind="step",
    axes=None,
    formula=phrase("{bare} of the previous step, zeros at the start"),
    flops=flops_each(0),
)

STACK = Op(kind="result", axes=None, formula=phrase("{bare} of every step"), flops=flops_each(0))

LAST = Op(kind="result", axes=None, formula=phrase("{bare} of the last step"), flops=flops_each(0))
