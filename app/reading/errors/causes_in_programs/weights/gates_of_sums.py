"""What a pasted program says about a sum in a cell that TensorFlow or Keras computes: one of its arrays was made with
the units of one gate, and the other one with those of all gates."""

import ast
import re
from dataclasses import replace
from typing import NamedTuple

from ....facts_about_sizes import GATES, fact
from ...causes import cause
from ...code_lines.array_names import role_of
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import base_of, factors_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, from_code, wrong_size
from .kernels_of_keras_cells import of_only_input

SPLITS = ("split", "chunk")


class Columns(NamedTuple):
    """The last size in what makes the weights or the bias of a term, its number, 0 if the program does not say it, and
    the name of the tensor."""

    size: ast.expr
    number: int
    tensor: str

    @property
    def factors(self) -> tuple[int, str]:
        """How many times the size has an expression: ``2 * units``."""
        match self.size:
            case ast.BinOp(ast.Constant(int(times)), ast.Mult(), of):
                return times, ast.unparse(of)
            case ast.BinOp(of, ast.Mult(), ast.Constant(int(times))):
                return times, ast.unparse(of)
        return 1, ast.unparse(self.size)


def _columns(tree: ProgramTree, term: ast.expr) -> Columns | None:
    """The columns of a term of a sum: of the weights of its product, or of the bias; None for anything else."""
    splits = [one.made.args[0] for one in tree.origins(term, makers=SPLITS) if one.made.args]
    term = splits[0] if len(splits) == 1 else term
    products = [factors for one in ast.walk(term) if (factors := factors_of(one))]
    if len(products) > 1:
        return None
    weights = products[0][1] if products else term
    of_h = bool(products) and role_of(base_of(products[0][0])) == "h"
    size = _last_size(tree, weights)
    number = tree.number(size) if size is not None else None
    if size is None:
        return None
    return Columns(size, number or 0, "bias" if not products else "recurrent_kernel" if of_h else "kernel")


def _last_size(tree: ProgramTree, weights: ast.expr) -> ast.expr | None:
    """The last size in what makes weights, whatever calls it goes through; None if several are written there."""
    value = tree.assigned(weights) if isinstance(weights, (ast.Name, ast.Attribute)) else None
    nodes = [*ast.walk(value)] if value is not None else []
    shapes = [one.elts for one in nodes if isinstance(one, ast.Tuple) and one.elts]
    if not shapes:
        calls = [one for one in nodes if isinstance(one, ast.Call) and tree.is_maker(one)]
        shapes = [sizes for one in calls if (sizes := tree.sizes_of(one))]
    if not shapes and (made := tree.made_by(weights)):
        shapes = [tree.sizes_of(made)]
    return shapes[0][-1] if len(shapes) == 1 and shapes[0] else None


def _sums(found: Found) -> list[ast.BinOp]:
    """The sums in the lines that failed; in the cell that Keras names, if the traceback has no line of it."""
    tree = found.program.tree
    sums = [one for one in tree.nodes_of_failure if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add)]
    called = CALLED.findall(found.surroundings.original)
    cell = tree.forward_of(called[-1]) if called and not sums else None
    nodes = ast.walk(cell) if cell else iter(())
    return sums or [one for one in nodes if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add)]


CALLED = re.compile(r"when calling (\w{1,80})\.call\(\)")
"""The class whose call failed, as Keras says it."""


def _one_gate(found: Found) -> tuple[Columns, int] | None:
    """The columns of one gate in the sum that failed, and the number of gates of the others; None for another sum."""
    tree = found.program.tree
    for one in _sums(found) if found.framework in ("keras", "tf1", "tensorflow") else ():
        both = [_columns(tree, term) for term in (one.left, one.right)]
        known = [one for one in both if one]
        if len(known) != len(both):
            continue
        less, more = sorted(known, key=lambda one: one.number)
        if less.number and more.number in [n * less.number for n in {*GATES.values()} - {1}]:
            return less, more.number // less.number
        if not less.number and (of_message := _of_said_columns(found, known)):
            return of_message
    return None


def _of_said_columns(found: Found, terms: list[Columns]) -> tuple[Columns, int] | None:
    """The term of one gate, and the gates of the other one, if the program writes both with the same units, and the
    message says their numbers; None for others."""
    left, right = found.shape("left"), found.shape("right")
    of_axis = (found.number("a"), found.number("b")) if found.number("i") == 1 else ()
    said = (left[-1], right[-1]) if len(left) == len(right) == 2 else of_axis
    pairs = zip(terms, said, strict=False)
    known = sorted((one.factors, size or 0, one) for one, size in pairs)
    if len(known) != 2:
        return None
    ((one, units), size, less), ((gates, same), of_gates, _) = known
    is_said = one == 1 and units == same and size and of_gates == gates * size
    return (less._replace(number=size), gates) if is_said and gates > 1 else None


OF_SUM = re.compile(r"-sum(?:-of-\w+)?$|^pytorch-broadcast$")
"""The messages about sums."""


def _of_sum(found: Found, mismatch: Mismatch) -> Mismatch:
    """A sum of arrays of all gates, and of one of them."""
    if not OF_SUM.search(found.template.id) or not (wrong := _one_gate(found)):
        return mismatch
    one, gates = wrong
    likely = cause("gates_of_weights", found.framework)
    of_gates = wrong_size(one.tensor, "gates*num_units", gates * one.number, one.number, [likely])
    known = mismatch.facts if mismatch.axis == "gates*num_units" else ()
    if found.program.tree.number(one.size) is None:  # the units of a cell that the message says
        known = (*known, fact("num_units", one.number, "weights"), *of_only_input(found))
    return from_code(replace(of_gates, facts=known))


def _split_gate(found: Found) -> tuple[Columns, int] | None:
    """The columns of one gate in the array that the failed line splits into several; None for another line."""
    tree = found.program.tree
    calls = [one for one in tree.calls_of_failure(*SPLITS) if len(one.args) > 1]
    parts = tree.number(calls[0].args[1]) if len(calls) == 1 else None
    columns = _columns(tree, calls[0]) if parts else None
    return (columns, parts) if columns and parts and parts > 1 and columns.number % parts else None


def columns_of_all_gates(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the weights or the bias, with the units of all gates."""
    tree, wrong = found.program.tree, _one_gate(found) or _split_gate(found)
    return tree.corrected((wrong[0].size, f"{wrong[1]} * {tree.operand(wrong[0].size)}")) if wrong else ()


RULES = WITHOUT_CAUSES = (_of_sum,)
"""What the program says about the weights in a sum, whatever else says a cause."""

CORRECTIONS = {"gates_of_weights": columns_of_all_gates}
"""Cause -> the lines that it corrects."""
