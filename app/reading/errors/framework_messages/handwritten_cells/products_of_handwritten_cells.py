"""The product of x or h and its weights in a cell that a program computes itself: which of both is wrong."""

import ast
import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....code.operations import with_two_operands
from ....facts_about_sizes import GATES, Fact, fact
from ...causes import cause
from ...code_lines.failed_line import LineOperation
from ...code_lines.program_nodes import base_of, factors_in, factors_of
from ...code_lines.program_tree import ProgramTree
from ...mismatch import Mismatch, Shape, from_code, written, wrong_shape, wrong_size
from ..message_template import Found
from .axes_of_handwritten_cells import joined_factor, known_size, of_factors, of_output_weights, with_shapes_of_program
from .products_in_failed_line import (
    HAS_PRODUCT,
    OF_SIZES,
    inner_sizes,
    is_of_product,
    of_product,
    product_of_x,
    products_in_code,
    products_of_line,
    products_of_shapes,
    shapes_of_factors,
    that_fit,
)
from .rows_of_kernels import (
    GATES_AND_UNITS,
    cause_of_kernel,
    name_of_weights,
    name_of_weights_of,
    of_kernel_rows,
)

ROWS = re.compile(r"(?:@|,)\s?\w{1,30}\[:, ?\w{1,12}(?:, ?:)?\]")
"""A step of all samples as the second factor of a product: its rows are samples."""

OUTPUT_LINE = re.compile(
    r"(?:self\.)?(?:logits?|ys?|y_?(?:hat|pred|t)|pred\w*|scores?|out|outputs?|o)(?:\[[^\]]{1,20}\])? ?="
    r" ?(?:(?:np|jnp)\.(?:dot|matmul)\([^()]{1,60}\)|[^()@]{1,40}(?:@[^()@]{1,40}|\.dot\([^()]{1,40}\)))"
    r"(?: ?\+ ?[\w.\[\]'\"]{1,30})?$"
)
"""A line that computes the output with one product and a bias."""

STEP_OF_LOOP = re.compile(r"(?:@|,)\s?\w{1,30}\[")
"""A step of x as the second factor of a product."""

OF_TWO_SIZES = phrase("The message says only two sizes: the array or its weights may have the wrong one.")

FAR_APART = 2
"""How many times as many rows as x has features make it likelier that these are the units: data and the weights that
were made for it rarely differ by as much."""

OF_BOTH = re.compile(r"(?<![\w.])(?:x_?h|h_?x)(?![\w.(])", re.IGNORECASE)
"""The name of x and h in one array."""

LOOPS = (ast.For, ast.GeneratorExp, ast.ListComp)


