"""What the words and the comments of a few lines of code, without a traceback, say of x: the number of steps with which
a handwritten cell makes it, and the call that exported a model of ONNX."""

import ast
import re
from dataclasses import replace

from ....facts_about_sizes import fact
from ...axes_of_arrays import AXES_OF_STATE, AXES_OF_X, RANK, steps_in_order
from ...code_lines.array_names import role_of
from ...code_lines.corrected_lines import Corrections
from ...code_lines.names_of_sizes import INPUT_SIZE, STEPS
from ...code_lines.written_sizes import size_text
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size
from ...said_shapes import said_shape


def features_of_step(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes a step of x of a handwritten cell with the number of steps, or such a line that a sentence
    says, with the features for which the weights are made."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    is_of_features = (mismatch.tensor, mismatch.axis) == ("x", "features") and found.framework in ("numpy", "jax")
    if tree.frames or not is_of_features or not expected or not got:
        return ()
    made = [tree.sizes_of(call) for name, call in tree.made_arrays if role_of(name) == "x"]
    if made:
        sizes = [one for both in made for one in both if isinstance(one, ast.Name)]
        steps = [one for one in sizes if _is_of_steps(found, one.id, got) or tree.number(one) == got]
        named = [one for one in steps if STEPS.search(one.id) and not INPUT_SIZE.search(one.id)]
        return tree.corrected(*((one, size_text(tree, one, expected)) for one in named))
    said = [one for one in IN_SENTENCE.finditer(found.surroundings.original) if _is_of_steps(found, one["size"], got)]
    if len(said) != 1:
        return ()
    (one,) = said
    return [("", f"{one['x']} = {one['maker']}{expected}{one['rest']}")]


def _is_of_steps(found: Found, name: str, size: int) -> bool:
    """Whether the text says that a number of steps has this size."""
    said = re.compile(rf"(?<![\w.]){re.escape(name)}\s{{0,3}}(?:=|is|of)\s{{0,3}}{size}(?![\w.]*\d)")
    is_name_of_steps = STEPS.search(name) is not None and INPUT_SIZE.search(name) is None
    return is_name_of_steps and said.search(found.surroundings.original) is not None


IN_SENTENCE = re.compile(
    r"(?<![\w.])(?P<x>xs?|x_?t)(?: (?:is|made|with|as|by|from|like|built|using|of)){1,3}[ :`]{1,3}"
    r"(?P<maker>(?:jnp|np|numpy)\.zeros\(\()(?P<size>[A-Za-z_]\w{0,40})(?P<rest>, ?1,?\)\))"
)
"""A sentence about how a column of x is made: ``I build x with np.zeros((seq_length, 1))``."""


def export_in_comment(found: Found, mismatch: Mismatch) -> Corrections:
    """The call that exported the model, of which a comment or a sentence says the first arguments, with the axes that
    have any size."""
    tree, likely = found.program.tree, [one for one in mismatch.causes if one.id == "exported_sizes"]
    said = {one.groups() for one in EXPORT.finditer(found.surroundings.original)}
    if tree.frames or tree.calls_of("export") or len(likely) != 1 or len(said) != 1:
        return ()
    ((model, example),) = said
    paths = [one.args[0] for one in tree.calls_of("InferenceSession") if one.args]
    path = tree.text(paths[0]) if len(paths) == 1 else "path"
    return [("", likely[0].fix.replace("(model, x, path,", f"({model}, {example}, {path},", 1))]


EXPORT = re.compile(
    r"\btorch\.onnx\.export\(\s?([A-Za-z_][\w.]{0,40}),\s?"
    r"((?:torch\.\w{1,12}\([\w, .=()]{1,60}?\)|[A-Za-z_]\w{0,40}))\s?[,)]"
)
"""The call that exports a model, with the model and the example of its x."""


def _of_fed_x(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state of a model of ONNX with another batch than the only fed x, whose shape the text says: with time first, so
    that no axes of it are exchanged."""
    tree, expected = found.program.tree, mismatch.expected
    is_of_batch = (mismatch.tensor, mismatch.axis, found.framework) == ("h_0", "batch_size", "onnx")
    if tree.frames or not is_of_batch or not isinstance(expected, tuple) or len(expected) != len(AXES_OF_STATE):
        return mismatch
    fed = [
        value for call in tree.calls_of("run") for one in call.args if isinstance(one, ast.Dict) for value in one.values
    ]
    shapes = [said_shape(found, one.id, RANK) for one in fed if isinstance(one, ast.Name) and role_of(one.id) == "x"]
    if len(shapes) != 1 or shapes[0][1:2] != (expected[AXES_OF_STATE.index("batch_size")],):
        return mismatch
    sizes = zip(steps_in_order(is_batch_first=False), shapes[0], strict=False)
    of_x = [fact(name, size, "x") for name, size in (*sizes, ("features", shapes[0][-1]))]
    causes = tuple(one for one in mismatch.causes if one.id != "exchanged_axes")
    return replace(mismatch, causes=causes, facts=(*mismatch.facts_without(*AXES_OF_X), *of_x))


RULES = (_of_fed_x,)
"""What the text says about the x beside a state."""

CORRECTIONS = {"other_features": features_of_step, "exported_sizes": export_in_comment}
"""Cause -> the lines that it corrects."""
