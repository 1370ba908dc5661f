"""Elementary functions of one tensor, number by number: exp, log, roots, sines, the sign."""

from dataclasses import replace

import numpy as np

from .op import Op, flops_each, unchanged

EXP = Op(
    kind="function",
    axes=unchanged,
    compute=np.exp,
    gradient=lambda n, g, inputs, out: g * out,
    formula="exp({a})",
    source="np.exp({a})",
    sign="exp",
    flops=flops_each(1),
)


LOG = replace(
    EXP,
    compute=np.log,
    gradient=lambda n, g, inputs, out: g / inputs[0],
    formula="log({a})",
    source="np.log({a})",
    sign="log",
)


SQRT = replace(
    EXP,
    compute=np.sqrt,
    gradient=lambda n, g, inputs, out: g / (2 * out),
    formula="√({a})",
    source="np.sqrt({a})",
    sign="√",
)


ABS = replace(
    EXP,
    compute=np.abs,
    gradient=lambda n, g, inputs, out: g * np.sign(inputs[0]),
    formula="|{a}|",
    source="np.abs({a})",
    sign="| |",
)


SIN = replace(
    EXP,
    compute=np.sin,
    gradient=lambda n, g, inputs, out: g * np.cos(inputs[0]),
    formula="sin({a})",
    source="np.sin({a})",
    sign="sin",
)


COS = replace(
    EXP,
    compute=np.cos,
    gradient=lambda n, g, inputs, out: -g * np.sin(inputs[0]),
    formula="cos({a})",
    source="np.cos({a})",
    sign="cos",
)


NEGATIVE = replace(
    EXP,
    compute=np.negative,
    gradient=lambda n, g, inputs, out: -g,
    formula="−{a}",
    source="-{a}",
    sign="−",
    brackets=True,
    tight=True,
)
