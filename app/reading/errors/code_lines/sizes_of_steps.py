"""The sizes of the step of x that a cell gets in a loop of the program, and of the words that are embedded for it."""

import ast

from ...code.values import ANY, Axes
from ..axes_of_arrays import AXES_OF_X, STEPS, axes_of_x_in_order
from .axes_of_x import EMBEDDINGS, MOST_LINES, axes_of_x, given_to_parameter
from .program_nodes import CONCATENATIONS, name_of
from .program_tree import ProgramTree


def sizes_of_looped_x(tree: ProgramTree, step: ast.expr) -> dict[str, int]:
    """The batch, the steps and the features of the x of which a cell gets a step, as far as they are certain: of an
    array with two axes, or of one from which the variable of a loop takes the step, ``x[:, t]``. Of words, the features
    are those of their embedding."""
    sizes: dict[str, object] = {}
    value: ast.expr | None = step
    for _ in range(MOST_LINES):
        match value:
            case ast.Call(args=[words]) if (features := _embedded(tree, value)) is not None and not sizes:
                sizes["features"] = features
                value = words
            case ast.Subscript(value=x) if (place := _place_of_step(tree, value)) is not None:
                axes = _axes(tree, x)
                taken = _steps_taken(tree, value, place, axes) if len(axes) == len(AXES_OF_X) - len(sizes) else None
                if taken is not None:
                    axes = (*axes[:place], taken, *axes[place + 1 :])
                    sizes |= zip(axes_of_x_in_order(is_batch_first=place == 1), (*axes, *sizes.values()), strict=True)
                break
            case ast.Name() if len(axes := _axes(tree, value)) == len(STEPS) - len(sizes):
                of_name = zip((STEPS[0], AXES_OF_X[-1]), (*axes, *sizes.values()), strict=True)
                sizes = {**_sizes_of_joined(tree, tree.assigned(value)), **dict(of_name)}
                break
            case ast.Call() if joined := _sizes_of_joined(tree, value):
                return joined
            case ast.Name():
                value = given_to_parameter(tree, value) or tree.assigned(value)
            case _:
                break
    return {name: size for name, size in sizes.items() if isinstance(size, int) and size > 0}


def _sizes_of_joined(tree: ProgramTree, value: ast.expr | None) -> dict[str, int]:
    """The batch and the steps of the arrays of which a call joins a step, as far as they are certain."""
    match value:
        case ast.Call(args=[ast.Tuple(elts=parts) | ast.List(elts=parts), *_]) if name_of(value) in CONCATENATIONS:
            joined = (sizes_of_looped_x(tree, part) for part in parts)
            return {name: size for each in joined for name, size in each.items() if name in STEPS}
    return {}


def _axes(tree: ProgramTree, x: ast.expr) -> Axes:
    axes = axes_of_x(tree, x)
    return axes if ANY not in axes else ()


def _embedded(tree: ProgramTree, call: ast.Call) -> int | None:
    """The features that an embedding, made before or in the same line, gives each word; 0 if they are not known, None
    for another call."""
    made = call.func if isinstance(call.func, ast.Call) else tree.assigned(call.func) or _made_in_class(tree, call.func)
    if not isinstance(made, ast.Call) or name_of(made) not in EMBEDDINGS:
        return None
    named = (tree.argument(made, 1, name) for name in ("embedding_dim", "features", "output_dim"))
    sizes = {tree.size_said(one) or tree.number_given(one) for one in named if one is not None}
    return (sizes.pop() if len(sizes) == 1 else None) or 0


def _made_in_class(tree: ProgramTree, attribute: ast.expr) -> ast.expr | None:
    """What an attribute gets in the class that reads it, if other classes have one of the same name."""
    of = _class_of(tree, attribute)
    made = [
        one.value
        for one in tree.nodes
        if isinstance(one, ast.Assign) and _class_of(tree, one) is of
        if [ast.unparse(target) for target in one.targets] == [ast.unparse(attribute)]
    ]
    return made[0] if of and len(made) == 1 else None


def _class_of(tree: ProgramTree, node: ast.AST) -> ast.ClassDef | None:
    return next((one for one in tree.above(node) if isinstance(one, ast.ClassDef)), None)


def _place_of_step(tree: ProgramTree, part: ast.Subscript) -> int | None:
    """The axis of which a part of an array has the one entry that the variable of a loop says: 1 of ``x[:, t]``, 0 of
    ``x[t]``; None for another part."""
    parts = part.slice.elts if isinstance(part.slice, ast.Tuple) else [part.slice]
    names = [n for n, one in enumerate(parts) if isinstance(one, ast.Name) and _loop_of(tree, one)]
    others = [one for n, one in enumerate(parts) if n not in names]
    is_step = len(names) == 1 and names[0] < len(STEPS)
    return names[0] if is_step and all(ast.unparse(one) in (":", "...") for one in others) else None


def _loop_of(tree: ProgramTree, index: ast.Name) -> ast.Call | None:
    """The range of the loop whose variable an index is; None for another loop."""
    loops = (one for one in tree.above(index) if isinstance(one, ast.For) and ast.unparse(one.target) == index.id)
    loop = next(loops, None)
    is_range = loop and isinstance(loop.iter, ast.Call) and name_of(loop.iter) == "range" and len(loop.iter.args) == 1
    return loop.iter if loop and is_range and isinstance(loop.iter, ast.Call) else None


def _steps_taken(tree: ProgramTree, part: ast.Subscript, place: int, axes: Axes) -> int | None:
    """How many steps the loop takes that takes steps out of an array: all of them, or all but the last one, which has
    no step after it to be predicted. None for another loop."""
    parts = part.slice.elts if isinstance(part.slice, ast.Tuple) else [part.slice]
    index, size = parts[place], axes[place]
    steps = _loop_of(tree, index) if isinstance(index, ast.Name) else None
    if steps is None:
        return None
    (end,) = steps.args
    is_of_x = tree.is_size_of(end, ast.unparse(part.value), place)
    if is_of_x or (tree.number(end) == size and size is not None):
        return size if isinstance(size, int) else None
    match end:
        case ast.BinOp(left, ast.Sub(), ast.Constant(1)) if tree.is_size_of(left, ast.unparse(part.value), place):
            return size - 1 if isinstance(size, int) else None
    return None
