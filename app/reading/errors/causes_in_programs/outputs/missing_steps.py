"""What a pasted program of Keras says about an output that lacks its steps: the cause that this leaves, and the line
that it corrects."""

import ast
from dataclasses import replace

from ...axes_of_arrays import MATRIX, RANK
from ...causes import cause
from ...code_lines.corrected_lines import Corrections, all_of
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, wrong_rank
from ..inputs.calls_with_data import call_of_model


def every_step(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of the recurrent layer of Keras whose output lacks the steps that a target, or a joined array, has."""
    tree, one = found.program.tree, found.program.only_failed("join")
    if mismatch.tensor == "target" or mismatch.beside:
        layers = [call.layer for call in found.program.calls[-1:] if call.layer]
    else:
        joined = [operand for operand in one.operands if len(operand.axes) == 2] if one else []
        layers = [layer for operand in joined for layer in operand.layers]
    if len(layers) != 1 or layers[0].framework != "keras" or layers[0].setting("return_sequences"):
        return ()
    made = tree.made_layer(layers[0])
    return all_of([tree.with_every_step(made)]) if made else ()


def _of_missing_steps(found: Found, mismatch: Mismatch) -> Mismatch:
    """A target with a value for each step, for a layer of Keras that the program makes without its steps: the output
    lacks an axis. A target with another number of steps has none for each step of x."""
    about = (mismatch.tensor, mismatch.axis, mismatch.first_cause)
    is_of_steps = about == ("target", "rank", "return_sequences")
    if not is_of_steps or not isinstance(mismatch.expected, int) or not isinstance(mismatch.got, int):
        return mismatch
    target, output = mismatch.shapes[1], mismatch.beside
    steps = (found.program.calls[-1].operands[0].axes if found.program.calls else ())[1:2]
    if target[1:2] and isinstance(steps[0] if steps else None, int) and steps != target[1:2]:
        return replace(mismatch, causes=mismatch.causes[1:])
    is_same_but_steps = bool(output) and target == (*output[:1], *target[1:2], *output[1:])
    if not is_same_but_steps and not every_step(found, mismatch):
        return mismatch
    rank = len(output) or mismatch.expected + (found.template.id == OF_CLASSES)
    shapes = ((*output[:1], *target[1:2], *output[1:]), output) if output and target else ((), ())
    missing = mismatch.got - mismatch.expected
    lacking = wrong_rank("output", rank + missing, rank, mismatch.causes, mismatch.facts, shapes)
    return replace(lacking, beside=target)


def _of_target_of_every_step(found: Found, mismatch: Mismatch) -> Mismatch:
    """A target with as many steps as the x of the last recurrent layer of Keras, which the program makes without its
    steps."""
    tree, call, output = found.program.tree, call_of_model(found.program.tree), mismatch.expected
    array = tree.argument(call, 1, "y") if call else None
    target = tree.axes(array) if array is not None else ()
    is_of_shape = (mismatch.tensor, mismatch.first_cause, found.framework) == ("target", "target_shape", "keras")
    if not is_of_shape or not isinstance(output, tuple) or len(output) != MATRIX or not every_step(found, mismatch):
        return mismatch
    x = found.program.calls[-1].operands[0].axes
    if len(x) != RANK or not isinstance(x[1], int) or x[1] == 1 or target[1:2] != (x[1],):
        return mismatch
    values = target[2:] or (1,)
    if values != output[1:] or len(target) > RANK:
        return mismatch
    return replace(mismatch, causes=(cause("return_sequences", "keras", cell=found.cell),))


def _of_taken_step(found: Found, mismatch: Mismatch) -> Mismatch:
    """A target of PyTorch with as many steps as the x of the only recurrent layer, for an output of its last step."""
    if (mismatch.tensor, mismatch.first_cause, found.framework) != ("target", "target_shape", "pytorch"):
        return mismatch
    tree, output, target = found.program.tree, mismatch.shapes[0] or mismatch.expected, found.program.target
    is_taken = any(isinstance(one, ast.Subscript) and ast.unparse(one).endswith("[:, -1]") for one in tree.nodes)
    calls = {one.layer: one.operands[0].axes for one in found.program.calls if one.operands}
    x = next(iter(calls.values())) if len(calls) == 1 else ()
    first = next(iter(calls)) if len(calls) == 1 else None
    is_batch_first = first is not None and first.setting("batch_first") is True
    if not is_taken or not is_batch_first or len(x) != RANK or len(target) != RANK:
        return mismatch
    if not isinstance(x[1], int) or x[1] == 1 or target[:2] != x[:2] or output != (target[0], target[2]):
        return mismatch
    return replace(mismatch, causes=(cause("kept_last_step", "pytorch"),))


OF_CLASSES = "tensorflow-squeeze"
"""The template of a target whose values are the numbers of classes, so that the output has an axis more."""

RULES = (_of_missing_steps, _of_target_of_every_step, _of_taken_step)
"""What the program says about the steps of its outputs."""

CORRECTIONS = {"return_sequences": every_step}
"""Cause -> the lines that it corrects."""
