"""Lists of arrays that a program gives a layer of Keras, of which the last one is missing."""

import ast

from ...causes import cause
from ...code_lines.program_nodes import last_name, name_of, nodes_of_line
from ...mismatch import Cause
from ..message_template import Found

WITHOUT_BIAS = 2
"""Arrays of a recurrent layer without its bias: both kernels."""


def gives_recurrent_kernel(found: Found) -> bool:
    """Whether the line that failed gives a layer a list with an array that is called like a recurrent kernel."""
    return any("recurrent" in last_name(one).lower() for one in _given(found))


def missing_bias(found: Found) -> Cause | None:
    """A list of both kernels for a layer that has a bias as well; None if the line that failed lists others."""
    arrays = _given(found)
    if found.number("expected") != WITHOUT_BIAS + 1 or len(arrays) != WITHOUT_BIAS:
        return None
    kernels = [*map(ast.unparse, arrays)]
    columns = f"{kernels[-1]}.shape[1]"
    has_two = found.cell == "gru" and found.surroundings.flag("reset_after") is not False
    zeros = f"np.zeros((2, {columns}))" if has_two else f"np.zeros({columns})"
    bias = "bias" if any(isinstance(one, ast.Name) and one.id == "bias" for one in found.program.tree.nodes) else zeros
    call = _call(found)
    owner = ast.get_source_segment(found.code.strip(), call.func) if call else None
    return cause("missing_bias", "keras", owner=owner, arrays=", ".join(kernels), bias=bias)


def _given(found: Found) -> list[ast.expr]:
    """The arrays that the line that failed lists for a layer; [] without a list of them."""
    call = _call(found)
    given = call.args[0] if call and call.args else None
    return given.elts if isinstance(given, (ast.List, ast.Tuple)) else []


def _call(found: Found) -> ast.Call | None:
    """The call in the line that failed that gives a layer its weights."""
    nodes = nodes_of_line(found.code) if "set_weights" in found.code else []
    calls = [one for one in nodes if isinstance(one, ast.Call) and name_of(one) == "set_weights"]
    return calls[0] if len(calls) == 1 else None
