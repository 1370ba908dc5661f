"""What a pasted program says about the features of x: an axis that they lack, vectors in place of numbers of words, and
arrays that are joined along them; the causes that this leaves, and the lines that they correct."""

import ast
import re
from dataclasses import replace
from typing import NamedTuple

from ....code.source_text import parse
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.made_layers import CELLS_OF_FLAX
from ...code_lines.program_nodes import CONCATENATIONS, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size
from .calls_with_data import DATASETS, FITS, SLICES, call_of_model, maker_of, names_of_x

ONE_HOT = re.compile(r"one_?hot|to_categorical", re.IGNORECASE)

ALONG_FEATURES = ("-1", "2")
"""The axis of the features of x, as a join says it."""


def _of_first_layer(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x with two axes, although all layers below another one return every step: it is that of the first layer."""
    made = found.program.made_layers
    is_of_model = (mismatch.tensor, mismatch.axis, found.framework) == ("x", "rank", "keras")
    if not is_of_model or len(made) < 2 or not all(one.setting("return_sequences") for one in made[:-1]):
        return mismatch
    return replace(mismatch, causes=tuple(one for one in mismatch.causes if one.id != "return_sequences"))


def features_axis(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the data of a model of Keras, or gives it to the model, with an axis of features."""
    tree = found.program.tree
    if not (call := call_of_model(tree)):
        return ()
    if not (data := names_of_x(call)):
        return _new_axis_of_parts(tree, call.args[0])
    if slices := [one for name in data for one in tree.links(name) if name_of(one) in DATASETS]:
        return _features_in_slices(tree, slices)
    if name_of(call) == "fit" and len(call.args) == 1 and all(one.arg != "y" for one in call.keywords):
        return ()  # a dataset, whose targets are in it
    return _with_axis(tree, call, data, "[..., None]")


def _with_axis(tree: ProgramTree, call: ast.Call, data: list[ast.Name], index: str) -> Corrections:
    """The line that makes the data of a model, or else all that give it to the model, with another axis."""
    made = {id(one): one for name in data if (one := maker_of(tree, name)) is not None}
    if len(made) == 1 and (lines := tree.corrected(*((one, f"{tree.text(one)}{index}") for one in made.values()))):
        return lines
    others = [one for one in tree.calls_of(*FITS) if one.args]
    all_data = {
        id(one): one for of in (call, *others) for one in names_of_x(of) if one.id in {name.id for name in data}
    }
    return tree.corrected(*((one, f"{one.id}{index}") for one in all_data.values()))


def time_axis(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the data of a model of Keras, or give it to the model, with an axis of time for one step; ()
    if the model says how many steps it has, or if the values of a sample are rather steps."""
    tree, call = found.program.tree, call_of_model(found.program.tree)
    is_first = mismatch.first_cause == "missing_axis"
    is_table = found.framework == "keras" and not any(mismatch.shapes[0]) and len(mismatch.shapes[1]) == 2
    data = [name for of in tree.calls_of(*FITS) if of.args for name in names_of_x(of)] if is_first and is_table else []
    if not call or not data or any(name_of(one) in DATASETS for name in data for one in tree.links(name)):
        return ()
    has_target = name_of(call) != "fit" or len(call.args) > 1 or any(one.arg == "y" for one in call.keywords)
    return _with_axis(tree, call, data, "[:, None]") if has_target else ()


def _features_in_slices(tree: ProgramTree, slices: list[ast.Call]) -> Corrections:
    """The line that makes the array of which a dataset gives slices, with an axis of features, or gives it to the
    dataset: datasets have no axes. () for other datasets, and for several ones."""
    arrays = slices[0].args[0] if len(slices) == 1 and name_of(slices[0]) == SLICES and slices[0].args else None
    x = arrays.elts[0] if isinstance(arrays, ast.Tuple) and arrays.elts else arrays
    if not isinstance(x, ast.Name):
        return ()
    made = maker_of(tree, x)
    return tree.corrected((made, f"{tree.text(made)}[..., None]") if made else (x, f"{x.id}[..., None]"))


def _new_axis_of_parts(tree: ProgramTree, part: ast.expr) -> Corrections:
    """A new line after the one that makes the array of which a model gets some samples, with an axis of features."""
    array = part.value if isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Slice) else None
    place = tree.place_of(array) if isinstance(array, ast.Name) else None
    statement = next((one for one in tree.above(place) if isinstance(one, ast.stmt)), None) if place else None
    after = tree.line_after(statement) if isinstance(statement, ast.Assign) else ""
    return [("", f"{place.id} = {place.id}[..., None]  # before: {after}")] if place and after else ()


def _of_one_hot(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x with four axes, of an embedding that got vectors in place of numbers."""
    is_of_vectors = (mismatch.tensor, mismatch.expected, mismatch.got) == ("x", 3, 4) and _has_one_hot_x(found)
    if not is_of_vectors:
        return mismatch
    return replace(mismatch, causes=(cause("one_hot_embedding", found.framework), *mismatch.causes))


def _has_one_hot_x(found: Found) -> bool:
    """Whether the program has an embedding, and an x that it encodes, or whose last axis is that of the words."""
    tree = found.program.tree
    calls = [one for one in tree.calls if one.args]
    words = {ast.unparse(one.args[0]) for one in calls if name_of(one) == "Embedding"}
    if not words:
        return False
    sizes = (tree.sizes_of(one) for one in calls if tree.is_maker(one))
    data = [tree.assigned(one) for one in names_of_x(call)] if (call := call_of_model(tree)) else []
    made = [one for value in data if value is not None for one in ast.walk(value) if isinstance(one, ast.Call)]
    is_encoded = any(ONE_HOT.search(name_of(one)) for one in made)
    return is_encoded or any(len(one) == 3 and ast.unparse(one[-1]) in words for one in sizes)


def numbers_of_words(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the model, with the numbers of the words."""
    tree = found.program.tree
    data = names_of_x(call) if (call := call_of_model(tree)) else []
    return tree.corrected(*((one, f"{one.id}.argmax(-1)") for one in data))


class Join(NamedTuple):
    """What joins x of several arrays, and the last size of each, None if it is not known."""

    call: ast.Call
    sizes: tuple[int | None, ...]


def _join(found: Found) -> Join | None:
    """The join along the features that makes the x of the layer that failed; None without one."""
    tree = found.program.tree
    nodes = [one.node for one in found.program.failed_calls if isinstance(one.node, ast.Call)]
    nodes = nodes or (tree.calls_of_failure() if found.framework == "flax" else [])
    for call in nodes or [n for one in parse(found.code).statements for n in ast.walk(one) if isinstance(n, ast.Call)]:
        x = call.args[0] if call.args else None
        made = tree.assigned(x) if isinstance(x, ast.Name) else x
        if not isinstance(made, ast.Call) or name_of(made) not in CONCATENATIONS or not made.args:
            continue
        parts, along = made.args[0], tree.argument(made, 1, "dim") or tree.argument(made, 1, "axis")
        if isinstance(parts, (ast.List, ast.Tuple)) and (ast.unparse(along) if along else "") in ALONG_FEATURES:
            last = [(tree.axes(one) or (None,))[-1] for one in parts.elts]
            return Join(made, tuple(one if isinstance(one, int) else None for one in last))
    return None


def _of_joined_x(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x that is joined from several arrays, for a layer that is made for one of them."""
    is_of_features = (mismatch.tensor, mismatch.axis) == ("x", "features") and found.framework in ("pytorch", "flax")
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    if not is_of_features or expected is None or got is None or got <= expected or not (join := _join(found)):
        return mismatch
    known = [one for one in join.sizes if one is not None]
    if len(known) == len(join.sizes) and sum(known) != got:
        return mismatch
    framework = "cell" if "cell" in found.template.id else found.framework
    likely = cause("joined_features", framework, cell=found.cell, expected=expected, got=got)
    return replace(mismatch, causes=(likely,))


def sum_of_features(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the layer, with the size of what is joined to its x."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    layers = {one.layer for one in found.program.failed_calls if one.layer}
    made = tree.made_layer(next(iter(layers))) if len(layers) == 1 else None
    size = tree.argument_of_size(made, expected) if made else None
    if found.framework == "flax":
        made, size = _cell_of_features(tree, expected)
    if not made or size is None or expected is None or got is None:
        return ()
    argument = tree.argument_of_size(made, got - expected)
    others = _parameters_of_size(tree, made, got - expected)
    if len(others) == 1:  # what is joined is rather that than the units of the layer itself
        more = others[0]
    else:
        more = tree.text(argument) if argument is not None else tree.name_of_size(size, got - expected)
        more = _sum_or_product(tree, size, got - expected) if more.isdecimal() else more
    is_number = more.isdecimal() and (found.framework != "flax" or isinstance(size, ast.Constant))
    return tree.corrected((size, str(got) if is_number else f"{tree.text(size)} + {more}"))


def _sum_or_product(tree: ProgramTree, near: ast.expr, size: int) -> str:
    """A size as the only sum or product of names which the same function gives other calls: ``2 * units``; or else the
    number."""
    function = tree.function_of(near)
    given = [one for call in tree.calls if tree.function_of(call) is function for one in call.args]
    texts = {
        tree.text(one)
        for one in given
        if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add | ast.Mult) and tree.number(one) == size
    }
    return texts.pop() if len(texts) == 1 else str(size)


def _cell_of_features(tree: ProgramTree, features: int | None) -> tuple[ast.Call | None, ast.expr | None]:
    """What makes the only cell of Flax for so many features, and this size; both None without one."""
    cells = [(one, tree.argument(one, 0, "in_features")) for one in tree.calls_of(*CELLS_OF_FLAX)]
    fitting = [(one, size) for one, size in cells if size is not None and tree.size_said(size) == features]
    return fitting[0] if len(fitting) == 1 and "nnx." in ast.unparse(fitting[0][0].func) else (None, None)


def _parameters_of_size(tree: ProgramTree, made: ast.Call, size: int) -> list[str]:
    """The other parameters of the function that makes a layer which are a number."""
    function = tree.function_of(made)
    given = {ast.unparse(one) for one in (*made.args, *(key.value for key in made.keywords))}
    names = {
        one.id: one
        for one in tree.nodes
        if isinstance(one, ast.Name) and tree.function_of(one) is function and one.id in tree.parameters(function)
    }
    return [name for name, one in names.items() if name not in given and tree.number(one) == size]


RULES = (_of_first_layer, _of_one_hot, _of_joined_x)
"""What the program says about the features of x."""

CORRECTIONS = {
    "missing_features_axis": features_axis,
    "missing_axis": time_axis,
    "one_hot_embedding": numbers_of_words,
    "joined_features": sum_of_features,
}
"""Cause -> the lines that it corrects."""
