"""The functions and signs of equations: each is an operation of core, by its id in OPS."""

from dataclasses import dataclass

from ..core.ops import OPS

SIGNED = ("negative", "copy")
"""Operations of one tensor that are not written as functions: -a, and b = a."""

UNARY = (
    *(id for id, op in OPS.items() if op.kind == "function" and op.is_pointwise and id not in SIGNED),
    "transpose",
)
_OVER_SEVERAL = ("sum", "mean", "max", "min", "norm", "softmax", "layer_norm")

OVER_AXES = (*_OVER_SEVERAL, "cumsum")
"""Functions of a tensor along the axes that follow it: sum(a, K)."""

SIGNS = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "div",
    "**": "power",
    "@": "matmul",
    ">": "greater",
    ">=": "not_less",
    "==": "equal",
    "!=": "unequal",
}
"""The operation of each sign. ``<`` and ``<=`` are ``>`` and ``>=`` from right to left."""


@dataclass(frozen=True)
class Function:
    """A function: its operation, how many tensors it has, how many axes follow them, and an example."""

    op: str
    tensors: tuple[int, int]
    axes: tuple[int, int]
    example: str


MANY = 16

FUNCTIONS: dict[str, Function] = {
    **{name: Function(name, (1, 1), (0, 0), f"{name}(a)") for name in UNARY},
    **{name: Function(name, (1, 1), (1, MANY), f"{name}(a, K)") for name in _OVER_SEVERAL},
    "cumsum": Function("cumsum", (1, 1), (1, 1), "cumsum(a, K)"),
    "group_norm": Function("layer_norm", (1, 1), (1, MANY), "group_norm(a, heads)"),
    "maximum": Function("maximum", (2, 2), (0, 0), "maximum(a, b)"),
    "minimum": Function("minimum", (2, 2), (0, 0), "minimum(a, b)"),
    "mod": Function("mod", (2, 2), (0, 0), "mod(a, 2)"),
    "where": Function("where", (3, 3), (0, 0), "where(a > 0, a, b)"),
    "outer": Function("mul", (2, 2), (0, 0), "outer(k, v)"),
    "dot": Function("dot", (2, 2), (0, 0), "dot(n, q)"),
    "concat": Function("concat", (2, MANY), (0, 0), "concat(h_prev, x)"),
    "identity": Function("identity", (0, 0), (2, 2), "identity(K, K2)"),
    "diag": Function("mul", (1, 1), (1, 1), "diag(w, K2)"),
}
"""By name. ``split`` gives several tensors, so it is read with the names at its left."""

assert all(function.op in OPS for function in FUNCTIONS.values())

SPLIT_EXAMPLE, UNEQUAL_SPLIT = "f, g = split(a, 2)", "f, g = split(a, num_units, features)"
