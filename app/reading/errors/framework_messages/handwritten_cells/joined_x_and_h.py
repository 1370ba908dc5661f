"""x and h that a program's handwritten cell joins into one array, and the product of that and its weights."""

import ast
import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....code.operations import with_two_operands
from ....facts_about_sizes import GATES, fact
from ...causes import cause
from ...code_lines.array_origins import sizes_of_origin
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...mismatch import Cause, Mismatch, of_unknown_arrays, wrong_rank, wrong_shape, wrong_size
from ..message_template import Found
from .axes_of_handwritten_cells import (
    JOINING,
    STEP,
    has_columns,
    is_step,
    joined_along_batch,
    joined_columns,
    joined_factor,
    known_size,
    of_batches,
    of_factors,
    with_shapes_of_program,
)
from .products_in_failed_line import OPERAND, inner_sizes, of_product, shapes_of_factors, tensor_called
from .rows_of_kernels import gate_of_key, gate_of_weights, name_of_weights
from .sums_of_handwritten_cells import of_other_batch

JOIN_OF_BOTH = re.compile(rf"(?:\bcat|concat\w{{0,20}}|[hv]stack)\(\s?[(\[]\s?{OPERAND}\s?,\s?{OPERAND}\s?[)\]]")
"""One array of x and h in a line of code."""

NAMES_FIRST = re.compile(r"\b(?:axis|dim|dimension)\s?=\s?0\b|[)\]]\s?,\s?0\s?\)")
"""A join that names the first axis, in a line of code: samples are columns then. Without it, the axis may have been
forgotten, and ``vstack`` makes rows of vectors."""

JOINS = re.compile(r"concat|[hv]stack|column_stack|\bcat\(|np\.append|\.r_|\.c_")

PRODUCT_OF_BOTH = re.compile(
    rf"(?:dot|matmul)\(\s?(?:({OPERAND})\s?,\s?)?(?:(?:j?np|tf\d?)\.)?(?:concat\w{{0,20}}|combined|xh|hx|z|z_?t)\b"
    rf"|({OPERAND})\s?@\s?(?:(?:j?np|tf\d?)\.)?(?:concat\w{{0,20}}|combined|xh|hx|z|z_?t)\b"
    rf"|\b(?:concat\w{{0,20}}|combined|xh|hx|z|z_?t)\s?@"
)
"""The product with x and h in one array."""


def joined(found: Found, axis: int, expected: int, got: int) -> Mismatch | None:
    """x and h of a cell, which are joined with other batches; None if the line that failed does not join these."""
    lines = found.code or found.surroundings.text  # without a traceback, of all lines that are pasted
    matches = {match.groups(): match for match in JOIN_OF_BOTH.finditer(lines.lower())}
    match = next(iter(matches.values())) if len(matches) == 1 else None
    tensors = [tensor_called(name) for name in match.groups()] if match else []
    line = lines[match.start() :].partition("\n")[0] if match else ""
    is_column = found.template.framework == "numpy" and axis == 0 and NAMES_FIRST.search(line) is not None
    is_row = axis == 1 and not has_columns(found)
    if not (is_row or is_column) or {*tensors} != {"x", "h_0"}:
        return None
    if is_row and match and (of_columns := _of_columns(found, match, tensors, (expected, got))):
        return of_columns
    framework = "cell" if found.template.framework == "pytorch" else found.template.framework
    of_x, of_h = (expected, got) if tensors[0] == "x" else (got, expected)
    of_cell = replace(found, template=replace(found.template, framework=framework))
    of_batch = of_other_batch(of_cell, "h_0", of_x, of_h, None)
    if of_batch.tensor != "h_0" or framework == "cell":
        return of_batch
    equals = of_batches(found, of_x, of_h, (), ())
    likely = (_index_of_step(found, framework),) if is_step(found) else ()
    return replace(equals, causes=(*likely, *of_batch.causes))


def _index_of_step(found: Found, framework: str) -> Cause:
    """The index of a step in the first axis of x, with the only line of the traceback that has it."""
    likely = cause("step_axis", framework)
    lines = [line for line in found.program.tree.frames if STEP.search(line)]
    if len(lines) != 1 or found.program.source.strip():
        return likely
    fix = STEP.sub(lambda step: step[0].replace("[", "[:, "), lines[0])
    return replace(likely, wrong=lines[0], fix=fix, is_own=True)


