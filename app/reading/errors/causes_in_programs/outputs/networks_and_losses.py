"""What a pasted program says about networks that it calls several times, and about their losses: the causes that this
leaves, and the lines that they correct."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from .....translations.phrases import phrase
from ....code.operations import Operation
from ....code.values import ANY, Axes, Layer
from ....facts_about_sizes import Fact, fact
from ...axes_of_arrays import RANK, axes_of_x_in_order
from ...causes import cause
from ...code_lines.array_names import OF_LOSSES, role_of
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.made_layers import CELLS_OF_FLAX
from ...code_lines.program_functions import FORWARDS
from ...code_lines.program_nodes import Functions, base_of, name_of
from ...code_lines.program_tree import ProgramTree
from ...code_lines.written_sizes import constant_for
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, Shape, only_size, wrong_rank, wrong_shape, wrong_size
from .targets import without_first_step

UNREDUCED = ("'none'", '"none"')


# -- losses ------------------------------------------------------------------------------------------------------------


def _flat_losses(found: Found) -> tuple[ast.expr, ast.expr] | None:
    """The losses of all steps in one axis, and the mask with two axes by which the line that failed multiplies them."""
    tree = found.program.tree
    size, other = (found.number("a"), found.number("b")) if found.framework == "pytorch" else _sizes_of_losses(found)
    for one in tree.nodes_in(tree.frames[-1]) if tree.frames else []:
        match one:
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                pairs = ((left, right, size, other), (right, left, other, size))
            case _:
                continue
        for losses, mask, values, steps in pairs:
            made = tree.assigned(losses) if isinstance(losses, ast.Name) else losses
            of_loss = tree.assigned(made.func) if isinstance(made, ast.Call) else None
            keys = [key for one in (made, of_loss) if isinstance(one, ast.Call) for key in one.keywords]
            is_of_each = any(key.arg == "reduction" and ast.unparse(key.value) in UNREDUCED for key in keys)
            is_of_each = is_of_each or (isinstance(made, ast.Call) and name_of(made).startswith(OF_OPTAX))
            if is_of_each and OF_LOSSES.search(base_of(mask)) and steps and values > steps and values % steps == 0:
                return losses, mask
    return None


OF_OPTAX = ("softmax_cross_entropy", "sigmoid_binary_cross_entropy")
"""Losses of Optax, which return one of each row."""


def _sizes_of_losses(found: Found) -> tuple[int, int]:
    """The number of values of an array with one axis and the last size of one with two axes and as many values, in the
    order of the message; zeros for other arrays."""
    match found.shape("left"), found.shape("right"):
        case ((int(values),), (int(samples), int(steps))) if values == samples * steps:
            return values, steps
        case ((int(samples), int(steps)), (int(values),)) if values == samples * steps:
            return steps, values
    return 0, 0


def _of_flat_losses(found: Found, mismatch: Mismatch) -> Mismatch:
    """Losses of all steps in one axis, and a mask with an axis for the samples and one for the steps."""
    is_of_pytorch = found.framework == "pytorch"
    if (is_of_pytorch and found.number("i") != 1) or not _flat_losses(found):
        return mismatch
    both = (found.number("a"), found.number("b")) if is_of_pytorch else _sizes_of_losses(found)
    values, steps = max(both), min(both)
    sizes: tuple[Shape, Shape] = ((values,), (values // steps, steps))
    sentence = phrase("The losses of all steps are in one axis, of {n}, and the mask has two axes.", n=values)
    return replace(wrong_rank("mask", 1, 2, [cause("flat_mask", found.framework)], shapes=sizes), sentence=sentence)


def flat_mask(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that multiplies the losses, with a mask with one axis."""
    tree, both = found.program.tree, _flat_losses(found)
    if not both:
        return ()
    is_of_tensorflow = "tf" in tree.imported
    flat = f"tf.reshape({tree.text(both[1])}, [-1])" if is_of_tensorflow else f"{tree.operand(both[1])}.reshape(-1)"
    return tree.corrected((both[1], flat))


