"""What a pasted program says about a mask that has the axes of the sequences in the other order, or one of features."""

import ast
from collections.abc import Iterator

from ....code.values import ANY, Axes
from ....facts_about_sizes import fact
from ...axes_of_arrays import RANK, STEPS
from ...causes import cause
from ...code_lines.array_names import role_of
from ...code_lines.corrected_lines import Corrections
from ...code_lines.layers_and_operands import what
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, equal_sizes_needed, only_size, wrong_rank, wrong_shape

MASKS = ("mask", "key_padding_mask")
"""The arguments of layers that are masks."""


def _candidates(found: Found) -> Iterator[tuple[ast.expr, Axes]]:
    """The masks in the lines that failed, and the axes of what each is for."""
    tree = found.program.tree
    for one in found.program.failed_operations:
        masks = [operand for operand in one.operands[:2] if what(operand) == "mask"]
        others = [operand for operand in one.operands[:2] if operand not in masks]
        if len(masks) == len(others) == 1 and masks[0].node is not None:
            yield masks[0].node, others[0].axes
    for call in reversed(tree.calls_in_frames):
        for key in call.keywords:
            axes = tree.axes(call.args[-1]) if key.arg in MASKS and call.args else ()
            if axes:  # otherwise a layer may read them in another order
                yield key.value, axes
    for node in tree.nodes_of_failure:
        if isinstance(node, ast.Subscript):
            yield node.slice, tree.axes(node.value)


def _sizes(found: Found, mismatch: Mismatch) -> tuple[int, int] | None:
    """The first two sizes of the sequences, if the mask has them in the other order; None if the message says other
    ones."""
    if found.template.id == "pytorch-mask":
        shape, mask = found.shape("shape")[:2], found.shape("mask")
        return (shape[0] or 0, shape[1] or 0) if shape == mask[::-1] != mask else None
    of_axis = only_size(mismatch.expected), only_size(mismatch.got)
    said: object = {"0": of_axis, "1": of_axis[::-1]}.get(found.text("i") or found.text("axis"))
    if mismatch.axis == "order":  # as the rule below has said
        values = mismatch.sentence.values
        said = mismatch.expected or (values.get("expected"), values.get("got"))
    match said:
        case (int(first), int(second)) if found.framework == "pytorch" and mismatch.tensor == "mask":
            return first, second
    return None


def _exchanged(found: Found, mismatch: Mismatch) -> ast.expr | None:
    """The mask with the axes of the sequences in the other order, of which the message says only one size; None
    without one."""
    if not (sizes := _sizes(found, mismatch)):
        return None
    tree = found.program.tree
    for mask, axes in _candidates(found):
        parts = [one for one in ast.walk(mask) if isinstance(one, ast.Name | ast.Attribute | ast.Call)]
        known = [one for one in parts if tree.axes(one) == sizes[::-1]]
        named = [one for one in parts if isinstance(one, ast.Name) and role_of(one.id) == "mask" and not tree.axes(one)]
        fits, is_unknown = axes[:2] == sizes, not axes or ANY in axes
        if (fits or is_unknown) and known:
            return known[0]
        if fits and named:
            return named[0]
    return None


def _without_last_axis(found: Found) -> tuple[ast.expr, tuple[int, int, int]] | None:
    """A mask without the last axis, of size 1, of its scores, so that PyTorch compares its samples with their steps,
    and the sizes of the scores; None for other arrays."""
    of_message = found.number("a"), found.number("b")
    for one in found.program.failed_operations if found.template.id == "pytorch-broadcast" else ():
        masks = [operand for operand in one.operands[:2] if what(operand) == "mask"]
        others = [operand.axes for operand in one.operands[:2] if operand not in masks]
        if len(masks) != 1 or len(others) != 1 or found.number("i") != 1:
            continue
        axes, mask = masks[0].axes, masks[0].node
        match others[0]:
            case (int(batch), int(steps), 1) if batch != steps and {*of_message} == {batch, steps} and mask is not None:
                if axes == (batch, steps) or (ANY in axes and not _adds_axis(found, mask)):
                    return mask, (batch, steps, 1)
    return None


def _adds_axis(found: Found, mask: ast.expr) -> bool:
    """Whether something in the lines that make a mask may give it a new axis."""
    tree, left, seen = found.program.tree, [mask], set[str]()
    while left:
        for one in ast.walk(left.pop()):
            if isinstance(one, ast.Subscript) or (isinstance(one, ast.Call) and name_of(one) in NEW_AXES):
                return True
            if isinstance(one, ast.Name) and one.id not in seen and isinstance(one.ctx, ast.Load):
                seen.add(one.id)
                given = tree.given_to(one)
                value = given[1] if given else tree.assigned(one)
                left += [value] if value is not None else []
    return False


