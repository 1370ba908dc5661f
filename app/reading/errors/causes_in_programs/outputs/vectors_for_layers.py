"""What a pasted program says about a layer of Keras that gets too few axes: the layer below returns only its last step,
a Flatten puts all steps into one vector, a layer pools all of them, the vector has the numbers of words, and no
embedding makes vectors of them, or an index reads one unit of an output."""

import ast
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import prod

from ....code.operations import Operand
from ....code.values import Layer
from ....facts_about_sizes import fact
from ...axes_of_arrays import AXES_OF_X
from ...causes import cause
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.layers_and_operands import width_of
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch
from ...names_of_layers import is_recurrent
from ..inputs.keras_shapes import INPUTS
from ..likely_causes import unused_embedding

# -- layers below ------------------------------------------------------------------------------------------------------

NAME = re.compile(r"(lstm|gru|simple_rnn|bidirectional)(?:_(\d{1,3}))?$")
"""The name that Keras gives a recurrent layer: its class, and how many of it were made before."""


def _is_of_vector(found: Found, mismatch: Mismatch, *tensors: str) -> bool:
    """Whether a layer of Keras that reads steps got two axes."""
    is_of_rank = mismatch.axis == "rank" and mismatch.tensor in tensors and found.framework == "keras"
    return is_of_rank and mismatch.got == 2 and len(mismatch.shapes[1]) == 2


def _named(layer: Layer) -> str:
    """The class in the name that Keras gives a layer."""
    if layer.setting("bidirectional"):
        return "bidirectional"
    return "simple_rnn" if layer.kind == "rnn" else layer.kind


def _below(found: Found, mismatch: Mismatch) -> Layer | None:
    """The recurrent layer that returns its last step to the one that failed, which Keras has named; None if that is not
    certain."""
    name = NAME.fullmatch(found.text("layer"))
    if not _is_of_vector(found, mismatch, "x") or not name:
        return None
    made, width, before = found.program.made_layers, mismatch.shapes[1][1], int(name[2] or 0)
    same = [one for one in made if _named(one) == name[1]]
    pairs = [(one, above) for one, above in pairwise(made) if before < len(same) and above is same[before]]
    below = pairs[0][0] if len(pairs) == 1 else None
    return below if below and not below.setting("return_sequences") and width_of(below) == width else None


def _of_layer_below(found: Found, mismatch: Mismatch) -> Mismatch:
    """A layer below that returns only its last step, whose units are the values that the layer gets."""
    first = mismatch.first_cause
    if first not in ("missing_axis", "missing_features_axis", "return_sequences") or not _below(found, mismatch):
        return mismatch
    return replace(mismatch, causes=(cause("return_sequences", "keras", cell=found.cell, units=mismatch.shapes[1][1]),))


