"""The axes of the x of a layer, from the lines of a pasted program that make its data: through the functions that get
them, and the batches of a loader."""

import ast
from collections.abc import Iterator
from itertools import islice

from ...code.values import ANY, Axes
from .array_origins import MAKERS, UNCHANGED
from .program_nodes import name_of
from .program_tree import ProgramTree

MOST_LINES = 12
"""Names, parameters and parts of arrays through which x is followed."""

EMBEDDINGS = ("Embedding", "Embed")
OF_EACH_STEP = ("Dropout", "LayerNorm", "Linear", "Dense", "ReLU", "Tanh")
"""Layers that keep the samples and the steps of what they get."""

MOST_CALLS = 2
"""With so many calls of a function, the axes of its lines are those of the last one."""

MOST_CALLS_READ = 20

LOADERS = ("DataLoader",)
OF_TENSORS = ("TensorDataset",)
"""What makes batches of arrays that have the same samples."""


def axes_of_x(tree: ProgramTree, node: ast.expr) -> Axes:
    """The axes of an array, None for one that is not known; () for nothing."""
    cuts, layers = list[ast.Subscript](), list[str]()
    value: ast.expr | None = node
    partly: Axes = ()
    for _ in range(MOST_LINES):
        if value is None:
            return partly
        axes = tree.axes(value) if len(_calls_of_function(tree, value)) < MOST_CALLS else ()
        if axes and None not in axes and ANY not in axes:
            return axes_of_parts(tree, _through(axes, layers), cuts)
        if not partly and ANY not in axes and any(isinstance(one, int) for one in axes):
            partly = axes_of_parts(tree, _through(axes, layers), cuts)
        match value:
            case ast.Name() if (data := array_of_loop(tree, value)) is not None:
                axes = tree.axes_of_made(data)
                return axes_of_parts(tree, _through((None, *axes[1:]), layers), cuts) if axes else ()
            case ast.Name():
                value = given_to_parameter(tree, value) or tree.assigned(value)
            case ast.Subscript(value=of):
                cuts.append(value)
                value = of
            case ast.Call(func=ast.Attribute(value=of, attr=name)) if name in UNCHANGED:
                value = of
            case ast.Call(args=[of]) if layer := _layer_of_each_step(tree, value):
                layers.append(layer)
                value = of
            case ast.Call(args=[ast.List(elts=[of, *_]) | ast.Tuple(elts=[of, *_]), *_]) if _is_joined_vector(
                tree, value
            ):
                layers.append(JOIN)
                value = of
            case ast.Call() if name_of(value) in MAKERS:
                axes = tree.shape_made(value)
                return axes_of_parts(tree, _through(axes, layers), cuts) if ANY not in axes else ()
            case _:
                return partly
    return partly


def _is_joined_vector(tree: ProgramTree, call: ast.Call) -> bool:
    """Whether a call joins arrays along their last axis, so that they have the same samples and steps."""
    axis = tree.argument(call, 1, "dim") or tree.argument(call, 1, "axis")
    return name_of(call) in JOINS and axis is not None and tree.number(axis) in (-1, LAST_AXIS)


JOIN = "join"
JOINS = ("cat", "concat", "concatenate")
LAST_AXIS = 2


def _layer_of_each_step(tree: ProgramTree, call: ast.Call) -> str:
    """The class of a layer that is called, which computes each step alone; "" for anything else."""
    made = call.func if isinstance(call.func, ast.Call) else tree.assigned(call.func)
    name = name_of(made) if isinstance(made, ast.Call) else ""
    return name if name in (*EMBEDDINGS, *OF_EACH_STEP) else ""


def _through(axes: Axes, layers: list[str]) -> Axes:
    """The axes of what layers of each step make of an array, the innermost last."""
    for one in reversed(layers):
        axes = (*(axes if one in EMBEDDINGS else axes[:-1]), None)
    return axes


def given_to_parameter(tree: ProgramTree, parameter: ast.Name) -> ast.expr | None:
    """What a parameter gets: in the call of the traceback, or in the only one of its function."""
    if given := tree.given_to(parameter):
        return given[1]
    function = tree.function_of(parameter)
    if not function or parameter.id not in tree.parameters(function) or tree.is_assigned_before(parameter):
        return None
    values = [tree.argument_for(one, function, parameter) for one in _calls_of_function(tree, parameter)]
    return values[0] if len(values) == 1 else None


