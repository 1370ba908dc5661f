"""Layers that a program computes one above the other, in a loop that calls one function for each of them: all with the
features of x, though the upper ones get the units of the layer below."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ...causes import cause
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.program_nodes import base_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size

UNDERSCORE = re.compile(r"(?<!\w)_(?!\w)")
"""The name of a number that is not read, also where it is read in a string."""


class CallOfLayer(NamedTuple):
    """The call of the function of a layer in a loop over numbers: its arguments for the features and for the units."""

    counted: ast.Name
    features: ast.expr
    units: ast.expr


def _calls_of_layers(tree: ProgramTree, features: int, units: int) -> Iterator[CallOfLayer]:
    """The calls in the traceback of a function of the program, in a loop over numbers that gives it what it returned
    for the layer below."""
    for call in tree.calls_in_frames:
        match [*tree.above(call)][:2]:
            case [
                ast.Assign(targets=[target]),
                ast.For(target=ast.Name() as counted, iter=ast.Call(func=ast.Name("range"), args=[_])),
            ] if tree.function_called(call):
                pass
            case _:
                continue
        arguments = [*call.args, *(one.value for one in call.keywords if one.arg)]
        returned = {base_of(one) for one in (target.elts if isinstance(target, ast.Tuple) else [target])}
        of_features = [one for one in arguments if tree.size_said(one) == features]
        of_units = [one for one in arguments if tree.size_said(one) == units]
        if returned & {base_of(one) for one in arguments} and len(of_features) == len(of_units) == 1:
            yield CallOfLayer(counted, of_features[0], of_units[0])


def _call(found: Found, mismatch: Mismatch) -> CallOfLayer | None:
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    if (mismatch.tensor, mismatch.axis) != ("x", "features") or not expected or not got or expected == got:
        return None
    return next(_calls_of_layers(found.program.tree, expected, got), None)


def _of_loop(found: Found, mismatch: Mismatch) -> Mismatch:
    """The kernel of an upper layer, made for the features of x."""
    if not _call(found, mismatch):
        return mismatch
    return replace(mismatch, causes=(cause("layer_below", found.framework, cell=found.cell),))


def features_in_loop(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of each layer, with the units of the layer below for the upper ones."""
    tree, call = found.program.tree, _call(found, mismatch)
    if not call:
        return ()
    is_read = len(UNDERSCORE.findall(found.program.source)) > 1
    number = "n" if call.counted.id == "_" and not is_read else call.counted.id
    given = f"{tree.text(call.features)} if {number} == 0 else {tree.text(call.units)}"
    return all_of(
        [
            *([tree.replaced((call.counted, number))] if call.counted.id != number else []),
            tree.replaced((call.features, given)),
        ]
    )


RULES = (_of_loop,)
"""What the program says about the causes."""

CORRECTIONS = {"layer_below": features_in_loop}
"""Cause -> the lines that it corrects."""