def _column(found: Found) -> tuple[ast.expr, int] | None:
    """The array with a last axis of size 1 in the difference that failed, of arrays whose other axes are equal, and
    whether it is the first one or the second one."""
    tree, shapes = found.program.tree, (found.shape("left"), found.shape("right"))
    differences = [
        one
        for one in (tree.nodes_in(tree.frames[-1]) if tree.frames else [])
        if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Sub)
    ]
    for n in (0, 1):
        if len(differences) == 1 and len(shapes[1 - n]) > 1 and shapes[n] == (*shapes[1 - n], 1):
            return (differences[0].left, differences[0].right)[n], n
    return None


def _of_column(found: Found, mismatch: Mismatch) -> Mismatch:
    """An output of every step with an axis of size 1, from which the program subtracts a target without it, or the
    other way round."""
    if mismatch.tensor != "target" or not (column := _column(found)):
        return mismatch
    longer, shorter = sorted((found.shape("left"), found.shape("right")), key=len, reverse=True)
    is_target = bool(TARGET.search(base_of(column[0])))
    likely = [cause("target_axis", found.framework)]
    shapes = (shorter, longer) if is_target else (longer, shorter)
    expected, got = shapes
    return wrong_rank("target", len(expected), len(got), likely, mismatch.facts, shapes)


TARGET = re.compile(r"true|target|label|^y$|gold", re.IGNORECASE)
"""The name of a target."""


def without_column(found: Found, mismatch: Mismatch) -> Corrections:
    tree, column = found.program.tree, _column(found)
    return tree.corrected((column[0], f"{tree.operand(column[0])}[..., 0]")) if column else ()


