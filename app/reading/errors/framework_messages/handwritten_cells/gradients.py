"""The products of a backward pass that a program computes itself in NumPy or JAX: the gradient of weights is a product
with a transposed array."""

import ast
import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...axes_of_arrays import MATRIX
from ...causes import cause
from ...code_lines.array_names import role_of
from ...code_lines.program_nodes import factors_in, factors_of, name_of
from ...mismatch import Mismatch, Shape, written, wrong_shape
from ..message_template import Found
from .axes_of_handwritten_cells import has_columns
from .products_in_failed_line import shapes_of_factors

OF_GRADIENT = re.compile(
    r"(?:self\.|\w{1,20}\[[\"'])?(?:d_?[WUVK]\w{0,12}|g(?:rad)?_?[WUV]\w{0,12}|\w{0,12}grad\w{0,12})\b[^=\n]{0,20}="
)
"""The beginning of a line that computes the gradient of weights."""

OF_ARRAY = re.compile(r"(?:self\.|\w{1,20}\[[\"'])?d_?(?:x|h|a|inputs?|hidden|state)(?:_?\w{0,12})?\b[^=\n]{0,20}=")
"""The beginning of a line that computes the gradient of x or of a state."""

GRADIENT = re.compile(r"(?:d|delta|g|grad)_?[a-zA-Z]\w{0,20}|delta")
"""The name of the gradient that comes back through a step."""

TENSORS = {"x": "x", "h": "h_0"}
"""What an array is -> the tensor."""


def of_product(found: Found, inner: int, outer: int) -> Mismatch | None:
    """A product of two arrays with the same samples of which none is transposed; None for another line."""
    frames = found.program.tree.frames
    if of_array := _of_array(found):
        return of_array
    if not frames or not OF_GRADIENT.match(frames[-1]) or not inner or not outer:
        return None
    products = [*factors_in(_parsed(found.code))]
    if len(products) != 1:
        return None
    left, right = products[0]
    is_of_columns = inner == 1
    one = right if is_of_columns else left
    if any(map(_is_transposed, products[0])):
        return _of_vector(found, right)
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


def _of_array(found: Found) -> Mismatch | None:
    """The gradient of x or of a state: the gradient of the sum, times the weights as they are in the forward pass, and
    not transposed. None for another line, and where transposed weights would not fit either."""
    line = found.program.tree.frames[-1] if found.program.tree.frames else found.code
    factors = [*factors_in(_parsed(found.code))]
    left, right = shapes_of_factors(found)
    if not OF_ARRAY.match(line.strip()) or len(factors) != 1 or len(left) != MATRIX or len(right) != MATRIX:
        return None
    names = [one.id if isinstance(one, ast.Name) else "" for one in factors[0]]
    is_weights = [role_of(name) == "kernel" and not GRADIENT.fullmatch(name) for name in names]
    if is_weights not in ([True, False], [False, True]) or not GRADIENT.fullmatch(names[is_weights[0]]):
        return None
    is_left = is_weights[0]  # then samples are columns
    kernel, gradient = (left, right[::-1]) if is_left else (right[::-1], left)
    units, inputs = kernel
    if units != gradient[1] or None in (*kernel, *gradient) or units == inputs:
        return None
    weights, summed = names[not is_left], names[is_left]
    fixed = re.sub(rf"\b{re.escape(weights)}\b", f"{weights}.T", line.strip(), count=1)
    likely = cause("gradient_weights", found.framework, fix=fixed, wrong=line.strip())
    facts, is_x = [fact("batch_size", gradient[0] or 0, "gradient")], OF_X.match(line.strip()) is not None
    if not is_x or "tanh" in summed:  # the sum may be that of all gates
        facts.append(fact("num_units", (units if is_x else inputs) or 0, "kernel"))
    if is_x:
        facts.append(fact("features", inputs or 0, "kernel"))
    got = left if is_left else right
    return wrong_shape("kernel" if is_x else "recurrent_kernel", "order", got[::-1], got, [likely], facts)


OF_X = re.compile(r"(?:self\.|\w{1,20}\[[\"'])?d_?(?:x|inputs?)")
"""The beginning of a line that computes the gradient of x."""