def steps_of_layer_below(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the layer below, with every step."""
    tree, layer = found.program.tree, _below(found, mismatch)
    if not layer and _is_of_vector(found, mismatch, "dense_input", "output"):
        last = found.program.made_layers[-1:]
        fits = [one for one in last if width_of(one) == mismatch.shapes[1][1] and not one.setting("return_sequences")]
        layer = fits[0] if fits else None
    made = tree.made_layer(layer) if layer else None
    return all_of([tree.with_every_step(made)]) if made else ()


# -- flattened steps ---------------------------------------------------------------------------------------------------


def _flattened(found: Found, mismatch: Mismatch) -> tuple[int, tuple[int | None, ...]] | None:
    """The line of the only Flatten that makes the vector which a recurrent layer gets, and the shape of what it
    flattens, which begins with an unknown batch; None if that is not certain."""
    if not _is_of_vector(found, mismatch, "x"):
        return None
    width = mismatch.shapes[1][1]
    of_flatten = [one for one in found.program.operations if one.layer and one.layer.kind == "flatten"]
    given = {(one.layer.line, one.operands[0].axes[1:]) for one in of_flatten if one.layer and one.operands}
    line, axes = given.pop() if len(given) == 1 else (0, ())
    sizes = [size for size in axes if isinstance(size, int)]
    is_certain = line and width and len(sizes) == len(axes) > 1 and prod(sizes) == width
    return (line, (None, *sizes)) if is_certain else None


def _of_flattened(found: Found, mismatch: Mismatch) -> Mismatch:
    """A layer below that flattens the steps: x had them, so that no axis of x is missing."""
    if not (flattened := _flattened(found, mismatch)):
        return mismatch
    _, shape = flattened
    read = replace(mismatch, causes=(cause("flattened_steps", "keras"),))
    if len(shape) != mismatch.expected:
        return read
    sizes = zip(("time_step", "features"), shape[1:], strict=True)
    facts = (fact(name, size, "flattened") for name, size in sizes if size)
    return replace(read, shapes=(shape, mismatch.shapes[1]), facts=(*mismatch.facts, *facts))


def flatten_of_each_step(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the Flatten, with one that flattens each step."""
    flattened, tree = _flattened(found, mismatch), found.program.tree
    made = [one for one in tree.calls_of("Flatten") if flattened and one.lineno == flattened[0]]
    if len(made) != 1:
        return ()
    each = re.sub(r"\w+$", "TimeDistributed", tree.text(made[0].func))
    if "." not in each and each not in tree.imported:
        if "keras" not in tree.imported:
            return ()
        each = f"keras.layers.{each}"
    return tree.corrected((made[0], f"{each}({tree.text(made[0])})"))


# -- pooled steps ------------------------------------------------------------------------------------------------------

GLOBAL = re.compile(r"Global(?=(?:Max|Average|Avg)Pool(?:ing)?1D$)")
"""What the names of Keras's layers begin with that pool all steps."""


def _pooled(found: Found, mismatch: Mismatch) -> ast.Call | None:
    """What makes the only layer that pools all steps into the vector which a recurrent layer gets; None if that is not
    certain."""
    if not _is_of_vector(found, mismatch, "x"):
        return None
    tree, width = found.program.tree, mismatch.shapes[1][1]
    of_pooling = [one for one in found.program.operations if one.layer and one.layer.kind == "pooling"]
    lines = {one.layer.line for one in of_pooling if one.layer and _is_over_steps(one.operands, width)}
    made = [one for one in tree.calls if GLOBAL.match(name_of(one))]
    return made[0] if len(made) == 1 and {one.lineno for one in made} == lines else None


def _is_over_steps(operands: Sequence[Operand], width: int | None) -> bool:
    """Whether a layer gets an array with steps, and so many channels."""
    return bool(width and operands) and len(operands[0].axes) == 3 and operands[0].axes[2] == width


def _of_pooled(found: Found, mismatch: Mismatch) -> Mismatch:
    """A layer below that pools all steps: x had them, so that no axis of x is missing."""
    if not _pooled(found, mismatch):
        return mismatch
    facts = (*mismatch.facts, fact("features", mismatch.shapes[1][1] or 0, "pooled"))
    return replace(mismatch, causes=(cause("pooled_steps", "keras"),), facts=facts, note=None)


def pooling_of_some_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the layer which pools all steps, with one that pools a few at a time."""
    made, tree = _pooled(found, mismatch), found.program.tree
    if made is None or made.args or made.keywords:
        return ()
    name = GLOBAL.sub("", tree.text(made.func).rpartition(".")[2])
    owner = made.func.value if isinstance(made.func, ast.Attribute) else None
    if owner is None and name not in tree.imported and "keras" not in tree.imported:
        return ()
    of = f"{tree.text(owner)}." if owner else "" if name in tree.imported else "keras.layers."
    return tree.corrected((made, f"{of}{name}(2)"))


# -- words -------------------------------------------------------------------------------------------------------------

INTEGERS = ("randint", "integers")


def _layer(tree: ProgramTree, call: ast.Call) -> ast.Call | None:
    """The call that makes the recurrent layer which another call calls; None for anything else."""
    made = call.func if isinstance(call.func, ast.Call) else tree.assigned(call.func)
    made = made.args[0] if isinstance(made, ast.Call) and name_of(made) == "Bidirectional" and made.args else made
    return made if isinstance(made, ast.Call) and is_recurrent(name_of(made).lower()) else None


def _words(tree: ProgramTree) -> tuple[ast.Name, ast.Call] | None:
    """The input with the numbers of words that the failed line gives a recurrent layer as it is, and what makes the
    layer; None for any other."""
    calls = [(one.args[0], layer) for one in tree.calls_of_failure() if one.args and (layer := _layer(tree, one))]
    x, layer = calls[0] if len(calls) == 1 else (None, None)
    made: ast.expr | None = x
    for _ in range(3):
        made = tree.assigned(made) if isinstance(made, ast.Name) else made
    if not isinstance(x, ast.Name) or not layer or not isinstance(made, ast.Call) or name_of(made) not in INPUTS:
        return None
    shape = tree.argument(made, 0, "shape")
    is_of_integers = any("int" in tree.text(one) for one in tree.keywords(made, "dtype"))
    is_of_words = is_of_integers or bool(tree.calls_of(*INTEGERS) and tree.calls_of("Embedding"))
    is_of_one_axis = isinstance(shape, (ast.Tuple, ast.List)) and len(shape.elts) == 1
    return (x, layer) if is_of_words and is_of_one_axis else None


def _of_words(found: Found, mismatch: Mismatch) -> Mismatch:
    """The numbers of words for a layer that reads vectors."""
    if not _is_of_vector(found, mismatch, "x") or not _words(found.program.tree):
        return mismatch
    return replace(mismatch, causes=(cause("missing_embedding", "keras"),))


def embedded_words(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that failed, with an embedding of the numbers; () if the program does not say how many there are."""
    tree = found.program.tree
    others = [one for one in tree.calls_of("Embedding") if len(one.args) > 1]
    if not (words := _words(tree)):
        return ()
    x, layer = words
    used = {tree.text(one.args[0]) for one in others}
    limits = {tree.text(one.args[1]) for one in tree.calls_of(*INTEGERS) if len(one.args) > 1}
    numbers = limits - used if len(limits) > 1 else limits
    width = others[0].args[1] if others else next(iter(layer.args), None)
    made = tree.text(others[0].func) if others else re.sub(r"\w+$", "Embedding", tree.text(layer.func))
    if len(numbers) != 1 or width is None or (made == "Embedding" and made not in tree.imported):
        return ()
    return tree.corrected((x, f"{made}({numbers.pop()}, {tree.text(width)})({x.id})"))


OF_STEPS, OF_FEATURES = (("time_step",),), (("features",),)
"""What a fact about the number of steps, or of features, is about."""

OF_INTEGERS = re.compile(r"dtype='?u?int\d{1,2}\b")
"""Numbers of words, in the arguments that Keras lists."""


def _of_unused_embedding(found: Found, mismatch: Mismatch) -> Mismatch:
    """The numbers of words for a layer that reads vectors, beside an embedding that the program never calls."""
    if not _is_of_vector(found, mismatch, "x") or _unused_embedding(found) is None:
        return mismatch
    tree, kept = found.program.tree, [one for one in mismatch.facts if one.terms not in (OF_STEPS, OF_FEATURES)]
    made = tree.calls_of("Embedding")
    width = tree.argument(made[0], 1, "output_dim") if len(made) == 1 else None
    sizes = (*mismatch.shapes[1], tree.size_said(width) if width is not None else None)
    facts = (*kept, *(fact(name, size, "x") for name, size in zip(AXES_OF_X, sizes, strict=True) if size))
    return replace(mismatch, causes=(cause("unused_embedding", "keras"),), facts=facts)


def _unused_embedding(found: Found) -> tuple[ast.expr, str] | None:
    """What the line that failed gives a recurrent layer, and the embedding that the program makes and never calls; None
    without them, and for other values than whole numbers."""
    call, tree = found.program.failed_call, found.program.tree
    embedding = unused_embedding(found.program.source)
    is_of_words = bool(tree.calls_of(*INTEGERS)) or OF_INTEGERS.search(found.surroundings.text) is not None
    if not embedding or not is_of_words or call is None or not isinstance(call.node, ast.Call) or not call.node.args:
        return None
    x = call.node.args[0]
    return (x, embedding) if len(call.operands[0].axes) == 2 and isinstance(x, ast.Name) else None


def embedded_by_unused(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that failed of a program of Keras, with the embedding that the program never calls."""
    given = _unused_embedding(found) if found.framework == "keras" else None
    return found.program.tree.corrected((given[0], f"{given[1]}({found.program.tree.text(given[0])})")) if given else ()


# -- units -------------------------------------------------------------------------------------------------------------


def _unit(found: Found, mismatch: Mismatch) -> ast.expr | None:
    """The index that reads one unit of the last step, or of another one, for a dense layer of Keras in the line that
    failed; None without one."""
    tree = found.program.tree
    is_of_dense = (mismatch.tensor, mismatch.axis, found.framework) == ("dense_input", "rank", "keras")
    given = [one.args[0] for one in tree.calls_of_failure() if len(one.args) == 1] if is_of_dense else []
    for one in given:
        match tree.assigned(one) if isinstance(one, ast.Name) else one:
            case ast.Subscript(slice=ast.Tuple(elts=[ast.Slice(), step, unit])):
                if mismatch.got == 1 and None not in (tree.number(step), tree.number(unit)):
                    return unit
    return None


def _of_unit(found: Found, mismatch: Mismatch) -> Mismatch:
    """An index that reads one unit."""
    return replace(mismatch, causes=(cause("one_unit", "keras"),)) if _unit(found, mismatch) is not None else mismatch


def all_units(found: Found, mismatch: Mismatch) -> Corrections:
    """The line with this index, with all units."""
    unit = _unit(found, mismatch)
    return found.program.tree.corrected((unit, ":")) if unit is not None else ()


def _of_sample(found: Found, mismatch: Mismatch) -> Mismatch:
    """An index that reads one sample of what a layer of Keras returns for each one."""
    is_of_vector = (mismatch.tensor, mismatch.axis, mismatch.got) == ("dense_input", "rank", 1)
    if not is_of_vector or found.framework != "keras" or not found.line.statement or len(mismatch.causes):
        return mismatch
    calls = [one for one in ast.walk(found.line.statement) if isinstance(one, ast.Call) and len(one.args) == 1]
    given = [one for one in (call.args[0] for call in calls) if isinstance(one, ast.Subscript)]
    if len(given) != 1 or not (index := INDEX.search(found.code)) or not ast.unparse(given[0]).endswith(index[0]):
        return mismatch
    fix = found.code[: index.start()] + found.code[index.end() :]
    likely = replace(cause("sample_of_output", "keras"), wrong=found.code, fix=fix, is_own=True)
    (width,) = found.shape("shape") if len(found.shape("shape")) == 1 else (None,)
    facts = [fact("directions*num_units", width, "output")] if width else []
    return replace(mismatch, causes=(likely,), note=None, facts=(*mismatch.facts, *facts))


INDEX = re.compile(r"(?<=[\w)\]])\[\s?-?\d{1,4}\s?\](?=\s?\)(?![^\n]*\[))")
"""A number in brackets at the end of an argument, if no other brackets follow."""

RULES = (_of_words, _of_unused_embedding, _of_layer_below, _of_flattened, _of_pooled)
"""What the program says about the causes of a vector in the place of steps."""

WITHOUT_CAUSES = (_of_unit, _of_sample)
"""The same for a number in the place of a vector, of which nothing else says a cause."""

CORRECTIONS = {
    "return_sequences": steps_of_layer_below,
    "flattened_steps": flatten_of_each_step,
    "pooled_steps": pooling_of_some_steps,
    "missing_embedding": embedded_words,
    "unused_embedding": embedded_by_unused,
    "one_unit": all_units,
}
"""Cause -> the lines that it corrects."""
