"""Data that gets a new shape for a recurrent layer: with the features of that layer as its last axis."""

import ast
import re
from dataclasses import replace
from math import prod

from ....code.values import Layer
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch

OF_NEW_SHAPE = ("reshape_batch", "reshape_values")
"""Causes of a new shape that has another number of values."""

OUTPUT = re.compile(r"\boutput\b")


def _of_data(found: Found, mismatch: Mismatch) -> Mismatch:
    """A new shape of x: its general lines are those of x, and one line if the program says the features."""
    if mismatch.tensor != "x" or any(one.id not in OF_NEW_SHAPE for one in mismatch.causes):
        return mismatch
    if features_of_new_shape(found, mismatch):
        return replace(mismatch, causes=(cause("reshape_values", found.framework),))
    causes = (replace(one, wrong=OUTPUT.sub("x", one.wrong), fix=OUTPUT.sub("x", one.fix)) for one in mismatch.causes)
    return replace(mismatch, causes=tuple(causes))


def features_of_new_shape(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that gives an array a new shape for a recurrent layer, with the features of that layer in the last axis,
    and -1 in the first one."""
    tree, one = found.program.tree, found.program.reshape()
    node = one.node if one else None
    statement = next((above for above in tree.above(node) if isinstance(above, ast.Assign)), None) if node else None
    if not isinstance(node, ast.Call) or statement is None:
        return ()
    names = {ast.unparse(target) for target in statement.targets}
    layers = {call.layer for call in found.program.calls if call.layer and call.operands[0].text in names}
    features = {_features(layer) for layer in layers}
    shapes = [given.elts for given in node.args if isinstance(given, (ast.Tuple, ast.List))]
    sizes = shapes[-1] if shapes else node.args
    numbers = [tree.number(size) for size in sizes]
    if len(features) != 1 or len(sizes) < 2 or None in numbers:
        return ()
    (wanted,) = features
    number = found.number("size") or prod(axis or 0 for axis in found.shape("input"))
    if not wanted or number % (wanted * prod(n or 1 for n in numbers[1:-1])):
        return ()
    last = [(sizes[-1], str(wanted))] if numbers[-1] != wanted else []
    return tree.corrected((sizes[0], "-1"), *last)


def _features(layer: Layer) -> int | None:
    features = layer.size("features")
    return features if isinstance(features, int) else None


RULES = (_of_data,)
"""What the program says about data that gets a new shape."""

CORRECTIONS = {"reshape_values": features_of_new_shape}
"""Cause -> the lines that it corrects."""
