"""What a pasted program says about a product whose factors have the other order than those of its other products."""

import ast

from .....translations.phrases import phrase
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import factors_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch
from .handwritten_cell_corrections import is_weights

Factors = tuple[ast.expr, ast.expr]

MATRICES = 3
"""The axes of an array with a matrix for each sample."""


def _swapped(found: Found) -> Factors | None:
    """The factors of the only product in the line that failed that are exchanged."""
    if not any(name in found.template.id for name in ("product", "dot", "matmul")):
        return None
    tree = found.program.tree
    lines = {getattr(node, "lineno", 0) for node in tree.nodes_of_failure}
    products = [factors for n in sorted(lines) for factors in tree.products_at(n)]
    products = [one for one in products if all(tree.text(factor) in found.code for factor in one)]
    swapped = [one for one in products if _is_unlike_others(tree, one) or _fit_only_exchanged(tree, one)]
    return swapped[0] if len(swapped) == 1 else None


def _is_unlike_others(tree: ProgramTree, factors: Factors) -> bool:
    """Whether the weights are the other factor than in all other products of the program."""
    places = {
        one
        for node in tree.nodes
        if (others := factors_of(node)) and others[0].lineno != factors[0].lineno
        if (one := _place_of_weights(others)) is not None
    }
    place = _place_of_weights(factors)
    of_line = {_place_of_weights(one) for one in tree.products_at(factors[0].lineno)} - {None, place}
    return place is not None and (places | of_line) == {1 - place}


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


def _of_swapped_factors(found: Found, mismatch: Mismatch) -> Mismatch:
    """A product that fits if its factors are exchanged."""
    is_said = any(one.id == "swapped_factors" for one in mismatch.causes)
    if is_said or not (factors := _swapped(found)):
        return mismatch
    sentence = phrase(
        "A product sums over the last axis of its first factor, {left}, and the last but one of its second factor,"
        " {right}: they do not fit in this order.",
        left=ast.unparse(factors[0]),
        right=ast.unparse(factors[1]),
    )
    return Mismatch(None, None, sentence, causes=(cause("factor_order", found.framework),))


def in_other_order(found: Found, _: Mismatch) -> Corrections:
    """The line of the product, its factors exchanged."""
    tree, factors = found.program.tree, _swapped(found)
    if not factors:
        return ()
    left, right = factors
    return tree.corrected((left, tree.operand(right)), (right, tree.operand(left)))


RULES = WITHOUT_CAUSES = (_of_swapped_factors,)
"""What the program says about the order of factors; also for messages of which nothing else says a cause."""

CORRECTIONS = {"factor_order": in_other_order}
"""Cause -> the lines that it corrects."""