def _calls_of_function(tree: ProgramTree, node: ast.expr) -> list[ast.Call]:
    """The calls of the function that has a node, or of objects of its class, which are those of its ``forward``."""
    function = tree.function_of(node)
    of = next((one.name for one in tree.above(node) if isinstance(one, ast.ClassDef)), "")
    calls = islice(tree.calls_by_function.get(function, ()), MOST_CALLS_READ) if function else ()
    return [one for one in calls if tree.function_of(one) is not function and _is_named(tree, one, of)]


def _is_named(tree: ProgramTree, call: ast.Call, of: str) -> bool:
    """Whether a call has the name of its function, or that of an object of a class, or of any that a function gets."""
    made, function = tree.assigned(call.func), tree.function_called(call)
    is_of_class = isinstance(made, ast.Call) and name_of(made) == of
    is_given = name_of(call) in tree.parameters(tree.function_of(call))
    return is_of_class or is_given or (function is not None and function.name == name_of(call))


def array_of_loop(tree: ProgramTree, name: ast.Name) -> ast.expr | None:
    """The array with all samples of which a loop over a loader gives a name a batch; None for another name."""
    for loop in tree.above(name):
        if not isinstance(loop, ast.For):
            continue
        target, loader = loop.target, loop.iter
        if isinstance(loader, ast.Call) and name_of(loader) in ("enumerate", "tqdm") and loader.args:
            is_counted, loader = name_of(loader) == "enumerate", loader.args[0]
            target = target.elts[1] if is_counted and isinstance(target, ast.Tuple) and target.elts[1:] else target
        items = target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
        places = [n for n, one in enumerate(items) if isinstance(one, ast.Name) and one.id == name.id]
        if places:
            made = _made(tree, loader, LOADERS)
            dataset = tree.argument(made, 0, "dataset") if made else None
            arrays = _made(tree, dataset, OF_TENSORS) if dataset is not None else None
            return tree.argument(arrays, places[0]) if arrays else None
    return None


def _made(tree: ProgramTree, node: ast.expr, names: tuple[str, ...]) -> ast.Call | None:
    """The call of one of these functions that makes a value."""
    value = tree.assigned(node) if isinstance(node, ast.Name) else node
    return value if isinstance(value, ast.Call) and name_of(value) in names else None


def axes_of_parts(tree: ProgramTree, axes: Axes, cuts: list[ast.Subscript]) -> Axes:
    """The axes of parts of an array, the innermost last, that keep all its axes; () for others."""
    for one in reversed(cuts):
        parts = one.slice.elts if isinstance(one.slice, ast.Tuple) else [one.slice]
        if not all(isinstance(part, (ast.Slice, ast.List)) for part in parts):
            return ()
        cut = [_length(tree, axis, part) for axis, part in zip(axes, parts, strict=False)]
        axes = (*cut, *axes[len(cut) :])
    return axes


def _length(tree: ProgramTree, axis: object, part: ast.expr) -> int | None:
    """The length of a part of an axis, from one number to another, or of a list; None if that is not known."""
    if not isinstance(part, ast.Slice):
        return len(part.elts) if isinstance(part, ast.List) else None
    ends = [None if one is None else _whole(tree, one) for one in (part.lower, part.upper)]
    is_known = all((one is None) == (end is None) for one, end in zip((part.lower, part.upper), ends, strict=True))
    return len(range(axis)[slice(*ends)]) or None if isinstance(axis, int) and is_known and not part.step else None


def _whole(tree: ProgramTree, node: ast.expr) -> int | None:
    """A whole number, which may be negative."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand) if (number := tree.number(operand)) is not None:
            return -number
    return tree.number(node)


def arrays_with_second_steps(tree: ProgramTree) -> Iterator[ast.Name]:
    """The arrays whose steps a program takes from their second axis: ``tf.unstack(x, axis=1)``, or ``x[:, t]``."""
    for node in tree.nodes:
        match node:
            case ast.Call(args=[ast.Name() as x, *_]) if name_of(node) == "unstack":
                axis = tree.argument(node, 2, "axis")
                if axis is not None and tree.number(axis) == 1:
                    yield x
            case ast.Subscript(value=ast.Name() as x, slice=ast.Tuple(elts=[ast.Slice(None, None), ast.Name(), *_])):
                yield x
