"""The lines of a program that computes a cell itself which make its weights, and that a cause corrects."""

import ast
from collections.abc import Iterator

from ....code.values import Axes
from ....facts_about_sizes import GATES
from ...code_lines.array_names import KERNEL, role_of
from ...code_lines.array_origins import UNCHANGED, Origin, sizes_of_origin
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.pooled_steps import is_dense_product
from ...code_lines.program_nodes import factors_of, last_name, name_of
from ...code_lines.program_tree import ProgramTree
from ...code_lines.written_sizes import constant_for, size_text
from ...framework_messages.handwritten_cells.axes_of_handwritten_cells import JOINING
from ...framework_messages.handwritten_cells.joined_x_and_h import is_of_one
from ...framework_messages.message_template import HANDWRITTEN_CELLS, Found
from ...mismatch import Mismatch, only_size


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
    if transposed := transposed_as_beside(tree, found.code):
        return transposed
    products = [*tree.products_in(found.code), *tree.linear_functions_in(found.code)]
    made = [sizes_of_weights(tree, factor) for factors in products for factor in factors]
    fitting = [sizes for sizes, axes in made if _may_have(axes, mismatch.got)]
    return _in_other_order(tree, fitting[0]) if fitting else ()


def transposed_as_beside(tree: ProgramTree, code: str) -> Corrections:
    """The only product in a piece of code with its weights transposed, if the other products of its line have theirs
    so, or are transposed where the program takes them over: the arrays are as a framework stores them."""
    match tree.products_in(code):
        case [(_, ast.Name() | ast.Attribute() | ast.Subscript() as weights)] if not is_transposed(weights):
            others = [
                factors[1]
                for node in tree.nodes_of_failure
                if (factors := factors_of(node)) and ast.unparse(factors[1]) != ast.unparse(weights)
            ]
            if others and all(map(is_transposed, others)):
                return tree.corrected((weights, f"{tree.text(weights)}.T"))
    return _taken_over_as_beside(tree)


def _taken_over_as_beside(tree: ProgramTree) -> Corrections:
    """The only weights of the line that failed which the program takes over as a framework stores them, if it
    transposes all others where it takes them over: ``{"W": asarray(a.T), "U": asarray(b)}``."""
    sources = dict[str, list[ast.expr]]()
    for left, right in filter(None, map(factors_of, tree.nodes_of_failure)):
        for n, factor in enumerate((left, right)):
            if factor is not None and (source := _taken_over(tree, factor)) is not None:
                sources.setdefault(f"{n} {ast.unparse(factor)}", []).append(source)
    taken = [one for one, *_ in sources.values()]
    plain = [one for one in taken if not is_transposed(one)]
    if len(plain) != 1 or len(taken) < 2 or len({place[0] for place in sources}) != 1:
        return ()
    other = next(one for one in taken if one is not plain[0])
    is_function = isinstance(other, ast.Call) and bool(other.args) and not isinstance(other.args[0], ast.Constant)
    name = ast.unparse(other.func) if is_function and isinstance(other, ast.Call) else ""
    return tree.corrected((plain[0], f"{name}({tree.text(plain[0])})" if name else f"{tree.operand(plain[0])}.T"))


def _taken_over(tree: ProgramTree, weights: ast.expr) -> ast.expr | None:
    """The item of a dictionary, or this transposed, of which the program makes weights without another change; None
    for others."""
    value = tree.assigned(weights)
    while isinstance(value, ast.Call) and name_of(value) in (*UNCHANGED, "Parameter", "Variable"):
        owner = value.func.value if isinstance(value.func, ast.Attribute) else None
        is_method = owner is not None and ast.unparse(owner) not in tree.imported
        value = owner if is_method else value.args[0] if value.args else None
    match value:
        case ast.Subscript(slice=ast.Constant(str())):
            return value
        case ast.Attribute(value=ast.Subscript(slice=ast.Constant(str()))) if is_transposed(value):
            return value
        case ast.Call(func=ast.Attribute(value=owner), args=args) if is_transposed(value):
            inner = args[0] if args and not isinstance(args[0], ast.Constant) else owner
            return value if isinstance(inner, ast.Subscript) else None
    return None


def is_transposed(node: ast.expr) -> bool:
    """Whether a matrix has its axes exchanged: ``W.T``, ``W.t()``."""
    match node:
        case ast.Attribute(attr="T" | "mT") | ast.Call(func=ast.Attribute(attr="t" | "transpose")):
            return True
    return False


