"""What a model of Keras or a placeholder declares for a sample, for an x that lacks an axis: a new axis must make such
a sample of a row."""

import ast
import re
from dataclasses import replace

from ....facts_about_sizes import fact
from ...axes_of_arrays import AXES_OF_X, RANK, STEPS
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Cause, Mismatch, Shape
from ...names_of_layers import is_recurrent
from .calls_with_data import call_of_model, names_of_x
from .keras_shapes import inputs

NEW_AXES = ("missing_axis", "missing_features_axis")
"""Causes whose lines give x an axis of size 1, after the samples or after all others."""

FRAMEWORKS = ("keras", "tf1", "tensorflow")


def _sample(found: Found, mismatch: Mismatch) -> Shape:
    """The steps and the features that the message, or the program for its only input, declares, or that a text without
    a program says in words; () for nothing."""
    expected, _ = mismatch.shapes
    if len(expected) == 3:
        return expected[1:]
    declared = inputs(found.program.tree) if found.framework in FRAMEWORKS else []
    if len(declared) == 1:
        return tuple(map(found.program.tree.number, declared[0]))
    said = {*SAID.findall(found.surroundings.text)} if not declared and not found.program.made_layers else set()
    return tuple(map(int, said.pop())) if len(said) == 1 else ()


SAID = re.compile(r"\b(\d{1,5}) (?:time ?-?)?steps?\b[^.\n\d]{1,24}?\b(\d{1,5}) features\b")
"""The steps and the features of a sample in words, in lower case."""


def _of_declared_sample(found: Found, mismatch: Mismatch) -> Mismatch:
    """A table whose rows need another shape than a new axis gives them."""
    sample, got = _sample(found, mismatch), mismatch.shapes[1]
    is_table = (mismatch.tensor, mismatch.expected, mismatch.got, len(got)) == ("x", 3, 2, 2)
    if not is_table or not sample or sample[1] is None or got[1] is None or mismatch.first_cause not in NEW_AXES:
        return mismatch
    (steps, features), width = sample, got[1]
    if steps and features and 1 not in (steps, features) and width == steps * features:  # the numbers alone decide
        likely = cause("flat_samples", found.framework, steps=steps, features=features)
        batch = [("batch_size", size) for size in got[:1] if size]
        known = batch if inputs(found.program.tree) or mismatch.shapes[0] else zip(AXES_OF_X[1:], sample, strict=True)
        facts = (fact(name, size, "x") for name, size in known if size)
        return replace(mismatch, causes=(likely,), note=None, facts=(*mismatch.facts, *facts))
    if not inputs(found.program.tree):  # the message alone does not say what x is
        return mismatch
    made = {"missing_axis": (1, width), "missing_features_axis": (width, 1)}
    kept = tuple(one for one in mismatch.causes if one.id not in made or _fits(made[one.id], sample))
    if any(one.id in made for one in kept):
        return _as_declared(mismatch, kept, made)
    if width == features and steps and windows(found, mismatch):
        likely = cause("rows_of_steps", found.framework, steps=steps, last=steps - 1)
        return replace(mismatch, causes=(likely, *kept), note=None)
    return mismatch


def _input_beside(found: Found) -> tuple[ast.expr, ast.expr] | None:
    """The shape of the only input of a model of Keras, which has one size, and the shape of a sample that the only
    recurrent layer declares, too, with this size; None for other programs."""
    tree = found.program.tree
    made = [tree.argument(one, 0, "shape") for one in tree.calls_of("Input")]
    said = [
        key for one in tree.calls if is_recurrent(name_of(one).lower()) for key in tree.keywords(one, "input_shape")
    ]
    match made, said:
        case [ast.Tuple(elts=[size]) as shape], [ast.Tuple(elts=[_, _]) as sample]:
            sizes, width = [*map(tree.number, sample.elts)], tree.number(size)
            return (shape, sample) if width and sorted(sizes, key=str) == sorted((1, width), key=str) else None
    return None


def _of_input_beside(found: Found, mismatch: Mismatch) -> Mismatch:
    """An input of a model of Keras with one axis less than the layer that it is for declares."""
    is_rank = (mismatch.tensor, mismatch.expected, mismatch.got) == ("x", RANK, RANK - 1) and found.framework == "keras"
    if not is_rank or found.program.tree.frames or not (both := _input_beside(found)):
        return mismatch
    sizes = [*map(found.program.tree.number, getattr(both[1], "elts", ()))]
    id = NEW_AXES[sizes[0] != 1]
    facts = (fact(name, size, "x") for name, size in zip(AXES_OF_X[1:], sizes, strict=True) if size)
    return replace(mismatch, causes=(cause(id, "keras"),), facts=(*mismatch.facts, *facts), note=None)


