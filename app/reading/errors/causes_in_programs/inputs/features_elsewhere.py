"""What a pasted program says about the x of a handwritten cell that it makes with its features in another axis."""

import ast
from dataclasses import replace

from ...axes_of_arrays import RANK
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...framework_messages.message_template import HANDWRITTEN_CELLS, Found
from ...mismatch import Mismatch, only_size


def _exchanged(found: Found, mismatch: Mismatch) -> tuple[ast.expr, ast.expr] | None:
    """The last size of the only array with three axes that has as many features there as the failed x, and the only
    other size that the weights need; None for any other array."""
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    is_of_features = (mismatch.tensor, mismatch.axis) == ("x", "features") and found.framework in HANDWRITTEN_CELLS
    if not is_of_features or None in (expected, got) or expected == got:
        return None
    tree, pairs = found.program.tree, []
    for one in (call for call in tree.calls if tree.is_maker(call)):
        written, known = tree.sizes_of(one), tree.axes(one)
        if len(written) == len(known) == RANK and known[-1] == got:
            others = [size for size, n in zip(written[:-1], known, strict=False) if n == expected]
            pairs.append((written[-1], others[0]) if len(others) == 1 else None)
    return pairs[0] if len(pairs) == 1 else None


def _of_features(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x of which another axis has as many entries as the weights have rows."""
    is_general = mismatch.first_cause == "other_features"
    if not is_general or not _exchanged(found, mismatch):
        return mismatch
    return replace(mismatch, causes=(cause("features_elsewhere", found.framework), *mismatch.causes))


def features_last(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes x, with its features in the last axis."""
    tree, both = found.program.tree, _exchanged(found, mismatch)
    return tree.corrected((both[0], tree.text(both[1])), (both[1], tree.text(both[0]))) if both else ()


RULES = (_of_features,)
"""What the program says about the features of its x."""

CORRECTIONS = {"features_elsewhere": features_last}
"""Cause -> the lines that it corrects."""