def sizes_of_weights(tree: ProgramTree, weights: ast.expr) -> tuple[list[ast.expr], Axes]:
    """The expressions of the sizes of the only array that the program makes for weights, and its axes; also of one that
    a function of the program makes for a shape: ``normal_weights(key, (features, units))``."""
    origins = [*tree.origins(weights)]
    if len(origins) != 1:
        return [], ()
    sizes, axes = tree.sizes_of(origins[0].made), tree.shape_made(origins[0].made)
    is_unknown = not any(isinstance(tree.number(one), int) for one in sizes)
    if origins[0].calls and (is_unknown or _is_for_several(tree, origins[0], sizes)):
        sizes = sizes_of_origin(tree, origins[0])
        axes = tuple(map(tree.number, sizes))
    return sizes, axes


def _is_for_several(tree: ProgramTree, origin: Origin, sizes: list[ast.expr]) -> bool:
    """Whether a function makes several arrays, each of the sizes that it gets."""
    function = tree.function_of(origin.made)
    names = tree.parameters(function)
    is_given = any(isinstance(one, ast.Name) and one.id in names for one in sizes)
    return function is not None and is_given and len(tree.calls_by_function.get(function, [])) > 1


def exchanged_sizes(tree: ProgramTree, made: ast.Call) -> Corrections:
    return _in_other_order(tree, tree.sizes_of(made))


def _in_other_order(tree: ProgramTree, sizes: list[ast.expr]) -> Corrections:
    if len(sizes) != 2:
        return ()
    first, second = sizes
    return all_of([tree.replaced((first, tree.text(second)), (second, tree.text(first)))])


def _may_have(axes: Axes, shape: object) -> bool:
    """Whether an array with these axes, some of which may be unknown, may have a shape."""
    if not isinstance(shape, tuple) or len(axes) != len(shape) or not any(isinstance(one, int) for one in axes):
        return False
    return all(one in (None, size) or not isinstance(one, int) for one, size in zip(axes, shape, strict=True))


