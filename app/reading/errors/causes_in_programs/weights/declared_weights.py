"""The lines of a pasted program that declare the weights of a layer before it gets an x: ``build`` of Keras, and the
arrays that a graph of ONNX has."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from ....facts_about_sizes import GATES
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.onnx_nodes import KINDS, operator_of_node, shape_of_input, sizes_of_input
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, Shape

ARRAYS_OF_ONNX = {"kernel": 1, "recurrent_kernel": 2, "bias": 3, "h_0": 5, "c_0": 6, "peepholes": 7}
"""Tensor -> its place among the inputs of a recurrent node. Peepholes are none of the picture, and have their cause."""


def built_features(found: Found, mismatch: Mismatch) -> Corrections:
    """The only line that builds a layer of Keras for the features of the message, with those that the layer gets."""
    tree, (expected, got) = found.program.tree, _features(mismatch)
    if found.framework != "keras" or mismatch.axis != "features" or not expected or not got:
        return ()
    is_dense = mismatch.tensor == "dense_input"
    sizes = []
    for call in tree.calls_of("build"):
        layer = tree.layer(call.func.value) if isinstance(call.func, ast.Attribute) else None
        kind = layer.kind.removesuffix("_cell") if layer else ""
        shape = tree.argument(call, 0, "input_shape")
        if isinstance(shape, (ast.Tuple, ast.List)) and (kind == "dense" if is_dense else kind in GATES):
            sizes += [one for one in shape.elts[-1:] if tree.number(one) == expected]
    return tree.corrected((sizes[0], tree.name_of_size(sizes[0], got))) if len(sizes) == 1 else ()


def _features(mismatch: Mismatch) -> tuple[int | None, int | None]:
    """The last sizes of what was expected and of what came."""
    shapes = (mismatch.expected, mismatch.got)
    expected, got = (one[-1] if isinstance(one, tuple) and one else None for one in shapes)
    return expected, got


def sizes_of_array(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes an array of the only recurrent node of a graph of ONNX, with the sizes of the message."""
    if found.framework != "onnx":
        return ()
    tree = found.program.tree
    parts = [*_other_sizes(found, mismatch)]
    return tree.corrected(*((size, text) for size, text, _ in parts))


def _other_sizes(found: Found, mismatch: Mismatch) -> Iterator[tuple[ast.AST, str, bool]]:
    """The sizes of such an array that are not those of the message, what stands for these, and whether the program has
    a name for it that it does not use there."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    n = ARRAYS_OF_ONNX.get(str(mismatch.tensor or mismatch.first_cause))
    sizes = sizes_of_input(tree, found.cell, n) if n else []
    if not isinstance(expected, tuple) or not isinstance(got, tuple):
        return
    if tuple(map(tree.number, sizes)) != got or len(expected) != len(got):
        return
    for size, old, new in zip(sizes, got, expected, strict=True):
        if old != new and new is not None:
            name = tree.name_in_module(size, new) if isinstance(size, ast.Constant) else ""
            factor, text = tree.multiple(size, new) or (size, name or str(new))
            yield factor, text, bool(name)


def shape_of_other_kernel(found: Found, mismatch: Mismatch) -> Shape:
    """The sizes of R for a message about W of a node of ONNX, and the other way round; () if they are not known."""
    n = {"kernel": ARRAYS_OF_ONNX["recurrent_kernel"], "recurrent_kernel": ARRAYS_OF_ONNX["kernel"]}
    if found.framework != "onnx" or mismatch.tensor not in n:
        return ()
    return shape_of_input(found.program.tree, found.cell, n[mismatch.tensor])


def _of_other_array(found: Found, mismatch: Mismatch) -> Mismatch:
    """One kernel of a node of ONNX with the gates of another cell, while the other kernel has those of the node."""
    expected = mismatch.expected
    if mismatch.first_cause != "other_cell" or not isinstance(expected, tuple):
        return mismatch
    if shape_of_other_kernel(found, mismatch)[:2] != expected[:2] or not sizes_of_array(found, mismatch):
        return mismatch
    return replace(mismatch, causes=(cause("other_size", "onnx", cell=found.cell),))


def operator(found: Found, mismatch: Mismatch) -> Corrections:
    """The node of a graph of ONNX, as that of the cell whose weights it has."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    kind = operator_of_node(tree, found.cell) if found.framework == "onnx" else None
    if kind is None or not found.cell or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return ()
    rows, of_cell = got[1] or 0, expected[1] or 0
    cells = [one for one, gates in GATES.items() if gates * of_cell == rows * GATES[found.cell]]
    names = {cell: name for name, cell in KINDS.items()}
    return tree.corrected((kind, f'"{names[cells[0]]}"')) if len(cells) == 1 and cells[0] in names else ()


def _of_named_size(found: Found, mismatch: Mismatch) -> Mismatch:
    """Weights of ONNX that are made for a number where the program has a name for the features: x is made with it."""
    ids = [one.id for one in mismatch.causes]
    if ids != ["other_features", "other_size"] or found.framework != "onnx":
        return mismatch
    is_named = [has_name for _, _, has_name in _other_sizes(found, mismatch)] == [True]
    return replace(mismatch, causes=mismatch.causes[::-1]) if is_named else mismatch


RULES = (_of_named_size, _of_other_array)
"""What the program says about weights that it declares."""

CORRECTIONS = {
    **dict.fromkeys(("dense_features", "dense_directions", "dense_all_steps", "other_features"), built_features),
    **dict.fromkeys(("one_bias", "other_size", "transposed", "peepholes"), sizes_of_array),
    **dict.fromkeys(("last_batch", "other_batch", "directions", "other_units", "state_order"), sizes_of_array),
    "other_cell": operator,
}
"""Cause -> the lines that it corrects."""