def _of_columns(found: Found, join: re.Match[str], tensors: list[str], sizes: tuple[int, int]) -> Mismatch | None:
    """x and h whose samples are columns, as the shapes that the text lists say, joined along the axis of the
    samples."""
    text, names = found.surroundings.original, join.groups()
    listed = [{*re.findall(LISTED.format(name=re.escape(name)), text, re.IGNORECASE)} for name in names]
    if not all(len(shapes) == 1 for shapes in listed) or found.framework not in ("numpy", "jax"):
        return None
    rows, columns = zip(*(map(int, shapes.pop()) for shapes in listed), strict=True)
    if rows != sizes or columns[0] != columns[1]:
        return None
    of_tensor = dict(zip(tensors, rows, strict=True))
    sizes_of_both = (("batch_size", columns[0]), ("features", of_tensor["x"]), ("num_units", of_tensor["h_0"]))
    facts = tuple(fact(name, size, "x and h") for name, size in sizes_of_both)
    likely = cause("join_of_columns", found.framework)
    if written := re.search(re.escape(join[0]), text, re.IGNORECASE):
        both = re.sub(r"^\w+", "concatenate", written[0])
        likely = replace(likely, fix=f"{'jnp' if found.framework == 'jax' else 'np'}.{both}, axis=0)")
    sentence = phrase("Samples are columns here: x and h have the same number of columns, and other numbers of rows.")
    return Mismatch("x", "order", sentence, causes=(likely,), facts=facts)


LISTED = r"(?<![\w.]){name}(?:\.shape)?\s{{0,3}}[:=]\s{{0,3}}\(\s?(\d{{1,9}}),\s?(\d{{1,9}})\)"
"""The name of an array and its shape of two axes, as a text lists them."""


def joined_in_numpy(found: Found) -> Mismatch:
    """The same in NumPy, whose message says the axis that differs, of two."""
    axis, sizes = found.number("axis"), (found.number("a"), found.number("b"))
    if transposed := _of_transposed(found, axis, *sizes):
        return transposed
    if of_vector := _of_vector(found, axis, sizes):
        return of_vector
    of_axis = joined_along_batch(found, axis, *sizes) or joined_columns(found, axis, *sizes)
    return of_axis or joined(found, 1 - axis, *sizes) or of_unknown_arrays()


def _of_vector(found: Found, axis: int, sizes: tuple[int, int]) -> Mismatch | None:
    """A vector, of which ``vstack`` makes a row, above or below a column; None for another join of x and h."""
    joins = with_two_operands(found.line.operations, "join")
    if axis != 1 or not joins or joins[-1].name != "vstack" or sorted(sizes)[0] != 1 or sizes[0] == sizes[1]:
        return None
    array = joins[-1].operands[0 if sizes[1] == 1 else 1]
    if array.role not in ("x", "h") or not isinstance(array.node, ast.Name):
        return None
    tensor, size = ("x", "features") if array.role == "x" else ("h_0", "num_units")
    fix = re.sub(rf"\b{array.text}\b(?!\()", f"{array.text}[:, None]", found.code, count=1)
    likely = replace(cause("vector_for_column", found.framework), wrong=found.code, fix=fix, is_own=True)
    return wrong_rank(tensor, 2, 1, [likely], [fact(size, max(sizes), array.role)], ((max(sizes), 1), (max(sizes),)))


def _of_transposed(found: Found, axis: int, a: int, b: int) -> Mismatch | None:
    """x and h with their samples in different axes, as the program makes them; None for another join. ``axis``: the one
    that differs."""
    for one in found.program.failed_operations:
        if one.kind != "join" or [operand.axes[axis : axis + 1] for operand in one.operands] != [(a,), (b,)]:
            continue
        of_role = {role: operand for operand in one.operands for role in operand.roles}
        x, h = (tuple(map(known_size, of_role[role].axes)) if role in of_role else () for role in ("x", "h_0"))
        if len(x) != 2 or len(h) != 2 or None in (*x, *h):
            continue
        if x[1 - axis] == h[axis] != h[1 - axis]:
            facts = [fact("batch_size", h[axis] or 0, "h"), fact("features", x[axis] or 0, "x")]
            return wrong_shape("x", "order", x[::-1], x, [cause("samples_in_columns", found.framework)], facts)
        if h[1 - axis] == x[axis] != x[1 - axis]:
            facts = [fact("batch_size", x[axis] or 0, "x"), fact("num_units", h[axis] or 0, "h")]
            return wrong_shape("h_0", "order", h[::-1], h, [cause("state_axes", found.framework)], facts)
    return None


def of_concatenation(found: Found) -> Mismatch | None:
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
    columns, gates = units, GATES.get(found.cell, 1)
    if (units or 0) >= (length or 0) and (units or 0) % gates == 0:  # of all gates
        units = (units or 0) // gates
    expected, got = (length or 0) - (units or 0), (given or 0) - (units or 0)
    is_of_x = got == length  # alone
    if expected < 1 < got or is_of_x or (got != expected == units and got > 0):  # or for h alone, or for h twice
        whole = (columns, given) if match[1] or match[3] else (given, columns)
        made = left if match[1] or match[3] else right
        is_left = not (match[1] or match[3])
        causes = [
            cause(
                "other_size",
                found.template.framework,
                rows=given,
                columns=columns,
                weights=name_of_weights(found, is_left) or None,
            )
        ]
        facts = [fact("features", got, "x"), fact("num_units", units or 0, "kernel")]
        return wrong_shape("kernel", "features", whole, made, causes, facts)
    if expected < 1 or got < 1:
        return None
    likely = cause("other_features", found.template.framework, got=got, expected=expected)
    facts = [fact("features", expected, "kernel"), fact("num_units", units or 0, "kernel")]
    samples = right[1] if match[1] or match[3] else left[0]
    facts += [fact("batch_size", samples, "[h, x]")] if samples else []
    return wrong_size("x", "features", expected, got, [likely], facts)


