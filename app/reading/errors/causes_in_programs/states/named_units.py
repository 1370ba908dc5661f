"""The units of a cell of one's own whose loop runs over the wrong axis, by the name that the program gives them."""

import ast
from dataclasses import replace

from ....facts_about_sizes import fact
from ...axes_of_arrays import MATRIX
from ...code_lines.names_of_sizes import HIDDEN_SIZE, LAYERS
from ...framework_messages.message_template import HANDWRITTEN_CELLS, Found
from ...mismatch import Mismatch

OF_LOOP = ("scan_axis", "step_axis", "first_axis_step")
"""Causes that say only the sizes of x."""


def _of_named_units(found: Found, mismatch: Mismatch) -> Mismatch:
    """A sum of what x and h give the gates, which has as many columns as a number that the program calls units."""
    shapes = found.shape("left"), found.shape("right")
    columns = {one[-1] for one in shapes if len(one) == MATRIX}
    if mismatch.first_cause not in OF_LOOP or found.framework not in HANDWRITTEN_CELLS or len(columns) != 1:
        return mismatch
    tree, (units,) = found.program.tree, columns
    is_known = any("num_units" in one.names for one in mismatch.facts)
    names = (one for one in tree.nodes if isinstance(one, ast.Name) and not LAYERS.search(one.id))
    if is_known or not units or not any(HIDDEN_SIZE.search(one.id) and tree.number(one) == units for one in names):
        return mismatch
    return replace(mismatch, facts=(*mismatch.facts, fact("num_units", units, "program")))


RULES = (_of_named_units,)
"""What the program says about sizes beside a loop."""
