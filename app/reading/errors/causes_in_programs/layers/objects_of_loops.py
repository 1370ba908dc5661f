"""What a pasted program says about a list of objects of a class with a recurrent layer, or of cells of Flax, that a
loop over numbers makes alike: all for the features of x, also those that get the units of the object below."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from itertools import dropwhile, islice
from typing import NamedTuple

from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.made_layers import CELLS_OF_FLAX
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size


class Alike(NamedTuple):
    """The features of each object, its units as a program writes them, and the loop that makes the objects."""

    features: ast.expr
    units: str
    loop: ast.comprehension | ast.For


def _alike(found: Found, mismatch: Mismatch) -> Alike | None:
    """The objects of the class that failed, if one gets as many values as those below return; None for others."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    if (mismatch.tensor, mismatch.axis) != ("x", "features") or not expected or not got:
        return None
    for made in _made(found):
        loop, features = _loop_over_numbers(tree, made), tree.argument_of_size(made, expected)
        units, half = tree.argument_of_size(made, got), tree.argument_of_size(made, got // 2)
        if loop is None or features is None:
            continue
        if units is not None:
            return Alike(features, tree.text(units), loop)
        if half is not None and got % 2 == 0 and _has_two_directions(tree):
            return Alike(features, tree.doubled(half), loop)
    return None


def _made(found: Found) -> Iterator[ast.Call]:
    """The calls that make an object of a class with a line of the traceback, the innermost class first, or a cell of
    Flax."""
    tree = found.program.tree
    for line in reversed(tree.frames):
        nodes = tree.nodes_in(line)[:1]
        classes = {above.name for one in nodes for above in tree.above(one) if isinstance(above, ast.ClassDef)}
        yield from (one for one in tree.calls_of(*classes) if tree.constructor(one))
    if found.framework == "flax":
        yield from tree.calls_of(*CELLS_OF_FLAX)


def _loop_over_numbers(tree: ProgramTree, made: ast.Call) -> ast.comprehension | ast.For | None:
    """The loop over ``range(n)`` in which a call makes each item of a list, or the main part of it."""
    above = islice(dropwhile(lambda one: _is_wrapper(one), tree.above(made)), NODES_OF_APPEND)
    loop: ast.comprehension | ast.For
    match [*above]:
        case [ast.ListComp(generators=[loop]) | ast.GeneratorExp(generators=[loop]), *_]:
            pass
        case [ast.Call(), ast.Expr(), ast.For() as loop]:
            pass
        case _:
            return None
    is_counted = isinstance(loop.iter, ast.Call) and name_of(loop.iter) == "range" and len(loop.iter.args) == 1
    return loop if is_counted and isinstance(loop.target, ast.Name) else None


NODES_OF_APPEND = 3
"""What is above a call in a loop that adds each object to a list: another call, its line and the loop."""


def _is_wrapper(node: ast.AST) -> bool:
    """Whether a node makes a layer of the cell that it gets."""
    return isinstance(node, ast.Call) and name_of(node) != "append"


def _has_two_directions(tree: ProgramTree) -> bool:
    """Whether the program makes a layer that reads x in both directions."""
    said = [ast.unparse(one) for one in tree.values_of_keyword("bidirectional")]
    return "True" in said or bool(tree.calls_of("Bidirectional"))


def _of_objects_alike(found: Found, mismatch: Mismatch) -> Mismatch:
    """Objects of a list, all made for the features of x, of which the upper ones get the units of those below."""
    if not _alike(found, mismatch):
        return mismatch
    likely = cause("layer_below", found.framework, cell=found.cell)
    return replace(mismatch, causes=(likely,), is_of_equals=False)  # x is right, and the weights are not


def features_of_objects(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the objects, the first one for the features of x and the others for the units."""
    tree, alike = found.program.tree, _alike(found, mismatch)
    if not alike or not isinstance(target := alike.loop.target, ast.Name):
        return ()
    n = "n" if target.id == "_" else target.id
    features = (alike.features, f"{tree.text(alike.features)} if {n} == 0 else {alike.units}")
    return tree.corrected(features, *([(target, n)] if n != target.id else []))


RULES = (_of_objects_alike,)
"""What the program says about the causes in objects that a loop makes."""

CORRECTIONS = {"layer_below": features_of_objects}
"""Cause -> the lines that it corrects."""
