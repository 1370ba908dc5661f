"""The calls of a pasted program that give data to a model of Keras, or an output and its target to a loss of PyTorch;
and those that make the data."""

import ast
import re

from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found

FITS = ("fit", "predict", "evaluate", "train_on_batch", "predict_on_batch")
"""The methods of a model of Keras that get data."""

LOSS = re.compile(r"loss|entropy|crit|nll|mse|bce|huber", re.IGNORECASE)

SLICES = "from_tensor_slices"
DATASETS = (SLICES, "from_generator", "from_tensors", "timeseries_dataset_from_array", "window", "zip")
"""What makes a dataset of TensorFlow."""


def call_of_model(tree: ProgramTree) -> ast.Call | None:
    """The call of a model of Keras in the traceback: ``model.fit(x, y)``."""
    calls = tree.calls_in_frames
    return next((one for one in calls if name_of(one) in FITS and one.args), None)


def call_of_loss(found: Found) -> ast.Call | None:
    """The call of a loss of PyTorch in the traceback, or of one that is made where it is called."""
    tree = found.program.tree
    calls = [one for line in reversed(tree.frames) for one in tree.calls_in(line) if len(one.args) > 1]
    named = [(one, name_of(one.func if isinstance(one.func, ast.Call) else one)) for one in calls]
    made = [one.node for one in found.program.failed_operations if one.kind == "loss"]  # called by any name
    known = [one for one in made if isinstance(one, ast.Call) and len(one.args) > 1 and not _is_of_pytorch(one)]
    called = [*(one for one, name in named if LOSS.search(name)), *known]
    if not called and not tree.frames:  # a warning, after which the program goes on
        of_two = [one for one in tree.calls if len(one.args) == 2 and LOSS.search(_class_called(tree, one))]
        of_program = [one for one in of_two if not _is_of_pytorch(one)]
        called = of_program if len(of_program) == 1 else []
    return called[0] if called and found.framework == "pytorch" else None


def _class_called(tree: ProgramTree, call: ast.Call) -> str:
    """The class of what a call calls, or its name if the program does not say that."""
    made = tree.assigned(call.func) if isinstance(call.func, ast.Name | ast.Attribute) else call.func
    return name_of(made) if isinstance(made, ast.Call) else name_of(call)


def _is_of_pytorch(call: ast.Call) -> bool:
    """Whether a call is in the line of PyTorch that warns, after the warning."""
    return any(ast.unparse(one.value) == "self.reduction" for one in call.keywords)


def names_of_x(call: ast.Call) -> list[ast.Name]:
    """The names of the x of training and of validation in the call of a model."""
    tuples = [one.value for one in call.keywords if one.arg == "validation_data" and isinstance(one.value, ast.Tuple)]
    data = [call.args[0], *(one.elts[0] for one in tuples if one.elts)]
    return [one for one in data if isinstance(one, ast.Name)]


def maker_of(tree: ProgramTree, name: ast.Name) -> ast.expr | None:
    """The call that makes an array of which a name is the whole, or some of its samples; or a part of what it makes."""
    value = tree.assigned(name)
    if isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name) and isinstance(value.slice, ast.Slice):
        return maker_of(tree, value.value)
    inner = value.value if isinstance(value, ast.Subscript) else value
    return value if isinstance(inner, ast.Call) else None


def batch_of_model(tree: ProgramTree, batch: int | None) -> str:
    """A number as the only name of the module that is called like a batch and has it, or else as it is."""
    named = {one.id for one in tree.nodes if isinstance(one, ast.Name) and tree.number(one) == batch}
    named = {one for one in named if "batch" in one.lower() and tree.is_in_module(one)}
    return named.pop() if len(named) == 1 else str(batch)
