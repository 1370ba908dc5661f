"""What a pasted program says about a product whose factors have the other order than those of its other products."""

import ast
from dataclasses import replace

from .....translations.phrases import phrase
from ....code.source_text import parse
from ....code.values import Axes
from ....facts_about_sizes import fact
from ...causes import cause
from ...code_lines.array_names import role_of
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import Factors, base_of, factors_of, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.handwritten_cells.products_in_failed_line import inner_sizes
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, wrong_shape
from .kernels_of_handwritten_cells import is_weights

MATRICES = 3
"""The axes of an array with a matrix for each sample."""


def _swapped(found: Found) -> Factors | None:
    """The factors of the only product in the line that failed that are exchanged."""
    if not any(name in found.template.id for name in PRODUCTS_OF_TEMPLATES):
        return None
    tree = found.program.tree
    lines = {getattr(node, "lineno", 0) for node in tree.nodes_of_failure}
    products = [factors for n in sorted(lines) for factors in tree.products_at(n)]
    products = [one for one in products if all(tree.text(factor) in found.code for factor in one)]
    swapped = [one for one in products if _is_unlike_others(tree, one) or _fit_only_exchanged(tree, one)]
    return swapped[0] if len(swapped) == 1 else None


def _is_unlike_others(tree: ProgramTree, factors: Factors) -> bool:
    """Whether the weights are the other factor than in all other products of the program."""
    if (place := _place_of_weights(factors)) is None:
        return False
    others = {_place_of_weights(one) for _, one in tree.products if one[0].lineno != factors[0].lineno}
    of_line = {_place_of_weights(one) for one in tree.products_at(factors[0].lineno)} - {place}
    return (others | of_line) - {None} == {1 - place}


def _place_of_weights(factors: Factors) -> int | None:
    """Which factor is weights; None if both are, or none."""
    are = [*map(is_weights, factors)]
    return are.index(True) if sum(are) == 1 else None


def _fit_only_exchanged(tree: ProgramTree, factors: Factors) -> bool:
    """Whether matrices of each sample fit in the other order, and not if one of them is transposed."""
    left, right = map(tree.axes, factors)
    if len(left) != MATRICES or len(right) != MATRICES or not all(isinstance(one, int) for one in (*left, *right)):
        return False
    (_, rows, inner), (_, outer, columns) = left, right
    return columns == rows and inner not in (outer, columns) and rows != outer


def _of_rows(found: Found) -> tuple[str, ast.AST, Factors] | None:
    """The line that failed, its only product of weights and an array, and its factors, if the other products in it are
    those of an array and transposed weights, so that samples are rows; None for another line."""
    line = (found.program.tree.frames or [found.code])[-1]
    source = parse(line)
    nodes = [node for one in source.statements for node in ast.walk(one)]
    products = [(node, factors) for node in nodes if (factors := factors_of(node))]
    first = [one for one in products if is_weights(one[1][0]) and not is_weights(_untransposed(one[1][1]))]
    others = [factors for node, factors in products if node is not first[0][0]] if len(first) == 1 else []
    are_rows = [is_weights(_untransposed(two)) and two is not _untransposed(two) for _, two in others]
    if "\n" in line or source.text != line or not others or not all(are_rows):
        return None
    product, factors = first[0]
    is_known = any(name in found.template.id for name in PRODUCTS_OF_TEMPLATES) and all(map(_is_plain, factors))
    return (line, product, factors) if is_known and ast.unparse(product) in _plain(found.code) else None


PRODUCTS_OF_TEMPLATES = ("product", "dot", "matmul")
"""Parts of the ids of templates about products."""


def _plain(code: str) -> str:
    """A line as Python writes it."""
    return "\n".join(ast.unparse(one) for one in parse(code).statements)


def _is_plain(node: ast.expr) -> bool:
    return isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) and _untransposed(node) is node


def _untransposed(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Attribute) and node.attr == "T" else node


def _of_row_factors(found: Found, mismatch: Mismatch) -> Mismatch:
    """A product with the weights first in a line whose other products have samples as rows."""
    if not (rows := _of_rows(found)):
        return mismatch
    line, _, (weights, x) = rows
    axes = [one[-1] for node in found.program.tree.nodes_of_failure if (one := _axes_of(found, node, x))]
    inner, _ = inner_sizes(found)
    if any(isinstance(size, int) and size != inner for size in axes):
        return mismatch
    sentence = phrase(
        "A product sums over the last axis of its first factor, {left}, and the last but one of its second factor,"
        " {right}: they do not fit in this order.",
        left=ast.unparse(weights),
        right=ast.unparse(x),
    )
    written = line.encode()
    left, right = (written[one.col_offset : one.end_col_offset].decode() for one in (weights, x))
    start, end = weights.col_offset, x.end_col_offset or 0
    between = written[weights.end_col_offset : x.col_offset].decode()
    fix = f"{written[:start].decode()}{right}{between}{left}.T{written[end:].decode()}"
    likely = replace(cause("row_factors", found.framework), wrong=line, fix=fix, is_own=True)
    return Mismatch(None, None, sentence, causes=(likely,), facts=mismatch.facts)


