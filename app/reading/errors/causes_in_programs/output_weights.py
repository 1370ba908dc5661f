"""What a pasted program says about weights of its own after layers of Flax, which it passes to the network."""

import ast
from dataclasses import replace

from ..causes import cause
from ..code_lines.corrected_lines import Corrections
from ..framework_messages.message_template import Found
from ..mismatch import Mismatch, only_size

DIRECTIONS = 2


def _rows(found: Found, mismatch: Mismatch) -> ast.expr | None:
    """The rows of the weights of a product, in the line that makes them, if they are as many as one direction has
    units; None for other weights."""
    tree, units = found.program.tree, only_size(mismatch.expected)
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
    units, got = only_size(mismatch.expected), only_size(mismatch.got)
    is_double = units is not None and got == DIRECTIONS * units
    first = next(iter(mismatch.causes), None)
    if not first or first.id != "output_weights" or not is_double or _rows(found, mismatch) is None:
        return mismatch
    return replace(mismatch, causes=(cause("output_directions", found.framework),))


def rows_of_directions(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the weights, with rows for both directions."""
    tree, rows = found.program.tree, _rows(found, mismatch)
    return tree.corrected((rows, tree.doubled(rows))) if rows is not None else ()


RULES = (_of_directions,)
"""What the program says about the causes in weights after layers."""

CORRECTIONS = {"output_directions": rows_of_directions}
"""Cause -> the lines that it corrects."""
