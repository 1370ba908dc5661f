"""The kernel of a saved model of Keras or TensorFlow 1 that was made for other features than those of x."""

import ast

from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.written_sizes import with_value
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch
from ..inputs.keras_shapes import inputs


def features_of_kernel(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that says the features of x where a kernel in a file was made for others. In TensorFlow 1 the rows of a
    kernel are also those of the state."""
    tree, shapes = found.program.tree, (mismatch.expected, mismatch.got)
    if (mismatch.tensor, mismatch.axis) != ("kernel", "features") or found.framework not in ("keras", "tf1"):
        return ()
    rows = [one[0] for one in shapes if isinstance(one, tuple)]
    state = next((one.value for one in mismatch.facts if one.names == {"num_units"}), 0)
    expected, got = ((size or 0) - (state if found.framework == "tf1" else 0) for size in rows)
    if expected < 1 or got < 1:  # a kernel that has no rows of the state beside those of x
        return ()
    placeholders = [tree.argument(one, 1, "shape") for one in tree.calls if name_of(one) == "placeholder"]
    sizes = [one.elts[-1] for one in placeholders if isinstance(one, (ast.Tuple, ast.List)) and len(one.elts) > 2]
    sizes += [features for _, features in inputs(tree)]
    of_layer = [one for one in sizes if tree.number(one) == expected]
    return with_value(tree, of_layer[0], got) if len(of_layer) == 1 else ()


CORRECTIONS = {"other_size": features_of_kernel}
"""Cause -> the lines that it corrects."""
