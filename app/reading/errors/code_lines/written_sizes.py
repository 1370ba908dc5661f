"""Sizes as the lines of a pasted program write them, and such a line with another size."""

import ast

from .corrected_lines import Corrections, all_of
from .program_tree import ProgramTree


def size_text(tree: ProgramTree, near: ast.expr, size: int | None) -> str:
    """A size as other lines of a function, or of the module, write it, or else the number."""
    function = tree.function_of(near)
    written = {
        tree.function_of(made): tree.text(one)
        for made in reversed([*tree.nodes])
        if isinstance(made, ast.Call) and tree.is_maker(made) and tree.function_of(made) in (function, None)
        for one in reversed(tree.sizes_of(made))
        if tree.number(one) == size and not isinstance(one, ast.Constant)
    }
    of_module = written.get(None, str(size))
    is_known = of_module.isidentifier() and of_module not in tree.parameters(function)
    return written.get(function, of_module if is_known else str(size))


def width_text(tree: ProgramTree, near: ast.expr, width: int) -> str:
    """A number of features or units as other lines of a function, or of the module, write it, or as the only name of a
    width that the module gives it, or else the number."""
    text = size_text(tree, near, width)
    name = tree.name_of_width(near, width) if text == str(width) else ""
    return text if not name or name in tree.parameters(tree.function_of(near)) else name


def _makes_data(tree: ProgramTree, size: ast.Name) -> bool:
    """Whether a name for a size of a network is also in one of the sizes of an array that the program makes, or in what
    it gives a function for one."""
    made = [one for one in tree.calls if tree.is_maker(one)]
    sizes = [node for one in made for argument in tree.sizes_of(one) for node in _names(argument)]
    sizes += [name for one in tree.calls for given in _given_for(tree, one, sizes) for name in _names(given)]
    return any(one.id == size.id and one is not size for one in sizes)


def _names(node: ast.expr) -> list[ast.Name]:
    return [one for one in ast.walk(node) if isinstance(one, ast.Name)]


def _given_for(tree: ProgramTree, call: ast.Call, sizes: list[ast.Name]) -> list[ast.expr]:
    """What a call gives a function of the program for those of its parameters that are sizes."""
    if not (function := tree.function_called(call)):
        return []
    parameters = tree.parameters(function)
    own = {one.id: one for one in sizes if one.id in parameters and tree.function_of(one) is function}
    given = [tree.argument_for(call, function, one) for one in own.values()]
    return [one for one in given if one is not None]


def constant_for(tree: ProgramTree, size: ast.expr) -> ast.Constant | None:
    """The number that the program gives the name of a size, if no data has this size, too; None for any other size."""
    said = tree.assigned(size) if isinstance(size, ast.Name) and not _makes_data(tree, size) else None
    return said if isinstance(said, ast.Constant) else None


def _part_of_size(tree: ProgramTree, size: ast.expr | None, new: int) -> str:
    """The part of a size that is another one, ``len(columns)`` of ``len(columns) - 1``; "" without one."""
    parts = [size.left, size.right] if isinstance(size, ast.BinOp) else []
    fitting = [tree.text(one) for one in parts if not isinstance(one, ast.Constant) and tree.number(one) == new]
    return fitting[0] if len(fitting) == 1 else ""


def with_value(tree: ProgramTree, size: ast.expr, new: int, name: str = "") -> Corrections:
    """The line that says a size: the call that gives it for a parameter, or else where it is written. ``name``: what
    the new size is called in the function of that call."""
    function = tree.function_of(size)
    if isinstance(size, ast.Name) and function and size.id in tree.parameters(function):
        of_class = [one for one in tree.calls if tree.constructor(one) is function]
        calls = of_class or [one for one in tree.calls if tree.function_called(one) is function]
        given = tree.argument_for(calls[0], function, size) if len(calls) == 1 else None
        text = name or _part_of_size(tree, given, new) or str(new)
        line = tree.with_parameter(calls[0], function, size.id, text) if len(calls) == 1 else None
        return all_of([line])
    return tree.corrected((constant_for(tree, size) or size, str(new)))