def of_both(found: Found) -> Mismatch | None:
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
    facts = [fact("num_units+features", got, "[h, x]")]
    shape = found.shape("right" if match[1] or match[3] else "left")
    samples = shape[1 if match[1] or match[3] else 0] if len(shape) == 2 else None
    facts += [fact("batch_size", samples, "[h, x]")] if samples else []
    return Mismatch("x", "features", sentence, causes=tuple(likely), facts=tuple(facts))


def of_parts(found: Found) -> Mismatch | None:
    """W times x and h in one array, if the program says their sizes; None otherwise."""
    sizes = inner_sizes(found)
    for got, expected in (sizes, sizes[::-1]):
        if got and (parts := found.program.sizes_of_parts(got)) and 0 < expected - parts[1] != parts[0]:
            features, units = expected - parts[1], parts[1]
            likely = cause("other_features", found.template.framework, got=parts[0], expected=features)
            facts = [fact("features", features, "kernel"), fact("num_units", units, "h")]
            return wrong_size("x", "features", features, parts[0], [likely], facts)
    return None


def of_joined_weights(found: Found) -> Mismatch | None:
    """Weights for x or h alone, which the program joins into the array that it multiplies by them."""
    tree, (inner, outer), shapes = found.program.tree, inner_sizes(found), shapes_of_factors(found)
    for left, right in tree.products_in(found.code):
        for n, (array, weights) in enumerate(((left, right), (right, left))):
            made = tree.assigned(array) if isinstance(array, ast.Name) else array
            total, rows = (inner, outer) if n == 0 else (outer, inner)
            sizes = [size for one in tree.origins_of_weights(weights) for size in sizes_of_origin(tree, one)]
            said = shapes[1 - n] if len(shapes[1 - n]) == 2 else (None, None)
            columns = (tree.number(sizes[1 - n]) or said[1 - n]) if len(sizes) == 2 else None
            is_join = isinstance(made, ast.Call) and name_of(made) in JOINING
            units = [columns // gates for gates in GATES.values() if columns and columns % gates == 0]
            if is_join and is_of_one(tree, sizes, n, rows) and {total - rows, rows} & {*units}:
                likely = cause("joined_weights", found.framework, got=total)
                sentence = of_factors(found, inner, outer)
                others = _joined_beside(tree, array, weights, n)
                if None in said and not others and columns:
                    said = (rows, columns) if n == 0 else (columns, rows)
                facts = []
                if total - rows in units and rows not in units and None not in said:  # of x alone
                    facts = [fact("features", rows, "x"), fact("num_units", total - rows, "h")]
                if facts:
                    needed = tuple(total if m == n else size for m, size in enumerate(said))
                    return Mismatch("kernel", "features", sentence, needed, said, (likely,), tuple(facts))
                whole = Mismatch("kernel", "features", sentence, (total,), (rows,), (likely,), is_of_equals=True)
                if others == {total}:
                    known = (fact("num_units+features", total, "[h, x]"),)
                    return replace(whole, gate=gate_of_weights(found, weights), facts=known)
                return replace(whole, gate=gate_of_key(found, weights))
    return None


def _joined_beside(tree: ProgramTree, array: ast.expr, weights: ast.expr, n: int) -> set[object]:
    """The sizes of the other weights of the function by which it multiplies a joined array, its factor ``n``, along the
    axis over which the products sum."""
    function, text = tree.function_of(array), ast.unparse(array)
    beside = [both[1 - n] for one, both in tree.products if tree.function_of(one) is function]
    arrays = [both[n] for one, both in tree.products if tree.function_of(one) is function]
    others = [one for one, of in zip(beside, arrays, strict=True) if ast.unparse(of) == text]
    shapes = [tree.axes_of_made(one) for one in others if ast.unparse(one) != ast.unparse(weights)]
    return {shape[n] if len(shape) == 2 else None for shape in shapes}


def is_of_one(tree: ProgramTree, sizes: list[ast.expr], n: int, rows: int) -> bool:
    """Whether weights with two sizes have these rows, for x or h alone: a size that is not known is no sum of both."""
    if len(sizes) != 2:
        return False
    known = tree.number(sizes[n])
    return known == rows or (known is None and isinstance(sizes[n], (ast.Name, ast.Attribute)))
