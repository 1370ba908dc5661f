"""What a pasted program says about a sum in a cell that TensorFlow or Keras computes: one of its arrays was made with
the units of one gate, and the other one with those of all gates."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ....facts_about_sizes import GATES, Fact, fact
from ...axes_of_arrays import RANK, STEPS
from ...causes import cause
from ...code_lines.array_names import role_of
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import base_of, factors_of, terms_of
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

    def with_gates(self, tree: ProgramTree, gates: int) -> tuple[ast.AST, str]:
        """What stands for the size, or for the number of gates in it, with another number of gates."""
        match self.size:
            case ast.BinOp(ast.Constant(int()) as times, ast.Mult(), _) | ast.BinOp(
                _, ast.Mult(), ast.Constant(int()) as times
            ) if self.factors[0] > 1:
                return times, str(gates)
        return self.size, f"{gates} * {tree.operand(self.size)}"


class Wrong(NamedTuple):
    """The columns of a term that has other gates than the others, and how many units and gates it has to have."""

    columns: Columns
    units: int
    gates: int


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
    known = sorted((one.factors, size, one) for one, size in zip(terms, _said_columns(found), strict=False))
    if len(known) != 2:
        return None
    ((one, units), size, less), ((gates, same), of_gates, _) = known
    is_said = one == 1 and units == same and size and of_gates == gates * size
    return (less._replace(number=size), gates) if is_said and gates > 1 else None


def _said_columns(found: Found) -> tuple[int, ...]:
    """The columns of both arrays of a sum, as the message says them; () for another axis."""
    left, right = found.shape("left"), found.shape("right")
    of_axis = (found.number("a"), found.number("b")) if found.number("i") == 1 else ()
    return (left[-1] or 0, right[-1] or 0) if len(left) == len(right) == 2 else of_axis


def _other_gates(found: Found) -> Wrong | None:
    """The term of the sum that failed whose columns are those of another number of gates than all others have, which
    have the same units. The others are two or more, or the function splits something into as many gates. None for
    another sum."""
    tree, sums = found.program.tree, _sums(found)
    for whole in (one for one in sums if not any(one in (other.left, other.right) for other in sums)):
        terms = [_columns(tree, term) for term in terms_of(whole)]
        known = [one for one in terms if one]
        gates = [*(one.factors[0] for one in known), *_parts_of_splits(tree, whole)]
        others = [one for one in known if gates.count(one.factors[0]) == 1]
        if len(gates) < MOST_ALIKE or len(known) != len(terms) or len({one.factors[1] for one in known}) != 1:
            continue
        if len(others) != 1 or len({*gates}) != 2:
            continue
        (wrong,), (right,) = others, {*gates} - {others[0].factors[0]}
        said, pair = sorted(_said_columns(found)), sorted((wrong.factors[0], right))
        units = said[0] // pair[0] if said else 0
        if units and said == [times * units for times in pair]:
            return Wrong(wrong, units, right)
    return None


MOST_ALIKE = 3
"""As many numbers of gates say by most of them which one is wrong."""


def _parts_of_splits(tree: ProgramTree, node: ast.expr) -> Iterator[int]:
    """The number of parts into which the function of a node splits an array, if it splits one alone."""
    calls = [one for one in tree.calls_of(*SPLITS) if tree.function_of(one) is tree.function_of(node)]
    parts = tree.argument(calls[0], 1) if len(calls) == 1 else None
    if parts is not None and (number := tree.number(parts)):
        yield number


OF_SUM = re.compile(r"-sum(?:-of-\w+)?$|^pytorch-broadcast$")
"""The messages about sums."""


def _of_sum(found: Found, mismatch: Mismatch) -> Mismatch:
    """A sum of arrays of all gates, and of one of them, or of another number of gates."""
    if not OF_SUM.search(found.template.id):
        return mismatch
    if wrong := _one_gate(found):
        one, gates = wrong
        likely = cause("gates_of_weights", found.framework)
        of_gates = wrong_size(one.tensor, "gates*num_units", gates * one.number, one.number, [likely])
        units = one.number
    elif (not mismatch.causes or found.framework == "keras") and (other := _other_gates(found)):
        one, units = other.columns, other.units
        likely = cause("gates_of_term", found.framework, gates=other.gates)
        sizes = other.gates * units, one.factors[0] * units
        of_gates = wrong_size(one.tensor, "gates*num_units", *sizes, [likely])
    else:
        return mismatch
    known = mismatch.facts if mismatch.axis == "gates*num_units" else ()
    if found.program.tree.number(one.size) is None:  # the units of a cell that the message says
        known = (*known, fact("num_units", units, "weights"), *of_only_input(found), *_of_own_cell(found))
    return from_code(replace(of_gates, facts=tuple(dict.fromkeys(known))))


def _of_own_cell(found: Found) -> Iterator[Fact]:
    """The sizes of x and of the state of a cell of the program's own, as Keras lists them after a message,
    and in the only call of the layer that runs it."""
    around = found.surroundings
    if found.framework != "keras" or not around.called_own_cell:
        return
    x, h = around.first_argument, around.state_shape
    sizes = [*zip((STEPS[0], "features"), x, strict=True)] if len(x) == len(STEPS) else []
    sizes += [("num_units", h[-1])] if len(h) == len(STEPS) else []
    yield from (fact(name, size, "arguments") for name, size in sizes if size)
    runs = [one for one in found.program.operations if one.layer and one.layer.setting("own_cell") and one.operands]
    axes = {one.operands[0].axes for one in runs}
    if len(axes) == 1 and len(of_x := axes.pop()) == RANK and isinstance(steps := of_x[1], int):
        yield fact(STEPS[1], steps, "x")


def _of_arguments(found: Found, mismatch: Mismatch) -> Mismatch:
    """What the arguments of a cell say, if nothing says which of its arrays do not fit."""
    is_unknown = mismatch.tensor is None and not mismatch.facts
    return replace(mismatch, facts=tuple(dict.fromkeys(_of_own_cell(found)))) if is_unknown else mismatch


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


RULES = WITHOUT_CAUSES = (_of_sum, _of_arguments)
"""What the program says about the weights in a sum, whatever else says a cause."""


def gates_of_term(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the weights or the bias, with as many gates as the other terms of the sum have."""
    wrong = _other_gates(found)
    return found.program.tree.corrected(wrong.columns.with_gates(found.program.tree, wrong.gates)) if wrong else ()


CORRECTIONS = {"gates_of_weights": columns_of_all_gates, "gates_of_term": gates_of_term}
"""Cause -> the lines that it corrects."""
