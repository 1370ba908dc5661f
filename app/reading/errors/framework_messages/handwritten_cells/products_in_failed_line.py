"""The products of x or h and weights in the line that failed, and the sizes that a message says of their factors."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from ....code.operations import with_two_operands
from ....facts_about_sizes import GATES
from ...axes_of_arrays import MATRIX
from ...code_lines.failed_line import LineOperation
from ...code_lines.program_nodes import factors_in, factors_of, plain
from ...mismatch import Shape
from ..message_template import Found

OPERAND = r"((?:[a-z_]\w{0,30}\.){0,2}[a-z_]\w{0,30}(?:\[[^\[\]\n]{0,40}\])?(?:\.t\b)?)"

PRODUCT = re.compile(
    rf"{OPERAND}\s?@\s?{OPERAND}|\b(?:np|jnp|numpy|torch|tf|lax)\.(?:dot|matmul|mm)\(\s?{OPERAND}\s?,\s?{OPERAND}\s?\)"
    rf"|\b(?:dot_general|tensordot|einsum\(\s?['\"][^'\"\n]{{1,40}}['\"],|addmm\([^(),\n]{{1,40}},)\(?\s?{OPERAND}\s?,\s?{OPERAND}\s?[,)]"
    rf"|{OPERAND}\.(?:dot|matmul|mm)\(\s?{OPERAND}\s?\)"
)
"""A product of two arrays in a line of code, in lower case."""

HAS_PRODUCT = re.compile(r"@|(?:dot|matmul|mm|dot_general|einsum)\(")
"""A line that may have one, which is found much faster."""

NAMES = {
    "x": re.compile(r"x|xs|x_?[t\d]|x_[a-z]{1,12}|inp|inputs?(?:_t)?|emb\w{0,20}|sequences?|seq"),
    "h_0": re.compile(
        r"a|hs?|h_?[t\d]|h_?tm?_?1|h_?prev(?:ious)?|prev_?h|h_(?:in|old|last|next|state)|prev_hidden|hidden(?:_state)?"
        r"|a_?prev|states?|prev_?state|carry"
    ),
}
"""What x and h are called in code."""

OF_SIZES = {"features": "x", "units": "h_0"}
"""Size of a cell -> the tensor whose last axis it is."""

OF_OUTPUT = re.compile(r"w_?(?:hy|hq|hv|ya|ay|out\w*)\b")
"""Names of the weights that compute the output of a network from h."""

WEIGHTS = re.compile(r"(?:\w{1,30}\.|\w{1,30}\[['\"])?(?:w|u|k|weight|kernel)(?:_?\w{0,12})\b")
"""Names of weights in a product."""

MOST_GATES = max(GATES.values())


def inner_sizes(found: Found) -> tuple[int, int]:
    """The last size of the first factor and the one of the second factor that must be equal; 0 if unknown."""
    if found.text("inner"):
        return found.number("inner"), found.number("outer")
    if found.text("b"):
        return found.number("b"), found.number("c")
    left, right = found.shape("left"), found.shape("right")
    if not left or not right:
        return 0, 0
    return left[-1] or 0, right[-2 if len(right) > 1 else 0] or 0


def shapes_of_factors(found: Found) -> tuple[Shape, Shape]:
    """The shapes of both factors; () if the message does not say them."""
    if found.text("a"):
        return (found.number("a"), found.number("b")), (found.number("c"), found.number("d"))
    return found.shape("left"), found.shape("right")


def of_product(found: Found, inner: int, outer: int) -> Found:
    """The message with the product of the program that raised it as what failed: the one that sums over these sizes,
    or that of the two shapes, if the message says them."""
    left, right = shapes_of_factors(found)
    program = found.program
    if code := _product_of_made_weights(found, inner, outer):
        return replace(found, code=code)
    one = program.product(left, right) if left and right else program.product_of_sizes(inner, outer)
    is_elsewhere = one and HAS_PRODUCT.search(found.code) and plain(one.text) not in plain(found.code)
    return replace(found, code=one.text) if one and not is_elsewhere else found


def _product_of_made_weights(found: Found, inner: int, outer: int) -> str:
    """The only one of several products in the line that failed whose weights the program makes for the size of the
    message, while those of the others have another one; "" if that is not known."""
    tree, fitting, others = found.program.tree, list[ast.expr](), 0
    if not tree.imported and not tree.frames:
        return _product_of_shown_weights(found, inner, outer)
    for both in tree.products_in(found.code) if tree.imported else ():
        shapes = [tree.shape_of_made(one) for one in both]
        known = [n for n, shape in enumerate(shapes) if len(shape) == len(both) and isinstance(shape[1 - n], int)]
        if len(known) != 1:
            return ""
        (n,) = known
        if shapes[n][1 - n] == (outer if n else inner):
            fitting.append(both[0])
        else:
            others += 1
    product = next(tree.above(fitting[0]), None) if len(fitting) == 1 and others else None
    return ast.unparse(product) if product else ""


def _product_of_shown_weights(found: Found, inner: int, outer: int) -> str:
    """The only product in a few lines of code of which these lines make a factor, with the size of the message; ""
    without one, or if there are several."""
    tree, fitting = found.program.tree, list[ast.AST]()
    for product, both in tree.products:
        shapes = [tree.shape_of_made(one) for one in both]
        summed = [shape[1 - n] if len(shape) == MATRIX else None for n, shape in enumerate(shapes)]
        known = [one == size for one, size in zip(summed, (inner, outer), strict=True) if one is not None]
        if known and all(known):
            fitting.append(product)
    return ast.unparse(fitting[0]) if len(fitting) == 1 else ""


def is_of_product(found: Found) -> bool:
    """Whether what Python underlined is a product of which a factor is a product, too, so that this one fits."""
    statement = found.line.statement
    underlined = statement.value if isinstance(statement, ast.Expr) else None
    factors = factors_of(underlined) if isinstance(underlined, ast.BinOp) else None
    return any(any(factors_in(one)) for one in factors or ())


def products_of_line(found: Found) -> Iterator[tuple[str, bool]]:
    """The products in the line that failed: of x or of h, and whether it is the first factor. In the order of the
    line."""
    products = with_two_operands(found.line.operations, "product")
    known = [_product_of(one) for one in products if _is_of_cell(one.factors)]
    is_of_others = products and all(all(one.factors) for one in products)
    yield from known or (() if is_of_others else products_in_code(found.code.lower()))


def _product_of(one: LineOperation) -> tuple[str, bool]:
    return "h_0" if "h" in one.factors else "x", one.factors[1] == "kernel"


def products_of_shapes(found: Found, inner: int, outer: int) -> Iterator[tuple[str, bool]]:
    """The products in the line that failed whose factors have, where the text says their shapes, the sizes of the
    message; none if it says no shape."""
    said = found.surroundings.said_shapes
    for one in with_two_operands(found.line.operations, "product") if said else ():
        left, right = (said.get(array.text.lower().removeprefix("self.")) for array in one.operands)
        fits = (not left or left[-1] == inner) and (not right or right[-2 if len(right) > 1 else 0] == outer)
        if (left or right) and fits and _is_of_cell(one.factors):
            yield _product_of(one)


def _is_of_cell(factors: tuple[str, str]) -> bool:
    """Whether a product is that of x or h and weights."""
    return "kernel" in factors and bool({"x", "h"} & {*factors})


def products_in_code(code: str) -> Iterator[tuple[str, bool]]:
    """The products of x or h in lines of code."""
    for match in PRODUCT.finditer(code):
        names = [name for name in match.groups() if name]
        factors = [tensor_called(name) for name in names]
        if any(map(OF_OUTPUT.search, names)):
            continue
        if factors[0]:
            yield factors[0], True
        elif factors[1]:
            yield factors[1], False


def tensor_called(name: str) -> str:
    """The tensor with a name in code; "" for another one."""
    name = re.sub(r"\[.*", "", name).removesuffix(".t").rpartition(".")[2]
    return next((tensor for tensor, names in NAMES.items() if names.fullmatch(name)), "")


def product_of_x(found: Found) -> Iterator[tuple[str, bool]]:
    """The product that failed, if the program adds it to one of h, and one of its factors is called like weights."""
    one = found.program.product_called(found.code)
    if one and found.program.is_product_of_x(one):
        is_weights = [bool(WEIGHTS.match(operand.text.lower())) for operand in one.operands[:2]]
        if is_weights[0] != is_weights[1]:
            yield "x", is_weights[1]


def that_fit(found: Found, products: set[tuple[str, bool]], left: int, right: int) -> set[tuple[str, bool]]:
    """The products with the sizes of the cell and of x in lines of code."""
    around = found.surroundings
    by_size = {one for one in products if OF_SIZES.get(around.size_of_layer(right if one[1] else left)) == one[0]}
    made = {shape[-1] for shape in around.made_shapes}
    by_array = {one for one in products if made and (one[0] == "x") == ((left if one[1] else right) in made)}
    by_kernel = {one for one in products if _are_square(found, one[1], left, right) == {one[0] == "h_0"}}
    return (
        by_size
        or by_array
        or by_kernel
        or {one for one in products if _may_be_recurrent(found, one[1]) == (one[0] == "h_0")}
    )


def _are_square(found: Found, is_left: bool, left: int, right: int) -> set[bool]:
    """Whether the matrices with the size of the kernel in lines of code are square, as recurrent ones are, or would be
    for the factor that they get. ``is_left``: whether x or h is the first factor."""
    matrices = found.surroundings.made_matrices
    if is_left:
        return {columns in (rows, left) for rows, columns in matrices if rows == right}
    return {rows in (columns, right) for rows, columns in matrices if columns == left}


def _may_be_recurrent(found: Found, is_left: bool) -> bool | None:
    """Whether the other factor has as many columns as a recurrent kernel of the cell has for its rows, that of a simple
    RNN one for each; None if the message does not say its shape. ``is_left``: whether x or h is the first factor."""
    shapes = shapes_of_factors(found)
    kernel = shapes[1] if is_left else shapes[0][::-1]
    if len(kernel) != 2 or not all(kernel):
        return None
    units, columns = kernel
    factor = shapes[0] if is_left else shapes[1][::-1]
    got = factor[-1] if factor else None
    sizes = (
        (units, got) if got and units and units < MOST_GATES * got else (units,)
    )  # a transposed kernel has as many columns
    possible = [GATES[found.cell]] if found.cell == "rnn" else GATES.values()
    return columns in [gates * (size or 0) for gates in possible for size in sizes]
