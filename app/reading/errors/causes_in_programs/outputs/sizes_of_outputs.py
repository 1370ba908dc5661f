"""What a pasted program says about the sizes of an output: the values of dense layers, the units of normalizations and
the steps of decoders; the causes that this leaves, and the lines that they correct."""

import ast
from dataclasses import replace

from ....code.values import Layer
from ....facts_about_sizes import GATES
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.layers_and_operands import units_of, width_of
from ...code_lines.program_tree import ProgramTree
from ...code_lines.written_sizes import with_value
from ...framework_messages.inputs.inputs_of_models import MOST_OUTPUTS
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, Size, wrong_shape

ENCODERS = ("to_categorical", "one_hot", "eye")
"""Functions that return a value for each class, whose number they may get."""

NORMALIZATIONS = ("LayerNorm", "BatchNorm1d", "InstanceNorm1d", "RMSNorm")


def _dense_of_outputs(found: Found, size: int | None) -> Layer | None:
    """The only dense layer with so many outputs; of several in Keras, whose loss gets what the model returns, the one
    that is called last."""
    operations = found.program.operations
    calls = [one.layer for one in operations if one.layer and one.layer.kind == "dense"]
    layers = [*dict.fromkeys(one for one in calls if units_of(one) == size)]
    is_last = found.framework == "keras" and bool(layers) and operations[-1].layer is layers[-1]
    return layers[-1] if size is not None and (len(layers) == 1 or is_last) else None


def _of_outputs(found: Found, mismatch: Mismatch) -> Mismatch:
    """A dense layer that returns another number of values than the target has."""
    expected, got = mismatch.expected, mismatch.got
    is_last = mismatch.tensor == "target" and mismatch.axis is None and mismatch.causes
    if not is_last or mismatch.first_cause != "target_shape" or found.framework != "pytorch":
        return mismatch
    sizes = [one[-1] for one in (expected, got) if isinstance(one, tuple) and one]
    if len(sizes) != 2 or None in sizes or 1 in sizes or not _dense_of_outputs(found, sizes[0]):
        return mismatch
    return replace(mismatch, causes=(cause("dense_outputs", "pytorch", got=sizes[1], expected=sizes[0]),))


def _of_classes(found: Found, mismatch: Mismatch) -> Mismatch:
    """An output of Keras for another number of classes than the data have, that of its last dense layer. If a line says
    the number of classes of the target, it may be wrong as well."""
    expected, got, tree = mismatch.expected, mismatch.got, found.program.tree
    is_last = (mismatch.tensor, mismatch.axis, found.framework) == ("target", None, "keras")
    if not is_last or [one.id for one in mismatch.causes] != ["target_shape"] or not number_of_outputs(found, mismatch):
        return mismatch
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or expected[:-1] != got[:-1] or None in got:
        return mismatch
    said = [one for call in tree.calls_of(*ENCODERS) for one in (*call.args, *(key.value for key in call.keywords))]
    if not tree.calls_of(*ENCODERS) or any(tree.number(one) == got[-1] for one in said):
        return mismatch
    likely = cause("dense_outputs", "keras", got=got[-1], expected=expected[-1])
    return wrong_shape("output", None, got, expected, [likely], mismatch.facts)


