"""The lines of a program that computes a cell itself which make or add its biases, and that a cause corrects."""

import ast
from collections.abc import Iterator, Sequence

from ...code_lines.array_origins import SIZES
from ...code_lines.corrected_lines import Correction, Corrections, all_of
from ...code_lines.program_nodes import factors_of, name_of
from ...code_lines.program_tree import ProgramTree
from ...code_lines.written_sizes import size_text
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size


def flat_bias(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes a bias, with one axis for all gates."""
    tree = found.program.tree
    for made in terms_of_shape(found, mismatch.shapes[1]):
        whole = [one for one in made.args if isinstance(one, (ast.Tuple, ast.List))]
        if whole and len(whole[-1].elts) == 2:
            sizes = (tree.text(one) if isinstance(one, ast.Constant) else tree.operand(one) for one in whole[-1].elts)
            return tree.corrected((whole[-1], " * ".join(sizes)))
    return ()


def shape_of_bias(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the bias, and others of the same shape that the same function adds, as a column or with one
    axis."""
    tree, got = found.program.tree, mismatch.shapes[1]
    failed = terms_of_shape(found, got)
    functions = {tree.function_of(one) for one in failed_sums(found)}
    sums = [one for one in tree.nodes if isinstance(one, ast.BinOp) and tree.function_of(one) in functions]
    others = _made_in([one for one in sums if any(map(factors_of, ast.walk(one.left)))], tree, got) if failed else []
    return all_of(list(dict.fromkeys(with_shape_of_bias(tree, one, len(got)) for one in (*failed, *others))))


def with_shape_of_bias(tree: ProgramTree, made: ast.Call, axes: int) -> Correction | None:
    """The line that makes a bias with so many axes, with one more or one fewer."""
    sizes, whole = tree.sizes_of(made), [one for one in made.args if isinstance(one, (ast.Tuple, ast.List))]
    if len(sizes) != axes or any(one.arg in SIZES for one in made.keywords):
        return None
    size = tree.text(sizes[0])
    if axes == 1:
        column = f"{size}, 1" if name_of(made) in OF_SIZES else f"({size}, 1)"
        return tree.replaced((whole[0] if whole else sizes[0], column))
    if whole:
        return tree.replaced((whole[-1], size))
    return tree.replaced((made, f"{tree.text(made.func)}({size})"))


OF_SIZES = ("randn", "rand")
"""Functions that get each size as an argument."""


def size_of_bias(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes a bias, with another size."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    for shape in ((got,), (1, got), (got, 1)):
        for made in terms_of_shape(found, shape):
            size = tree.sizes_of(made)[shape.index(got)]
            return tree.corrected((size, size_text(tree, size, expected)))
    return ()


def part_of_bias(found: Found, mismatch: Mismatch) -> Corrections:
    """The sums of all gates with a bias, of which the part of the gate is taken: that of the other arrays of the
    sum."""
    tree = found.program.tree
    for one in tree.sums_in(found.code):
        if not isinstance(one.right, (ast.Name, ast.Attribute)) or not _slice(one):
            continue
        bias, function = ast.unparse(one.right), tree.function_of(one)
        sums = (other for other in tree.nodes if isinstance(other, ast.BinOp) and isinstance(other.op, ast.Add))
        alike = [other for other in sums if ast.unparse(other.right) == bias and tree.function_of(other) is function]
        parts = [(other.right, f"{bias}[{part}]") for other in alike if (part := _slice(other))]
        return tree.corrected(*parts)
    return ()


def _slice(total: ast.BinOp) -> str:
    """The only slice of the last axis of the arrays to which a bias is added; "" for several, or none."""
    slices = {ast.unparse(last) for last in _slices(total.left)}
    return slices.pop() if len(slices) == 1 else ""


def _slices(node: ast.expr) -> Iterator[ast.expr]:
    """The slices of the last axis of arrays."""
    for one in ast.walk(node):
        match one:
            case ast.Subscript(slice=ast.Tuple(elts=[*_, ast.Slice() as last])):
                yield last


def terms_of_shape(found: Found, shape: Sequence[int | None]) -> list[ast.Call]:
    """The calls that make the arrays with a shape in the sums of the line that failed."""
    return _made_in(failed_sums(found), found.program.tree, shape)


def failed_sums(found: Found) -> list[ast.BinOp]:
    return found.program.tree.sums_of_failure(found.code) or _sums_of_scan(found.program.tree)


def _made_in(sums: Sequence[ast.BinOp], tree: ProgramTree, shape: Sequence[int | None]) -> list[ast.Call]:
    """The calls that make the arrays with a shape that sums add."""
    terms = [term for one in sums if isinstance(one.op, ast.Add) for term in (one.left, one.right)]
    made = [tree.made_by(one) for one in terms if isinstance(one, (ast.Name, ast.Attribute, ast.Subscript))]
    return [one for one in dict.fromkeys(made) if one and tree.axes(one) == tuple(shape)]


def _sums_of_scan(tree: ProgramTree) -> list[ast.BinOp]:
    """The sums in the function whose steps a loop of JAX computes, in the line that failed."""
    calls = (
        [one for one in tree.calls_in(tree.frames[-1]) if name_of(one) == "scan" and one.args] if tree.frames else []
    )
    bodies = [tree.function_called(ast.Call(one.args[0], [], [])) for one in calls]
    sums = (one for one in tree.nodes if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add))
    return [one for one in sums if tree.function_of(one) in bodies and tree.function_of(one)]
