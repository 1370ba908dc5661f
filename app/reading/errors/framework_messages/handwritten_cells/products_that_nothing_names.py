"""Products of NumPy whose factors the line that failed does not name: what a library was called with, and the product
of a program whose shapes are those of the message."""

import ast
import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....code.operations import Operation
from ....code.source_text import parse
from ....code.values import ANY
from ....facts_about_sizes import fact
from ...axes_of_arrays import MATRIX
from ...causes import cause
from ...code_lines.array_names import role_of
from ...code_lines.program_nodes import factors_of
from ...mismatch import Mismatch, Shape, from_code, wrong_rank, wrong_shape
from ..message_template import Found
from .products_of_handwritten_cells import OUTPUT_LINE


def state_of_caller(found: Found) -> Mismatch | None:
    """A state with an axis too many, which a call in the traceback gives to a product of a library, after the recurrent
    weights; None for other factors."""
    left, right = found.shape("left"), found.shape("right")
    is_column = right[:1] == left[1:] and right[1:] == (1, 1)
    if len(left) != MATRIX or not is_column or not any(map(_gets_weights_and_state, found.program.tree.frames[:-1])):
        return None
    units = left[1] or 0
    facts = [fact("num_units", units, "recurrent kernel"), fact("batch_size", 1, "h")]
    likely = [cause("state_column_axes", "numpy")]
    return from_code(wrong_rank("h_0", MATRIX, MATRIX + 1, likely, facts, ((units, 1), right)))


def _gets_weights_and_state(line: str) -> bool:
    """Whether the only call in a line gets weights and a state first."""
    calls = [one for statement in parse(line).statements for one in ast.walk(statement) if isinstance(one, ast.Call)]
    return len(calls) == 1 and [role_of(ast.unparse(one)) for one in calls[0].args[:MATRIX]] == ["kernel", "h"]


def output_of_program(found: Found) -> Mismatch | None:
    """The product of the output, if it is the only one of a program whose shapes can be those of the message, and its
    factors fit in the other order; None for another one, and if the line that failed is known."""
    left, right = found.shape("left"), found.shape("right")
    if found.code or len(left) != MATRIX or len(right) != MATRIX or left[0] != right[1] or None in (*left, *right):
        return None
    products = [one for one in found.program.operations if one.kind == "product" and len(one.operands) == MATRIX]
    refuted = {one.text for one in products if _differs(one, left, right)}
    possible = {one.text: one for one in products if one.text not in refuted}
    if len(possible) != 1:
        return None
    ((text, one),) = possible.items()
    line = re.search(rf"^[^\n#]*{re.escape(text)}[^\n#]*", found.program.source, re.MULTILINE)
    factors = factors_of(one.node) if isinstance(one.node, ast.expr) else None
    if one.operands[1].axes != right or not line or not factors or not OUTPUT_LINE.match(line[0].strip()):
        return None
    first, second = map(ast.unparse, factors)
    exchanged = text.replace(f"{first}, {second}", f"{second}, {first}").replace(
        f"{first} @ {second}", f"{second} @ {first}"
    )
    if exchanged == text:
        return None
    wrong = line[0].strip()
    likely = replace(cause("factor_order", "numpy"), wrong=wrong, fix=wrong.replace(text, exchanged), is_own=True)
    sentence = phrase(
        "A product sums over the last axis of its first factor, {left}, and the last but one of its second factor,"
        " {right}: they do not fit in this order.",
        left=first,
        right=second,
    )
    facts = [fact("num_units", right[1] or 0, "the kernel of the output")]
    return replace(
        from_code(wrong_shape("dense_kernel", "order", right[::-1], right, [likely], facts)), sentence=sentence
    )


def _differs(one: Operation, left: Shape, right: Shape) -> bool:
    """Whether the axes of the factors of a product are others than those of the message."""
    factors = [operand.axes for operand in one.operands]
    pairs = [pair for pair in zip(factors, (left, right), strict=True) if ANY not in pair[0]]
    return any(len(axes) != len(shape) for axes, shape in pairs) or any(
        isinstance(size, int) and size != known
        for axes, shape in pairs
        for size, known in zip(axes, shape, strict=True)
    )
