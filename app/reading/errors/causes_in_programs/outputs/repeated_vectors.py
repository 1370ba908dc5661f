"""What a pasted program, or the line that failed, says about a decoder of Keras that gets the last step of an encoder:
RepeatVector is missing."""

import ast
import re
from dataclasses import replace

from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch
from ..inputs.keras_shapes import INPUTS, inputs
from ..layers.arrays_beside_layers import beside

REPEAT = "RepeatVector"

OF_DECODER = re.compile(r"auto_?encod|\bae\b|decod|seq_?2_?seq", re.IGNORECASE)
"""What a program with an encoder and a decoder names."""

EVERY_STEP = re.compile(r"return_sequences\s?=\s?True")

UNITS = re.compile(r"(?:LSTM|GRU|RNN)\((?:units\s?=\s?)?(\d{1,6})\b")
"""The layer in the line that failed, and its units."""

AXES_OF_TARGET = 3


def _is_decoder(found: Found, width: int | None) -> bool:
    """Whether the layer that gets a vector of a ``width`` is the first one of a decoder: the program imports
    RepeatVector and never calls it, or names a decoder, and the layer returns every step and is not narrower."""
    tree = found.program.tree
    if tree.calls_of(REPEAT):
        return False
    if REPEAT in tree.imported:
        return True
    call = found.program.call_of_recurrent(2)
    if call and call.layer:
        units = call.layer.size("num_units")
        is_every_step = bool(call.layer.setting("return_sequences"))
    else:
        said = UNITS.search(found.code)
        units, is_every_step = int(said[1]) if said else None, bool(EVERY_STEP.search(found.code))
    is_narrower = not isinstance(units, int) or width is None or units < width
    return is_every_step and not is_narrower and OF_DECODER.search(found.surroundings.original) is not None


def _of_decoder(found: Found, mismatch: Mismatch) -> Mismatch:
    """A decoder that gets one vector for each sample, which is repeated for each of its steps."""
    is_of_rank = (mismatch.tensor, mismatch.axis, found.framework) == ("x", "rank", "keras")
    shape = mismatch.shapes[1]
    is_below = any(one.id == "return_sequences" for one in mismatch.causes) or OF_DECODER.search(found.code)
    if not is_of_rank or len(shape) != 2 or not is_below:
        return mismatch
    if not _is_decoder(found, shape[-1]):
        return mismatch
    others = [one for one in mismatch.causes if one.id != "return_sequences" or not _is_first_of_model(found)]
    return replace(mismatch, causes=(cause("repeated_vector", "keras"), *others))


def _is_first_of_model(found: Found) -> bool:
    """Whether the layer that gets a vector is the first one of a list of layers, after the shape of its input."""
    tree, call = found.program.tree, found.program.call_of_recurrent(2)
    made = tree.made_layer(call.layer) if call and call.layer else None
    above = next(tree.above(made), None) if made else None
    if made is None or not isinstance(above, ast.List):
        return False
    before = above.elts[: above.elts.index(made)]
    return all(isinstance(one, ast.Call) and name_of(one) in INPUTS for one in before)


def _steps(found: Found) -> str:
    """The number of steps that a decoder returns: that of the target, or else that of the input, as the program writes
    it; "" if it is not known."""
    tree = found.program.tree
    written = {tree.text(steps): steps for steps, _ in inputs(tree)}
    steps = next(iter(written.values())) if len(written) == 1 else None
    number = tree.number(steps) if steps is not None else None
    targets = [one.args[1] for one in tree.calls_of("fit") if len(one.args) > 1]
    target = tree.axes_of_made(targets[0]) if len(targets) == 1 else ()
    wanted = target[1] if len(target) == AXES_OF_TARGET else number
    if not isinstance(wanted, int):
        return ""
    return tree.text(steps) if steps is not None and wanted == number else str(wanted)


def vector_for_each_step(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that repeats the vector, before that of the decoder, or the call of the decoder with it."""
    tree, call = found.program.tree, found.program.call_of_recurrent(2)
    made = tree.made_layer(call.layer) if call and call.layer else None
    steps = _steps(found)
    repeat = beside(tree, made, REPEAT) if made else ""
    if not made or not steps or not repeat:
        return ()
    above = next(tree.above(made), None)
    if isinstance(above, ast.Call) and above.func is made and len(above.args) == 1:
        return tree.corrected((above.args[0], f"{repeat}({steps})({tree.text(above.args[0])})"))
    if isinstance(above, ast.Call) and name_of(above) == "add" and isinstance(above.func, ast.Attribute):
        return _before(tree, made, f"{tree.text(above.func.value)}.add({repeat}({steps}))")
    if isinstance(above, ast.List) and above.lineno == made.lineno:
        return tree.corrected((made, f"{repeat}({steps}), {tree.text(made)}"))
    return _before(tree, made, f"{repeat}({steps}),") if isinstance(above, ast.List) else ()


def _before(tree: ProgramTree, node: ast.expr, new: str) -> Corrections:
    """A new line before that of a node."""
    return [("", f"{new}  # before: {tree.line(node)}")]


RULES = (_of_decoder,)
"""What the program says about the causes in what a decoder gets."""

CORRECTIONS = {"repeated_vector": vector_for_each_step}
"""Cause -> the lines that it corrects."""
