"""What a pasted program of Keras says about an output that lacks its steps: the cause that this leaves, and the line
that it corrects."""

from dataclasses import replace

from ...code_lines.corrected_lines import Corrections, all_of
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, wrong_rank


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


OF_CLASSES = "tensorflow-squeeze"
"""The template of a target whose values are the numbers of classes, so that the output has an axis more."""

RULES = (_of_missing_steps,)
"""What the program says about the steps of its outputs."""

CORRECTIONS = {"return_sequences": every_step}
"""Cause -> the lines that it corrects."""
