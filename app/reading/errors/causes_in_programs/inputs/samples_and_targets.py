"""What a pasted program says about its samples and their targets, of which there are more, or others: the causes that
this leaves, and the lines that they correct."""

import ast
import re
from dataclasses import replace
from typing import NamedTuple

from .....translations.phrases import phrase
from ....code.values import ANY
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size, wrong_size
from .calls_with_data import batch_of_model, call_of_loss, call_of_model

FLATTENING = ("reshape", "view", "flatten", "contiguous", "transpose", "permute", "swapaxes", "ravel")
"""Methods of an array that move its values to other axes."""


class Shifted(NamedTuple):
    """The steps of an output and a target that differ by one, their axis, and the longer one of both."""

    output: int
    target: int
    axis: int
    longer: ast.expr


def _shifted(found: Found) -> Shifted | None:
    """The output and the target of the loss that failed, if they differ by one step; None for any others."""
    if not (call := call_of_loss(found)):
        return None
    arrays = [_before_flattening(one) for one in call.args[:2]]
    output, target = (found.program.tree.axes(one) for one in arrays)
    of_loss = found.shape("expected") if found.template.id == "pytorch-target-size" else ()
    steps = 2 if len(output) == 3 and of_loss[-1:] == output[2:] != output[1:2] else 1  # after the classes
    pairs = [*zip((*output[:1], *output[steps : steps + 1]), target[:2], strict=False)]
    differing = [n for n, (one, other) in enumerate(pairs) if one != other]
    is_known = len(pairs) == 2 and len(output) in (2, 3) and all(isinstance(one, int) for pair in pairs for one in pair)
    if not is_known or ANY in output or len(differing) != 1:
        return None
    (axis,) = differing
    one, other = pairs[axis]
    if not isinstance(one, int) or not isinstance(other, int) or abs(one - other) != 1:
        return None
    return Shifted(one, other, axis * steps if one > other else axis, arrays[0 if one > other else 1])


def _before_flattening(node: ast.expr) -> ast.expr:
    """The array whose axes an expression puts together or exchanges."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FLATTENING:
        node = node.func.value
    return node


def _of_shifted_target(found: Found, mismatch: Mismatch) -> Mismatch:
    """An output of every step, and a target that begins one step later, or lacks the last one."""
    if mismatch.tensor != "target" or not (shifted := _shifted(found)):
        return mismatch
    output, target = shifted.output, shifted.target
    of_steps = wrong_size("target", "time_step", output, target, [cause("target_steps", "pytorch")])
    sentence = phrase("The output has {output} steps, and the target has {target}.", output=output, target=target)
    return replace(of_steps, sentence=sentence, is_of_equals=True)


def cut_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the loss, without the last step of a longer output, or the first one of a longer target."""
    if not (shifted := _shifted(found)):
        return ()
    tree = found.program.tree
    steps = ":-1" if shifted.output > shifted.target else "1:"
    return tree.corrected((shifted.longer, f"{tree.operand(shifted.longer)}[{':, ' * shifted.axis}{steps}]"))


def _other_target(found: Found) -> tuple[ast.Name, str] | None:
    """The target in the call of the model, and the name of that of the part of the data to which x belongs: ``y_train``
    for ``X_train``; None if it is that."""
    call = call_of_model(found.program.tree)
    match call.args[:2] if call else []:
        case [ast.Name(x), ast.Name(y) as target]:
            of_x, of_y = PART.search(x), PART.search(y)
            if of_x and of_y and of_x[0] != of_y[0]:
                name = y.replace(of_y[0], of_x[0])
                return (target, name) if found.program.tree.is_assigned(name) else None
    return None


PART = re.compile(r"(?<![^\W_])(?:train(?:ing)?|val(?:id(?:ation)?)?|dev|test)(?![^\W_])")
"""The part of the data in the name of an array."""


def _of_other_part(found: Found, mismatch: Mismatch) -> Mismatch:
    """A target of another part of the data than x, by their names."""
    if mismatch.first_cause != "other_samples" or not _other_target(found):
        return mismatch
    return replace(mismatch, causes=(cause("other_part", "keras"),))


