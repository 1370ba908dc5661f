"""What a pasted program says about an output that it packs and pads again: for as many steps as the arrays beside it
have."""

import ast
from dataclasses import replace
from math import gcd

from .....translations.phrases import phrase
from ...causes import cause
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.layers_and_operands import width_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size, wrong_shape
from ...sizes_of_data import batch_of_data
from ..inputs.calls_with_data import call_of_loss

FLATTENING = ("view", "reshape", "flatten")
"""Methods that put the samples and the steps into one axis."""


def _is_flat(tree: ProgramTree, node: ast.expr) -> bool:
    """Whether the samples and the steps of an array are in one axis, by the line that gives it to a loss or by that
    before."""
    made = tree.assigned(node) if isinstance(node, ast.Name) else node
    if not isinstance(made, ast.Call) or not isinstance(made.func, ast.Attribute) or made.func.attr not in FLATTENING:
        return False
    return [tree.text(one) for one in made.args] in ([], ["-1"], ["0", "1"])


def _of_flat_loss(found: Found, mismatch: Mismatch) -> Mismatch:
    """A target with the steps of all samples in one axis, and an output that was packed and padded to fewer steps."""
    tree, call = found.program.tree, call_of_loss(found)
    padded = tree.calls_of("pad_packed_sequence")
    rows, of_target = only_size(mismatch.expected), only_size(mismatch.got)
    is_of_batch = (mismatch.tensor, mismatch.axis) == ("target", "batch_size") and rows and of_target
    if not call or not is_of_batch or not _is_flat(tree, call.args[1]) or (rows or 0) >= (of_target or 0):
        return mismatch
    if len(padded) != 1 or any(key.arg == "total_length" for key in padded[0].keywords):
        return mismatch
    batch = batch_of_data(found)
    wanted, given = ((batch, size // batch) if batch else (None, None) for size in (of_target or 0, rows or 0))
    if batch and gcd(rows or 0, of_target or 0) % batch:
        return mismatch
    sentence = phrase(
        "The output has {rows} steps of all samples together, and the target has {of_target}.",
        rows=rows or 0,
        of_target=of_target or 0,
    )
    widths = {width_of(layer) for layer in found.program.made_layers}
    units = widths.pop() if len(widths) == 1 else None
    read = wrong_shape("output", "time_step", (*wanted, units), (*given, units), [cause("packed_steps", "output")])
    return replace(read, sentence=sentence)


def _of_mask(found: Found, mismatch: Mismatch) -> Mismatch:
    """A mask with more steps than the output that a line of the program pads to fewer: not the mask is wrong."""
    is_of_mask = mismatch.tensor == "mask" and mismatch.first_cause == "packed_steps"
    steps, padded_to = only_size(mismatch.got), only_size(mismatch.expected)
    if not is_of_mask or not steps or not padded_to or not total_length(found, mismatch):
        return mismatch
    sentence = phrase(
        "The mask has {steps} steps, and the output is padded to {padded_to}: both must be equal.",
        steps=steps,
        padded_to=padded_to,
    )
    return replace(mismatch, sentence=sentence, is_of_equals=True)


def total_length(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that pads the output, for as many steps as an array of its function has."""
    tree = found.program.tree
    padded = tree.calls_of("pad_packed_sequence")
    longer = mismatch.expected if mismatch.tensor == "output" else mismatch.got
    steps = max((size or 0 for size in longer), default=0) if isinstance(longer, tuple) else None
    if len(padded) != 1:
        return ()
    function = tree.function_of(padded[0])
    names = {
        one.id
        for one in tree.nodes
        if isinstance(one, ast.Name)
        and one.lineno < padded[0].lineno
        and tree.function_of(one) is function
        and steps
        and tree.axes(one)[1:2] == (steps,)
    }
    parameters = [one.arg for one in function.args.args if one.arg in names] if function else sorted(names)
    known = [*parameters, *_packed(tree, padded[0]), *(_masks(tree, padded[0]) if mismatch.tensor == "mask" else [])]
    return all_of([tree.with_argument(padded[0], "total_length", f"{known[0]}.size(1)")]) if known else ()


def _masks(tree: ProgramTree, padded: ast.Call) -> list[str]:
    """The only name with which a few lines mask an output that they pad, and which they do not make; [] without one."""
    arguments = [tree.argument(one, 0, "mask") for one in tree.calls_of("masked_fill", "masked_fill_")]
    parts = [part for one in arguments if one is not None for part in ast.walk(one)]
    names = {one.id for one in parts if isinstance(one, ast.Name)}
    made = {one.id for one in tree.nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    return [*names] if len(names) == 1 and not names & made and not tree.function_of(padded) else []


def _packed(tree: ProgramTree, padded: ast.Call) -> list[str]:
    """The parameter of the function that pads an output that it packs, itself or its embedding; [] without one."""
    function = tree.function_of(padded)
    packed = [one for one in tree.calls_of("pack_padded_sequence") if tree.function_of(one) is function and one.args]
    if len(packed) != 1 or not any(key.arg == "batch_first" for key in padded.keywords):
        return []
    x = packed[0].args[0]
    x = x.args[0] if isinstance(x, ast.Call) and x.args else x
    if not isinstance(x, ast.Name) or x.id not in tree.parameters(function) or tree.place_of(x):
        return []
    return [] if any(x.id in tree.targets_of(one) for one in (*packed, padded)) else [x.id]


RULES = (_of_flat_loss, _of_mask)
"""What the program says about the causes in its packed outputs."""

CORRECTIONS = {"packed_steps": total_length}
"""Cause -> the lines that it corrects."""