def product(found: Found) -> Mismatch | None:
    """x times its kernel or h times its kernel, in either order; None if the line does not say which."""
    left, right = inner_sizes(found)
    if not left or not right or is_of_product(found):
        return None
    found = with_shapes_of_program(of_product(found, left, right), left, right)
    if joined_factor(found):
        return None
    of_line = {*products_of_shapes(found, left, right)} or {*products_of_line(found)}
    products = of_line or {*product_of_x(found)}
    if not found.code:  # only the message was pasted, with the code
        lines = dict.fromkeys(filter(HAS_PRODUCT.search, found.surroundings.text.split("\n")))
        products = {one for line in lines for one in products_in_code(line)}
    if len(products) > 1:
        products = that_fit(found, products, left, right)
    if len(products) != 1:
        return None
    (tensor, is_left), framework = products.pop(), found.template.framework
    got, expected = (left, right) if is_left else (right, left)
    if tensor == "x" and _has_units_for_rows(found, expected, got):
        needed = (got, expected) if is_left else (expected, got)
        transposed = cause("kernel_order", framework, weights=name_of_weights(found, is_left) or None)
        facts = [fact("features", got, "x"), fact("num_units", expected, "class")]
        return wrong_shape("kernel", "order", needed, needed[::-1], [transposed], facts)
    if not found.program.is_whole and OF_SIZES.get(found.surroundings.size_of_layer(expected), tensor) != tensor:
        return None  # the line is broken before the product that failed
    if tensor == "h_0" and found.framework in ("numpy", "jax") and (of_output := _of_output(found)):
        return of_output_weights(found, of_output, left, right)
    if framework == "pytorch":
        framework = "cell" if tensor == "h_0" else "handwritten cell"
    if of_order := _of_order(found, tensor, is_left, expected, got, framework):
        return of_order
    if (
        _is_of_layer_below(found, is_left, expected)
        if tensor == "h_0"
        else _is_made_for_x(found, is_left, expected, got)
    ):
        below = wrong_size("x", "features", expected, got, [cause("layer_below", framework)])
        return replace(below, sentence=of_factors(found, left, right))
    if of_kernel := of_kernel_rows(found, tensor, is_left, expected, got):
        return of_kernel
    if tensor == "x" and (of_sample := _of_one_sample(found, is_left, expected, got)):
        return of_sample
    has_shapes = _has_shapes(found)
    if tensor == "x":
        ids = _orders(found, is_left, expected, got)
        if not ids and not is_left and not has_shapes and ROWS.search(found.code):
            of_rows, of_batch = (cause("samples_in_columns", framework),), (fact("batch_size", got, "x"),)
            return Mismatch("x", "order", of_factors(found, left, right), causes=of_rows, facts=of_batch)
        mismatch = _of_x(found, is_left, expected, got, framework, ids)
    else:
        mismatch = _of_h(found, is_left, expected, got, framework)
    if not has_shapes:
        unknown = () if found.framework in ("numpy", "jax") else mismatch.facts  # either size may be the wrong one
        sentence = of_factors(found, left, right)
        return replace(mismatch, sentence=sentence, facts=unknown, note=OF_TWO_SIZES, is_of_equals=True)
    return from_code(mismatch) if of_line else mismatch


def _has_shapes(found: Found) -> bool:
    """Whether the shape of one of the factors is known."""
    return any(len(shape) > 1 and None not in shape for shape in shapes_of_factors(found))


def _is_exchanged(found: Found, is_left: bool, expected: int) -> bool:
    """Whether x has its features in the axis of the samples, as its shape says."""
    x = found.shape("left" if is_left else "right")
    return len(x) == 2 and x[0 if is_left else 1] == expected


def _orders(found: Found, is_left: bool, expected: int, got: int) -> list[str]:
    """The cause by which x or its kernel has its axes in another order; none if the order may be right."""
    is_step = STEP_OF_LOOP.search(found.code) is not None  # of one sample, which has no other axis
    if _is_exchanged(found, is_left, expected) or not (_has_shapes(found) or is_left or is_step):
        return ["samples_in_columns"]
    if _is_transposed(found, is_left, got) and not _makes_units(found, is_left):
        return ["transposed" if found.program.source.strip() else "kernel_order"]
    return []


def _of_x(found: Found, is_left: bool, expected: int, got: int, framework: str, ids: list[str]) -> Mismatch:
    """x times its kernel. ``ids``: the causes by which one of them has its axes in another order."""
    has_shapes = _has_shapes(found)
    of_weights = ["other_features"] if has_shapes else ["other_features", "kernel_order"]
    if not has_shapes and expected >= FAR_APART * got:
        of_weights.reverse()
    elif not has_shapes and got > expected and OF_BOTH.search(found.code):
        of_weights = ["joined_weights", *of_weights[1:]]
    weights = shapes_of_factors(found)[1] if is_left else shapes_of_factors(found)[0][::-1]
    columns = weights[1] if len(weights) > 1 else None
    shape = f"{got}, {columns or GATES_AND_UNITS}" if is_left else f"{columns or GATES_AND_UNITS}, {got}"
    sizes = {"got": got, "expected": expected, "columns": columns, "shape": shape}
    name = name_of_weights(found, is_left) or name_of_weights_of("x", found, is_left) or None
    of_kernel = f"{framework} kernel" if framework in ("numpy", "jax") else framework
    causes = [
        cause(one, of_kernel if one == "other_features" else framework, weights=name, **sizes)
        for one in (*ids, *of_weights)
    ]
    if ids == ["kernel_order"]:
        needed = (got, expected) if is_left else (expected, got)
        facts = [fact("features", got, "x"), *_units(found, expected)]
        return wrong_shape("kernel", "order", needed, needed[::-1], causes[:1], facts)
    if causes[0].id == "kernel_order":
        rows, came = ((got, None), (expected, None)) if is_left else ((None, got), (None, expected))
        return wrong_shape("kernel", "order", rows, came, causes, [fact("features", got, "x")])
    facts = [fact("features", expected, "kernel"), *_units(found, *weights[1:2])]
    if _is_exchanged(found, is_left, expected) and expected != got:
        x = found.shape("left" if is_left else "right")
        return wrong_shape("x", "order", x[::-1], x, causes[:1], [*facts, fact("batch_size", got, "x")])
    return wrong_size("x", "features", expected, got, causes, facts)