def later_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The loss of a target of classes, which has the first step, too, and of an output without its last one: a product
    with the logarithm of the output, or a loss of Optax."""
    tree, steps, of_target = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    nodes = tree.nodes_of_failure
    products = [(one.left, one.right) for one in nodes if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Mult)]
    targets: list[ast.expr] = [side for sides in products for side in sides if isinstance(side, ast.Name)]
    calls = [one for one in nodes if isinstance(one, ast.Call) and tree.text(one.func).startswith("optax.")]
    targets += [target for one in calls if (target := tree.argument(one, 1, "labels")) is not None]
    if found.framework not in ("jax", "flax", "numpy") or len(targets) != 1 or of_target != (steps or 0) + 1:
        return ()
    if without_first_step(tree, targets[0]):  # the output lacks more than its last step
        return ()
    return tree.corrected((targets[0], f"{tree.operand(targets[0])}[:, 1:]"))


# -- networks ----------------------------------------------------------------------------------------------------------


def _other_network(found: Found) -> tuple[ast.expr, int, int] | None:
    """The size that the program gives one of two networks of the same class for its outputs, this number, and that of
    the other network; None unless they are the sizes of the message."""
    tree, sizes = found.program.tree, (found.number("a"), found.number("b"))
    calls = dict[str, list[ast.Call]]()
    for one in tree.nodes:
        if isinstance(one, ast.Call) and tree.constructor(one):
            calls.setdefault(name_of(one), []).append(one)
    for one, other in (made for made in calls.values() if len(made) == len(sizes)):
        given = [
            {**dict(enumerate(call.args)), **{key.arg: key.value for key in call.keywords}} for call in (one, other)
        ]
        for name, size in given[1].items():
            first = given[0].get(name)
            if first is not None and (tree.number(first), tree.number(size)) == sizes:
                return size, sizes[1], sizes[0]
    return None


def _of_other_network(found: Found, mismatch: Mismatch) -> Mismatch:
    """The outputs of two networks that are added, and have other numbers of classes."""
    if mismatch.tensor != "output" or found.framework != "pytorch" or not (other := _other_network(found)):
        return mismatch
    _, got, expected = other
    sentence = phrase(
        "Two networks return {expected} and {got} values for each sample, and their outputs are added.",
        expected=expected,
        got=got,
    )
    likely = cause("other_outputs", "pytorch", got=got, expected=expected)
    return Mismatch("output", None, sentence, (expected,), (got,), (likely,), mismatch.facts, is_of_equals=True)


def same_outputs(found: Found, mismatch: Mismatch) -> Corrections:
    other = _other_network(found)
    return found.program.tree.corrected((other[0], str(other[2]))) if other else ()


def _of_sequences(found: Found, mismatch: Mismatch) -> Mismatch:
    """Several sequences for each sample, as the sentences of a document, for a layer of PyTorch that already gets the
    features that it was made for."""
    is_of_rank = (mismatch.tensor, mismatch.expected, mismatch.got) == ("x", 3, 4) and found.framework == "pytorch"
    if is_of_rank and _one_hot_words(found):
        return replace(mismatch, causes=(cause("one_hot_embedding", "pytorch"),))
    if not is_of_rank or not (_added_axis(found) or _call_with_sequences(found)):
        return mismatch
    if _added_axis(found):
        return replace(mismatch, causes=(replace(cause("extra_axis", "pytorch"), sentence=OF_SIZE_ONE),))
    if one := _axis_of_size_one(found):
        of_one = replace(cause("extra_axis", "pytorch"), sentence=OF_SIZE_ONE, fix=f"x = x.squeeze({one[1]})")
        return replace(mismatch, causes=(of_one,))
    several = cause("sequences_of_sample", "pytorch")
    call = _call_with_sequences(found)
    if call and call.layer and not _call_of_network(found, call):  # the layer itself, which returns a pair
        fix = f"output, _ = layer(x.flatten({_axes_of_samples(call.layer)}))"
        several = replace(several, fix=fix, wrong="output, _ = layer(x)")
    return replace(mismatch, causes=(several,))


OF_SIZE_ONE = phrase("x has an axis too many, of size 1: remove it.")


def _axis_of_size_one(found: Found) -> tuple[ast.expr, int] | None:
    """The x of the call with four axes, and the only one of these of size 1 that is not the first or the last; None
    for another x."""
    call = _call_with_sequences(found)
    if not call or not isinstance(call.node, ast.Call) or not call.node.args:
        return None
    axes = call.operands[0].axes
    alone = [n for n, size in enumerate(axes) if size == 1 and 0 < n < len(axes) - 1]
    return (call.node.args[0], alone[0]) if len(alone) == 1 else None


def sizes_without_axis(found: Found, mismatch: Mismatch) -> Iterator[Fact]:
    """The sizes of the x of a layer of PyTorch that has an axis of size 1 too many."""
    one, call = _axis_of_size_one(found), _call_with_sequences(found)
    if (added := _added_axis(found)) and mismatch.first_cause == "extra_axis":
        yield from _sizes_before_axis(found, *added)
    first = call.layer.setting("batch_first") if call and call.layer else None
    if not call or not one or not isinstance(first, bool) or mismatch.first_cause != "extra_axis":
        return
    axes = (*call.operands[0].axes[: one[1]], *call.operands[0].axes[one[1] + 1 :])
    names = axes_of_x_in_order(first)
    yield from (fact(name, size, "x") for name, size in zip(names, axes, strict=False) if isinstance(size, int))


def _sizes_before_axis(found: Found, x: ast.expr, array: ast.expr) -> Iterator[Fact]:
    """The sizes of the array to which the line that failed adds an axis, as the layer that gets it reads them."""
    layers = [one.layer for one in found.program.failed_calls if isinstance(one.node, ast.Call) and x in one.node.args]
    first = {one.setting("batch_first") for one in layers if one}
    if len(first) == 1 and isinstance(is_first := first.pop(), bool):
        named = zip(axes_of_x_in_order(is_first), found.program.tree.axes(array), strict=True)
        yield from (fact(name, size, "x") for name, size in named if isinstance(size, int))


def _added_axis(found: Found) -> tuple[ast.expr, ast.expr] | None:
    """The x of the call to which the line adds an axis with ``unsqueeze``, and the array without it, which the layer
    takes; None for another x."""
    tree = found.program.tree
    for call in found.program.failed_calls:
        x = call.node.args[0] if isinstance(call.node, ast.Call) and call.node.args else None
        if not call.layer or not isinstance(x, ast.Call) or not isinstance(x.func, ast.Attribute):
            continue
        if x.func.attr != "unsqueeze":
            continue
        axes = tree.axes(x.func.value)
        if len(axes) == RANK and axes[-1] == call.layer.size("features"):
            return x, x.func.value
    return None


def without_axis_of_size_one(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the layer, whose x loses its axis of size 1, or does not get it."""
    tree, one = found.program.tree, _axis_of_size_one(found)
    if (mismatch.tensor, mismatch.axis, mismatch.got, found.framework) != ("x", "rank", 4, "pytorch"):
        return ()
    if added := _added_axis(found):
        return tree.corrected((added[0], tree.text(added[1])))
    if not one:
        return ()
    return tree.corrected((one[0], f"{tree.operand(one[0])}.squeeze({one[1]})"))


