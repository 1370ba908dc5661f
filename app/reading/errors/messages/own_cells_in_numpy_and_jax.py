"""Messages of NumPy and JAX about cells that a program computes itself: the line that failed says what was computed."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from ....translations.phrases import phrase
from ...code.operations import Operation
from ...facts import GATES, Fact, fact
from ..causes import batch_id, cause
from ..code_lines.array_origins import sizes_of_origin
from ..code_lines.failed_line import FailedLine, LineOperation
from ..code_lines.program_nodes import factors_of, name_of
from ..code_lines.program_tree import ProgramTree
from ..mismatch import Mismatch, Shape, from_code, of_unknown_arrays, written, wrong_rank, wrong_shape, wrong_size
from ..pasted_text import without_spaces
from .axes_of_own_cells import (
    JOINING,
    has_columns,
    joined_along_batch,
    joined_columns,
    joined_factor,
    of_factors,
    of_loop,
    of_output_weights,
    split_along_batch,
    with_shapes_of_program,
)
from .message_template import Found, MessageTemplate
from .sums_of_own_cells import of_failed_sum

OPERAND = r"((?:[a-z_]\w{0,30}\.){0,2}[a-z_]\w{0,30}(?:\[[^\[\]\n]{0,40}\])?(?:\.t\b)?)"
PRODUCT = re.compile(
    rf"{OPERAND}\s?@\s?{OPERAND}|\b(?:np|jnp|numpy|torch|tf)\.(?:dot|matmul|mm)\(\s?{OPERAND}\s?,\s?{OPERAND}\s?\)"
    rf"|{OPERAND}\.(?:dot|matmul|mm)\(\s?{OPERAND}\s?\)"
)
"""A product of two arrays in a line of code, in lower case."""

HAS_PRODUCT = re.compile(r"@|(?:dot|matmul|mm)\(")
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

OF_GATE = re.compile(
    r"\b(?:f|f_?t|f_?gate|fg?|forget(?:_?gate)?)\)?\s?\*\s?(?:self\.)?c(?:ell)?(?:s|_?[t\d]|_?prev|_?old|_?state)?\b"
)
"""The product of the forget gate and c."""


PLUS_BIAS = re.compile(
    r"\+\s?(?:[a-z_]\w{0,30}(?:\.|\[['\"]))?(?:b|bias)(?:_\w{1,10}|[ifgohcxyrz]{1,2})?(?:['\"]\])?"
    r"(?:\[[^\[\]\n]{1,20}\])?\W{0,9}$"
)
"""The sum with a bias, at the end of what failed."""


def product(found: Found) -> Mismatch | None:
    """x times its kernel or h times its kernel, in either order; None if the line does not say which."""
    left, right = inner_sizes(found)
    if not left or not right:
        return None
    found = with_shapes_of_program(of_product(found, left, right), left, right)
    if joined_factor(found):
        return None
    of_line = {*_products_of_shapes(found, left, right)} or {*_products(found)}
    products = of_line or {*_product_of_x(found)}
    if not found.code:  # only the message was pasted, with the code
        lines = dict.fromkeys(filter(HAS_PRODUCT.search, found.surroundings.text.split("\n")))
        products = {one for line in lines for one in _products_in(line)}
    if len(products) > 1:
        products = _that_fits(found, products, left, right)
    if len(products) != 1:
        return None
    (tensor, is_left), framework = products.pop(), found.template.framework
    got, expected = (left, right) if is_left else (right, left)
    if not found.program.is_whole and OF_SIZES.get(found.surroundings.size_of_layer(expected), tensor) != tensor:
        return None  # the line is broken before the product that failed
    if tensor == "h_0" and found.framework in ("numpy", "jax") and (of_output := _of_output(found)):
        return of_output_weights(found, of_output, left, right)
    if framework == "pytorch":
        framework = "cell" if tensor == "h_0" else "own cell"
    if of_order := _of_order(found, tensor, is_left, expected, got, framework):
        return of_order
    has_shapes = any(len(shape) > 1 and None not in shape for shape in _factors(found))
    if tensor == "x":
        x = found.shape("left" if is_left else "right")
        if is_of_sample := _of_one_sample(found, is_left, expected, got):
            return is_of_sample
        is_exchanged = len(x) == 2 and x[0 if is_left else 1] == expected
        is_step = STEP_OF_LOOP.search(found.code) is not None  # of one sample, which has no other axis
        ids = ["samples_in_columns"] if is_exchanged or not (has_shapes or is_left or is_step) else []
        if not ids and _is_transposed(found, is_left, got):
            ids = ["transposed"]
        of_weights = [] if has_shapes else ["kernel_order"]
        causes = [cause(one, framework, got=got, expected=expected) for one in (*ids, "other_features", *of_weights)]
        if _of_layer_below(found, is_left, expected, got):
            below = wrong_size("x", "features", expected, got, [cause("layer_below", framework)])
            return replace(below, sentence=of_factors(found, left, right))
        if not ids and not is_left and not has_shapes and ROWS.search(found.code):
            of_rows, facts = (cause("samples_in_columns", framework),), [fact("batch_size", got, "x")]
            return Mismatch("x", "order", of_factors(found, left, right), causes=of_rows, facts=tuple(facts))
        weights = _factors(found)[1] if is_left else _factors(found)[0][::-1]
        facts = [fact("features", expected, "kernel"), *_units(found, *weights[1:2])]
        mismatch = wrong_size("x", "features", expected, got, causes, facts)
        if is_exchanged and expected != got:
            facts.append(fact("batch_size", got, "x"))
            mismatch = wrong_shape("x", "order", x[::-1], x, causes[:1], facts)
    else:
        is_transposed = _is_transposed(found, is_left, got) and expected in (GATES["lstm"] * got, GATES["gru"] * got)
        of_h = ("transposed", "other_units") if is_transposed else ("other_units",)
        likely = [cause(id, framework, units=expected) for id in of_h]
        facts = [fact("num_units", expected, "recurrent kernel")]
        mismatch = wrong_size("h_0", "num_units", expected, got, likely, facts)
    if not has_shapes:
        unknown = () if found.framework in ("numpy", "jax") else mismatch.facts  # either size may be the wrong one
        sentence = of_factors(found, left, right)
        return replace(mismatch, sentence=sentence, facts=unknown, note=OF_TWO_SIZES, is_of_equals=True)
    return from_code(mismatch) if of_line else mismatch


ROWS = re.compile(r"(?:@|,)\s?\w{1,30}\[:, ?\w{1,12}(?:, ?:)?\]")
"""A step of all samples as the second factor of a product: its rows are samples."""


def _of_output(found: Found) -> LineOperation | None:
    """The product of the state and the weights after a cell: the only one of a line that gives an output its name,
    without a gate; None for another one."""
    line = found.program.tree.frames[-1] if found.program.tree.frames else ""
    products = [one for one in _of_two(found.line) if "kernel" in one.factors]
    return products[0] if len(products) == 1 and OUTPUT_LINE.match(line.strip()) else None


OUTPUT_LINE = re.compile(
    r"(?:self\.)?(?:logits?|ys?|y_?(?:hat|pred|t)|pred\w*|scores?|out|outputs?|o)(?:\[[^\]]{1,20}\])? ?="
    r" ?(?:(?:np|jnp)\.(?:dot|matmul)\([^()]{1,60}\)|[^()@]{1,40}(?:@[^()@]{1,40}|\.dot\([^()]{1,40}\)))"
    r"(?: ?\+ ?[\w.\[\]'\"]{1,30})?$"
)
"""A line that computes the output with one product and a bias."""

STEP_OF_LOOP = re.compile(r"(?:@|,)\s?\w{1,30}\[")
"""A step of x as the second factor of a product."""

OF_TWO_SIZES = phrase("The message says only two sizes: the array or its weights may have the wrong one.")


def _of_order(found: Found, tensor: str, is_left: bool, expected: int, got: int, framework: str) -> Mismatch | None:
    """The weights, or the state, with its two axes exchanged; None for another product."""
    is_x, needed = tensor == "x", (got, expected) if is_left else (expected, got)
    exchanged = [cause("kernel_order", framework)]
    facts = [fact("features" if is_x else "num_units", got, tensor)]
    if _is_made_transposed(found, is_left, expected, got):
        facts += _units(found, expected) if is_x else ()
        return wrong_shape("kernel" if is_x else "recurrent_kernel", "order", needed, needed[::-1], exchanged, facts)
    if is_x:
        return None
    if h := _exchanged(found, is_left, expected, got):
        units = [fact("num_units", expected, "h")]
        return from_code(wrong_shape("h_0", "order", h[::-1], h, [cause("state_axes", framework)], units))
    has_shapes = any(len(shape) > 1 for shape in _factors(found))
    if has_shapes or expected not in (GATES["lstm"] * got, GATES["gru"] * got):
        return None
    likely = [*exchanged, cause("other_units", framework, units=expected)]
    of_kernel = wrong_shape("recurrent_kernel", "order", needed, needed[::-1], likely, facts)
    return replace(of_kernel, note=OF_TWO_SIZES)


def _units(found: Found, *columns: int | None) -> list[Fact]:
    """The number of units, which that of the columns of the kernel is in a simple RNN."""
    return [fact("num_units", size, "kernel") for size in columns if size and found.cell == "rnn"]


def _exchanged(found: Found, is_left: bool, expected: int, got: int) -> Shape:
    """The shape of h, if it would fit the weights with its two axes exchanged; () for another one. A column is a single
    sample."""
    tree, n = found.program.tree, 0 if is_left else 1
    made = [tree.axes_of_made(one[n]) for one in tree.products_in(found.code)]
    shapes = [found.shape("left" if is_left else "right"), *(tuple(_known(size) for size in axes) for axes in made)]
    fitting = [one for one in shapes if len(one) == 2 and one[n] == expected and one[1 - n] == got not in (1, expected)]
    return fitting[0] if fitting else ()


def _known(size: object) -> int | None:
    return size if isinstance(size, int) else None


def _is_made_transposed(found: Found, is_left: bool, expected: int, got: int) -> bool:
    """Whether the program makes the weights with the axes that the product needs in the other order."""
    tree = found.program.tree
    for one in tree.products_in(found.code):
        made = tree.made_by(one[1 if is_left else 0])
        sizes = tree.axes(made) if made else ()
        is_exchanged = sizes == ((expected, got) if is_left else (got, expected)) and expected != got
        if is_exchanged and not _is_other_sum(tree, one, is_left, expected):
            return True
    return False


def _is_other_sum(tree: ProgramTree, factors: tuple[ast.expr, ast.expr], is_left: bool, units: int) -> bool:
    """Whether a product is added to another one that has another number of units than transposed weights would make."""
    product = next(tree.above(factors[0]), None)
    total = next(tree.above(product), None) if product else None
    if not isinstance(total, ast.BinOp) or not isinstance(total.op, ast.Add):
        return False
    other = factors_of(total.right if total.left is product else total.left)
    axes = tree.axes_of_made(other[1 if is_left else 0]) if other else ()
    made = axes[-1 if is_left else 0] if len(axes) == 2 else None
    return isinstance(made, int) and made != units


def _of_one_sample(found: Found, is_left: bool, expected: int, got: int) -> Mismatch | None:
    """A batch for a cell of JAX whose state is that of one sample: a vector, which comes after its weights. None for
    any other x."""
    tree = found.program.tree
    if found.framework != "jax" or is_left:
        return None
    for _, x in tree.products_in(found.code):
        sums = (one for one in tree.above(x) if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add))
        terms = [term for one in sums for term in (one.left, one.right) if isinstance(term, (ast.Name, ast.Attribute))]
        others = [factors[1] for one in sums for side in ast.walk(one) if (factors := factors_of(side))]
        known = [axes for one in (*terms, *others) if one is not x and (axes := tree.axes_of_made(one))]
        if tree.axes_of_made(x) == (got, expected) and known and all(len(one) == 1 for one in known):
            sentence = phrase(
                "{x} has shape {shape}, with a batch, but the state is a vector: the cell computes one sample.",
                x=tree.text(x),
                shape=written((got, expected)),
            )
            facts = (fact("batch_size", got, "x"), fact("features", expected, "x"))
            return Mismatch("x", "rank", sentence, 1, 2, (cause("vmap", "jax"),), facts, ((expected,), (got, expected)))
    return None


def _of_layer_below(found: Found, is_left: bool, expected: int, got: int) -> bool:
    """Whether x is the state of a layer below, and all layers were made for the features of x in one loop."""
    tree = found.program.tree
    for one in tree.products_in(found.code):
        made = tree.made_by(one[1 if is_left else 0])
        sizes = tree.axes(made) if made else ()
        is_in_loop = made is not None and any(isinstance(above, LOOPS) for above in tree.above(made))
        if is_in_loop and len(sizes) == 2 and sizes[0 if is_left else 1] == expected:
            columns = sizes[1 if is_left else 0]
            return isinstance(columns, int) and columns in [gates * got for gates in GATES.values()]
    return False


LOOPS = (ast.For, ast.GeneratorExp, ast.ListComp)


def _is_transposed(found: Found, is_left: bool, got: int) -> bool:
    """Whether the other axis of the weights is as long as that of the factor, as if they were stored for ``W @ x``."""
    kernel = _factors(found)[1] if is_left else _factors(found)[0][::-1]
    return len(kernel) == 2 and kernel[1] == got


def _product_of_x(found: Found) -> Iterator[tuple[str, bool]]:
    """The product that failed, if the program adds it to one of h, and one of its factors is called like weights."""
    one = found.program.product_called(found.code)
    if one and found.program.is_product_of_x(one):
        is_weights = [bool(WEIGHTS.match(operand.text.lower())) for operand in one.operands[:2]]
        if is_weights[0] != is_weights[1]:
            yield "x", is_weights[1]


WEIGHTS = re.compile(r"(?:\w{1,30}\.|\w{1,30}\[['\"])?(?:w|u|k|weight|kernel)(?:_?\w{0,12})\b")
"""Names of weights in a product."""


def of_product(found: Found, inner: int, outer: int) -> Found:
    """The message with the product of the program that raised it as what failed: the one that sums over these sizes,
    or that of the two shapes, if the message says them."""
    left, right = _factors(found)
    program = found.program
    one = program.product(left, right) if left and right else program.product_of_sizes(inner, outer)
    is_elsewhere = one and HAS_PRODUCT.search(found.code) and without_spaces(one.text) not in without_spaces(found.code)
    return replace(found, code=one.text) if one and not is_elsewhere else found


def of_sum(found: Found, left: Shape, right: Shape) -> Found:
    """The same for a sum of arrays of two shapes."""
    one = found.program.sum_of_shapes(left, right)
    return replace(found, code=one.text) if one else found


def _that_fits(found: Found, products: set[tuple[str, bool]], left: int, right: int) -> set[tuple[str, bool]]:
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


def _factors(found: Found) -> tuple[Shape, Shape]:
    """The shapes of both factors; () if the message does not say them."""
    if found.text("a"):
        return (found.number("a"), found.number("b")), (found.number("c"), found.number("d"))
    return found.shape("left"), found.shape("right")


def _may_be_recurrent(found: Found, is_left: bool) -> bool | None:
    """Whether the other factor has as many columns as a recurrent kernel has for its rows; None if the message does not
    say its shape. ``is_left``: whether x or h is the first factor."""
    shapes = _factors(found)
    kernel = shapes[1] if is_left else shapes[0][::-1]
    if len(kernel) != 2 or not all(kernel):
        return None
    units, columns = kernel
    factor = shapes[0] if is_left else shapes[1][::-1]
    got = factor[-1] if factor else None
    sizes = (
        (units, got) if got and units and units < MOST_GATES * got else (units,)
    )  # a transposed kernel has as many columns
    return columns in [gates * (size or 0) for gates in GATES.values() for size in sizes]


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


def _products(found: Found) -> Iterator[tuple[str, bool]]:
    """The products in the line that failed: of x or of h, and whether it is the first factor. In the order of the
    line."""
    products = [*_of_two(found.line)]
    known = [_product_of(one) for one in products if _is_of_cell(one.factors)]
    is_of_others = products and all(all(one.factors) for one in products)
    yield from known or (() if is_of_others else _products_in(found.code.lower()))


def _of_two(line: FailedLine) -> Iterator[LineOperation]:
    """The products of two arrays in a line."""
    return (one for one in line.operations if one.kind == "product" and len(one.operands) == 2)


def _product_of(one: LineOperation) -> tuple[str, bool]:
    return "h_0" if "h" in one.factors else "x", one.factors[1] == "kernel"


def _products_of_shapes(found: Found, inner: int, outer: int) -> Iterator[tuple[str, bool]]:
    """The products in the line that failed whose factors have, where the text says their shapes, the sizes of the
    message; none if it says no shape."""
    said = found.surroundings.said_shapes
    for one in _of_two(found.line) if said else ():
        left, right = (said.get(array.text.lower().removeprefix("self.")) for array in one.operands)
        fits = (not left or left[-1] == inner) and (not right or right[-2 if len(right) > 1 else 0] == outer)
        if (left or right) and fits and _is_of_cell(one.factors):
            yield _product_of(one)


def _is_of_cell(factors: tuple[str, str]) -> bool:
    """Whether a product is that of x or h and weights."""
    return "kernel" in factors and bool({"x", "h"} & {*factors})


def _products_in(code: str) -> Iterator[tuple[str, bool]]:
    """The products of x or h in lines of code."""
    for match in PRODUCT.finditer(code):
        names = [name for name in match.groups() if name]
        factors = [_tensor(name) for name in names]
        if any(map(OF_OUTPUT.search, names)):
            continue
        if factors[0]:
            yield factors[0], True
        elif factors[1]:
            yield factors[1], False


def _tensor(name: str) -> str:
    """The tensor with a name in code; "" for another one."""
    name = re.sub(r"\[.*", "", name).removesuffix(".t").rpartition(".")[2]
    return next((tensor for tensor, names in NAMES.items() if names.fullmatch(name)), "")


def total(found: Found) -> Mismatch | None:
    """The sum of the products of x and h, or the product of a gate and c, with another batch; None if the line has
    neither."""
    left, right = found.shape("left"), found.shape("right")
    if of_split := split_along_batch(found, left, right):
        return of_split
    of_line = of_failed_sum(found, left, right)
    found = of_sum(found, left, right)
    if not of_line and found.program.is_whole:
        of_line = of_failed_sum(found, left, right)
    if of_line:
        return of_line
    code = found.code.lower()
    if left[-1:] != right[-1:] and None not in (*left[-1:], *right[-1:]):
        expected, got = _last(left), _last(right)
        if of_bias := _of_whole_bias(found, left, right):
            return of_bias
        if OF_GATE.search(code) and len(left) == len(right):
            return _other_units(found, "c_0", expected, got)
        if len(left) == 2 and len(right) == 1 and PLUS_BIAS.search(code) and [*_products(found)]:
            causes = [cause("other_size", found.template.framework)]
            return from_code(wrong_size("bias", "gates*num_units", expected, got, causes))
    if len(left) != 2 or len(right) != 2 or None in (*left, *right):
        return None
    differing = [n for n in (0, 1) if left[n] != right[n]]
    if len(differing) != 1:
        return None
    axis, products = differing[0], [*_products(found)]
    if (
        axis == 0
        and right[1] == 1
        and PLUS_BIAS.search(code)
        and (len(products) == 1 or _ends_with_bias(found, left, right))
    ):
        causes = [cause("other_size", found.template.framework)]
        of_bias = wrong_size("bias", "gates*num_units", left[0] or 0, right[0], causes)
        return from_code(of_bias)
    sizes = (left[axis] or 0, right[axis] or 0)
    units = left[1 - axis]
    if OF_GATE.search(code):
        return _other_batch(found, "c_0", *sizes, units) if axis == 0 else None
    is_column = any(not is_left for _, is_left in products)  # a sample, if the weights are the first factor
    if axis == 0 and not is_column and (of_x := _side_of_x(found, left, right)) is not None:
        return _other_batch(found, "h_0", *(sizes if of_x == 0 else sizes[::-1]), units)
    if [tensor for tensor, _ in products] not in (["x", "h_0"], ["h_0", "x"]):
        return None
    if axis != is_column:
        return None
    of_batch = _other_batch(found, "h_0", *(sizes if products[0][0] == "x" else sizes[::-1]), units)
    return from_code(of_batch)


def _of_whole_bias(found: Found, left: Shape, right: Shape) -> Mismatch | None:
    """The sum of one gate and a bias with one axis, which is that of all gates; None for another sum."""
    gate, bias = (left, right) if len(left) > len(right) else (right, left)
    units, size = _last(gate), _last(bias)
    if len(gate) != 2 or len(bias) != 1 or not units or size not in (GATES["lstm"] * units, GATES["gru"] * units):
        return None
    if not PLUS_BIAS.search(found.code.lower()) or HAS_PRODUCT.search(found.code):
        return None
    facts = [fact("num_units", units, "gate"), fact("gates", size // units, "bias")]
    return from_code(
        wrong_size("bias", "num_units", units, size, [cause("whole_bias", found.template.framework)], facts)
    )


def _ends_with_bias(found: Found, left: Shape, right: Shape) -> bool:
    """Whether it is a bias that the program adds to another array, of these shapes."""
    one = found.program.sum_of_shapes(left, right)
    return one is not None and PLUS_BIAS.search(f"+{one.operands[1].text.lower()}") is not None


def _side_of_x(found: Found, left: Shape, right: Shape) -> int | None:
    """The index of the operand that is computed from x, if the other one is computed from h; None for another sum."""
    return _index_of_x(found.program.sum_of_shapes(left, right))


def _index_of_x(one: Operation | None) -> int | None:
    """The same for a sum in the program."""
    roles = [operand.roles for operand in one.operands[:2]] if one else []
    return next((n for n in range(len(roles)) if roles[n] == {"x"} and roles[1 - n] == {"h_0"}), None)


def of_whole_gates(found: Found, left: Shape, right: Shape) -> Mismatch | None:
    """The product of h or c and all gates in one array, which was not split; None for another one."""
    sizes = sorted((_last(left), _last(right)))
    gates, rest = divmod(sizes[1], sizes[0] or sizes[1] + 1)
    if rest or gates not in (GATES["lstm"], GATES["gru"]) or not OF_STATE.search(found.code.lower()):
        return None
    sentence = phrase(
        "All gates are in one array: its last axis is {gates} times as long as that of the state, {got} and {units}.",
        gates=gates,
        got=sizes[1],
        units=sizes[0],
    )
    facts = (fact("num_units", sizes[0], "state"), fact("gates", gates, "array"))
    return Mismatch(
        None, None, sentence, causes=(cause("split_gates", found.template.framework, gates=gates),), facts=facts
    )


OF_STATE = re.compile(r"\*\s?(?:self\.)?[hc](?:_?[t\d]|_?prev|_?old)?\b|\b[hc](?:_?[t\d]|_?prev|_?old)?\s?\*")
"""The product of a gate and h or c."""


def _last(shape: Shape) -> int:
    """The size of the last axis; 0 if there is none, or if it is unknown."""
    return (shape[-1] if shape else None) or 0


def total_of_sizes(found: Found, axis: int, a: int, b: int) -> Mismatch | None:
    """The same in PyTorch, whose message says one axis."""
    code, framework = found.code.lower(), replace(found, template=replace(found.template, framework="cell"))
    if OF_GATE.search(code):
        return _other_units(framework, "c_0", a, b) if axis else _other_batch(framework, "c_0", a, b, None)
    if axis and (of_gates := of_whole_gates(found, (a,), (b,))):
        return of_gates
    of_x = _index_of_x(found.program.sum_of_sizes(0, a, b)) if axis == 0 else None
    if of_x is not None:
        return _other_batch(framework, "h_0", *((a, b) if of_x == 0 else (b, a)), None)
    products = [*_products(found)]
    if axis or products not in ([("x", True), ("h_0", True)], [("h_0", True), ("x", True)]):
        return None
    of_batch = _other_batch(framework, "h_0", *((a, b) if products[0][0] == "x" else (b, a)), None)
    return from_code(of_batch)


def _other_units(found: Found, tensor: str, expected: int, got: int) -> Mismatch:
    likely = cause("other_units", found.template.framework, state=tensor[0], units=expected)
    return wrong_size(tensor, "num_units", expected, got, [likely], [fact("num_units", expected, "gates")])


def _other_batch(found: Found, tensor: str, expected: int, got: int, units: int | None) -> Mismatch:
    if tensor == "h_0" and (in_loop := of_loop(found, expected, got)):
        return in_loop
    likely = cause(batch_id(expected, got), found.template.framework, state=tensor[0], units=units)
    facts = [fact("batch_size", expected, "x"), *([fact("num_units", units, tensor)] if units else [])]
    return wrong_size(tensor, "batch_size", expected, got, [likely], facts)


def joined(found: Found, axis: int, expected: int, got: int) -> Mismatch | None:
    """x and h of a cell, which are joined with other batches; None if the line that failed does not join these."""
    lines = found.code or found.surroundings.text  # without a traceback, of all lines that are pasted
    matches = {match.groups(): match for match in JOIN_OF_BOTH.finditer(lines.lower())}
    match = next(iter(matches.values())) if len(matches) == 1 else None
    tensors = [_tensor(name) for name in match.groups()] if match else []
    line = lines[match.start() :].partition("\n")[0] if match else ""
    is_column = found.template.framework == "numpy" and axis == 0 and NAMES_FIRST.search(line) is not None
    is_row = axis == 1 and not has_columns(found)
    if not (is_row or is_column) or {*tensors} != {"x", "h_0"}:
        return None
    framework = "cell" if found.template.framework == "pytorch" else found.template.framework
    of_x, of_h = (expected, got) if tensors[0] == "x" else (got, expected)
    return _other_batch(replace(found, template=replace(found.template, framework=framework)), "h_0", of_x, of_h, None)


JOIN_OF_BOTH = re.compile(rf"(?:\bcat|concat\w{{0,20}}|[hv]stack)\(\s?[(\[]\s?{OPERAND}\s?,\s?{OPERAND}\s?[)\]]")
"""One array of x and h in a line of code."""


NAMES_FIRST = re.compile(r"\b(?:axis|dim|dimension)\s?=\s?0\b|[)\]]\s?,\s?0\s?\)")
"""A join that names the first axis, in a line of code: samples are columns then. Without it, the axis may have been
forgotten, and ``vstack`` makes rows of vectors."""


def joined_in_numpy(found: Found) -> Mismatch:
    """The same in NumPy, whose message says the axis that differs, of two."""
    axis, sizes = found.number("axis"), (found.number("a"), found.number("b"))
    of_axis = joined_along_batch(found, axis, *sizes) or joined_columns(found, axis, *sizes)
    return of_axis or joined(found, 1 - axis, *sizes) or of_unknown_arrays()


def _of_concatenation(found: Found) -> Mismatch | None:
    """W times [x, h], or the other way round: the other size of W is the number of units, and the rest is x. None if
    the sizes say that they are something else."""
    inner, outer = inner_sizes(found)
    found = with_shapes_of_program(of_product(found, inner, outer), inner, outer)
    left, right = found.shape("left"), found.shape("right")
    match = PRODUCT_OF_BOTH.search(found.code.lower())
    if not match or len(left) != 2 or len(right) != 2 or not JOINS.search(found.surroundings.text):
        return None
    (units, length), given = ((left[0], left[1]), right[0]) if match[1] or match[3] else ((right[1], right[0]), left[1])
    if None in (units, length, given):
        return None
    expected, got = (length or 0) - (units or 0), (given or 0) - (units or 0)
    if expected < 1 < got or (got != expected == units and got > 0):  # a kernel for h alone, or for h twice
        whole = (units, given) if match[1] or match[3] else (given, units)
        made = left if match[1] or match[3] else right
        causes = [cause("other_size", found.template.framework)]
        facts = [fact("features", got, "x"), fact("num_units", units or 0, "kernel")]
        return wrong_shape("kernel", "features", whole, made, causes, facts)
    if expected < 1 or got < 1:
        return None
    likely = cause("other_features", found.template.framework, got=got, expected=expected)
    facts = [fact("features", expected, "kernel"), fact("num_units", units or 0, "kernel")]
    return wrong_size("x", "features", expected, got, [likely], facts)


JOINS = re.compile(r"concat|[hv]stack|column_stack|\bcat\(|np\.append|\.r_|\.c_")

PRODUCT_OF_BOTH = re.compile(
    rf"(?:dot|matmul)\(\s?(?:({OPERAND})\s?,\s?)?(?:j?np\.)?(?:concat\w{{0,20}}|combined|xh|hx|z|z_?t)\b"
    rf"|({OPERAND})\s?@\s?(?:j?np\.)?(?:concat\w{{0,20}}|combined|xh|hx|z|z_?t)\b"
    rf"|\b(?:concat\w{{0,20}}|combined|xh|hx|z|z_?t)\s?@"
)
"""The product with x and h in one array."""


def _of_both(found: Found) -> Mismatch | None:
    """W times [x, h], of which the message says only the sizes that differ: those of x and h together. h mostly comes
    from the cell itself, so it is rather x that has another size."""
    got, expected = inner_sizes(found)
    match = PRODUCT_OF_BOTH.search(found.code.lower())
    is_joined = joined_factor(found)
    if not match or not got or not expected or not (is_joined or JOINS.search(found.surroundings.text)):
        return None
    if match[1] or match[3]:
        got, expected = expected, got
    sentence = phrase(
        "x and h together have {got} values for each sample, but the weights are for {expected}.",
        got=got,
        expected=expected,
    )
    likely = [cause("other_features", found.template.framework, got="features")]
    if is_joined:
        likely.insert(0, cause("other_size", found.template.framework))
    return Mismatch("x", "features", sentence, causes=tuple(likely), facts=(fact("num_units+features", got, "[h, x]"),))


def _of_parts(found: Found) -> Mismatch | None:
    """W times x and h in one array, if the program says their sizes; None otherwise."""
    sizes = inner_sizes(found)
    for got, expected in (sizes, sizes[::-1]):
        if got and (parts := found.program.sizes_of_parts(got)) and 0 < expected - parts[1] != parts[0]:
            features, units = expected - parts[1], parts[1]
            likely = cause("other_features", found.template.framework, got=parts[0], expected=features)
            facts = [fact("features", features, "kernel"), fact("num_units", units, "h")]
            return wrong_size("x", "features", features, parts[0], [likely], facts)
    return None


def _of_joined_weights(found: Found) -> Mismatch | None:
    """Weights for x or h alone, which the program joins into the array that it multiplies by them."""
    tree, (inner, outer) = found.program.tree, inner_sizes(found)
    for left, right in tree.products_in(found.code):
        for n, (array, weights) in enumerate(((left, right), (right, left))):
            made = tree.assigned(array) if isinstance(array, ast.Name) else array
            total, rows = (inner, outer) if n == 0 else (outer, inner)
            sizes = [size for one in tree.origins(weights) for size in sizes_of_origin(tree, one)]
            columns = tree.number(sizes[1 - n]) if len(sizes) == 2 else None
            is_join = isinstance(made, ast.Call) and name_of(made) in JOINING
            units = [columns // gates for gates in GATES.values() if columns and columns % gates == 0]
            if is_join and tree.number(sizes[n] if sizes else left) == rows and {total - rows, rows} & {*units}:
                likely = cause("joined_weights", found.framework, got=total)
                sentence = of_factors(found, inner, outer)
                return Mismatch("kernel", "features", sentence, (total,), (rows,), (likely,), is_of_equals=True)
    return None


def product_of_cell(found: Found) -> Mismatch | None:
    """The product with x, with h, or with both in one array."""
    return (
        product(found) or _of_joined_weights(found) or _of_concatenation(found) or _of_parts(found) or _of_both(found)
    )


def product_or_unknown(found: Found) -> Mismatch:
    return product_of_cell(found) or of_unknown_arrays()


def total_or_unknown(found: Found) -> Mismatch:
    return total(found) or of_whole_gates(found, found.shape("left"), found.shape("right")) or of_unknown_arrays()


def carry(found: Found) -> Mismatch:
    """A state that has another shape after a step of a loop than before. Loops of TensorFlow have other variables
    with fewer axes."""
    got, expected, framework = found.shape("before"), found.shape("after"), found.template.framework
    tensor = "c_0" if re.search(r"(?:^|\W)c$", found.text("name")) else "h_0"
    if framework == "tf1" and not _may_be_state(found, got, expected):
        return of_unknown_arrays()
    if of_column := _of_column(found, got, expected):
        return of_column
    if len(got) != len(expected):
        return wrong_rank(tensor, len(expected), len(got), [cause("carry", framework)], shapes=(expected, got))
    axes = ("batch_size", "num_units") if len(got) == 2 else ("num_units",) if len(got) == 1 else ()
    differing = [axis for axis, one, other in zip(axes, got, expected, strict=False) if one != other]
    return wrong_shape(tensor, differing[0] if differing else None, expected, got, [cause("carry", framework)])


def _of_column(found: Found, before: Shape, after: Shape) -> Mismatch | None:
    """A state with one axis to which a step adds a column, so that it becomes a matrix; None for any other."""
    units = before[0] if len(before) == 1 else None
    if not units or units == 1 or after != (units, units) or found.framework != "jax":
        return None
    sentence = phrase(
        "A step gets a state of shape {before} and returns one of shape {after}: a vector and a column add up to that.",
        before=written(before),
        after=written(after),
    )
    causes = (cause("column_bias", "jax", bias="b", size=units), cause("carry", "jax"))
    facts = (fact("num_units", units, "h"),)
    return Mismatch("bias", "rank", sentence, 1, 2, causes, facts, ((units,), (units, 1)))


def _may_be_state(found: Found, before: Shape, after: Shape) -> bool:
    """Whether a variable of a loop of TensorFlow is a state: by its name, or a matrix that differs in its batch in a
    loop that the program does not write itself. ``tf.scan`` has no names."""
    if not len(before) == len(after) == 2:
        return False
    if found.template.id == "tensorflow-scan":
        return ".write(" not in found.code and SCAN.search(found.surroundings.text) is not None
    is_own = "while_loop(" in found.surroundings.text
    return OF_RECURRENCE.search(found.text("name")) is not None or (not is_own and before[1] == after[1])


SCAN = re.compile(r"\bscan\b")
"""The loop that keeps each state in a list of TensorFlow; programs write anything into their own lists."""

OF_RECURRENCE = re.compile("state|hidden|cell|lstm|gru|rnn")
"""A part of the name of a state; loops have other variables, such as scores and tokens, too."""


def steps_of_scan(found: Found) -> Mismatch:
    """Sequences with different numbers of steps in one ``jax.lax.scan``."""
    sizes = [int(size) for size in found.text("sizes").split(",") if size.isdecimal()]
    if len(sizes) < 2:
        return of_unknown_arrays()
    sentence = phrase("The sequences have different numbers of steps: {steps}.", steps=", ".join(map(str, sizes)))
    expected, got = sizes[0], next((size for size in sizes if size != sizes[0]), sizes[0])
    return Mismatch("x", "time_step", sentence, (expected,), (got,), (cause("scan_steps", "jax"),))


TEMPLATES = (
    MessageTemplate(
        "numpy-product-sizes",
        "numpy",
        "1.16-2",
        "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature {signature:any}"
        " (size {outer:n} is different from {inner:n})",
        product_or_unknown,
        anywhere=True,
    ),
    MessageTemplate(
        "numpy-dot",
        "numpy",
        "1-2",
        "shapes {left:shape} and {right:shape} not aligned",
        product_or_unknown,
        anywhere=True,
    ),
    MessageTemplate(
        "numpy-sum",
        "numpy",
        "1-2",
        "operands could not be broadcast together with shapes {left:shape} {right:shape}",
        total_or_unknown,
        anywhere=True,
    ),
    *(
        MessageTemplate(
            id,
            "numpy",
            versions,
            f"all the input array dimensions {which} the concatenation axis must match exactly, but along dimension"
            " {axis:n}, the array at index {i:n} has size {a:n} and the array at index {j:n} has size {b:last}",
            joined_in_numpy,
            anywhere=True,
        )
        for id, versions, which in (("numpy-join", "1.17-2", "except for"), ("numpy-1-join", "1.20-1.26", "for"))
    ),
    MessageTemplate(
        "jax-carry",
        "jax",
        "0.2-0.10",
        "The input carry {name:scope} has type {dtype:name}{before:shape} but the corresponding output carry component"
        " has type {type:name}{after:shape}",
        carry,
        anywhere=True,
    ),
    MessageTemplate(
        "jax-scan-steps",
        "jax",
        "0.2-0.10",
        "scan got values with different leading axis sizes: {sizes:sizes}",
        steps_of_scan,
        anywhere=True,
    ),
)