def _axes_of(found: Found, node: ast.AST, x: ast.expr) -> Axes:
    """The axes of a node of the program that is written like an array; () for another one."""
    is_same = isinstance(node, ast.expr) and ast.unparse(node) == ast.unparse(x)
    return found.program.tree.axes(node) if is_same and isinstance(node, ast.expr) else ()


def _of_swapped_factors(found: Found, mismatch: Mismatch) -> Mismatch:
    """A product that fits if its factors are exchanged."""
    is_said = any(one.id in ("swapped_factors", "row_factors") for one in mismatch.causes)
    if is_said or not (factors := _swapped(found)):
        return mismatch
    sentence = phrase(
        "A product sums over the last axis of its first factor, {left}, and the last but one of its second factor,"
        " {right}: they do not fit in this order.",
        left=ast.unparse(factors[0]),
        right=ast.unparse(factors[1]),
    )
    return Mismatch(None, None, sentence, causes=(cause("factor_order", found.framework),))


def _transposed_weights(found: Found) -> tuple[str, ast.expr, ast.expr, ast.expr] | None:
    """The line that failed, the only weights that a product of it transposes, these weights as they are, and the other
    factor; None for another line."""
    line = (found.program.tree.frames or [found.code])[-1]
    source = parse(line)
    nodes = [node for one in source.statements for node in ast.walk(one)]
    products = [(node, factors) for node in nodes if (factors := factors_of(node))]
    pairs = [(node, one, other) for node, (left, right) in products for one, other in ((left, right), (right, left))]
    weights = [pair for pair in pairs if _without_transposition(pair[1]) is not pair[1]]
    is_known = any(name in found.template.id for name in PRODUCTS_OF_TEMPLATES)
    if "\n" in line or source.text != line or len(weights) != 1 or not is_known:
        return None
    ((product, transposed, other),) = weights
    plain = _without_transposition(transposed)
    is_weight = role_of(base_of(plain)) not in OF_ROLES and ast.unparse(product) in _plain(found.code)
    return (line, transposed, plain, other) if is_weight else None


def _without_transposition(node: ast.expr) -> ast.expr:
    """An array as it is before its last two axes are exchanged."""
    match node:
        case ast.Attribute(value=array, attr="T" | "mT"):
            return array
        case ast.Call(func=ast.Attribute(value=array, attr="t" | "transpose"), args=[], keywords=[]):
            return array
        case ast.Call(args=[array], keywords=[]) if name_of(node) == "transpose":
            return array
    return node


def _fit_as_they_are(found: Found, mismatch: Mismatch, plain: ast.expr) -> bool:
    """Whether transposed weights fit without it, by what the message or the program says."""
    inner, outer = inner_sizes(found)
    of_message = (found.shape("left"), found.shape("right"))
    axes = [
        found.program.tree.axes_of_made(node)
        for node in found.program.tree.nodes_of_failure
        if isinstance(node, ast.expr) and ast.unparse(node) == ast.unparse(plain)
    ]
    is_of_order = mismatch.first_cause == "kernel_order" and mismatch.axis == "order"
    is_said = (is_of_order and mismatch.got == (outer, inner)) or (outer, inner) in of_message
    return inner != outer and (is_said or (inner, outer) in axes)


def _of_transposed_weights(found: Found, mismatch: Mismatch) -> Mismatch:
    """Weights that fit as they are, and that the line that failed transposes."""
    if mismatch.tensor not in TENSORS_OF_CELL or not (one := _transposed_weights(found)):
        return mismatch
    line, weights, plain, other = one
    if not _fit_as_they_are(found, mismatch, plain):
        return mismatch
    written, (inner, outer) = line.encode(), inner_sizes(found)
    start, end = weights.col_offset, weights.end_col_offset or 0
    of_plain = written[plain.col_offset : plain.end_col_offset]
    fix = (written[:start] + of_plain + written[end:]).decode()
    likely = replace(cause("kernel_order", found.framework), wrong=line, fix=fix, is_own=True)
    tensor, size = OF_ROLES.get(role_of(base_of(other)), (mismatch.tensor or "", ""))
    facts = [*mismatch.facts] if mismatch.axis == "order" else []
    if size and mismatch.axis != "order":
        facts.append(fact(size, inner, "kernel"))
    return wrong_shape(tensor, "order", (inner, outer), (outer, inner), [likely], facts)


TENSORS_OF_CELL = ("kernel", "recurrent_kernel", "x", "h_0")
"""What a product of a cell may be about."""

OF_ROLES = {"h": ("recurrent_kernel", "num_units"), "x": ("kernel", "features")}
"""What an array is that is multiplied by weights -> these weights, and the size of their rows."""


def in_other_order(found: Found, _: Mismatch) -> Corrections:
    """The line of the product, its factors exchanged."""
    tree, factors = found.program.tree, _swapped(found)
    if not factors:
        return ()
    left, right = factors
    return tree.corrected((left, tree.operand(right)), (right, tree.operand(left)))


RULES = WITHOUT_CAUSES = (_of_row_factors, _of_swapped_factors, _of_transposed_weights)
"""What the program says about the order of factors; also for messages of which nothing else says a cause."""

CORRECTIONS = {"factor_order": in_other_order}
"""Cause -> the lines that it corrects."""