def target_of_part(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the model, with the target of the same part of the data."""
    return found.program.tree.corrected(other) if (other := _other_target(found)) else ()


def as_many_samples(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the model, without the first targets that no window precedes, or the last windows without a
    target."""
    tree = found.program.tree
    call = call_of_model(tree)
    if not call or len(call.args) < 2 or not all(isinstance(one, ast.Name) for one in call.args[:2]):
        return ()
    x, y = call.args[:2]
    samples, targets = only_size(mismatch.expected), only_size(mismatch.got)
    is_of_windows = samples and targets and abs(samples - targets) <= MOST_LEFT * samples
    if not is_of_windows or samples is None or targets is None or not WINDOWS.search(found.program.source):
        return ()
    one, other = tree.text(x), tree.text(y)
    return tree.corrected((y, f"{other}[-len({one}):]") if targets > samples else (x, f"{one}[:len({other})]"))


WINDOWS = re.compile(r"(?i:window|time_?series|look_?back)|range\([^()\n]{0,40}len\([^()\n]{1,40}\) ?-")
"""What tells that samples are windows of a series."""

MOST_LEFT = 0.1
"""The part of all samples that windows may lack at the ends of a series."""


def loss_of_classes(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that compiles a model of Keras, or calls a loss of Optax, with the loss for the other kind of target."""
    tree = found.program.tree
    if found.framework in ("jax", "flax"):
        functions = [one.func for line in tree.frames for one in tree.calls_in(line) if name_of(one) == LOSS_OF_OPTAX]
        texts = {tree.text(one) for one in functions}
        return tree.corrected((functions[0], f"{texts.pop()}_with_integer_labels")) if len(texts) == 1 else ()
    losses = [one for one in tree.nodes if isinstance(one, ast.Constant) and one.value in OTHER_LOSS]
    calls = [one for one in tree.calls if name_of(one) in OTHER_CLASS and isinstance(one.func, ast.Attribute)]
    if len(calls) == 1 and not losses and not calls[0].args:
        is_of_both = {one.arg for one in calls[0].keywords} <= {*ARGUMENTS_OF_BOTH}
        new = tree.text(calls[0].func).removesuffix(name_of(calls[0])) + OTHER_CLASS[name_of(calls[0])]
        return tree.corrected((calls[0].func, new)) if is_of_both else ()
    return tree.corrected(*((one, f'"{OTHER_LOSS[str(one.value)]}"') for one in losses)) if len(losses) == 1 else ()


LOSS_OF_OPTAX = "softmax_cross_entropy"
"""The loss of Optax for a value for each class."""

OTHER_LOSS = {
    "categorical_crossentropy": "sparse_categorical_crossentropy",
    "sparse_categorical_crossentropy": "categorical_crossentropy",
}
"""The loss for a value for each class, and the one for indices."""

OTHER_CLASS = {
    "CategoricalCrossentropy": "SparseCategoricalCrossentropy",
    "SparseCategoricalCrossentropy": "CategoricalCrossentropy",
}
"""The same losses as classes."""

ARGUMENTS_OF_BOTH = ("from_logits", "axis", "reduction", "name", "dtype")
"""The arguments that both classes have."""


def _of_prediction(found: Found, mismatch: Mismatch) -> Mismatch:
    """Fewer samples than a stateful model takes, for which a prediction is wanted, so that none may be dropped."""
    batch = only_size(mismatch.expected)
    is_of_batch = (mismatch.tensor, mismatch.axis, found.framework) == ("x", "batch_size", "keras")
    is_last = mismatch.first_cause == "last_batch"
    if not is_of_batch or not is_last or ".predict(" not in found.code:
        return mismatch
    return replace(mismatch, causes=(cause("whole_batches", "keras", batch_size=batch), *mismatch.causes[1:]))


def filled_batch(found: Found, mismatch: Mismatch) -> Corrections:
    """The call that predicts, with the last sample repeated for a whole batch."""
    tree, batch = found.program.tree, only_size(mismatch.expected)
    call = call_of_model(tree)
    if not call or not batch or "np" not in tree.imported or len(call.args) != 1:
        return ()
    x, size = tree.operand(call.args[0]), batch_of_model(tree, batch)
    whole = f"np.append({x}, np.repeat({x}[-1:], -len({x}) % {size}, axis=0), axis=0)"
    others = [f"{one.arg}={tree.text(one.value)}" for one in call.keywords if one.arg not in (None, "batch_size")]
    arguments = ", ".join((whole, f"batch_size={size}", *others))
    return tree.corrected((call, f"{tree.text(call.func)}({arguments})[: len({x})]"))


RULES = (_of_shifted_target, _of_other_part, _of_prediction)
"""What the program says about its samples and their targets."""

CORRECTIONS = {
    "target_steps": cut_steps,
    "other_samples": as_many_samples,
    "other_part": target_of_part,
    **dict.fromkeys(("class_indices", "one_hot_target"), loss_of_classes),
    "whole_batches": filled_batch,
}
"""Cause -> the lines that it corrects."""
