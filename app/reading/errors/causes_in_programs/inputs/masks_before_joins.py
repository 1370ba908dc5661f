"""What a pasted program says about a mask that lacks the steps which it joins with x later, such as the first token of
a class: the cause that this leaves, and the line that it corrects."""

import ast
from dataclasses import replace
from typing import NamedTuple

from .....translations.phrases import phrase
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch

JOINS = ("concat", "concatenate")

PADS = {"tf": "tf.pad", "ops": "ops.pad", "keras": "keras.ops.pad"}
"""The name of what a program imports -> its function that pads an array."""


class Joined(NamedTuple):
    """What makes the mask, and the steps that it lacks before and after those of x."""

    mask: ast.expr
    before: int
    after: int


def _joined(found: Found, mismatch: Mismatch) -> Joined | None:
    """The mask of the call that failed, whose x is another array with the same name, joined with more steps; None for
    other programs."""
    tree, (expected, got) = found.program.tree, (mismatch.expected, mismatch.got)
    calls = [one for one in tree.calls_of_failure() if tree.keywords(one, "mask") and one.args]
    if mismatch.first_cause != "short_mask" or len(calls) != 1:
        return None
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or len(expected) != len(got):
        return None
    x, mask = calls[0].args[0], tree.keywords(calls[0], "mask")[0]
    join = tree.assigned(x) if isinstance(x, ast.Name) else None
    made = tree.assigned(mask) if isinstance(mask, ast.Name) else None
    lacking = (expected[-1] or 0) - (got[-1] or 0)
    if not isinstance(join, ast.Call) or name_of(join) not in JOINS or made is None or lacking < 1:
        return None
    axis = tree.argument(join, 1, "axis")
    parts = join.args[0].elts if join.args and isinstance(join.args[0], (ast.List, ast.Tuple)) else []
    same = [n for n, one in enumerate(parts) if isinstance(one, ast.Name) and ast.unparse(one) == ast.unparse(x)]
    if len(parts) != 2 or len(same) != 1 or axis is None or tree.number(axis) != 1 or made.lineno > join.lineno:
        return None
    return Joined(made, lacking if same == [1] else 0, lacking if same == [0] else 0)


def _of_mask_before_join(found: Found, mismatch: Mismatch) -> Mismatch:
    """A mask of the steps that x had before it was joined."""
    if not _joined(found, mismatch):
        return mismatch
    sentence = phrase("The mask is made before steps are joined with x, which it lacks: join as many with the mask.")
    return replace(mismatch, causes=tuple(replace(one, sentence=sentence) for one in mismatch.causes))


def padded_mask(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the mask, with the steps that x gets later."""
    tree, joined = found.program.tree, _joined(found, mismatch)
    pad = next((function for name, function in PADS.items() if name in tree.imported), "")
    if not joined or not pad:
        return ()
    sizes = f"[[0, 0], [{joined.before}, {joined.after}]]"
    return tree.corrected((joined.mask, f"{pad}({tree.text(joined.mask)}, {sizes}, constant_values=True)"))


RULES = (_of_mask_before_join,)
"""What the program says about a mask that lacks joined steps."""

CORRECTIONS = {"short_mask": padded_mask}
"""Cause -> the lines that it corrects."""
