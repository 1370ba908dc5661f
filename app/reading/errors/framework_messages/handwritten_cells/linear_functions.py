"""The linear function of PyTorch, which a handwritten cell calls with weights of its own: it multiplies by their
transposition, so their columns are the values of the array."""

import ast
from dataclasses import replace

from ....facts_about_sizes import GATES, fact
from ...causes import cause
from ...code_lines.array_names import OF_OUTPUT
from ...code_lines.program_nodes import Factors, factors_of_linear
from ...mismatch import Cause, Mismatch, Shape, from_code, of_unknown_arrays, wrong_shape, wrong_size
from ..message_template import Found


def of_linear_function(found: Found, left: Shape, right: Shape) -> Mismatch | None:
    """x or h and the weights of the only linear function in what failed. ``right``: the shape of the weights,
    transposed.
    None without such a function, or if its weights are those of what follows a cell."""
    functions = _functions(found)
    if not functions:
        return None
    if len(functions) > 1:
        return of_unknown_arrays()
    ((x, weights),) = functions
    role = found.line.array(x).role
    if OF_OUTPUT.search(ast.unparse(weights)) or role not in ("x", "h"):
        return None
    got, (expected, rows) = left[-1] or 0, (right[0] or 0, right[1] or 0)
    is_h = role == "h"
    tensor, size = ("recurrent_kernel", "num_units") if is_h else ("kernel", "features")
    facts = [fact(size, got, role)]
    if rows == got and (not is_h or expected in _columns(got)):
        transposed = _transposed(found, weights)
        facts += [fact("gates*num_units", expected, tensor)] if is_h and found.cell else []
        return from_code(wrong_shape(tensor, "order", (expected, got), (got, expected), [transposed], facts))
    if is_h and rows in _columns(got):
        likely = cause("kernel_rows", "pytorch", name=ast.unparse(weights), shape=f"{rows}, {got}")
        return from_code(wrong_shape(tensor, size, (rows, got), (rows, expected), [likely], facts))
    if is_h:
        likely = cause("other_units", "cell", units=expected)
        return from_code(wrong_size("h_0", size, expected, got, [likely], [fact(size, expected, "recurrent kernel")]))
    likely = cause("other_features", "linear function", weights=ast.unparse(weights), got=got, rows=rows)
    return from_code(wrong_size("x", size, expected, got, [likely], [fact(size, expected, "kernel")]))


def _columns(units: int) -> list[int]:
    """How many values the weights of cells with these units make."""
    return [gates * units for gates in GATES.values()]


def _functions(found: Found) -> list[Factors]:
    """The arrays and the weights of the linear functions in what failed."""
    statement = found.line.statement
    calls = [one for one in ast.walk(statement) if isinstance(one, ast.Call)] if statement else []
    return [factors for one in calls if (factors := factors_of_linear(one))]


def _transposed(found: Found, weights: ast.expr) -> Cause:
    """Weights in the other order: with the line that failed, in which they are transposed, if the program does not show
    the one that makes them."""
    tree, text = found.program.tree, ast.unparse(weights)
    likely = cause("kernel_order", "pytorch", weights=text)
    line = (tree.frames[-1:] or [found.code])[0].strip()
    is_made = any(tree.made_by(one) for one, _ in tree.linear_functions_in(found.code))
    if is_made or line.count(f", {text}") != 1 or "\n" in line:
        return likely
    return replace(likely, wrong=line, fix=line.replace(f", {text}", f", {text}.T"), is_own=True)
