"""The products of a backward pass that a program computes itself in NumPy or JAX: the gradient of weights is a product
with a transposed array."""

import ast
import re

from ....translations.phrases import phrase
from ...facts_about_sizes import fact
from ..causes import cause
from ..code_lines.program_nodes import factors_of
from ..mismatch import Mismatch
from .message_template import Found

OF_GRADIENT = re.compile(
    r"(?:self\.|\w{1,20}\[[\"'])?(?:d_?[WUVK]\w{0,12}|g(?:rad)?_?[WUV]\w{0,12}|\w{0,12}grad\w{0,12})\b[^=\n]{0,20}="
)
"""The beginning of a line that computes the gradient of weights."""

TENSORS = {"x": "x", "h": "h_0"}
"""What an array is -> the tensor."""


def of_product(found: Found, inner: int, outer: int) -> Mismatch | None:
    """A product of two arrays with the same samples of which none is transposed; None for another line."""
    frames = found.program.tree.frames
    if not frames or not OF_GRADIENT.match(frames[-1]) or not inner or not outer:
        return None
    products = [factors for one in ast.walk(_parsed(found.code)) if (factors := factors_of(one))]
    if len(products) != 1:
        return None
    left, right = products[0]
    is_of_columns = inner == 1
    one = right if is_of_columns else left
    if any(isinstance(part, ast.Attribute) and part.attr == "T" for part in products[0]):
        return None
    text = ast.unparse(one)
    place = found.code.rfind(text) if is_of_columns else found.code.find(text)
    fixed = f"{found.code[: place + len(text)]}.T{found.code[place + len(text) :]}"
    sentence = phrase(
        "The product sums over the last axis of its first factor, {inner}, and the first axis of its second factor,"
        " {outer}.",
        inner=inner,
        outer=outer,
    )
    likely = cause("gradient_factor", found.framework, fix=frames[-1].replace(found.code, fixed), wrong=frames[-1])
    facts = (fact("num_units", outer, "columns"),) if is_of_columns and found.line.array(one).role == "h" else ()
    tensor = TENSORS.get(found.line.array(one).role)
    return Mismatch(tensor, "order", sentence, causes=(likely,), facts=facts, is_of_equals=True)


def _parsed(code: str) -> ast.AST:
    try:
        return ast.parse(code.strip())
    except SyntaxError:
        return ast.Module([], [])