def _of_vector(found: Found, factor: ast.expr) -> Mismatch | None:
    """A transposed array that the program makes with one axis, although its vectors are columns; None for another."""
    tree = found.program.tree
    array = factor.value if isinstance(factor, ast.Attribute) and factor.attr == "T" else None
    made = [one.made for one in tree.origins(array)] if array is not None and has_columns(found) else []
    sizes = tree.sizes_of(made[0]) if len(made) == 1 else []
    if array is None or len(sizes) != 1 or len(made[0].args) != 1 or sizes[0] is not made[0].args[0]:
        return None
    sentence = phrase("{array} has one axis, but vectors are columns in this network.", array=ast.unparse(array))
    lines = tree.corrected((sizes[0], f"({tree.text(sizes[0])}, 1)"))
    likely = cause("vector_column", found.framework)
    if lines:
        likely = replace(likely, wrong=lines[0][0], fix=lines[0][1], is_own=True)
    return Mismatch(None, None, sentence, causes=(likely,))


def of_sum(found: Found, left: Shape, right: Shape) -> Mismatch | None:
    """A product that is added to a gradient, whose axes have the other order; None for another line."""
    statement = found.line.statement
    is_added = isinstance(statement, ast.AugAssign) and isinstance(statement.op, (ast.Add, ast.Sub))
    if (
        is_added
        and isinstance(statement, ast.AugAssign)
        and (of_array := _of_other_array(found, statement, left, right))
    ):
        return of_array
    if not is_added or not isinstance(statement, ast.AugAssign) or len(left) != 2 or right != left[::-1]:
        return None
    fixed = _exchanged(statement.value)
    if not fixed or len(set(left)) == 1 or "\n" in found.code:
        return None
    gradient, product = ast.unparse(statement.target), ast.unparse(statement.value)
    operator = "+=" if isinstance(statement.op, ast.Add) else "-="
    sentence = phrase(
        "{gradient} has shape {expected}, and {product} has shape {got}: a gradient has the shape of its weights.",
        gradient=gradient,
        expected=written(left),
        product=product,
        got=written(right),
    )
    fix = f"{gradient} {operator} {fixed}"
    id = "outer_order" if factors_of(statement.value) is None else "gradient_order"
    likely = replace(cause(id, found.framework, fix=fix, wrong=found.code.strip()), is_own=True)
    return Mismatch(None, None, sentence, causes=(likely,))


def _of_other_array(found: Found, statement: ast.AugAssign, left: Shape, right: Shape) -> Mismatch | None:
    """A gradient that is computed of another array than its weights are multiplied by in the forward pass; None for
    another line."""
    tree, gradient = found.program.tree, ast.unparse(statement.target)
    weights = gradient[1:].removeprefix("_") if gradient.startswith("d") else ""
    read = {ast.unparse(array) for _, (matrix, array) in tree.products if weights and ast.unparse(matrix) == weights}
    if len(left) != MATRIX or len(right) != MATRIX or left[0] != right[0] or left[1] == right[1] or len(read) != 1:
        return None
    (array,) = read
    for factors in factors_in(statement.value):
        other = ast.unparse(factors[1]).removesuffix(".T")
        if not _is_transposed(factors[1]) or other == array or other.partition("[")[2] != array.partition("[")[2]:
            continue
        sentence = phrase(
            "{gradient} has shape {expected}, and {product} has shape {got}: a gradient has the shape of its weights.",
            gradient=gradient,
            expected=written(left),
            product=f"{ast.unparse(factors[0])} @ {ast.unparse(factors[1])}",
            got=written(right),
        )
        line = found.code.strip()
        if other not in line or "\n" in line:
            return None
        likely = cause("gradient_array", found.framework, fix=line.replace(f"{other}.T", f"{array}.T", 1), wrong=line)
        units = (fact("num_units", left[0] or 0, "gradient"),) if left[0] == left[1] else ()  # of the recurrent weights
        return Mismatch(None, None, sentence, causes=(replace(likely, is_own=True),), facts=units)
    return None


def _exchanged(product: ast.expr) -> str:
    """The transposed product of arrays of which one is transposed, or of two vectors; "" for anything else."""
    if isinstance(product, ast.Call) and name_of(product) == "outer" and len(product.args) == 2:
        first, second = map(ast.unparse, product.args)
        return f"{ast.unparse(product.func)}({second}, {first})" if not product.keywords else ""
    factors = factors_of(product)
    return " @ ".join(map(_transposed, factors[::-1])) if factors and any(map(_is_transposed, factors)) else ""


def _is_transposed(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "T"


def _transposed(node: ast.expr) -> str:
    """The transposed array, as the program would write it."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return ast.unparse(node.value)
    text = ast.unparse(node)
    return f"{text}.T" if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript, ast.Call)) else f"({text}).T"


def _parsed(code: str) -> ast.AST:
    try:
        return ast.parse(code.strip())
    except SyntaxError:
        return ast.Module([], [])