def _of_h(found: Found, is_left: bool, expected: int, got: int, framework: str) -> Mismatch:
    """h times its kernel."""
    is_transposed = _is_transposed(found, is_left, got) and expected in (GATES["lstm"] * got, GATES["gru"] * got)
    of_h = ("transposed", "other_units") if is_transposed else ("other_units",)
    likely = [cause(id, framework, units=expected) for id in of_h]
    if not _has_shapes(found) and found.framework in ("numpy", "jax"):
        likely.append(cause_of_kernel(found, is_left, got))
    facts = [fact("num_units", expected, "recurrent kernel")]
    return wrong_size("h_0", "num_units", expected, got, likely, facts)


def _has_units_for_rows(found: Found, expected: int, got: int) -> bool:
    """Whether x has the features with which a line of code makes the cell, and the weights as many rows as it has
    units, in the only product of what failed."""
    around, products = found.surroundings, with_two_operands(found.line.operations, "product")
    sizes = around.size_of_layer(got), around.size_of_layer(expected)
    has_shapes = any(len(shape) > 1 for shape in shapes_of_factors(found))
    return sizes == ("features", "units") and len(products) == 1 and not has_shapes


def _of_output(found: Found) -> LineOperation | None:
    """The product of the state and the weights after a cell: the only one of a line that gives an output its name,
    without a gate; None for another one."""
    line = found.program.tree.frames[-1] if found.program.tree.frames else ""
    products = [one for one in with_two_operands(found.line.operations, "product") if "kernel" in one.factors]
    return products[0] if len(products) == 1 and OUTPUT_LINE.match(line.strip()) else None


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
    has_shapes = any(len(shape) > 1 for shape in shapes_of_factors(found))
    if has_shapes or expected not in (GATES["lstm"] * got, GATES["gru"] * got):
        return None
    likely = [*exchanged, cause("other_units", framework, units=expected)]
    of_kernel = wrong_shape("recurrent_kernel", "order", needed, needed[::-1], likely, facts)
    return replace(of_kernel, note=OF_TWO_SIZES)


def _units(found: Found, *columns: int | None) -> list[Fact]:
    """The number of units, which that of the columns of the kernel is in a simple RNN."""
    return [fact("num_units", size, "kernel") for size in columns if size and found.cell == "rnn"]


def _exchanged(found: Found, is_left: bool, expected: int, got: int) -> Shape:
    """The shape of h, if it would fit the weights with its two axes exchanged; () for another one. One with a single
    sample may be right for other weights, unless the line adds an array with the other order."""
    tree, n = found.program.tree, 0 if is_left else 1
    states = [one[n] for one in tree.products_in(found.code)]
    of_first = (tree.shape_made(one) for one in map(tree.made_by, states) if one)  # before the loop gives it others
    made = [*map(tree.axes_of_made, states), *of_first]
    shapes = [found.shape("left" if is_left else "right"), *(tuple(map(known_size, axes)) for axes in made)]
    fitting = [one for one in shapes if len(one) == 2 and one[n] == expected and one[1 - n] == got != expected]
    added = {term.axes for one in found.program.failed_operations if one.kind == "sum" for term in one.operands}
    return next((one for one in fitting if got != 1 or one[::-1] in added), ())


