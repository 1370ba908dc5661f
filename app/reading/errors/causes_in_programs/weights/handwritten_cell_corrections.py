"""The lines of a program that computes a cell itself which a cause corrects: its weights, biases, states and steps."""

import ast
import re
from collections.abc import Iterator, Sequence

from ....code.operations import Operand
from ....code.values import Axes
from ....facts_about_sizes import GATES
from ...code_lines.array_names import KERNEL, role_of
from ...code_lines.array_origins import MODULES, SIZES, sizes_of_origin
from ...code_lines.corrected_lines import Correction, Corrections, all_of
from ...code_lines.handwritten_recurrence import STATES
from ...code_lines.program_nodes import base_of, factors_of, last_name, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.handwritten_cells.axes_of_handwritten_cells import JOINING, axis_of_step, loops, steps
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size


def exchanged_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the states of the program's handwritten cell, with their sizes in the other order."""
    tree = found.program.tree
    parts = [part.node for part in joined_parts(found) if part.node]
    for factors in (*tree.products_in(found.code), parts):
        for factor in factors:
            made = [one.made for one in tree.origins(factor)]
            if len(made) == 1 and tree.shape_made(made[0]) == mismatch.got:
                lines = [_exchanged_sizes(tree, one) for one in (made[0], *_made_alike(tree, made[0]))]
                return [line for one in lines for line in one] if all(lines) else ()
    return ()


def _made_alike(tree: ProgramTree, made: ast.Call) -> list[ast.Call]:
    """The other states that the same function makes with the same call: those of an LSTM are alike."""
    return [
        one
        for one in tree.calls
        if one is not made and ast.unparse(one) == ast.unparse(made)
        if tree.function_of(one) is tree.function_of(made) and _is_state(tree, one) and one.lineno != made.lineno
    ]


def _is_state(tree: ProgramTree, made: ast.Call) -> bool:
    """Whether a call makes what is called like a state."""
    above = next(tree.above(made), None)
    return isinstance(above, ast.Assign) and any(role_of(base_of(one)) in STATES for one in above.targets)


def batch_of_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the only state of the program's handwritten cell for another batch, with that of x."""
    tree, batch, made_for = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    nodes = (part for one in _failed_sums(found) for part in ast.walk(one))
    states = (one for node in nodes for one in factors_of(node) or () if found.line.array(one).role == "h")
    made = {id(one.made): one.made for state in states for one in tree.origins(state)}
    lines = [
        tree.replaced((size, size_text(tree, size, batch)))
        for one in made.values()
        for size in tree.sizes_of(one)
        if made_for and len(tree.axes(one)) == 2 and tree.number(size) == made_for
    ]
    return all_of(lines) if len(lines) == 1 else ()