def size_of_output_weights(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the weights after a cell, for what they get."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    is_dense = is_dense_product(tree, found.code)
    for factors in tree.products_in(found.code):
        for n, factor in enumerate(factors):
            sizes, axes = sizes_of_weights(tree, factor)
            has_rows = len(sizes) == 2 and axes[1 - n : 2 - n] == (expected,)
            if has_rows and (is_weights(factor) or (is_dense and n)):
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


def weights_of_gates(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the weights of x or of h, with the columns of all gates."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    for one in tree.sums_of_failure(found.code):
        for node in ast.walk(one):
            for n, factor in enumerate(factors_of(node) or ()):
                sizes, axes = sizes_of_weights(tree, factor)
                is_of_cell = is_weights(factor) or role_of(last_name(factor)) not in ("x", "h")
                if len(sizes) == 2 and axes[n : n + 1] == (got,) and is_of_cell:
                    return tree.corrected((sizes[n], size_text(tree, sizes[n], expected)))
    return ()


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
    others = [one for one in sizes[:-1] if tree.number(one) == expected[0]]
    if len(others) == 1 and not isinstance(others[0], ast.Constant):  # both axes are there, in the other order
        return tree.corrected((others[0], tree.text(sizes[-1])), (sizes[-1], tree.text(others[0])))
    return tree.corrected((constant_for(tree, sizes[-1]) or sizes[-1], str(expected[0])))


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
            if not (loop := _innermost_loop(tree, made)):
                return tree.corrected((rows, size_text(tree, rows, got)))
            target, is_of_numbers = loop.target, isinstance(loop.iter, ast.Call) and name_of(loop.iter) == "range"
            if not is_of_numbers or not isinstance(target, ast.Name):
                continue
            name = "n" if target.id == "_" else target.id
            units = columns.right if isinstance(columns, ast.BinOp) else columns  # without the number of gates
            line = tree.replaced((rows, f"{tree.text(rows)} if {name} == 0 else {tree.text(units)}"))
            return all_of([tree.replaced((target, name)), line] if target.id == "_" else [line])
    return ()


def _innermost_loop(tree: ProgramTree, node: ast.AST) -> ast.For | ast.comprehension | None:
    """The innermost loop that has a node; None without one."""
    for one in tree.above(node):
        loop = one.generators[0] if isinstance(one, (ast.ListComp, ast.GeneratorExp)) else one
        if isinstance(loop, (ast.For, ast.comprehension)):
            return loop
    return None


def weights_of_join(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the weights for x and h together, of all gates that read the same array."""
    tree, (total, rows) = found.program.tree, _sizes_that_differ(mismatch)
    if total is None or rows is None:
        return ()
    for factors in tree.products_in(found.code):
        for n, factor in enumerate(factors):
            failed = [*_rows_of(tree, factor, n, rows), *_unknown_rows(tree, factor, n, rows)]
            if not failed:
                continue
            parts = {id(said): (said, _with_both(tree, said, other, total - rows)) for said, other in failed}
            for weights in _weights_beside(tree, factors[1 - n], n):
                for said, other in _rows_of(tree, weights, n, rows):
                    parts[id(said)] = (said, _with_both(tree, said, other, total - rows))
            return tree.corrected(*parts.values())
    return ()


def _sizes_that_differ(mismatch: Mismatch) -> tuple[int | None, int | None]:
    """The only expected size that differs from the given one, and this; None without one."""
    expected, got = mismatch.expected, mismatch.got
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or len(expected) != len(got):
        return None, None
    differing = [sizes for sizes in zip(expected, got, strict=True) if sizes[0] != sizes[1]]
    return differing[0] if len(differing) == 1 else (None, None)


def _with_both(tree: ProgramTree, said: ast.expr, other: ast.expr, more: int) -> str:
    """A size of weights for x or h alone, with that of the other one: a name in the other size of the weights."""
    return f"{tree.text(said)} + {_name_in(tree, other, more) or size_text(tree, said, more)}"


def _unknown_rows(tree: ProgramTree, weights: ast.expr, n: int, rows: int) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The same for the weights that failed if the program does not show the number, which the message says."""
    for origin in tree.origins_of_weights(weights):
        sizes = sizes_of_origin(tree, origin)
        if len(sizes) == 2 and tree.number(sizes[1 - n]) is None and is_of_one(tree, sizes, 1 - n, rows):
            yield sizes[1 - n], sizes[n]


def _rows_of(tree: ProgramTree, weights: ast.expr, n: int, rows: int) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The size of weights that a product sums over, if it is this one, and their other size. ``n``: the place of the
    weights in the product."""
    for origin in tree.origins_of_weights(weights):
        sizes = sizes_of_origin(tree, origin)
        if len(sizes) == 2 and tree.number(sizes[1 - n]) == rows:
            yield sizes[1 - n], sizes[n]


def _weights_beside(tree: ProgramTree, array: ast.expr, n: int) -> list[ast.expr]:
    """The factors at a place of other products in the same function with the same array, or with another join."""
    function, text = tree.function_of(array), ast.unparse(array)
    products = [factors for one, factors in tree.products if tree.function_of(one) is function]
    return [one[n] for one in products if ast.unparse(one[1 - n]) == text or _is_join(tree, one[1 - n])][:MOST_GATES]


def _is_join(tree: ProgramTree, array: ast.expr) -> bool:
    made = tree.assigned(array) if isinstance(array, ast.Name) else array
    return isinstance(made, ast.Call) and name_of(made) in JOINING


MOST_GATES = 8
"""Products with the same array whose weights are followed."""


def rows_of_weights(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes weights, with as many rows as the array has values that they are multiplied by."""
    tree, (values, rows) = found.program.tree, _sizes_that_differ(mismatch)
    products = [*tree.products_in(found.code), *tree.linear_functions_in(found.code)]
    for n, factor in ((n, factor) for factors in products for n, factor in enumerate(factors)):
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


def features_of_weights(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make weights for another number of features than x has, with its features: those of the product
    that failed, and those by which the same function multiplies the same x."""
    tree, rows, values = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    if found.framework not in HANDWRITTEN_CELLS or not rows or not values:
        return ()
    for factors in tree.products_in(found.code):
        for n, factor in enumerate(factors):
            failed = [*_rows_of(tree, factor, n, rows)] if is_weights(factor) else []
            if len(failed) != 1:
                continue
            beside = [
                one for weights in _weights_beside(tree, factors[1 - n], n) for one in _rows_of(tree, weights, n, rows)
            ]
            parts = {id(size): size for size, _ in (*failed, *beside)}
            return tree.corrected(*((size, size_text(tree, size, values)) for size in parts.values()))
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


def is_weights(node: ast.expr) -> bool:
    """Whether a factor is called like weights."""
    key = (
        node.slice.value
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)
        else last_name(node)
    )
    return KERNEL.fullmatch(str(key)) is not None