def _one_hot_words(found: Found) -> ast.Call | None:
    """The only call that makes the one-hot vectors of which an embedding has made the x of the layer that failed; None
    for another x."""
    tree = found.program.tree
    calls = [one for one in tree.calls_of_failure() if tree.layer(one.func) and one.args]
    given = [tree.assigned(one.args[0]) or one.args[0] for one in calls]
    made = [one for one in given if isinstance(one, ast.Call) and one.args and _is_embedding(tree, one.func)]
    encoders = {id(one): one for call in made for one in _calls_that_make(tree, call.args[0])}
    one_hot = [one for one in encoders.values() if name_of(one) == "one_hot" and one.args]
    return one_hot[0] if len(one_hot) == 1 else None


def _is_embedding(tree: ProgramTree, layer: ast.expr) -> bool:
    made = tree.assigned(layer)
    return isinstance(made, ast.Call) and name_of(made) == "Embedding"


def _calls_that_make(tree: ProgramTree, array: ast.expr) -> Iterator[ast.Call]:
    """The calls in the lines that make an array, also in functions of the program that these call."""
    values, followed = [array], set[ast.expr]()
    while values and len(followed) < MOST_VALUES:
        followed.add(value := values.pop())
        for one in ast.walk(value):
            made: ast.expr | None = None
            if isinstance(one, ast.Call):
                yield one
                function = tree.function_called(one)
                made = tree.returned_by(function) if function else None
            elif isinstance(one, ast.Name):
                given = tree.given_to(one)
                made = given[1] if given else tree.assigned(one)
            if made is not None and made not in followed:
                values.append(made)


MOST_VALUES = 20
"""Values that are followed to where an array is made."""


