"""What a pasted program says about weights of its own after layers of Flax, which it passes to the network."""

import ast
from dataclasses import replace

from ..causes import cause
from ..code_lines.corrected_lines import Corrections
from ..framework_messages.axes_of_handwritten_cells import of_factors
from ..framework_messages.message_template import Found
from ..mismatch import Mismatch, only_size

DIRECTIONS = 2


def _rows(found: Found, units: int | None) -> ast.expr | None:
    """The rows of the weights of a product, in the line that makes them, if they are as many as one direction has
    units; None for other weights."""
    tree = found.program.tree
    sizes = tree.sizes_of_flax_cell
    if (sizes.get("directions"), sizes.get("num_units")) != (DIRECTIONS, units):
        return None
    for _, weights in tree.products_in(found.code):
        made = tree.made_by(weights)
        rows = tree.sizes_of(made)[:1] if made else []
        if rows and tree.number(rows[0]) == units:
            return rows[0]
    return None


def _of_directions(found: Found, mismatch: Mismatch) -> Mismatch:
    """Weights for one direction, which get the values of both."""
    got, units = (only_size(found.shape(side)) for side in ("left", "right"))
    is_double = units is not None and got == DIRECTIONS * units
    is_of_weights = not mismatch.causes or mismatch.causes[0].id == "output_weights"
    if found.framework != "jax" or not is_double or not is_of_weights or _rows(found, units) is None:
        return mismatch
    likely = cause("output_directions", found.framework)
    if mismatch.causes:
        return replace(mismatch, causes=(likely,))
    sentence = of_factors(found, got or 0, units or 0)
    return Mismatch("dense_input", "features", sentence, (units,), (got,), (likely,), is_of_equals=True)


def rows_of_directions(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the weights, with rows for both directions."""
    tree, rows = found.program.tree, _rows(found, only_size(mismatch.expected))
    return tree.corrected((rows, tree.doubled(rows))) if rows is not None else ()


RULES = (_of_directions,)
"""What the program says about the causes in weights after layers."""

WITHOUT_CAUSES = RULES
"""The same for messages of which nothing else says a cause."""

CORRECTIONS = {"output_directions": rows_of_directions}
"""Cause -> the lines that it corrects."""