def input_of_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the input of a model of Keras, with the shape that its layer declares."""
    both, tree = _input_beside(found) if not found.program.tree.frames else None, found.program.tree
    return tree.corrected((both[0], tree.text(both[1]))) if both else ()


def _as_declared(mismatch: Mismatch, kept: tuple[Cause, ...], made: dict[str, tuple[int, int]]) -> Mismatch:
    """A table of which the declared sample leaves these causes; one alone tells what its rows are. ``made``: cause ->
    the sample that its new axis makes of a row."""
    if len(mismatch.causes) == len(kept) or len(kept) != 1 or mismatch.facts:
        return replace(mismatch, causes=kept)
    sizes = zip(AXES_OF_X[1:], made[kept[0].id], strict=True)
    facts = (fact(name, size, "x") for name, size in sizes if size)
    return replace(mismatch, causes=kept, facts=(*facts,), note=None)


def _fits(made: Shape, sample: Shape) -> bool:
    return all(want in (None, size) for want, size in zip(sample, made, strict=True))


def windows(found: Found, mismatch: Mismatch) -> Corrections:
    """New lines before the call of the model, which cut windows out of the rows, and the targets of their last rows;
    or the call with the rows of each target as a sample."""
    tree, call = found.program.tree, call_of_model(found.program.tree)
    data = names_of_x(call) if call else []
    steps, _ = _sample(found, mismatch) or (None, None)
    if not call or not steps or len(data) != 1 or "np" not in tree.imported:
        return ()
    y = call.args[1] if len(call.args) > 1 and name_of(call) != "predict" else None
    rows, targets = ((*tree.axes_of_made(one), None)[0] if one is not None else None for one in (data[0], y))
    if isinstance(rows, int) and isinstance(targets, int) and rows == steps * targets:
        return whole_samples(found, mismatch)
    if y is not None and (not isinstance(y, ast.Name) or rows != targets):
        return ()
    x = data[0].id
    cut = f"{x} = np.stack([{x}[n : n + {steps}] for n in range(len({x}) - {steps - 1})])"
    of_last = f"; {y.id} = {y.id}[{steps - 1}:]" if y is not None else ""
    return [("", f"{cut}{of_last}  # before: {tree.line(call)}")]


def whole_samples(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the model, with an axis for the steps of each row."""
    tree = found.program.tree
    call = call_of_model(tree) or _called_model(tree)
    data, sample = names_of_x(call) if call else [], _sample(found, mismatch)
    if len(data) != 1 or len(sample) != 2:
        return ()
    return tree.corrected((data[0], f"{data[0].id}.reshape(-1, {sample[0]}, {sample[1]})"))


def _shapes_with_samples(found: Found) -> list[tuple[ast.Tuple | ast.List, Shape]]:
    """The shapes of a sample that recurrent layers of Keras get with three numbers, which are those that the text says
    of an array: they have the batch, too."""
    tree = found.program.tree
    made = [one for one in tree.calls if is_recurrent(name_of(one).lower())]
    given = [one for call in made for one in tree.keywords(call, "input_shape")]
    shapes = [one for one in given if isinstance(one, (ast.Tuple, ast.List))]
    known = [(one, tuple(map(tree.number, one.elts))) for one in shapes]
    said = [shape for name, shape in found.surroundings.said_shapes.items() if name != "input_shape"]
    arrays = [tree.shape_made(one) for one in tree.calls if tree.is_maker(one)]
    return [(one, shape) for one, shape in known if len(shape) == RANK and shape in (*said, *arrays)]


def _of_samples_in_shape(found: Found, mismatch: Mismatch) -> Mismatch:
    """An input_shape that is the shape of all samples, so that the layer expects a batch of batches."""
    is_of_rank = (mismatch.tensor, mismatch.expected, mismatch.got) == ("x", RANK, RANK + 1)
    shapes = _shapes_with_samples(found) if found.framework == "keras" and is_of_rank else []
    if len(shapes) != 1 or mismatch.first_cause != "extra_axis":
        return mismatch
    sizes = dict(zip(AXES_OF_X, shapes[0][1], strict=True))
    facts = (fact(name, size, "x") for name, size in sizes.items() if size and name != STEPS[0])
    return replace(mismatch, causes=(cause("samples_in_shape", "keras"),), facts=(*mismatch.facts, *facts))


def without_samples(found: Found, mismatch: Mismatch) -> Corrections:
    """The shape of a sample without the first axis."""
    tree, shapes = found.program.tree, _shapes_with_samples(found)
    if len(shapes) != 1:
        return ()
    shape = shapes[0][0]
    return tree.corrected((shape, f"({', '.join(map(tree.text, shape.elts[1:]))})"))


def _called_model(tree: ProgramTree) -> ast.Call | None:
    """The only call of a model of Keras in the line that failed, by its name: ``model(x)``."""
    called = [one for one in tree.calls_of_failure() if isinstance(one.func, ast.Name) and one.args]
    made = [(one, tree.assigned(one.func)) for one in called]
    of_models = [one for one, model in made if isinstance(model, ast.Call) and name_of(model) in MODELS]
    return of_models[0] if len(of_models) == 1 else None


MODELS = ("Model", "Sequential")
"""What makes a model of Keras."""

RULES = (_of_declared_sample, _of_input_beside, _of_samples_in_shape)
"""What the declared sample says about the axes of x."""

CORRECTIONS = {
    "rows_of_steps": windows,
    "flat_samples": whole_samples,
    "samples_in_shape": without_samples,
    **dict.fromkeys(NEW_AXES, input_of_layer),
}
"""Cause -> the lines that it corrects."""