def without_one_hot(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes one-hot vectors of numbers, with the numbers."""
    call = _one_hot_words(found) if found.framework == "pytorch" else None
    return found.program.tree.corrected((call, found.program.tree.text(call.args[0]))) if call else ()


def _call_with_sequences(found: Found) -> Operation | None:
    calls = [(one, one.layer.size("features"), one.operands[0].axes) for one in found.program.failed_calls if one.layer]
    fitting = [one for one, size, axes in calls if type(size) is int and axes[-1:] == (size,) and _may_have(axes, 4)]
    return fitting[0] if fitting else None


def _may_have(axes: Axes, rank: int) -> bool:
    """Whether an array may have so many axes."""
    return ANY in axes or len(axes) == rank


def sequences_in_batch(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the part of a network that has the layer, with the sequences of all samples in the batch; without
    such a part that of the layer, which returns a pair, and whose batch may be its second axis."""
    tree, call = found.program.tree, _call_with_sequences(found)
    if call and (outer := _call_of_network(found, call)):
        x = outer.args[0]
        name = tree.operand(x)
        rows = f"{tree.text(outer.func)}({name}.flatten(0, 1)).unflatten(0, {name}.shape[:2])"
        return tree.corrected((outer, rows)) if isinstance(x, ast.Name) else ()
    if not call or not call.layer or not isinstance(call.node, ast.Call) or not call.node.args:
        return ()
    if not isinstance(x := call.node.args[0], ast.Name):
        return ()
    return tree.corrected((x, f"{tree.operand(x)}.flatten({_axes_of_samples(call.layer)})"))


def _call_of_network(found: Found, call: Operation) -> ast.Call | None:
    """The call with one argument of the part of a network in which a layer is called; None if there is no such part."""
    tree = found.program.tree
    inside = tree.function_of(call.node) if call.node else None
    if not inside:
        return None
    for line in reversed(tree.frames):
        for outer in tree.calls_in(line):
            if tree.function_of(outer) is not inside and _calls(tree, outer, inside) and len(outer.args) == 1:
                return outer
    return None


def _axes_of_samples(layer: Layer) -> str:
    """The axes of samples and of the sequences of each, as arguments of ``flatten``."""
    return "0, 1" if layer.setting("batch_first") else "1, 2"


def _calls(tree: ProgramTree, call: ast.Call, function: Functions) -> bool:
    """Whether a call calls a function, or the object whose class has it as its ``forward``."""
    if tree.function_called(call) is function:
        return True
    made = tree.assigned(call.func) if isinstance(call.func, (ast.Name, ast.Attribute)) else None
    classes = [one.name for one in tree.above(function) if isinstance(one, ast.ClassDef)]
    is_made = isinstance(made, ast.Call) and name_of(made) in classes
    return function.name in FORWARDS and is_made and tree.returned_by(function) is not None


def _input_steps(found: Found, mismatch: Mismatch) -> tuple[ast.expr, int, int] | None:
    """The steps in the shape of the only input of a model of Keras, their number, and that of the data, if a dense
    layer reads all steps of the output."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    layers = [one.layer for one in found.program.calls if one.layer]
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or not layers or found.framework != "keras":
        return None
    width = _width(layers[-1])
    calls = tree.calls_of("Input", "InputLayer")
    shapes = [tree.argument(one, 0, "shape") for one in calls]
    steps = [one.elts[0] for one in shapes if isinstance(one, (ast.Tuple, ast.List)) and len(one.elts) == 2]
    number = tree.number(steps[0]) if len(steps) == 1 else None
    if not number or not width or expected[-1] != number * width or not got[-1] or got[-1] % width:
        return None
    return steps[0], number, got[-1] // width


def _width(layer: Layer) -> int | None:
    units = layer.size("num_units")
    return units * (1 + bool(layer.setting("bidirectional"))) if isinstance(units, int) else None


def _of_input_steps(found: Found, mismatch: Mismatch) -> Mismatch:
    """Data with another number of steps than the input of a model whose dense layer reads all of them."""
    if mismatch.tensor != "dense_input" or not (steps := _input_steps(found, mismatch)):
        return mismatch
    _, expected, got = steps
    likely = cause("input_steps", "keras", expected=expected, got=got)
    return replace(mismatch, causes=(likely,))


def steps_of_input(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that says the steps in the shape of the input, with those of the data."""
    if not (steps := _input_steps(found, mismatch)):
        return ()
    tree = found.program.tree
    return tree.corrected((constant_for(tree, steps[0]) or steps[0], str(steps[2])))


# -- states of several cells -------------------------------------------------------------------------------------------


def _cells(found: Found) -> int:
    """The number of cells of the only layer of Keras that gets a list of them, or of a function that returns one; 0
    without one."""
    tree = found.program.tree
    calls = tree.calls_of("RNN", "StackedRNNCells")
    lists = [list_ for one in calls if one.args and isinstance(list_ := _value(tree, one.args[0]), ast.List)]
    return len(lists[0].elts) if len({id(one) for one in lists}) == 1 else 0


def _value(tree: ProgramTree, node: ast.expr) -> ast.expr | None:
    """What an expression is: through a name, or a function of the program."""
    if isinstance(node, ast.Name):
        return tree.assigned(node)
    function = tree.function_called(node) if isinstance(node, ast.Call) else None
    return tree.returned_by(function) if function else node


def _of_one_cell(found: Found, mismatch: Mismatch) -> Mismatch:
    """The states of one cell for a layer of Keras with several cells."""
    is_of_states = mismatch.tensor in ("h_0", "c_0") and bool(mismatch.causes) and mismatch.axis is None
    cells = _cells(found) if found.framework == "keras" and is_of_states else 0
    if cells < 2 or mismatch.first_cause not in ("h_for_h_c", "number_of_states"):
        return mismatch
    sentence = phrase("The layer has {n} cells, and each of them needs its own states.", n=cells)
    return replace(mismatch, sentence=sentence, causes=(cause("states_of_cells", "keras", cells=cells),))


def states_for_each_cell(found: Found, mismatch: Mismatch) -> Corrections:
    tree = found.program.tree
    given = tree.values_of_keyword("initial_state")
    return tree.corrected((given[0], f"[{tree.text(given[0])}] * {_cells(found)}")) if len(given) == 1 else ()


def states_in_lists(found: Found, mismatch: Mismatch) -> Corrections:
    """The states of all cells, those of each in a list of its own."""
    tree, parts = found.program.tree, SLICES.search(mismatch.causes[0].fix)
    given = tree.values_of_keyword("initial_state")
    if len(given) != 1 or not isinstance(given[0], ast.Name) or not parts:
        return ()
    return tree.corrected((given[0], parts[0].replace("states", tree.text(given[0]))))


SLICES = re.compile(r"\[states\[.*\)\]")
"""The list of the states of each cell, in the corrected line."""


# -- own cells ---------------------------------------------------------------------------------------------------------


def _sizes_in(tree: ProgramTree, weights: ast.expr) -> tuple[int | None, ...]:
    """The two sizes in what makes weights, whatever calls it goes through."""
    value = tree.assigned(weights)
    sizes = [one.elts for one in ast.walk(value) if isinstance(one, ast.Tuple) and len(one.elts) == 2] if value else []
    return tuple(map(tree.number, sizes[0])) if len(sizes) == 1 else ()


def _exchanged_weights(found: Found) -> tuple[ast.expr, ast.expr] | None:
    """The weights of x and of h in a function that multiplies each by those of the other; None for other weights."""
    tree = found.program.tree
    failed = [factors for factors in tree.products_in(found.code) if isinstance(factors[1], ast.Attribute)]
    if not failed:
        return None
    left, wrong = failed[0]
    rows, columns = found.shape("right") if len(found.shape("right")) == 2 else (None, None)
    inner = found.shape("left")[-1:]
    for other_left, other in _products(tree, wrong):
        sizes = _sizes_in(tree, other)
        is_of_other = ast.unparse(other_left) != ast.unparse(left) and ast.unparse(other) != ast.unparse(wrong)
        if role_of(base_of(left)) == "x" and rows and columns and columns % rows:
            continue  # these are no weights of the state, which have its units as rows and columns
        if is_of_other and inner and sizes[:1] == inner and sizes[1:] == (columns,) and rows != inner[0]:
            return wrong, other
    return None


def _products(tree: ProgramTree, near: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The products in the function of an expression."""
    function = tree.function_of(near)
    for line in {getattr(one, "lineno", 0) for one in ast.walk(function)} if function else ():
        yield from tree.products_at(line)


def _of_exchanged_weights(found: Found, mismatch: Mismatch) -> Mismatch:
    """The weights of x and those of h, one in the place of the other."""
    is_product = "product" in found.template.id and found.template.framework in ("tf1", "numpy", "jax")
    if not is_product or not _exchanged_weights(found):
        return mismatch
    left, right = found.shape("left"), found.shape("right")
    likely = cause("exchanged_weights", found.framework)
    return wrong_size("kernel", "features", left[-1] or 0, right[0], [likely], mismatch.facts)


def exchanged_weights(found: Found, mismatch: Mismatch) -> Corrections:
    tree, both = found.program.tree, _exchanged_weights(found)
    if not both:
        return ()
    one, other = both
    return all_of([tree.replaced((one, tree.text(other))), tree.replaced((other, tree.text(one)))])


def _transposed_kernel(found: Found) -> tuple[ast.Tuple, tuple[int, int]] | None:
    """The sizes in what makes the weights of the product that failed, if they fit in the other order, and the sizes of
    the product, as it is."""
    tree, left, right = found.program.tree, found.shape("left"), found.shape("right")
    if len(left) != 2 or len(right) != 2 or left[1] != right[1] or None in (*left, *right) or right[0] == right[1]:
        return None
    for _, weights in tree.products_in(found.code):
        value = tree.assigned(weights) if isinstance(weights, ast.Attribute | ast.Name) else None
        sizes = [one for one in ast.walk(value) if isinstance(one, ast.Tuple) and len(one.elts) == 2] if value else []
        if len(sizes) == 1 and all(tree.number(one) in (None, n) for one, n in zip(sizes[0].elts, right, strict=True)):
            return sizes[0], (left[1] or 0, right[0] or 0)
    return None


def _of_transposed_kernel(found: Found, mismatch: Mismatch) -> Mismatch:
    """Weights of a cell of the program's own in TensorFlow, made for a product in which they come first."""
    is_product = "product" in found.template.id and found.template.framework == "tf1"
    if not is_product or mismatch.tensor is not None or not (kernel := _transposed_kernel(found)):
        return mismatch
    features, units = kernel[1]
    likely = cause("kernel_order", found.framework, weights="W")
    return wrong_shape("kernel", "order", (features, units), (units, features), [likely], mismatch.facts)


def exchanged_sizes(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the weights, with its two sizes exchanged."""
    tree, kernel = found.program.tree, _transposed_kernel(found)
    if not kernel or found.template.framework != "tf1":
        return ()
    one, other = kernel[0].elts
    return tree.corrected((one, tree.text(other)), (other, tree.text(one)))


# -- networks of Flax --------------------------------------------------------------------------------------------------


def units_of_flax_network(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the network of Flax that gets the weights of another one, with the units of that."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    is_of_units = mismatch.axis == "num_units" and isinstance(expected, tuple) and isinstance(got, tuple)
    if found.framework != "flax" or not is_of_units or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return ()
    nodes = [one for call in tree.calls_in_frames for one in ast.walk(call)]  # also in jax.jit(network.apply)
    networks = [tree.assigned(one.value) for one in nodes if isinstance(one, ast.Attribute) and one.attr == "apply"]
    cells = tree.calls_of(*CELLS_OF_FLAX)
    sizes = {one.attr for cell in cells if isinstance(one := tree.argument(cell, 0, "features"), ast.Attribute)}
    for name in sizes if len(sizes) == 1 and got[-1] is not None else ():
        for call, value in tree.made_objects(name):
            if call not in networks:
                continue
            if value is not None:
                return tree.corrected((value, str(got[-1]))) if tree.number(value) == expected[-1] else ()
            if call.args or call.keywords:
                return all_of([tree.with_argument(call, name, str(got[-1]))])
            return tree.corrected((call, f"{tree.text(call.func)}({name}={got[-1]})"))
    return ()


RULES = (
    _of_flat_losses,
    _of_column,
    _of_other_network,
    _of_sequences,
    _of_input_steps,
    _of_one_cell,
    _of_exchanged_weights,
)
"""What the program says about the causes in its networks and losses."""

WITHOUT_CAUSES = (_of_flat_losses, _of_exchanged_weights, _of_transposed_kernel)
"""The same for messages of which nothing else says a cause."""

CORRECTIONS = {
    "flat_mask": flat_mask,
    "target_axis": without_column,
    "target_steps": later_steps,
    "other_outputs": same_outputs,
    "sequences_of_sample": sequences_in_batch,
    "extra_axis": without_axis_of_size_one,
    "one_hot_embedding": without_one_hot,
    "input_steps": steps_of_input,
    "states_of_cells": states_for_each_cell,
    "nested_states": states_in_lists,
    "exchanged_weights": exchanged_weights,
    "other_size": units_of_flax_network,
    "kernel_order": exchanged_sizes,
}
"""Cause -> the lines that it corrects."""
