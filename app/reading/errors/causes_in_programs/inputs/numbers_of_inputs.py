"""What a pasted program says about a list with more arrays than a model of Keras has inputs."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from ....code.values import Axes
from ....facts_about_sizes import fact
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size


def _given(found: Found, mismatch: Mismatch) -> list[ast.expr]:
    """The arrays of the first list in the line that failed with as many as the message says; [] without one."""
    got, calls = only_size(mismatch.got), found.program.tree.calls_of_failure()
    lists = (one.args[0] for one in calls if one.args)
    return next((one.elts for one in lists if isinstance(one, (ast.List, ast.Tuple)) and len(one.elts) == got), [])


def _axes(tree: ProgramTree, array: ast.expr) -> Axes:
    """The axes of an array, also of one that a library makes whose import the text does not show."""
    axes = tree.axes_of_made(array)
    if axes or not isinstance(array, ast.Call) or not tree.is_maker(array):
        return axes
    return tuple(map(tree.number, tree.sizes_of(array)))


def _of_other_arrays(found: Found, mismatch: Mismatch) -> Mismatch:
    """A list of arrays with other shapes, which are no samples of one array."""
    if [one.id for one in mismatch.causes] != ["list_of_samples"]:
        return mismatch
    shapes = {_axes(found.program.tree, one) for one in _given(found, mismatch)} - {()}
    return replace(mismatch, causes=(cause("number_of_inputs", "keras"),)) if len(shapes) > 1 else mismatch


def all_inputs(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the only model, of all inputs that the program declares; or else the call of the model with
    the array that fits its input."""
    tree, arrays, of_model = found.program.tree, _given(found, mismatch), _input_of_model(found, mismatch)
    if of_model is None or not arrays:
        return ()
    inputs = dict(_declared(found))
    if [*inputs.values()] == [_axes(tree, one)[1:] for one in arrays] and of_model.id in inputs:
        return tree.corrected((of_model, f"[{', '.join(inputs)}]"))
    listed = next(one for one in tree.above(arrays[0]) if isinstance(one, (ast.List, ast.Tuple)))
    fitting = _fitting(found, mismatch)
    return tree.corrected((listed, tree.text(fitting))) if fitting is not None else ()


def _input_of_model(found: Found, mismatch: Mismatch) -> ast.Name | None:
    """The only input of the only model of Keras; None for others."""
    models = [one.args[0] for one in found.program.tree.calls_of("Model") if one.args]
    names = [one for one in models if isinstance(one, ast.Name)]
    is_of_one = found.framework == "keras" and only_size(mismatch.expected) == 1
    return names[0] if is_of_one and len(names) == 1 else None


def _fitting(found: Found, mismatch: Mismatch) -> ast.expr | None:
    """The only array of the list that has the steps and the features of the only input."""
    of_model, tree = _input_of_model(found, mismatch), found.program.tree
    shape = dict(_declared(found)).get(of_model.id) if of_model else None
    fitting = [one for one in _given(found, mismatch) if shape and _axes(tree, one)[1:] == shape]
    return fitting[0] if len(fitting) == 1 else None


def _of_fitting_array(found: Found, mismatch: Mismatch) -> Mismatch:
    """A list with one array for the input: it has the samples."""
    if mismatch.first_cause != "number_of_inputs" or (x := _fitting(found, mismatch)) is None:
        return mismatch
    samples = _axes(found.program.tree, x)[0]
    facts = [fact("batch_size", samples, "x")] if isinstance(samples, int) and samples else []
    return replace(mismatch, facts=(*mismatch.facts, *facts))


def _declared(found: Found) -> Iterator[tuple[str, Axes]]:
    """The names of the inputs that a program declares, and their sizes."""
    for one in found.program.tree.nodes:
        match one:
            case ast.Assign(targets=[ast.Name(name)], value=ast.Call() as made) if name_of(made) == "Input":
                yield name, _shape(found, made)


def _shape(found: Found, made: ast.Call) -> Axes:
    """The sizes that a program declares for an input."""
    tree = found.program.tree
    shape = tree.argument(made, 0, "shape")
    return tuple(map(tree.number, shape.elts)) if isinstance(shape, (ast.Tuple, ast.List)) else ()


RULES = (_of_other_arrays, _of_fitting_array)
"""What the program says about the arrays of a list."""

CORRECTIONS = {"number_of_inputs": all_inputs}
"""Cause -> the lines that it corrects."""
