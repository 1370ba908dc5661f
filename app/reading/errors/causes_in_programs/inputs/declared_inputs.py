"""What a program that builds a graph of ONNX declares for the x of its recurrent node."""

import ast
import re
from dataclasses import replace

from ....facts_about_sizes import fact
from ...axes_of_arrays import axes_of_x_in_order
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.onnx_nodes import KERNEL, declared_x, order_of_x, shape_of_input
from ...code_lines.program_nodes import last_name
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, wrong_rank

OF_INFERENCE = ("onnx-rank", "onnx-node-rank")
"""Templates of the inference of shapes, in which x has no values yet."""

BUILDS = re.compile(r"\bmake_(?:node|tensor_value_info|graph)\(")
"""Code that builds a graph."""

OF_STEPS = re.compile(r"(?:n_?|num_?|max_?)?(?:t|seq\w*|time\w*|steps?|len\w*)", re.IGNORECASE)
OF_BATCH = re.compile(r"(?:n_?|num_?)?(?:b|bs|batch\w*|samples?)", re.IGNORECASE)
"""Names of the steps and of the batch."""


def _of_declared_axes(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x for which a graph declares another number of axes."""
    is_of_x = (mismatch.tensor, mismatch.axis) == ("x", "rank") and found.template.id in OF_INFERENCE
    if not is_of_x or not BUILDS.search(found.surroundings.original):
        return mismatch
    sizes = order_of_x(found.program.tree, found.cell) or axes_of_x_in_order(False)
    tree = found.program.tree
    shape = declared_x(tree, found.cell)
    got = tuple(map(tree.number, shape.elts)) if shape else ()
    weights = shape_of_input(tree, found.cell, KERNEL)
    features = weights[-1] if len(weights) == len(sizes) else None
    facts = [fact("features", features, "W")] if features else []
    said = wrong_rank("x", len(sizes), len(got)) if got else mismatch
    shown = [str(features) if features and one == "features" else one for one in sizes]
    return replace(
        mismatch,
        sentence=said.sentence,
        got=said.got,
        causes=(cause("declared_axes", "onnx", sizes=", ".join(shown)),),
        facts=(*mismatch.facts, *facts),
    )


def all_axes(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that declares x with two axes, with those of time and of the batch, as their names tell them."""
    tree = found.program.tree
    shape, order = declared_x(tree, found.cell), order_of_x(tree, found.cell)
    if shape is None or not order or len(shape.elts) != len(order) - 1:
        return ()
    first, features = shape.elts
    sizes = {"features": tree.text(features)}
    match first:
        case ast.BinOp(left, ast.Mult(), right):
            named = {_name_of_axis(one): tree.text(one) for one in (left, right)}
        case _:
            named = {_name_of_axis(first): tree.text(first)}
    if "" in named:
        return ()
    sizes |= {"time_step": "1", "batch_size": "1"} | named
    return tree.corrected((shape, f"[{', '.join(sizes[name] for name in order)}]"))


def _name_of_axis(size: ast.expr) -> str:
    """Which axis a size is that of, by its name; "" for any other name."""
    name = size.value if isinstance(size, ast.Constant) and isinstance(size.value, str) else last_name(size)
    if OF_STEPS.fullmatch(name):
        return "time_step"
    return "batch_size" if OF_BATCH.fullmatch(name) else ""


RULES = (_of_declared_axes,)
"""What the program says about the axes of x that it declares."""

CORRECTIONS = {"declared_axes": all_axes}
"""Cause -> the lines that it corrects."""
