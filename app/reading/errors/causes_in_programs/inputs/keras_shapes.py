"""The shapes of the inputs of a model of Keras, as a pasted program writes them."""

import ast

from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree

INPUTS = ("Input", "InputLayer")

AXES = ("time_step", "features")


def inputs(tree: ProgramTree) -> list[tuple[ast.expr, ast.expr]]:
    """The steps and the features in the shapes of the inputs of a model of Keras."""
    calls = tree.calls
    shapes = [tree.argument(one, 0, "shape") for one in calls if name_of(one) in INPUTS]
    shapes += [key.value for one in calls for key in one.keywords if key.arg == "input_shape"]
    given = [_given(tree, one) if isinstance(one, ast.Name) else one for one in shapes]
    tuples = [one.elts for one in given if isinstance(one, (ast.Tuple, ast.List))]
    return [(one[0], one[1]) for one in tuples if len(one) == len(AXES)]


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