NEW_AXES = ("unsqueeze", "expand", "view", "reshape", "stack", "repeat", "permute", "transpose", "t", "rearrange")
"""Functions that may change the number or the order of axes."""


def _of_exchanged_mask(found: Found, mismatch: Mismatch) -> Mismatch:
    """A mask of PyTorch, whose message says the sizes along one axis only."""
    if mismatch.first_cause == "scores_axis":
        return mismatch
    if of_scores := _without_last_axis(found):
        shapes = (of_scores[1], of_scores[1][:-1])
        facts = [fact(axis, size, "mask") for axis, size in zip(STEPS, shapes[1], strict=True)]
        return wrong_rank("mask", RANK, len(STEPS), [cause("mask_last_axis", "pytorch")], facts, shapes)
    if not (sizes := _sizes(found, mismatch)) or _exchanged(found, mismatch) is None:
        return mismatch
    if found.template.id == "pytorch-padding" and mismatch.first_cause == "time_first":  # the mask is right
        return mismatch
    likely = [cause("exchanged_mask", "pytorch")]
    if {one.layer.setting("batch_first") for one in found.program.calls if one.layer} == {True}:
        facts = [fact(axis, size, "mask") for axis, size in zip(STEPS, sizes, strict=True)]
        return wrong_shape("mask", "order", sizes, sizes[::-1], likely, facts)
    return Mismatch("mask", "order", equal_sizes_needed(*sizes), causes=tuple(likely), facts=mismatch.facts)


def exchanged_axes(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that uses the mask, with its axes in the order of the sequences."""
    tree = found.program.tree
    if found.framework == "keras":
        given = [key.value for call in reversed(tree.calls_in_frames) for key in call.keywords if key.arg in MASKS]
        return tree.corrected((given[0], _exchange(tree, given[0]))) if given else ()
    mask = _exchanged(found, mismatch)
    return tree.corrected((mask, _exchange(tree, mask))) if mask is not None else ()


def with_last_axis(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that combines the mask with scores, with the last axis of the scores."""
    tree, of_scores = found.program.tree, _without_last_axis(found)
    if not of_scores:
        return ()
    mask = of_scores[0]
    while isinstance(mask, ast.UnaryOp):
        mask = mask.operand
    return tree.corrected((mask, f"{tree.operand(mask)}.unsqueeze(-1)"))


def without_features(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a layer of Keras with a mask that has no axis of features any more."""
    tree = found.program.tree
    given = [key.value for call in reversed(tree.calls_in_frames) for key in call.keywords if key.arg == "mask"]
    of_any = next((new for name, new in ANY_OF.items() if name in tree.imported), "")
    return tree.corrected((given[0], f"{of_any}({tree.text(given[0])}, axis=-1)")) if given and of_any else ()


ANY_OF = {"tf": "tf.reduce_any", "ops": "ops.any", "keras": "keras.ops.any"}
"""Name of what a program imports -> its function that says whether any value along an axis is true."""


def _exchange(tree: ProgramTree, mask: ast.expr) -> str:
    """A mask with two axes with these exchanged, or, if they already are, as it was before."""
    match mask:
        case ast.Attribute(value=inner, attr="T" | "mT"):
            return tree.text(inner)
        case ast.Call(func=ast.Attribute(value=inner, attr="t" | "transpose")) if tree.axes(inner):
            return tree.text(inner)
        case ast.Call(args=[inner]) if name_of(mask) == "transpose":
            return tree.text(inner)
    value = tree.assigned(mask) if isinstance(mask, ast.Name) else mask
    is_of_numpy = value is not None and any(isinstance(one, ast.Name) and one.id == "np" for one in ast.walk(value))
    new = "" if is_of_numpy else next((new for name, new in TRANSPOSES.items() if name in tree.imported), "")
    return f"{new}({tree.text(mask)})" if new else f"{tree.operand(mask)}.T"


TRANSPOSES = {"tf": "tf.transpose", "ops": "ops.transpose", "keras": "keras.ops.transpose"}
"""Name of what a program imports -> its function that exchanges two axes; other arrays have a property."""

RULES = WITHOUT_CAUSES = (_of_exchanged_mask,)
"""What the program says about the order of the axes of its mask."""

CORRECTIONS = {
    "exchanged_mask": exchanged_axes,
    "mask_features": without_features,
    "mask_last_axis": with_last_axis,
}
"""Cause -> the lines that it corrects."""