def size_of_kernel(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the weights of [h, x] for x alone, with both sizes."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or len(expected) != 2 or len(got) != 2:
        return ()
    made = [tree.made_by(factor) for factors in tree.products_in(found.code) for factor in factors]
    fitting = [one for one in made if one and tree.axes(one) == got]
    sizes = tree.sizes_of(fitting[0]) if fitting else []
    n = next((n for n in (0, 1) if expected[n] != got[n]), 0)
    if len(sizes) != 2 or expected[1 - n] != got[1 - n]:
        return ()
    if expected[n] != (got[0] or 0) + (got[1] or 0):
        return _with_features(tree, sizes[n], (expected[n] or 0) - (expected[1 - n] or 0))
    units, features = tree.text(sizes[1 - n]), tree.text(sizes[n])
    return tree.corrected((sizes[n], f"{units} + {features}"))


def _with_features(tree: ProgramTree, size: ast.expr, features: int) -> Corrections:
    """The line that says the rows of weights as twice the units, with the parameter that says the features."""
    said = tree.assigned(size) if isinstance(size, ast.Name) else size
    function = tree.function_of(size)
    if not isinstance(said, ast.BinOp) or not function or ast.unparse(said.left) != ast.unparse(said.right):
        return ()
    calls = [one for one in tree.calls if function in (tree.function_called(one), tree.constructor(one))]
    given = {
        name: [tree.argument_for(one, function, ast.Name(name)) for one in calls] for name in tree.parameters(function)
    }
    sizes = {name: {tree.number(one) if one is not None else 0 for one in values} for name, values in given.items()}
    names = [name for name, numbers in sizes.items() if numbers == {features}]
    if not names:  # the only other size that is not known
        made = {ast.unparse(one) for call in tree.calls if tree.is_maker(call) for one in tree.sizes_of(call)}
        names = [name for name, numbers in sizes.items() if numbers == {None} and name in made]
    return tree.corrected((said.left, names[0])) if len(names) == 1 else ()


def exchanged_kernel(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the weights, with their sizes in the other order."""
    tree = found.program.tree
    made = [tree.made_by(factor) for factors in tree.products_in(found.code) for factor in factors]
    fitting = [one for one in made if one and _may_have(tree.shape_made(one), mismatch.got)]
    return _exchanged_sizes(tree, fitting[0]) if fitting else ()


def _may_have(axes: Axes, shape: object) -> bool:
    """Whether an array with these axes, some of which may be unknown, may have a shape."""
    if not isinstance(shape, tuple) or len(axes) != len(shape) or not any(isinstance(one, int) for one in axes):
        return False
    return all(one in (None, size) or not isinstance(one, int) for one, size in zip(axes, shape, strict=True))


def size_of_output_weights(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the weights after a cell, for what they get."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    for factors in tree.products_in(found.code):
        for n, factor in enumerate(factors):
            made = tree.made_by(factor)
            sizes = tree.sizes_of(made) if made else []
            if made and len(sizes) == 2 and tree.axes(made)[1 - n : 2 - n] == (expected,) and is_weights(factor):
                return tree.corrected((sizes[1 - n], size_text(tree, sizes[1 - n], got)))
    return ()


def number_of_gates(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that say how many gates the weights of a handwritten cell have, with those of the cell."""
    tree, cell = found.program.tree, found.cell
    units = next((one.value for one in mismatch.facts if one.terms == (("num_units",),)), 0)
    if cell not in GATES or not units:
        return ()
    made = [one for one in tree.calls if tree.is_maker(one)]
    products = [size for one in made for size in tree.sizes_of(one) if isinstance(size, ast.BinOp)]
    factors = {
        id(said): said
        for size in products
        if isinstance(size.op, ast.Mult)
        for factor, other in ((size.left, size.right), (size.right, size.left))
        if tree.number(other) == units and 1 < (tree.number(factor) or 0) < GATES[cell]
        for said in (tree.assigned(factor) or factor if isinstance(factor, ast.Name) else factor,)
    }
    return tree.corrected(*((one, str(GATES[cell])) for one in factors.values()))


def _exchanged_sizes(tree: ProgramTree, made: ast.Call) -> Corrections:
    sizes = tree.sizes_of(made)
    if len(sizes) != 2:
        return ()
    first, second = sizes
    return all_of([tree.replaced((first, tree.text(second)), (second, tree.text(first)))])


def transposed_x(found: Found, mismatch: Mismatch) -> Corrections:
    """The product or the join of the program's handwritten cell, with x transposed."""
    tree = found.program.tree
    parts = {id(part.node): part.node for part in joined_parts(found) if part.axes == mismatch.got and part.node}
    if len(parts) == 1:
        (x,) = parts.values()
        return tree.corrected((x, f"{tree.operand(x)}.T"))
    products = tree.products_in(found.code)
    if len(products) != 1:
        return ()
    factors = [one for one in products[0] if tree.axes_of_made(one) == mismatch.got] or [
        one for one in products[0] if not is_weights(one)
    ]
    names = [one for one in factors if isinstance(one, (ast.Name, ast.Subscript))]
    return tree.corrected((names[0], f"{tree.text(names[0])}.T")) if len(names) == 1 else ()


def joined_parts(found: Found) -> Iterator[Operand]:
    """The arrays that the line that failed joins."""
    yield from (part for one in found.program.failed_operations if one.kind == "join" for part in one.operands)


def joined_below(found: Found, mismatch: Mismatch) -> Corrections:
    """The only join of columns in the line that failed, along the first axis."""
    tree = found.program.tree
    calls = [one for one in tree.calls_in(tree.frames[-1]) if name_of(one) in ALONG_COLUMNS] if tree.frames else []
    if len(calls) != 1 or not isinstance(calls[0].func, ast.Attribute):
        return ()
    if name_of(calls[0]) == "hstack":
        owner = tree.text(calls[0].func.value)
        return tree.corrected((calls[0].func, f"{owner}.vstack"))
    return all_of([tree.with_argument(calls[0], "axis", "0")])


ALONG_COLUMNS = ("hstack", "concatenate", "concat")


def batched_step(found: Found, mismatch: Mismatch) -> Corrections:
    """The step of x in the join that failed, with an axis of samples."""
    tree = found.program.tree
    for call in tree.calls_in(tree.frames[-1]) if tree.frames else ():
        parts = call.args[0].elts if call.args and isinstance(call.args[0], (ast.List, ast.Tuple)) else []
        for one in parts:
            if found.line.array(one).role == "x":
                return tree.corrected((one, f"{tree.operand(one)}[None]"))
    return ()


def flat_bias(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes a bias, with one axis for all gates."""
    tree = found.program.tree
    for made in terms_of_shape(found, mismatch.shapes[1]):
        whole = [one for one in made.args if isinstance(one, (ast.Tuple, ast.List))]
        if whole and len(whole[-1].elts) == 2:
            sizes = (tree.text(one) if isinstance(one, ast.Constant) else tree.operand(one) for one in whole[-1].elts)
            return tree.corrected((whole[-1], " * ".join(sizes)))
    return ()


def time_first(found: Found, mismatch: Mismatch) -> Corrections:
    """The loop over x, with time first."""
    tree = found.program.tree
    names = {id(one): one for one in loops(found) if isinstance(one, ast.Name) and len(tree.axes_of_made(one)) == 3}
    return (
        all_of([tree.replaced((one, f"{one.id}.swapaxes(0, 1)")) for one in names.values()]) if len(names) == 1 else ()
    )


def shape_of_bias(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the bias, and others of the same shape that the same function adds, as a column or with one
    axis."""
    tree, got = found.program.tree, mismatch.shapes[1]
    failed = terms_of_shape(found, got)
    functions = {tree.function_of(one) for one in _failed_sums(found)}
    sums = [one for one in tree.nodes if isinstance(one, ast.BinOp) and tree.function_of(one) in functions]
    others = _made_in([one for one in sums if any(map(factors_of, ast.walk(one.left)))], tree, got) if failed else []
    return all_of(list(dict.fromkeys(_with_shape_of_bias(tree, one, len(got)) for one in (*failed, *others))))


def _with_shape_of_bias(tree: ProgramTree, made: ast.Call, axes: int) -> Correction | None:
    """The line that makes a bias with so many axes, with one more or one fewer."""
    sizes, whole = tree.sizes_of(made), [one for one in made.args if isinstance(one, (ast.Tuple, ast.List))]
    if len(sizes) != axes or any(one.arg in SIZES for one in made.keywords):
        return None
    size = tree.text(sizes[0])
    if axes == 1:
        column = f"{size}, 1" if name_of(made) in OF_SIZES else f"({size}, 1)"
        return tree.replaced((whole[0] if whole else sizes[0], column))
    if whole:
        return tree.replaced((whole[-1], size))
    return tree.replaced((made, f"{tree.text(made.func)}({size})"))


def features_of_init(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that says the features of the x for which the only ``init`` makes the weights."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    calls = [one for one in tree.calls_of("init") if len(one.args) > 1]
    made = tree.made_by(calls[0].args[1]) if len(calls) == 1 else None
    sizes = tree.sizes_of(made) if made else []
    if not sizes and len(calls) == 1:
        return _init_with(tree, calls[0])
    if not sizes or not isinstance(expected, tuple) or not isinstance(got, tuple) or tree.number(sizes[-1]) != got[0]:
        return ()
    said = tree.assigned(sizes[-1]) if isinstance(sizes[-1], ast.Name) else None
    return tree.corrected((said if isinstance(said, ast.Constant) else sizes[-1], str(expected[0])))


def _init_with(tree: ProgramTree, init: ast.Call) -> Corrections:
    """The line that makes the weights, with the x of the call that failed, if this is known there."""
    calls = tree.calls_in_frames
    applied = [one.args[1] for one in calls if name_of(one) == "apply" and len(one.args) > 1]
    if len(applied) != 1 or tree.function_of(applied[0]) is not tree.function_of(init):
        return ()
    (x,) = applied
    names = [one for one in ast.walk(x) if isinstance(one, ast.Name)]
    is_known = all(tree.is_known_at(one, init.lineno) for one in names)
    return tree.corrected((init.args[1], tree.text(x))) if is_known else ()


def column_of_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the first state of a handwritten cell, as a column."""
    tree, units = found.program.tree, mismatch.shapes[1]
    for _, state in tree.products_in(found.code):
        made = tree.made_by(state)
        if made and tree.axes(made) == units and (line := _with_shape_of_bias(tree, made, 1)):
            return [line]
    return ()


OF_SIZES = ("randn", "rand")
"""Functions that get each size as an argument."""


def terms_of_shape(found: Found, shape: Sequence[int | None]) -> list[ast.Call]:
    """The calls that make the arrays with a shape in the sums of the line that failed."""
    return _made_in(_failed_sums(found), found.program.tree, shape)


def _failed_sums(found: Found) -> list[ast.BinOp]:
    return found.program.tree.sums_of_failure(found.code) or _sums_of_scan(found.program.tree)


def _made_in(sums: Sequence[ast.BinOp], tree: ProgramTree, shape: Sequence[int | None]) -> list[ast.Call]:
    """The calls that make the arrays with a shape that sums add."""
    terms = [term for one in sums if isinstance(one.op, ast.Add) for term in (one.left, one.right)]
    made = [tree.made_by(one) for one in terms if isinstance(one, (ast.Name, ast.Attribute, ast.Subscript))]
    return [one for one in dict.fromkeys(made) if one and tree.axes(one) == tuple(shape)]


def _sums_of_scan(tree: ProgramTree) -> list[ast.BinOp]:
    """The sums in the function whose steps a loop of JAX computes, in the line that failed."""
    calls = (
        [one for one in tree.calls_in(tree.frames[-1]) if name_of(one) == "scan" and one.args] if tree.frames else []
    )
    bodies = [tree.function_called(ast.Call(one.args[0], [], [])) for one in calls]
    sums = (one for one in tree.nodes if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add))
    return [one for one in sums if tree.function_of(one) in bodies and tree.function_of(one)]


def first_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the first state of a loop of JAX or TensorFlow, with the batch of the arrays over which it
    runs."""
    tree, (expected, got) = found.program.tree, mismatch.shapes
    calls = [one for one in tree.calls_in(tree.frames[-1]) if name_of(one) == "scan"] if tree.frames else []
    before = mismatch.got if isinstance(mismatch.got, tuple) else ()
    is_of_one = mismatch.axis == "batch_size" and before[:1] == (1,)
    if len(calls) != 1 or not (is_of_one or (len(expected), len(got)) == (2, 1)):
        return ()
    is_jax = found.framework != "tensorflow"
    state = tree.argument(calls[0], *((1, "init") if is_jax else (2, "initializer")))
    xs = tree.argument(calls[0], *((2, "xs") if is_jax else (1, "elems")))
    made = tree.made_by(state) if state is not None else None
    sizes = tree.sizes_of(made) if made else []
    if made is None or xs is None or len(sizes) != 1 + is_of_one or (is_of_one and tree.number(sizes[0]) != 1):
        return ()
    array, axis = _with_batch(tree, xs)
    if not isinstance(array, ast.Name) or tree.function_of(sizes[0]) is not tree.function_of(xs):
        return ()
    if not tree.is_known_at(array, sizes[0].lineno):
        return ()
    batch = f"{array.id}.shape[{axis}]" if is_jax else f"tf.shape({array.id})[{axis}]"
    if is_of_one:
        return tree.corrected((sizes[0], batch))
    around = next(tree.above(sizes[0]))
    shape = around if isinstance(around, (ast.Tuple, ast.List)) else sizes[0]
    return tree.corrected((shape, f"({batch}, {tree.text(sizes[0])})"))


def _with_batch(tree: ProgramTree, xs: ast.expr) -> tuple[ast.expr, int]:
    """The array over whose steps a loop runs, or of which it exchanges the first two axes, and its axis of samples."""
    made = tree.assigned(xs) if isinstance(xs, ast.Name) else xs
    if isinstance(made, ast.Call) and name_of(made) in ("swapaxes", "transpose", "moveaxis"):
        is_method = not (isinstance(made.func, ast.Attribute) and tree.text(made.func.value) in MODULES)
        array, *axes = (
            (made.func.value, *made.args) if is_method and isinstance(made.func, ast.Attribute) else made.args
        )
        if re.sub(r"[()\[\] ]", "", ",".join(map(tree.text, axes))) in ("0,1", "1,0", "1,0,2"):
            return (xs, 1) if ast.unparse(array) == ast.unparse(xs) else (array, 0)
    return xs, 1


def layers_above(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the weights of an upper layer, or of each layer in a loop over numbers, with the units of the
    layer below."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    for factors in tree.products_in(found.code):
        for n, factor in enumerate(factors):
            made = tree.made_by(factor)
            sizes = tree.sizes_of(made) if made else []
            if not made or len(sizes) != 2 or tree.axes(made)[1 - n] != expected:
                continue
            rows, columns = sizes[1 - n], sizes[n]
            if not (loop := _loop_of(tree, made)):
                return tree.corrected((rows, size_text(tree, rows, got)))
            target, is_of_numbers = loop.target, isinstance(loop.iter, ast.Call) and name_of(loop.iter) == "range"
            if not is_of_numbers or not isinstance(target, ast.Name):
                continue
            name = "n" if target.id == "_" else target.id
            units = columns.right if isinstance(columns, ast.BinOp) else columns  # without the number of gates
            line = tree.replaced((rows, f"{tree.text(rows)} if {name} == 0 else {tree.text(units)}"))
            return all_of([tree.replaced((target, name)), line] if target.id == "_" else [line])
    return ()


def _loop_of(tree: ProgramTree, node: ast.AST) -> ast.For | ast.comprehension | None:
    """The innermost loop that has a node; None without one."""
    for one in tree.above(node):
        loop = one.generators[0] if isinstance(one, (ast.ListComp, ast.GeneratorExp)) else one
        if isinstance(loop, (ast.For, ast.comprehension)):
            return loop
    return None


def vmapped(found: Found, mismatch: Mismatch) -> Corrections:
    """The outermost call that passes a batch to functions for one sample, in ``vmap``."""
    tree, batch = found.program.tree, mismatch.shapes[1][0]
    for call in tree.calls_in_frames:
        axes = [tree.axes_of_made(one) for one in call.args]
        places = [
            (0 if _has_batch_first(tree, argument) else one.index(batch))
            if len(one) == 3 and batch in one[:2]
            else None
            for argument, one in zip(call.args, axes, strict=True)
        ]
        is_of_program = tree.function_called(call) or (isinstance(call.func, ast.Call) and name_of(call.func) == "jit")
        if is_of_program and not call.keywords and len(places) - places.count(None) == 1:
            written = f"({', '.join(map(str, places))})" if len(places) > 1 else str(places[0])
            return tree.corrected((call.func, f"jax.vmap({tree.text(call.func)}, in_axes={written})"))
    return ()


def _has_batch_first(tree: ProgramTree, array: ast.expr) -> bool:
    """Whether an array is called a batch, and no comment says that it has time first."""
    is_named = isinstance(array, ast.Name) and BATCH.search(array.id) is not None
    made = tree.made_by(array)
    return is_named and not (made and TIME_FIRST.search(tree.comment(made)))


BATCH = re.compile(r"batch|samples|sequences")
TIME_FIRST = re.compile(r"(?:time|steps?)\b.{0,20}\b(?:batch|samples?)")
"""What an array is called that has the batch first, and a comment about one that has time first."""


def weights_of_join(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the weights for x and h together, of all gates that read the same array."""
    tree, total, rows = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    if total is None or rows is None:
        return ()
    for factors in tree.products_in(found.code):
        for n, factor in enumerate(factors):
            if not any(True for _ in _rows_of(tree, factor, n, rows)):
                continue
            parts = dict[int, tuple[ast.AST, str]]()
            for weights in (factor, *_weights_beside(tree, factors[1 - n], n)):
                for said, other in _rows_of(tree, weights, n, rows):
                    name = _name_in(tree, other, total - rows) or size_text(tree, said, total - rows)
                    parts[id(said)] = (said, f"{tree.text(said)} + {name}")
            return tree.corrected(*parts.values())
    return ()


def _rows_of(tree: ProgramTree, weights: ast.expr, n: int, rows: int) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The size of weights that a product sums over, if it is this one, and their other size. ``n``: the place of the
    weights in the product."""
    for origin in tree.origins(weights):
        sizes = sizes_of_origin(tree, origin)
        if len(sizes) == 2 and tree.number(sizes[1 - n]) == rows:
            yield sizes[1 - n], sizes[n]


def _weights_beside(tree: ProgramTree, array: ast.expr, n: int) -> list[ast.expr]:
    """The factors at a place of other products in the same function with the same array, or with another join."""
    function, text = tree.function_of(array), ast.unparse(array)
    products = [factors for one in tree.nodes if tree.function_of(one) is function and (factors := factors_of(one))]
    return [one[n] for one in products if ast.unparse(one[1 - n]) == text or _is_join(tree, one[1 - n])][:MOST_GATES]


def _is_join(tree: ProgramTree, array: ast.expr) -> bool:
    made = tree.assigned(array) if isinstance(array, ast.Name) else array
    return isinstance(made, ast.Call) and name_of(made) in JOINING


MOST_GATES = 8
"""Products with the same array whose weights are followed."""


def rows_of_weights(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes weights, with as many rows as the array has values that they are multiplied by."""
    tree, values, rows = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    for n, factor in ((n, factor) for factors in tree.products_in(found.code) for n, factor in enumerate(factors)):
        for origin in tree.origins(factor):
            sizes = sizes_of_origin(tree, origin)
            if len(sizes) != 2 or tree.number(sizes[1 - n]) != rows or values is None or not is_weights(factor):
                continue
            new = (
                _name_in(tree, sizes[n], values)
                or _size_beside(tree, sizes[1 - n], values)
                or size_text(tree, sizes[1 - n], values)
            )
            return tree.corrected((sizes[1 - n], new))
    return ()


def _size_beside(tree: ProgramTree, near: ast.expr, size: int) -> str:
    """The name of a size among the arguments of the same function in other lines; "" without one."""
    call = next((one for one in tree.above(near) if isinstance(one, ast.Call)), None)
    if call is None:
        return ""
    others = (
        argument
        for one in tree.calls_of(name_of(call))
        if tree.function_of(one) is tree.function_of(call)
        for argument in one.args
        if isinstance(argument, (ast.Name, ast.Attribute)) and tree.number(argument) == size
    )
    return next((tree.text(one) for one in others), "")


def _name_in(tree: ProgramTree, node: ast.expr, size: int) -> str:
    """The name of a size in an expression; "" without one."""
    names = (one for one in ast.walk(node) if isinstance(one, (ast.Name, ast.Attribute)))
    return next((tree.text(one) for one in names if tree.number(one) == size), "")


def size_of_bias(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes a bias, with another size."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    for shape in ((got,), (1, got), (got, 1)):
        for made in terms_of_shape(found, shape):
            size = tree.sizes_of(made)[shape.index(got)]
            return tree.corrected((size, size_text(tree, size, expected)))
    return ()


def size_text(tree: ProgramTree, near: ast.expr, size: int | None) -> str:
    """A size as other lines of a function, or of the module, write it, or else the number."""
    function = tree.function_of(near)
    written = {
        tree.function_of(made): tree.text(one)
        for made in reversed([*tree.nodes])
        if isinstance(made, ast.Call) and tree.is_maker(made) and tree.function_of(made) in (function, None)
        for one in reversed(tree.sizes_of(made))
        if tree.number(one) == size and not isinstance(one, ast.Constant)
    }
    of_module = written.get(None, str(size))
    is_known = of_module.isidentifier() and of_module not in tree.parameters(function)
    return written.get(function, of_module if is_known else str(size))


def sizes_of_written_array(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes an array, with the sizes of what is written into an entry of it."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    written = [one for one in tree.nodes_of_failure if isinstance(one, ast.Assign)]
    match written:
        case [ast.Assign(targets=[ast.Subscript(value=array, slice=index)])]:
            made = tree.made_by(array)
        case _:
            return ()
    indices = index.elts if isinstance(index, ast.Tuple) else [index]
    sizes = tree.sizes_of(made) if made else []
    left = [size for n, size in enumerate(sizes) if n >= len(indices) or isinstance(indices[n], ast.Slice)]
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or tuple(map(tree.number, left)) != expected:
        return ()
    if left and got[1:] == expected:  # without an axis of samples
        return tree.corrected((left[0], f"{size_text(tree, left[0], got[0])}, {tree.text(left[0])}"))
    if len(got) != len(expected):
        return ()
    pairs = [(size, new) for size, new in zip(left, got, strict=True) if new is not None and tree.number(size) != new]
    news = [(size, size_text(tree, size, new)) for size, new in pairs]
    kept = {tree.text(one) for one in sizes} - {tree.text(size) for size, _ in news}
    is_twice = any(new.isidentifier() and new in kept for _, new in news)  # one name for two axes of different things
    return () if is_twice else tree.corrected(*news)


def weights_of_gates(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the weights of x or of h, with the columns of all gates."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    for one in tree.sums_of_failure(found.code):
        for node in ast.walk(one):
            for n, factor in enumerate(factors_of(node) or ()):
                made = tree.made_by(factor)
                sizes = tree.sizes_of(made) if made else []
                if made and len(sizes) == 2 and tree.axes(made)[n : n + 1] == (got,) and is_weights(factor):
                    return tree.corrected((sizes[n], size_text(tree, sizes[n], expected)))
    return ()


def is_weights(node: ast.expr) -> bool:
    """Whether a factor is called like weights."""
    key = (
        node.slice.value
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)
        else last_name(node)
    )
    return KERNEL.fullmatch(str(key)) is not None


def step_of_batch(found: Found, mismatch: Mismatch) -> Corrections:
    """The index of a step, in the other one of the first two axes; in all lines of its function that take this step."""
    tree, batch = (
        found.program.tree,
        next((one.value for one in mismatch.facts if one.terms == (("batch_size",),)), None),
    )
    for step in steps(found):
        n = axis_of_step(step)
        index = step.slice.elts[1] if isinstance(step.slice, ast.Tuple) else step.slice
        axes = tree.axes_of_made(step.value)
        if batch and axes[n : n + 1] == (batch,) and len(axes) == 3:
            function, text = tree.function_of(step), ast.unparse(step)
            same = [
                one
                for one in tree.nodes
                if isinstance(one, ast.Subscript) and ast.unparse(one) == text and tree.function_of(one) is function
            ]
            return tree.corrected(*((one.slice, tree.text(index) if n else f":, {tree.text(index)}") for one in same))
    return ()


def part_of_bias(found: Found, mismatch: Mismatch) -> Corrections:
    """The sums of all gates with a bias, of which the part of the gate is taken: that of the other arrays of the
    sum."""
    tree = found.program.tree
    for one in tree.sums_in(found.code):
        if not isinstance(one.right, (ast.Name, ast.Attribute)) or not _slice(one):
            continue
        bias, function = ast.unparse(one.right), tree.function_of(one)
        sums = (other for other in tree.nodes if isinstance(other, ast.BinOp) and isinstance(other.op, ast.Add))
        alike = [other for other in sums if ast.unparse(other.right) == bias and tree.function_of(other) is function]
        parts = [(other.right, f"{bias}[{part}]") for other in alike if (part := _slice(other))]
        return tree.corrected(*parts)
    return ()


def _slice(total: ast.BinOp) -> str:
    """The only slice of the last axis of the arrays to which a bias is added; "" for several, or none."""
    slices = {ast.unparse(last) for last in _slices(total.left)}
    return slices.pop() if len(slices) == 1 else ""


def _slices(node: ast.expr) -> Iterator[ast.expr]:
    """The slices of the last axis of arrays."""
    for one in ast.walk(node):
        match one:
            case ast.Subscript(slice=ast.Tuple(elts=[*_, ast.Slice() as last])):
                yield last
