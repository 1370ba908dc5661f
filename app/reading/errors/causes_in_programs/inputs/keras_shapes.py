"""What a pasted program says about the shapes of the inputs of a model of Keras: the causes that this leaves, and the
lines that they correct."""

import ast
from collections.abc import Iterable
from dataclasses import replace

from ....facts_about_sizes import fact
from ...axes_of_arrays import AXES_OF_X
from ...causes import cause
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.names_of_sizes import FEATURES
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...code_lines.written_sizes import with_value
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch
from ..layers.layers_below import features_of_layer

INPUTS = ("Input", "InputLayer")

AXES = ("time_step", "features")


def inputs(tree: ProgramTree) -> list[tuple[ast.expr, ast.expr]]:
    """The steps and the features in the shapes of the inputs of a model of Keras."""
    calls = tree.calls
    shapes = [tree.argument(one, 0, "shape") for one in calls if name_of(one) in INPUTS]
    shapes += [key.value for one in calls for key in one.keywords if key.arg == "input_shape"]
    of_batch = [key.value for one in calls for key in one.keywords if key.arg in ("batch_shape", "batch_input_shape")]
    tuples = [*_tuples(tree, shapes), *(one[1:] for one in _tuples(tree, of_batch))]
    return [(one[0], one[1]) for one in tuples if len(one) == len(AXES)]


def _tuples(tree: ProgramTree, shapes: Iterable[ast.expr | None]) -> list[list[ast.expr]]:
    """The sizes in shapes."""
    given = [_given(tree, one) if isinstance(one, ast.Name) else one for one in shapes]
    return [one.elts for one in given if isinstance(one, (ast.Tuple, ast.List))]


def of_named_input(tree: ProgramTree, sizes: list[ast.expr], name: str) -> list[ast.expr]:
    """The sizes in the shape of the input with the name of a message, if there are several; all without such a name."""
    calls = {id(size): next((one for one in tree.above(size) if isinstance(one, ast.Call)), None) for size in sizes}
    names = {key: tree.keywords(call, "name") if call else [] for key, call in calls.items()}
    named = [one for one in sizes if [ast.unparse(each).strip("'\"").lower() for each in names[id(one)]] == [name]]
    return named if len(sizes) > 1 and len(named) == 1 else sizes


def _given(tree: ProgramTree, name: ast.Name) -> ast.expr | None:
    """What a name is: what it got before, or what the only call of its function gives for a parameter."""
    function = tree.function_of(name)
    if not function or name.id not in tree.parameters(function):
        return tree.assigned(name)
    calls = [one for one in tree.calls if tree.function_called(one) is function]
    return tree.argument_for(calls[0], function, name) if len(calls) == 1 else None


def _is_exchanged(tree: ProgramTree, one: ast.expr, other: ast.expr) -> bool:
    """Whether the steps and the features in the shape of an input are exchanged: by their names, or because they are
    the sizes of the last axis and the one before of an array."""
    if [bool(FEATURES.search(tree.text(size))) for size in (one, other)] == [True, False]:
        return True
    sizes = [tree.assigned(size) if isinstance(size, ast.Name) else size for size in (one, other)]
    match sizes:
        case [
            ast.Subscript(value=ast.Attribute(array, "shape"), slice=first),
            ast.Subscript(value=ast.Attribute(of, "shape"), slice=second),
        ]:
            axes = tuple(map(tree.number, (first, second)))
            return ast.unparse(array) == ast.unparse(of) and axes == (2, 1)
    return False


def _of_exchanged_input(found: Found, mismatch: Mismatch) -> Mismatch:
    """The shape of the input of a model of Keras, with its features before its steps, as their names say."""
    expected, got = mismatch.expected, mismatch.got
    is_exchanged = (mismatch.tensor, mismatch.axis, found.framework) == ("x", "order", "keras")
    if not is_exchanged or not isinstance(expected, tuple) or not isinstance(got, tuple) or len(got) != 3:
        return mismatch
    tree = found.program.tree
    shapes = [
        one
        for one in inputs(found.program.tree)
        if all(tree.number(size) in (None, n) for size, n in zip(one, expected[1:], strict=False))
    ]
    if len(shapes) != 1 or not _is_exchanged(tree, *shapes[0]):
        return mismatch
    likely = cause("exchanged_input", "keras", got=got[2], expected=got[1])
    of_names = zip(AXES_OF_X, got, strict=True)
    facts = tuple(fact(name, size, "x") for name, size in of_names if size)
    return replace(mismatch, causes=(likely,), facts=facts)


def exchanged_input(found: Found, mismatch: Mismatch) -> Corrections:
    tree = found.program.tree
    if len(shapes := inputs(found.program.tree)) != 1:
        return ()
    ((one, other),) = shapes
    return tree.corrected((one, tree.text(other)), (other, tree.text(one)))


def features_of_input(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that says the features in the shape of the only input of a model of Keras that may be meant."""
    tree = found.program.tree
    shapes = [one for one in (mismatch.expected, mismatch.got) if isinstance(one, tuple) and one]
    expected, got = (one[-1] for one in shapes) if len(shapes) == 2 else (None, None)
    sizes = [features for _, features in inputs(found.program.tree) if tree.number(features) in (None, expected)]
    sizes = of_named_input(tree, sizes, found.text("n"))
    if found.framework != "keras" or len(sizes) != 1 or got is None:
        return ()
    return with_value(tree, sizes[0], got)


def features_of_input_or_layer(found: Found, mismatch: Mismatch) -> Corrections:
    return features_of_input(found, mismatch) or features_of_layer(found, mismatch)


def steps_of_input(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that leaves the steps in the shape of the only input of a model of Keras open, with a name for them."""
    steps = [one for one, _ in inputs(found.program.tree)]
    is_open = len(steps) == 1 and isinstance(steps[0], ast.Constant) and steps[0].value is None
    return found.program.tree.corrected((steps[0], AXES[0])) if is_open and found.framework == "keras" else ()


def _of_converted_model(found: Found, mismatch: Mismatch) -> Mismatch:
    """The steps and the features that a program says for the only input of a model that it converts."""
    shapes = inputs(found.program.tree) if mismatch.first_cause == "converted_batch" else []
    if len(shapes) != 1:
        return mismatch
    steps, features = map(found.program.tree.number, shapes[0])
    sizes = {"time_step": steps, "features": features}
    likely = cause("converted_batch", "keras", steps=steps or "None", features=features)
    facts = [fact(name, size, "x") for name, size in sizes.items() if size]
    return replace(mismatch, causes=(likely,), facts=(*mismatch.facts, *facts))


def fixed_batch_of_input(found: Found, mismatch: Mismatch) -> Corrections:
    """The only input of a model of Keras, with a fixed batch."""
    tree = found.program.tree
    calls = [one for one in tree.calls if name_of(one) in INPUTS]
    if len(calls) != 1 or len(inputs(tree)) != 1:
        return ()
    return all_of([tree.with_argument(calls[0], "batch_size", "1")])


RULES = (_of_exchanged_input, _of_converted_model)
"""What the program says about the shapes of its inputs."""

CORRECTIONS = {
    "exchanged_input": exchanged_input,
    "converted_batch": fixed_batch_of_input,
    "static_steps": steps_of_input,
    "other_features": features_of_input_or_layer,
}
"""Cause -> the lines that it corrects."""