def number_of_outputs(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that says the outputs of a dense layer, with the values of the target."""
    expected, got, tree = mismatch.expected, mismatch.got, found.program.tree
    if mismatch.tensor == "output":
        expected, got = got, expected
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or not got or (new := got[-1]) is None:
        return ()
    if new > MOST_OUTPUTS:
        return ()
    is_of_values = mismatch.axis is None and len(expected) == len(got) and new not in (1, expected[-1])
    if not is_of_values or mismatch.first_cause not in ("dense_outputs", "target_shape"):
        return ()
    layer = _dense_of_outputs(found, expected[-1])
    made = tree.made_layer(layer) if layer else None
    size = tree.argument_of_size(made, expected[-1]) if made else None
    if encoded := _computed_classes(tree, expected[-1], new):  # of the same number, which changes both
        classes, said = encoded
        is_drawn = any(len(one.args) > 1 and _is_same(one.args[1], said) for one in tree.calls_of(*DRAWN))
        if is_drawn and mismatch.first_cause == "target_shape":
            return tree.corrected((classes, tree.text(said)))
        return tree.corrected((size, str(new))) if size is not None else ()
    return with_value(tree, size, new) if size is not None else ()


def _computed_classes(tree: ProgramTree, outputs: int | None, classes: int) -> tuple[ast.BinOp, ast.expr] | None:
    """The number of classes that the only encoder of a target computes, and the number of outputs in it; None for an
    encoder that gets another number."""
    calls = tree.calls_of(*ENCODERS)
    given = [one for call in calls for one in (*call.args[1:], *(key.value for key in call.keywords))]
    for one in given if len(calls) == 1 else ():
        if isinstance(one, ast.BinOp) and tree.number(one) == classes:
            said = [part for part in (one.left, one.right) if tree.number(part) == outputs]
            return (one, said[0]) if len(said) == 1 and isinstance(said[0], (ast.Name, ast.Attribute)) else None
    return None


def _is_same(one: ast.expr, other: ast.expr) -> bool:
    return ast.unparse(one) == ast.unparse(other)


DRAWN = ("integers", "randint")
"""Functions that draw numbers below their second argument."""


def units_of_normalization(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the only normalization for the units of the message, with those of the output."""
    expected, got, tree = mismatch.expected, mismatch.got, found.program.tree
    if not isinstance(expected, tuple) or not isinstance(got, tuple):
        return ()
    pairs = zip(expected, got, strict=False)
    differing = [(size, new) for size, new in pairs if size != new and size is not None and new is not None]
    calls = [one for one in tree.calls_of(*NORMALIZATIONS) if one.args]
    if len(differing) != 1:
        return ()
    ((size, new),) = differing
    made = [one.args[0] for one in calls if tree.number(one.args[0]) == size]
    if len(made) != 1 or not isinstance(made[0], ast.expr):
        return ()
    return tree.corrected((made[0], tree.doubled(made[0]) if new == 2 * size else str(new)))


def _of_last_units(found: Found, mismatch: Mismatch) -> Mismatch:
    """A target of Keras with another number of values than the recurrent layer at the end of the model has units."""
    expected, got = mismatch.expected, mismatch.got
    is_of_values = (mismatch.tensor, mismatch.axis, found.framework) == ("target", None, "keras")
    if not is_of_values or [one.id for one in mismatch.causes] != ["target_shape"]:
        return mismatch
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or expected[:-1] != got[:-1]:
        return mismatch
    operations = found.program.operations
    last = operations[-1].layer if operations else None
    is_recurrent = last is not None and last.kind in GATES and width_of(last) == expected[-1]
    if not is_recurrent or expected[-1] == got[-1] or None in (expected[-1], got[-1]):
        return mismatch
    return replace(mismatch, causes=(cause("last_units", "keras", got=got[-1]),))


def _repeats(found: Found, steps: int | None) -> list[ast.expr]:
    """The arguments of the layers of Keras that repeat a vector so many times."""
    tree = found.program.tree
    calls = [one for one in tree.calls_of("RepeatVector") if one.args]
    return [one.args[0] for one in calls if steps is not None and tree.number(one.args[0]) == steps]


def _of_repeated_steps(found: Found, mismatch: Mismatch) -> Mismatch:
    """A target with another number of steps than a decoder that gets a repeated vector."""
    expected, got = mismatch.expected, mismatch.got
    is_of_steps = (mismatch.tensor, found.framework) == ("target", "keras") and mismatch.axis in ("time_step", None)
    steps = _steps_of_target(expected, got) if is_of_steps else None
    if not steps or steps[0] == steps[1] or not _repeats(found, steps[0]):
        return mismatch
    likely = cause("repeated_steps", "keras", got=steps[1], expected=steps[0])
    return replace(mismatch, axis="time_step", causes=(likely,))


def _steps_of_target(expected: Size, got: Size) -> tuple[int | None, int | None] | None:
    """The steps of an output and of its target, of which a message may say no other size."""
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or len(expected) != len(got) or not expected:
        return None
    n = min(1, len(expected) - 1)
    return expected[n], got[n]


def number_of_repeats(found: Found, mismatch: Mismatch) -> Corrections:
    tree, steps = found.program.tree, _steps_of_target(mismatch.expected, mismatch.got)
    repeats = _repeats(found, steps[0]) if steps else []
    if len(repeats) != 1 or not steps or not steps[1]:
        return ()
    return tree.corrected((repeats[0], tree.name_in_module(repeats[0], steps[1]) or str(steps[1])))


RULES = (_of_outputs, _of_classes, _of_repeated_steps, _of_last_units)
"""What the program says about the sizes of its outputs."""

CORRECTIONS = {
    **dict.fromkeys(("dense_outputs", "target_shape"), number_of_outputs),
    **dict.fromkeys(("norm_directions", "norm_features"), units_of_normalization),
    "repeated_steps": number_of_repeats,
}
"""Cause -> the lines that it corrects."""
