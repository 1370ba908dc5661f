"""What a pasted program says about the kernels of its own cells in Keras, whose rows are features, units or both: the
cause that this leaves, and the lines that causes correct."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from ....facts_about_sizes import GATES, Fact, fact
from ...axes_of_arrays import MATRIX
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.gates_of_own_cells import weights_of_x
from ...code_lines.program_nodes import base_of, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.handwritten_cells.products_in_failed_line import shapes_of_factors
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, Shape, only_size, wrong_size
from ..inputs.keras_shapes import inputs


def _of_recurrent_kernel(found: Found, mismatch: Mismatch) -> Mismatch:
    """The recurrent kernel of a program's handwritten cell, whose rows are not the units that its columns have."""
    units, rows = only_size(mismatch.got), only_size(mismatch.expected)
    shape = found.shape("right") or (found.number("c"), found.number("d"))
    is_of_state = (mismatch.tensor, mismatch.axis, found.framework) == ("h_0", "num_units", "keras")
    if not is_of_state or not units or not rows or len(shape) != 2 or shape[0] != rows or shape[1] is None:
        return mismatch
    if shape[1] % units or shape[1] in [gates * rows for gates in GATES.values()]:
        return mismatch
    likely = cause("recurrent_rows", "keras", units=units, columns=shape[1])
    facts = [fact("num_units", units, "state")]
    if not found.cell:
        facts.append(fact("gates", shape[1] // units, "kernel"))
    facts += of_only_input(found)
    return wrong_size("recurrent_kernel", "num_units", units, rows, [likely], facts)


def _of_input_of_cell(found: Found, mismatch: Mismatch) -> Mismatch:
    """The sizes of a handwritten cell whose recurrent kernel has other rows: those of its only input, and its gates, if
    the program multiplies h by this kernel alone."""
    if mismatch.first_cause != "recurrent_rows" or found.framework != "keras":
        return mismatch
    facts = [one for one in of_only_input(found) if one not in mismatch.facts]
    (units, columns), products = _units_and_columns(found, mismatch), found.program.operations
    of_state = [one for one in products if one.kind == "product" and one.operands[0].roles == {"h_0"}]
    is_known = found.cell or any(one.terms == (("gates",),) for one in mismatch.facts)
    if len(of_state) == 1 and units and columns and columns % units == 0 and not is_known:
        facts.append(fact("gates", columns // units, "kernel"))
    return replace(mismatch, facts=(*mismatch.facts, *facts))


def _of_input_of_kernel(found: Found, mismatch: Mismatch) -> Mismatch:
    """The sizes of the only input of a model, whose cell has a kernel with other rows than x has features."""
    is_of_kernel = found.framework == "keras" and mismatch.first_cause in ("kernel_of_units", "kernel_rows")
    facts = [one for one in of_only_input(found) if one not in mismatch.facts] if is_of_kernel else []
    return replace(mismatch, facts=(*mismatch.facts, *facts))


def _units_and_columns(found: Found, mismatch: Mismatch) -> tuple[int | None, int | None]:
    kernel = shapes_of_factors(found)[1]
    return only_size(mismatch.expected), kernel[1] if len(kernel) == 2 else None


def of_only_input(found: Found) -> Iterator[Fact]:
    """The steps and the features in the shape of the only input of a model of Keras."""
    if len(shapes := inputs(found.program.tree)) == 1:
        sizes = zip(("time_step", "features"), map(found.program.tree.number, shapes[0]), strict=True)
        yield from (fact(name, size, "input") for name, size in sizes if size)


def rows_of_recurrent_kernel(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the recurrent kernel, with as many rows as units."""
    tree = found.program.tree
    products = [one for one in found.program.operations if one.kind == "product" and one.operands[0].roles == {"h_0"}]
    of_state = [one.operands[1].node for one in products]
    kernels = [kernel for _, kernel in tree.products_in(found.code)] or [one for one in of_state if one is not None]
    for kernel in kernels or _kernels_of_given_state(tree):
        made = tree.assigned(kernel)
        shape = tree.argument(made, 0, "shape") if isinstance(made, ast.Call) else None
        if isinstance(shape, (ast.Tuple, ast.List)) and len(shape.elts) == 2:
            units = _without_gates(shape.elts[1], only_size(mismatch.expected), shapes_of_factors(found)[1][-1:])
            return tree.corrected((shape.elts[0], tree.text(units))) if units else ()
    return ()


def _kernels_of_given_state(tree: ProgramTree) -> list[ast.expr]:
    """The weights by which ``call`` of a cell multiplies a part of the states that it gets: ``prev = states[0]``."""
    kernels: list[ast.expr] = []
    for node, (state, kernel) in tree.products:
        call = tree.function_of(node)
        states = tree.parameters(call)[1:] if call and call.name == "call" else []
        value = tree.assigned(state) if isinstance(state, ast.Name) else state
        if isinstance(value, ast.Subscript) and base_of(value) in states[:1]:
            kernels.append(kernel)
    return kernels


def _without_gates(columns: ast.expr, units: int | None, said: Shape) -> ast.expr | None:
    """The units in the columns of all gates, which the message may say: ``units`` in ``4 * units``; None if they are
    written otherwise."""
    if said in ((), (None,), (units,)):
        return columns
    match columns:
        case ast.BinOp(ast.Constant(int(gates)), ast.Mult(), name) | ast.BinOp(
            name, ast.Mult(), ast.Constant(int(gates))
        ):
            return name if said == (gates * (units or 0),) else None
    return None


def rows_of_kernel(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines in the ``build`` of a cell of Keras that make the kernel, or one of each gate, with as many rows as x
    has features."""
    tree = found.program.tree
    made = weights_of_x(tree)
    shapes = [tree.argument(one, 0, "shape") for one in made]
    build = tree.function_of(made[0]) if made else None
    if found.framework != "keras" or not build or build.name != "build":
        return ()
    features = f"{tree.first_parameter(build)}[-1]"
    rows = [one.elts[0] for one in shapes if isinstance(one, ast.Tuple) and len(one.elts) == MATRIX]
    wrong = [one for one in rows if features not in (ast.unparse(one), _assigned(tree, one))]
    is_same = len({*map(ast.unparse, wrong)}) == 1 and all(tree.function_of(one) is build for one in made)
    return tree.corrected(*((one, features) for one in wrong)) if is_same and len(rows) == len(made) else ()


def _assigned(tree: ProgramTree, name: ast.expr) -> str:
    """The value of a name."""
    value = tree.assigned(name) if isinstance(name, ast.Name) else None
    return ast.unparse(value) if isinstance(value, ast.expr) else ""


def rows_of_joined_kernel(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the weights of x and h in a cell of Keras, whose rows are those of x: those of h are
    added."""
    tree, given = found.program.tree, found.surroundings.first_argument
    kernels = [tree.assigned(kernel) for _, kernel in tree.products_in(found.code)]
    made = [one for one in kernels if isinstance(one, ast.Call) and name_of(one) == "add_weight"]
    shape = tree.argument(made[0], 0, "shape") if len(made) == 1 else None
    if found.framework != "keras" or not isinstance(shape, ast.Tuple) or only_size(mismatch.got) not in given[-1:]:
        return ()
    units = [one for one in ast.walk(shape.elts[-1]) if isinstance(one, ast.Attribute)]
    rows = shape.elts[0]
    return tree.corrected((rows, f"{tree.text(rows)} + {ast.unparse(units[0])}")) if len(units) == 1 else ()


RULES = (_of_recurrent_kernel, _of_input_of_cell, _of_input_of_kernel)
"""What the program says about the rows of its kernels."""

CORRECTIONS = {
    "recurrent_rows": rows_of_recurrent_kernel,
    "joined_weights": rows_of_joined_kernel,
    **dict.fromkeys(("kernel_of_units", "kernel_rows"), rows_of_kernel),
}
"""Cause -> the lines that it corrects."""
