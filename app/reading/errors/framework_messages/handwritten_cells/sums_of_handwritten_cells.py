"""The sums of a program's handwritten cell in NumPy and JAX: of what it makes of x and of h, and of these and a bias.

The line that failed names both arrays, and the message says their shapes, in the order of the line.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import gcd

from .....translations.phrases import Phrase, phrase
from ....code.operations import Operation
from ....facts_about_sizes import GATES, Fact, fact
from ...causes import batch_id, cause
from ...code_lines.failed_line import Array, LineOperation
from ...code_lines.program_nodes import factors_in, terms_of
from ...mismatch import Mismatch, Shape, from_code, only_size, written, wrong_shape, wrong_size
from ...sizes_of_data import scans
from ..message_template import Found
from . import gradients
from .axes_of_handwritten_cells import is_step, loop_over_samples, of_loop, split_along_batch
from .products_in_failed_line import HAS_PRODUCT, MOST_GATES, products_of_line

OF_GATE = re.compile(
    r"\b(?:f|f_?t|f_?gate|fg?|forget(?:_?gate)?)\)?\s?\*\s?(?:self\.)?c(?:ell)?(?:s|_?[t\d]|_?prev|_?old|_?state)?\b"
)
"""The product of the forget gate and c."""

ANY_GATE = r"(?:[ifgoruz](?:_?t)?|\w{0,20}gate\w{0,9})"
GATED = re.compile(rf"\b{ANY_GATE}\)?\s?\*|\*\s?{ANY_GATE}\b")
"""The product of a gate and another array."""

PLUS_BIAS = re.compile(
    r"\+\s?(?:[a-z_]\w{0,30}(?:\.|\[['\"]))?(?:b|bias)(?:_\w{1,10}|[ifgohcxyrz]{1,2})?(?:['\"]\])?"
    r"(?:\[[^\[\]\n]{1,20}\])?\W{0,9}$"
)
"""The sum with a bias, at the end of what failed."""

OF_STATE = re.compile(r"\*\s?(?:self\.)?[hc](?:_?[t\d]|_?prev|_?old)?\b|\b[hc](?:_?[t\d]|_?prev|_?old)?\s?\*")
"""The product of a gate and h or c."""

STEP_BY_NAME = re.compile(r"len\((?:x|inp|inputs?)_?(?:t|i|k|step)\)")
"""The batch of a step of x, which a line before may take by its index."""


@dataclass(frozen=True)
class Term:
    """An array of a sum, with the products that are computed for it."""

    array: Array
    shape: Shape
    products: tuple[LineOperation, ...]

    @property
    def is_bias(self) -> bool:
        """Whether it may be a bias: an array with a name of its own, which nothing says to be another one."""
        is_named = isinstance(self.array.node, (ast.Name, ast.Attribute, ast.Subscript))
        return is_named and self.array.role not in ("x", "h", "output", "xh")

    @property
    def tensor(self) -> str:
        """What it is computed from, x or h_0; "" for both, or for something else."""
        roles = {role for one in self.products for role in one.factors} & OF_FACTORS.keys()
        return OF_FACTORS[roles.pop()] if len(roles) == 1 else ""

    @property
    def is_of_columns(self) -> bool:
        """Whether samples are columns: the weights are the first factor of its products."""
        return bool(self.products) and all(one.factors[0] == "kernel" for one in self.products)


OF_FACTORS = {"x": "x", "h": "h_0"}
"""What a factor is -> the tensor."""


def of_failed_sum(found: Found, left: Shape, right: Shape) -> Mismatch | None:
    """What the sum in the line that failed says; None for a sum of other arrays than those of a cell."""
    if None in (*left, *right):
        return None
    readings = [*_readings(found, left, right)]
    return readings[0] if len({one.tensor for one in readings}) == 1 else None


def _readings(found: Found, left: Shape, right: Shape) -> Iterator[Mismatch]:
    """What each sum says that may have failed."""
    for one in _sums(found):
        first, second = (
            Term(found.line.array(node), shape, tuple(_products(found, node)))
            for node, shape in ((one.left, left), (one.right, right))
        )
        read = _of_bias(found, first, second) or _of_bias(found, second, first) or _of_products(found, first, second)
        if read:
            yield read


def _sums(found: Found) -> list[ast.BinOp]:
    """The sums that may have failed: what Python underlined, or those of the line, as Python computes them."""
    statement = found.line.statement
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.BinOp):
        return [statement.value] if isinstance(statement.value.op, ast.Add) else []
    if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add):
        return [ast.copy_location(ast.BinOp(statement.target, statement.op, statement.value), statement)]
    nodes = ast.walk(statement) if statement else iter(())
    return [one for one in nodes if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add)][::-1]


def _products(found: Found, node: ast.expr) -> Iterator[LineOperation]:
    """The products with weights in a part of the line."""
    for factors in factors_in(node):
        yield LineOperation("product", "", tuple(map(found.line.array, factors)))


def _of_bias(found: Found, bias: Term, other: Term) -> Mismatch | None:
    """A sum with a bias; None for an array that is none."""
    if not bias.is_bias or not 1 <= len(other.shape) <= 2 or not (other.products or bias.array.role == "bias"):
        return None
    values = (written(other.shape), written(bias.shape))
    sentence = phrase(
        "{bias} has shape {got}, and what it is added to has shape {other}.",
        bias=bias.array.text,
        other=values[0],
        got=values[1],
    )
    expected: Shape
    rows, columns = other.shape if len(other.shape) == 2 else (1, other.shape[0])
    if len(other.shape) == 2 and bias.shape == (columns, 1):
        likely, expected = cause("column_bias", found.framework, bias=bias.array.text, size=columns), (columns,)
    elif len(other.shape) == 2 and bias.shape == (rows,):
        likely, expected = cause("row_bias", found.framework, bias=bias.array.text, size=rows), (rows or 0, 1)
    elif len(bias.shape) == 2 and (bias.shape[0] or 0) * (bias.shape[1] or 0) == columns:
        likely, expected = cause("flat_bias", found.framework, bias=bias.array.text), (columns,)
    elif other.products and bias.shape and (size := _other_size(bias, other)):
        if of_weights := _of_weights_beside(found, other, *size, sentence):
            return of_weights
        likely = cause("bias_size", found.framework, bias=bias.array.text, size=size[0])
        facts = [fact("gates*num_units", size[0], "weights")]
        if len(other.shape) == 2 and rows and not other.is_of_columns and scans(found):  # a step of each sample
            facts.append(fact("batch_size", rows, "x"))
        return Mismatch("bias", "gates*num_units", sentence, (size[0],), (size[1],), (likely,), tuple(facts))
    else:
        return None
    shapes, known = (expected, bias.shape), _sizes_of_both(found, other)
    return Mismatch("bias", "rank", sentence, len(expected), len(bias.shape), (likely,), known, shapes)


def _of_weights_beside(found: Found, other: Term, made: int, biases: int, sentence: Phrase) -> Mismatch | None:
    """Weights of x or of h that make another number of values than a bias has, and than all other weights of the line
    make; None for others. ``made``: how many they make."""
    tree, own = found.program.tree, {array.text for one in other.products for array in one.operands}
    weights = [factors[1] for node in tree.nodes_of_failure for factors in factors_in(node)]
    shapes = {tree.axes_of_made(one) for one in weights if ast.unparse(one) not in own}
    is_of_one_gate = biases in [gates * made for gates in GATES.values()]  # which another rule reads
    if other.is_of_columns or not other.tensor or is_of_one_gate or {axes[-1:] for axes in shapes} != {(biases,)}:
        return None
    tensor = "kernel" if other.tensor == "x" else "recurrent_kernel"
    likely = cause("gate_weights", found.framework, name=_weights(other), size=biases)
    facts = (fact("gates*num_units", biases, "bias"),)
    return Mismatch(tensor, "gates*num_units", sentence, (biases,), (made,), (likely,), facts)


def _sizes_of_both(found: Found, other: Term) -> tuple[Fact, ...]:
    """The batch and the units of the sum of a product with x and of one with h; nothing of any other."""
    roles = {role for one in other.products for role in one.factors}
    batch = other.shape[-1 if other.is_of_columns else 0] if len(other.shape) == 2 else None
    if not roles >= OF_FACTORS.keys():
        return ()
    return (*_units(found, other), *([fact("batch_size", batch, "x")] if batch else []))


def _other_size(bias: Term, other: Term) -> tuple[int, int] | None:
    """How long a bias should be, and how long it is; None if that is not what is wrong."""
    if other.is_of_columns and len(other.shape) == len(bias.shape) == 2 and bias.shape[1] == 1:
        expected, got = other.shape[0], bias.shape[0]
    elif len(bias.shape) == 1 or (len(bias.shape) == 2 and bias.shape[0] == 1):
        expected, got = other.shape[0 if other.is_of_columns else -1], bias.shape[-1]
    else:
        return None
    return (expected or 0, got or 0) if expected != got and 1 not in (expected, got) else None


def _of_products(found: Found, first: Term, second: Term) -> Mismatch | None:
    """A sum of a product with x and of one with h; None for any other."""
    if {first.tensor, second.tensor} != {"x", "h_0"} or first.is_of_columns != second.is_of_columns:
        return None
    of_x, of_h = (first, second) if first.tensor == "x" else (second, first)
    if len(of_x.shape) == 2 and first.is_of_columns and of_h.shape == of_x.shape[:1]:
        return _of_vector(found, of_x, of_h)
    if not len(first.shape) == len(second.shape) <= 2:
        return None
    differing = [n for n, (one, other) in enumerate(zip(first.shape, second.shape, strict=True)) if one != other]
    if len(differing) != 1:
        return None
    sizes = (of_x.shape[differing[0]] or 0, of_h.shape[differing[0]] or 0)
    is_batch = len(first.shape) == 2 and differing[0] == int(first.is_of_columns)
    return _of_batches(found, of_x, of_h, *sizes) if is_batch else _of_columns(found, of_x, of_h, *sizes)


def _of_vector(found: Found, of_x: Term, of_h: Term) -> Mismatch:
    """A state with one axis, in a cell whose samples are columns."""
    units = of_h.shape[0] or 0
    sentence = phrase("{x} has shape {of_x}, a column for each sample, and {h} has shape {of_h}.", **_both(of_x, of_h))
    likely = cause("state_column", found.framework, units=units)
    return Mismatch("h_0", "rank", sentence, 2, 1, (likely,), _units(found, of_x), ((units, of_x.shape[1]), (units,)))


def _both(of_x: Term, of_h: Term) -> dict[str, str]:
    return {
        "x": of_x.array.text,
        "of_x": written(of_x.shape),
        "h": of_h.array.text,
        "of_h": written(of_h.shape),
    }


def _of_batches(found: Found, of_x: Term, of_h: Term, x: int, h: int) -> Mismatch:
    """x and h with other batches, of which the loop over x may be the cause."""
    if in_loop := of_loop(found, x, h):
        return in_loop
    sentence = phrase(
        "{x} has shape {of_x}, and {h} has shape {of_h}: both need the same batch, not {m} and {n}.",
        **_both(of_x, of_h),
        m=x,
        n=h,
    )
    ids = ["step_axis"] if is_step(found) else []
    if not ids and not found.program.is_whole and x > h and _batch_of_x(of_x):
        ids = ["scan_axis"]  # a last batch would have fewer samples than the state
    ids.append(batch_id(x, h))
    if not found.program.is_whole and x < h and STEP_BY_NAME.fullmatch(_batch_of_x(of_x) or ""):
        ids.append("step_axis")
    likely = tuple(cause(id, found.framework, state="h", batch_of_x=_batch_of_x(of_x)) for id in ids)
    return Mismatch("h_0", "batch_size", sentence, (x,), (h,), likely, _units(found, of_x), is_of_equals=True)


def _batch_of_x(of_x: Term) -> str | None:
    """The batch of x as the line writes x; None if x is no name, or a column."""
    names = [array.text for one in of_x.products for array in one.operands if array.role == "x" and array.is_name]
    return f"len({names[0]})" if names and not of_x.is_of_columns else None


def _units(found: Found, term: Term) -> tuple[Fact, ...]:
    """The number of units, which is the size of a product in a simple RNN."""
    size = term.shape[0 if term.is_of_columns else -1]
    return (fact("num_units", size, "kernel"),) if size and found.cell == "rnn" else ()


def _of_columns(found: Found, of_x: Term, of_h: Term, x: int, h: int) -> Mismatch:
    """Weights of x and of h for other numbers of gates or units. Those of h have its units as rows, if the program says
    them."""
    sentence = phrase(
        "{x} has shape {of_x}, and {h} has shape {of_h}: the weights of x and of h must make as many values, all gates"
        " of all units, and make {m} and {n}.",
        **_both(of_x, of_h),
        m=x,
        n=h,
    )
    units = found.program.sizes_of_handwritten_cell.get("num_units")
    is_of_x = h > x if not units or (x % units == h % units == 0) else h % units == 0
    tensor, expected, got = ("kernel", h, x) if is_of_x else ("recurrent_kernel", x, h)
    wrong = of_x if is_of_x else of_h
    likely = cause("gate_weights", found.framework, name=_weights(wrong), size=expected)
    return Mismatch(tensor, "gates*num_units", sentence, (expected,), (got,), (likely,), is_of_equals=not units)


def _of_columns_of_sizes(found: Found, axis: int, a: int, b: int) -> Mismatch | None:
    """The same in PyTorch, whose message says one axis: both sizes are the columns that the program gives its weights,
    or whole gates of the same units. None for other arrays, such as those of a sequence."""
    if not a or not b:
        return None
    gates, units = {a // gcd(a, b), b // gcd(a, b)}, gcd(a, b)
    for total in _sums(found):
        first, second = (
            Term(found.line.array(node), (None, None), tuple(_products(found, node)))
            for node in (total.left, total.right)
        )
        is_column = first.is_of_columns
        if {first.tensor, second.tensor} != {"x", "h_0"} or is_column != second.is_of_columns or axis == is_column:
            continue
        made = [found.program.tree.axes_of_made(one.node)[axis : axis + 1] for one in _kernels(first, second)]
        is_whole = gates <= {1, *GATES.values()} and units > MOST_GATES
        if made != [(a,), (b,)] and (found.program.is_whole or not is_whole):
            continue
        first, second = (replace(term, shape=((n, None), (None, n))[axis]) for term, n in ((first, a), (second, b)))
        of_x, of_h, *sizes = (first, second, a, b) if first.tensor == "x" else (second, first, b, a)
        mismatch = from_code(_of_columns(found, of_x, of_h, *sizes))
        known = [fact("gates*num_units", only_size(mismatch.expected) or 0, "weights")] if made == [(a,), (b,)] else []
        return replace(mismatch, facts=(*mismatch.facts, *known))
    return None


def _kernels(*terms: Term) -> list[Array]:
    """The weights of the products of terms: what is neither x nor h."""
    products = (zip(one.operands, one.factors, strict=True) for term in terms for one in term.products)
    return [array for pairs in products for array, factor in pairs if factor not in OF_FACTORS]


def _weights(term: Term) -> str | None:
    """The name of the only weights of a product."""
    names = [one.text for one in _kernels(term)]
    return names[0] if len(names) == 1 else None


def _of_carry(found: Found, left: Shape, right: Shape) -> Mismatch | None:
    """The product of the forget gate and c in a cell of linen, which takes its units from h: either state is wrong, by
    the units that the program gives its only cell."""
    if found.framework != "flax" or not CARRY_OF_FLAX.search(found.before) or len(left) != len(right) or not left:
        return None
    if left[:-1] != right[:-1] or left[-1] == right[-1] or None in (left[-1], right[-1]):
        return None
    made = [one for one in found.program.tree.calls_of("LSTMCell", "OptimizedLSTMCell") if one.args or one.keywords]
    given = [found.program.tree.argument(one, 0, "features") for one in made]
    units = {found.program.tree.size_said(one) for one in given if one is not None}
    tensor, expected, got = ("h_0", right, left) if units == {right[-1]} else ("c_0", left, right)
    likely = cause("other_units", "flax", state=tensor[0], units=expected[-1])
    facts = [fact("gates", GATES["lstm"], "class"), fact("num_units", expected[-1] or 0, tensor)]
    facts += [fact("batch_size", size, tensor) for size in expected[:1] if size and len(expected) == 2]
    return from_code(wrong_shape(tensor, "num_units", expected, got, [likely], facts))


CARRY_OF_FLAX = re.compile(r"flax[\\/]linen[\\/]recurrent\.py\W.{0,200}?new_c ?= ?f ?\* ?c ?\+ ?i ?\* ?g", re.DOTALL)
"""The line of the cells of linen that computes c, in the folded text."""


def total(found: Found) -> Mismatch | None:
    """The sum of the products of x and h, or the product of a gate and c, with another batch; None if the line has
    neither."""
    left, right = found.shape("left"), found.shape("right")
    if of_carry := _of_carry(found, left, right):
        return of_carry
    if of_gradient := gradients.of_sum(found, left, right):
        return of_gradient
    if of_split := split_along_batch(found, left, right):
        return of_split
    if of_gate := _of_empty_gate(found, left, right):
        return of_gate
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
            batch = left[0] if len(left) == AXES_OF_GATE and left[0] == right[0] else None
            return _other_units(found, "c_0", expected, got, batch)
        if len(left) == 2 and len(right) == 1 and PLUS_BIAS.search(code) and [*products_of_line(found)]:
            causes = [cause("other_size", found.template.framework)]
            return from_code(wrong_size("bias", "gates*num_units", expected, got, causes))
    if len(left) != 2 or len(right) != 2 or None in (*left, *right):
        return None
    differing = [n for n in (0, 1) if left[n] != right[n]]
    if len(differing) != 1:
        return None
    axis, products = differing[0], [*products_of_line(found)]
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
    if not axis and not products:  # parts of products, whose names do not say of what
        in_loops = (loop_over_samples(found, *pair) for pair in (sizes, sizes[::-1]))
        if in_loop := next(filter(None, in_loops), None):
            return in_loop
    units = left[1 - axis]
    if OF_GATE.search(code):
        return of_other_batch(found, "c_0", *sizes, units) if axis == 0 else None
    is_column = any(not is_left for _, is_left in products)  # a sample, if the weights are the first factor
    if axis == 0 and not is_column and (of_x := _side_of_x(found, left, right)) is not None:
        return of_other_batch(found, "h_0", *(sizes if of_x == 0 else sizes[::-1]), units)
    if [tensor for tensor, _ in products] not in (["x", "h_0"], ["h_0", "x"]):
        return None
    if axis != is_column:
        return None
    of_batch = of_other_batch(found, "h_0", *(sizes if products[0][0] == "x" else sizes[::-1]), units)
    return from_code(of_batch)


def of_sum(found: Found, left: Shape, right: Shape) -> Found:
    """The message with the sum of the program that raised it, of arrays of these shapes, as what failed."""
    one = found.program.sum_of_shapes(left, right)
    return replace(found, code=one.text) if one else found


def _of_empty_gate(found: Found, left: Shape, right: Shape) -> Mismatch | None:
    """A gate of a handwritten cell without any value: the slice of the sum of which it is taken begins behind its last
    column. None for other arrays."""
    sizes = sorted(one[-1] for one in (left, right) if len(one) == 2 and one[-1] is not None)
    if not GATED.search(found.code.lower()) or len(sizes) != 2 or sizes[0] != 0 or sizes[1] < 2:
        return None
    units, gates = sizes[1], GATES[found.cell] if found.cell in GATES else GATES["lstm"]
    sentence = phrase(
        "A gate has no column: its slice begins behind the last column. The weights need {units} columns for each gate,"
        " and have fewer gates than the cell.",
        units=units,
    )
    likely = cause("fewer_gates", found.template.framework, units=units, gates=gates)
    return Mismatch(None, None, sentence, causes=(likely,), facts=(fact("num_units", units, "state"),))


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


def _last(shape: Shape) -> int:
    """The size of the last axis; 0 if there is none, or if it is unknown."""
    return (shape[-1] if shape else None) or 0


def total_of_sizes(found: Found, axis: int, a: int, b: int) -> Mismatch | None:
    """The same in PyTorch, whose message says one axis."""
    code, framework = found.code.lower(), replace(found, template=replace(found.template, framework="cell"))
    if axis == 1 and (of_gate := _of_empty_gate(framework, (None, a), (None, b))):
        return of_gate
    if OF_GATE.search(code):
        return _other_units(framework, "c_0", a, b) if axis else of_other_batch(framework, "c_0", a, b, None)
    if axis and (of_gates := of_whole_gates(found, (a,), (b,))):
        return of_gates
    if of_columns := _of_columns_of_sizes(found, axis, a, b):
        return of_columns
    of_x = _index_of_x(found.program.sum_of_sizes(0, a, b)) if axis == 0 else None
    if of_x is not None:
        return of_other_batch(framework, "h_0", *((a, b) if of_x == 0 else (b, a)), None)
    if axis and (of_bias := _of_bias_of_sizes(found, a, b)):
        return of_bias
    products = [*products_of_line(found)]
    if axis or products not in ([("x", True), ("h_0", True)], [("h_0", True), ("x", True)]):
        return None
    of_batch = of_other_batch(framework, "h_0", *((a, b) if products[0][0] == "x" else (b, a)), None)
    return from_code(of_batch)


def _of_bias_of_sizes(found: Found, a: int, b: int) -> Mismatch | None:
    """The sum of the products of x and of h and a bias, its last term and the only one that is no product; None for any
    other sum. Only the part that Python underlined, or what the program computes, says that the bias is what
    failed."""
    sums = _sums(found)
    if not sums or {tensor for tensor, _ in products_of_line(found)} != OF_PRODUCTS:
        return None
    whole = sums[-1]
    bias = Term(found.line.array(whole.right), (b,), ())
    terms = terms_of(whole.left)
    if not all(any(factors_in(one)) for one in terms) or any(factors_in(whole.right)) or not bias.is_bias:
        return None
    is_underlined = isinstance(found.line.statement, ast.Expr)
    if not is_underlined and found.program.tree.axes_of_made(whole.right) != (b,):
        return None
    likely = cause("bias_size", "pytorch", bias=bias.array.text, size=a)
    return wrong_size("bias", "gates*num_units", a, b, [likely], [fact("gates*num_units", a, "weights")])


AXES_OF_GATE = 2
"""The axes of a gate of one step: samples and units."""

OF_PRODUCTS = {*OF_FACTORS.values()}
"""The tensors of which a handwritten cell makes its gates."""


def _other_units(found: Found, tensor: str, expected: int, got: int, batch: int | None = None) -> Mismatch:
    likely = cause("other_units", found.template.framework, state_of_step=tensor[0], units=expected)
    facts = [fact("num_units", expected, "gates"), *([fact("batch_size", batch, "gates")] if batch else [])]
    return wrong_size(tensor, "num_units", expected, got, [likely], facts)


def of_other_batch(found: Found, tensor: str, expected: int, got: int, units: int | None) -> Mismatch:
    if tensor == "h_0" and (in_loop := of_loop(found, expected, got)):
        return in_loop
    likely = cause(batch_id(expected, got), found.template.framework, state=tensor[0], units=units)
    facts = [fact("batch_size", expected, "x"), *([fact("num_units", units, tensor)] if units else [])]
    return wrong_size(tensor, "batch_size", expected, got, [likely], facts)