def _is_made_transposed(found: Found, is_left: bool, expected: int, got: int) -> bool:
    """Whether the program makes the weights with the axes that the product needs in the other order."""
    tree = found.program.tree
    for one in tree.products_in(found.code):
        sizes = tree.shape_of_made(one[1 if is_left else 0])
        is_exchanged = sizes == ((expected, got) if is_left else (got, expected)) and expected != got
        if is_exchanged and not _is_other_sum(tree, one, is_left, expected):
            return True
    return False


def _is_other_sum(tree: ProgramTree, factors: tuple[ast.expr, ast.expr], is_left: bool, units: int) -> bool:
    """Whether a product is added to another one that has another number of units than transposed weights would make."""
    product = next((one for one in tree.above(factors[0]) if factors_of(one) == factors), None)
    whole = product
    for one in tree.above(product) if product else ():
        if not isinstance(one, ast.BinOp) or not isinstance(one.op, ast.Add):
            break
        whole = one
    others = [both for both in factors_in(whole) if both != factors] if whole else []
    shapes = [tree.axes_of_made(both[1 if is_left else 0]) for both in others]
    made = [axes[-1 if is_left else 0] for axes in shapes if len(axes) == 2]
    return any(isinstance(size, int) and size != units for size in made)


def _of_one_sample(found: Found, is_left: bool, expected: int, got: int) -> Mismatch | None:
    """A batch for a cell of JAX whose state is that of one sample: a vector, which comes after its weights. None for
    any other x."""
    tree = found.program.tree
    if found.framework != "jax" or is_left:
        return None
    for _, x in tree.products_in(found.code):
        sums = (one for one in tree.above(x) if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add))
        terms = [term for one in sums for term in (one.left, one.right) if isinstance(term, (ast.Name, ast.Attribute))]
        others = [second for one in sums for _, second in factors_in(one)]
        known = [axes for one in (*terms, *others) if one is not x and (axes := tree.axes_of_made(one))]
        if tree.axes_of_made(x) == (got, expected) and known and all(len(one) == 1 for one in known):
            sentence = phrase(
                "{x} has shape {shape}, one axis more than a step of one sample, and the state is a vector: the cell"
                " computes one sample.",
                x=tree.text(x),
                shape=written((got, expected)),
            )
            facts = (fact("batch_size", got, "x"), fact("features", expected, "x"))
            return Mismatch("x", "rank", sentence, 1, 2, (cause("vmap", "jax"),), facts, ((expected,), (got, expected)))
    return None


def _is_of_layer_below(found: Found, is_left: bool, expected: int) -> bool:
    """Whether a line of NumPy or JAX computes a state from itself, and from the one that failed, whose weights are for
    ``expected`` values."""
    tree, n = found.program.tree, 0 if is_left else 1
    if found.framework not in ("numpy", "jax"):
        return False
    for factors in tree.products_in(found.code):
        state, weights = factors[n], factors[1 - n]
        axes = tree.axes_of_made(weights)
        if found.line.array(state).role != "h" or len(axes) != 2 or axes[n] != expected:
            continue
        statement = next((one for one in tree.above(state) if isinstance(one, ast.Assign)), None)
        computed = {base_of(one) for one in statement.targets} if statement else set()
        products = factors_in(statement) if statement else ()
        is_of_itself = any(computed & {*map(base_of, both)} for both in products)
        if is_of_itself and base_of(state) not in computed:
            return True
    return False


def _is_made_for_x(found: Found, is_left: bool, expected: int, got: int) -> bool:
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


def _makes_units(found: Found, is_left: bool) -> bool:
    """Whether the weights make all gates of as many units as h has in the program."""
    kernel = shapes_of_factors(found)[1] if is_left else shapes_of_factors(found)[0][::-1]
    units = found.program.sizes_of_handwritten_cell.get("num_units")
    return units is not None and kernel[-1:] in [(gates * units,) for gates in GATES.values()]


def _is_transposed(found: Found, is_left: bool, got: int) -> bool:
    """Whether the other axis of the weights is as long as that of the factor, as if they were stored for ``W @ x``."""
    kernel = shapes_of_factors(found)[1] if is_left else shapes_of_factors(found)[0][::-1]
    return len(kernel) == 2 and kernel[1] == got
