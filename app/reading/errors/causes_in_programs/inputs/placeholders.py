"""The placeholders of a program of TensorFlow 1, which say the axes of its x."""

import ast

from ...axes_of_arrays import RANK
from ...code_lines.corrected_lines import Corrections
from ...code_lines.written_sizes import size_text
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size


def features_of_placeholder(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of the only placeholder with the features that x has, with those that its layer was made for."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    is_of_x = (mismatch.tensor, mismatch.axis, found.framework) == ("x", "features", "tf1")
    if not is_of_x or not expected or not got:
        return ()
    shapes = [tree.argument(one, 1, "shape") for one in tree.calls_of("placeholder")]
    last = [one.elts[-1] for one in shapes if isinstance(one, (ast.List, ast.Tuple)) and one.elts]
    fitting = [one for one in last if tree.number(one) == got]
    return tree.corrected((fitting[0], size_text(tree, fitting[0], expected))) if len(fitting) == 1 else ()


def any_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of the only placeholder with the number of steps that the feed has another of, with any number."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    is_of_x = (mismatch.tensor, mismatch.axis, found.framework) == ("x", "time_step", "tf1")
    if not is_of_x or not isinstance(expected, tuple) or not isinstance(got, tuple) or len(expected) != RANK:
        return ()
    shapes = [tree.argument(one, 1, "shape") for one in tree.calls_of("placeholder")]
    sizes = [one.elts for one in shapes if isinstance(one, (ast.List, ast.Tuple)) and len(one.elts) == RANK]
    fitting = [one for one in sizes if tuple(map(tree.number, one)) == expected]
    return tree.corrected((fitting[0][1], "None")) if len(fitting) == 1 else ()


CORRECTIONS = {"other_features": features_of_placeholder, "other_steps": any_steps}
"""Cause -> the lines that it corrects."""
